use proptest::prelude::*;

use super::*;
use crate::domain::loan::{
    InstalmentState, LoanDates, LoanPlan, LoanProgress, OTHER_MOVEMENT, RepaymentTerms, Schedule,
};
use crate::domain::{CivilDate, Description, Invalid, LoanMethod, Rate, Reference};
use crate::store::MIGRATIONS;

fn sen(value: i64) -> Money {
    Money::from_sen(value).unwrap()
}

fn day(days: i32) -> CivilDate {
    CivilDate::from_days(days).unwrap()
}

/// The day on which every loan here is paid out.
const LENT_ON: i32 = 19_737;

/// Rp1.000 at 2% over 6 months.
fn schedule(method: LoanMethod) -> Schedule {
    let dates = LoanDates::disbursed(day(LENT_ON)).unwrap();
    let rate = Rate::from_e8(2_000_000).unwrap();
    let plan = LoanPlan::new(method, sen(100_000), rate, 6, RepaymentTerms::default(), Some(dates)).unwrap();
    Schedule::of(plan).unwrap()
}

fn entry(seq: u32, on: i32, kind: LoanKind, amounts: [i64; 3], reverses: Option<u32>) -> LoanEntry {
    let [principal, interest, late_charge] = amounts.map(sen);
    let amounts = LoanAmounts { principal, interest, late_charge };
    let (words, reference) = (Description::new("Angsuran").unwrap(), Reference::new("").unwrap());
    LoanEntry::new(seq, day(on), kind, amounts, Money::ZERO, words, reference, reverses).unwrap()
}

/// Entries that each keep their own rules; that they follow one another is the chain's matter and no sum's.
fn ledger() -> impl Strategy<Value = Vec<LoanEntry>> {
    let lent = entry(1, LENT_ON, LoanKind::Disbursement, [100_000, 0, 0], None);
    let drawn = (0..7_u8, 0..200_i32, 0..30_000_i64, 0..3_000_i64, 1..500_i64, any::<prop::sample::Index>());
    prop::collection::vec(drawn, 0..12).prop_map(move |drawn| {
        let mut entries = vec![lent.clone()];
        for (kind, after, principal, interest, late_charge, earlier) in drawn {
            let (seq, on) = (entries.len() as u32 + 1, LENT_ON + after);
            let line = |kind, amounts| entry(seq, on, kind, amounts, None);
            entries.push(match kind {
                0 => {
                    let earlier = &entries[earlier.index(entries.len())];
                    let LoanAmounts { principal, interest, late_charge } = -earlier.amounts();
                    let amounts = [principal, interest, late_charge].map(Money::sen);
                    entry(seq, on, LoanKind::Reversal, amounts, Some(earlier.seq()))
                }
                1 => line(LoanKind::LateCharge, [0, interest, late_charge]),
                2 => line(LoanKind::Waiver, [0, -interest, -late_charge]),
                3 => line(LoanKind::from_number(128 + (late_charge % 128) as u8).unwrap(), [0, 0, -late_charge]),
                4 => line(LoanKind::from_number(128).unwrap(), [-principal, interest, late_charge]),
                _ => line(LoanKind::Repayment, [-principal, -interest, -late_charge]),
            });
        }
        entries
    })
}

/// What the store sums of a loan beside another one of the same entries.
fn stored(entries: &[LoanEntry]) -> Option<(LoanPaid, Money)> {
    let mut db = Connection::open_in_memory().unwrap();
    MIGRATIONS.iter().for_each(|step| db.execute_batch(step).unwrap());
    let tx = db.transaction().unwrap();
    [1, 2].iter().for_each(|account| insert(&tx, *account, &Entries::Loan(entries.to_vec())).unwrap());
    loan_paid(&tx, 1).unwrap()
}

/// A loan on a day, as its entries say one by one, but for the days on which they paid an instalment.
fn one_by_one(
    schedule: &Schedule,
    entries: &[LoanEntry],
    today: CivilDate,
) -> std::result::Result<LoanProgress, Invalid> {
    let mut progress = LoanProgress::of(schedule, entries, today)?;
    for row in progress.instalments.iter_mut().filter(|row| row.state == InstalmentState::Paid) {
        (row.paid_on, row.days_late) = (None, 0);
    }
    Ok(progress)
}

proptest! {
    #[test]
    fn the_sums_of_a_loan_say_what_its_entries_say(entries in ledger(), after in 0..250_i32) {
        let today = day(LENT_ON + after);
        let summed = stored(&entries);
        for &method in LoanMethod::ALL {
            let schedule = schedule(method);
            let told = match summed {
                Some((paid, late_charge)) => LoanProgress::of_sums(&schedule, paid, late_charge, today),
                None => Err(OTHER_MOVEMENT),
            };
            prop_assert_eq!(told, one_by_one(&schedule, &entries, today));
        }
    }
}

#[test]
fn sums_beyond_an_amount_say_nothing_and_damage_nothing() {
    let most = Money::MAX.sen();
    let paid = |seq| entry(seq, LENT_ON, LoanKind::Repayment, [0, -most, 0], None);
    assert_eq!(stored(&[paid(1)]).map(|(paid, _)| paid.interest), Some(Money::MAX));
    // Two are more than an amount, and a hundred more than SQLite's own sum.
    for count in [2, 100] {
        assert_eq!(stored(&(1..=count).map(paid).collect::<Vec<_>>()), None);
    }
}
