//! When instalments fall due: the same day every month, or the month's last day where it has no such day.

use super::MAX_PERIODS;
use crate::domain::{CivilDate, Invalid};

/// The day a loan is paid out and the day its first instalment falls due. Every later due date follows from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoanDates {
    disbursed_on: CivilDate,
    first_due_on: CivilDate,
    /// The day of the month that due dates keep.
    day: u8,
}

impl LoanDates {
    /// The first instalment falls due after the loan is paid out.
    pub fn new(disbursed_on: CivilDate, first_due_on: CivilDate) -> Result<Self, Invalid> {
        if first_due_on <= disbursed_on {
            return Err(Invalid("the first instalment falls due after the loan is paid out"));
        }
        let lent = day_of(disbursed_on);
        let is_a_month_later = disbursed_on.in_month(1, lent) == Ok(first_due_on);
        let day = if is_a_month_later { lent } else { day_of(first_due_on) };
        Ok(Self { disbursed_on, first_due_on, day })
    }

    /// Both days as given, or the one that is not given a month from the other; `None` where neither is.
    pub fn of(disbursed_on: Option<CivilDate>, first_due_on: Option<CivilDate>) -> Result<Option<Self>, Invalid> {
        match (disbursed_on, first_due_on) {
            (None, None) => Ok(None),
            (Some(disbursed_on), None) => Self::disbursed(disbursed_on).map(Some),
            (None, Some(first_due_on)) => Self::first_due(first_due_on).map(Some),
            (Some(disbursed_on), Some(first_due_on)) => Self::new(disbursed_on, first_due_on).map(Some),
        }
    }

    /// The first instalment a month after the loan is paid out.
    pub fn disbursed(on: CivilDate) -> Result<Self, Invalid> {
        Self::new(on, on.in_month(1, day_of(on))?)
    }

    /// Paid out a month before the first instalment.
    pub fn first_due(on: CivilDate) -> Result<Self, Invalid> {
        Self::new(on.in_month(-1, day_of(on))?, on)
    }

    /// The day the loan is paid out.
    pub fn disbursed_on(self) -> CivilDate {
        self.disbursed_on
    }

    /// The day instalment `number` (from 1) falls due. Number 0 is the day the loan is paid out.
    ///
    /// The day of the month is kept and clamped at a month's end (31 January, 28 February, 31 March). Where the first due
    /// date is itself such a clamped one, a month after a loan of the 31st, the 31st is kept.
    pub fn due(self, number: u32) -> Result<CivilDate, Invalid> {
        match number {
            0 => Ok(self.disbursed_on),
            number if number > MAX_PERIODS => Err(Invalid("a loan is repaid in 1 to 600 months")),
            number => self.first_due_on.in_month(number as i32 - 1, self.day),
        }
    }
}

fn day_of(date: CivilDate) -> u8 {
    date.year_month_day().2
}
