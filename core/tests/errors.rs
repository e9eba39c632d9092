//! docs/errors.md is the table of the code, written out: it cannot say anything else. `UPDATE=1` writes it anew.

#![allow(clippy::unwrap_used, reason = "a test stops where its own set-up fails")]

use std::fmt::Write;

use anggota::protocol::problem::{Code, MEDIA_TYPE, URN};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/errors.md");

fn document() -> String {
    let mut text = format!(
        "# Errors

Every way in which something can fail for the one who asked, from the one table in `core/src/protocol/problem.rs`.
This page is written by a test (`UPDATE=1 cargo test -p anggota --test errors`) and held to the table by it.

Over HTTP a failure is a problem document (RFC 9457, `{MEDIA_TYPE}`) whose `type` is
`{URN}CODE`, whose `title` is the sentence and whose `status` is the HTTP status; `clock-off` also has
`server_time`, in seconds. On the command line it is the sentence on stderr and the exit status, and with `--json` the
document {{\"error\": {{\"code\", \"message\", \"field\"?}}}}. The sentence is the code's own; a command may say something more
exact in its place.

HTTP `-`: no server answers so. Exit status: 1 refused, 2 usage, 3 no network, 4 store unusable. Passes: the same request
may succeed later without anybody doing anything.

| code | HTTP | exit | passes | sentence |
|---|---|---|---|---|
"
    );
    for code in Code::ALL {
        let status = match code.http_status() {
            0 => "-".to_owned(),
            status => status.to_string(),
        };
        let passes = if code.is_transient() { "yes" } else { "no" };
        let exit = code.exit() as u8;
        writeln!(text, "| `{}` | {status} | {exit} | {passes} | {} |", code.as_str(), code.advice()).unwrap();
    }
    text
}

#[test]
fn the_page_of_errors_is_the_table_of_the_code() {
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(FILE, document()).unwrap();
    }
    let page = std::fs::read_to_string(FILE).unwrap();
    assert!(
        page == document(),
        "docs/errors.md differs from the table; run UPDATE=1 cargo test -p anggota --test errors"
    );
}
