//! A file system and an allocator for SQLite that fail when they are told to: the n-th write, fsync, read or allocation, once
//! or from then on; or the power goes, and what was not synced is lost.
//!
//! Everything real is done by SQLite's own file system underneath. Stands in as the default one of the test's process, so
//! that nothing in what is tested knows of it, SQLCipher above it included. Never part of anything that is shipped.

mod allocator;
mod disk;
mod shim;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

pub use disk::Survivors;

/// What fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A write or a truncation.
    Write,
    /// An fsync.
    Sync,
    /// A read.
    Read,
    /// An allocation of SQLite's.
    Allocation,
    /// The power, at a write, truncation, fsync or removal: nothing works after it.
    Power,
}

/// When it fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// What.
    pub fault: Fault,
    /// The how-manieth, from 1.
    pub at: u64,
    /// All later ones too.
    pub lasts: bool,
}

/// What is happening to the files of one folder.
#[derive(Debug)]
struct Weather {
    folder: PathBuf,
    plan: Plan,
    /// Of the plan's kind so far.
    seen: u64,
    failed: u64,
}

static WEATHER: Mutex<Option<Weather>> = Mutex::new(None);
/// One test at a time.
static TURN: Mutex<()> = Mutex::new(());

/// The right to make things fail. One test of a process has it at a time, and nothing fails after its end.
pub struct Storm {
    _turn: MutexGuard<'static, ()>,
}

impl Storm {
    /// Puts file system and allocator in place, the first time, and waits for its turn. Before any use of SQLite in the
    /// process.
    pub fn prepare() -> Self {
        static INSTALLED: Once = Once::new();
        INSTALLED.call_once(|| {
            allocator::install();
            shim::install();
        });
        Self { _turn: lock(&TURN) }
    }

    /// From now on the files of `folder` (and all of SQLite's allocations) obey the plan. What was remembered of earlier
    /// writes is forgotten.
    pub fn begin(&self, folder: &Path, plan: Plan) {
        disk::forget();
        *lock(&WEATHER) = Some(Weather { folder: folder.to_owned(), plan, seen: 0, failed: 0 });
    }

    /// Nothing fails any more. Says how often something failed.
    pub fn end(&self) -> u64 {
        lock(&WEATHER).take().map_or(0, |weather| weather.failed)
    }

    /// After the power went, and every connection is closed: the files are as the disk has them. What was not synced is
    /// lost, or some of it, as `survivors` says.
    pub fn reboot(&self, survivors: Survivors) -> std::io::Result<()> {
        disk::lose(survivors)
    }
}

impl Drop for Storm {
    fn drop(&mut self) {
        self.end();
    }
}

/// Whether this one fails: a use of that kind, of the file at `path` where it is of a file.
fn fails(kind: Fault, path: Option<&Path>) -> bool {
    let mut weather = lock(&WEATHER);
    let Some(weather) = weather.as_mut() else { return false };
    if path.is_some_and(|path| !path.starts_with(&weather.folder)) {
        return false;
    }
    let Plan { fault, at, lasts } = weather.plan;
    let counts = fault == kind || (fault == Fault::Power && matches!(kind, Fault::Write | Fault::Sync));
    weather.seen += u64::from(counts);
    // Without power nothing works.
    let is_dark = fault == Fault::Power && kind != Fault::Allocation && weather.seen >= at;
    let does = is_dark || (counts && (weather.seen == at || (lasts && weather.seen > at)));
    weather.failed += u64::from(does);
    does
}

/// Whether what is written to the file must be remembered until it is synced.
fn is_remembered(path: &Path) -> bool {
    let weather = lock(&WEATHER);
    weather.as_ref().is_some_and(|weather| weather.plan.fault == Fault::Power && path.starts_with(&weather.folder))
}

/// A test that failed while it held something has failed already.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
