//! A loan that is only thought of: its schedule, and what was asked about it.

use rust_decimal::Decimal;

use super::{LatePayment, PayOff, Schedule, effective_yearly_rate};
use crate::domain::{CivilDate, Invalid};

/// What is asked about a schedule. Days need a schedule with dates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Question {
    /// How many of the first instalments were paid on their due dates.
    pub paid: u32,
    /// What settles the loan on this day?
    pub pay_off: Option<CivilDate>,
    /// What does the next instalment cost when it is paid on this day?
    pub pay_late: Option<CivilDate>,
}

/// A schedule and the answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Simulation {
    /// The instalments.
    pub schedule: Schedule,
    /// A fraction with 6 decimals.
    pub effective_yearly_rate: Decimal,
    /// What settles it.
    pub pay_off: Option<PayOff>,
    /// What paying late costs.
    pub late_payment: Option<LatePayment>,
}

impl Simulation {
    /// Answers what is asked about a schedule; refused where the schedule has no such day or instalment.
    pub fn of(schedule: Schedule, asked: Question) -> Result<Self, Invalid> {
        let late = |on| schedule.late_payment(asked.paid.saturating_add(1), on);
        Ok(Self {
            effective_yearly_rate: effective_yearly_rate(schedule.plan())?,
            pay_off: asked.pay_off.map(|on| schedule.pay_off(on, asked.paid)).transpose()?,
            late_payment: asked.pay_late.map(late).transpose()?,
            schedule,
        })
    }
}
