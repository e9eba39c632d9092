//! What a loan's ledger paid, in sums, and what the days since the last payment cost. Never divides a payment anew.

use std::collections::HashSet;

use super::{LoanDates, Schedule, TOO_LARGE};
use crate::domain::{CivilDate, Invalid, LoanAmounts, LoanEntry, LoanKind, LoanMethod, Money};

/// A movement of principal or interest of which nobody here can say whether it paid, lent or corrected. One of late charge
/// alone is no such: whatever its name, what is left of the denda is the sum of its column.
pub(crate) const OTHER_MOVEMENT: Invalid = Invalid("this loan has a movement that this version does not know");

/// What the ledger paid of a loan, in sums.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct LoanPaid {
    /// Pokok.
    pub(crate) principal: Money,
    /// Jasa, paid or waived.
    pub(crate) interest: Money,
    /// The newest day of a payment.
    pub(crate) on: Option<CivilDate>,
    /// The jasa that was waived after the last payment.
    pub(crate) waived: Money,
}

impl LoanPaid {
    /// Counts the next entry that still stands, oldest first; whether it paid anything.
    pub(crate) fn add(&mut self, kind: LoanKind, on: CivilDate, amounts: LoanAmounts) -> Result<bool, Invalid> {
        match kind {
            LoanKind::Repayment => {
                self.on = self.on.max(Some(on));
                self.waived = Money::ZERO;
            }
            LoanKind::Waiver => self.waived = self.waived.checked_sub(amounts.interest).ok_or(TOO_LARGE)?,
            LoanKind::Other(_) if !(amounts.principal.is_zero() && amounts.interest.is_zero()) => {
                return Err(OTHER_MOVEMENT);
            }
            LoanKind::Disbursement | LoanKind::LateCharge | LoanKind::Reversal | LoanKind::Other(_) => {
                return Ok(false);
            }
        }
        self.principal = self.principal.checked_sub(amounts.principal).ok_or(TOO_LARGE)?;
        self.interest = self.interest.checked_sub(amounts.interest).ok_or(TOO_LARGE)?;
        Ok(true)
    }
}

/// An entry's day, and what was paid up to it.
pub(super) type Step = (CivilDate, LoanPaid);

/// What was paid after each entry that still stands, oldest first. A reversed entry and its reversal count for nothing.
pub(super) fn paid_steps(entries: &[LoanEntry]) -> Result<Vec<Step>, Invalid> {
    let reversed: HashSet<u32> = entries.iter().filter_map(LoanEntry::reverses).collect();
    let mut standing: Vec<_> = entries.iter().filter(|entry| !reversed.contains(&entry.seq())).collect();
    standing.sort_by_key(|entry| entry.seq());
    let mut paid = LoanPaid::default();
    let mut steps = Vec::with_capacity(standing.len());
    for entry in standing {
        if paid.add(entry.kind(), entry.posted_on(), entry.amounts())? {
            steps.push((entry.posted_on(), paid));
        }
    }
    Ok(steps)
}

/// Harian: the interest of the days since the last payment, on what is left of the principal.
pub(super) struct Accrual<'a> {
    schedule: &'a Schedule,
    since: CivilDate,
    outstanding: Money,
    waived: Money,
}

impl<'a> Accrual<'a> {
    /// From the last payment on, or from the day the loan was paid out; `None` where interest is the plan's.
    pub(super) fn of(schedule: &'a Schedule, paid: LoanPaid) -> Result<Option<Self>, Invalid> {
        let plan = schedule.plan();
        if plan.method() != LoanMethod::Harian {
            return Ok(None);
        }
        let since = paid.on.or(plan.dates().map(LoanDates::disbursed_on));
        let since = since.ok_or(Invalid("interest by the day needs the dates of the loan"))?;
        let outstanding = plan.principal().checked_sub(paid.principal).ok_or(TOO_LARGE)?.max(Money::ZERO);
        Ok(Some(Self { schedule, since, outstanding, waived: paid.waived.max(Money::ZERO) }))
    }

    /// The interest to pay on a day, with which so much principal is paid. What comes after runs on from there.
    pub(super) fn until(&mut self, on: CivilDate, principal: Money) -> Result<Money, Invalid> {
        let exact = self.schedule.plan().interest_of_days(self.since.days_until(on), self.outstanding);
        let interest = self.schedule.round_part(exact)?;
        let waived = self.waived.min(interest);
        self.since = self.since.max(on);
        self.outstanding = self.outstanding.checked_sub(principal).ok_or(TOO_LARGE)?;
        self.waived = self.waived.checked_sub(waived).ok_or(TOO_LARGE)?;
        interest.checked_sub(waived).ok_or(TOO_LARGE)
    }
}
