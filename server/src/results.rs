//! What became of each operation, kept for the device that asked until it acknowledges it, and after.
//!
//! Every result is a new row with the device's next number; none is changed but for its acknowledgement.

use anggota::domain::{DeviceId, Invalid, OperationId, Reason, RequestState, Timestamp};
use anggota::failpoint;
use anggota::protocol::Hash;
use anggota::protocol::frame::MAX_RESULTS;
use anggota::protocol::operation::OperationResult;
use rusqlite::{Connection, Row, Transaction, params};

use crate::cooperative::Cooperative;
use crate::refusal::Refusal;

const COLUMNS: &str = "SELECT number, operation, body_hash, state, reason, at FROM result";

/// A result that is not numbered yet.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) operation: OperationId,
    pub(crate) body_hash: Hash,
    pub(crate) state: RequestState,
    pub(crate) reason: Option<Reason>,
}

/// Stores a result for a device.
pub(crate) fn deliver(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    device: &DeviceId,
    outcome: Outcome,
    at: Timestamp,
) -> Result<OperationResult, Refusal> {
    let number: u64 = transaction
        .prepare_cached(
            "UPDATE device SET next_result = next_result + 1 WHERE cooperative = ?1 AND device = ?2
             RETURNING next_result - 1",
        )?
        .query_row(params![cooperative.number, device.as_bytes()], |row| row.get(0))?;
    let Outcome { operation, body_hash, state, reason } = outcome;
    transaction
        .prepare_cached(
            "INSERT INTO result (cooperative, device, number, operation, body_hash, state, reason, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute(params![
            cooperative.number,
            device.as_bytes(),
            number,
            operation.as_bytes(),
            body_hash,
            state as u8,
            reason.as_ref().map(Reason::as_str),
            at.seconds()
        ])?;
    Ok(OperationResult { number, operation, body_hash, state, reason, at })
}

/// The newest result of an operation that this device got.
pub(crate) fn latest(
    connection: &Connection,
    cooperative: &Cooperative,
    device: &DeviceId,
    operation: &OperationId,
) -> Result<Option<OperationResult>, Refusal> {
    let sql =
        format!("{COLUMNS} WHERE cooperative = ?1 AND device = ?2 AND operation = ?3 ORDER BY number DESC LIMIT 1");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![cooperative.number, device.as_bytes(), operation.as_bytes()])?;
    rows.next()?.map(of).transpose()
}

/// The device's results after a number, the oldest first, as many as a frame holds; the rest comes with its next pull.
pub(crate) fn after(
    connection: &Connection,
    cooperative: &Cooperative,
    device: &DeviceId,
    number: u64,
) -> Result<Vec<OperationResult>, Refusal> {
    let sql =
        format!("{COLUMNS} WHERE cooperative = ?1 AND device = ?2 AND number > ?3 ORDER BY number LIMIT {MAX_RESULTS}");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(params![cooperative.number, device.as_bytes(), stored(number)])?;
    let mut results = Vec::new();
    while let Some(row) = rows.next()? {
        results.push(of(row)?);
    }
    Ok(results)
}

/// Whether results up to a number are not acknowledged yet.
pub(crate) fn is_news(
    connection: &Connection,
    cooperative: &Cooperative,
    device: &DeviceId,
    number: u64,
) -> Result<bool, Refusal> {
    let found = connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM result
             WHERE cooperative = ?1 AND device = ?2 AND number <= ?3 AND acknowledged_at IS NULL)",
        )?
        .query_row(params![cooperative.number, device.as_bytes(), stored(number)], |row| row.get(0))?;
    Ok(found)
}

/// The number that the device's next result gets.
pub(crate) fn next(connection: &Connection, cooperative: &Cooperative, device: &DeviceId) -> Result<u64, Refusal> {
    let next = connection
        .prepare_cached("SELECT next_result FROM device WHERE cooperative = ?1 AND device = ?2")?
        .query_row(params![cooperative.number, device.as_bytes()], |row| row.get(0))?;
    Ok(next)
}

/// The device has stored all results up to a number.
pub(crate) fn acknowledge(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    device: &DeviceId,
    number: u64,
    now: Timestamp,
) -> Result<(), Refusal> {
    transaction.execute(
        "UPDATE result SET acknowledged_at = ?4
         WHERE cooperative = ?1 AND device = ?2 AND number <= ?3 AND acknowledged_at IS NULL",
        params![cooperative.number, device.as_bytes(), stored(number), now.seconds()],
    )?;
    failpoint::here("acknowledge.written");
    Ok(())
}

/// A number as SQL holds it; a phone may claim any.
fn stored(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn of(row: &Row<'_>) -> Result<OperationResult, Refusal> {
    let (operation, reason): (Vec<u8>, Option<String>) = (row.get(1)?, row.get(4)?);
    let state = RequestState::from_number(row.get(3)?);
    Ok(OperationResult {
        number: row.get(0)?,
        operation: OperationId::from_bytes(&operation)?,
        body_hash: row.get(2)?,
        state: state.ok_or(Invalid("a result's state is one of the known numbers"))?,
        reason: reason.as_deref().map(Reason::new).transpose()?,
        at: Timestamp::from_seconds(row.get(5)?)?,
    })
}
