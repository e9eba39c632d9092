//! Which entries a phone lacks: the gaps between what it says it holds and the head.
//!
//! Pure. Never trusts a range further than its numbers: whether the phone's hashes are the ledger's is for the phone to
//! find, from the start hash of the page that reaches the range.

use std::ops::RangeInclusive;

use anggota::protocol::frame::NEWEST;
use anggota::protocol::pull::Range;

/// A run of seqs, ascending, never empty.
pub(crate) type Gap = RangeInclusive<u32>;

/// The gaps of an account whose last entry is `head`, the newest first. Ranges that reach beyond the head are of another
/// ledger than this one and count as not held.
pub(crate) fn gaps(head: u32, ranges: &[Range]) -> Vec<Gap> {
    let mut held: Vec<(u32, u32)> =
        ranges.iter().filter(|range| range.high <= head).map(|range| (range.high, range.low)).collect();
    held.sort_unstable_by(|a, b| b.cmp(a));
    let mut gaps = Vec::new();
    let mut top = head;
    for (high, low) in held {
        if high < top {
            gaps.push(high + 1..=top);
        }
        top = top.min(low - 1);
    }
    if top > 0 {
        gaps.push(1..=top);
    }
    gaps
}

/// Cuts the first round's share off the gaps: what is missing of the account's newest [`NEWEST`] entries, in one run that
/// ends at the head. `None` when the phone holds the head.
pub(crate) fn take_newest(head: u32, gaps: &mut Vec<Gap>) -> Option<Gap> {
    let first = gaps.first_mut().filter(|gap| *gap.end() == head)?;
    let (low, cut) = (*first.start(), head.saturating_sub(NEWEST - 1).max(1));
    if low >= cut {
        return Some(gaps.remove(0));
    }
    *first = low..=cut - 1;
    Some(cut..=head)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn range(low: u32, high: u32) -> Range {
        Range { low, before: [0; 32], high, after: [0; 32] }
    }

    #[test]
    fn a_phone_without_anything_lacks_everything() {
        assert_eq!(gaps(7, &[]), [1..=7]);
        assert_eq!(gaps(0, &[]), [] as [Gap; 0]);
    }

    #[test]
    fn what_lies_beyond_the_head_is_not_held() {
        assert_eq!(gaps(7, &[range(1, 8)]), [1..=7]);
        assert_eq!(gaps(0, &[range(1, 1)]), [] as [Gap; 0]);
    }

    #[test]
    fn the_first_round_takes_what_is_missing_at_the_head_only() {
        let mut all = gaps(200, &[]);
        assert_eq!(take_newest(200, &mut all), Some(151..=200));
        assert_eq!(all, [1..=150]);
        let mut few = gaps(200, &[range(100, 180)]);
        assert_eq!(take_newest(200, &mut few), Some(181..=200));
        assert_eq!(few, [1..=99]);
        let mut none = gaps(200, &[range(190, 200)]);
        assert_eq!(take_newest(200, &mut none), None);
        assert_eq!(none, [1..=189]);
    }

    proptest! {
        #[test]
        fn gaps_and_what_is_held_are_the_whole_ledger(
            head in 0_u32..300,
            ends in proptest::collection::vec((1_u32..320, 0_u32..60), 0..8),
        ) {
            let ranges: Vec<_> = ends.iter().map(|&(low, more)| range(low, low + more)).collect();
            let mut gaps = gaps(head, &ranges);
            let newest = take_newest(head, &mut gaps);
            let missing: Vec<u32> =
                newest.clone().into_iter().chain(gaps.iter().cloned()).flat_map(|gap| gap.rev()).collect();
            prop_assert!(missing.windows(2).all(|pair| pair[0] > pair[1]), "newest first, nothing twice");
            let held = |seq: u32| ranges.iter().any(|r| r.high <= head && (r.low..=r.high).contains(&seq));
            let expected: Vec<u32> = (1..=head).rev().filter(|&seq| !held(seq)).collect();
            prop_assert_eq!(missing, expected);
            if let Some(newest) = newest {
                prop_assert_eq!(*newest.end(), head);
                prop_assert!(newest.count() <= NEWEST as usize);
            }
        }
    }
}
