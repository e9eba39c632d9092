//! Where a profile lives in the data folder: `COOPERATIVE/MEMBER-IN-HEX/` with the store, its wrapped key and its lock.
//!
//! The member's number is in hex because it may hold any character, on file systems that fold case too.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

use super::{ProfileId, rescue};
use crate::domain::{CooperativeId, MemberNo};
use crate::engine::OpenStore;
use crate::error::{Error, Result};
use crate::failpoint;
use crate::keys::{self, KeyVault};
use crate::protocol::problem::Code;
use crate::protocol::sha256;
use crate::store::{Store, StoreKey};

/// How long a second process waits for the first to let go, before it says that the store is in use.
const LOCK_TRIES: u32 = 20;
const LOCK_PAUSE: Duration = Duration::from_millis(100);
/// Damaged stores that are kept beside each other.
const MAX_ASIDE: u32 = 20;

/// A profile's folder.
#[derive(Clone)]
pub(super) struct Folder {
    path: PathBuf,
    id: ProfileId,
}

impl Folder {
    pub(super) fn of(data_dir: &Path, id: &ProfileId) -> Self {
        let member = HEXLOWER.encode(id.member_no.as_str().as_bytes());
        Self { path: data_dir.join(id.cooperative.as_str()).join(member), id: id.clone() }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Makes the folder, for its owner alone.
    pub(super) fn create(&self) -> Result<()> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.path).map_err(|source| Error::because(Code::StoreWrite, source))
    }

    pub(super) fn store(&self) -> PathBuf {
        self.path.join("store.db")
    }

    fn wrapped_key(&self) -> PathBuf {
        self.path.join("store.key")
    }

    /// Whether somebody is enrolled here: also while a damaged store was set aside and the new one is not made yet.
    pub(super) fn exists(&self) -> bool {
        self.store().exists() || self.set_aside_last().is_some()
    }

    fn aside(&self, number: u32) -> PathBuf {
        self.path.join(format!("store.db.damaged-{number}"))
    }

    /// The damaged store that was set aside last.
    pub(super) fn set_aside_last(&self) -> Option<PathBuf> {
        (1..=MAX_ASIDE).map(|number| self.aside(number)).take_while(|path| path.exists()).last()
    }

    /// Renames the store's files; nothing is deleted. Goes on where a crash left it. Gives the store's new place.
    pub(super) fn set_aside(&self) -> Result<PathBuf> {
        let failed = |source| Error::because(Code::StoreWrite, source);
        let place = if self.store().exists() {
            let free = (1..=MAX_ASIDE).map(|number| self.aside(number)).find(|path| !path.exists());
            free.ok_or_else(|| Error::new(Code::StoreUnreadable).detail("too many damaged stores are kept"))?
        } else {
            self.set_aside_last().ok_or_else(|| Error::new(Code::NotEnrolled))?
        };
        for suffix in ["", "-wal", "-shm"] {
            let [from, to] = [self.store(), place.clone()].map(|path| with_suffix(path, suffix));
            if from.exists() && !to.exists() {
                std::fs::rename(from, to).map_err(failed)?;
                failpoint::here("aside.parted");
            }
        }
        File::open(&self.path).and_then(|folder| folder.sync_all()).map_err(failed)?;
        failpoint::here("aside.kept");
        Ok(place)
    }

    /// A second, small store: what a damaged one could not say any more of the enrolment.
    pub(super) fn spare(&self) -> PathBuf {
        crate::store::spare(&self.store())
    }

    /// Where the spare is made before it takes its place.
    pub(super) fn spare_draft(&self) -> PathBuf {
        self.path.join("profile.new")
    }

    /// The profile's name among the shell's keys: it tells nothing about the member.
    pub(super) fn alias(&self) -> String {
        let name = format!("{}/{}", self.id.cooperative, self.id.member_no);
        format!("anggota-{}", HEXLOWER.encode(&sha256(name.as_bytes())[..8]))
    }

    /// Opens the store under its lock.
    pub(super) fn open(&self, vault: &Arc<dyn KeyVault>) -> Result<OpenStore> {
        let (lock, key) = (self.lock()?, self.key(vault)?);
        let store = Store::open(&self.store(), &key)?;
        rescue::ensure_spare(self, &key, &store);
        Ok(OpenStore { store, lock })
    }

    /// Takes the lock, which a crash gives back too; another process that has it is waited for a moment.
    pub(super) fn lock(&self) -> Result<File> {
        let failed = |source| Error::because(Code::StoreWrite, source);
        let file = private().truncate(false).open(self.path.join("lock")).map_err(failed)?;
        for _ in 0..LOCK_TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(TryLockError::WouldBlock) => std::thread::sleep(LOCK_PAUSE),
                Err(TryLockError::Error(source)) => return Err(failed(source)),
            }
        }
        Err(Error::new(Code::StoreBusy))
    }

    /// The store's key, unwrapped by the vault.
    pub(super) fn key(&self, vault: &Arc<dyn KeyVault>) -> Result<StoreKey> {
        let unreadable = |source| Error::because(Code::StoreUnreadable, source);
        let wrapped = std::fs::read(self.wrapped_key()).map_err(unreadable)?;
        let vault = vault.clone();
        let key = keys::bounded(move || vault.unwrap(&wrapped))?;
        let key: [u8; 32] = key.as_slice().try_into().map_err(|_| Error::new(Code::StoreUnreadable))?;
        Ok(Zeroizing::new(key))
    }

    /// Wraps a new store's key and keeps it, whole or not at all.
    pub(super) fn keep_key(&self, key: &StoreKey, vault: &Arc<dyn KeyVault>) -> Result<()> {
        let (vault, secret) = (vault.clone(), key.clone());
        let wrapped = keys::bounded(move || vault.wrap(&*secret))?;
        let draft = self.path.join("store.key.new");
        let written = (|| {
            let mut file = private().truncate(true).open(&draft)?;
            file.write_all(&wrapped)?;
            file.sync_all()?;
            std::fs::rename(&draft, self.wrapped_key())?;
            File::open(&self.path)?.sync_all()
        })();
        written.map_err(|source| Error::because(Code::StoreWrite, source))
    }

    /// Lets a store that was made beside its place take it.
    pub(super) fn move_in(&self, draft: &Path, place: &Path) -> Result<()> {
        let moved = std::fs::rename(draft, place).and_then(|()| File::open(&self.path)?.sync_all());
        moved.map_err(|source| Error::because(Code::StoreWrite, source))
    }

    /// The place of a draft, free of what a crash may have left there.
    pub(super) fn clear_draft(&self, draft: &Path) {
        for suffix in ["", "-wal", "-shm"] {
            let _absent = std::fs::remove_file(with_suffix(draft.to_owned(), suffix));
        }
    }
}

fn with_suffix(path: PathBuf, suffix: &str) -> PathBuf {
    let mut name = path.into_os_string();
    name.push(suffix);
    name.into()
}

/// Files that nobody else on the machine may open.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// The profiles of a data folder, by cooperative and member number.
pub fn profiles(data_dir: &Path) -> Result<Vec<ProfileId>> {
    let mut found = Vec::new();
    for cooperative in names(data_dir)? {
        let Ok(id) = CooperativeId::new(&cooperative) else { continue };
        for folder in names(&data_dir.join(&cooperative))? {
            let Some(member) = member_of(&folder) else { continue };
            let profile = ProfileId { cooperative: id.clone(), member_no: member };
            if Folder::of(data_dir, &profile).exists() {
                found.push(profile);
            }
        }
    }
    found.sort_by(|a, b| (&a.cooperative, &a.member_no).cmp(&(&b.cooperative, &b.member_no)));
    Ok(found)
}

/// The raw key of a profile's store, for those who may unwrap it: to look at the store with other tools.
pub fn store_key(data_dir: &Path, id: &ProfileId, vault: &Arc<dyn KeyVault>) -> Result<Zeroizing<[u8; 32]>> {
    Folder::of(data_dir, id).key(vault)
}

fn member_of(folder: &str) -> Option<MemberNo> {
    let bytes = HEXLOWER.decode(folder.as_bytes()).ok()?;
    MemberNo::new(std::str::from_utf8(&bytes).ok()?).ok()
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(source) if matches!(source.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory) => {
            return Ok(Vec::new());
        }
        Err(source) => return Err(Error::because(Code::StoreUnreadable, source)),
    };
    Ok(entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect())
}
