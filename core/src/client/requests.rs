//! Asking for a loan: saved first, sent when there is a network, answered by an officer.

use super::{Client, RequestView};
use crate::domain::{LoanRequest, Money, OperationId, ProductCode, Purpose, RequestState, Timestamp, Topic};
use crate::engine::blocking;
use crate::error::{Error, Result};
use crate::failpoint;
use crate::protocol::operation::{Command, Operation};
use crate::protocol::problem::Code;
use crate::store::Snapshot;
use crate::store::outbox::{self, Queued};

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
        let version = self.check_terms(&product, principal, periods)?;
        let request = LoanRequest::new(product, version, principal, periods, purpose)?;
        let id = self.engine.operation_id()?;
        let operation = Operation { id, subject: id, after: None, command: Command::RequestLoan(request.clone()) };
        let submitted_at = self.save(operation).await?;
        // Nothing that can fail may come after "saved": the member would ask a second time.
        Ok(queued(id, &request, submitted_at))
    }

    /// The requests of this device, oldest first.
    pub fn requests(&self) -> Result<Vec<RequestView>> {
        self.engine.store.read(|db| Ok(outbox::requests(db)?.into_iter().filter_map(view).collect()))
    }

    /// Takes a request back: at once while the server does not have it, afterwards by asking the cooperative.
    pub async fn cancel_request(&self, id: &OperationId) -> Result<RequestView> {
        let id = *id;
        match self.request(&id)?.state {
            RequestState::Queued | RequestState::Sending | RequestState::Received => {}
            RequestState::Cancelled => return self.request(&id),
            RequestState::Stuck => {}
            RequestState::Approved | RequestState::Rejected => {
                return Err(Error::new(Code::NotPossible).detail("the request is decided"));
            }
        }
        let engine = self.engine.clone();
        let local = blocking(move || engine.store.write(|tx| outbox::cancel_unsent(tx, &id))).await?;
        if !local {
            let after = self.engine.store.read(|db| outbox::last_of(db, &id))?;
            // A second wish to cancel is the first one.
            if after == Some(id) {
                let command = Command::CancelRequest(id);
                self.save(Operation { id: self.engine.operation_id()?, subject: id, after, command }).await?;
            }
        }
        self.engine.tell(Topic::Requests);
        self.request(&id)
    }

    /// Sends a request that waits or is stuck now, without waiting for its timer. One that the cooperative has is left alone.
    /// Returns before the answer: [`Client::requests`] and the notices say what came of it.
    pub async fn retry_request(&self, id: &OperationId) -> Result<RequestView> {
        let id = *id;
        match self.request(&id)?.state {
            RequestState::Queued | RequestState::Sending | RequestState::Stuck | RequestState::Received => {}
            RequestState::Approved | RequestState::Rejected | RequestState::Cancelled => {
                return Err(Error::new(Code::NotPossible).detail("the request is decided"));
            }
        }
        let engine = self.engine.clone();
        if blocking(move || engine.store.write(|tx| outbox::retry_now(tx, &id))).await? {
            self.engine.tell(Topic::Requests);
            self.wake.notify_one();
        }
        self.request(&id)
    }

    fn request(&self, id: &OperationId) -> Result<RequestView> {
        let found = self.engine.store.read(|db| outbox::find(db, id))?;
        found.and_then(view).ok_or_else(|| Error::new(Code::Unknown))
    }

    /// The version of the product's terms, when the register is known and the terms allow what is asked.
    fn check_terms(&self, product: &ProductCode, principal: Money, periods: u32) -> Result<u32> {
        let terms = self.loan_product(product)?;
        terms.accepts(principal, periods)?;
        Ok(terms.version)
    }

    /// Signs and saves a command. The key is asked before the transaction begins.
    async fn save(&self, operation: Operation) -> Result<Timestamp> {
        let engine = self.engine.clone();
        let saved_at = blocking(move || {
            let (identity, signer) = (engine.identity(), engine.signer()?);
            let signed = operation.sign(&identity.cooperative, &identity.member, &identity.device, &*signer);
            let signed = signed.map_err(|fault| Error::because(Code::KeyFailed, fault))?;
            let now = engine.now()?;
            engine.store.write(|tx| {
                outbox::add(tx, &operation, &signed, now)?;
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
    let undecided = |request: &RequestView| {
        matches!(
            request.state,
            RequestState::Queued | RequestState::Sending | RequestState::Received | RequestState::Stuck
        )
    };
    Ok(outbox::requests(db)?.into_iter().filter_map(view).filter(undecided).collect())
}

fn view(command: Queued) -> Option<RequestView> {
    let Command::RequestLoan(request) = &command.operation.command else { return None };
    let view = queued(command.operation.id, request, command.submitted_at);
    Some(RequestView { state: command.state, reason: command.reason, ..view })
}

fn queued(id: OperationId, request: &LoanRequest, submitted_at: Timestamp) -> RequestView {
    RequestView {
        request_id: id,
        product: request.product().clone(),
        principal: request.principal(),
        periods: request.periods(),
        purpose: request.purpose().clone(),
        state: RequestState::Queued,
        reason: None,
        submitted_at,
    }
}
