//! Generated books are the same for the same seed, exactly as large as asked, and add up.

#![allow(clippy::unwrap_used, reason = "a test stops where its own set-up fails")]

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};

use anggota_books::{Error, LAST_DAY, Options, Summary, generate};
use proptest::prelude::*;
use serde_json::Value;

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn options(seed: u64, entries: u64, accounts: u32, loans: u32) -> Options {
    Options { seed, entries, accounts, loans, ..Options::default() }
}

fn generated(name: &str, options: &Options) -> (Summary, PathBuf) {
    let out = folder(name);
    (generate(options, &out).unwrap(), out)
}

type Row = HashMap<String, String>;

fn rows(folder: &Path, file: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(folder.join(file)).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

/// Sen, read by a grammar of its own.
fn sen(amount: &str) -> i64 {
    let (whole, rest) = amount.split_once('.').unwrap_or((amount, "00"));
    assert_eq!(rest.len(), 2, "{amount}");
    let sign = if amount.starts_with('-') { -1 } else { 1 };
    whole.parse::<i64>().unwrap() * 100 + sign * rest.parse::<i64>().unwrap()
}

/// What the rows of one account or loan add up to.
#[derive(Default)]
struct Running {
    posted_on: String,
    sum: i64,
    rows: Vec<[i64; 3]>,
    reversed: HashSet<usize>,
}

impl Running {
    /// Takes a row in: dates never back, the sum never below zero, reversals exact and only once.
    fn take(&mut self, row: &Row, changes: [i64; 3]) {
        assert!(self.posted_on <= row["posted_on"], "{row:?}");
        assert!(row["posted_on"].as_str() <= LAST_DAY, "{row:?}");
        self.posted_on.clone_from(&row["posted_on"]);
        self.sum += changes[0];
        assert!(self.sum >= 0, "{row:?}");
        assert_eq!(row["kind"] == "reversal", !row["reverses"].is_empty(), "{row:?}");
        if row["kind"] == "reversal" {
            let named = row["reverses"].parse::<usize>().unwrap() - 1;
            assert_eq!(self.rows[named].map(|a| -a), changes, "{row:?}");
            // Neither twice, nor a reversal, which is put among the reversed.
            assert!(self.reversed.insert(named), "{row:?}");
            self.reversed.insert(self.rows.len());
        }
        self.rows.push(changes);
    }
}

fn savings(folder: &Path) -> BTreeMap<String, Running> {
    let mut accounts = BTreeMap::<String, Running>::new();
    for row in rows(folder, "savings_entries.csv") {
        let account = accounts.entry(row["account_no"].clone()).or_default();
        account.take(&row, [sen(&row["amount"]), 0, 0]);
        assert_eq!(sen(&row["balance"]), account.sum, "{row:?}");
    }
    accounts
}

fn loans(folder: &Path) -> BTreeMap<String, Running> {
    let mut loans = BTreeMap::<String, Running>::new();
    for row in rows(folder, "loan_entries.csv") {
        let changes = ["principal", "interest", "late_charge"].map(|column| sen(&row[column]));
        loans.entry(row["loan_no"].clone()).or_default().take(&row, changes);
    }
    loans
}

/// Compares what was read back with `expected.json`, and both with the accounts' own file.
fn assert_expected(folder: &Path, part: &str, amount: &str, owners: (&str, &str), read: &BTreeMap<String, Running>) {
    let text = std::fs::read_to_string(folder.join("expected.json")).unwrap();
    let expected: Value = serde_json::from_str(&text).unwrap();
    let expected = expected[part].as_object().unwrap();
    let owners: BTreeMap<String, String> =
        rows(folder, owners.0).into_iter().map(|row| (row[owners.1].clone(), row["member_no"].clone())).collect();
    assert_eq!(expected.len(), owners.len());
    assert_eq!(read.len(), owners.len());
    for (number, running) in read {
        let one = &expected[number];
        assert_eq!(one["member_no"], *owners[number]);
        assert_eq!(one["seq"], running.rows.len());
        let value = one[amount].to_string();
        // serde_json reads 1.50 as the float 1.5, so only the value can be compared here.
        let value = if value.split_once('.').is_some_and(|(_, rest)| rest.len() == 1) { value + "0" } else { value };
        assert_eq!(sen(&value), running.sum, "{number}");
    }
}

fn assert_sound(summary: &Summary, folder: &Path, entries: u64) {
    let (savings, loans) = (savings(folder), loans(folder));
    assert_expected(folder, "savings", "balance", ("savings_accounts.csv", "account_no"), &savings);
    assert_expected(folder, "loans", "outstanding", ("loans.csv", "loan_no"), &loans);
    let count = |all: &BTreeMap<String, Running>| all.values().map(|r| r.rows.len() as u64).sum();
    let (of_savings, of_loans): (u64, u64) = (count(&savings), count(&loans));
    assert_eq!((summary.savings_entries, summary.loan_entries), (of_savings, of_loans));
    assert_eq!(of_savings + of_loans, entries);
    for loan in rows(folder, "loans.csv") {
        let entries = &loans[&loan["loan_no"]];
        let paid_out: i64 = entries.rows.iter().map(|r| r[0]).filter(|&p| p > 0).sum();
        // What reversals of repayments give back is no disbursement.
        let given_back: i64 = entries.reversed.iter().map(|&i| entries.rows[i][0].max(0)).sum();
        assert_eq!(paid_out - given_back, sen(&loan["principal"]));
        assert_eq!(loan["status"] == "paid", entries.sum == 0, "{loan:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn books_of_any_shape_add_up(
        seed in any::<u64>(),
        accounts in prop_oneof![1u32..=8, 9u32..200],
        loans in 0u32..60,
        more in prop_oneof![Just(0u64), 1u64..500, 500u64..8_000],
        members in prop_oneof![Just(None), (1u32..300).prop_map(Some)],
    ) {
        let entries = u64::from(accounts + loans) + more;
        let options = Options { members, ..options(seed, entries, accounts, loans) };
        let (summary, out) = generated("any", &options);
        prop_assert_eq!((summary.accounts, summary.loans), (accounts.into(), loans.into()));
        assert_sound(&summary, &out, entries);
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let (first, _) = generated("seed-a", &options(7, 3_000, 30, 9));
    let (second, _) = generated("seed-b", &options(7, 3_000, 30, 9));
    let (other, _) = generated("seed-c", &options(8, 3_000, 30, 9));
    assert_eq!(first, second);
    assert_ne!(first.sha256, other.sha256);
}

/// Published measurements name the books by this hash: a change here makes them incomparable.
#[test]
fn the_big_member_is_frozen() {
    let (summary, out) = generated("frozen", &Options::default());
    assert_eq!((summary.members, summary.accounts, summary.loans), (1, 4, 3));
    assert_sound(&summary, &out, 100_000);
    assert_eq!(summary.sha256, "0be6fb0fefbdc78c4c109747bc920456e4828c8dbc2ea0224f234f329ce37865");
}

#[test]
fn the_hash_is_that_of_the_files_in_the_order_of_their_names() {
    let (summary, out) = generated("hash", &options(3, 200, 5, 2));
    let mut names: Vec<PathBuf> = std::fs::read_dir(out).unwrap().map(|f| f.unwrap().path()).collect();
    names.retain(|path| path.extension().is_some_and(|e| e == "csv"));
    names.sort();
    let all: Vec<u8> = names.iter().flat_map(|path| std::fs::read(path).unwrap()).collect();
    let digest = ring::digest::digest(&ring::digest::SHA256, &all);
    assert_eq!(summary.sha256, data_encoding::HEXLOWER.encode(digest.as_ref()));
    assert_eq!(summary.csv_bytes, all.len() as u64);
}

#[test]
fn every_kind_appears_in_five_thousand_entries() {
    let of_savings = "deposit fee interest reversal tax transfer_in transfer_out withdrawal";
    let of_loans = "disbursement late_charge repayment reversal waiver";
    for (name, accounts, loans) in [("kinds-a", 1, 1), ("kinds-b", 4, 3), ("kinds-c", 60, 20)] {
        let (_, out) = generated(name, &options(1, 5_000, accounts, loans));
        for (file, all) in [("savings_entries.csv", of_savings), ("loan_entries.csv", of_loans)] {
            let mut kinds: Vec<String> = rows(&out, file).into_iter().map(|r| r["kind"].clone()).collect();
            kinds.sort();
            kinds.dedup();
            assert_eq!(kinds.join(" "), all, "{name}");
        }
    }
}

#[test]
fn every_product_type_and_method_is_used() {
    let (_, out) = generated("products", &options(1, 2_000, 40, 8));
    for (file, products) in [("savings_accounts.csv", "SB SP SS SW"), ("loans.csv", "PA PF PH PM")] {
        let mut codes: Vec<String> = rows(&out, file).into_iter().map(|r| r["product_code"].clone()).collect();
        codes.sort();
        codes.dedup();
        assert_eq!(codes.join(" "), products);
    }
}

/// PP 15/2009: no tax up to Rp240,000 of interest a member and month, above it 10% of the whole.
#[test]
fn interest_is_taxed_as_the_law_says() {
    let (_, out) = generated("tax", &options(5, 20_000, 100, 10));
    let accounts = rows(&out, "savings_accounts.csv");
    let owners: HashMap<_, _> = accounts.iter().map(|r| (&r["account_no"], &r["member_no"])).collect();
    let mut months = HashMap::<(&String, String), (i64, i64, i64)>::new();
    let entries = rows(&out, "savings_entries.csv");
    for row in &entries {
        let month = row["posted_on"][..7].to_owned();
        let (interest, tax, taxes) = months.entry((owners[&row["account_no"]], month)).or_default();
        match row["kind"].as_str() {
            "interest" => *interest += sen(&row["amount"]),
            "tax" => (*tax, *taxes) = (*tax - sen(&row["amount"]), *taxes + 1),
            _ => {}
        }
    }
    assert!(months.values().any(|m| m.1 > 0));
    for (month, (interest, tax, taxes)) in months {
        if interest > 24_000_000 {
            // Each account's tax is rounded to the sen.
            assert!((tax * 10 - interest).abs() <= 5 * taxes, "{month:?}: {interest} {tax}");
        } else {
            assert_eq!(tax, 0, "{month:?}");
        }
    }
}

#[test]
fn options_out_of_range_are_refused_before_anything_is_written() {
    let out = folder("refused");
    let id = |id: &str| Options { cooperative_id: id.to_owned(), ..options(1, 100, 4, 3) };
    let refused = [
        (options(1, 6, 4, 3), "--entries must be 7 to 10000000"),
        (options(1, 100, 0, 3), "--accounts must be 1 to 1000000"),
        (options(1, 100, 4, 1_000_001), "--loans must be 0 to 1000000"),
        (Options { members: Some(0), ..options(1, 100, 4, 3) }, "--members must be 1 to 1000000"),
        (id("Koperasi"), "--id must be 1 to 16 of a-z, 0-9 and dash"),
        (id("gunungpati-sejahtera"), "--id must be 1 to 16 of a-z, 0-9 and dash"),
        (Options { cooperative_name: " ".to_owned(), ..options(1, 100, 4, 3) }, "--name must be a name"),
    ];
    for (options, sentence) in refused {
        let error = generate(&options, &out).unwrap_err();
        assert!(matches!(error, Error::Option { .. }));
        assert_eq!(error.to_string(), sentence);
        assert!(!out.exists());
    }
}

/// 16 MB of address space hold the program, and not the 120 MB that it writes.
#[cfg(target_os = "linux")]
#[test]
fn a_million_entries_fit_in_memory_that_could_not_hold_them() {
    let out = folder("million");
    let limited = "ulimit -v 16384 && exec \"$0\" --seed 1 --entries 1000000 --accounts 4 --loans 3 \"$1\"";
    let program = env!("CARGO_BIN_EXE_anggota-books");
    let arguments = ["-c", limited, program];
    let output = std::process::Command::new("sh").args(arguments).arg(&out).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let written = std::fs::metadata(out.join("savings_entries.csv")).unwrap().len();
    std::fs::remove_dir_all(out).unwrap();
    assert!(written > 3 * 16_384 * 1_024, "{written}");
}
