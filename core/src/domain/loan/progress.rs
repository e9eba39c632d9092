//! A schedule beside its ledger: which instalments are paid, due and late, what comes next and when to remind.
//!
//! The ledger is the truth: how an entry divides a payment is never divided anew. Its principal pays the instalments'
//! principal and its interest their interest, the oldest first. For a payment that is still to come, the product's
//! allocation order says how it will be divided.

use super::paid::{Accrual, LoanPaid, Step, paid_steps};
use super::{Allotment, Instalment, Owed, Schedule, TOO_LARGE};
use crate::domain::product::words;
use crate::domain::{CivilDate, Invalid, LoanEntry, Money};

words!(
    /// How an instalment stands on a day.
    InstalmentState, "an instalment is paid, late, due or upcoming", {
        /// Paid in full.
        Paid = 0 "paid",
        /// Its day has passed and something of it is owed.
        Late = 1 "late",
        /// The next whose day has not passed.
        Due = 2 "due",
        /// After that.
        Upcoming = 3 "upcoming",
    }
);

words!(
    /// Why it is not told how a loan that is held stands.
    Untold, "a loan is not told of because it is not_proven, too_long or other_movement", {
        /// Not all its entries are held and proven.
        NotProven = 0 "not_proven",
        /// It has more entries than are matched with a schedule, 5,000.
        TooLong = 1 "too_long",
        /// An entry of a kind that this version does not know moved principal or interest.
        OtherMovement = 2 "other_movement",
    }
);

/// An instalment and what the ledger says of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InstalmentProgress {
    /// As planned.
    pub instalment: Instalment,
    /// How it stands.
    pub state: InstalmentState,
    /// Pokok paid.
    pub principal_paid: Money,
    /// Jasa paid or waived.
    pub interest_paid: Money,
    /// What is still owed of it. Harian: on its day, or today where that has passed.
    pub owed: Money,
    /// The day of the entry that completed it.
    pub paid_on: Option<CivilDate>,
    /// Days it is, or was paid, late.
    pub days_late: u32,
}

/// The oldest instalment that is not paid in full; its day may have passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextDue {
    /// Its number.
    pub number: u32,
    /// Its day.
    pub date: CivilDate,
    /// What is still owed of it.
    pub amount: Money,
}

/// A day on which to remind of an instalment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reminder {
    /// The day.
    pub on: CivilDate,
    /// The instalment.
    pub number: u32,
    /// The day it falls due.
    pub due_on: CivilDate,
    /// What is owed of it.
    pub amount: Money,
}

/// How a payment would be divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// What is paid.
    pub amount: Money,
    /// What it pays, by instalment; only those that get something.
    pub parts: Vec<PaymentPart>,
    /// What is left of it when nothing more is owed.
    pub rest: Money,
}

/// What a payment would pay of an instalment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentPart {
    /// The instalment.
    pub number: u32,
    /// What it pays; denda stands with the oldest that is not paid.
    pub paid: Owed,
}

/// A loan on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanProgress {
    /// The instalments, by number.
    pub instalments: Vec<InstalmentProgress>,
    /// What is late, without denda.
    pub late: Money,
    /// Denda that was charged and is not paid or waived.
    pub late_charge: Money,
    /// What to pay next.
    pub next_due: Option<NextDue>,
}

impl LoanProgress {
    /// Matches the ledger's entries, all of them and in any order, with the schedule as of `today`. Needs dates, and that
    /// every movement of principal or interest is of a known kind.
    pub fn of(schedule: &Schedule, entries: &[LoanEntry], today: CivilDate) -> Result<Self, Invalid> {
        let steps = paid_steps(entries)?;
        let paid = steps.last().map(|(_, paid)| *paid).unwrap_or_default();
        let late_charge = Money::sum(entries.iter().map(|entry| entry.amounts().late_charge)).ok_or(TOO_LARGE)?;
        Self::after(schedule, &steps, paid, late_charge, today)
    }

    /// As [`LoanProgress::of`], from the entries' sums alone: it does not tell on which day an instalment was paid.
    pub(crate) fn of_sums(
        schedule: &Schedule,
        paid: LoanPaid,
        late_charge: Money,
        today: CivilDate,
    ) -> Result<Self, Invalid> {
        Self::after(schedule, &[], paid, late_charge, today)
    }

    fn after(
        schedule: &Schedule,
        steps: &[Step],
        paid: LoanPaid,
        late_charge: Money,
        today: CivilDate,
    ) -> Result<Self, Invalid> {
        // A loan without principal left is over: interest that an early settlement saved is not owed.
        let is_settled = paid.principal >= schedule.plan().principal();
        let mut accrual = Accrual::of(schedule, paid)?;
        let (mut before, mut rows, mut late) = (LoanPaid::default(), Vec::new(), Money::ZERO);
        let (mut next_due, mut is_due_known) = (None, false);
        for &instalment in schedule.instalments() {
            let due_on = instalment.due_on.ok_or(Invalid("a schedule beside a ledger needs dates"))?;
            let upto = LoanPaid {
                principal: before.principal.checked_add(instalment.principal).ok_or(TOO_LARGE)?,
                interest: before.interest.checked_add(instalment.interest).ok_or(TOO_LARGE)?,
                ..LoanPaid::default()
            };
            // Harian: the days between payments made the interest, so that the plan's is no measure beside a principal.
            let by_principal = accrual.is_some() && !upto.principal.is_zero();
            let covers =
                |paid: &LoanPaid| paid.principal >= upto.principal && (by_principal || paid.interest >= upto.interest);
            let principal_paid = part(paid.principal, before.principal, instalment.principal);
            let interest_paid = part(paid.interest, before.interest, instalment.interest);
            let is_paid = is_settled || covers(&paid);
            let principal = instalment.principal.checked_sub(principal_paid).ok_or(TOO_LARGE)?;
            let owed = match &mut accrual {
                _ if is_paid => Some(Money::ZERO),
                Some(accrual) => accrual.until(due_on.max(today), principal)?.checked_add(principal),
                None => instalment.interest.checked_sub(interest_paid).and_then(|left| left.checked_add(principal)),
            };
            let owed = owed.ok_or(TOO_LARGE)?;
            let paid_by = steps.iter().find(|(_, paid)| covers(paid)).or(steps.last().filter(|_| is_settled));
            let paid_on = paid_by.map(|(on, _)| *on).filter(|_| is_paid);
            let late_until = paid_on.or((!is_paid).then_some(today));
            let days_late = late_until.and_then(|until| u32::try_from(due_on.days_until(until)).ok()).unwrap_or(0);
            let state = match (is_paid, due_on < today, is_due_known) {
                (true, ..) => InstalmentState::Paid,
                (false, true, _) => InstalmentState::Late,
                (false, false, false) => InstalmentState::Due,
                (false, false, true) => InstalmentState::Upcoming,
            };
            is_due_known |= state == InstalmentState::Due;
            if !is_paid && next_due.is_none() {
                next_due = Some(NextDue { number: instalment.number, date: due_on, amount: owed });
            }
            if state == InstalmentState::Late {
                late = late.checked_add(owed).ok_or(TOO_LARGE)?;
            }
            rows.push(InstalmentProgress {
                instalment,
                state,
                principal_paid,
                interest_paid,
                owed,
                paid_on,
                days_late,
            });
            before = upto;
        }
        Ok(Self { instalments: rows, late, late_charge, next_due })
    }

    /// How a payment would be divided among the instalments that are not paid, in the product's allocation order; denda
    /// stands with the oldest of them.
    pub fn allot(&self, schedule: &Schedule, payment: Money) -> Allotment {
        let mut late_charge = self.late_charge.max(Money::ZERO);
        let unpaid = self.instalments.iter().filter(|row| row.state != InstalmentState::Paid);
        let owed: Vec<_> = unpaid
            .map(|row| {
                let principal = row.instalment.principal.checked_sub(row.principal_paid).unwrap_or_default();
                Owed {
                    late_charge: std::mem::take(&mut late_charge),
                    interest: row.owed.checked_sub(principal).unwrap_or_default(),
                    fee: Money::ZERO,
                    principal,
                }
            })
            .collect();
        schedule.plan().terms().allocation.allot(payment, &owed)
    }

    /// How a payment would be divided, as [`LoanProgress::allot`] does, by instalment. Something is paid.
    pub fn payment(&self, schedule: &Schedule, amount: Money) -> Result<Payment, Invalid> {
        if amount <= Money::ZERO {
            return Err(Invalid("the amount paid is more than 0"));
        }
        let Allotment { paid, rest } = self.allot(schedule, amount);
        let unpaid = self.instalments.iter().filter(|row| row.state != InstalmentState::Paid);
        let parts = unpaid.zip(paid).map(|(row, paid)| PaymentPart { number: row.instalment.number, paid });
        Ok(Payment { amount, parts: parts.filter(|part| part.paid != Owed::default()).collect(), rest })
    }

    /// The next `limit` days from `today` on on which to remind: so many days before each unpaid instalment's day (0: on
    /// the day). By day.
    pub fn reminders(&self, today: CivilDate, days_before: &[u16], limit: usize) -> Vec<Reminder> {
        let mut reminders = Vec::new();
        for row in self.instalments.iter().filter(|row| !row.owed.is_zero()) {
            let Some(due_on) = row.instalment.due_on else { continue };
            let days = days_before.iter().filter_map(|&days| due_on.plus_days(-i32::from(days)).ok());
            let reminder = |on| Reminder { on, number: row.instalment.number, due_on, amount: row.owed };
            reminders.extend(days.filter(|on| *on >= today).map(reminder));
        }
        reminders.sort_by_key(|reminder| (reminder.on, reminder.number));
        reminders.dedup();
        reminders.truncate(limit);
        reminders
    }
}

/// What of `wanted` is covered when `before` of everything paid went to earlier instalments.
fn part(paid: Money, before: Money, wanted: Money) -> Money {
    paid.checked_sub(before).unwrap_or_default().clamp(Money::ZERO, wanted)
}
