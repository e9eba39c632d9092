//! The card that is checked, in words.

use anggota::card::{Outcome, Verdict};

use super::table;

pub(crate) fn verdict(verdict: &Verdict) -> String {
    let light = match verdict.outcome {
        Outcome::Green => "HIJAU",
        Outcome::Amber(_) => "KUNING",
        Outcome::Red(_) => "MERAH",
    };
    let mut text = format!("{light}: {}\n", verdict.outcome.sentence());
    if let Some(bearer) = &verdict.bearer {
        let name = bearer.name.as_ref().map_or("(tidak tertulis di kartu)", |name| name.as_str());
        let rows = [
            ("Nama", name.to_owned()),
            ("Keanggotaan", bearer.class.to_string()),
            ("Koperasi", bearer.cooperative.clone()),
        ];
        text.push_str(&format!("\n{}", table(&rows)));
    }
    text
}
