//! The cooperative's server: its books, its keys, and what its members' phones are told.

mod access;
pub mod activation;
mod address;
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
pub mod members;
mod operations;
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
