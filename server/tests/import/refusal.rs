//! How a refusal is told and held to: the files' names, the place of a problem, and nothing kept.

use crate::office::{Books, Office};

pub(crate) const COOPERATIVE: &str = "cooperative.csv";
pub(crate) const MEMBERS: &str = "members.csv";
pub(crate) const SAVINGS_PRODUCTS: &str = "savings_products.csv";
pub(crate) const LOAN_PRODUCTS: &str = "loan_products.csv";
pub(crate) const ACCOUNTS: &str = "savings_accounts.csv";
pub(crate) const ENTRIES: &str = "savings_entries.csv";
pub(crate) const LOANS: &str = "loans.csv";
pub(crate) const LOAN_ENTRIES: &str = "loan_entries.csv";

/// File, line, column, value, and a word of the sentence.
pub(crate) type Expected = (&'static str, u64, &'static str, &'static str, &'static str);

/// Imports `books` at an office that holds nothing: exactly these problems, and nothing kept.
pub(crate) fn refuse(what: &str, books: &Books, expected: &[Expected]) {
    let office = Office::new();
    hold(what, &office, books, expected);
    assert!(!office.path("keys").exists(), "{what}: keys were made");
}

/// Imports `books` at an office: exactly these problems, and nothing changed.
pub(crate) fn hold(what: &str, office: &Office, books: &Books, expected: &[Expected]) {
    let before = office.everything();
    let report = office.import(books);
    let found: Vec<_> = report
        .problems
        .iter()
        .map(|p| (p.file, p.line, p.column.as_str(), p.value.as_str(), p.problem.as_ref()))
        .collect();
    assert_eq!(found.len(), expected.len(), "{what}: {found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!((found.0, found.1, found.2, found.3), (expected.0, expected.1, expected.2, expected.3), "{what}");
        assert!(found.4.contains(expected.4), "{what}: \"{}\" does not say \"{}\"", found.4, expected.4);
    }
    assert_eq!((report.added, report.more_problems), (0, 0), "{what}");
    assert_eq!(office.everything(), before, "{what}: something was kept");
}

pub(crate) fn line(file: &'static str, line: usize, text: &str) -> Books {
    Books::sample().with(file, line, text)
}
