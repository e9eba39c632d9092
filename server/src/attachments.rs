//! The documents of loan requests: named by a signed operation, then sent part by part, each part kept in a transaction of
//! its own. A part that comes again changes nothing; the answer is always what is held.
//!
//! What is kept, and why: what came of a document stays with its request, as the request itself does, because the office
//! decided by it and answers for that decision; that of a document that is not whole goes with the answer. All bytes of a
//! cancelled request go with the cancel, for the member has taken them back. That documents were named stays, in the
//! operation as signed. So those of a rejected request stay too, until the cooperative's own retention ends them, and
//! there is no command yet that does: whoever has to delete them deletes from the database. Another member never reads or
//! adds to a document.

use std::sync::Arc;

use anggota::domain::{Attachment, Invalid, MediaType, OperationId, RequestState};
use anggota::failpoint;
use anggota::protocol::problem::Code;
use anggota::protocol::upload::{Held, MAX_PART_BYTES, MIN_PART_BYTES, Part};
use anggota::protocol::{CBOR, Hash, sha256};
use axum::response::Response;
use rusqlite::{Connection, Row, Transaction, params};

use crate::access::Caller;
use crate::cooperative::Cooperative;
use crate::devices;
use crate::refusal::Refusal;
use crate::routes::with_type;
use crate::service::Service;

/// How much of a document a row holds, however small the parts come: otherwise it would be as many rows.
const ROW_BYTES: u32 = MAX_PART_BYTES as u32;

/// POST attachments.
pub(crate) fn upload(service: &Arc<Service>, caller: &Caller, body: &[u8]) -> Result<Response, Refusal> {
    let part = Part::decode(body).map_err(|_| Code::BadRequest)?;
    // Refused or not, what was done is kept: what was thrown away stays away.
    let held = service.write(|transaction| take(transaction, caller, &part))?;
    failpoint::here("attachment.kept");
    Ok(with_type(CBOR, held.ok_or(Code::AttachmentRefused)?.encode()))
}

/// Takes a part that begins where what is held ends, and says what is held then. `None`: the document is not one that a
/// request of this member named, or that is not open and the document not whole, or all of it came and is not what was named.
pub(crate) fn take(transaction: &Transaction<'_>, caller: &Caller, part: &Part) -> Result<Option<Held>, Refusal> {
    devices::hold(transaction, &caller.cooperative, &caller.device)?;
    let Some((named, state)) = find(transaction, caller, part)? else { return Ok(None) };
    let stands = Held { bytes: named.held, whole: named.is_whole };
    // Whose answer was lost asks again, also when the office was faster.
    if named.is_whole {
        return Ok(Some(stands));
    }
    if !state.is_open() {
        return Ok(None);
    }
    let (end, size) = (part.offset.saturating_add(part.bytes.len() as u32), named.attachment.size());
    let is_enough = part.bytes.len() >= MIN_PART_BYTES || end == size;
    if part.bytes.is_empty() || part.offset != named.held || end > size || !is_enough {
        return Ok(Some(stands));
    }
    let held = append(transaction, &caller.cooperative, part, end, &named, caller.now.seconds())?;
    failpoint::here("attachment.written");
    Ok(held)
}

/// Adds the part; with the last one holds all of it to what was named, or throws it away.
fn append(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    part: &Part,
    end: u32,
    named: &Named,
    now: i64,
) -> Result<Option<Held>, Refusal> {
    let Part { operation, hash, .. } = part;
    add(transaction, cooperative, part)?;
    let is_last = end == named.attachment.size();
    let is_good = !is_last || is_as_named(&all(transaction, cooperative, operation, hash)?, &named.attachment);
    if !is_good {
        transaction.execute(
            "DELETE FROM attachment_part WHERE cooperative = ?1 AND operation = ?2 AND hash = ?3",
            params![cooperative.number, operation.as_bytes(), hash],
        )?;
    }
    let (held, whole_at) = (if is_good { end } else { 0 }, (is_last && is_good).then_some(now));
    transaction.execute(
        "UPDATE attachment SET held = ?4, whole_at = ?5 WHERE cooperative = ?1 AND operation = ?2 AND hash = ?3",
        params![cooperative.number, operation.as_bytes(), hash, held, whole_at],
    )?;
    Ok(is_good.then_some(Held { bytes: held, whole: is_last }))
}

/// Adds the part's bytes to the row where what is held ends, and to the next one.
fn add(transaction: &Transaction<'_>, cooperative: &Cooperative, part: &Part) -> Result<(), Refusal> {
    let Part { operation, hash, offset, bytes } = part;
    let begun = offset % ROW_BYTES;
    let (here, next) = bytes.split_at(bytes.len().min((ROW_BYTES - begun) as usize));
    let mut insert = transaction.prepare_cached(
        "INSERT INTO attachment_part (cooperative, operation, hash, offset, bytes) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (cooperative, operation, hash, offset) DO UPDATE SET bytes = CAST(bytes || excluded.bytes AS BLOB)",
    )?;
    let row = offset - begun;
    for (row, bytes) in [(row, here), (row + ROW_BYTES, next)] {
        if !bytes.is_empty() {
            insert.execute(params![cooperative.number, operation.as_bytes(), hash, row, bytes])?;
        }
    }
    Ok(())
}

fn is_as_named(bytes: &[u8], attachment: &Attachment) -> bool {
    sha256(bytes) == *attachment.hash() && MediaType::of(bytes) == Some(attachment.media_type())
}

/// A document and how much of it is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The operation that named it.
    pub operation: OperationId,
    /// What it is.
    pub attachment: Attachment,
    /// How many bytes are here, from the first.
    pub held: u32,
    /// All of them, and they are what was named.
    pub is_whole: bool,
}

const COLUMNS: &str = "SELECT a.operation, a.hash, a.size, a.media_type, a.held, a.whole_at IS NOT NULL, r.state
     FROM attachment a JOIN loan_request r ON r.cooperative = a.cooperative AND r.request = a.request
     WHERE a.cooperative = ?1";

fn of(row: &Row<'_>) -> Result<Named, Refusal> {
    let operation: Vec<u8> = row.get(0)?;
    let media_type = MediaType::from_number(row.get(3)?);
    let media_type = media_type.ok_or(Invalid("a document's kind is one of the known numbers"))?;
    Ok(Named {
        operation: OperationId::from_bytes(&operation)?,
        attachment: Attachment::new(row.get(1)?, row.get(2)?, media_type)?,
        held: row.get(4)?,
        is_whole: row.get(5)?,
    })
}

/// The document of a part, if a request of this member named it, and how that stands.
fn find(connection: &Connection, caller: &Caller, part: &Part) -> Result<Option<(Named, RequestState)>, Refusal> {
    let sql = format!("{COLUMNS} AND a.operation = ?2 AND a.hash = ?3 AND r.member = ?4");
    let mut statement = connection.prepare_cached(&sql)?;
    let (cooperative, member) = (caller.cooperative.number, caller.member.number);
    let mut rows = statement.query(params![cooperative, part.operation.as_bytes(), part.hash, member])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let state = RequestState::from_number(row.get(6)?);
    Ok(Some((of(row)?, state.ok_or(Invalid("a request's state is one of the known numbers"))?)))
}

/// All documents of the cooperative's requests.
pub(crate) fn list(connection: &Connection, cooperative: &Cooperative) -> Result<Vec<Named>, Refusal> {
    named(connection, "", params![cooperative.number])
}

/// The documents of one request and its replies.
pub(crate) fn of_request(
    connection: &Connection,
    cooperative: &Cooperative,
    request: &OperationId,
) -> Result<Vec<Named>, Refusal> {
    named(connection, "AND a.request = ?2", params![cooperative.number, request.as_bytes()])
}

fn named(connection: &Connection, which: &str, params: impl rusqlite::Params) -> Result<Vec<Named>, Refusal> {
    let mut statement = connection.prepare_cached(&format!("{COLUMNS} {which} ORDER BY a.operation, a.hash"))?;
    let mut rows = statement.query(params)?;
    let mut named = Vec::new();
    while let Some(row) = rows.next()? {
        named.push(of(row)?);
    }
    Ok(named)
}

/// A document that is whole, held once more to what was named: a disk may have spoilt it.
pub(crate) fn read(connection: &Connection, cooperative: &Cooperative, named: &Named) -> Result<Vec<u8>, Refusal> {
    let bytes = all(connection, cooperative, &named.operation, named.attachment.hash())?;
    if is_as_named(&bytes, &named.attachment) {
        return Ok(bytes);
    }
    Err(Invalid("a whole document has the bytes that were named").into())
}

/// The parts that are held, one after the other.
fn all(
    connection: &Connection,
    cooperative: &Cooperative,
    operation: &OperationId,
    hash: &Hash,
) -> Result<Vec<u8>, Refusal> {
    let mut statement = connection.prepare_cached(
        "SELECT bytes FROM attachment_part WHERE cooperative = ?1 AND operation = ?2 AND hash = ?3 ORDER BY offset",
    )?;
    let mut rows = statement.query(params![cooperative.number, operation.as_bytes(), hash])?;
    let mut bytes = Vec::new();
    while let Some(row) = rows.next()? {
        bytes.extend_from_slice(row.get_ref(0)?.as_blob().map_err(rusqlite::Error::from)?);
    }
    Ok(bytes)
}

/// Names the documents of an operation; their bytes may come from now on.
pub(crate) fn name(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    request: &OperationId,
    operation: &OperationId,
    attachments: &[Attachment],
) -> Result<(), Refusal> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO attachment (cooperative, operation, hash, request, size, media_type) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    for attachment in attachments {
        insert.execute(params![
            cooperative.number,
            operation.as_bytes(),
            attachment.hash(),
            request.as_bytes(),
            attachment.size(),
            attachment.media_type() as u8
        ])?;
    }
    Ok(())
}

/// The bytes of all documents that a member's open requests name, sent or not.
pub(crate) fn named_bytes(connection: &Connection, cooperative: &Cooperative, member: i64) -> Result<u64, Refusal> {
    let bytes = connection
        .prepare_cached(
            "SELECT coalesce(sum(a.size), 0)
             FROM loan_request r JOIN attachment a ON a.cooperative = r.cooperative AND a.request = r.request
             WHERE r.cooperative = ?1 AND r.member = ?2 AND r.state IN (?3, ?4, ?5)",
        )?
        .query_row(
            params![
                cooperative.number,
                member,
                RequestState::Received as u8,
                RequestState::InReview as u8,
                RequestState::MoreAsked as u8
            ],
            |row| row.get(0),
        )?;
    Ok(bytes)
}

/// Forgets what came of the documents of a request that is answered but for the whole ones: nobody can look at a part of a
/// document, and no more of it is taken.
pub(crate) fn forget_parts(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    request: &OperationId,
) -> Result<(), Refusal> {
    let key = params![cooperative.number, request.as_bytes()];
    transaction.execute(
        "DELETE FROM attachment_part WHERE cooperative = ?1 AND (operation, hash) IN
           (SELECT operation, hash FROM attachment WHERE cooperative = ?1 AND request = ?2 AND whole_at IS NULL)",
        key,
    )?;
    transaction
        .execute("UPDATE attachment SET held = 0 WHERE cooperative = ?1 AND request = ?2 AND whole_at IS NULL", key)?;
    Ok(())
}

/// Forgets all bytes of a request that is cancelled.
pub(crate) fn forget(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    request: &OperationId,
) -> Result<(), Refusal> {
    transaction.execute(
        "UPDATE attachment SET whole_at = NULL WHERE cooperative = ?1 AND request = ?2",
        params![cooperative.number, request.as_bytes()],
    )?;
    forget_parts(transaction, cooperative, request)
}
