//! What the member asks for. A request is saved on the phone first and sent when there is a network.

use anggota::domain::{OperationId, RequestState};
use anggota::error::Error;
use anggota::protocol::problem::Code;

use crate::args::{Global, LoanRequest};
use crate::failure::Failure;
use crate::output::{Ending, Output};
use crate::text::Reader;
use crate::{json, phone, text};

pub(crate) async fn request(global: &Global, given: LoanRequest, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let view = client.request_loan(given.product, given.principal, given.periods, given.purpose).await?;
    phone::close(client).await;
    out.print(|| json::RequestState::from(&view), || text::request_saved(&view))
}

pub(crate) fn requests(global: &Global, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let views = client.requests()?;
    let reader = Reader::of(&client)?;
    out.print(|| json::Requests::from(views.as_slice()), || text::requests(&views, &reader))
}

pub(crate) async fn cancel(global: &Global, id: &OperationId, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let view = client.cancel_request(id).await?;
    phone::close(client).await;
    out.print(|| json::RequestState::from(&view), || text::cancelled(&view))
}

/// Asks for it to be sent now, and tries: whether the network lets it through is no failure, it stays saved.
pub(crate) async fn retry(global: &Global, id: &OperationId, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    client.retry_request(id).await?;
    let sent = client.sync().await;
    let view = client.requests()?.into_iter().find(|view| view.request_id == *id);
    phone::close(client).await;
    let view = view.ok_or_else(|| Error::new(Code::Unknown))?;
    match sent {
        Err(fault) if matches!(view.state, RequestState::Queued | RequestState::Sending) => Err(fault.into()),
        _ => out.print(|| json::RequestState::from(&view), || text::request_state(&view)),
    }
}
