//! `loan simulate` with terms given in full: no enrolment, no network.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use serde_json::{Value, json};
use support::{Folder, Run, run};

fn simulate(line: &str) -> Run {
    run(&Folder::new(), ["loan", "simulate", "--json"].into_iter().chain(line.split_whitespace()))
}

#[track_caller]
fn document(line: &str) -> Value {
    let run = simulate(line);
    assert_eq!(run.status, 0, "{line}: {}", run.stdout);
    run.document()
}

/// apache/fineract ClientLoanIntegrationTest.java, verifyLoanRepaymentSchedule.
#[test]
fn an_annuity_has_its_public_figures() {
    let told = document(
        "--method anuitas --principal 12000 --rate 0.02 --periods 4 --first-due 2011-10-20 --rounding-unit 0.01",
    );
    let first = json!({"number": 1, "due": "2011-10-20", "principal": "2911.49", "interest": "240.00", "total": "3151.49",
        "outstanding": "9088.51"});
    assert_eq!(told["instalments"][0], first);
    assert_eq!(told["instalments"][3]["outstanding"], "0.00");
    assert_eq!((&told["total_interest"], &told["total"]), (&json!("605.94"), &json!("12605.94")));
    assert_eq!((&told["nominal_yearly_rate"], &told["effective_yearly_rate"]), (&json!("0.24"), &json!("0.240000")));
    assert!(told.get("pay_off").is_none());
}

#[test]
fn without_dates_nothing_is_due_and_the_rest_is_told() {
    let told = document("--method flat --principal 12000000 --rate 0.02 --periods 12");
    assert!(told["instalments"][0].get("due").is_none());
    assert_eq!(told["effective_yearly_rate"], "0.417031");
    assert_eq!(told["instalments"].as_array().unwrap().len(), 12);
}

#[test]
fn a_date_gives_the_others() {
    let flat = "--method flat --principal 1200 --rate 0.01 --periods 3";
    let dues = |options: &str| {
        let told = document(&format!("{flat} {options}"));
        told["instalments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|row| row["due"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(dues("--disbursed 2023-01-31"), ["2023-02-28", "2023-03-31", "2023-04-30"]);
    assert_eq!(dues("--first-due 2023-01-31"), ["2023-01-31", "2023-02-28", "2023-03-31"]);
    assert_eq!(dues("--disbursed 2023-01-05 --first-due 2023-02-20"), ["2023-02-20", "2023-03-20", "2023-04-20"]);
}

/// cu-sehati.com, pinjaman dengan pembayaran tidak tetap.
#[test]
fn harian_counts_days_and_rounds_as_told() {
    let told = document(
        "--method harian --principal 5000000 --rate 0.0175 --periods 12 --disbursed 2024-01-07 --first-due 2024-02-05 \
         --rounding-unit 100 --rounding-mode up",
    );
    assert_eq!(told["instalments"][0]["interest"], "84600.00");
}

#[test]
fn paying_off_counts_the_running_periods_days() {
    let line = "--method anuitas --principal 12000 --rate 0.02 --periods 4 --first-due 2024-02-15 --rounding-unit 0.01 \
                --pay-off 2024-02-29 --paid 1";
    let pay_off = json!({"date": "2024-02-29", "outstanding": "9088.51", "interest": "87.75", "amount": "9176.26"});
    assert_eq!(document(line)["pay_off"], pay_off);
}

#[test]
fn paying_late_costs_its_days() {
    let line = "--method flat --principal 9000000 --rate 0.01 --periods 12 --first-due 2024-02-15 --late-charge-rate 0.03 \
                --pay-late 2024-02-25";
    let late = &document(line)["late_payment"];
    assert_eq!(
        (&late["days"], &late["late_charge"], &late["amount"]),
        (&json!(10), &json!("8400.00"), &json!("848400.00"))
    );
}

#[test]
fn rounding_and_grace_are_options() {
    let told = document(
        "--method flat --principal 1250 --rate 0.01 --periods 4 --grace 1 --rounding-applies-to instalment --rounding-mode nearest",
    );
    let totals: Vec<_> = told["instalments"].as_array().unwrap().iter().map(|row| row["total"].clone()).collect();
    assert_eq!(totals, ["12.50", "429.00", "429.00", "429.50"]);
}

#[test]
fn terms_without_a_schedule_are_refused_in_a_sentence_that_says_what_to_do() {
    for line in [
        "--method flat --principal 0 --rate 0.01 --periods 3",
        "--method flat --principal 100 --rate 0.01 --periods 601",
        "--method flat --principal 100 --rate 0.01 --periods 3 --grace 3",
        "--method flat --principal 100 --rate 0.01 --periods 3 --rounding-unit 0",
        "--method flat --principal 100 --rate 0.01 --periods 3 --first-due 2024-01-01 --disbursed 2024-01-01",
        "--method flat --principal 100 --rate 0.01 --periods 3 --first-due 2199-12-01",
        "--method flat --principal 100 --rate 0.01 --periods 3 --first-due 2024-01-01 --pay-off 2024-01-05 --paid 4",
        "--method flat --principal 100 --rate 0.01 --periods 3 --first-due 2024-01-01 --pay-off 2024-01-05 --paid 3",
        "--method flat --principal 100 --rate 0.01 --periods 3 --first-due 2024-01-01 --pay-late 2024-06-05 --paid 3",
        "--method flat --principal 999999999999999.99 --rate 0.01 --periods 3",
    ] {
        let refused = simulate(line);
        assert_eq!((refused.status, refused.code().as_str()), (1, "invalid-input"), "{line}");
        let said = refused.document()["error"]["message"].as_str().unwrap().to_owned();
        let general = simulate("--method flat --principal 1 --rate 99 --periods 1").document();
        assert_ne!(said, general["error"]["message"].as_str().unwrap(), "{line}");
        assert!(said.ends_with('.'), "{said}");
    }
}

#[test]
fn people_read_it_in_indonesian() {
    let folder = Folder::new();
    let line = "loan simulate --method flat --principal 9000000 --rate 0.01 --periods 12 --first-due 2026-12-15";
    let text = run(&folder, line.split_whitespace()).stdout;
    for said in ["Rp840.000", "Angsuran ke-12", "15 November 2027", "Jasa efektif setahun"] {
        assert!(text.contains(said), "{said} in {text}");
    }
}
