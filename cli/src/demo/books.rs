//! The sample books of the demo, and what they must come to: counted and added up here from the CSV text alone, by nobody
//! else's rules, so that the figures on the phone have something to be held against.

use std::fs;
use std::path::Path;

use anggota::domain::Money;
use csv::StringRecord;

use super::Broken;

/// The files as they are handed over, compiled in so that the program shows its story anywhere.
const FILES: &[(&str, &str)] = &[
    ("cooperative.csv", include_str!("../../demo-books/cooperative.csv")),
    ("members.csv", include_str!("../../demo-books/members.csv")),
    ("savings_products.csv", include_str!("../../demo-books/savings_products.csv")),
    ("loan_products.csv", include_str!("../../demo-books/loan_products.csv")),
    ("savings_accounts.csv", include_str!("../../demo-books/savings_accounts.csv")),
    ("savings_entries.csv", include_str!("../../demo-books/savings_entries.csv")),
    ("loans.csv", include_str!("../../demo-books/loans.csv")),
    ("loan_entries.csv", include_str!("../../demo-books/loan_entries.csv")),
];

/// Writes the books into a new folder.
pub(super) fn write(folder: &Path) -> Result<(), Broken> {
    fs::create_dir_all(folder)?;
    FILES.iter().try_for_each(|(name, text)| Ok(fs::write(folder.join(name), text)?))
}

/// The books in a folder, as rows of text.
#[derive(Debug, Clone)]
pub(super) struct Books {
    pub(super) cooperative: Table,
    pub(super) members: Table,
    pub(super) loan_products: Table,
    pub(super) savings_accounts: Table,
    pub(super) savings_entries: Table,
    pub(super) loans: Table,
    pub(super) loan_entries: Table,
}

/// One file.
#[derive(Debug, Clone)]
pub(super) struct Table {
    header: StringRecord,
    rows: Vec<StringRecord>,
}

/// A row of a file; a column it lacks is empty.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    header: &'a StringRecord,
    row: &'a StringRecord,
}

impl Books {
    pub(super) fn read(folder: &Path) -> Result<Self, Broken> {
        let table = |name: &str| Table::read(&folder.join(name));
        Ok(Self {
            cooperative: table("cooperative.csv")?,
            members: table("members.csv")?,
            loan_products: table("loan_products.csv")?,
            savings_accounts: table("savings_accounts.csv")?,
            savings_entries: table("savings_entries.csv")?,
            loans: table("loans.csv")?,
            loan_entries: table("loan_entries.csv")?,
        })
    }

    /// A member's savings accounts, with their balances and numbers of entries.
    pub(super) fn savings(&self, member: &str) -> Result<Vec<Figure>, Broken> {
        let own = self.savings_accounts.of("member_no", member);
        own.map(|account| Figure::of(account.get("account_no"), "account_no", &self.savings_entries, "amount"))
            .collect()
    }

    /// A member's loans, with what is still owed and their numbers of entries.
    pub(super) fn loans(&self, member: &str) -> Result<Vec<Figure>, Broken> {
        let own = self.loans.of("member_no", member);
        own.map(|loan| Figure::of(loan.get("loan_no"), "loan_no", &self.loan_entries, "principal")).collect()
    }
}

/// What an account or a loan comes to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Figure {
    pub(super) account: String,
    pub(super) sum: Money,
    pub(super) entries: u32,
}

impl Figure {
    fn of(account: &str, column: &str, entries: &Table, amount: &str) -> Result<Self, Broken> {
        let mut figure = Self { account: account.to_owned(), sum: Money::ZERO, entries: 0 };
        for row in entries.of(column, account) {
            figure.sum = figure.sum.checked_add(row.money(amount)?).ok_or("the books add up to too much")?;
            figure.entries += 1;
        }
        Ok(figure)
    }
}

/// The sum of some figures.
pub(super) fn total(figures: &[Figure]) -> Result<Money, Broken> {
    let sum = figures.iter().try_fold(Money::ZERO, |sum, figure| sum.checked_add(figure.sum));
    sum.ok_or_else(|| "the books add up to too much".into())
}

impl Table {
    fn read(file: &Path) -> Result<Self, Broken> {
        let mut reader = csv::Reader::from_path(file)?;
        Ok(Self { header: reader.headers()?.clone(), rows: reader.records().collect::<Result<_, _>>()? })
    }

    /// Loses the last row with this value: books that are no longer those that were imported.
    pub(super) fn forget_last(&mut self, column: &str, value: &str) {
        let last = self.rows().rposition(|row| row.get(column) == value);
        last.map(|place| self.rows.remove(place));
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(super) fn rows(&self) -> impl DoubleEndedIterator<Item = Row<'_>> + ExactSizeIterator {
        self.rows.iter().map(|row| Row { header: &self.header, row })
    }

    /// The rows with this value in this column.
    pub(super) fn of<'a>(&'a self, column: &'a str, value: &'a str) -> impl DoubleEndedIterator<Item = Row<'a>> {
        self.rows().filter(move |row| row.get(column) == value)
    }

    /// The first row with this value in this column.
    pub(super) fn one<'a>(&'a self, column: &'a str, value: &'a str) -> Result<Row<'a>, Broken> {
        self.of(column, value).next().ok_or_else(|| format!("the books have no {column} {value}").into())
    }
}

impl<'a> Row<'a> {
    pub(super) fn get(self, column: &str) -> &'a str {
        let place = self.header.iter().position(|name| name == column);
        place.and_then(|place| self.row.get(place)).unwrap_or_default()
    }

    /// An amount; an empty one is nothing.
    pub(super) fn money(self, column: &str) -> Result<Money, Broken> {
        match self.get(column) {
            "" => Ok(Money::ZERO),
            text => Ok(text.parse()?),
        }
    }

    /// A count; an empty one is none.
    pub(super) fn count(self, column: &str) -> Result<Option<u32>, Broken> {
        match self.get(column) {
            "" => Ok(None),
            text => Ok(Some(text.parse()?)),
        }
    }
}
