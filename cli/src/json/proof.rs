//! The documents of what proves the books beyond this device.

use std::path::Path;

use anggota::client::{CheckpointComparison, CheckpointView, EvidenceView, StatementView};
use serde::Serialize;

/// `evidence`.
#[derive(Serialize)]
pub(crate) struct Evidence {
    evidence: Vec<Piece>,
    /// Where all of it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
}

#[derive(Serialize)]
struct Piece {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_no: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    ledger: Option<&'static str>,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    epoch: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_seq: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    held: Option<Statement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    received: Option<Statement>,
}

#[derive(Serialize)]
struct Statement {
    epoch: u64,
    generation: u64,
    issued_at: String,
    hash: String,
}

impl Evidence {
    pub(crate) fn new(kept: &[EvidenceView], file: Option<&Path>) -> Self {
        Self { evidence: kept.iter().map(Piece::from).collect(), file: file.map(|file| file.display().to_string()) }
    }
}

impl From<&EvidenceView> for Piece {
    fn from(view: &EvidenceView) -> Self {
        Self {
            kind: view.kind.as_str(),
            account_no: view.account_no.as_ref().map(ToString::to_string),
            ledger: view.ledger.map(|ledger| ledger.as_str()),
            at: view.at.to_string(),
            epoch: view.epoch,
            first_seq: view.first_seq,
            held: view.held.as_ref().map(Statement::from),
            received: view.received.as_ref().map(Statement::from),
        }
    }
}

impl From<&StatementView> for Statement {
    fn from(view: &StatementView) -> Self {
        let StatementView { epoch, generation, issued_at, hash } = view;
        Self { epoch: *epoch, generation: *generation, issued_at: issued_at.to_string(), hash: hash.clone() }
    }
}

/// `checkpoint show`.
#[derive(Serialize)]
pub(crate) struct Checkpoint {
    epoch: u64,
    generation: u64,
    hash: String,
    text: String,
    modules: u16,
}

impl From<&CheckpointView> for Checkpoint {
    fn from(view: &CheckpointView) -> Self {
        Self {
            epoch: view.epoch,
            generation: view.generation,
            hash: view.hash.clone(),
            text: view.text.clone(),
            modules: view.modules,
        }
    }
}

/// `checkpoint compare`.
#[derive(Serialize)]
pub(crate) struct Compared {
    result: &'static str,
}

impl From<CheckpointComparison> for Compared {
    fn from(found: CheckpointComparison) -> Self {
        Self { result: found.as_str() }
    }
}
