//! The proofs seen lately: a DPoP proof counts once. In memory, bounded, and forgotten when a proof of that time would be
//! refused anyway.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use anggota::domain::Timestamp;
use anggota::protocol::{Hash, dpop};

/// A proof's time may lie [`dpop::WINDOW_SECONDS`] either way, so that no proof lives longer than this, in seconds.
const LIFE_SECONDS: i64 = 2 * dpop::WINDOW_SECONDS;

/// What became of a proof's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sighting {
    /// Not seen before; it is now.
    New,
    /// Seen before: a replay.
    Again,
    /// There is no room to remember it, so it cannot be let in.
    Full,
}

/// Remembers ids for at least one lifetime and at most two: when the newer half is a lifetime old, the older half goes.
#[derive(Debug)]
pub(crate) struct Replays {
    most: usize,
    halves: Mutex<Halves>,
}

#[derive(Debug)]
struct Halves {
    since: Timestamp,
    newer: HashSet<Hash>,
    older: HashSet<Hash>,
}

impl Replays {
    /// Remembers at most `most` ids a lifetime.
    pub(crate) fn new(most: usize) -> Self {
        let halves = Halves { since: Timestamp::EPOCH, newer: HashSet::new(), older: HashSet::new() };
        Self { most, halves: Mutex::new(halves) }
    }

    /// Whether the id is new, and remembers it.
    pub(crate) fn see(&self, id: Hash, now: Timestamp) -> Sighting {
        // The sets are whole between any two statements, also if another thread panicked.
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        if now.seconds().abs_diff(halves.since.seconds()) >= LIFE_SECONDS.unsigned_abs() {
            halves.older = std::mem::take(&mut halves.newer);
            halves.since = now;
        }
        if halves.older.contains(&id) || halves.newer.contains(&id) {
            Sighting::Again
        } else if halves.newer.len() >= self.most {
            Sighting::Full
        } else {
            halves.newer.insert(id);
            Sighting::New
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(1_700_000_000 + seconds).unwrap()
    }

    #[test]
    fn an_id_is_new_once_within_its_lifetime() {
        let replays = Replays::new(10);
        assert_eq!(replays.see([1; 32], at(0)), Sighting::New);
        for later in [0, 1, 599, 600, 1_199] {
            assert_eq!(replays.see([1; 32], at(later)), Sighting::Again, "{later} s later");
        }
        assert_eq!(replays.see([2; 32], at(0)), Sighting::New);
    }

    #[test]
    fn a_full_memory_lets_nobody_in_and_empties_with_time() {
        let replays = Replays::new(2);
        assert_eq!(replays.see([1; 32], at(0)), Sighting::New);
        assert_eq!(replays.see([2; 32], at(0)), Sighting::New);
        assert_eq!(replays.see([3; 32], at(1)), Sighting::Full);
        assert_eq!(replays.see([1; 32], at(1)), Sighting::Again);
        assert_eq!(replays.see([3; 32], at(600)), Sighting::New);
    }
}
