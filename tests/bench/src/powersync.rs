//! A first sync by PowerSync's core extension, as its own client drives it (the packages @powersync/node and
//! @powersync/shared-internals say how): sync lines go one by one into `powersync_control`, each in a transaction of its own,
//! and the extension keeps them in its tables and applies them at the end. Knows nothing of the protocol that it is compared
//! with, and takes no part of it.

use std::path::Path;

use anggota_loader::load;
use rusqlite::types::ToSql;
use rusqlite::{Connection, TransactionBehavior, params_from_iter};
use serde_json::{Value, json};

use crate::floor::{LOAN_COLUMNS, Rows, SAVINGS_COLUMNS};
use crate::probe::Moment;
use crate::world::Measured;

/// Rows of a line, as its service sends them.
const LINE_ROWS: usize = 1_000;
const BUCKET: &str = "member[\"1\"]";
/// What its service gives a bucket when nobody says otherwise.
const PRIORITY: u32 = 3;
/// Of a BSON document: its length, in its first bytes.
const LENGTH_BYTES: usize = 4;

/// The lines of a first sync of these rows, one JSON document each: a checkpoint, the rows, and that they are complete.
pub(crate) fn lines(rows: &Rows) -> Vec<Value> {
    let objects: Vec<(&str, String, Value)> = rows.objects();
    let count = objects.len();
    let operations: Vec<(u32, Value)> = objects
        .into_iter()
        .zip(1_u32..)
        .map(|((table, id, row), number)| {
            // Whatever the service reckons; the sum of all is held against the checkpoint's.
            let checksum = number.wrapping_mul(2_654_435_761);
            let operation = json!({
                "op_id": number.to_string(), "op": "PUT", "object_type": table, "object_id": id, "checksum": checksum,
                "data": row.to_string(),
            });
            (checksum, operation)
        })
        .collect();
    let checksum = operations.iter().fold(0_u32, |sum, (checksum, _)| sum.wrapping_add(*checksum));
    let last = count.to_string();
    let bucket = json!({ "bucket": BUCKET, "checksum": checksum, "count": count, "priority": PRIORITY });
    let mut lines =
        vec![json!({ "checkpoint": { "last_op_id": last, "write_checkpoint": null, "buckets": [bucket] } })];
    for (place, part) in operations.chunks(LINE_ROWS).enumerate() {
        let after = place * LINE_ROWS;
        let data: Vec<&Value> = part.iter().map(|(_, operation)| operation).collect();
        lines.push(json!({ "data": {
            "bucket": BUCKET, "has_more": after + part.len() < count, "after": after.to_string(),
            "next_after": (after + part.len()).to_string(), "data": data,
        } }));
    }
    lines.push(json!({ "checkpoint_complete": { "last_op_id": last } }));
    lines
}

/// Does what the command line says: the extension, the file of lines, the database to make, and how many rows there are.
pub fn run() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [extension, lines, file, count] = arguments.as_slice() else {
        panic!("an extension, lines, a file and a count")
    };
    let bytes = std::fs::read(lines).unwrap();
    sync(extension.as_ref(), &documents(&bytes), file.as_ref(), count.parse().unwrap()).print();
}

/// The documents of a file that holds one after another.
fn documents(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut documents = Vec::new();
    while let Some(length) = bytes.first_chunk::<LENGTH_BYTES>() {
        let (document, rest) = bytes.split_at(u32::from_le_bytes(*length) as usize);
        documents.push(document);
        bytes = rest;
    }
    documents
}

/// A whole first sync, from opening the database to closing it.
fn sync(extension: &Path, lines: &[&[u8]], file: &Path, count: u64) -> Measured {
    let start = Moment::now();
    let mut db = Connection::open(file).unwrap();
    load(&db, extension, c"sqlite3_powersync_init").unwrap();
    db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
    db.pragma_update(None, "synchronous", "FULL").unwrap();
    db.pragma_update(None, "recursive_triggers", true).unwrap();
    db.query_row("SELECT powersync_update_hooks('install')", [], |_| Ok(())).unwrap();
    let schema = schema();
    for (call, argument) in [("powersync_init()", None), ("powersync_replace_schema(?1)", Some(schema.to_string()))] {
        let tx = db.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
        tx.query_row(&format!("SELECT {call}"), params_from_iter(argument), |_| Ok(())).unwrap();
        tx.commit().unwrap();
    }
    let options = json!({ "parameters": {}, "active_streams": [], "include_defaults": true, "schema": schema });
    control(&mut db, "start", &options.to_string());
    control(&mut db, "connection", &"established");
    for line in lines {
        control(&mut db, "line_binary", line);
    }
    control(&mut db, "stop", &None::<String>);
    db.close().unwrap();
    let measured = Measured::of(start.spent());
    assert_eq!(rows_in(extension, file), count, "every row is in the views");
    measured
}

/// Gives the extension an event, in the transaction that its client would.
fn control(db: &mut Connection, event: &str, payload: &dyn ToSql) {
    let tx = db.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
    let instructions: String = tx
        .prepare_cached("SELECT CAST(powersync_control(?1, ?2) AS TEXT)")
        .unwrap()
        .query_row((event, payload), |row| row.get(0))
        .unwrap();
    tx.commit().unwrap();
    let instructions: Vec<Value> = serde_json::from_str(&instructions).unwrap();
    // What it says when a checkpoint's sums do not agree, among others.
    let warnings =
        instructions.iter().filter(|one| one["LogLine"]["severity"].as_str().is_some_and(|s| s == "WARNING"));
    assert_eq!(warnings.collect::<Vec<_>>(), Vec::<&Value>::new());
}

/// Tables as an app would declare them, without an index.
fn schema() -> Value {
    let table = |name: &str, columns: &[(&str, &str)]| {
        let columns: Vec<Value> = columns.iter().map(|(name, kind)| json!({ "name": name, "type": kind })).collect();
        json!({
            "name": name, "view_name": name, "columns": columns, "indexes": [], "local_only": false, "insert_only": false,
        })
    };
    json!({ "tables": [table("savings_entry", SAVINGS_COLUMNS), table("loan_entry", LOAN_COLUMNS)], "raw_tables": [] })
}

fn rows_in(extension: &Path, file: &Path) -> u64 {
    let db = Connection::open(file).unwrap();
    load(&db, extension, c"sqlite3_powersync_init").unwrap();
    let count = "SELECT (SELECT count(*) FROM savings_entry WHERE balance_after IS NOT NULL)
                      + (SELECT count(*) FROM loan_entry WHERE outstanding_after IS NOT NULL)";
    db.query_row(count, [], |row| row.get(0)).unwrap()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_told_apart_by_their_lengths() {
        assert_eq!(documents(b"\x05\0\0\0\0\x06\0\0\0x\0"), [&b"\x05\0\0\0\0"[..], b"\x06\0\0\0x\0"]);
        assert!(documents(b"").is_empty());
    }
}
