//! One pull, from its request to its end.

use std::collections::BTreeMap;

use super::account::{Account, PageFault, Span};
use crate::cose::PublicKey;
use crate::domain::{AccountKey, CooperativeId, Head, MemberNo, Timestamp};
use crate::protocol::chain::Link;
use crate::protocol::checkpoint::{Checkpoint, Freshness, SignedCheckpoint, StatementFault};
use crate::protocol::frame::{Frame, Page, Register};
use crate::protocol::operation::OperationResult;
use crate::protocol::pull::PullRequest;
use crate::protocol::{Hash, WireFault, head, merkle, sha256};

/// How long an account in [`Standing::Mismatch`] is left alone, in seconds.
const RETRY_SECONDS: i64 = 3_600;

/// The checkpoint that the store holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldCheckpoint {
    /// Its epoch.
    pub epoch: u64,
    /// Its generation.
    pub generation: u64,
    /// SHA-256 of its signed bytes.
    pub hash: Hash,
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
    /// The last head that was signed: later books must still contain it.
    pub head: Option<Link>,
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
    /// Other bytes for the generation held, or one that does not follow it; the checkpoint is evidence.
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
    /// Accounts held that the checkpoint no longer names.
    pub ended: Vec<AccountKey>,
    /// The server's time.
    pub as_of: Timestamp,
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
    /// The newest entries of all accounts are here: worth a commit.
    Usable,
    /// The server has nothing more.
    End,
}

enum Stage {
    Checkpoint,
    Heads(Box<(Checkpoint, SignedCheckpoint)>),
    Freshness(Box<Ready>, Hash),
    Entries,
    Ended,
}

/// One pull under way.
pub struct Pull<K> {
    held: Held,
    nonce: [u8; 16],
    now: Timestamp,
    afresh: Vec<AccountKey>,
    key_of: K,
    stage: Stage,
    open: BTreeMap<AccountKey, Account>,
    refused: Vec<Refused>,
    usable: bool,
}

impl<K: Fn(u8, Timestamp) -> Option<PublicKey>> Pull<K> {
    /// Begins a pull. `afresh` names accounts that are fetched again from their head to entry 1; `key_of` gives the
    /// checkpoint key of a number at a time.
    pub fn new(held: Held, nonce: [u8; 16], now: Timestamp, afresh: Vec<AccountKey>, key_of: K) -> Self {
        let (open, refused) = (BTreeMap::new(), Vec::new());
        Self { held, nonce, now, afresh, key_of, stage: Stage::Checkpoint, open, refused, usable: false }
    }

    /// What to send.
    pub fn request(&self) -> PullRequest {
        let checkpoint = self.held.checkpoint.as_ref();
        let told = self.held.accounts.iter().filter(|(key, _)| !self.is_afresh(key));
        PullRequest {
            epoch: checkpoint.map_or(0, |c| c.epoch),
            generation: checkpoint.map_or(0, |c| c.generation),
            nonce: self.nonce,
            register: self.held.register,
            results_after: self.held.results_after,
            ranges: told.flat_map(|(key, held)| held.spans.iter().map(|s| (key.clone(), s.range()))).collect(),
        }
    }

    /// Whether every account that was taken over is held from entry 1.
    pub fn is_complete(&self) -> bool {
        matches!(self.stage, Stage::Ended)
            && self.refused.is_empty()
            && self.resting().next().is_none()
            && self.open.values().all(Account::is_complete)
    }

    /// Takes the next frame.
    pub fn frame(&mut self, frame: Frame) -> Result<Vec<Step>, Fault> {
        if matches!(frame, Frame::Unknown) {
            return Ok(Vec::new());
        }
        match (std::mem::replace(&mut self.stage, Stage::Ended), frame) {
            (Stage::Checkpoint, Frame::Checkpoint(bytes)) => {
                let signed = SignedCheckpoint::parse(&bytes).map_err(StatementFault::from)?;
                let content = self.check(&signed)?;
                self.stage = Stage::Heads(Box::new((content, signed)));
                Ok(Vec::new())
            }
            (Stage::Heads(proven), Frame::Heads(leaves)) => {
                let (content, signed) = *proven;
                let hash = signed.hash();
                let ready = self.heads(content, &signed, leaves)?;
                self.stage = Stage::Freshness(Box::new(ready), hash);
                Ok(Vec::new())
            }
            (Stage::Freshness(mut ready, hash), Frame::Freshness(bytes)) => {
                let freshness = Freshness::verify(&bytes, &self.key_of)?;
                if freshness.nonce != self.nonce || freshness.checkpoint != hash {
                    return Err(Fault::Disorder);
                }
                ready.as_of = freshness.at;
                self.stage = Stage::Entries;
                let mut steps = vec![Step::Ready(ready)];
                steps.extend(self.refused.iter().cloned().map(Step::Refused));
                Ok(steps)
            }
            (Stage::Entries, frame) => {
                self.stage = Stage::Entries;
                self.entries(frame)
            }
            _ => Err(Fault::Disorder),
        }
    }

    fn entries(&mut self, frame: Frame) -> Result<Vec<Step>, Fault> {
        match frame {
            Frame::Register(bytes) => {
                let register = Register::decode(&bytes)?;
                Ok(vec![Step::Register(bytes, Box::new(register))])
            }
            Frame::Results(results) => Ok(vec![Step::Results(results)]),
            Frame::Page(page) => {
                let mut steps = Vec::new();
                if !self.usable && self.newest_are_here(&page) {
                    self.usable = true;
                    steps.push(Step::Usable);
                }
                steps.extend(self.page(page));
                Ok(steps)
            }
            Frame::SpoiledPage(key) => Ok(self.refuse(key, PageFault::Mismatch, None).into_iter().collect()),
            Frame::End => {
                self.stage = Stage::Ended;
                // "Nothing more" while entries are missing is a refusal to show them.
                let missing: Vec<_> = self
                    .open
                    .iter()
                    .filter(|(_, account)| !account.is_complete())
                    .map(|(key, _)| key.clone())
                    .collect();
                let mut steps: Vec<_> =
                    missing.into_iter().filter_map(|key| self.refuse(key, PageFault::Mismatch, None)).collect();
                steps.push(Step::End);
                Ok(steps)
            }
            _ => Err(Fault::Disorder),
        }
    }

    /// The page continues an account whose newest entries are here already, so those of all accounts are.
    fn newest_are_here(&self, page: &Page) -> bool {
        let last = page.first.saturating_add(page.entries.len() as u32 - 1);
        self.open.get(&page.key).is_some_and(|account| account.is_verified() && !account.spans().is_empty())
            && self.open.get(&page.key).and_then(Account::next_end).is_some_and(|end| end.seq == last)
    }

    fn page(&mut self, page: Page) -> Option<Step> {
        // Pages of an account that is refused, left alone or not in the checkpoint are not looked at.
        let account = self.open.get_mut(&page.key)?;
        match account.accept(&self.held.cooperative, &page.key, &page) {
            Ok(()) => {
                let spans = account.spans().to_vec();
                Some(Step::Entries(page, spans))
            }
            Err(fault) => {
                let key = page.key.clone();
                let hash = sha256(&Frame::Page(page).encode());
                self.refuse(key, fault, Some(hash))
            }
        }
    }

    fn refuse(&mut self, key: AccountKey, fault: PageFault, page: Option<Hash>) -> Option<Step> {
        self.open.remove(&key)?;
        let refused = Refused { key, fault, page };
        self.refused.push(refused.clone());
        Some(Step::Refused(refused))
    }

    /// Holds a checkpoint against its signature and the one held.
    fn check(&self, signed: &SignedCheckpoint) -> Result<Checkpoint, Fault> {
        let new = signed.verify(&self.key_of)?;
        if new.cooperative != self.held.cooperative || new.member != self.held.member {
            return Err(Fault::Disorder);
        }
        let evidence = || signed.bytes().to_vec();
        let Some(held) = &self.held.checkpoint else { return Ok(new) };
        if (new.epoch, new.generation) < (held.epoch, held.generation) {
            return Err(Fault::Rollback(evidence()));
        }
        let follows = if new.epoch > held.epoch {
            // A new epoch says which one it replaces.
            new.reset.as_ref().is_some_and(|reset| reset.epoch >= held.epoch)
        } else if new.generation == held.generation {
            signed.hash() == held.hash
        } else if new.generation == held.generation + 1 {
            new.prev == held.hash
        } else {
            true
        };
        if follows { Ok(new) } else { Err(Fault::Fork(evidence())) }
    }

    /// Holds the heads against the checkpoint's root, and opens their accounts.
    fn heads(&mut self, content: Checkpoint, signed: &SignedCheckpoint, leaves: Vec<Vec<u8>>) -> Result<Ready, Fault> {
        if merkle::root(&leaves) != content.root {
            return Err(Fault::Disorder);
        }
        let heads = leaves.iter().map(|leaf| head::decode(leaf)).collect::<Result<Vec<_>, _>>()?;
        if !heads.is_sorted_by(|a, b| a.key() < b.key()) {
            return Err(Fault::Disorder);
        }
        let mut taken = Vec::new();
        for head in &heads {
            let key = head.key();
            if self.is_resting(&key) {
                continue;
            }
            let held = self.held.accounts.get(&key);
            let spans = held.map_or(&[][..], |held| &held.spans);
            match Account::new(head, held.and_then(|held| held.head), spans, self.is_afresh(&key)) {
                Ok(account) => {
                    self.open.insert(key, account);
                    taken.push(head.clone());
                }
                Err(fault) => self.refused.push(Refused { key, fault, page: None }),
            }
        }
        let named = |key: &AccountKey| heads.binary_search_by(|head| head.key().cmp(key)).is_ok();
        let ended = self.held.accounts.keys().filter(|key| !named(key)).cloned().collect();
        let as_of = content.issued_at;
        Ok(Ready { checkpoint: signed.bytes().to_vec(), content, leaves, heads: taken, ended, as_of })
    }

    /// Whether all of the account is fetched again.
    pub(crate) fn is_afresh(&self, key: &AccountKey) -> bool {
        // What did not verify before is fetched whole when it is tried again.
        self.afresh.contains(key)
            || self.held.accounts.get(key).is_some_and(|held| matches!(held.standing, Standing::Mismatch(_)))
    }

    /// Whether it did not verify and its hour is not over.
    fn is_resting(&self, key: &AccountKey) -> bool {
        self.held.accounts.get(key).is_some_and(|held| match held.standing {
            // A time to come is one that a wrong clock made: no reason to wait for it.
            Standing::Mismatch(tried) => tried <= self.now && self.now < tried.plus(RETRY_SECONDS),
            Standing::Good | Standing::Ended(_) | Standing::Damaged => false,
        })
    }

    fn resting(&self) -> impl Iterator<Item = &AccountKey> {
        self.held.accounts.keys().filter(|key| self.is_resting(key))
    }
}

/// The hash that names a register to the server.
pub(crate) fn register_hash(bytes: &[u8]) -> Hash {
    sha256(bytes)
}
