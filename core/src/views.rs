//! What comes out of the client: flat records for a shell to show. Rules stay inside.

mod requests;

use rust_decimal::Decimal;

pub use requests::{AttachmentView, BackingView, DraftView, ReplyView, RequestView};

use crate::domain::loan::{LoanProgress, NextDue, Reminder, Schedule, Untold};
use crate::domain::{
    AccountNo, CivilDate, CooperativeId, DeviceId, EvidenceKind, LedgerKind, LoanKind, LoanMethod, MemberNo, Money,
    Name, Rate, SavingsKind, SavingsType, TimeZone, Timestamp,
};

/// One enrolment in a data folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProfileId {
    /// Whose books.
    pub cooperative: CooperativeId,
    /// Whose accounts.
    pub member_no: MemberNo,
}

/// Who is enrolled.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// A loan on the home screen.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedView {
    /// Its number.
    pub account_no: AccountNo,
    /// Savings or loan.
    pub kind: LedgerKind,
    /// When it was first missing.
    pub at: Timestamp,
}

/// Something is wrong with the books, and evidence of it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WarningView {
    /// What kind.
    pub kind: EvidenceKind,
    /// Of which account; `None` for the member's whole books.
    pub account_no: Option<AccountNo>,
    /// When it was seen.
    pub at: Timestamp,
}

/// A checkpoint that is kept as evidence: what its signed bytes say.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// The schedule of a loan that is held, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanScheduleView {
    /// Its number.
    pub loan_no: AccountNo,
    /// The product's name.
    pub product: String,
    /// The day it stands so, at the cooperative.
    pub today: CivilDate,
    /// The instalments: amount, rate, term and days as agreed, reckoned by the product's repayment terms of now.
    pub schedule: Schedule,
    /// The product's terms are no longer those of the day the loan was given.
    pub terms_changed: bool,
    /// A fraction with 6 decimals.
    pub effective_yearly_rate: Decimal,
    /// What is paid, due and late, or why that cannot be told.
    pub progress: Result<LoanProgress, Untold>,
    /// When the server last vouched for it.
    pub as_of: Timestamp,
    /// The head is in a verified checkpoint and every entry held chains to it.
    pub verified: bool,
}

/// A day on which to remind of an instalment of a loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanReminderView {
    /// Of which loan.
    pub loan_no: AccountNo,
    /// The product's name (its code while the register is not known).
    pub product: String,
    /// The day, the instalment and what is owed of it.
    pub reminder: Reminder,
}

/// A page of a passbook, newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageView<E> {
    /// Whose.
    pub account_no: AccountNo,
    /// The entries.
    pub entries: Vec<E>,
    /// Older entries exist, here or at the server.
    pub more: bool,
}

/// What `verify` found of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifyView {
    /// By kind and number.
    pub accounts: Vec<VerifiedAccountView>,
    /// The checkpoint's signature and tree hold, and so does every account.
    pub ok: bool,
}

/// The terms of a loan product.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// What speaks for and against a loan, before it is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanCheckView {
    /// The product's name.
    pub product: String,
    /// How much.
    pub principal: Money,
    /// Over how many months.
    pub periods: u32,
    /// Its largest instalment.
    pub instalment: Money,
    /// What the loans that run already ask for in a month, at most.
    pub running_instalments: Money,
    /// What the member says to earn in a month; it stays on this device.
    pub income: Option<Money>,
    /// All instalments as a part of it, a fraction with 4 decimals.
    pub share_of_income: Option<Decimal>,
    /// The rules that it breaks, as an error names its rule; none: nothing known here speaks against it.
    pub obstacles: Vec<String>,
}

/// A card to show.
#[derive(Clone, PartialEq, Eq)]
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

/// What two checkpoints say of each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckpointComparison {
    /// The same books, to the byte.
    Same,
    /// The other device is behind: sync it, then compare again.
    OtherOlder,
    /// This device is behind: sync it, then compare again.
    OtherNewer,
    /// The cooperative signed two stories. Evidence is kept.
    Different,
}

impl CheckpointComparison {
    /// Its word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::OtherOlder => "other_older",
            Self::OtherNewer => "other_newer",
            Self::Different => "different",
        }
    }
}
