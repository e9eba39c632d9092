//! `cargo xtask bench`: what things cost, measured on this machine. Figures are for people and for docs/performance.md;
//! no check stands on them.

use std::path::Path;

use clap::Subcommand;
use serde_json::{Value, json};

use crate::Outcome;
use crate::checkout::Checkout;
use crate::stand::Stand;
use crate::{bindings, command, kotlin, swift};

/// What is measured.
#[derive(Subcommand)]
pub(crate) enum Bench {
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

pub(crate) fn run(checkout: &Checkout, bench: &Bench) -> Outcome {
    match bench {
        Bench::Ffi { json } => ffi(checkout, *json),
        Bench::Words { json } => words(checkout, *json),
    }
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
