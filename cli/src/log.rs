//! `ANGGOTA_LOG`: what our own code notes while it works, on stderr, for whoever looks for a fault.
//!
//! Dependencies stay silent: what they write down was never checked for secrets.

use std::io::{self, IsTerminal};

use anggota::protocol::problem::Code;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;

use crate::failure::Failure;

/// The variable with the level: off, error, warn, info, debug or trace.
const VARIABLE: &str = "ANGGOTA_LOG";
/// Our crates' targets, as modules or alone; everything else is off.
const OURS: [&str; 2] = ["anggota", "anggota_server"];

/// Starts to note, if the variable says so.
pub(crate) fn start() -> Result<(), Failure> {
    let level = match std::env::var(VARIABLE) {
        Err(std::env::VarError::NotPresent) => return Ok(()),
        Ok(word) if word.is_empty() => return Ok(()),
        Ok(word) => word.parse::<LevelFilter>().ok(),
        Err(std::env::VarError::NotUnicode(_)) => None,
    };
    let Some(level) = level else {
        let sentence = "ANGGOTA_LOG tidak dikenal; isi dengan off, error, warn, info, debug, atau trace.";
        return Err(Failure::saying(Code::Usage, sentence));
    };
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    let ours = Targets::new().with_targets(OURS.map(|target| (target, level)));
    tracing_subscriber::registry().with(lines.with_filter(ours)).init();
    Ok(())
}
