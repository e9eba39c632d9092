//! The entries of the passbooks, in key order.

use rusqlite::{Connection, Row, Transaction, params};

use super::rows::{self, day, money, word};
use crate::domain::{LedgerKind, LoanAmounts, LoanEntry, LoanKind, SavingsEntry, SavingsKind};
use crate::error::Result;
use crate::protocol::chain::Entries;
use crate::sync::Span;

/// Writes entries of an account. A row that is there already is the same row: both were verified against the same hash.
pub(crate) fn insert(tx: &Transaction<'_>, account: i64, entries: &Entries) -> Result<()> {
    match entries {
        Entries::Savings(entries) => {
            let mut insert =
                tx.prepare_cached("INSERT OR REPLACE INTO savings_entry VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9)")?;
            for e in entries {
                insert.execute(params![
                    account,
                    e.seq(),
                    e.posted_on().days(),
                    e.kind() as u8,
                    e.amount().sen(),
                    e.balance_after().sen(),
                    e.description().as_str(),
                    e.reference().as_str(),
                    e.reverses(),
                ])?;
            }
        }
        Entries::Loan(entries) => {
            let mut insert =
                tx.prepare_cached("INSERT OR REPLACE INTO loan_entry VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11)")?;
            for e in entries {
                insert.execute(params![
                    account,
                    e.seq(),
                    e.posted_on().days(),
                    e.kind() as u8,
                    e.amounts().principal.sen(),
                    e.amounts().interest.sen(),
                    e.amounts().late_charge.sen(),
                    e.outstanding_after().sen(),
                    e.description().as_str(),
                    e.reference().as_str(),
                    e.reverses(),
                ])?;
            }
        }
    }
    Ok(())
}

/// Deletes every entry of an account that stands in none of `spans` (newest first).
pub(crate) fn keep_only(tx: &Transaction<'_>, account: i64, kind: LedgerKind, spans: &[Span]) -> Result<()> {
    let table = table(kind);
    let mut delete =
        tx.prepare_cached(&format!("DELETE FROM {table} WHERE account = ?1 AND seq > ?2 AND seq <= ?3"))?;
    let mut above = i64::MAX;
    for span in spans {
        delete.execute(params![account, span.last.seq, above])?;
        above = i64::from(span.before.seq);
    }
    // Also what can never be in a run: no seq is below 1.
    delete.execute(params![account, i64::MIN, above])?;
    Ok(())
}

/// Savings entries below `before`, newest first.
pub(crate) fn savings_down(db: &Connection, account: i64, before: u32, limit: u32) -> Result<Vec<SavingsEntry>> {
    down(db, LedgerKind::Savings, account, before, limit, savings)
}

/// Loan entries below `before`, newest first.
pub(crate) fn loan_down(db: &Connection, account: i64, before: u32, limit: u32) -> Result<Vec<LoanEntry>> {
    down(db, LedgerKind::Loan, account, before, limit, loan)
}

fn down<E>(
    db: &Connection,
    kind: LedgerKind,
    account: i64,
    before: u32,
    limit: u32,
    read: impl FnMut(&Row<'_>) -> Result<E>,
) -> Result<Vec<E>> {
    let (columns, table) = (columns(kind), table(kind));
    let sql = format!("SELECT {columns} FROM {table} WHERE account = ?1 AND seq < ?2 ORDER BY seq DESC LIMIT ?3");
    rows::all(&mut *db.prepare_cached(&sql)?, params![account, before, limit], read)
}

/// How many entries are held.
pub(crate) fn count(db: &Connection, account: i64, kind: LedgerKind) -> Result<u64> {
    let sql = format!("SELECT count(*) FROM {} WHERE account = ?1", table(kind));
    Ok(db.prepare_cached(&sql)?.query_row([account], |row| row.get(0))?)
}

/// Hands the savings entries above `after` and up to `last` to `each`, ascending, one at a time, until it says stop.
/// An entry that breaks a rule by itself is handed as its seq.
pub(crate) fn savings_up(
    db: &Connection,
    account: i64,
    span: &Span,
    each: &mut dyn FnMut(std::result::Result<SavingsEntry, u32>) -> bool,
) -> Result<()> {
    up(db, LedgerKind::Savings, account, span, &mut |row| {
        each(savings(row).map_err(|_| row.get(0).unwrap_or_default()))
    })
}

/// As [`savings_up`], of a loan.
pub(crate) fn loan_up(
    db: &Connection,
    account: i64,
    span: &Span,
    each: &mut dyn FnMut(std::result::Result<LoanEntry, u32>) -> bool,
) -> Result<()> {
    up(db, LedgerKind::Loan, account, span, &mut |row| each(loan(row).map_err(|_| row.get(0).unwrap_or_default())))
}

fn up(
    db: &Connection,
    kind: LedgerKind,
    account: i64,
    span: &Span,
    each: &mut dyn FnMut(&Row<'_>) -> bool,
) -> Result<()> {
    let (columns, table) = (columns(kind), table(kind));
    let sql = format!("SELECT {columns} FROM {table} WHERE account = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq");
    let mut select = db.prepare_cached(&sql)?;
    let mut rows = select.query(params![account, span.before.seq, span.last.seq])?;
    while let Some(row) = rows.next()? {
        if !each(row) {
            break;
        }
    }
    Ok(())
}

/// The first entry of `old` that `new` lacks or has otherwise, of those that are held.
pub(crate) fn first_difference(db: &Connection, kind: LedgerKind, old: i64, new: i64) -> Result<Option<u32>> {
    let (table, columns) = (table(kind), columns(kind));
    let of = |entries: &str| columns.split(", ").map(|c| format!("{entries}.{c}")).collect::<Vec<_>>().join(", ");
    let sql = format!(
        "SELECT min(o.seq) FROM {table} o LEFT JOIN {table} n ON n.account = ?2 AND n.seq = o.seq
         WHERE o.account = ?1 AND ({}) IS NOT ({})",
        of("o"),
        of("n")
    );
    Ok(db.prepare_cached(&sql)?.query_row([old, new], |row| row.get(0))?)
}

fn columns(kind: LedgerKind) -> &'static str {
    match kind {
        LedgerKind::Savings => "seq, posted_on, kind, amount, balance_after, description, reference, reverses",
        LedgerKind::Loan => {
            "seq, posted_on, kind, principal, interest, late_charge, outstanding_after, description, reference, reverses"
        }
    }
}

fn table(kind: LedgerKind) -> &'static str {
    match kind {
        LedgerKind::Savings => "savings_entry",
        LedgerKind::Loan => "loan_entry",
    }
}

fn savings(row: &Row<'_>) -> Result<SavingsEntry> {
    SavingsEntry::new(
        row.get(0)?,
        day(row, 1)?,
        word(row, 2, SavingsKind::from_number)?,
        money(row, 3)?,
        money(row, 4)?,
        rows::description(row, 5)?,
        rows::reference(row, 6)?,
        row.get(7)?,
    )
    .map_err(rows::unreadable)
}

fn loan(row: &Row<'_>) -> Result<LoanEntry> {
    LoanEntry::new(
        row.get(0)?,
        day(row, 1)?,
        word(row, 2, LoanKind::from_number)?,
        LoanAmounts { principal: money(row, 3)?, interest: money(row, 4)?, late_charge: money(row, 5)? },
        money(row, 6)?,
        rows::description(row, 7)?,
        rows::reference(row, 8)?,
        row.get(9)?,
    )
    .map_err(rows::unreadable)
}
