//! A new checkpoint key: the statement by which the key before hands over to it. A phone that pinned a key believes no other
//! way of changing it.
//!
//! Pure. What follows from it for the keys that a phone holds is the sync machine's.

use minicbor::Decoder;

use super::checkpoint::{MAX_BYTES, StatementFault};
use super::codec::{self, Item, WireFault};
use crate::cose::{self, CoseError, Headers, PublicKey, Signer, Typ};
use crate::domain::{CooperativeId, Invalid, Timestamp};

const SUCCESSION: Typ = Typ::text("application/vnd.anggota.succession+cose");
const VERSION: u64 = 1;

/// The most that one answer brings: a cooperative that changes its key every year has so many in sixteen years.
pub const MAX_SUCCESSIONS: usize = 16;

/// "From now on checkpoints are signed with this key."
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Succession {
    /// Whose key.
    pub cooperative: CooperativeId,
    /// The new key's number: higher than that of the key before.
    pub kid: u8,
    /// The new key.
    pub key: PublicKey,
    /// When it was made.
    pub at: Timestamp,
}

impl Succession {
    /// Signs it with the key before, number `kid_before`.
    pub fn sign(&self, kid_before: u8, signer: &dyn Signer) -> Result<Vec<u8>, CoseError> {
        let payload = codec::to_vec(|e| {
            e.array(5)?.u64(VERSION)?;
            self.cooperative.write(e)?;
            e.u8(self.kid)?.bytes(self.key.as_bytes())?;
            self.at.write(e)
        });
        cose::sign1(&Headers { typ: &SUCCESSION, kid: Some(&[kid_before]), kcwt: None }, &payload, signer)
    }

    /// Verifies it with the key that `key_of` gives for its signer's number and its time, and reads it.
    pub fn verify(
        bytes: &[u8],
        key_of: impl FnOnce(u8, Timestamp) -> Option<PublicKey>,
    ) -> Result<Self, StatementFault> {
        let sign1 = cose::parse1(bytes, &SUCCESSION, MAX_BYTES)?;
        let succession = Self::read(sign1.payload())?;
        let Some([before]) = sign1.kid() else { return Err(StatementFault::UnknownKey) };
        let key = key_of(*before, succession.at).ok_or(StatementFault::UnknownKey)?;
        sign1.verify(&key)?;
        if succession.kid <= *before {
            return Err(WireFault::Invalid(Invalid("a key's successor has a higher number")).into());
        }
        Ok(succession)
    }

    fn read(payload: &[u8]) -> Result<Self, WireFault> {
        let d = &mut Decoder::new(payload);
        codec::exact(d, 5)?;
        codec::version(d, VERSION)?;
        let succession =
            Self { cooperative: Item::read(d)?, kid: d.u8()?, key: super::enrolment::read_key(d)?, at: Item::read(d)? };
        codec::end(d)?;
        Ok(succession)
    }
}
