//! What a member commands beyond a bare request, what becomes of it, and the office's answers.

use anggota::domain::{Attachment, Backing, MediaType, Name, OperationId, Reason, Reply, ReplyText, RequestState};
use anggota::protocol::operation::{Answer, Command, Operation, OperationResult};
use anggota::protocol::problem::Code;
use anggota::protocol::pull::PullRequest;
use anggota::protocol::sha256;
use anggota::protocol::upload::{Held, MAX_PART_BYTES, Part};
use anggota_server::refusal::Refusal;
use anggota_server::requests::{self, Decision};

use super::phone::{Phone, new_operation, nothing_held};
use super::{Bench, FIRST};

pub async fn one(phone: &Phone, bench: &Bench, operation: &Operation) -> Answer {
    let answers = phone.push(bench, &[phone.sign(operation)]).await.unwrap();
    let [answer] = answers.try_into().unwrap();
    answer
}

pub fn state(answer: &Answer) -> RequestState {
    result(answer).state
}

pub fn result(answer: &Answer) -> &OperationResult {
    match answer {
        Answer::Result(result) => result,
        other => panic!("{other:?}"),
    }
}

pub fn decide(bench: &Bench, id: &OperationId, decision: Decision) -> Result<RequestState, Refusal> {
    let (cooperative, officer) = (bench.cooperative(FIRST), Name::new("Bu Sri").unwrap());
    bench.database.write(|t| requests::decide(t, &cooperative, id, decision, &officer, bench.now()))
}

pub fn ask_more(bench: &Bench, request: &Operation) {
    let what = Reason::new("lampirkan slip gaji").unwrap();
    assert_eq!(decide(bench, &request.id, Decision::Ask(what)).unwrap(), RequestState::MoreAsked);
}

pub async fn results(phone: &Phone, bench: &Bench, after: u64) -> Vec<(u64, OperationId, RequestState)> {
    let pulled = phone.pull(bench, &PullRequest { results_after: after, ..nothing_held() }).await.unwrap();
    pulled.results.iter().map(|result| (result.number, result.operation, result.state)).collect()
}

/// The same request with what stands behind it.
pub fn backed(request: Operation, backing: Backing) -> Operation {
    let Command::RequestLoan(asked) = request.command else { panic!("another command") };
    Operation { command: Command::RequestLoan(asked.with_backing(backing)), ..request }
}

pub fn reply_to(request: &Operation, backing: Backing) -> Operation {
    let text = ReplyText::new("Sudah saya lampirkan").unwrap();
    let command = Command::Reply(Reply { request: request.id, text, backing });
    Operation { id: new_operation(), subject: request.id, after: Some(request.id), command }
}

/// A picture of that many bytes; another number makes another picture.
pub fn picture(size: usize, number: u8) -> Vec<u8> {
    let mut bytes = vec![number; size];
    bytes[..3].copy_from_slice(&[0xff, 0xd8, 0xff]);
    bytes
}

/// What names a document of these bytes.
pub fn naming(bytes: &[u8]) -> Attachment {
    Attachment::new(sha256(bytes), bytes.len() as u32, MediaType::of(bytes).unwrap()).unwrap()
}

pub fn attaching(attachments: Vec<Attachment>) -> Backing {
    Backing::new(None, vec![], None, attachments).unwrap()
}

/// The part of a document that begins there.
pub fn part(operation: &Operation, document: &[u8], offset: usize) -> Part {
    let end = document.len().min(offset + MAX_PART_BYTES);
    let bytes = document[offset..end].to_vec();
    Part { operation: operation.id, hash: sha256(document), offset: offset as u32, bytes }
}

impl Phone {
    pub async fn upload(&self, bench: &Bench, part: &Part) -> Result<Held, Code> {
        let reply = self.post(bench, "attachments", part.encode(), true).await;
        match reply.code() {
            Some(code) => Err(code),
            None => Ok(Held::decode(&reply.ok()).unwrap()),
        }
    }

    /// Sends all of a document.
    pub async fn upload_all(&self, bench: &Bench, operation: &Operation, document: &[u8]) -> Held {
        let mut held = self.upload(bench, &Part { bytes: vec![], ..part(operation, document, 0) }).await.unwrap();
        while !held.whole {
            held = self.upload(bench, &part(operation, document, held.bytes as usize)).await.unwrap();
        }
        held
    }
}
