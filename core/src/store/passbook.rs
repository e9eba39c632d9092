//! The entries of the passbooks, in key order: newest first, as they come.

use std::collections::HashSet;
use std::sync::LazyLock;

use rusqlite::{Connection, ErrorCode, Row, Statement, Transaction, params};

use super::rows::{self, day, money, word};
use crate::domain::loan::LoanPaid;
use crate::domain::{LedgerKind, LoanAmounts, LoanEntry, LoanKind, Money, SavingsEntry, SavingsKind};
use crate::error::Result;
use crate::protocol::chain::Entries;
use crate::sync::Span;

/// Rows of one statement, which share what a statement costs by itself.
const ROWS: usize = 25;

/// Writes entries of an account. A row that is there already is the same row: both were verified against the same hash.
pub(crate) fn insert(tx: &Transaction<'_>, account: i64, entries: &Entries) -> Result<()> {
    match entries {
        Entries::Savings(entries) => insert_rows(tx, &SAVINGS_ROWS, SAVINGS_ROW, account, entries, bind_savings),
        Entries::Loan(entries) => insert_rows(tx, &LOAN_ROWS, LOAN_ROW, account, entries, bind_loan),
    }
}

const SAVINGS_ROW: &str = "INSERT OR REPLACE INTO savings_entry VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const LOAN_ROW: &str = "INSERT OR REPLACE INTO loan_entry VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
static SAVINGS_ROWS: LazyLock<String> = LazyLock::new(|| rows_of("savings_entry", 8));
static LOAN_ROWS: LazyLock<String> = LazyLock::new(|| rows_of("loan_entry", 10));

/// A statement for [`ROWS`] rows that are not there yet. `FAIL`, because it keeps no copy of the pages it changes for a
/// way back, which would be encrypted each time; the transaction is the way back.
fn rows_of(table: &str, columns: usize) -> String {
    let row = |row: usize| {
        let columns = (0..columns).map(|column| format!(", ?{}", 2 + row * columns + column));
        format!("(?1{})", columns.collect::<String>())
    };
    format!("INSERT OR FAIL INTO {table} VALUES {}", (0..ROWS).map(row).collect::<Vec<_>>().join(", "))
}

/// Binds an entry's columns but the first, from a place on; gives the next place.
type Bind<E> = fn(&mut Statement<'_>, usize, &E) -> rusqlite::Result<usize>;

fn insert_rows<E>(
    tx: &Transaction<'_>,
    many: &str,
    single: &str,
    account: i64,
    entries: &[E],
    bind: Bind<E>,
) -> Result<()> {
    // From the newest on: the order of the key.
    let (rest, chunks) = entries.as_rchunks::<ROWS>();
    if !chunks.is_empty() {
        let mut insert = tx.prepare_cached(many)?;
        for chunk in chunks.iter().rev() {
            insert.raw_bind_parameter(1, account)?;
            chunk.iter().rev().try_fold(2, |place, entry| bind(&mut insert, place, entry))?;
            match insert.raw_execute() {
                Err(fault) if fault.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) => {
                    insert_each(tx, single, account, chunk, bind)?;
                }
                done => drop(done?),
            }
        }
    }
    insert_each(tx, single, account, rest, bind)
}

fn insert_each<E>(tx: &Transaction<'_>, single: &str, account: i64, entries: &[E], bind: Bind<E>) -> Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let mut insert = tx.prepare_cached(single)?;
    for entry in entries.iter().rev() {
        insert.raw_bind_parameter(1, account)?;
        bind(&mut insert, 2, entry)?;
        insert.raw_execute()?;
    }
    Ok(())
}

fn bind_savings(insert: &mut Statement<'_>, place: usize, e: &SavingsEntry) -> rusqlite::Result<usize> {
    insert.raw_bind_parameter(place, e.seq())?;
    insert.raw_bind_parameter(place + 1, e.posted_on().days())?;
    insert.raw_bind_parameter(place + 2, e.kind().number())?;
    insert.raw_bind_parameter(place + 3, e.amount().sen())?;
    insert.raw_bind_parameter(place + 4, e.balance_after().sen())?;
    insert.raw_bind_parameter(place + 5, e.description().as_str())?;
    insert.raw_bind_parameter(place + 6, e.reference().as_str())?;
    insert.raw_bind_parameter(place + 7, e.reverses())?;
    Ok(place + 8)
}

fn bind_loan(insert: &mut Statement<'_>, place: usize, e: &LoanEntry) -> rusqlite::Result<usize> {
    insert.raw_bind_parameter(place, e.seq())?;
    insert.raw_bind_parameter(place + 1, e.posted_on().days())?;
    insert.raw_bind_parameter(place + 2, e.kind().number())?;
    insert.raw_bind_parameter(place + 3, e.amounts().principal.sen())?;
    insert.raw_bind_parameter(place + 4, e.amounts().interest.sen())?;
    insert.raw_bind_parameter(place + 5, e.amounts().late_charge.sen())?;
    insert.raw_bind_parameter(place + 6, e.outstanding_after().sen())?;
    insert.raw_bind_parameter(place + 7, e.description().as_str())?;
    insert.raw_bind_parameter(place + 8, e.reference().as_str())?;
    insert.raw_bind_parameter(place + 9, e.reverses())?;
    Ok(place + 10)
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

/// What a loan's entries paid, and the denda that is left, without their words; `None` where [`LoanPaid::add`] cannot tell or
/// an amount cannot hold the sum.
pub(crate) fn loan_paid(db: &Connection, account: i64) -> Result<Option<(LoanPaid, Money)>> {
    let mut reversed =
        db.prepare_cached("SELECT reverses FROM loan_entry WHERE account = ?1 AND reverses IS NOT NULL")?;
    let reversed = reversed.query_map([account], |row| row.get(0))?.collect::<rusqlite::Result<HashSet<u32>>>()?;
    let mut select = db.prepare_cached(
        "SELECT seq, posted_on, kind, principal, interest, late_charge FROM loan_entry WHERE account = ?1 ORDER BY seq",
    )?;
    let mut rows = select.query([account])?;
    let (mut paid, mut late_charge) = (LoanPaid::default(), Money::ZERO);
    while let Some(row) = rows.next()? {
        let amounts = amounts(row)?;
        let Some(sum) = late_charge.checked_add(amounts.late_charge) else { return Ok(None) };
        late_charge = sum;
        let stands = !reversed.contains(&row.get(0)?);
        if stands && paid.add(word(row, 2, LoanKind::from_number)?, day(row, 1)?, amounts).is_err() {
            return Ok(None);
        }
    }
    Ok(Some((paid, late_charge)))
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

pub(super) fn table(kind: LedgerKind) -> &'static str {
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
        amounts(row)?,
        money(row, 6)?,
        rows::description(row, 7)?,
        rows::reference(row, 8)?,
        row.get(9)?,
    )
    .map_err(rows::unreadable)
}

fn amounts(row: &Row<'_>) -> Result<LoanAmounts> {
    Ok(LoanAmounts { principal: money(row, 3)?, interest: money(row, 4)?, late_charge: money(row, 5)? })
}

#[cfg(test)]
mod tests;
