//! Interest on savings by the day, credited every month, and its final income tax (PP 15/2009).

use crate::domain::loan::{MAX_PERIODS, Ratio, TO_THE_SEN};
use crate::domain::{CivilDate, Invalid, Money, Rate, TOO_MUCH};

/// Interest of a month up to here is free of tax (PP 15/2009 art. 2). Reckoned when compiled: out of range it would not build.
pub const TAX_FREE_MONTH: Money = match Money::from_rupiah(240_000) {
    Ok(amount) => amount,
    Err(_) => panic!("the amount is in range"),
};

/// The tax on a month's interest: none up to [`TAX_FREE_MONTH`], above it a tenth of the whole gross amount, to the sen.
/// `interest` is the member's whole interest of that month. SHU is not interest.
pub fn tax(interest: Money) -> Result<Money, Invalid> {
    if interest <= TAX_FREE_MONTH {
        return Ok(Money::ZERO);
    }
    TO_THE_SEN.round(Ratio::new(interest.sen().into(), 10))
}

/// Interest on a balance over that many days, of 365 a year, to the nearest sen. A balance below 0 bears none.
pub fn interest(balance: Money, yearly_rate: Rate, days: u32) -> Result<Money, Invalid> {
    let yearly = i128::from(balance.max(Money::ZERO).sen()) * i128::from(yearly_rate.e8());
    TO_THE_SEN.round(Ratio::new(yearly * i128::from(days), 100_000_000 * 365))
}

/// A month of projected interest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthOfInterest {
    /// The day it is credited.
    pub on: CivilDate,
    /// Before tax.
    pub interest: Money,
    /// PP 15/2009, as if the member had no other savings.
    pub tax: Money,
    /// The balance afterwards.
    pub balance: Money,
}

/// What a balance grows to when nothing is paid in or taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Projection {
    start: Money,
    from: CivilDate,
    yearly_rate: Rate,
    /// Never empty.
    months: Vec<MonthOfInterest>,
    interest: Money,
    tax: Money,
}

impl Projection {
    /// Over 1 to [`MAX_PERIODS`] months from a day: interest by the days of each month, credited less tax on the same day of
    /// the next.
    pub fn of(start: Money, yearly_rate: Rate, from: CivilDate, months: u32) -> Result<Self, Invalid> {
        if months == 0 || months > MAX_PERIODS {
            return Err(Invalid("savings are projected over 1 to 600 months"));
        }
        let (day, mut since, mut balance) = (from.year_month_day().2, from, start);
        let (mut projected, mut all_interest, mut all_tax) =
            (Vec::with_capacity(months as usize), Money::ZERO, Money::ZERO);
        for month in 1..=months as i32 {
            let on = from.in_month(month, day)?;
            let interest = interest(balance, yearly_rate, since.days_until(on).unsigned_abs())?;
            let tax = tax(interest)?;
            balance = interest.checked_sub(tax).and_then(|net| balance.checked_add(net)).ok_or(TOO_MUCH)?;
            all_interest = all_interest.checked_add(interest).ok_or(TOO_MUCH)?;
            all_tax = all_tax.checked_add(tax).ok_or(TOO_MUCH)?;
            projected.push(MonthOfInterest { on, interest, tax, balance });
            since = on;
        }
        Ok(Self { start, from, yearly_rate, months: projected, interest: all_interest, tax: all_tax })
    }

    /// The balance it starts from.
    pub fn start(&self) -> Money {
        self.start
    }
    /// Interest a year.
    pub fn yearly_rate(&self) -> Rate {
        self.yearly_rate
    }
    /// Month by month.
    pub fn months(&self) -> &[MonthOfInterest] {
        &self.months
    }
    /// All interest before tax.
    pub fn interest(&self) -> Money {
        self.interest
    }
    /// All tax.
    pub fn tax(&self) -> Money {
        self.tax
    }
    /// The day of the end.
    pub fn until(&self) -> CivilDate {
        self.months.last().map_or(self.from, |month| month.on)
    }
    /// The balance at the end.
    pub fn balance(&self) -> Money {
        self.months.last().map_or(self.start, |month| month.balance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rp(text: &str) -> Money {
        text.parse().unwrap()
    }

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    /// PP 15/2009, as told by citasco.com and antaranews.com: a tenth of the whole, not of what is above the limit.
    #[test]
    fn above_the_free_amount_the_whole_interest_is_taxed() {
        for (interest, taxed) in [("0", "0"), ("240000", "0"), ("240001", "24000.10"), ("300000", "30000")] {
            assert_eq!(tax(rp(interest)), Ok(rp(taxed)), "{interest}");
        }
    }

    /// apache/fineract SavingsInterestPostingIntegrationTest.java: 1,000 at 10% for a day brings 0.274, of which money keeps
    /// the sen.
    #[test]
    fn interest_is_by_the_day() {
        assert_eq!(interest(rp("1000"), rate("0.1"), 1), Ok(rp("0.27")));
        assert_eq!(interest(rp("1000000"), rate("0.1"), 1), Ok(rp("273.97")));
        assert_eq!(interest(rp("-1000"), rate("0.1"), 1), Ok(Money::ZERO));
    }

    #[test]
    fn interest_is_credited_on_the_same_day_of_each_month() {
        let from = "2023-01-31".parse().unwrap();
        let projection = Projection::of(rp("36500000"), rate("0.03"), from, 2).unwrap();
        let months = projection.months();
        assert_eq!(months[0].on.to_string(), "2023-02-28");
        assert_eq!((months[0].interest, months[0].tax, months[0].balance), (rp("84000"), Money::ZERO, rp("36584000")));
        assert_eq!(months[1].on.to_string(), "2023-03-31");
        assert_eq!(months[1].interest, rp("93214.03")); // 36584000 * 0.03 * 31 / 365
        assert!(Projection::of(rp("1"), rate("0.03"), from, 0).is_err());
        assert!(Projection::of(rp("1"), rate("0.03"), from, 601).is_err());
    }

    proptest! {
        #[test]
        fn a_projection_never_loses_and_adds_up(rupiah in 0..1_000_000_000_i64, e8 in 0..9_000_000_i64, months in 1..60_u32) {
            let start = Money::from_rupiah(rupiah).unwrap();
            let from = "2024-05-31".parse().unwrap();
            let projected = Projection::of(start, Rate::from_e8(e8).unwrap(), from, months).unwrap();
            let net = projected.interest().checked_sub(projected.tax()).unwrap();
            prop_assert!(!net.is_negative());
            prop_assert_eq!(Some(projected.balance()), start.checked_add(net));
            prop_assert_eq!(projected.months().last().map(|month| (month.on, month.balance)),
                Some((projected.until(), projected.balance())));
            let sums = |of: fn(&MonthOfInterest) -> Money| Money::sum(projected.months().iter().map(of));
            prop_assert_eq!(sums(|month| month.interest), Some(projected.interest()));
            prop_assert_eq!(sums(|month| month.tax), Some(projected.tax()));
        }
    }
}
