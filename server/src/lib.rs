//! The cooperative's server: its books, its keys, and what its members' phones are told.

mod access;
pub mod activation;
mod address;
pub mod books;
mod changes;
pub mod checkpoints;
pub mod cooperative;
pub mod database;
pub mod devices;
mod enrolment;
mod guesses;
pub mod import;
pub mod keys;
mod listener;
pub mod members;
mod operations;
mod problem;
mod public;
mod pull;
pub mod refusal;
mod replay;
pub mod requests;
mod results;
pub mod routes;
pub mod serve;
mod service;
mod token;
