//! Sending the documents that requests named, part by part. Neither a push nor a pull waits for it.

use std::collections::HashSet;
use std::sync::Arc;

use super::push::{latest_wait, wait_after};
use super::{Engine, blocking};
use crate::domain::{OperationId, Timestamp, Topic};
use crate::error::{Error, Result};
use crate::failpoint;
use crate::protocol::problem::Code;
use crate::protocol::upload::{self, Held, MAX_PART_BYTES, MIN_PART_BYTES, Part};
use crate::protocol::{CBOR, Hash};
use crate::store::attachment::{self, Upload};
use crate::transport::Refusal;

/// The smallest part that is tried where larger ones did not get through.
const SMALLEST_PART_BYTES: usize = 4 * 1024;

/// How much is sent at once after that many failures: less and less, so that something arrives over any network.
fn part_bytes(attempts: u32) -> usize {
    (MAX_PART_BYTES >> attempts.min(16)).max(SMALLEST_PART_BYTES)
}

/// Whether the next document would fare otherwise.
fn is_of_the_document(code: Code) -> bool {
    matches!(code, Code::AttachmentRefused | Code::BadRequest | Code::TooLarge)
}

impl Engine {
    /// Sends what is due of the documents whose request the office has, or `everything` that waits. A document that is refused
    /// keeps no other waiting, and is told after every one was tried; any other failure ends it.
    pub(crate) async fn upload(self: &Arc<Self>, everything: bool) -> Result<()> {
        let _turn = self.uploading.lock().await;
        let due = if everything { Timestamp::MAX } else { self.uploads_due_by().await? };
        // A document of which nothing arrived waits for its own time: within one call it is not tried again.
        let (mut tried, mut failed) = (HashSet::new(), None);
        while let Some(next) = self.next_upload(due, &tried).await? {
            let key = (next.operation, *next.attachment.hash());
            match self.send_part(next).await {
                Ok(true) => continue,
                Ok(false) => {}
                Err(fault) if is_of_the_document(fault.code()) => failed = failed.or(Some(fault)),
                Err(fault) => return Err(fault),
            }
            tried.insert(key);
        }
        failed.map_or(Ok(()), Err)
    }

    /// What is due by now; and no document waits longer than a wait can be, whatever the clock said when it was reckoned.
    async fn uploads_due_by(self: &Arc<Self>) -> Result<Timestamp> {
        let engine = self.clone();
        blocking(move || {
            let now = engine.now()?;
            let latest = latest_wait(now);
            if engine.store.read(|db| attachment::waits_beyond(db, latest))? {
                engine.store.write(|tx| attachment::wait_no_longer_than(tx, latest))?;
            }
            Ok(now)
        })
        .await
    }

    /// The next document that was not `tried`. That it is being tried is written first: a disk that takes nothing keeps the
    /// phone from sending the same part again and again.
    async fn next_upload(
        self: &Arc<Self>,
        due: Timestamp,
        tried: &HashSet<(OperationId, Hash)>,
    ) -> Result<Option<Upload>> {
        let (engine, tried, random) = (self.clone(), tried.clone(), u32::from_le_bytes(self.random()?));
        blocking(move || {
            let due = engine.store.read(|db| attachment::due(db, due))?;
            let fresh = |upload: &Upload| !tried.contains(&(upload.operation, *upload.attachment.hash()));
            let Some(next) = due.into_iter().find(fresh) else { return Ok(None) };
            let at = engine.now()?.plus(i64::from(wait_after(next.attempts, 0, random)));
            engine.store.write(|tx| attachment::retry_at(tx, &next, at, None))?;
            Ok(Some(next))
        })
        .await
    }

    /// Sends one part; says whether the office has more of the document than before. After a failure the office is asked first
    /// what it holds: the part may have arrived, and only its answer been lost.
    async fn send_part(self: &Arc<Self>, mut next: Upload) -> Result<bool> {
        failpoint::here("upload.taken");
        let answer = self.exchange(&mut next).await;
        failpoint::here("upload.answered");
        let random = u32::from_le_bytes(self.random()?);
        let engine = self.clone();
        let stored = blocking(move || match answer {
            Ok(held) => engine.store_held(&next, held),
            Err(refusal) => engine.store_upload_refusal(&next, refusal, random),
        })
        .await;
        failpoint::here("upload.kept");
        self.tell(Topic::Requests);
        stored
    }

    async fn exchange(self: &Arc<Self>, next: &mut Upload) -> std::result::Result<Held, Refusal> {
        if next.attempts > 0 {
            let held = self.ask(next, Vec::new()).await?;
            if held.whole {
                return Ok(held);
            }
            let (engine, before) = (self.clone(), next.clone());
            let noted = blocking(move || engine.store.write(|tx| attachment::stands_at(tx, &before, held.bytes)));
            noted.await.map_err(Refusal::Fault)?;
            next.sent = held.bytes;
        }
        let (engine, upload) = (self.clone(), next.clone());
        let most = part_bytes(next.attempts);
        let read = blocking(move || engine.store.read(|db| attachment::part(db, &upload, most)));
        let bytes = read.await.map_err(Refusal::Fault)?;
        if bytes.is_empty() {
            // The request was decided once and the bytes let go; a restored server does not have them.
            return Err(Refusal::Fault(Error::new(Code::AttachmentRefused)));
        }
        self.ask(next, bytes).await
    }

    /// One request and its answer. What is said beyond the size counts as the size.
    async fn ask(self: &Arc<Self>, next: &Upload, bytes: Vec<u8>) -> std::result::Result<Held, Refusal> {
        let part = Part { operation: next.operation, hash: *next.attachment.hash(), offset: next.sent, bytes };
        let response = self.call("attachments", part.encode(), CBOR).await?;
        let body = crate::transport::body(response, upload::MAX_ANSWER_BYTES).await.map_err(Refusal::Fault)?;
        let held = Held::decode(&body).map_err(|fault| Refusal::Fault(Error::because(Code::NotAServer, fault)))?;
        Ok(Held { bytes: held.bytes.min(next.attachment.size()), ..held })
    }

    /// What the office says that it holds counts, where it is more by what the smallest part has. A document of which nothing more arrived waits, as was written before it was
    /// sent, so that no server keeps the phone sending for nothing.
    fn store_held(&self, upload: &Upload, held: Held) -> Result<bool> {
        let least = MIN_PART_BYTES.min((upload.attachment.size() - upload.sent) as usize) as u32;
        let is_more = held.whole || held.bytes >= upload.sent.saturating_add(least);
        if is_more {
            self.store.write(|tx| attachment::arrived(tx, upload, held.bytes, held.whole))?;
        }
        Ok(is_more)
    }

    fn store_upload_refusal(&self, upload: &Upload, refusal: Refusal, random: u32) -> Result<bool> {
        let asked = refusal.retry_after().unwrap_or(0);
        let fault = Error::from(refusal);
        if is_of_the_document(fault.code()) {
            self.store.write(|tx| attachment::refused(tx, upload, fault.code()))?;
            return Err(fault);
        }
        let at = self.now()?.plus(i64::from(wait_after(upload.attempts, asked, random)));
        // What does not pass by itself is said, until it has passed.
        let why = (!fault.is_transient()).then_some(fault.code());
        self.store.write(|tx| {
            attachment::none_before(tx, at)?;
            attachment::retry_at(tx, upload, at, why)
        })?;
        Err(fault)
    }

    /// When a document wants to be sent next, if one waits.
    pub(crate) fn next_upload_due(&self) -> Result<Option<Timestamp>> {
        self.store.read(attachment::next_due)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_did_not_get_through_is_tried_in_smaller_parts_that_any_server_takes() {
        assert_eq!([0, 1, 3, 4, 5, 400].map(part_bytes), [65_536, 32_768, 8_192, 4_096, 4_096, 4_096]);
    }
}
