//! The documents of what the member has: balances, passbooks and their proof.

use anggota::client::{
    BalancesView, LoanEntryView, LoanView, PageView, RequestView, SavingsEntryView, SavingsView, VerifyView,
    WarningView,
};
use anggota::domain::{OtherKind, Timestamp};
use anggota::words::Language;
use serde::Serialize;

use super::Request;
use super::loans::Due;

/// `balance`.
#[derive(Serialize)]
pub(crate) struct Balances {
    /// Absent before the first sync.
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<String>,
    total_savings: String,
    savings: Vec<Savings>,
    loans: Vec<Loan>,
    pending: Vec<Request>,
    approved: Vec<Request>,
    ended: Vec<Ended>,
    warnings: Vec<Warning>,
}

/// An account that the cooperative no longer shows to this member.
#[derive(Serialize)]
struct Ended {
    account_no: String,
    #[serde(rename = "type")]
    kind: &'static str,
    at: String,
}

#[derive(Serialize)]
struct Savings {
    account_no: String,
    product: String,
    /// Absent while the register is not known.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    savings_type: Option<&'static str>,
    balance: String,
    seq: u32,
    as_of: String,
    verified: bool,
    complete: bool,
}

#[derive(Serialize)]
struct Loan {
    loan_no: String,
    product: String,
    outstanding: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_due: Option<Due>,
    seq: u32,
    as_of: String,
    verified: bool,
    complete: bool,
}

#[derive(Serialize)]
struct Warning {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_no: Option<String>,
    at: String,
}

impl Balances {
    pub(crate) fn of(view: &BalancesView, language: Language) -> Self {
        let requests = |views: &[RequestView]| views.iter().map(|view| Request::of(view, language)).collect();
        Self {
            as_of: view.as_of.as_ref().map(Timestamp::to_string),
            total_savings: view.total_savings.to_string(),
            savings: view.savings.iter().map(Savings::from).collect(),
            loans: view.loans.iter().map(Loan::from).collect(),
            pending: requests(&view.pending),
            approved: requests(&view.approved),
            ended: view
                .ended
                .iter()
                .map(|ended| Ended {
                    account_no: ended.account_no.to_string(),
                    kind: ended.kind.as_str(),
                    at: ended.at.to_string(),
                })
                .collect(),
            warnings: view.warnings.iter().map(Warning::from).collect(),
        }
    }
}

impl From<&SavingsView> for Savings {
    fn from(view: &SavingsView) -> Self {
        Self {
            account_no: view.account_no.to_string(),
            product: view.product.clone(),
            savings_type: view.savings_type.map(|savings_type| savings_type.as_str()),
            balance: view.balance.to_string(),
            seq: view.seq,
            as_of: view.as_of.to_string(),
            verified: view.verified,
            complete: view.complete,
        }
    }
}

impl From<&LoanView> for Loan {
    fn from(view: &LoanView) -> Self {
        Self {
            loan_no: view.loan_no.to_string(),
            product: view.product.clone(),
            outstanding: view.outstanding.to_string(),
            next_due: view.next_due.as_ref().map(Due::from),
            seq: view.seq,
            as_of: view.as_of.to_string(),
            verified: view.verified,
            complete: view.complete,
        }
    }
}

impl From<&WarningView> for Warning {
    fn from(view: &WarningView) -> Self {
        Self {
            kind: view.kind.as_str(),
            account_no: view.account_no.as_ref().map(ToString::to_string),
            at: view.at.to_string(),
        }
    }
}

/// `loan list`.
#[derive(Serialize)]
pub(crate) struct Loans {
    loans: Vec<Loan>,
}

impl From<&BalancesView> for Loans {
    fn from(view: &BalancesView) -> Self {
        Self { loans: view.loans.iter().map(Loan::from).collect() }
    }
}

/// `transactions`.
#[derive(Serialize)]
pub(crate) struct Transactions {
    account_no: String,
    entries: Vec<SavingsEntry>,
    more: bool,
}

#[derive(Serialize)]
struct SavingsEntry {
    seq: u32,
    posted_on: String,
    kind: &'static str,
    /// With `other`: its number in the protocol.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind_number: Option<u8>,
    amount: String,
    balance: String,
    description: String,
    reference: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reverses: Option<u32>,
}

impl From<&PageView<SavingsEntryView>> for Transactions {
    fn from(page: &PageView<SavingsEntryView>) -> Self {
        let entry = |entry: &SavingsEntryView| SavingsEntry {
            seq: entry.seq,
            posted_on: entry.posted_on.to_string(),
            kind: entry.kind.as_str(),
            kind_number: entry.kind.other().map(OtherKind::number),
            amount: entry.amount.to_string(),
            balance: entry.balance.to_string(),
            description: entry.description.clone(),
            reference: entry.reference.clone(),
            reverses: entry.reverses,
        };
        Self {
            account_no: page.account_no.to_string(),
            entries: page.entries.iter().map(entry).collect(),
            more: page.more,
        }
    }
}

/// `loan transactions`.
#[derive(Serialize)]
pub(crate) struct LoanTransactions {
    loan_no: String,
    entries: Vec<LoanEntry>,
    more: bool,
}

#[derive(Serialize)]
struct LoanEntry {
    seq: u32,
    posted_on: String,
    kind: &'static str,
    /// With `other`: its number in the protocol.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind_number: Option<u8>,
    principal: String,
    interest: String,
    late_charge: String,
    outstanding: String,
    description: String,
    reference: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reverses: Option<u32>,
}

impl From<&PageView<LoanEntryView>> for LoanTransactions {
    fn from(page: &PageView<LoanEntryView>) -> Self {
        let entry = |entry: &LoanEntryView| LoanEntry {
            seq: entry.seq,
            posted_on: entry.posted_on.to_string(),
            kind: entry.kind.as_str(),
            kind_number: entry.kind.other().map(OtherKind::number),
            principal: entry.principal.to_string(),
            interest: entry.interest.to_string(),
            late_charge: entry.late_charge.to_string(),
            outstanding: entry.outstanding.to_string(),
            description: entry.description.clone(),
            reference: entry.reference.clone(),
            reverses: entry.reverses,
        };
        Self {
            loan_no: page.account_no.to_string(),
            entries: page.entries.iter().map(entry).collect(),
            more: page.more,
        }
    }
}

/// `verify`.
#[derive(Serialize)]
pub(crate) struct Verified {
    accounts: Vec<VerifiedAccount>,
    ok: bool,
}

#[derive(Serialize)]
struct VerifiedAccount {
    account_no: String,
    #[serde(rename = "type")]
    kind: &'static str,
    entries: u64,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_bad_seq: Option<u32>,
    /// The chain's hash that the head signs.
    hash: String,
}

impl From<&VerifyView> for Verified {
    fn from(view: &VerifyView) -> Self {
        let accounts = view.accounts.iter().map(|account| VerifiedAccount {
            account_no: account.account_no.to_string(),
            kind: account.kind.as_str(),
            entries: account.entries,
            ok: account.ok,
            first_bad_seq: account.first_bad_seq,
            hash: account.hash.clone(),
        });
        Self { accounts: accounts.collect(), ok: view.ok }
    }
}
