//! What loans take of a month: the one asked for and those that run already, held against what the member earns.
//!
//! The phone says it before a request is made, the cooperative when it takes one: both by this reckoning.

use rust_decimal::Decimal;

use super::{LoanDates, Schedule};
use crate::domain::{CivilDate, Invalid, LoanHead, LoanProduct, LoanStatus, Money, TOO_MUCH};

/// The rule of [`Burden::check`].
const ABOVE_INCOME: Invalid = Invalid("the instalments are more than the declared income");

/// The most that a member would pay in a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Burden {
    instalment: Money,
    running_instalments: Money,
    total: Money,
}

impl Burden {
    /// Of a loan of this product paid out `on` that day, beside the `loans` of a member that run, by their products' terms
    /// of now. Refused where a date or an amount leaves its range.
    pub fn of<'a>(
        product: &LoanProduct,
        principal: Money,
        periods: u32,
        on: CivilDate,
        loans: impl IntoIterator<Item = &'a LoanHead>,
        products: &[LoanProduct],
    ) -> Result<Self, Invalid> {
        let plan = product.plan(principal, periods, Some(LoanDates::disbursed(on)?))?;
        let instalment = Schedule::of(plan)?.largest_instalment();
        let running = loans.into_iter().filter_map(|loan| largest_instalment(loan, products));
        let running_instalments = Money::sum(running).ok_or(TOO_MUCH)?;
        let total = instalment.checked_add(running_instalments).ok_or(TOO_MUCH)?;
        Ok(Self { instalment, running_instalments, total })
    }

    /// The largest instalment of the loan asked for.
    pub fn instalment(&self) -> Money {
        self.instalment
    }
    /// The largest instalment of each loan that runs, together.
    pub fn running_instalments(&self) -> Money {
        self.running_instalments
    }

    /// The part of a month's income that all of it is, with four decimals.
    pub fn share_of(&self, income: Money) -> Option<Decimal> {
        self.total.to_decimal().checked_div(income.to_decimal()).map(|share| share.round_dp(4))
    }

    /// A member does not pay more in a month than is earned.
    pub fn check(&self, income: Money) -> Result<(), Invalid> {
        if self.total > income { Err(ABOVE_INCOME) } else { Ok(()) }
    }
}

/// Of a loan that is being repaid. One whose terms have no schedule asks for nothing that can be told.
fn largest_instalment(loan: &LoanHead, products: &[LoanProduct]) -> Option<Money> {
    if loan.status != LoanStatus::Active || loan.outstanding.is_zero() {
        return None;
    }
    let product = products.iter().find(|product| product.code == loan.terms.product)?;
    let schedule = Schedule::of(loan.terms.plan(product.repayment).ok()?).ok()?;
    Some(schedule.largest_instalment())
}
