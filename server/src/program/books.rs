//! `import`: the books of a folder into the database, with a report.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

use super::args::Global;
use super::output::Answer;
use super::{now, rng};
use crate::database::{COMMAND_WAIT, Database};
use crate::import::{self, Books, Progress, Report};
use crate::refusal::Refusal;

/// Problems shown to people one by one; the rest is counted.
const MAX_SHOWN: usize = 20;
/// Goes to the line's beginning and clears it (ECMA-48 EL).
const OVER: &str = "\r\u{1b}[K";

pub(super) fn import(global: &Global, folder: &Path) -> Result<Answer, Refusal> {
    let database = Database::open_waiting(&global.database, COMMAND_WAIT)?;
    let books = Books { folder, named: global.cooperative.as_ref() };
    let is_watched = io::stderr().is_terminal();
    let mut progress = |progress: Progress| {
        if is_watched {
            let percent = (progress.done * 100).checked_div(progress.total).unwrap_or(100);
            say(&format!("{} {percent}%", progress.stage));
        }
    };
    let report = import::import_named(&database, &global.keys, books, now(), &rng(), &mut progress);
    if is_watched {
        say("");
    }
    let report = report?;
    let answer = Answer::new(&report, text(&report))?;
    Ok(if report.problems.is_empty() { answer } else { answer.refused() })
}

fn say(text: &str) {
    // Nobody is worse off for a line that could not be written.
    let _unsaid = write!(io::stderr(), "{OVER}{text}").and_then(|()| io::stderr().flush());
}

fn text(report: &Report) -> String {
    if report.problems.is_empty() {
        return format!(
            "{} anggota, {} rekening dengan {} catatan, {} pinjaman dengan {} catatan; {} catatan baru.",
            report.members, report.accounts, report.entries, report.loans, report.loan_entries, report.added
        );
    }
    let mut text = String::from("Tidak ada yang diimpor; perbaiki pembukuan lalu ulangi:\n");
    for problem in report.problems.iter().take(MAX_SHOWN) {
        let place = match (problem.line, problem.column.as_str()) {
            (0, _) => problem.file.to_owned(),
            (line, "") => format!("{} baris {line}", problem.file),
            (line, column) => format!("{} baris {line}, kolom {column}", problem.file),
        };
        let value = if problem.value.is_empty() { String::new() } else { format!(" ({})", problem.value) };
        // Writing to a string cannot fail.
        let _infallible = writeln!(text, "- {place}: {}{value}", problem.problem);
    }
    let hidden = report.problems.len().saturating_sub(MAX_SHOWN) as u64 + report.more_problems;
    if hidden > 0 {
        let _infallible = writeln!(text, "dan {hidden} masalah lain; lihat semuanya dengan --json.");
    }
    text
}
