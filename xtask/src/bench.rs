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
    let (figures, table, as_json) = match bench {
        Bench::Ffi { json } => (ffi(checkout)?, ffi_table as fn(&Value) -> String, json),
        Bench::Words { json } => (words(checkout)?, words_table as fn(&Value) -> String, json),
    };
    if *as_json {
        println!("{figures}")
    } else {
        print!("{}", table(&figures))
    }
    Ok(())
}

fn ffi(checkout: &Checkout) -> Outcome<Value> {
    let library = bindings::generate(checkout)?;
    let measure = |measure: &Measure| read(&measure(checkout, &library, &Stand::start(checkout)?)?);
    let languages: Vec<Value> = LANGUAGES.iter().map(measure).collect::<Outcome<_>>()?;
    Ok(json!({ "ffi": languages }))
}

fn words(checkout: &Checkout) -> Outcome<Value> {
    let bench = ["bench", "--locked", "--quiet", "--package", "anggota", "--bench", "words", "--profile", "ci"];
    read(&command::read(checkout.cargo().args(bench))?)
}

fn read(line: &str) -> Outcome<Value> {
    serde_json::from_str(line).map_err(|_| "a measurement must be one line of JSON; run it by itself to see why".into())
}

/// The figures of each language, for people.
fn ffi_table(figures: &Value) -> String {
    let languages = figures["ffi"].as_array().into_iter().flatten();
    let rows = languages.flat_map(|language| {
        let name = language["language"].as_str().unwrap_or_default();
        micros(language).map(move |(what, micros)| {
            let crossings = &language["crossings"][what];
            format!("{name:<8}{what:<16}{:>10} us {:>4} crossings\n", micros.to_string(), crossings.to_string())
        })
    });
    rows.collect()
}

fn words_table(figures: &Value) -> String {
    micros(figures).map(|(what, micros)| format!("{what:<20}{:>10} us\n", micros.to_string())).collect()
}

fn micros(figures: &Value) -> impl Iterator<Item = (&String, &Value)> {
    figures["micros"].as_object().into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_measured_thing_is_a_row() {
        let kotlin = json!({ "language": "kotlin", "crossings": { "home": 1 }, "micros": { "home": 81 } });
        assert_eq!(ffi_table(&json!({ "ffi": [kotlin] })), "kotlin  home                    81 us    1 crossings\n");
        let figures = json!({ "micros": { "schedule_360": 81.5 } });
        assert_eq!(words_table(&figures), "schedule_360              81.5 us\n");
    }
}
