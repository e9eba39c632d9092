//! The member's screens, worded by the core, so that every shell shows and says the same.

use super::home::product_name;
use super::{CardView, CheckpointComparison, CheckpointView, Client, RequestView, SyncReport, VerifyView};
use crate::clock;
use crate::domain::loan::{LoanDates, Question, Simulation};
use crate::domain::{AccountNo, LedgerKind, MemberStatus, Money, ProductCode, TimeZone};
use crate::error::{Error, Result};
use crate::protocol::frame::Register;
use crate::protocol::problem::Code;
use crate::store::{draft, mirror, profile};
use crate::words::screen::{self, Book, Possible, Screen, Told};
use crate::words::{Language, Level, Reader};

/// Who reads without being enrolled: somebody in the west of Indonesia, now.
pub fn stranger(language: Language, level: Level) -> Reader {
    Reader { language, level, zone: TimeZone::Wib, now: clock::wall(), offline: false }
}

impl Client {
    /// The home screen: what the member has and owes.
    pub fn home_screen(&self, language: Language, level: Level) -> Result<Screen> {
        Ok(screen::home(&self.balances()?, self.possible()?, &self.reader(language, level)?))
    }

    /// The loans.
    pub fn loans_screen(&self, language: Language, level: Level) -> Result<Screen> {
        Ok(screen::loans(&self.balances()?, self.possible()?, &self.reader(language, level)?))
    }

    /// A page of a savings passbook, as [`Client::transactions`] reads it.
    pub fn passbook_screen(
        &self,
        account: &AccountNo,
        limit: u32,
        before: Option<u32>,
        language: Language,
        level: Level,
    ) -> Result<Screen> {
        let page = self.transactions(account, limit, before)?;
        Ok(screen::passbook(&page, &self.book(LedgerKind::Savings, account)?, &self.reader(language, level)?))
    }

    /// A page of a loan's passbook, as [`Client::loan_transactions`] reads it.
    pub fn loan_passbook_screen(
        &self,
        loan: &AccountNo,
        limit: u32,
        before: Option<u32>,
        language: Language,
        level: Level,
    ) -> Result<Screen> {
        let page = self.loan_transactions(loan, limit, before)?;
        Ok(screen::loan_passbook(&page, &self.book(LedgerKind::Loan, loan)?, &self.reader(language, level)?))
    }

    /// The instalments of a loan that is held, as [`Client::loan_schedule`] reckons them.
    pub fn loan_schedule_screen(&self, loan: &AccountNo, language: Language, level: Level) -> Result<Screen> {
        Ok(screen::loan_schedule(&self.loan_schedule(loan)?, &self.reader(language, level)?))
    }

    /// The drafts, as [`Client::drafts`] lists them.
    pub fn drafts_screen(&self, language: Language, level: Level) -> Result<Screen> {
        Ok(screen::drafts(&self.drafts()?, self.possible()?, &self.reader(language, level)?))
    }

    /// What speaks for and against a loan, as [`Client::check_loan`] says.
    pub fn loan_check_screen(
        &self,
        product: &ProductCode,
        principal: Money,
        periods: u32,
        income: Option<Money>,
        language: Language,
        level: Level,
    ) -> Result<Screen> {
        let view = self.check_loan(product, principal, periods, income)?;
        Ok(screen::loan_check(&view, &self.reader(language, level)?))
    }

    /// The reminders that [`Client::loan_reminders`] gives, a block for each in its order, for a shell's alarms to say.
    pub fn reminders_screen(
        &self,
        days_before: &[u16],
        limit: usize,
        language: Language,
        level: Level,
    ) -> Result<Screen> {
        Ok(screen::reminders(&self.loan_reminders(days_before, limit)?, &self.reader(language, level)?))
    }

    /// How a payment would be divided, as [`Client::divide_payment`] does.
    pub fn payment_screen(&self, loan: &AccountNo, amount: Money, language: Language, level: Level) -> Result<Screen> {
        Ok(screen::payment(&self.divide_payment(loan, amount)?, &self.reader(language, level)?))
    }

    /// What a loan of a product would cost, as [`Client::simulate_loan`] reckons it, and the answers to what is asked.
    #[expect(clippy::too_many_arguments, reason = "what describes a loan, what is asked, and how it is told")]
    pub fn simulation_screen(
        &self,
        product: &ProductCode,
        principal: Money,
        periods: u32,
        dates: Option<LoanDates>,
        asked: Question,
        language: Language,
        level: Level,
    ) -> Result<Screen> {
        let simulation = Simulation::of(self.simulate_loan(product, principal, periods, dates)?, asked)?;
        Ok(screen::simulation(&simulation, &self.reader(language, level)?))
    }

    /// The loan requests of this device.
    pub fn requests_screen(&self, language: Language, level: Level) -> Result<Screen> {
        Ok(screen::requests(&self.requests()?, self.possible()?, &self.reader(language, level)?))
    }

    /// What stands around a card that [`Client::show_card`] gave.
    pub fn card_screen(&self, card: &CardView, language: Language, level: Level) -> Result<Screen> {
        Ok(screen::card(&self.profile()?, card, &self.reader(language, level)?))
    }

    /// What the member must be told.
    pub fn notices_screen(&self, language: Language, level: Level) -> Result<Screen> {
        Ok(screen::notices(&self.balances()?, &self.reader(language, level)?))
    }

    /// A request after something was done with it.
    pub fn request_screen(
        &self,
        request: &RequestView,
        told: Told,
        language: Language,
        level: Level,
    ) -> Result<Screen> {
        Ok(screen::request_told(request, told, &self.reader(language, level)?))
    }

    /// The evidence of broken promises.
    pub fn evidence_screen(&self, language: Language, level: Level) -> Result<Screen> {
        Ok(screen::evidence(&self.evidence()?, &self.reader(language, level)?))
    }

    /// What stands around a checkpoint that [`Client::show_checkpoint`] gave.
    pub fn checkpoint_screen(&self, held: &CheckpointView, language: Language, level: Level) -> Result<Screen> {
        Ok(screen::checkpoint(held, &self.reader(language, level)?))
    }

    /// What [`Client::compare_checkpoint`] found.
    pub fn comparison_screen(&self, found: CheckpointComparison, language: Language, level: Level) -> Result<Screen> {
        Ok(screen::compared(found, &self.reader(language, level)?))
    }

    /// What a sync did.
    pub fn sync_screen(&self, report: &SyncReport, language: Language, level: Level) -> Result<Screen> {
        Ok(screen::synced(report, &self.reader(language, level)?))
    }

    /// What a check of the books found.
    pub fn verify_screen(&self, found: &VerifyView, language: Language, level: Level) -> Result<Screen> {
        Ok(screen::verified(found, &self.reader(language, level)?))
    }

    /// The welcome after an enrolment.
    pub fn welcome_screen(&self, language: Language, level: Level) -> Result<Screen> {
        Ok(screen::enrolled(&self.profile()?, &self.reader(language, level)?))
    }

    /// Who reads, now, by the cooperative's clock.
    pub fn reader(&self, language: Language, level: Level) -> Result<Reader> {
        let zone = self.engine.store.read(profile::load)?.zone;
        Ok(Reader { language, level, zone, now: self.engine.now()?, offline: self.engine.is_offline() })
    }

    /// What the member can do as things stand.
    pub fn possible(&self) -> Result<Possible> {
        self.engine.store.read(|db| {
            let register = mirror::register(db)?;
            let may_ask =
                |register: &Register| register.status == MemberStatus::Active && !register.loan_products.is_empty();
            Ok(Possible {
                request_loan: register.as_ref().is_some_and(may_ask),
                show_card: profile::card(db)?.is_some(),
                open_drafts: draft::any(db)?,
            })
        })
    }

    /// How a passbook stands; also of an account that is no longer on the home screen.
    pub fn book(&self, kind: LedgerKind, account: &AccountNo) -> Result<Book> {
        self.engine.store.read(|db| {
            let stored = mirror::account(db, kind, account)?.ok_or_else(|| Error::new(Code::Unknown))?;
            let register = mirror::register(db)?;
            let product = product_name(register.as_ref(), stored.head.product());
            Ok(Book { product, as_of: stored.as_of, verified: stored.is_verified() })
        })
    }
}
