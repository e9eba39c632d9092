//! Importing books: what is kept, what is refused and where, what a second import may change, and what a crash or a
//! reader in the middle sees.

#![allow(clippy::unwrap_used, reason = "a test stops where its own set-up fails")]

mod again;
mod good;
mod office;
mod passbook;
mod refusal;
mod refused;
mod whole;
