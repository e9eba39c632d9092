//! Wrong activation codes for member numbers that have none: counted like those of members who have one, so that an answer
//! does not say which numbers exist. In memory and bounded.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use anggota::domain::{CooperativeId, MemberNo};
use anggota::protocol::{Hash, sha256};

use crate::activation::MAX_ATTEMPTS;

/// Numbers remembered in each half; when one is full the older half is forgotten.
const MAX_NUMBERS: usize = 20_000;

/// How often each number was tried.
#[derive(Debug, Default)]
pub(crate) struct Guesses(Mutex<Halves>);

#[derive(Debug, Default)]
struct Halves {
    newer: HashMap<Hash, u32>,
    older: HashMap<Hash, u32>,
}

impl Guesses {
    /// Counts one more try; whether it may still be answered like a first one.
    pub(crate) fn try_once(&self, cooperative: &CooperativeId, member: &MemberNo) -> bool {
        let key = sha256(format!("{cooperative}/{member}").as_bytes());
        // The maps are whole between any two statements, also if another thread panicked.
        let mut halves = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if halves.newer.len() >= MAX_NUMBERS {
            halves.older = std::mem::take(&mut halves.newer);
        }
        let before = halves.newer.get(&key).or_else(|| halves.older.get(&key)).copied().unwrap_or(0);
        halves.newer.insert(key, before.saturating_add(1).min(MAX_ATTEMPTS + 1));
        before < MAX_ATTEMPTS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_may_be_tried_five_times() {
        let guesses = Guesses::default();
        let cooperative = CooperativeId::new("handayani").unwrap();
        let [one, other] = ["1", "2"].map(|no| MemberNo::new(no).unwrap());
        let tries: Vec<_> = (0..7).map(|_| guesses.try_once(&cooperative, &one)).collect();
        assert_eq!(tries, [true, true, true, true, true, false, false]);
        assert!(guesses.try_once(&cooperative, &other));
    }

    #[test]
    fn memory_is_bounded_and_the_latest_numbers_are_kept() {
        let guesses = Guesses::default();
        let cooperative = CooperativeId::new("handayani").unwrap();
        let last = MemberNo::new("last").unwrap();
        for _ in 0..5 {
            guesses.try_once(&cooperative, &last);
        }
        for number in 0..MAX_NUMBERS {
            guesses.try_once(&cooperative, &MemberNo::new(&number.to_string()).unwrap());
        }
        assert!(!guesses.try_once(&cooperative, &last));
        let halves = guesses.0.lock().unwrap();
        assert!(halves.newer.len() <= MAX_NUMBERS && halves.older.len() <= MAX_NUMBERS);
    }
}
