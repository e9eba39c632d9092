//! The append-only record of what officers did. Never updates or deletes a row.

use anggota::domain::Timestamp;
use rusqlite::{Transaction, params};

use crate::cooperative::Cooperative;
use crate::refusal::Refusal;

/// One field of one row that changed.
pub(crate) struct Change<'a> {
    /// Who did it.
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
    cooperative: &Cooperative,
    now: Timestamp,
    change: &Change<'_>,
) -> Result<(), Refusal> {
    transaction.execute(
        "INSERT INTO change (cooperative, number, at, officer, subject, field, before, after)
         SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7 FROM change WHERE cooperative = ?1",
        params![
            cooperative.number,
            now.seconds(),
            change.officer,
            change.subject,
            change.field,
            change.before,
            change.after
        ],
    )?;
    Ok(())
}
