//! The member whose pulls are recorded: four accounts, what the register says, and another past.

use anggota::cose::sha256;
use anggota::domain::loan::{DayCount, RepaymentTerms, Rounding, RoundingMode, RoundingPlace};
use anggota::domain::{
    AccountStatus, CivilDate, Head, LedgerKind, LoanHead, LoanKind, LoanMethod, LoanProduct, LoanStatus, LoanTerms,
    MemberStatus, Name, ProductCode, Rate, SavingsHead, SavingsKind, SavingsProduct, SavingsType, TimeZone,
};
use anggota::protocol::frame::Register;
use serde_json::{Value as Json, json};

use super::super::books::{Book, day, sen};
use super::super::file::hex;

/// Entries of the longest account at the first pull; the second brings two more.
pub(super) const FIRST: u32 = 60;
/// What its fifth entry moves; another amount is another past.
pub(super) const FIFTH: i64 = 1_000_000;

fn product(code: &str) -> ProductCode {
    ProductCode::new(code).unwrap()
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

/// A savings account of weekly entries; the last of 62 takes the one before it back.
fn weekly(account: &str, count: u32, fifth: i64) -> Book {
    use SavingsKind as S;
    let days: Vec<String> = (0..62).map(|n| CivilDate::from_days(20_000 + 7 * n).unwrap().to_string()).collect();
    let line = |n: u32| match n {
        5 => (S::Deposit, fifth, "Setoran", "", None),
        61 => (S::Withdrawal, -1_500_000, "Penarikan", "BKK 61", None),
        62 => (S::Reversal, 1_500_000, "Koreksi penarikan", "", Some(61)),
        n if n % 6 == 0 => (S::Withdrawal, -i64::from(n) * 10_000, "Penarikan tunai", "BKK", None),
        n => (S::Deposit, 5_000_000 + i64::from(n), "Setoran mingguan", "BKM", None),
    };
    let lines = (1..=count).zip(&days).map(|(n, on)| {
        let (kind, amount, description, reference, reverses) = line(n);
        (on.as_str(), kind, amount, description, reference, reverses)
    });
    Book::savings(account, &lines.collect::<Vec<_>>())
}

pub(super) fn pokok(description: &str) -> Book {
    pokok_of(SavingsKind::Deposit, description)
}

pub(super) fn pokok_of(kind: SavingsKind, description: &str) -> Book {
    Book::savings("SP-00001", &[("2024-10-04", kind, 10_000_000, description, "", None)])
}

/// The member's books in the order of their keys, at the first or the second pull.
pub(super) fn books(entries: u32, fifth: i64) -> Vec<Book> {
    use LoanKind as L;
    vec![
        Book::savings("SB-00001", &[]),
        pokok("Simpanan pokok"),
        weekly("SS-00001", entries, fifth),
        Book::loan(
            "PB-00001",
            &[
                ("2025-01-15", L::Disbursement, [1_200_000_000, 0, 0], "Pencairan", None),
                ("2025-02-15", L::Repayment, [-100_000_000, -24_000_000, 0], "Angsuran ke-1", None),
                ("2025-03-15", L::Repayment, [-100_000_000, -22_000_000, 0], "Angsuran ke-2", None),
            ],
        ),
    ]
}

pub(super) fn head_of(book: &Book) -> Head {
    let (account, seq, hash) = (book.key.account.clone(), book.seq(), *book.hashes().last().unwrap());
    match book.key.kind {
        LedgerKind::Savings => {
            let product = product(&account.as_str()[..2]);
            Head::Savings(SavingsHead {
                account,
                seq,
                balance: book.figure(),
                hash,
                product,
                status: AccountStatus::Open,
            })
        }
        LedgerKind::Loan => {
            let terms = LoanTerms {
                product: product("PB"),
                product_version: 3,
                method: LoanMethod::Menurun,
                principal: sen(1_200_000_000),
                rate_per_period: Rate::from_e8(2_000_000).unwrap(),
                periods: 12,
                disbursed_on: day("2025-01-15"),
                first_due_on: day("2025-02-15"),
            };
            Head::Loan(LoanHead { account, seq, outstanding: book.figure(), hash, terms, status: LoanStatus::Active })
        }
    }
}

/// Terms that differ from the default in each of their parts.
fn repayment() -> RepaymentTerms {
    RepaymentTerms {
        grace_periods: 2,
        rounding: Rounding::new(sen(10_000), RoundingMode::Up, RoundingPlace::Instalment).unwrap(),
        day_count: DayCount::Actual365,
        allocation: "jasa denda pokok".parse().unwrap(),
        late_charge_rate: rate(100_000),
    }
}

fn rate(e8: i64) -> Rate {
    Rate::from_e8(e8).unwrap()
}

pub(super) fn register() -> Register {
    let savings = |code: &str, text: &str, savings_type| SavingsProduct {
        code: product(code),
        name: name(text),
        savings_type,
        yearly_rate: rate(if savings_type == SavingsType::Pokok { 0 } else { 3_000_000 }),
    };
    let loan = |code: &str, text: &str, method, limits: bool| LoanProduct {
        code: product(code),
        name: name(text),
        method,
        rate_per_period: rate(2_000_000),
        version: 3,
        min_principal: limits.then(|| sen(50_000_000)),
        max_principal: limits.then(|| sen(5_000_000_000)),
        max_periods: limits.then_some(36),
        repayment: if limits { repayment() } else { RepaymentTerms::default() },
    };
    Register {
        cooperative: name("KSP Handayani"),
        zone: TimeZone::Wib,
        member: name("Siti Partini"),
        status: MemberStatus::Active,
        class: Some(name("Anggota biasa")),
        savings_products: vec![
            savings("SB", "Simpanan Berjangka", SavingsType::Berjangka),
            savings("SP", "Simpanan Pokok", SavingsType::Pokok),
            savings("SS", "Simpanan Sukarela", SavingsType::Sukarela),
        ],
        loan_products: vec![
            loan("PB", "Pinjaman Biasa", LoanMethod::Menurun, true),
            loan("PD", "Pinjaman Darurat", LoanMethod::Flat, false),
        ],
    }
}

pub(super) fn told_register() -> Json {
    let (register, bytes) = (register(), register().encode());
    let savings = register.savings_products.iter().map(|product| {
        json!({
            "code": product.code.as_str(),
            "name": product.name.as_str(),
            "type": product.savings_type.as_str(),
            "yearly_rate": product.yearly_rate.to_string(),
        })
    });
    let loans = register.loan_products.iter().map(|product| {
        json!({
            "code": product.code.as_str(),
            "name": product.name.as_str(),
            "method": product.method.as_str(),
            "rate_per_period": product.rate_per_period.to_string(),
            "version": product.version,
            "min_principal": product.min_principal.map(|money| money.to_string()),
            "max_principal": product.max_principal.map(|money| money.to_string()),
            "max_periods": product.max_periods,
            "grace_periods": product.repayment.grace_periods,
            "rounding_unit": product.repayment.rounding.unit().to_string(),
            "rounding_mode": product.repayment.rounding.mode().as_str(),
            "rounding_applies_to": product.repayment.rounding.applies_to().as_str(),
            "day_count": product.repayment.day_count.as_str(),
            "allocation_order": product.repayment.allocation.to_string(),
            "late_charge_rate": product.repayment.late_charge_rate.to_string(),
        })
    });
    json!({
        "cooperative": register.cooperative.as_str(),
        "time_zone": register.zone.as_str(),
        "member": register.member.as_str(),
        "status": register.status.as_str(),
        "class": register.class.as_ref().map(Name::as_str),
        "savings_products": savings.collect::<Vec<_>>(),
        "loan_products": loans.collect::<Vec<_>>(),
        "cbor": hex(&bytes),
        "hash": hex(&sha256(&bytes)),
    })
}
