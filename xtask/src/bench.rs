//! `cargo xtask bench`: what things cost, measured on this machine. Figures are for people and for docs/performance.md;
//! no check stands on them.

use clap::Subcommand;
use serde_json::Value;

use crate::Outcome;
use crate::checkout::Checkout;
use crate::command;

/// What is measured.
#[derive(Subcommand)]
pub(crate) enum Bench {
    /// A schedule of 360 months and the home screen in every language and level
    Words {
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
}

pub(crate) fn run(checkout: &Checkout, bench: &Bench) -> Outcome {
    let Bench::Words { json: as_json } = bench;
    let line = command::read(checkout.cargo().args([
        "bench",
        "--locked",
        "--quiet",
        "--package",
        "anggota",
        "--bench",
        "words",
        "--profile",
        "ci",
    ]))?;
    let figures: Value = serde_json::from_str(&line)
        .map_err(|_| "a measurement must be one line of JSON; run it by itself to see why")?;
    if *as_json {
        println!("{figures}");
    } else {
        print!("{}", table(&figures));
    }
    Ok(())
}

/// The figures, for people.
fn table(figures: &Value) -> String {
    let rows = figures["micros"].as_object().into_iter().flatten();
    rows.map(|(what, micros)| format!("{what:<20}{:>10} us\n", micros.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_measured_thing_is_a_row() {
        let figures = json!({ "micros": { "schedule_360": 81.5 } });
        assert_eq!(table(&figures), "schedule_360              81.5 us\n");
    }
}
