//! The encrypted store: one SQLCipher file a profile, one writer, one reader.
//!
//! The closures [`Store::read`] and [`Store::write`] are its only doors; no transaction outlives them. Knows nothing
//! of the network. What is written and how is in the modules below, one a concern, as functions over a connection.

pub(crate) mod attachment;
pub(crate) mod draft;
pub(crate) mod evidence;
pub(crate) mod held;
pub(crate) mod mirror;
pub(crate) mod outbox;
pub(crate) mod passbook;
mod place;
pub(crate) mod profile;
mod rows;
pub(crate) mod salvage;
pub(crate) mod shadow;
pub(crate) mod unjoined;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub(crate) use rusqlite::Transaction;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, InterruptHandle, OpenFlags, TransactionBehavior};
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::failpoint;
use crate::protocol::problem::Code;

/// Steps from an empty file to the newest schema; `user_version` counts those done. A step that has shipped is frozen.
const MIGRATIONS: &[&str] = &[
    include_str!("schema/0001_initial.sql"),
    include_str!("schema/0002_epochs.sql"),
    include_str!("schema/0003_newest_first.sql"),
    include_str!("schema/0004_drafts.sql"),
    include_str!("schema/0005_unjoined_heads.sql"),
];

/// The WAL is cut back to this after a checkpoint.
const WAL_LIMIT_BYTES: u32 = 4 * 1024 * 1024;

/// A snapshot to read from: what the functions of the modules below take.
pub(crate) type Snapshot = Connection;

/// The key of a store: 32 random bytes, wrapped by the vault at rest.
pub(crate) type StoreKey = Zeroizing<[u8; 32]>;

/// An open store.
pub(crate) struct Store {
    writer: Mutex<Connection>,
    reader: Mutex<Connection>,
    /// Ends what the reader is at.
    interrupt: InterruptHandle,
    /// Made when something of the store could not be read: whoever opens it next is to look at all of it.
    suspicion: PathBuf,
}

impl Store {
    /// Opens the store at `path`, bringing its schema up to date. A file that is not a store of this key, or is of a
    /// newer version, is left as it is.
    pub(crate) fn open(path: &Path, key: &StoreKey) -> Result<Self> {
        // SQLite would take an empty file for a new database; a store that lost its bytes is not one.
        let length = std::fs::metadata(path).map_err(|source| Error::because(Code::StoreUnreadable, source))?.len();
        if length == 0 { Err(Error::new(Code::StoreUnreadable)) } else { Self::build(path, key) }
    }

    /// Makes a new store at `path`, where there must be none.
    pub(crate) fn create(path: &Path, key: &StoreKey) -> Result<Self> {
        // The file is made with its mode before SQLite sees it, so that nobody else can open it first.
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path).map_err(|source| Error::because(Code::StoreWrite, source))?;
        Self::build(path, key)
    }

    fn build(path: &Path, key: &StoreKey) -> Result<Self> {
        let mut writer = connect(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        migrate(&mut writer)?;
        let reader = connect(path, key, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let (interrupt, suspicion) = (reader.get_interrupt_handle(), suspicion(path));
        Ok(Self { writer: Mutex::new(writer), reader: Mutex::new(reader), interrupt, suspicion })
    }

    /// Reads all of the file that is not proven otherwise; fails if any of it is damaged or means nothing.
    pub(crate) fn inspect(&self) -> Result<()> {
        salvage::inspect(&lock(&self.reader))
    }

    /// Reads one snapshot.
    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let reader = lock(&self.reader);
        let snapshot = reader.unchecked_transaction().map_err(Error::from);
        self.watched(snapshot.and_then(|snapshot| work(&snapshot)))
    }

    /// Writes in one transaction: all of it, or nothing when `work` fails.
    pub(crate) fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let mut writer = lock(&self.writer);
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate).map_err(Error::from);
        self.watched(transaction.and_then(|transaction| {
            let value = work(&transaction)?;
            transaction.commit()?;
            Ok(value)
        }))
    }

    /// Ends the read that is under way, if there is one: it fails with `cancelled`. Writes are never interrupted.
    pub(crate) fn interrupt(&self) {
        self.interrupt.interrupt();
    }

    /// Remembers beside the store that some of it could not be read. Where even that cannot be written the fault is told
    /// all the same, and met again.
    fn watched<T>(&self, done: Result<T>) -> Result<T> {
        if done.as_ref().is_err_and(|fault| fault.code() == Code::StoreUnreadable)
            && let Err(fault) = std::fs::write(&self.suspicion, [])
        {
            tracing::warn!(%fault, "that the store is damaged could not be noted");
        }
        done
    }

    /// Moves the WAL into the file and cuts it to nothing, then closes both connections.
    pub(crate) fn close(self) -> Result<()> {
        drop(self.reader);
        let writer = self.writer.into_inner().unwrap_or_else(PoisonError::into_inner);
        writer.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        writer.close().map_err(|(_, fault)| fault.into())
    }
}

/// The file beside a store that says that some of it could not be read.
pub(crate) fn suspicion(path: &Path) -> PathBuf {
    path.with_extension("suspect")
}

/// The second, small store beside a store: who is enrolled and which keys are believed.
pub(crate) fn spare(path: &Path) -> PathBuf {
    path.with_file_name("profile.db")
}

/// A panic while a connection was held rolled its transaction back; the connection is as good as before.
fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

fn connect(path: &Path, key: &StoreKey, access: OpenFlags) -> Result<Connection> {
    // SQLCipher calls a file whose first bytes it could not read this once no database; a good store is not given up for that.
    match connect_once(path, key, access) {
        Err(fault) if fault.code() == Code::StoreUnreadable => connect_once(path, key, access),
        done => done,
    }
}

fn connect_once(path: &Path, key: &StoreKey, access: OpenFlags) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, access | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    // Otherwise a statement whose plan might hang on a bound value is prepared again for every other value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // SQLCipher would write its complaints to stderr, past every log.
    connection.query_row("PRAGMA cipher_log_level = NONE", [], |_| Ok(())).or_else(no_row)?;
    let hex = Zeroizing::new(data_encoding::HEXLOWER.encode(&**key));
    let pragma = Zeroizing::new(format!("x'{}'", &*hex));
    connection.pragma_update(None, "key", pragma.as_str())?;
    if !access.contains(OpenFlags::SQLITE_OPEN_READ_WRITE) {
        // A file that is shorter than it says would be refused as a whole. Only whoever writes has to refuse it: a rescue reads
        // what stands before the cut.
        connection.pragma_update(None, "writable_schema", true)?;
    }
    // The first read of the file: fails here when the key is wrong or it is not a database.
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
    if version > MIGRATIONS.len() as i64 {
        return Err(Error::new(Code::StoreNewer));
    }
    if access.contains(OpenFlags::SQLITE_OPEN_READ_WRITE) {
        connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.query_row(&format!("PRAGMA journal_size_limit = {WAL_LIMIT_BYTES}"), [], |_| Ok(()))?;
    }
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn no_row(fault: rusqlite::Error) -> rusqlite::Result<()> {
    match fault {
        rusqlite::Error::QueryReturnedNoRows => Ok(()),
        other => Err(other),
    }
}

fn migrate(writer: &mut Connection) -> Result<()> {
    let done: usize = writer.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    for (number, step) in MIGRATIONS.iter().enumerate().skip(done) {
        let transaction = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", number + 1)?;
        failpoint::here("migrate.written");
        transaction.commit()?;
        failpoint::here("migrate.kept");
    }
    Ok(())
}

impl From<rusqlite::Error> for Error {
    fn from(fault: rusqlite::Error) -> Self {
        let code = match fault.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Code::StoreBusy,
            Some(
                ErrorCode::DiskFull
                | ErrorCode::ReadOnly
                | ErrorCode::SystemIoFailure
                | ErrorCode::PermissionDenied
                | ErrorCode::CannotOpen
                | ErrorCode::OutOfMemory,
            ) => Code::StoreWrite,
            Some(ErrorCode::OperationInterrupted) => Code::Cancelled,
            // Not a database, corrupt, a value of the wrong type: the file is not what it must be.
            _ => Code::StoreUnreadable,
        };
        Self::because(code, fault)
    }
}

#[cfg(test)]
mod tests;
