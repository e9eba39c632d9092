//! Screens: what a member reads and hears, worded by the core. Records of the core's own; nothing is worded here.

use anggota::client::{CardView, CheckpointComparison, CheckpointView, RequestView, SyncReport, VerifyView};
use anggota::domain::loan::Question;
use anggota::domain::{AccountNo, CivilDate, Money, OperationId, ProductCode};
use anggota::words::screen::{Action, ActionKind, Block, Figure, Line, Role, Screen, Told};
use anggota::words::{Language, Level, Wording};

use crate::client::Client;
use crate::error::AnggotaError;
use crate::loans::LoanDays;

type Result<T> = std::result::Result<T, AnggotaError>;

/// The languages of what a member reads and hears.
#[uniffi::remote(Enum)]
pub enum Language {
    /// Bahasa Indonesia.
    Indonesian,
    /// Basa Jawa, in its polite register (krama).
    Javanese,
    /// English.
    English,
}

/// How much a screen says.
#[uniffi::remote(Enum)]
pub enum Level {
    /// Few things, in whole words, for large type.
    Plain,
    /// Everything that is known, with numbers and proof.
    Full,
}

/// Something to show and what to say for it: whole words, no figures, no abbreviations.
#[uniffi::remote(Record)]
pub struct Wording {
    /// For the eye.
    pub shown: String,
    /// For the ear.
    pub spoken: String,
}

/// A screen.
#[uniffi::remote(Record)]
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

/// What a block is, so that a shell can lay it out.
#[uniffi::remote(Enum)]
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
#[uniffi::remote(Record)]
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
#[uniffi::remote(Record)]
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
#[uniffi::remote(Record)]
pub struct Line {
    /// What it is.
    pub label: String,
    /// What it says.
    pub value: String,
}

/// Something that can be done now.
#[uniffi::remote(Record)]
pub struct Action {
    /// What.
    pub kind: ActionKind,
    /// Its words on a button.
    pub label: Wording,
}

/// What can be done.
#[uniffi::remote(Enum)]
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

/// What has just been done with a request.
#[uniffi::remote(Enum)]
pub enum Told {
    /// It was saved.
    Saved,
    /// It was to be taken back.
    Cancelled,
    /// It was to be sent now.
    Retried,
    /// The approved loan was taken.
    Accepted,
    /// The office was given what it asked for.
    Replied,
}

/// A loan that is thought of, and what is asked about it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct LoanQuestion {
    /// The product's code.
    pub product: ProductCode,
    /// How much.
    pub principal: Money,
    /// Over how many months.
    pub periods: u32,
    /// When it is paid out and first repaid; questions of days need it.
    #[uniffi(default = None)]
    pub days: Option<LoanDays>,
    /// How many of the first instalments were paid on their due dates.
    #[uniffi(default = 0)]
    pub paid: u32,
    /// What settles the loan on this day?
    #[uniffi(default = None)]
    pub pay_off: Option<CivilDate>,
    /// What does the next instalment cost when it is paid on this day?
    #[uniffi(default = None)]
    pub pay_late: Option<CivilDate>,
}

#[uniffi::export]
impl Client {
    /// The home screen: what the member has and owes.
    pub fn home_screen(&self, language: Language, level: Level) -> Result<Screen> {
        Ok(self.core().home_screen(language, level)?)
    }

    /// The loans.
    pub fn loans_screen(&self, language: Language, level: Level) -> Result<Screen> {
        Ok(self.core().loans_screen(language, level)?)
    }

    /// A page of a savings passbook, as [`Client::transactions`] reads it.
    pub fn passbook_screen(
        &self,
        account_no: AccountNo,
        limit: u32,
        before: Option<u32>,
        language: Language,
        level: Level,
    ) -> Result<Screen> {
        Ok(self.core().passbook_screen(&account_no, limit, before, language, level)?)
    }

    /// A page of a loan's passbook, as [`Client::loan_transactions`] reads it.
    pub fn loan_passbook_screen(
        &self,
        loan_no: AccountNo,
        limit: u32,
        before: Option<u32>,
        language: Language,
        level: Level,
    ) -> Result<Screen> {
        Ok(self.core().loan_passbook_screen(&loan_no, limit, before, language, level)?)
    }

    /// The instalments of a loan that is held, as [`Client::loan_schedule`] reckons them.
    pub fn loan_schedule_screen(&self, loan_no: AccountNo, language: Language, level: Level) -> Result<Screen> {
        Ok(self.core().loan_schedule_screen(&loan_no, language, level)?)
    }

    /// What a loan of a product would cost, as [`Client::simulate_loan`] reckons it, and the answers to what is asked.
    pub fn simulation_screen(&self, asked: LoanQuestion, language: Language, level: Level) -> Result<Screen> {
        let LoanQuestion { product, principal, periods, days, paid, pay_off, pay_late } = asked;
        let dates = days.map(LoanDays::dates).transpose()?.flatten();
        let asked = Question { paid, pay_off, pay_late };
        Ok(self.core().simulation_screen(&product, principal, periods, dates, asked, language, level)?)
    }

    /// What a savings account grows to over some months from today, at its product's rate, when nothing is paid in or taken
    /// out.
    pub fn projection_screen(
        &self,
        account_no: AccountNo,
        months: u32,
        language: Language,
        level: Level,
    ) -> Result<Screen> {
        Ok(self.core().projection_screen(&account_no, months, language, level)?)
    }

    /// What speaks for and against a loan, as [`Client::check_loan`] says.
    pub fn loan_check_screen(
        &self,
        product: ProductCode,
        principal: Money,
        periods: u32,
        income: Option<Money>,
        language: Language,
        level: Level,
    ) -> Result<Screen> {
        Ok(self.core().loan_check_screen(&product, principal, periods, income, language, level)?)
    }

    /// The reminders that [`Client::loan_reminders`] gives, a block for each in its order, for a shell's alarms to say.
    pub fn reminders_screen(
        &self,
        days_before: Vec<u16>,
        limit: u32,
        language: Language,
        level: Level,
    ) -> Result<Screen> {
        Ok(self.core().reminders_screen(&days_before, limit as usize, language, level)?)
    }

    /// How a payment would be divided, as [`Client::divide_payment`] does.
    pub fn payment_screen(
        &self,
        loan_no: AccountNo,
        amount: Money,
        language: Language,
        level: Level,
    ) -> Result<Screen> {
        Ok(self.core().payment_screen(&loan_no, amount, language, level)?)
    }

    /// The loan requests of this device.
    pub fn requests_screen(&self, language: Language, level: Level) -> Result<Screen> {
        Ok(self.core().requests_screen(language, level)?)
    }

    /// A request after something was done with it.
    pub fn request_screen(&self, request: RequestView, told: Told, language: Language, level: Level) -> Result<Screen> {
        Ok(self.core().request_screen(&request, told, language, level)?)
    }

    /// What stands around a card that [`Client::show_card`] gave.
    pub fn card_screen(&self, card: CardView, language: Language, level: Level) -> Result<Screen> {
        Ok(self.core().card_screen(&card, language, level)?)
    }

    /// What the member must be told.
    pub fn notices_screen(&self, language: Language, level: Level) -> Result<Screen> {
        Ok(self.core().notices_screen(language, level)?)
    }

    /// The evidence of broken promises.
    pub fn evidence_screen(&self, language: Language, level: Level) -> Result<Screen> {
        Ok(self.core().evidence_screen(language, level)?)
    }

    /// What stands around a checkpoint that [`Client::show_checkpoint`] gave.
    pub fn checkpoint_screen(&self, held: CheckpointView, language: Language, level: Level) -> Result<Screen> {
        Ok(self.core().checkpoint_screen(&held, language, level)?)
    }

    /// What [`Client::compare_checkpoint`] found.
    pub fn comparison_screen(&self, found: CheckpointComparison, language: Language, level: Level) -> Result<Screen> {
        Ok(self.core().comparison_screen(found, language, level)?)
    }

    /// What a sync did.
    pub fn sync_screen(&self, report: SyncReport, language: Language, level: Level) -> Result<Screen> {
        Ok(self.core().sync_screen(&report, language, level)?)
    }

    /// What a check of the books found.
    pub fn verify_screen(&self, found: VerifyView, language: Language, level: Level) -> Result<Screen> {
        Ok(self.core().verify_screen(&found, language, level)?)
    }

    /// The welcome after an enrolment.
    pub fn welcome_screen(&self, language: Language, level: Level) -> Result<Screen> {
        Ok(self.core().welcome_screen(language, level)?)
    }
}
