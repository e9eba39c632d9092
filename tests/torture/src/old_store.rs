//! A phone's store as an earlier release left it: the same rows under the schema of then, made from a store of today.

use std::path::{Path, PathBuf};

use anggota_tests::Phone;
use rusqlite::Connection;

use crate::world::COOPERATIVE;

/// The schemas before the newest one, as they shipped.
pub(crate) const STEPS: [&str; 4] = [
    include_str!("../../../core/src/store/schema/0001_initial.sql"),
    include_str!("../../../core/src/store/schema/0002_epochs.sql"),
    include_str!("../../../core/src/store/schema/0003_newest_first.sql"),
    include_str!("../../../core/src/store/schema/0004_drafts.sql"),
];

/// What belongs to epochs, which schema 1 does not know: evidence of what a new one has otherwise, and the rows that an account
/// had under another number.
const OF_EPOCHS: &str = "DELETE FROM evidence;
    DELETE FROM span WHERE account NOT IN (SELECT account FROM account);
    DELETE FROM savings_entry WHERE account NOT IN (SELECT account FROM account);
    DELETE FROM loan_entry WHERE account NOT IN (SELECT account FROM account);";

/// Tables with their columns, and every row of them.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rows(Vec<(String, String, Vec<String>)>);

/// Puts a store of that schema in the place of a member's store; gives the rows that it has.
pub(crate) fn put_in_place(phone: &Phone, member: &str, schema: usize) -> Rows {
    let (store, key) = (phone.store(COOPERATIVE, member), phone.store_key(COOPERATIVE, member));
    let draft = store.with_file_name("store.old");
    let old = Connection::open(&draft).unwrap();
    old.pragma_update(None, "key", &key).unwrap();
    STEPS[..schema].iter().for_each(|step| old.execute_batch(step).unwrap());
    old.execute("ATTACH DATABASE ?1 AS now KEY ?2", [store.to_str().unwrap(), &key]).unwrap();
    for (table, columns) in tables(&old) {
        let copy = format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM now.{table}");
        old.execute(&copy, []).unwrap();
    }
    old.execute_batch("DETACH now").unwrap();
    if schema == 1 {
        old.execute_batch(OF_EPOCHS).unwrap();
    }
    old.pragma_update(None, "user_version", schema as i64).unwrap();
    let rows = Rows(tables(&old).into_iter().map(|(table, columns)| dump(&old, table, columns)).collect());
    old.close().unwrap();
    let _absent = [beside(&store, "-wal"), beside(&store, "-shm")].map(std::fs::remove_file);
    std::fs::rename(draft, store).unwrap();
    rows
}

impl Rows {
    /// The same tables and columns as they are in a member's store now.
    pub(crate) fn now(&self, phone: &Phone, member: &str) -> Self {
        let store = phone.open_store(COOPERATIVE, member);
        Self(self.0.iter().map(|(table, columns, _)| dump(&store, table.clone(), columns.clone())).collect())
    }

    /// How many.
    pub(crate) fn count(&self) -> usize {
        self.0.iter().map(|(_, _, rows)| rows.len()).sum()
    }
}

fn tables(db: &Connection) -> Vec<(String, String)> {
    let mut select = db
        .prepare(
            "SELECT name, (SELECT group_concat(name, ', ') FROM pragma_table_info(t.name)) FROM main.sqlite_schema t
             WHERE type = 'table' ORDER BY name",
        )
        .unwrap();
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

fn dump(db: &Connection, table: String, columns: String) -> (String, String, Vec<String>) {
    let mut select = db.prepare(&format!("SELECT {columns} FROM {table} ORDER BY 1, 2")).unwrap();
    let count = select.column_count();
    let values =
        |row: &rusqlite::Row<'_>| Ok((0..count).map(|at| format!("{:?} ", row.get_ref(at).unwrap())).collect());
    let rows = select.query_map([], values).unwrap().map(Result::unwrap).collect();
    (table, columns, rows)
}

fn beside(store: &Path, suffix: &str) -> PathBuf {
    let mut path = store.as_os_str().to_owned();
    path.push(suffix);
    path.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_before_the_newest_is_upgraded() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../core/src/store/schema");
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), STEPS.len() + 1);
    }
}
