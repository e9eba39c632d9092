//! The documents of `--json`: names and forms that scripts rely on, in one place.
//!
//! Amounts are decimal strings with two decimals, instants RFC 3339 in UTC, dates YYYY-MM-DD. A field that is not known is
//! absent, never null, but for the bearer of a card. Fields may be added; none is renamed.

use anggota::card::Verdict;
use anggota::client::{
    BalancesView, CardView, LoanEntryView, LoanView, PageView, ProfileView, RequestView, SavingsEntryView, SavingsView,
    SyncReport, VerifyView, WarningView,
};
use anggota::domain::{Timestamp, Topic};
use data_encoding::HEXLOWER;
use serde::Serialize;

use crate::demo::Done;

/// A command that could not do what was asked.
#[derive(Serialize)]
pub(crate) struct Failed<'a> {
    error: Fault<'a>,
}

#[derive(Serialize)]
struct Fault<'a> {
    code: &'a str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
}

impl<'a> Failed<'a> {
    pub(crate) fn new(code: &'a str, message: &'a str, field: Option<&'a str>) -> Self {
        Self { error: Fault { code, message, field } }
    }
}

/// `enrol`.
#[derive(Serialize)]
pub(crate) struct Enrolled {
    member_no: String,
    name: String,
    cooperative: String,
    device_id: String,
}

impl From<&ProfileView> for Enrolled {
    fn from(view: &ProfileView) -> Self {
        Self {
            member_no: view.member.to_string(),
            name: view.name.to_string(),
            cooperative: view.cooperative.to_string(),
            device_id: view.device.to_string(),
        }
    }
}

/// `sync`.
#[derive(Serialize)]
pub(crate) struct Synced {
    epoch: u64,
    generation: u64,
    entries_received: u64,
    bytes_received: u64,
    requests_sent: u64,
    complete: bool,
}

impl From<&SyncReport> for Synced {
    fn from(report: &SyncReport) -> Self {
        let &SyncReport { epoch, generation, entries_received, bytes_received, requests_sent, complete } = report;
        Self { epoch, generation, entries_received, bytes_received, requests_sent, complete }
    }
}

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
    warnings: Vec<Warning>,
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

impl From<&BalancesView> for Balances {
    fn from(view: &BalancesView) -> Self {
        Self {
            as_of: view.as_of.as_ref().map(Timestamp::to_string),
            total_savings: view.total_savings.to_string(),
            savings: view.savings.iter().map(Savings::from).collect(),
            loans: view.loans.iter().map(Loan::from).collect(),
            pending: view.pending.iter().map(Request::from).collect(),
            warnings: view.warnings.iter().map(Warning::from).collect(),
        }
    }
}

impl From<&SavingsView> for Savings {
    fn from(view: &SavingsView) -> Self {
        Self {
            account_no: view.account.to_string(),
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
            loan_no: view.account.to_string(),
            product: view.product.clone(),
            outstanding: view.outstanding.to_string(),
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
            account_no: view.account.as_ref().map(ToString::to_string),
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
            amount: entry.amount.to_string(),
            balance: entry.balance.to_string(),
            description: entry.description.clone(),
            reference: entry.reference.clone(),
            reverses: entry.reverses,
        };
        Self {
            account_no: page.account.to_string(),
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
            principal: entry.principal.to_string(),
            interest: entry.interest.to_string(),
            late_charge: entry.late_charge.to_string(),
            outstanding: entry.outstanding.to_string(),
            description: entry.description.clone(),
            reference: entry.reference.clone(),
            reverses: entry.reverses,
        };
        Self { loan_no: page.account.to_string(), entries: page.entries.iter().map(entry).collect(), more: page.more }
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
            account_no: account.account.to_string(),
            kind: account.kind.as_str(),
            entries: account.entries,
            ok: account.ok,
            first_bad_seq: account.first_bad_seq,
            hash: HEXLOWER.encode(&account.hash),
        });
        Self { accounts: accounts.collect(), ok: view.ok }
    }
}

/// One request, as in `loan requests` and in `balance`.
#[derive(Serialize)]
pub(crate) struct Request {
    request_id: String,
    product: String,
    principal: String,
    periods: u32,
    purpose: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    submitted_at: String,
}

impl From<&RequestView> for Request {
    fn from(view: &RequestView) -> Self {
        Self {
            request_id: view.request.to_string(),
            product: view.product.to_string(),
            principal: view.principal.to_string(),
            periods: view.periods,
            purpose: view.purpose.to_string(),
            state: view.state.as_str(),
            reason: view.reason.clone(),
            submitted_at: view.submitted_at.to_string(),
        }
    }
}

/// `loan requests`.
#[derive(Serialize)]
pub(crate) struct Requests {
    requests: Vec<Request>,
}

impl From<&[RequestView]> for Requests {
    fn from(views: &[RequestView]) -> Self {
        Self { requests: views.iter().map(Request::from).collect() }
    }
}

/// `loan request` and `loan cancel`.
#[derive(Serialize)]
pub(crate) struct RequestState {
    request_id: String,
    state: &'static str,
}

impl From<&RequestView> for RequestState {
    fn from(view: &RequestView) -> Self {
        Self { request_id: view.request.to_string(), state: view.state.as_str() }
    }
}

/// `card show`.
#[derive(Serialize)]
pub(crate) struct Card {
    text: String,
    modules: u16,
    expires_in: u32,
}

impl From<&CardView> for Card {
    fn from(view: &CardView) -> Self {
        Self { text: view.text.clone(), modules: view.modules, expires_in: view.expires_in }
    }
}

/// `card verify`. The bearer is null until both signatures verified; a card may also have no name.
#[derive(Serialize)]
pub(crate) struct CardVerdict {
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    name: Option<String>,
    member_class: Option<String>,
    cooperative: Option<String>,
}

impl From<&Verdict> for CardVerdict {
    fn from(verdict: &Verdict) -> Self {
        let bearer = verdict.bearer.as_ref();
        Self {
            result: verdict.outcome.result(),
            reason: verdict.outcome.reason().map(|reason| reason.code()),
            name: bearer.and_then(|bearer| bearer.name.as_ref()).map(|name| name.as_str().to_owned()),
            member_class: bearer.map(|bearer| bearer.class.to_string()),
            cooperative: bearer.map(|bearer| bearer.cooperative.clone()),
        }
    }
}

/// A line of `watch`.
#[derive(Serialize)]
pub(crate) struct Notice {
    topic: &'static str,
    at: String,
}

impl Notice {
    pub(crate) fn new(topic: Topic, at: Timestamp) -> Self {
        Self { topic: topic.as_str(), at: at.to_string() }
    }
}

/// `demo`.
#[derive(Serialize)]
pub(crate) struct Story<'a> {
    steps: Vec<StoryStep<'a>>,
}

#[derive(Serialize)]
struct StoryStep<'a> {
    name: &'static str,
    ok: bool,
    detail: &'a str,
}

impl<'a> From<&'a [Done]> for Story<'a> {
    fn from(steps: &'a [Done]) -> Self {
        let step = |done: &'a Done| StoryStep { name: done.step.name(), ok: done.ok, detail: &done.detail };
        Self { steps: steps.iter().map(step).collect() }
    }
}
