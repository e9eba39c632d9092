//! The options as a command line: `--seed 1 --entries 100000 --accounts 4 --loans 3 OUT`.

use std::path::PathBuf;

use crate::Options;

/// Generated books of a made-up cooperative.
#[derive(Debug, clap::Args)]
pub struct Arguments {
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
    pub out: PathBuf,
}

impl Arguments {
    /// What is to be generated.
    pub fn options(&self) -> Options {
        Options {
            seed: self.seed,
            entries: self.entries,
            accounts: self.accounts,
            loans: self.loans,
            members: self.members,
            cooperative_id: self.id.clone(),
            cooperative_name: self.name.clone(),
        }
    }
}
