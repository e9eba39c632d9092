//! The life of one savings account, month by month. Never below zero, never a date backwards, and every
//! amount either whole rupiah or, for interest on voluntary savings and tax, whole sen.

use jiff::civil::Date;

use crate::Error;
use crate::books::{Clerk, Ending, RUPIAH, SavingsRow, Table};
use crate::calendar::{self, Day, LAST_MONTH, Month, day};
use crate::plan::{AccountPlan, MemberPlan};
use crate::product::Savings;
use crate::random::Random;
use crate::recent::Recent;
use crate::text;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Deposit,
    Withdrawal,
    Interest,
    Tax,
    Fee,
    TransferIn,
    TransferOut,
    Reversal,
}

impl Kind {
    fn name(self) -> &'static str {
        match self {
            Self::Deposit => "deposit",
            Self::Withdrawal => "withdrawal",
            Self::Interest => "interest",
            Self::Tax => "tax",
            Self::Fee => "fee",
            Self::TransferIn => "transfer_in",
            Self::TransferOut => "transfer_out",
            Self::Reversal => "reversal",
        }
    }
}

pub(crate) struct Account<'p> {
    plan: &'p AccountPlan,
    no: String,
    opened: Day,
    /// A large amount for this member, rupiah.
    scale: i64,
    /// What wajib and pokok take each time, sen.
    fixed: i64,
    term_months: u32,
    /// Interest is paid every so many months.
    interest_step: u32,
    balance: i64,
    seq: u64,
    remaining: u64,
    closed: bool,
    recent: Recent<(Kind, i64)>,
    /// What a reversed entry should have been.
    correction: Option<(Kind, i64)>,
    /// Interest on a term deposit that is not yet moved to voluntary savings.
    undrawn: i64,
}

impl<'p> Account<'p> {
    pub(crate) fn new(plan: &'p AccountPlan, member: &MemberPlan, random: &mut Random) -> Self {
        let months = u64::from(plan.last_month + 1 - plan.first_month);
        let interest_step = match (plan.product, plan.quota / months) {
            (Savings::Berjangka, _) | (_, 3..) => 1,
            (_, 1..) => 3,
            _ if plan.quota * 2 >= months => 6,
            _ => 12,
        };
        Self {
            plan,
            no: format!("{}-{:06}", plan.product.code(), plan.number),
            opened: day(plan.first_month, 1 + random.below(20) as u8),
            scale: member.scale,
            fixed: random.pick(&[&25_000, &50_000, &75_000, &100_000, &150_000]) * RUPIAH,
            term_months: *random.pick(&[&1, &3, &6, &12, &24]),
            interest_step,
            balance: 0,
            seq: 0,
            remaining: plan.quota,
            closed: false,
            recent: Recent::new(),
            correction: None,
            undrawn: 0,
        }
    }

    pub(crate) fn opened(&self) -> Date {
        self.opened.date
    }

    pub(crate) fn closed(&self) -> bool {
        self.closed
    }

    fn runs(&self, month: Month) -> bool {
        (self.plan.first_month..=self.plan.last_month).contains(&month)
    }

    fn pays_interest(&self, month: Month) -> bool {
        self.plan.product.yearly_rate() > 0 && (month + 1).is_multiple_of(self.interest_step)
    }

    /// The month's share of entries, but for interest.
    pub(crate) fn run_month(&mut self, month: Month, clerk: &mut Clerk) -> Result<(), Error> {
        if !self.runs(month) {
            return Ok(());
        }
        let interest = u64::from(self.pays_interest(month));
        let mut count = match u64::from(self.plan.last_month + 1 - month) {
            1 => self.remaining.saturating_sub(2 * interest + u64::from(self.plan.closing)),
            left => clerk.random.share(self.remaining, left).saturating_sub(interest),
        };
        let mut from = 1;
        if month == self.plan.first_month {
            self.open(clerk)?;
            count = count.saturating_sub(1);
            from = self.opened.date.day() as u8;
        }
        for (day, times) in calendar::strew(clerk.random, count, from, month) {
            for _ in 0..times {
                self.event(day, clerk)?;
            }
        }
        Ok(())
    }

    fn open(&mut self, clerk: &mut Clerk) -> Result<(), Error> {
        let amount = match self.plan.product {
            Savings::Pokok | Savings::Wajib => self.fixed,
            Savings::Sukarela => usual_amount(clerk.random, self.scale * 4),
            Savings::Berjangka => self.scale * clerk.random.between(10, 40) * RUPIAH,
        };
        self.post(Kind::Deposit, amount, self.opened, None, clerk)
    }

    /// One entry of the kind that suits the product and the balance.
    fn event(&mut self, at: Day, clerk: &mut Clerk) -> Result<(), Error> {
        if self.remaining > 1 && clerk.random.chance(12) && self.reverse(at, clerk)? {
            return Ok(());
        }
        let planned = self.correction.take();
        let (kind, amount) = match planned.filter(|&(_, amount)| self.balance + amount >= 0) {
            Some(correct) => correct,
            None => match self.plan.product {
                Savings::Pokok | Savings::Wajib => (Kind::Deposit, self.fixed),
                Savings::Berjangka => self.term_deposit_event(clerk.random),
                Savings::Sukarela => self.voluntary_event(clerk.random),
            },
        };
        self.post(kind, amount, at, None, clerk)
    }

    fn term_deposit_event(&mut self, random: &mut Random) -> (Kind, i64) {
        let undrawn = std::mem::take(&mut self.undrawn);
        if undrawn > 0 && undrawn < self.balance {
            return (Kind::TransferOut, -undrawn);
        }
        (Kind::Deposit, self.scale / 2 * random.between(1, 4) * RUPIAH)
    }

    /// Deposits and withdrawals that keep the balance about where such a member's would be.
    fn voluntary_event(&mut self, random: &mut Random) -> (Kind, i64) {
        let level = self.scale * 40 * RUPIAH;
        if random.chance(25) {
            let fee = random.pick(&[&2_500, &5_000, &6_500, &10_000, &15_000]) * RUPIAH;
            if fee <= self.balance {
                return (Kind::Fee, -fee);
            }
        }
        let incoming = match self.balance {
            b if b < level / 2 => 640,
            b if b < level * 3 / 2 => 500,
            _ => 370,
        };
        let amount = usual_amount(random, self.scale);
        let transfer = random.below(1_000);
        if random.chance(incoming) || amount > self.balance {
            let kind = if transfer < 250 { Kind::TransferIn } else { Kind::Deposit };
            (kind, amount)
        } else {
            let kind = if transfer < 450 { Kind::TransferOut } else { Kind::Withdrawal };
            (kind, -amount)
        }
    }

    fn reverse(&mut self, at: Day, clerk: &mut Clerk) -> Result<bool, Error> {
        let balance = self.balance;
        let covered = |(_, amount)| balance >= amount;
        let Some((reversed, (kind, amount))) = self.recent.take(clerk.random, covered) else {
            return Ok(false);
        };
        let excess = match self.plan.product {
            Savings::Sukarela => amount / RUPIAH * clerk.random.between(0, 9) / 10 * RUPIAH,
            _ => 0,
        };
        self.correction = Some((kind, amount - excess));
        self.post(Kind::Reversal, -amount, at, Some(reversed), clerk)?;
        Ok(true)
    }

    /// This month's gross interest, in sen; 0 when none is paid or there is no entry left to pay it.
    pub(crate) fn interest(&self, month: Month) -> i64 {
        // Interest, its tax, and the last withdrawal of an account that closes.
        let needed = 2 + u64::from(self.plan.closing);
        if !self.runs(month) || !self.pays_interest(month) || self.remaining < needed {
            return 0;
        }
        let unit = if self.plan.product == Savings::Sukarela { 1 } else { RUPIAH };
        let yearly = i128::from(self.balance) * i128::from(self.plan.product.yearly_rate());
        half_up(yearly * i128::from(self.interest_step), 12_000 * i128::from(unit)) * unit
    }

    /// Posts the month's interest and, when it is taxed, 10% of the whole of it (PP 15/2009).
    pub(crate) fn pay_interest(
        &mut self,
        gross: i64,
        taxed: bool,
        month: Month,
        clerk: &mut Clerk,
    ) -> Result<(), Error> {
        let at = day(month, 31);
        let tax = if taxed { half_up(i128::from(gross), 10) } else { 0 };
        for (kind, amount) in [(Kind::Interest, gross), (Kind::Tax, -tax)] {
            if amount != 0 {
                self.post(kind, amount, at, None, clerk)?;
            }
        }
        if self.plan.product == Savings::Berjangka {
            self.undrawn += gross - tax;
        }
        Ok(())
    }

    /// In the last month, whatever entries are left; the very last one may close the account.
    pub(crate) fn finish_month(&mut self, month: Month, clerk: &mut Clerk) -> Result<(), Error> {
        if month != self.plan.last_month {
            return Ok(());
        }
        let at = day(month, 31);
        while self.remaining > 0 {
            self.closed = self.remaining == 1 && self.plan.closing && self.balance > 0;
            if self.closed {
                self.post(Kind::Withdrawal, -self.balance, at, None, clerk)?;
            } else {
                self.event(at, clerk)?;
            }
        }
        Ok(())
    }

    fn post(
        &mut self,
        kind: Kind,
        amount: i64,
        at: Day,
        reverses: Option<u64>,
        clerk: &mut Clerk,
    ) -> Result<(), Error> {
        let product = self.plan.product;
        let text = match (self.seq, self.closed) {
            (0, _) => text::ends_of_account(clerk.random, "Setoran awal", product, at),
            (_, true) => text::ends_of_account(clerk.random, "Penutupan", product, at),
            _ => text::savings(clerk.random, product, kind, at, reverses),
        };
        self.balance += amount;
        self.seq += 1;
        self.remaining -= 1;
        if !matches!(kind, Kind::Reversal | Kind::Interest | Kind::Tax) && self.seq > 1 {
            self.recent.push(self.seq, (kind, amount));
        }
        clerk.books.savings_entry(&SavingsRow {
            account_no: &self.no,
            posted_on: at.date,
            kind: kind.name(),
            amount,
            balance: self.balance,
            text: &text,
            reverses,
        })
    }

    /// The account's own row, and its figures for `expected.json`.
    pub(crate) fn write(self, member_no: &str, clerk: &mut Clerk) -> Result<(), Error> {
        let (mut term, mut matures) = (String::new(), String::new());
        if self.plan.product == Savings::Berjangka {
            term = self.term_months.to_string();
            let terms = (LAST_MONTH - self.opened.month) / self.term_months + 1;
            let due = self.opened.month + terms * self.term_months;
            matures = day(due, self.opened.date.day() as u8).date.to_string();
        }
        let row = [
            self.no.as_str(),
            member_no,
            self.plan.product.code(),
            &self.opened.date.to_string(),
            if self.closed { "closed" } else { "open" },
            &term,
            &matures,
        ];
        clerk.books.row(Table::SavingsAccounts, &row)?;
        let member_no = member_no.to_owned();
        let (number, seq, amount) = (self.no, self.seq, self.balance);
        clerk.books.savings.push(Ending { number, member_no, seq, amount });
        Ok(())
    }
}

/// An amount as people bring it, in sen: often round, sometimes to the last rupiah. `scale` is rupiah.
fn usual_amount(random: &mut Random, scale: i64) -> i64 {
    let amount = random.between(scale / 20, scale);
    let unit = match random.below(20) {
        0..=3 => 50_000,
        4..=7 => 5_000,
        8..=11 => 500,
        _ => 1,
    };
    (amount / unit).max(1) * unit * RUPIAH
}

/// `a / b` to the nearest whole, halves up; both positive, and the result as small as an amount.
pub(crate) fn half_up(a: i128, b: i128) -> i64 {
    ((a + b / 2) / b) as i64
}
