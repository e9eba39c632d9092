//! Evidence of broken promises: both signed checkpoints, kept for the office.

use rusqlite::{Connection, Transaction, params};

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
}

/// A checkpoint as signed, and the heads that its root is over (none where they did not come).
pub(crate) struct Signed {
    pub(crate) checkpoint: Vec<u8>,
    pub(crate) leaves: Vec<Vec<u8>>,
}

/// A server that lies at every sync must not fill the phone.
const MAX_EVIDENCE: u32 = 200;

/// Keeps it; the same once more only moves its time. Says whether it is new.
pub(crate) fn keep(tx: &Transaction<'_>, evidence: &Evidence<'_>) -> Result<bool> {
    let ledger = evidence.account.map(|key| key.kind as u8);
    let account = evidence.account.map(|key| key.account.as_str());
    let checkpoint = |signed: Option<&'_ Signed>| signed.map(|signed| signed.checkpoint.clone());
    let heads = |signed: Option<&'_ Signed>| signed.map(|signed| head::encode_leaves(&signed.leaves));
    let received = checkpoint(evidence.received);
    let again = tx.execute(
        "UPDATE evidence SET at = ?1 WHERE kind = ?2 AND ledger IS ?3 AND account_no IS ?4 AND received IS ?5",
        params![evidence.at.seconds(), evidence.kind as u8, ledger, account, received],
    )?;
    if again > 0 {
        return Ok(false);
    }
    let added = tx.execute(
        "INSERT INTO evidence (at, kind, ledger, account_no, held, held_heads, received, received_heads, page)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9 WHERE (SELECT count(*) FROM evidence) < ?10",
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
            MAX_EVIDENCE
        ],
    )?;
    Ok(added > 0)
}

/// When an account was last refused, for accounts of which nothing is held.
pub(crate) fn refused(db: &Connection) -> Result<Vec<(AccountKey, Timestamp)>> {
    let mut select = db.prepare_cached(
        "SELECT ledger, account_no, max(at) FROM evidence e WHERE account_no IS NOT NULL AND NOT EXISTS
           (SELECT 1 FROM account a WHERE a.kind = e.ledger AND a.account_no = e.account_no)
         GROUP BY ledger, account_no",
    )?;
    rows::all(&mut select, [], |row| {
        let kind = word(row, 0, LedgerKind::from_number)?;
        Ok((AccountKey { kind, account: rows::text(row, 1, AccountNo::new)? }, instant(row, 2)?))
    })
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
