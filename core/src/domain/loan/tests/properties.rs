//! What holds for every loan.

use proptest::prelude::*;

use super::*;

fn method() -> impl Strategy<Value = LoanMethod> {
    prop::sample::select(LoanMethod::ALL)
}

fn terms(periods: u32) -> impl Strategy<Value = RepaymentTerms> {
    let unit = prop::sample::select(vec![1, 100, 10_000, 50_000, 100_000, 10_000_000]);
    let mode = prop::sample::select(RoundingMode::ALL);
    let place = prop::sample::select(RoundingPlace::ALL);
    let day_count = prop::sample::select(DayCount::ALL);
    (0..periods, unit, mode, place, day_count).prop_map(|(grace_periods, unit, mode, place, day_count)| {
        RepaymentTerms {
            grace_periods,
            rounding: Rounding::new(Money::from_sen(unit).unwrap(), mode, place).unwrap(),
            day_count,
            ..RepaymentTerms::default()
        }
    })
}

prop_compose! {
    fn any_plan()(periods in 1..=120_u32)(
        method in method(),
        sen in prop_oneof![1..=1_000_i64, 1..=1_000_000_000_000_i64, Just(99_999_999_999_999)],
        rate in prop_oneof![Just(0), 1..=2_000_000_i64, 0..=100_000_000_i64],
        periods in Just(periods),
        terms in terms(periods),
        disbursed in 10_000..30_000_i32,
        first in 1..=70_i32,
    ) -> LoanPlan {
        let day = |days| CivilDate::from_days(days).unwrap();
        let dates = LoanDates::new(day(disbursed), day(disbursed + first)).unwrap();
        let (principal, rate) = (Money::from_sen(sen).unwrap(), Rate::from_e8(rate).unwrap());
        LoanPlan::new(method, principal, rate, periods, terms, Some(dates)).unwrap()
    }
}

proptest! {
    #[test]
    fn principal_sums_to_what_was_lent_and_nothing_is_negative(plan in any_plan()) {
        let schedule = Schedule::of(plan).unwrap();
        let mut outstanding = plan.principal();
        let mut due = plan.dates().unwrap().disbursed_on();
        for (row, number) in schedule.instalments().iter().zip(1..) {
            prop_assert_eq!(row.number, number);
            prop_assert!(row.due_on.unwrap() > due);
            due = row.due_on.unwrap();
            prop_assert!(!row.principal.is_negative() && !row.interest.is_negative() && !row.outstanding.is_negative());
            outstanding = outstanding.checked_sub(row.principal).unwrap();
            prop_assert_eq!(row.outstanding, outstanding);
            prop_assert_eq!(Some(row.total), row.principal.checked_add(row.interest));
            prop_assert!(number > plan.terms().grace_periods || row.principal.is_zero());
        }
        prop_assert_eq!(schedule.instalments().len(), plan.periods() as usize);
        prop_assert_eq!(outstanding, Money::ZERO);
        prop_assert_eq!(Money::sum(schedule.instalments().iter().map(|row| row.principal)), Some(plan.principal()));
        prop_assert_eq!(Money::sum(schedule.instalments().iter().map(|row| row.total)), Some(schedule.total()));
    }

    #[test]
    fn annuity_instalments_are_equal_up_to_what_rounding_leaves(
        rupiah in 1_000_000..=1_000_000_000_i64,
        rate in 0..=3_000_000_i64,
        periods in 2..=360_u32,
        place in prop::sample::select(RoundingPlace::ALL),
    ) {
        let rounding = Rounding::new(Money::from_sen(1).unwrap(), RoundingMode::Nearest, place).unwrap();
        let terms = RepaymentTerms { rounding, ..RepaymentTerms::default() };
        let principal = Money::from_rupiah(rupiah).unwrap();
        let plan = LoanPlan::new(LoanMethod::Anuitas, principal, Rate::from_e8(rate).unwrap(), periods, terms, None).unwrap();
        let schedule = Schedule::of(plan).unwrap();
        let first = schedule.instalments()[0].total;
        let (last, earlier) = schedule.instalments().split_last().unwrap();
        prop_assert!(earlier.iter().all(|row| row.total == first));
        // Half a sen a row in the instalment and in the interest, each bearing interest to the end.
        let growth = (0..periods).fold(Decimal::ONE, |grown, _| grown * (Decimal::ONE + plan.rate_per_period().to_decimal()));
        let most = growth * Decimal::from(periods) + Decimal::ONE;
        prop_assert!(Decimal::from((last.total.sen() - first.sen()).abs()) <= most);
    }

    #[test]
    fn interest_without_rounding_is_near_the_rounded_one(
        method in method(),
        rupiah in 1_000_000..=1_000_000_000_i64,
        rate in 0..=3_000_000_i64,
        periods in 1..=60_u32,
    ) {
        let dates = LoanDates::first_due(date("2024-02-15")).unwrap();
        let principal = Money::from_rupiah(rupiah).unwrap();
        let plan = LoanPlan::new(method, principal, Rate::from_e8(rate).unwrap(), periods, to_the_sen(), Some(dates)).unwrap();
        let exact: Decimal = unrounded(&plan).unwrap().iter().map(|row| row.interest).sum();
        let rounded = Schedule::of(plan).unwrap().total_interest().to_decimal();
        prop_assert!((exact * principal.to_decimal() - rounded).abs() < Decimal::ONE * Decimal::from(periods));
    }

    #[test]
    fn pages_in_any_order_are_the_same_schedule(plan in any_plan(), limit in 1..=50_u32, backwards: bool) {
        let schedule = Schedule::of(plan).unwrap();
        let mut starts: Vec<_> = (1..=plan.periods()).step_by(limit as usize).collect();
        if backwards {
            starts.reverse();
        }
        let mut rows: Vec<_> = starts.into_iter().flat_map(|start| schedule.page(start, limit)).copied().collect();
        rows.sort_by_key(|row| row.number);
        prop_assert_eq!(rows.as_slice(), schedule.instalments());
        prop_assert!(schedule.page(plan.periods() + 1, limit).is_empty());
    }

    #[test]
    fn the_effective_rate_is_the_price_of_the_payments(plan in any_plan()) {
        let yearly = effective_yearly_rate(&plan).unwrap();
        prop_assert!(!yearly.is_sign_negative());
        let worth = |monthly: Decimal| {
            let discount = Decimal::ONE / (Decimal::ONE + monthly);
            let mut factor = Decimal::ONE;
            let rows = unrounded(&plan).unwrap();
            rows.iter().map(|row| { factor *= discount; (row.principal + row.interest) * factor }).sum::<Decimal>()
        };
        // What was rounded away lies within half of the sixth decimal.
        let (half, twelve) = (Decimal::new(51, 8), Decimal::from(12));
        prop_assert!(worth((yearly + half) / twelve) <= Decimal::ONE);
        prop_assert!(yearly < half || worth((yearly - half) / twelve) >= Decimal::ONE);
    }

    #[test]
    fn settling_on_a_due_date_is_that_instalment_and_what_is_left(plan in any_plan(), paid in 0..120_u32) {
        let schedule = Schedule::of(plan).unwrap();
        let paid = paid % plan.periods();
        let row = schedule.instalments()[paid as usize];
        let pay_off = schedule.pay_off(row.due_on.unwrap(), paid).unwrap();
        prop_assert_eq!(pay_off.interest, row.interest);
        prop_assert_eq!(Some(pay_off.amount), row.total.checked_add(row.outstanding));
        let start = plan.dates().unwrap().due(paid).unwrap();
        prop_assert_eq!(schedule.pay_off(start, paid).unwrap().interest, Money::ZERO);
    }
}

/// The longest common schedule, a house over thirty years, is reckoned whole.
#[test]
fn a_schedule_of_360_months_is_reckoned() {
    let schedule = schedule(LoanMethod::Anuitas, "500000000", "0.01", 360, to_the_sen());
    assert_eq!(schedule.instalments().len(), 360);
    assert_eq!(schedule.instalments()[0].total, rp("5143062.98"));
    assert_eq!(effective_yearly_rate(schedule.plan()), Ok(decimal("0.12")));
}

#[test]
fn what_has_no_meaning_is_refused() {
    let rate = "0.01".parse().unwrap();
    let of = |method, principal: &str, periods, grace_periods, dates| {
        let terms = RepaymentTerms { grace_periods, ..RepaymentTerms::default() };
        LoanPlan::new(method, rp(principal), rate, periods, terms, dates).and_then(Schedule::of)
    };
    assert!(of(LoanMethod::Flat, "0", 12, 0, None).is_err());
    assert!(of(LoanMethod::Flat, "-1", 12, 0, None).is_err());
    assert!(of(LoanMethod::Flat, "1", 0, 0, None).is_err());
    assert!(of(LoanMethod::Flat, "1", 601, 0, None).is_err());
    assert!(of(LoanMethod::Flat, "1", 12, 12, None).is_err());
    assert!(of(LoanMethod::Harian, "1", 12, 0, None).is_err());
    let late = LoanDates::first_due(date("2199-06-01")).unwrap();
    assert!(of(LoanMethod::Flat, "1", 12, 0, Some(late)).is_err());
    assert!(of(LoanMethod::Flat, "999999999999999.99", 12, 0, None).is_err());
    assert!(LoanDates::new(date("2024-01-01"), date("2024-01-01")).is_err());
}
