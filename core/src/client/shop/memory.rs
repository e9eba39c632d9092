//! What a verifier remembers between scans, in a folder: cards seen in the last minutes, and how new its lists were.
//!
//! One JSON file, written whole beside the old one, forced to disk and then put in its place; a lock is held from reading to
//! writing, so that two tills on one folder cannot both accept a card. It names nobody: hashes, cooperatives and times only.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};

use crate::card::{REMEMBER, ReplayKey, ReplayMemory, Sighting};
use crate::domain::{CooperativeId, Timestamp};
use crate::error::{Error, Result};
use crate::protocol::problem::Code;

const FILE: &str = "verifier.json";
const NEW_FILE: &str = "verifier.json.new";
const LOCK: &str = "verifier.lock";
const VERSION: u32 = 1;
/// The largest file that is read: some hundred thousand sightings, far more than ten minutes hold.
const MAX_BYTES: u64 = 32 * 1024 * 1024;

#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Stored {
    version: u32,
    /// The highest number of a trust list that was used.
    trust_seq: u64,
    /// By cooperative, the newest status list that was used, in seconds since 1970.
    status_times: BTreeMap<String, i64>,
    /// By the hash of a presentation in hex.
    sightings: BTreeMap<String, Seen>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    at: i64,
    text: String,
}

/// The memory in a folder, held by this process alone until it is dropped.
pub(super) struct Memory {
    folder: PathBuf,
    stored: Stored,
    /// Whether the file does not say yet what is stored here.
    changed: bool,
    _lock: File,
}

impl Memory {
    /// Waits for its turn, then reads the folder's memory; a folder that is not there is made.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        fs::create_dir_all(folder).map_err(unwritable)?;
        let mut options = OpenOptions::new();
        let lock = options.create(true).truncate(false).write(true).open(folder.join(LOCK)).map_err(unwritable)?;
        lock.lock().map_err(unwritable)?;
        let stored = match File::open(folder.join(FILE)) {
            Ok(file) => read(file)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => Stored { version: VERSION, ..Stored::default() },
            Err(_) => return Err(unreadable()),
        };
        Ok(Self { folder: folder.to_owned(), stored, changed: false, _lock: lock })
    }

    /// The highest number of a trust list that was used; 0 before the first.
    pub(super) fn trust_seq(&self) -> u64 {
        self.stored.trust_seq
    }

    /// When the newest status list of a cooperative that was used was made; 1970 before the first.
    pub(super) fn status_time(&self, issuer: &CooperativeId) -> i64 {
        self.stored.status_times.get(issuer.as_str()).copied().unwrap_or_default()
    }

    /// Notes a trust list that is used.
    pub(super) fn saw_trust(&mut self, seq: u64) {
        self.changed |= seq > self.stored.trust_seq;
        self.stored.trust_seq = self.stored.trust_seq.max(seq);
    }

    /// Notes a status list that is used.
    pub(super) fn saw_status(&mut self, issuer: &CooperativeId, time: i64) {
        self.changed |= time > self.status_time(issuer);
        let newest = time.max(self.status_time(issuer));
        self.stored.status_times.insert(issuer.as_str().to_owned(), newest);
    }

    /// Writes what was noted and is not on the disk yet.
    pub(super) fn keep(&mut self, now: Timestamp) -> Result<()> {
        if !self.changed {
            return Ok(());
        }
        self.stored.sightings.retain(|_, seen| now.seconds().saturating_sub(seen.at) <= REMEMBER);
        let text = serde_json::to_vec(&self.stored).map_err(|source| unwritable(source.into()))?;
        write(&self.folder, &text).map_err(unwritable)?;
        self.changed = false;
        Ok(())
    }
}

impl ReplayMemory for Memory {
    type Error = Error;

    fn find(&mut self, key: &ReplayKey, now: i64) -> Result<Option<Sighting>> {
        let Some(seen) = self.stored.sightings.get(&HEXLOWER.encode(&key.0)) else { return Ok(None) };
        let text = HEXLOWER.decode(seen.text.as_bytes()).ok().and_then(|text| text.try_into().ok());
        let sighting = Sighting { at: seen.at, text: text.ok_or_else(unreadable)? };
        Ok((now.saturating_sub(sighting.at) <= REMEMBER).then_some(sighting))
    }

    fn remember(&mut self, key: ReplayKey, sighting: Sighting) -> Result<()> {
        let seen = Seen { at: sighting.at, text: HEXLOWER.encode(&sighting.text) };
        self.stored.sightings.insert(HEXLOWER.encode(&key.0), seen);
        self.changed = true;
        self.keep(Timestamp::EPOCH.plus(sighting.at))
    }
}

fn read(file: File) -> Result<Stored> {
    let mut bytes = Vec::new();
    let length = file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|_| unreadable())?;
    let stored: Stored = serde_json::from_slice(&bytes).map_err(|_| unreadable())?;
    match stored.version {
        VERSION if length as u64 <= MAX_BYTES => Ok(stored),
        newer if newer > VERSION => Err(Error::new(Code::StoreNewer)),
        _ => Err(unreadable()),
    }
}

/// After it returns the new text is on the disk under the file's name; before, the old one is.
fn write(folder: &Path, text: &[u8]) -> io::Result<()> {
    let new = folder.join(NEW_FILE);
    let mut file = File::create(&new)?;
    file.write_all(text)?;
    file.sync_all()?;
    fs::rename(&new, folder.join(FILE))?;
    File::open(folder)?.sync_all()
}

fn unreadable() -> Error {
    Error::new(Code::StoreUnreadable).detail("the verifier's memory is damaged")
}

fn unwritable(source: io::Error) -> Error {
    tracing::warn!(kind = %source.kind(), "the verifier's folder cannot be used");
    Error::because(Code::StoreWrite, source)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: ReplayKey = ReplayKey([7; 32]);
    const SEEN: Sighting = Sighting { at: 1_800_000_000, text: [9; 32] };

    fn folder(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("anggota-memory-{}-{name}", std::process::id()));
        let _absent = fs::remove_dir_all(&folder);
        folder
    }

    #[test]
    fn a_sighting_and_the_newest_lists_outlive_the_process() {
        let folder = folder("outlive");
        let issuer = CooperativeId::new("handayani").unwrap();
        let mut memory = Memory::open(&folder).unwrap();
        memory.saw_trust(3);
        memory.saw_status(&issuer, 1_700_000_000);
        memory.remember(KEY, SEEN).unwrap();
        drop(memory);

        let mut memory = Memory::open(&folder).unwrap();
        assert_eq!((memory.trust_seq(), memory.status_time(&issuer)), (3, 1_700_000_000));
        assert_eq!(memory.find(&KEY, SEEN.at + REMEMBER).unwrap(), Some(SEEN));
        assert_eq!(memory.find(&KEY, SEEN.at + REMEMBER + 1).unwrap(), None);
        memory.saw_trust(2);
        assert_eq!(memory.trust_seq(), 3, "what was seen never goes back");
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn old_sightings_are_forgotten_when_new_ones_come() {
        let folder = folder("forget");
        let mut memory = Memory::open(&folder).unwrap();
        memory.remember(KEY, SEEN).unwrap();
        memory.remember(ReplayKey([8; 32]), Sighting { at: SEEN.at + REMEMBER + 1, ..SEEN }).unwrap();
        assert_eq!(memory.stored.sightings.len(), 1);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_second_process_waits_for_the_first() {
        let folder = folder("wait");
        let memory = Memory::open(&folder).unwrap();
        let second = File::open(folder.join(LOCK)).unwrap();
        assert!(second.try_lock().is_err());
        drop(memory);
        assert!(second.try_lock().is_ok());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_memory_of_garbage_or_of_a_newer_version_is_refused_and_left_alone() {
        let folder = folder("garbage");
        fs::create_dir_all(&folder).unwrap();
        for garbage in ["", "{}", "not json", r#"{"version":2,"trust_seq":0,"status_times":{},"sightings":{}}"#] {
            fs::write(folder.join(FILE), garbage).unwrap();
            assert!(Memory::open(&folder).is_err(), "{garbage}");
            assert_eq!(fs::read_to_string(folder.join(FILE)).unwrap(), garbage);
        }
        fs::remove_dir_all(folder).unwrap();
    }
}
