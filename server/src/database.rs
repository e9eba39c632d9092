//! The server's database: an embedded SQLite file, one writer, a few readers, and the closures that are the only doors.
//!
//! A read closure sees one snapshot, a write closure is one transaction: all of it or none. Never knows what the rows
//! mean, never touches a file that is not ours or that a newer version made, never waits for anything but a lock.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anggota::domain::Invalid;
use anggota::failpoint;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

/// How long `serve` waits for another writer: a phone asks again.
pub const SERVE_WAIT: Duration = Duration::from_secs(5);
/// How long a command waits for another writer: a person would rather wait for an import to end.
pub const COMMAND_WAIT: Duration = Duration::from_secs(60);

/// One file a step, forward only; a step that has shipped is never edited.
const MIGRATIONS: &[&str] = &[
    include_str!("schema/0001_initial.sql"),
    include_str!("schema/0002_succession.sql"),
    include_str!("schema/0003_backing.sql"),
];
/// "KopS" in the file's header: tells our databases from other programs'.
const APPLICATION_ID: i32 = 0x4b6f_7053;

/// Readers kept open; more are opened while needed.
const IDLE_READERS: usize = 4;
const STATEMENTS: usize = 128;
/// Page caches in KiB. An import touches pages all over the file and is slow when they do not fit.
const WRITER_CACHE: i64 = 48 * 1024;
const READER_CACHE: i64 = 4 * 1024;
/// What the write-ahead log shrinks to after a large transaction, in bytes.
const WAL_LEFT: i64 = 4 * 1024 * 1024;

/// Why the database cannot be used, or does not hold what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// A URL of another kind.
    #[error("only sqlite: databases are supported for now; use --database sqlite:FILE")]
    Unsupported,
    /// The file or its folder cannot be made.
    #[error("the database file cannot be opened; check that its folder exists and may be written to")]
    File(#[source] std::io::Error),
    /// There is no such file, and only an import makes one.
    #[error("the database file is not there; check --database, or import the books first")]
    Missing,
    /// Another program's database, or no database at all.
    #[error("the file is not a database of this program and was left as it is; name another with --database")]
    Foreign,
    /// Made by a later version.
    #[error("the database was made by a newer version and was left as it is; install the newest anggota-server")]
    Newer,
    /// Another writer held it for the whole waiting time.
    #[error("the database is in use by another command; try again when that has ended")]
    Busy,
    /// The disk is full.
    #[error("the disk is full; make room and try again, nothing was changed")]
    Full,
    /// What is stored breaks a rule of the domain.
    #[error("the database holds a value it cannot hold ({0}); restore the last backup")]
    Damaged(#[from] Invalid),
    /// No books were ever imported.
    #[error("the database holds no cooperative yet; import its books first")]
    NoCooperative,
    /// Not the id of one in the database.
    #[error("the database holds no cooperative of that id; check --cooperative")]
    UnknownCooperative,
    /// More than one, and none was named.
    #[error("the database holds several cooperatives; name one with --cooperative")]
    SeveralCooperatives,
    /// Anything else that SQLite reports.
    #[error("the database could not do its work; check the disk, then try again")]
    Sql(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for DatabaseError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::NotADatabase) => Self::Foreign,
            Some(ErrorCode::DiskFull) => Self::Full,
            _ => Self::Sql(error),
        }
    }
}

/// The database of many cooperatives. Cheap to clone; closing is dropping the last clone.
#[derive(Clone)]
pub struct Database {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    wait: Duration,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
}

impl Database {
    /// Opens `sqlite:PATH` or a plain path, made with its folder when it is not there and brought up to this version.
    /// Waits [`SERVE_WAIT`] for other writers.
    pub fn open(url: &str) -> Result<Self, DatabaseError> {
        Self::open_waiting(url, SERVE_WAIT)
    }

    /// As [`Database::open`], with another time to wait for other writers, such as [`COMMAND_WAIT`].
    pub fn open_waiting(url: &str, wait: Duration) -> Result<Self, DatabaseError> {
        let path = path_of(url)?;
        create_private(&path).map_err(DatabaseError::File)?;
        Self::connect(path, wait)
    }

    /// As [`Database::open_waiting`], without making one that is not there.
    pub fn open_existing(url: &str, wait: Duration) -> Result<Self, DatabaseError> {
        let path = path_of(url)?;
        if !path.try_exists().map_err(DatabaseError::File)? {
            return Err(DatabaseError::Missing);
        }
        Self::connect(path, wait)
    }

    fn connect(path: PathBuf, wait: Duration) -> Result<Self, DatabaseError> {
        let mut writer = connect(&path, wait, WRITER_CACHE)?;
        // What is deleted is overwritten: a photograph that its member took back is not to be read in free pages, nor in the
        // backups made of them.
        writer.query_row("PRAGMA secure_delete = ON", [], |_| Ok(()))?;
        migrate(&mut writer)?;
        let inner = Inner { path, wait, writer: Mutex::new(writer), readers: Mutex::default() };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Runs `read` on one snapshot: it sees all of another's transaction or none of it.
    pub fn read<T, E>(&self, read: impl FnOnce(&Connection) -> Result<T, E>) -> Result<T, E>
    where
        E: From<rusqlite::Error> + From<DatabaseError>,
    {
        let idle = lock(&self.inner.readers).pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => self.reader()?,
        };
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
        let result = read(&transaction);
        let ended = transaction.rollback();
        let mut readers = lock(&self.inner.readers);
        if ended.is_ok() && readers.len() < IDLE_READERS {
            readers.push(connection);
        }
        result
    }

    /// Runs `write` in one transaction (BEGIN IMMEDIATE): kept if it returns `Ok`, undone otherwise.
    /// One at a time; never call it inside itself.
    pub fn write<T, E>(&self, write: impl FnOnce(&Transaction<'_>) -> Result<T, E>) -> Result<T, E>
    where
        E: From<rusqlite::Error> + From<DatabaseError>,
    {
        let mut connection = lock(&self.inner.writer);
        let transaction =
            connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(DatabaseError::from)?;
        let value = write(&transaction)?;
        transaction.commit().map_err(DatabaseError::from)?;
        Ok(value)
    }

    fn reader(&self) -> Result<Connection, DatabaseError> {
        let connection = connect(&self.inner.path, self.inner.wait, READER_CACHE)?;
        connection.pragma_update(None, "query_only", true)?;
        Ok(connection)
    }
}

/// A panic in a closure has rolled its transaction back: the connection behind the lock is as good as before.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn path_of(url: &str) -> Result<PathBuf, DatabaseError> {
    let (scheme, path) = match url.split_once(':') {
        // One letter before the colon is a drive.
        Some((scheme, rest)) if scheme.len() > 1 && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'+') => {
            (scheme, rest.strip_prefix("//").unwrap_or(rest))
        }
        _ => ("sqlite", url),
    };
    if scheme != "sqlite" {
        return Err(DatabaseError::Unsupported);
    }
    // Absolute, so that SQLite gives no special meaning to any name.
    std::path::absolute(path).map_err(DatabaseError::File)
}

/// Makes the file and its folder, for this user alone. SQLite gives its side files the same mode.
fn create_private(path: &Path) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        create_private_folder(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// Makes a folder and those above it, for this user alone, unless they are there.
pub(crate) fn create_private_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn connect(path: &Path, wait: Duration, cache_kib: i64) -> Result<Connection, DatabaseError> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(wait)?;
    // Otherwise a statement whose plan might hang on a bound value is prepared again for every other value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "cache_size", -cache_kib)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    Ok(connection)
}

fn migrate(connection: &mut Connection) -> Result<(), DatabaseError> {
    check_ours(connection)?;
    let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
    if mode != "wal" {
        connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    }
    connection.query_row(&format!("PRAGMA journal_size_limit = {WAL_LEFT}"), [], |_| Ok(()))?;
    loop {
        let step = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Read again under the lock: another process may have migrated in between.
        let version = check_ours(&step)?;
        let Some(sql) = MIGRATIONS.get(version) else { return Ok(()) };
        step.execute_batch(sql)?;
        step.pragma_update(None, "application_id", APPLICATION_ID)?;
        step.pragma_update(None, "user_version", version as i64 + 1)?;
        failpoint::here("server.migrate.written");
        step.commit()?;
        failpoint::here("server.migrate.kept");
    }
}

/// The version of the database, if it is empty or ours and not from the future. Changes nothing.
fn check_ours(connection: &Connection) -> Result<usize, DatabaseError> {
    let number = |pragma: &str| connection.query_row(pragma, [], |row| row.get::<_, i64>(0));
    let (id, version) = (number("PRAGMA application_id")?, number("PRAGMA user_version")?);
    let tables = number("SELECT count(*) FROM sqlite_schema")?;
    let is_new = id == 0 && version == 0 && tables == 0;
    if id != i64::from(APPLICATION_ID) && !is_new {
        return Err(DatabaseError::Foreign);
    }
    let version = usize::try_from(version).map_err(|_| DatabaseError::Foreign)?;
    if version > MIGRATIONS.len() { Err(DatabaseError::Newer) } else { Ok(version) }
}

#[cfg(test)]
mod tests;
