//! Checkpoints and freshness: the two statements a cooperative signs about a member's ledger.
//!
//! Both are COSE_Sign1 (ES256) by the cooperative's checkpoint key and told apart by their signed type.

use minicbor::Decoder;

use super::codec::{self, Item, WireFault};
use super::{Hash, sha256};
use crate::cose::{self, CoseError, Headers, PublicKey, Signer, Typ};
use crate::domain::{CooperativeId, MemberNo, Reason, Timestamp};

const CHECKPOINT: Typ = Typ::text("application/vnd.anggota.checkpoint+cose");
const FRESHNESS: Typ = Typ::text("application/vnd.anggota.freshness+cose");
const VERSION: u64 = 1;

/// The largest signed checkpoint or freshness statement.
pub const MAX_BYTES: usize = 2_048;

/// What a checkpoint as text begins with: "kitab", form 1.
const PREFIX: &str = "KTB1:";
/// Base45 makes three characters of two bytes.
const MAX_TEXT: usize = PREFIX.len() + MAX_BYTES / 2 * 3;

/// Why a new epoch began: the database was created anew or restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reset {
    /// The epoch before.
    pub epoch: u64,
    /// The last generation of that epoch which the restored database still knows.
    pub last_generation: u64,
    /// Why, in the office's words.
    pub reason: Reason,
}

/// The state of all of a member's accounts, numbered: exactly one for each (member, epoch, generation).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Whose books.
    pub cooperative: CooperativeId,
    /// Whose accounts.
    pub member: MemberNo,
    /// Grows only when the database is created or restored.
    pub epoch: u64,
    /// Grows by one with every change of a head.
    pub generation: u64,
    /// When it was made.
    pub issued_at: Timestamp,
    /// The tree hash over the canonical heads, sorted by (kind, account).
    pub root: Hash,
    /// SHA-256 of the signed bytes of the generation before; zeros for the first of an epoch.
    pub prev: Hash,
    /// In every checkpoint of an epoch that replaced another.
    pub reset: Option<Reset>,
}

/// A checkpoint as sent: not believed before its signature is verified.
#[derive(Debug, Clone)]
pub struct SignedCheckpoint {
    sign1: cose::Sign1,
    hash: Hash,
    said: Hash,
    bytes: Vec<u8>,
}

/// Why a text is no checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextFault {
    /// Another text altogether, or not all of it.
    #[error("a checkpoint to compare begins with {PREFIX}")]
    NotThisText,
    /// What it holds is no signed checkpoint.
    #[error(transparent)]
    Form(#[from] CoseError),
}

/// Why a statement is not the cooperative's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementFault {
    /// Not of the agreed form, or a bad signature.
    #[error(transparent)]
    Cose(#[from] CoseError),
    /// The signed content is not of the agreed form.
    #[error(transparent)]
    Wire(#[from] WireFault),
    /// Signed by a key that is not, or no longer, the cooperative's.
    #[error("the statement is signed with a key that is not the cooperative's")]
    UnknownKey,
}

impl Checkpoint {
    /// Signs it with the checkpoint key number `kid`.
    pub fn sign(&self, kid: u8, signer: &dyn Signer) -> Result<Vec<u8>, CoseError> {
        let payload = codec::to_vec(|e| {
            e.array(9)?.u64(VERSION)?;
            self.cooperative.write(e)?;
            self.member.write(e)?;
            e.u64(self.epoch)?.u64(self.generation)?;
            self.issued_at.write(e)?;
            e.bytes(&self.root)?.bytes(&self.prev)?;
            codec::write_optional(e, self.reset.as_ref(), |reset, e| {
                e.array(3)?.u64(reset.epoch)?.u64(reset.last_generation)?;
                reset.reason.write(e)
            })
        });
        sign(&CHECKPOINT, kid, &payload, signer)
    }

    /// Whether it may stand after an earlier one: the next names that one's hash, a new epoch the epoch it replaces. What
    /// lies further ahead names neither, and nothing speaks against it.
    pub(crate) fn follows(&self, epoch: u64, generation: u64, hash: &Hash) -> bool {
        if self.epoch > epoch {
            return self.reset.as_ref().is_some_and(|reset| reset.epoch >= epoch);
        }
        self.generation != generation + 1 || self.prev == *hash
    }

    fn read(payload: &[u8]) -> Result<Self, WireFault> {
        let d = &mut Decoder::new(payload);
        codec::exact(d, 9)?;
        codec::version(d, VERSION)?;
        let checkpoint = Self {
            cooperative: Item::read(d)?,
            member: Item::read(d)?,
            epoch: codec::count(d)?,
            generation: codec::count(d)?,
            issued_at: Item::read(d)?,
            root: codec::hash(d)?,
            prev: codec::hash(d)?,
            reset: codec::optional(d, |d| {
                codec::exact(d, 3)?;
                Ok(Reset { epoch: codec::count(d)?, last_generation: codec::count(d)?, reason: Item::read(d)? })
            })?,
        };
        codec::end(d)?;
        Ok(checkpoint)
    }
}

impl SignedCheckpoint {
    /// Checks the form, not the signature.
    pub fn parse(bytes: &[u8]) -> Result<Self, CoseError> {
        let sign1 = cose::parse1(bytes, &CHECKPOINT, MAX_BYTES)?;
        Ok(Self { hash: sha256(bytes), said: sha256(&sign1.signed()), sign1, bytes: bytes.to_vec() })
    }

    /// As text for another device of the member, to be typed, pasted or scanned.
    pub fn to_text(&self) -> String {
        format!("{PREFIX}{}", base45::encode(&self.bytes))
    }

    /// Reads such a text; checks the form, not the signature.
    pub fn from_text(text: &str) -> Result<Self, TextFault> {
        let code = text.trim();
        let code = if code.len() > MAX_TEXT { None } else { code.strip_prefix(PREFIX) };
        let bytes = code.and_then(|code| base45::decode(code).ok()).ok_or(TextFault::NotThisText)?;
        Ok(Self::parse(&bytes)?)
    }

    /// SHA-256 of the signed bytes.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// SHA-256 of what is signed, without the signature: whether two say the same. Their bytes may differ where they do,
    /// because anybody can give a signature its [other form](cose::other_form).
    pub fn said(&self) -> Hash {
        self.said
    }

    /// SHA-256 of both forms of the signed bytes: what came from elsewhere than the server may have either, and the next
    /// generation names the one that the server made.
    pub(crate) fn hashes(&self) -> [Hash; 2] {
        let end = self.bytes.len() - self.sign1.signature().len();
        let other = [&self.bytes[..end], &cose::other_form(self.sign1.signature())].concat();
        [self.hash, sha256(&other)]
    }

    /// The signed bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The number of the key that it says it is signed with.
    pub fn kid(&self) -> Option<u8> {
        match self.sign1.kid() {
            Some([kid]) => Some(*kid),
            _ => None,
        }
    }

    /// What it claims, its signature not looked at.
    pub fn unverified(&self) -> Result<Checkpoint, WireFault> {
        Checkpoint::read(self.sign1.payload())
    }

    /// What it says, once the key that `key_of` gives for its number and time has verified it.
    pub fn verify(
        &self,
        key_of: impl FnOnce(u8, Timestamp) -> Option<PublicKey>,
    ) -> Result<Checkpoint, StatementFault> {
        let checkpoint = self.unverified()?;
        verify(&self.sign1, checkpoint.issued_at, key_of)?;
        Ok(checkpoint)
    }
}

/// "Nothing newer than this checkpoint at this time": the server's answer to the phone's nonce.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    /// The checkpoint that is current.
    pub checkpoint: Hash,
    /// The server's time: `as_of` of every figure.
    pub at: Timestamp,
    /// The nonce of the phone's request.
    pub nonce: [u8; 16],
}

impl Freshness {
    /// Signs it with the checkpoint key number `kid`.
    pub fn sign(&self, kid: u8, signer: &dyn Signer) -> Result<Vec<u8>, CoseError> {
        let payload = codec::to_vec(|e| {
            e.array(4)?.u64(VERSION)?.bytes(&self.checkpoint)?;
            self.at.write(e)?;
            e.bytes(&self.nonce).map(drop)
        });
        sign(&FRESHNESS, kid, &payload, signer)
    }

    /// Verifies and reads it.
    pub fn verify(
        bytes: &[u8],
        key_of: impl FnOnce(u8, Timestamp) -> Option<PublicKey>,
    ) -> Result<Self, StatementFault> {
        let sign1 = cose::parse1(bytes, &FRESHNESS, MAX_BYTES)?;
        let d = &mut Decoder::new(sign1.payload());
        codec::exact(d, 4).map_err(StatementFault::Wire)?;
        codec::version(d, VERSION)?;
        let freshness = Self { checkpoint: codec::hash(d)?, at: Item::read(d)?, nonce: codec::fixed(d)? };
        codec::end(d)?;
        verify(&sign1, freshness.at, key_of)?;
        Ok(freshness)
    }
}

fn sign(typ: &Typ, kid: u8, payload: &[u8], signer: &dyn Signer) -> Result<Vec<u8>, CoseError> {
    cose::sign1(&Headers { typ, kid: Some(&[kid]), kcwt: None }, payload, signer)
}

fn verify(
    sign1: &cose::Sign1,
    at: Timestamp,
    key_of: impl FnOnce(u8, Timestamp) -> Option<PublicKey>,
) -> Result<(), StatementFault> {
    let key = match sign1.kid() {
        Some([kid]) => key_of(*kid, at),
        _ => None,
    };
    sign1.verify(&key.ok_or(StatementFault::UnknownKey)?)?;
    Ok(())
}
