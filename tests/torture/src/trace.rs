//! What a child passed before it died: the names of points, one a line, written before anything happens at them.

use std::path::{Path, PathBuf};

/// Where a process was when it was killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// Between the beginning and the end of a sync, outside its push.
    Sync,
    /// Between the taking of commands from the outbox and the keeping of their answers.
    Push,
    /// From the beginning of an import until its program ends.
    Import,
    /// In a step of the schema of a phone's or the server's database.
    Migration,
    /// Becoming a member's device.
    Enrolment,
    /// Saving what a member asks for.
    Request,
    /// Anywhere else.
    Outside,
}

impl Phase {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Sync => "sync",
            Self::Push => "push",
            Self::Import => "import",
            Self::Migration => "migration",
            Self::Enrolment => "enrolment",
            Self::Request => "request",
            Self::Outside => "outside",
        }
    }

    /// Whether it counts as inside the work that must survive.
    pub(crate) const fn is_inside(self) -> bool {
        matches!(self, Self::Sync | Self::Push | Self::Import | Self::Migration)
    }
}

/// The trace of one child.
#[derive(Debug, Clone)]
pub(crate) struct Trace(PathBuf);

impl Trace {
    /// A new, empty one.
    pub(crate) fn new(file: PathBuf) -> Self {
        let _absent = std::fs::remove_file(&file);
        Self(file)
    }

    pub(crate) fn file(&self) -> &Path {
        &self.0
    }

    pub(crate) fn text(&self) -> String {
        std::fs::read_to_string(&self.0).unwrap_or_default()
    }

    /// How often a point was passed so far.
    pub(crate) fn count(&self, name: &str) -> usize {
        self.text().lines().filter(|line| *line == name).count()
    }

    /// Where the child is, or was at its end.
    pub(crate) fn phase(&self) -> Phase {
        phase(&self.text())
    }
}

fn phase(text: &str) -> Phase {
    let last = text.lines().last().unwrap_or_default();
    let mark = text.lines().rev().find(|line| line.ends_with(".begin") || line.ends_with(".end")).unwrap_or_default();
    match (mark, last) {
        (_, "migrate.written" | "server.migrate.written" | "migrate.kept" | "server.migrate.kept") => Phase::Migration,
        ("sync.begin", "push.taken" | "push.answered") => Phase::Push,
        ("sync.begin", _) => Phase::Sync,
        ("import.begin", _) => Phase::Import,
        ("enrol.begin", _) => Phase::Enrolment,
        ("request.begin", _) => Phase::Request,
        _ => Phase::Outside,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_phase_is_told_by_the_last_mark_and_the_last_point() {
        assert_eq!(phase(""), Phase::Outside);
        assert_eq!(phase("enrol.begin\nenrol.keyed\nmigrate.written\n"), Phase::Migration);
        assert_eq!(phase("enrol.begin\nmigrate.kept\nenrol.made\n"), Phase::Enrolment);
        assert_eq!(phase("request.begin\nrequest.kept\n"), Phase::Request);
        assert_eq!(phase("request.begin\nrequest.end\n"), Phase::Outside);
        assert_eq!(phase("sync.begin\npush.taken\n"), Phase::Push);
        assert_eq!(phase("sync.begin\npush.taken\npush.kept\n"), Phase::Sync);
        assert_eq!(phase("server.migrate.kept\nimport.begin\nimport.rows\n"), Phase::Import);
    }
}
