//! The operations that phones push: each verified, then stored with its effect and its result in one transaction, so that
//! sending one again changes nothing.

use std::sync::Arc;

use anggota::domain::{DeviceId, OperationId, Reply, RequestState};
use anggota::failpoint;
use anggota::protocol::operation::{self, Answer, Command, Operation, OperationResult};
use anggota::protocol::problem::Code;
use anggota::protocol::{CBOR, Hash};
use axum::response::Response;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::access::Caller;
use crate::cooperative::Cooperative;
use crate::devices;
use crate::members;
use crate::refusal::Refusal;
use crate::requests;
use crate::results::{self, Outcome};
use crate::routes::with_type;
use crate::service::Service;

/// New operations of one member in a day: each is kept for good.
pub(crate) const MAX_A_DAY: u32 = 200;
const DAY_SECONDS: i64 = 86_400;

/// POST operations.
pub(crate) fn push(service: &Arc<Service>, caller: &Caller, body: &[u8]) -> Result<Response, Refusal> {
    let pushed = operation::decode_push(body).map_err(|_| Code::BadRequest)?;
    let mut answers = Vec::with_capacity(pushed.len());
    for (place, bytes) in pushed.iter().enumerate() {
        answers.push(match verify(caller, bytes) {
            Some(operation) => service.write(|transaction| accept(transaction, caller, &operation, bytes))?,
            // decode_push holds the count to MAX_PUSH.
            None => Answer::Invalid(u32::try_from(place).unwrap_or(u32::MAX)),
        });
    }
    failpoint::here("operation.kept");
    Ok(with_type(CBOR, operation::encode_answers(&answers)))
}

/// The operation, if this member's device signed it and its subject is the request that it is about.
pub(crate) fn verify(caller: &Caller, bytes: &[u8]) -> Option<Operation> {
    let Caller { cooperative, member, device, key, .. } = caller;
    let operation = Operation::verify(bytes, &cooperative.id, &member.no, device, key).ok()?;
    let is_in_place = match operation.command {
        Command::RequestLoan(_) => operation.subject == operation.id && operation.after.is_none(),
        Command::CancelRequest(request) | Command::AcceptLoan(request) | Command::Reply(Reply { request, .. }) => {
            operation.subject == request && operation.id != request
        }
    };
    (is_in_place && operation.after != Some(operation.id)).then_some(operation)
}

/// An operation as it was stored.
pub(crate) struct Stored {
    pub(crate) body_hash: Hash,
    /// The device that gets its results.
    pub(crate) device: DeviceId,
}

/// The member's operation of that id.
pub(crate) fn stored(
    connection: &Connection,
    cooperative: &Cooperative,
    member: i64,
    id: &OperationId,
) -> Result<Option<Stored>, Refusal> {
    let row: Option<(Hash, Vec<u8>)> = connection
        .prepare_cached(
            "SELECT body_hash, device FROM operation WHERE cooperative = ?1 AND member = ?2 AND operation = ?3",
        )?
        .query_row(params![cooperative.number, member, id.as_bytes()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    row.map(|(body_hash, device)| Ok(Stored { body_hash, device: DeviceId::from_bytes(&device)? })).transpose()
}

pub(crate) fn accept(
    transaction: &Transaction<'_>,
    caller: &Caller,
    operation: &Operation,
    bytes: &[u8],
) -> Result<Answer, Refusal> {
    let (cooperative, member) = (&caller.cooperative, caller.member.number);
    devices::hold(transaction, cooperative, &caller.device)?;
    let body_hash = operation.body_hash();
    match stored(transaction, cooperative, member, &operation.id)? {
        Some(known) if known.body_hash == body_hash => {
            return again(transaction, caller, &operation.id, &known).map(Answer::Result);
        }
        Some(_) => return Ok(Answer::Conflict(operation.id)),
        // Another member's request or reply carries this id: no phone makes it twice, so this one was copied.
        None if requests::exists(transaction, cooperative, &operation.id)? => {
            return Ok(Answer::Conflict(operation.id));
        }
        None => {}
    }
    if let Some(before) = &operation.after
        && stored(transaction, cooperative, member, before)?.is_none()
    {
        return Ok(Answer::Waiting(operation.id));
    }
    if count_of_day(transaction, caller)? >= MAX_A_DAY {
        return Err(Code::TooManyAttempts.into());
    }
    transaction.execute(
        "INSERT INTO operation (cooperative, member, operation, body_hash, device, received_at, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            cooperative.number,
            member,
            operation.id.as_bytes(),
            body_hash,
            caller.device.as_bytes(),
            caller.now.seconds(),
            bytes
        ],
    )?;
    // The member may have been suspended since the request came in.
    let member = members::get(transaction, cooperative, member)?;
    let taken = match &operation.command {
        Command::RequestLoan(request) => {
            requests::take(transaction, cooperative, &member, &operation.id, request, caller.now)?
        }
        Command::CancelRequest(request) => requests::cancel(transaction, cooperative, &member, request, caller.now)?,
        Command::AcceptLoan(request) => requests::accept(transaction, cooperative, &member, request, caller.now)?,
        Command::Reply(reply) => requests::reply(transaction, cooperative, &member, &operation.id, reply, caller.now)?,
    };
    let (state, reason) = match taken {
        Ok(()) => (RequestState::Received, None),
        Err(rule) => (RequestState::Rejected, Some(rule.reason()?)),
    };
    if failpoint::is_broken("a result with its effect") {
        transaction.execute_batch("COMMIT; BEGIN IMMEDIATE")?;
        failpoint::here("operation.torn");
    }
    let outcome = Outcome { operation: operation.id, body_hash, state, reason };
    let result = results::deliver(transaction, cooperative, &caller.device, outcome, caller.now)?;
    failpoint::here("operation.written");
    Ok(Answer::Result(result))
}

fn count_of_day(connection: &Connection, caller: &Caller) -> Result<u32, Refusal> {
    let since = caller.now.seconds() - DAY_SECONDS;
    let count = connection
        .prepare_cached("SELECT count(*) FROM operation WHERE cooperative = ?1 AND member = ?2 AND received_at > ?3")?
        .query_row((caller.cooperative.number, caller.member.number, since), |row| row.get(0))?;
    Ok(count)
}

/// The same operation once more: its stored result. From another device of the member its results go there from now on.
fn again(
    transaction: &Transaction<'_>,
    caller: &Caller,
    id: &OperationId,
    known: &Stored,
) -> Result<OperationResult, Refusal> {
    let cooperative = &caller.cooperative;
    let latest = results::latest(transaction, cooperative, &known.device, id)?;
    let latest = latest.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    if known.device == caller.device {
        return Ok(latest);
    }
    transaction.execute(
        "UPDATE operation SET device = ?4 WHERE cooperative = ?1 AND member = ?2 AND operation = ?3",
        params![cooperative.number, caller.member.number, id.as_bytes(), caller.device.as_bytes()],
    )?;
    // Every result is kept for good: devices that send it in turns get no new one each time.
    let own = results::latest(transaction, cooperative, &caller.device, id)?;
    let is_told = |own: &OperationResult| (own.state, &own.reason, own.at) == (latest.state, &latest.reason, latest.at);
    if let Some(own) = own.filter(is_told) {
        return Ok(own);
    }
    let OperationResult { operation, body_hash, state, reason, at, .. } = latest;
    results::deliver(transaction, cooperative, &caller.device, Outcome { operation, body_hash, state, reason }, at)
}
