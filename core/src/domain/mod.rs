//! The words and rules of a savings-and-loan cooperative: money, dates, names, entries, accounts, requests.
//!
//! Never does I/O, never reads a clock, knows nothing of SQL, HTTP, CBOR or FFI. No floats.

#![deny(clippy::float_arithmetic)]

mod account;
mod backing;
mod date;
mod draft;
mod entry;
mod evidence;
mod ids;
mod kind;
pub mod loan;
mod money;
mod nik;
mod product;
mod qris;
mod rate;
mod request;
pub mod saving;
mod topic;

pub use account::{
    AccountKey, AccountStatus, Head, LedgerKind, LoanHead, LoanStatus, LoanTerms, MemberStatus, SavingsHead,
};
pub use backing::{Attachment, Backing, MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS, MAX_GUARANTORS, MediaType};
pub use date::{CivilDate, TimeZone, Timestamp};
pub use draft::{Draft, DraftOf, MAX_DRAFTS};
pub use entry::{EntryFault, LoanAmounts, LoanEntry, MAX_SEQ, SavingsEntry};
pub use evidence::EvidenceKind;
pub use ids::{
    AccountNo, Collateral, CooperativeId, Description, DeviceId, MemberNo, Name, OperationId, ProductCode, Purpose,
    Reason, Reference, ReplyText,
};
pub use kind::{LoanKind, OtherKind, SavingsKind};
pub use money::Money;
pub(crate) use money::TOO_MUCH;
pub use nik::{Nik, NikFault};
pub use product::{LoanMethod, LoanProduct, SavingsProduct, SavingsType};
pub use qris::{Qris, QrisFault, QrisTip};
pub use rate::Rate;
pub use request::{LoanRequest, Reply, RequestState};
pub use topic::Topic;

/// Why a value from outside is not one of ours: the field's rule, in a sentence, without the value itself
/// (it may be personal).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Invalid(pub &'static str);
