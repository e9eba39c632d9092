//! Documents that cannot say anything else than the code: docs/errors.md is the tables of problems and rules written out (`UPDATE=1`
//! writes it anew), the limits in docs/protocol.md are the constants, and the names in docs/GLOSSARY.md exist.

#![allow(clippy::unwrap_used, reason = "a test stops where its own set-up fails")]

use std::collections::HashSet;
use std::fmt::Write;
use std::path::Path;

use anggota::protocol::problem::{Code, MEDIA_TYPE, URN};
use anggota::protocol::rule::{self, ServerRule};
use anggota::protocol::{checkpoint, dpop, enrolment, frame, head, operation, problem, pull, upload};
use anggota::{card, cose, domain};

const ERRORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/errors.md");
const PROTOCOL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/protocol.md");

fn document() -> String {
    let mut text = format!(
        "# Errors

Every way in which something can fail for the one who asked, from the one table in `core/src/protocol/problem.rs`;
the sentences are those of `core/locales/id/problems.ftl`.
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
    text += &format!(
        "
## Rules of the server

Why the server refuses a member's command without an officer: what stands in the reason of a result, followed by
`({rule_urn}NAME)` (`core/src/protocol/rule.rs`, `core/locales/id/server-rules.ftl`). A shell says it in its reader's language.

| name | sentence |
|---|---|
",
        rule_urn = rule::URN
    );
    for rule in ServerRule::ALL {
        writeln!(text, "| `{}` | {} |", rule.as_str(), rule.sentence()).unwrap();
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
        domain::MAX_GUARANTORS,
        domain::MAX_ATTACHMENTS,
        domain::MAX_ATTACHMENT_BYTES,
        upload::MAX_PART_BYTES,
        upload::MIN_PART_BYTES,
        upload::MAX_BYTES,
        upload::MAX_ANSWER_BYTES,
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

/// Every file with that ending under a folder, as one text.
fn sources(folder: &Path, ending: &str) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text += &sources(&path, ending);
        } else if path.extension().is_some_and(|found| found == ending) {
            text += &std::fs::read_to_string(&path).unwrap();
        }
    }
    text
}

#[test]
fn every_name_in_the_glossary_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let words = |folders: &[&str], ending: &str| -> HashSet<String> {
        let text: String = folders.iter().map(|folder| sources(&root.join(folder), ending)).collect();
        let comment = if ending == "sql" { "--" } else { "//" };
        let code = text.lines().map(|line| line.split(comment).next().unwrap_or_default()).collect::<Vec<_>>();
        code.join("\n").split(|c: char| !c.is_alphanumeric() && c != '_').map(str::to_owned).collect()
    };
    let columns = [
        words(&["core/src/store/schema", "server/src/schema"], "sql"),
        words(&["core/src", "server/src"], "rs"),
        // The words of lists come from the core.
        words(&["core/src/domain", "cli/src", "server/src/program"], "rs"),
    ];
    let page = std::fs::read_to_string(root.join("docs/GLOSSARY.md")).unwrap();
    let mut missing = Vec::new();
    for row in page.lines().filter(|line| line.starts_with("| ")) {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 7, "{row}");
        for (cell, known) in cells[3..6].iter().zip(&columns) {
            let names = cell.split('`').skip(1).step_by(2);
            missing.extend(names.filter(|name| !known.contains(*name)).map(|name| format!("{name} of {}", cells[1])));
        }
    }
    assert!(missing.is_empty(), "docs/GLOSSARY.md names what does not exist: {missing:?}");
}
