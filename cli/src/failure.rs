//! How a command fails: a code for scripts, one sentence for people that says what to do, an exit status.
//!
//! The codes, statuses and most sentences are the core's table. A failure never repeats a value that was given: it may be
//! personal or secret.

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use anggota::error::Error;
use anggota::protocol::problem::Code;

use crate::json;
use crate::text;

/// Why a command could not do what was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    code: Code,
    sentence: String,
    field: Option<String>,
}

impl Failure {
    pub(crate) fn new(code: Code) -> Self {
        Self { code, sentence: code.advice().to_owned(), field: None }
    }

    /// What kind of failure.
    pub(crate) fn code(&self) -> Code {
        self.code
    }

    /// With a sentence that fits better than the code's own.
    pub(crate) fn saying(code: Code, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into(), field: None }
    }

    /// The option whose value is at fault, as a JSON name.
    #[must_use]
    pub(crate) fn field(mut self, option: &str) -> Self {
        self.field = Some(option.replace('-', "_"));
        self
    }

    /// The computer under the program failed in a way that has no code of its own.
    pub(crate) fn machine(source: impl std::error::Error) -> Self {
        tracing::error!(error = %source, "the machine failed");
        Self::saying(Code::StoreWrite, "Perangkat ini gagal menjalankan perintah; coba sekali lagi.")
    }

    /// stdout could not be written.
    pub(crate) fn output(source: io::Error) -> Self {
        if source.kind() == io::ErrorKind::BrokenPipe {
            // Whoever read has gone, and with him whoever could be told: the way of every filter.
            std::process::exit(0);
        }
        Self::saying(Code::StoreWrite, "Jawaban tidak dapat ditulis ke keluaran; periksa sisa ruang penyimpanan.")
    }

    /// Says it, and gives the status to end with. A failure to say it changes nothing about the status.
    pub(crate) fn print(&self, as_json: bool) -> ExitCode {
        let _unsaid = if as_json {
            let document = json::Failed::new(self.code.as_str(), &self.sentence, self.field.as_deref());
            serde_json::to_string(&document).map_err(io::Error::from).and_then(|line| writeln!(io::stdout(), "{line}"))
        } else {
            writeln!(io::stderr(), "{}", self.sentence)
        };
        ExitCode::from(self.code.exit() as u8)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

impl std::error::Error for Failure {}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        tracing::debug!(code = error.code().as_str(), rule = error.rule(), "the core refused");
        Self { code: error.code(), sentence: text::refusal(&error), field: None }
    }
}
