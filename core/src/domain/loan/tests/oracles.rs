//! Schedules of public sources, each recomputed with exact decimals before it was taken as a measure.

use super::*;
use RoundingMode::{Nearest, Up};
use RoundingPlace::{Component, Instalment as Whole};

/// Pokok and jasa of the given instalments.
fn assert_rows(schedule: &Schedule, rows: &[(u32, &str, &str)]) {
    for &(number, principal, interest) in rows {
        let row = &schedule.instalments()[number as usize - 1];
        assert_eq!((row.principal, row.interest), (rp(principal), rp(interest)), "instalment {number}");
    }
    assert_eq!(schedule.instalments().last().map(|row| row.outstanding), Some(Money::ZERO));
}

/// apache/fineract, integration-tests ClientLoanIntegrationTest.java, verifyLoanRepaymentSchedule: 2% a month.
#[test]
fn fineract_annuity_of_12000() {
    let dates = LoanDates::first_due(date("2011-10-20")).unwrap();
    let rate = "0.02".parse().unwrap();
    let plan = LoanPlan::new(LoanMethod::Anuitas, rp("12000"), rate, 4, to_the_sen(), Some(dates)).unwrap();
    let schedule = Schedule::of(plan).unwrap();
    assert_rows(
        &schedule,
        &[(1, "2911.49", "240"), (2, "2969.72", "181.77"), (3, "3029.11", "122.38"), (4, "3089.68", "61.79")],
    );
    let dues: Vec<_> = schedule.instalments().iter().filter_map(|row| row.due_on).map(|due| due.to_string()).collect();
    assert_eq!(dues, ["2011-10-20", "2011-11-20", "2011-12-20", "2012-01-20"]);
    assert_eq!(schedule.instalments()[0].total, rp("3151.49"));
    assert_eq!(schedule.instalments()[3].total, rp("3151.47"));
}

/// apache/fineract, the same file, verifyLoanRepaymentScheduleForEqualPrincipal: no decimals, multiples of 100.
#[test]
fn fineract_menurun_of_ten_million_in_hundreds() {
    let schedule = schedule(LoanMethod::Menurun, "10000000", "0.02", 24, rounding("100", Nearest, Component));
    let rows = [
        (1, "416700", "200000"),
        (2, "416700", "191700"),
        (3, "416700", "183300"),
        (4, "416700", "175000"),
        (5, "416700", "166700"),
        (6, "416700", "158300"),
        (10, "416700", "125000"),
        (20, "416700", "41700"),
        (24, "415900", "8300"),
    ];
    assert_rows(&schedule, &rows);
    assert_eq!(schedule.total_interest(), rp("2500000"));
}

/// apache/fineract LoanInstallmentMultiplesOfTest.java: the instalment is a whole number, what is left comes last.
#[test]
fn fineract_flat_in_whole_instalments() {
    let schedule = schedule(LoanMethod::Flat, "1250", "0.01", 3, rounding("1", Nearest, Whole));
    assert_rows(&schedule, &[(1, "416.50", "12.50"), (2, "416.50", "12.50"), (3, "417", "12.50")]);
    assert_eq!(
        schedule.instalments().iter().map(|row| row.total).collect::<Vec<_>>(),
        ["429", "429", "429.50"].map(rp)
    );
}

/// apache/fineract Loan.feature, line 5003: no interest.
#[test]
fn fineract_flat_without_interest() {
    let schedule = schedule(LoanMethod::Flat, "1000", "0", 6, RepaymentTerms::default());
    let principal: Vec<_> = schedule.instalments().iter().map(|row| row.principal).collect();
    assert_eq!(principal, ["167", "167", "167", "167", "167", "165"].map(rp));
    assert_eq!(effective_yearly_rate(schedule.plan()), Ok(decimal("0")));
}

/// apache/fineract ProgressiveEMICalculatorTest.java, lines 275 to 308: 9.4822% a year, 30/360. A twelfth of it has more
/// than eight decimals; the nearest rate gives the same figures.
#[test]
fn fineract_annuity_of_a_hundred() {
    let schedule = schedule(LoanMethod::Anuitas, "100", "0.00790183", 6, to_the_sen());
    let rows = [("16.34", "0.79", "83.66"), ("16.47", "0.66", "67.19"), ("16.60", "0.53", "50.59")]
        .into_iter()
        .chain([("16.73", "0.40", "33.86"), ("16.86", "0.27", "17"), ("17", "0.13", "0")]);
    for (row, (principal, interest, outstanding)) in schedule.instalments().iter().zip(rows) {
        assert_eq!((row.principal, row.interest), (rp(principal), rp(interest)));
        assert_eq!((row.total, row.outstanding), (rp("17.13"), rp(outstanding)));
    }
}

/// frappe/lending test_loan.py: 8.4% a year, the instalment rounded up to a whole number. The source carries interest in
/// sen and rounds what it shows: its outstanding after the fourth is 227,080. Rounding every figure to whole rupiah
/// (component) gives 227,079 instead; the product that is meant rounds the instalment.
#[test]
fn frappe_annuity_with_the_instalment_rounded_up() {
    let schedule = schedule(LoanMethod::Anuitas, "280000", "0.007", 20, rounding("1", Up, Whole));
    let shown = |amount: Money| amount.to_decimal().round().to_string();
    for (number, principal, interest, outstanding) in
        [(4, "13369", "1683", "227080"), (18, "14740", "312", "29785"), (20, "14941", "105", "0")]
    {
        let row = &schedule.instalments()[number - 1];
        let figures = [row.principal, row.interest, row.outstanding].map(shown);
        assert_eq!(figures, [principal, interest, outstanding], "instalment {number}");
    }
    assert_eq!(schedule.instalments()[0].total, rp("15052"));
    assert_eq!((shown(schedule.total_interest()), shown(schedule.total())), ("21034".into(), "301034".into()));
    let component = super::schedule(LoanMethod::Anuitas, "280000", "0.007", 20, rounding("1", Nearest, Component));
    assert_eq!(component.instalments()[3].outstanding, rp("227079"));
}

/// muhammadnoer.com, simulasi kredit (scribd 343771564): 15% a year. The sheet carries full precision and rounds what it
/// shows, so its figures are those of the plan without rounding.
#[test]
fn an_indonesian_credit_sheet_without_rounding() {
    let plan = plan(LoanMethod::Anuitas, "100000000", "0.0125", 120, to_the_sen());
    let rows = unrounded(&plan).unwrap();
    let lent = decimal("100000000");
    let shown = |share: Decimal| (share * lent).round_dp(2);
    for (number, principal, interest) in [
        (1, "363349.57", "1250000.00"),
        (2, "367891.44", "1245458.13"),
        (12, "416552.75", "1196796.82"),
        (24, "483515.48", "1129834.09"),
        (39, "582553.56", "1030796.01"),
    ] {
        let row = rows[number - 1];
        assert_eq!((shown(row.principal), shown(row.interest)), (decimal(principal), decimal(interest)), "{number}");
    }
    assert_eq!(shown(rows[0].principal + rows[0].interest), decimal("1613349.57"));
    assert_eq!(shown(rows.iter().map(|row| row.interest).sum()), decimal("93601948.49"));
    // Rounded to the sen, the member pays the same instalment.
    assert_eq!(Schedule::of(plan).unwrap().instalments()[0].total, rp("1613349.57"));
}

/// ilmusoftware.com, relasi tabel modul pinjaman (2009): a cooperative's bunga menurun.
#[test]
fn a_cooperatives_menurun_of_five_million() {
    let schedule = schedule(LoanMethod::Menurun, "5000000", "0.022", 10, RepaymentTerms::default());
    for (row, k) in schedule.instalments().iter().zip(0..) {
        assert_eq!(row.total, Money::from_rupiah(610_000 - 11_000 * k).unwrap());
        assert_eq!(row.interest, Money::from_rupiah(110_000 - 11_000 * k).unwrap());
    }
}

/// kudo.tips, soal koperasi: Rp9.000.000 flat at 1% over 12 months.
#[test]
fn a_cooperatives_flat_of_nine_million() {
    let schedule = schedule(LoanMethod::Flat, "9000000", "0.01", 12, RepaymentTerms::default());
    assert!(schedule.instalments().iter().all(|row| row.total == rp("840000")));
}

/// A cooperative's own sheet in a published analysis: 6% a year flat over 18 months, principal rounded in each row and what
/// is left paid last; with k periods skipped, they bear interest only and the term grows by k.
#[test]
fn a_cooperatives_sheet_with_skipped_principal() {
    let schedule = schedule(LoanMethod::Flat, "1000000", "0.005", 18, RepaymentTerms::default());
    assert_rows(&schedule, &[(1, "55556", "5000"), (17, "55556", "5000"), (18, "55548", "5000")]);
    assert_eq!(schedule.instalments()[17].total, rp("60548"));
    for skipped in [1, 3] {
        let terms = RepaymentTerms { grace_periods: skipped, ..RepaymentTerms::default() };
        let schedule = super::schedule(LoanMethod::Flat, "1000000", "0.005", 18 + skipped, terms);
        assert_rows(&schedule, &[(1, "0", "5000"), (skipped + 1, "55556", "5000"), (18 + skipped, "55548", "5000")]);
        assert_eq!(schedule.total_interest(), Money::from_rupiah(5_000 * i64::from(18 + skipped)).unwrap());
    }
}

/// cu-sehati.com, pinjaman dengan pembayaran tidak tetap: 0.058333% a day of the outstanding for 29 days, rounded up to
/// Rp100. A thirtieth of 1.75% a month.
#[test]
fn a_credit_unions_interest_by_the_day() {
    let dates = LoanDates::new(date("2024-01-07"), date("2024-02-05")).unwrap();
    for rate in ["0.0175", "0.0174999"] {
        let terms = rounding("100", Up, Component);
        let rate = rate.parse().unwrap();
        let plan = LoanPlan::new(LoanMethod::Harian, rp("5000000"), rate, 12, terms, Some(dates)).unwrap();
        let schedule = Schedule::of(plan).unwrap();
        assert_eq!(schedule.instalments()[0].interest, rp("84600"));
        assert_eq!(schedule.pay_off(date("2024-02-05"), 0).map(|pay_off| pay_off.interest), Ok(rp("84600")));
    }
}

/// apache/fineract LoanApplicationScheduleMonthlyTest.java, seed date of the 31st.
#[test]
fn due_dates_keep_the_31st() {
    let dates = LoanDates::first_due(date("2023-01-31")).unwrap();
    let dues: Vec<_> = (1..=14).map(|number| dates.due(number).unwrap().to_string()).collect();
    let expected = [
        "2023-01-31",
        "2023-02-28",
        "2023-03-31",
        "2023-04-30",
        "2023-05-31",
        "2023-06-30",
        "2023-07-31",
        "2023-08-31",
        "2023-09-30",
        "2023-10-31",
        "2023-11-30",
        "2023-12-31",
        "2024-01-31",
        "2024-02-29",
    ];
    assert_eq!(dues, expected);
    // A loan of 31 January falls due on the last of February and on 31 March.
    let dates = LoanDates::disbursed(date("2023-01-31")).unwrap();
    assert_eq!((dates.due(1), dates.due(2)), (Ok(date("2023-02-28")), Ok(date("2023-03-31"))));
}

/// The effective rate of 2% flat over 12 months is 41.7031% a year, not the 50.7% that compounding would give.
#[test]
fn the_effective_rate_is_twelve_months_of_the_internal_rate() {
    let rate = |method, rate: &str, periods, terms| {
        effective_yearly_rate(&plan(method, "12000000", rate, periods, terms)).unwrap()
    };
    let terms = RepaymentTerms::default();
    assert_eq!(rate(LoanMethod::Flat, "0.02", 12, terms), decimal("0.417031"));
    // Interest on what is still owed: effective and nominal are the same.
    assert_eq!(rate(LoanMethod::Menurun, "0.015", 24, terms), decimal("0.180000"));
    assert_eq!(rate(LoanMethod::Anuitas, "0.015", 360, terms), decimal("0.180000"));
    let grace = RepaymentTerms { grace_periods: 6, ..terms };
    assert_eq!(rate(LoanMethod::Anuitas, "0.0125", 36, grace), decimal("0.150000"));
    assert_eq!(rate(LoanMethod::Anuitas, "10", 600, terms), decimal("120"));
    assert_eq!(rate(LoanMethod::Flat, "10", 1, terms), decimal("120"));
}
