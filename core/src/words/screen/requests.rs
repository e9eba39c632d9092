//! Loan requests and where they stand.

use super::backing;
use super::checks::new_terms;
use super::{Action, ActionKind, Block, Line, Possible, Role, Screen, figure_of, joined, line};
use crate::domain::RequestState;
use crate::views::{ReplyView, RequestView};
use crate::words::advice::reason;
use crate::words::reader::{Reader, Wording};

/// The requests, the newest first.
pub fn requests(views: &[RequestView], possible: Possible, reader: &Reader) -> Screen {
    let mut blocks: Vec<Block> = views.iter().rev().map(|view| request(view, reader)).collect();
    if blocks.is_empty() {
        blocks.push(Block::sentence(reader, Role::Hint, "", reader.wording("no-requests", [])));
    }
    let ask = possible.request_loan.then(|| Action::plain(reader, ActionKind::RequestLoan, "action-request-loan"));
    let drafts = possible.open_drafts.then(|| Action::plain(reader, ActionKind::OpenDrafts, "action-drafts"));
    let actions = ask.into_iter().chain(drafts).chain([Action::sync(reader)]).collect();
    Screen { title: reader.wording("requests-title", []), age: None, blocks, actions }
}

/// What has just been done with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// It was saved.
    Saved,
    /// It was to be taken back.
    Cancelled,
    /// It was to be sent now.
    Retried,
    /// The approved loan was taken.
    Accepted,
    /// The office was given what it asked for.
    Replied,
}

/// A request after something was done with it.
pub fn request_told(view: &RequestView, told: Told, reader: &Reader) -> Screen {
    let id = match (told, view.state) {
        (Told::Saved, _) => Some("request-is-saved"),
        // The wish is on its way; what came of it says the request's state.
        (Told::Cancelled, RequestState::Sending) => Some("request-cancel-wished"),
        (Told::Cancelled, state) if state.is_open() => Some("request-cancel-wished"),
        (Told::Accepted, RequestState::Approved) => Some("request-accept-wished"),
        (Told::Replied, _) => Some("request-reply-saved"),
        (Told::Cancelled | Told::Retried | Told::Accepted, _) => None,
    };
    let mut blocks: Vec<Block> =
        id.map(|id| Block::sentence(reader, Role::Hint, "", reader.wording(id, []))).into_iter().collect();
    blocks.push(request(view, reader));
    let list = Action::plain(reader, ActionKind::OpenRequests, "action-requests");
    let actions = vec![list, Action::sync(reader)];
    Screen { title: reader.wording("requests-title", []), age: None, blocks, actions }
}

/// One request.
pub(super) fn request(view: &RequestView, reader: &Reader) -> Block {
    let amount = reader.amount(view.principal);
    let saved = reader.wording("request-saved", [("ago", reader.ago(view.submitted_at).into())]);
    let is_replied = view.state == RequestState::MoreAsked && !view.can_be_replied_to();
    let mut state = reader.wording(if is_replied { "state-replied" } else { state(view.state) }, []);
    if let Some(terms) = &view.new_terms {
        let changed = new_terms(terms, reader);
        state.shown = joined(&[state.shown, changed.shown]);
        state.spoken = joined(&[state.spoken, changed.spoken]);
    }
    let reason = reason_of(view, reader);
    let months = reader.wording("months", [("count", view.periods.into())]);
    let mut lines = vec![line(reader, "label-periods", months.shown.clone())];
    if let Some(reason) = &reason {
        lines.insert(0, line(reader, "label-reason", reason.shown.clone()));
    }
    lines.extend(backing::lines(&view.backing, view.state.is_undecided(), reader));
    lines.extend(view.replies.iter().flat_map(|reply| reply_lines(view, reply, reader)));
    if reader.is_full() {
        lines.push(line(reader, "label-purpose", view.purpose.as_str()));
        lines.push(line(reader, "label-product", view.product.as_str()));
        lines.push(line(reader, "label-saved", reader.when(view.submitted_at).shown));
        lines.push(line(reader, "label-request", view.request_id.to_string()));
    } else {
        lines.push(line(reader, "label-saved", reader.ago(view.submitted_at).shown));
    }
    let spoken = joined(&[
        reader.spoken("request-said", [("amount", amount.into()), ("months", months.into())]),
        state.spoken,
        reason.map(|reason| reader.spoken("reason-said", [("reason", reason.into())])).unwrap_or_default(),
        reply_refused(view, reader),
        documents(view, reader),
    ]);
    let retry = Action::plain(reader, ActionKind::RetryRequest(view.request_id), "action-retry");
    let cancel = Action::plain(reader, ActionKind::CancelRequest(view.request_id), "action-cancel");
    let accept = Action::plain(reader, ActionKind::AcceptLoan(view.request_id), "action-accept");
    let reply = Action::plain(reader, ActionKind::ReplyToOffice(view.request_id), "action-reply");
    let can_accept = view.state == RequestState::Approved;
    let possible = [
        (can_accept, accept),
        (view.can_be_replied_to(), reply),
        (can_retry(view), retry),
        (can_cancel(view.state), cancel),
    ];
    Block {
        role: Role::Request,
        heading: reader.shown("request-heading", []),
        // What is asked for is nobody's figure to prove: the member said it.
        figure: Some(figure_of(reader, "label-principal", view.principal, saved)),
        text: state.shown,
        lines,
        spoken,
        actions: possible.into_iter().filter_map(|(is_possible, action)| is_possible.then_some(action)).collect(),
    }
}

/// Why it stands as it does, to be put into a sentence.
pub(super) fn reason_of(view: &RequestView, reader: &Reader) -> Option<Wording> {
    view.reason.as_deref().map(|kept| Wording::same(reason(reader.language, kept).trim_end_matches('.')))
}

/// A reply, what it gives, and where it stands while the office does not have it.
fn reply_lines(view: &RequestView, reply: &ReplyView, reader: &Reader) -> Vec<Line> {
    let mut lines = vec![line(reader, "label-reply", reply.text.as_str())];
    if reply.state != RequestState::Received {
        lines.push(line(reader, "label-reply-stands", reader.shown(state(reply.state), [])));
    }
    let why = reply.reason.as_deref().map(|kept| reason(reader.language, kept));
    lines.extend(why.map(|why| line(reader, "label-reason", why)));
    lines.extend(backing::lines(&reply.backing, is_awaited(view, reply), reader));
    lines
}

/// Whether the office still takes what a reply gives.
fn is_awaited(view: &RequestView, reply: &ReplyView) -> bool {
    view.state.is_undecided() && !matches!(reply.state, RequestState::Rejected | RequestState::Cancelled)
}

/// Why the office did not take the last reply, for the ear.
fn reply_refused(view: &RequestView, reader: &Reader) -> String {
    let last = view.replies.last().filter(|reply| reply.state == RequestState::Rejected);
    let why = last.and_then(|reply| reply.reason.as_deref()).map(|kept| reason(reader.language, kept));
    let why = why.map(|why| Wording::same(why.trim_end_matches('.')));
    why.map(|why| reader.spoken("reply-refused-said", [("reason", why.into())])).unwrap_or_default()
}

/// Where the documents of a request and its replies are, for the ear, while the office takes them.
fn documents(view: &RequestView, reader: &Reader) -> String {
    if !view.state.is_undecided() {
        return String::new();
    }
    let replied = view.replies.iter().filter(|reply| is_awaited(view, reply));
    let replied = replied.flat_map(|reply| &reply.backing.attachments);
    let all: Vec<_> = view.backing.attachments.iter().chain(replied).cloned().collect();
    backing::documents(&all, reader).map(|documents| documents.spoken).unwrap_or_default()
}

/// Whether it helps to send it by hand: it, a reply or a document is stuck, or waits because a try failed.
fn can_retry(view: &RequestView) -> bool {
    let is_held_up = |state, reason: &Option<String>| match state {
        RequestState::Stuck => true,
        RequestState::Queued | RequestState::Sending => reason.is_some(),
        _ => false,
    };
    let backings = view.replies.iter().map(|reply| &reply.backing).chain([&view.backing]);
    is_held_up(view.state, &view.reason)
        || view.replies.iter().any(|reply| is_held_up(reply.state, &reply.reason))
        || (view.state.is_open() && backings.flat_map(|backing| &backing.attachments).any(|a| a.reason.is_some()))
}

/// Whether the member can still take it back.
fn can_cancel(state: RequestState) -> bool {
    state.is_open() || matches!(state, RequestState::Queued | RequestState::Sending | RequestState::Stuck)
}

fn state(state: RequestState) -> &'static str {
    match state {
        RequestState::Queued => "state-queued",
        RequestState::Sending => "state-sending",
        RequestState::Received => "state-received",
        RequestState::Approved => "state-approved",
        RequestState::Rejected => "state-rejected",
        RequestState::Stuck => "state-stuck",
        RequestState::Cancelled => "state-cancelled",
        RequestState::InReview => "state-in-review",
        RequestState::MoreAsked => "state-more-asked",
        RequestState::Accepted => "state-accepted",
        RequestState::Disbursed => "state-disbursed",
    }
}
