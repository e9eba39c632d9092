//! What the member asks for. A request is saved on the phone first and sent when there is a network.

use anggota::domain::OperationId;
use anggota::words::screen;

use crate::args::{Global, LoanRequest};
use crate::failure::Failure;
use crate::output::{Ending, Output};
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
    let (possible, reader) = (client.possible()?, global.reader(&client)?);
    out.print(|| json::Requests::from(views.as_slice()), || global.screen(&screen::requests(&views, possible, &reader)))
}

pub(crate) async fn cancel(global: &Global, id: &OperationId, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let view = client.cancel_request(id).await?;
    phone::close(client).await;
    out.print(|| json::RequestState::from(&view), || text::cancelled(&view))
}
