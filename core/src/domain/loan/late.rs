//! What paying late costs (denda).

use super::rounding::Ratio;
use super::{RepaymentTerms, Schedule, TOO_LARGE};
use crate::domain::{CivilDate, Invalid, Money};

/// An instalment paid on a day, perhaps late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LatePayment {
    /// Its number.
    pub number: u32,
    /// The day it falls due.
    pub due_on: CivilDate,
    /// The day it is paid.
    pub paid_on: CivilDate,
    /// Days late; 0 in time.
    pub days: u32,
    /// The instalment.
    pub instalment: Money,
    /// Denda.
    pub late_charge: Money,
    /// Both.
    pub amount: Money,
}

impl RepaymentTerms {
    /// Denda on what is `overdue` by that many days: a thirtieth of the product's monthly fraction a day, rounded to the
    /// product's unit. Simple, never denda on denda.
    pub fn late_charge(&self, overdue: Money, days: u32) -> Result<Money, Invalid> {
        let monthly = i128::from(overdue.max(Money::ZERO).sen()) * i128::from(self.late_charge_rate.e8());
        self.rounding.round(Ratio::new(monthly * i128::from(days), 100_000_000 * 30))
    }
}

impl Schedule {
    /// What instalment `number` costs when it is paid on a day. Needs dates.
    pub fn late_payment(&self, number: u32, paid_on: CivilDate) -> Result<LatePayment, Invalid> {
        let row = self.page(number.max(1), 1).first().filter(|row| row.number == number);
        let row = row.ok_or(Invalid("the schedule has no instalment of this number"))?;
        let due_on = row.due_on.ok_or(Invalid("a late payment needs the dates of the loan"))?;
        let days = u32::try_from(due_on.days_until(paid_on)).unwrap_or(0);
        let late_charge = self.plan().terms().late_charge(row.total, days)?;
        let amount = row.total.checked_add(late_charge).ok_or(TOO_LARGE)?;
        Ok(LatePayment { number, due_on, paid_on, days, instalment: row.total, late_charge, amount })
    }
}
