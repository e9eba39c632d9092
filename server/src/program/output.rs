//! Where a command's answer goes: one JSON document for scripts, or text for people, on stdout. Never both.

use std::io::{self, Write};
use std::process::ExitCode;

use anggota::protocol::problem::{Code, Exit};
use serde::Serialize;

use crate::refusal::Refusal;

/// What a command found or did.
pub(super) struct Answer {
    document: String,
    text: String,
    status: u8,
}

impl Answer {
    /// With a document for scripts and a text for people.
    pub(super) fn new(document: &impl Serialize, text: impl Into<String>) -> Result<Self, Refusal> {
        let document = serde_json::to_string(document).map_err(|error| Refusal::caused(Code::Internal, error))?;
        Ok(Self { document, text: text.into(), status: 0 })
    }

    /// The document itself says what is wrong.
    pub(super) fn refused(self) -> Self {
        Self { status: Exit::Refused as u8, ..self }
    }
}

/// Prints an answer, if there is one, and gives the status to end with.
pub(super) fn print(answer: Option<Answer>, as_json: bool) -> ExitCode {
    let Some(answer) = answer else { return ExitCode::SUCCESS };
    match say(if as_json { &answer.document } else { answer.text.trim_end() }) {
        Ok(()) => ExitCode::from(answer.status),
        Err(refusal) => print_refusal(&refusal, as_json),
    }
}

/// One line, or one text with lines of its own, on stdout, at once.
pub(super) fn say(text: &str) -> Result<(), Refusal> {
    let mut out = io::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).map_err(|error| {
        Refusal::caused(Code::StoreWrite, error)
            .saying("Jawaban tidak dapat ditulis ke keluaran; periksa sisa ruang penyimpanan.")
    })
}

#[derive(Serialize)]
struct Failed<'a> {
    error: Failure<'a>,
}

#[derive(Serialize)]
struct Failure<'a> {
    code: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
}

/// Says why not, and gives the status to end with. A failure to say it changes nothing about the status.
pub(super) fn print_refusal(refusal: &Refusal, as_json: bool) -> ExitCode {
    if std::error::Error::source(refusal).is_some() {
        tracing::error!(cause = %refusal.causes(), "a command failed");
    }
    let message = refusal.to_string();
    let _unsaid = if as_json {
        let error = Failure { code: refusal.code().as_str(), message: &message, field: refusal.field_name() };
        serde_json::to_string(&Failed { error })
            .map_err(io::Error::from)
            .and_then(|line| writeln!(io::stdout(), "{line}"))
    } else {
        writeln!(io::stderr(), "{message}")
    };
    ExitCode::from(refusal.code().exit() as u8)
}
