//! What comes out: the core's views, record by record; their enums are in `kinds`. The compiler holds that no field is missing
//! or of another type, and a test that every doc comment is the core's own.

use std::path::PathBuf;

use anggota::client::PageView;
use anggota::client::{
    BackingView, BalancesView, CardView, CheckpointView, EndedView, EvidenceView, LoanEntryView, LoanView, ProfileId,
    ProfileView, ReplyView, RequestView, RescueView, SavingsEntryView, SavingsView, StatementView, SyncReport,
    TermsView, VerifiedAccountView, VerifyView, WarningView,
};
use anggota::domain::loan::NextDue;
use anggota::domain::{
    AccountNo, CivilDate, CooperativeId, DeviceId, EvidenceKind, LedgerKind, LoanKind, LoanMethod, MemberNo, Money,
    Name, OperationId, ProductCode, Purpose, Rate, RequestState, SavingsKind, SavingsType, TimeZone, Timestamp,
};

/// One enrolment in a data folder.
#[uniffi::remote(Record)]
pub struct ProfileId {
    /// Whose books.
    pub cooperative: CooperativeId,
    /// Whose accounts.
    pub member_no: MemberNo,
}

/// Who is enrolled.
#[uniffi::remote(Record)]
pub struct ProfileView {
    /// The member's number.
    pub member_no: MemberNo,
    /// The member's name.
    pub name: Name,
    /// The cooperative's id.
    pub cooperative: CooperativeId,
    /// The cooperative's name.
    pub cooperative_name: Name,
    /// Its time zone.
    pub zone: TimeZone,
    /// This device.
    pub device_id: DeviceId,
}

/// What a sync did.
#[uniffi::remote(Record)]
pub struct SyncReport {
    /// The epoch of the checkpoint now held.
    pub epoch: u64,
    /// Its generation.
    pub generation: u64,
    /// Entries received and committed.
    pub entries_received: u64,
    /// Bytes received, compressed.
    pub bytes_received: u64,
    /// Requests the server answered for.
    pub requests_sent: u64,
    /// Whether every account is held from its first entry and verified.
    pub complete: bool,
}

/// A savings account on the home screen.
#[uniffi::remote(Record)]
pub struct SavingsView {
    /// Its number.
    pub account_no: AccountNo,
    /// The product's name (its code while the register is not known).
    pub product: String,
    /// The legal kind of savings, once the register is known.
    pub savings_type: Option<SavingsType>,
    /// The balance.
    pub balance: Money,
    /// The last entry's seq.
    pub seq: u32,
    /// When the server last vouched for it.
    pub as_of: Timestamp,
    /// The head is in a verified checkpoint and every entry held chains to it.
    pub verified: bool,
    /// The first entry is held too.
    pub complete: bool,
}

/// The oldest instalment that is not paid in full; its day may have passed.
#[uniffi::remote(Record)]
pub struct NextDue {
    /// Its number.
    pub number: u32,
    /// Its day.
    pub date: CivilDate,
    /// What is still owed of it.
    pub amount: Money,
}

/// A loan on the home screen.
#[uniffi::remote(Record)]
pub struct LoanView {
    /// Its number.
    pub loan_no: AccountNo,
    /// The product's name (its code while the register is not known).
    pub product: String,
    /// The principal still owed.
    pub outstanding: Money,
    /// What to pay next; `None` where nothing is, while not all entries are held and proven, or where the loan is too long
    /// or has no schedule.
    pub next_due: Option<NextDue>,
    /// The last entry's seq.
    pub seq: u32,
    /// When the server last vouched for it.
    pub as_of: Timestamp,
    /// The head is in a verified checkpoint and every entry held chains to it.
    pub verified: bool,
    /// The first entry is held too.
    pub complete: bool,
}

/// The home screen's figures, from the mirror alone; what is asked for stands beside them, never in them.
#[uniffi::remote(Record)]
pub struct BalancesView {
    /// The server's time of the last sync; `None` before the first.
    pub as_of: Option<Timestamp>,
    /// The sum over the savings accounts.
    pub total_savings: Money,
    /// Savings, by account number.
    pub savings: Vec<SavingsView>,
    /// Loans, by number.
    pub loans: Vec<LoanView>,
    /// Requests that are not decided: queued, sending, received, stuck.
    pub pending: Vec<RequestView>,
    /// Requests that are approved and wait for the member to take the loan.
    pub approved: Vec<RequestView>,
    /// Accounts that the cooperative no longer shows to this member.
    pub ended: Vec<EndedView>,
    /// What the member must be told: books that went back or differ.
    pub warnings: Vec<WarningView>,
}

/// An account that is no longer in the member's checkpoint; its entries are kept for 90 days.
#[uniffi::remote(Record)]
pub struct EndedView {
    /// Its number.
    pub account_no: AccountNo,
    /// Savings or loan.
    pub kind: LedgerKind,
    /// When it was first missing.
    pub at: Timestamp,
}

/// Something is wrong with the books, and evidence of it is kept.
#[uniffi::remote(Record)]
pub struct WarningView {
    /// What kind.
    pub kind: EvidenceKind,
    /// Of which account; `None` for the member's whole books.
    pub account_no: Option<AccountNo>,
    /// When it was seen.
    pub at: Timestamp,
}

/// A checkpoint that is kept as evidence: what its signed bytes say.
#[uniffi::remote(Record)]
pub struct StatementView {
    /// Its epoch.
    pub epoch: u64,
    /// Its generation.
    pub generation: u64,
    /// When the cooperative signed it.
    pub issued_at: Timestamp,
    /// SHA-256 of the signed bytes, in hex.
    pub hash: String,
}

/// One broken promise and what is kept of it.
#[uniffi::remote(Record)]
pub struct EvidenceView {
    /// What kind.
    pub kind: EvidenceKind,
    /// Of which account; `None` for the member's whole books.
    pub account_no: Option<AccountNo>,
    /// Savings or loan.
    pub ledger: Option<LedgerKind>,
    /// When it was last seen.
    pub at: Timestamp,
    /// The new epoch that has another past.
    pub epoch: Option<u64>,
    /// The first old entry that the new books lack or have otherwise.
    pub first_seq: Option<u32>,
    /// What the cooperative had signed before.
    pub held: Option<StatementView>,
    /// What it showed then.
    pub received: Option<StatementView>,
}

/// The checkpoint that is held, for the member's other device.
#[uniffi::remote(Record)]
pub struct CheckpointView {
    /// Its epoch.
    pub epoch: u64,
    /// Its generation.
    pub generation: u64,
    /// SHA-256 of the signed bytes, in hex.
    pub hash: String,
    /// `KTB1:` and the signed bytes.
    pub text: String,
    /// Modules on a side of the QR code.
    pub modules: u16,
    /// The QR code's modules, row by row, true is dark.
    pub bits: Vec<bool>,
}

/// One line of a savings passbook.
#[uniffi::remote(Record)]
pub struct SavingsEntryView {
    /// Its place.
    pub seq: u32,
    /// The day it was posted.
    pub posted_on: CivilDate,
    /// What kind of movement.
    pub kind: SavingsKind,
    /// The signed movement.
    pub amount: Money,
    /// The balance after it.
    pub balance: Money,
    /// In the books' words.
    pub description: String,
    /// Voucher or counterparty.
    pub reference: String,
    /// The entry it reverses.
    pub reverses: Option<u32>,
}

/// One line of a loan's passbook.
#[uniffi::remote(Record)]
pub struct LoanEntryView {
    /// Its place.
    pub seq: u32,
    /// The day it was posted.
    pub posted_on: CivilDate,
    /// What kind of movement.
    pub kind: LoanKind,
    /// The change of the outstanding.
    pub principal: Money,
    /// Interest charged (+), paid or waived (-).
    pub interest: Money,
    /// Late charge charged (+), paid or waived (-).
    pub late_charge: Money,
    /// The outstanding after it.
    pub outstanding: Money,
    /// In the books' words.
    pub description: String,
    /// Voucher or counterparty.
    pub reference: String,
    /// The entry it reverses.
    pub reverses: Option<u32>,
}

/// What `verify` found of one account.
#[uniffi::remote(Record)]
pub struct VerifiedAccountView {
    /// Its number.
    pub account_no: AccountNo,
    /// Savings or loan.
    pub kind: LedgerKind,
    /// How many entries are held.
    pub entries: u64,
    /// Every rule holds, from the lowest entry held to the signed head.
    pub ok: bool,
    /// The first entry at which a rule does not hold. Figures that do not add up are named exactly; a changed word
    /// shows only at the end of its run of entries, and the run's first entry is named.
    pub first_bad_seq: Option<u32>,
    /// The chain's hash that the head signs, in hex, for two devices to compare.
    pub hash: String,
}

/// What `verify` found.
#[uniffi::remote(Record)]
pub struct VerifyView {
    /// By kind and number.
    pub accounts: Vec<VerifiedAccountView>,
    /// The checkpoint's signature and tree hold, and so does every account.
    pub ok: bool,
}

/// A request for a loan.
#[uniffi::remote(Record)]
pub struct RequestView {
    /// The operation's id, the same at the office.
    pub request_id: OperationId,
    /// The product's code.
    pub product: ProductCode,
    /// How much.
    pub principal: Money,
    /// Over how many months.
    pub periods: u32,
    /// What for.
    pub purpose: Purpose,
    /// Where it stands.
    pub state: RequestState,
    /// Why it was rejected, is stuck or has not been sent yet, in Indonesian or in an officer's own words; `reason` says it in
    /// the reader's language.
    pub reason: Option<String>,
    /// The product's terms of now, where they have changed since and the cooperative has not said yes.
    pub new_terms: Option<TermsView>,
    /// When the member saved it.
    pub submitted_at: Timestamp,
    /// What stands behind it.
    pub backing: BackingView,
    /// What the member replied when the office asked for more, oldest first.
    pub replies: Vec<ReplyView>,
}

/// The terms of a loan product.
#[uniffi::remote(Record)]
pub struct TermsView {
    /// Grows with every change of them.
    pub version: u32,
    /// How interest is reckoned.
    pub method: LoanMethod,
    /// Interest a month, a fraction.
    pub rate_per_period: Rate,
    /// The least that is lent.
    pub min_principal: Option<Money>,
    /// The most that is lent.
    pub max_principal: Option<Money>,
    /// The most months.
    pub max_periods: Option<u32>,
}

/// What became of a damaged store.
#[uniffi::remote(Record)]
pub struct RescueView {
    /// How many commands of the member were carried over; those that were sent are sent again under their ids.
    pub commands: u32,
    /// No command, draft or document was lost.
    pub outbox_whole: bool,
    /// Where the damaged store is kept.
    pub set_aside: PathBuf,
}

/// A card to show.
#[uniffi::remote(Record)]
pub struct CardView {
    /// `KTA1:` and the presentation.
    pub text: String,
    /// Modules on a side of the QR code.
    pub modules: u16,
    /// The QR code's modules, row by row, true is dark.
    pub bits: Vec<bool>,
    /// Seconds until a new one is due.
    pub expires_in: u32,
}

/// A page of a savings passbook, newest first.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SavingsPageView {
    /// Whose.
    pub account_no: AccountNo,
    /// The entries.
    pub entries: Vec<SavingsEntryView>,
    /// Older entries exist, here or at the server.
    pub more: bool,
}

/// A page of a loan's passbook, newest first.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LoanPageView {
    /// Whose.
    pub loan_no: AccountNo,
    /// The entries.
    pub entries: Vec<LoanEntryView>,
    /// Older entries exist, here or at the server.
    pub more: bool,
}

impl From<PageView<SavingsEntryView>> for SavingsPageView {
    fn from(PageView { account_no, entries, more }: PageView<SavingsEntryView>) -> Self {
        Self { account_no, entries, more }
    }
}

impl From<PageView<LoanEntryView>> for LoanPageView {
    fn from(PageView { account_no, entries, more }: PageView<LoanEntryView>) -> Self {
        Self { loan_no: account_no, entries, more }
    }
}
