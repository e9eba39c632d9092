//! Every command that the continuous integration runs: `cargo xtask <command>`.
//!
//! Nothing here is shipped and nothing here is a rule of the product: it checks, generates and measures.

mod bench;
mod bindings;
mod cache;
mod checkout;
mod command;
mod deny;
mod fuzz;
mod interop;
mod kotlin;
mod layers;
mod machine;
mod names;
mod npm;
mod pictures;
mod python;
mod reference;
mod size;
mod stage;
mod stand;
mod swift;
mod thirdparty;
mod torture;

use std::process::ExitCode;

use clap::{Parser, Subcommand, builder::PossibleValuesParser};

use checkout::Checkout;

/// What a task gives back: its failure is one sentence that says what to do.
type Outcome<T = ()> = Result<T, String>;

/// The project's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every check, in order, up to the first that fails
    Test {
        /// Run this stage alone; may be given more than once
        #[arg(long = "only", value_name = "STAGE", value_parser = PossibleValuesParser::new(stage::names()))]
        only: Vec<String>,
    },
    /// Write generated books: all kinds of entries, varied text, the same bytes for the same seed
    Books(anggota_books::Arguments),
    /// Kill phone, server and import at every named point and at random moments, and check after each time
    Torture(torture::Options),
    /// Write the Kotlin and Swift of the bindings where each build expects them
    Bindings,
    /// Measure what something costs
    Bench(bench::Bench),
    /// Measure the library as phones get it, and fail when it is too large
    Size {
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Try to break everything that reads foreign bytes
    Fuzz(fuzz::Options),
    /// Draw the README's pictures anew: what the programs print, as SVG
    Pictures,
    /// Run the test stand, for a test suite started by hand with the ANGGOTA_STAND that it prints
    Stand,
    /// Check the licences, sources and banned crates of everything the project stands on
    Deny {
        /// Check for known vulnerabilities instead; fetches the advisory database
        #[arg(long)]
        advisories: bool,
    },
    /// Write THIRD-PARTY.md: the notices that travel with the programs
    Thirdparty {
        /// Write nothing; fail if the file is not what would be written
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let task = Arguments::parse().task;
    let done = Checkout::open().and_then(|checkout| match task {
        Task::Test { only } => stage::run(&checkout, &only),
        Task::Books(arguments) => books(&arguments),
        Task::Torture(options) => torture::run(&checkout, &options),
        Task::Bindings => bindings::generate(&checkout).map(drop),
        Task::Bench(bench) => bench::run(&checkout, &bench),
        Task::Size { json } => size::run(&checkout, json),
        Task::Fuzz(options) => fuzz::run(&checkout, &options),
        Task::Pictures => pictures::write(&checkout),
        Task::Stand => stand::Stand::start(&checkout)?.attend(),
        Task::Deny { advisories: false } => deny::check(&checkout),
        Task::Deny { advisories: true } => deny::advisories(&checkout),
        Task::Thirdparty { check: false } => thirdparty::write(&checkout),
        Task::Thirdparty { check: true } => thirdparty::check(&checkout),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("xtask: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn books(arguments: &anggota_books::Arguments) -> Outcome {
    let summary = anggota_books::generate(&arguments.options(), &arguments.out).map_err(|fault| fault.to_string())?;
    println!("{summary}");
    Ok(())
}
