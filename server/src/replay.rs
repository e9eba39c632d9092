//! The proofs seen lately: a DPoP proof counts once. In memory, bounded, and forgotten when a proof of that time would be
//! refused anyway.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use anggota::domain::{DeviceId, Timestamp};
use anggota::protocol::{Hash, dpop};

/// A proof's time may lie [`dpop::WINDOW_SECONDS`] either way, so that no proof lives longer than this, in seconds.
const LIFE_SECONDS: i64 = 2 * dpop::WINDOW_SECONDS;

/// Proofs of one device a lifetime: more than a phone ever makes, so that no device fills the memory of all.
const MAX_OF_DEVICE: u32 = 2_000;

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
    /// How many of `newer` are each device's.
    of_devices: HashMap<DeviceId, u32>,
    older: HashSet<Hash>,
}

impl Replays {
    /// Remembers at most `most` ids a lifetime.
    pub(crate) fn new(most: usize) -> Self {
        let halves = Halves {
            since: Timestamp::EPOCH,
            newer: HashSet::new(),
            of_devices: HashMap::new(),
            older: HashSet::new(),
        };
        Self { most, halves: Mutex::new(halves) }
    }

    /// Whether the id is new, and remembers it, on the account of the device if there is one.
    pub(crate) fn see(&self, id: Hash, device: Option<&DeviceId>, now: Timestamp) -> Sighting {
        // The sets are whole between any two statements, also if another thread panicked.
        let mut halves = self.halves.lock().unwrap_or_else(PoisonError::into_inner);
        if now.seconds().abs_diff(halves.since.seconds()) >= LIFE_SECONDS.unsigned_abs() {
            halves.older = std::mem::take(&mut halves.newer);
            halves.of_devices.clear();
            halves.since = now;
        }
        let so_far = device.and_then(|device| halves.of_devices.get(device)).copied().unwrap_or(0);
        if halves.older.contains(&id) || halves.newer.contains(&id) {
            Sighting::Again
        } else if halves.newer.len() >= self.most || so_far >= MAX_OF_DEVICE {
            Sighting::Full
        } else {
            if let Some(device) = device {
                halves.of_devices.insert(*device, so_far + 1);
            }
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
        assert_eq!(replays.see([1; 32], None, at(0)), Sighting::New);
        for later in [0, 1, 599, 600, 1_199] {
            assert_eq!(replays.see([1; 32], None, at(later)), Sighting::Again, "{later} s later");
        }
        assert_eq!(replays.see([2; 32], None, at(0)), Sighting::New);
    }

    #[test]
    fn a_full_memory_lets_nobody_in_and_empties_with_time() {
        let replays = Replays::new(2);
        assert_eq!(replays.see([1; 32], None, at(0)), Sighting::New);
        assert_eq!(replays.see([2; 32], None, at(0)), Sighting::New);
        assert_eq!(replays.see([3; 32], None, at(1)), Sighting::Full);
        assert_eq!(replays.see([1; 32], None, at(1)), Sighting::Again);
        assert_eq!(replays.see([3; 32], None, at(600)), Sighting::New);
    }

    #[test]
    fn no_device_takes_the_room_of_the_others() {
        let replays = Replays::new(1_000_000);
        let [one, other] = [1, 2].map(|random| DeviceId::new(0, [random; 10]));
        let id = |number: u32| anggota::protocol::sha256(&number.to_be_bytes());
        assert!((0..MAX_OF_DEVICE).all(|number| replays.see(id(number), Some(&one), at(0)) == Sighting::New));
        assert_eq!(replays.see(id(MAX_OF_DEVICE), Some(&one), at(0)), Sighting::Full);
        assert_eq!(replays.see(id(MAX_OF_DEVICE), Some(&other), at(0)), Sighting::New);
        assert_eq!(replays.see([1; 32], Some(&one), at(600)), Sighting::New);
    }
}
