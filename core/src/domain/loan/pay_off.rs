//! Early settlement: what ends the loan on a given day.

use super::rounding::{Ratio, TO_THE_SEN};
use super::{RoundingPlace, Schedule, TOO_LARGE};
use crate::domain::{CivilDate, Invalid, Money};

/// What settles a loan on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PayOff {
    /// The day.
    pub on: CivilDate,
    /// The principal still owed.
    pub outstanding: Money,
    /// Jasa since the last instalment that was paid.
    pub interest: Money,
    /// Both.
    pub amount: Money,
}

impl Schedule {
    /// What settles the loan `on` a day when the first `paid` instalments were paid on their due dates: the outstanding and
    /// the running period's interest for its days gone by. Instalments that fell due unpaid owe their whole interest.
    ///
    /// Needs dates. The day is not before the last paid instalment's.
    pub fn pay_off(&self, on: CivilDate, paid: u32) -> Result<PayOff, Invalid> {
        if paid > self.plan().periods() {
            return Err(Invalid("there are fewer instalments than were said to be paid"));
        }
        let dates = self.plan().dates().ok_or(Invalid("a day to pay off needs the dates of the loan"))?;
        let since = dates.due(paid)?;
        if on < since {
            return Err(Invalid("the day to pay off is not before the last paid instalment"));
        }
        let last = paid.checked_sub(1).and_then(|index| self.instalments().get(index as usize));
        let outstanding = last.map_or(self.plan().principal(), |row| row.outstanding);
        let interest = if paid == self.plan().periods() {
            Money::ZERO
        } else if self.plan().is_by_day() {
            let base = self.plan().interest_base(outstanding);
            self.round_part(self.plan().interest_of_days(since.days_until(on), base))?
        } else {
            self.interest_by_months(on, since, paid)?
        };
        let amount = outstanding.checked_add(interest).ok_or(TOO_LARGE)?;
        Ok(PayOff { on, outstanding, interest, amount })
    }

    /// Whole periods that ended, and the running one in proportion to its days gone by.
    fn interest_by_months(&self, on: CivilDate, since: CivilDate, paid: u32) -> Result<Money, Invalid> {
        let (mut interest, mut from) = (Money::ZERO, since);
        for row in &self.instalments()[paid as usize..] {
            let Some(due) = row.due_on else { break };
            let part = if on >= due {
                row.interest
            } else {
                let (gone, days) = (from.days_until(on).max(0), from.days_until(due));
                self.round_part(Ratio::new(i128::from(row.interest.sen()) * i128::from(gone), days.into()))?
            };
            interest = interest.checked_add(part).ok_or(TOO_LARGE)?;
            if on <= due {
                break;
            }
            from = due;
        }
        Ok(interest)
    }

    /// A part of a period's interest, rounded as interest is in this product.
    pub(super) fn round_part(&self, exact: Ratio) -> Result<Money, Invalid> {
        let rounding = self.plan().terms().rounding;
        match rounding.applies_to() {
            RoundingPlace::Component => rounding.round(exact),
            RoundingPlace::Instalment => TO_THE_SEN.round(exact),
        }
    }
}
