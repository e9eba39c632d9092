//! What a schedule and a screen cost, in microseconds: `cargo xtask bench words`. Figures are for people; no check stands on
//! them.

#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a measurement reads the clock and stops at a fault"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use anggota::domain::loan::{LoanDates, LoanPlan, NextDue, RepaymentTerms, Schedule, effective_yearly_rate};
use anggota::domain::{AccountNo, LoanMethod, Money, SavingsType, TimeZone, Timestamp};
use anggota::views::{BalancesView, LoanView, SavingsView};
use anggota::words::screen::{self, Possible};
use anggota::words::{Language, Level, Reader};

/// How long each thing is measured.
const WINDOW: Duration = Duration::from_millis(400);
/// How many times it is done between two looks at the clock.
const BATCH: u32 = 8;

fn main() {
    // Cargo asks the programs of a test run for their tests; this one has none.
    if std::env::args().any(|argument| argument == "--list" || argument == "--test") {
        return;
    }
    let (plan, schedule) = (loan(), Schedule::of(loan()).unwrap());
    let mut rows = vec![
        ("schedule_360".to_owned(), micros(|| Schedule::of(plan).unwrap())),
        ("effective_rate_360".to_owned(), micros(|| effective_yearly_rate(schedule.plan()).unwrap())),
    ];
    let view = balances();
    for language in Language::ALL {
        for level in Level::ALL {
            let reader = reader(language, level);
            let cost = micros(|| {
                screen::home(&view, Possible { request_loan: true, show_card: true, open_drafts: false }, &reader)
            });
            rows.push((format!("home_{language}_{}", level.as_str()), cost));
        }
    }
    let rows: Vec<_> = rows.iter().map(|(what, micros)| format!("\"{what}\":{micros:.1}")).collect();
    println!("{{\"micros\":{{{}}}}}", rows.join(","));
}

/// The middle of all batches, for one of them.
fn micros<T>(mut work: impl FnMut() -> T) -> f64 {
    let (start, mut batches) = (Instant::now(), Vec::new());
    while start.elapsed() < WINDOW {
        let batch = Instant::now();
        for _ in 0..BATCH {
            black_box(work());
        }
        batches.push(batch.elapsed());
    }
    batches.sort_unstable();
    batches[batches.len() / 2].as_secs_f64() * 1_000_000.0 / f64::from(BATCH)
}

/// Rp300.000.000 anuitas at 0.9% over 360 months.
fn loan() -> LoanPlan {
    let dates = LoanDates::disbursed("2026-01-31".parse().unwrap()).unwrap();
    let (principal, rate) = (money("300000000"), "0.009".parse().unwrap());
    LoanPlan::new(LoanMethod::Anuitas, principal, rate, 360, RepaymentTerms::default(), Some(dates)).unwrap()
}

/// Four kinds of savings and two loans.
fn balances() -> BalancesView {
    let as_of = at("2026-11-24T03:00:00Z");
    let savings = |number: usize| SavingsView {
        account_no: AccountNo::new(&format!("SS-00{number}")).unwrap(),
        product: "Simpanan Sukarela".into(),
        savings_type: Some(SavingsType::Sukarela),
        balance: money("2650000.50"),
        seq: 120,
        as_of,
        verified: true,
        complete: true,
    };
    let loan = |number: usize| LoanView {
        loan_no: AccountNo::new(&format!("PJ-{number}")).unwrap(),
        product: "Pinjaman Usaha".into(),
        outstanding: money("11130922"),
        next_due: Some(NextDue { number: 2, date: "2026-11-30".parse().unwrap(), amount: money("1109078") }),
        seq: 12,
        as_of,
        verified: true,
        complete: true,
    };
    BalancesView {
        as_of: Some(as_of),
        total_savings: money("10600002"),
        savings: (1..=4).map(savings).collect(),
        loans: (1..=2).map(loan).collect(),
        pending: vec![],
        approved: vec![],
        ended: vec![],
        warnings: vec![],
    }
}

fn reader(language: Language, level: Level) -> Reader {
    Reader { language, level, zone: TimeZone::Wib, now: at("2026-11-24T03:28:05Z"), offline: false }
}

fn at(instant: &str) -> Timestamp {
    instant.parse().unwrap()
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}
