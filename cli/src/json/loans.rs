//! The documents of loans that are reckoned: simulated ones, and the schedule of one that is held.

use anggota::client::{LoanCheckView, LoanReminderView, LoanScheduleView, TermsView};
use anggota::domain::loan::{
    Comparison, Instalment, InstalmentProgress, LatePayment, NextDue, Offer, PayOff, Payment, PaymentPart, Schedule,
    Simulation, Untold,
};
use anggota::domain::{AccountNo, CivilDate};
use anggota::protocol::problem::Code;
use anggota::words::{self, Language};
use rust_decimal::Decimal;
use serde::Serialize;

/// `loan simulate`.
#[derive(Serialize)]
pub(crate) struct Simulated {
    #[serde(flatten)]
    plan: Plan,
    instalments: Vec<Row>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pay_off: Option<PaidOff>,
    #[serde(skip_serializing_if = "Option::is_none")]
    late_payment: Option<PaidLate>,
}

/// What both documents say of the whole loan.
#[derive(Serialize)]
struct Plan {
    total_interest: String,
    total: String,
    nominal_yearly_rate: String,
    effective_yearly_rate: String,
}

impl Plan {
    fn of(schedule: &Schedule, effective: Decimal) -> Self {
        Self {
            total_interest: schedule.total_interest().to_string(),
            total: schedule.total().to_string(),
            nominal_yearly_rate: schedule.plan().rate_per_period().yearly().normalize().to_string(),
            effective_yearly_rate: format!("{effective:.6}"),
        }
    }
}

#[derive(Serialize)]
struct Row {
    number: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    due: Option<String>,
    principal: String,
    interest: String,
    total: String,
    outstanding: String,
}

impl From<&Instalment> for Row {
    fn from(row: &Instalment) -> Self {
        Self {
            number: row.number,
            due: row.due_on.map(|day| day.to_string()),
            principal: row.principal.to_string(),
            interest: row.interest.to_string(),
            total: row.total.to_string(),
            outstanding: row.outstanding.to_string(),
        }
    }
}

#[derive(Serialize)]
struct PaidOff {
    date: String,
    outstanding: String,
    interest: String,
    amount: String,
}

impl From<&PayOff> for PaidOff {
    fn from(pay_off: &PayOff) -> Self {
        Self {
            date: pay_off.on.to_string(),
            outstanding: pay_off.outstanding.to_string(),
            interest: pay_off.interest.to_string(),
            amount: pay_off.amount.to_string(),
        }
    }
}

#[derive(Serialize)]
struct PaidLate {
    number: u32,
    due: String,
    date: String,
    days: u32,
    instalment: String,
    late_charge: String,
    amount: String,
}

impl From<&LatePayment> for PaidLate {
    fn from(late: &LatePayment) -> Self {
        Self {
            number: late.number,
            due: late.due_on.to_string(),
            date: late.paid_on.to_string(),
            days: late.days,
            instalment: late.instalment.to_string(),
            late_charge: late.late_charge.to_string(),
            amount: late.amount.to_string(),
        }
    }
}

impl From<&Simulation> for Simulated {
    fn from(simulation: &Simulation) -> Self {
        Self {
            plan: Plan::of(&simulation.schedule, simulation.effective_yearly_rate),
            instalments: simulation.schedule.instalments().iter().map(Row::from).collect(),
            pay_off: simulation.pay_off.as_ref().map(PaidOff::from),
            late_payment: simulation.late_payment.as_ref().map(PaidLate::from),
        }
    }
}

/// `loan schedule`: as simulated, and how each instalment stands where all entries are held.
#[derive(Serialize)]
pub(crate) struct LoanSchedule {
    loan_no: String,
    product: String,
    terms_changed: bool,
    #[serde(flatten)]
    plan: Plan,
    instalments: Vec<HeldRow>,
    too_long: bool,
    /// Why it is not told how the loan stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    untold: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    late: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    late_charge: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_due: Option<Due>,
    as_of: String,
    verified: bool,
}

#[derive(Serialize)]
struct HeldRow {
    #[serde(flatten)]
    row: Row,
    #[serde(flatten)]
    standing: Option<Standing>,
}

#[derive(Serialize)]
struct Standing {
    state: &'static str,
    principal_paid: String,
    interest_paid: String,
    owed: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_on: Option<String>,
    days_late: u32,
}

impl From<&InstalmentProgress> for Standing {
    fn from(progress: &InstalmentProgress) -> Self {
        Self {
            state: progress.state.as_str(),
            principal_paid: progress.principal_paid.to_string(),
            interest_paid: progress.interest_paid.to_string(),
            owed: progress.owed.to_string(),
            paid_on: progress.paid_on.as_ref().map(CivilDate::to_string),
            days_late: progress.days_late,
        }
    }
}

/// What to pay next, as in `balance`.
#[derive(Serialize)]
pub(crate) struct Due {
    date: String,
    amount: String,
}

impl From<&NextDue> for Due {
    fn from(due: &NextDue) -> Self {
        Self { date: due.date.to_string(), amount: due.amount.to_string() }
    }
}

impl From<&LoanScheduleView> for LoanSchedule {
    fn from(view: &LoanScheduleView) -> Self {
        let progress = view.progress.as_ref().ok();
        let untold = view.progress.as_ref().err();
        let standing = |index| progress.and_then(|progress| progress.instalments.get(index)).map(Standing::from);
        let rows = view.schedule.instalments().iter().enumerate();
        Self {
            loan_no: view.loan_no.to_string(),
            product: view.product.clone(),
            terms_changed: view.terms_changed,
            too_long: untold == Some(&Untold::TooLong),
            untold: untold.map(|why| why.as_str()),
            plan: Plan::of(&view.schedule, view.effective_yearly_rate),
            instalments: rows.map(|(index, row)| HeldRow { row: row.into(), standing: standing(index) }).collect(),
            late: progress.map(|progress| progress.late.to_string()),
            late_charge: progress.map(|progress| progress.late_charge.to_string()),
            next_due: progress.and_then(|progress| progress.next_due.as_ref()).map(Due::from),
            as_of: view.as_of.to_string(),
            verified: view.verified,
        }
    }
}

/// `loan schedule --pay`: how a payment would be divided.
#[derive(Serialize)]
pub(crate) struct DividedPayment {
    loan_no: String,
    amount: String,
    parts: Vec<Part>,
    rest: String,
}

#[derive(Serialize)]
struct Part {
    number: u32,
    late_charge: String,
    interest: String,
    fee: String,
    principal: String,
}

impl DividedPayment {
    pub(crate) fn of(loan: &AccountNo, payment: &Payment) -> Self {
        let part = |part: &PaymentPart| Part {
            number: part.number,
            late_charge: part.paid.late_charge.to_string(),
            interest: part.paid.interest.to_string(),
            fee: part.paid.fee.to_string(),
            principal: part.paid.principal.to_string(),
        };
        Self {
            loan_no: loan.to_string(),
            amount: payment.amount.to_string(),
            parts: payment.parts.iter().map(part).collect(),
            rest: payment.rest.to_string(),
        }
    }
}

/// `loan reminders`.
#[derive(Serialize)]
pub(crate) struct Reminders {
    reminders: Vec<Remind>,
}

#[derive(Serialize)]
struct Remind {
    loan_no: String,
    product: String,
    date: String,
    number: u32,
    due: String,
    amount: String,
}

impl From<&[LoanReminderView]> for Reminders {
    fn from(reminders: &[LoanReminderView]) -> Self {
        let remind = |LoanReminderView { loan_no, product, reminder }: &LoanReminderView| Remind {
            loan_no: loan_no.to_string(),
            product: product.clone(),
            date: reminder.on.to_string(),
            number: reminder.number,
            due: reminder.due_on.to_string(),
            amount: reminder.amount.to_string(),
        };
        Self { reminders: reminders.iter().map(remind).collect() }
    }
}

/// A loan product's terms, where they are others than those of a request.
#[derive(Serialize)]
pub(super) struct Terms {
    version: u32,
    method: &'static str,
    rate_per_period: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_principal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_principal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_periods: Option<u32>,
}

impl From<&TermsView> for Terms {
    fn from(terms: &TermsView) -> Self {
        Self {
            version: terms.version,
            method: terms.method.as_str(),
            rate_per_period: terms.rate_per_period.to_string(),
            min_principal: terms.min_principal.map(|amount| amount.to_string()),
            max_principal: terms.max_principal.map(|amount| amount.to_string()),
            max_periods: terms.max_periods,
        }
    }
}

/// `loan check`.
#[derive(Serialize)]
pub(crate) struct LoanChecked {
    product: String,
    principal: String,
    periods: u32,
    instalment: String,
    running_instalments: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    share_of_income: Option<String>,
    obstacles: Vec<String>,
    ok: bool,
}

impl LoanChecked {
    pub(crate) fn of(view: &LoanCheckView, language: Language) -> Self {
        let sentence = |rule: &String| words::refusal(language, Code::InvalidInput, Some(rule));
        Self {
            product: view.product.clone(),
            principal: view.principal.to_string(),
            periods: view.periods,
            instalment: view.instalment.to_string(),
            running_instalments: view.running_instalments.to_string(),
            share_of_income: view.share_of_income.map(|share| format!("{share:.4}")),
            obstacles: view.obstacles.iter().map(sentence).collect(),
            ok: view.obstacles.is_empty(),
        }
    }
}

/// `loan simulate --against-product` or `--against-method`: two offers, and how much more the second one asks.
#[derive(Serialize)]
pub(crate) struct ComparedOffers {
    first: OneOffer,
    second: OneOffer,
    more_interest: String,
    more_a_month: String,
    higher_effective_yearly_rate: String,
}

#[derive(Serialize)]
struct OneOffer {
    periods: u32,
    largest_instalment: String,
    total_interest: String,
    total: String,
    effective_yearly_rate: String,
}

impl From<&Offer> for OneOffer {
    fn from(offer: &Offer) -> Self {
        Self {
            periods: offer.periods,
            largest_instalment: offer.largest_instalment.to_string(),
            total_interest: offer.total_interest.to_string(),
            total: offer.total.to_string(),
            effective_yearly_rate: format!("{:.6}", offer.effective_yearly_rate),
        }
    }
}

impl From<&Comparison> for ComparedOffers {
    fn from(found: &Comparison) -> Self {
        Self {
            first: OneOffer::from(&found.first),
            second: OneOffer::from(&found.second),
            more_interest: found.more_interest.to_string(),
            more_a_month: found.more_a_month.to_string(),
            higher_effective_yearly_rate: format!("{:.6}", found.higher_rate),
        }
    }
}
