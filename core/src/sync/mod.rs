//! The sync machine: frames of a pull go in, what to store comes out. It decides what is proven.
//!
//! Pure: no I/O, no clock, no randomness, no SQL, no HTTP.

mod account;
mod held;
mod keys;
mod pull;
mod step;

pub use account::{Account, PageFault, Span};
pub use held::{Held, HeldAccount, HeldCheckpoint, HeldShadow, Standing};
pub use pull::Pull;
pub(crate) use pull::register_hash;
pub use step::{Fault, Ready, Refused, Step, Superseded};

#[cfg(test)]
mod tests;
