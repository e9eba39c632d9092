//! tests/vectors/*.json: what somebody else's phone or server must make of the same input, and this code with them.
//!
//! Each file is built anew from its keys' recorded signatures and must come out equal, byte for byte; then it is read
//! back as a phone or a server reads it. With `ANGGOTA_WRITE_VECTORS=1` the files are written anew; keys and signatures
//! that stand in them stay, and only what is new is signed, because ECDSA takes randomness.

#![allow(clippy::unwrap_used, reason = "a test stops where its own set-up fails")]

mod access;
mod backing;
mod books;
mod file;
mod heads;
mod ledger;
mod operations;
mod pull;
mod statements;
mod uploads;

use file::hold;

#[test]
fn entries_and_their_chains_are_the_recorded_ones() {
    ledger::check(&hold("ledger", &[], ledger::build));
}

#[test]
fn heads_and_their_trees_are_the_recorded_ones() {
    heads::check(&hold("heads", &[], heads::build));
}

#[test]
fn checkpoints_and_freshness_are_read_as_recorded_and_only_so() {
    statements::check(&hold("statements", &["checkpoint", "stranger"], statements::build));
}

#[test]
fn recorded_pulls_are_believed_as_far_as_they_prove() {
    pull::check(&hold("pull", &["checkpoint", "next", "stranger"], pull::build));
}

#[test]
fn one_byte_changed_anywhere_in_a_recorded_pull_is_never_believed() {
    pull::check_flips(&hold("pull", &["checkpoint", "next", "stranger"], pull::build));
}

#[test]
fn operations_and_their_answers_are_read_as_recorded_and_only_so() {
    operations::check(&hold("operations", &["device", "stranger"], operations::build));
}

#[test]
fn uploads_and_what_is_held_are_read_as_recorded_and_only_so() {
    uploads::check(&hold("uploads", &[], uploads::build));
}

#[test]
fn enrolment_and_proofs_of_possession_are_read_as_recorded_and_only_so() {
    access::check(&hold("access", &["device", "checkpoint"], access::build));
}
