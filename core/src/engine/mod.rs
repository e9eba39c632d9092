//! What moves between the store and the server: access, pull, push, card. Every decision about what is proven is the sync
//! machine's; the engine only carries.
//!
//! No transaction, statement or store lock lives across an await or while a foreign key or vault runs.

mod access;
mod card;
mod ingest;
mod pull;
mod push;
mod upload;

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock, TryLockError};
use std::time::Duration;

use ring::rand::{SecureRandom, SystemRandom};
use rusqlite::{Connection, Transaction};
use tokio::sync::{Mutex as Gate, broadcast};

use crate::clock::{self, BootTime, Clock};
use crate::cose::PublicKey;
use crate::domain::{CooperativeId, DeviceId, MemberNo, Timestamp, Topic};
use crate::error::{Error, Result};
use crate::keys::{DeviceKey, ProfileSigner};
use crate::protocol::problem::Code;
use crate::store::profile::{Profile, TimeMark};
use crate::store::{Store, profile};
use crate::transport::Transport;

pub(crate) use access::{enrol, trust_list};
pub(crate) use push::backoff;

/// How long a read has to end before it is interrupted once more.
const CLOSE_PAUSE: Duration = Duration::from_millis(2);

/// A store and the right to have it open: they come and go together.
pub(crate) struct OpenStore {
    pub(crate) store: Store,
    /// Given back when dropped.
    pub(crate) lock: std::fs::File,
}

/// A store that can be taken away (suspended) and put back.
#[derive(Default)]
pub(crate) struct StoreCell {
    open: RwLock<Option<OpenStore>>,
    /// How often it was put.
    openings: AtomicU64,
}

impl StoreCell {
    pub(crate) fn put(&self, open: OpenStore) {
        let mut cell = self.open.write().unwrap_or_else(PoisonError::into_inner);
        self.openings.fetch_add(1, Ordering::SeqCst);
        *cell = Some(open);
    }

    /// Which opening of the store this is: for work that began with what the store held and must not write into a later
    /// one, which somebody else may have had meanwhile.
    pub(crate) fn opening(&self) -> u64 {
        self.openings.load(Ordering::SeqCst)
    }

    pub(crate) fn is_open(&self) -> bool {
        self.open.read().unwrap_or_else(PoisonError::into_inner).is_some()
    }

    /// Ends a long read that is under way.
    pub(crate) fn interrupt(&self) {
        if let Some(open) = self.open.read().unwrap_or_else(PoisonError::into_inner).as_ref() {
            open.store.interrupt();
        }
    }

    /// Closes the store once nobody uses it any more, and lets go of its lock whatever comes of it. A write ends first; a
    /// read is not waited for.
    pub(crate) fn close(&self) -> Result<()> {
        let open = loop {
            match self.open.try_write() {
                Ok(mut cell) => break cell.take(),
                Err(TryLockError::Poisoned(poisoned)) => break poisoned.into_inner().take(),
                Err(TryLockError::WouldBlock) => {
                    // Again and again: between two of its statements a read hears of nothing.
                    self.interrupt();
                    std::thread::sleep(CLOSE_PAUSE);
                }
            }
        };
        open.map_or(Ok(()), |OpenStore { store, lock }| {
            let closed = store.close();
            drop(lock);
            closed
        })
    }

    pub(crate) fn read<T>(&self, work: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let cell = self.open.read().unwrap_or_else(PoisonError::into_inner);
        cell.as_ref().ok_or_else(|| Error::new(Code::Closed))?.store.read(work)
    }

    pub(crate) fn write<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.write_in(None, work)
    }

    /// Writes, if the store is still that opening's.
    pub(crate) fn write_in<T>(
        &self,
        opening: impl Into<Option<u64>>,
        work: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        let cell = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let is_meant = opening.into().is_none_or(|opening| opening == self.opening());
        let open = cell.as_ref().filter(|_| is_meant).ok_or_else(|| Error::new(Code::Closed))?;
        open.store.write(work)
    }
}

/// Runs blocking work off the async threads.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(panic) => Err(Error::because(Code::Internal, panic)),
    }
}

/// The engine of one profile.
pub(crate) struct Engine {
    pub(crate) store: StoreCell,
    transport: Transport,
    clock: Clock,
    keys: Arc<dyn DeviceKey>,
    alias: String,
    signer: OnceLock<Arc<ProfileSigner>>,
    identity: Identity,
    roots: Vec<PublicKey>,
    pub(crate) rng: SystemRandom,
    /// What the server said the time is when it refused a proof for its time: for proofs alone.
    proof_time: Mutex<Option<(TimeMark, Timestamp)>>,
    changes: broadcast::Sender<Topic>,
    /// The last sync ended for want of a network.
    offline: AtomicBool,
    /// One renewal, one pull, one push and one upload at a time; they order work and guard no data.
    renewing: Gate<()>,
    pulling: Arc<Gate<()>>,
    pushing: Gate<()>,
    uploading: Gate<()>,
}

/// What never changes about a profile.
pub(crate) struct Identity {
    pub(crate) cooperative: CooperativeId,
    pub(crate) member: MemberNo,
    pub(crate) server: String,
    pub(crate) device: DeviceId,
    pub(crate) federation: bool,
}

impl From<Profile> for Identity {
    fn from(profile: Profile) -> Self {
        let Profile { cooperative, member, server, device, federation, .. } = profile;
        Self { cooperative, member, server, device, federation }
    }
}

impl Engine {
    pub(crate) fn new(
        open: OpenStore,
        transport: Transport,
        clock: Clock,
        keys: Arc<dyn DeviceKey>,
        alias: String,
        roots: Vec<PublicKey>,
    ) -> Result<Self> {
        let identity = Identity::from(open.store.read(profile::load)?);
        let cell = StoreCell::default();
        cell.put(open);
        Ok(Self {
            store: cell,
            transport,
            clock,
            keys,
            alias,
            signer: OnceLock::new(),
            identity,
            roots,
            rng: crate::entropy::system(),
            proof_time: Mutex::default(),
            // A shell that falls behind asks again anyway; it only has to hear that something changed.
            changes: broadcast::Sender::new(64),
            offline: AtomicBool::new(false),
            renewing: Gate::default(),
            pulling: Arc::default(),
            pushing: Gate::default(),
            uploading: Gate::default(),
        })
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.identity
    }

    pub(crate) fn listen(&self) -> broadcast::Receiver<Topic> {
        self.changes.subscribe()
    }

    pub(crate) fn tell(&self, topic: Topic) {
        // Nobody listening is fine.
        let _nobody = self.changes.send(topic);
    }

    /// Whether the last sync of this client ended for want of a network.
    pub(crate) fn is_offline(&self) -> bool {
        self.offline.load(Ordering::Relaxed)
    }

    pub(crate) fn note_network(&self, offline: bool) {
        self.offline.store(offline, Ordering::Relaxed);
    }

    /// The device's key; the first call asks the shell, so it is for blocking threads only.
    pub(crate) fn signer(&self) -> Result<Arc<ProfileSigner>> {
        if let Some(signer) = self.signer.get() {
            return Ok(signer.clone());
        }
        let signer = Arc::new(ProfileSigner::new(self.keys.clone(), &self.alias)?);
        Ok(self.signer.get_or_init(|| signer).clone())
    }

    /// Random bytes.
    pub(crate) fn random<const N: usize>(&self) -> Result<[u8; N]> {
        let mut bytes = [0; N];
        self.rng.fill(&mut bytes).map_err(|_| Error::new(Code::Internal).detail("the machine has no randomness"))?;
        Ok(bytes)
    }

    /// The server's time now, as well as this machine can know it.
    pub(crate) fn now(&self) -> Result<Timestamp> {
        Ok(self.now_by(self.store.read(profile::time_mark)?))
    }

    /// The time for proofs: the server's own word when it refused one, otherwise [`Engine::now`].
    fn proof_now(&self) -> Result<Timestamp> {
        let said = self.proof_time.lock().unwrap_or_else(PoisonError::into_inner).clone();
        // Where the machine does not tell its boots apart, the wall clock still counts seconds from then.
        said.map_or_else(
            || self.now(),
            |(mark, wall)| match self.clock.boot().boot.is_empty() {
                true => Ok(mark.server.plus(self.clock.wall().seconds() - wall.seconds())),
                false => Ok(self.now_by(mark)),
            },
        )
    }

    fn now_by(&self, mark: TimeMark) -> Timestamp {
        let then = BootTime { boot: mark.boot, seconds: mark.boot_seconds };
        clock::server_now(mark.server, &then, &self.clock.boot(), self.clock.wall())
    }

    /// That it is `server` o'clock at the server at this moment of this machine.
    pub(crate) fn time_mark(&self, server: Timestamp) -> TimeMark {
        time_mark(server, &self.clock)
    }
}

/// That it is `server` o'clock at the server at this moment of that clock.
pub(crate) fn time_mark(server: Timestamp, clock: &Clock) -> TimeMark {
    let boot = clock.boot();
    TimeMark { server, boot: boot.boot, boot_seconds: boot.seconds }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_does_not_wait_for_a_long_read_and_the_read_says_so() {
        let folder = tempfile::tempdir().unwrap();
        let key = zeroize::Zeroizing::new([1; 32]);
        let store = Store::create(&folder.path().join("store.db"), &key).unwrap();
        let lock = std::fs::File::create(folder.path().join("lock")).unwrap();
        let cell = StoreCell::default();
        cell.put(OpenStore { store, lock });
        let endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";
        let (begun, hears) = std::sync::mpsc::channel();
        std::thread::scope(|threads| {
            let read = threads.spawn(|| {
                cell.read(|db| {
                    begun.send(()).unwrap();
                    Ok(db.query_row(endless, [], |row| row.get::<_, i64>(0))?)
                })
            });
            hears.recv().unwrap();
            cell.close().unwrap();
            assert_eq!(read.join().unwrap().unwrap_err().code(), Code::Cancelled);
        });
        assert!(!cell.is_open());
        assert!(!folder.path().join("store.suspect").exists(), "nothing is wrong with the store");
    }

    #[test]
    fn what_began_before_a_suspend_writes_nothing_after_the_resume() {
        let folder = tempfile::tempdir().unwrap();
        let (path, key) = (folder.path().join("store.db"), zeroize::Zeroizing::new([1; 32]));
        let lock = || std::fs::File::open(folder.path()).unwrap();
        let cell = StoreCell::default();
        cell.put(OpenStore { store: Store::create(&path, &key).unwrap(), lock: lock() });
        let before = cell.opening();
        let code = |opening| cell.write_in(opening, |_| Ok(())).err().map(|fault| fault.code());
        assert_eq!(code(before), None);
        cell.close().unwrap();
        assert_eq!(code(before), Some(Code::Closed));
        cell.put(OpenStore { store: Store::open(&path, &key).unwrap(), lock: lock() });
        assert_eq!(code(before), Some(Code::Closed));
        assert_eq!(code(cell.opening()), None);
    }
}
