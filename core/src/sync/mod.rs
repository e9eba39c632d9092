//! The sync machine: frames of a pull go in, what to store comes out. It decides what is proven.
//!
//! Pure: no I/O, no clock, no randomness, no SQL, no HTTP.

mod account;
mod pull;

pub use account::{Account, PageFault, Span};
pub(crate) use pull::register_hash;
pub use pull::{Fault, Held, HeldAccount, HeldCheckpoint, Pull, Ready, Refused, Standing, Step};

#[cfg(test)]
mod tests;
