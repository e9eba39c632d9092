//! A new epoch: the database was restored from a backup or made anew, and phones know things that it no longer does.
//!
//! Never begins an epoch that was begun before, also when the database does not know of it: the newest one is noted beside
//! the keys.

use std::path::Path;

use anggota::domain::{Reason, Timestamp};
use rusqlite::{Transaction, params};

use crate::changes::{self, Change};
use crate::checkpoints;
use crate::cooperative::Cooperative;
use crate::database::DatabaseError;
use crate::keys::{IssuerKey, KeyError, epoch};
use crate::refusal::Refusal;

/// More results than a device gets between a backup and the next.
const LOST_RESULTS: u32 = 1_000_000;
/// More cards than a cooperative issues between a backup and the next, also when all of its members come in one week.
const LOST_CARDS: u32 = 50_000;
/// Why the first epoch of a new database is not the first of the cooperative.
const MADE_ANEW: &str = "Basis data koperasi dibuat baru";

/// Begins the next epoch and gives it. Numbers that were given after the backup are not given again: a device's results,
/// which it would take for ones that it has, and places in the status list, where a lost card may still stand.
/// `keys` is the folder of all cooperatives' keys.
pub fn begin(
    transaction: &Transaction<'_>,
    keys: &Path,
    cooperative: &Cooperative,
    reason: &Reason,
    officer: Option<&str>,
    now: Timestamp,
    key: &IssuerKey,
) -> Result<u64, Refusal> {
    // Read again: another command may have begun one.
    let mut current = Cooperative::find(transaction, Some(&cooperative.id))?;
    let before = current.epoch.to_string();
    current.epoch = current.epoch.max(epoch::newest(keys, &current.id)?);
    current.epoch = checkpoints::new_epoch(transaction, &current, reason, now, key.kid, &key.signer)?;
    transaction.execute(
        "UPDATE device SET next_result = next_result + ?2 WHERE cooperative = ?1",
        (current.number, LOST_RESULTS),
    )?;
    skip_cards(transaction, &current, now)?;
    let (subject, after) = (format!("cooperative:{}", current.id), current.epoch.to_string());
    let officer = Some(officer.unwrap_or(changes::OFFICE));
    let change = Change { officer, subject: &subject, field: "epoch", before: &before, after: &after };
    changes::append(transaction, current.number, now, &change)?;
    epoch::note(keys, &current)?;
    Ok(current.epoch)
}

/// A card of nobody holds the last place that a lost one may have; those below it that no row knows are invalid too.
fn skip_cards(transaction: &Transaction<'_>, cooperative: &Cooperative, now: Timestamp) -> rusqlite::Result<()> {
    transaction.execute(
        "INSERT INTO card (cooperative, status_index, device, member, issued_at, expires_at, invalid, bytes)
         SELECT ?1, coalesce(max(status_index), -1) + ?2, zeroblob(16), 0, ?3, ?3, 1, x'' FROM card WHERE cooperative = ?1",
        params![cooperative.number, LOST_CARDS, now.seconds()],
    )?;
    Ok(())
}

/// The cooperative of an import, in its epoch: the database's own, unless a newer one is known. A cooperative that is new
/// to the database, but not to its phones, begins the next.
pub(crate) fn of_import(
    transaction: &Transaction<'_>,
    keys: &Path,
    cooperative: Cooperative,
    now: Timestamp,
) -> Result<Cooperative, KeyError> {
    let is_known: bool = transaction.query_row(
        "SELECT EXISTS (SELECT 1 FROM issuer_key WHERE cooperative = ?1)",
        [cooperative.number],
        |row| row.get(0),
    )?;
    let newest = epoch::newest(keys, &cooperative.id)?;
    if is_known || newest == 0 {
        epoch::check(keys, &cooperative)?;
        return Ok(cooperative);
    }
    let cooperative = Cooperative { epoch: newest + 1, ..cooperative };
    let reason = Reason::new(MADE_ANEW).map_err(DatabaseError::from)?;
    transaction.execute(
        "UPDATE cooperative SET epoch = ?2, epoch_reason = ?3 WHERE cooperative = ?1",
        params![cooperative.number, cooperative.epoch, reason.as_str()],
    )?;
    skip_cards(transaction, &cooperative, now)?;
    Ok(cooperative)
}
