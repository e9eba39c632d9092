//! What was shown before is not accepted again, and a scanner may read twice.

use std::convert::Infallible;

use super::*;

/// Scans one text again and again with one memory.
fn scan(world: &World, memory: &mut InMemory, text: &str, now: i64) -> Outcome {
    let trust = world.trust();
    let statuses = world.statuses(&trust, Status::Valid, NOW);
    Verifier { trust: &trust, statuses: &statuses }.verify(text, Expected::Show, now, memory).unwrap().outcome
}

#[test]
fn the_same_text_is_answered_alike_for_5_seconds_and_then_is_a_replay() {
    let world = World::new();
    let memory = &mut InMemory::default();
    let text = world.text();
    assert_eq!(scan(&world, memory, &text, NOW), Outcome::Green);
    assert_eq!(scan(&world, memory, &text, NOW + 5), Outcome::Green);
    assert_eq!(scan(&world, memory, &text, NOW + 6), Outcome::Red(Reason::Replayed));
    assert_eq!(scan(&world, memory, &text, NOW + 100), Outcome::Red(Reason::Replayed));
    let next = world.card().show(NOW + 30, [9; 8], &world.holder).unwrap();
    assert_eq!(scan(&world, memory, &next, NOW + 31), Outcome::Green);
}

#[test]
fn the_second_reading_repeats_the_verdict_even_if_the_time_runs_out_between() {
    let world = World::new();
    let memory = &mut InMemory::default();
    let text = world.text();
    assert_eq!(scan(&world, memory, &text, NOW + 118), Outcome::Green);
    assert_eq!(scan(&world, memory, &text, NOW + 122), Outcome::Green);
    assert_eq!(scan(&world, memory, &text, NOW + 124), Outcome::Red(Reason::BadTime));
}

#[test]
fn a_copy_with_the_other_valid_signature_is_the_same_replay() {
    let world = World::new();
    let memory = &mut InMemory::default();
    let text = world.text();
    let copy = as_text(&malleate(&as_bytes(&text)));
    assert_ne!(text, copy);
    assert_eq!(scan(&world, &mut InMemory::default(), &copy, NOW), Outcome::Green, "the copy does verify");
    assert_eq!(scan(&world, memory, &text, NOW), Outcome::Green);
    assert_eq!(scan(&world, memory, &copy, NOW + 1), Outcome::Red(Reason::Replayed));
}

#[test]
fn a_card_refused_before_the_replay_check_is_not_remembered() {
    let world = World::new();
    let memory = &mut InMemory::default();
    assert_eq!(scan(&world, memory, &world.text(), NOW - 61), Outcome::Red(Reason::BadTime));
    assert_eq!(scan(&world, memory, &world.text(), NOW), Outcome::Green);
}

#[test]
fn the_memory_forgets_after_10_minutes() {
    let (memory, key) = (&mut InMemory::default(), ReplayKey([1; 32]));
    let sighting = Sighting { at: NOW, text: [2; 32] };
    memory.remember(key, sighting).unwrap();
    assert_eq!(memory.find(&key, NOW + 600), Ok(Some(sighting)));
    assert_eq!(memory.find(&ReplayKey([3; 32]), NOW), Ok(None));
    assert_eq!(memory.find(&key, NOW + 601), Ok(None));
}

#[test]
fn a_memory_that_fails_gives_no_verdict() {
    struct Broken;
    impl ReplayMemory for Broken {
        type Error = &'static str;
        fn find(&mut self, _: &ReplayKey, _: i64) -> Result<Option<Sighting>, &'static str> {
            Ok(None)
        }
        fn remember(&mut self, _: ReplayKey, _: Sighting) -> Result<(), &'static str> {
            Err("full")
        }
    }
    let world = World::new();
    let (trust, statuses) = (world.trust(), StatusLists::default());
    let verifier = Verifier { trust: &trust, statuses: &statuses };
    assert_eq!(verifier.verify(&world.text(), Expected::Show, NOW, &mut Broken), Err("full"));
}

#[test]
fn the_memory_without_memory_never_fails() {
    let found: Result<Option<Sighting>, Infallible> = NoMemory.find(&ReplayKey([0; 32]), NOW);
    assert_eq!(found, Ok(None));
}
