//! Passbooks line by line: as the books say, and as a phone shows. Reckoned here from the CSV alone, so that the two can differ.

use std::collections::BTreeMap;
use std::path::Path;

use anggota::client::{Client, MAX_PAGE};
use anggota::domain::AccountNo;
use serde_json::Value;

use crate::Phone;

/// One line, in words and decimal strings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its place, from 1.
    pub seq: u32,
    /// YYYY-MM-DD.
    pub posted_on: String,
    /// The kind's word.
    pub kind: String,
    /// The amount; of a loan: principal, interest, late charge.
    pub amounts: Vec<String>,
    /// Balance or outstanding after it.
    pub figure: String,
    /// What it says.
    pub description: String,
    /// Its reference.
    pub reference: String,
    /// The line it reverses.
    pub reverses: Option<u32>,
}

/// All lines of a savings account or a loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passbook {
    /// Whose it is.
    pub member_no: String,
    /// A loan, not a savings account.
    pub is_loan: bool,
    /// First to last.
    pub lines: Vec<Line>,
}

impl Passbook {
    /// The balance or outstanding.
    pub fn figure(&self) -> String {
        self.lines.last().map_or_else(|| rupiah(0), |line| line.figure.clone())
    }
}

/// The passbooks of some members, by account or loan number, from a folder of books.
#[track_caller]
pub fn passbooks(books: &Path, wanted: impl Fn(&str) -> bool) -> BTreeMap<String, Passbook> {
    let mut found = BTreeMap::new();
    for (file, number, is_loan) in [("savings_accounts.csv", "account_no", false), ("loans.csv", "loan_no", true)] {
        each(&books.join(file), |row| {
            if wanted(row["member_no"]) {
                let passbook = Passbook { member_no: row["member_no"].to_owned(), is_loan, lines: Vec::new() };
                assert!(found.insert(row[number].to_owned(), passbook).is_none(), "one number space");
            }
        });
    }
    each(&books.join("savings_entries.csv"), |row| write(&mut found, row, "account_no", &["amount"]));
    each(&books.join("loan_entries.csv"), |row| {
        write(&mut found, row, "loan_no", &["principal", "interest", "late_charge"]);
    });
    found
}

fn write(found: &mut BTreeMap<String, Passbook>, row: &BTreeMap<&str, &str>, number: &str, amounts: &[&str]) {
    let Some(passbook) = found.get_mut(row[number]) else { return };
    let text = |column: &str| row.get(column).copied().unwrap_or_default();
    let amounts: Vec<i64> = amounts.iter().map(|column| sen(text(column))).collect();
    let figure = sen(&passbook.figure()) + amounts[0];
    assert!(figure >= 0, "the books go below zero");
    assert!(text("balance").is_empty() || sen(text("balance")) == figure, "the books contradict themselves");
    passbook.lines.push(Line {
        seq: passbook.lines.len() as u32 + 1,
        posted_on: text("posted_on").to_owned(),
        kind: text("kind").to_owned(),
        amounts: amounts.into_iter().map(rupiah).collect(),
        figure: rupiah(figure),
        description: text("description").to_owned(),
        reference: text("reference").to_owned(),
        reverses: text("reverses").parse().ok(),
    });
}

/// Hands every row of a CSV file, by column; a missing file has none.
pub(crate) fn each(file: &Path, mut take: impl FnMut(&BTreeMap<&str, &str>)) {
    if !file.exists() {
        return;
    }
    let mut reader = csv::Reader::from_path(file).unwrap();
    let header = reader.headers().unwrap().clone();
    let mut row = csv::StringRecord::new();
    while reader.read_record(&mut row).unwrap() {
        take(&header.iter().zip(&row).collect());
    }
}

/// Sen of an amount of the books; an empty cell is nothing.
pub(crate) fn sen(text: &str) -> i64 {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{part:0<2}").parse().unwrap_or_else(|_| if text.is_empty() { 0 } else { panic!("{text}") })
}

pub(crate) fn rupiah(sen: i64) -> String {
    let sign = if sen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", sen.abs() / 100, sen.abs() % 100)
}

impl Phone {
    /// A passbook as the program shows it, first line to last.
    #[track_caller]
    pub fn lines(&self, account: &str, is_loan: bool) -> Vec<Line> {
        down(|before| {
            let limit = MAX_PAGE.to_string();
            let command: &[&str] =
                if is_loan { &["loan", "transactions", account] } else { &["transactions", "--account", account] };
            let before = before.map(|seq| seq.to_string());
            let before: Vec<&str> = before.iter().flat_map(|seq| ["--before", seq]).collect();
            let page = self.json(&[command, &["--limit", &limit], &before].concat());
            let lines = page["entries"].as_array().unwrap().iter().map(|entry| line(entry, is_loan)).collect();
            (lines, page["more"].as_bool().unwrap())
        })
    }
}

fn line(entry: &Value, is_loan: bool) -> Line {
    let text = |field: &str| entry[field].as_str().unwrap_or_else(|| panic!("{field}: {entry}")).to_owned();
    let number = |field: &str| entry.get(field).map(|value| value.as_u64().unwrap() as u32);
    let (amounts, figure): (&[&str], _) =
        if is_loan { (&["principal", "interest", "late_charge"], "outstanding") } else { (&["amount"], "balance") };
    Line {
        seq: number("seq").unwrap(),
        posted_on: text("posted_on"),
        kind: text("kind"),
        amounts: amounts.iter().map(|field| text(field)).collect(),
        figure: text(figure),
        description: text("description"),
        reference: text("reference"),
        reverses: number("reverses"),
    }
}

/// A passbook as the core's client gives it, first line to last.
pub fn lines_of(client: &Client, account: &str, is_loan: bool) -> Vec<Line> {
    let account = AccountNo::new(account).unwrap();
    down(|before| {
        if is_loan {
            let page = client.loan_transactions(&account, MAX_PAGE, before).unwrap();
            let lines = page.entries.into_iter().map(|entry| Line {
                seq: entry.seq,
                posted_on: entry.posted_on.to_string(),
                kind: entry.kind.as_str().to_owned(),
                amounts: [entry.principal, entry.interest, entry.late_charge].map(|amount| amount.to_string()).into(),
                figure: entry.outstanding.to_string(),
                description: entry.description,
                reference: entry.reference,
                reverses: entry.reverses,
            });
            (lines.collect(), page.more)
        } else {
            let page = client.transactions(&account, MAX_PAGE, before).unwrap();
            let lines = page.entries.into_iter().map(|entry| Line {
                seq: entry.seq,
                posted_on: entry.posted_on.to_string(),
                kind: entry.kind.as_str().to_owned(),
                amounts: vec![entry.amount.to_string()],
                figure: entry.balance.to_string(),
                description: entry.description,
                reference: entry.reference,
                reverses: entry.reverses,
            });
            (lines.collect(), page.more)
        }
    })
}

/// Page after page, newest first, until there are no more; given back oldest first.
fn down(mut page: impl FnMut(Option<u32>) -> (Vec<Line>, bool)) -> Vec<Line> {
    let mut all: Vec<Line> = Vec::new();
    loop {
        let (lines, more) = page(all.last().map(|line| line.seq));
        assert!(!more || !lines.is_empty(), "more is promised and nothing comes");
        all.extend(lines);
        if !more {
            all.reverse();
            return all;
        }
    }
}
