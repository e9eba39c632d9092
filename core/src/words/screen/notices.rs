//! What the member must be told: books that went back or differ, accounts that are gone, requests that wait for the member
//! or are stuck.

use super::requests::request;
use super::todo::todos;
use super::{Action, Block, Role, Screen, joined, line};
use crate::domain::{EvidenceKind, LedgerKind, RequestState};
use crate::views::{BalancesView, EndedView, WarningView};
use crate::words::reader::Reader;

/// The notices, the gravest first.
pub fn notices(view: &BalancesView, reader: &Reader) -> Screen {
    let mut blocks: Vec<Block> = view.warnings.iter().map(|about| warning(about, reader)).collect();
    blocks.extend(view.ended.iter().map(|about| ended(about, reader)));
    blocks.extend(todos(view, reader));
    let stuck = view.pending.iter().filter(|request| request.state == RequestState::Stuck);
    blocks.extend(stuck.map(|view| request(view, reader)));
    if blocks.is_empty() {
        blocks.push(Block::sentence(reader, Role::Hint, "", reader.wording("no-notices", [])));
    }
    let title = reader.wording("notices-title", []);
    Screen { title, age: None, blocks, actions: vec![Action::sync(reader)] }
}

/// Books that do not hold.
pub(super) fn warning(about: &WarningView, reader: &Reader) -> Block {
    let id = match about.kind {
        EvidenceKind::Rollback => "warning-rollback",
        EvidenceKind::Fork => "warning-fork",
        EvidenceKind::Mismatch => "warning-mismatch",
        EvidenceKind::PastChanged => "warning-past-changed",
        EvidenceKind::Rebuilt => "warning-rebuilt",
    };
    let words = reader.wording(id, [("when", reader.when(about.at).into())]);
    let mut block = Block::sentence(reader, Role::Notice, "notice-heading", words);
    if let Some(account) = &about.account_no {
        block.lines.push(line(reader, "label-account", account.as_str()));
        let name = reader.spoken("account-said", [("account", reader.name_of(account.as_str()).into())]);
        block.spoken = joined(&[std::mem::take(&mut block.spoken), name]);
    }
    block
}

/// An account that the cooperative no longer shows.
pub(super) fn ended(about: &EndedView, reader: &Reader) -> Block {
    let id = match about.kind {
        LedgerKind::Savings => "ended-savings",
        LedgerKind::Loan => "ended-loan",
    };
    let account = reader.name_of(about.account_no.as_str());
    let words = reader.wording(id, [("account", account.into()), ("when", reader.when(about.at).into())]);
    Block::sentence(reader, Role::Notice, "notice-heading", words)
}
