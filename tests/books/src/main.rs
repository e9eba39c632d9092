//! Generates books from the command line: `anggota-books --seed 1 --entries 100000 --accounts 4 --loans 3 OUT`.

use std::path::PathBuf;
use std::process::ExitCode;

use anggota_books::{Options, generate};
use clap::Parser;

/// Generated books of a made-up cooperative.
#[derive(Parser)]
struct Arguments {
    /// Decides everything the other options leave open.
    #[arg(long)]
    seed: u64,
    /// Savings and loan entries together, exactly.
    #[arg(long)]
    entries: u64,
    /// Savings accounts.
    #[arg(long)]
    accounts: u32,
    /// Loans.
    #[arg(long)]
    loans: u32,
    /// Members that may have accounts; left out, one for up to 8 accounts, else one for every 1 to 4.
    #[arg(long)]
    members: Option<u32>,
    /// The cooperative's id.
    #[arg(long, default_value = "contoh")]
    id: String,
    /// The cooperative's name.
    #[arg(long, default_value = "KSP Contoh Sejahtera")]
    name: String,
    /// The folder to write.
    out: PathBuf,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let options = Options {
        seed: arguments.seed,
        entries: arguments.entries,
        accounts: arguments.accounts,
        loans: arguments.loans,
        members: arguments.members,
        cooperative_id: arguments.id,
        cooperative_name: arguments.name,
    };
    match generate(&options, &arguments.out) {
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
