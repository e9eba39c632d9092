//! Where the entries of an account stand in their table: a long past is appended, never written in between.
//!
//! An account's number is where it stands, and nothing else hangs on it but its runs. Never changes what an entry says.

use rusqlite::{Connection, Transaction};

use super::{mirror, passbook};
use crate::domain::LedgerKind;
use crate::error::Result;
use crate::protocol::chain::Entries;

/// The fewest entries of a page with which a long past begins to come; a server's pages have 250.
const LONG_PAGE: usize = 200;
/// The most entries that are moved for what comes.
const MOST_MOVED: u32 = 100;

/// The number under which a page of that account is to be stored. Before a long past comes, the few entries that are held
/// of it go behind those of all other accounts: for a row that it writes in between, SQLite searches the whole tree and
/// moves the rows of the pages beside it, a seventh of a first sync's instructions.
pub(super) fn for_page(tx: &Transaction<'_>, account: i64, page: &Entries) -> Result<i64> {
    if page.len() < LONG_PAGE || is_last(tx, account, page.kind())? {
        return Ok(account);
    }
    let held: u32 = mirror::spans(tx, account)?.iter().map(|span| span.last.seq.saturating_sub(span.before.seq)).sum();
    if held > MOST_MOVED {
        return Ok(account);
    }
    let new = mirror::next_number(tx)?;
    for table in ["account", "span", passbook::table(page.kind())] {
        let sql = format!("UPDATE {table} SET account = ?2 WHERE account = ?1");
        tx.prepare_cached(&sql)?.execute([account, new])?;
    }
    Ok(new)
}

/// Whether no other account's entries stand behind this one's.
fn is_last(db: &Connection, account: i64, kind: LedgerKind) -> Result<bool> {
    let sql = format!("SELECT NOT EXISTS (SELECT 1 FROM {} WHERE account > ?1)", passbook::table(kind));
    Ok(db.prepare_cached(&sql)?.query_row([account], |row| row.get(0))?)
}

#[cfg(test)]
mod tests {
    use std::ops::RangeInclusive;

    use super::*;
    use crate::domain::{CivilDate, Description, Money, Reference, SavingsEntry, SavingsKind};
    use crate::store::{MIGRATIONS, rows};

    fn deposits(seqs: RangeInclusive<u32>) -> Entries {
        let one = |seq: u32| {
            let (on, sen) =
                (CivilDate::from_days(19_000).unwrap(), |n: u32| Money::from_sen(i64::from(n) * 100).unwrap());
            let (words, reference) = (Description::new("Setoran").unwrap(), Reference::new("").unwrap());
            SavingsEntry::new(seq, on, SavingsKind::Deposit, sen(1), sen(seq), words, reference, None).unwrap()
        };
        Entries::Savings(seqs.map(one).collect())
    }

    /// Two accounts, 1 and 2, of which the newest entries up to 1,000 are held.
    fn store(newest: u32) -> Connection {
        let mut db = Connection::open_in_memory().unwrap();
        MIGRATIONS.iter().for_each(|step| db.execute_batch(step).unwrap());
        let tx = db.transaction().unwrap();
        for account in [1, 2] {
            let number = format!("S-{account}");
            tx.execute("INSERT INTO account VALUES (?1, 0, ?2, x'', 0, 0, 0, 0)", (account, number)).unwrap();
            let span = "INSERT INTO span VALUES (?1, 1000 - ?2, zeroblob(32), 0, 1000, zeroblob(32), 0)";
            tx.execute(span, (account, newest)).unwrap();
            passbook::insert(&tx, account, &deposits(1_001 - newest..=1_000)).unwrap();
        }
        tx.commit().unwrap();
        db
    }

    /// Takes a page of account 1: the number it has then, and how many entries and runs stand under which number.
    fn take(newest: u32, page: RangeInclusive<u32>) -> (i64, Vec<(i64, u32, u32)>) {
        let mut db = store(newest);
        let (tx, page) = (db.transaction().unwrap(), deposits(page));
        let number = for_page(&tx, 1, &page).unwrap();
        passbook::insert(&tx, number, &page).unwrap();
        let named: i64 =
            tx.query_row("SELECT account FROM account WHERE account_no = 'S-1'", [], |row| row.get(0)).unwrap();
        assert_eq!(named, number);
        let sql = "SELECT account, (SELECT count(*) FROM savings_entry e WHERE e.account = a.account),
                     (SELECT count(*) FROM span s WHERE s.account = a.account) FROM account a ORDER BY account";
        let mut select = tx.prepare(sql).unwrap();
        let rows = rows::all(&mut select, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        (number, rows)
    }

    #[test]
    fn a_long_past_is_written_behind_all_other_accounts() {
        assert_eq!(take(50, 751..=950), (3, vec![(2, 50, 1), (3, 250, 1)]));
    }

    #[test]
    fn what_is_short_or_much_already_stays_where_it_is() {
        assert_eq!(take(50, 752..=950), (1, vec![(1, 249, 1), (2, 50, 1)]));
        assert_eq!(take(101, 700..=899), (1, vec![(1, 301, 1), (2, 101, 1)]));
    }
}
