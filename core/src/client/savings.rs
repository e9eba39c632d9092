//! What a savings account will bring: the domain's arithmetic on the store's balance and the product's rate, offline.

use super::Client;
use crate::domain::saving::Projection;
use crate::domain::{AccountNo, Head, LedgerKind};
use crate::error::{Error, Result};
use crate::protocol::problem::Code;
use crate::store::{mirror, profile};
use crate::words::screen::{self, Screen};
use crate::words::{Language, Level};

impl Client {
    /// What a savings account grows to over some months from today, at its product's rate, when nothing is paid in or taken
    /// out. Needs the register, which comes with the first sync.
    pub fn project_savings(&self, account: &AccountNo, months: u32) -> Result<Projection> {
        let now = self.engine.now()?;
        let (balance, rate, today) = self.engine.store.read(|db| {
            let stored = mirror::account(db, LedgerKind::Savings, account)?.ok_or_else(|| Error::new(Code::Unknown))?;
            let Head::Savings(head) = &stored.head else { return Err(Error::new(Code::Unknown)) };
            let register = mirror::register(db)?;
            let product = register.as_ref().and_then(|register| register.savings_product(&head.product));
            let product =
                product.ok_or_else(|| Error::new(Code::NotPossible).detail("the products come with the first sync"))?;
            Ok((head.balance, product.yearly_rate, now.day_in(profile::load(db)?.zone)))
        })?;
        Ok(Projection::of(balance, rate, today, months)?)
    }

    /// What a savings account grows to, as [`Client::project_savings`] reckons it.
    pub fn projection_screen(
        &self,
        account: &AccountNo,
        months: u32,
        language: Language,
        level: Level,
    ) -> Result<Screen> {
        Ok(screen::projection(&self.project_savings(account, months)?, &self.reader(language, level)?))
    }
}
