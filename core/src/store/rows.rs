//! Between rows and domain values: a value in the store that breaks its rule makes the store unreadable, never a guess.

use rusqlite::types::FromSql;
use rusqlite::{Row, RowIndex};

use crate::domain::{CivilDate, Description, Invalid, Money, Reference, Timestamp};
use crate::error::{Error, Result};
use crate::protocol::problem::Code;

/// What a stored value breaks.
pub(super) fn unreadable(fault: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::because(Code::StoreUnreadable, fault)
}

/// Reads a column and checks it.
pub(super) fn checked<T: FromSql, V, E>(
    row: &Row<'_>,
    column: impl RowIndex,
    check: impl FnOnce(T) -> std::result::Result<V, E>,
) -> Result<V>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    check(row.get(column)?).map_err(unreadable)
}

pub(super) fn money(row: &Row<'_>, column: impl RowIndex) -> Result<Money> {
    checked(row, column, Money::from_sen)
}

pub(super) fn day(row: &Row<'_>, column: impl RowIndex) -> Result<CivilDate> {
    checked(row, column, CivilDate::from_days)
}

pub(super) fn instant(row: &Row<'_>, column: impl RowIndex) -> Result<Timestamp> {
    checked(row, column, Timestamp::from_seconds)
}

pub(super) fn text<V>(
    row: &Row<'_>,
    column: impl RowIndex,
    check: impl FnOnce(&str) -> std::result::Result<V, Invalid>,
) -> Result<V> {
    checked(row, column, |text: Box<str>| check(&text))
}

pub(super) fn description(row: &Row<'_>, column: impl RowIndex) -> Result<Description> {
    text(row, column, Description::new)
}

pub(super) fn reference(row: &Row<'_>, column: impl RowIndex) -> Result<Reference> {
    text(row, column, Reference::new)
}

/// A number of a closed list.
pub(super) fn word<V>(row: &Row<'_>, column: impl RowIndex, from: impl FnOnce(u8) -> Option<V>) -> Result<V> {
    checked(row, column, |number: u8| from(number).ok_or(Invalid("a number in the store is of no known kind")))
}

/// All rows of a query, each read by `read`.
pub(super) fn all<T>(
    statement: &mut rusqlite::Statement<'_>,
    params: impl rusqlite::Params,
    mut read: impl FnMut(&Row<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    let mut rows = statement.query(params)?;
    let mut values = Vec::new();
    while let Some(row) = rows.next()? {
        values.push(read(row)?);
    }
    Ok(values)
}

/// The row of a query that gives at most one.
pub(super) fn one<T>(
    statement: &mut rusqlite::Statement<'_>,
    params: impl rusqlite::Params,
    read: impl FnOnce(&Row<'_>) -> Result<T>,
) -> Result<Option<T>> {
    let mut rows = statement.query(params)?;
    rows.next()?.map(read).transpose()
}
