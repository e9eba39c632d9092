//! `cargo xtask bench`: what things cost, measured on this machine. Figures are for people and for docs/performance.md;
//! no check stands on them. What is measured of a sync is in tests/bench; here it is built and started.

use std::ffi::OsString;
use std::path::Path;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::Outcome;
use crate::checkout::Checkout;
use crate::stand::Stand;
use crate::{bindings, command, kotlin, swift};

/// What is measured: a sync, unless something else is named.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub(crate) struct Bench {
    #[command(subcommand)]
    what: Option<What>,
    /// What the measurement of a sync takes; `--help` after `--` lists it
    #[arg(allow_hyphen_values = true, trailing_var_arg = true, value_name = "--json | --rounds N | --entries N")]
    sync: Vec<OsString>,
}

#[derive(Subcommand)]
enum What {
    /// Crossings between the shells' languages and Rust: how many, and how long
    Ffi {
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
}

/// Measures with the library in a folder, on a stand, and gives a line of JSON.
type Measure = fn(&Checkout, &Path, &Stand) -> Outcome<String>;

const LANGUAGES: &[Measure] = &[kotlin::bench, swift::bench];

/// The profile that is measured, and the programs that are.
const PROFILE: &str = "measure";
const PACKAGES: [&str; 2] = ["anggota-bench", "anggota-server"];

pub(crate) fn run(checkout: &Checkout, bench: &Bench) -> Outcome {
    match &bench.what {
        None => sync(checkout, &bench.sync),
        Some(What::Ffi { json }) => ffi(checkout, *json),
    }
}

fn sync(checkout: &Checkout, arguments: &[OsString]) -> Outcome {
    let mut build = checkout.cargo();
    build.args(["build", "--quiet", "--locked", "--bins", "--profile", PROFILE]);
    command::run(build.args(PACKAGES.iter().flat_map(|package| ["--package", package])))?;
    let program = checkout.built(PROFILE)?.join(format!("anggota-bench{}", std::env::consts::EXE_SUFFIX));
    command::run(checkout.command(program).arg("run").args(arguments))
}

fn ffi(checkout: &Checkout, as_json: bool) -> Outcome {
    let library = bindings::generate(checkout)?;
    let mut languages = Vec::new();
    for measure in LANGUAGES {
        let line = measure(checkout, &library, &Stand::start(checkout)?)?;
        let figures = serde_json::from_str(&line).map_err(|_| "a measurement must end with one line of JSON")?;
        languages.push(figures);
    }
    if as_json {
        println!("{}", json!({ "ffi": languages }));
    } else {
        print!("{}", languages.iter().map(table).collect::<String>());
    }
    Ok(())
}

/// One language's figures, for people.
fn table(figures: &Value) -> String {
    let name = figures["language"].as_str().unwrap_or_default();
    let rows = figures["micros"].as_object().into_iter().flatten().map(|(what, micros)| {
        let crossings = &figures["crossings"][what];
        format!("{name:<8}{what:<16}{:>10} us {:>4} crossings\n", micros.to_string(), crossings.to_string())
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_measured_thing_is_a_row() {
        let figures = json!({ "language": "kotlin", "crossings": { "home": 1 }, "micros": { "home": 81 } });
        assert_eq!(table(&figures), "kotlin  home                    81 us    1 crossings\n");
    }
}
