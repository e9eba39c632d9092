//! Proving the store again from its own rows: every chain, every figure, the signed heads and the tree over them.

use data_encoding::HEXLOWER;

use super::{Client, VerifiedAccountView, VerifyView};
use crate::domain::{CooperativeId, Head, Topic};
use crate::engine::Identity;
use crate::error::Result;
use crate::protocol::chain::{self, Chain, ChainEntry, Link};
use crate::protocol::checkpoint::{SignedCheckpoint, StatementFault};
use crate::protocol::merkle;
use crate::store::mirror::{self, StoredAccount, StoredCheckpoint};
use crate::store::{Snapshot, passbook};
use crate::sync::{Span, Standing};

/// What was found, and what is to be thrown away because this device's rows are not what was proven once.
struct Findings {
    view: VerifyView,
    damaged: Vec<i64>,
    checkpoint_damaged: bool,
}

/// How the stored checkpoint stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Signature {
    Good,
    /// Its key is no longer believed: nothing is wrong with the store.
    KeyGone,
    /// The store's bytes are not what was signed.
    Bad,
}

impl Client {
    /// Recomputes everything that is held. An account whose rows were changed on this device is marked, and fetched again
    /// by the next sync; one that is only not fetched whole yet is no fault.
    pub fn verify(&self) -> Result<VerifyView> {
        let key_of = self.engine.checkpoint_keys()?;
        let identity = self.engine.identity();
        let verify = |signed: &SignedCheckpoint| signed.verify(&key_of);
        let found = self.engine.store.read(|db| {
            let checkpoint = mirror::checkpoint(db)?;
            let signature = checkpoint.as_ref().map_or(Signature::Good, |held| signature(held, identity, verify));
            let signed = mirror::signed_heads(checkpoint.as_ref())?;
            let stored = mirror::accounts(db)?;
            let (mut accounts, mut damaged) = (Vec::new(), Vec::new());
            for account in stored.iter().filter(|account| !matches!(account.standing, Standing::Ended(_))) {
                let view = check(db, &identity.cooperative, account, &signed)?;
                damaged.extend(view.first_bad_seq.map(|_| account.account));
                accounts.push(view);
            }
            // What the cooperative signs and this device does not hold was refused, or taken away here.
            let missing = signed.iter().filter(|head| !accounts.iter().any(|view| is_of(view, head))).map(missing);
            accounts.extend(missing.collect::<Vec<_>>());
            let ok = signature == Signature::Good && accounts.iter().all(|account| account.ok);
            let view = VerifyView { accounts, ok };
            Ok(Findings { view, damaged, checkpoint_damaged: signature == Signature::Bad })
        })?;
        if found.checkpoint_damaged || !found.damaged.is_empty() {
            self.engine.store.write(|tx| {
                if found.checkpoint_damaged {
                    mirror::forget_checkpoint(tx)?;
                }
                found.damaged.iter().try_for_each(|account| mirror::mark_damaged(tx, *account))
            })?;
            self.engine.tell(Topic::Balances);
        }
        Ok(found.view)
    }
}

fn missing(head: &Head) -> VerifiedAccountView {
    let key = head.key();
    VerifiedAccountView {
        account_no: key.account,
        kind: key.kind,
        entries: 0,
        ok: false,
        first_bad_seq: (head.seq() > 0).then_some(1),
        hash: HEXLOWER.encode(&head.hash()),
    }
}

fn is_of(view: &VerifiedAccountView, head: &Head) -> bool {
    let key = head.key();
    view.kind == key.kind && view.account_no == key.account
}

/// The checkpoint is signed, is this member's, and its root is over the heads that are kept beside it.
fn signature(
    held: &StoredCheckpoint,
    identity: &Identity,
    verify: impl FnOnce(&SignedCheckpoint) -> std::result::Result<crate::protocol::checkpoint::Checkpoint, StatementFault>,
) -> Signature {
    let Ok(signed) = SignedCheckpoint::parse(&held.bytes) else { return Signature::Bad };
    match verify(&signed) {
        Ok(content) => {
            let ours = content.cooperative == identity.cooperative && content.member == identity.member;
            let same = (content.epoch, content.generation) == (held.epoch, held.generation);
            if ours && same && content.root == merkle::root(&held.leaves) { Signature::Good } else { Signature::Bad }
        }
        Err(StatementFault::UnknownKey) => Signature::KeyGone,
        Err(_) => Signature::Bad,
    }
}

fn check(
    db: &Snapshot,
    cooperative: &CooperativeId,
    account: &StoredAccount,
    signed: &[Head],
) -> Result<VerifiedAccountView> {
    let key = account.head.key();
    let mut first_bad = None;
    // Lowest first, so that the first bad entry is the lowest one.
    for span in account.spans.iter().rev() {
        first_bad = first_bad.or(walk(db, &mut Chain::new(cooperative, &key), account, span)?);
    }
    let entries = passbook::count(db, account.account, key.kind)?;
    let claimed: u64 = account.spans.iter().map(|span| u64::from(span.last.seq - span.before.seq)).sum();
    // A row that no proof covers, or runs that end beside the head.
    let strange = entries != claimed || !runs_fit(account);
    let is_signed = signed.contains(&account.head);
    // A head that nobody signed is this device's fault, unless it is the old figure of an account that was refused.
    let forged = !is_signed && account.standing == Standing::Good;
    first_bad = first_bad.or_else(|| (strange || forged).then(|| account.head.seq().max(1)));
    let standing = matches!(account.standing, Standing::Good);
    Ok(VerifiedAccountView {
        entries,
        ok: first_bad.is_none() && is_signed && standing,
        first_bad_seq: first_bad,
        hash: HEXLOWER.encode(&account.head.hash()),
        kind: key.kind,
        account_no: key.account,
    })
}

/// The runs stand in order, below the head, and one that reaches the head ends in it.
fn runs_fit(account: &StoredAccount) -> bool {
    let (mut above, head) = (u32::MAX, &account.head);
    account.spans.iter().all(|span| {
        let fits = span.before.seq < span.last.seq && span.last.seq < above && span.last.seq <= head.seq();
        above = span.before.seq;
        let starts = span.before.seq > 0 || span.before == Link::START;
        let ends = span.last.seq != head.seq() || (span.last.hash, span.last.figure) == (head.hash(), head.figure());
        fits && starts && ends
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
        let expected = self.link.seq.saturating_add(1);
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
