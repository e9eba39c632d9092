//! Drafts: a request or a reply that is written over several sittings, with its documents.

use anggota::client::{BackingView, Client, DraftView, RequestView};
use anggota::domain::{Draft, DraftOf, MAX_ATTACHMENT_BYTES, OperationId};
use anggota::protocol::problem::Code;
use anggota::words::screen::{self, Told};

use crate::args::{self, Backing, DraftSave, Global};
use crate::failure::Failure;
use crate::output::{Ending, Output};
use crate::{files, json, loan, phone};

const MOST: usize = MAX_ATTACHMENT_BYTES as usize;

pub(crate) async fn draft(global: &Global, given: args::Draft, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let view = match given {
        args::Draft::List => return list(global, &client, out),
        args::Draft::Save(given) => save(&client, *given).await?,
        args::Draft::Attach { id, file } => client.attach(&id, files::read(&file, MOST, "attach")?).await?,
        args::Draft::Detach { id, hash } => client.detach(&id, &hash).await?,
        args::Draft::Send { id } => {
            let view = client.send_draft(&id).await?;
            // A request carries its draft's id, a reply its request's.
            let told = if view.request_id == id { Told::Saved } else { Told::Replied };
            return loan::told(global, client, &view, told, out).await;
        }
        args::Draft::Delete { id } => {
            client.delete_draft(&id).await?;
            return list(global, &client, out);
        }
    };
    let reader = global.reader(&client)?;
    phone::close(client).await;
    out.print(|| json::Draft::of(&view, global.lang), || global.screen(&screen::draft_told(&view, &reader)))
}

fn list(global: &Global, client: &Client, out: Output) -> Result<Ending, Failure> {
    let (views, possible, reader) = (client.drafts()?, client.possible()?, global.reader(client)?);
    out.print(|| json::Drafts::of(&views, global.lang), || global.screen(&screen::drafts(&views, possible, &reader)))
}

/// What is not typed stays as it is in a draft that is gone on with.
async fn save(client: &Client, given: DraftSave) -> Result<DraftView, Failure> {
    let DraftSave { id, reply_to, text, product, principal, periods, purpose, backing } = given;
    let kept = client.drafts()?.into_iter().find(|draft| Some(draft.draft_id) == id);
    let (of, before) = kept.map_or((None, BackingView::default()), |draft| (Some(draft.of), draft.backing));
    let is_request = product.is_some() || principal.is_some() || periods.is_some() || purpose.is_some();
    let of = match (of, reply_to) {
        (Some(DraftOf::Reply { request_id, text: before }), to)
            if to.is_none_or(|to| to == request_id) && !is_request =>
        {
            DraftOf::Reply { request_id, text: text.or(before) }
        }
        (Some(DraftOf::Request { product: a, principal: b, periods: c, purpose: d }), None) => DraftOf::Request {
            product: product.or(a),
            principal: principal.or(b),
            periods: periods.or(c),
            purpose: purpose.or(d),
        },
        (Some(_), _) => {
            let sentence = "Konsep permintaan tidak dapat dijadikan jawaban, atau sebaliknya; simpan konsep baru.";
            return Err(Failure::saying(Code::InvalidInput, sentence).field("id"));
        }
        (None, Some(request_id)) => DraftOf::Reply { request_id, text },
        (None, None) => DraftOf::Request { product, principal, periods, purpose },
    };
    let guarantor = if backing.guarantor.is_empty() { before.guarantors } else { backing.guarantor };
    let (income, collateral) = (backing.income.or(before.income), backing.collateral.or(before.collateral));
    saved(client, id, of, Backing { income, guarantor, collateral, attach: backing.attach }).await
}

/// Saves a draft with its documents and sends it. What cannot be sent leaves nothing behind.
pub(crate) async fn sent_at_once(client: &Client, of: DraftOf, backing: Backing) -> Result<RequestView, Failure> {
    let draft = saved(client, None, of, backing).await?;
    match client.send_draft(&draft.draft_id).await {
        Ok(view) => Ok(view),
        Err(fault) => {
            client.delete_draft(&draft.draft_id).await?;
            Err(fault.into())
        }
    }
}

/// The documents are read before anything is saved.
async fn saved(client: &Client, id: Option<OperationId>, of: DraftOf, backing: Backing) -> Result<DraftView, Failure> {
    let Backing { income, guarantor, collateral, attach } = backing;
    let documents = attach.iter().map(|file| files::read(file, MOST, "attach")).collect::<Result<Vec<_>, _>>()?;
    let mut view = client.save_draft(id, Draft { of, income, guarantors: guarantor, collateral }).await?;
    for bytes in documents {
        match client.attach(&view.draft_id, bytes).await {
            Ok(attached) => view = attached,
            Err(fault) => {
                if id.is_none() {
                    client.delete_draft(&view.draft_id).await?;
                }
                return Err(fault.into());
            }
        }
    }
    Ok(view)
}
