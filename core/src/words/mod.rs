//! What a member reads and hears: numbers in words, amounts, days and ages, screens and advice, in Indonesian, Javanese
//! (krama) and English, so that every shell says the same.
//!
//! Pure: what is known and the moment come in, text comes out. It decides nothing about money, never does I/O, and
//! holds no sentence of its own: every word is a message in `core/locales/LANGUAGE/*.ftl` (Project Fluent), which a
//! translator edits without reading Rust. Only how number words follow each other is code, in the module `number`.

mod advice;
mod language;
mod messages;
mod money;
mod number;
mod paper;
mod reader;
pub mod screen;
#[cfg(test)]
mod tests;
mod time;

pub use advice::{advice, reason, refusal};
pub use language::{Language, Level};
pub use money::{amount_in_words, terbilang};
pub use number::number;
pub use paper::{nik_fault, nik_said, qris_fault, qris_said};
pub use reader::{Reader, Wording};
