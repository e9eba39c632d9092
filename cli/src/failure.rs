//! How a command fails: a code for scripts, one sentence for people that says what to do, an exit status.
//!
//! The codes, statuses and most sentences are the core's, in the reader's language; sentences of the command line's own are
//! Indonesian. A failure never repeats a value that was given: it may be
//! personal or secret.

use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

use anggota::domain::Invalid;
use anggota::error::Error;
use anggota::protocol::problem::Code;
use anggota::words::{self, Language};

use crate::json;

/// Why a command could not do what was asked.
#[derive(Debug)]
pub(crate) struct Failure {
    code: Code,
    said: Said,
    field: Option<String>,
}

/// What a failure says.
#[derive(Debug)]
enum Said {
    /// The core's sentence of the code or, if one was named, of the rule.
    Core(Option<&'static str>),
    /// A closer one.
    Own(String),
}

impl Failure {
    pub(crate) fn new(code: Code) -> Self {
        Self { code, said: Said::Core(None), field: None }
    }

    /// What kind of failure.
    pub(crate) fn code(&self) -> Code {
        self.code
    }

    /// By a rule that has a sentence of its own.
    pub(crate) fn ruled(code: Code, rule: &'static str) -> Self {
        Self { code, said: Said::Core(Some(rule)), field: None }
    }

    /// With a sentence that fits better than the code's own.
    pub(crate) fn saying(code: Code, sentence: impl Into<String>) -> Self {
        Self { code, said: Said::Own(sentence.into()), field: None }
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
    pub(crate) fn print(&self, as_json: bool, language: Language) -> ExitCode {
        let sentence = self.sentence(language);
        let _unsaid = if as_json {
            let document = json::Failed::new(self.code.as_str(), &sentence, self.field.as_deref());
            serde_json::to_string(&document).map_err(io::Error::from).and_then(|line| writeln!(io::stdout(), "{line}"))
        } else {
            writeln!(io::stderr(), "{sentence}")
        };
        ExitCode::from(self.code.exit() as u8)
    }

    fn sentence(&self, language: Language) -> String {
        match &self.said {
            Said::Core(rule) => words::refusal(language, self.code, *rule),
            Said::Own(sentence) => sentence.clone(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence(Language::default()))
    }
}

impl std::error::Error for Failure {}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        tracing::debug!(code = error.code().as_str(), rule = error.rule(), "the core refused");
        Self { code: error.code(), said: Said::Core(error.rule()), field: None }
    }
}

impl From<Invalid> for Failure {
    fn from(rule: Invalid) -> Self {
        Error::from(rule).into()
    }
}
