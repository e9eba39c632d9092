//! `ANGGOTA_LOG`: what our own code notes while it works, on stderr, for whoever looks for a fault.
//!
//! Dependencies stay silent: what they write down was never checked for secrets.

use std::io::{self, IsTerminal};

use anggota::protocol::problem::Code;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;

use crate::refusal::Refusal;

/// The variable with the level: off, error, warn, info, debug or trace.
const VARIABLE: &str = "ANGGOTA_LOG";
/// Our crates' targets, as modules or alone; everything else is off.
const OURS: [&str; 2] = ["anggota", "anggota_server"];

/// Starts to note, if the variable says so.
pub(super) fn start() -> Result<(), Refusal> {
    let Some(word) = std::env::var_os(VARIABLE).filter(|word| !word.is_empty()) else { return Ok(()) };
    let level: Option<LevelFilter> = word.to_str().and_then(|word| word.parse().ok());
    let level = level.ok_or_else(|| {
        Refusal::because(
            Code::Usage,
            "ANGGOTA_LOG tidak dikenal; isi dengan off, error, warn, info, debug, atau trace.",
        )
    })?;
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(io::stderr().is_terminal());
    let ours = Targets::new().with_targets(OURS.map(|target| (target, level)));
    // A second start in one process, as in tests, keeps the first.
    let _already = tracing_subscriber::registry().with(lines.with_filter(ours)).try_init();
    Ok(())
}
