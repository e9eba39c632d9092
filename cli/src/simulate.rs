//! What a loan would cost. Terms that are given in full need no enrolment; a product's own come from the store.

use anggota::domain::loan::{
    Comparison, DayCount, LoanDates, LoanPlan, Question, RepaymentTerms, Rounding, Schedule, Simulation,
};
use anggota::domain::{LoanMethod, Rate};
use anggota::protocol::problem::Code;
use anggota::words::screen;

use crate::args::{Global, Simulate};
use crate::failure::Failure;
use crate::output::{Ending, Output};
use crate::{json, phone};

pub(crate) fn simulate(global: &Global, given: &Simulate, out: Output) -> Result<Ending, Failure> {
    let dates = LoanDates::of(given.disbursed, given.first_due)?;
    let periods = given.against_periods.unwrap_or(given.periods);
    let (schedule, against) = match &given.product {
        Some(product) => {
            let client = phone::open(global)?;
            need_dates(given, dates, false)?;
            let reckon = |product, periods| client.simulate_loan(product, given.principal, periods, dates);
            let against = given.against_product.as_ref().map(|other| reckon(other, periods));
            (reckon(product, given.periods)?, against.transpose()?)
        }
        None => {
            // The command line demands both where there is no product.
            let (Some(method), Some(rate)) = (given.method, given.rate) else { return Err(Failure::new(Code::Usage)) };
            let reckon = |method, rate, periods| {
                plan(given, method, rate, periods, dates).and_then(|plan| Ok(Schedule::of(plan)?))
            };
            let against = given.against_method.zip(given.against_rate);
            let against = against.map(|(method, rate)| reckon(method, rate, periods));
            (reckon(method, rate, given.periods)?, against.transpose()?)
        }
    };
    if let Some(against) = against {
        return compared(global, schedule, against, out);
    }
    let asked = Question { paid: given.paid, pay_off: given.pay_off, pay_late: given.pay_late };
    let simulation = Simulation::of(schedule, asked)?;
    out.print(
        || json::Simulated::from(&simulation),
        || global.screen(&screen::simulation(&simulation, &global.stranger())),
    )
}

fn compared(global: &Global, first: Schedule, second: Schedule, out: Output) -> Result<Ending, Failure> {
    let found = Comparison::of(&first, &second)?;
    let asked = Question::default();
    let [first, second] = [Simulation::of(first, asked)?, Simulation::of(second, asked)?];
    out.print(
        || json::ComparedOffers::from(&found),
        || global.screen(&screen::comparison(&first, &second, &found, &global.stranger())),
    )
}

fn plan(
    given: &Simulate,
    method: LoanMethod,
    rate: Rate,
    periods: u32,
    dates: Option<LoanDates>,
) -> Result<LoanPlan, Failure> {
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
        rounding: rounding?,
        day_count,
        late_charge_rate: given.late_charge_rate.unwrap_or_default(),
        ..RepaymentTerms::default()
    };
    Ok(LoanPlan::new(method, given.principal, rate, periods, terms, dates)?)
}

/// Days can only be counted where there are dates.
fn need_dates(given: &Simulate, dates: Option<LoanDates>, by_day: bool) -> Result<(), Failure> {
    if dates.is_none() && (by_day || given.pay_off.is_some() || given.pay_late.is_some()) {
        return Err(Failure::ruled(Code::Usage, "interest by the day needs the dates of the loan").field("first-due"));
    }
    Ok(())
}
