//! Loan requests: what the server accepts from a phone, and how an officer decides. Never decides by itself that a loan is
//! given, only that a request cannot be taken.

mod backing;
mod list;
mod reply;

use anggota::domain::{
    Collateral, Invalid, LoanRequest, MemberStatus, Money, Name, OperationId, Reason, RequestState, Timestamp,
};
use anggota::protocol::problem::Code;
use anggota::protocol::rule::ServerRule;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use backing::Asked;
pub use backing::MAX_ATTACHED_BYTES;
pub use list::{Given, Listed, ListedReply, list};
pub use reply::MAX_REPLIES;
pub(crate) use reply::reply;

use crate::changes::{self, Change};
use crate::cooperative::Cooperative;
use crate::members::Member;
use crate::operations;
use crate::refusal::Refusal;
use crate::results::{self, Outcome};
use crate::{attachments, loan_products};

/// Requests a member may have waiting for a decision.
pub const MAX_OPEN: u32 = 20;

/// Whether a command is taken, or the rule by which it is not.
pub(crate) type Taken = Result<(), ServerRule>;

/// Stores a request, or says why not.
pub(crate) fn take(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    member: &Member,
    id: &OperationId,
    request: &LoanRequest,
    now: Timestamp,
) -> Result<Taken, Refusal> {
    if let Err(rule) = check(transaction, cooperative, member, request, now)? {
        return Ok(Err(rule));
    }
    transaction.execute(
        "INSERT INTO loan_request (cooperative, request, member, product, product_version, principal, periods, purpose,
           state, submitted_at, income, collateral) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            cooperative.number,
            id.as_bytes(),
            member.number,
            request.product().as_str(),
            request.product_version(),
            request.principal().sen(),
            request.periods(),
            request.purpose().as_str(),
            RequestState::Received as u8,
            now.seconds(),
            request.backing().income().map(Money::sen),
            request.backing().collateral().map(Collateral::as_str)
        ],
    )?;
    backing::store(transaction, cooperative, id, id, request.backing())?;
    Ok(Ok(()))
}

/// Whether anybody's request or reply has that id: documents are found by it.
pub(crate) fn exists(connection: &Connection, cooperative: &Cooperative, id: &OperationId) -> Result<bool, Refusal> {
    let exists = connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM loan_request WHERE cooperative = ?1 AND request = ?2)
               OR EXISTS (SELECT 1 FROM loan_reply WHERE cooperative = ?1 AND operation = ?2)",
        )?
        .query_row(params![cooperative.number, id.as_bytes()], |row| row.get(0))?;
    Ok(exists)
}

fn check(
    connection: &Connection,
    cooperative: &Cooperative,
    member: &Member,
    request: &LoanRequest,
    now: Timestamp,
) -> Result<Taken, Refusal> {
    if member.status != MemberStatus::Active {
        return Ok(Err(ServerRule::NotActive));
    }
    let Some(product) = loan_products::find(connection, cooperative, request.product())? else {
        return Ok(Err(ServerRule::ProductGone));
    };
    if product.version != request.product_version() {
        return Ok(Err(ServerRule::TermsChanged));
    }
    if product.accepts(request.principal(), request.periods()).is_err() {
        return Ok(Err(ServerRule::BeyondLimits));
    }
    if count_open(connection, cooperative, member)? >= MAX_OPEN {
        return Ok(Err(ServerRule::TooManyOpen));
    }
    let asked = Asked { product: &product, principal: request.principal(), periods: request.periods() };
    backing::check(connection, cooperative, member, Some(&asked), request.backing(), now)
}

fn count_open(connection: &Connection, cooperative: &Cooperative, member: &Member) -> Result<u32, Refusal> {
    let count = connection
        .prepare_cached(
            "SELECT count(*) FROM loan_request WHERE cooperative = ?1 AND member = ?2 AND state IN (?3, ?4, ?5)",
        )?
        .query_row(
            params![
                cooperative.number,
                member.number,
                RequestState::Received as u8,
                RequestState::InReview as u8,
                RequestState::MoreAsked as u8
            ],
            |row| row.get(0),
        )?;
    Ok(count)
}

/// Takes a member's request back while it waits, or says why not. The request's own result goes to the device that gave it.
pub(crate) fn cancel(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    member: &Member,
    id: &OperationId,
    now: Timestamp,
) -> Result<Taken, Refusal> {
    match state_of(transaction, cooperative, member, id)? {
        Some(state) if state.may_become(RequestState::Cancelled) => {
            attachments::forget(transaction, cooperative, id)?;
            settle(transaction, cooperative, id, RequestState::Cancelled, None, now)?;
            Ok(Ok(()))
        }
        Some(RequestState::Cancelled) => Ok(Err(ServerRule::AlreadyCancelled)),
        Some(_) => Ok(Err(ServerRule::AlreadyDecided)),
        None => Ok(Err(ServerRule::NoSuchRequest)),
    }
}

/// The member takes a loan that was approved, or the reason why there is none to take.
pub(crate) fn accept(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    member: &Member,
    id: &OperationId,
    now: Timestamp,
) -> Result<Taken, Refusal> {
    match state_of(transaction, cooperative, member, id)? {
        Some(state) if state.may_become(RequestState::Accepted) => {
            settle(transaction, cooperative, id, RequestState::Accepted, None, now)?;
            Ok(Ok(()))
        }
        Some(RequestState::Accepted | RequestState::Disbursed) => Ok(Err(ServerRule::AlreadyAccepted)),
        Some(_) => Ok(Err(ServerRule::NotApproved)),
        None => Ok(Err(ServerRule::NoSuchRequest)),
    }
}

fn state_of(
    connection: &Connection,
    cooperative: &Cooperative,
    member: &Member,
    id: &OperationId,
) -> Result<Option<RequestState>, Refusal> {
    let state = connection
        .prepare_cached("SELECT state FROM loan_request WHERE cooperative = ?1 AND request = ?2 AND member = ?3")?
        .query_row(params![cooperative.number, id.as_bytes(), member.number], |row| row.get(0))
        .optional()?;
    Ok(state.and_then(RequestState::from_number))
}

/// What an officer decided, as it stands beside a request.
struct Word<'a> {
    reason: Option<Reason>,
    officer: &'a Name,
}

/// Moves a request on and tells the device that gave it. Where the member moves it there is no `word`, and what the officer
/// last said stays beside it: the office goes on reading what it asked for.
fn settle(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    id: &OperationId,
    state: RequestState,
    word: Option<Word<'_>>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let member: i64 = transaction.query_row(
        "UPDATE loan_request SET state = ?3 WHERE cooperative = ?1 AND request = ?2 RETURNING member",
        params![cooperative.number, id.as_bytes(), state as u8],
        |row| row.get(0),
    )?;
    if let Some(Word { reason, officer }) = &word {
        transaction.execute(
            "UPDATE loan_request SET reason = ?3, decided_at = ?4, officer = ?5 WHERE cooperative = ?1 AND request = ?2",
            params![
                cooperative.number,
                id.as_bytes(),
                reason.as_ref().map(Reason::as_str),
                now.seconds(),
                officer.as_str()
            ],
        )?;
    }
    if !state.is_open() {
        attachments::forget_parts(transaction, cooperative, id)?;
    }
    let stored =
        operations::stored(transaction, cooperative, member, id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let outcome =
        Outcome { operation: *id, body_hash: stored.body_hash, state, reason: word.and_then(|word| word.reason) };
    results::deliver(transaction, cooperative, &stored.device, outcome, now)?;
    Ok(())
}

/// An officer's answer.
#[derive(Debug, Clone)]
pub enum Decision {
    /// Yes, with a word to the member if there is one.
    Approve(Option<Reason>),
    /// No, and why.
    Reject(Reason),
    /// It is being looked at.
    Review,
    /// More is asked of the member: what.
    Ask(Reason),
    /// The money is paid out.
    Disburse,
}

impl Decision {
    fn next(self) -> (RequestState, Option<Reason>) {
        match self {
            Self::Approve(reason) => (RequestState::Approved, reason),
            Self::Reject(reason) => (RequestState::Rejected, Some(reason)),
            Self::Review => (RequestState::InReview, None),
            Self::Ask(reason) => (RequestState::MoreAsked, Some(reason)),
            Self::Disburse => (RequestState::Disbursed, None),
        }
    }
}

/// How a request stands, or that there is none.
pub(crate) fn state(
    connection: &Connection,
    cooperative: &Cooperative,
    id: &OperationId,
) -> Result<RequestState, Refusal> {
    let number: Option<u8> = connection
        .prepare_cached("SELECT state FROM loan_request WHERE cooperative = ?1 AND request = ?2")?
        .query_row(params![cooperative.number, id.as_bytes()], |row| row.get(0))
        .optional()?;
    const UNKNOWN: &str = "Pengajuan itu tidak ada; lihat daftarnya dengan anggota-server requests list.";
    let number = number.ok_or_else(|| Refusal::because(Code::Unknown, UNKNOWN))?;
    Ok(RequestState::from_number(number).ok_or(Invalid("a request's state is one of the known numbers"))?)
}

/// Moves a request on, as far as [`RequestState::may_become`] lets it: it is decided once, and what was said stays said.
pub fn decide(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    id: &OperationId,
    decision: Decision,
    officer: &Name,
    now: Timestamp,
) -> Result<RequestState, Refusal> {
    let (next, reason) = decision.next();
    let before = match state(transaction, cooperative, id)? {
        state if state.may_become(next) => state,
        state if state.is_open() => {
            return Err(Refusal::because(
                Code::NotPossible,
                "Langkah itu belum dapat diambil pada pengajuan ini; lihat keadaannya dengan anggota-server requests list.",
            ));
        }
        _ => {
            return Err(Refusal::because(
                Code::NotPossible,
                "Pengajuan ini sudah diputuskan atau dibatalkan; keputusannya tidak diubah.",
            ));
        }
    };
    settle(transaction, cooperative, id, next, Some(Word { reason, officer }), now)?;
    let subject = format!("loan_request:{id}");
    let change = Change {
        officer: Some(officer.as_str()),
        subject: &subject,
        field: "state",
        before: before.as_str(),
        after: next.as_str(),
    };
    changes::append(transaction, cooperative.number, now, &change)?;
    Ok(next)
}
