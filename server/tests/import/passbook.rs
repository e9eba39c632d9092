//! Entries that no passbook may hold.

use crate::office::Books;
use crate::refusal::*;

#[test]
fn entries_keep_the_rules_of_a_passbook() {
    let savings = |row: &str| Books::sample().and(ENTRIES, row);
    let loan = |row: &str| Books::sample().and(LOAN_ENTRIES, row);
    let cases: [(&str, Books, &[Expected]); 29] = [
        ("zero", savings("SS-2,2026-11-24,deposit,0.00,,,,"), &[(ENTRIES, 13, "amount", "0.00", "0")]),
        ("a negative deposit", savings("SS-2,2026-11-24,deposit,-1,,,,"), &[(ENTRIES, 13, "amount", "-1", "tanda")]),
        (
            "a positive withdrawal",
            savings("SS-2,2026-11-24,withdrawal,1,,,,"),
            &[(ENTRIES, 13, "amount", "1", "tanda")],
        ),
        ("a positive tax", savings("SS-2,2026-11-24,tax,1,,,,"), &[(ENTRIES, 13, "amount", "1", "tanda")]),
        (
            "more than there is",
            savings("SS-2,2026-11-24,withdrawal,-65000.01,,,,"),
            &[(ENTRIES, 13, "amount", "-65000.01", "kurang dari 0")],
        ),
        (
            "more than any balance",
            savings("SS-2,2026-11-24,deposit,999999999999999.99,,,,"),
            &[(ENTRIES, 13, "amount", "999999999999999.99", "terlalu besar")],
        ),
        (
            "before the account",
            line(ENTRIES, 2, "SP-1,2020-01-01,deposit,100000,,,,"),
            &[(ENTRIES, 2, "posted_on", "2020-01-01", "dibuka")],
        ),
        (
            "back in time",
            savings("SS-2,2026-11-23,deposit,1,,,,"),
            &[(ENTRIES, 13, "posted_on", "2026-11-23", "lebih awal")],
        ),
        (
            "after today",
            savings("SS-2,2026-11-25,deposit,1,,,,"),
            &[(ENTRIES, 13, "posted_on", "2026-11-25", "hari ini")],
        ),
        (
            "a reversal of nothing",
            savings("SS-2,2026-11-24,reversal,-1,,,,"),
            &[(ENTRIES, 13, "reverses", "", "reversal")],
        ),
        (
            "a deposit that reverses",
            savings("SS-2,2026-11-24,deposit,1,,,,1"),
            &[(ENTRIES, 13, "reverses", "1", "reversal")],
        ),
        (
            "a reversal of itself",
            savings("SS-2,2026-11-24,reversal,-1,,,,4"),
            &[(ENTRIES, 13, "reverses", "4", "sebelumnya")],
        ),
        (
            "a reversal of what is to come",
            savings("SS-2,2026-11-24,reversal,-1,,,,5"),
            &[(ENTRIES, 13, "reverses", "5", "sebelumnya")],
        ),
        (
            "a reversal of another amount",
            savings("SS-2,2026-11-24,reversal,-4999,,,,3"),
            &[(ENTRIES, 13, "amount", "-4999", "kebalikan")],
        ),
        (
            "a reversal of a reversal",
            savings("SS-1,2026-11-24,reversal,-1000,,,,7"),
            &[(ENTRIES, 13, "reverses", "7", "tidak dapat dibatalkan")],
        ),
        (
            "reversed twice",
            savings("SS-1,2026-11-24,reversal,1000,,,,5"),
            &[(ENTRIES, 13, "reverses", "5", "sudah dibatalkan")],
        ),
        (
            "of a candidate",
            Books::sample()
                .and(ACCOUNTS, "SS-3,A003,SS,2026-01-05,open,,")
                .and(ENTRIES, "SS-3,2026-11-24,deposit,1,,,,")
                .and(ENTRIES, "SS-3,2026-11-24,deposit,1,,,,"),
            &[(ENTRIES, 13, "account_no", "SS-3", "calon")],
        ),
        (
            "not a disbursement first",
            line(LOAN_ENTRIES, 2, "PB-1,2026-01-10,late_charge,0,,1,,,"),
            &[
                (LOAN_ENTRIES, 2, "kind", "late_charge", "disbursement"),
                (LOAN_ENTRIES, 3, "principal", "-100000", "kurang dari 0"),
            ],
        ),
        (
            "repaid more than lent",
            loan("PM-1,2026-04-01,repayment,-1000000.01,,,,,"),
            &[(LOAN_ENTRIES, 10, "principal", "-1000000.01", "kurang dari 0")],
        ),
        (
            "a repayment that lends",
            loan("PM-1,2026-04-01,repayment,1,,,,,"),
            &[(LOAN_ENTRIES, 10, "principal", "1", "tanda")],
        ),
        (
            "a repayment that charges interest",
            loan("PM-1,2026-04-01,repayment,-1,5,,,,"),
            &[(LOAN_ENTRIES, 10, "interest", "5", "tanda")],
        ),
        (
            "a late charge that pays",
            loan("PM-1,2026-04-01,late_charge,0,,-5,,,"),
            &[(LOAN_ENTRIES, 10, "late_charge", "-5", "tanda")],
        ),
        (
            "a late charge that lends",
            loan("PM-1,2026-04-01,late_charge,5,,5,,,"),
            &[(LOAN_ENTRIES, 10, "principal", "5", "tanda")],
        ),
        ("nothing at all", loan("PM-1,2026-04-01,repayment,0,,,,,"), &[(LOAN_ENTRIES, 10, "principal", "0", "0")]),
        (
            "a reversal of other interest",
            loan("PB-1,2026-04-01,reversal,100000,12001,,,,2"),
            &[(LOAN_ENTRIES, 10, "interest", "12001", "kebalikan")],
        ),
        (
            "before the loan",
            line(LOAN_ENTRIES, 2, "PB-1,2026-01-09,disbursement,1200000,,,,,"),
            &[(LOAN_ENTRIES, 2, "posted_on", "2026-01-09", "dicairkan")],
        ),
        (
            "lent less than agreed",
            line(LOAN_ENTRIES, 9, "PM-1,2026-03-05,disbursement,599999,,,,,"),
            &[(LOANS, 3, "principal", "1000000.00", "pencairan")],
        ),
        (
            "lent once as much as agreed, of which a part was taken back",
            loan("PM-1,2026-03-06,reversal,-600000,,,,,2"),
            &[(LOANS, 3, "principal", "1000000.00", "pencairan")],
        ),
        (
            "a loan never paid out",
            Books::sample().and(LOANS, "PB-2,A001,PB,500000,12,2026-01-10,2026-02-10,active,,"),
            &[(LOANS, 4, "principal", "500000.00", "pencairan")],
        ),
    ];
    for (what, books, expected) in cases {
        refuse(what, &books, expected);
    }
}
