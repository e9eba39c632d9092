//! What a pull starts from: all that was proven so far, put together for the sync machine.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};

use super::{evidence, mirror, profile, shadow, unjoined};
use crate::error::Result;
use crate::sync::{Held, HeldAccount, HeldCheckpoint, Standing, register_hash};

/// What a pull starts from.
pub(crate) fn load(db: &Connection) -> Result<Held> {
    let profile = profile::load(db)?;
    let checkpoint = mirror::checkpoint(db)?;
    let register: Option<Vec<u8>> =
        db.prepare_cached("SELECT bytes FROM register")?.query_row([], |row| row.get(0)).optional()?;
    let results_after =
        db.prepare_cached("SELECT number FROM result_mark")?.query_row([], |row| row.get(0)).optional()?;
    let signed: BTreeMap<_, _> =
        mirror::signed_heads(checkpoint.as_ref())?.into_iter().map(|h| (h.key(), mirror::link_of(&h))).collect();
    let mut unjoined = unjoined::all(db)?;
    let mut shadows: BTreeMap<_, _> = shadow::all(db, &mut unjoined)?.into_iter().collect();
    let mut held: BTreeMap<_, _> = BTreeMap::new();
    let nothing = |standing, epoch| {
        let (head, unjoined, spans, shadow) = (None, Vec::new(), Vec::new(), None);
        HeldAccount { standing, epoch, head, unjoined, spans, shadow }
    };
    for (key, at) in evidence::refused(db)? {
        held.insert(key, nothing(Standing::Mismatch(at), 0));
    }
    // What the checkpoint signs and nothing is held of: the store was built anew.
    let epoch = checkpoint.as_ref().map_or(0, |held| held.epoch);
    for (key, link) in &signed {
        let account = held.entry(key.clone()).or_insert_with(|| nothing(Standing::Damaged, epoch));
        account.head = Some(*link);
    }
    for account in mirror::accounts(db)? {
        let key = account.head.key();
        // Of a damaged account only what the checkpoint signs is known for certain.
        let (head, spans) = match account.standing {
            Standing::Damaged => (signed.get(&key).copied(), Vec::new()),
            _ => (Some(mirror::link_of(&account.head)), account.spans),
        };
        let shadow = shadows.remove(&key);
        held.insert(key, HeldAccount { head, spans, shadow, ..nothing(account.standing, account.epoch) });
    }
    for (key, account) in &mut held {
        account.unjoined = unjoined.remove(&(key.clone(), false)).unwrap_or_default();
    }
    Ok(Held {
        cooperative: profile.cooperative,
        member: profile.member,
        checkpoint: checkpoint.map(|c| HeldCheckpoint::new(c.epoch, c.generation, &c.bytes)),
        accounts: held,
        register: register.map(|bytes| register_hash(&bytes)),
        results_after: results_after.unwrap_or(0),
    })
}
