//! Figures as people and scripts read them.

use serde_json::{Map, Value};

/// What is asked of a measurement in rounds.
#[derive(clap::Args)]
pub(crate) struct Asked {
    /// Print one JSON document
    #[arg(long)]
    pub(crate) json: bool,
    /// How often everything is measured; the median counts
    #[arg(long, default_value_t = 9, value_parser = clap::value_parser!(u32).range(1..=101))]
    pub(crate) rounds: u32,
}

impl Asked {
    /// For another program's eyes.
    pub(crate) fn of(rounds: u32) -> Self {
        Self { json: false, rounds }
    }
}

/// Prints them as one JSON document, or one a line.
pub(crate) fn print(figures: &Map<String, Value>, as_json: bool) {
    if as_json {
        println!("{}", Value::Object(figures.clone()));
    } else {
        figures.iter().for_each(|(name, value)| println!("{name:<30}{value}"));
    }
}

/// The fields of a JSON object.
pub(crate) fn object(document: Value) -> Map<String, Value> {
    match document {
        Value::Object(fields) => fields,
        other => panic!("{other}"),
    }
}

/// To so many places.
pub(crate) fn round(value: f64, places: i32) -> f64 {
    let scale = 10_f64.powi(places);
    (value * scale).round() / scale
}
