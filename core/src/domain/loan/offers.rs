//! Two offers side by side.

use rust_decimal::Decimal;

use super::{Schedule, TOO_LARGE, effective_yearly_rate};
use crate::domain::{Invalid, Money};

/// What tells one offer from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// Jasa in all.
    pub total_interest: Money,
    /// Everything that is paid.
    pub total: Money,
    /// The largest instalment.
    pub largest_instalment: Money,
    /// The number of instalments.
    pub periods: u32,
    /// A fraction with 6 decimals.
    pub effective_yearly_rate: Decimal,
}

impl Offer {
    /// The figures of a schedule.
    pub fn of(schedule: &Schedule) -> Result<Self, Invalid> {
        Ok(Self {
            total_interest: schedule.total_interest(),
            total: schedule.total(),
            largest_instalment: schedule.largest_instalment(),
            periods: schedule.plan().periods(),
            effective_yearly_rate: effective_yearly_rate(schedule.plan())?,
        })
    }
}

/// Two offers, and how much more the second one asks than the first (negative: less).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// The first.
    pub first: Offer,
    /// The second.
    pub second: Offer,
    /// More jasa in all.
    pub more_interest: Money,
    /// More to pay in the heaviest month.
    pub more_a_month: Money,
    /// The second's effective yearly rate less the first's. Where amount or term differ this tells which money is dearer.
    pub higher_rate: Decimal,
}

impl Comparison {
    /// Compares two schedules.
    pub fn of(first: &Schedule, second: &Schedule) -> Result<Self, Invalid> {
        let (first, second) = (Offer::of(first)?, Offer::of(second)?);
        let more = |a: Money, b: Money| b.checked_sub(a).ok_or(TOO_LARGE);
        Ok(Self {
            first,
            second,
            more_interest: more(first.total_interest, second.total_interest)?,
            more_a_month: more(first.largest_instalment, second.largest_instalment)?,
            higher_rate: second.effective_yearly_rate - first.effective_yearly_rate,
        })
    }
}
