//! The documents of `--json`: names and forms that scripts rely on, in one place.
//!
//! Amounts are decimal strings with two decimals, instants RFC 3339 in UTC, dates YYYY-MM-DD. A field that is not known is
//! absent, never null, but for the bearer of a card. Fields may be added; none is renamed.

mod books;
mod loans;
mod proof;
mod requests;
mod savings;

pub(crate) use books::{Balances, LoanTransactions, Loans, Transactions, Verified};
pub(crate) use loans::{ComparedOffers, DividedPayment, LoanChecked, LoanSchedule, Reminders, Simulated};
pub(crate) use proof::{Checkpoint, Compared, Evidence};
pub(crate) use requests::{Draft, Drafts, Request, RequestState, Requests};
pub(crate) use savings::{Matured, Projected, ShuShared};

use anggota::card::Verdict;
use anggota::client::{CardView, ProfileView, SyncReport};
use anggota::domain::{Timestamp, Topic};
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
            member_no: view.member_no.to_string(),
            name: view.name.to_string(),
            cooperative: view.cooperative.to_string(),
            device_id: view.device_id.to_string(),
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

/// `text terbilang` and `text rupiah`.
#[derive(Serialize)]
pub(crate) struct Text<'a> {
    pub(crate) text: &'a str,
}

/// `text nik`: its parts, not its digits.
#[derive(Serialize)]
pub(crate) struct Nik {
    pub(crate) region: String,
    pub(crate) born_on: String,
    pub(crate) woman: bool,
}

/// `text qris`.
#[derive(Serialize)]
pub(crate) struct Qris<'a> {
    merchant: &'a str,
    city: &'a str,
    category: &'a str,
    /// Absent where the payer says how much.
    #[serde(skip_serializing_if = "Option::is_none")]
    amount: Option<String>,
    /// For one payment, rather than printed for all.
    dynamic: bool,
}

impl<'a> From<&'a anggota::domain::Qris> for Qris<'a> {
    fn from(code: &'a anggota::domain::Qris) -> Self {
        Self {
            merchant: &code.merchant,
            city: &code.city,
            category: &code.category,
            amount: code.amount.as_ref().map(ToString::to_string),
            dynamic: code.is_dynamic,
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
