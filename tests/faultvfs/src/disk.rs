//! What a disk has: every write since the last sync of its file is remembered, so that it can be lost. Knows nothing of
//! SQLite. Making and removing a file is taken to last at once.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::lock;

/// Writes reach a disk in parts of this many bytes, each whole or not at all.
const SECTOR: usize = 512;

/// Which of the writes that were not synced are on the disk after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Survivors {
    /// None.
    None,
    /// About half of their sectors, as chance has it with this seed: disks write in their own order.
    Some(u64),
}

/// A file since its last sync.
#[derive(Debug, Default)]
struct Unsynced {
    /// Its length then.
    length: u64,
    changes: Vec<Change>,
}

#[derive(Debug)]
enum Change {
    Written { at: u64, before: Vec<u8>, after: Vec<u8> },
    Cut { length: u64, before: Vec<u8> },
}

static UNSYNCED: Mutex<BTreeMap<PathBuf, Unsynced>> = Mutex::new(BTreeMap::new());

/// Forgets everything: all is on the disk.
pub(crate) fn forget() {
    lock(&UNSYNCED).clear();
}

/// A write that is about to be made.
pub(crate) fn writing(path: &Path, at: u64, after: &[u8]) -> io::Result<()> {
    remember(path, |length| {
        let before = read(path, at, (at + after.len() as u64).min(length).saturating_sub(at))?;
        Ok(Change::Written { at, before, after: after.to_vec() })
    })
}

/// A truncation that is about to be made.
pub(crate) fn cutting(path: &Path, to: u64) -> io::Result<()> {
    remember(path, |length| Ok(Change::Cut { length: to, before: read(path, to, length.saturating_sub(to))? }))
}

/// A file whose writes are on the disk now, or that is gone.
pub(crate) fn settled(path: &Path) {
    lock(&UNSYNCED).remove(path);
}

fn remember(path: &Path, change: impl FnOnce(u64) -> io::Result<Change>) -> io::Result<()> {
    let length = std::fs::metadata(path)?.len();
    let change = change(length)?;
    let mut unsynced = lock(&UNSYNCED);
    unsynced.entry(path.to_owned()).or_insert_with(|| Unsynced { length, changes: Vec::new() }).changes.push(change);
    Ok(())
}

fn read(path: &Path, at: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length as usize];
    OpenOptions::new().read(true).open(path)?.read_exact_at(&mut bytes, at)?;
    Ok(bytes)
}

/// Takes what was not synced off the files, and puts the survivors back.
pub(crate) fn lose(survivors: Survivors) -> io::Result<()> {
    let mut chance = match survivors {
        Survivors::None => None,
        Survivors::Some(seed) => Some(seed),
    };
    for (path, Unsynced { length, changes }) in std::mem::take(&mut *lock(&UNSYNCED)) {
        let file = OpenOptions::new().write(true).open(&path)?;
        for change in changes.iter().rev() {
            match change {
                Change::Written { at, before, .. } => file.write_all_at(before, *at)?,
                Change::Cut { length, before } => file.write_all_at(before, *length)?,
            }
        }
        file.set_len(length)?;
        for change in &changes {
            match change {
                Change::Written { at, after, .. } => {
                    for (number, sector) in after.chunks(SECTOR).enumerate() {
                        if toss(&mut chance) {
                            file.write_all_at(sector, at + (number * SECTOR) as u64)?;
                        }
                    }
                }
                Change::Cut { length, .. } if toss(&mut chance) => file.set_len(*length)?,
                Change::Cut { .. } => {}
            }
        }
    }
    Ok(())
}

/// SplitMix64's next bit (Steele, Lea and Flood, OOPSLA 2014); false without a chance.
fn toss(chance: &mut Option<u64>) -> bool {
    let Some(state) = chance else { return false };
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (*state ^ (*state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) & 1 == 1
}
