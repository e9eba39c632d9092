//! Every screen in every language and level, as files that a translator or a reviewer can read: `core/tests/screens/`.
//! `UPDATE=1 cargo test -p anggota --test screens` writes them anew.

#![allow(clippy::unwrap_used, reason = "a test stops where its own set-up fails")]

use std::fmt::Write;
use std::path::Path;

use anggota::domain::loan::NextDue;
use anggota::domain::{
    AccountNo, CooperativeId, DeviceId, EvidenceKind, LedgerKind, LoanKind, LoanMethod, MemberNo, Money, Name,
    OperationId, ProductCode, Purpose, RequestState, SavingsKind, SavingsType, TimeZone, Timestamp,
};
use anggota::protocol::problem::Code;
use anggota::views::{
    BalancesView, CardView, CheckpointComparison, CheckpointView, EndedView, EvidenceView, LoanCheckView,
    LoanEntryView, LoanView, PageView, ProfileView, RequestView, SavingsEntryView, SavingsView, StatementView,
    SyncReport, TermsView, VerifiedAccountView, VerifyView, WarningView,
};
use anggota::words::screen::{self, Book, Possible, Screen, Told};
use anggota::words::{Language, Level, Reader};

#[path = "screens/loans.rs"]
mod loans;
#[path = "screens/savings.rs"]
mod saving;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/screens");

/// As the outbox keeps why a try failed.
const NO_NETWORK: &str = Code::NoNetwork.advice();

fn at(instant: &str) -> Timestamp {
    instant.parse().unwrap()
}

fn money(text: &str) -> Money {
    text.parse().unwrap()
}

fn account(number: &str) -> AccountNo {
    AccountNo::new(number).unwrap()
}

fn savings(number: &str, product: &str, balance: &str, verified: bool) -> SavingsView {
    SavingsView {
        account_no: account(number),
        product: product.into(),
        savings_type: Some(SavingsType::Sukarela),
        balance: money(balance),
        seq: 12,
        as_of: at(if verified { "2026-11-24T03:00:00Z" } else { "2026-11-22T03:00:00Z" }),
        verified,
        complete: verified,
    }
}

fn request(number: u8, state: RequestState, reason: Option<&str>) -> RequestView {
    RequestView {
        request_id: format!("01920000-0000-7000-8000-0000000000{number:02}").parse::<OperationId>().unwrap(),
        product: ProductCode::new("PU").unwrap(),
        principal: money("5000000"),
        periods: 12,
        purpose: Purpose::new("modal warung").unwrap(),
        state,
        reason: reason.map(str::to_owned),
        new_terms: None,
        submitted_at: at("2026-11-23T01:05:00Z"),
    }
}

fn balances() -> BalancesView {
    BalancesView {
        as_of: Some(at("2026-11-24T03:00:00Z")),
        total_savings: money("2750000.50"),
        savings: vec![
            savings("SP-001", "Simpanan Pokok", "100000", true),
            savings("SS-001", "Simpanan Sukarela", "2650000.50", true),
        ],
        loans: vec![LoanView {
            loan_no: account("PJ-7"),
            product: "Pinjaman Usaha".into(),
            outstanding: money("11130922"),
            next_due: Some(NextDue { number: 2, date: "2026-11-30".parse().unwrap(), amount: money("1109078") }),
            seq: 5,
            as_of: at("2026-11-24T03:00:00Z"),
            verified: true,
            complete: false,
        }],
        pending: vec![request(1, RequestState::Queued, None)],
        ended: vec![],
        warnings: vec![],
    }
}

fn troubled() -> BalancesView {
    let kinds = [
        EvidenceKind::Rollback,
        EvidenceKind::Fork,
        EvidenceKind::Mismatch,
        EvidenceKind::PastChanged,
        EvidenceKind::Rebuilt,
    ];
    let warning = |kind| WarningView { kind, account_no: None, at: at("2026-11-23T03:00:00Z") };
    let mut warnings: Vec<_> = kinds.into_iter().map(warning).collect();
    warnings[2].account_no = Some(account("SS-001"));
    let ended = |number, kind| EndedView { account_no: account(number), kind, at: at("2026-11-20T03:00:00Z") };
    BalancesView {
        savings: vec![savings("SS-001", "Simpanan Sukarela", "2750000.50", false)],
        loans: vec![],
        pending: vec![request(2, RequestState::Stuck, Some("Produk ini sudah berubah."))],
        ended: vec![ended("SB-3", LedgerKind::Savings), ended("PJ-2", LedgerKind::Loan)],
        warnings,
        ..balances()
    }
}

fn nothing() -> BalancesView {
    BalancesView {
        as_of: None,
        total_savings: Money::ZERO,
        savings: vec![],
        loans: vec![],
        pending: vec![],
        ended: vec![],
        warnings: vec![],
    }
}

fn savings_page() -> PageView<SavingsEntryView> {
    let entry = |seq: u32, kind, amount: &str, balance: &str| SavingsEntryView {
        seq,
        posted_on: format!("2026-11-{seq:02}").parse().unwrap(),
        kind,
        amount: money(amount),
        balance: money(balance),
        description: if seq == 12 { "Setoran tunai".into() } else { String::new() },
        reference: if seq.is_multiple_of(2) { format!("KW-{seq}") } else { String::new() },
        reverses: (kind == SavingsKind::Reversal).then_some(9),
    };
    let entries = vec![
        entry(12, SavingsKind::Deposit, "250000", "2650000.50"),
        entry(11, SavingsKind::Withdrawal, "-100000", "2400000.50"),
        entry(10, SavingsKind::Reversal, "-50000", "2500000.50"),
        entry(9, SavingsKind::TransferIn, "50000", "2550000.50"),
        entry(8, SavingsKind::TransferOut, "-50000", "2500000.50"),
        entry(7, SavingsKind::Interest, "12500.50", "2550000.50"),
        entry(6, SavingsKind::Tax, "-1250", "2538000"),
        entry(5, SavingsKind::Fee, "-2000", "2539250"),
    ];
    PageView { account_no: account("SS-001"), entries, more: true }
}

fn loan_page() -> PageView<LoanEntryView> {
    let entry = |seq: u32, kind, parts: [&str; 3], outstanding: &str| LoanEntryView {
        seq,
        posted_on: format!("2026-10-{seq:02}").parse().unwrap(),
        kind,
        principal: money(parts[0]),
        interest: money(parts[1]),
        late_charge: money(parts[2]),
        outstanding: money(outstanding),
        description: String::new(),
        reference: format!("KW-{seq}"),
        reverses: (kind == LoanKind::Reversal).then_some(2),
    };
    let entries = vec![
        entry(5, LoanKind::Reversal, ["869078", "240000", "0"], "12000000"),
        entry(4, LoanKind::Waiver, ["0", "0", "-25000"], "11130922"),
        entry(3, LoanKind::LateCharge, ["0", "0", "25000"], "11130922"),
        entry(2, LoanKind::Repayment, ["-869078", "-240000", "0"], "11130922"),
        entry(1, LoanKind::Disbursement, ["12000000", "240000", "0"], "12000000"),
    ];
    PageView { account_no: account("PJ-7"), entries, more: false }
}

fn all_states() -> Vec<RequestView> {
    let reason = |state| match state {
        RequestState::Rejected => Some("Masih ada pinjaman yang belum lunas."),
        _ => None,
    };
    let states = RequestState::ALL.iter().zip(1..);
    states.map(|(state, number)| request(number, *state, reason(*state))).collect()
}

fn profile() -> ProfileView {
    ProfileView {
        member_no: MemberNo::new("A-17").unwrap(),
        name: Name::new("Siti Aminah").unwrap(),
        cooperative: CooperativeId::new("handayani").unwrap(),
        cooperative_name: Name::new("KSP Handayani").unwrap(),
        zone: TimeZone::Wib,
        device_id: "01920000-0000-7000-8000-000000000001".parse::<DeviceId>().unwrap(),
    }
}

fn kept() -> Vec<EvidenceView> {
    let signed = |generation| StatementView {
        epoch: 1,
        generation,
        issued_at: at("2026-11-20T03:00:00Z"),
        hash: "0123456789abcdef".repeat(4),
    };
    let piece = EvidenceView {
        kind: EvidenceKind::Fork,
        account_no: None,
        ledger: None,
        at: at("2026-11-23T03:00:00Z"),
        epoch: None,
        first_seq: None,
        held: Some(signed(7)),
        received: Some(signed(7)),
    };
    let past = EvidenceView {
        kind: EvidenceKind::PastChanged,
        account_no: Some(account("SS-001")),
        ledger: Some(LedgerKind::Savings),
        epoch: Some(2),
        first_seq: Some(12),
        ..piece.clone()
    };
    vec![piece, past]
}

fn checkpoint() -> CheckpointView {
    let hash = "0123456789abcdef".repeat(4);
    CheckpointView { epoch: 1, generation: 7, hash, text: "KTB1:TEKS".into(), modules: 0, bits: vec![] }
}

fn outdated() -> RequestView {
    let new_terms = TermsView {
        version: 3,
        method: LoanMethod::Menurun,
        rate_per_period: "0.0175".parse().unwrap(),
        min_principal: Some(money("500000")),
        max_principal: Some(money("20000000")),
        max_periods: Some(24),
    };
    RequestView { new_terms: Some(new_terms), ..request(1, RequestState::Rejected, Some("Ketentuan sudah berubah.")) }
}

fn checked(is_refused: bool) -> LoanCheckView {
    let rules = ["only an active member may ask for a loan", "the instalments are more than the declared income"];
    LoanCheckView {
        product: "Pinjaman Usaha".into(),
        principal: money("5000000"),
        periods: 12,
        instalment: money("491667"),
        running_instalments: if is_refused { money("1109078") } else { Money::ZERO },
        income: is_refused.then(|| money("1500000")),
        share_of_income: is_refused.then(|| "1.0671".parse().unwrap()),
        obstacles: rules.iter().filter(|_| is_refused).map(|rule| (*rule).to_owned()).collect(),
    }
}

fn report(entries_received: u64, requests_sent: u64, complete: bool) -> SyncReport {
    SyncReport { epoch: 1, generation: 7, entries_received, bytes_received: 60_000, requests_sent, complete }
}

fn verified(ok: bool) -> VerifyView {
    let account = |number, kind, holds: bool, seq: Option<u32>| VerifiedAccountView {
        account_no: account(number),
        kind,
        entries: 89,
        ok: ok || holds,
        first_bad_seq: seq.filter(|_| !ok),
        hash: String::new(),
    };
    let accounts = vec![
        account("SP-001", LedgerKind::Savings, true, None),
        account("SS-001", LedgerKind::Savings, false, Some(12)),
        account("PJ-7", LedgerKind::Loan, false, None),
    ];
    VerifyView { accounts, ok }
}

/// Every screen with a name, for one reader.
fn screens(reader: &Reader) -> Vec<(&'static str, Screen)> {
    let all = Possible { request_loan: true, show_card: true };
    let none = Possible::default();
    let offline = Reader { offline: true, now: at("2026-11-26T03:00:00Z"), ..*reader };
    let book = |product: &str| Book { product: product.into(), as_of: at("2026-11-24T03:00:00Z"), verified: true };
    let card = CardView { text: String::new(), modules: 0, bits: vec![], expires_in: 30 };
    let (deposit, maturity) = saving::deposit();
    let empty = PageView { entries: vec![], more: false, ..savings_page() };
    vec![
        ("home", screen::home(&balances(), all, reader)),
        ("home, two days without a network", screen::home(&balances(), all, &offline)),
        ("home, trouble", screen::home(&troubled(), none, reader)),
        ("home, before the first sync", screen::home(&nothing(), none, reader)),
        ("loans", screen::loans(&balances(), all, reader)),
        ("loans, none", screen::loans(&troubled(), none, reader)),
        ("passbook", screen::passbook(&savings_page(), &book("Simpanan Sukarela"), reader)),
        ("passbook, empty", screen::passbook(&empty, &book("Simpanan Sukarela"), reader)),
        ("loan passbook", screen::loan_passbook(&loan_page(), &book("Pinjaman Usaha"), reader)),
        ("loan schedule", screen::loan_schedule(&loans::running(), reader)),
        ("loan schedule, in time", screen::loan_schedule(&loans::in_time(), reader)),
        ("loan schedule, paid", screen::loan_schedule(&loans::paid(), reader)),
        ("loan schedule, not proven", screen::loan_schedule(&loans::unproven(), reader)),
        ("simulation", screen::simulation(&loans::asked(), reader)),
        ("simulation, without dates", screen::simulation(&loans::dateless(), reader)),
        ("comparison", loans::compared(&loans::asked(), &loans::dateless(), reader)),
        ("comparison, cheaper", loans::compared(&loans::dateless(), &loans::asked(), reader)),
        ("comparison, the same", loans::compared(&loans::asked(), &loans::asked(), reader)),
        ("request, saved", screen::request_told(&request(1, RequestState::Queued, None), Told::Saved, reader)),
        (
            "request, to be taken back",
            screen::request_told(&request(1, RequestState::Received, None), Told::Cancelled, reader),
        ),
        (
            "request, sent again",
            screen::request_told(&request(1, RequestState::Sending, Some(NO_NETWORK)), Told::Retried, reader),
        ),
        ("requests", screen::requests(&all_states(), all, reader)),
        ("request, accepted", screen::request_told(&request(1, RequestState::Approved, None), Told::Accepted, reader)),
        ("requests, none", screen::requests(&[], none, reader)),
        ("request, by terms that have changed", screen::requests(&[outdated()], all, reader)),
        ("loan check", screen::loan_check(&checked(false), reader)),
        ("loan check, obstacles", screen::loan_check(&checked(true), reader)),
        ("reminders", screen::reminders(&loans::reminders(), reader)),
        ("reminders, none", screen::reminders(&[], reader)),
        ("payment", screen::payment(&loans::payment("1500000"), reader)),
        ("payment, more than is owed", screen::payment(&loans::payment("9000000"), reader)),
        ("payment, nothing owed", screen::payment(&loans::needless_payment(), reader)),
        ("projection", screen::projection(&saving::projection("2650000.50"), reader)),
        ("projection, taxed", screen::projection(&saving::projection("100000000"), reader)),
        ("term deposit", screen::maturity(&deposit, &maturity, reader)),
        ("shu", screen::shu(&saving::shu(), reader)),
        ("enrolled", screen::enrolled(&profile(), reader)),
        ("synced", screen::synced(&report(1_234, 1, true), reader)),
        ("synced, nothing new", screen::synced(&report(0, 0, false), reader)),
        ("verified", screen::verified(&verified(true), reader)),
        ("verified, broken", screen::verified(&verified(false), reader)),
        ("verified, nothing held", screen::verified(&VerifyView { accounts: vec![], ok: true }, reader)),
        ("evidence", screen::evidence(&kept(), reader)),
        ("evidence, none", screen::evidence(&[], reader)),
        ("evidence, written", screen::evidence_written(reader)),
        ("checkpoint", screen::checkpoint(&checkpoint(), reader)),
        ("compared, same", screen::compared(CheckpointComparison::Same, reader)),
        ("compared, other older", screen::compared(CheckpointComparison::OtherOlder, reader)),
        ("compared, other newer", screen::compared(CheckpointComparison::OtherNewer, reader)),
        ("compared, different", screen::compared(CheckpointComparison::Different, reader)),
        ("card", screen::card(&profile(), &card, reader)),
        ("notices", screen::notices(&troubled(), reader)),
        ("notices, none", screen::notices(&balances(), reader)),
    ]
}

fn written(name: &str, screen: &Screen) -> String {
    let mut text = format!("== {name}\n{}\n", screen.title.shown);
    for block in &screen.blocks {
        writeln!(text, "\n[{:?}] {}", block.role, block.heading).unwrap();
        if let Some(figure) = &block.figure {
            let proof = if figure.verified { "" } else { " (!)" };
            writeln!(text, "  {}: {}{proof}", figure.label, figure.amount).unwrap();
            writeln!(text, "  {}\n  {}", figure.in_words, figure.age.shown).unwrap();
        }
        if !block.text.is_empty() {
            writeln!(text, "  {}", block.text).unwrap();
        }
        for line in &block.lines {
            writeln!(text, "  - {}: {}", line.label, line.value).unwrap();
        }
        for action in &block.actions {
            writeln!(text, "  > {}", action.label.shown).unwrap();
        }
    }
    if let Some(age) = &screen.age {
        writeln!(text, "\n{}", age.shown).unwrap();
    }
    for action in &screen.actions {
        writeln!(text, "> {}", action.label.shown).unwrap();
    }
    writeln!(text, "\nspoken: {}\n\n", screen.spoken()).unwrap();
    text
}

fn readers() -> impl Iterator<Item = Reader> {
    let reader = |language, level| Reader {
        language,
        level,
        zone: TimeZone::Wib,
        now: at("2026-11-24T03:28:05Z"),
        offline: false,
    };
    Language::ALL.into_iter().flat_map(move |language| Level::ALL.map(|level| reader(language, level)))
}

#[test]
fn every_screen_is_as_written() {
    for reader in readers() {
        let text: String = screens(&reader).iter().map(|(name, screen)| written(name, screen)).collect();
        let text = format!("{}\n", text.trim_end());
        let file = Path::new(FOLDER).join(format!("{}-{}.txt", reader.language, reader.level.as_str()));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&file, &text).unwrap();
        }
        let known = std::fs::read_to_string(&file).unwrap();
        let first = text.lines().zip(known.lines()).find(|(now, then)| now != then);
        assert!(
            text == known,
            "{} differs at {first:?}; read it, then run UPDATE=1 cargo test -p anggota --test screens",
            file.display()
        );
    }
}

/// What is read aloud has no figures, no abbreviations and no half sentences, whatever the language.
#[test]
fn what_is_spoken_is_whole_sentences_without_figures() {
    for reader in readers() {
        for (name, screen) in screens(&reader) {
            let spoken = screen.spoken();
            let place = format!("{name} in {} {}: {spoken}", reader.language, reader.level.as_str());
            assert!(!spoken.contains(|c: char| c.is_ascii_digit()), "{place}");
            for short in ["Rp", "WIB", "{", "}", "  ", "..", " ."] {
                assert!(!spoken.contains(short), "{short} in {place}");
            }
            for block in &screen.blocks {
                assert!(block.spoken.ends_with('.'), "{} in {place}", block.spoken);
            }
            assert!(screen.title.spoken.ends_with('.'), "{} in {place}", screen.title.spoken);
        }
    }
}

/// Every figure has its words and its age; plain says less than full and hides no trouble.
#[test]
fn plain_is_shorter_and_hides_no_trouble() {
    let roles = |screen: &Screen, role| screen.blocks.iter().filter(|block| block.role == role).count();
    for plain in readers().filter(|reader| reader.level == Level::Plain) {
        let full = Reader { level: Level::Full, ..plain };
        for ((name, few), (_, all)) in screens(&plain).iter().zip(&screens(&full)) {
            let lines = |screen: &Screen| screen.blocks.iter().map(|block| block.lines.len()).sum::<usize>();
            assert!(few.blocks.len() <= all.blocks.len() && lines(few) <= lines(all), "{name}");
            assert_eq!(roles(few, screen::Role::Notice), roles(all, screen::Role::Notice), "{name}");
            assert_eq!(few.actions.len(), all.actions.len(), "{name}");
            for figure in few.blocks.iter().chain(&all.blocks).filter_map(|block| block.figure.as_ref()) {
                assert!(!figure.in_words.is_empty() && !figure.age.shown.is_empty(), "{name}");
            }
        }
    }
}

#[test]
fn only_what_is_possible_now_is_offered() {
    let reader = readers().next().unwrap();
    let offered = |screen: &Screen| screen.actions.iter().map(|action| action.kind.clone()).collect::<Vec<_>>();
    use screen::ActionKind::{CancelRequest, OpenNotices, RequestLoan, ShowCard, ShowOlder};
    let all = offered(&screen::home(&balances(), Possible { request_loan: true, show_card: true }, &reader));
    assert!(all.contains(&RequestLoan) && all.contains(&ShowCard) && !all.contains(&OpenNotices));
    let few = offered(&screen::home(&troubled(), Possible::default(), &reader));
    assert!(!few.contains(&RequestLoan) && !few.contains(&ShowCard) && few.contains(&OpenNotices));
    let passbook = screen::passbook(
        &savings_page(),
        &Book { product: "S".into(), as_of: at("2026-11-24T03:00:00Z"), verified: true },
        &reader,
    );
    assert!(offered(&passbook).contains(&ShowOlder(5)));
    for view in all_states() {
        let screen = screen::requests(std::slice::from_ref(&view), Possible::default(), &reader);
        let cancel = screen.blocks[0].actions.iter().any(|action| matches!(action.kind, CancelRequest(_)));
        use RequestState::{Accepted, Approved, Cancelled, Disbursed, Rejected};
        let decided = matches!(view.state, Approved | Rejected | Cancelled | Accepted | Disbursed);
        assert_eq!(cancel, !decided, "{:?}", view.state);
    }
}
