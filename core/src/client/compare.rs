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
use crate::protocol::Hash;
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

/// Both are the cooperative's, about the same member. What is compared is what they say: whoever passes a text on can give
/// its signature the other form, and the cooperative is not to be accused by that.
fn compare((our_bytes, ours): Read<'_>, (their_bytes, theirs): Read<'_>) -> CheckpointComparison {
    use CheckpointComparison::{Different, OtherNewer, OtherOlder, Same};
    match (theirs.epoch, theirs.generation).cmp(&(ours.epoch, ours.generation)) {
        Ordering::Equal if our_bytes.said() == their_bytes.said() => Same,
        Ordering::Less if may_follow(ours, theirs, their_bytes) => OtherOlder,
        Ordering::Greater if may_follow(theirs, ours, our_bytes) => OtherNewer,
        _ => Different,
    }
}

fn may_follow(later: &Checkpoint, earlier: &Checkpoint, earlier_bytes: &SignedCheckpoint) -> bool {
    let follows = |hash: &Hash| later.follows(earlier.epoch, earlier.generation, hash);
    earlier_bytes.hashes().iter().any(follows)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::cose::{Signer, SoftwareSigner, other_form};
    use crate::domain::{CooperativeId, MemberNo, Timestamp};
    use crate::protocol::sha256;

    fn signed(signer: &SoftwareSigner, generation: u64, root: u8, prev: Hash) -> SignedCheckpoint {
        let checkpoint = Checkpoint {
            cooperative: CooperativeId::new("handayani").unwrap(),
            member: MemberNo::new("A1").unwrap(),
            epoch: 1,
            generation,
            issued_at: Timestamp::from_seconds(1_790_000_000).unwrap(),
            root: [root; 32],
            prev,
            reset: None,
        };
        SignedCheckpoint::parse(&checkpoint.sign(3, signer).unwrap()).unwrap()
    }

    fn other(signed: &SignedCheckpoint) -> SignedCheckpoint {
        let (rest, signature) = signed.bytes().split_last_chunk().unwrap();
        SignedCheckpoint::parse(&[rest, &other_form(signature)].concat()).unwrap()
    }

    fn compared(ours: &SignedCheckpoint, theirs: &SignedCheckpoint) -> CheckpointComparison {
        compare((ours, &ours.unverified().unwrap()), (theirs, &theirs.unverified().unwrap()))
    }

    #[test]
    fn the_other_form_of_a_signature_accuses_nobody() {
        use CheckpointComparison::{Different, OtherNewer, OtherOlder, Same};
        let rng = Arc::new(crate::entropy::system());
        let signer = SoftwareSigner::from_pkcs8(&SoftwareSigner::generate_pkcs8(&*rng).unwrap(), rng).unwrap();
        let one = signed(&signer, 1, 1, [0; 32]);
        let two = signed(&signer, 2, 2, sha256(one.bytes()));
        assert_ne!(other(&one).hash(), one.hash());
        let key_of = |_, _| Some(*signer.public_key());
        assert_eq!(other(&one).verify(key_of).as_ref(), Ok(&one.unverified().unwrap()), "it verifies as well");
        assert_eq!(compared(&one, &other(&one)), Same);
        assert_eq!(compared(&other(&one), &one), Same);
        assert_eq!(compared(&two, &other(&one)), OtherOlder, "the second names the first in the server's own form");
        assert_eq!(compared(&other(&one), &two), OtherNewer);
        // Signed once more it says the same; with other content it does not.
        assert_eq!(compared(&one, &signed(&signer, 1, 1, [0; 32])), Same);
        assert_eq!(compared(&one, &signed(&signer, 1, 9, [0; 32])), Different);
        assert_eq!(compared(&one, &signed(&signer, 2, 2, [9; 32])), Different);
        assert_eq!(compared(&signed(&signer, 2, 2, [9; 32]), &other(&one)), Different);
    }
}
