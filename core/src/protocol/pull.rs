//! What a phone sends to ask for everything new: how far it has come, account by account.

use minicbor::Decoder;

use super::Hash;
use super::codec::{self, Item, WireFault};
use super::head::MAX_ACCOUNTS;
use crate::domain::AccountKey;

const VERSION: u64 = 1;

/// The most verified ranges a phone may name, over all accounts.
pub const MAX_RANGES: u64 = 4 * MAX_ACCOUNTS;
/// The largest pull request.
pub const MAX_BYTES: usize = 1024 * 1024;

/// A run of entries that the phone holds and has verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Range {
    /// The first seq held.
    pub low: u32,
    /// `h[low - 1]`.
    pub before: Hash,
    /// The last seq held.
    pub high: u32,
    /// `h[high]`.
    pub after: Hash,
}

/// A pull.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRequest {
    /// The epoch of the phone's checkpoint; 0 before the first.
    pub epoch: u64,
    /// Its generation; 0 before the first.
    pub generation: u64,
    /// Fresh random bytes, returned signed.
    pub nonce: [u8; 16],
    /// SHA-256 of the register frame the phone holds, so that it is sent only when changed.
    pub register: Option<Hash>,
    /// The number of the last result that the phone has stored: an acknowledgement of all up to it.
    pub results_after: u64,
    /// What the phone holds, highest range first within an account.
    pub ranges: Vec<(AccountKey, Range)>,
}

impl PullRequest {
    /// As CBOR.
    pub fn encode(&self) -> Vec<u8> {
        codec::to_vec(|e| {
            e.array(7)?.u64(VERSION)?.u64(self.epoch)?.u64(self.generation)?.bytes(&self.nonce)?;
            codec::write_optional(e, self.register.as_ref(), |hash, e| e.bytes(hash).map(drop))?;
            e.u64(self.results_after)?.array(self.ranges.len() as u64)?;
            for (key, range) in &self.ranges {
                e.array(6)?;
                key.kind.write(e)?;
                key.account.write(e)?;
                e.u32(range.low)?.bytes(&range.before)?.u32(range.high)?.bytes(&range.after)?;
            }
            Ok(())
        })
    }

    /// From CBOR.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireFault> {
        if bytes.len() > MAX_BYTES {
            return Err(WireFault::TooLarge);
        }
        let d = &mut Decoder::new(bytes);
        let unknown = codec::array(d, 7)?;
        codec::version(d, VERSION)?;
        let request = Self {
            epoch: codec::count(d)?,
            generation: codec::count(d)?,
            nonce: codec::fixed(d)?,
            register: codec::optional(d, codec::hash)?,
            results_after: codec::count(d)?,
            ranges: codec::list(d, MAX_RANGES, |d| {
                codec::exact(d, 6)?;
                let key = AccountKey { kind: Item::read(d)?, account: Item::read(d)? };
                let range = Range { low: d.u32()?, before: codec::hash(d)?, high: d.u32()?, after: codec::hash(d)? };
                if range.low == 0 || range.low > range.high {
                    return Err(WireFault::Malformed);
                }
                Ok((key, range))
            })?,
        };
        codec::skip(d, unknown)?;
        codec::end(d)?;
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AccountNo, LedgerKind};

    #[test]
    fn a_pull_reads_back_as_written() {
        let key = AccountKey { kind: LedgerKind::Loan, account: AccountNo::new("PB-1").unwrap() };
        let request = PullRequest {
            epoch: 1,
            generation: 7,
            nonce: [3; 16],
            register: Some([1; 32]),
            results_after: 12,
            ranges: vec![(key, Range { low: 2, before: [4; 32], high: 9, after: [5; 32] })],
        };
        let bytes = request.encode();
        assert_eq!(PullRequest::decode(&bytes), Ok(request));
        for cut in 0..bytes.len() {
            assert!(PullRequest::decode(&bytes[..cut]).is_err());
        }
    }
}
