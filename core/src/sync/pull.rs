//! One pull, from its request to its end.

use std::collections::BTreeMap;

use super::account::{Account, PageFault, Span};
use super::held::{Held, HeldAccount, Standing};
use super::keys::Keys;
use super::step::{Fault, Ready, Refused, Step, Superseded};
use crate::cose::PublicKey;
use crate::domain::{AccountKey, Head, Timestamp};
use crate::protocol::chain::Link;
use crate::protocol::checkpoint::{Checkpoint, Freshness, SignedCheckpoint, StatementFault};
use crate::protocol::frame::{Frame, Page, Register};
use crate::protocol::pull::PullRequest;
use crate::protocol::{Hash, head, merkle, sha256};

/// How long an account in [`Standing::Mismatch`] is left alone, in seconds.
const RETRY_SECONDS: i64 = 3_600;

enum Stage {
    Checkpoint,
    Heads(Box<(Checkpoint, SignedCheckpoint)>),
    Freshness(Box<Ready>, Hash),
    Entries,
    Ended,
}

/// An account that takes pages.
struct Open {
    account: Account,
    head: Head,
    is_shadow: bool,
}

/// One pull under way.
pub struct Pull<K> {
    held: Held,
    nonce: [u8; 16],
    now: Timestamp,
    afresh: Vec<AccountKey>,
    keys: Keys<K>,
    stage: Stage,
    /// The epoch of the checkpoint received.
    epoch: u64,
    open: BTreeMap<AccountKey, Open>,
    refused: Vec<Refused>,
    superseded: Vec<Superseded>,
    usable: bool,
}

impl<K: Fn(u8, Timestamp) -> Option<PublicKey>> Pull<K> {
    /// Begins a pull. `afresh` names accounts that are fetched again from their head to entry 1; `key_of` gives the
    /// checkpoint key of a number at a time.
    pub fn new(held: Held, nonce: [u8; 16], now: Timestamp, afresh: Vec<AccountKey>, key_of: K) -> Self {
        let (stage, open, refused, superseded) = (Stage::Checkpoint, BTreeMap::new(), Vec::new(), Vec::new());
        let (keys, epoch, usable) = (Keys::new(key_of), 0, false);
        Self { held, nonce, now, afresh, keys, stage, epoch, open, refused, superseded, usable }
    }

    /// Believes the successor of a key that it believes. Not for keys of a trust list, which names their successors itself.
    #[must_use]
    pub fn pinning(self) -> Self {
        Self { keys: self.keys.pinning(), ..self }
    }

    /// What to send.
    pub fn request(&self) -> PullRequest {
        let checkpoint = self.held.checkpoint.as_ref();
        let told = self.held.accounts.iter().map(|(key, held)| (key, self.told(key, held)));
        PullRequest {
            epoch: checkpoint.map_or(0, |c| c.epoch),
            generation: checkpoint.map_or(0, |c| c.generation),
            nonce: self.nonce,
            register: self.held.register,
            results_after: self.held.results_after,
            ranges: told.flat_map(|(key, spans)| spans.iter().map(|s| (key.clone(), s.range()))).collect(),
        }
    }

    /// The runs that the server is told of: those of the books that are being filled.
    fn told<'a>(&self, key: &AccountKey, held: &'a HeldAccount) -> &'a [Span] {
        match &held.shadow {
            Some(shadow) => &shadow.spans,
            None if self.is_afresh(key) => &[],
            None => &held.spans,
        }
    }

    /// Whether every account that was taken over is held from entry 1.
    pub fn is_complete(&self) -> bool {
        matches!(self.stage, Stage::Ended)
            && self.refused.is_empty()
            && self.superseded.is_empty()
            && self.resting().next().is_none()
            && self.open.values().all(|open| open.account.is_complete())
    }

    /// Takes the next frame.
    pub fn frame(&mut self, frame: Frame) -> Result<Vec<Step>, Fault> {
        if matches!(frame, Frame::Unknown) {
            return Ok(Vec::new());
        }
        match (std::mem::replace(&mut self.stage, Stage::Ended), frame) {
            (Stage::Checkpoint, Frame::Succession(bytes)) => {
                self.keys.succeed(&bytes, &self.held.cooperative)?;
                self.stage = Stage::Checkpoint;
                Ok(Vec::new())
            }
            (Stage::Checkpoint, Frame::Checkpoint(bytes)) => {
                let signed = SignedCheckpoint::parse(&bytes).map_err(StatementFault::from)?;
                let content = self.check(&signed)?;
                self.epoch = content.epoch;
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
                let mut kid = None;
                let freshness = Freshness::verify(&bytes, |number, at| {
                    kid = Some(number);
                    self.keys.get(number, at)
                })?;
                if freshness.nonce != self.nonce || freshness.checkpoint != hash {
                    return Err(Fault::Disorder);
                }
                ready.as_of = freshness.at;
                ready.kid = ready.kid.filter(|number| kid == Some(*number));
                self.stage = Stage::Entries;
                let mut steps = vec![Step::Ready(ready)];
                steps.extend(self.refused.iter().cloned().map(Step::Refused));
                steps.extend(self.superseded.iter().cloned().map(Step::Superseded));
                // Books without an entry are whole at once.
                let whole = |(key, open): (&AccountKey, &Open)| {
                    (open.is_shadow && open.account.is_complete()).then(|| key.clone())
                };
                let whole: Vec<_> = self.open.iter().filter_map(whole).collect();
                steps.extend(whole.into_iter().map(|key| self.replaced(key)));
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
                    .filter(|(_, open)| !open.account.is_complete())
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
        self.open.get(&page.key).is_some_and(|Open { account, .. }| {
            account.is_verified()
                && !account.spans().is_empty()
                && account.next_end().is_some_and(|end| end.seq == last)
        })
    }

    fn page(&mut self, page: Page) -> Vec<Step> {
        // Pages of an account that is refused, left alone or not in the checkpoint are not looked at.
        let Some(open) = self.open.get_mut(&page.key) else { return Vec::new() };
        let key = page.key.clone();
        match open.account.accept(&self.held.cooperative, &key, &page) {
            Ok(()) => {
                let is_whole = open.is_shadow && open.account.is_complete();
                let mut steps = vec![Step::Entries(page, open.account.spans().to_vec())];
                if is_whole {
                    steps.push(self.replaced(key));
                }
                steps
            }
            Err(fault) => {
                let is_superseded = fault == PageFault::PastChanged && self.is_of_earlier_epoch(&key);
                let hash = Some(sha256(&Frame::Page(page).encode()));
                let step = if is_superseded { self.supersede(&key, hash) } else { self.refuse(key, fault, hash) };
                step.into_iter().collect()
            }
        }
    }

    fn refuse(&mut self, key: AccountKey, fault: PageFault, page: Option<Hash>) -> Option<Step> {
        let is_shadow = self.open.remove(&key)?.is_shadow;
        let refused = Refused { key, fault, page, is_shadow };
        self.refused.push(refused.clone());
        Some(Step::Refused(refused))
    }

    fn supersede(&mut self, key: &AccountKey, page: Option<Hash>) -> Option<Step> {
        let superseded = Superseded { head: self.open.remove(key)?.head, page };
        self.superseded.push(superseded.clone());
        Some(Step::Superseded(superseded))
    }

    /// Nothing more is to come of it.
    fn replaced(&mut self, key: AccountKey) -> Step {
        self.open.remove(&key);
        Step::Replaced(key)
    }

    /// Holds a checkpoint against its signature and the one held.
    fn check(&self, signed: &SignedCheckpoint) -> Result<Checkpoint, Fault> {
        let new = signed.verify(|kid, at| self.keys.get(kid, at))?;
        if new.cooperative != self.held.cooperative || new.member != self.held.member {
            return Err(Fault::Disorder);
        }
        let evidence = || signed.bytes().to_vec();
        let Some(held) = &self.held.checkpoint else { return Ok(new) };
        if (new.epoch, new.generation) < (held.epoch, held.generation) {
            return Err(Fault::Rollback(evidence()));
        }
        let follows = if (new.epoch, new.generation) == (held.epoch, held.generation) {
            signed.said() == held.said
        } else {
            new.follows(held.epoch, held.generation, &held.hash)
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
        let (mut taken, mut shadows) = (Vec::new(), Vec::new());
        for head in &heads {
            let key = head.key();
            if self.is_resting(&key) {
                continue;
            }
            let (opened, is_shadow) = self.open(head);
            match opened {
                Ok(account) => {
                    let list = if is_shadow { &mut shadows } else { &mut taken };
                    list.push(head.clone());
                    self.open.insert(key, Open { account, head: head.clone(), is_shadow });
                }
                Err(PageFault::PastChanged) if self.is_of_earlier_epoch(&key) => {
                    self.superseded.push(Superseded { head: head.clone(), page: None });
                }
                Err(fault) => self.refused.push(Refused { key, fault, page: None, is_shadow }),
            }
        }
        let named = |key: &AccountKey| heads.binary_search_by(|head| head.key().cmp(key)).is_ok();
        let ended = self.held.accounts.keys().filter(|key| !named(key)).cloned().collect();
        let as_of = content.issued_at;
        let (checkpoint, successors, kid) = (signed.bytes().to_vec(), self.keys.successors().to_vec(), signed.kid());
        Ok(Ready { checkpoint, content, leaves, heads: taken, shadows, ended, as_of, successors, kid })
    }

    /// The account with its new head, and whether it is the new books beside those shown that it continues.
    fn open(&self, head: &Head) -> (Result<Account, PageFault>, bool) {
        let key = head.key();
        let held = self.held.accounts.get(&key);
        match held.and_then(|held| held.shadow.as_ref()) {
            // Also of an epoch that ended meanwhile, as long as the newest contains them.
            Some(shadow) => {
                let signed = shadow.unjoined.iter().copied().chain([shadow.head]);
                (Account::new(head, signed, &shadow.spans, false), true)
            }
            None => {
                let spans = held.map_or(&[][..], |held| &held.spans);
                let signed = held.into_iter().flat_map(|held| held.unjoined.iter().copied().chain(held.head));
                (Account::new(head, signed, spans, self.is_afresh(&key)), false)
            }
        }
    }

    /// Whether what is filled of it was proven by the books of an earlier epoch: a new one may have lost them.
    fn is_of_earlier_epoch(&self, key: &AccountKey) -> bool {
        let held = self.held.accounts.get(key);
        held.is_some_and(|held| held.shadow.as_ref().map_or(held.epoch, |shadow| shadow.epoch) < self.epoch)
    }

    /// Whether its pages belong to the new books beside those that are shown.
    pub(crate) fn is_shadow(&self, key: &AccountKey) -> bool {
        self.held.accounts.get(key).is_some_and(|held| held.shadow.is_some())
    }

    /// The head held of the account that fills, where no run reaches it: the pull that brought it broke off.
    pub(crate) fn unjoined(&self, key: &AccountKey) -> Option<Link> {
        let held = self.held.accounts.get(key)?;
        let (head, spans) = match &held.shadow {
            Some(shadow) => (Some(shadow.head), &shadow.spans),
            None => (held.head, &held.spans),
        };
        let is_reached = |head: &Link| spans.iter().any(|span| (span.low()..=span.last.seq).contains(&head.seq));
        head.filter(|head| head.seq > 0 && !is_reached(head))
    }

    /// The epoch of the checkpoint received; 0 before it.
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Whether all of the account is fetched again.
    pub(crate) fn is_afresh(&self, key: &AccountKey) -> bool {
        // What did not verify before is fetched whole when it is tried again.
        self.afresh.contains(key)
            || self.held.accounts.get(key).is_some_and(|held| matches!(held.standing, Standing::Mismatch(_)))
    }

    /// Whether it did not verify and its hour is not over. A new epoch ends every rest.
    fn is_resting(&self, key: &AccountKey) -> bool {
        if self.held.checkpoint.as_ref().is_some_and(|held| held.epoch < self.epoch) {
            return false;
        }
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
