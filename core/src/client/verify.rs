//! Proving the store again from its own rows: every chain, every figure, the signed heads and the tree over them.

use super::{Client, VerifiedAccountView, VerifyView};
use crate::domain::{CooperativeId, Head, Topic};
use crate::error::Result;
use crate::protocol::chain::{self, Chain, ChainEntry, Link};
use crate::protocol::checkpoint::SignedCheckpoint;
use crate::protocol::{head, merkle};
use crate::store::mirror::{self, StoredAccount, StoredCheckpoint};
use crate::store::{Snapshot, passbook};
use crate::sync::{Span, Standing};

impl Client {
    /// Recomputes everything that is claimed to be verified. An account whose rows were changed on this device is marked,
    /// and fetched again by the next sync.
    pub fn verify(&self) -> Result<VerifyView> {
        let key_of = self.engine.checkpoint_keys()?;
        let cooperative = &self.engine.identity().cooperative;
        let (view, signed, damaged) = self.engine.store.read(|db| {
            let checkpoint = mirror::checkpoint(db)?;
            let signed = match &checkpoint {
                Some(held) => is_signed(held, |signed| signed.verify(&key_of).is_ok()),
                None => true,
            };
            let leaves = checkpoint.map(|held| held.leaves).unwrap_or_default();
            let (mut accounts, mut damaged) = (Vec::new(), Vec::new());
            for account in mirror::accounts(db)? {
                if !matches!(account.standing, Standing::Ended(_)) {
                    let view = check(db, cooperative, &account, &leaves)?;
                    damaged.extend((!view.ok).then_some(account.account));
                    accounts.push(view);
                }
            }
            Ok((VerifyView { ok: signed && accounts.iter().all(|account| account.ok), accounts }, signed, damaged))
        })?;
        if !view.ok {
            self.engine.store.write(|tx| {
                if !signed {
                    mirror::forget_checkpoint(tx)?;
                }
                damaged.iter().try_for_each(|account| mirror::mark_damaged(tx, *account))
            })?;
            self.engine.tell(Topic::Balances);
        }
        Ok(view)
    }
}

/// The checkpoint is signed, and its root is over the heads that are kept beside it.
fn is_signed(held: &StoredCheckpoint, verify: impl FnOnce(&SignedCheckpoint) -> bool) -> bool {
    let root = merkle::root(&held.leaves);
    SignedCheckpoint::parse(&held.bytes)
        .is_ok_and(|signed| verify(&signed) && signed.unverified().is_ok_and(|content| content.root == root))
}

fn check(
    db: &Snapshot,
    cooperative: &CooperativeId,
    account: &StoredAccount,
    leaves: &[Vec<u8>],
) -> Result<VerifiedAccountView> {
    let key = account.head.key();
    let mut first_bad = None;
    // Lowest first, so that the first bad entry is the lowest one.
    for span in account.spans.iter().rev() {
        first_bad = first_bad.or(walk(db, &mut Chain::new(cooperative, &key), account, span)?);
    }
    let in_checkpoint = leaves.contains(&head::encode(&account.head));
    let reaches = account.is_verified() && in_checkpoint;
    Ok(VerifiedAccountView {
        entries: passbook::count(db, account.account, key.kind)?,
        ok: first_bad.is_none() && reaches,
        // Entries that chain but end beside the signed head: the head's own entry is the first that is not proven.
        first_bad_seq: first_bad.or_else(|| (!reaches && account.head.seq() > 0).then(|| account.head.seq())),
        hash: account.head.hash(),
        kind: key.kind,
        account: key.account,
    })
}

/// Walks a run's entries; gives the first that is bad.
fn walk(db: &Snapshot, chain: &mut Chain, account: &StoredAccount, span: &Span) -> Result<Option<u32>> {
    let mut walker = Walker { link: span.before, bad: None };
    match &account.head {
        Head::Savings(_) => passbook::savings_up(db, account.account, span, &mut |entry| walker.step(chain, entry))?,
        Head::Loan(_) => passbook::loan_up(db, account.account, span, &mut |entry| walker.step(chain, entry))?,
    }
    Ok(walker.bad.or_else(|| {
        if walker.link == span.last {
            None
        } else if walker.link.seq < span.last.seq {
            // Entries at the end of the run are missing.
            Some(walker.link.seq + 1)
        } else {
            // Every figure adds up, but a word, a date or a pair of figures was changed somewhere in the run.
            Some(span.low())
        }
    }))
}

struct Walker {
    link: Link,
    bad: Option<u32>,
}

impl Walker {
    fn step<E: ChainEntry>(&mut self, chain: &mut Chain, entry: std::result::Result<E, u32>) -> bool {
        let expected = self.link.seq + 1;
        match entry {
            Ok(entry) => match chain::walk(chain, self.link, std::slice::from_ref(&entry), |_| true) {
                Ok(link) => self.link = link,
                Err(broken) => self.bad = Some(broken.seq),
            },
            // A gap before a spoiled entry is found first.
            Err(seq) => self.bad = Some(seq.min(expected)),
        }
        self.bad.is_none()
    }
}
