//! Drafts: a request or a reply that the member writes over several sittings, with its documents, and sends when it is whole.
//!
//! A draft carries the id of the command that it becomes, so that sending it twice is sending it once.

use super::requests::{attachment_view, queued};
use super::{BackingView, Client, DraftView, ReplyView, RequestView};
use crate::domain::{
    Attachment, Draft, DraftOf, Invalid, MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS, MediaType, OperationId, RequestState,
    Timestamp, Topic,
};
use crate::engine::blocking;
use crate::error::{Error, Result};
use crate::protocol::operation::{Command, Operation};
use crate::protocol::problem::Code;
use crate::protocol::sha256;
use crate::store::attachment::{self, StoredAttachment};
use crate::store::draft::{self, StoredDraft};
use crate::store::outbox;
use crate::store::{Snapshot, Transaction};

const NO_DOCUMENT: Invalid = Invalid("a document is a JPEG or PNG picture or a PDF file");

impl Client {
    /// Keeps a draft: a new one, or the one of that id in its new wording. Its documents stay as they are.
    pub async fn save_draft(&self, id: Option<OperationId>, draft: Draft) -> Result<DraftView> {
        draft.backing(Vec::new())?;
        let id = id.map_or_else(|| self.engine.operation_id(), Ok)?;
        self.change(id, move |tx, now| {
            if outbox::find(tx, &id)?.is_some() {
                return Err(Error::new(Code::NotPossible).detail("the draft was sent already"));
            }
            draft::save(tx, &id, &draft, now)
        })
        .await
    }

    /// The drafts, the newest first.
    pub fn drafts(&self) -> Result<Vec<DraftView>> {
        self.engine.store.read(|db| draft::all(db)?.into_iter().map(|stored| view(db, stored)).collect())
    }

    /// Throws a draft away with its documents. One that is not there is thrown away already.
    pub async fn delete_draft(&self, id: &OperationId) -> Result<()> {
        let (engine, id) = (self.engine.clone(), *id);
        blocking(move || engine.store.write(|tx| draft::delete(tx, &id))).await?;
        self.engine.tell(Topic::Requests);
        Ok(())
    }

    /// Attaches a document (a JPEG or PNG picture or a PDF file of at most 4 MiB) to a draft, at most 5; the same one twice
    /// is attached once.
    pub async fn attach(&self, id: &OperationId, bytes: Vec<u8>) -> Result<DraftView> {
        let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        if size > MAX_ATTACHMENT_BYTES {
            return Err(Invalid("a document has at most 4 MiB").into());
        }
        let media_type = MediaType::of(&bytes).ok_or(NO_DOCUMENT)?;
        let (id, document) = (*id, Attachment::new(sha256(&bytes), size, media_type)?);
        self.change(id, move |tx, _| {
            find(tx, &id)?;
            attachment::add(tx, &id, &document, &bytes)?;
            let count = attachment::of(tx, &id)?.len();
            if count > MAX_ATTACHMENTS { Err(Invalid("at most 5 documents are attached").into()) } else { Ok(()) }
        })
        .await
    }

    /// Takes the document with that SHA-256 (hex) out of a draft.
    pub async fn detach(&self, id: &OperationId, hash: &str) -> Result<DraftView> {
        let hash =
            data_encoding::HEXLOWER_PERMISSIVE.decode(hash.as_bytes()).ok().and_then(|hash| hash.try_into().ok());
        let (id, hash) = (*id, hash.ok_or_else(|| Error::new(Code::Unknown))?);
        self.change(id, move |tx, _| {
            find(tx, &id)?;
            if attachment::remove(tx, &id, &hash)? { Ok(()) } else { Err(Error::new(Code::Unknown)) }
        })
        .await
    }

    /// Makes a draft a request, or a reply to the office; once this returns it will be sent, exactly once, whatever happens to
    /// the app. What is missing, or what the product's terms forbid, is refused here already. One that was sent already is
    /// left as it is.
    pub async fn send_draft(&self, id: &OperationId) -> Result<RequestView> {
        let id = *id;
        // Of two taps the second finds what the first sent.
        let _turn = self.sending.lock().await;
        let (sent, stored) = self.engine.store.read(|db| Ok((outbox::find(db, &id)?, draft::find(db, &id)?)))?;
        if let Some(sent) = sent {
            return self.request(&sent.operation.subject);
        }
        let stored = stored.ok_or_else(|| Error::new(Code::Unknown))?;
        let documents = self.engine.store.read(|db| attachment::of(db, &id))?;
        let attachments: Vec<Attachment> = documents.iter().map(|stored| stored.attachment).collect();
        let (operation, before) = match stored.draft.of {
            DraftOf::Request { .. } => (self.requested(id, &stored.draft, attachments)?, None),
            DraftOf::Reply { request_id, .. } => {
                let view = self.request(&request_id)?;
                (self.replied(id, &view, &stored.draft, attachments)?, Some(view))
            }
        };
        let (command, kept, unsent) = (operation.command.clone(), stored.clone(), documents.clone());
        let subject = operation.subject;
        let unchanged = move |tx: &Transaction<'_>| {
            // It may have been changed while the key signed it.
            if draft::find(tx, &id)? != Some(kept) || attachment::of(tx, &id)? != unsent {
                return Err(Error::new(Code::NotPossible).detail("the draft was changed meanwhile"));
            }
            outbox::withdraw_stuck(tx, &subject)?;
            draft::became_command(tx, &id)
        };
        let submitted_at = self.save_with(operation, unchanged).await?;
        // Nothing that can fail may come after "saved": the member would send it a second time.
        let backing = backing_view(&stored.draft, &documents);
        Ok(match (command, before) {
            (Command::Reply(reply), Some(mut view)) => {
                let (text, state, reason) = (reply.text, RequestState::Queued, None);
                view.replies.push(ReplyView { text, state, reason, submitted_at, backing });
                view
            }
            (Command::RequestLoan(request), _) => RequestView { backing, ..queued(id, &request, submitted_at) },
            _ => return Err(Error::new(Code::Internal)),
        })
    }

    fn requested(&self, id: OperationId, draft: &Draft, attachments: Vec<Attachment>) -> Result<Operation> {
        // The version of the terms is known once product, amount and months are.
        let whole = draft.request(0, attachments.clone())?;
        whole.backing().check_for(&self.engine.identity().member)?;
        let version = self.terms_for(whole.product(), whole.principal(), whole.periods())?.version;
        let command = Command::RequestLoan(draft.request(version, attachments)?);
        Ok(Operation { id, subject: id, after: None, command })
    }

    fn replied(
        &self,
        id: OperationId,
        to: &RequestView,
        draft: &Draft,
        attachments: Vec<Attachment>,
    ) -> Result<Operation> {
        let reply = draft.reply(attachments)?;
        reply.backing.check_for(&self.engine.identity().member)?;
        if !to.can_be_replied_to() {
            return Err(Error::new(Code::NotPossible).detail("the office has not asked for more"));
        }
        let (subject, command) = (to.request_id, Command::Reply(reply));
        let after = self.engine.store.read(|db| outbox::last_of(db, &subject))?;
        Ok(Operation { id, subject, after, command })
    }

    /// Changes a draft in one transaction and shows how it is then.
    async fn change(
        &self,
        id: OperationId,
        work: impl FnOnce(&Transaction<'_>, Timestamp) -> Result<()> + Send + 'static,
    ) -> Result<DraftView> {
        let engine = self.engine.clone();
        let changed = blocking(move || {
            let now = engine.now()?;
            engine.store.write(|tx| {
                work(tx, now)?;
                view(tx, find(tx, &id)?)
            })
        })
        .await?;
        self.engine.tell(Topic::Requests);
        Ok(changed)
    }
}

fn find(db: &Snapshot, id: &OperationId) -> Result<StoredDraft> {
    draft::find(db, id)?.ok_or_else(|| Error::new(Code::Unknown))
}

fn view(db: &Snapshot, stored: StoredDraft) -> Result<DraftView> {
    let backing = backing_view(&stored.draft, &attachment::of(db, &stored.id)?);
    Ok(DraftView { draft_id: stored.id, of: stored.draft.of, backing, saved_at: stored.saved_at })
}

fn backing_view(draft: &Draft, documents: &[StoredAttachment]) -> BackingView {
    BackingView {
        income: draft.income,
        guarantors: draft.guarantors.clone(),
        collateral: draft.collateral.clone(),
        attachments: documents.iter().map(attachment_view).collect(),
    }
}
