//! Drafts: what the member is still writing, and what is missing of it.

use super::backing::{self, documents_of_draft};
use super::{Action, ActionKind, Block, Line, Possible, Role, Screen, figure_of, joined, line};
use crate::domain::DraftOf;
use crate::views::DraftView;
use crate::words::reader::Reader;

/// The drafts, the one that was changed last first.
pub fn drafts(views: &[DraftView], possible: Possible, reader: &Reader) -> Screen {
    let mut blocks: Vec<Block> = views.iter().map(|view| draft(view, reader)).collect();
    if blocks.is_empty() {
        blocks.push(Block::sentence(reader, Role::Hint, "", reader.wording("no-drafts", [])));
    }
    let ask = possible.request_loan.then(|| Action::plain(reader, ActionKind::RequestLoan, "action-request-loan"));
    let list = Action::plain(reader, ActionKind::OpenRequests, "action-requests");
    let actions = ask.into_iter().chain([list]).collect();
    Screen { title: reader.wording("drafts-title", []), age: None, blocks, actions }
}

/// A draft after it was changed.
pub fn draft_told(view: &DraftView, reader: &Reader) -> Screen {
    let kept = Block::sentence(reader, Role::Hint, "", reader.wording("draft-is-kept", []));
    let list = Action::plain(reader, ActionKind::OpenDrafts, "action-drafts");
    let blocks = vec![kept, draft(view, reader)];
    Screen { title: reader.wording("drafts-title", []), age: None, blocks, actions: vec![list] }
}

fn draft(view: &DraftView, reader: &Reader) -> Block {
    let saved = reader.wording("request-saved", [("ago", reader.ago(view.saved_at).into())]);
    let (heading, principal, is_whole) = match &view.of {
        DraftOf::Request { product, principal, periods, purpose } => {
            let is_whole = product.is_some() && principal.is_some() && periods.is_some() && purpose.is_some();
            ("draft-heading", *principal, is_whole)
        }
        DraftOf::Reply { text, .. } => ("draft-reply-heading", None, text.is_some()),
    };
    let said = match principal {
        Some(principal) => reader.spoken("draft-said", [("amount", reader.amount(principal).into())]),
        None => reader.spoken(heading, []),
    };
    let documents = documents_of_draft(&view.backing.attachments, reader);
    let stands = reader.wording(if is_whole { "draft-whole" } else { "draft-unfinished" }, []);
    let send = Action::plain(reader, ActionKind::SendDraft(view.draft_id), "action-send-draft");
    let edit = Action::plain(reader, ActionKind::OpenDraft(view.draft_id), "action-open-draft");
    let delete = Action::plain(reader, ActionKind::DeleteDraft(view.draft_id), "action-delete-draft");
    let possible = [(is_whole, send), (true, edit), (true, delete)];
    let mut lines = said_lines(&view.of, reader);
    lines.extend(backing::told(&view.backing, reader));
    lines.extend(documents.iter().map(|documents| line(reader, "label-documents", documents.shown.as_str())));
    lines.push(line(reader, "label-saved", reader.ago(view.saved_at).shown));
    Block {
        role: Role::Request,
        heading: reader.shown(heading, []),
        figure: principal.map(|principal| figure_of(reader, "label-principal", principal, saved)),
        lines,
        spoken: joined(&[said, documents.map(|documents| documents.spoken).unwrap_or_default(), stands.spoken]),
        text: stands.shown,
        actions: possible.into_iter().filter_map(|(is_possible, action)| is_possible.then_some(action)).collect(),
    }
}

/// What is said so far.
fn said_lines(of: &DraftOf, reader: &Reader) -> Vec<Line> {
    let mut lines = Vec::new();
    match of {
        DraftOf::Request { product, periods, purpose, .. } => {
            let months = periods.map(|periods| reader.shown("months", [("count", periods.into())]));
            lines.extend(months.map(|months| line(reader, "label-periods", months)));
            lines.extend(purpose.iter().map(|purpose| line(reader, "label-purpose", purpose.as_str())));
            lines.extend(product.iter().map(|product| line(reader, "label-product", product.as_str())));
        }
        DraftOf::Reply { request_id, text } => {
            lines.extend(text.iter().map(|text| line(reader, "label-reply", text.as_str())));
            if reader.is_full() {
                lines.push(line(reader, "label-request", request_id.to_string()));
            }
        }
    }
    lines
}
