//! The shop's verifier: one presented text in, one verdict out, in a fixed order of checks.
//!
//! Works without a network. Keys, their use and their validity come from the trust list alone. It proves that the phone is
//! there and fresh, not that its holder is the person shown: a live relay of the code is beyond it, and staff looking at the
//! person are the last check.

use super::presentation::{Audience, Challenge, Presentation};
use super::replay::{READ_TWICE, ReplayMemory, Sighting};
use super::status::{Status, StatusLists};
use super::trust::{Issuer, KeyUse, TrustList};
use super::verdict::{Bearer, Outcome, Reason, Verdict};
use crate::cose::sha256;

/// How long a shown code is accepted after it was signed, in seconds.
pub const SHOW_AGE: i64 = 120;
/// How far the phone's clock may be ahead of the verifier's, in seconds.
pub const CLOCK_AHEAD: i64 = 60;
/// How long a challenge may be answered, in seconds.
pub const CHALLENGE_LIFE: i64 = 180;
/// How far the phone's clock may be off when it answers a challenge, in seconds; beyond [`CLOCK_AHEAD`] the card is amber.
pub const CLOCK_OFF: i64 = 600;

/// What the verifier is waiting for.
#[derive(Debug, Clone, Copy)]
pub enum Expected<'a> {
    /// A card that is shown.
    Show,
    /// The answer to this open challenge.
    Answer(&'a Challenge),
}

/// A verifier with the lists it trusts.
#[derive(Debug, Clone, Copy)]
pub struct Verifier<'a> {
    /// The federation's trust list.
    pub trust: &'a TrustList,
    /// The cooperatives' status lists, as far as they are held.
    pub statuses: &'a StatusLists,
}

impl Verifier<'_> {
    /// Examines a scanned text at `now`, the verifier's clock. The text is taken as scanned; only a line end may be cut from
    /// it, because a space is a digit of base45. Fails only if the memory does.
    pub fn verify<M: ReplayMemory>(
        &self,
        text: &str,
        expected: Expected<'_>,
        now: i64,
        memory: &mut M,
    ) -> Result<Verdict, M::Error> {
        let Ok(shown) = Presentation::from_text(text) else { return Ok(Verdict::red(Reason::Malformed, None)) };
        let key = shown.replay_key();
        let text = sha256(text.as_bytes());
        let earlier = memory.find(&key, now)?;
        // A scanner reads twice: the second reading is judged at the time of the first, so that it gets the same answer.
        let twice = |s: &Sighting| s.text == text && (0..=READ_TWICE).contains(&now.saturating_sub(s.at));
        let repeated = earlier.filter(twice);
        let now = repeated.map_or(now, |sighting| sighting.at);

        let issuer = match self.check_signatures(&shown, now) {
            Ok(issuer) => issuer,
            Err(reason) => return Ok(Verdict::red(reason, None)),
        };
        let bearer = Some(bearer(&shown, issuer));
        let clock_off = match check_purpose(&shown, expected).and_then(|()| check_time(&shown, expected, now)) {
            Ok(clock_off) => clock_off,
            Err(reason) => return Ok(Verdict::red(reason, bearer)),
        };
        if repeated.is_none() {
            if earlier.is_some() {
                return Ok(Verdict::red(Reason::Replayed, bearer));
            }
            memory.remember(key, Sighting { at: now, text })?;
        }
        let outcome = match self.check_status(&shown, issuer, now) {
            Err(reason) => Outcome::Red(reason),
            // A list of up to seven days is worth a look, no more; everything else that is, is red when somebody is to pay.
            Ok(Some(concern))
                if matches!(expected, Expected::Answer(_)) && !self.is_only_unfresh(concern, issuer, now) =>
            {
                Outcome::Red(concern)
            }
            Ok(Some(concern)) => Outcome::Amber(concern),
            Ok(None) if clock_off => Outcome::Amber(Reason::ClockOff),
            Ok(None) => Outcome::Green,
        };
        Ok(Verdict { outcome, bearer, answers_challenge: matches!(expected, Expected::Answer(_)) })
    }

    fn is_only_unfresh(&self, concern: Reason, issuer: &Issuer, now: i64) -> bool {
        concern == Reason::StatusStale
            && !self.trust.is_expired(now)
            && self.statuses.get(issuer.id()).is_some_and(|list| !list.is_expired(now))
    }

    /// Issuer and kid from the trust list, the issuer's signature, exp and iat, the phone's signature.
    fn check_signatures(&self, shown: &Presentation, now: i64) -> Result<&Issuer, Reason> {
        let card = shown.card();
        let issuer = self.trust.issuer(&card.claims().issuer).ok_or(Reason::UnknownIssuer)?;
        let key = issuer.key(card.kid(), KeyUse::Card).ok_or(Reason::UnknownKey)?;
        if key.revoked_at.is_some() {
            return Err(Reason::KeyRevoked);
        }
        card.verify(&key.key).map_err(|_| Reason::BadSignature)?;
        if !key.covers(card.issued_at()) {
            return Err(Reason::UnknownKey);
        }
        if now >= card.expires_at() || shown.signed_at() >= card.expires_at() {
            return Err(Reason::Expired);
        }
        if shown.signed_at() < card.issued_at() {
            return Err(Reason::BadTime);
        }
        shown.verify().map_err(|_| Reason::BadSignature)?;
        Ok(issuer)
    }

    /// Red for what the status list says; otherwise what is worth a look: red when somebody is to pay, amber when shown.
    fn check_status(&self, shown: &Presentation, issuer: &Issuer, now: i64) -> Result<Option<Reason>, Reason> {
        let trust = self.trust.is_expired(now).then_some(Reason::TrustStale);
        // A list under a key that a newer trust list no longer names counts as absent.
        let list = self.statuses.get(issuer.id());
        let listed = list.and_then(|list| Some((list, issuer.key(list.kid(), KeyUse::Status)?)));
        let Some((list, key)) = listed else { return Ok(Some(Reason::StatusStale)) };
        if key.revoked_at.is_some() {
            return Err(Reason::KeyRevoked);
        }
        match list.status(shown.card().claims().status_index) {
            None => Err(Reason::StatusStale),
            Some(Status::Invalid) => Err(Reason::Revoked),
            Some(Status::Suspended) => Err(Reason::Suspended),
            Some(Status::Limited) => Ok(Some(Reason::Limited)),
            Some(Status::Valid) if !list.is_fresh(now) => Ok(Some(Reason::StatusStale)),
            Some(Status::Valid) => Ok(trust),
        }
    }
}

fn bearer(shown: &Presentation, issuer: &Issuer) -> Bearer {
    let claims = shown.card().claims();
    Bearer {
        issuer: issuer.id().clone(),
        cooperative: issuer.name().to_owned(),
        name: claims.name.clone(),
        class: claims.class,
        sectors: claims.sectors.clone(),
    }
}

/// Audience, key, nonce and amount: what was asked for is what was answered.
fn check_purpose(shown: &Presentation, expected: Expected<'_>) -> Result<(), Reason> {
    let (audience, challenge) = match expected {
        Expected::Show => (&Audience::Show, None),
        Expected::Answer(challenge) => (challenge.audience(), Some(challenge)),
    };
    if shown.audience() != audience.to_string() {
        return Err(Reason::WrongAudience);
    }
    let approval = shown.card().claims().approval;
    let right_key = match audience {
        Audience::Show => !approval,
        Audience::StepUp(_) => approval,
        Audience::Purchase(_) => true,
    };
    if !right_key {
        return Err(Reason::WrongKey);
    }
    if challenge.is_some_and(|challenge| shown.nonce() != challenge.nonce()) {
        return Err(Reason::WrongNonce);
    }
    if challenge.is_some_and(|challenge| shown.purchase() != challenge.amount()) {
        return Err(Reason::WrongAmount);
    }
    Ok(())
}

/// Whether the phone's clock is off but bearable; an error when the presentation is too old or too new.
fn check_time(shown: &Presentation, expected: Expected<'_>, now: i64) -> Result<bool, Reason> {
    let signed_at = shown.signed_at();
    match expected {
        Expected::Show if (-CLOCK_AHEAD..=SHOW_AGE).contains(&now.saturating_sub(signed_at)) => Ok(false),
        Expected::Answer(challenge) if (0..=CHALLENGE_LIFE).contains(&now.saturating_sub(challenge.opened_at())) => {
            // It was signed between the question and now: how far off is the phone's clock at least?
            let off = signed_at.saturating_sub(signed_at.clamp(challenge.opened_at(), now)).saturating_abs();
            if off <= CLOCK_OFF { Ok(off > CLOCK_AHEAD) } else { Err(Reason::BadTime) }
        }
        _ => Err(Reason::BadTime),
    }
}
