//! What can still be read of a damaged store: the outbox first of all, and what a new store begins with.
//!
//! Never changes the damaged file, and copies nothing that does not read back as what it must be.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, Transaction, params_from_iter};

use super::evidence::{self, Signed, StoredEvidence};
use super::mirror::{self, StoredCheckpoint};
use super::profile::{self, Access, Profile};
use super::{StoreKey, attachment, connect, draft, held, outbox, rows, unjoined};
use crate::cose::PublicKey;
use crate::domain::AccountKey;
use crate::error::Result;
use crate::protocol::chain::Link;
use crate::protocol::checkpoint::SignedCheckpoint;
use crate::protocol::head;

const COLUMNS: &str = "operation, number, subject, after, kind, body, body_hash, signed, state, reason, submitted_at, attempts, \
     next_attempt_at, result_number";

/// The schema from which on there are drafts and documents.
const DRAFTS_SINCE: usize = 4;

/// Makes a connection to the damaged store. One of SQLCipher's that met a damaged page reads nothing more: each piece is read
/// by one of its own.
pub(super) type Open<'a> = dyn Fn() -> Result<Connection> + 'a;

fn open(path: &Path, key: &StoreKey) -> Result<Connection> {
    connect(path, key, OpenFlags::SQLITE_OPEN_READ_ONLY)
}

/// What was read.
#[derive(Default)]
pub(crate) struct Salvaged {
    /// Who is enrolled, how the server is reached, and the pinned keys.
    pub(crate) identity: Option<(Profile, Access, Vec<(u8, PublicKey)>)>,
    pub(crate) trust_list: Option<(Vec<u8>, u64)>,
    checkpoint: Option<StoredCheckpoint>,
    /// Of broken promises, without the old entries.
    evidence: Vec<StoredEvidence>,
    /// Signed heads that no run reached, with the checkpoint held then.
    unjoined: Vec<(AccountKey, Link, Signed)>,
    outbox: BTreeMap<i64, Vec<Value>>,
    /// The damaged store, for what is too large to be held here: drafts and documents.
    damaged: Option<(PathBuf, StoreKey)>,
    /// Every command could be read.
    is_whole: bool,
}

impl Salvaged {
    /// The damaged store was moved there since it was read.
    pub(crate) fn moved_to(&mut self, path: &Path) {
        if let Some((lies_at, _)) = &mut self.damaged {
            path.clone_into(lies_at);
        }
    }

    /// How many commands.
    pub(crate) fn commands(&self) -> usize {
        self.outbox.len()
    }
}

/// Reads what can be read with that key.
pub(crate) fn read(path: &Path, key: &StoreKey) -> Salvaged {
    let mut salvaged = Salvaged::default();
    // What is set aside stays as it is.
    let open = || open(path, key);
    let Ok(db) = open() else { return salvaged };
    salvaged.identity = open().and_then(|db| identity(&db)).ok();
    salvaged.trust_list = open().and_then(|db| profile::trust_list_seq(&db)).ok().flatten();
    salvaged.checkpoint = open().and_then(|db| mirror::checkpoint(&db)).ok().flatten().filter(is_what_it_says);
    // A damaged page ends a scan: what lies behind it is reached from the other end.
    let ends = ["ASC", "DESC"].map(|order| open().and_then(|db| scan(&db, order, &mut salvaged.outbox)));
    salvaged.is_whole = ends.iter().all(|end| matches!(end, Ok(true)));
    salvaged.evidence = open().and_then(|db| evidence::all(&db)).unwrap_or_default();
    salvaged.unjoined = open().and_then(|db| unjoined::of_shown(&db)).unwrap_or_default();
    let schema: usize = db.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap_or_default();
    if schema >= DRAFTS_SINCE {
        salvaged.damaged = Some((path.to_owned(), key.clone()));
    }
    salvaged
}

/// Who is enrolled, how the server is reached, and the pinned keys.
pub(crate) fn identity(db: &Connection) -> Result<(Profile, Access, Vec<(u8, PublicKey)>)> {
    Ok((profile::load(db)?, profile::access(db)?, profile::pinned(db)?))
}

fn is_what_it_says(held: &StoredCheckpoint) -> bool {
    let content = SignedCheckpoint::parse(&held.bytes).ok().and_then(|signed| signed.unverified().ok());
    content.is_some_and(|content| (content.epoch, content.generation) == (held.epoch, held.generation))
}

/// Says whether every command on the way was a good one.
fn scan(db: &Connection, order: &str, found: &mut BTreeMap<i64, Vec<Value>>) -> Result<bool> {
    let mut select = db.prepare(&format!("SELECT {COLUMNS} FROM outbox ORDER BY operation {order}"))?;
    let count = select.column_count();
    let mut rows = select.query([])?;
    let mut all_good = true;
    while let Some(row) = rows.next()? {
        let values = (0..count).map(|at| row.get(at)).collect::<rusqlite::Result<Vec<Value>>>()?;
        if outbox::is_readable(row) {
            found.insert(row.get(1)?, values);
        } else {
            all_good = false;
        }
    }
    Ok(all_good)
}

/// Puts what was read into a new store: the commands, to be sent again under their ids, and the checkpoint, so that a server
/// that goes back behind it is still noticed, and what is left of drafts and documents. Says whether nothing the member gave
/// was lost.
pub(crate) fn restore(tx: &Transaction<'_>, salvaged: &Salvaged) -> Result<bool> {
    let mut insert = tx.prepare(&format!(
        "INSERT INTO outbox ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)"
    ))?;
    for values in salvaged.outbox.values() {
        insert.execute(params_from_iter(values))?;
    }
    if let Some(held) = &salvaged.checkpoint {
        tx.execute(
            "INSERT INTO checkpoint VALUES (1, ?1, ?2, ?3, ?4, ?5)",
            rusqlite::params![
                held.epoch,
                held.generation,
                held.bytes,
                head::encode_leaves(&held.leaves),
                held.as_of.seconds()
            ],
        )?;
    }
    let mut nothing_lost = salvaged.is_whole;
    for kept in &salvaged.evidence {
        evidence::keep_again(tx, kept)?;
    }
    for (key, head, held) in &salvaged.unjoined {
        unjoined::keep(tx, key, false, head, held)?;
    }
    if let Some((path, key)) = &salvaged.damaged {
        let open = || open(path, key);
        nothing_lost &= attachment::if_readable(draft::carry_over(&open, tx))?.unwrap_or(false);
        nothing_lost &= attachment::if_readable(attachment::carry_over(&open, tx))?.unwrap_or(false);
    }
    outbox::send_all_again(tx)?;
    Ok(nothing_lost)
}

/// Whether everything but the entries can be read and means something: entries are proven by their chains.
pub(crate) fn inspect(db: &Connection) -> Result<()> {
    for check in ["PRAGMA cipher_integrity_check", "PRAGMA quick_check(1)"] {
        let mut select = db.prepare(check)?;
        let found: Vec<String> = rows::all(&mut select, [], |row| Ok(row.get(0)?))?;
        if found.iter().any(|line| line != "ok") {
            return Err(rows::unreadable("a page of the store is damaged"));
        }
    }
    identity(db)?;
    held::load(db)?;
    mirror::register(db)?;
    outbox::all(db)?;
    draft::all(db)?;
    attachment::all(db)?;
    super::evidence::list(db)?;
    profile::trust_list(db)?;
    profile::card(db)?;
    Ok(())
}
