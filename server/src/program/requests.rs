//! The office's commands for loan requests: what is asked and what stands behind it, the documents, the answer.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::path::Path;

use anggota::domain::{MemberNo, Money, OperationId};
use anggota::protocol::problem::Code;
use data_encoding::HEXLOWER;
use serde::Serialize;

use super::Desk;
use super::args::{Decide, Global};
use super::office::moment;
use super::output::Answer;
use crate::attachments::{self, Named};
use crate::files;
use crate::refusal::Refusal;
use crate::requests::{self, Decision, Given, Listed, ListedReply};

#[derive(Serialize)]
struct Requests {
    requests: Vec<Request>,
}

#[derive(Serialize)]
struct Request {
    request_id: String,
    member_no: String,
    product: String,
    principal: String,
    periods: u32,
    purpose: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    submitted_at: String,
    #[serde(flatten)]
    backing: Backing,
    replies: Vec<Reply>,
}

#[derive(Serialize)]
struct Backing {
    #[serde(skip_serializing_if = "Option::is_none")]
    income: Option<String>,
    guarantors: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    collateral: Option<String>,
    attachments: Vec<Attachment>,
}

#[derive(Serialize)]
struct Attachment {
    hash: String,
    size: u32,
    media_type: &'static str,
    held: u32,
    whole: bool,
}

#[derive(Serialize)]
struct Reply {
    text: String,
    replied_at: String,
    #[serde(flatten)]
    backing: Backing,
}

pub(super) fn list(global: &Global) -> Result<Answer, Refusal> {
    let desk = Desk::open(global)?;
    let listed = desk.read(requests::list)?;
    let mut text: String = listed.iter().map(|request| told(&desk, request)).collect();
    if listed.is_empty() {
        text.push_str("Belum ada pengajuan.");
    }
    Answer::new(&Requests { requests: listed.into_iter().map(Request::from).collect() }, text)
}

impl From<Listed> for Request {
    fn from(listed: Listed) -> Self {
        Self {
            request_id: listed.id.to_string(),
            member_no: listed.member.to_string(),
            product: listed.product.to_string(),
            principal: listed.principal.to_string(),
            periods: listed.periods,
            purpose: listed.purpose.to_string(),
            state: listed.state.as_str(),
            reason: listed.reason.map(|reason| reason.to_string()),
            submitted_at: listed.submitted_at.to_string(),
            backing: listed.given.into(),
            replies: listed.replies.into_iter().map(Reply::from).collect(),
        }
    }
}

impl From<ListedReply> for Reply {
    fn from(reply: ListedReply) -> Self {
        let (text, replied_at) = (reply.text.to_string(), reply.replied_at.to_string());
        Self { text, replied_at, backing: reply.given.into() }
    }
}

impl From<Given> for Backing {
    fn from(given: Given) -> Self {
        let attachments = given.attachments.iter().map(|named| Attachment {
            hash: HEXLOWER.encode(named.attachment.hash()),
            size: named.attachment.size(),
            media_type: named.attachment.media_type().as_str(),
            held: named.held,
            whole: named.is_whole,
        });
        Self {
            income: given.income.map(|income| income.to_string()),
            guarantors: given.guarantors.iter().map(MemberNo::to_string).collect(),
            collateral: given.collateral.map(|collateral| collateral.to_string()),
            attachments: attachments.collect(),
        }
    }
}

/// A request for people: a line for each thing to know.
fn told(desk: &Desk, request: &Listed) -> String {
    let mut text = format!(
        "{}\n  anggota {}, {}, {}, {} bulan, untuk {}\n  {}, diajukan {}\n",
        request.id,
        request.member,
        request.product,
        request.principal.to_rupiah_text(),
        request.periods,
        request.purpose,
        state_word(request.state),
        moment(desk, request.submitted_at)
    );
    if let Some(reason) = &request.reason {
        // Writing to a string cannot fail.
        let _infallible = writeln!(text, "  kata kantor: {reason}");
    }
    tell(&mut text, "  ", &request.given);
    for reply in &request.replies {
        // Writing to a string cannot fail.
        let _infallible = writeln!(text, "  keterangan {}: {}", moment(desk, reply.replied_at), reply.text);
        tell(&mut text, "    ", &reply.given);
    }
    text
}

fn tell(text: &mut String, indent: &str, given: &Given) {
    let mut line = |what: std::fmt::Arguments<'_>| {
        // Writing to a string cannot fail.
        let _infallible = writeln!(text, "{indent}{what}");
    };
    if let Some(income) = given.income.map(Money::to_rupiah_text) {
        line(format_args!("penghasilan {income} sebulan"));
    }
    if !given.guarantors.is_empty() {
        let guarantors: Vec<_> = given.guarantors.iter().map(MemberNo::as_str).collect();
        line(format_args!("penjamin {}", guarantors.join(", ")));
    }
    if let Some(collateral) = &given.collateral {
        line(format_args!("agunan {collateral}"));
    }
    for named in &given.attachments {
        let (name, size) = (file_name(named), named.attachment.size());
        match named.is_whole {
            true => line(format_args!("lampiran {name}, {size} bita")),
            false => line(format_args!("lampiran {name}, baru {} dari {size} bita", named.held)),
        }
    }
}

#[derive(Serialize)]
struct Exported {
    request_id: String,
    files: Vec<File>,
    missing: usize,
}

#[derive(Serialize)]
struct File {
    file: String,
    bytes: usize,
    hash: String,
    media_type: &'static str,
}

/// Writes the documents that are whole, each for this user alone. One that was named twice is one file, and one that cannot
/// be written keeps no other from it.
pub(super) fn attachments(global: &Global, id: &OperationId, folder: &Path) -> Result<Answer, Refusal> {
    let desk = Desk::open(global)?;
    let named = desk.read(|connection, cooperative| {
        requests::state(connection, cooperative, id)?;
        attachments::of_request(connection, cooperative, id)
    })?;
    files::create_folder(folder)?;
    let mut written: Vec<File> = Vec::new();
    let mut faults = BTreeMap::new();
    for whole in named.iter().filter(|named| named.is_whole) {
        let hash = HEXLOWER.encode(whole.attachment.hash());
        if written.iter().any(|file| file.hash == hash) {
            continue;
        }
        match write_out(&desk, whole, folder)? {
            Ok(file) => {
                // Of one that was named twice the other copy may have been spoilt.
                faults.remove(&hash);
                written.push(file);
            }
            Err(fault) => drop(faults.insert(hash, format!("{}: {fault}\n", file_name(whole)))),
        }
    }
    let all: HashSet<_> = named.iter().map(|named| named.attachment.hash()).collect();
    let missing = all.len() - written.len();
    let mut text: String = written.iter().map(|file| format!("{} ({} bita)\n", file.file, file.bytes)).collect();
    text.extend(faults.values().map(String::as_str));
    // Writing to a string cannot fail.
    let _infallible = match (named.len(), missing, missing - faults.len()) {
        (0, ..) => writeln!(text, "Pengajuan ini tidak berlampiran."),
        (_, 0, _) => writeln!(text, "Semua lampiran sudah ditulis."),
        (_, _, 0) => writeln!(text, "Lampiran yang tidak ditulis: {missing}."),
        (_, _, awaited) => writeln!(text, "Belum lengkap diterima dari ponsel anggota: {awaited} lampiran."),
    };
    Answer::new(&Exported { request_id: id.to_string(), files: written, missing }, text)
}

/// Writes one of them, or says what is wrong with this one alone.
fn write_out(desk: &Desk, whole: &Named, folder: &Path) -> Result<Result<File, &'static str>, Refusal> {
    let bytes = match desk.read(|connection, cooperative| attachments::read(connection, cooperative, whole)) {
        Ok(bytes) => bytes,
        Err(refusal) if refusal.code() == Code::StoreUnreadable => {
            return Ok(Err("isinya rusak di basis data dan tidak ditulis; pulihkan dari cadangan terakhir."));
        }
        Err(refusal) => return Err(refusal),
    };
    let path = folder.join(file_name(whole));
    match files::keep(&path, &bytes) {
        Ok(()) => {}
        Err(refusal) if refusal.code() == Code::NotPossible => {
            return Ok(Err("sudah ada dengan isi lain dan tidak ditimpa; pakai folder lain."));
        }
        Err(refusal) => return Err(refusal),
    }
    let (hash, media_type) = (HEXLOWER.encode(whole.attachment.hash()), whole.attachment.media_type().as_str());
    Ok(Ok(File { file: path.display().to_string(), bytes: bytes.len(), hash, media_type }))
}

/// Known by its content, so that one document has one name wherever it is written, and two that a member made to begin
/// alike have two.
fn file_name(named: &Named) -> String {
    let Named { attachment, .. } = named;
    format!("{}.{}", HEXLOWER.encode(&attachment.hash()[..16]), attachment.media_type().file_ending())
}

fn state_word(state: anggota::domain::RequestState) -> &'static str {
    use anggota::domain::RequestState as State;
    match state {
        State::Received => "menunggu keputusan",
        State::Approved => "disetujui",
        State::Rejected => "ditolak",
        State::Cancelled => "dibatalkan anggota",
        State::InReview => "sedang diperiksa",
        State::MoreAsked => "menunggu keterangan anggota",
        State::Accepted => "disetujui, dan diterima anggota",
        State::Disbursed => "dicairkan",
        // Where a phone stands with it; never in the office's own books.
        State::Queued | State::Sending | State::Stuck => "belum diterima",
    }
}

#[derive(Serialize)]
struct Decided {
    request_id: String,
    state: &'static str,
}

pub(super) fn decide(global: &Global, given: Decide) -> Result<Answer, Refusal> {
    let desk = Desk::open(global)?;
    let decision = match given.reason {
        reason if given.approve => Decision::Approve(reason),
        _ if given.review => Decision::Review,
        _ if given.disburse => Decision::Disburse,
        Some(reason) if given.ask => Decision::Ask(reason),
        Some(reason) => Decision::Reject(reason),
        None => return Err(Refusal::field("reason", "Alasan wajib diisi, karena dibaca anggota.")),
    };
    let state = desk.write(|transaction, cooperative| {
        requests::decide(transaction, cooperative, &given.id, decision, &given.officer, desk.now)
    })?;
    let document = Decided { request_id: given.id.to_string(), state: state.as_str() };
    Answer::new(&document, format!("Pengajuan {} {}.", given.id, state_word(state)))
}
