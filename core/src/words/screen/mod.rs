//! Screens as records: what to show, what to say, how old each figure is, and what can be done now. One source for
//! Android, iOS and the terminal, so that all say the same.
//!
//! Pure: built from the client's views and a [`Reader`] alone. A screen decides no rule of money: what is
//! possible is told to it.

mod backing;
mod books;
mod card;
mod checks;
mod drafts;
mod home;
mod loans;
mod notices;
mod payments;
mod proof;
mod reports;
mod requests;
mod saving;
mod todo;

pub use books::{Book, loan_passbook, passbook};
pub use card::card;
pub use checks::loan_check;
pub use drafts::{draft_told, drafts};
pub use home::{Possible, home, loans};
pub use loans::{comparison, loan_schedule, simulation};
pub use notices::notices;
pub use payments::{payment, reminders};
pub use proof::{checkpoint, compared, evidence, evidence_written};
pub use reports::{changed, enrolled, synced, verified};
pub use requests::{Told, request_told, requests};
pub use saving::{maturity, projection, shu};

use super::reader::{Reader, Wording};
use crate::domain::{AccountNo, Money, OperationId, Timestamp};

/// A screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Screen {
    /// What it is about.
    pub title: Wording,
    /// When its figures are from; `None` where it has none.
    pub age: Option<Wording>,
    /// What it says, in order.
    pub blocks: Vec<Block>,
    /// What can be done from here, now.
    pub actions: Vec<Action>,
}

impl Screen {
    /// The whole screen for the ear, in the order of the eye.
    pub fn spoken(&self) -> String {
        let age = self.age.iter().map(|age| age.spoken.as_str());
        let parts = [self.title.spoken.as_str()].into_iter().chain(age);
        parts.chain(self.blocks.iter().map(|block| block.spoken.as_str())).collect::<Vec<_>>().join(" ")
    }
}

/// What a block is, so that a shell can lay it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Something the member must know first.
    Notice,
    /// A sum over accounts.
    Total,
    /// A savings account.
    Savings,
    /// A loan.
    Loan,
    /// A line of a passbook.
    Entry,
    /// What a whole loan costs.
    Cost,
    /// What is to be paid, and when.
    Due,
    /// An instalment of a loan.
    Instalment,
    /// A figure that is reckoned ahead and is in no book.
    Projected,
    /// A loan request.
    Request,
    /// The membership card: the QR code stands with it.
    Card,
    /// There is nothing to show, and why.
    Hint,
}

/// A piece of a screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is.
    pub role: Role,
    /// A word or two above it; may be empty.
    pub heading: String,
    /// Its figure, to be shown large.
    pub figure: Option<Figure>,
    /// A sentence; may be empty.
    pub text: String,
    /// Details, label and value.
    pub lines: Vec<Line>,
    /// All of it for the ear, in whole sentences.
    pub spoken: String,
    /// What can be done with it, now.
    pub actions: Vec<Action>,
}

/// An amount of money with its age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// What it is: "Saldo".
    pub label: String,
    /// In figures: `Rp1.500.000`.
    pub amount: String,
    /// In words: "satu juta lima ratus ribu rupiah".
    pub in_words: String,
    /// How old it is.
    pub age: Wording,
    /// It is proven by the cooperative's signature, or is nobody's to prove: reckoned or asked for, as its age says.
    pub verified: bool,
}

/// A detail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub label: String,
    /// What it says.
    pub value: String,
}

/// Something that can be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// What.
    pub kind: ActionKind,
    /// Its words on a button.
    pub label: Wording,
}

/// What can be done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionKind {
    /// Fetch what is new and send what waits.
    Sync,
    /// Look at a savings passbook.
    OpenPassbook(AccountNo),
    /// Look at a loan's passbook.
    OpenLoanPassbook(AccountNo),
    /// Show older entries, below that seq.
    ShowOlder(u32),
    /// Look at a loan's instalments.
    OpenSchedule(AccountNo),
    /// Reckon what a loan would cost.
    SimulateLoan,
    /// Ask for a loan.
    RequestLoan,
    /// Look at the loan requests.
    OpenRequests,
    /// Send a request that waits or is stuck now.
    RetryRequest(OperationId),
    /// Take a loan that was approved.
    AcceptLoan(OperationId),
    /// Take a request back.
    CancelRequest(OperationId),
    /// Give the office what it asked for about that request.
    ReplyToOffice(OperationId),
    /// Look at the drafts.
    OpenDrafts,
    /// Go on writing a draft.
    OpenDraft(OperationId),
    /// Send a draft.
    SendDraft(OperationId),
    /// Throw a draft away.
    DeleteDraft(OperationId),
    /// Show the membership card.
    ShowCard,
    /// Write the evidence out, for the office.
    ExportEvidence,
    /// Look at the notices.
    OpenNotices,
}

impl Action {
    /// An action whose message takes no argument.
    fn plain(reader: &Reader, kind: ActionKind, id: &str) -> Self {
        Self { kind, label: reader.wording(id, []) }
    }

    fn sync(reader: &Reader) -> Self {
        Self::plain(reader, ActionKind::Sync, "action-sync")
    }
}

impl Block {
    /// A sentence alone.
    fn sentence(reader: &Reader, role: Role, heading: &str, words: Wording) -> Self {
        Self {
            role,
            heading: if heading.is_empty() { String::new() } else { reader.shown(heading, []) },
            figure: None,
            text: words.shown,
            lines: Vec::new(),
            spoken: words.spoken,
            actions: Vec::new(),
        }
    }
}

/// A figure that the cooperative vouched for at `as_of`.
fn figure(reader: &Reader, label: &str, amount: Money, as_of: Timestamp, verified: bool) -> Figure {
    Figure { verified, ..figure_of(reader, label, amount, reader.age(as_of)) }
}

/// A figure that is nobody's to prove: it was reckoned or asked for, as its age says.
fn figure_of(reader: &Reader, label: &str, amount: Money, age: Wording) -> Figure {
    let words = reader.amount(amount);
    Figure { label: reader.shown(label, []), amount: words.shown, in_words: words.spoken, age, verified: true }
}

fn line(reader: &Reader, label: &str, value: impl Into<String>) -> Line {
    Line { label: reader.shown(label, []), value: value.into() }
}

/// The sentence that says when a screen's figures are from.
fn figures_age(reader: &Reader, as_of: Timestamp) -> Wording {
    reader.wording("figures-age", [("age", reader.age(as_of).into())])
}

/// Sentences, one after the other.
fn joined(sentences: &[String]) -> String {
    sentences.iter().map(String::as_str).filter(|sentence| !sentence.is_empty()).collect::<Vec<_>>().join(" ")
}
