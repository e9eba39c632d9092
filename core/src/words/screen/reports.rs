//! What has just been done, and what came of it: an enrolment, a sync, a check of the books, a change that was noticed.

use super::{Action, Block, Role, Screen, joined};
use crate::domain::{LedgerKind, Timestamp, Topic};
use crate::views::{ProfileView, SyncReport, VerifiedAccountView, VerifyView};
use crate::words::reader::{Reader, Wording};

/// After an enrolment.
pub fn enrolled(profile: &ProfileView, reader: &Reader) -> Screen {
    let name = Wording::same(profile.name.as_str()).into();
    let member = reader.name_of(profile.member_no.as_str()).into();
    let cooperative = Wording::same(profile.cooperative_name.as_str()).into();
    let who = reader.wording("enrolled-as", [("member", member), ("cooperative", cooperative)]);
    let blocks = vec![Block::sentence(reader, Role::Hint, "", who)];
    Screen { title: reader.wording("enrolled-title", [("name", name)]), age: None, blocks, actions: sync(reader) }
}

/// After a sync.
pub fn synced(report: &SyncReport, reader: &Reader) -> Screen {
    let count = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
    let mut said = vec![match report.entries_received {
        0 => reader.wording("synced-nothing", []),
        entries => reader.wording("synced-entries", [("count", count(entries).into())]),
    }];
    if report.requests_sent > 0 {
        said.push(reader.wording("synced-requests", [("count", count(report.requests_sent).into())]));
    }
    said.push(reader.wording(if report.complete { "synced-whole" } else { "synced-partly" }, []));
    let blocks = said.into_iter().map(|words| Block::sentence(reader, Role::Hint, "", words)).collect();
    Screen { title: reader.wording("synced-title", []), age: None, blocks, actions: Vec::new() }
}

/// After the books were reckoned anew. Plainly it is the whole, and what of it does not hold.
pub fn verified(view: &VerifyView, reader: &Reader) -> Screen {
    let whole = match (view.ok, view.accounts.is_empty()) {
        (true, false) => "verified-whole",
        (true, true) => "no-figures",
        (false, _) => "verified-not",
    };
    let mut blocks = vec![Block::sentence(reader, Role::Hint, "", reader.wording(whole, []))];
    let shown = view.accounts.iter().filter(|account| reader.is_full() || !account.ok);
    blocks.extend(shown.map(|account| account_verified(account, reader)));
    let actions = if view.ok && !view.accounts.is_empty() { Vec::new() } else { sync(reader) };
    Screen { title: reader.wording("verified-title", []), age: None, blocks, actions }
}

/// What changed, and when.
pub fn changed(topic: Topic, at: Timestamp, reader: &Reader) -> Wording {
    let id = match topic {
        Topic::Balances => "changed-balances",
        Topic::Transactions => "changed-transactions",
        Topic::Requests => "changed-requests",
        Topic::Card => "changed-card",
        Topic::Register => "changed-register",
        Topic::Warnings => "changed-warnings",
        Topic::Sync => "changed-sync",
    };
    reader.wording("changed", [("clock", reader.clock(at).into()), ("what", reader.wording(id, []).into())])
}

fn sync(reader: &Reader) -> Vec<Action> {
    vec![Action::sync(reader)]
}

fn account_verified(view: &VerifiedAccountView, reader: &Reader) -> Block {
    let (role, heading) = match view.kind {
        LedgerKind::Savings => (Role::Savings, "verified-savings"),
        LedgerKind::Loan => (Role::Loan, "verified-loan"),
    };
    let heading = reader.wording(heading, [("account", reader.name_of(view.account_no.as_str()).into())]);
    let entries = u32::try_from(view.entries).unwrap_or(u32::MAX);
    let entries = || reader.wording("entries", [("count", entries.into())]).into();
    let found = match (view.ok, view.first_bad_seq) {
        (true, _) => reader.wording("verified-holds", [("entries", entries())]),
        (false, Some(seq)) => {
            reader.wording("verified-broken-from", [("entries", entries()), ("seq", reader.plain(seq.into()).into())])
        }
        (false, None) => reader.wording("verified-broken", [("entries", entries())]),
    };
    Block {
        role,
        heading: heading.shown,
        figure: None,
        text: found.shown,
        lines: Vec::new(),
        spoken: joined(&[format!("{}:", heading.spoken), found.spoken]),
        actions: Vec::new(),
    }
}
