//! Loans that are reckoned: products, simulations, the schedule of a loan that is held, what speaks against one. Flat records
//! of the core's domain, under the names that the terminal shell prints; nothing is reckoned here.

use anggota::client::{self as core, LoanScheduleView as HeldLoan};
use anggota::domain::loan::{
    Instalment, InstalmentProgress, InstalmentState, LoanDates, NextDue, Owed, Payment, PaymentPart, Reminder,
    Schedule, Untold, effective_yearly_rate,
};
use anggota::domain::{AccountNo, CivilDate, LoanMethod, LoanProduct, Money, Name, ProductCode, Timestamp};

use crate::client::Client;
use crate::error::AnggotaError;
use crate::values::Fraction;

type Result<T> = std::result::Result<T, AnggotaError>;

/// What the cooperative lends.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LoanProductView {
    /// Its code, for a request and a simulation.
    pub code: ProductCode,
    /// Its name on the screen.
    pub name: Name,
    /// How interest is reckoned.
    pub method: LoanMethod,
    /// Interest a month, a fraction (harian uses a thirtieth a day).
    pub rate_per_period: Fraction,
    /// The least that is lent.
    pub min_principal: Option<Money>,
    /// The most that is lent.
    pub max_principal: Option<Money>,
    /// The most months.
    pub max_periods: Option<u32>,
}

/// When a loan is paid out and first repaid; the one that is not given is a month from the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct LoanDays {
    /// The day it is paid out.
    #[uniffi(default = None)]
    pub disbursed: Option<CivilDate>,
    /// The day the first instalment falls due.
    #[uniffi(default = None)]
    pub first_due: Option<CivilDate>,
}

/// One instalment as planned, and how it stands where that is known.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct InstalmentView {
    /// From 1.
    pub number: u32,
    /// The day it falls due; `None` in a simulation without dates.
    pub due: Option<CivilDate>,
    /// Pokok.
    pub principal: Money,
    /// Jasa.
    pub interest: Money,
    /// Both.
    pub total: Money,
    /// The principal still owed after it.
    pub outstanding: Money,
    /// `None` in a simulation, while not all entries of the loan are held and proven, and where they are too many.
    pub standing: Option<InstalmentStandingView>,
}

/// How an instalment stands in the ledger.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct InstalmentStandingView {
    /// Paid, late, due or upcoming.
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

/// What a loan would cost.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SimulatedLoanView {
    /// Jasa of all instalments.
    pub total_interest: Money,
    /// Everything that is paid.
    pub total: Money,
    /// Twelve monthly rates, a fraction.
    pub nominal_yearly_rate: Fraction,
    /// What it costs on the money that is still owed, a fraction with 6 decimals.
    pub effective_yearly_rate: Fraction,
    /// By number.
    pub instalments: Vec<InstalmentView>,
}

/// The schedule of a loan that is held, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LoanScheduleView {
    /// Its number.
    pub loan_no: AccountNo,
    /// The product's name.
    pub product: String,
    /// The day it stands so, at the cooperative.
    pub today: CivilDate,
    /// The product's terms are no longer those of the day the loan was given: the instalments are reckoned by its
    /// repayment terms of now.
    pub terms_changed: bool,
    /// Jasa of all instalments.
    pub total_interest: Money,
    /// Everything that is paid.
    pub total: Money,
    /// Twelve monthly rates, a fraction.
    pub nominal_yearly_rate: Fraction,
    /// What it costs on the money that is still owed, a fraction with 6 decimals.
    pub effective_yearly_rate: Fraction,
    /// By number.
    pub instalments: Vec<InstalmentView>,
    /// Why it is not told how the loan stands, where it is not.
    pub untold: Option<Untold>,
    /// What is late, without denda; `None` while how it stands is not told, as the next two.
    pub late: Option<Money>,
    /// Denda that was charged and is not paid or waived.
    pub late_charge: Option<Money>,
    /// What to pay next.
    pub next_due: Option<NextDue>,
    /// When the server last vouched for it.
    pub as_of: Timestamp,
    /// The head is in a verified checkpoint and every entry held chains to it.
    pub verified: bool,
}

/// What speaks for and against a loan, before it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LoanCheckView {
    /// The product's name.
    pub product: String,
    /// How much.
    pub principal: Money,
    /// Over how many months.
    pub periods: u32,
    /// Its largest instalment.
    pub instalment: Money,
    /// What the loans that run already ask for in a month, at most.
    pub running_instalments: Money,
    /// What the member says to earn in a month; it stays on this device.
    pub income: Option<Money>,
    /// All instalments as a part of it, a fraction with 4 decimals.
    pub share_of_income: Option<Fraction>,
    /// The rules that it breaks, as an error names its rule; none: nothing known here speaks against it.
    pub obstacles: Vec<String>,
}

/// What a payment would pay of an instalment.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PaymentPartView {
    /// The instalment.
    pub number: u32,
    /// Denda; it stands with the oldest that is not paid.
    pub late_charge: Money,
    /// Jasa.
    pub interest: Money,
    /// Biaya.
    pub fee: Money,
    /// Pokok.
    pub principal: Money,
}

/// How a payment would be divided.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PaymentView {
    /// What is paid.
    pub amount: Money,
    /// What it pays, by instalment; only those that get something.
    pub parts: Vec<PaymentPartView>,
    /// What is left of it when nothing more is owed.
    pub rest: Money,
}

/// A day on which the shell reminds the member of an instalment.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LoanReminderView {
    /// Of which loan.
    pub loan_no: AccountNo,
    /// The product's name (its code while the register is not known).
    pub product: String,
    /// The day to remind.
    pub date: CivilDate,
    /// The instalment.
    pub number: u32,
    /// The day it falls due.
    pub due: CivilDate,
    /// What is owed of it.
    pub amount: Money,
}

#[uniffi::export]
impl Client {
    /// What the cooperative lends, by code; empty before the first sync.
    pub fn loan_products(&self) -> Result<Vec<LoanProductView>> {
        Ok(self.core().loan_products()?.into_iter().map(LoanProductView::from).collect())
    }

    /// What a loan of this product would cost, by the product's own terms and within its limits. Interest by the day needs
    /// dates.
    #[uniffi::method(default(days = None))]
    pub fn simulate_loan(
        &self,
        product: ProductCode,
        principal: Money,
        periods: u32,
        days: Option<LoanDays>,
    ) -> Result<SimulatedLoanView> {
        let dates = days.map(LoanDays::dates).transpose()?.flatten();
        SimulatedLoanView::of(&self.core().simulate_loan(&product, principal, periods, dates)?)
    }

    /// The schedule of a loan that is held and what of it is paid, due and late today.
    pub fn loan_schedule(&self, loan_no: AccountNo) -> Result<LoanScheduleView> {
        Ok(self.core().loan_schedule(&loan_no)?.into())
    }

    /// How a payment of a loan that is held would be divided among its instalments, in the product's order. Needs all its
    /// entries, held and proven.
    pub fn divide_payment(&self, loan_no: AccountNo, amount: Money) -> Result<PaymentView> {
        Ok(self.core().divide_payment(&loan_no, amount)?.into())
    }

    /// Whether a loan may be asked for, and what it would take of a month's `income` beside the loans that run already.
    /// Needs no network; nothing is saved and nothing is sent.
    #[uniffi::method(default(income = None))]
    pub fn check_loan(
        &self,
        product: ProductCode,
        principal: Money,
        periods: u32,
        income: Option<Money>,
    ) -> Result<LoanCheckView> {
        Ok(self.core().check_loan(&product, principal, periods, income)?.into())
    }

    /// The next days on which a shell's alarm reminds of an instalment of any loan: so many days before each falls due
    /// (0: on the day), at most `limit`, by day.
    pub fn loan_reminders(&self, days_before: Vec<u16>, limit: u32) -> Result<Vec<LoanReminderView>> {
        let reminders = self.core().loan_reminders(&days_before, limit as usize)?;
        Ok(reminders.into_iter().map(LoanReminderView::from).collect())
    }
}

impl LoanDays {
    pub(crate) fn dates(self) -> Result<Option<LoanDates>> {
        Ok(LoanDates::of(self.disbursed, self.first_due)?)
    }
}

impl From<LoanProduct> for LoanProductView {
    fn from(product: LoanProduct) -> Self {
        let LoanProduct {
            code,
            name,
            method,
            rate_per_period,
            version: _,
            min_principal,
            max_principal,
            max_periods,
            repayment: _,
        } = product;
        let rate_per_period = rate_per_period.into();
        Self { code, name, method, rate_per_period, min_principal, max_principal, max_periods }
    }
}

impl From<&Instalment> for InstalmentView {
    fn from(&Instalment { number, due_on, principal, interest, total, outstanding }: &Instalment) -> Self {
        Self { number, due: due_on, principal, interest, total, outstanding, standing: None }
    }
}

impl From<&InstalmentProgress> for InstalmentStandingView {
    fn from(progress: &InstalmentProgress) -> Self {
        let &InstalmentProgress { instalment: _, state, principal_paid, interest_paid, owed, paid_on, days_late } =
            progress;
        Self { state, principal_paid, interest_paid, owed, paid_on, days_late }
    }
}

impl SimulatedLoanView {
    fn of(schedule: &Schedule) -> Result<Self> {
        Ok(Self {
            total_interest: schedule.total_interest(),
            total: schedule.total(),
            nominal_yearly_rate: Fraction::yearly(schedule.plan().rate_per_period()),
            effective_yearly_rate: effective_yearly_rate(schedule.plan())?.into(),
            instalments: schedule.instalments().iter().map(InstalmentView::from).collect(),
        })
    }
}

impl From<HeldLoan> for LoanScheduleView {
    fn from(view: HeldLoan) -> Self {
        let core::LoanScheduleView {
            loan_no,
            product,
            today,
            schedule,
            terms_changed,
            effective_yearly_rate,
            progress,
            as_of,
            verified,
        } = view;
        let untold = progress.as_ref().err().copied();
        let progress = progress.ok();
        let mut instalments: Vec<_> = schedule.instalments().iter().map(InstalmentView::from).collect();
        for (row, standing) in instalments.iter_mut().zip(progress.iter().flat_map(|progress| &progress.instalments)) {
            row.standing = Some(standing.into());
        }
        Self {
            loan_no,
            product,
            today,
            terms_changed,
            total_interest: schedule.total_interest(),
            total: schedule.total(),
            nominal_yearly_rate: Fraction::yearly(schedule.plan().rate_per_period()),
            effective_yearly_rate: effective_yearly_rate.into(),
            instalments,
            untold,
            late: progress.as_ref().map(|progress| progress.late),
            late_charge: progress.as_ref().map(|progress| progress.late_charge),
            next_due: progress.and_then(|progress| progress.next_due),
            as_of,
            verified,
        }
    }
}

impl From<core::LoanReminderView> for LoanReminderView {
    fn from(view: core::LoanReminderView) -> Self {
        let core::LoanReminderView { loan_no, product, reminder } = view;
        let Reminder { on, number, due_on, amount } = reminder;
        Self { loan_no, product, date: on, number, due: due_on, amount }
    }
}

impl From<core::LoanCheckView> for LoanCheckView {
    fn from(view: core::LoanCheckView) -> Self {
        let core::LoanCheckView {
            product,
            principal,
            periods,
            instalment,
            running_instalments,
            income,
            share_of_income,
            obstacles,
        } = view;
        let share_of_income = share_of_income.map(Fraction::from);
        Self { product, principal, periods, instalment, running_instalments, income, share_of_income, obstacles }
    }
}

impl From<Payment> for PaymentView {
    fn from(Payment { amount, parts, rest }: Payment) -> Self {
        let part = |PaymentPart { number, paid: Owed { late_charge, interest, fee, principal } }| PaymentPartView {
            number,
            late_charge,
            interest,
            fee,
            principal,
        };
        Self { amount, parts: parts.into_iter().map(part).collect(), rest }
    }
}
