//! The life of one loan, month by month. Never repays more than is owed, and charges, pays and waives late
//! charges so that none is paid that was not charged.

use jiff::civil::Date;

use crate::Error;
use crate::books::{Clerk, Ending, LoanRow, RUPIAH, Table, decimal};
use crate::calendar::{self, Day, Month, day};
use crate::plan::{LoanPlan, MemberPlan};
use crate::product;
use crate::random::Random;
use crate::recent::Recent;
use crate::savings::half_up;
use crate::text;

/// The most a generated loan is for, rupiah.
pub(crate) const MAX_PRINCIPAL: i64 = 500_000_000;
/// Principals are multiples of this, rupiah; the least is one of it.
pub(crate) const PRINCIPAL_UNIT: i64 = 500_000;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Disbursement,
    Repayment,
    LateCharge,
    Waiver,
    Reversal,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Disbursement => "disbursement",
            Self::Repayment => "repayment",
            Self::LateCharge => "late_charge",
            Self::Waiver => "waiver",
            Self::Reversal => "reversal",
        }
    }
}

/// What one entry changes, in sen with the signs of the format.
#[derive(Clone, Copy, Default)]
struct Change {
    principal: i64,
    interest: i64,
    late_charge: i64,
}

pub(crate) struct Loan<'p> {
    plan: &'p LoanPlan,
    no: String,
    disbursed: Day,
    first_due: Date,
    /// Thousandths a month.
    rate: i64,
    principal: i64,
    /// The second part of a loan that is paid out in two.
    second_part: i64,
    outstanding: i64,
    /// What is still owed when the last entry is written.
    target: i64,
    late_due: i64,
    /// Interest of a reversed repayment, to be paid again.
    interest_due: i64,
    interest_paid_to: Date,
    /// About one equal instalment a month.
    even: bool,
    seq: u64,
    repayments: u64,
    remaining: u64,
    recent: Recent<(Kind, Change)>,
}

impl<'p> Loan<'p> {
    pub(crate) fn new(plan: &'p LoanPlan, member: &MemberPlan, random: &mut Random) -> Self {
        let months = plan.last_month + 1 - plan.first_month;
        let daily = plan.product == product::Loan::Harian;
        // Enough that each of many small repayments still repays something.
        let least = plan.quota as i64 * 1_000;
        let wanted = (member.scale * random.between(2, 40)).max(least).min(MAX_PRINCIPAL);
        let principal = (wanted + PRINCIPAL_UNIT - 1) / PRINCIPAL_UNIT * PRINCIPAL_UNIT * RUPIAH;
        let disbursed = day(plan.first_month, 1 + random.below(20) as u8);
        let due = disbursed.date.day() as u8;
        let first_due = match daily {
            true => day(plan.first_month, due + 1),
            false => day(plan.first_month + 1, due),
        };
        let in_parts = plan.quota >= 6 && random.chance(100);
        let periods_left = plan.periods.saturating_sub(months) * u32::from(!plan.pays_off);
        let discount = if random.chance(250) { 2 } else { 0 };
        Self {
            plan,
            no: format!("{}-{:06}", plan.product.code(), plan.number),
            disbursed,
            first_due: first_due.date,
            rate: plan.product.monthly_rate() - discount,
            principal,
            second_part: if in_parts { principal / 4 } else { 0 },
            outstanding: 0,
            target: principal / i64::from(plan.periods) * i64::from(periods_left),
            late_due: 0,
            interest_due: 0,
            interest_paid_to: disbursed.date,
            even: !daily && plan.quota <= u64::from(months) * 2,
            seq: 0,
            repayments: 0,
            remaining: plan.quota,
            recent: Recent::new(),
        }
    }

    pub(crate) fn run_month(&mut self, month: Month, clerk: &mut Clerk) -> Result<(), Error> {
        if !(self.plan.first_month..=self.plan.last_month).contains(&month) {
            return Ok(());
        }
        let left = u64::from(self.plan.last_month + 1 - month);
        let mut count = clerk.random.share(self.remaining, left);
        let mut from = 1;
        if month == self.plan.first_month {
            self.disburse(self.disbursed, clerk)?;
            // The first equal instalment is due a month later.
            count = if self.even && left > 1 { 0 } else { count.saturating_sub(1) };
            from = self.disbursed.date.day() as u8;
        }
        for (day, times) in calendar::strew(clerk.random, count, from, month) {
            for _ in 0..times {
                self.event(day, clerk)?;
            }
        }
        Ok(())
    }

    /// Pays out the loan, or the next of its two parts.
    fn disburse(&mut self, at: Day, clerk: &mut Clerk) -> Result<(), Error> {
        let (part, principal) = match (self.seq, self.second_part) {
            (0, 0) => (0, self.principal),
            (0, second) => (1, self.principal - second),
            (_, _) => (2, std::mem::take(&mut self.second_part)),
        };
        let change = Change { principal, ..Change::default() };
        self.post(Kind::Disbursement, change, at, part, clerk)
    }

    fn event(&mut self, at: Day, clerk: &mut Clerk) -> Result<(), Error> {
        if self.second_part > 0 {
            return self.disburse(at, clerk);
        }
        if self.remaining > 1 {
            match clerk.random.below(1_000) {
                0..10 if self.reverse(at, clerk)? => return Ok(()),
                10..40 if self.late_due == 0 => return self.charge_late(at, clerk),
                40..240 if self.late_due > 0 => return self.waive(at, clerk),
                _ => {}
            }
        }
        self.repay(at, clerk)
    }

    fn repay(&mut self, at: Day, clerk: &mut Clerk) -> Result<(), Error> {
        let settles = self.remaining == 1 && self.plan.pays_off;
        let principal = match settles {
            true => self.outstanding,
            false => self.instalment(clerk.random),
        };
        let flat = self.plan.product == product::Loan::Flat;
        let base = if flat { self.principal } else { self.outstanding };
        let days = calendar::days_between(self.interest_paid_to, at.date);
        let accrued = i128::from(base) * i128::from(self.rate) * i128::from(days);
        let accrued = half_up(accrued, 30_000 * i128::from(RUPIAH)) * RUPIAH;
        let interest = accrued + std::mem::take(&mut self.interest_due);
        let pays_late = settles || clerk.random.chance(600);
        let late_charge = if pays_late { self.late_due } else { 0 };
        self.interest_paid_to = at.date;
        self.repayments += 1;
        let (principal, interest, late_charge) = (-principal, -interest, -late_charge);
        let paid = Change { principal, interest, late_charge };
        self.post(Kind::Repayment, paid, at, self.repayments, clerk)
    }

    /// The principal of one repayment, so that the target is met with the last; leaves a rupiah for
    /// each later one.
    fn instalment(&self, random: &mut Random) -> i64 {
        let usual = (self.outstanding - self.target) / RUPIAH / self.remaining as i64;
        let percent = if self.even { 100 } else { random.between(50, 150) };
        let wanted = usual * percent / 100;
        let unit = match wanted {
            20_000.. => 500,
            2_000.. if random.chance(500) => 100,
            _ => 1,
        };
        let most = self.outstanding / RUPIAH - (self.remaining as i64 - 1);
        (wanted / unit * unit).max(1).min(most) * RUPIAH
    }

    fn charge_late(&mut self, at: Day, clerk: &mut Clerk) -> Result<(), Error> {
        let days = 3 + clerk.random.below(38);
        // A thousandth a month of what is owed, in hundreds of rupiah.
        let hundreds = half_up(i128::from(self.outstanding) * i128::from(days), 30_000 * 100 * i128::from(RUPIAH));
        let late_charge = (hundreds * 100).max(500) * RUPIAH;
        let change = Change { late_charge, ..Change::default() };
        self.post(Kind::LateCharge, change, at, days, clerk)
    }

    /// Waives all or half of the late charge.
    fn waive(&mut self, at: Day, clerk: &mut Clerk) -> Result<(), Error> {
        let half = self.late_due / 2 / RUPIAH * RUPIAH;
        let part = half > 0 && clerk.random.chance(300);
        let waived = if part { half } else { self.late_due };
        let change = Change { late_charge: -waived, ..Change::default() };
        self.post(Kind::Waiver, change, at, 0, clerk)
    }

    fn reverse(&mut self, at: Day, clerk: &mut Clerk) -> Result<bool, Error> {
        let late_due = self.late_due;
        let covered = |(_, was): (Kind, Change)| late_due >= was.late_charge;
        let Some((reversed, (kind, was))) = self.recent.take(clerk.random, covered) else {
            return Ok(false);
        };
        if kind == Kind::Repayment {
            self.interest_due -= was.interest;
        }
        let back = Change { principal: -was.principal, interest: -was.interest, late_charge: -was.late_charge };
        self.post(Kind::Reversal, back, at, reversed, clerk)?;
        Ok(true)
    }

    /// `number` is the part, the repayment, the days or, of a reversal, the reversed row.
    fn post(&mut self, kind: Kind, change: Change, at: Day, number: u64, clerk: &mut Clerk) -> Result<(), Error> {
        self.outstanding += change.principal;
        self.late_due += change.late_charge;
        self.seq += 1;
        self.remaining -= 1;
        if !matches!(kind, Kind::Disbursement | Kind::Reversal) {
            self.recent.push(self.seq, (kind, change));
        }
        clerk.books.loan_entry(&LoanRow {
            loan_no: &self.no,
            posted_on: at.date,
            kind: kind.name(),
            principal: change.principal,
            interest: change.interest,
            late_charge: change.late_charge,
            text: &text::loan(clerk.random, self.plan.product, kind, at, number),
            reverses: (kind == Kind::Reversal).then_some(number),
        })
    }

    /// The loan's own row, and its figures for `expected.json`.
    pub(crate) fn write(self, member_no: &str, clerk: &mut Clerk) -> Result<(), Error> {
        let status = match self.outstanding {
            0 => "paid",
            _ if clerk.random.chance(15) => "written_off",
            _ => "active",
        };
        let agreed = match self.rate == self.plan.product.monthly_rate() {
            true => String::new(),
            false => product::thousandths(self.rate),
        };
        let row = [
            self.no.as_str(),
            member_no,
            self.plan.product.code(),
            &decimal(self.principal),
            &self.plan.periods.to_string(),
            &self.disbursed.date.to_string(),
            &self.first_due.to_string(),
            status,
            &agreed,
        ];
        clerk.books.row(Table::Loans, &row)?;
        let member_no = member_no.to_owned();
        let (number, seq, amount) = (self.no, self.seq, self.outstanding);
        clerk.books.loans.push(Ending { number, member_no, seq, amount });
        Ok(())
    }
}
