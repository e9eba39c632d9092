//! A plan without any rounding: what the effective rate is reckoned from, and what sheets that round only for display
//! show. Fractions of the principal, so that they hold for any amount.

use rust_decimal::Decimal;

use super::LoanPlan;
use crate::domain::{Invalid, LoanMethod, Money};

/// An instalment as fractions of the principal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnroundedRow {
    /// Pokok.
    pub principal: Decimal,
    /// Jasa.
    pub interest: Decimal,
}

/// The instalments of `plan` as fractions of its principal, good to about 20 decimals.
pub fn unrounded(plan: &LoanPlan) -> Result<Vec<UnroundedRow>, Invalid> {
    let share = Decimal::ONE / Decimal::from(plan.principal_periods());
    let payment = annuity_share(plan);
    let mut outstanding = Decimal::ONE;
    let mut rows = Vec::with_capacity(plan.periods() as usize);
    for number in 1..=plan.periods() {
        let base = if plan.method() == LoanMethod::Flat { Decimal::ONE } else { outstanding };
        let interest = base * fraction(plan, number)?;
        let principal = if number == plan.periods() {
            outstanding
        } else if number <= plan.terms().grace_periods {
            Decimal::ZERO
        } else if plan.method() == LoanMethod::Anuitas {
            (payment - interest).max(Decimal::ZERO).min(outstanding)
        } else {
            share
        };
        outstanding -= principal;
        rows.push(UnroundedRow { principal, interest });
    }
    Ok(rows)
}

/// The fraction of what it is reckoned on that a period bears as interest.
fn fraction(plan: &LoanPlan, number: u32) -> Result<Decimal, Invalid> {
    Ok(plan.interest(number, Money::SEN)?.to_decimal())
}

/// The equal instalment of an annuity, in sen, not rounded.
pub(super) fn annuity(plan: &LoanPlan) -> Decimal {
    Decimal::from(plan.principal().sen()) * annuity_share(plan)
}

/// P*i / (1 - (1+i)^-n) for P = 1, as one over the sum of the discount factors: the same number, but without a
/// difference of two nearly equal ones, and 1/n for i = 0.
fn annuity_share(plan: &LoanPlan) -> Decimal {
    let step = Decimal::ONE / (Decimal::ONE + plan.rate_per_period().to_decimal());
    let (mut factor, mut sum) = (Decimal::ONE, Decimal::ZERO);
    for _ in 0..plan.principal_periods() {
        factor *= step;
        sum += factor;
    }
    Decimal::ONE / sum
}
