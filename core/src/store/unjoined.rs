//! Heads that were signed and that no run held reaches yet: pulls broke off after them. Who forgot them would let a server
//! rewrite what it once signed by cutting two pulls short.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, Transaction, params};

use super::evidence::Signed;
use super::{mirror, rows};
use crate::domain::{AccountKey, AccountNo, LedgerKind};
use crate::error::{Error, Result};
use crate::protocol::chain::Link;
use crate::protocol::head;
use crate::protocol::problem::Code;

/// The most of one account: a network that breaks off this often after new heads, and never after a page, is none.
const MOST: u32 = 500;

/// By their account and whether they are of its new books.
pub(super) type Unjoined = BTreeMap<(AccountKey, bool), Vec<Link>>;

/// All of them.
pub(super) fn all(db: &Connection) -> Result<Unjoined> {
    let mut select = db.prepare_cached("SELECT kind, account_no, shadow, seq, hash, figure FROM unjoined_head")?;
    let mut all = Unjoined::new();
    for (of, link) in rows::all(&mut select, [], |row| Ok((of(row)?, mirror::link(row, 3)?)))? {
        all.entry(of).or_default().push(link);
    }
    Ok(all)
}

fn of(row: &Row<'_>) -> Result<(AccountKey, bool)> {
    let kind = rows::word(row, 0, LedgerKind::from_number)?;
    Ok((AccountKey { kind, account: rows::text(row, 1, AccountNo::new)? }, row.get(2)?))
}

/// Those of the books that are shown, with the checkpoint that was held then.
pub(super) fn of_shown(db: &Connection) -> Result<Vec<(AccountKey, Link, Signed)>> {
    let mut select = db.prepare(
        "SELECT kind, account_no, shadow, seq, hash, figure, checkpoint, heads FROM unjoined_head WHERE shadow = 0",
    )?;
    rows::all(&mut select, [], |row| Ok((of(row)?.0, mirror::link(row, 3)?, signed(row, 6)?)))
}

fn signed(row: &Row<'_>, at: usize) -> Result<Signed> {
    let leaves = rows::checked(row, at + 1, |bytes: Vec<u8>| head::decode_leaves(&bytes))?;
    Ok(Signed { checkpoint: row.get(at)?, leaves })
}

/// Keeps a head that another is about to replace, with the checkpoint held.
pub(crate) fn keep(tx: &Transaction<'_>, key: &AccountKey, is_shadow: bool, link: &Link, held: &Signed) -> Result<()> {
    let (kind, account) = (key.kind as u8, key.account.as_str());
    let count: u32 = tx
        .prepare_cached("SELECT count(*) FROM unjoined_head WHERE kind = ?1 AND account_no = ?2 AND shadow = ?3")?
        .query_row(params![kind, account, is_shadow], |row| row.get(0))?;
    if count >= MOST {
        return Err(Error::new(Code::NotVerified).detail("too many answers of this server broke off"));
    }
    let heads = head::encode_leaves(&held.leaves);
    let row = params![kind, account, is_shadow, link.seq, link.hash, link.figure.sen(), held.checkpoint, heads];
    tx.prepare_cached("INSERT OR IGNORE INTO unjoined_head VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")?.execute(row)?;
    Ok(())
}

/// Forgets those that runs reach: they were found in them. Asked for when a pull begins, not when it stores a run, which it may
/// still take back. The runs of an account that was changed on this device prove nothing.
pub(crate) fn forget_reached(tx: &Transaction<'_>) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM unjoined_head AS h WHERE EXISTS
           (SELECT 1 FROM (SELECT account, kind, account_no, 0 AS shadow FROM account WHERE standing != 3
                           UNION ALL SELECT account, kind, account_no, 1 FROM shadow) a JOIN span s ON s.account = a.account
            WHERE a.kind = h.kind AND a.account_no = h.account_no AND a.shadow = h.shadow
              AND h.seq > s.before_seq AND h.seq <= s.last_seq)",
    )?
    .execute([])?;
    Ok(())
}

/// Forgets those of an account's new books: other ones begin. With `shown` those of the books that are shown too: the new
/// ones take their place.
pub(super) fn forget(tx: &Transaction<'_>, key: &AccountKey, shown: bool) -> Result<()> {
    tx.prepare_cached("DELETE FROM unjoined_head WHERE kind = ?1 AND account_no = ?2 AND (shadow = 1 OR ?3)")?
        .execute(params![key.kind as u8, key.account.as_str(), shown])?;
    Ok(())
}

/// The checkpoint that was held with the oldest of an account's: what its books are no longer true to.
pub(crate) fn oldest(db: &Connection, key: &AccountKey, is_shadow: bool) -> Result<Option<Signed>> {
    let mut select = db.prepare_cached(
        "SELECT checkpoint, heads FROM unjoined_head WHERE kind = ?1 AND account_no = ?2 AND shadow = ?3
         ORDER BY seq LIMIT 1",
    )?;
    rows::one(&mut select, params![key.kind as u8, key.account.as_str(), is_shadow], |row| signed(row, 0))
}

#[cfg(test)]
mod tests;
