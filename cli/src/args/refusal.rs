//! What a command line that could not be read is answered: help where it was asked for, otherwise one sentence.
//!
//! The sentence names options, never the values given with them.

use anggota::protocol::problem::Code;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::failure::Failure;
use crate::output;

/// Prints help or the version, or gives the failure.
pub(super) fn answer(error: &clap::Error) -> Result<(), Failure> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // The one word of it that clap does not let a program choose.
            output::write_line(error.render().to_string().replace("[OPTIONS]", "[PILIHAN]").trim_end())
        }
        _ => Err(failure(error)),
    }
}

fn failure(error: &clap::Error) -> Failure {
    let options = options(error);
    let named = options.join(", ");
    let code = if error.kind() == ErrorKind::ValueValidation { Code::InvalidInput } else { Code::Usage };
    let sentence = match (error.kind(), named.as_str()) {
        (ErrorKind::ValueValidation, _) => match std::error::Error::source(error) {
            Some(rule) => format!("Isian {named} tidak sah: {rule}."),
            None => format!("Isian {named} tidak sah; lihat --help."),
        },
        (ErrorKind::MissingRequiredArgument, _) => format!("Belum ada isian untuk {named}; lihat --help."),
        (ErrorKind::ArgumentConflict, _) => {
            format!("{named} tidak dapat dipakai bersama pilihan lain itu; lihat --help.")
        }
        (ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand, _) => {
            "Sebutkan perintahnya; lihat --help.".to_owned()
        }
        (ErrorKind::UnknownArgument, "") | (ErrorKind::InvalidSubcommand, _) => Code::Usage.advice().to_owned(),
        (ErrorKind::UnknownArgument, _) => format!("Pilihan {named} tidak dikenal; lihat --help."),
        (_, "") => "Perintah tidak dapat dibaca; lihat --help.".to_owned(),
        _ => format!("Isian {named} tidak dapat dibaca; lihat --help."),
    };
    let failure = Failure::saying(code, sentence);
    match options.as_slice() {
        [one] => failure.field(field(one)),
        _ => failure,
    }
}

/// An option's name in JSON. What stands without an option has the name of what it is in the documents.
fn field(option: &str) -> &str {
    match option {
        "<NOMOR>" => "loan_no",
        "<ID>" => "request_id",
        "<BILANGAN>" => "number",
        "<RUPIAH>" => "amount",
        "<NIK>" => "nik",
        "<KODE>" => "code",
        _ => option.trim_start_matches('-'),
    }
}

/// The options that the error is about, without what was given for them.
fn options(error: &clap::Error) -> Vec<String> {
    let named: Vec<&str> = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(one)) => vec![one],
        Some(ContextValue::Strings(several)) => several.iter().map(String::as_str).collect(),
        _ => vec![],
    };
    named.into_iter().filter_map(option).collect()
}

/// `--account` of clap's `--account <NOMOR>`; a positional argument as `<NOMOR>`; nothing of what only the member typed.
fn option(named: &str) -> Option<String> {
    let word = named.split([' ', '=']).next()?;
    let bare = word.strip_prefix("--").or_else(|| word.strip_prefix('<')?.strip_suffix('>'))?;
    let plain = !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-');
    plain.then(|| word.to_owned())
}
