//! A new checkpoint key: made beside the one before, which hands over to it by a signed statement; every member gets a
//! checkpoint by it in the same transaction.
//!
//! Never removes a key's file: the one before may be asked for while a phone still shows what it signed.

use anggota::cose::Signer;
use anggota::domain::{Name, Timestamp};
use anggota::protocol::succession::{MAX_SUCCESSIONS, Succession};
use rusqlite::{Connection, Transaction, params};

use super::{IssuerKey, IssuerKeys, KeyUse, Rng};
use crate::changes::{self, Change};
use crate::checkpoints;
use crate::cooperative::Cooperative;
use crate::refusal::Refusal;
use anggota::protocol::problem::Code;
use std::path::Path;

/// Makes the next checkpoint key and gives it. A key that a broken off rotation left in the folder is taken.
pub fn rotate(
    transaction: &Transaction<'_>,
    folder: &Path,
    cooperative: &Cooperative,
    officer: Option<&Name>,
    now: Timestamp,
    rng: &Rng,
) -> Result<IssuerKey, Refusal> {
    let before = IssuerKeys::load(transaction, folder, cooperative, rng)?.checkpoint;
    let kid = highest(transaction, cooperative)?.checked_add(1).ok_or(Code::NotPossible)?;
    let signer = super::read_or_create(&folder.join(cooperative.id.as_str()), KeyUse::Checkpoint, kid, rng)?;
    let key = IssuerKey { kid, signer };
    let handed = Succession { cooperative: cooperative.id.clone(), kid, key: *key.signer.public_key(), at: now };
    let bytes = handed.sign(before.kid, &before.signer)?;
    super::insert(transaction, cooperative, KeyUse::Checkpoint, &key, now)?;
    transaction.execute(
        "INSERT INTO succession (cooperative, kid, bytes) VALUES (?1, ?2, ?3)",
        params![cooperative.number, kid, bytes],
    )?;
    checkpoints::renew_all(transaction, cooperative, now, kid, &key.signer)?;
    let subject = format!("cooperative:{}", cooperative.id);
    let (before, after) = (before.kid.to_string(), kid.to_string());
    let officer = Some(officer.map_or(changes::OFFICE, Name::as_str));
    let change = Change { officer, subject: &subject, field: "checkpoint_key", before: &before, after: &after };
    changes::append(transaction, cooperative.number, now, &change)?;
    Ok(key)
}

/// The newest statements, as many as a phone follows, the oldest of them first.
pub(crate) fn rotations(connection: &Connection, cooperative: &Cooperative) -> rusqlite::Result<Vec<Vec<u8>>> {
    let mut select = connection.prepare_cached(
        "SELECT bytes FROM (SELECT kid, bytes FROM succession WHERE cooperative = ?1 ORDER BY kid DESC LIMIT ?2)
         ORDER BY kid",
    )?;
    select.query_map((cooperative.number, MAX_SUCCESSIONS as i64), |row| row.get(0))?.collect()
}

/// Whether the folder holds a checkpoint key that this database does not know: made after the backup that it is from.
pub(crate) fn is_ahead(connection: &Connection, folder: &Path, cooperative: &Cooperative) -> Result<bool, Refusal> {
    let next = highest(connection, cooperative)?.checked_add(1).map(|kid| KeyUse::Checkpoint.file_of(kid));
    Ok(next.is_some_and(|file| folder.join(cooperative.id.as_str()).join(file).exists()))
}

fn highest(connection: &Connection, cooperative: &Cooperative) -> rusqlite::Result<u8> {
    let mut select = connection.prepare_cached("SELECT max(kid) FROM issuer_key WHERE cooperative = ?1")?;
    select.query_row([cooperative.number], |row| row.get(0))
}
