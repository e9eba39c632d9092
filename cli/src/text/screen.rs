//! The core's screens on a terminal: headings, figures and details in columns, and the command for each thing that can
//! be done now.
//!
//! Every word of it is the core's; only commands are the terminal's own.

use anggota::words::Level;
use anggota::words::screen::{ActionKind, Block, Role, Screen};

use super::table;

/// A screen as a text, or as the sentences to be read aloud.
pub(crate) fn screen(screen: &Screen, level: Level, spoken: bool) -> String {
    if spoken {
        return screen.spoken();
    }
    let mut parts = vec![screen.title.shown.to_uppercase()];
    parts.extend(screen.blocks.iter().map(|part| block(part, level)));
    parts.extend(screen.age.iter().map(|age| age.shown.clone()));
    let actions: Vec<_> = screen.actions.iter().filter_map(|action| doing(&action.kind, &action.label.shown)).collect();
    if !actions.is_empty() {
        parts.push(table(&actions));
    }
    parts.iter().map(|part| part.trim_end()).collect::<Vec<_>>().join("\n\n")
}

fn block(block: &Block, level: Level) -> String {
    let mut rows: Vec<(&str, String)> = Vec::new();
    let mut text = String::new();
    if !block.heading.is_empty() {
        text.push_str(&format!("{}\n", block.heading));
    }
    if let Some(figure) = &block.figure {
        // Entry after entry in words is a wall; one by one they help.
        let in_words = level == Level::Plain || block.role != Role::Entry;
        if figure.label == block.heading {
            text.push_str(&format!("  {}\n  {}\n", figure.amount, figure.in_words));
        } else {
            rows.push((&figure.label, figure.amount.clone()));
            rows.extend(in_words.then(|| ("", figure.in_words.clone())));
        }
    }
    if !block.text.is_empty() {
        text.push_str(&format!("{}{}\n", if block.heading.is_empty() { "" } else { "  " }, block.text));
    }
    rows.extend(block.lines.iter().map(|line| (line.label.as_str(), line.value.clone())));
    let actions: Vec<_> = block.actions.iter().filter_map(|action| doing(&action.kind, &action.label.shown)).collect();
    text + &table(&rows) + &table(&actions)
}

/// A button and the command that does the same; the notices stand on the home screen itself.
fn doing(kind: &ActionKind, label: &str) -> Option<(String, String)> {
    let command = match kind {
        ActionKind::Sync => "anggota sync".to_owned(),
        ActionKind::OpenPassbook(account) => format!("anggota transactions --account {account}"),
        ActionKind::OpenLoanPassbook(loan) => format!("anggota loan transactions {loan}"),
        ActionKind::ShowOlder(seq) => format!("--before {seq}"),
        ActionKind::OpenSchedule(loan) => format!("anggota loan schedule {loan}"),
        ActionKind::SimulateLoan => "anggota loan simulate --help".to_owned(),
        ActionKind::RequestLoan => "anggota loan request --help".to_owned(),
        ActionKind::OpenRequests => "anggota loan requests".to_owned(),
        ActionKind::RetryRequest(request) => format!("anggota loan retry {request}"),
        ActionKind::AcceptLoan(request) => format!("anggota loan accept {request}"),
        ActionKind::CancelRequest(request) => format!("anggota loan cancel {request}"),
        ActionKind::ReplyToOffice(request) => format!("anggota loan reply {request} --text TEKS"),
        ActionKind::OpenDrafts => "anggota loan draft list".to_owned(),
        ActionKind::OpenDraft(draft) => format!("anggota loan draft save --id {draft} ..."),
        ActionKind::SendDraft(draft) => format!("anggota loan draft send {draft}"),
        ActionKind::DeleteDraft(draft) => format!("anggota loan draft delete {draft}"),
        ActionKind::ShowCard => "anggota card show".to_owned(),
        ActionKind::ExportEvidence => "anggota evidence --out BERKAS".to_owned(),
        ActionKind::OpenNotices => return None,
    };
    Some((label.to_owned(), command))
}
