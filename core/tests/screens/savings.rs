//! Savings to show: a projection free of tax and one that is taxed, a term deposit, a year's SHU.

use anggota::domain::saving::{Maturity, Projection, ShuFigures, ShuShare, TermDeposit};

use super::money;

pub(super) fn projection(balance: &str) -> Projection {
    let (rate, from) = ("0.03".parse().unwrap(), "2026-11-24".parse().unwrap());
    Projection::of(money(balance), rate, from, 3).unwrap()
}

pub(super) fn deposit() -> (TermDeposit, Maturity) {
    let (rate, opened) = ("0.06".parse().unwrap(), "2026-08-31".parse().unwrap());
    let deposit = TermDeposit::new(money("100000000"), rate, opened, 6).unwrap();
    (deposit, deposit.maturity().unwrap())
}

/// beritaharianku.com/2900, Koperasi Alis Jaya.
pub(super) fn shu() -> ShuShare {
    let figures = ShuFigures {
        surplus: money("60000000"),
        business_share: "0.25".parse().unwrap(),
        capital_share: "0.2".parse().unwrap(),
        total_business: money("75000000"),
        total_capital: money("100000000"),
        member_business: money("5000000"),
        member_capital: money("2000000"),
    };
    figures.share().unwrap()
}
