//! What a loan would cost. Terms that are given in full need no enrolment; a product's own come from the store.

use anggota::domain::loan::{
    DayCount, LatePayment, LoanDates, LoanPlan, PayOff, RepaymentTerms, Rounding, Schedule, effective_yearly_rate,
};
use anggota::domain::{Invalid, LoanMethod};
use anggota::error::Error;
use anggota::protocol::problem::Code;
use rust_decimal::Decimal;

use crate::args::{Global, Simulate};
use crate::failure::Failure;
use crate::output::{Ending, Output};
use crate::{json, phone, text};

/// A loan and what was asked about it.
pub(crate) struct Simulation {
    pub(crate) schedule: Schedule,
    pub(crate) effective_yearly_rate: Decimal,
    pub(crate) pay_off: Option<PayOff>,
    pub(crate) late_payment: Option<LatePayment>,
}

pub(crate) fn simulate(global: &Global, given: &Simulate, out: Output) -> Result<Ending, Failure> {
    let dates = dates(given).map_err(refused)?;
    let schedule = match &given.product {
        Some(product) => {
            let client = phone::open(global)?;
            need_dates(given, dates, false)?;
            client.simulate_loan(product, given.principal, given.periods, dates).map_err(Failure::from)?
        }
        None => {
            let plan = plan(given, dates)?;
            Schedule::of(plan).map_err(refused)?
        }
    };
    let simulation = ask(given, schedule).map_err(refused)?;
    out.print(|| json::Simulated::from(&simulation), || text::simulation(&simulation))
}

/// When it is paid out and first repaid: both as given, or a month apart.
fn dates(given: &Simulate) -> Result<Option<LoanDates>, Invalid> {
    match (given.disbursed, given.first_due) {
        (None, None) => Ok(None),
        (Some(disbursed), None) => LoanDates::disbursed(disbursed).map(Some),
        (None, Some(first_due)) => LoanDates::first_due(first_due).map(Some),
        (Some(disbursed), Some(first_due)) => LoanDates::new(disbursed, first_due).map(Some),
    }
}

fn plan(given: &Simulate, dates: Option<LoanDates>) -> Result<LoanPlan, Failure> {
    // The command line demands both where there is no product.
    let (Some(method), Some(rate)) = (given.method, given.rate) else { return Err(Failure::new(Code::Usage)) };
    let day_count = given.day_count.unwrap_or_default();
    need_dates(given, dates, method == LoanMethod::Harian || day_count == DayCount::Actual365)?;
    let usual = Rounding::default();
    let rounding = Rounding::new(
        given.rounding_unit.unwrap_or(usual.unit()),
        given.rounding_mode.unwrap_or(usual.mode()),
        given.rounding_applies_to.unwrap_or(usual.applies_to()),
    );
    let terms = RepaymentTerms {
        grace_periods: given.grace.unwrap_or_default(),
        rounding: rounding.map_err(refused)?,
        day_count,
        late_charge_rate: given.late_charge_rate.unwrap_or_default(),
        ..RepaymentTerms::default()
    };
    LoanPlan::new(method, given.principal, rate, given.periods, terms, dates).map_err(refused)
}

/// Days can only be counted where there are dates.
fn need_dates(given: &Simulate, dates: Option<LoanDates>, by_day: bool) -> Result<(), Failure> {
    if dates.is_none() && (by_day || given.pay_off.is_some() || given.pay_late.is_some()) {
        let sentence = "Hitungan menurut hari memerlukan tanggal; tambahkan --first-due atau --disbursed.";
        return Err(Failure::saying(Code::Usage, sentence).field("first-due"));
    }
    Ok(())
}

fn ask(given: &Simulate, schedule: Schedule) -> Result<Simulation, Invalid> {
    let late = |on| schedule.late_payment(given.paid.saturating_add(1), on);
    Ok(Simulation {
        effective_yearly_rate: effective_yearly_rate(schedule.plan())?,
        pay_off: given.pay_off.map(|on| schedule.pay_off(on, given.paid)).transpose()?,
        late_payment: given.pay_late.map(late).transpose()?,
        schedule,
    })
}

fn refused(invalid: Invalid) -> Failure {
    Failure::from(Error::from(invalid))
}
