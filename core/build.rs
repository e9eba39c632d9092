//! Makes constants of the Indonesian sentences that are said where no file is read: those of the table of problems and
//! of the server's rules. They stand in `locales/id`, where a translator edits them; the protocol, an error and a server say
//! them at no cost and without a way to fail. A name of the tables that has no sentence does not compile.

use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::{env, fs};

use fluent_syntax::ast::{Entry, Message, PatternElement};
use fluent_syntax::parser::parse;

/// Each file, and what its messages' ids begin with: the name that the macro `sentence` knows it by, and a dash.
const FILES: &[(&str, &str)] = &[("problems", "problem"), ("server-rules", "server-rule")];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arms = String::new();
    for (file, kind) in FILES {
        let path = format!("locales/id/{file}.ftl");
        println!("cargo::rerun-if-changed={path}");
        let read = parse(fs::read_to_string(&path)?).map_err(|(_, faults)| format!("{path}: {faults:?}"))?;
        for entry in read.body {
            if let Entry::Message(message) = entry {
                let sentence =
                    plain(&message).ok_or_else(|| format!("{path}: {} is one plain line", message.id.name))?;
                let name = message.id.name.strip_prefix(kind).and_then(|rest| rest.strip_prefix('-'));
                let name = name.ok_or_else(|| format!("{path}: {} does not begin with {kind}-", message.id.name))?;
                writeln!(arms, "    ({} {name:?}) => {{ {sentence:?} }};", kind.replace('-', "_"))?;
            }
        }
    }
    let out = env::var_os("OUT_DIR").ok_or("cargo names a folder for what is built")?;
    fs::write(Path::new(&out).join("sentences.rs"), format!("macro_rules! sentence {{\n{arms}}}\n"))?;
    Ok(())
}

/// What a message says if it is a text alone, on one line.
fn plain(message: &Message<String>) -> Option<&str> {
    match message.value.as_ref()?.elements.as_slice() {
        [PatternElement::TextElement { value }] if message.attributes.is_empty() => Some(value),
        _ => None,
    }
}
