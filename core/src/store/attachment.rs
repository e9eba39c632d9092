//! Documents of drafts and requests, and how much of each the office has.
//!
//! Bytes are kept until the request is decided: a server that was restored from a backup may need them again.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::rows;
use super::salvage::Open;
use crate::domain::{Attachment, MediaType, OperationId, Timestamp};
use crate::error::Result;
use crate::protocol::problem::Code;
use crate::protocol::sha256;
use crate::protocol::upload::MAX_PART_BYTES;

/// A document that is kept, and how its upload stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredAttachment {
    pub(crate) attachment: Attachment,
    /// The office has all of it.
    pub(crate) is_whole: bool,
    /// The office refused it.
    pub(crate) is_refused: bool,
    /// Bytes that the office said it holds.
    pub(crate) sent: u32,
    /// Why it has not arrived, while it waits or is refused.
    pub(crate) reason: Option<Code>,
}

/// A document that is due for sending. It is known by what it is, not by its row: while a part is on its way the store may
/// be built anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Upload {
    /// The command that named it.
    pub(crate) operation: OperationId,
    pub(crate) attachment: Attachment,
    pub(crate) sent: u32,
    pub(crate) attempts: u32,
}

const WAITS: u8 = 0;
const WHOLE: u8 = 1;
const REFUSED: u8 = 2;

/// Documents whose command the office has and whose request is not decided, nor to be taken back. `a` is the document, `o` its command and `r`
/// the request that the command is about.
const UPLOADS: &str =
    "FROM attachment a JOIN outbox o ON o.operation = a.operation JOIN outbox r ON r.operation = o.subject
     WHERE a.state = 0 AND o.state IN (2, 7, 8) AND r.state IN (2, 7, 8)
       AND NOT EXISTS (SELECT 1 FROM outbox c WHERE c.subject = r.operation AND c.kind = 2 AND c.state IN (0, 1))";

fn attachment(row: &Row<'_>) -> Result<Attachment> {
    let hash: [u8; 32] = row.get("hash")?;
    let media_type = rows::word(row, "media_type", MediaType::from_number)?;
    rows::checked(row, "size", |size| Attachment::new(hash, size, media_type))
}

/// Keeps a document with its bytes; one that is there already is left as it is.
pub(crate) fn add(tx: &Transaction<'_>, operation: &OperationId, what: &Attachment, bytes: &[u8]) -> Result<()> {
    let added = tx.execute(
        "INSERT INTO attachment (operation, hash, size, media_type) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (operation, hash) DO NOTHING",
        params![operation.as_bytes(), what.hash(), what.size(), what.media_type() as u8],
    )?;
    if added == 0 {
        return Ok(());
    }
    let number = tx.last_insert_rowid();
    let mut insert = tx.prepare("INSERT INTO attachment_part VALUES (?1, ?2, ?3)")?;
    for (place, part) in bytes.chunks(MAX_PART_BYTES).enumerate() {
        insert.execute(params![number, place, part])?;
    }
    Ok(())
}

/// The documents of a draft or command, in the order in which they were attached.
pub(crate) fn of(db: &Connection, operation: &OperationId) -> Result<Vec<StoredAttachment>> {
    let mut select = db.prepare_cached("SELECT * FROM attachment WHERE operation = ?1 ORDER BY attachment")?;
    rows::all(&mut select, [operation.as_bytes()], stored)
}

/// All documents.
pub(super) fn all(db: &Connection) -> Result<Vec<StoredAttachment>> {
    rows::all(&mut db.prepare("SELECT * FROM attachment")?, [], stored)
}

fn stored(row: &Row<'_>) -> Result<StoredAttachment> {
    let state: u8 = row.get("state")?;
    let reason: Option<String> = row.get("reason")?;
    Ok(StoredAttachment {
        attachment: attachment(row)?,
        is_whole: state == WHOLE,
        is_refused: state == REFUSED,
        sent: row.get("sent")?,
        reason: reason.as_deref().and_then(Code::from_urn),
    })
}

/// Takes a document out of a draft. Says whether it was there.
pub(crate) fn remove(tx: &Transaction<'_>, operation: &OperationId, hash: &[u8; 32]) -> Result<bool> {
    let number: Option<i64> = tx
        .query_row(
            "DELETE FROM attachment WHERE operation = ?1 AND hash = ?2 RETURNING attachment",
            params![operation.as_bytes(), hash],
            |row| row.get(0),
        )
        .optional()?;
    if let Some(number) = number {
        tx.execute("DELETE FROM attachment_part WHERE attachment = ?1", [number])?;
    }
    Ok(number.is_some())
}

/// Takes all documents out of a draft.
pub(super) fn remove_all(tx: &Transaction<'_>, operation: &OperationId) -> Result<()> {
    tx.execute(
        "DELETE FROM attachment_part WHERE attachment IN (SELECT attachment FROM attachment WHERE operation = ?1)",
        [operation.as_bytes()],
    )?;
    tx.execute("DELETE FROM attachment WHERE operation = ?1", [operation.as_bytes()])?;
    Ok(())
}

/// The documents to be sent by then, those of the oldest command first.
pub(crate) fn due(db: &Connection, by: Timestamp) -> Result<Vec<Upload>> {
    let mut select = db
        .prepare_cached(&format!("SELECT a.* {UPLOADS} AND a.next_attempt_at <= ?1 ORDER BY o.number, a.attachment"))?;
    rows::all(&mut select, [by.seconds()], |row| {
        Ok(Upload {
            operation: rows::checked(row, "operation", |bytes: Vec<u8>| OperationId::from_bytes(&bytes))?,
            attachment: attachment(row)?,
            sent: row.get("sent")?,
            attempts: row.get("attempts")?,
        })
    })
}

/// When the next document is due, if one waits for being sent.
pub(crate) fn next_due(db: &Connection) -> Result<Option<Timestamp>> {
    let mut select = db.prepare_cached(&format!("SELECT min(a.next_attempt_at) {UPLOADS}"))?;
    let at: Option<i64> = select.query_row([], |row| row.get(0))?;
    at.map(Timestamp::from_seconds).transpose().map_err(rows::unreadable)
}

/// At most `most` bytes of a document from where `upload` stands; none where they are no longer kept.
pub(crate) fn part(db: &Connection, upload: &Upload, most: usize) -> Result<Vec<u8>> {
    let (place, within) = (upload.sent as usize / MAX_PART_BYTES, upload.sent as usize % MAX_PART_BYTES);
    let mut select = db.prepare_cached(
        "SELECT p.bytes FROM attachment a JOIN attachment_part p ON p.attachment = a.attachment
         WHERE a.operation = ?1 AND a.hash = ?2 AND p.place IN (?3, ?3 + 1) ORDER BY p.place",
    )?;
    let key = params![upload.operation.as_bytes(), upload.attachment.hash(), place];
    let rows: Vec<Vec<u8>> = rows::all(&mut select, key, |row| Ok(row.get(0)?))?;
    let bytes = rows.concat();
    let from = bytes.get(within..).unwrap_or_default();
    Ok(from[..from.len().min(most)].to_vec())
}

/// The office holds `held` of it, which it was sent from `upload.sent` on. Nothing changes where the store has meanwhile
/// learnt otherwise: it is asked again. Failures are forgotten by what the office never held before: one that takes what it
/// lost again and again keeps the phone waiting longer and longer.
pub(crate) fn arrived(tx: &Transaction<'_>, upload: &Upload, held: u32, is_whole: bool) -> Result<()> {
    tx.prepare_cached(
        "UPDATE attachment SET sent = ?4, state = ?5, next_attempt_at = 0, reason = NULL, furthest = max(furthest, ?4),
           attempts = CASE WHEN ?4 > furthest THEN 0 ELSE attempts END
         WHERE operation = ?1 AND hash = ?2 AND state = 0 AND sent = ?3",
    )?
    .execute(params![
        upload.operation.as_bytes(),
        upload.attachment.hash(),
        upload.sent,
        held,
        if is_whole { WHOLE } else { WAITS }
    ])?;
    Ok(())
}

/// The office was asked and holds `held` of it, which may be less than it once said.
pub(crate) fn stands_at(tx: &Transaction<'_>, upload: &Upload, held: u32) -> Result<()> {
    tx.prepare_cached(
        "UPDATE attachment SET sent = ?4 WHERE operation = ?1 AND hash = ?2 AND state = 0 AND sent = ?3",
    )?
    .execute(params![upload.operation.as_bytes(), upload.attachment.hash(), upload.sent, held])?;
    Ok(())
}

/// It is about to be sent, or was in vain: unless something arrives it is tried again at `at`. `why` is what the member reads
/// meanwhile.
pub(crate) fn retry_at(tx: &Transaction<'_>, upload: &Upload, at: Timestamp, why: Option<Code>) -> Result<()> {
    tx.prepare_cached(
        "UPDATE attachment SET attempts = ?3, next_attempt_at = ?4, reason = ?5
         WHERE operation = ?1 AND hash = ?2 AND state = 0",
    )?
    .execute(params![
        upload.operation.as_bytes(),
        upload.attachment.hash(),
        upload.attempts + 1,
        at.seconds(),
        why.map(Code::urn)
    ])?;
    Ok(())
}

/// Nothing is sent before `at`: it is the network or the server that fails, not a document.
pub(crate) fn none_before(tx: &Transaction<'_>, at: Timestamp) -> Result<()> {
    tx.execute(
        "UPDATE attachment SET next_attempt_at = max(next_attempt_at, ?1) WHERE state = 0
           AND operation IN (SELECT operation FROM outbox)",
        [at.seconds()],
    )?;
    Ok(())
}

/// The office will not take it: the member is told, and decides.
pub(crate) fn refused(tx: &Transaction<'_>, upload: &Upload, why: Code) -> Result<()> {
    tx.execute(
        "UPDATE attachment SET state = ?3, reason = ?4 WHERE operation = ?1 AND hash = ?2 AND state = 0",
        params![upload.operation.as_bytes(), upload.attachment.hash(), REFUSED, why.urn()],
    )?;
    Ok(())
}

/// The member wants the documents of this subject that wait or were refused to be sent now. Says whether there were any.
pub(crate) fn retry_now(tx: &Transaction<'_>, subject: &OperationId) -> Result<bool> {
    let waiting = tx.execute(
        "UPDATE attachment SET state = 0, next_attempt_at = 0, reason = NULL
         WHERE state IN (0, 2) AND operation IN (SELECT operation FROM outbox WHERE subject = ?1)",
        [subject.as_bytes()],
    )?;
    Ok(waiting > 0)
}

/// Whether a document waits beyond `latest`: its time was reckoned by a clock that was wrong.
pub(crate) fn waits_beyond(db: &Connection, latest: Timestamp) -> Result<bool> {
    let mut select = db.prepare_cached("SELECT 1 FROM attachment WHERE state = 0 AND next_attempt_at > ?1")?;
    Ok(select.exists([latest.seconds()])?)
}

/// No document waits longer than until `latest`: a time beyond was reckoned by a clock that was wrong.
pub(crate) fn wait_no_longer_than(tx: &Transaction<'_>, latest: Timestamp) -> Result<()> {
    tx.execute(
        "UPDATE attachment SET next_attempt_at = 0 WHERE state = 0 AND next_attempt_at > ?1",
        [latest.seconds()],
    )?;
    Ok(())
}

/// What the office has of the documents is not known any more: it is asked for each, and sent what it lacks. What was let go
/// of is told as it last was.
pub(super) fn send_all_again(tx: &Transaction<'_>) -> Result<()> {
    // An attempt before: the office is asked first.
    tx.execute(
        "UPDATE attachment SET state = 0, sent = 0, furthest = 0, attempts = 1, next_attempt_at = 0, reason = NULL
         WHERE operation IN (SELECT operation FROM outbox)
           AND EXISTS (SELECT 1 FROM attachment_part p WHERE p.attachment = attachment.attachment)",
        [],
    )?;
    Ok(())
}

/// Copies into a new store the documents of the commands and drafts there, as far as they read back as what they must be; those
/// of a command are named there in any case. One at a time: together they may be more than a phone's memory. Says whether all
/// could be read.
pub(super) fn carry_over(open: &Open<'_>, tx: &Transaction<'_>) -> Result<bool> {
    let mut all_good = true;
    for command in super::outbox::all(tx)? {
        let named = command.operation.command.backing().map(|backing| backing.attachments().to_vec());
        for what in named.unwrap_or_default() {
            let kept = if_readable(open().and_then(|db| bytes(&db, &command.operation.id, what.hash())))?;
            let good = kept.filter(|bytes| bytes.is_empty() || sha256(bytes) == *what.hash());
            // Of a request that is decided the bytes were let go.
            all_good &= good.is_some();
            add(tx, &command.operation.id, &what, &good.unwrap_or_default())?;
        }
    }
    // An attempt before: the office is asked first, also about what has no bytes here any more.
    tx.execute("UPDATE attachment SET attempts = 1 WHERE operation IN (SELECT operation FROM outbox)", [])?;
    for draft in super::draft::all(tx)? {
        let Some(attached) = if_readable(open().and_then(|db| of(&db, &draft.id)))? else {
            all_good = false;
            continue;
        };
        for what in attached.iter().map(|stored| stored.attachment) {
            match if_readable(open().and_then(|db| bytes(&db, &draft.id, what.hash())))? {
                Some(bytes) if sha256(&bytes) == *what.hash() => add(tx, &draft.id, &what, &bytes)?,
                _ => all_good = false,
            }
        }
    }
    Ok(all_good)
}

/// What was read of a damaged store; what cannot be read is no reason to lose the rest.
pub(super) fn if_readable<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Err(fault) if fault.code() == Code::StoreUnreadable => Ok(None),
        read => read.map(Some),
    }
}

/// All bytes that are kept of a document.
fn bytes(db: &Connection, operation: &OperationId, hash: &[u8; 32]) -> Result<Vec<u8>> {
    let mut select = db.prepare(
        "SELECT p.bytes FROM attachment a JOIN attachment_part p ON p.attachment = a.attachment
         WHERE a.operation = ?1 AND a.hash = ?2 ORDER BY p.place",
    )?;
    Ok(rows::all(&mut select, params![operation.as_bytes(), hash], |row| Ok(row.get::<_, Vec<u8>>(0)?))?.concat())
}

/// Lets go of the bytes of requests that are decided, or were taken back.
pub(super) fn forget_decided(tx: &Transaction<'_>) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM attachment_part WHERE attachment IN
           (SELECT a.attachment FROM attachment a JOIN outbox o ON o.operation = a.operation
              JOIN outbox r ON r.operation = o.subject WHERE r.state IN (3, 4, 6, 9, 10))",
    )?
    .execute([])?;
    Ok(())
}

/// A request is open of which the bytes were let go: it was decided once, and the office went back to a backup. Whether it still
/// has the documents is not known, so it is asked; the member is told of those that it lacks.
pub(super) fn ask_for_let_go(tx: &Transaction<'_>) -> Result<()> {
    // An attempt before: the office is asked, not sent to.
    tx.prepare_cached(
        "UPDATE attachment SET state = 0, sent = 0, attempts = 1, next_attempt_at = 0
         WHERE state = 1 AND NOT EXISTS (SELECT 1 FROM attachment_part p WHERE p.attachment = attachment.attachment)
           AND operation IN (SELECT o.operation FROM outbox o JOIN outbox r ON r.operation = o.subject
                             WHERE r.state IN (2, 7, 8))",
    )?
    .execute([])?;
    Ok(())
}

#[cfg(test)]
mod tests;
