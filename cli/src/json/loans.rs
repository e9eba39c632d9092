//! The documents of loans that are reckoned: simulated ones, and the schedule of one that is held.

use anggota::client::LoanScheduleView;
use anggota::domain::loan::{Instalment, InstalmentProgress, LatePayment, NextDue, PayOff, Schedule};
use anggota::domain::{CivilDate, Rate};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::simulate::Simulation;

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
            nominal_yearly_rate: nominal(schedule.plan().rate_per_period()),
            effective_yearly_rate: format!("{effective:.6}"),
        }
    }
}

/// Twelve monthly rates, with all their decimals.
fn nominal(monthly: Rate) -> String {
    Decimal::new(monthly.times_twelve(), 8).normalize().to_string()
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
    #[serde(flatten)]
    plan: Plan,
    instalments: Vec<HeldRow>,
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
        let progress = view.progress.as_ref();
        let standing = |index| progress.and_then(|progress| progress.instalments.get(index)).map(Standing::from);
        let rows = view.schedule.instalments().iter().enumerate();
        Self {
            loan_no: view.loan_no.to_string(),
            product: view.product.clone(),
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
