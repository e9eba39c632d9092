//! A new epoch: the database was restored from a backup, and phones know things that it no longer does.

use anggota::domain::{Reason, Timestamp};
use rusqlite::{Transaction, params};

use crate::checkpoints;
use crate::cooperative::Cooperative;
use crate::keys::IssuerKey;
use crate::refusal::Refusal;

/// More results than a device gets between a backup and the next.
const LOST_RESULTS: u32 = 1_000_000;
/// More cards than a cooperative issues between a backup and the next.
const LOST_CARDS: u32 = 1_000;

/// Begins the next epoch and gives it. Numbers that were given after the backup are not given again: a device's results,
/// which it would take for ones that it has, and places in the status list, where a lost card may still stand.
pub fn begin(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    reason: &Reason,
    now: Timestamp,
    key: &IssuerKey,
) -> Result<u64, Refusal> {
    let epoch = checkpoints::new_epoch(transaction, cooperative, reason, now, key.kid, &key.signer)?;
    transaction.execute(
        "UPDATE device SET next_result = next_result + ?2 WHERE cooperative = ?1",
        (cooperative.number, LOST_RESULTS),
    )?;
    // A card of nobody holds the last place; those below it that no row knows are invalid too.
    transaction.execute(
        "INSERT INTO card (cooperative, status_index, device, member, issued_at, expires_at, invalid, bytes)
         SELECT ?1, coalesce(max(status_index), -1) + ?2, zeroblob(16), 0, ?3, ?3, 1, x'' FROM card WHERE cooperative = ?1",
        params![cooperative.number, LOST_CARDS, now.seconds()],
    )?;
    Ok(epoch)
}
