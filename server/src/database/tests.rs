use super::*;

fn count(connection: &Connection) -> Result<i64, DatabaseError> {
    Ok(connection.query_row("SELECT count(*) FROM cooperative", [], |row| row.get(0))?)
}

fn add(transaction: &Transaction<'_>, id: &str) -> Result<(), DatabaseError> {
    transaction.execute("INSERT INTO cooperative (id, name, time_zone) VALUES (?1, 'K', 'WIB')", [id])?;
    Ok(())
}

fn at(folder: &tempfile::TempDir, name: &str) -> String {
    format!("sqlite:{}", folder.path().join(name).display())
}

#[test]
fn only_sqlite_urls_and_plain_paths_are_opened() {
    for other in ["postgres://db/anggota", "postgresql:anggota", "mysql://x"] {
        assert!(matches!(path_of(other), Err(DatabaseError::Unsupported)), "{other}");
    }
    let here = std::env::current_dir().unwrap();
    for (url, path) in [("sqlite:a.db", "a.db"), ("a.db", "a.db"), ("sqlite::memory:", ":memory:"), ("./a:b", "a:b")] {
        assert_eq!(path_of(url).unwrap(), here.join(path), "{url}");
    }
    assert_eq!(path_of("sqlite:///srv/a.db").unwrap(), Path::new("/srv/a.db"));
}

#[cfg(unix)]
#[test]
fn the_files_are_for_this_user_alone() {
    use std::os::unix::fs::MetadataExt;
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&at(&folder, "deep/er/anggota.db")).unwrap();
    database.write(|t| add(t, "a")).unwrap();
    let mode = |name: &str| std::fs::metadata(folder.path().join(name)).unwrap().mode() & 0o777;
    for file in ["deep/er/anggota.db", "deep/er/anggota.db-wal", "deep/er/anggota.db-shm"] {
        assert_eq!(mode(file), 0o600, "{file}");
    }
    assert_eq!(mode("deep/er"), 0o700);
}

#[test]
fn a_failed_write_leaves_nothing_and_a_read_keeps_its_snapshot() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&at(&folder, "anggota.db")).unwrap();
    let failed: Result<(), DatabaseError> = database.write(|t| {
        add(t, "a")?;
        Err(DatabaseError::NoCooperative)
    });
    assert!(failed.is_err());
    assert_eq!(database.read(count).unwrap(), 0);
    let seen = database.read(|c| {
        let before = count(c)?;
        database.write(|t| add(t, "a"))?;
        Ok::<_, DatabaseError>((before, count(c)?))
    });
    assert_eq!(seen.unwrap(), (0, 0));
    assert_eq!(database.read(count).unwrap(), 1);
}

#[test]
fn a_reader_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&at(&folder, "anggota.db")).unwrap();
    let tried: Result<(), DatabaseError> = database.read(|c| {
        c.execute("DELETE FROM cooperative", [])?;
        Ok(())
    });
    assert!(tried.is_err());
}

#[test]
fn a_second_writer_waits_and_then_says_who_to_wait_for() {
    let folder = tempfile::tempdir().unwrap();
    let url = at(&folder, "anggota.db");
    let (first, second) = (Database::open(&url).unwrap(), Database::open_waiting(&url, Duration::ZERO).unwrap());
    first
        .write(|t| {
            add(t, "a")?;
            assert!(matches!(second.write(|t| add(t, "b")), Err(DatabaseError::Busy)));
            Ok::<_, DatabaseError>(())
        })
        .unwrap();
    second.write(|t| add(t, "b")).unwrap();
    assert_eq!(first.read(count).unwrap(), 2);
}

#[test]
fn a_panic_in_a_closure_undoes_it_and_the_database_works_on() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&at(&folder, "anggota.db")).unwrap();
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        database.write(|t| -> Result<(), DatabaseError> {
            add(t, "a")?;
            panic!("on purpose")
        })
    }));
    assert!(panicked.is_err());
    database.write(|t| add(t, "b")).unwrap();
    assert_eq!(database.read(count).unwrap(), 1);
}

#[test]
fn a_foreign_or_newer_file_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let garbage = folder.path().join("garbage.db");
    std::fs::write(&garbage, "member_no,name\n".repeat(1000)).unwrap();
    let other = folder.path().join("other.db");
    Connection::open(&other).unwrap().execute_batch("CREATE TABLE notes (text TEXT)").unwrap();
    let newer = folder.path().join("newer.db");
    drop(Database::open(newer.to_str().unwrap()).unwrap());
    Connection::open(&newer).unwrap().pragma_update(None, "user_version", MIGRATIONS.len() as i64 + 1).unwrap();

    for (path, is_newer) in [(garbage, false), (other, false), (newer, true)] {
        let before = std::fs::read(&path).unwrap();
        let error = Database::open(path.to_str().unwrap()).err().unwrap();
        assert_eq!(matches!(error, DatabaseError::Newer), is_newer, "{}: {error:?}", path.display());
        assert_eq!(matches!(error, DatabaseError::Foreign), !is_newer, "{}: {error:?}", path.display());
        assert_eq!(std::fs::read(&path).unwrap(), before, "{}", path.display());
    }
}

#[test]
fn opening_again_keeps_what_is_there() {
    let folder = tempfile::tempdir().unwrap();
    let url = at(&folder, "anggota.db");
    Database::open(&url).unwrap().write(|t| add(t, "a")).unwrap();
    assert_eq!(Database::open(&url).unwrap().read(count).unwrap(), 1);
}

#[test]
fn a_step_that_shipped_never_changes() {
    let hash = |step: &&str| data_encoding::HEXLOWER.encode(&anggota::protocol::sha256(step.as_bytes())[..8]);
    assert_eq!(MIGRATIONS.iter().map(hash).collect::<Vec<_>>(), FROZEN, "a new step gets its own line");
}

const FROZEN: &[&str] = &["0b797f96a9c64d5b", "f90d93677b76e1e0", "06012cf0479aa9a1"];

/// A row in every table of each schema that was ever there: what a version adds to those of the version before.
const ROWS: &[&str] = &[include_str!("rows_1.sql"), include_str!("rows_2.sql")];

/// A table with the columns that it has in a database.
fn tables(connection: &Connection) -> Vec<(String, String)> {
    let mut select = connection
        .prepare(
            "SELECT name, (SELECT group_concat(name, ', ') FROM pragma_table_info(t.name)) FROM sqlite_schema t
             WHERE type = 'table' ORDER BY name",
        )
        .unwrap();
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.unwrap().map(Result::unwrap).collect()
}

/// Every row of a table, those columns by name.
fn dump(connection: &Connection, (table, columns): &(String, String)) -> Vec<String> {
    let mut select = connection.prepare(&format!("SELECT {columns} FROM {table} ORDER BY 1, 2")).unwrap();
    let names: Vec<String> = select.column_names().map(str::to_owned).collect();
    let rows = select.query_map([], |row| {
        let values = names.iter().enumerate().map(|(at, name)| format!("{name}={:?}", row.get_ref(at).unwrap()));
        Ok(values.collect::<Vec<_>>().join(" "))
    });
    rows.unwrap().map(Result::unwrap).collect()
}

#[test]
fn a_database_of_an_earlier_schema_keeps_its_rows() {
    assert_eq!(ROWS.len(), MIGRATIONS.len() - 1, "a new step gets the rows of the schema before it");
    for version in 1..MIGRATIONS.len() {
        let folder = tempfile::tempdir().unwrap();
        let old = Connection::open(folder.path().join("anggota.db")).unwrap();
        MIGRATIONS[..version].iter().for_each(|step| old.execute_batch(step).unwrap());
        old.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        old.pragma_update(None, "user_version", version as i64).unwrap();
        ROWS[..version].iter().for_each(|rows| old.execute_batch(rows).unwrap());
        let tables = tables(&old);
        let all = |connection: &Connection| tables.iter().map(|table| dump(connection, table)).collect::<Vec<_>>();
        let before = all(&old);
        let empty: Vec<_> = tables.iter().zip(&before).filter(|(_, rows)| rows.is_empty()).collect();
        assert!(empty.is_empty(), "a row in every table: {empty:?}");
        drop(old);
        let database = Database::open(&at(&folder, "anggota.db")).unwrap();
        let (after, now) = database
            .read(|c| Ok::<_, DatabaseError>((all(c), c.query_row("PRAGMA user_version", [], |row| row.get(0))?)))
            .unwrap();
        assert_eq!((after, now), (before, MIGRATIONS.len() as i64), "from schema {version}");
    }
}

#[test]
fn every_key_begins_with_the_cooperative() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open(&at(&folder, "anggota.db")).unwrap();
    let firsts = database.read(|c| {
        let mut statement = c.prepare(
            "SELECT t.name, (SELECT name FROM pragma_table_info(t.name) WHERE pk = 1) FROM sqlite_schema t
             WHERE t.type = 'table' UNION ALL
             SELECT i.name, (SELECT name FROM pragma_index_info(i.name) WHERE seqno = 0) FROM sqlite_schema i
             WHERE i.type = 'index' AND i.tbl_name <> 'cooperative'",
        )?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok::<Vec<(String, String)>, DatabaseError>(rows.collect::<Result<_, _>>()?)
    });
    let firsts = firsts.unwrap();
    assert!(firsts.len() > 15);
    for (name, first) in firsts {
        assert_eq!(first, "cooperative", "{name}");
    }
}
