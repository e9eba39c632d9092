//! A schedule beside its ledger.

use proptest::prelude::*;

use super::*;
use crate::domain::{Description, LoanAmounts, LoanEntry, LoanKind, Reference};
use InstalmentState::{Due, Late, Paid, Upcoming};

/// A ledger written line by line.
struct Ledger(Vec<LoanEntry>);

impl Ledger {
    fn lent(on: &str, principal: &str) -> Self {
        let mut ledger = Self(Vec::new());
        ledger.post(LoanKind::Disbursement, on, [principal, "0", "0"], None);
        ledger
    }

    fn paid(mut self, on: &str, principal: &str, interest: &str) -> Self {
        let negative = |amount: &str| (-rp(amount)).to_string();
        self.post(LoanKind::Repayment, on, [&negative(principal), &negative(interest), "0"], None);
        self
    }

    fn post(&mut self, kind: LoanKind, on: &str, amounts: [&str; 3], reverses: Option<u32>) {
        let [principal, interest, late_charge] = amounts.map(rp);
        let before = self.0.last().map_or(Money::ZERO, |entry| entry.outstanding_after());
        let entry = LoanEntry::new(
            self.0.len() as u32 + 1,
            date(on),
            kind,
            LoanAmounts { principal, interest, late_charge },
            before.checked_add(principal).unwrap(),
            Description::new("").unwrap(),
            Reference::new("").unwrap(),
            reverses,
        );
        self.0.push(entry.unwrap());
    }

    fn on(&self, today: &str) -> LoanProgress {
        LoanProgress::of(&loan(), &self.0, date(today)).unwrap()
    }
}

/// Rp12.000.000 flat at 1% over 4 months, due on the 15th from 2024-02-15: Rp3.000.000 and Rp120.000.
fn loan() -> Schedule {
    schedule(LoanMethod::Flat, "12000000", "0.01", 4, RepaymentTerms::default())
}

fn lent() -> Ledger {
    Ledger::lent("2024-01-15", "12000000")
}

fn states(progress: &LoanProgress) -> Vec<InstalmentState> {
    progress.instalments.iter().map(|row| row.state).collect()
}

#[test]
fn a_new_loan_is_due_from_its_first_instalment() {
    let progress = lent().on("2024-02-15");
    assert_eq!(states(&progress), [Due, Upcoming, Upcoming, Upcoming]);
    assert_eq!(progress.next_due, Some(NextDue { number: 1, date: date("2024-02-15"), amount: rp("3120000") }));
    assert_eq!(progress.late, Money::ZERO);
}

#[test]
fn what_is_unpaid_after_its_day_is_late_and_the_next_is_due() {
    let ledger = lent().paid("2024-02-15", "3000000", "120000").paid("2024-03-15", "1000000", "120000");
    let progress = ledger.on("2024-03-20");
    assert_eq!(states(&progress), [Paid, Late, Due, Upcoming]);
    let row = progress.instalments[1];
    assert_eq!((row.principal_paid, row.interest_paid, row.owed), (rp("1000000"), rp("120000"), rp("2000000")));
    assert_eq!((row.days_late, progress.late), (5, rp("2000000")));
    assert_eq!(progress.next_due, Some(NextDue { number: 2, date: date("2024-03-15"), amount: rp("2000000") }));
}

#[test]
fn a_payment_that_came_late_is_paid_and_says_how_late() {
    let row = lent().paid("2024-02-20", "3000000", "120000").on("2024-02-21").instalments[0];
    assert_eq!((row.state, row.paid_on, row.days_late), (Paid, Some(date("2024-02-20")), 5));
}

#[test]
fn a_reversed_payment_pays_nothing() {
    let mut ledger = lent().paid("2024-02-15", "3000000", "120000");
    ledger.post(LoanKind::Reversal, "2024-02-16", ["3000000", "120000", "0"], Some(2));
    let progress = ledger.on("2024-02-16");
    assert_eq!(states(&progress), [Late, Due, Upcoming, Upcoming]);
    let again = ledger.paid("2024-02-17", "3000000", "120000").on("2024-02-18");
    assert_eq!(again.instalments[0].paid_on, Some(date("2024-02-17")));
}

/// Nobody here can say whether it paid, lent or corrected: no instalment is told of rather than a wrong one.
#[test]
fn a_movement_of_an_unknown_kind_leaves_the_schedule_untold_unless_it_is_of_late_charge_or_taken_back() {
    let other = LoanKind::from_number(200).unwrap();
    for amounts in [["-3000000", "0", "0"], ["0", "-120000", "0"], ["3000000", "0", "0"]] {
        let mut ledger = lent();
        ledger.post(other, "2024-02-10", amounts, None);
        let told = LoanProgress::of(&loan(), &ledger.0, date("2024-02-21"));
        assert_eq!(told, Err(OTHER_MOVEMENT), "{amounts:?}");
        let back = amounts.map(|amount| (-rp(amount)).to_string());
        ledger.post(LoanKind::Reversal, "2024-02-11", back.each_ref().map(String::as_str), Some(2));
        assert_eq!(states(&ledger.on("2024-02-21")), [Late, Due, Upcoming, Upcoming], "{amounts:?} taken back");
    }
    let mut ledger = lent();
    ledger.post(other, "2024-02-20", ["0", "0", "5000"], None);
    ledger.post(other, "2024-02-21", ["0", "0", "-2000"], None);
    assert_eq!(ledger.on("2024-02-22").late_charge, rp("3000"));
}

#[test]
fn a_loan_settled_early_owes_no_interest_of_later_months() {
    let progress = lent().paid("2024-02-15", "12000000", "120000").on("2024-12-01");
    assert_eq!(states(&progress), [Paid, Paid, Paid, Paid]);
    assert_eq!((progress.next_due, progress.late), (None, Money::ZERO));
}

#[test]
fn a_late_charge_is_owed_until_it_is_paid_or_waived() {
    let mut ledger = lent();
    ledger.post(LoanKind::LateCharge, "2024-02-20", ["0", "0", "5000"], None);
    ledger.post(LoanKind::Waiver, "2024-02-21", ["0", "0", "-2000"], None);
    let progress = ledger.on("2024-02-22");
    assert_eq!(progress.late_charge, rp("3000"));
    let allotment = progress.allot(&loan(), rp("3125000"));
    let first = Owed { late_charge: rp("3000"), interest: rp("120000"), fee: Money::ZERO, principal: rp("3000000") };
    assert_eq!(allotment.paid[0], first);
    assert_eq!(allotment.paid[1].interest, rp("2000"));
}

#[test]
fn by_the_day_principal_alone_says_what_is_paid() {
    let schedule = schedule(LoanMethod::Harian, "12000000", "0.01", 4, RepaymentTerms::default());
    let ledger = lent().paid("2024-02-01", "3000000", "68000");
    let progress = LoanProgress::of(&schedule, &ledger.0, date("2024-02-20")).unwrap();
    assert_eq!(states(&progress), [Paid, Due, Upcoming, Upcoming]);
}

/// Rp12.000.000 harian at 1%, so Rp4.000 a day at first, Rp3.000 when a quarter is paid: due on the 15th from 2024-02-15.
/// The first instalment is paid 20 days late, on 6 March: 51 days of Rp4.000.
fn paid_late_by_the_day() -> (Schedule, Ledger) {
    let schedule = schedule(LoanMethod::Harian, "12000000", "0.01", 4, RepaymentTerms::default());
    (schedule, lent().paid("2024-03-06", "3000000", "204000"))
}

fn owed(progress: &LoanProgress) -> Vec<Money> {
    progress.instalments.iter().map(|row| row.owed).collect()
}

#[test]
fn by_the_day_interest_runs_from_the_last_payment() {
    let (schedule, ledger) = paid_late_by_the_day();
    let progress = LoanProgress::of(&schedule, &ledger.0, date("2024-03-10")).unwrap();
    // 9 days of Rp3.000 to 15 March, then 31 of Rp2.000 and 30 of Rp1.000.
    assert_eq!(owed(&progress), ["0", "3027000", "3062000", "3030000"].map(rp));
    assert_eq!(progress.next_due.map(|due| due.amount), Some(rp("3027000")));
    let amounts = progress.reminders(date("2024-03-10"), &[3], 2).into_iter().map(|reminder| reminder.amount);
    assert_eq!(amounts.collect::<Vec<_>>(), ["3027000", "3062000"].map(rp));
    let told = progress.payment(&schedule, rp("3100000")).unwrap().parts;
    let told: Vec<_> = told.iter().map(|part| (part.number, part.paid.interest, part.paid.principal)).collect();
    assert_eq!(told, [(2, rp("27000"), rp("3000000")), (3, rp("62000"), rp("11000"))]);
}

#[test]
fn by_the_day_what_is_late_bears_interest_to_today_once() {
    let (schedule, ledger) = paid_late_by_the_day();
    let progress = LoanProgress::of(&schedule, &ledger.0, date("2024-04-20")).unwrap();
    // 45 days of Rp3.000 to today, and from today 25 days of Rp1.000 on what is not late.
    assert_eq!(owed(&progress), ["0", "3135000", "3000000", "3025000"].map(rp));
    assert_eq!((progress.late, states(&progress)), (rp("6135000"), vec![Paid, Late, Late, Due]));
}

#[test]
fn by_the_day_a_waiver_is_no_payment_and_lessens_what_runs() {
    let (schedule, mut ledger) = paid_late_by_the_day();
    ledger.post(LoanKind::Waiver, "2024-03-08", ["0", "-20000", "0"], None);
    let progress = LoanProgress::of(&schedule, &ledger.0, date("2024-03-10")).unwrap();
    // Still 9 days of Rp3.000 to 15 March, Rp20.000 less.
    assert_eq!(owed(&progress), ["0", "3007000", "3062000", "3030000"].map(rp));
    // The next payment took it into account: 18 days of Rp2.000 to 15 April.
    let ledger = ledger.paid("2024-03-28", "3000000", "46000");
    let progress = LoanProgress::of(&schedule, &ledger.0, date("2024-03-29")).unwrap();
    assert_eq!(owed(&progress), ["0", "0", "3036000", "3030000"].map(rp));
}

#[test]
fn by_the_day_a_loan_paid_on_its_days_owes_what_was_planned() {
    for place in [RoundingPlace::Component, RoundingPlace::Instalment] {
        let terms = rounding("500", RoundingMode::Up, place);
        let schedule = schedule(LoanMethod::Harian, "12345678.90", "0.0173", 7, terms);
        let mut ledger = Ledger::lent("2024-01-15", "12345678.90");
        for row in schedule.instalments() {
            let progress = LoanProgress::of(&schedule, &ledger.0, row.due_on.unwrap()).unwrap();
            let owed = progress.instalments[row.number as usize - 1..].iter().map(|left| left.owed);
            assert!(
                owed.eq(schedule.page(row.number, 7).iter().map(|planned| planned.total)),
                "{place:?} {progress:?}"
            );
            let day = row.due_on.unwrap().to_string();
            ledger = ledger.paid(&day, &row.principal.to_string(), &row.interest.to_string());
        }
    }
}

/// While no principal is due, the interest alone says what is paid.
#[test]
fn by_the_day_a_month_free_of_principal_is_paid_by_its_interest() {
    let terms = RepaymentTerms { grace_periods: 1, ..RepaymentTerms::default() };
    let schedule = schedule(LoanMethod::Harian, "12000000", "0.01", 4, terms);
    let progress = LoanProgress::of(&schedule, &lent().0, date("2024-02-10")).unwrap();
    assert_eq!(
        (states(&progress), progress.instalments[0].owed),
        (vec![Due, Upcoming, Upcoming, Upcoming], rp("124000"))
    );
    let ledger = lent().paid("2024-02-15", "0", "124000");
    let progress = LoanProgress::of(&schedule, &ledger.0, date("2024-02-16")).unwrap();
    assert_eq!(states(&progress), [Paid, Due, Upcoming, Upcoming]);
}

#[test]
fn reminders_come_before_each_unpaid_day_and_never_in_the_past() {
    let progress = lent().paid("2024-02-10", "3000000", "120000").on("2024-03-13");
    let reminders = progress.reminders(date("2024-03-13"), &[3, 0], 3);
    let days: Vec<_> = reminders.iter().map(|r| (r.on.to_string(), r.number)).collect();
    assert_eq!(days, [("2024-03-15".into(), 2), ("2024-04-12".into(), 3), ("2024-04-15".into(), 3)]);
}

proptest! {
    #[test]
    fn entries_in_any_order_give_the_same_progress(
        paid in prop::collection::vec((1..2_000_000_i64, 0..200_000_i64), 1..6),
        shuffle in any::<prop::sample::Index>(),
        today in 19_700..20_000_i32,
    ) {
        let mut ledger = lent();
        for (principal, interest) in paid {
            ledger = ledger.paid("2024-02-15", &principal.to_string(), &interest.to_string());
        }
        let today = CivilDate::from_days(today).unwrap();
        let forwards = LoanProgress::of(&loan(), &ledger.0, today).unwrap();
        let at = shuffle.index(ledger.0.len());
        ledger.0.rotate_left(at);
        prop_assert_eq!(&LoanProgress::of(&loan(), &ledger.0, today).unwrap(), &forwards);
        ledger.0.reverse();
        prop_assert_eq!(&LoanProgress::of(&loan(), &ledger.0, today).unwrap(), &forwards);
        let owed = Money::sum(forwards.instalments.iter().map(|row| row.owed)).unwrap();
        prop_assert!(!owed.is_negative());
    }
}

/// Denda first, then the oldest instalment's jasa and pokok, then the next one's: the default order.
#[test]
fn a_payment_is_told_instalment_by_instalment() {
    let mut ledger = lent().paid("2024-02-15", "3000000", "120000");
    ledger.post(LoanKind::LateCharge, "2024-03-20", ["0", "0", "5000"], None);
    let progress = ledger.on("2024-03-25");
    let payment = progress.payment(&loan(), rp("3200000")).unwrap();
    let told: Vec<_> = payment.parts.iter().map(|part| (part.number, part.paid)).collect();
    let owed = |late_charge: &str, interest: &str, principal: &str| Owed {
        late_charge: rp(late_charge),
        interest: rp(interest),
        fee: Money::ZERO,
        principal: rp(principal),
    };
    assert_eq!(told, [(2, owed("5000", "120000", "3000000")), (3, owed("0", "75000", "0"))]);
    assert_eq!((payment.amount, payment.rest), (rp("3200000"), Money::ZERO));
    let all = progress.payment(&loan(), rp("10000000")).unwrap();
    assert_eq!((all.parts.len(), all.rest), (3, rp("635000")));
    assert!(progress.payment(&loan(), Money::ZERO).is_err());
}
