//! What proves the books beyond this device: the evidence of broken promises, and the checkpoints of two devices of one
//! member side by side.

use super::notices::warning;
use super::{Action, ActionKind, Block, Role, Screen, line};
use crate::views::{CheckpointComparison, CheckpointView, EvidenceView, StatementView, WarningView};
use crate::words::reader::Reader;

/// What is kept of broken promises, newest first.
pub fn evidence(kept: &[EvidenceView], reader: &Reader) -> Screen {
    let mut blocks: Vec<Block> = kept.iter().map(|piece| one(piece, reader)).collect();
    if blocks.is_empty() {
        blocks.push(Block::sentence(reader, Role::Hint, "", reader.wording("no-evidence", [])));
    }
    let export = Action::plain(reader, ActionKind::ExportEvidence, "action-export-evidence");
    let actions = (!kept.is_empty()).then_some(export).into_iter().collect();
    Screen { title: reader.wording("evidence-title", []), age: None, blocks, actions }
}

/// That the evidence was written out, to be handed over.
pub fn evidence_written(reader: &Reader) -> Screen {
    let blocks = vec![Block::sentence(reader, Role::Hint, "", reader.wording("evidence-written", []))];
    Screen { title: reader.wording("evidence-title", []), age: None, blocks, actions: Vec::new() }
}

fn one(piece: &EvidenceView, reader: &Reader) -> Block {
    let about = WarningView { kind: piece.kind, account_no: piece.account_no.clone(), at: piece.at };
    let mut block = warning(&about, reader);
    if reader.is_full() {
        let statement = |signed: &StatementView| {
            let StatementView { epoch, generation, issued_at, hash } = signed;
            // As much of the hash as two people compare by reading it aloud.
            let hash: String = hash.chars().take(16).collect();
            format!("{epoch}.{generation}, {}, {hash}", reader.when(*issued_at).shown)
        };
        let rows = [
            ("label-held", piece.held.as_ref().map(statement)),
            ("label-received", piece.received.as_ref().map(statement)),
            ("label-first-seq", piece.first_seq.map(|seq| seq.to_string())),
        ];
        block.lines.extend(rows.into_iter().filter_map(|(label, value)| Some(line(reader, label, value?))));
    }
    block
}

/// The checkpoint that is held, around its QR code ([`CheckpointView::bits`]) and its text.
pub fn checkpoint(view: &CheckpointView, reader: &Reader) -> Screen {
    let mut block = Block::sentence(reader, Role::Card, "checkpoint-heading", reader.wording("checkpoint-hint", []));
    block.lines.push(line(reader, "label-books", format!("{}.{}", view.epoch, view.generation)));
    Screen { title: reader.wording("checkpoint-title", []), age: None, blocks: vec![block], actions: Vec::new() }
}

/// What two checkpoints say of each other.
pub fn compared(found: CheckpointComparison, reader: &Reader) -> Screen {
    let (role, id) = match found {
        CheckpointComparison::Same => (Role::Hint, "compared-same"),
        CheckpointComparison::OtherOlder => (Role::Hint, "compared-other-older"),
        CheckpointComparison::OtherNewer => (Role::Hint, "compared-other-newer"),
        CheckpointComparison::Different => (Role::Notice, "compared-different"),
    };
    let blocks = vec![Block::sentence(reader, role, "", reader.wording(id, []))];
    let sync = (found == CheckpointComparison::OtherNewer).then(|| Action::sync(reader));
    let actions = sync.into_iter().collect();
    Screen { title: reader.wording("compared-title", []), age: None, blocks, actions }
}
