//! Early settlement, days, late payments, offers.

use super::*;

#[test]
fn the_running_periods_interest_is_in_proportion_to_its_days() {
    // Anuitas, 15 January to 15 February has 31 days, to 15 March 29.
    let schedule = schedule(LoanMethod::Anuitas, "12000", "0.02", 4, to_the_sen());
    let pay_off = schedule.pay_off(date("2024-02-29"), 1).unwrap();
    assert_eq!(pay_off.outstanding, rp("9088.51"));
    assert_eq!(pay_off.interest, rp("87.75")); // 181.77 * 14 / 29
    assert_eq!(pay_off.amount, rp("9176.26"));
    // The first instalment fell due unpaid: its interest is owed whole.
    let pay_off = schedule.pay_off(date("2024-02-29"), 0).unwrap();
    assert_eq!((pay_off.outstanding, pay_off.interest), (rp("12000"), rp("327.75")));
}

#[test]
fn settling_by_actual_days_counts_them() {
    let terms = RepaymentTerms { day_count: DayCount::Actual365, ..to_the_sen() };
    let schedule = schedule(LoanMethod::Menurun, "12000000", "0.02", 12, terms);
    assert_eq!(schedule.instalments()[0].interest, rp("244602.74")); // 12000000 * 0.24 * 31 / 365
    let pay_off = schedule.pay_off(date("2024-02-29"), 1).unwrap();
    assert_eq!((pay_off.outstanding, pay_off.interest), (rp("11000000"), rp("101260.27"))); // * 14 / 365
}

#[test]
fn a_stub_first_period_counts_its_days_only_by_actual_days() {
    let dates = LoanDates::new(date("2024-01-25"), date("2024-02-15")).unwrap();
    let first = |day_count| {
        let terms = RepaymentTerms { day_count, ..RepaymentTerms::default() };
        let plan = LoanPlan::new(LoanMethod::Flat, rp("7300000"), "0.01".parse().unwrap(), 6, terms, Some(dates));
        Schedule::of(plan.unwrap()).unwrap().instalments()[0].interest
    };
    assert_eq!(first(DayCount::Thirty360), rp("73000"));
    assert_eq!(first(DayCount::Actual365), rp("50400")); // 7300000 * 0.12 * 21 / 365
}

#[test]
fn a_settled_loan_owes_nothing_and_nonsense_is_refused() {
    let schedule = schedule(LoanMethod::Flat, "1000000", "0.01", 3, RepaymentTerms::default());
    let pay_off = schedule.pay_off(date("2024-12-01"), 3).unwrap();
    assert_eq!((pay_off.outstanding, pay_off.interest, pay_off.amount), (Money::ZERO, Money::ZERO, Money::ZERO));
    assert!(schedule.pay_off(date("2024-12-01"), 4).is_err());
    assert!(schedule.pay_off(date("2024-02-14"), 1).is_err());
    assert!(schedule.pay_off(date("2024-01-14"), 0).is_err());
    // After the last due date no more interest than the schedule's.
    assert_eq!(schedule.pay_off(date("2024-12-01"), 0).unwrap().interest, schedule.total_interest());
}

#[test]
fn rows_that_rounding_up_leaves_empty_stay_listed() {
    let terms = rounding("500", RoundingMode::Up, RoundingPlace::Component);
    let schedule = schedule(LoanMethod::Menurun, "1000", "0", 6, terms);
    let principal: Vec<_> = schedule.instalments().iter().map(|row| row.principal).collect();
    assert_eq!(principal, ["500", "500", "0", "0", "0", "0"].map(rp));
}

#[test]
fn a_late_payment_costs_its_days() {
    let terms = RepaymentTerms { late_charge_rate: "0.03".parse().unwrap(), ..RepaymentTerms::default() };
    let schedule = schedule(LoanMethod::Flat, "9000000", "0.01", 12, terms);
    let late = schedule.late_payment(1, date("2024-02-25")).unwrap();
    assert_eq!(
        (late.days, late.instalment, late.late_charge, late.amount),
        (10, rp("840000"), rp("8400"), rp("848400"))
    );
    let early = schedule.late_payment(2, date("2024-02-25")).unwrap();
    assert_eq!((early.days, early.late_charge), (0, Money::ZERO));
    assert!(schedule.late_payment(13, date("2024-02-25")).is_err());
    assert!(schedule.late_payment(0, date("2024-02-25")).is_err());
}

#[test]
fn of_two_offers_the_lower_monthly_rate_can_be_the_dearer() {
    let flat = schedule(LoanMethod::Flat, "12000000", "0.012", 12, RepaymentTerms::default());
    let menurun = schedule(LoanMethod::Menurun, "12000000", "0.015", 12, RepaymentTerms::default());
    let compared = Comparison::of(&flat, &menurun).unwrap();
    assert_eq!(compared.first.total_interest, rp("1728000"));
    assert_eq!(compared.second.total_interest, rp("1170000"));
    assert_eq!(compared.more_interest, rp("-558000"));
    assert_eq!(compared.more_a_month, rp("36000"));
    assert!(compared.higher_rate.is_sign_negative());
}

#[test]
fn a_payment_goes_to_the_oldest_instalment_in_the_products_order() {
    let owed = |late: &str, interest: &str, principal: &str| Owed {
        late_charge: rp(late),
        interest: rp(interest),
        fee: Money::ZERO,
        principal: rp(principal),
    };
    let debts = [owed("500", "1000", "10000"), owed("0", "900", "10000")];
    let allotment = AllocationOrder::default().allot(rp("12000"), &debts);
    assert_eq!(allotment.paid, [owed("500", "1000", "10000"), owed("0", "500", "0")]);
    assert_eq!(allotment.rest, Money::ZERO);
    let order: AllocationOrder = "pokok, jasa".parse().unwrap();
    assert_eq!(order.to_string(), "pokok jasa denda biaya");
    assert_eq!(order.allot(rp("10400"), &debts).paid, [owed("0", "400", "10000"), owed("0", "0", "0")]);
    assert_eq!(order.allot(rp("30000"), &debts).rest, rp("7600"));
    assert_eq!("principal>interest".parse(), Ok(order));
    assert_eq!("".parse(), Ok(AllocationOrder::default()));
    for text in ["bunga", "pokok pokok", "denda,jasa,biaya,pokok,pokok"] {
        assert!(text.parse::<AllocationOrder>().is_err(), "{text}");
    }
}
