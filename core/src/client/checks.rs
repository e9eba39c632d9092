//! What speaks against a request for a loan, said before it is made. The phone judges by what it holds; the cooperative
//! checks everything again, also what a member earns where the request declares it.

use super::loans::loan_product;
use super::{Client, LoanCheckView};
use crate::domain::loan::Burden;
use crate::domain::{Head, Invalid, LoanHead, LoanProduct, MemberStatus, Money, ProductCode};
use crate::error::{Error, Result};
use crate::protocol::frame::Register;
use crate::protocol::problem::Code;
use crate::store::mirror::{self, StoredAccount};
use crate::store::profile;
use crate::sync::Standing;

/// Permenkop UKM 8/2023: a candidate may not borrow.
const NOT_ACTIVE: Invalid = Invalid("only an active member may ask for a loan");

impl Client {
    /// Whether a loan may be asked for, and what it would take of a month's `income` beside the loans that run already.
    /// Needs no network; nothing is saved and nothing is sent.
    pub fn check_loan(
        &self,
        product: &ProductCode,
        principal: Money,
        periods: u32,
        income: Option<Money>,
    ) -> Result<LoanCheckView> {
        if income.is_some_and(|income| income <= Money::ZERO) {
            return Err(Invalid("a declared income is more than 0").into());
        }
        let now = self.engine.now()?;
        let (today, register, accounts) = self
            .engine
            .store
            .read(|db| Ok((now.day_in(profile::load(db)?.zone), mirror::register(db)?, mirror::accounts(db)?)))?;
        let terms = loan_product(register.as_ref(), product)?;
        let products = register.as_ref().map(|register| &register.loan_products[..]).unwrap_or_default();
        let burden = Burden::of(terms, principal, periods, today, loans(&accounts), products)?;
        let above = income.and_then(|income| burden.check(income).err());
        let obstacles = [not_active(register.as_ref()), terms.accepts(principal, periods).err(), above];
        Ok(LoanCheckView {
            product: terms.name.as_str().to_owned(),
            principal,
            periods,
            instalment: burden.instalment(),
            running_instalments: burden.running_instalments(),
            income,
            share_of_income: income.and_then(|income| burden.share_of(income)),
            obstacles: obstacles.into_iter().flatten().map(|Invalid(rule)| rule.to_owned()).collect(),
        })
    }

    /// The terms by which this may be asked for, as far as this phone knows.
    pub(super) fn terms_for(&self, product: &ProductCode, principal: Money, periods: u32) -> Result<LoanProduct> {
        let register = self.engine.store.read(mirror::register)?;
        let terms = loan_product(register.as_ref(), product)?;
        if let Some(Invalid(rule)) = not_active(register.as_ref()) {
            return Err(Error::new(Code::NotPossible).detail(rule));
        }
        terms.accepts(principal, periods)?;
        Ok(terms.clone())
    }
}

fn not_active(register: Option<&Register>) -> Option<Invalid> {
    let is_active = register.is_some_and(|register| register.status == MemberStatus::Active);
    (!is_active).then_some(NOT_ACTIVE)
}

/// The loans that the cooperative still names.
fn loans(accounts: &[StoredAccount]) -> impl Iterator<Item = &LoanHead> {
    accounts.iter().filter(|account| !matches!(account.standing, Standing::Ended(_))).filter_map(|account| {
        match &account.head {
            Head::Loan(head) => Some(head),
            Head::Savings(_) => None,
        }
    })
}
