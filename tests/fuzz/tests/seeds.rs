//! Every target on what the vectors record, on every cut and every flipped byte of it, and on what was a finding once.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use anggota_fuzz::{MOST_TIME, TARGETS, Target};
use anggota_tests::Stopwatch;

/// What a byte is changed by: its lowest bit, its highest, and all of them.
const FLIPS: [u8; 3] = [0x01, 0x80, 0xff];
/// Places of a target's seeds that are cut and flipped: of more bytes every n-th.
const MOST_PLACES: usize = 1_500;

#[test]
fn no_target_panics_takes_too_long_or_too_much() {
    for target in TARGETS {
        let (seeds, regressions) = ((target.seeds)(), target.regressions());
        assert!(!seeds.is_empty(), "{}", target.name);
        let step = seeds.iter().map(Vec::len).sum::<usize>().div_ceil(MOST_PLACES).max(1);
        let mut runs = 0;
        for input in seeds.iter().chain(&regressions) {
            timed(target, input);
            for at in (0..input.len()).step_by(step) {
                timed(target, &input[..at]);
                for flip in FLIPS {
                    let mut changed = input.clone();
                    changed[at] ^= flip;
                    timed(target, &changed);
                }
                runs += 1 + FLIPS.len();
            }
        }
        println!("{}: {} seeds, {runs} changes of them", target.name, seeds.len());
    }
}

fn timed(target: &Target, input: &[u8]) {
    let watch = Stopwatch::start();
    target.check(input);
    let taken = watch.elapsed();
    assert!(taken <= MOST_TIME, "{}: {} bytes took {taken:?}", target.name, input.len());
}

#[test]
fn a_finding_is_seen() {
    let hungry = Target { name: "hungry", most_bytes: 1 << 20, run: |_| drop(vec![1_u8; 2 << 20]), seeds: Vec::new };
    assert!(std::panic::catch_unwind(|| hungry.check(b"x")).is_err());
    let modest = Target { most_bytes: 16 << 20, ..hungry };
    modest.check(b"x");
}
