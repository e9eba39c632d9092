//! What the same rows cost without any of the library: the floor under every figure. Knows no rule of the product.

use std::path::Path;
use std::time::Duration;

use anggota::domain::{CivilDate, LedgerKind, LoanKind, SavingsKind};
use anggota_tests::Phone;
use rusqlite::{Connection, Row, params};
use serde_json::{Value, json};

use crate::probe::Moment;
use crate::world::{COOPERATIVE, Measured};

/// The most rows of a transaction, as on the phone.
const BATCH: usize = 5_000;
/// The cut that a phone's store gives its WAL.
const WAL_LIMIT: u32 = 4 * 1024 * 1024;
/// What an app shows first.
pub(crate) const LATEST: u32 = 50;

/// A row of either table, as the store keeps it. A savings entry has one amount.
pub(crate) struct Entry {
    account: i64,
    seq: u32,
    posted_on: i32,
    kind: u8,
    amounts: [i64; 3],
    figure: i64,
    description: String,
    reference: String,
    reverses: Option<u32>,
}

/// All rows of both ledgers, in key order.
pub(crate) struct Rows {
    savings: Vec<Entry>,
    loan: Vec<Entry>,
    /// Number and name of the accounts, by ledger.
    accounts: Vec<(i64, u8, String)>,
}

/// Their columns, as another library is told of them.
pub(crate) const SAVINGS_COLUMNS: &[(&str, &str)] = &[
    ("account", "INTEGER"),
    ("seq", "INTEGER"),
    ("posted_on", "INTEGER"),
    ("kind", "INTEGER"),
    ("amount", "INTEGER"),
    ("balance_after", "INTEGER"),
    ("description", "TEXT"),
    ("reference", "TEXT"),
    ("reverses", "INTEGER"),
];
pub(crate) const LOAN_COLUMNS: &[(&str, &str)] = &[
    ("account", "INTEGER"),
    ("seq", "INTEGER"),
    ("posted_on", "INTEGER"),
    ("kind", "INTEGER"),
    ("principal", "INTEGER"),
    ("interest", "INTEGER"),
    ("late_charge", "INTEGER"),
    ("outstanding_after", "INTEGER"),
    ("description", "TEXT"),
    ("reference", "TEXT"),
    ("reverses", "INTEGER"),
];

const SAVINGS: &str =
    "SELECT account, seq, posted_on, kind, amount, 0, 0, balance_after, description, reference, reverses
     FROM savings_entry ORDER BY account, seq DESC";
const LOAN: &str =
    "SELECT account, seq, posted_on, kind, principal, interest, late_charge, outstanding_after, description,
     reference, reverses FROM loan_entry ORDER BY account, seq DESC";

impl Rows {
    /// What a phone holds.
    pub(crate) fn of(phone: &Phone, member: &str) -> Self {
        Self::read(&phone.open_store(COOPERATIVE, member))
    }

    fn read(db: &Connection) -> Self {
        let all = |sql: &str| -> Vec<Entry> {
            let mut select = db.prepare(sql).unwrap();
            select.query_map([], entry).unwrap().map(Result::unwrap).collect()
        };
        let mut accounts = db.prepare("SELECT account, kind, account_no FROM account").unwrap();
        let accounts = accounts.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap();
        Self { savings: all(SAVINGS), loan: all(LOAN), accounts: accounts.map(Result::unwrap).collect() }
    }

    /// As an ordinary service would send them: an object a row, under their account.
    pub(crate) fn json(&self) -> Vec<u8> {
        let accounts = self.accounts.iter().map(|(account, ledger, number)| self.account(*account, *ledger, number));
        serde_json::to_vec(&accounts.collect::<Vec<_>>()).unwrap()
    }

    /// Table, id and columns of every row, with the numbers that the store keeps.
    pub(crate) fn objects(&self) -> Vec<(&'static str, String, Value)> {
        let savings = self.savings.iter().map(|row| {
            let numbers = [row.amounts[0], row.figure];
            ("savings_entry", row.id(), row.object(SAVINGS_COLUMNS, &numbers))
        });
        let loan = self.loan.iter().map(|row| {
            let [principal, interest, late_charge] = row.amounts;
            let numbers = [principal, interest, late_charge, row.figure];
            ("loan_entry", row.id(), row.object(LOAN_COLUMNS, &numbers))
        });
        savings.chain(loan).collect()
    }

    fn account(&self, account: i64, ledger: u8, number: &str) -> Value {
        let is_loan = ledger == LedgerKind::Loan as u8;
        let rows = if is_loan { &self.loan } else { &self.savings };
        let rows = rows.iter().rev().filter(|row| row.account == account);
        let rows: Vec<Value> = rows.map(|row| if is_loan { row.loan_json() } else { row.savings_json() }).collect();
        json!({ "account_no": number, "entries": rows })
    }
}

fn entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        account: row.get(0)?,
        seq: row.get(1)?,
        posted_on: row.get(2)?,
        kind: row.get(3)?,
        amounts: [row.get(4)?, row.get(5)?, row.get(6)?],
        figure: row.get(7)?,
        description: row.get(8)?,
        reference: row.get(9)?,
        reverses: row.get(10)?,
    })
}

impl Entry {
    /// The shortest that tells it from every other row.
    fn id(&self) -> String {
        format!("{}/{}", self.account, self.seq)
    }

    fn object(&self, columns: &[(&str, &str)], numbers: &[i64]) -> Value {
        let before = [self.account, self.seq.into(), self.posted_on.into(), self.kind.into()];
        let numbers = before.iter().chain(numbers).map(|number| json!(number));
        let texts = [json!(self.description), json!(self.reference), json!(self.reverses)];
        columns.iter().zip(numbers.chain(texts)).map(|((name, _), value)| ((*name).to_owned(), value)).collect()
    }

    fn savings_json(&self) -> Value {
        let kind = SavingsKind::from_number(self.kind).unwrap();
        json!({
            "seq": self.seq, "posted_on": self.day(), "kind": kind.as_str(), "amount": self.amounts[0],
            "balance_after": self.figure, "description": self.description, "reference": self.reference,
            "reverses": self.reverses,
        })
    }

    fn loan_json(&self) -> Value {
        let kind = LoanKind::from_number(self.kind).unwrap();
        let [principal, interest, late_charge] = self.amounts;
        json!({
            "seq": self.seq, "posted_on": self.day(), "kind": kind.as_str(), "principal": principal,
            "interest": interest, "late_charge": late_charge, "outstanding_after": self.figure,
            "description": self.description, "reference": self.reference, "reverses": self.reverses,
        })
    }

    fn day(&self) -> String {
        CivilDate::from_days(self.posted_on).unwrap().to_string()
    }
}

/// The floor of a first sync: rows that are in memory already go into a store of the same schema, pragmas and key,
/// 5,000 a transaction, in key order; the file is closed as the phone closes it.
pub(crate) fn insert(rows: &Rows, phone: &Phone, member: &str) -> (Duration, Duration) {
    let start = Moment::now();
    let mut db = phone.open_store(COOPERATIVE, member);
    db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
    db.pragma_update(None, "synchronous", "FULL").unwrap();
    db.query_row(&format!("PRAGMA journal_size_limit = {WAL_LIMIT}"), [], |_| Ok(())).unwrap();
    db.pragma_update(None, "temp_store", "MEMORY").unwrap();
    for batch in rows.savings.chunks(BATCH) {
        let tx = db.transaction().unwrap();
        {
            let mut insert =
                tx.prepare_cached("INSERT INTO savings_entry VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)").unwrap();
            for Entry { account, seq, posted_on, kind, amounts, figure, description, reference, reverses } in batch {
                insert
                    .execute(params![
                        account,
                        seq,
                        posted_on,
                        kind,
                        amounts[0],
                        figure,
                        description,
                        reference,
                        reverses
                    ])
                    .unwrap();
            }
        }
        tx.commit().unwrap();
    }
    for batch in rows.loan.chunks(BATCH) {
        let tx = db.transaction().unwrap();
        {
            let mut insert = tx
                .prepare_cached("INSERT INTO loan_entry VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")
                .unwrap();
            for Entry { account, seq, posted_on, kind, amounts, figure, description, reference, reverses } in batch {
                let [principal, interest, late_charge] = amounts;
                insert
                    .execute(params![
                        account,
                        seq,
                        posted_on,
                        kind,
                        principal,
                        interest,
                        late_charge,
                        figure,
                        description,
                        reference,
                        reverses
                    ])
                    .unwrap();
            }
        }
        tx.commit().unwrap();
    }
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    db.close().unwrap();
    start.spent()
}

/// Writes what a phone holds as a database that nothing is encrypted in.
pub(crate) fn write_plain(phone: &Phone, member: &str, plain: &Path) {
    let db = phone.open_store(COOPERATIVE, member);
    db.execute("ATTACH ?1 AS plain KEY ''", [plain.to_str().unwrap()]).unwrap();
    db.query_row("SELECT sqlcipher_export('plain')", [], |_| Ok(())).unwrap();
    db.execute_batch("DETACH plain").unwrap();
    let plain = Connection::open(plain).unwrap();
    plain.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
}

/// What an app on plain SQLite does to show the same: each account's figure and the latest entries of one.
pub(crate) fn open_plain(plain: &Path, number: &str) -> Measured {
    let start = Moment::now();
    let db = Connection::open(plain).unwrap();
    let mut figures = db
        .prepare(
            "SELECT account_no, CASE kind
               WHEN 0 THEN (SELECT balance_after FROM savings_entry e WHERE e.account = a.account ORDER BY seq DESC LIMIT 1)
               ELSE (SELECT outstanding_after FROM loan_entry e WHERE e.account = a.account ORDER BY seq DESC LIMIT 1) END
             FROM account a ORDER BY kind, account_no",
        )
        .unwrap();
    let figures = figures.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let figures: Vec<(String, i64)> = figures.map(Result::unwrap).collect();
    let mut latest = db
        .prepare(
            "SELECT account, seq, posted_on, kind, amount, 0, 0, balance_after, description, reference, reverses
             FROM savings_entry WHERE account = (SELECT account FROM account WHERE kind = 0 AND account_no = ?1)
             ORDER BY seq DESC LIMIT ?2",
        )
        .unwrap();
    let latest: Vec<Entry> = latest.query_map(params![number, LATEST], entry).unwrap().map(Result::unwrap).collect();
    let spent = start.spent();
    assert!(!figures.is_empty() && latest.len() == LATEST as usize);
    Measured::of(spent)
}
