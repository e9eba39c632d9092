//! The outbox: what the member commanded, from "saved" to the officer's answer. Rows are never deleted.

use std::collections::HashSet;

use rusqlite::{Connection, Row, Transaction, params};

use super::{attachment, rows};
use crate::domain::{OperationId, RequestState, Timestamp};
use crate::error::Result;
use crate::failpoint;
use crate::protocol::operation::{Answer, Command, Operation, OperationResult};
use crate::protocol::problem::Code;
use crate::protocol::rule;

/// A command in the outbox.
pub(crate) struct Queued {
    pub(crate) operation: Operation,
    pub(crate) signed: Vec<u8>,
    pub(crate) state: RequestState,
    pub(crate) reason: Option<String>,
    pub(crate) submitted_at: Timestamp,
    pub(crate) attempts: u32,
}

const COLUMNS: &str = "operation, subject, after, kind, body, signed, state, reason, submitted_at, attempts";

fn queued(row: &Row<'_>) -> Result<Queued> {
    let id = |column: &str| rows::checked(row, column, |bytes: Vec<u8>| OperationId::from_bytes(&bytes));
    let kind = row.get("kind")?;
    let after = match row.get_ref("after")? {
        rusqlite::types::ValueRef::Null => None,
        _ => Some(id("after")?),
    };
    let command = rows::checked(row, "body", |body: Vec<u8>| Command::decode(kind, &body))?;
    Ok(Queued {
        operation: Operation { id: id("operation")?, subject: id("subject")?, after, command },
        signed: row.get("signed")?,
        state: rows::word(row, "state", RequestState::from_number)?,
        reason: row.get::<_, Option<String>>("reason")?.map(worded),
        submitted_at: rows::instant(row, "submitted_at")?,
        attempts: row.get("attempts")?,
    })
}

/// This device's own reason is kept by the URN of its code, which no officer writes, and a rule of the server by its name: a
/// sentence that is put better one day is so for what is kept already. An officer's words stay as they are.
fn worded(kept: String) -> String {
    let own = Code::from_urn(&kept).map(Code::advice);
    own.unwrap_or_else(|| rule::sentence_of(&kept)).to_owned()
}

/// Whether a row with all columns of the table is a command that this build can read, whole.
pub(super) fn is_readable(row: &Row<'_>) -> bool {
    let hash = row.get::<_, Vec<u8>>("body_hash");
    queued(row).is_ok_and(|command| hash.is_ok_and(|hash| hash == command.operation.body_hash()))
}

/// Saves a new command. Once this is committed the member may be told "saved".
pub(crate) fn add(tx: &Transaction<'_>, operation: &Operation, signed: &[u8], now: Timestamp) -> Result<()> {
    tx.execute(
        "INSERT INTO outbox (number, operation, subject, after, kind, body, body_hash, signed, state, submitted_at)
         VALUES ((SELECT coalesce(max(number), 0) + 1 FROM outbox), ?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, ?8)",
        params![
            operation.id.as_bytes(),
            operation.subject.as_bytes(),
            operation.after.as_ref().map(OperationId::as_bytes),
            operation.command.kind(),
            operation.command.encode(),
            operation.body_hash(),
            signed,
            now.seconds(),
        ],
    )?;
    Ok(())
}

/// One command.
pub(crate) fn find(db: &Connection, id: &OperationId) -> Result<Option<Queued>> {
    let mut select = db.prepare_cached(&format!("SELECT {COLUMNS} FROM outbox WHERE operation = ?1"))?;
    rows::one(&mut select, [id.as_bytes()], queued)
}

/// All loan requests, oldest first.
pub(crate) fn requests(db: &Connection) -> Result<Vec<Queued>> {
    let mut select = db.prepare_cached(&format!("SELECT {COLUMNS} FROM outbox WHERE kind = 1 ORDER BY number"))?;
    rows::all(&mut select, [], queued)
}

/// The replies to the office about a request, oldest first.
pub(crate) fn replies(db: &Connection, request: &OperationId) -> Result<Vec<Queued>> {
    let mut select =
        db.prepare_cached(&format!("SELECT {COLUMNS} FROM outbox WHERE kind = 4 AND subject = ?1 ORDER BY number"))?;
    rows::all(&mut select, [request.as_bytes()], queued)
}

/// What a new command of a subject stands after: the last one that the server answered for, or else the request itself. Those
/// that are still on their way go before it by the order of sending; one that never arrives holds up nothing.
pub(crate) fn last_of(db: &Connection, subject: &OperationId) -> Result<Option<OperationId>> {
    let mut select = db.prepare_cached(
        "SELECT operation FROM outbox WHERE subject = ?1 AND (result_number > 0 OR operation = ?1)
         ORDER BY number DESC LIMIT 1",
    )?;
    rows::one(&mut select, [subject.as_bytes()], |row| {
        rows::checked(row, 0, |bytes: Vec<u8>| OperationId::from_bytes(&bytes))
    })
}

/// Takes back what is stuck of a wish to take the loan of a request, or of replies: what the member does next does not wait
/// for it.
pub(crate) fn withdraw_stuck(tx: &Transaction<'_>, request: &OperationId) -> Result<()> {
    tx.execute(
        "UPDATE outbox SET state = 6 WHERE subject = ?1 AND kind IN (3, 4) AND state = 5",
        [request.as_bytes()],
    )?;
    Ok(())
}

/// Why a wish to take a request back, or to take its loan, is stuck, if one is.
pub(crate) fn stuck_wish(db: &Connection, request: &OperationId) -> Result<Option<String>> {
    let mut select = db.prepare_cached(
        "SELECT coalesce(reason, '') FROM outbox WHERE subject = ?1 AND kind IN (2, 3) AND state = 5 LIMIT 1",
    )?;
    rows::one(&mut select, [request.as_bytes()], |row| Ok(worded(row.get(0)?)))
}

/// A command that failed this often is sent apart from other subjects': should it be the one that the server cannot take,
/// the others do not wait for it.
const ALONE_AFTER: u32 = 3;

/// Takes up to `most` commands that are due for sending and not among those `sent` already, oldest first, and marks them as
/// on their way: from here on they may have arrived. Within a subject none is taken before the ones given earlier are. What
/// gets no answer that settles it is tried again after the `wait` for its attempts, whatever that answer was.
pub(crate) fn take_due(
    tx: &Transaction<'_>,
    due: Timestamp,
    sent: &HashSet<OperationId>,
    most: usize,
    wait: impl Fn(u32) -> Timestamp,
) -> Result<Vec<Queued>> {
    let mut select = tx.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM outbox o WHERE state IN (0, 1) AND next_attempt_at <= ?1 AND NOT EXISTS
           (SELECT 1 FROM outbox p WHERE p.subject = o.subject AND p.number < o.number
              AND (p.state = 5 OR (p.state IN (0, 1) AND p.next_attempt_at > ?1)))
         ORDER BY number"
    ))?;
    let mut due = rows::all(&mut select, [due.seconds()], queued)?;
    due.retain(|command| !sent.contains(&command.operation.id));
    let failed = due.iter().filter(|command| command.attempts >= ALONE_AFTER);
    let apart: HashSet<_> = failed.map(|command| command.operation.subject).collect();
    if let Some(first) = due.first().map(|first| first.operation.subject) {
        let alone = apart.contains(&first);
        due.retain(
            |Queued { operation, .. }| {
                if alone { operation.subject == first } else { !apart.contains(&operation.subject) }
            },
        );
    }
    due.truncate(most);
    let mut mark = tx.prepare_cached(
        "UPDATE outbox SET state = 1, attempts = attempts + 1, next_attempt_at = ?2 WHERE operation = ?1",
    )?;
    for command in &due {
        mark.execute(params![command.operation.id.as_bytes(), wait(command.attempts).seconds()])?;
        if failpoint::is_broken("the answer before the row goes") {
            tx.execute("DELETE FROM outbox WHERE operation = ?1", [command.operation.id.as_bytes()])?;
        }
    }
    Ok(due)
}

/// Commands that wait for a network or an answer try again at `at`. `why` is what the member reads meanwhile.
pub(crate) fn retry_at(tx: &Transaction<'_>, id: &OperationId, at: Timestamp, why: Option<Code>) -> Result<()> {
    tx.prepare_cached("UPDATE outbox SET next_attempt_at = ?2, reason = ?3 WHERE operation = ?1 AND state IN (0, 1)")?
        .execute(params![id.as_bytes(), at.seconds(), why.map(Code::urn)])?;
    Ok(())
}

/// Whether a command waits beyond `latest`: its time was reckoned by a clock that was wrong.
pub(crate) fn waits_beyond(db: &Connection, latest: Timestamp) -> Result<bool> {
    let mut select = db.prepare_cached("SELECT 1 FROM outbox WHERE state IN (0, 1) AND next_attempt_at > ?1")?;
    Ok(select.exists([latest.seconds()])?)
}

/// What waits beyond `latest` is due at once.
pub(crate) fn wait_no_longer_than(tx: &Transaction<'_>, latest: Timestamp) -> Result<()> {
    tx.prepare_cached("UPDATE outbox SET next_attempt_at = 0 WHERE state IN (0, 1) AND next_attempt_at > ?1")?
        .execute([latest.seconds()])?;
    Ok(())
}

/// The member wants what waits or is stuck of this subject to be sent now. Says whether there was anything.
pub(crate) fn retry_now(tx: &Transaction<'_>, subject: &OperationId) -> Result<bool> {
    let waiting = tx.execute(
        "UPDATE outbox SET state = min(attempts, 1), next_attempt_at = 0, reason = NULL
         WHERE subject = ?1 AND state IN (0, 1, 5)",
        [subject.as_bytes()],
    )?;
    Ok(waiting > 0)
}

/// The server's database was replaced: whatever it once had of this device's commands may be lost there, and is sent again
/// under the same id, which does nothing where it is known. Its results are numbered anew.
///
/// Not a request that was refused or paid out, nor what belongs to it: the office would have it before it as a new one. Where
/// it still has it, its results say how it stands there now.
pub(crate) fn begin_epoch(tx: &Transaction<'_>) -> Result<()> {
    again(tx, "subject NOT IN (SELECT operation FROM outbox WHERE kind = 1 AND state IN (4, 10))")
}

/// As [`begin_epoch`], for a store or a device that is new: the server's database is the same, and knows what is over.
pub(super) fn send_all_again(tx: &Transaction<'_>) -> Result<()> {
    again(tx, "1")
}

fn again(tx: &Transaction<'_>, which: &str) -> Result<()> {
    // What was taken back on this phone alone (no result ever came of it) stays taken back.
    tx.execute(
        &format!(
            "UPDATE outbox SET state = 1, next_attempt_at = 0, reason = NULL
             WHERE attempts > 0 AND state != 0 AND NOT (state = 6 AND result_number = 0) AND {which}"
        ),
        [],
    )?;
    tx.execute("UPDATE outbox SET result_number = 0", [])?;
    tx.execute("DELETE FROM result_mark", [])?;
    attachment::send_all_again(tx)
}

/// All commands, oldest first, for a new device to sign.
pub(crate) fn all(db: &Connection) -> Result<Vec<Queued>> {
    let mut select = db.prepare_cached(&format!("SELECT {COLUMNS} FROM outbox ORDER BY number"))?;
    rows::all(&mut select, [], queued)
}

/// The member enrolled again: the new device signs what the old one signed, and results are for the new one.
pub(crate) fn change_device(tx: &Transaction<'_>, signed: &[(OperationId, Vec<u8>)]) -> Result<()> {
    for (id, bytes) in signed {
        tx.execute("UPDATE outbox SET signed = ?2 WHERE operation = ?1", params![id.as_bytes(), bytes])?;
    }
    send_all_again(tx)
}

/// When the next command is due, if any waits: of each subject the earliest one counts.
pub(crate) fn next_due(db: &Connection) -> Result<Option<Timestamp>> {
    let mut select = db.prepare_cached(
        "SELECT min(next_attempt_at) FROM outbox o WHERE state IN (0, 1) AND NOT EXISTS
           (SELECT 1 FROM outbox p WHERE p.subject = o.subject AND p.number < o.number AND p.state IN (0, 1, 5))",
    )?;
    let at: Option<i64> = select.query_row([], |row| row.get(0))?;
    at.map(Timestamp::from_seconds).transpose().map_err(rows::unreadable)
}

/// Whether a request was received and the office will say more of it: not decided, or approved and not paid out.
pub(crate) fn awaits_decision(db: &Connection) -> Result<bool> {
    Ok(db.prepare_cached("SELECT 1 FROM outbox WHERE kind = 1 AND state IN (2, 3, 7, 8, 9)")?.exists([])?)
}

/// Whether a wish to take the loan of a request is kept already and not refused.
pub(crate) fn has_accepted(db: &Connection, request: &OperationId) -> Result<bool> {
    wishes(db, request, 3)
}

/// Whether a wish to take a request back is kept already and not refused.
pub(crate) fn has_cancelled(db: &Connection, request: &OperationId) -> Result<bool> {
    wishes(db, request, 2)
}

fn wishes(db: &Connection, request: &OperationId, kind: u16) -> Result<bool> {
    let mut select =
        db.prepare_cached("SELECT 1 FROM outbox WHERE subject = ?1 AND kind = ?2 AND state NOT IN (4, 6)")?;
    Ok(select.exists(params![request.as_bytes(), kind])?)
}

/// Takes back a command that the server does not have: never sent, or never accepted. Says whether it did.
pub(crate) fn cancel_unsent(tx: &Transaction<'_>, id: &OperationId) -> Result<bool> {
    let cancelled = tx.execute(
        "UPDATE outbox SET state = 6 WHERE operation = ?1 AND (state = 5 OR (state = 0 AND attempts = 0))",
        [id.as_bytes()],
    )?;
    attachment::forget_decided(tx)?;
    Ok(cancelled > 0)
}

/// Applies one answer to a push; `sent` is the command that stood at its place, which it names if it names any.
pub(crate) fn answered(tx: &Transaction<'_>, sent: &Queued, answer: &Answer, again: Timestamp) -> Result<()> {
    match answer {
        Answer::Result(result) => {
            // The server's stored body is the one that was sent, or it is a conflict that the server did not see.
            if result.body_hash == sent.operation.body_hash() {
                apply(tx, result)
            } else {
                stick(tx, &sent.operation.id, Code::OperationConflict)
            }
        }
        Answer::Conflict(id) => stick(tx, id, Code::OperationConflict),
        Answer::Waiting(id) => match &sent.operation.after {
            Some(after) if find(tx, after)?.is_none() => stick(tx, id, Code::RequestLost),
            _ => send_before(tx, sent).and_then(|()| retry_at(tx, id, again, None)),
        },
        Answer::Invalid(_) => stick(tx, &sent.operation.id, Code::SignatureRefused),
    }
}

/// The server does not have the command that this one stands after, though it once said so: it is sent again, and what was
/// said of it counts no more.
fn send_before(tx: &Transaction<'_>, sent: &Queued) -> Result<()> {
    tx.execute(
        "UPDATE outbox SET state = 1, next_attempt_at = 0, result_number = 0 WHERE operation = ?1 AND state NOT IN (0, 1, 5, 6)",
        [sent.operation.after.as_ref().map(OperationId::as_bytes)],
    )?;
    Ok(())
}

/// The server will not take it as it is: the member is told, and decides. A wish to cancel that waits behind it is
/// fulfilled here, since the server has nothing to cancel; a reply with something behind it is taken back, or that would
/// wait for ever.
pub(crate) fn stick(tx: &Transaction<'_>, id: &OperationId, why: Code) -> Result<()> {
    let stuck = tx.execute(
        "UPDATE outbox SET state = 5, reason = ?2 WHERE operation = ?1 AND state IN (0, 1)",
        params![id.as_bytes(), why.urn()],
    )?;
    if stuck > 0 {
        tx.execute(
            "UPDATE outbox SET state = 6, reason = NULL WHERE subject = ?1 AND EXISTS
               (SELECT 1 FROM outbox c WHERE c.subject = ?1 AND c.operation != ?1 AND c.kind = 2 AND c.state IN (0, 1))",
            [id.as_bytes()],
        )?;
        tx.execute(
            "UPDATE outbox SET state = 6 WHERE operation = ?1 AND kind = 4 AND EXISTS
               (SELECT 1 FROM outbox c WHERE c.subject = outbox.subject AND c.number > outbox.number AND c.state IN (0, 1))",
            [id.as_bytes()],
        )?;
        attachment::forget_decided(tx)?;
    }
    Ok(())
}

/// Applies a result to its command; an older one than is known changes nothing, nor does one that unsays an answer.
pub(crate) fn apply(tx: &Transaction<'_>, result: &OperationResult) -> Result<()> {
    let mut select = tx.prepare_cached(
        "SELECT state, result_number FROM outbox WHERE operation = ?1 AND body_hash = ?2 AND result_number < ?3",
    )?;
    let known = rows::one(&mut select, params![result.operation.as_bytes(), result.body_hash, result.number], |row| {
        Ok((rows::word(row, 0, RequestState::from_number)?, row.get::<_, u64>(1)?))
    })?;
    let Some((state, number)) = known else { return Ok(()) };
    // Of this epoch; what another one said is not what this one must stand by.
    if number > 0 && !state.may_lead_to(result.state) {
        return Ok(());
    }
    tx.prepare_cached("UPDATE outbox SET state = ?2, reason = ?3, result_number = ?4 WHERE operation = ?1")?.execute(
        params![
            result.operation.as_bytes(),
            result.state as u8,
            result.reason.as_ref().map(crate::domain::Reason::as_str),
            result.number,
        ],
    )?;
    if result.state.is_undecided() { attachment::ask_for_let_go(tx) } else { attachment::forget_decided(tx) }
}

/// Results that came with a pull, in the server's order: stored, and acknowledged by the next pull.
pub(crate) fn take_results(tx: &Transaction<'_>, results: &[OperationResult]) -> Result<()> {
    for result in results {
        apply(tx, result)?;
    }
    if let Some(last) = results.iter().map(|result| result.number).max() {
        tx.execute(
            "INSERT INTO result_mark VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET number = max(number, ?1)",
            [last],
        )?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
