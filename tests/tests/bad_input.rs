//! What goes wrong around a phone: codes, keys, networks, typing. Each ends in one clear sentence and the right exit status,
//! and nothing is lost.

#![allow(clippy::unwrap_used, missing_docs)]

use anggota_tests::middleman::{Act, Reply};
use anggota_tests::village::{COOPERATIVE, MEMBER, Village};
use anggota_tests::{Office, Output, Phone, Scratch, run};
use rusqlite::Connection;
use serde_json::json;

#[track_caller]
fn assert_refused(output: &Output, status: i32, code: &str) {
    assert_eq!((output.status, output.code().as_str()), (status, code), "{output:?}");
}

/// As a person sees it: one sentence on stderr, nothing on stdout.
#[track_caller]
fn assert_said(output: &Output, status: i32) {
    assert_eq!((output.status, output.stdout.as_str(), output.stderr.lines().count()), (status, "", 1), "{output:?}");
    assert!(output.stderr.trim_end().ends_with('.'), "{output:?}");
}

fn enrol(phone: &Phone, server: &str, member: &str, code: &str, key: &str) -> Output {
    phone.script(&["enrol", "--server", server, "--member", member, "--code", code, "--server-key", key])
}

/// A code of eight digits that is not this one.
fn another_code(code: &str) -> String {
    code.chars().map(|digit| digit.to_digit(10).map_or(digit, |n| char::from(b'0' + (n as u8 + 1) % 10))).collect()
}

#[test]
fn a_wrong_code_is_refused_five_times_and_then_all_are() {
    let village = Village::new("codes", 300, 2, 1);
    let server = village.middle.of(COOPERATIVE);
    let phone = Phone::new(&village.scratch, "guesser");
    let paper = village.office.activate(MEMBER);
    let wrong = another_code(&paper.code);
    for _ in 0..5 {
        assert_refused(&enrol(&phone, &server, MEMBER, &wrong, &paper.server_key), 1, "code-wrong");
    }
    assert_refused(&enrol(&phone, &server, MEMBER, &wrong, &paper.server_key), 1, "too-many-attempts");
    assert_refused(&enrol(&phone, &server, MEMBER, &paper.code, &paper.server_key), 1, "too-many-attempts");
    // The office helps, and the paper may be read with or without its hyphen.
    let paper = village.office.activate(MEMBER);
    assert_eq!(enrol(&phone, &server, MEMBER, &paper.code.replace('-', " "), &paper.server_key).status, 0);
    assert_eq!(phone.sync()["complete"], true);

    // A number that nobody has is answered like one that somebody has.
    let stranger = Phone::new(&village.scratch, "stranger");
    for _ in 0..5 {
        assert_refused(&enrol(&stranger, &server, "B999", &wrong, &paper.server_key), 1, "code-wrong");
    }
    assert_refused(&enrol(&stranger, &server, "B999", &wrong, &paper.server_key), 1, "too-many-attempts");
    assert_refused(&enrol(&stranger, &server, MEMBER, "12ab", &paper.server_key), 1, "invalid-input");
    assert_refused(&stranger.script(&["balance"]), 1, "not-enrolled");
}

#[test]
fn a_code_that_ran_out_or_was_used_is_refused() {
    let village = Village::new("expired", 300, 2, 1);
    let server = village.middle.of(COOPERATIVE);
    let paper = village.office.activate(MEMBER);
    let database = Connection::open(village.office.database()).unwrap();
    assert_eq!(database.execute("UPDATE activation SET expires_at = expires_at - 100 * 86400", []).unwrap(), 1);
    drop(database);
    let phone = Phone::new(&village.scratch, "late");
    assert_refused(&enrol(&phone, &server, MEMBER, &paper.code, &paper.server_key), 1, "code-expired");

    let paper = village.office.activate(MEMBER);
    assert_eq!(enrol(&phone, &server, MEMBER, &paper.code, &paper.server_key).status, 0);
    let second = Phone::new(&village.scratch, "second");
    assert_refused(&enrol(&second, &server, MEMBER, &paper.code, &paper.server_key), 1, "code-expired");
    // The phone that used it may say it again: its answer may have been lost.
    assert_eq!(enrol(&phone, &server, MEMBER, &paper.code, &paper.server_key).status, 0);
    assert_eq!(village.office.devices().len(), 2, "the village's own phone, and this one once");
    assert_eq!(phone.sync()["complete"], true);
}

#[test]
fn a_server_with_another_key_is_not_believed() {
    let village = Village::new("key", 300, 2, 1);
    let server = village.middle.of(COOPERATIVE);
    let phone = Phone::new(&village.scratch, "careful");
    let paper = village.office.activate(MEMBER);
    assert_refused(&enrol(&phone, &server, MEMBER, &paper.code, &"ab".repeat(32)), 1, "trust-mismatch");
    assert_refused(&phone.script(&["balance"]), 1, "not-enrolled");
    let bare = ["enrol", "--server", &server, "--member", MEMBER, "--code", &paper.code];
    assert_refused(&phone.script(&bare), 1, "trust-missing");
    // The same phone with the right key, and the same paper.
    assert_eq!(enrol(&phone, &server, MEMBER, &paper.code, &paper.server_key).status, 0);
    assert_eq!(phone.sync()["complete"], true);

    for address in ["http://kop.example/contoh", "ftp://127.0.0.1/contoh", "contoh", "https://a:b@kop.example/contoh"] {
        let other = Phone::new(&village.scratch, "other");
        assert_refused(&enrol(&other, address, MEMBER, &paper.code, &paper.server_key), 1, "invalid-input");
    }
    let other = Phone::new(&village.scratch, "elsewhere");
    let elsewhere = village.middle.of("tiada");
    assert_refused(&enrol(&other, &elsewhere, MEMBER, &paper.code, &paper.server_key), 1, "not-found");
}

#[test]
fn without_a_server_the_figures_stay_and_a_code_is_not_used_up() {
    let village = Village::synced("no-server", 300, 2, 1);
    let shown = village.phone.balance();
    let paper = village.office.activate(MEMBER);
    let phone = Phone::new(&village.scratch, "new");
    let server = village.middle.of(COOPERATIVE);

    village.middle.rule(|_, _| Act::HangUp);
    assert_refused(&village.phone.script(&["sync"]), 3, "no-network");
    assert_said(&village.phone.run(&["sync"]), 3);
    assert_refused(&enrol(&phone, &server, MEMBER, &paper.code, &paper.server_key), 3, "no-network");
    village.middle.rule(|_, _| Act::Reply(Reply::new(200, "text/html", "<html>Silakan masuk wifi</html>")));
    assert_refused(&village.phone.script(&["sync"]), 3, "not-a-server");
    assert_said(&village.phone.run(&["sync"]), 3);
    assert_refused(&enrol(&phone, &server, MEMBER, &paper.code, &paper.server_key), 3, "not-a-server");
    assert_eq!(village.phone.balance(), shown);
    assert_eq!(village.phone.verify()["ok"], true);

    // The answer to an enrolment is lost after the server made the device: the same code works again.
    village.middle.rule_for("enrolments", |request, upstream| {
        assert_eq!(upstream.send(request).unwrap().status, 200);
        Act::HangUp
    });
    assert_refused(&enrol(&phone, &server, MEMBER, &paper.code, &paper.server_key), 3, "no-network");
    village.middle.pass();
    assert_eq!(enrol(&phone, &server, MEMBER, &paper.code, &paper.server_key).status, 0);
    assert_eq!(village.office.devices().len(), 2, "one device of each phone");
    assert_eq!(phone.sync()["complete"], true);
    assert_eq!(village.phone.sync()["complete"], true);
}

#[test]
fn what_is_not_understood_is_usage_in_both_programs() {
    let scratch = Scratch::new("usage");
    let (phone, office) = (Phone::new(&scratch, "phone"), Office::new(&scratch, "office"));
    for line in [
        "",
        "saldo",
        "sync now",
        "balance --limit 5",
        "transactions",
        "loan",
        "loan pay",
        "card",
        "card verify",
        "enrol",
    ] {
        let given: Vec<_> = line.split_whitespace().collect();
        assert_refused(&phone.script(&given), 2, "usage");
        assert_said(&phone.run(&given), 2);
    }
    for line in [
        "",
        "impor x",
        "import",
        "activate",
        "requests",
        "requests decide",
        "requests decide 01a20bf1-03a3-735c-8650-6a9d2faf02c1 --officer A",
        "serve --tls-cert x",
        "federation",
    ] {
        let given: Vec<_> = line.split_whitespace().collect();
        let refused = office.run(&given);
        assert_eq!((refused.status, refused.code().as_str()), (2, "usage"), "{line}");
    }
    let other = run(office.command(&["requests", "list"]).args(["--database", "postgres://localhost/x"]));
    assert_eq!((other.status, other.code().as_str()), (2, "usage"));
    assert!(!office.database().exists(), "nothing is made by a mistake");
}

#[test]
fn a_value_that_is_none_is_refused_in_both_programs() {
    let village = Village::synced("values", 300, 2, 1);
    let request = |product: &str, principal: &str, periods: &str| {
        let given = [
            "loan",
            "request",
            "--product",
            product,
            "--principal",
            principal,
            "--periods",
            periods,
            "--purpose",
            "usaha",
        ];
        village.phone.script(&given)
    };
    for (product, principal, periods, code) in [
        ("PF", "satu juta", "12", "invalid-input"),
        ("PF", "-1000000", "12", "invalid-input"),
        ("PF", "0", "12", "invalid-input"),
        ("PF", "1000000.001", "12", "invalid-input"),
        ("PF", "1000000", "0", "invalid-input"),
        ("PF", "1000000", "100000", "invalid-input"),
        ("PF", "1", "12", "invalid-input"),
        ("PF", "999999999999", "12", "invalid-input"),
        ("TIADA", "1000000", "12", "unknown"),
    ] {
        assert_refused(&request(product, principal, periods), 1, code);
    }
    assert_eq!(village.phone.json(&["loan", "requests"])["requests"], json!([]), "nothing was saved");
    assert_refused(&village.phone.script(&["transactions", "--account", "SP-9"]), 1, "unknown");
    assert_refused(&village.phone.script(&["loan", "transactions", "SP-000001"]), 1, "unknown");
    assert_refused(&village.phone.script(&["loan", "cancel", "01a20bf1-03a3-735c-8650-6a9d2faf02c1"]), 1, "unknown");
    assert_refused(&village.phone.script(&["balance", "--profile", "contoh/A000002"]), 1, "unknown");

    let id = "01a20bf1-03a3-735c-8650-6a9d2faf02c1";
    for (given, code) in [
        (&["activate", "--member", "A999"][..], "unknown"),
        (&["requests", "decide", id, "--approve", "--officer", "Petugas"], "unknown"),
        (&["requests", "decide", "satu", "--approve", "--officer", "Petugas"], "invalid-input"),
        (&["member", "suspend", "A999", "--officer", "Petugas"], "unknown"),
        (&["device", "revoke", id], "unknown"),
    ] {
        let refused = village.office.run(given);
        assert_eq!((refused.status, refused.code().as_str()), (1, code), "{given:?}");
    }
}
