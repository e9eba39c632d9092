//! Anggota: a member's savings and loans, kept on the phone and proven against the cooperative's signed ledger.
//!
//! The layers, from the bottom: [`domain`] (words and rules of a cooperative), [`cose`] (signatures), [`protocol`]
//! (what phone and server say to each other), [`sync`] (what is proven), [`views`] (what comes out)
//! and [`words`] (what a member reads and hears), then what only a phone has: keys, store,
//! transport, engine and, on top, the client. Arrows point downwards only.

// What is shipped never ends by a panic of its own; a constant that is out of range does not compile.
#![cfg_attr(not(test), warn(clippy::expect_used, clippy::panic, clippy::unreachable))]

pub mod card;
pub mod client;
pub mod clock;
pub mod cose;
pub mod domain;
mod engine;
pub mod entropy;
pub mod error;
#[doc(hidden)]
pub mod failpoint;
pub mod keys;
pub mod protocol;
mod store;
pub mod sync;
mod transport;
pub mod views;
pub mod words;
