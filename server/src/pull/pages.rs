//! Reads one page of an account's entries, backwards from where it must end.

use anggota::domain::{
    AccountKey, CivilDate, Description, Invalid, LedgerKind, LoanAmounts, LoanEntry, LoanKind, Money, Reference,
    SavingsEntry, SavingsKind,
};
use anggota::protocol::Hash;
use anggota::protocol::chain::{Entries, START};
use anggota::protocol::frame::Page;
use rusqlite::{Connection, Row, params};

use super::gaps::Gap;
use crate::cooperative::Cooperative;
use crate::refusal::Refusal;

/// A page is cut when its entries have about this many bytes.
const MAX_PAGE_BYTES: usize = 256 * 1024;
/// A page is what a phone gains even when its network breaks right after it: about 15 kB on the wire.
const PAGE_ENTRIES: u32 = 250;
/// What an entry takes beside its texts, at most.
const ENTRY_BYTES: usize = 80;

const SAVINGS: &str = "SELECT seq, posted_on, kind, amount, balance_after, description, reference, reverses
     FROM savings_entry WHERE cooperative = ?1 AND account = ?2 AND seq BETWEEN ?3 AND ?4 ORDER BY seq DESC LIMIT ?5";
const LOAN: &str = "SELECT seq, posted_on, kind, principal, interest, late_charge, outstanding_after, description, reference,
     reverses FROM loan_entry WHERE cooperative = ?1 AND account = ?2 AND seq BETWEEN ?3 AND ?4 ORDER BY seq DESC LIMIT ?5";

const UNKNOWN: Invalid = Invalid("an entry's kind is one of the known numbers");
const BROKEN: Invalid = Invalid("an entry stands where its ledger's rules put it");

/// The page that ends at the gap's end and reaches down as far as a page may, at most to the gap's start.
pub(super) fn read(
    connection: &Connection,
    cooperative: &Cooperative,
    number: i64,
    key: &AccountKey,
    gap: &Gap,
) -> Result<Page, Refusal> {
    let entries = match key.kind {
        LedgerKind::Savings => {
            Entries::Savings(rows(connection, SAVINGS, cooperative, number, gap, 5, savings_of, SavingsEntry::seq)?)
        }
        LedgerKind::Loan => {
            Entries::Loan(rows(connection, LOAN, cooperative, number, gap, 7, loan_of, LoanEntry::seq)?)
        }
    };
    // rows() gives a run without holes that ends at the gap's end and has at least one entry.
    let first = gap.end() + 1 - entries.len() as u32;
    Ok(Page { key: key.clone(), first, start: hash(connection, cooperative, number, key.kind, first - 1)?, entries })
}

/// The rows of a page, ascending. `texts` is the column of the description, before the reference.
#[allow(clippy::too_many_arguments, reason = "two ledgers share it; a struct would only name the same things again")]
fn rows<E>(
    connection: &Connection,
    sql: &str,
    cooperative: &Cooperative,
    number: i64,
    gap: &Gap,
    texts: usize,
    entry_of: fn(&Row<'_>) -> Result<E, Refusal>,
    seq_of: fn(&E) -> u32,
) -> Result<Vec<E>, Refusal> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(params![cooperative.number, number, gap.start(), gap.end(), PAGE_ENTRIES])?;
    let (mut entries, mut bytes) = (Vec::new(), 0);
    while bytes < MAX_PAGE_BYTES
        && let Some(row) = rows.next()?
    {
        bytes += ENTRY_BYTES + text(row, texts)?.len() + text(row, texts + 1)?.len();
        let entry = entry_of(row)?;
        if seq_of(&entry) != gap.end() - entries.len() as u32 {
            return Err(BROKEN.into());
        }
        entries.push(entry);
    }
    if entries.is_empty() {
        return Err(BROKEN.into());
    }
    entries.reverse();
    Ok(entries)
}

fn savings_of(row: &Row<'_>) -> Result<SavingsEntry, Refusal> {
    let entry = SavingsEntry::new(
        row.get(0)?,
        CivilDate::from_days(row.get(1)?)?,
        SavingsKind::from_number(row.get(2)?).ok_or(UNKNOWN)?,
        Money::from_sen(row.get(3)?)?,
        Money::from_sen(row.get(4)?)?,
        Description::new(text(row, 5)?)?,
        Reference::new(text(row, 6)?)?,
        row.get(7)?,
    );
    Ok(entry.map_err(|_| BROKEN)?)
}

fn loan_of(row: &Row<'_>) -> Result<LoanEntry, Refusal> {
    let amounts = LoanAmounts {
        principal: Money::from_sen(row.get(3)?)?,
        interest: Money::from_sen(row.get(4)?)?,
        late_charge: Money::from_sen(row.get(5)?)?,
    };
    let entry = LoanEntry::new(
        row.get(0)?,
        CivilDate::from_days(row.get(1)?)?,
        LoanKind::from_number(row.get(2)?).ok_or(UNKNOWN)?,
        amounts,
        Money::from_sen(row.get(6)?)?,
        Description::new(text(row, 7)?)?,
        Reference::new(text(row, 8)?)?,
        row.get(9)?,
    );
    Ok(entry.map_err(|_| BROKEN)?)
}

fn text<'a>(row: &'a Row<'_>, column: usize) -> Result<&'a str, Refusal> {
    Ok(row.get_ref(column)?.as_str().map_err(rusqlite::Error::from)?)
}

/// `h[seq]` of an account.
fn hash(
    connection: &Connection,
    cooperative: &Cooperative,
    number: i64,
    kind: LedgerKind,
    seq: u32,
) -> Result<Hash, Refusal> {
    if seq == 0 {
        return Ok(START);
    }
    let sql = match kind {
        LedgerKind::Savings => "SELECT hash FROM savings_entry WHERE cooperative = ?1 AND account = ?2 AND seq = ?3",
        LedgerKind::Loan => "SELECT hash FROM loan_entry WHERE cooperative = ?1 AND account = ?2 AND seq = ?3",
    };
    Ok(connection.prepare_cached(sql)?.query_row((cooperative.number, number, seq), |row| row.get(0))?)
}
