//! What waits for the member: a loan that was approved and is not taken yet, a question of the office. It stands above the
//! figures, because nothing goes on without it.

use super::requests::{reason_of, request};
use super::{Block, joined};
use crate::domain::RequestState;
use crate::views::{BalancesView, RequestView};
use crate::words::reader::{Reader, Wording};

/// A block for each, approved loans first.
pub(super) fn todos(view: &BalancesView, reader: &Reader) -> Vec<Block> {
    view.approved.iter().chain(&view.pending).filter_map(|view| todo(view, reader)).collect()
}

/// Whether a request waits for the member, and so stands among the things to do.
pub(super) fn is_todo(view: &RequestView) -> bool {
    message(view).is_some()
}

fn message(view: &RequestView) -> Option<&'static str> {
    match (view.state, &view.reason) {
        (RequestState::Approved, _) => Some("todo-accept"),
        // Once a reply is on its way it is the office that is waited for.
        (RequestState::MoreAsked, Some(_)) if view.can_be_replied_to() => Some("todo-answer"),
        (RequestState::MoreAsked, None) if view.can_be_replied_to() => Some("todo-ask"),
        _ => None,
    }
}

/// The request, as something to do: what, and the office's words. Its details and what can be done are the request's own.
fn todo(view: &RequestView, reader: &Reader) -> Option<Block> {
    let id = message(view)?;
    let (amount, word) = (reader.amount(view.principal), reason_of(view, reader));
    let reason = || word.clone().unwrap_or_default().into();
    let (heading, said) =
        (reader.wording("todo-heading", []), reader.wording(id, [("amount", amount.into()), ("reason", reason())]));
    let added = match (view.state, &word) {
        (RequestState::Approved, Some(_)) => reader.wording("todo-word", [("reason", reason())]),
        _ => Wording::default(),
    };
    let mut block = request(view, reader);
    // The office's words stand in the sentence.
    block.lines.drain(..usize::from(word.is_some()));
    block.heading = heading.shown;
    block.text = joined(&[said.shown, added.shown]);
    block.spoken = joined(&[heading.spoken, said.spoken, added.spoken]);
    Some(block)
}
