//! Figures as people and scripts read them.

use serde_json::{Map, Value};

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
