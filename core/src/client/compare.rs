//! Two devices of one member hold their checkpoints side by side, without a network: a server that tells each another story
//! is caught by this alone.
//!
//! What is shown is the checkpoint as signed. The other device believes it only after its signature, and a difference is
//! kept as evidence with both signatures.

use std::cmp::Ordering;

use data_encoding::HEXLOWER;

use super::{CheckpointComparison, CheckpointView, Client};
use crate::card::qr::qr;
use crate::domain::{EvidenceKind, Topic};
use crate::error::{Error, Result};
use crate::protocol::checkpoint::{Checkpoint, SignedCheckpoint, StatementFault, TextFault};
use crate::protocol::problem::Code;
use crate::store::evidence::{self, Evidence, Signed};
use crate::store::mirror;

/// Whatever is wrong with the other's form or signature: it is not to be believed.
const NOT_OURS: &str = "the checkpoint is not this cooperative's";
/// Modules across the widest QR code there is.
const MAX_WIDTH: usize = 177;

impl Client {
    /// The checkpoint that is held, to be read or scanned by the member's other device; `not-possible` before the first sync.
    pub fn show_checkpoint(&self) -> Result<CheckpointView> {
        let held = self.engine.store.read(mirror::checkpoint)?;
        let held =
            held.ok_or_else(|| Error::new(Code::NotPossible).detail("a checkpoint comes with the first sync"))?;
        let signed = SignedCheckpoint::parse(&held.bytes);
        let text = signed.map_err(|fault| Error::because(Code::StoreUnreadable, fault))?.to_text();
        let code = qr(&text, MAX_WIDTH).map_err(|fault| Error::because(Code::NotPossible, fault))?;
        Ok(CheckpointView {
            epoch: held.epoch,
            generation: held.generation,
            hash: HEXLOWER.encode(&crate::protocol::sha256(&held.bytes)),
            text,
            modules: code.width() as u16,
            bits: code.rows().flatten().copied().collect(),
        })
    }

    /// Holds what another device of the same member shows against what is held here. `not-verified` where it is not signed by
    /// the cooperative, or is another member's.
    pub fn compare_checkpoint(&self, text: &str) -> Result<CheckpointComparison> {
        let other = read(text)?;
        let key_of = self.engine.checkpoint_keys()?;
        let not_ours = |fault| Error::because(Code::NotVerified, fault).detail(NOT_OURS);
        let theirs = other.verify(&key_of).map_err(not_ours)?;
        let identity = self.engine.identity();
        if theirs.cooperative != identity.cooperative || theirs.member != identity.member {
            return Err(Error::new(Code::NotVerified).detail("the checkpoint is another member's"));
        }
        let held = self.engine.store.read(mirror::checkpoint)?;
        let Some(held) = held else { return Ok(CheckpointComparison::OtherNewer) };
        let ours =
            SignedCheckpoint::parse(&held.bytes).map_err(|fault| Error::because(Code::StoreUnreadable, fault))?;
        let mine = match ours.verify(&key_of) {
            // Its key was handed over since; it was verified when it came.
            Err(StatementFault::UnknownKey) => ours.unverified().map_err(StatementFault::Wire),
            checked => checked,
        };
        // Nobody is accused by what stands here and was never signed.
        let mine = mine.map_err(|fault| Error::because(Code::ChainBroken, fault))?;
        let found = compare((&ours, &mine), (&other, &theirs));
        if found == CheckpointComparison::Different {
            let held = Signed { checkpoint: held.bytes, leaves: held.leaves };
            let received = Signed { checkpoint: other.bytes().to_vec(), leaves: Vec::new() };
            let (at, kind, account, page, epoch) = (self.engine.now()?, EvidenceKind::Fork, None, None, None);
            let (held, received) = (Some(&held), Some(&received));
            self.engine
                .store
                .write(|tx| evidence::keep(tx, &Evidence { at, kind, account, held, received, page, epoch }))?;
            self.engine.tell(Topic::Warnings);
        }
        Ok(found)
    }
}

fn read(text: &str) -> Result<SignedCheckpoint> {
    SignedCheckpoint::from_text(text).map_err(|fault| match fault {
        TextFault::NotThisText => Error::new(Code::InvalidInput).detail("a checkpoint to compare begins with KTB1:"),
        TextFault::Form(fault) => Error::because(Code::NotVerified, fault).detail(NOT_OURS),
    })
}

type Read<'a> = (&'a SignedCheckpoint, &'a Checkpoint);

/// Both are the cooperative's, about the same member.
fn compare((our_bytes, ours): Read<'_>, (their_bytes, theirs): Read<'_>) -> CheckpointComparison {
    use CheckpointComparison::{Different, OtherNewer, OtherOlder, Same};
    match (theirs.epoch, theirs.generation).cmp(&(ours.epoch, ours.generation)) {
        Ordering::Equal if our_bytes.hash() == their_bytes.hash() => Same,
        Ordering::Less if ours.follows(theirs.epoch, theirs.generation, &their_bytes.hash()) => OtherOlder,
        Ordering::Greater if theirs.follows(ours.epoch, ours.generation, &our_bytes.hash()) => OtherNewer,
        _ => Different,
    }
}
