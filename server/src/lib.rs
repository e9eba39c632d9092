//! The cooperative's server: its books, its keys, and what its members' phones are told.

// What is shipped never ends by a panic of its own; a constant that is out of range does not compile.
#![cfg_attr(not(test), warn(clippy::expect_used, clippy::panic, clippy::unreachable))]

mod access;
pub mod activation;
mod address;
pub mod attachments;
mod bodies;
pub mod books;
pub mod cards;
mod changes;
pub mod checkpoints;
pub mod cooperative;
pub mod database;
pub mod devices;
mod enrolment;
pub mod epochs;
pub mod federation;
mod files;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod guesses;
pub mod import;
mod json;
pub mod keys;
mod listener;
mod loan_products;
pub mod members;
mod operations;
mod places;
mod problem;
pub mod program;
mod public;
mod pull;
pub mod refusal;
mod replay;
pub mod requests;
mod results;
pub mod routes;
pub mod serve;
mod service;
mod status_lists;
mod token;
