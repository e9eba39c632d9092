//! What the store holds when a pull begins.

use std::collections::BTreeMap;

use super::account::Span;
use crate::domain::{AccountKey, CooperativeId, MemberNo, Timestamp};
use crate::protocol::chain::Link;
use crate::protocol::checkpoint::SignedCheckpoint;
use crate::protocol::{Hash, sha256};

/// The checkpoint that the store holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldCheckpoint {
    /// Its epoch.
    pub epoch: u64,
    /// Its generation.
    pub generation: u64,
    /// SHA-256 of its signed bytes.
    pub hash: Hash,
    /// SHA-256 of what is signed, without the signature.
    pub said: Hash,
}

impl HeldCheckpoint {
    /// The checkpoint of these signed bytes.
    pub fn new(epoch: u64, generation: u64, bytes: &[u8]) -> Self {
        let hash = sha256(bytes);
        // What was spoilt in the store says the same as no other.
        let said = SignedCheckpoint::parse(bytes).map_or(hash, |signed| signed.said());
        Self { epoch, generation, hash, said }
    }
}

/// How an account stands with the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// As it should be.
    Good,
    /// Its entries did not reach its head, twice, last at that time: an old figure is shown.
    Mismatch(Timestamp),
    /// It is no longer in the member's checkpoint.
    Ended(Timestamp),
    /// What is held of it was found changed on this device: it is fetched again.
    Damaged,
}

/// An account that the store holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldAccount {
    /// How it stands.
    pub standing: Standing,
    /// The epoch whose books all that is held of it agrees with.
    pub epoch: u64,
    /// The last head that was signed: later books must still contain it.
    pub head: Option<Link>,
    /// Heads that were signed before it and that no run reaches, because pulls broke off: no less so.
    pub unjoined: Vec<Link>,
    /// Verified runs, newest first.
    pub spans: Vec<Span>,
    /// Its new books, while they fill beside those that are shown.
    pub shadow: Option<HeldShadow>,
}

/// The new books of an account whose past a new epoch changed, as far as they are held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldShadow {
    /// The epoch that they began to fill in.
    pub epoch: u64,
    /// Their last head that was signed.
    pub head: Link,
    /// As of [`HeldAccount`].
    pub unjoined: Vec<Link>,
    /// Verified runs, newest first.
    pub spans: Vec<Span>,
}

/// What the store holds when a pull begins.
#[derive(Debug, Clone)]
pub struct Held {
    /// Whose books.
    pub cooperative: CooperativeId,
    /// Whose accounts.
    pub member: MemberNo,
    /// The last checkpoint.
    pub checkpoint: Option<HeldCheckpoint>,
    /// By kind and number.
    pub accounts: BTreeMap<AccountKey, HeldAccount>,
    /// Hash of the register held.
    pub register: Option<Hash>,
    /// The last result stored.
    pub results_after: u64,
}
