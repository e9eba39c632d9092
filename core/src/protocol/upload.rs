//! Uploads: the bytes of a document that a signed operation named, part by part, gone on with where they broke off.
//!
//! A part that was sent twice changes nothing: the server takes the one that begins where what it holds ends, and always
//! says how much that is.

use minicbor::Decoder;

use super::Hash;
use super::codec::{self, Item, WireFault};
use crate::domain::{MAX_ATTACHMENT_BYTES, OperationId};

const VERSION: u64 = 1;

/// The largest part, in bytes: what goes through a poor network in one request.
pub const MAX_PART_BYTES: usize = 64 * 1024;
/// The smallest part that is not the last one, in bytes: each is a transaction of the server's, and byte by byte it would be
/// four million of them for one document.
pub const MIN_PART_BYTES: usize = 1024;
/// The largest upload request.
pub const MAX_BYTES: usize = MAX_PART_BYTES + 128;
/// The largest answer.
pub const MAX_ANSWER_BYTES: usize = 64;

/// A part of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The operation that named the document: a request for a loan or a reply.
    pub operation: OperationId,
    /// The document's SHA-256.
    pub hash: Hash,
    /// Where the part begins.
    pub offset: u32,
    /// Its bytes; none to ask how much is held.
    pub bytes: Vec<u8>,
}

impl Part {
    /// As CBOR.
    pub fn encode(&self) -> Vec<u8> {
        codec::to_vec(|e| {
            e.array(5)?.u64(VERSION)?;
            self.operation.write(e)?;
            e.bytes(&self.hash)?.u32(self.offset)?.bytes(&self.bytes).map(drop)
        })
    }

    /// From CBOR.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireFault> {
        if bytes.len() > MAX_BYTES {
            return Err(WireFault::TooLarge);
        }
        let d = &mut Decoder::new(bytes);
        codec::exact(d, 5)?;
        codec::version(d, VERSION)?;
        let part = Self {
            operation: Item::read(d)?,
            hash: codec::hash(d)?,
            offset: d.u32()?,
            bytes: codec::bounded(d, MAX_PART_BYTES)?,
        };
        codec::end(d)?;
        if part.offset > MAX_ATTACHMENT_BYTES { Err(WireFault::Malformed) } else { Ok(part) }
    }
}

/// What the server holds of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    /// How many bytes, from the first.
    pub bytes: u32,
    /// All of them, and they are what was named.
    pub whole: bool,
}

impl Held {
    /// As CBOR.
    pub fn encode(&self) -> Vec<u8> {
        codec::to_vec(|e| e.array(3)?.u64(VERSION)?.u32(self.bytes)?.bool(self.whole).map(drop))
    }

    /// From CBOR.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireFault> {
        let d = &mut Decoder::new(bytes);
        codec::exact(d, 3)?;
        codec::version(d, VERSION)?;
        let held = Self { bytes: d.u32()?, whole: d.bool()? };
        codec::end(d)?;
        Ok(held)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_part_fits_and_a_larger_one_is_refused() {
        let part = |bytes: usize, offset| Part {
            operation: OperationId::new(1, [3; 10]),
            hash: [7; 32],
            offset,
            bytes: vec![1; bytes],
        };
        for good in [part(0, 0), part(MAX_PART_BYTES, MAX_ATTACHMENT_BYTES)] {
            assert_eq!(Part::decode(&good.encode()).unwrap(), good);
        }
        assert!(Part::decode(&part(MAX_PART_BYTES + 1, 0).encode()).is_err());
        assert!(Part::decode(&part(1, MAX_ATTACHMENT_BYTES + 1).encode()).is_err());
        assert!(Part::decode(&[part(1, 0).encode(), vec![0]].concat()).is_err());
        let held = Held { bytes: 65_536, whole: true };
        assert_eq!(Held::decode(&held.encode()).unwrap(), held);
        assert!(held.encode().len() <= MAX_ANSWER_BYTES);
    }
}
