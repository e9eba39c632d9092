//! Stories that nobody thought of: phones, server and road do what chance says, and in the end the phones show what the
//! office has, every request is there exactly once, and nothing waits.
//!
//! `ANGGOTA_STORIES` is how many are told (20), `ANGGOTA_SEED` which. One that ends badly is made as short as it can be.
//! The order of threads is the machine's own, so the same seed may end otherwise a second time.

#![allow(clippy::unwrap_used, missing_docs)]

use anggota_tests::simulation::{Fault, PHONES, Step, Verdict, Village};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

const STORIES: u32 = 20;
const SEED: u64 = 1;
/// Steps of one story.
const LONGEST: usize = 40;
/// A photograph of three parts.
const LARGEST: u32 = 170_000;
/// A week.
const LONG: u32 = 7 * 24 * 3_600;

/// Found by chance: the phone's clock was wrong when the answer got lost, and right again with the next pull. The request
/// would have waited for the year that the clock had been ahead.
#[test]
fn a_clock_that_was_wrong_for_a_while_keeps_no_request_waiting() {
    let mut village = Village::new();
    let year = 365 * 24 * 3_600;
    let story = [
        Step::Skew(0, year),
        Step::Reboot(0),
        Step::Ask(0, 13, None),
        Step::Road(vec![Fault::LoseRequest]),
        Step::Sync(0),
        Step::Skew(0, 0),
    ];
    story.iter().for_each(|step| village.step(step));
    village.settle();
}

/// What chance seldom puts in this order.
#[test]
fn a_question_is_replied_to_with_a_photograph_over_a_bad_road() {
    let mut village = Village::new();
    let story = [
        Step::Ask(0, 13, Some(LARGEST)),
        Step::Road(vec![Fault::LoseReply, Fault::None, Fault::Cut(500)]),
        Step::Sync(0),
        Step::Pass(60),
        Step::Sync(0),
        Step::Decide(0, Verdict::MoreAsked),
        Step::Sync(0),
        Step::Reply(0, 0, LARGEST),
        Step::Road(vec![Fault::Double, Fault::Late, Fault::LoseReply, Fault::LoseRequest]),
        Step::Crash(0, 300),
        Step::Sync(0),
    ];
    story.iter().for_each(|step| village.step(step));
    village.settle();
    assert_eq!(village.replies(), 1);
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        3 => Just(Fault::None),
        1 => Just(Fault::LoseRequest),
        2 => Just(Fault::LoseReply),
        1 => Just(Fault::Double),
        1 => Just(Fault::Late),
        2 => (0..1_000_u16).prop_map(Fault::Cut),
        1 => Just(Fault::Busy),
    ]
}

fn photograph() -> impl Strategy<Value = Option<u32>> {
    prop::option::of(4..LARGEST)
}

fn verdict() -> impl Strategy<Value = Verdict> {
    prop_oneof![1 => Just(Verdict::Yes), 1 => Just(Verdict::No), 2 => Just(Verdict::MoreAsked)]
}

fn step() -> impl Strategy<Value = Step> {
    let phone = || 0..PHONES;
    prop_oneof![
        3 => (phone(), 5..50_u8, photograph()).prop_map(|(phone, amount, size)| Step::Ask(phone, amount, size)),
        3 => (phone(), 0..8_usize, 4..LARGEST).prop_map(|(phone, which, size)| Step::Reply(phone, which, size)),
        2 => (phone(), 0..8_usize).prop_map(|(phone, which)| Step::Cancel(phone, which)),
        4 => phone().prop_map(Step::Sync),
        3 => (phone(), 0..400_u16).prop_map(|(phone, tenths)| Step::Interrupted(phone, tenths)),
        2 => (phone(), 0..400_u16).prop_map(|(phone, tenths)| Step::Crash(phone, tenths)),
        4 => vec(fault(), 1..8).prop_map(Step::Road),
        2 => prop_oneof![1..600_u32, 600..LONG].prop_map(Step::Pass),
        1 => (phone(), -400_000_000..400_000_000_i32).prop_map(|(phone, seconds)| Step::Skew(phone, seconds)),
        1 => phone().prop_map(Step::Reboot),
        3 => (0..8_usize).prop_map(Step::Deposit),
        3 => (0..8_usize, verdict()).prop_map(|(which, verdict)| Step::Decide(which, verdict)),
        1 => Just(Step::Restart),
        1 => Just(Step::BackUp),
        1 => Just(Step::Restore),
    ]
}

/// What seldom comes in this order by chance: a question of the office and the reply to it, on whatever road there is.
fn scene() -> impl Strategy<Value = Vec<Step>> {
    let question = (0..PHONES, 5..50_u8, photograph(), 4..LARGEST).prop_map(|(phone, amount, with, size)| {
        let decide = Step::Decide(0, Verdict::MoreAsked);
        vec![Step::Ask(phone, amount, with), Step::Sync(phone), decide, Step::Sync(phone), Step::Reply(phone, 0, size)]
    });
    prop_oneof![20 => step().prop_map(|step| vec![step]), 1 => question]
}

fn told(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} must be a number")))
}

#[test]
fn every_story_ends_with_phones_and_office_in_step() {
    let (cases, seed) = (
        told("ANGGOTA_STORIES").map_or(STORIES, |told| told.try_into().unwrap()),
        told("ANGGOTA_SEED").unwrap_or(SEED),
    );
    println!("{cases} stories, seed {seed}");
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 200, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let ended = runner.run(&vec(scene(), 1..=LONGEST), |story| {
        let mut village = Village::new();
        story.iter().flatten().for_each(|step| village.step(step));
        village.settle();
        Ok(())
    });
    if let Err(fault) = ended {
        panic!("{fault}\nto tell the same stories again: ANGGOTA_SEED={seed}");
    }
}
