//! An independent reader that knows JSON, in Python, sees what phones see: every answer in both forms, and the books
//! themselves.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use std::process::Command;

use anggota_tests::village::{COOPERATIVE, MEMBER, Village};
use anggota_tests::{interop_script, passbooks, python, run};
use serde_json::{Value, json};

/// Beyond what a reader in JavaScript counts exactly, in sen.
const HEAP: &str = "400000000000000.00";

#[test]
fn an_independent_reader_of_json_sees_the_books() {
    let Some(python) = python("cbor2, zstandard, cryptography") else { return };
    let village = Village::new("json", 3_000, 4, 2);
    let savings = passbooks(&village.books, |member| member == MEMBER).into_iter().find(|(_, book)| !book.is_loan);
    village.deposit(&savings.unwrap().0, HEAP);
    let code = village.office.activate(MEMBER).code;
    let mut script = Command::new(python);
    script.arg(interop_script("json_phone.py")).args([&village.serving.url, COOPERATIVE, MEMBER, &code]);
    let printed = run(script.env("PYTHONDONTWRITEBYTECODE", "1")).ok().stdout;
    let [figures, verdict] = printed.lines().collect::<Vec<_>>().try_into().unwrap_or_else(|_| panic!("{printed}"));
    println!("{verdict}");
    let passed = verdict.strip_suffix(" passed, 0 failed").unwrap_or_else(|| panic!("{printed}"));
    assert!(passed.parse::<u32>().unwrap() > 15, "{printed}");
    let figures: Vec<Value> = serde_json::from_str(figures).unwrap();
    let books = passbooks(&village.books, |member| member == MEMBER);
    assert_eq!(figures.len(), books.len());
    for figure in figures {
        let book = &books[figure["account"].as_str().unwrap()];
        let of_books = (json!(book.figure()), json!(if book.is_loan { "loan" } else { "savings" }));
        assert_eq!((&figure["figure"], &figure["type"]), (&of_books.0, &of_books.1), "{figure}");
    }
}
