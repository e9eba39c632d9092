//! A shop's look at a card.

use std::path::Path;

use anggota::card::{Expected, Verdict};
use anggota::client;
use anggota::clock;
use anggota::error::Error;

use crate::enrolment::public_keys;
use crate::error::AnggotaError;

/// Everything a card is judged by.
#[derive(Debug, Clone, uniffi::Record)]
pub struct CardCheck {
    /// What the scanner read: `KTA1:` and the presentation.
    pub text: String,
    /// The federation's trust list, as signed.
    pub trust: Vec<u8>,
    /// The cooperatives' status lists, as signed; a card whose list is absent is amber at best.
    pub statuses: Vec<Vec<u8>>,
    /// The federation's root keys, 65 bytes each.
    pub roots: Vec<Vec<u8>>,
    /// A folder in which to remember what was accepted; without one a card shown twice is not noticed.
    pub memory: Option<String>,
}

/// What a cashier is told.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct CardVerdict {
    /// `green`, `amber` or `red`.
    pub result: String,
    /// Why it is not green, one word of docs/protocol.md.
    pub reason: Option<String>,
    /// What the cashier reads, in Indonesian.
    pub sentence: String,
    /// Whose card it is, once both signatures verified.
    pub name: Option<String>,
    /// What kind of member.
    pub member_class: Option<String>,
    /// Of which cooperative.
    pub cooperative: Option<String>,
}

/// Judges a card that was shown, by this machine's clock, without a network. Lists older than those used before with the
/// same folder are refused.
#[uniffi::export]
pub fn verify_card(check: CardCheck) -> Result<CardVerdict, AnggotaError> {
    let roots = public_keys(&check.roots)?;
    let check = client::CardCheck {
        text: &check.text,
        expected: Expected::Show,
        trust: &check.trust,
        statuses: &check.statuses,
        roots: &roots,
        memory: check.memory.as_deref().map(Path::new),
    };
    Ok(client::verify_card(&check, clock::wall()).map_err(Error::from)?.into())
}

impl From<Verdict> for CardVerdict {
    fn from(Verdict { outcome, bearer, .. }: Verdict) -> Self {
        Self {
            result: outcome.result().to_owned(),
            reason: outcome.reason().map(|reason| reason.code().to_owned()),
            sentence: outcome.sentence().to_owned(),
            name: bearer.as_ref().and_then(|bearer| bearer.name.as_ref()).map(|name| name.as_str().to_owned()),
            member_class: bearer.as_ref().map(|bearer| bearer.class.to_string()),
            cooperative: bearer.map(|bearer| bearer.cooperative),
        }
    }
}
