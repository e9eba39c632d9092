//! The effective yearly rate, shown beside the nominal one: what a loan costs on the money that is still owed.

use rust_decimal::{Decimal, RoundingStrategy};

use super::{LoanPlan, unrounded};
use crate::domain::Invalid;

/// Decimals of an effective rate.
const DECIMALS: u32 = 6;
/// Newton's method doubles its digits; from 0 it needs about 20 steps even at a rate of 1,000% a month.
const MAX_STEPS: u32 = 100;

/// Twelve times the monthly rate at which the unrounded instalments are worth the principal today, as a fraction with 6
/// decimals (0.02 flat over 12 months: 0.417031). Not compounded. Periods count as months, whatever their days.
pub fn effective_yearly_rate(plan: &LoanPlan) -> Result<Decimal, Invalid> {
    let payments: Vec<_> = unrounded(plan)?.iter().map(|row| row.principal + row.interest).collect();
    let twelve = Decimal::from(12);
    let yearly =
        (monthly_rate(&payments) * twelve).round_dp_with_strategy(DECIMALS, RoundingStrategy::MidpointAwayFromZero);
    Ok(yearly.abs())
}

/// The rate at which `payments`, one a month, are worth 1 today.
///
/// Their worth falls with the rate and is convex in it, so Newton's steps from 0 come nearer from below and never pass.
fn monthly_rate(payments: &[Decimal]) -> Decimal {
    let enough = Decimal::new(1, 14);
    let mut rate = Decimal::ZERO;
    for _ in 0..MAX_STEPS {
        let discount = Decimal::ONE / (Decimal::ONE + rate);
        let (mut factor, mut worth, mut slope) = (Decimal::ONE, Decimal::ZERO, Decimal::ZERO);
        for (month, payment) in (1_u32..).zip(payments) {
            factor *= discount;
            let today = payment * factor;
            worth += today;
            slope += today * discount * Decimal::from(month);
        }
        let step = (worth - Decimal::ONE) / slope;
        rate += step;
        if step < enough {
            break;
        }
    }
    rate
}
