//! The sample books that `anggota demo` imports read like real ones: loans follow their product's
//! arithmetic to the rupiah, interest is taxed as the law says, and two members show every kind.

#![allow(clippy::unwrap_used, reason = "a test stops where its own set-up fails")]

use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};

use rust_decimal::{Decimal, RoundingStrategy};

type Row = HashMap<String, String>;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cli/demo-books")
}

fn rows(file: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(folder().join(file)).unwrap();
    reader.deserialize().map(Result::unwrap).collect()
}

fn rupiah(amount: &str) -> Decimal {
    amount.parse().unwrap()
}

fn nearest(amount: Decimal) -> Decimal {
    amount.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)
}

/// Principal and interest of each period, rounded to the nearest rupiah; the last row pays the rest.
fn schedule(method: &str, principal: Decimal, rate: Decimal, periods: u32) -> Vec<(Decimal, Decimal)> {
    let growth = (0..periods).fold(Decimal::ONE, |g, _| g * (Decimal::ONE + rate));
    let instalment = nearest(principal * rate * growth / (growth - Decimal::ONE));
    let mut outstanding = principal;
    let row = |k| {
        let base = if method == "flat" { principal } else { outstanding };
        let interest = nearest(base * rate);
        let part = match method {
            _ if k == periods => outstanding,
            "anuitas" => instalment - interest,
            _ => nearest(principal / Decimal::from(periods)),
        };
        outstanding -= part;
        (part, interest)
    };
    (1..=periods).map(row).collect()
}

#[test]
fn repayments_follow_the_product_to_the_rupiah() {
    let products = rows("loan_products.csv");
    let entries = rows("loan_entries.csv");
    let mut methods = BTreeSet::new();
    for loan in rows("loans.csv") {
        let product = products.iter().find(|p| p["code"] == loan["product_code"]).unwrap();
        let rate = rupiah(&product["rate_per_period"]);
        let periods = loan["periods"].parse().unwrap();
        let due = schedule(&product["method"], rupiah(&loan["principal"]), rate, periods);
        let own: Vec<_> = entries.iter().filter(|e| e["loan_no"] == loan["loan_no"]).collect();
        let reversed: Vec<_> = own.iter().map(|e| e["reverses"].as_str()).collect();
        let paid: Vec<_> = (1..)
            .zip(&own)
            .filter(|(row, e)| e["kind"] == "repayment" && !reversed.contains(&row.to_string().as_str()))
            .map(|(_, e)| (-rupiah(&e["principal"]), -rupiah(&e["interest"])))
            .collect();
        assert!(!paid.is_empty());
        assert_eq!(paid, due[..paid.len()], "{}", loan["loan_no"]);
        assert_eq!(loan["status"] == "paid", paid.len() == due.len(), "{}", loan["loan_no"]);
        methods.insert(product["method"].clone());
    }
    assert!(methods.iter().eq(["anuitas", "flat", "menurun"]));
}

#[test]
fn interest_above_240_000_a_month_is_taxed_and_none_below() {
    let accounts = rows("savings_accounts.csv");
    let owner = |no: &str| accounts.iter().find(|a| a["account_no"] == no).unwrap()["member_no"].clone();
    let mut months = HashMap::<(String, String), (Decimal, Decimal)>::new();
    for entry in rows("savings_entries.csv") {
        let month = entry["posted_on"][..7].to_owned();
        let sums = months.entry((owner(&entry["account_no"]), month)).or_default();
        match entry["kind"].as_str() {
            "interest" => sums.0 += rupiah(&entry["amount"]),
            "tax" => sums.1 -= rupiah(&entry["amount"]),
            _ => {}
        }
    }
    for (month, (interest, tax)) in months {
        let due = if interest > Decimal::from(240_000) { interest / Decimal::TEN } else { Decimal::ZERO };
        // Two accounts' taxes, each to the nearest rupiah.
        assert!((tax - due).abs() <= Decimal::ONE, "{month:?}: {interest} {tax}");
    }
}

#[test]
fn two_members_show_every_kind() {
    let (accounts, loans) = (rows("savings_accounts.csv"), rows("loans.csv"));
    let (savings, repayments) = (rows("savings_entries.csv"), rows("loan_entries.csv"));
    let kinds = |owners: &[Row], entries: &[Row], key: &str, member: &str| -> usize {
        let mine = |e: &&Row| owners.iter().any(|o| o[key] == e[key] && o["member_no"] == member);
        entries.iter().filter(mine).map(|e| e["kind"].clone()).collect::<BTreeSet<_>>().len()
    };
    for member in ["GP-001", "GP-002"] {
        assert_eq!(kinds(&accounts, &savings, "account_no", member), 8, "{member}");
        assert_eq!(kinds(&loans, &repayments, "loan_no", member), 5, "{member}");
    }
}

#[test]
fn members_are_of_each_standing() {
    let mut standings = rows("members.csv").into_iter().map(|m| m["status"].clone()).collect::<Vec<_>>();
    standings.sort();
    assert_eq!(standings.len(), 12);
    assert_eq!(standings[..1], ["active"]);
    assert_eq!(standings[10..], ["candidate", "suspended"]);
}

#[test]
fn the_books_stay_small() {
    let files = std::fs::read_dir(folder()).unwrap();
    let bytes: u64 = files.map(|f| f.unwrap().metadata().unwrap().len()).sum();
    assert!((30_000..=60_000).contains(&bytes), "{bytes}");
}
