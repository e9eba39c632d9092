//! Loan requests and where they stand.

use super::checks::new_terms;
use super::{Action, ActionKind, Block, Possible, Role, Screen, figure_of, joined, line};
use crate::domain::RequestState;
use crate::views::RequestView;
use crate::words::advice::reason;
use crate::words::reader::{Reader, Wording};

/// The requests, the newest first.
pub fn requests(views: &[RequestView], possible: Possible, reader: &Reader) -> Screen {
    let mut blocks: Vec<Block> = views.iter().rev().map(|view| request(view, reader)).collect();
    if blocks.is_empty() {
        blocks.push(Block::sentence(reader, Role::Hint, "", reader.wording("no-requests", [])));
    }
    let ask = possible.request_loan.then(|| Action::plain(reader, ActionKind::RequestLoan, "action-request-loan"));
    let actions = ask.into_iter().chain([Action::sync(reader)]).collect();
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
}

/// A request after something was done with it.
pub fn request_told(view: &RequestView, told: Told, reader: &Reader) -> Screen {
    let id = match (told, view.state) {
        (Told::Saved, _) => Some("request-is-saved"),
        // The wish is on its way; what came of it says the request's state.
        (Told::Cancelled, RequestState::Sending) => Some("request-cancel-wished"),
        (Told::Cancelled, state) if state.is_open() => Some("request-cancel-wished"),
        (Told::Accepted, RequestState::Approved) => Some("request-accept-wished"),
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
    let mut state = reader.wording(state(view.state), []);
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
    ]);
    let retry = Action::plain(reader, ActionKind::RetryRequest(view.request_id), "action-retry");
    let cancel = Action::plain(reader, ActionKind::CancelRequest(view.request_id), "action-cancel");
    let accept = Action::plain(reader, ActionKind::AcceptLoan(view.request_id), "action-accept");
    let can_accept = view.state == RequestState::Approved;
    let possible = [(can_accept, accept), (can_retry(view), retry), (can_cancel(view.state), cancel)];
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

/// Whether it helps to send it by hand: it is stuck, or waits because a try failed.
fn can_retry(view: &RequestView) -> bool {
    match view.state {
        RequestState::Stuck => true,
        RequestState::Queued | RequestState::Sending => view.reason.is_some(),
        _ => false,
    }
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
