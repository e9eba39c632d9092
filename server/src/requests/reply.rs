//! What a member gives in addition while a request is open. Puts the request before the office again where more was asked.
//!
//! Never refused because nothing is asked any more: an officer may have moved on meanwhile, or this is a backup of before
//! the question, and what the member gave would be lost.

use anggota::domain::{Collateral, Money, OperationId, ProductCode, Reply, RequestState, Timestamp};
use anggota::protocol::rule::ServerRule;
use rusqlite::{Connection, Transaction, params};

use super::backing::{self, Asked};
use super::{Taken, settle, state_of};
use crate::cooperative::Cooperative;
use crate::loan_products;
use crate::members::Member;
use crate::refusal::Refusal;

/// Replies to one request: an office that asks more often should rather talk.
pub const MAX_REPLIES: u32 = 20;

/// Keeps a reply, and where more was asked tells the device that gave the request that it is received again; or says why
/// not.
pub(crate) fn reply(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    member: &Member,
    id: &OperationId,
    reply: &Reply,
    now: Timestamp,
) -> Result<Taken, Refusal> {
    let state = match check(transaction, cooperative, member, reply, now)? {
        Ok(state) => state,
        Err(rule) => return Ok(Err(rule)),
    };
    let given = &reply.backing;
    transaction.execute(
        "INSERT INTO loan_reply (cooperative, operation, request, text, income, collateral, replied_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            cooperative.number,
            id.as_bytes(),
            reply.request.as_bytes(),
            reply.text.as_str(),
            given.income().map(Money::sen),
            given.collateral().map(Collateral::as_str),
            now.seconds()
        ],
    )?;
    backing::store(transaction, cooperative, &reply.request, id, given)?;
    if state.may_become(RequestState::Received) {
        settle(transaction, cooperative, &reply.request, RequestState::Received, None, now)?;
    }
    Ok(Ok(()))
}

/// How the request stands, if it may be replied to.
fn check(
    connection: &Connection,
    cooperative: &Cooperative,
    member: &Member,
    reply: &Reply,
    now: Timestamp,
) -> Result<Result<RequestState, ServerRule>, Refusal> {
    let state = match state_of(connection, cooperative, member, &reply.request)? {
        Some(state) if state.is_open() => state,
        Some(RequestState::Cancelled) => return Ok(Err(ServerRule::AlreadyCancelled)),
        Some(_) => return Ok(Err(ServerRule::AlreadyDecided)),
        None => return Ok(Err(ServerRule::NoSuchRequest)),
    };
    if count(connection, cooperative, &reply.request)? >= MAX_REPLIES {
        return Ok(Err(ServerRule::TooManyReplies));
    }
    let (product, version, principal, periods) = asked_for(connection, cooperative, &reply.request)?;
    let product = loan_products::find(connection, cooperative, &product)?.filter(|product| product.version == version);
    let asked = product.as_ref().map(|product| Asked { product, principal, periods });
    match backing::check(connection, cooperative, member, asked.as_ref(), &reply.backing, now)? {
        // The member cannot change what was asked for any more: the office judges.
        Ok(()) | Err(ServerRule::NotReckoned) => Ok(Ok(state)),
        Err(rule) => Ok(Err(rule)),
    }
}

fn count(connection: &Connection, cooperative: &Cooperative, request: &OperationId) -> Result<u32, Refusal> {
    let count = connection
        .prepare_cached("SELECT count(*) FROM loan_reply WHERE cooperative = ?1 AND request = ?2")?
        .query_row(params![cooperative.number, request.as_bytes()], |row| row.get(0))?;
    Ok(count)
}

fn asked_for(
    connection: &Connection,
    cooperative: &Cooperative,
    request: &OperationId,
) -> Result<(ProductCode, u32, Money, u32), Refusal> {
    let (product, version, principal, periods): (String, u32, i64, u32) = connection
        .prepare_cached(
            "SELECT product, product_version, principal, periods FROM loan_request WHERE cooperative = ?1 AND request = ?2",
        )?
        .query_row(params![cooperative.number, request.as_bytes()], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
        })?;
    Ok((ProductCode::new(&product)?, version, Money::from_sen(principal)?, periods))
}
