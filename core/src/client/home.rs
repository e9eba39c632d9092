//! What the member looks at: balances and passbooks, from the store alone.

use super::{
    BalancesView, Client, EndedView, LoanEntryView, LoanView, PageView, SavingsEntryView, SavingsView, WarningView,
    loans, requests,
};
use crate::domain::{AccountNo, Head, LedgerKind, LoanEntry, MAX_SEQ, ProductCode, SavingsEntry};
use crate::error::{Error, Result};
use crate::protocol::chain::ChainEntry;
use crate::protocol::frame::Register;
use crate::protocol::problem::Code;
use crate::store::mirror::{self, StoredAccount};
use crate::store::{Snapshot, evidence, passbook, profile};
use crate::sync::Standing;

/// The most entries a page gives.
pub const MAX_PAGE: u32 = 1_000;

impl Client {
    /// The home screen's figures.
    pub fn balances(&self) -> Result<BalancesView> {
        let now = self.engine.now()?;
        self.engine.store.read(|db| {
            let register = mirror::register(db)?;
            let accounts = mirror::accounts(db)?;
            let today = now.day_in(profile::load(db)?.zone);
            let total_savings = mirror::total_savings(&accounts)?;
            let (mut savings, mut loans) = (Vec::new(), Vec::new());
            for account in accounts.iter().filter(|account| !matches!(account.standing, Standing::Ended(_))) {
                match &account.head {
                    Head::Savings(head) => savings.push(SavingsView {
                        account_no: head.account.clone(),
                        product: product_name(register.as_ref(), &head.product),
                        savings_type: register
                            .as_ref()
                            .and_then(|r| r.savings_product(&head.product))
                            .map(|p| p.savings_type),
                        balance: head.balance,
                        seq: head.seq,
                        as_of: account.as_of,
                        verified: account.is_verified(),
                        complete: account.is_complete(),
                    }),
                    Head::Loan(head) => loans.push(LoanView {
                        loan_no: head.account.clone(),
                        product: product_name(register.as_ref(), &head.terms.product),
                        outstanding: head.outstanding,
                        next_due: loans::next_due(db, register.as_ref(), account, today)?,
                        seq: head.seq,
                        as_of: account.as_of,
                        verified: account.is_verified(),
                        complete: account.is_complete(),
                    }),
                }
            }
            let warnings = evidence::list(db)?;
            Ok(BalancesView {
                as_of: mirror::checkpoint(db)?.map(|held| held.as_of).or(accounts.iter().map(|a| a.as_of).max()),
                total_savings,
                savings,
                loans,
                pending: requests::pending(db)?,
                approved: requests::approved(db)?,
                ended: ended(&accounts),
                warnings: warnings
                    .into_iter()
                    .map(|(kind, account, at)| WarningView { kind, account_no: account, at })
                    .collect(),
            })
        })
    }

    /// A page of a savings passbook, newest first: at most `limit` entries (1 to 1,000) below `before`.
    pub fn transactions(
        &self,
        account: &AccountNo,
        limit: u32,
        before: Option<u32>,
    ) -> Result<PageView<SavingsEntryView>> {
        self.page(account, LedgerKind::Savings, limit, before, passbook::savings_down, savings_view)
    }

    /// A page of a loan's passbook, newest first: at most `limit` entries (1 to 1,000) below `before`.
    pub fn loan_transactions(
        &self,
        loan: &AccountNo,
        limit: u32,
        before: Option<u32>,
    ) -> Result<PageView<LoanEntryView>> {
        self.page(loan, LedgerKind::Loan, limit, before, passbook::loan_down, loan_view)
    }

    fn page<E: ChainEntry, V>(
        &self,
        account: &AccountNo,
        kind: LedgerKind,
        limit: u32,
        before: Option<u32>,
        read: impl FnOnce(&Snapshot, i64, u32, u32) -> Result<Vec<E>>,
        view: impl Fn(E) -> V,
    ) -> Result<PageView<V>> {
        if limit == 0 || limit > MAX_PAGE {
            return Err(Error::new(Code::InvalidInput).detail("a page has 1 to 1000 entries"));
        }
        self.engine.store.read(|db| {
            let stored = mirror::account(db, kind, account)?.ok_or_else(|| Error::new(Code::Unknown))?;
            let from = before.unwrap_or(MAX_SEQ).min(stored.head.seq().saturating_add(1));
            let mut entries = read(db, stored.account, from, limit)?;
            // A hole that is still to be fetched must not look like a passbook that goes on.
            let top = if before.is_some() { from } else { entries.first().map_or(from, |entry| entry.seq() + 1) };
            let held = entries.iter().zip((1..top).rev()).take_while(|(entry, seq)| entry.seq() == *seq).count();
            entries.truncate(held);
            let more = entries.last().map_or(from, ChainEntry::seq) > 1;
            Ok(PageView { account_no: account.clone(), entries: entries.into_iter().map(view).collect(), more })
        })
    }
}

/// Accounts that left the checkpoint: their figures are gone from the screen, and the member is told.
fn ended(accounts: &[StoredAccount]) -> Vec<EndedView> {
    let at = |account: &StoredAccount| match account.standing {
        Standing::Ended(at) => Some(at),
        Standing::Good | Standing::Mismatch(_) | Standing::Damaged => None,
    };
    let view = |account: &StoredAccount| {
        at(account).map(|at| EndedView { account_no: account.head.key().account, kind: account.head.key().kind, at })
    };
    accounts.iter().filter_map(view).collect()
}

pub(super) fn product_name(register: Option<&Register>, code: &ProductCode) -> String {
    register.and_then(|register| register.product_name(code)).map_or(code.as_str(), |name| name.as_str()).to_owned()
}

fn savings_view(entry: SavingsEntry) -> SavingsEntryView {
    SavingsEntryView {
        seq: entry.seq(),
        posted_on: entry.posted_on(),
        kind: entry.kind(),
        amount: entry.amount(),
        balance: entry.balance_after(),
        description: entry.description().as_str().to_owned(),
        reference: entry.reference().as_str().to_owned(),
        reverses: entry.reverses(),
    }
}

fn loan_view(entry: LoanEntry) -> LoanEntryView {
    LoanEntryView {
        seq: entry.seq(),
        posted_on: entry.posted_on(),
        kind: entry.kind(),
        principal: entry.amounts().principal,
        interest: entry.amounts().interest,
        late_charge: entry.amounts().late_charge,
        outstanding: entry.outstanding_after(),
        description: entry.description().as_str().to_owned(),
        reference: entry.reference().as_str().to_owned(),
        reverses: entry.reverses(),
    }
}
