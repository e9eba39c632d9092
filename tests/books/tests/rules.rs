//! `tests/interop/books_rules.py` passes good books and finds each broken rule. Skipped, with a line that
//! says so, where there is no Python.

#![allow(clippy::unwrap_used, reason = "a test stops where its own set-up fails")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anggota_books::{Options, generate};

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What the checker prints for a folder, and whether it passes it.
fn check(folder: &Path) -> (bool, String) {
    let checker = repository().join("tests/interop/books_rules.py");
    let arguments = ["--today", "2026-10-31"];
    let output = Command::new("python3").arg(checker).arg(folder).args(arguments).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains(" passed, "), "{}", String::from_utf8_lossy(&output.stderr));
    (output.status.success(), text)
}

fn has_python() -> bool {
    let found = Command::new("python3").arg("--version").output().is_ok_and(|o| o.status.success());
    if !found {
        let _told = writeln!(std::io::stderr(), "skipped: python3 is not installed");
    }
    found
}

fn books(name: &str, accounts: u32) -> PathBuf {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let options = Options { seed: 11, entries: 1_200, accounts, loans: 6, ..Options::default() };
    generate(&options, &out).unwrap();
    out
}

#[test]
fn generated_books_and_the_sample_books_obey_every_rule() {
    if !has_python() {
        return;
    }
    let sample = repository().join("cli/demo-books");
    for folder in [books("one-member", 4), books("members", 40), sample] {
        let (passed, text) = check(&folder);
        assert!(passed, "{}: {text}", folder.display());
    }
}

/// Changes one value in the last row where `column` has `value`.
struct Change {
    rule: &'static str,
    file: &'static str,
    find: (&'static str, &'static str),
    set: (&'static str, &'static str),
}

#[rustfmt::skip]
const CHANGES: [Change; 32] = {
    const fn change(
        rule: &'static str,
        file: &'static str,
        find: (&'static str, &'static str),
        set: (&'static str, &'static str),
    ) -> Change {
        Change { rule, file, find, set }
    }
    const SAVINGS: &str = "savings_entries.csv";
    const LOANS: &str = "loan_entries.csv";
    [
        change("required", "members.csv", ("status", "active"), ("name", "")),
        change("one-cooperative", "cooperative.csv", ("id", "contoh"), ("time_zone", "UTC")),
        change("one-cooperative", "cooperative.csv", ("id", "contoh"), ("books_version", "2")),
        change("cooperative-id", "cooperative.csv", ("id", "contoh"), ("id", "KSP")),
        change("choices", SAVINGS, ("kind", "fee"), ("kind", "gift")),
        change("dates", SAVINGS, ("kind", "fee"), ("posted_on", "2024-02-30")),
        change("dates", SAVINGS, ("kind", "fee"), ("posted_on", "20240201")),
        change("amounts", SAVINGS, ("kind", "fee"), ("amount", "-1e3")),
        change("amounts", SAVINGS, ("kind", "fee"), ("amount", "-1.005")),
        change("rates", "loan_products.csv", ("code", "PF"), ("rate_per_period", "0.123456789")),
        change("rates", "loan_products.csv", ("code", "PF"), ("rate_per_period", "1%")),
        change("counts", "loans.csv", ("product_code", "PF"), ("periods", "0")),
        change("caps", "loan_products.csv", ("code", "PF"), ("rate_per_period", "0.021")),
        change("caps", "loans.csv", ("product_code", "PF"), ("rate_per_period", "0.021")),
        change("caps", "savings_products.csv", ("code", "SS"), ("yearly_rate", "0.091")),
        change("unique", "savings_products.csv", ("code", "SS"), ("code", "SW")),
        change("numbers", "savings_accounts.csv", ("product_code", "SS"), ("account_no", "SS 1")),
        change("references", SAVINGS, ("kind", "fee"), ("account_no", "SS-999999")),
        change("references", "loans.csv", ("product_code", "PF"), ("member_no", "A999999")),
        change("candidates", "members.csv", ("status", "active"), ("status", "candidate")),
        change("order", SAVINGS, ("kind", "fee"), ("posted_on", "2010-01-01")),
        change("period", SAVINGS, ("kind", "fee"), ("posted_on", "2026-11-01")),
        change("period", "loans.csv", ("product_code", "PF"), ("disbursed_on", "2026-10-31")),
        change("savings-signs", SAVINGS, ("kind", "deposit"), ("amount", "-1")),
        change("savings-signs", SAVINGS, ("kind", "deposit"), ("amount", "0")),
        change("savings-floor", SAVINGS, ("kind", "fee"), ("amount", "-999999999999")),
        change("savings-balance", SAVINGS, ("kind", "fee"), ("balance", "0.01")),
        change("loan-signs", LOANS, ("kind", "repayment"), ("interest", "1")),
        change("loan-first", LOANS, ("kind", "disbursement"), ("kind", "waiver")),
        change("loan-principal", "loans.csv", ("product_code", "PF"), ("principal", "1")),
        change("loan-floor", LOANS, ("kind", "repayment"), ("principal", "-999999999999")),
        change("reverses", SAVINGS, ("kind", "reversal"), ("reverses", "")),
    ]
};

fn read(path: &Path) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let own = |r: &csv::StringRecord| r.iter().map(str::to_owned).collect::<Vec<_>>();
    let header = own(reader.headers().unwrap());
    (header, reader.records().map(|r| own(&r.unwrap())).collect())
}

fn write(path: &Path, header: &[String], rows: &[Vec<String>]) {
    let mut writer = csv::Writer::from_path(path).unwrap();
    writer.write_record(header).unwrap();
    rows.iter().for_each(|row| writer.write_record(row).unwrap());
    writer.flush().unwrap();
}

#[test]
fn each_broken_rule_is_found() {
    if !has_python() {
        return;
    }
    let folder = books("broken", 40);
    for Change { rule, file, find, set } in CHANGES {
        let path = folder.join(file);
        let good = std::fs::read(&path).unwrap();
        let (header, mut rows) = read(&path);
        let place = |column: &str| header.iter().position(|c| c == column).unwrap();
        let row = rows.iter().rposition(|row| row[place(find.0)] == find.1).unwrap();
        rows[row][place(set.0)] = set.1.to_owned();
        write(&path, &header, &rows);
        assert_found(&folder, rule);
        std::fs::write(&path, good).unwrap();
    }
    assert!(check(&folder).0);
}

fn assert_found(folder: &Path, rule: &str) {
    let (passed, text) = check(folder);
    assert!(!passed && text.contains(&format!("FAILED {rule}:")), "{rule}: {text}");
}

#[test]
fn broken_files_and_reversals_are_found() {
    if !has_python() {
        return;
    }
    let folder = books("broken-files", 40);
    let members = folder.join("members.csv");
    let good = std::fs::read_to_string(&members).unwrap();
    for (rule, text) in [
        ("csv", good.clone() + "A999999\n"),
        ("csv", good.clone() + "A999999,\"open\n"),
        ("columns", good.replacen("phone", "fax", 1)),
        ("columns", good.replacen("phone", "name", 1)),
        ("columns", good.replacen("joined_on", "phone", 1)),
    ] {
        std::fs::write(&members, text).unwrap();
        assert_found(&folder, rule);
    }
    std::fs::remove_file(&members).unwrap();
    assert_found(&folder, "files");
    std::fs::write(&members, format!("\u{feff}{}", good.replace('\n', "\r\n"))).unwrap();
    assert!(check(&folder).0, "a byte order mark and CRLF are accepted");

    // Accounts and loans share one number space.
    let path = folder.join("loans.csv");
    let (header, rows) = read(&path);
    let mut changed = rows.clone();
    changed[0][0].clone_from(&read(&folder.join("savings_accounts.csv")).1[0][0]);
    write(&path, &header, &changed);
    assert_found(&folder, "unique");
    write(&path, &header, &rows);

    // A reversal by another amount, and one of a row that is reversed already.
    let path = folder.join("savings_entries.csv");
    let (header, rows) = read(&path);
    let reversal = rows.iter().position(|row| row[2] == "reversal").unwrap();
    let mut changed = rows.clone();
    changed[reversal][3] = "-1".to_owned();
    write(&path, &header, &changed);
    assert_found(&folder, "reverses-exactly");
    let mut changed = rows.clone();
    changed.insert(reversal + 1, rows[reversal].clone());
    write(&path, &header, &changed);
    assert_found(&folder, "reverses-once");
    write(&path, &header, &rows);

    // Other figures than the books'.
    let path = folder.join("expected.json");
    let good = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, good.replacen("\"seq\": ", "\"seq\": 1", 1)).unwrap();
    assert_found(&folder, "expected");
}
