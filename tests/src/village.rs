//! The set-up that most tests of faults begin with: one cooperative, phones of one of its members, and a man in the middle
//! between them. And what such a phone holds, read in its store behind the program's back.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use crate::middleman::Middleman;
use crate::{Office, Phone, Scratch, Serving, generated};

/// The cooperative of generated books.
pub const COOPERATIVE: &str = "contoh";
/// Their first member.
pub const MEMBER: &str = "A000001";
/// The part of the books that grows here.
const ENTRIES: &str = "savings_entries.csv";

/// A cooperative, a man in the middle, a phone.
pub struct Village {
    /// The office, which has the books.
    pub office: Office,
    /// Its server.
    pub serving: Serving,
    /// Whom phones take for the server.
    pub middle: Middleman,
    /// A phone of [`MEMBER`], enrolled.
    pub phone: Phone,
    /// The folder of the books.
    pub books: PathBuf,
    /// Holds everything.
    pub scratch: Scratch,
}

impl Village {
    /// A village with that many entries in that many accounts and loans; a member has up to 8 of them. The phone has not
    /// synced yet.
    #[track_caller]
    pub fn new(name: &str, entries: u64, accounts: u32, loans: u32) -> Self {
        let scratch = Scratch::new(name);
        let (office, books) = (Office::new(&scratch, "office"), scratch.join("books"));
        generated(11, entries, accounts, loans, &books);
        office.import(&books);
        let serving = office.serve();
        let middle = Middleman::before(serving.address);
        let phone = Phone::new(&scratch, "phone");
        let village = Self { office, serving, middle, phone, books, scratch };
        village.enrol(&village.phone, MEMBER);
        village
    }

    /// The same, its phone in step.
    #[track_caller]
    pub fn synced(name: &str, entries: u64, accounts: u32, loans: u32) -> Self {
        let village = Self::new(name, entries, accounts, loans);
        assert_eq!(village.phone.sync()["complete"], true);
        village
    }

    /// Makes a phone a device of a member.
    #[track_caller]
    pub fn enrol(&self, phone: &Phone, member: &str) {
        phone.enrol(&self.middle.of(COOPERATIVE), member, &self.office.activate(member));
    }

    /// One more phone of [`MEMBER`], enrolled, not synced.
    #[track_caller]
    pub fn another_phone(&self, name: &str) -> Phone {
        let phone = Phone::new(&self.scratch, name);
        self.enrol(&phone, MEMBER);
        phone
    }

    /// Adds a deposit to the books of a savings account and imports them.
    #[track_caller]
    pub fn deposit(&self, account: &str, amount: &str) {
        let mut file = OpenOptions::new().append(true).open(self.books.join(ENTRIES)).unwrap();
        writeln!(file, "{account},2026-10-31,deposit,{amount},Setoran,KW-1,,").unwrap();
        assert_eq!(self.office.import(&self.books)["added"], 1);
    }

    /// Does something to the server's files while it is stopped, then lets it serve again.
    #[track_caller]
    pub fn while_stopped(self, change: impl FnOnce(&Office)) -> Self {
        let Self { office, serving, middle, phone, books, scratch } = self;
        serving.stop();
        change(&office);
        let serving = office.serve();
        middle.move_to(serving.address);
        Self { office, serving, middle, phone, books, scratch }
    }

    /// Keeps a copy of database and books as they are now.
    #[track_caller]
    pub fn back_up(&self, name: &str) -> Backup {
        Backup::of(&self.office.database(), &self.books, self.scratch.join(name))
    }

    /// Puts a copy in the place of the database and the books.
    #[track_caller]
    pub fn restore(self, backup: &Backup) -> Self {
        let books = self.books.clone();
        self.while_stopped(|office| backup.put_back(&office.database(), &books))
    }
}

/// A server's backup: database and books as they were.
#[derive(Clone)]
pub struct Backup {
    database: PathBuf,
    entries: Vec<u8>,
}

impl Backup {
    /// Takes one, its database at `place`; the server may go on meanwhile.
    #[track_caller]
    pub fn of(database: &Path, books: &Path, place: PathBuf) -> Self {
        let _older = fs::remove_file(&place);
        let database = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        database.execute("VACUUM INTO ?1", [place.to_str().unwrap()]).unwrap();
        Self { database: place, entries: fs::read(books.join(ENTRIES)).unwrap() }
    }

    /// Puts it in their place. Nobody may have the database open.
    #[track_caller]
    pub fn put_back(&self, database: &Path, books: &Path) {
        for suffix in ["-wal", "-shm"] {
            let mut beside = database.as_os_str().to_owned();
            beside.push(suffix);
            let _absent = fs::remove_file(beside);
        }
        fs::copy(&self.database, database).unwrap();
        fs::write(books.join(ENTRIES), &self.entries).unwrap();
    }
}

/// Everything that a phone holds of the server's, row by row: what must not change when nothing may be written.
#[track_caller]
pub fn mirror(phone: &Phone) -> Vec<String> {
    let store = phone.open_store(COOPERATIVE, MEMBER);
    let tables = ["checkpoint", "register", "account", "span", "savings_entry", "loan_entry", "outbox", "result_mark"];
    tables.iter().flat_map(|table| rows(&store, table)).collect()
}

/// How many entries a phone holds of an account.
#[track_caller]
pub fn entries_held(phone: &Phone, account: &str) -> u32 {
    let store = phone.open_store(COOPERATIVE, MEMBER);
    let count = "SELECT (SELECT count(*) FROM savings_entry e WHERE e.account = a.account)
         + (SELECT count(*) FROM loan_entry e WHERE e.account = a.account) FROM account a WHERE a.account_no = ?1";
    store.query_row(count, [account], |row| row.get(0)).unwrap_or(0)
}

/// One row of a phone's evidence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Its word in JSON.
    pub kind: &'static str,
    /// Of which account.
    pub account: Option<String>,
    /// The checkpoint held.
    pub held: Option<Vec<u8>>,
    /// The checkpoint received.
    pub received: Option<Vec<u8>>,
}

/// The evidence that a phone keeps, the oldest first.
#[track_caller]
pub fn evidence(phone: &Phone) -> Vec<Evidence> {
    let store = phone.open_store(COOPERATIVE, MEMBER);
    let mut select = store.prepare("SELECT kind, account_no, held, received FROM evidence ORDER BY evidence").unwrap();
    let rows = select.query_map([], |row| {
        let kind = ["rollback", "fork", "mismatch", "past_changed", "rebuilt"][row.get::<_, usize>(0)?];
        Ok(Evidence { kind, account: row.get(1)?, held: row.get(2)?, received: row.get(3)? })
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// The kinds and accounts of the warnings in `balance`.
#[track_caller]
pub fn warnings(phone: &Phone) -> Vec<(String, Option<String>)> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let balance = phone.balance();
    let warnings = balance["warnings"].as_array().unwrap().iter();
    warnings.map(|warning| (text(&warning["kind"]).unwrap(), text(&warning["account_no"]))).collect()
}

/// The number of the first savings account in `balance`.
#[track_caller]
pub fn first_account(phone: &Phone) -> String {
    phone.balance()["savings"][0]["account_no"].as_str().unwrap().to_owned()
}

/// A savings account's row in `balance`.
#[track_caller]
pub fn savings(phone: &Phone, account: &str) -> Value {
    let balance = phone.balance();
    let found = balance["savings"].as_array().unwrap().iter().find(|row| row["account_no"] == account);
    found.unwrap_or_else(|| panic!("{balance}")).clone()
}

/// Lets the hour pass for which an account that did not verify is left alone.
#[track_caller]
pub fn let_an_hour_pass(phone: &Phone) {
    let store = phone.open_store(COOPERATIVE, MEMBER);
    assert!(store.execute("UPDATE account SET standing_at = standing_at - 3601 WHERE standing = 1", []).unwrap() > 0);
}

fn rows(store: &Connection, table: &str) -> Vec<String> {
    let mut select = store.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2")).unwrap();
    let columns = select.column_count();
    let mut rows = select.query([]).unwrap();
    let mut found = Vec::new();
    while let Some(row) = rows.next().unwrap() {
        let values: Vec<_> = (0..columns).map(|column| format!("{:?}", row.get_ref(column).unwrap())).collect();
        found.push(format!("{table}: {}", values.join(" | ")));
    }
    found
}
