//! Simpanan berjangka: what a term deposit comes to on its day.

use super::tax;
use crate::domain::loan::{MAX_PERIODS, Ratio, TO_THE_SEN};
use crate::domain::{CivilDate, Invalid, Money, Rate, TOO_MUCH};

/// A term deposit: a twelfth of the yearly interest every month on what was paid in, not compounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermDeposit {
    principal: Money,
    yearly_rate: Rate,
    opened_on: CivilDate,
    months: u32,
}

/// What it comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Maturity {
    /// The day it may be taken out.
    pub on: CivilDate,
    /// Before tax.
    pub interest: Money,
    /// PP 15/2009, judged month by month as if the member had no other savings.
    pub tax: Money,
    /// What was paid in, and interest less tax.
    pub amount: Money,
}

impl TermDeposit {
    /// Something is paid in, for 1 to [`MAX_PERIODS`] months.
    pub fn new(principal: Money, yearly_rate: Rate, opened_on: CivilDate, months: u32) -> Result<Self, Invalid> {
        if principal <= Money::ZERO {
            return Err(Invalid("the amount deposited is more than 0"));
        }
        if months == 0 || months > MAX_PERIODS {
            return Err(Invalid("a term deposit is for 1 to 600 months"));
        }
        Ok(Self { principal, yearly_rate, opened_on, months })
    }

    /// What is paid in.
    pub fn principal(&self) -> Money {
        self.principal
    }
    /// Interest a year.
    pub fn yearly_rate(&self) -> Rate {
        self.yearly_rate
    }
    /// The day it is paid in.
    pub fn opened_on(&self) -> CivilDate {
        self.opened_on
    }
    /// For how many months.
    pub fn months(&self) -> u32 {
        self.months
    }

    /// What it comes to at its end: the day of the month it was opened on, or that month's last.
    pub fn maturity(&self) -> Result<Maturity, Invalid> {
        let on = self.opened_on.in_month(self.months as i32, self.opened_on.year_month_day().2)?;
        let yearly = i128::from(self.principal.sen()) * i128::from(self.yearly_rate.e8());
        let a_month = TO_THE_SEN.round(Ratio::new(yearly, 100_000_000 * 12))?;
        let of_all = |amount: Money| Money::sum(std::iter::repeat_n(amount, self.months as usize)).ok_or(TOO_MUCH);
        // The year's interest is divided once, so that twelve months bring exactly the year's.
        let interest = TO_THE_SEN.round(Ratio::new(yearly * i128::from(self.months), 100_000_000 * 12))?;
        let tax = of_all(tax(a_month)?)?;
        let net = interest.checked_sub(tax).ok_or(TOO_MUCH)?;
        Ok(Maturity { on, interest, tax, amount: self.principal.checked_add(net).ok_or(TOO_MUCH)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maturity(principal: &str, opened: &str, months: u32) -> Maturity {
        let rate = "0.06".parse().unwrap();
        let deposit = TermDeposit::new(principal.parse().unwrap(), rate, opened.parse().unwrap(), months);
        deposit.unwrap().maturity().unwrap()
    }

    #[test]
    fn a_deposit_matures_with_interest_less_tax() {
        let rp = |text: &str| text.parse::<Money>().unwrap();
        // Rp50.000 a month: free of tax.
        let small = maturity("10000000", "2024-08-31", 6);
        assert_eq!((small.on.to_string().as_str(), small.interest, small.tax), ("2025-02-28", rp("300000"), rp("0")));
        assert_eq!(small.amount, rp("10300000"));
        // Rp500.000 a month: a tenth of each.
        let large = maturity("100000000", "2024-08-31", 12);
        assert_eq!((large.interest, large.tax, large.amount), (rp("6000000"), rp("600000"), rp("105400000")));
    }

    #[test]
    fn nothing_and_no_time_are_no_deposit() {
        let of = |principal: &str, months| {
            TermDeposit::new(principal.parse().unwrap(), Rate::ZERO, "2024-08-31".parse().unwrap(), months)
        };
        assert!(of("0", 6).is_err() && of("1", 0).is_err() && of("1", 601).is_err());
    }
}
