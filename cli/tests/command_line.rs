//! What the program says and ends with before any store or network is in play.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use support::{Folder, program, run};

/// The commands that are built: help lists these and no others.
const COMMANDS: &[(&str, &[&str])] = &[
    (
        "",
        &[
            "demo",
            "enrol",
            "sync",
            "balance",
            "transactions",
            "verify",
            "evidence",
            "checkpoint",
            "loan",
            "savings",
            "card",
            "text",
            "watch",
        ],
    ),
    (
        "loan",
        &[
            "list",
            "transactions",
            "schedule",
            "reminders",
            "simulate",
            "check",
            "request",
            "reply",
            "draft",
            "requests",
            "cancel",
            "accept",
            "retry",
        ],
    ),
    ("loan draft", &["list", "save", "attach", "detach", "send", "delete"]),
    ("checkpoint", &["show", "compare"]),
    ("savings", &["interest", "deposit", "shu"]),
    ("card", &["show", "verify"]),
    ("text", &["terbilang", "rupiah", "nik", "qris"]),
];

#[test]
fn help_lists_exactly_what_is_built() {
    let home = Folder::new();
    for (group, commands) in COMMANDS {
        let help = run(&home, group.split_whitespace().chain(["--help"]));
        assert_eq!((help.status, help.stderr.as_str()), (0, ""));
        let listed: Vec<&str> = help
            .stdout
            .lines()
            .skip_while(|line| *line != "Perintah:")
            .skip(1)
            .take_while(|line| !line.is_empty())
            .filter_map(|line| line.split_whitespace().next())
            .collect();
        assert_eq!(&listed, commands, "{group}");
    }
}

#[test]
fn help_is_for_indonesians() {
    let home = Folder::new();
    for command in [
        "",
        "enrol",
        "transactions",
        "loan",
        "loan simulate",
        "loan schedule",
        "loan request",
        "loan cancel",
        "card verify",
    ] {
        let help = run(&home, command.split_whitespace().chain(["--help"])).stdout;
        for english in ["Usage", "Options", "OPTIONS", "Arguments", "Commands", "default", "possible", "Print"] {
            assert!(!help.contains(english), "{command}: {english} in {help}");
        }
    }
}

#[test]
fn what_is_not_understood_is_usage_in_words_and_in_json() {
    let home = Folder::new();
    for line in [
        "",
        "help",
        "loan",
        "loan simulate",
        "loan schedule",
        "loan simulate --method flat --principal 1000 --periods 2",
        "loan simulate --product PB --method flat --rate 0.01 --principal 1000 --periods 2",
        "loan simulate --method harian --rate 0.01 --principal 1000 --periods 2",
        "loan simulate --method flat --rate 0.01 --principal 1000 --periods 2 --day-count actual/365",
        "loan simulate --method flat --rate 0.01 --principal 1000 --periods 2 --pay-off 2024-01-01",
        "text",
        "text rupiah",
        "card challenge --verifier mart-01",
        "savings",
        "savings interest --months 3",
        "savings interest --months 3 --balance 5 --rate 0.03 --account A",
        "sync now",
        "sync --quickly",
        "transactions",
        "transactions --account",
        "enrol --server http://127.0.0.1:1/x --member 1 --code 1 --pin-file F --trust-on-first-use",
        "enrol --server http://127.0.0.1:1/x --member 1 --code 1 --server-key 0000000000000000000000000000000000000000000000000000000000000000 --trust-on-first-use",
        "card verify --text X --trust F",
        "card verify --image F --trust F --root F",
    ] {
        let words = run(&home, line.split_whitespace());
        assert_eq!((words.status, words.stdout.as_str()), (2, ""), "{line}");
        assert_eq!(words.stderr.lines().count(), 1, "{line}: {}", words.stderr);
        let json = run(&home, line.split_whitespace().chain(["--json"]));
        if !line.ends_with("--account") {
            assert_eq!((json.status, json.code().as_str()), (2, "usage"), "{line}");
        }
    }
}

#[test]
fn a_value_that_is_none_is_refused_by_its_field_and_never_repeated() {
    let home = Folder::new();
    let request = "loan request --product P --periods 12 --purpose usaha --principal";
    for (line, value, field) in [
        (request, "5jt", "principal"),
        (request, "-5.000", "principal"),
        ("transactions --account", "a/b", "account"),
        ("transactions --account A --limit", "-1", "limit"),
        ("transactions --account A --before", "0", "before"),
        ("loan transactions", "a_b", "loan_no"),
        ("loan schedule", "a_b", "loan_no"),
        ("loan simulate --principal 1 --periods 1 --rate 0.01 --method", "efektif", "method"),
        ("loan simulate --principal 1 --periods 1 --method flat --rate", "2%", "rate"),
        ("loan simulate --principal 1 --periods 1 --method flat --rate 0.01 --rounding-mode", "half", "rounding_mode"),
        ("loan simulate --principal 1 --periods 1 --method flat --rate 0.01 --first-due", "2024-02-30", "first_due"),
        ("loan simulate --principal 1 --periods 1 --method flat --rate 0.01 --day-count", "30E/360", "day_count"),
        ("savings interest --balance 1 --months 1 --rate", "3%", "rate"),
        ("savings interest --account A --months", "0", "months"),
        ("savings deposit --principal 1 --rate 0.06 --months 1 --opened", "2024-02-30", "opened"),
        ("loan cancel", "123", "request_id"),
        ("--profile", "sumber", "profile"),
        ("--lang", "jawa", "lang"),
        ("--level", "mudah", "level"),
        ("text terbilang", "1,5", "number"),
        ("text rupiah", "Rp5", "amount"),
        ("text nik", "337412170845000", "nik"),
        ("text qris", "KTA1:TEXT", "code"),
        ("enrol --server S --code 1 --member", " 1", "member"),
        ("enrol --server S --code 1 --member 1 --server-key", "00ff", "server_key"),
        ("card verify --text T --trust F --root F --at", "kemarin", "at"),
        ("card verify --text T --trust F --root F --audience", "kop:x", "audience"),
        ("card verify --text T --trust F --root F --nonce", "00", "nonce"),
    ] {
        let tail: &[&str] = if line.starts_with("--") { &["balance"] } else { &[] };
        let given = || line.split_whitespace().chain([value]).chain(tail.iter().copied());
        let json = run(&home, ["--json"].into_iter().chain(given()));
        assert_eq!((json.status, json.code().as_str()), (1, "invalid-input"), "{line}");
        assert_eq!(json.document()["error"]["field"], field, "{line}");
        let words = run(&home, given());
        assert_eq!((words.status, words.stdout.as_str()), (1, ""), "{line}");
        assert!(!words.stderr.contains(value) || value.len() < 3, "{line}: {}", words.stderr);
    }
}

#[test]
fn a_value_may_begin_with_a_hyphen() {
    let home = Folder::new();
    for line in [
        "loan transactions -1",
        "transactions --account -A",
        "loan request --product -P --principal 5 --periods 1 --purpose --modal",
    ] {
        let ended = run(&home, ["--json"].into_iter().chain(line.split_whitespace()));
        assert_eq!(ended.code(), "not-enrolled", "{line}");
    }
    assert_eq!(run(&home, ["loan", "transactions", "-1", "--json"]).code(), "not-enrolled");
}

#[test]
fn without_an_enrolment_nothing_is_shown_and_nothing_is_made() {
    let home = Folder::new();
    for line in [
        "sync",
        "balance",
        "verify",
        "transactions --account A",
        "loan list",
        "loan transactions A",
        "loan schedule A",
        "loan simulate --product PB --principal 1000 --periods 2",
        "loan requests",
        "loan request --product P --principal 1000 --periods 1 --purpose usaha",
        "loan cancel 01920000-0000-7000-8000-000000000000",
        "card show",
        "watch",
        "--profile handayani/1 balance",
    ] {
        let json = run(&home, line.split_whitespace().chain(["--json"]));
        assert_eq!((json.status, json.code().as_str()), (1, "not-enrolled"), "{line}");
        let words = run(&home, line.split_whitespace());
        assert_eq!((words.status, words.stdout.as_str()), (1, ""), "{line}");
        assert!(words.stderr.contains("enrol"), "{}", words.stderr);
    }
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0, "reading makes no folders");
}

#[test]
fn enrolment_without_a_reason_to_trust_is_refused() {
    let home = Folder::new();
    let line = "enrol --server http://127.0.0.1:1/handayani --member 1 --code 12345678 --json";
    let refused = run(&home, line.split_whitespace());
    assert_eq!((refused.status, refused.code().as_str()), (1, "trust-missing"));
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn a_folder_must_be_known() {
    let home = Folder::new();
    let mut lost = program(home.path());
    let lost = lost.env_clear().args(["balance", "--json"]).output().unwrap();
    assert_eq!(lost.status.code(), Some(2));
    assert!(String::from_utf8(lost.stdout).unwrap().contains("--data-dir"));
}

#[test]
fn the_log_has_a_level_and_never_a_document() {
    let home = Folder::new();
    let with_level = |level: &str| program(home.path()).env("ANGGOTA_LOG", level).args(["balance"]).output().unwrap();
    assert_eq!(with_level("loud").status.code(), Some(2));
    let traced = with_level("trace");
    assert_eq!((traced.status.code(), traced.stdout.as_slice()), (Some(1), &b""[..]));
}

#[test]
fn numbers_amounts_and_codes_are_said_without_an_enrolment() {
    let home = Folder::new();
    let said = |line: &str| {
        let words = run(&home, line.split_whitespace());
        assert_eq!((words.status, words.stderr.as_str()), (0, ""), "{line}");
        words.stdout.trim_end().to_owned()
    };
    for (line, text) in [
        ("text terbilang 1001000", "satu juta seribu"),
        ("text terbilang -12.5", "minus dua belas koma lima nol"),
        ("text terbilang 3000 --lang jv", "tigang ewu"),
        ("--lang en text terbilang 21", "twenty-one"),
        ("text rupiah 1500000", "Rp1.500.000"),
        ("text rupiah -1500000.50", "-Rp1.500.000,50"),
    ] {
        assert_eq!(said(line), text, "{line}");
        assert_eq!(
            run(&home, line.split_whitespace().chain(["--json"])).document(),
            serde_json::json!({ "text": text })
        );
    }
    let nik = run(&home, ["text", "nik", "3273016104790002", "--json"]).document();
    assert_eq!(nik, serde_json::json!({ "region": "32.73.01", "born_on": "1979-04-21", "woman": true }));
    assert!(said("--lang en text nik 3273016104790002").contains("a woman born on 21 April 1979"));
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn a_failure_is_told_in_the_language_that_was_asked_for() {
    let home = Folder::new();
    for (line, said) in [
        ("--lang en balance", "No member is enrolled on this device yet; run enrol first.\n"),
        (
            "balance --lang=jv",
            "Dereng wonten anggota ingkang kadhaptar ing piranti punika; mangga nindakaken enrol rumiyin.\n",
        ),
        ("balance", "Belum ada anggota yang terdaftar di perangkat ini; jalankan enrol lebih dahulu.\n"),
        ("--lang en text nik 1", "A NIK has 16 digits; 15 digits are still missing.\n"),
    ] {
        assert_eq!(run(&home, line.split_whitespace()).stderr, said, "{line}");
    }
}
