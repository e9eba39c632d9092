//! What loan arithmetic must give: figures of public sources, and what holds for every loan.

mod burden;
mod oracles;
mod progress;
mod properties;
mod settling;

use rust_decimal::Decimal;

use super::*;
use crate::domain::{CivilDate, LoanMethod, Money, Rate};

pub(super) fn rp(text: &str) -> Money {
    text.parse().unwrap()
}

pub(super) fn date(text: &str) -> CivilDate {
    text.parse().unwrap()
}

pub(super) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(super) fn rounding(unit: &str, mode: RoundingMode, applies_to: RoundingPlace) -> RepaymentTerms {
    RepaymentTerms { rounding: Rounding::new(rp(unit), mode, applies_to).unwrap(), ..RepaymentTerms::default() }
}

pub(super) fn to_the_sen() -> RepaymentTerms {
    rounding("0.01", RoundingMode::Nearest, RoundingPlace::Component)
}

pub(super) fn plan(method: LoanMethod, principal: &str, rate: &str, periods: u32, terms: RepaymentTerms) -> LoanPlan {
    let dates = LoanDates::first_due(date("2024-02-15")).unwrap();
    LoanPlan::new(method, rp(principal), rate.parse::<Rate>().unwrap(), periods, terms, Some(dates)).unwrap()
}

pub(super) fn schedule(
    method: LoanMethod,
    principal: &str,
    rate: &str,
    periods: u32,
    terms: RepaymentTerms,
) -> Schedule {
    Schedule::of(plan(method, principal, rate, periods, terms)).unwrap()
}
