//! `cargo xtask bench`: what things cost, measured on this machine. Figures are for people and for docs/performance.md;
//! no check stands on them. What is measured of a sync is in tests/bench; here it is built and started.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::Outcome;
use crate::checkout::Checkout;
use crate::machine::{self, Need};
use crate::stand::Stand;
use crate::{bindings, command, kotlin, npm, swift};

/// What is measured: a sync, unless something else is named.
#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub(crate) struct Bench {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    sync: More,
}

/// Options that the measuring program takes.
#[derive(Args)]
struct More {
    /// --json, --rounds N and others: `-- --help` lists them
    #[arg(allow_hyphen_values = true, trailing_var_arg = true, value_name = "OPTIONS")]
    options: Vec<OsString>,
}

#[derive(Subcommand)]
enum What {
    /// First pulls of many members at once, and pulls that bring nothing
    Server(More),
    /// How everything grows with a member's entries
    Growth(More),
    /// Another library's first sync of the same rows (PowerSync, where npm brings it) beside the phone's and the floor
    Peer(More),
    /// Measure everything and write docs/performance.md
    Write,
    /// Crossings between the shells' languages and Rust: how many, and how long
    Ffi {
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// A schedule of 360 months and the home screen in every language and level
    Words {
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
        None => measure(checkout, "run", &bench.sync.options),
        Some(What::Server(more)) => measure(checkout, "server", &more.options),
        Some(What::Growth(more)) => measure(checkout, "growth", &more.options),
        Some(What::Peer(more)) => measure(checkout, "peer", &[&peer(checkout)?, more.options.as_slice()].concat()),
        Some(What::Write) => {
            let docs = [checkout.path("docs").into()];
            let peer = peer(checkout).map(Vec::from).unwrap_or_else(|reason| {
                println!("{reason}");
                Vec::new()
            });
            measure(checkout, "write", &[docs.as_slice(), &peer].concat())
        }
        Some(What::Ffi { json }) => ffi(checkout, *json),
        Some(What::Words { json }) => words(checkout, *json),
    }
}

fn measure(checkout: &Checkout, what: &str, options: &[OsString]) -> Outcome {
    let mut build = checkout.cargo();
    build.args(["build", "--quiet", "--locked", "--bins", "--profile", PROFILE]);
    command::run(build.args(PACKAGES.iter().flat_map(|package| ["--package", package])))?;
    let program = program(&checkout.built(PROFILE)?);
    command::run(checkout.command(program).arg(what).args(options))
}

/// The option that says where the peer is, once npm has brought it.
fn peer(checkout: &Checkout) -> Outcome<[OsString; 2]> {
    let modules = npm::ready().and_then(|()| npm::modules(checkout, "tests/bench/peer"));
    let modules = modules.map_err(|reason| format!("PowerSync is not installed, so it is not compared: {reason}"))?;
    Ok(["--modules".into(), modules.into()])
}

fn program(folder: &Path) -> PathBuf {
    folder.join(format!("anggota-bench{}", std::env::consts::EXE_SUFFIX))
}

const VALGRIND: Need = Need { packages: &["valgrind"], probe: &["valgrind", "--version"] };

/// Counts the instructions of the hot paths and holds them to their bounds, where they were recorded.
pub(crate) fn guard(checkout: &Checkout) -> Outcome {
    if std::env::consts::ARCH != "x86_64" || std::env::consts::OS != "linux" {
        println!("skipped: the bounds were recorded on x86-64 Linux");
        return Ok(());
    }
    if let Err(reason) = machine::install(&[VALGRIND]) {
        println!("skipped: instructions are counted by valgrind, and {reason}");
        return Ok(());
    }
    command::run(checkout.command(program(&checkout.programs()?)).arg("guard"))
}

fn words(checkout: &Checkout, as_json: bool) -> Outcome {
    let measure = ["bench", "--locked", "--quiet", "--package", "anggota", "--bench", "words", "--profile", "ci"];
    let line = command::read(checkout.cargo().args(measure))?;
    let figures: Value = serde_json::from_str(&line).map_err(|_| "a measurement must be one line of JSON")?;
    if as_json {
        println!("{}", json!({ "words": figures }));
    } else {
        let rows = figures["micros"].as_object().into_iter().flatten();
        print!("{}", rows.map(|(what, micros)| format!("{what:<20}{micros:>10} us\n")).collect::<String>());
    }
    Ok(())
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
