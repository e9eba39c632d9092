//! What loans take of a month, against what is earned.

use super::*;
use crate::domain::{AccountNo, LoanHead, LoanProduct, LoanStatus, LoanTerms, Name, ProductCode};

fn product(code: &str) -> LoanProduct {
    LoanProduct {
        code: ProductCode::new(code).unwrap(),
        name: Name::new("Pinjaman").unwrap(),
        method: LoanMethod::Menurun,
        rate_per_period: "0.02".parse().unwrap(),
        version: 1,
        min_principal: None,
        max_principal: None,
        max_periods: None,
        repayment: to_the_sen(),
    }
}

/// 1,000,000 over 10 months at 2%: 120,000 in the first.
fn loan(code: &str) -> LoanHead {
    LoanHead {
        account: AccountNo::new("PB-1").unwrap(),
        seq: 1,
        outstanding: rp("900000"),
        hash: [1; 32],
        terms: LoanTerms {
            product: ProductCode::new(code).unwrap(),
            product_version: 1,
            method: LoanMethod::Menurun,
            principal: rp("1000000"),
            rate_per_period: "0.02".parse().unwrap(),
            periods: 10,
            disbursed_on: date("2024-01-15"),
            first_due_on: date("2024-02-15"),
        },
        status: LoanStatus::Active,
    }
}

#[test]
fn every_loan_that_runs_counts_by_its_largest_instalment_and_no_other() {
    let paid = LoanHead { status: LoanStatus::Paid, ..loan("PB") };
    let nothing_owed = LoanHead { outstanding: Money::ZERO, ..loan("PB") };
    let of_no_product = loan("XX");
    let loans = [loan("PB"), paid, nothing_owed, of_no_product, loan("PM")];
    let products = [product("PB"), product("PM")];
    let burden = Burden::of(&products[0], rp("500000"), 10, date("2024-06-01"), &loans, &products).unwrap();
    assert_eq!((burden.instalment(), burden.running_instalments()), (rp("60000"), rp("240000")));
    assert_eq!(burden.share_of(rp("900000")), Some(decimal("0.3333")));
    assert!(burden.check(rp("300000")).is_ok());
    assert!(burden.check(rp("299999.99")).is_err());
}

#[test]
fn what_no_amount_can_hold_is_refused() {
    let products = [product("PB")];
    assert!(Burden::of(&products[0], Money::MAX, 1, date("2024-06-01"), [], &products).is_err());
    let mut vast = loan("PB");
    (vast.terms.principal, vast.terms.periods) = (rp("333333333333333"), 1);
    let of = |loans: &[LoanHead]| Burden::of(&products[0], rp("1"), 1, date("2024-06-01"), loans, &products);
    assert!(of(&[vast.clone(), vast.clone()]).is_ok());
    assert!(of(&[vast.clone(), vast.clone(), vast]).is_err());
}
