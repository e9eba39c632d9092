//! What comes out of a pull: what to store, or why nothing of it is believed.

use super::account::{PageFault, Span};
use crate::cose::PublicKey;
use crate::domain::{AccountKey, Head, Timestamp};
use crate::protocol::checkpoint::{Checkpoint, StatementFault};
use crate::protocol::frame::{Page, Register};
use crate::protocol::operation::OperationResult;
use crate::protocol::{Hash, WireFault};

/// Why a pull ends without being believed. Nothing of it may be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A statement is not signed as it must be.
    #[error(transparent)]
    Statement(#[from] StatementFault),
    /// A frame is not of the agreed form.
    #[error(transparent)]
    Wire(#[from] WireFault),
    /// Frames out of order, heads that are not those of the checkpoint, another member's checkpoint.
    #[error("the server's answer does not fit together")]
    Disorder,
    /// An epoch or generation before the one held; the checkpoint is evidence.
    #[error("the server went back behind an earlier checkpoint")]
    Rollback(Vec<u8>),
    /// Another content for the generation held, or one that does not follow it; the checkpoint is evidence.
    #[error("the server shows another history than before")]
    Fork(Vec<u8>),
}

/// What the checkpoint, the heads and the freshness statement say together: to be stored in one transaction.
#[derive(Debug, Clone)]
pub struct Ready {
    /// The signed checkpoint.
    pub checkpoint: Vec<u8>,
    /// What it says.
    pub content: Checkpoint,
    /// The heads' canonical bytes, as the root is over them.
    pub leaves: Vec<Vec<u8>>,
    /// The heads of accounts that are taken over.
    pub heads: Vec<Head>,
    /// The heads of accounts whose new books fill beside those that are shown.
    pub shadows: Vec<Head>,
    /// Accounts held that the checkpoint no longer names.
    pub ended: Vec<AccountKey>,
    /// The server's time.
    pub as_of: Timestamp,
    /// New checkpoint keys that the pinned ones handed over to, the oldest first.
    pub successors: Vec<(u8, PublicKey)>,
    /// The number of the key that signed both statements; keys before it have no more to say.
    pub kid: Option<u8>,
}

/// An account that was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Which.
    pub key: AccountKey,
    /// Why.
    pub fault: PageFault,
    /// SHA-256 of the frame of the page that showed it, where one did: evidence.
    pub page: Option<Hash>,
    /// It is the new books beside those shown that were refused.
    pub is_shadow: bool,
}

/// An account of which a new epoch has another past than the phone holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Superseded {
    /// Its head in the new epoch.
    pub head: Head,
    /// SHA-256 of the frame of the page that showed it, where one did: evidence.
    pub page: Option<Hash>,
}

/// What to store next, in this order.
#[derive(Debug)]
pub enum Step {
    /// The heads are proven.
    Ready(Box<Ready>),
    /// The register changed.
    Register(Vec<u8>, Box<Register>),
    /// Results for this device.
    Results(Vec<OperationResult>),
    /// Verified entries, and the account's runs with them.
    Entries(Page, Vec<Span>),
    /// What was stored of this account in this pull is to be taken back.
    Refused(Refused),
    /// Likewise, and its new books are to be fetched from entry 1 beside what is held: by the next pull.
    Superseded(Superseded),
    /// The new books of this account are all here and verified: they take the place of the old.
    Replaced(AccountKey),
    /// The newest entries of all accounts are here: worth a commit.
    Usable,
    /// The server has nothing more.
    End,
}
