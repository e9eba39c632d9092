//! What whole-system tests are made of: an office that runs `anggota-server`, phones that run `anggota`, books to import.
//!
//! Both programs are run as people run them, by their command lines, and judged by what they print and how they end. Nothing
//! here knows a rule of the product: a test that needs one must not learn it from the code it tests.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a set-up that fails is the test's failure")]

mod books;
pub mod canary;
pub mod evidence;
mod federation;
pub mod middleman;
mod node;
mod office;
mod passbook;
mod phone;
mod process;
mod proxy;
mod python;
mod scratch;
pub mod simulation;
pub mod stand;
mod stopwatch;
pub mod stream;
pub mod village;

pub use books::{first_half, generate, generated, members, pkdd99};
pub use federation::Federation;
pub use node::node_modules;
pub use office::{Activation, Office, Serving};
pub use passbook::{Line, Passbook, lines_of, passbooks};
pub use phone::Phone;
pub use process::{Output, PATIENCE, Process, program, run};
pub use proxy::Proxy;
pub use python::{interop_script, python};
pub use scratch::Scratch;
pub use stopwatch::Stopwatch;

/// Says why a test shows nothing here. Not by `println!`: what a test that passes prints is kept from whoever runs it.
pub fn skipped(why: &str) {
    use std::io::Write;
    let _told = writeln!(std::io::stderr(), "skipped: {why}");
}

pub use anggota_books::{LAST_DAY, Options as BooksOptions, Random, Summary as BooksSummary};
