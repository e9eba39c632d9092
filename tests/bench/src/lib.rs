//! What `cargo xtask bench` runs: what a sync costs a phone, beside a floor that does none of it; phone and server are
//! processes of their own, interleaved, and a figure is the median of several rounds. Says nothing of absolute speed: the
//! machine decides.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a set-up that fails is the end of the measurement")]

mod chart;
mod device;
mod floor;
mod growth;
mod guard;
mod page;
mod peer;
mod phone;
mod powersync;
mod probe;
mod report;
mod server;
mod sync;
mod world;

use clap::Parser;

pub use phone::run as run_as_phone;
pub use powersync::run as run_as_peer;

#[derive(Parser)]
#[command(name = "cargo xtask bench")]
enum Task {
    /// A first sync, a delta and an opening, beside their floors
    Run(sync::Options),
    /// First pulls of many members at once, and pulls that bring nothing
    Server(server::Options),
    /// How everything grows with a member's entries
    Growth(growth::Options),
    /// A first sync, its floor and another library's first sync of the same rows
    Peer(peer::Options),
    /// Measure everything and write docs/performance.md
    Write(page::Options),
    /// Count instructions, and hold them to their bounds
    Guard(guard::Options),
}

/// Does what the command line says.
pub fn run() -> std::process::ExitCode {
    let mut kept = true;
    match Task::parse() {
        Task::Run(options) => sync::run(&options),
        Task::Server(options) => server::run(&options),
        Task::Growth(options) => growth::run(&options),
        Task::Peer(options) => peer::run(&options),
        Task::Write(options) => page::run(&options),
        Task::Guard(options) => kept = guard::run(&options),
    }
    if kept { std::process::ExitCode::SUCCESS } else { std::process::ExitCode::FAILURE }
}
