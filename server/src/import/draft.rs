//! A row of a register as the books give it, and what keeping it means: a new row, the same row, or a change that is
//! recorded with its time.

use anggota::domain::Timestamp;
use rusqlite::types::Value as Sql;
use rusqlite::{OptionalExtension, Transaction, params, params_from_iter};

use crate::books::{Cells, Stored};
use crate::changes::{self, Change};

const FIXED: &str = "tidak boleh berubah sesudah pertama kali diimpor";

/// In place of the column of a row's own number, for tables that have none.
pub(super) const NO_NUMBER: &str = "0";

/// How a later import may change a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// It may, and the change is recorded.
    Free,
    /// It may not.
    Fixed,
    /// It is written with the new row and never looked at again.
    Once,
}

struct Column {
    books: &'static str,
    sql: &'static str,
    value: Sql,
    shown: fn(&Sql) -> String,
    rule: Rule,
}

/// A row on its way into the database.
pub(super) struct Draft {
    table: &'static str,
    key_column: &'static str,
    key: String,
    columns: Vec<Column>,
}

/// What became of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Saved {
    /// The row's number within the cooperative; 0 in a table without numbers.
    pub(super) number: i64,
    /// Whether it was not there before.
    pub(super) is_new: bool,
    /// Whether it is another than before.
    pub(super) is_changed: bool,
}

impl Draft {
    pub(super) fn new(table: &'static str, key_column: &'static str, key: &str) -> Self {
        Self { table, key_column, key: key.into(), columns: Vec::with_capacity(16) }
    }

    /// A column that must hold a value; it is stored under its own name.
    pub(super) fn required<V: Stored>(&mut self, cells: &mut Cells<'_>, column: &'static str) -> Option<V> {
        let value: Option<V> = cells.required(column);
        self.put(column, column, Rule::Free, value.as_ref());
        value
    }

    /// A column that may be empty: null then.
    pub(super) fn optional<V: Stored>(&mut self, cells: &mut Cells<'_>, column: &'static str) -> Option<V> {
        let value: Option<V> = cells.optional(column);
        self.put(column, column, Rule::Free, value.as_ref());
        value
    }

    /// A column that may be empty: `default` then.
    pub(super) fn or<V: Stored>(&mut self, cells: &mut Cells<'_>, column: &'static str, default: V) -> V {
        let value = cells.optional(column).unwrap_or(default);
        self.put(column, column, Rule::Free, Some(&value));
        value
    }

    /// A column that must hold a value and may never change.
    pub(super) fn fixed<V: Stored>(
        &mut self,
        cells: &mut Cells<'_>,
        books: &'static str,
        sql: &'static str,
    ) -> Option<V> {
        let value: Option<V> = cells.required(books);
        self.put(books, sql, Rule::Fixed, value.as_ref());
        value
    }

    /// What the column `sql` shall hold, and the books' column it comes from.
    pub(super) fn put<V: Stored>(&mut self, books: &'static str, sql: &'static str, rule: Rule, value: Option<&V>) {
        let value = value.map_or(Sql::Null, Stored::stored);
        self.columns.push(Column { books, sql, value, shown: V::shown, rule });
    }

    /// What the column `sql` shall hold that the books do not give as such.
    pub(super) fn raw(&mut self, books: &'static str, sql: &'static str, rule: Rule, value: impl Into<Sql>) {
        self.columns.push(Column { books, sql, value: value.into(), shown: |_| String::new(), rule });
    }

    /// Keeps the row, unless something is wrong with it (`None`). `number` is the column of the row's own number, or
    /// [`NO_NUMBER`].
    pub(super) fn save(
        self,
        transaction: &Transaction<'_>,
        cooperative: i64,
        now: Timestamp,
        number: &'static str,
        cells: &mut Cells<'_>,
    ) -> rusqlite::Result<Option<Saved>> {
        if !cells.is_complete() {
            return Ok(None);
        }
        let Some((number, stored)) = self.stored(transaction, cooperative, number)? else {
            let number = self.insert(transaction, cooperative, number)?;
            return Ok(Some(Saved { number, is_new: true, is_changed: false }));
        };
        let mut is_changed = false;
        for (column, before) in self.columns.iter().zip(&stored).filter(|(column, before)| column.value != **before) {
            match column.rule {
                Rule::Once => {}
                Rule::Fixed => cells.refuse(column.books, FIXED),
                Rule::Free => {
                    self.change(column, before, transaction, cooperative, now)?;
                    is_changed = true;
                }
            }
        }
        Ok(cells.is_complete().then_some(Saved { number, is_new: false, is_changed }))
    }

    fn stored(
        &self,
        transaction: &Transaction<'_>,
        cooperative: i64,
        number: &'static str,
    ) -> rusqlite::Result<Option<(i64, Vec<Sql>)>> {
        let columns: Vec<_> = self.columns.iter().map(|column| column.sql).collect();
        let sql = format!(
            "SELECT {}, {} FROM {} WHERE cooperative = ?1 AND {} = ?2",
            number,
            columns.join(", "),
            self.table,
            self.key_column
        );
        let mut statement = transaction.prepare_cached(&sql)?;
        let row = statement.query_row(params![cooperative, self.key], |row| {
            let values = (1..=columns.len()).map(|i| row.get(i)).collect::<rusqlite::Result<_>>()?;
            Ok((row.get(0)?, values))
        });
        row.optional()
    }

    fn insert(&self, transaction: &Transaction<'_>, cooperative: i64, number: &'static str) -> rusqlite::Result<i64> {
        let table = self.table;
        let (mut names, mut places) = (format!("cooperative, {}", self.key_column), String::from("?1, ?2"));
        for (i, column) in self.columns.iter().enumerate() {
            names.push_str(&format!(", {}", column.sql));
            places.push_str(&format!(", ?{}", i + 3));
        }
        if number != NO_NUMBER {
            names.push_str(&format!(", {number}"));
            places.push_str(&format!(", (SELECT coalesce(max({number}), 0) + 1 FROM {table} WHERE cooperative = ?1)"));
        }
        let sql = format!("INSERT INTO {table} ({names}) VALUES ({places}) RETURNING {}", number);
        let own = [Sql::Integer(cooperative), Sql::Text(self.key.clone())];
        let values = own.iter().chain(self.columns.iter().map(|column| &column.value));
        transaction.prepare_cached(&sql)?.query_row(params_from_iter(values), |row| row.get(0))
    }

    fn change(
        &self,
        column: &Column,
        before: &Sql,
        transaction: &Transaction<'_>,
        cooperative: i64,
        now: Timestamp,
    ) -> rusqlite::Result<()> {
        let sql = format!(
            "UPDATE {} SET {} = ?3 WHERE cooperative = ?1 AND {} = ?2",
            self.table, column.sql, self.key_column
        );
        transaction.prepare_cached(&sql)?.execute(params![cooperative, self.key, column.value])?;
        let change = Change {
            officer: None,
            subject: &format!("{}:{}", self.table, self.key),
            field: column.books,
            before: &(column.shown)(before),
            after: &(column.shown)(&column.value),
        };
        changes::append(transaction, cooperative, now, &change)
    }
}
