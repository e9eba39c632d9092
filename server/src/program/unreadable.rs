//! What a command line that cannot be read is answered: help where it was asked for, otherwise one sentence.
//!
//! The sentence names options, never the values given with them.

use anggota::protocol::problem::Code;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::output;
use crate::refusal::Refusal;

/// Prints help or the version, or gives the refusal.
pub(super) fn answer(error: &clap::Error) -> Result<(), Refusal> {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // The one word of it that clap does not let a program choose.
            output::say(error.render().to_string().replace("[OPTIONS]", "[PILIHAN]").trim_end())
        }
        kind => Err(refusal(kind, error)),
    }
}

fn refusal(kind: ErrorKind, error: &clap::Error) -> Refusal {
    let names = names(error);
    let named = names.join(", ");
    let sentence = match kind {
        ErrorKind::ValueValidation => {
            let rule =
                std::error::Error::source(error).map_or_else(|| "lihat --help".to_owned(), |rule| rule.to_string());
            let refusal = Refusal::because(Code::InvalidInput, format!("Isian {named} tidak sah: {rule}."));
            return match names.as_slice() {
                [one] => refusal.about(one.trim_matches(['-', '<', '>'])),
                _ => refusal,
            };
        }
        ErrorKind::MissingRequiredArgument if !named.is_empty() => {
            format!("Belum ada isian untuk {named}; lihat --help.")
        }
        ErrorKind::ArgumentConflict => format!("{named} tidak dapat dipakai bersama pilihan lain itu; lihat --help."),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            "Sebutkan perintahnya; lihat --help.".to_owned()
        }
        ErrorKind::UnknownArgument if !named.is_empty() => format!("Pilihan {named} tidak dikenal; lihat --help."),
        _ => Code::Usage.advice().to_owned(),
    };
    Refusal::because(Code::Usage, sentence)
}

/// The options that the error is about, without what was given for them: `--member` of clap's `--member <NOMOR>`, a
/// positional one as `<NOMOR>`.
fn names(error: &clap::Error) -> Vec<String> {
    let named: Vec<&str> = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(one)) => vec![one],
        Some(ContextValue::Strings(several)) => several.iter().map(String::as_str).collect(),
        _ => vec![],
    };
    let is_name = |word: &&str| {
        let bare = word.strip_prefix("--").or_else(|| word.strip_prefix('<')?.strip_suffix('>')).unwrap_or_default();
        !bare.is_empty() && bare.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-' || byte == b'|')
    };
    named.iter().filter_map(|one| one.split([' ', '=']).next()).filter(is_name).map(str::to_owned).collect()
}
