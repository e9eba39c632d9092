//! Kills the phone, the server and the office's commands at every named point and at random moments, hundreds of times, and
//! looks each time whether everything is still there, once. Run by `cargo xtask torture`.
//!
//! One program in three roles: it drives (`run`), and it is the phone and the server that are killed (`phone`, `server`): the
//! core's client, and the whole of `anggota-server`, with points in them that no shipped program has.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a set-up that fails is the run's failure")]

mod check;
mod child;
mod old_store;
mod phone;
mod points;
mod report;
mod run;
mod scenario;
mod trace;
mod world;

use std::process::ExitCode;

use clap::Parser;

#[derive(Parser)]
#[command(name = "anggota-torture")]
enum Role {
    /// Kill again and again, and check after each time
    Run(run::Options),
    /// Be the phone
    #[command(hide = true, subcommand)]
    Phone(phone::Role),
}

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|role| role == "server") {
        return anggota_server::program::run(arguments.into_iter().skip(1));
    }
    if !anggota::failpoint::ENABLED {
        eprintln!("anggota-torture: this build has no points in it; call `cargo xtask torture`");
        return ExitCode::FAILURE;
    }
    match Role::parse() {
        Role::Run(options) => run::run(&options),
        Role::Phone(role) => phone::run(role),
    }
}
