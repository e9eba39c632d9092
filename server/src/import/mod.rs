//! Importing a cooperative's books: all of a folder, or none of it and a report of everything that is wrong.
//!
//! One transaction holds the whole import, with the new checkpoints of exactly the members whose heads changed. Memory
//! grows with members, accounts and loans, never with entries. Never changes or removes an entry: an entry that is
//! there already must stand in the folder as it was, in its place.

mod accounts;
mod draft;
mod entries;
mod kinds;
mod register;

use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::sync::Arc;

use anggota::domain::{CivilDate, CooperativeId, Timestamp};
use anggota::failpoint;
use ring::rand::SecureRandom;
use rusqlite::Transaction;
use serde::Serialize;

use crate::books::{Cells, Layout, Opened, Problem, Problems, Table};
use crate::checkpoints::{self, CheckpointError};
use crate::cooperative::Cooperative;
use crate::database::{Database, DatabaseError};
use crate::epochs;
use crate::keys::{self, IssuerKeys, KeyError};
use draft::{Draft, Saved};

type Rng = Arc<dyn SecureRandom + Send + Sync>;

/// After how many rows, and checkpoints, progress is told.
const ROWS_A_STEP: u64 = 10_000;
const CHECKPOINTS_A_STEP: usize = 500;

/// What an import found in the folder and did with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Rows of `members.csv`.
    pub members: u64,
    /// Rows of `savings_accounts.csv`.
    pub accounts: u64,
    /// Rows of `savings_entries.csv`.
    pub entries: u64,
    /// Rows of `loans.csv`.
    pub loans: u64,
    /// Rows of `loan_entries.csv`.
    pub loan_entries: u64,
    /// Entries of both kinds that are new; 0 when anything is wrong.
    pub added: u64,
    /// What is wrong, the first [`crate::books::MAX_PROBLEMS`]. Not empty: nothing was imported.
    pub problems: Vec<Problem>,
    /// How many more problems there are.
    pub more_problems: u64,
}

/// How far an import has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// The file that is read, or `checkpoints`.
    pub stage: &'static str,
    /// Bytes of the file, or checkpoints.
    pub done: u64,
    /// Of how many.
    pub total: u64,
}

/// Why an import could not even look at the books, or keep them.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Not a folder.
    #[error("the folder of the books is not there; check its name")]
    Folder,
    /// The file system refused.
    #[error("{0} cannot be read; check that you may read it")]
    File(&'static str, #[source] io::Error),
    /// The cooperative's keys.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// A checkpoint could not be made.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<rusqlite::Error> for ImportError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.into())
    }
}

/// What ends the transaction without keeping it.
enum Stop {
    Refused(Report),
    Failed(ImportError),
}

impl<E: Into<ImportError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Imports the books in `folder` and makes the checkpoints of the members they changed. Problems in the books are in
/// the report, and then nothing was imported; an error says why the books could not be looked at or kept.
///
/// `progress` is called with the transaction open and other writers waiting: it should be quick.
pub fn import(
    database: &Database,
    keys: &Path,
    folder: &Path,
    now: Timestamp,
    rng: Rng,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, ImportError> {
    import_named(database, keys, Books { folder, named: None }, now, &rng, progress)
}

/// The books to import.
#[derive(Debug, Clone, Copy)]
pub struct Books<'a> {
    /// Where they are.
    pub folder: &'a Path,
    /// Whose they must be, if that was said; those of another cooperative are a problem of `cooperative.csv`.
    pub named: Option<&'a CooperativeId>,
}

/// As [`import`], of a cooperative that may be named.
pub fn import_named(
    database: &Database,
    folder_of_keys: &Path,
    books: Books<'_>,
    now: Timestamp,
    rng: &Rng,
    progress: &mut dyn FnMut(Progress),
) -> Result<Report, ImportError> {
    let folder = books.folder;
    if !folder.is_dir() {
        return Err(ImportError::Folder);
    }
    failpoint::here("import.begin");
    let kept = database.write(|transaction| {
        let mut import = Import::begin(transaction, books, now, progress)?;
        import.read()?;
        let (cooperative, changed, report) = import.end();
        if !report.problems.is_empty() {
            return Err(Stop::Refused(Report { added: 0, ..report }));
        }
        failpoint::here("import.rows");
        let cooperative = epochs::of_import(transaction, folder_of_keys, cooperative, now)?;
        let keys = IssuerKeys::load_or_create(transaction, folder_of_keys, &cooperative, now, rng)?;
        for (done, member) in changed.iter().enumerate() {
            checkpoints::renew(transaction, &cooperative, *member, now, keys.checkpoint.kid, &keys.checkpoint.signer)?;
            if (done + 1) % CHECKPOINTS_A_STEP == 0 || done + 1 == changed.len() {
                progress(Progress { stage: "checkpoints", done: done as u64 + 1, total: changed.len() as u64 });
            }
        }
        failpoint::here("import.signed");
        keys::epoch::note(folder_of_keys, &cooperative)?;
        failpoint::here("import.noted");
        Ok(report)
    });
    failpoint::here("import.kept");
    reported(kept)
}

fn reported(kept: Result<Report, Stop>) -> Result<Report, ImportError> {
    match kept {
        Ok(report) | Err(Stop::Refused(report)) => Ok(report),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// Reads books as an import does, and keeps nothing of them.
#[cfg(feature = "fuzzing")]
pub(crate) fn look(database: &Database, folder: &Path, now: Timestamp) -> Result<Report, ImportError> {
    reported(database.write(|transaction| {
        let books = Books { folder, named: None };
        let mut progress = |_| ();
        let mut import = Import::begin(transaction, books, now, &mut progress)?;
        import.read()?;
        Err(Stop::Refused(import.end().2))
    }))
}

/// An import under way.
struct Import<'a> {
    store: Store<'a>,
    folder: &'a Path,
    progress: &'a mut dyn FnMut(Progress),
    problems: Problems,
    report: Report,
    /// Members that are new, or whose accounts are or changed.
    changed: BTreeSet<i64>,
}

/// Where an import writes, and for whom.
struct Store<'a> {
    transaction: &'a Transaction<'a>,
    cooperative: Cooperative,
    now: Timestamp,
    today: CivilDate,
}

impl<'a> Import<'a> {
    fn begin(
        transaction: &'a Transaction<'a>,
        Books { folder, named }: Books<'a>,
        now: Timestamp,
        progress: &'a mut dyn FnMut(Progress),
    ) -> Result<Self, ImportError> {
        let mut problems = Problems::default();
        let cooperative = register::cooperative(transaction, folder, named, now, &mut problems)?;
        let store = Store { transaction, today: now.day_in(cooperative.zone), now, cooperative };
        Ok(Self { store, folder, progress, problems, report: Report::default(), changed: BTreeSet::new() })
    }

    fn read(&mut self) -> Result<(), ImportError> {
        let mut members = self.members()?;
        let mut savings_products = self.savings_products()?;
        let mut loan_products = self.loan_products()?;
        let mut accounts = self.savings_accounts(&mut members, &mut savings_products)?;
        self.loans(&mut members, &mut loan_products, &mut accounts)?;
        self.entries(&mut accounts)
    }

    fn end(self) -> (Cooperative, BTreeSet<i64>, Report) {
        let (problems, more_problems) = self.problems.into_parts();
        (self.store.cooperative, self.changed, Report { problems, more_problems, ..self.report })
    }

    /// Reads a file row by row: `take` gets each row and everything else, `broken` the first cell of a row whose cells
    /// cannot be told apart. Gives the count of rows and whether all of them could be read.
    fn rows<S>(
        &mut self,
        layout: &'static Layout,
        state: &mut S,
        mut take: impl FnMut(&mut Step<'_, '_>, &mut S, &mut Cells<'_>) -> Result<(), ImportError>,
        broken: impl Fn(&mut S, &str),
    ) -> Result<(u64, bool), ImportError> {
        let failed = |error| ImportError::File(layout.file, error);
        let mut table = match Table::open(self.folder, layout, &mut self.problems).map_err(failed)? {
            Opened::Empty => return Ok((0, true)),
            Opened::Unusable => return Ok((0, false)),
            Opened::Rows(table) => table,
        };
        let mut step = Step { store: &self.store, changed: &mut self.changed };
        while let Some(mut cells) = table.next(&mut self.problems, |first| broken(state, first)).map_err(failed)? {
            take(&mut step, state, &mut cells)?;
            if table.rows().is_multiple_of(ROWS_A_STEP) {
                let (done, total) = table.progress();
                (self.progress)(Progress { stage: layout.file, done, total });
            }
        }
        let (done, total) = table.progress();
        (self.progress)(Progress { stage: layout.file, done, total });
        Ok((table.rows(), !table.has_lost_rows()))
    }
}

impl Store<'_> {
    fn save(&self, draft: Draft, number: &'static str, cells: &mut Cells<'_>) -> rusqlite::Result<Option<Saved>> {
        draft.save(self.transaction, self.cooperative.number, self.now, number, cells)
    }
}

/// What reading one row may change beside its own register.
struct Step<'a, 'b> {
    store: &'b Store<'a>,
    changed: &'b mut BTreeSet<i64>,
}
