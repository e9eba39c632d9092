//! operations.json: what a member commands, signed by the device, and what the server says to it.

use anggota::cose::{self, Headers, PublicKey, Signer, Typ};
use anggota::domain::{
    Backing, CooperativeId, DeviceId, LoanRequest, MemberNo, OperationId, ProductCode, Purpose, Reason, Reply,
    ReplyText, RequestState,
};
use anggota::protocol::operation::{
    Answer, Command, Operation, OperationFault, OperationResult, decode_answers, decode_push, encode_answers,
    encode_push,
};
use serde_json::{Value as Json, json};

use super::backing;
use super::books::{NOW, at, cooperative, member, sen};
use super::file::{Keys, hex, unhex};

const OPERATION: Typ = Typ::text("application/vnd.anggota.operation+cose");
const MILLIS: u64 = NOW as u64 * 1_000;

fn device() -> DeviceId {
    DeviceId::new(MILLIS - 86_400_000, [0xd1; 10])
}

fn id(number: u8) -> OperationId {
    OperationId::new(MILLIS + u64::from(number), [number; 10])
}

/// The request with something behind it.
pub(crate) fn backed_request() -> OperationId {
    id(4)
}

/// The reply to it that brings documents.
pub(crate) fn reply() -> OperationId {
    id(5)
}

/// How many of the operations the push brings.
const PUSHED: usize = 3;

fn operations() -> [Operation; 6] {
    let product = ProductCode::new("PB").unwrap();
    let purpose = Purpose::new("Modal warung, tambah étalase").unwrap();
    let request = LoanRequest::new(product, 3, sen(1_200_000_000), 12, purpose).unwrap();
    let backed = request.clone().with_backing(backing::of_request());
    let replied = |text: &str, backing| Reply { request: id(4), text: ReplyText::new(text).unwrap(), backing };
    let documents = replied("Saya kirim tangkapan layar dan foto warung sekali lagi.", backing::of_reply());
    let words = replied("Penghasilan istri saya belum termasuk.", Backing::default());
    [
        Operation { id: id(1), subject: id(1), after: None, command: Command::RequestLoan(request) },
        Operation { id: id(2), subject: id(1), after: Some(id(1)), command: Command::CancelRequest(id(1)) },
        Operation { id: id(3), subject: id(1), after: Some(id(2)), command: Command::AcceptLoan(id(1)) },
        Operation { id: id(4), subject: id(4), after: None, command: Command::RequestLoan(backed) },
        Operation { id: id(5), subject: id(4), after: Some(id(4)), command: Command::Reply(documents) },
        Operation { id: id(6), subject: id(4), after: Some(id(5)), command: Command::Reply(words) },
    ]
}

fn answers(operations: &[Operation]) -> Vec<Answer> {
    let result = |number, operation: &Operation, state, reason: Option<&str>| OperationResult {
        number,
        operation: operation.id,
        body_hash: operation.body_hash(),
        state,
        reason: reason.map(|reason| Reason::new(reason).unwrap()),
        at: at(NOW + 60),
    };
    vec![
        Answer::Result(result(1, &operations[0], RequestState::Received, None)),
        Answer::Result(result(300, &operations[1], RequestState::Rejected, Some("Pengajuan ini sudah dijawab."))),
        Answer::Result(result(301, &operations[0], RequestState::Accepted, None)),
        Answer::Conflict(id(1)),
        Answer::Waiting(id(2)),
        Answer::Invalid(4),
    ]
}

pub(crate) fn build(keys: &Keys) -> Json {
    let (operations, device_key) = (operations(), keys.of("device"));
    let sign = |operation: &Operation| operation.sign(&cooperative(), &member(), &device(), device_key).unwrap();
    let signed = operations.each_ref().map(sign);
    let told = operations.iter().zip(&signed).map(|(operation, bytes)| told(operation, bytes));
    let answers = answers(&operations);
    let [good_bodies, refused_bodies] = backing::judged(backed_request(), &OPERATION, device().as_bytes(), device_key);
    json!({
        "cooperative": cooperative().as_str(),
        "member": member().as_str(),
        "device": hex(device().as_bytes()),
        "operations": told.collect::<Vec<_>>(),
        "push": hex(&encode_push(&signed[..PUSHED])),
        "answers": {
            "cbor": hex(&encode_answers(&answers)),
            "answers": answers.iter().map(answer).collect::<Vec<_>>(),
        },
        "refused_answers": refused_answers(&operations[0]),
        "refused": refused(&operations[0], &signed[0], device_key, keys.of("stranger")),
        "good_bodies": good_bodies,
        "refused_bodies": refused_bodies,
    })
}

fn told(operation: &Operation, bytes: &[u8]) -> Json {
    json!({
        "operation_id": operation.id.to_string(),
        "subject": operation.subject.to_string(),
        "after": operation.after.map(|id| id.to_string()),
        "kind": operation.command.kind(),
        "version": operation.command.version(),
        "body": told_body(&operation.command),
        "body_cbor": hex(&operation.command.encode()),
        "body_hash": hex(&operation.body_hash()),
        "payload": hex(cose::parse1(bytes, &OPERATION, 16_384).unwrap().payload()),
        "bytes": hex(bytes),
    })
}

fn told_body(command: &Command) -> Json {
    match command {
        Command::RequestLoan(request) => {
            let mut body = json!({
                "product": request.product().as_str(),
                "product_version": request.product_version(),
                "principal": request.principal().to_string(),
                "periods": request.periods(),
                "purpose": request.purpose().as_str(),
            });
            if !request.backing().is_empty() {
                body["backing"] = backing::told(request.backing());
            }
            body
        }
        Command::CancelRequest(request) | Command::AcceptLoan(request) => json!({ "request_id": request.to_string() }),
        Command::Reply(reply) => json!({
            "request_id": reply.request.to_string(),
            "text": reply.text.as_str(),
            "backing": backing::told(&reply.backing),
        }),
    }
}

fn answer(answer: &Answer) -> Json {
    match answer {
        Answer::Result(result) => json!({ "answer": "result", "result": told_result(result) }),
        Answer::Conflict(id) => json!({ "answer": "conflict", "operation_id": id.to_string() }),
        Answer::Waiting(id) => json!({ "answer": "waiting", "operation_id": id.to_string() }),
        Answer::Invalid(place) => json!({ "answer": "invalid", "place": place }),
    }
}

pub(crate) fn told_result(result: &OperationResult) -> Json {
    json!({
        "number": result.number,
        "operation_id": result.operation.to_string(),
        "body_hash": hex(&result.body_hash),
        "state": result.state.as_str(),
        "reason": result.reason.as_ref().map(Reason::as_str),
        "at": result.at.seconds(),
    })
}

/// The answers as sent, for a pull that brings the same results.
pub(crate) fn build_answers() -> Vec<u8> {
    encode_answers(&answers(&operations()))
}

/// Answers that no phone may take: what it says of its own outbox is no result.
fn refused_answers(operation: &Operation) -> Vec<Json> {
    let (id, body_hash, at) = (operation.id, operation.body_hash(), at(NOW + 60));
    let mut of = Vec::new();
    for state in [RequestState::Queued, RequestState::Sending, RequestState::Stuck] {
        let result = OperationResult { number: 1, operation: id, body_hash, state, reason: None, at };
        let what = format!("a result that is {}", state.as_str());
        of.push(json!({ "what": what, "cbor": hex(&encode_answers(&[Answer::Result(result)])) }));
    }
    let result =
        OperationResult { number: 0, operation: id, body_hash, state: RequestState::Received, reason: None, at };
    of.push(json!({ "what": "a result without a number", "cbor": hex(&encode_answers(&[Answer::Result(result)])) }));
    of.push(json!({ "what": "an answer that is none of the four", "cbor": "820181820400" }));
    of
}

/// Messages that no server may take from this member's device, each for one reason.
fn refused(operation: &Operation, good: &[u8], ours: &dyn Signer, stranger: &dyn Signer) -> Vec<Json> {
    let sign = |cooperative: &str, member: &str, signer: &dyn Signer| {
        let (cooperative, member) = (CooperativeId::new(cooperative).unwrap(), MemberNo::new(member).unwrap());
        operation.sign(&cooperative, &member, &device(), signer).unwrap()
    };
    let payload = cose::parse1(good, &OPERATION, 16_384).unwrap().payload().to_vec();
    let (device, checkpoint) = (device(), Typ::text("application/vnd.anggota.checkpoint+cose"));
    let other_type = Headers { typ: &checkpoint, kid: Some(device.as_bytes()), kcwt: None };
    let other_device = Headers { typ: &OPERATION, kid: Some(&[0xd1; 16]), kcwt: None };
    let carrying = Headers { typ: &OPERATION, kid: Some(device.as_bytes()), kcwt: Some(good) };
    let mut changed = good.to_vec();
    let purpose = good.windows(5).position(|five| five == b"Modal").unwrap();
    changed[purpose] = b'm';
    [
        ("signed by another key", sign("handayani", "A00042", stranger)),
        ("of another member", sign("handayani", "A00043", ours)),
        ("of another cooperative", sign("sejahtera", "A00042", ours)),
        ("one letter of the purpose changed", changed),
        ("another type of document", cose::sign1(&other_type, &payload, ours).unwrap()),
        ("in the name of another device", cose::sign1(&other_device, &payload, ours).unwrap()),
        ("another document in header 13", cose::sign1(&carrying, &payload, ours).unwrap()),
    ]
    .map(|(what, bytes)| json!({ "what": what, "bytes": hex(&bytes) }))
    .to_vec()
}

pub(crate) fn check(file: &Json) {
    let public = PublicKey::from_sec1(&unhex(&file["keys"]["device"]["public"])).unwrap();
    let read = |bytes: &[u8]| Operation::verify(bytes, &cooperative(), &member(), &device(), &public);
    for (operation, told) in operations().iter().zip(file["operations"].as_array().unwrap()) {
        assert_eq!(read(&unhex(&told["bytes"])).as_ref(), Ok(operation));
        assert_eq!(
            Command::decode(operation.command.kind(), &unhex(&told["body_cbor"])).as_ref(),
            Ok(&operation.command)
        );
    }
    let pushed = decode_push(&unhex(&file["push"])).unwrap();
    assert_eq!(pushed, [0, 1, 2].map(|place| unhex(&file["operations"][place]["bytes"])));
    assert_eq!(decode_answers(&unhex(&file["answers"]["cbor"])), Ok(answers(&operations())));
    for case in file["refused_answers"].as_array().unwrap() {
        assert!(decode_answers(&unhex(&case["cbor"])).is_err(), "{}", case["what"]);
    }
    let cases = |list: &str| file[list].as_array().unwrap().iter();
    for case in cases("refused") {
        assert!(read(&unhex(&case["bytes"])).is_err(), "{}", case["what"]);
    }
    for case in cases("good_bodies") {
        assert!(read(&unhex(&case["bytes"])).is_ok(), "{}", case["what"]);
    }
    for case in cases("refused_bodies") {
        assert!(matches!(read(&unhex(&case["bytes"])), Err(OperationFault::Wire(_))), "{}", case["what"]);
    }
}
