//! Evidence of broken promises: both signed checkpoints, kept for the office.

use rusqlite::{Connection, Row, Transaction, params};

use super::rows::{self, instant, word};
use crate::domain::{AccountKey, AccountNo, EvidenceKind, LedgerKind, Timestamp};
use crate::error::Result;
use crate::protocol::{Hash, head};

/// One promise that was broken.
pub(crate) struct Evidence<'a> {
    pub(crate) at: Timestamp,
    pub(crate) kind: EvidenceKind,
    pub(crate) account: Option<&'a AccountKey>,
    pub(crate) held: Option<&'a Signed>,
    pub(crate) received: Option<&'a Signed>,
    /// SHA-256 of the frame of the page that did not fit.
    pub(crate) page: Option<Hash>,
    /// The new epoch that has another past; one piece of evidence for each account.
    pub(crate) epoch: Option<u64>,
}

/// A checkpoint as signed, and the heads that its root is over (none where they did not come).
pub(crate) struct Signed {
    pub(crate) checkpoint: Vec<u8>,
    pub(crate) leaves: Vec<Vec<u8>>,
}

/// The most pieces of a kind: a server that lies at every sync must not fill the phone, nor leave no room for what is worse.
const MAX_OF_A_KIND: u32 = 100;

/// What became of a piece of evidence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// It is new: the member must be told.
    New,
    /// It was there; its time moved.
    Again,
    /// There is no room for more.
    Full,
}

/// Keeps it; the same once more only moves its time.
pub(crate) fn keep(tx: &Transaction<'_>, evidence: &Evidence<'_>) -> Result<Kept> {
    let ledger = evidence.account.map(|key| key.kind as u8);
    let account = evidence.account.map(|key| key.account.as_str());
    let checkpoint = |signed: Option<&'_ Signed>| signed.map(|signed| signed.checkpoint.clone());
    let heads = |signed: Option<&'_ Signed>| signed.map(|signed| head::encode_leaves(&signed.leaves));
    let received = checkpoint(evidence.received);
    let again = tx.execute(
        "UPDATE evidence SET at = ?1 WHERE kind = ?2 AND ledger IS ?3 AND account_no IS ?4 AND epoch IS ?6
           AND (?6 IS NOT NULL OR received IS ?5)",
        params![evidence.at.seconds(), evidence.kind as u8, ledger, account, received, evidence.epoch],
    )?;
    if again > 0 {
        return Ok(Kept::Again);
    }
    let added = tx.execute(
        "INSERT INTO evidence (at, kind, ledger, account_no, held, held_heads, received, received_heads, page, epoch)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 WHERE (SELECT count(*) FROM evidence WHERE kind = ?2) < ?11",
        params![
            evidence.at.seconds(),
            evidence.kind as u8,
            ledger,
            account,
            checkpoint(evidence.held),
            heads(evidence.held),
            received,
            heads(evidence.received),
            evidence.page,
            evidence.epoch,
            MAX_OF_A_KIND
        ],
    )?;
    Ok(if added > 0 { Kept::New } else { Kept::Full })
}

/// Keeps what another store had, without the old entries.
pub(super) fn keep_again(tx: &Transaction<'_>, kept: &StoredEvidence) -> Result<Kept> {
    let StoredEvidence { at, kind, account, held, received, page, epoch, .. } = kept;
    let (account, held, received) = (account.as_ref(), held.as_ref(), received.as_ref());
    keep(tx, &Evidence { at: *at, kind: *kind, account, held, received, page: *page, epoch: *epoch })
}

/// The old entries of an account, which stay under the number `old`, and the first of them that the new books of `epoch`
/// lack or have otherwise.
pub(crate) fn keep_old(
    tx: &Transaction<'_>,
    key: &AccountKey,
    epoch: u64,
    old: i64,
    first_seq: Option<u32>,
) -> Result<()> {
    tx.execute(
        "UPDATE evidence SET old_account = ?4, first_seq = ?5 WHERE ledger = ?1 AND account_no = ?2 AND epoch = ?3",
        params![key.kind as u8, key.account.as_str(), epoch, old, first_seq],
    )?;
    Ok(())
}

/// The last checkpoint held of an epoch that ended.
pub(crate) fn former(db: &Connection, epoch: u64) -> Result<Option<Signed>> {
    let mut select = db.prepare_cached("SELECT bytes, heads FROM former_checkpoint WHERE epoch = ?1")?;
    rows::one(&mut select, [epoch], |row| {
        Ok(Signed {
            checkpoint: row.get(0)?,
            leaves: rows::checked(row, 1, |bytes: Vec<u8>| head::decode_leaves(&bytes))?,
        })
    })
}

/// When an account was last refused, for accounts of which nothing is held. Where a new epoch has another past, its books were
/// not refused.
pub(crate) fn refused(db: &Connection) -> Result<Vec<(AccountKey, Timestamp)>> {
    let mut select = db.prepare_cached(
        "SELECT ledger, account_no, max(at) FROM evidence e
         WHERE account_no IS NOT NULL AND epoch IS NULL AND NOT EXISTS
           (SELECT 1 FROM account a WHERE a.kind = e.ledger AND a.account_no = e.account_no)
         GROUP BY ledger, account_no",
    )?;
    rows::all(&mut select, [], |row| {
        let kind = word(row, 0, LedgerKind::from_number)?;
        Ok((AccountKey { kind, account: rows::text(row, 1, AccountNo::new)? }, instant(row, 2)?))
    })
}

/// A piece of evidence as kept.
pub(crate) struct StoredEvidence {
    pub(crate) at: Timestamp,
    pub(crate) kind: EvidenceKind,
    pub(crate) account: Option<AccountKey>,
    pub(crate) held: Option<Signed>,
    pub(crate) received: Option<Signed>,
    pub(crate) page: Option<Hash>,
    pub(crate) epoch: Option<u64>,
    /// The number under which the old entries stand.
    pub(crate) old_account: Option<i64>,
    pub(crate) first_seq: Option<u32>,
}

/// All of it, newest first.
pub(crate) fn all(db: &Connection) -> Result<Vec<StoredEvidence>> {
    let mut select = db.prepare_cached(
        "SELECT at, kind, ledger, account_no, held, held_heads, received, received_heads, page, epoch, old_account, first_seq
         FROM evidence ORDER BY at DESC, evidence DESC",
    )?;
    rows::all(&mut select, [], |row| {
        let ledger = row.get::<_, Option<u8>>(2)?.map(|_| word(row, 2, LedgerKind::from_number)).transpose()?;
        let account = ledger
            .map(|kind| Ok::<_, crate::error::Error>(AccountKey { kind, account: rows::text(row, 3, AccountNo::new)? }))
            .transpose()?;
        let page = row.get::<_, Option<Vec<u8>>>(8)?.map(Hash::try_from).transpose();
        Ok(StoredEvidence {
            at: instant(row, 0)?,
            kind: word(row, 1, EvidenceKind::from_number)?,
            account,
            held: signed(row, 4)?,
            received: signed(row, 6)?,
            page: page.map_err(|_| rows::unreadable("a hash in the store has another length"))?,
            epoch: row.get(9)?,
            old_account: row.get(10)?,
            first_seq: row.get(11)?,
        })
    })
}

/// A checkpoint and, in the next column, its heads.
fn signed(row: &Row<'_>, at: usize) -> Result<Option<Signed>> {
    let Some(checkpoint) = row.get(at)? else { return Ok(None) };
    let heads: Option<Vec<u8>> = row.get(at + 1)?;
    let leaves = heads.map(|heads| head::decode_leaves(&heads)).transpose().map_err(rows::unreadable)?;
    Ok(Some(Signed { checkpoint, leaves: leaves.unwrap_or_default() }))
}

/// What the member must be told, newest first.
pub(crate) fn list(db: &Connection) -> Result<Vec<(EvidenceKind, Option<AccountNo>, Timestamp)>> {
    let mut select = db.prepare_cached(
        "SELECT kind, account_no, max(at) FROM evidence GROUP BY kind, ledger, account_no ORDER BY max(at) DESC, kind",
    )?;
    rows::all(&mut select, [], |row| {
        let account =
            row.get::<_, Option<Box<str>>>(1)?.map(|no| AccountNo::new(&no)).transpose().map_err(rows::unreadable)?;
        Ok((word(row, 0, EvidenceKind::from_number)?, account, instant(row, 2)?))
    })
}
