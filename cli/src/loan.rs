//! What the member asks for. A request is saved on the phone first and sent when there is a network.

use anggota::client::{Client, RequestView};
use anggota::domain::{DraftOf, OperationId, RequestState};
use anggota::error::Error;
use anggota::protocol::problem::Code;
use anggota::words::screen::{self, Told};

use crate::args::{Global, LoanCheck, LoanReply, LoanRequest};
use crate::failure::Failure;
use crate::output::{Ending, Output};
use crate::{draft, json, phone};

/// What speaks against a loan, before it is asked for. Exits as refused where something does.
pub(crate) fn check(global: &Global, given: &LoanCheck, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let view = client.check_loan(&given.product, given.principal, given.periods, given.income)?;
    let reader = global.reader(&client)?;
    out.print(|| json::LoanChecked::of(&view, global.lang), || global.screen(&screen::loan_check(&view, &reader)))?;
    Ok(if view.obstacles.is_empty() { Ending::Done } else { Ending::Refused })
}

pub(crate) async fn request(global: &Global, given: LoanRequest, out: Output) -> Result<Ending, Failure> {
    let LoanRequest { product, principal, periods, purpose, backing } = given;
    if backing.is_empty() {
        let client = phone::open(global)?;
        let view = client.request_loan(product, principal, periods, purpose).await?;
        return told(global, client, &view, Told::Saved, out).await;
    }
    let of = DraftOf::Request {
        product: Some(product),
        principal: Some(principal),
        periods: Some(periods),
        purpose: Some(purpose),
    };
    let client = phone::open(global)?;
    let view = draft::sent_at_once(&client, of, backing).await?;
    told(global, client, &view, Told::Saved, out).await
}

/// Gives the office what it asked for.
pub(crate) async fn reply(global: &Global, given: LoanReply, out: Output) -> Result<Ending, Failure> {
    let of = DraftOf::Reply { request_id: given.id, text: Some(given.text) };
    let client = phone::open(global)?;
    let view = draft::sent_at_once(&client, of, given.backing).await?;
    told(global, client, &view, Told::Replied, out).await
}

pub(crate) fn requests(global: &Global, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let views = client.requests()?;
    let (possible, reader) = (client.possible()?, global.reader(&client)?);
    out.print(
        || json::Requests::of(&views, global.lang),
        || global.screen(&screen::requests(&views, possible, &reader)),
    )
}

pub(crate) async fn cancel(global: &Global, id: &OperationId, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let view = client.cancel_request(id).await?;
    told(global, client, &view, Told::Cancelled, out).await
}

pub(crate) async fn accept(global: &Global, id: &OperationId, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let view = client.accept_loan(id).await?;
    told(global, client, &view, Told::Accepted, out).await
}

/// Asks for it to be sent now, and tries: whether the network lets it through is no failure, it stays saved.
pub(crate) async fn retry(global: &Global, id: &OperationId, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    client.retry_request(id).await?;
    let sent = client.sync().await;
    let sent = sent.and(client.upload().await);
    let view = client.requests()?.into_iter().find(|view| view.request_id == *id);
    let view = view.ok_or_else(|| Error::new(Code::Unknown))?;
    match sent {
        Err(fault) if matches!(view.state, RequestState::Queued | RequestState::Sending) => {
            phone::close(client).await;
            Err(fault.into())
        }
        _ => told(global, client, &view, Told::Retried, out).await,
    }
}

/// Says what became of a request. What was written stands, whatever the saying meets.
pub(crate) async fn told(
    global: &Global,
    client: Client,
    view: &RequestView,
    told: Told,
    out: Output,
) -> Result<Ending, Failure> {
    let reader = global.reader(&client).unwrap_or_else(|_| global.stranger());
    phone::close(client).await;
    out.print(|| json::RequestState::from(view), || global.screen(&screen::request_told(view, told, &reader)))
}
