//! Books that are wrong: nothing of them is imported, the report names file, line, column, value and problem, and the members'
//! phones go on with the figures from before.

#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anggota_tests::village::Village;
use anggota_tests::{Office, Scratch, generated, run};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

/// A file of books, to be spoiled.
struct Sheet {
    file: PathBuf,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    fn open(books: &Path, name: &str) -> Self {
        let file = books.join(name);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).from_path(&file).unwrap();
        let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
        Self { file, rows }
    }

    fn column(&self, name: &str) -> usize {
        self.rows[0].iter().position(|column| column == name).unwrap_or_else(|| panic!("{name}"))
    }

    /// The cell in a line of the file, the header being line 1.
    fn cell(&mut self, line: usize, column: &str) -> &mut String {
        let column = self.column(column);
        &mut self.rows[line - 1][column]
    }

    /// The first line after `from` that has that value there.
    fn find(&self, column: &str, value: &str, from: usize) -> usize {
        let column = self.column(column);
        (from..=self.rows.len()).find(|line| self.rows[line - 1][column] == value).unwrap()
    }

    fn save(&self) {
        let mut writer = csv::Writer::from_path(&self.file).unwrap();
        self.rows.iter().for_each(|row| writer.write_record(row).unwrap());
        writer.flush().unwrap();
    }
}

/// Where the problem is, and what value is wrong.
struct Place {
    file: &'static str,
    line: usize,
    column: &'static str,
    value: String,
}

fn at(file: &'static str, line: usize, column: &'static str, value: &str) -> Place {
    Place { file, line, column, value: value.to_owned() }
}

/// Sets one cell and says where.
fn set(books: &Path, file: &'static str, line: usize, column: &'static str, value: &str) -> Place {
    let mut sheet = Sheet::open(books, file);
    assert_ne!(*sheet.cell(line, column), value);
    *sheet.cell(line, column) = value.to_owned();
    sheet.save();
    at(file, line, column, value)
}

fn drop_line(books: &Path, file: &'static str, line: usize) -> String {
    let mut sheet = Sheet::open(books, file);
    let first = sheet.rows[line - 1][0].clone();
    sheet.rows.remove(line - 1);
    sheet.save();
    first
}

fn append(books: &Path, file: &'static str, row: &str) -> usize {
    let mut text = fs::read_to_string(books.join(file)).unwrap();
    text.push_str(row);
    text.push('\n');
    let line = text.lines().count();
    fs::write(books.join(file), text).unwrap();
    line
}

const ENTRIES: &str = "savings_entries.csv";
const LOAN_ENTRIES: &str = "loan_entries.csv";

type Spoil = fn(&Path) -> Place;

/// Each makes one thing wrong.
const SPOILS: &[(&str, Spoil)] = &[
    ("a wrong balance", |books| set(books, ENTRIES, 40, "balance", "12345678.90")),
    ("a missing member", |books| set(books, "savings_accounts.csv", 3, "member_no", "A999999")),
    ("a broken number", |books| set(books, ENTRIES, 30, "amount", "1.000,50")),
    ("a number with three decimals", |books| set(books, ENTRIES, 30, "amount", "1000.505")),
    ("an enormous number", |books| set(books, ENTRIES, 30, "amount", "99999999999999999999")),
    ("an amount of nothing", |books| set(books, ENTRIES, 30, "amount", "0")),
    ("a deposit that takes", |books| {
        let line = Sheet::open(books, ENTRIES).find("kind", "deposit", 20);
        set(books, ENTRIES, line, "amount", "-5000")
    }),
    ("an unknown kind", |books| set(books, ENTRIES, 25, "kind", "setor")),
    ("a broken date", |books| set(books, ENTRIES, 25, "posted_on", "31/12/2020")),
    ("a day that is not", |books| set(books, ENTRIES, 25, "posted_on", "2023-02-29")),
    ("a day to come", |books| {
        let last = Sheet::open(books, ENTRIES).rows.len();
        set(books, ENTRIES, last, "posted_on", "2199-01-01")
    }),
    ("an unknown account", |books| set(books, ENTRIES, 33, "account_no", "SP-999999")),
    ("more out than in", |books| {
        let line = append(books, ENTRIES, "SP-000001,2026-10-31,withdrawal,-99999999999,Tarik,KW,,");
        at(ENTRIES, line, "amount", "-99999999999")
    }),
    ("a reversal of what is not there", |books| {
        let line = append(books, ENTRIES, "SP-000001,2026-10-31,reversal,-5,Koreksi,KW,,4000000");
        at(ENTRIES, line, "reverses", "4000000")
    }),
    ("two members of one number", |books| {
        let row = fs::read_to_string(books.join("members.csv")).unwrap().lines().nth(1).unwrap().to_owned();
        let line = append(books, "members.csv", &row);
        at("members.csv", line, "member_no", "A000001")
    }),
    ("interest above the law", |books| set(books, "loan_products.csv", 2, "rate_per_period", "0.03")),
    ("a loan to nobody", |books| set(books, "loans.csv", 2, "member_no", "A999999")),
    ("a loan that is paid back before it is paid out", |books| {
        let mut sheet = Sheet::open(books, LOAN_ENTRIES);
        let line = sheet.find("kind", "disbursement", 2);
        set(books, LOAN_ENTRIES, line, "kind", "repayment");
        at(LOAN_ENTRIES, line, "principal", sheet.cell(line, "principal"))
    }),
    ("another format", |books| set(books, "cooperative.csv", 2, "books_version", "2")),
];

/// What must be wrong only because the books were imported before.
const CHANGES: &[(&str, Spoil)] = &[
    ("a changed amount", |books| {
        let mut sheet = Sheet::open(books, ENTRIES);
        let line = sheet.find("account_no", "SS-000003", 20);
        // The books add up; only the past is another.
        let column = sheet.column("balance");
        for row in &mut sheet.rows[1..] {
            row[column].clear();
        }
        *sheet.cell(line, "amount") = "7777777".into();
        sheet.save();
        at(ENTRIES, line, "amount", "7777777")
    }),
    ("a changed word", |books| set(books, ENTRIES, 25, "description", "Bukan itu")),
    ("a changed day", |books| {
        let mut sheet = Sheet::open(books, ENTRIES);
        let day = sheet.cell(25, "posted_on").clone();
        set(books, ENTRIES, 25, "posted_on", &day.replacen("20", "19", 1))
    }),
    ("another owner", |books| {
        append(books, "members.csv", "A000009,Orang Lain,active,2010-01-01,,,,,");
        set(books, "savings_accounts.csv", 2, "member_no", "A000009")
    }),
    ("another principal", |books| set(books, "loans.csv", 2, "principal", "1234567")),
    ("a missing account", |books| {
        let gone = drop_line(books, "savings_accounts.csv", 2);
        let mut sheet = Sheet::open(books, ENTRIES);
        sheet.rows.retain(|row| row[0] != gone);
        sheet.save();
        at("savings_accounts.csv", 0, "account_no", &gone)
    }),
];

#[track_caller]
fn assert_reported(report: &Value, place: &Place, what: &str) {
    assert_eq!(report["added"], 0, "{what}");
    let problems = report["problems"].as_array().unwrap();
    let found = problems.iter().find(|problem| {
        problem["file"] == place.file
            && problem["line"] == place.line
            && problem["column"] == place.column
            && problem["value"] == *place.value
    });
    let found = found.unwrap_or_else(|| panic!("{what}: {}:{} {}: {report}", place.file, place.line, place.column));
    assert!(!found["problem"].as_str().unwrap().is_empty(), "{what}");
}

/// Every row of every table of the server's database.
fn database(office: &Office) -> Vec<String> {
    let database = Connection::open_with_flags(office.database(), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
    let tables: Vec<String> = tables.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut all = Vec::new();
    for table in tables {
        let mut select = database.prepare(&format!("SELECT * FROM {table}")).unwrap();
        let columns = select.column_count();
        let mut rows = select.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<_> = (0..columns).map(|column| format!("{:?}", row.get_ref(column).unwrap())).collect();
            all.push(format!("{table} {}", values.join("|")));
        }
    }
    all
}

fn copied(from: &Path, to: PathBuf) -> PathBuf {
    fs::create_dir_all(&to).unwrap();
    for file in fs::read_dir(from).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), to.join(file.file_name())).unwrap();
    }
    to
}

#[test]
fn books_with_a_fault_are_refused_whole_and_the_old_figures_stay() {
    let village = Village::synced("bad-books", 900, 3, 2);
    let (before, shown) = (database(&village.office), village.phone.balance());
    for (number, (what, spoil)) in SPOILS.iter().chain(CHANGES).enumerate() {
        let books = copied(&village.books, village.scratch.join(&format!("spoilt-{number}")));
        let place = spoil(&books);
        let refused = village.office.run(&["import", books.to_str().unwrap()]);
        assert_eq!(refused.status, 1, "{what}: {refused:?}");
        assert_reported(&refused.document(), &place, what);
        assert_eq!(database(&village.office), before, "{what}: nothing was imported");
    }
    let synced = village.phone.sync();
    assert_eq!((synced["generation"].as_u64(), synced["entries_received"].as_u64()), (Some(1), Some(0)));
    assert_eq!(village.phone.balance()["total_savings"], shown["total_savings"]);
    // The same books as before add nothing, and that is no fault.
    assert_eq!(village.office.import(&village.books)["added"], 0);
}

#[test]
fn a_first_import_with_a_fault_leaves_nothing() {
    let scratch = Scratch::new("first-books");
    let good = scratch.join("good");
    generated(11, 900, 3, 2, &good);
    for (number, (what, spoil)) in SPOILS.iter().enumerate() {
        let office = Office::new(&scratch, &format!("office-{number}"));
        let books = copied(&good, scratch.join(&format!("spoilt-{number}")));
        let place = spoil(&books);
        let refused = office.run(&["import", books.to_str().unwrap()]);
        assert_eq!(refused.status, 1, "{what}: {refused:?}");
        assert_reported(&refused.document(), &place, what);
        let nothing = office.run(&["activate", "--member", "A000001"]);
        assert_eq!((nothing.status, nothing.code().as_str()), (1, "unknown"), "{what}");
        // The corrected books are taken as if nothing had been.
        assert_eq!(office.import(&good)["added"], 900, "{what}");
    }
}

#[test]
fn every_fault_is_told_at_once_and_people_read_where() {
    let village = Village::synced("faults", 900, 3, 2);
    let books = copied(&village.books, village.scratch.join("spoilt"));
    let places = [
        set(&books, ENTRIES, 30, "amount", "seribu"),
        set(&books, ENTRIES, 50, "kind", "setor"),
        set(&books, "members.csv", 2, "status", "aktif"),
        set(&books, "loans.csv", 3, "first_due_on", "besok"),
    ];
    let refused = village.office.run(&["import", books.to_str().unwrap()]);
    for place in &places {
        assert_reported(&refused.document(), place, "all at once");
    }
    let command = village.office.command(&["import", books.to_str().unwrap()]);
    let mut words = Command::new(command.get_program());
    let words = run(words.args(command.get_args().filter(|argument| *argument != "--json")).env_clear());
    assert_eq!((words.status, words.stderr.as_str()), (1, ""));
    for part in
        ["savings_entries.csv baris 30, kolom amount", "members.csv baris 2, kolom status", "Tidak ada yang diimpor"]
    {
        assert!(words.stdout.contains(part), "{}", words.stdout);
    }
}

#[test]
fn a_folder_that_is_no_books_is_refused() {
    let village = Village::synced("no-books", 300, 2, 1);
    let empty = village.scratch.join("empty");
    fs::create_dir_all(&empty).unwrap();
    let before = database(&village.office);
    let refused = village.office.run(&["import", empty.to_str().unwrap()]);
    assert_eq!(refused.status, 1);
    assert_eq!(refused.document()["problems"][0]["file"], "cooperative.csv");
    let nowhere = village.office.run(&["import", empty.join("deeper").to_str().unwrap()]);
    assert_eq!((nowhere.status, nowhere.code().as_str()), (1, "invalid-input"));

    type Ruin = fn(&Path);
    let cases: [(&str, Ruin); 6] = [
        ("a missing file", |books| fs::remove_file(books.join("members.csv")).unwrap()),
        ("an unknown column", |books| {
            let text = fs::read_to_string(books.join("members.csv")).unwrap();
            fs::write(books.join("members.csv"), text.replacen("phone", "telepon", 1)).unwrap();
        }),
        ("a missing column", |books| {
            let mut sheet = Sheet::open(books, ENTRIES);
            let column = sheet.column("amount");
            sheet.rows.iter_mut().for_each(|row| drop(row.remove(column)));
            sheet.save();
        }),
        ("bytes that are no text", |books| fs::write(books.join("members.csv"), [0xff, 0xfe, 0, 1, 2, 3]).unwrap()),
        ("a row that is cut off", |books| {
            let text = fs::read_to_string(books.join(ENTRIES)).unwrap();
            fs::write(books.join(ENTRIES), &text[..text.len() - 30]).unwrap();
        }),
        ("a quote that never ends", |books| {
            let mut text = fs::read_to_string(books.join(ENTRIES)).unwrap();
            text.push_str("SP-000001,2026-10-31,deposit,5,\"Setoran,KW,,\n");
            fs::write(books.join(ENTRIES), text).unwrap();
        }),
    ];
    for (number, (what, spoil)) in cases.into_iter().enumerate() {
        let books = copied(&village.books, village.scratch.join(&format!("spoilt-{number}")));
        spoil(&books);
        let refused = village.office.run(&["import", books.to_str().unwrap()]);
        assert_eq!(refused.status, 1, "{what}: {refused:?}");
        let report = refused.document();
        assert!(!report["problems"].as_array().unwrap().is_empty(), "{what}: {report}");
        assert_eq!(database(&village.office), before, "{what}");
    }
}
