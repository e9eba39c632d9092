//! A loan reckoned: what it would cost, and how one that is held is paid, instalment by instalment.

use std::cmp::Ordering;

use rust_decimal::Decimal;

use super::{Action, ActionKind, Block, Role, Screen, figure_of, figures_age, joined, line};
use crate::domain::loan::{
    Comparison, Instalment, InstalmentProgress, InstalmentState, LatePayment, NextDue, PayOff, Schedule, Simulation,
    Untold,
};
use crate::domain::{CivilDate, Money};
use crate::views::LoanScheduleView;
use crate::words::reader::{Reader, Wording};

/// What a loan would cost. Plainly it is the sums; instalment by instalment when everything is said.
pub fn simulation(simulation: &Simulation, reader: &Reader) -> Screen {
    let schedule = &simulation.schedule;
    let reckoned = reader.wording("age-reckoned", []);
    let mut blocks = vec![cost(schedule, simulation.effective_yearly_rate, &reckoned, reader)];
    blocks.extend(simulation.pay_off.iter().map(|asked| pay_off(asked, reader)));
    blocks.extend(simulation.late_payment.iter().map(|asked| late_payment(asked, reader)));
    if reader.is_full() {
        blocks.extend(schedule.instalments().iter().map(|row| instalment(row, None, &reckoned, reader)));
    }
    Screen { title: reader.wording("simulation-title", []), age: None, blocks, actions: Vec::new() }
}

/// Two loans that are thought of, side by side, and which is dearer.
pub fn comparison(first: &Simulation, second: &Simulation, found: &Comparison, reader: &Reader) -> Screen {
    let reckoned = reader.wording("age-reckoned", []);
    let offer = |simulation: &Simulation, id| {
        let mut block = cost(&simulation.schedule, simulation.effective_yearly_rate, &reckoned, reader);
        let words = Wording { shown: block.heading, spoken: block.spoken };
        let told = reader.wording(id, [("offer", words.into())]);
        (block.heading, block.spoken) = (told.shown, told.spoken);
        block
    };
    let by = |more: Money, [up, down, same]: [&'static str; 3]| {
        let size = reader.amount(if more.is_negative() { -more } else { more });
        match more.cmp(&Money::ZERO) {
            Ordering::Greater => reader.wording(up, [("amount", size.into())]),
            Ordering::Less => reader.wording(down, [("amount", size.into())]),
            Ordering::Equal => reader.wording(same, []),
        }
    };
    let rate = match found.higher_rate.cmp(&Decimal::ZERO) {
        Ordering::Greater => "compared-rate-higher",
        Ordering::Less => "compared-rate-lower",
        Ordering::Equal => "compared-rate-same",
    };
    let said = [
        by(found.more_interest, ["compared-interest-more", "compared-interest-less", "compared-interest-same"]),
        by(found.more_a_month, ["compared-month-more", "compared-month-less", "compared-month-same"]),
        reader.wording(rate, []),
    ];
    let blocks = [offer(first, "offer-first"), offer(second, "offer-second")];
    let verdict = said.map(|words| Block::sentence(reader, Role::Hint, "", words));
    let blocks = blocks.into_iter().chain(verdict).collect();
    Screen { title: reader.wording("comparison-title", []), age: None, blocks, actions: Vec::new() }
}

/// The schedule of a loan that is held. Plainly it is what is late and what comes next.
pub fn loan_schedule(view: &LoanScheduleView, reader: &Reader) -> Screen {
    let product = || Wording::same(&view.product).into();
    let title = if reader.is_full() {
        let number = reader.name_of(view.loan_no.as_str()).into();
        reader.wording("schedule-title-full", [("product", product()), ("account", number)])
    } else {
        reader.wording("schedule-title", [("product", product())])
    };
    let age = figures_age(reader, view.as_of);
    let mut blocks = vec![standing(view, reader)];
    if view.terms_changed {
        blocks.push(Block::sentence(reader, Role::Hint, "", reader.wording("schedule-terms-changed", [])));
    }
    if reader.is_full() {
        blocks.push(cost(&view.schedule, view.effective_yearly_rate, &reader.age(view.as_of), reader));
    }
    let due = |row: &Instalment| due_age(row, &age, reader);
    match &view.progress {
        Ok(progress) => {
            let shown = progress.instalments.iter().filter(|row| reader.is_full() || is_owed_now(row));
            blocks.extend(shown.map(|row| instalment(&row.instalment, Some(row), &due(&row.instalment), reader)));
        }
        Err(_) if reader.is_full() => {
            let rows = view.schedule.instalments().iter();
            blocks.extend(rows.map(|row| instalment(row, None, &due(row), reader)));
        }
        Err(_) => {}
    }
    if !view.verified {
        blocks.iter_mut().filter_map(|block| block.figure.as_mut()).for_each(|figure| figure.verified = false);
    }
    let open = Action {
        kind: ActionKind::OpenLoanPassbook(view.loan_no.clone()),
        label: reader.wording("action-open", [("product", product())]),
    };
    Screen { title, age: Some(age), blocks, actions: vec![open, Action::sync(reader)] }
}

/// What is to be paid next, in a sentence for the home screen too.
pub(super) fn due_said(due: NextDue, today: CivilDate, reader: &Reader) -> Wording {
    let id = if due.date < today { "due-passed-said" } else { "due-said" };
    reader.wording(id, [("amount", reader.amount(due.amount).into()), ("date", reader.date(due.date).into())])
}

fn is_owed_now(row: &InstalmentProgress) -> bool {
    match row.state {
        InstalmentState::Late | InstalmentState::Due => true,
        InstalmentState::Paid | InstalmentState::Upcoming => false,
    }
}

/// What to pay next, or why that cannot be told.
fn standing(view: &LoanScheduleView, reader: &Reader) -> Block {
    let hint = |id| Block::sentence(reader, Role::Hint, "", reader.wording(id, []));
    let progress = match &view.progress {
        Ok(progress) => progress,
        Err(why) => return hint(untold(*why)),
    };
    let Some(due) = progress.next_due else { return hint("schedule-paid") };
    let mut lines = vec![line(reader, "label-due-on", reader.date(due.date).shown)];
    let mut said = vec![due_said(due, view.today, reader).spoken];
    for (label, sentence, amount) in [
        ("label-late", "late-said", progress.late),
        ("part-late-charge", "late-charge-said", progress.late_charge.max(Money::ZERO)),
    ] {
        if !amount.is_zero() {
            let amount = reader.amount(amount);
            lines.push(line(reader, label, amount.shown.clone()));
            said.push(reader.spoken(sentence, [("amount", amount.into())]));
        }
    }
    Block {
        role: Role::Due,
        heading: reader.shown("due-heading", []),
        figure: Some(figure_of(reader, "label-instalment", due.amount, reader.date(due.date))),
        text: String::new(),
        lines,
        spoken: joined(&said),
        actions: Vec::new(),
    }
}

fn untold(why: Untold) -> &'static str {
    match why {
        Untold::NotProven => "schedule-not-proven",
        Untold::TooLong => "rule-loan-too-long",
        Untold::OtherMovement => "rule-loan-other-movement",
    }
}

/// What the whole loan costs.
fn cost(schedule: &Schedule, effective: Decimal, age: &Wording, reader: &Reader) -> Block {
    let plan = schedule.plan();
    let months = reader.wording("months", [("count", plan.periods().into())]);
    let (principal, largest) = (reader.amount(plan.principal()), schedule.largest_instalment());
    let (interest, total) = (reader.amount(schedule.total_interest()), reader.amount(schedule.total()));
    let (nominal, effective) = (reader.percent(plan.rate_per_period().yearly()), reader.percent(effective));
    let heading = [("amount", principal.clone().into()), ("months", months.clone().into())];
    let heading = reader.shown("cost-heading", heading);
    let mut lines = vec![
        line(reader, "label-total-interest", interest.shown.clone()),
        line(reader, "label-total", total.shown.clone()),
    ];
    let mut spoken = vec![reader.spoken(
        "cost-said",
        [
            ("amount", principal.into()),
            ("months", months.into()),
            ("instalment", reader.amount(largest).into()),
            ("interest", interest.into()),
            ("total", total.into()),
        ],
    )];
    if reader.is_full() {
        lines.push(line(reader, "label-nominal-rate", nominal.shown.clone()));
        lines.push(line(reader, "label-effective-rate", effective.shown.clone()));
        spoken.push(reader.spoken("rates-said", [("nominal", nominal.into()), ("effective", effective.into())]));
    }
    Block {
        role: Role::Cost,
        heading,
        figure: Some(figure_of(reader, "label-largest-instalment", largest, age.clone())),
        text: String::new(),
        lines,
        spoken: joined(&spoken),
        actions: Vec::new(),
    }
}

fn instalment(row: &Instalment, progress: Option<&InstalmentProgress>, age: &Wording, reader: &Reader) -> Block {
    let number = || reader.plain(row.number.into()).into();
    let amount = reader.amount(row.total);
    let (heading, said) = match row.due_on.map(|day| reader.date(day)) {
        Some(day) => (
            reader.shown("instalment-heading-dated", [("of", number()), ("date", day.clone().into())]),
            reader.spoken("instalment-said-dated", [("of", number()), ("date", day.into()), ("amount", amount.into())]),
        ),
        None => (
            reader.shown("instalment-heading", [("of", number())]),
            reader.spoken("instalment-said", [("of", number()), ("amount", amount.into())]),
        ),
    };
    let state = progress.map(|progress| state(progress, reader)).unwrap_or_default();
    let part = |label, amount: Money| line(reader, label, reader.amount(amount).shown);
    let mut lines = Vec::new();
    if reader.is_full() {
        lines.push(part("part-principal", row.principal));
        lines.push(part("part-interest", row.interest));
        lines.push(part("label-outstanding", row.outstanding));
    }
    Block {
        role: Role::Instalment,
        heading,
        figure: Some(figure_of(reader, "label-instalment", row.total, age.clone())),
        text: state.shown,
        lines,
        spoken: joined(&[said, state.spoken]),
        actions: Vec::new(),
    }
}

/// How an instalment stands.
fn state(progress: &InstalmentProgress, reader: &Reader) -> Wording {
    let owed = || reader.amount(progress.owed).into();
    match (progress.state, progress.paid_on) {
        (InstalmentState::Paid, Some(on)) => reader.wording("instalment-paid-on", [("date", reader.date(on).into())]),
        (InstalmentState::Paid, None) => reader.wording("instalment-paid", []),
        (InstalmentState::Late, _) => {
            let days = reader.wording("days", [("count", progress.days_late.into())]);
            reader.wording("instalment-late", [("days", days.into()), ("amount", owed())])
        }
        (InstalmentState::Due, _) if progress.owed != progress.instalment.total => {
            reader.wording("instalment-due-part", [("amount", owed())])
        }
        (InstalmentState::Due, _) => reader.wording("instalment-due", []),
        (InstalmentState::Upcoming, _) => reader.wording("instalment-upcoming", []),
    }
}

fn pay_off(asked: &PayOff, reader: &Reader) -> Block {
    let (date, amount) = (reader.date(asked.on), reader.amount(asked.amount));
    Block {
        role: Role::Due,
        heading: reader.shown("pay-off-heading", [("date", date.clone().into())]),
        figure: Some(figure_of(reader, "label-to-pay", asked.amount, reader.wording("age-reckoned", []))),
        text: String::new(),
        lines: vec![
            line(reader, "label-outstanding", reader.amount(asked.outstanding).shown),
            line(reader, "label-running-interest", reader.amount(asked.interest).shown),
        ],
        spoken: reader.spoken("pay-off-said", [("date", date.into()), ("amount", amount.into())]),
        actions: Vec::new(),
    }
}

fn late_payment(asked: &LatePayment, reader: &Reader) -> Block {
    let of = || reader.plain(asked.number.into()).into();
    let (date, amount) = (reader.date(asked.paid_on), reader.amount(asked.amount));
    let (charge, days) = (reader.amount(asked.late_charge), reader.wording("days", [("count", asked.days.into())]));
    Block {
        role: Role::Due,
        heading: reader.shown("pay-late-heading", [("of", of()), ("date", date.clone().into())]),
        figure: Some(figure_of(reader, "label-to-pay", asked.amount, reader.wording("age-reckoned", []))),
        text: String::new(),
        lines: vec![
            line(reader, "label-due-on", reader.date(asked.due_on).shown),
            line(reader, "label-days-late", days.shown.clone()),
            line(reader, "label-instalment", reader.amount(asked.instalment).shown),
            line(reader, "part-late-charge", charge.shown.clone()),
        ],
        spoken: reader.spoken(
            "pay-late-said",
            [
                ("of", of()),
                ("date", date.into()),
                ("days", days.into()),
                ("charge", charge.into()),
                ("amount", amount.into()),
            ],
        ),
        actions: Vec::new(),
    }
}

/// An instalment is as old as its day; one without a day as the figures.
fn due_age(row: &Instalment, age: &Wording, reader: &Reader) -> Wording {
    row.due_on.map_or_else(|| age.clone(), |day| reader.date(day))
}
