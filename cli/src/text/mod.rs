//! What a person reads on a terminal. Screens come worded from the core, in the reader's language; what only commands
//! say (a card that is checked, a demo) is worded here, in Indonesian.
//!
//! It decides nothing itself.

mod card;
mod screen;

pub(crate) use card::verdict;
pub(crate) use screen::screen;

use std::path::Path;

use crate::demo::{self, Done};

/// How the demo ended, below its steps.
pub(crate) fn story_told(steps: &[Done], kept: Option<&Path>) -> String {
    let ended = if demo::is_whole(steps) {
        "Semua langkah berhasil."
    } else if steps.iter().all(|done| done.ok) {
        "Dihentikan sebelum selesai."
    } else {
        "GAGAL: langkah terakhir di atas tidak berhasil."
    };
    match kept {
        Some(folder) => format!("\n{ended}\nSemua berkasnya ada di {}.", folder.display()),
        None => format!("\n{ended}"),
    }
}

/// Labels on the left, what they say on the right, in one column, two spaces in.
fn table<L: AsRef<str>>(rows: &[(L, String)]) -> String {
    let width = rows.iter().map(|(label, _)| label.as_ref().chars().count()).max().unwrap_or_default();
    rows.iter().map(|(label, value)| format!("  {:<width$}  {value}\n", label.as_ref())).collect()
}
