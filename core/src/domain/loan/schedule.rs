//! The schedule: every instalment of a plan, rounded as the product says.

use rust_decimal::Decimal;

use super::rounding::{Ratio, TO_THE_SEN};
use super::unrounded::annuity;
use super::{LoanPlan, RoundingPlace, TOO_LARGE};
use crate::domain::{CivilDate, Invalid, LoanMethod, Money};

/// One instalment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instalment {
    /// From 1.
    pub number: u32,
    /// The day it falls due, where the plan has dates.
    pub due_on: Option<CivilDate>,
    /// Pokok.
    pub principal: Money,
    /// Jasa.
    pub interest: Money,
    /// Both.
    pub total: Money,
    /// The principal still owed after it.
    pub outstanding: Money,
}

/// All instalments of a loan. The principal sums to what was lent, the last outstanding is 0, nothing is negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    plan: LoanPlan,
    instalments: Vec<Instalment>,
    total_interest: Money,
    total: Money,
}

impl Schedule {
    /// Reckons it. Refused where a date or an amount leaves its range.
    pub fn of(plan: LoanPlan) -> Result<Self, Invalid> {
        let payment = match plan.method() {
            LoanMethod::Anuitas => Some(annuity(&plan)),
            LoanMethod::Flat | LoanMethod::Menurun | LoanMethod::Harian => None,
        };
        let mut outstanding = plan.principal();
        let mut instalments = Vec::with_capacity(plan.periods() as usize);
        for number in 1..=plan.periods() {
            let instalment = instalment(&plan, payment, number, outstanding)?;
            outstanding = instalment.outstanding;
            instalments.push(instalment);
        }
        let total_interest = Money::sum(instalments.iter().map(|row| row.interest)).ok_or(TOO_LARGE)?;
        let total = total_interest.checked_add(plan.principal()).ok_or(TOO_LARGE)?;
        Ok(Self { plan, instalments, total_interest, total })
    }

    /// What it was reckoned from.
    pub fn plan(&self) -> &LoanPlan {
        &self.plan
    }
    /// Every instalment, by number.
    pub fn instalments(&self) -> &[Instalment] {
        &self.instalments
    }
    /// Jasa of all instalments.
    pub fn total_interest(&self) -> Money {
        self.total_interest
    }
    /// Everything that is paid.
    pub fn total(&self) -> Money {
        self.total
    }

    /// At most `limit` instalments from `number` on; fewer at the end, none beyond it.
    pub fn page(&self, number: u32, limit: u32) -> &[Instalment] {
        let from = (number.max(1) as usize - 1).min(self.instalments.len());
        let to = from.saturating_add(limit as usize).min(self.instalments.len());
        &self.instalments[from..to]
    }

    /// The largest instalment: what the member must be able to pay in a month.
    pub fn largest_instalment(&self) -> Money {
        self.instalments.iter().map(|row| row.total).max().unwrap_or_default()
    }
}

fn instalment(
    plan: &LoanPlan,
    payment: Option<Decimal>,
    number: u32,
    outstanding: Money,
) -> Result<Instalment, Invalid> {
    let rounding = plan.terms().rounding;
    let is_whole_instalment = rounding.applies_to() == RoundingPlace::Instalment;
    let exact = plan.interest(number, plan.interest_base(outstanding))?;
    let interest = if is_whole_instalment { TO_THE_SEN } else { rounding }.round(exact)?;
    let principal = if number == plan.periods() {
        // The last one pays what rounding left over, and is not rounded again.
        outstanding
    } else if number <= plan.terms().grace_periods {
        Money::ZERO
    } else {
        let share = Ratio::new(plan.principal().sen().into(), plan.principal_periods().into());
        let wanted = match payment {
            Some(payment) => left_of(rounding.round(Ratio::of_decimal(payment))?, interest),
            None if is_whole_instalment => left_of(rounding.round(share.plus(interest))?, interest),
            None => rounding.round(share)?,
        };
        wanted.min(outstanding)
    };
    Ok(Instalment {
        number,
        due_on: plan.dates().map(|dates| dates.due(number)).transpose()?,
        principal,
        interest,
        total: principal.checked_add(interest).ok_or(TOO_LARGE)?,
        outstanding: outstanding.checked_sub(principal).ok_or(TOO_LARGE)?,
    })
}

/// What an instalment has for principal after its interest. An instalment that its unit rounds below its own interest
/// (or whose month has more days than the average) repays nothing, and pays the interest all the same.
fn left_of(instalment: Money, interest: Money) -> Money {
    instalment.checked_sub(interest).unwrap_or_default().max(Money::ZERO)
}
