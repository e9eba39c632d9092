//! The cooperative's server: its books, its keys, and what its members' phones are told.

pub mod books;
pub mod checkpoints;
pub mod cooperative;
pub mod database;
pub mod import;
pub mod keys;
