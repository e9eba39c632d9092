//! What a schedule is reckoned from, checked once.

use super::rounding::Ratio;
use super::{DayCount, LoanDates, RepaymentTerms};
use crate::domain::{Invalid, LoanMethod, Money, Rate};

/// The most instalments of a loan: fifty years.
pub const MAX_PERIODS: u32 = 600;

/// A loan to be reckoned: how much, at which rate, over how many months, by which rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoanPlan {
    method: LoanMethod,
    principal: Money,
    rate_per_period: Rate,
    periods: u32,
    terms: RepaymentTerms,
    dates: Option<LoanDates>,
}

impl LoanPlan {
    /// `principal` is more than 0, `periods` 1 to [`MAX_PERIODS`], fewer of them free of principal. Interest by the day
    /// (harian, actual/365) needs the dates; a plan for the other methods may have none.
    pub fn new(
        method: LoanMethod,
        principal: Money,
        rate_per_period: Rate,
        periods: u32,
        terms: RepaymentTerms,
        dates: Option<LoanDates>,
    ) -> Result<Self, Invalid> {
        if principal <= Money::ZERO {
            return Err(Invalid("the amount lent is more than 0"));
        }
        if periods == 0 || periods > MAX_PERIODS {
            return Err(Invalid("a loan is repaid in 1 to 600 months"));
        }
        if terms.grace_periods >= periods {
            return Err(Invalid("the periods free of principal are fewer than all periods"));
        }
        let plan = Self { method, principal, rate_per_period, periods, terms, dates };
        if plan.is_by_day() && dates.is_none() {
            return Err(Invalid("interest by the day needs the dates of the loan"));
        }
        Ok(plan)
    }

    /// How interest is reckoned.
    pub fn method(&self) -> LoanMethod {
        self.method
    }
    /// How much is lent.
    pub fn principal(&self) -> Money {
        self.principal
    }
    /// Interest a month.
    pub fn rate_per_period(&self) -> Rate {
        self.rate_per_period
    }
    /// The number of instalments.
    pub fn periods(&self) -> u32 {
        self.periods
    }
    /// The product's repayment terms.
    pub fn terms(&self) -> &RepaymentTerms {
        &self.terms
    }
    /// When it is paid out and repaid, if that is known.
    pub fn dates(&self) -> Option<LoanDates> {
        self.dates
    }

    /// Whether interest depends on the days of a period.
    pub(super) fn is_by_day(&self) -> bool {
        self.method == LoanMethod::Harian || self.terms.day_count == DayCount::Actual365
    }

    /// Over how many periods principal is repaid.
    pub(super) fn principal_periods(&self) -> u32 {
        self.periods - self.terms.grace_periods
    }

    /// The days of period `number` (from 1), where there are dates.
    pub(super) fn days(&self, number: u32) -> Result<i32, Invalid> {
        let dates = self.dates.ok_or(Invalid("interest by the day needs the dates of the loan"))?;
        Ok(dates.due(number - 1)?.days_until(dates.due(number)?))
    }

    /// The fraction of `base` (in sen) that period `number` bears as interest.
    pub(super) fn interest(&self, number: u32, base: Money) -> Result<Ratio, Invalid> {
        match self.is_by_day() {
            true => Ok(self.interest_of_days(self.days(number)?, base)),
            false => Ok(self.interest_of_months(base)),
        }
    }

    fn interest_of_months(&self, base: Money) -> Ratio {
        Ratio::new(i128::from(base.sen()) * i128::from(self.rate_per_period.e8()), E8)
    }

    /// Interest of that many days. Harian: a thirtieth of the monthly rate a day, whatever the day count says of months.
    pub(super) fn interest_of_days(&self, days: i32, base: Money) -> Ratio {
        let monthly = i128::from(base.sen()) * i128::from(self.rate_per_period.e8()) * i128::from(days.max(0));
        match self.method {
            LoanMethod::Harian => Ratio::new(monthly, E8 * 30),
            LoanMethod::Flat | LoanMethod::Menurun | LoanMethod::Anuitas => Ratio::new(monthly * 12, E8 * 365),
        }
    }

    /// What interest is reckoned on: the principal lent (flat), or what is left of it.
    pub(super) fn interest_base(&self, outstanding: Money) -> Money {
        match self.method {
            LoanMethod::Flat => self.principal,
            LoanMethod::Menurun | LoanMethod::Anuitas | LoanMethod::Harian => outstanding,
        }
    }
}

/// The denominator of a rate.
const E8: i128 = 100_000_000;
