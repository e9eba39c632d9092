//! What a verifier remembers, so that a card shown once is not accepted twice.
//!
//! Only hashes and times: the memory of a shop's till names nobody.

use std::collections::BTreeMap;
use std::convert::Infallible;

/// How long a sighting is remembered, in seconds. Longer than a presentation is accepted.
pub const REMEMBER: i64 = 600;
/// The same text within this many seconds is the scanner reading twice, and gets the same answer.
pub const READ_TWICE: i64 = 5;

/// SHA-256 over issuer, subject, audience, time and nonce of a presentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReplayKey(pub [u8; 32]);

/// When a presentation was accepted, and in which text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighting {
    /// The verifier's clock at that time.
    pub at: i64,
    /// SHA-256 of the text.
    pub text: [u8; 32],
}

/// A verifier's memory. Kept on disk, so that it survives a restart; entries may be dropped after [`REMEMBER`] seconds. One
/// that processes share holds its lock from `find` to `remember`.
pub trait ReplayMemory {
    /// Why the memory could not be read or written. A verifier that cannot remember gives no verdict.
    type Error;

    /// The sighting under this key, if there was one in the last [`REMEMBER`] seconds.
    fn find(&mut self, key: &ReplayKey, now: i64) -> Result<Option<Sighting>, Self::Error>;

    /// Keeps a sighting, durably before it returns.
    fn remember(&mut self, key: ReplayKey, sighting: Sighting) -> Result<(), Self::Error>;
}

/// A memory that lasts as long as the program.
#[derive(Debug, Clone, Default)]
pub struct InMemory(BTreeMap<ReplayKey, Sighting>);

impl ReplayMemory for InMemory {
    type Error = Infallible;

    fn find(&mut self, key: &ReplayKey, now: i64) -> Result<Option<Sighting>, Infallible> {
        self.0.retain(|_, sighting| now.saturating_sub(sighting.at) <= REMEMBER);
        Ok(self.0.get(key).copied())
    }

    fn remember(&mut self, key: ReplayKey, sighting: Sighting) -> Result<(), Infallible> {
        self.0.insert(key, sighting);
        Ok(())
    }
}

/// No memory at all: for a look at a card without a place to keep state. Replays are not noticed.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoMemory;

impl ReplayMemory for NoMemory {
    type Error = Infallible;

    fn find(&mut self, _: &ReplayKey, _: i64) -> Result<Option<Sighting>, Infallible> {
        Ok(None)
    }

    fn remember(&mut self, _: ReplayKey, _: Sighting) -> Result<(), Infallible> {
        Ok(())
    }
}
