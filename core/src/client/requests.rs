//! Asking for a loan: saved first, sent when there is a network, answered by an officer.

use super::{AttachmentView, BackingView, Client, ReplyView, RequestView, TermsView};
use crate::domain::{Backing, LoanRequest, Money, OperationId, ProductCode, Purpose, RequestState, Timestamp, Topic};
use crate::engine::blocking;
use crate::error::{Error, Result};
use crate::failpoint;
use crate::protocol::frame::Register;
use crate::protocol::operation::{Command, Operation};
use crate::protocol::problem::Code;
use crate::store::attachment::{self, StoredAttachment};
use crate::store::outbox::{self, Queued};
use crate::store::{Snapshot, Transaction, mirror};

impl Client {
    /// Saves a request for a loan; once this returns it will be sent, exactly once, whatever happens to the app.
    /// What the product's terms forbid is refused here already.
    pub async fn request_loan(
        &self,
        product: ProductCode,
        principal: Money,
        periods: u32,
        purpose: Purpose,
    ) -> Result<RequestView> {
        let version = self.terms_for(&product, principal, periods)?.version;
        let request = LoanRequest::new(product, version, principal, periods, purpose)?;
        let id = self.engine.operation_id()?;
        let operation = Operation { id, subject: id, after: None, command: Command::RequestLoan(request.clone()) };
        let submitted_at = self.save(operation).await?;
        // Nothing that can fail may come after "saved": the member would ask a second time.
        Ok(queued(id, &request, submitted_at))
    }

    /// The requests of this device, oldest first.
    pub fn requests(&self) -> Result<Vec<RequestView>> {
        self.engine.store.read(all)
    }

    /// Takes a request back: at once while the server does not have it, afterwards by asking the cooperative.
    pub async fn cancel_request(&self, id: &OperationId) -> Result<RequestView> {
        let id = *id;
        let view = self.request(&id)?;
        match view.state {
            RequestState::Cancelled => return Ok(view),
            state if state.is_undecided() => {}
            _ => return Err(decided()),
        }
        let engine = self.engine.clone();
        let local = move |tx: &Transaction<'_>| {
            outbox::withdraw_stuck(tx, &id)?;
            outbox::cancel_unsent(tx, &id)
        };
        if !blocking(move || engine.store.write(local)).await? {
            let (is_kept, after) =
                self.engine.store.read(|db| Ok((outbox::has_cancelled(db, &id)?, outbox::last_of(db, &id)?)))?;
            if is_kept {
                // A second wish to cancel is the first one, sent once more.
                self.send_now(id).await?;
            } else {
                let command = Command::CancelRequest(id);
                self.save(Operation { id: self.engine.operation_id()?, subject: id, after, command }).await?;
            }
        }
        self.engine.tell(Topic::Requests);
        self.request(&id)
    }

    /// Takes a loan that was approved; sent when there is a network. A second wish is the first one, sent once more.
    pub async fn accept_loan(&self, id: &OperationId) -> Result<RequestView> {
        let id = *id;
        match self.request(&id)?.state {
            RequestState::Approved => {}
            RequestState::Accepted | RequestState::Disbursed => return self.request(&id),
            _ => return Err(Error::new(Code::NotPossible).detail("only an approved loan can be accepted")),
        }
        let (is_kept, after) =
            self.engine.store.read(|db| Ok((outbox::has_accepted(db, &id)?, outbox::last_of(db, &id)?)))?;
        if is_kept {
            self.send_now(id).await?;
        } else {
            let command = Command::AcceptLoan(id);
            let accept = Operation { id: self.engine.operation_id()?, subject: id, after, command };
            self.save_with(accept, move |tx| outbox::withdraw_stuck(tx, &id)).await?;
        }
        self.request(&id)
    }

    /// Sends a request that waits or is stuck now, without waiting for its timer, and its documents. What the cooperative has is
    /// left alone. Returns before the answer: [`Client::requests`] and the notices say what came of it.
    pub async fn retry_request(&self, id: &OperationId) -> Result<RequestView> {
        let id = *id;
        if !self.request(&id)?.state.is_undecided() {
            return Err(decided());
        }
        self.send_now(id).await?;
        self.request(&id)
    }

    /// Whatever waits or is stuck of a request is sent without waiting for its timer.
    async fn send_now(&self, id: OperationId) -> Result<()> {
        let engine = self.engine.clone();
        let again = move |tx: &Transaction<'_>| Ok(outbox::retry_now(tx, &id)? | attachment::retry_now(tx, &id)?);
        if blocking(move || engine.store.write(again)).await? {
            self.engine.tell(Topic::Requests);
            self.wake.notify_one();
        }
        Ok(())
    }

    pub(super) fn request(&self, id: &OperationId) -> Result<RequestView> {
        let found = self.engine.store.read(|db| {
            let register = mirror::register(db)?;
            outbox::find(db, id)?.map_or(Ok(None), |command| view(db, command, register.as_ref()))
        })?;
        found.ok_or_else(|| Error::new(Code::Unknown))
    }

    /// Signs and saves a command. The key is asked before the transaction begins.
    async fn save(&self, operation: Operation) -> Result<Timestamp> {
        self.save_with(operation, |_| Ok(())).await
    }

    /// As [`Client::save`], with something else that happens in the same transaction or not at all.
    pub(super) async fn save_with(
        &self,
        operation: Operation,
        also: impl FnOnce(&Transaction<'_>) -> Result<()> + Send + 'static,
    ) -> Result<Timestamp> {
        let engine = self.engine.clone();
        let saved_at = blocking(move || {
            let (identity, signer) = (engine.identity(), engine.signer()?);
            let signed = operation.sign(&identity.cooperative, &identity.member, &identity.device, &*signer);
            let signed = signed.map_err(|fault| Error::because(Code::KeyFailed, fault))?;
            let now = engine.now()?;
            engine.store.write(|tx| {
                outbox::add(tx, &operation, &signed, now)?;
                also(tx)?;
                failpoint::here("request.written");
                Ok(())
            })?;
            failpoint::here("request.kept");
            Ok(now)
        })
        .await?;
        self.engine.tell(Topic::Requests);
        self.wake.notify_one();
        Ok(saved_at)
    }
}

/// Requests that are not decided.
pub(super) fn pending(db: &Snapshot) -> Result<Vec<RequestView>> {
    Ok(all(db)?.into_iter().filter(|request| request.state.is_undecided()).collect())
}

/// Requests whose loan the member has still to take: approved, and no wish to take it is kept.
pub(super) fn approved(db: &Snapshot) -> Result<Vec<RequestView>> {
    let mut waiting = Vec::new();
    for request in all(db)? {
        if request.state == RequestState::Approved && !outbox::has_accepted(db, &request.request_id)? {
            waiting.push(request);
        }
    }
    Ok(waiting)
}

fn decided() -> Error {
    Error::new(Code::NotPossible).detail("the request is decided")
}

/// Every request of this device.
fn all(db: &Snapshot) -> Result<Vec<RequestView>> {
    let register = mirror::register(db)?;
    let views = outbox::requests(db)?.into_iter().map(|command| view(db, command, register.as_ref()).transpose());
    views.flatten().collect()
}

fn view(db: &Snapshot, command: Queued, register: Option<&Register>) -> Result<Option<RequestView>> {
    let Command::RequestLoan(request) = &command.operation.command else { return Ok(None) };
    let id = command.operation.id;
    let new_terms = register.and_then(|register| new_terms(command.state, request, register));
    // A wish that is stuck is what the member has to decide on, and holds up all that comes after it.
    let (state, reason) = match outbox::stuck_wish(db, &id)? {
        Some(reason) => (RequestState::Stuck, Some(reason)),
        None => (command.state, command.reason),
    };
    Ok(Some(RequestView {
        state,
        reason,
        new_terms,
        backing: backing(db, &id, request.backing())?,
        replies: replies(db, &id)?,
        ..queued(id, request, command.submitted_at)
    }))
}

fn replies(db: &Snapshot, request: &OperationId) -> Result<Vec<ReplyView>> {
    let mut views = Vec::new();
    for command in outbox::replies(db, request)? {
        let Command::Reply(reply) = command.operation.command else { continue };
        views.push(ReplyView {
            text: reply.text,
            state: command.state,
            reason: command.reason,
            submitted_at: command.submitted_at,
            backing: backing(db, &command.operation.id, &reply.backing)?,
        });
    }
    Ok(views)
}

/// What stands behind a command, its documents as they are kept.
fn backing(db: &Snapshot, operation: &OperationId, backing: &Backing) -> Result<BackingView> {
    let stored = if backing.attachments().is_empty() { Vec::new() } else { attachment::of(db, operation)? };
    Ok(BackingView {
        income: backing.income(),
        guarantors: backing.guarantors().to_vec(),
        collateral: backing.collateral().cloned(),
        attachments: stored.iter().map(attachment_view).collect(),
    })
}

pub(super) fn attachment_view(stored: &StoredAttachment) -> AttachmentView {
    AttachmentView {
        hash: data_encoding::HEXLOWER.encode(stored.attachment.hash()),
        size: stored.attachment.size(),
        media_type: stored.attachment.media_type(),
        sent: stored.sent,
        whole: stored.is_whole,
        refused: stored.is_refused,
        reason: stored.reason.map(|code| code.advice().to_owned()),
    }
}

/// The product's terms of now, when they are others than those that the member saw and the cooperative has not said yes:
/// it refuses what was asked by old terms.
fn new_terms(state: RequestState, request: &LoanRequest, register: &Register) -> Option<TermsView> {
    match state {
        RequestState::Queued | RequestState::Sending | RequestState::Stuck | RequestState::Rejected => {}
        _ => return None,
    }
    let product = register.loan_products.iter().find(|product| product.code == *request.product())?;
    (product.version != request.product_version()).then_some(TermsView {
        version: product.version,
        method: product.method,
        rate_per_period: product.rate_per_period,
        min_principal: product.min_principal,
        max_principal: product.max_principal,
        max_periods: product.max_periods,
    })
}

pub(super) fn queued(id: OperationId, request: &LoanRequest, submitted_at: Timestamp) -> RequestView {
    RequestView {
        request_id: id,
        product: request.product().clone(),
        principal: request.principal(),
        periods: request.periods(),
        purpose: request.purpose().clone(),
        state: RequestState::Queued,
        reason: None,
        new_terms: None,
        submitted_at,
        backing: BackingView::default(),
        replies: Vec::new(),
    }
}
