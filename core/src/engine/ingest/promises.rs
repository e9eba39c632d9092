//! What a pull says that was promised otherwise: signed heads that no run reaches yet, pasts that changed, servers that go
//! back. Kept as evidence, never believed.

use rusqlite::Transaction;

use super::Ingest;
use crate::domain::{AccountKey, EvidenceKind, Timestamp, Topic};
use crate::error::{Error, Result};
use crate::protocol::checkpoint::StatementFault;
use crate::protocol::problem::Code;
use crate::protocol::{Hash, WireFault};
use crate::store::evidence::{self, Evidence, Kept, Signed};
use crate::store::{mirror, shadow, unjoined};
use crate::sync::{Fault, PageFault, Ready, Refused, Standing, Superseded};

impl Ingest {
    /// A head that no run reaches is about to be replaced: it was signed, and is held against what comes.
    pub(super) fn keep_unjoined(&self, tx: &Transaction<'_>, ready: &Ready) -> Result<()> {
        unjoined::forget_reached(tx)?;
        let replaced = ready.heads.iter().chain(&ready.shadows).filter_map(|new| {
            let head = self.pull.unjoined(&new.key()).filter(|head| head.hash != new.hash());
            head.map(|head| (new.key(), head))
        });
        let replaced: Vec<_> = replaced.collect();
        let (false, Some(held)) = (replaced.is_empty(), mirror::checkpoint(tx)?) else { return Ok(()) };
        let held = Signed { checkpoint: held.bytes, leaves: held.leaves };
        replaced.iter().try_for_each(|(key, head)| unjoined::keep(tx, key, self.pull.is_shadow(key), head, &held))
    }

    /// Accounts that the first checkpoint of a new epoch no longer names: their rows are evidence.
    pub(super) fn keep_lost(&self, tx: &Transaction<'_>, ready: &Ready) -> Result<bool> {
        let mut warned = false;
        for account in ready.ended.iter().filter_map(|key| self.before.get(key)) {
            if !matches!(account.standing, Standing::Ended(_)) {
                let key = account.head.key();
                let kept = self.keep_epoch(tx, &key, ready.as_of, None)?;
                evidence::keep_old(tx, &key, ready.content.epoch, account.account, Some(1))?;
                warned |= kept == Kept::New;
            }
        }
        Ok(warned)
    }

    /// Keeps that the epoch has another past of this account: the checkpoint that its books were proven by, and the new one.
    fn keep_epoch(&self, tx: &Transaction<'_>, key: &AccountKey, at: Timestamp, page: Option<Hash>) -> Result<Kept> {
        let former = self.before.get(key).map(|account| evidence::former(tx, account.epoch)).transpose()?.flatten();
        let (held, received) = (former.as_ref().or(self.held.as_ref()), self.received.as_ref());
        let (kind, account, epoch) = (EvidenceKind::PastChanged, Some(key), Some(self.pull.epoch()));
        evidence::keep(tx, &Evidence { at, kind, account, held, received, page, epoch })
    }

    /// Takes back what this pull stored of an account that a new epoch changed the past of, and lets its new books be
    /// fetched beside it. Where no evidence can be kept any more, the old books stay.
    pub(super) fn supersede(&self, tx: &Transaction<'_>, superseded: &Superseded, now: Timestamp) -> Result<bool> {
        let key = superseded.head.key();
        mirror::take_back(tx, &key, self.before.get(&key))?;
        let kept = self.keep_epoch(tx, &key, now, superseded.page)?;
        if kept == Kept::Full {
            mirror::mark_mismatch(tx, &key, now)?;
            return Ok(false);
        }
        mirror::mark_mismatch(tx, &key, Timestamp::EPOCH)?;
        shadow::begin(tx, &superseded.head, self.pull.epoch())?;
        Ok(kept == Kept::New)
    }

    /// Takes back what this pull stored of an account. The first mismatch is only tried again; the second, or a changed
    /// past, is evidence. Either way the figure that stays is not said to be verified.
    pub(super) fn refuse(&self, tx: &Transaction<'_>, refused: &Refused, now: Timestamp) -> Result<bool> {
        let key = &refused.key;
        if refused.is_shadow {
            shadow::clear(tx, key)?
        } else {
            mirror::take_back(tx, key, self.before.get(key))?
        }
        let kind = match refused.fault {
            PageFault::Mismatch if !self.is_last_try(key) => {
                mirror::mark_mismatch(tx, key, Timestamp::EPOCH)?;
                return Ok(false);
            }
            PageFault::Mismatch => EvidenceKind::Mismatch,
            PageFault::PastChanged => EvidenceKind::PastChanged,
        };
        mirror::mark_mismatch(tx, key, now)?;
        let unjoined = unjoined::oldest(tx, key, refused.is_shadow)?;
        let (held, received) = (unjoined.as_ref().or(self.held.as_ref()), self.received.as_ref());
        let (at, account, page) = (now, Some(key), refused.page);
        Ok(evidence::keep(tx, &Evidence { at, kind, account, held, received, page, epoch: None })? == Kept::New)
    }

    pub(super) fn is_last_try(&self, key: &AccountKey) -> bool {
        self.afresh.contains(key)
    }

    /// A pull that is not believed: nothing of it is written, but a broken promise is kept as evidence.
    pub(super) fn disbelieve(&self, fault: Fault) -> Error {
        let (kind, received) = match &fault {
            Fault::Rollback(bytes) => (EvidenceKind::Rollback, bytes),
            Fault::Fork(bytes) => (EvidenceKind::Fork, bytes),
            Fault::Wire(WireFault::Newer) | Fault::Statement(StatementFault::Wire(WireFault::Newer)) => {
                return Error::because(Code::UpdateRequired, fault);
            }
            _ => return Error::because(Code::NotVerified, fault),
        };
        let kept = self.engine.now().and_then(|at| {
            let received = Signed { checkpoint: received.clone(), leaves: Vec::new() };
            let (held, received) = (self.held.as_ref(), Some(&received));
            self.engine.store.write(|tx| {
                evidence::keep(tx, &Evidence { at, kind, account: None, held, received, page: None, epoch: None })
            })
        });
        match kept {
            Ok(_) => {
                self.engine.tell(Topic::Warnings);
                Error::because(Code::Rollback, fault)
            }
            Err(error) => error,
        }
    }
}
