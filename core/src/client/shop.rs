//! A shop's look at a card, with nothing but lists and a folder to remember in. It opens no store and asks no network.

mod memory;

use std::path::Path;

use crate::card::{CardError, Expected, NoMemory, ReplayMemory, StatusList, StatusLists, TrustList, Verdict, Verifier};
use crate::cose::PublicKey;
use crate::domain::Timestamp;
use crate::error::Error;
use crate::protocol::problem::Code;
use memory::Memory;

/// Everything a card is judged by.
pub struct CardCheck<'a> {
    /// What the scanner read: `KTA1:` and the presentation.
    pub text: &'a str,
    /// What the member was asked for.
    pub expected: Expected<'a>,
    /// The federation's trust list, as signed.
    pub trust: &'a [u8],
    /// The cooperatives' status lists, as signed; a card whose list is absent is amber at best.
    pub statuses: &'a [Vec<u8>],
    /// The federation's root keys.
    pub roots: &'a [PublicKey],
    /// A folder in which to remember what was accepted; without one a card shown twice is not noticed.
    pub memory: Option<&'a Path>,
}

/// No verdict is given, because any would rest on sand: what was brought is not fit for use.
#[derive(Debug)]
pub enum Unfit {
    /// The trust list.
    Trust(CardError),
    /// One of the status lists.
    Status(CardError),
    /// The folder.
    Memory(Error),
}

impl From<Unfit> for Error {
    fn from(unfit: Unfit) -> Self {
        let fault = match unfit {
            Unfit::Memory(error) => return error,
            Unfit::Trust(fault) | Unfit::Status(fault) => fault,
        };
        let code = match fault {
            CardError::WrongRoot | CardError::UnknownIssuer | CardError::UnknownKey => Code::NotVerified,
            CardError::SequenceWentBack | CardError::StatusWentBack => Code::Rollback,
            _ => Code::InvalidInput,
        };
        Self::because(code, fault)
    }
}

/// Judges a card at `now`, the verifier's clock. Lists older than those used before with the same folder are refused.
pub fn verify_card(check: &CardCheck<'_>, now: Timestamp) -> Result<Verdict, Unfit> {
    let mut memory = check.memory.map(Memory::open).transpose().map_err(Unfit::Memory)?;
    let known = memory.as_ref().map_or(0, Memory::trust_seq);
    let trust = TrustList::read(check.trust, check.roots, known).map_err(Unfit::Trust)?;
    let mut statuses = StatusLists::default();
    for bytes in check.statuses {
        let list = StatusList::read(bytes, &trust).map_err(Unfit::Status)?;
        if let Some(memory) = &mut memory {
            if list.issued_at() < memory.status_time(list.issuer()) {
                return Err(Unfit::Status(CardError::StatusWentBack));
            }
            memory.saw_status(list.issuer(), list.issued_at());
        }
        statuses.accept(list).map_err(Unfit::Status)?;
    }
    let verifier = Verifier { trust: &trust, statuses: &statuses };
    match &mut memory {
        None => examine(&verifier, check, now, &mut NoMemory, |never| match never {}),
        Some(memory) => {
            memory.saw_trust(trust.seq());
            let verdict = examine(&verifier, check, now, memory, |fault| fault)?;
            memory.keep(now).map_err(Unfit::Memory)?;
            Ok(verdict)
        }
    }
}

fn examine<M: ReplayMemory>(
    verifier: &Verifier<'_>,
    check: &CardCheck<'_>,
    now: Timestamp,
    memory: &mut M,
    fault: impl FnOnce(M::Error) -> Error,
) -> Result<Verdict, Unfit> {
    let verdict = verifier.verify(check.text, check.expected, now.seconds(), memory);
    verdict.map_err(|error| Unfit::Memory(fault(error)))
}
