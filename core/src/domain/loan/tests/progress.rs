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
