//! `torture`: builds the one program that has named points in it, and lets it kill.
//! It never builds anything else with them: the feature is asked for this package alone, under a program name of its own.

use crate::Outcome;
use crate::checkout::Checkout;
use crate::command;

/// Kills in the short form: enough for three at each named point and four fifths inside.
const SHORT: u32 = 200;
/// Kills for each broken rule, of which far fewer are needed.
const SHORT_SABOTAGE: u32 = 60;

/// How long and how.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// How many kills: 200 in the continuous integration, 1,000 before a release
    #[arg(long, default_value_t = SHORT)]
    kills: u32,
    /// Decides where and when; the same seed decides the same
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Break rules on purpose instead: each must be noticed
    #[arg(long)]
    sabotage: bool,
}

/// Builds the program and runs it.
pub(crate) fn run(checkout: &Checkout, options: &Options) -> Outcome {
    let arguments = ["run", "--quiet", "--locked", "--profile", "ci", "-p", "anggota-torture", "--features", "torture"];
    let mut cargo = checkout.cargo();
    cargo.args(arguments).args(["--", "run", "--kills", &options.kills.to_string()]);
    cargo.args(["--seed", &options.seed.to_string()]).args(options.sabotage.then_some("--sabotage"));
    command::run(&mut cargo)
}

/// The short form, with a seed that stays, then the same with broken rules.
pub(crate) fn short(checkout: &Checkout) -> Outcome {
    run(checkout, &Options { kills: SHORT, seed: 1, sabotage: false })?;
    run(checkout, &Options { kills: SHORT_SABOTAGE, seed: 1, sabotage: true })
}
