//! The office's commands as a script runs them.

use std::process::{Command, Output};

use serde_json::Value;

use super::{Bench, FIRST};

pub fn program(bench: &Bench) -> Command {
    let mut command = for_people(bench);
    command.arg("--json");
    command
}

pub fn for_people(bench: &Bench) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_anggota-server"));
    // The defaults: anggota.db and keys in the folder where it runs.
    command.current_dir(bench.folder.path()).env_remove("ANGGOTA_LOG");
    command
}

pub fn run(bench: &Bench, line: &str) -> (Option<i32>, Value) {
    // A value with spaces is written with underscores.
    let arguments = line.split(' ').map(|word| word.replace('_', " "));
    let Output { status, stdout, stderr } = program(bench).args(arguments).output().unwrap();
    let text = String::from_utf8(stdout).unwrap();
    assert_eq!(text.lines().count(), 1, "one document: {text}");
    assert_eq!(String::from_utf8(stderr).unwrap(), "", "nothing beside it");
    (status.code(), serde_json::from_str(&text).unwrap())
}

pub fn done(bench: &Bench, line: &str) -> Value {
    let (status, document) = run(bench, &format!("--cooperative {FIRST} {line}"));
    assert_eq!(status, Some(0), "{line}: {document}");
    document
}

/// Exit status and the error's code.
pub fn refused(bench: &Bench, line: &str) -> (i32, String) {
    let (status, document) = run(bench, line);
    let error = &document["error"];
    let message = error["message"].as_str().unwrap();
    assert!(message.ends_with('.') && !message.contains('\n'), "{message}");
    (status.unwrap(), error["code"].as_str().unwrap().to_owned())
}
