//! Documents that cannot say anything else than the code: docs/errors.md is the table of problems written out (`UPDATE=1`
//! writes it anew), and the limits in docs/protocol.md are the constants.

#![allow(clippy::unwrap_used, reason = "a test stops where its own set-up fails")]

use std::fmt::Write;

use anggota::protocol::problem::{Code, MEDIA_TYPE, URN};
use anggota::protocol::{checkpoint, dpop, enrolment, frame, head, operation, problem, pull};
use anggota::{card, cose, domain};

const ERRORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/errors.md");
const PROTOCOL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/protocol.md");

fn document() -> String {
    let mut text = format!(
        "# Errors

Every way in which something can fail for the one who asked, from the one table in `core/src/protocol/problem.rs`.
This page is written by a test (`UPDATE=1 cargo test -p anggota --test documents`) and held to the table by it.

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
        std::fs::write(ERRORS, document()).unwrap();
    }
    let page = std::fs::read_to_string(ERRORS).unwrap();
    assert!(
        page == document(),
        "docs/errors.md differs from the table; run UPDATE=1 cargo test -p anggota --test documents"
    );
}

/// A number as the documents write it: `1,048,576`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
    groups.join(",")
}

#[test]
fn the_limits_in_the_description_are_the_constants() {
    macro_rules! limits {
        ($($constant:path),+ $(,)?) => { [$((stringify!($constant).replace(' ', ""), $constant as u64)),+] };
    }
    let limits = limits![
        frame::MAX_FRAME_BYTES,
        frame::MAX_PAGE_ENTRIES,
        frame::NEWEST,
        frame::MAX_RESULTS,
        frame::MAX_PRODUCTS,
        head::MAX_ACCOUNTS,
        head::MAX_HEAD_BYTES,
        pull::MAX_RANGES,
        pull::MAX_BYTES,
        checkpoint::MAX_BYTES,
        operation::MAX_BYTES,
        operation::MAX_PUSH,
        operation::MAX_PUSH_BYTES,
        enrolment::MAX_BYTES,
        enrolment::MAX_CODE_CHARS,
        enrolment::MAX_TOKEN_CHARS,
        dpop::MAX_PROOF_CHARS,
        dpop::WINDOW_SECONDS,
        problem::MAX_BYTES,
        cose::MAX_DEPTH,
        card::MAX_TRUST_LIST,
        domain::MAX_SEQ,
    ];
    let page = std::fs::read_to_string(PROTOCOL).unwrap();
    let rows: Vec<_> = page.lines().filter(|line| line.ends_with("` |") && line.contains("::")).collect();
    assert_eq!(rows.len(), limits.len());
    for (name, value) in limits {
        let row = rows.iter().find(|row| row.ends_with(&format!("| `{name}` |"))).unwrap();
        let said = row.split('|').nth(2).unwrap().split_whitespace().next().unwrap();
        assert_eq!(said, grouped(value), "{name}");
    }
}
