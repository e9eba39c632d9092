//! Evidence of broken promises: both signed checkpoints, kept for the office.

use rusqlite::{Connection, Transaction, params};

use super::rows::{self, instant, word};
use crate::domain::{AccountKey, AccountNo, EvidenceKind, Timestamp};
use crate::error::Result;

/// One promise that was broken.
pub(crate) struct Evidence<'a> {
    pub(crate) at: Timestamp,
    pub(crate) kind: EvidenceKind,
    pub(crate) account: Option<&'a AccountKey>,
    pub(crate) held: Option<&'a [u8]>,
    pub(crate) received: Option<&'a [u8]>,
}

/// Keeps it, unless the same is kept already. Says whether it is new.
pub(crate) fn keep(tx: &Transaction<'_>, evidence: &Evidence<'_>) -> Result<bool> {
    let ledger = evidence.account.map(|key| key.kind as u8);
    let account = evidence.account.map(|key| key.account.as_str());
    let added = tx.execute(
        "INSERT INTO evidence (at, kind, ledger, account_no, held, received)
         SELECT ?1, ?2, ?3, ?4, ?5, ?6 WHERE NOT EXISTS
           (SELECT 1 FROM evidence WHERE kind = ?2 AND ledger IS ?3 AND account_no IS ?4 AND received IS ?6)",
        params![evidence.at.seconds(), evidence.kind as u8, ledger, account, evidence.held, evidence.received],
    )?;
    Ok(added > 0)
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
