//! Which of a few: the core's enums, value by value. The compiler holds that none is missing, and a test that every doc
//! comment is the core's own.

use anggota::client::CheckpointComparison;
use anggota::domain::loan::{InstalmentState, Untold};
use anggota::domain::{
    EvidenceKind, LedgerKind, LoanKind, LoanMethod, OtherKind, RequestState, SavingsKind, SavingsType, TimeZone, Topic,
};
use anggota::keys::KeyRole;

/// What two checkpoints say of each other.
#[uniffi::remote(Enum)]
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

/// Which promise the server broke.
#[uniffi::remote(Enum)]
pub enum EvidenceKind {
    /// An earlier generation or epoch than one already shown.
    Rollback,
    /// Another content for the same generation, or a generation that does not follow the one held.
    Fork,
    /// An account whose entries do not reach its signed head.
    Mismatch,
    /// Entries that were shown before are missing or differ.
    PastChanged,
    /// No broken promise: the store on this device was damaged, set aside and built anew from the server.
    Rebuilt,
}

/// Which of the two ledgers an account number belongs to. The numbers are the protocol's.
#[uniffi::remote(Enum)]
pub enum LedgerKind {
    /// A savings account.
    Savings,
    /// A loan.
    Loan,
}

/// How an instalment stands on a day.
#[uniffi::remote(Enum)]
pub enum InstalmentState {
    /// Paid in full.
    Paid,
    /// Its day has passed and something of it is owed.
    Late,
    /// The next whose day has not passed.
    Due,
    /// After that.
    Upcoming,
}

/// Why it is not told how a loan that is held stands.
#[uniffi::remote(Enum)]
pub enum Untold {
    /// Not all its entries are held and proven.
    NotProven,
    /// It has more entries than are matched with a schedule, 5,000.
    TooLong,
    /// An entry of a kind that this version does not know moved principal or interest.
    OtherMovement,
}

/// How a loan's interest is reckoned.
#[uniffi::remote(Enum)]
pub enum LoanMethod {
    /// Interest on the first principal, every period the same.
    Flat,
    /// Equal principal, interest on what is left.
    Menurun,
    /// Equal instalments.
    Anuitas,
    /// Interest by the day.
    Harian,
}

/// The kinds of entries of a loan. The numbers are the protocol's.
#[uniffi::remote(Enum)]
pub enum LoanKind {
    /// Pencairan: money paid out to the member.
    Disbursement,
    /// Angsuran: an instalment paid.
    Repayment,
    /// Denda: a charge for paying late.
    LateCharge,
    /// Keringanan: interest or a late charge forgiven.
    Waiver,
    /// The exact negative of an earlier entry.
    Reversal,
    /// Of a newer version: a movement like any other, whose name is not known here.
    Other(OtherKind),
}

/// Where a request stands, from the member's side.
#[uniffi::remote(Enum)]
pub enum RequestState {
    /// Saved on the phone, not sent yet.
    Queued,
    /// On its way; it may or may not have arrived.
    Sending,
    /// The cooperative has it.
    Received,
    /// An officer said yes.
    Approved,
    /// An officer, or a rule at the server, said no.
    Rejected,
    /// It cannot be sent as it is; the member decides.
    Stuck,
    /// Taken back.
    Cancelled,
    /// An officer looks at it.
    InReview,
    /// The cooperative asks for more; the reason says what.
    MoreAsked,
    /// Approved, and the member took it.
    Accepted,
    /// The money is paid out.
    Disbursed,
}

/// The kinds of entries of a savings account. The numbers are the protocol's.
#[uniffi::remote(Enum)]
pub enum SavingsKind {
    /// Setoran: money paid in.
    Deposit,
    /// Penarikan: money taken out.
    Withdrawal,
    /// Jasa simpanan: interest credited.
    Interest,
    /// Pajak: tax on interest (PP 15/2009).
    Tax,
    /// Biaya: a charge.
    Fee,
    /// Money from another account.
    TransferIn,
    /// Money to another account.
    TransferOut,
    /// The exact negative of an earlier entry.
    Reversal,
    /// Of a newer version: a movement like any other, whose name is not known here.
    Other(OtherKind),
}

/// The legal kinds of savings.
#[uniffi::remote(Enum)]
pub enum SavingsType {
    /// Simpanan pokok: paid once on joining, returned on leaving.
    Pokok,
    /// Simpanan wajib: paid every month.
    Wajib,
    /// Simpanan sukarela: free to withdraw.
    Sukarela,
    /// Simpanan berjangka: a term deposit.
    Berjangka,
}

/// Indonesia's three zones; none of them has daylight saving.
#[uniffi::remote(Enum)]
pub enum TimeZone {
    /// Western Indonesia, UTC+7 (Java, Sumatra).
    Wib,
    /// Central Indonesia, UTC+8.
    Wita,
    /// Eastern Indonesia, UTC+9.
    Wit,
}

/// What changed; a shell asks again for what it shows.
#[uniffi::remote(Enum)]
pub enum Topic {
    /// Balances and heads.
    Balances,
    /// Entries.
    Transactions,
    /// Requests.
    Requests,
    /// The card.
    Card,
    /// The member's register and what the cooperative offers.
    Register,
    /// A warning was added.
    Warnings,
    /// A sync began, ended or failed.
    Sync,
}

/// Which of a profile's keys signs.
#[uniffi::remote(Enum)]
pub enum KeyRole {
    /// No prompt: proofs of possession, the outbox, the card.
    Device,
    /// The user authenticates each time.
    Approval,
}
