//! The digital membership card (kartu tanda anggota), KTA-1: a card signed by the cooperative, inside a presentation signed
//! by the phone, which a shop verifies without a network against the federation's trust list and the cooperative's status
//! list.
//!
//! The cooperative [issues](issue) a [`Card`]; the phone [presents](Card::show) it as a text for a [QR code](qr::qr); the
//! shop's [`Verifier`] answers with a [`Verdict`]. The formats follow draft-ietf-spice-sd-cwt (nothing disclosed
//! selectively), RFC 8392, RFC 8747 and the IETF Token Status List, all with ES256.
//!
//! Nothing here does I/O, reads a clock or makes randomness: `now` is seconds since 1970 UTC, nonces and signers are
//! arguments, and what must be remembered goes through [`ReplayMemory`]. A card never holds a state identity number, a
//! member number, a balance or a bank's token.

mod claims;
mod credential;
mod presentation;
pub mod qr;
mod replay;
mod status;
mod text;
mod trust;
mod verdict;
mod verify;

pub use credential::{Card, CardClaims, CardNotIssued, MAX_CARD, issue};
pub use presentation::{Audience, Challenge, PREFIX, Presentation, Purchase};
pub use replay::{InMemory, NoMemory, READ_TWICE, REMEMBER, ReplayKey, ReplayMemory, Sighting};
pub use status::{MAX_STATUS_LIST, STATUS_FRESH, STATUS_LIFE, Status, StatusList, StatusLists};
pub use text::{CardName, MAX_NAME, MemberClass, Sectors, Subject, VerifierId};
pub use trust::{Issuer, IssuerKey, KeyUse, MAX_TRUST_LIST, PUBLISH_BEFORE_USE, TRUST_LIFE, TrustList};
pub use verdict::{Bearer, Outcome, Reason, Verdict};
pub use verify::{CHALLENGE_LIFE, CLOCK_AHEAD, CLOCK_OFF, Expected, SHOW_AGE, Verifier};

use crate::cose::CoseError;
use crate::domain;

/// Seconds in a day.
pub const DAY: i64 = 86_400;
/// How long a card is good: 90 days.
pub const CARD_LIFE: i64 = 90 * DAY;
/// A phone renews its card at any sync when less than this is left: 60 days.
pub const RENEW_BEFORE: i64 = 60 * DAY;
/// A shown code is signed anew this often, in seconds.
pub const SHOW_RENEWAL: i64 = 30;
/// The longest text of a shown card: QR version 12-L.
pub const MAX_SHOW_TEXT: usize = 535;
/// The longest text of any card: QR version 14-L.
pub const MAX_TEXT: usize = 667;
/// The largest time that is read: the last second of the year 9999.
const MAX_TIME: i64 = 253_402_300_799;

/// Why a card, a list or a text could not be made or read. What a shop is told about a presented card is a [`Verdict`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CardError {
    /// The signed document itself is wrong.
    #[error(transparent)]
    Cose(#[from] CoseError),
    /// A text, number or list outside its rule.
    #[error("{0}")]
    Invalid(&'static str),
    /// A claim that is missing, of another type or out of range.
    #[error("claim {0} of the document is missing or wrong; fetch it again from its issuer")]
    BadClaim(i64),
    /// A claim that must be understood, and is not.
    #[error("the document asks for something this version does not know; update the app")]
    MustUnderstand,
    /// Not a `KTA1:` text of strict base45.
    #[error("the text is not a membership card; scan it again")]
    NotCardText,
    /// The presenting key is not the one the card names.
    #[error("this phone's key is not the card's; enrol this phone again")]
    WrongHolder,
    /// The card has expired or is not valid yet.
    #[error("the card is not valid at this time; sync to renew it")]
    NotValidNow,
    /// None of the given roots signed the trust list.
    #[error("no root key of the federation signed this trust list; get it again from the federation")]
    WrongRoot,
    /// A trust list with a lower number than one already seen.
    #[error("the trust list is older than the one already held; get the newest from the federation")]
    SequenceWentBack,
    /// A status list older than the one already held.
    #[error("the status list is older than the one already held; get the newest from the cooperative")]
    StatusWentBack,
    /// A status list of a cooperative that the trust list does not know.
    #[error("the status list belongs to no cooperative of the trust list; update the trust list")]
    UnknownIssuer,
    /// A status list under a key that the trust list does not name for status lists at that time.
    #[error("the status list is signed by no status key of the trust list; update the trust list")]
    UnknownKey,
    /// A status list that does not inflate to at most 256 KiB.
    #[error("the status list does not unpack; get it again from the cooperative")]
    BadCompression,
    /// More than the QR size can hold.
    #[error("the text does not fit the QR code; shorten the name on the card")]
    QrTooWide,
}

impl From<domain::Invalid> for CardError {
    fn from(invalid: domain::Invalid) -> Self {
        Self::Invalid(invalid.0)
    }
}

#[cfg(test)]
mod tests;
