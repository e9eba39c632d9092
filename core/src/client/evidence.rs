//! The evidence of broken promises, for the member to see and for the office to check: both signed checkpoints, the heads
//! they are over, and the old entries where a new epoch replaced them.
//!
//! Judges nothing: what was kept is told as it was kept. What is written out holds the member's own figures and is for the
//! member to hand over; nothing here sends it.

use data_encoding::{BASE64, HEXLOWER};
use serde::Serialize;

use super::{Client, EvidenceView, StatementView};
use crate::domain::{LedgerKind, Money};
use crate::error::{Error, Result};
use crate::protocol::checkpoint::SignedCheckpoint;
use crate::protocol::problem::Code;
use crate::store::evidence::{self, Signed, StoredEvidence};
use crate::store::{Snapshot, passbook, profile};

/// The most old entries that are written out for one account, from the first that differs on.
const MAX_OLD_ENTRIES: u32 = 1_000;
/// The number of the document's form.
const VERSION: u32 = 1;

impl Client {
    /// What is kept of broken promises, newest first.
    pub fn evidence(&self) -> Result<Vec<EvidenceView>> {
        self.engine.store.read(|db| Ok(evidence::all(db)?.iter().map(view).collect()))
    }

    /// All of the evidence as one JSON document for the office (docs/protocol.md, "Evidence"): the signed bytes, so that
    /// whoever has the cooperative's public key can check it without this phone.
    pub fn export_evidence(&self) -> Result<String> {
        let written_at = self.engine.now()?.to_string();
        let document = self.engine.store.read(|db| {
            let profile = profile::load(db)?;
            Ok(Document {
                anggota_evidence: VERSION,
                cooperative: profile.cooperative.to_string(),
                member_no: profile.member.to_string(),
                device_id: profile.device.to_string(),
                written_at,
                evidence: evidence::all(db)?.iter().map(|kept| Piece::of(db, kept)).collect::<Result<_>>()?,
            })
        })?;
        serde_json::to_string_pretty(&document).map_err(|fault| Error::because(Code::Internal, fault))
    }
}

fn view(kept: &StoredEvidence) -> EvidenceView {
    EvidenceView {
        kind: kept.kind,
        account_no: kept.account.as_ref().map(|key| key.account.clone()),
        ledger: kept.account.as_ref().map(|key| key.kind),
        at: kept.at,
        epoch: kept.epoch,
        first_seq: kept.first_seq,
        held: kept.held.as_ref().and_then(statement),
        received: kept.received.as_ref().and_then(statement),
    }
}

/// What a kept checkpoint says; `None` where its bytes say nothing.
fn statement(signed: &Signed) -> Option<StatementView> {
    let parsed = SignedCheckpoint::parse(&signed.checkpoint).ok()?;
    let content = parsed.unverified().ok()?;
    Some(StatementView {
        epoch: content.epoch,
        generation: content.generation,
        issued_at: content.issued_at,
        hash: HEXLOWER.encode(&parsed.hash()),
    })
}

#[derive(Serialize)]
struct Document {
    anggota_evidence: u32,
    cooperative: String,
    member_no: String,
    device_id: String,
    written_at: String,
    evidence: Vec<Piece>,
}

#[derive(Serialize)]
struct Piece {
    kind: &'static str,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_no: Option<String>,
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    ledger: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    epoch: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_seq: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    held: Option<Statement>,
    #[serde(skip_serializing_if = "Option::is_none")]
    received: Option<Statement>,
    /// SHA-256 of the frame of the page that did not fit.
    #[serde(skip_serializing_if = "Option::is_none")]
    page: Option<String>,
    /// Newest first.
    old_entries: Vec<OldEntry>,
}

impl Piece {
    fn of(db: &Snapshot, kept: &StoredEvidence) -> Result<Self> {
        Ok(Self {
            kind: kept.kind.as_str(),
            at: kept.at.to_string(),
            account_no: kept.account.as_ref().map(|key| key.account.to_string()),
            ledger: kept.account.as_ref().map(|key| key.kind.as_str()),
            epoch: kept.epoch,
            first_seq: kept.first_seq,
            held: kept.held.as_ref().map(Statement::of),
            received: kept.received.as_ref().map(Statement::of),
            page: kept.page.map(|hash| HEXLOWER.encode(&hash)),
            old_entries: old_entries(db, kept)?,
        })
    }
}

/// The signed bytes and the heads that the root is over.
#[derive(Serialize)]
struct Statement {
    #[serde(flatten)]
    says: Option<Says>,
    /// COSE_Sign1 in base64.
    signed: String,
    /// Each head's canonical bytes in base64, in the order of the tree.
    heads: Vec<String>,
}

#[derive(Serialize)]
struct Says {
    epoch: u64,
    generation: u64,
    issued_at: String,
    hash: String,
}

impl Statement {
    fn of(signed: &Signed) -> Self {
        let says = statement(signed).map(|StatementView { epoch, generation, issued_at, hash }| Says {
            epoch,
            generation,
            issued_at: issued_at.to_string(),
            hash,
        });
        let heads = signed.leaves.iter().map(|leaf| BASE64.encode(leaf)).collect();
        Self { says, signed: BASE64.encode(&signed.checkpoint), heads }
    }
}

/// An entry of the old books, under the names that `transactions` prints.
#[derive(Serialize)]
struct OldEntry {
    seq: u32,
    posted_on: String,
    kind: &'static str,
    #[serde(flatten)]
    figures: Figures,
    description: String,
    reference: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    reverses: Option<u32>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Figures {
    Savings { amount: Amount, balance: Amount },
    Loan { principal: Amount, interest: Amount, late_charge: Amount, outstanding: Amount },
}

/// An amount as it is written in JSON.
struct Amount(Money);

impl Serialize for Amount {
    fn serialize<S: serde::Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

fn old_entries(db: &Snapshot, kept: &StoredEvidence) -> Result<Vec<OldEntry>> {
    let (Some(old), Some(first), Some(key)) = (kept.old_account, kept.first_seq, &kept.account) else {
        return Ok(Vec::new());
    };
    let end = first.saturating_add(MAX_OLD_ENTRIES);
    let differs = |entry: &OldEntry| entry.seq >= first;
    let entries: Vec<OldEntry> = match key.kind {
        LedgerKind::Savings => passbook::savings_down(db, old, end, MAX_OLD_ENTRIES)?
            .iter()
            .map(|entry| OldEntry {
                seq: entry.seq(),
                posted_on: entry.posted_on().to_string(),
                kind: entry.kind().as_str(),
                figures: Figures::Savings { amount: Amount(entry.amount()), balance: Amount(entry.balance_after()) },
                description: entry.description().as_str().to_owned(),
                reference: entry.reference().as_str().to_owned(),
                reverses: entry.reverses(),
            })
            .collect(),
        LedgerKind::Loan => passbook::loan_down(db, old, end, MAX_OLD_ENTRIES)?
            .iter()
            .map(|entry| OldEntry {
                seq: entry.seq(),
                posted_on: entry.posted_on().to_string(),
                kind: entry.kind().as_str(),
                figures: Figures::Loan {
                    principal: Amount(entry.amounts().principal),
                    interest: Amount(entry.amounts().interest),
                    late_charge: Amount(entry.amounts().late_charge),
                    outstanding: Amount(entry.outstanding_after()),
                },
                description: entry.description().as_str().to_owned(),
                reference: entry.reference().as_str().to_owned(),
                reverses: entry.reverses(),
            })
            .collect(),
    };
    Ok(entries.into_iter().filter(differs).collect())
}
