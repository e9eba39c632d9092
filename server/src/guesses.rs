//! How often a code was tried for each member number, whether or not there is such a member: what a stranger is answered
//! is decided by this alone, so that no answer says which numbers exist. In memory and bounded.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use anggota::domain::{CooperativeId, MemberNo, Timestamp};
use anggota::protocol::{Hash, sha256};

use crate::activation::Tries;

/// Numbers remembered in each half; when one is full the older half is forgotten.
const MAX_NUMBERS: usize = 20_000;

/// How often each number was tried.
#[derive(Debug, Default)]
pub(crate) struct Guesses(Mutex<Halves>);

#[derive(Debug, Default)]
struct Halves {
    newer: HashMap<Hash, Tries>,
    older: HashMap<Hash, Tries>,
}

impl Guesses {
    /// Counts one more try, unless the number is locked: false then.
    pub(crate) fn try_once(&self, cooperative: &CooperativeId, member: &MemberNo, now: Timestamp) -> bool {
        let key = key(cooperative, member);
        // The maps are whole between any two statements, also if another thread panicked.
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if halves.newer.len() >= MAX_NUMBERS {
            halves.older = std::mem::take(&mut halves.newer);
        }
        let before = halves.newer.get(&key).or_else(|| halves.older.get(&key)).copied().unwrap_or_default();
        let next = before.one_more(now);
        halves.newer.insert(key, next.unwrap_or(before));
        next.is_some()
    }

    /// Forgets a number: its code came.
    pub(crate) fn forget(&self, cooperative: &CooperativeId, member: &MemberNo) {
        let key = key(cooperative, member);
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        halves.newer.remove(&key);
        halves.older.remove(&key);
    }
}

fn key(cooperative: &CooperativeId, member: &MemberNo) -> Hash {
    sha256(format!("{cooperative}/{member}").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(1_700_000_000 + seconds).unwrap()
    }

    #[test]
    fn a_number_may_be_tried_five_times_and_then_once_in_ten_minutes() {
        let guesses = Guesses::default();
        let cooperative = CooperativeId::new("handayani").unwrap();
        let [one, other] = ["1", "2"].map(|no| MemberNo::new(no).unwrap());
        let tries: Vec<_> = (0..7).map(|_| guesses.try_once(&cooperative, &one, at(0))).collect();
        assert_eq!(tries, [true, true, true, true, true, false, false]);
        assert!(guesses.try_once(&cooperative, &other, at(0)));
        let later: Vec<_> =
            [599, 600, 601, 1_199, 1_200].map(|second| guesses.try_once(&cooperative, &one, at(second))).into();
        assert_eq!(later, [false, true, false, false, true]);
        guesses.forget(&cooperative, &one);
        assert!((0..5).all(|_| guesses.try_once(&cooperative, &one, at(1_201))));
    }

    #[test]
    fn memory_is_bounded_and_the_latest_numbers_are_kept() {
        let guesses = Guesses::default();
        let cooperative = CooperativeId::new("handayani").unwrap();
        let last = MemberNo::new("last").unwrap();
        for _ in 0..5 {
            guesses.try_once(&cooperative, &last, at(0));
        }
        for number in 0..MAX_NUMBERS {
            guesses.try_once(&cooperative, &MemberNo::new(&number.to_string()).unwrap(), at(0));
        }
        assert!(!guesses.try_once(&cooperative, &last, at(0)));
        let halves = guesses.0.lock().unwrap();
        assert!(halves.newer.len() <= MAX_NUMBERS && halves.older.len() <= MAX_NUMBERS);
    }
}
