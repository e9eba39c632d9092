//! A store that cannot be used: set aside, built anew, and what the member commanded carried over.
//!
//! Never deletes a file, never gives up the outbox while any of it can be read, and does nothing to a store that is good.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{Client, OpenOptions, ProfileId, folder::Folder};
use crate::clock::Clock;
use crate::domain::{EvidenceKind, Timestamp};
use crate::engine::{self, OpenStore};
use crate::error::{Error, Result};
use crate::failpoint;
use crate::protocol::problem::Code;
use crate::store::evidence::{self, Evidence};
use crate::store::profile::{self, Access};
use crate::store::salvage::{self, Salvaged};
use crate::store::{Store, StoreKey, suspicion};

/// What became of a damaged store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RescueView {
    /// How many commands of the member were carried over; those that were sent are sent again under their ids.
    pub commands: u32,
    /// No command, draft or document was lost.
    pub outbox_whole: bool,
    /// Where the damaged store is kept.
    pub set_aside: PathBuf,
}

impl Client {
    /// Opens a profile whose store may be damaged: for when [`Client::open`], or anything done with an open client, said
    /// `store-unreadable`. All of the store is read; if any of it is damaged it is renamed, a new one takes its place with
    /// every command that can still be read, and the next sync fetches the rest. The member is warned ([`EvidenceKind::Rebuilt`]).
    ///
    /// Fails with `store-unreadable` when nothing says any more how the server is reached: then [`Client::enrol`] with a
    /// new code does the same.
    pub fn rescue(options: OpenOptions, id: &ProfileId) -> Result<(Self, Option<RescueView>)> {
        let folder = Folder::of(&options.data_dir, id);
        if !folder.exists() {
            return Err(Error::new(Code::NotEnrolled));
        }
        let lock = folder.lock()?;
        let key = folder.key(&options.vault)?;
        let (store, rescued) = match usable(&folder, &key)? {
            Some(store) => (store, None),
            None => rebuild(&folder, &key, &options.clock).map(|(store, view)| (store, Some(view)))?,
        };
        clear_suspicion(&folder);
        Ok((Self::with_store(options, folder, OpenStore { store, lock })?, rescued))
    }
}

/// Whether something of a profile's store could not be read since it was looked at as a whole: a program that syncs for the
/// member then begins with [`Client::rescue`], which is quick where nothing is wrong after all.
pub fn needs_rescue(data_dir: &Path, id: &ProfileId) -> bool {
    suspicion(&Folder::of(data_dir, id).store()).exists()
}

/// After all of a store was read, or a new one took its place.
pub(super) fn clear_suspicion(folder: &Folder) {
    let _absent = std::fs::remove_file(suspicion(&folder.store()));
}

/// The store, if all of it can be used.
pub(super) fn usable(folder: &Folder, key: &StoreKey) -> Result<Option<Store>> {
    let look = || Store::open(&folder.store(), key).and_then(|store| store.inspect().map(|()| store));
    let is_lost = |fault: &Error| fault.code() == Code::StoreUnreadable;
    // A connection that failed to read a page once calls the file damaged: a good store is not given up for that.
    match look().or_else(|fault| if is_lost(&fault) { look() } else { Err(fault) }) {
        Err(fault) if is_lost(&fault) => Ok(None),
        store => store.map(Some),
    }
}

fn rebuild(folder: &Folder, key: &StoreKey, clock: &Clock) -> Result<(Store, RescueView)> {
    // Before anything is moved: is there somebody to build it for?
    let spare = salvage::read(&folder.spare(), key);
    let mut readable = salvage::read(&aside_or_here(folder)?, key);
    if readable.identity.is_none() && spare.identity.is_none() {
        return Err(Error::new(Code::StoreUnreadable));
    }
    let set_aside = folder.set_aside()?;
    readable.moved_to(&set_aside);
    let known = readable.identity.as_ref().or(spare.identity.as_ref());
    let (profile, access, pinned) = known.ok_or_else(|| Error::new(Code::StoreUnreadable))?;
    // The token may be an old one: the next request renews it.
    let access = Access { access: String::new(), expires_at: Timestamp::EPOCH, refresh: access.refresh.clone() };
    let draft = folder.path().join("store.new");
    folder.clear_draft(&draft);
    let store = Store::create(&draft, key)?;
    let outbox_whole = store.write(|tx| {
        profile::create(tx, profile, &access, &engine::time_mark(clock.wall(), clock))?;
        pinned.iter().try_for_each(|(kid, key)| profile::pin(tx, *kid, key))?;
        if let Some((bytes, seq)) = &readable.trust_list {
            profile::set_trust_list(tx, bytes, *seq)?;
        }
        carry_over(tx, &readable, clock.wall())
    })?;
    store.close()?;
    failpoint::here("rescue.made");
    folder.move_in(&draft, &folder.store())?;
    failpoint::here("rescue.moved");
    let commands = u32::try_from(readable.commands()).unwrap_or(u32::MAX);
    Ok((Store::open(&folder.store(), key)?, RescueView { commands, outbox_whole, set_aside }))
}

/// The outbox and the checkpoint, drafts and documents, and the word that the store is a new one. Says whether nothing that
/// the member gave was lost.
pub(super) fn carry_over(tx: &crate::store::Transaction<'_>, salvaged: &Salvaged, at: Timestamp) -> Result<bool> {
    let nothing_lost = salvage::restore(tx, salvaged)?;
    let kind = EvidenceKind::Rebuilt;
    let told = Evidence { at, kind, account: None, held: None, received: None, page: None, epoch: None };
    evidence::keep(tx, &told)?;
    Ok(nothing_lost)
}

fn aside_or_here(folder: &Folder) -> Result<PathBuf> {
    // Without a store a rescue was cut between two renames: its WAL may still stand here.
    if folder.store().exists() { Ok(folder.store()) } else { folder.set_aside() }
}

/// What can be read of an unusable store, which is set aside: for an enrolment that takes its place.
pub(super) fn take_apart(folder: &Folder, key: Option<&StoreKey>) -> Result<Salvaged> {
    let place = folder.set_aside()?;
    // Without its key nothing can be read.
    Ok(key.map_or_else(Salvaged::default, |key| salvage::read(&place, key)))
}

/// Keeps beside the store who is enrolled, how the server is reached and which keys are believed.
pub(super) fn keep_spare(folder: &Folder, key: &StoreKey, store: &Store) -> Result<()> {
    let ((profile, access, pinned), mark) = store.read(|db| Ok((salvage::identity(db)?, profile::time_mark(db)?)))?;
    let draft = folder.spare_draft();
    folder.clear_draft(&draft);
    let spare = Store::create(&draft, key)?;
    spare.write(|tx| {
        profile::create(tx, &profile, &access, &mark)?;
        pinned.iter().try_for_each(|(kid, key)| profile::pin(tx, *kid, key))
    })?;
    spare.close()?;
    folder.move_in(&draft, &folder.spare())
}

/// Before the enrolment changes: the spare is not to name a device that is no more.
pub(super) fn forget_spare(folder: &Folder) {
    folder.clear_draft(&folder.spare());
}

/// Makes the spare where there is none yet. A disk without room for it is no reason not to open.
pub(super) fn ensure_spare(folder: &Folder, key: &Zeroizing<[u8; 32]>, store: &Store) {
    if !Path::exists(&folder.spare())
        && let Err(fault) = keep_spare(folder, key, store)
    {
        tracing::warn!(code = fault.code().as_str(), "the enrolment was not kept a second time");
    }
}
