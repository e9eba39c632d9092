//! The append-only record of what officers did and what an import changed. Never updates or deletes a row.

use anggota::domain::Timestamp;
use rusqlite::{Transaction, params};

/// An officer who was not named.
pub(crate) const OFFICE: &str = "kantor";

/// One field of one row that changed.
pub(crate) struct Change<'a> {
    /// Who did it, [`OFFICE`] when that was not said; nobody when an import did.
    pub(crate) officer: Option<&'a str>,
    /// Table and key, as `member:A001`.
    pub(crate) subject: &'a str,
    pub(crate) field: &'a str,
    pub(crate) before: &'a str,
    pub(crate) after: &'a str,
}

/// Adds to the record.
pub(crate) fn append(
    transaction: &Transaction<'_>,
    cooperative: i64,
    now: Timestamp,
    change: &Change<'_>,
) -> rusqlite::Result<()> {
    let mut statement = transaction.prepare_cached(
        "INSERT INTO change (cooperative, number, at, officer, subject, field, before, after)
         SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7 FROM change WHERE cooperative = ?1",
    )?;
    let Change { officer, subject, field, before, after } = change;
    statement.execute(params![cooperative, now.seconds(), officer, subject, field, before, after])?;
    Ok(())
}
