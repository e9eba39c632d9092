//! What a loan product says about repayment beyond method and rate, and what holds where it says nothing.
//! The one place of these defaults.

use super::{AllocationOrder, Rounding};
use crate::domain::Rate;
use crate::domain::product::words;

words!(
    /// How much of a year a period is.
    #[derive(Default)]
    DayCount, "a day count is 30/360 or actual/365", {
        /// Every period is a month of interest, the first one too, whatever its length.
        #[default]
        Thirty360 = 0 "30/360",
        /// Interest by the days of each period, of 365 a year; a short or long first period counts its own days.
        Actual365 = 1 "actual/365",
    }
);

/// Repayment terms of a product. The default is that of the books format: no grace, whole rupiah to the nearest, each
/// component, 30/360, denda before jasa before biaya before pokok, no late charge.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RepaymentTerms {
    /// The first so many periods pay interest only.
    pub grace_periods: u32,
    /// How amounts are rounded.
    pub rounding: Rounding,
    /// How much of a year a period is.
    pub day_count: DayCount,
    /// What a payment pays first.
    pub allocation: AllocationOrder,
    /// Late charge: this fraction of the overdue instalment a month, by the day (a thirtieth of it each).
    pub late_charge_rate: Rate,
}
