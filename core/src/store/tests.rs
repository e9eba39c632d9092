use std::path::PathBuf;

use super::*;

/// A place for a store, gone with the folder.
fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    (folder, path)
}

fn key(byte: u8) -> StoreKey {
    Zeroizing::new([byte; 32])
}

#[test]
fn the_schema_is_the_documented_one() {
    let (_folder, path) = place();
    let store = Store::create(&path, &key(1)).unwrap();
    let tables: Vec<String> = store
        .read(|db| {
            let mut select =
                db.prepare("SELECT name || ':' || sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")?;
            rows::all(&mut select, [], |row| Ok(row.get(0)?))
        })
        .unwrap();
    // A shipped migration never changes; a new step gets its own line here.
    let hash = |step: &&str| data_encoding::HEXLOWER.encode(&crate::protocol::sha256(step.as_bytes())[..8]);
    assert_eq!(tables.len(), 19, "{tables:#?}");
    assert_eq!(MIGRATIONS.iter().map(hash).collect::<Vec<_>>(), FROZEN, "a migration that shipped was edited");
}

const FROZEN: &[&str] =
    &["8604531cb2685d93", "0fd2040bb98c3c4f", "950c75f76e7b7427", "3d0dd2cf7d3373ee", "be102fd6e2951438"];

/// A row in every table of each schema that was ever there: what a version adds to those of the version before.
const ROWS: &[&str] = &[
    include_str!("tests/rows_1.sql"),
    include_str!("tests/rows_2.sql"),
    include_str!("tests/rows_3.sql"),
    include_str!("tests/rows_4.sql"),
];

/// A store as the release with that schema left it, with rows in every table.
fn old_store(path: &std::path::Path, version: usize) -> Connection {
    std::fs::File::create_new(path).unwrap();
    let db = connect(path, &key(1), OpenFlags::SQLITE_OPEN_READ_WRITE).unwrap();
    MIGRATIONS[..version].iter().for_each(|step| db.execute_batch(step).unwrap());
    db.pragma_update(None, "user_version", version).unwrap();
    ROWS[..version].iter().for_each(|rows| db.execute_batch(rows).unwrap());
    db
}

/// Every table with the columns that it has in a store.
fn tables(db: &Connection) -> Vec<(String, String)> {
    let mut select = db
        .prepare(
            "SELECT name, (SELECT group_concat(name, ', ') FROM pragma_table_info(t.name)) FROM sqlite_schema t
             WHERE type = 'table' ORDER BY name",
        )
        .unwrap();
    rows::all(&mut select, [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
}

/// Every row of a table, those columns by name.
fn dump(db: &Connection, (table, columns): &(String, String)) -> Vec<String> {
    let mut select = db.prepare(&format!("SELECT {columns} FROM {table} ORDER BY 1, 2")).unwrap();
    let names: Vec<String> = select.column_names().map(str::to_owned).collect();
    let row = |row: &rusqlite::Row<'_>| {
        let values = names.iter().enumerate().map(|(at, name)| format!("{name}={:?}", row.get_ref(at).unwrap()));
        Ok(values.collect::<Vec<_>>().join(" "))
    };
    rows::all(&mut select, [], row).unwrap()
}

#[test]
fn a_store_of_an_earlier_schema_keeps_its_rows() {
    assert_eq!(ROWS.len(), MIGRATIONS.len() - 1, "a new step gets the rows of the schema before it");
    for version in 1..MIGRATIONS.len() {
        let (_folder, path) = place();
        let old = old_store(&path, version);
        let tables = tables(&old);
        let all = |db: &Connection| tables.iter().map(|table| dump(db, table)).collect::<Vec<_>>();
        let before = all(&old);
        let empty: Vec<_> = tables.iter().zip(&before).filter(|(_, rows)| rows.is_empty()).collect();
        assert!(empty.is_empty(), "a row in every table: {empty:?}");
        old.close().unwrap();
        let store = Store::open(&path, &key(1)).unwrap();
        let now = |db: &Connection| Ok((all(db), db.query_row("PRAGMA user_version", [], |row| row.get(0))?));
        assert_eq!(store.read(now).unwrap(), (before, MIGRATIONS.len()), "from schema {version}");
    }
}

#[test]
fn what_is_held_without_an_epoch_agrees_with_that_of_the_checkpoint_held() {
    let (_folder, path) = place();
    old_store(&path, 1).close().unwrap();
    let store = Store::open(&path, &key(1)).unwrap();
    let epochs: Vec<u64> =
        store.read(|db| rows::all(&mut db.prepare("SELECT epoch FROM account")?, [], |row| Ok(row.get(0)?))).unwrap();
    assert_eq!(epochs, [3, 3]);
}

#[test]
fn the_file_is_encrypted_and_opens_with_its_key_only() {
    let (_folder, path) = place();
    let store = Store::create(&path, &key(1)).unwrap();
    store.write(|tx| Ok(tx.execute("INSERT INTO register VALUES (1, 'Siti Rahayu')", []).map(drop)?)).unwrap_err();
    store.write(|tx| Ok(tx.execute("INSERT INTO register VALUES (1, x'53697469')", []).map(drop)?)).unwrap();
    store.close().unwrap();
    let bytes = std::fs::read(&path).unwrap();
    assert!(!bytes.windows(6).any(|window| window == b"SQLite" || window == b"regist"));
    let Err(fault) = Store::open(&path, &key(2)) else { panic!("a wrong key opened the store") };
    assert_eq!(fault.code(), Code::StoreUnreadable);
    assert_eq!(std::fs::read(&path).unwrap(), bytes, "the file was touched");
    Store::open(&path, &key(1)).unwrap();
}

#[test]
fn garbage_and_newer_stores_are_left_as_they_are() {
    let (_folder, path) = place();
    for garbage in [vec![0x5a; 8192], b"hello".to_vec()] {
        std::fs::write(&path, &garbage).unwrap();
        let Err(fault) = Store::open(&path, &key(1)) else { panic!("garbage opened") };
        assert_eq!(fault.code(), Code::StoreUnreadable);
        assert_eq!(std::fs::read(&path).unwrap(), garbage);
    }
    let (_folder, path) = place();
    let store = Store::create(&path, &key(1)).unwrap();
    store.write(|tx| Ok(tx.pragma_update(None, "user_version", 99)?)).unwrap();
    store.close().unwrap();
    let before = std::fs::read(&path).unwrap();
    let Err(fault) = Store::open(&path, &key(1)) else { panic!("a newer store opened") };
    assert_eq!(fault.code(), Code::StoreNewer);
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[test]
fn a_failed_write_leaves_nothing() {
    let (_folder, path) = place();
    let store = Store::create(&path, &key(1)).unwrap();
    let failed = store.write(|tx| {
        tx.execute("INSERT INTO result_mark VALUES (1, 5)", [])?;
        Err::<(), _>(Error::new(Code::Internal))
    });
    assert_eq!(failed.unwrap_err().code(), Code::Internal);
    let rows: i64 = store.read(|db| Ok(db.query_row("SELECT count(*) FROM result_mark", [], |r| r.get(0))?)).unwrap();
    assert_eq!(rows, 0);
}
