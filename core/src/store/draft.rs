//! Drafts: what the member is still writing. Nothing here is ever sent.

use rusqlite::{Connection, Row, Transaction, params};

use super::salvage::Open;
use super::{attachment, rows};
use crate::domain::{Draft, MAX_DRAFTS, OperationId, Timestamp};
use crate::error::{Error, Result};
use crate::protocol::backing;
use crate::protocol::problem::Code;

/// A draft that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredDraft {
    pub(crate) id: OperationId,
    pub(crate) draft: Draft,
    pub(crate) saved_at: Timestamp,
}

const COLUMNS: &str = "SELECT operation, body, saved_at FROM draft";

fn stored(row: &Row<'_>) -> Result<StoredDraft> {
    Ok(StoredDraft {
        id: rows::checked(row, "operation", |bytes: Vec<u8>| OperationId::from_bytes(&bytes))?,
        draft: rows::checked(row, "body", |bytes: Vec<u8>| backing::decode_draft(&bytes))?,
        saved_at: rows::instant(row, "saved_at")?,
    })
}

/// Keeps a draft, a new one or one that was changed.
pub(crate) fn save(tx: &Transaction<'_>, id: &OperationId, draft: &Draft, now: Timestamp) -> Result<()> {
    let others: usize =
        tx.query_row("SELECT count(*) FROM draft WHERE operation != ?1", [id.as_bytes()], |row| row.get(0))?;
    if others >= MAX_DRAFTS {
        return Err(Error::new(Code::NotPossible).detail("a phone keeps at most 20 drafts"));
    }
    tx.execute(
        "INSERT INTO draft VALUES (?1, ?2, ?3)
         ON CONFLICT (operation) DO UPDATE SET body = ?2, saved_at = ?3",
        params![id.as_bytes(), backing::encode_draft(draft), now.seconds()],
    )?;
    Ok(())
}

/// One draft.
pub(crate) fn find(db: &Connection, id: &OperationId) -> Result<Option<StoredDraft>> {
    let mut select = db.prepare_cached(&format!("{COLUMNS} WHERE operation = ?1"))?;
    rows::one(&mut select, [id.as_bytes()], stored)
}

/// All drafts, the newest first.
pub(crate) fn all(db: &Connection) -> Result<Vec<StoredDraft>> {
    let mut select = db.prepare_cached(&format!("{COLUMNS} ORDER BY saved_at DESC, operation DESC"))?;
    rows::all(&mut select, [], stored)
}

/// Whether there are any.
pub(crate) fn any(db: &Connection) -> Result<bool> {
    Ok(db.prepare_cached("SELECT 1 FROM draft")?.exists([])?)
}

/// The draft became a command, which its documents now belong to.
pub(crate) fn became_command(tx: &Transaction<'_>, id: &OperationId) -> Result<()> {
    tx.execute("DELETE FROM draft WHERE operation = ?1", [id.as_bytes()])?;
    Ok(())
}

/// Throws a draft away with its documents. Says whether there was one.
pub(crate) fn delete(tx: &Transaction<'_>, id: &OperationId) -> Result<bool> {
    let found = tx.execute("DELETE FROM draft WHERE operation = ?1", [id.as_bytes()])? > 0;
    if found {
        attachment::remove_all(tx, id)?;
    }
    Ok(found)
}

/// Copies into a new store the drafts that can be read of a damaged one, from either end. Says whether all could.
pub(super) fn carry_over(open: &Open<'_>, tx: &Transaction<'_>) -> Result<bool> {
    let mut all_good = true;
    for order in ["ASC", "DESC"] {
        let damaged = open()?;
        let mut select = damaged.prepare(&format!("{COLUMNS} ORDER BY operation {order}"))?;
        let mut rows = select.query([])?;
        loop {
            let row = rows.next().map_err(crate::error::Error::from).map(|row| row.map(stored));
            match attachment::if_readable(row)? {
                None => break,
                Some(None) => return Ok(all_good),
                Some(Some(read)) => match attachment::if_readable(read)? {
                    Some(read) => save(tx, &read.id, &read.draft, read.saved_at)?,
                    None => all_good = false,
                },
            }
        }
        // A damaged page ends a scan: what lies behind it is reached from the other end.
        all_good = false;
    }
    Ok(all_good)
}
