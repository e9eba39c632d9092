//! The last few entries of an account that an officer might still find to be wrong. Never gives the same
//! entry twice, so an entry is reversed at most once.

use std::collections::VecDeque;

use crate::random::Random;

const KEPT: usize = 8;

/// Entries with their `seq`, oldest first.
pub(crate) struct Recent<T>(VecDeque<(u64, T)>);

impl<T: Copy> Recent<T> {
    pub(crate) fn new() -> Self {
        Self(VecDeque::with_capacity(KEPT))
    }

    pub(crate) fn push(&mut self, seq: u64, entry: T) {
        if self.0.len() == KEPT {
            self.0.pop_front();
        }
        self.0.push_back((seq, entry));
    }

    /// One of those that may be reversed now, taken out for good.
    pub(crate) fn take(&mut self, random: &mut Random, may: impl Fn(T) -> bool) -> Option<(u64, T)> {
        let from = random.below(self.0.len() as u64) as usize;
        let found = (from..self.0.len()).chain(0..from).find(|&i| may(self.0[i].1))?;
        self.0.remove(found)
    }
}
