//! What every request of a running server shares: database, keys, clock, and the small memories that keep strangers in
//! bounds. Holds no rule of its own.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anggota::domain::Timestamp;
use anggota::protocol::problem::Code;
use ring::rand::SecureRandom;
use rusqlite::{Connection, Transaction};
use tokio::runtime::Handle;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use crate::address::Address;
use crate::bodies::Bodies;
use crate::cooperative::Cooperative;
use crate::database::Database;
use crate::guesses::Guesses;
use crate::keys::{self, IssuerKeys};
use crate::places::Places;
use crate::public::TrustListFile;
use crate::pull::{MAX_PULLS, MAX_PULLS_OF_A_DEVICE};
use crate::refusal::Refusal;
use crate::replay::Replays;
use crate::status_lists::StatusLists;

/// Reads the time.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;
/// Makes randomness.
pub type Rng = Arc<dyn SecureRandom + Send + Sync>;

/// Proofs of known devices remembered, each for ten minutes or so.
const MAX_DEVICE_PROOFS: usize = 500_000;
/// Proofs by keys that nobody knows: fewer, and apart, so that strangers cannot lock members out.
const MAX_STRANGER_PROOFS: usize = 50_000;
/// Activation codes hashed at once: this costs time on purpose.
const MAX_CODE_CHECKS: usize = 2;
/// Requests worked on at once; each may hold a connection to the database.
const MAX_AT_ONCE: usize = 64;
/// Requests worked on at once that may wait for their turn to write: few, so that they leave the places to those that read.
const MAX_WRITERS: usize = 8;
/// How long a request waits for its turn to write or to hash.
pub(crate) const MAX_WAIT: Duration = Duration::from_secs(5);

/// The running server.
pub(crate) struct Service {
    pub(crate) database: Database,
    pub(crate) keys_folder: PathBuf,
    pub(crate) clock: Clock,
    /// When the memory of used proofs begins.
    pub(crate) started: Timestamp,
    pub(crate) rng: Rng,
    pub(crate) address: Address,
    pub(crate) trust_list: Option<TrustListFile>,
    pub(crate) device_proofs: Replays,
    pub(crate) stranger_proofs: Replays,
    pub(crate) guesses: Guesses,
    pub(crate) pulls: Places,
    pub(crate) bodies: Bodies,
    pub(crate) status_lists: StatusLists,
    pub(crate) at_once: Arc<Semaphore>,
    pub(crate) writers: Arc<Semaphore>,
    writing: Semaphore,
    code_checks: Semaphore,
    keys: Mutex<HashMap<i64, Arc<IssuerKeys>>>,
}

impl Service {
    pub(crate) fn new(
        database: Database,
        keys_folder: PathBuf,
        clock: Clock,
        rng: Rng,
        address: Address,
        trust_list: Option<PathBuf>,
    ) -> Self {
        Self {
            database,
            keys_folder,
            started: clock(),
            clock,
            rng,
            address,
            trust_list: trust_list.map(TrustListFile::new),
            device_proofs: Replays::new(MAX_DEVICE_PROOFS),
            stranger_proofs: Replays::new(MAX_STRANGER_PROOFS),
            guesses: Guesses::default(),
            pulls: Places::new(MAX_PULLS_OF_A_DEVICE, MAX_PULLS),
            bodies: Bodies::default(),
            status_lists: StatusLists::default(),
            at_once: Arc::new(Semaphore::new(MAX_AT_ONCE)),
            writers: Arc::new(Semaphore::new(MAX_WRITERS)),
            writing: Semaphore::new(1),
            code_checks: Semaphore::new(MAX_CODE_CHECKS),
            keys: Mutex::default(),
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Reads one snapshot.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&Connection) -> Result<T, Refusal>) -> Result<T, Refusal> {
        self.database.read(read)
    }

    /// Writes one transaction, or says busy when another writer does not end in [`MAX_WAIT`]. Only on a blocking thread.
    pub(crate) fn write<T>(&self, write: impl FnOnce(&Transaction<'_>) -> Result<T, Refusal>) -> Result<T, Refusal> {
        let _turn = wait(&self.writing)?;
        self.database.write(write)
    }

    /// A turn to do the costly check of an activation code. Only on a blocking thread.
    pub(crate) fn turn_to_check_code(&self) -> Result<SemaphorePermit<'_>, Refusal> {
        wait(&self.code_checks)
    }

    /// The keys of a cooperative, read from their files the first time and when a command made a newer one.
    pub(crate) fn keys(&self, cooperative: &Cooperative) -> Result<Arc<IssuerKeys>, Refusal> {
        // Whatever another thread did, the map holds whole entries only.
        let newest = self.read(|connection| Ok(keys::newest(connection, cooperative)?))?;
        let mut known = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(keys) = known.get(&cooperative.number).filter(|keys| newest == Some(keys.checkpoint.kid)) {
            return Ok(Arc::clone(keys));
        }
        let load = |connection: &Connection| -> Result<_, Refusal> {
            Ok(IssuerKeys::load(connection, &self.keys_folder, cooperative, &self.rng)?)
        };
        let keys = Arc::new(self.read(load)?);
        known.insert(cooperative.number, Arc::clone(&keys));
        Ok(keys)
    }
}

/// One at a time, without a queue that outlives the phones' patience.
fn wait(places: &Semaphore) -> Result<SemaphorePermit<'_>, Refusal> {
    match Handle::current().block_on(timeout(MAX_WAIT, places.acquire())) {
        Ok(Ok(place)) => Ok(place),
        _ => Err(Code::Busy.into()),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A service with one cooperative that has no books.
    pub(crate) struct Shop {
        _folder: tempfile::TempDir,
        pub(crate) service: Arc<Service>,
        pub(crate) cooperative: Cooperative,
    }

    impl Shop {
        pub(crate) fn new() -> Self {
            let folder = tempfile::tempdir().unwrap();
            let database = Database::open(folder.path().join("anggota.db").to_str().unwrap()).unwrap();
            let clock: Clock = Arc::new(|| Timestamp::from_seconds(1_700_000_000).unwrap());
            let rng: Rng = Arc::new(anggota::entropy::system());
            let keys = folder.path().join("keys");
            let service = Arc::new(Service::new(database, keys, clock, rng, Address::Loopback, None));
            let cooperative = service.database.write::<_, Refusal>(|t| {
                t.execute(
                    "INSERT INTO cooperative (id, name, time_zone) VALUES ('handayani', 'Handayani', 'WIB')",
                    [],
                )?;
                Ok(Cooperative::find(t, None)?)
            });
            Self { _folder: folder, service, cooperative: cooperative.unwrap() }
        }
    }
}
