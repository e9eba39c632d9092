//! Loans to show: one that is held and partly late, one that is paid, one whose books are not proven, one only thought of.

use anggota::domain::loan::{
    Comparison, LoanDates, LoanPlan, LoanProgress, Payment, Question, RepaymentTerms, Schedule, Simulation, Untold,
    effective_yearly_rate,
};
use anggota::domain::{CivilDate, Description, LoanAmounts, LoanEntry, LoanKind, LoanMethod, Money, Reference};
use anggota::views::{LoanReminderView, LoanScheduleView};
use anggota::words::Reader;
use anggota::words::screen::{self, Screen};

use super::{account, at, money};

fn day(text: &str) -> CivilDate {
    text.parse().unwrap()
}

/// Rp12.000.000 flat at 2% over 4 months from August 2026, denda 3% a month.
fn agreed() -> Schedule {
    let dates = LoanDates::new(day("2026-08-30"), day("2026-09-30")).unwrap();
    let terms = RepaymentTerms { late_charge_rate: "0.03".parse().unwrap(), ..RepaymentTerms::default() };
    let rate = "0.02".parse().unwrap();
    Schedule::of(LoanPlan::new(LoanMethod::Flat, money("12000000"), rate, 4, terms, Some(dates)).unwrap()).unwrap()
}

fn ledger(movements: &[(&str, LoanKind, [&str; 3])]) -> Vec<LoanEntry> {
    let mut outstanding = Money::ZERO;
    let entry = |(seq, (on, kind, amounts)): (u32, &(&str, LoanKind, [&str; 3]))| {
        let [principal, interest, late_charge] = amounts.map(money);
        outstanding = outstanding.checked_add(principal).unwrap();
        let amounts = LoanAmounts { principal, interest, late_charge };
        let (described, referred) = (Description::new("").unwrap(), Reference::new("").unwrap());
        LoanEntry::new(seq, day(on), *kind, amounts, outstanding, described, referred, None).unwrap()
    };
    (1..).zip(movements).map(entry).collect()
}

fn view(progress: Result<LoanProgress, Untold>) -> LoanScheduleView {
    let schedule = agreed();
    LoanScheduleView {
        loan_no: account("PJ-7"),
        product: "Pinjaman Usaha".into(),
        today: day("2026-11-24"),
        effective_yearly_rate: effective_yearly_rate(schedule.plan()).unwrap(),
        verified: progress != Err(Untold::NotProven),
        terms_changed: false,
        progress,
        schedule,
        as_of: at("2026-11-24T03:00:00Z"),
    }
}

fn held(movements: &[(&str, LoanKind, [&str; 3])]) -> LoanScheduleView {
    view(Ok(LoanProgress::of(&agreed(), &ledger(movements), day("2026-11-24")).unwrap()))
}

const LENT: (&str, LoanKind, [&str; 3]) = ("2026-08-30", LoanKind::Disbursement, ["12000000", "0", "0"]);

/// One paid, one late in part, the rest to come.
pub(super) fn running() -> LoanScheduleView {
    held(&[
        LENT,
        ("2026-09-30", LoanKind::Repayment, ["-3000000", "-240000", "0"]),
        ("2026-10-30", LoanKind::Repayment, ["-2000000", "-240000", "0"]),
        ("2026-11-15", LoanKind::LateCharge, ["0", "0", "15000"]),
    ])
}

/// Nothing late, the next in part.
pub(super) fn in_time() -> LoanScheduleView {
    held(&[LENT, ("2026-10-30", LoanKind::Repayment, ["-7000000", "-720000", "0"])])
}

pub(super) fn paid() -> LoanScheduleView {
    held(&[LENT, ("2026-11-20", LoanKind::Repayment, ["-12000000", "-720000", "0"])])
}

pub(super) fn unproven() -> LoanScheduleView {
    view(Err(Untold::NotProven))
}

/// Proven, but more entries than are matched.
pub(super) fn too_long() -> LoanScheduleView {
    view(Err(Untold::TooLong))
}

/// With a movement that only a newer version names.
pub(super) fn other_movement() -> LoanScheduleView {
    view(Err(Untold::OtherMovement))
}

/// The product has other terms since.
pub(super) fn by_new_terms() -> LoanScheduleView {
    LoanScheduleView { terms_changed: true, ..in_time() }
}

/// With a day to pay off and a day to be late.
pub(super) fn asked() -> Simulation {
    let asked = Question { paid: 1, pay_off: Some(day("2026-10-14")), pay_late: Some(day("2026-11-09")) };
    Simulation::of(agreed(), asked).unwrap()
}

/// Without dates and questions.
pub(super) fn dateless() -> Simulation {
    let (rate, terms) = ("0.02".parse().unwrap(), RepaymentTerms::default());
    let plan = LoanPlan::new(LoanMethod::Anuitas, money("5000000"), rate, 3, terms, None).unwrap();
    Simulation::of(Schedule::of(plan).unwrap(), Question::default()).unwrap()
}

/// On the day, a day and three days before.
pub(super) fn reminders() -> Vec<LoanReminderView> {
    let progress = running().progress.unwrap();
    let reminders = progress.reminders(day("2026-11-24"), &[3, 1, 0], 3);
    let view = |reminder| LoanReminderView { loan_no: account("PJ-7"), product: "Pinjaman Usaha".into(), reminder };
    reminders.into_iter().map(view).collect()
}

/// Of the loan that is late, with its denda.
pub(super) fn payment(amount: &str) -> Payment {
    running().progress.unwrap().payment(&agreed(), money(amount)).unwrap()
}

pub(super) fn needless_payment() -> Payment {
    paid().progress.unwrap().payment(&agreed(), money("1")).unwrap()
}

pub(super) fn compared(first: &Simulation, second: &Simulation, reader: &Reader) -> Screen {
    let found = Comparison::of(&first.schedule, &second.schedule).unwrap();
    screen::comparison(first, second, &found, reader)
}
