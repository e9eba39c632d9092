//! A cooperative changes the key that signs its books: phones follow by the word of the key they pinned, and by no other.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use anggota::protocol::frame::Frame;
use anggota_tests::Phone;
use anggota_tests::middleman::Act;
use anggota_tests::stream::{frames, packed};
use anggota_tests::village::{COOPERATIVE, MEMBER, Village, first_account, mirror, warnings};
use serde_json::Value;

fn rotate(village: &Village) -> u64 {
    village.office.json(&["key", "rotate", "--officer", "Ketua"])["kid"].as_u64().unwrap()
}

/// The numbers of the keys that a phone believes.
fn pinned(phone: &Phone) -> Vec<u8> {
    let store = phone.open_store(COOPERATIVE, MEMBER);
    let mut select = store.prepare("SELECT kid FROM checkpoint_key ORDER BY kid").unwrap();
    let kids = select.query_map([], |row| row.get(0)).unwrap();
    kids.map(Result::unwrap).collect()
}

#[track_caller]
fn assert_follows(phone: &Phone, kid: u64) {
    assert_eq!(phone.sync()["complete"], true);
    assert_eq!(phone.verify()["ok"], true);
    assert_eq!(pinned(phone), [kid as u8], "the key before has no more to say");
    assert_eq!(warnings(phone), []);
}

#[test]
fn phones_follow_a_new_key_while_the_server_runs_also_over_two_changes() {
    let village = Village::synced("rotated", 600, 3, 2);
    let (late, account) = (village.another_phone("late"), first_account(&village.phone));
    late.sync();
    let paper = village.office.activate(MEMBER);
    assert_eq!(pinned(&village.phone), [3]);

    let first = rotate(&village);
    assert_follows(&village.phone, first);
    village.deposit(&account, "1000");
    let second = rotate(&village);
    assert_ne!(first, second);
    assert_follows(&village.phone, second);
    // One that missed both, one with a paper from before, and one with a new paper.
    assert_follows(&late, second);
    let old_paper = Phone::new(&village.scratch, "old-paper");
    old_paper.enrol(&village.middle.of(COOPERATIVE), MEMBER, &paper);
    assert_follows(&old_paper, second);
    assert_ne!(village.office.activate(MEMBER).server_key, paper.server_key);
    assert_follows(&village.another_phone("new-paper"), second);

    // Restarted, the server goes on with the newest.
    let village = village.while_stopped(|_| {});
    village.deposit(&account, "2000");
    assert_follows(&village.phone, second);
}

#[test]
fn a_key_may_be_changed_more_often_than_a_phone_follows() {
    let village = Village::synced("often", 300, 2, 1);
    let late = village.another_phone("late");
    late.sync();
    for _ in 0..18 {
        let kid = rotate(&village);
        assert_follows(&village.phone, kid);
    }
    assert_follows(&village.another_phone("new"), 21);
    // One that missed them all no longer follows, and enrols again.
    let refused = late.script(&["sync"]);
    assert_eq!((refused.status, refused.code().as_str()), (1, "not-verified"));
    village.enrol(&late, MEMBER);
    assert_follows(&late, 21);
}

#[test]
fn a_key_that_was_given_up_is_believed_by_nothing_that_is_kept() {
    let village = Village::synced("given-up", 300, 2, 1);
    let spare = village.phone.store(COOPERATIVE, MEMBER).with_file_name("profile.db");
    assert!(spare.exists(), "it believes the first key");
    rotate(&village);
    assert_eq!(village.phone.sync()["complete"], true);
    assert!(!spare.exists(), "it goes with the key");
    village.phone.balance();
    assert!(spare.exists(), "and is made anew");
}

#[test]
fn without_the_word_of_the_pinned_key_nothing_of_a_new_one_is_believed() {
    let village = Village::synced("seized", 600, 3, 2);
    village.deposit(&first_account(&village.phone), "1000");
    rotate(&village);
    village.middle.rule_for("pull", |request, upstream| {
        let reply = upstream.send(request).unwrap();
        let kept: Vec<_> = frames(&reply).into_iter().filter(|frame| !matches!(frame, Frame::Succession(_))).collect();
        Act::Reply(reply.with_body(packed(&kept)))
    });
    let before = mirror(&village.phone);
    let refused = village.phone.script(&["sync"]);
    assert_eq!((refused.status, refused.code().as_str()), (1, "not-verified"));
    assert_eq!((mirror(&village.phone), pinned(&village.phone)), (before, vec![3]));
    village.middle.pass();
    assert_eq!(village.phone.sync()["entries_received"], 1);
}

#[test]
fn a_change_that_broke_off_before_the_database_knew_goes_on_with_the_same_key() {
    let village = Village::synced("broken-off", 600, 3, 2);
    let backup = village.back_up("before");
    let rotated = village.office.json(&["key", "rotate"]);
    village.phone.sync();
    // The database does not know of it, as after a crash or a restore; the file is there.
    let village = village.restore(&backup);
    village.office.new_epoch("server rusak, dipulihkan dari cadangan");
    // The new epoch took the key that phones have seen, under its number; it would be refused by the one before.
    assert_follows(&village.phone, 4);
    let server_key = |of: &Value| of["server_key"].as_str().unwrap().to_owned();
    assert_eq!(village.office.activate(MEMBER).server_key, server_key(&rotated), "the same key");
    assert_eq!(rotate(&village), 5, "and the next is the next");
    assert_follows(&village.phone, 5);
}
