//! What is shown: a member's books in order and in trouble, requests in every state, proofs.

use anggota::domain::loan::NextDue;
use anggota::domain::{
    AccountNo, CooperativeId, DeviceId, EvidenceKind, LedgerKind, LoanKind, LoanMethod, MemberNo, Money, Name,
    OperationId, ProductCode, Purpose, RequestState, SavingsKind, SavingsType, TimeZone, Timestamp,
};
use anggota::protocol::problem::Code;
use anggota::views::{
    BackingView, BalancesView, CheckpointView, EndedView, EvidenceView, LoanCheckView, LoanEntryView, LoanView,
    PageView, ProfileView, RequestView, SavingsEntryView, SavingsView, StatementView, SyncReport, TermsView,
    VerifiedAccountView, VerifyView, WarningView,
};

/// As the outbox keeps why a try failed.
pub(super) const NO_NETWORK: &str = Code::NoNetwork.advice();

pub(super) fn at(instant: &str) -> Timestamp {
    instant.parse().unwrap()
}

pub(super) fn money(text: &str) -> Money {
    text.parse().unwrap()
}

pub(super) fn account(number: &str) -> AccountNo {
    AccountNo::new(number).unwrap()
}

pub(super) fn savings(number: &str, product: &str, balance: &str, verified: bool) -> SavingsView {
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

pub(super) fn request(number: u8, state: RequestState, reason: Option<&str>) -> RequestView {
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
        backing: BackingView::default(),
        replies: vec![],
    }
}

pub(super) fn balances() -> BalancesView {
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
        approved: vec![],
        ended: vec![],
        warnings: vec![],
    }
}

pub(super) fn troubled() -> BalancesView {
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

/// The office has answered and waits for the member.
pub(super) fn awaited() -> BalancesView {
    let asked = Some("Bawa fotokopi KTP suami atau istri.");
    BalancesView {
        pending: vec![
            request(3, RequestState::MoreAsked, asked),
            request(4, RequestState::MoreAsked, None),
            request(5, RequestState::Received, None),
        ],
        approved: vec![request(2, RequestState::Approved, Some("Silakan datang hari Senin."))],
        ..balances()
    }
}

pub(super) fn nothing() -> BalancesView {
    BalancesView {
        as_of: None,
        total_savings: Money::ZERO,
        savings: vec![],
        loans: vec![],
        pending: vec![],
        approved: vec![],
        ended: vec![],
        warnings: vec![],
    }
}

pub(super) fn savings_page() -> PageView<SavingsEntryView> {
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
        entry(4, SavingsKind::from_number(200).unwrap(), "41250", "2541250"),
    ];
    PageView { account_no: account("SS-001"), entries, more: true }
}

pub(super) fn loan_page() -> PageView<LoanEntryView> {
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
        entry(6, LoanKind::from_number(200).unwrap(), ["-1000000", "0", "0"], "11000000"),
        entry(5, LoanKind::Reversal, ["869078", "240000", "0"], "12000000"),
        entry(4, LoanKind::Waiver, ["0", "0", "-25000"], "11130922"),
        entry(3, LoanKind::LateCharge, ["0", "0", "25000"], "11130922"),
        entry(2, LoanKind::Repayment, ["-869078", "-240000", "0"], "11130922"),
        entry(1, LoanKind::Disbursement, ["12000000", "240000", "0"], "12000000"),
    ];
    PageView { account_no: account("PJ-7"), entries, more: false }
}

pub(super) fn all_states() -> Vec<RequestView> {
    let reason = |state| match state {
        RequestState::Rejected => Some("Masih ada pinjaman yang belum lunas."),
        _ => None,
    };
    let states = RequestState::ALL.iter().zip(1..);
    states.map(|(state, number)| request(number, *state, reason(*state))).collect()
}

pub(super) fn profile() -> ProfileView {
    ProfileView {
        member_no: MemberNo::new("A-17").unwrap(),
        name: Name::new("Siti Aminah").unwrap(),
        cooperative: CooperativeId::new("handayani").unwrap(),
        cooperative_name: Name::new("KSP Handayani").unwrap(),
        zone: TimeZone::Wib,
        device_id: "01920000-0000-7000-8000-000000000001".parse::<DeviceId>().unwrap(),
    }
}

pub(super) fn kept() -> Vec<EvidenceView> {
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

pub(super) fn checkpoint() -> CheckpointView {
    let hash = "0123456789abcdef".repeat(4);
    CheckpointView { epoch: 1, generation: 7, hash, text: "KTB1:TEKS".into(), modules: 0, bits: vec![] }
}

pub(super) fn outdated() -> RequestView {
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

pub(super) fn checked(is_refused: bool) -> LoanCheckView {
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

pub(super) fn report(entries_received: u64, requests_sent: u64, complete: bool) -> SyncReport {
    SyncReport { epoch: 1, generation: 7, entries_received, bytes_received: 60_000, requests_sent, complete }
}

pub(super) fn verified(ok: bool) -> VerifyView {
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
