//! New books of an account beside those that are shown, while a new epoch changed its past.
//!
//! They are runs and entries under a number of their own. Once they are whole the account takes that number: what was held
//! before keeps the old one and stays as evidence, not a row of it is moved.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::unjoined::{self, Unjoined};
use super::{evidence, mirror, passbook, rows};
use crate::domain::{AccountKey, AccountNo, Head, LedgerKind};
use crate::error::Result;
use crate::protocol::frame::Page;
use crate::protocol::head;
use crate::sync::{HeldShadow, Span};

/// Everything that fills.
pub(crate) fn all(db: &Connection, unjoined: &mut Unjoined) -> Result<Vec<(AccountKey, HeldShadow)>> {
    let mut select = db.prepare_cached("SELECT account, kind, account_no, epoch, head FROM shadow")?;
    rows::all(&mut select, [], |row| {
        let kind = rows::word(row, 1, LedgerKind::from_number)?;
        let head = rows::checked(row, 4, |bytes: Vec<u8>| head::decode(&bytes))?;
        let spans = mirror::spans(db, row.get(0)?)?;
        let key = AccountKey { kind, account: rows::text(row, 2, AccountNo::new)? };
        let unjoined = unjoined.remove(&(key.clone(), true)).unwrap_or_default();
        Ok((key, HeldShadow { epoch: row.get(3)?, head: mirror::link_of(&head), unjoined, spans }))
    })
}

/// Begins with nothing, in place of what may have been begun before.
pub(crate) fn begin(tx: &Transaction<'_>, new: &Head, epoch: u64) -> Result<()> {
    let key = new.key();
    clear(tx, &key)?;
    unjoined::forget(tx, &key, false)?;
    tx.prepare_cached("DELETE FROM shadow WHERE kind = ?1 AND account_no = ?2")?
        .execute(params![key.kind as u8, key.account.as_str()])?;
    tx.execute(
        "INSERT INTO shadow (account, kind, account_no, epoch, head) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![mirror::next_number(tx)?, key.kind as u8, key.account.as_str(), epoch, head::encode(new)],
    )?;
    Ok(())
}

/// A newer head of the same epoch.
pub(crate) fn set_head(tx: &Transaction<'_>, new: &Head) -> Result<()> {
    let key = new.key();
    tx.execute(
        "UPDATE shadow SET head = ?3 WHERE kind = ?1 AND account_no = ?2",
        params![key.kind as u8, key.account.as_str(), head::encode(new)],
    )?;
    Ok(())
}

/// Stores a verified page. Its runs follow in the same transaction.
pub(crate) fn take_page(tx: &Transaction<'_>, page: &Page) -> Result<()> {
    passbook::insert(tx, number(tx, &page.key)?, &page.entries)
}

/// Stores the runs of an account whose pages were stored.
pub(crate) fn take_spans(tx: &Transaction<'_>, key: &AccountKey, spans: &[Span]) -> Result<()> {
    mirror::set_spans(tx, number(tx, key)?, spans)
}

/// Throws away what is here of the new books: they did not verify and are fetched again.
pub(crate) fn clear(tx: &Transaction<'_>, key: &AccountKey) -> Result<()> {
    let Some(shadow) = find(tx, key)? else { return Ok(()) };
    passbook::keep_only(tx, shadow, key.kind, &[])?;
    mirror::set_spans(tx, shadow, &[])
}

/// The new books are whole: they are what is shown from now on, and the old ones become evidence, with the first entry that
/// the new ones lack or have otherwise.
pub(crate) fn replace(tx: &Transaction<'_>, key: &AccountKey) -> Result<()> {
    let (old, new) = (mirror::number(tx, key)?, number(tx, key)?);
    let first = passbook::first_difference(tx, key.kind, old, new)?;
    let epoch: u64 = tx.query_row("SELECT epoch FROM shadow WHERE account = ?1", [new], |row| row.get(0))?;
    evidence::keep_old(tx, key, epoch, old, first)?;
    tx.execute(
        "UPDATE account SET account = ?2, standing = 0, epoch = c.epoch, as_of = c.as_of, standing_at = c.as_of,
           head = (SELECT head FROM shadow WHERE account = ?2) FROM checkpoint c WHERE account = ?1",
        params![old, new],
    )?;
    tx.execute("DELETE FROM shadow WHERE account = ?1", [new])?;
    unjoined::forget(tx, key, true)
}

fn find(db: &Connection, key: &AccountKey) -> Result<Option<i64>> {
    Ok(db
        .prepare_cached("SELECT account FROM shadow WHERE kind = ?1 AND account_no = ?2")?
        .query_row(params![key.kind as u8, key.account.as_str()], |row| row.get(0))
        .optional()?)
}

fn number(db: &Connection, key: &AccountKey) -> Result<i64> {
    find(db, key)?.ok_or_else(|| rows::unreadable("the new books of an account are missing"))
}
