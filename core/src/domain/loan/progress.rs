//! A schedule beside its ledger: which instalments are paid, due and late, what comes next and when to remind.
//!
//! The ledger is the truth: how an entry divides a payment is never divided anew. Its principal pays the instalments'
//! principal and its interest their interest, the oldest first. For a payment that is still to come, the product's
//! allocation order says how it will be divided.

use std::collections::HashSet;

use super::{Allotment, Instalment, Owed, Schedule, TOO_LARGE};
use crate::domain::product::words;
use crate::domain::{CivilDate, Invalid, LoanEntry, LoanKind, LoanMethod, Money};

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
    /// What is still owed of it.
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

/// What the ledger paid up to an entry, and its day.
#[derive(Debug, Clone, Copy, Default)]
struct Paid {
    principal: Money,
    interest: Money,
    on: Option<CivilDate>,
}

impl LoanProgress {
    /// Matches the ledger's entries, all of them and in any order, with the schedule as of `today`. Needs dates.
    pub fn of(schedule: &Schedule, entries: &[LoanEntry], today: CivilDate) -> Result<Self, Invalid> {
        let steps = paid_steps(entries)?;
        let paid = steps.last().copied().unwrap_or_default();
        // A loan without principal left is over: interest that an early settlement saved is not owed.
        let is_settled = paid.principal >= schedule.plan().principal();
        let by_day = schedule.plan().method() == LoanMethod::Harian;
        let (mut before, mut rows, mut late) = (Paid::default(), Vec::new(), Money::ZERO);
        let (mut next_due, mut is_due_known) = (None, false);
        for &instalment in schedule.instalments() {
            let due_on = instalment.due_on.ok_or(Invalid("a schedule beside a ledger needs dates"))?;
            let upto = Paid {
                principal: before.principal.checked_add(instalment.principal).ok_or(TOO_LARGE)?,
                interest: before.interest.checked_add(instalment.interest).ok_or(TOO_LARGE)?,
                on: None,
            };
            // Harian: the days between payments made the interest, so that the plan's is no measure.
            let covers = |paid: &Paid| paid.principal >= upto.principal && (by_day || paid.interest >= upto.interest);
            let principal_paid = part(paid.principal, before.principal, instalment.principal);
            let interest_paid = part(paid.interest, before.interest, instalment.interest);
            let is_paid = is_settled || covers(&paid);
            let left = instalment.total.checked_sub(principal_paid).and_then(|left| left.checked_sub(interest_paid));
            let owed = if is_paid { Money::ZERO } else { left.ok_or(TOO_LARGE)? };
            let paid_on = steps.iter().find(|step| covers(step)).or(steps.last().filter(|_| is_settled));
            let paid_on = paid_on.and_then(|step| step.on).filter(|_| is_paid);
            let days_late = u32::try_from(due_on.days_until(paid_on.unwrap_or(today))).unwrap_or(0);
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
        let late_charge = Money::sum(entries.iter().map(|entry| entry.amounts().late_charge)).ok_or(TOO_LARGE)?;
        Ok(Self { instalments: rows, late, late_charge, next_due })
    }

    /// How a payment would be divided among the instalments that are not paid, in the product's allocation order; denda
    /// stands with the oldest of them.
    pub fn allot(&self, schedule: &Schedule, payment: Money) -> Allotment {
        let mut late_charge = self.late_charge.max(Money::ZERO);
        let unpaid = self.instalments.iter().filter(|row| row.state != InstalmentState::Paid);
        let owed: Vec<_> = unpaid
            .map(|row| Owed {
                late_charge: std::mem::take(&mut late_charge),
                interest: row.instalment.interest.checked_sub(row.interest_paid).unwrap_or_default(),
                fee: Money::ZERO,
                principal: row.instalment.principal.checked_sub(row.principal_paid).unwrap_or_default(),
            })
            .collect();
        schedule.plan().terms().allocation.allot(payment, &owed)
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

/// What was paid after each entry that still stands, oldest first. A reversed entry and its reversal count for nothing.
fn paid_steps(entries: &[LoanEntry]) -> Result<Vec<Paid>, Invalid> {
    let reversed: HashSet<u32> = entries.iter().filter_map(LoanEntry::reverses).collect();
    let stands = |entry: &&LoanEntry| match entry.kind() {
        LoanKind::Repayment | LoanKind::Waiver => !reversed.contains(&entry.seq()),
        LoanKind::Disbursement | LoanKind::LateCharge | LoanKind::Reversal => false,
    };
    let mut standing: Vec<_> = entries.iter().filter(stands).collect();
    standing.sort_by_key(|entry| entry.seq());
    let mut paid = Paid::default();
    let mut steps = Vec::with_capacity(standing.len());
    for entry in standing {
        let amounts = entry.amounts();
        paid = Paid {
            principal: paid.principal.checked_sub(amounts.principal).ok_or(TOO_LARGE)?,
            interest: paid.interest.checked_sub(amounts.interest).ok_or(TOO_LARGE)?,
            on: Some(entry.posted_on()),
        };
        steps.push(paid);
    }
    Ok(steps)
}

/// What of `wanted` is covered when `before` of everything paid went to earlier instalments.
fn part(paid: Money, before: Money, wanted: Money) -> Money {
    paid.checked_sub(before).unwrap_or_default().clamp(Money::ZERO, wanted)
}
