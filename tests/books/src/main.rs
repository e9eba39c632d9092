//! Generates books from the command line: `anggota-books --seed 1 --entries 100000 --accounts 4 --loans 3 OUT`.

use std::process::ExitCode;

use anggota_books::{Arguments, generate};
use clap::Parser;

/// Generated books of a made-up cooperative.
#[derive(Parser)]
struct Program {
    #[command(flatten)]
    arguments: Arguments,
}

fn main() -> ExitCode {
    let arguments = Program::parse().arguments;
    match generate(&arguments.options(), &arguments.out) {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
