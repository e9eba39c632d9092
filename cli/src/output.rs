//! Where a command's answer goes: one JSON document for scripts, or text for people, on stdout.
//!
//! Never both, and never half a document.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use serde::Serialize;

use crate::failure::Failure;

/// How a command that printed its answer ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// As asked.
    Done,
    /// The document itself says what is wrong: a broken chain, a red card.
    Refused,
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        match ending {
            Ending::Done => Self::SUCCESS,
            Ending::Refused => Self::from(1),
        }
    }
}

/// The way this command answers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    json: bool,
}

impl Output {
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// Whether text goes to somebody's screen.
    pub(crate) fn is_screen(self) -> bool {
        !self.json && io::stdout().is_terminal()
    }

    /// Prints the document or, for people, the text; the one that is not wanted is not made.
    pub(crate) fn print<D: Serialize>(
        self,
        document: impl FnOnce() -> D,
        text: impl FnOnce() -> String,
    ) -> Result<Ending, Failure> {
        let line = if self.json {
            serde_json::to_string(&document()).map_err(Failure::machine)?
        } else {
            text().trim_end().to_owned()
        };
        write_line(&line)?;
        Ok(Ending::Done)
    }
}

/// One line, or one text with lines of its own, on stdout, at once.
pub(crate) fn write_line(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(Failure::output)
}
