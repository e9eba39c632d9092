//! uploads.json: parts of the documents that operations.json names, what a server says to them, and what it holds after
//! every one of several sequences of them.
//!
//! The answers are written out here by hand: nothing in the core decides what a server holds.

use anggota::domain::OperationId;
use anggota::protocol::problem::Code;
use anggota::protocol::upload::{Held, Part};
use serde_json::{Value as Json, json};

use super::backing::{Document, documents, told_attachment};
use super::file::{Keys, hex, unhex};
use super::operations::{backed_request, reply};

/// One part and its answer.
type Step = (Part, Result<Held, Code>);

/// What it shows, the state of the request, and the parts.
type Sequence = (&'static str, &'static str, Vec<Step>);

const WHOLE: Result<Held, Code> = Ok(Held { bytes: 2056, whole: true });
const REFUSED: Result<Held, Code> = Err(Code::AttachmentRefused);

const fn holds(bytes: u32) -> Result<Held, Code> {
    Ok(Held { bytes, whole: false })
}

/// Bytes `from` to `to` of a document, for that operation.
fn part(operation: OperationId, document: &Document, from: usize, to: usize) -> Part {
    let bytes = document.bytes[from..to].to_vec();
    Part { operation, hash: *document.named.hash(), offset: u32::try_from(from).unwrap(), bytes }
}

/// The same part with its last byte changed.
fn spoiled(mut part: Part) -> Part {
    *part.bytes.last_mut().unwrap() ^= 1;
    part
}

/// A part of the first document, for the request that named it.
fn of(from: usize, to: usize) -> Part {
    part(backed_request(), &documents()[0], from, to)
}

/// All of a document in one part.
fn all(operation: OperationId, document: &Document) -> Part {
    part(operation, document, 0, document.bytes.len())
}

fn whole(document: &Document) -> Result<Held, Code> {
    Ok(Held { bytes: document.named.size(), whole: true })
}

fn sequence(what: &'static str, request_state: &'static str, steps: impl Into<Vec<Step>>) -> Sequence {
    (what, request_state, steps.into())
}

/// Parts that fit, and parts that came before.
fn in_order() -> Vec<Sequence> {
    let one_by_one =
        [(of(0, 0), holds(0)), (of(0, 1024), holds(1024)), (of(1024, 2048), holds(2048)), (of(2048, 2056), WHOLE)];
    let at_once = [(of(0, 2056), WHOLE), (of(0, 0), WHOLE), (of(0, 2056), WHOLE), (of(2056, 2056), WHOLE)];
    let twice = [
        (of(0, 1024), holds(1024)),
        (of(0, 1024), holds(1024)),
        (of(1024, 2048), holds(2048)),
        (of(1024, 2048), holds(2048)),
        (of(2048, 2056), WHOLE),
        (of(2048, 2056), WHOLE),
    ];
    let other_bytes = [
        (of(0, 1024), holds(1024)),
        (spoiled(of(0, 1024)), holds(1024)),
        (of(1024, 2056), WHOLE),
        (spoiled(of(0, 2056)), WHOLE),
    ];
    vec![
        sequence("one after the other", "received", one_by_one),
        sequence("in one part", "in_review", at_once),
        sequence("sent again, because an answer was lost", "received", twice),
        sequence("sent again with other bytes: they are not looked at", "received", other_bytes),
    ]
}

/// Parts that do not fit.
fn out_of_order() -> Vec<Sequence> {
    let overlapping =
        [(of(0, 1024), holds(1024)), (of(512, 1536), holds(1024)), (of(0, 2056), holds(1024)), (of(1024, 2056), WHOLE)];
    let gap = [
        (of(1024, 2048), holds(0)),
        (of(0, 1024), holds(1024)),
        (of(2048, 2056), holds(1024)),
        (of(1024, 2048), holds(2048)),
    ];
    let one_more = Part { bytes: vec![0; 1033], ..of(1024, 1024) };
    let beyond = [(of(0, 1024), holds(1024)), (one_more, holds(1024)), (of(1024, 1024), holds(1024))];
    let too_small =
        [(of(0, 1023), holds(0)), (of(0, 1024), holds(1024)), (of(1024, 2047), holds(1024)), (of(1024, 2056), WHOLE)];
    let asking = [
        (of(2056, 2056), holds(0)),
        (of(0, 1024), holds(1024)),
        (of(0, 0), holds(1024)),
        (of(2048, 2048), holds(1024)),
    ];
    vec![
        sequence("overlapping", "more_asked", overlapping),
        sequence("with a gap", "received", gap),
        sequence("beyond the size", "received", beyond),
        sequence("too small, and not the last", "received", too_small),
        sequence("asking, wherever from", "received", asking),
    ]
}

/// Bytes that are not what was named.
fn thrown_away() -> Vec<Sequence> {
    let [_, _, page, _] = documents();
    let request = backed_request();
    let spoiled = [
        (of(0, 1024), holds(1024)),
        (spoiled(of(1024, 2048)), holds(2048)),
        (of(2048, 2056), REFUSED),
        (of(0, 0), holds(0)),
        (of(0, 2056), WHOLE),
    ];
    let of_another_kind = [
        (part(request, &page, 0, 1024), holds(1024)),
        (part(request, &page, 1024, page.bytes.len()), REFUSED),
        (part(request, &page, 0, 0), holds(0)),
        (all(request, &page), REFUSED),
    ];
    vec![
        sequence("with a byte changed on the way: taken when it is sent rightly", "received", spoiled),
        sequence("of another kind than was named", "received", of_another_kind),
    ]
}

/// More than one document, operation or state.
fn by_name() -> Vec<Sequence> {
    let [photograph, payslip, _, screen] = documents();
    let request = backed_request();
    let in_turn = [(of(0, 1024), holds(1024)), (all(request, &payslip), whole(&payslip)), (of(1024, 2056), WHOLE)];
    let of_both = [
        (of(0, 1024), holds(1024)),
        (part(reply(), &photograph, 0, 0), holds(0)),
        (all(reply(), &photograph), WHOLE),
        (of(0, 0), holds(1024)),
    ];
    let not_named = [
        (Part { hash: [7; 32], ..of(0, 1024) }, REFUSED),
        (all(request, &screen), REFUSED),
        (part(reply(), &payslip, 0, 0), REFUSED),
        (Part { operation: OperationId::new(0, [9; 10]), ..of(0, 1024) }, REFUSED),
        (all(reply(), &screen), whole(&screen)),
    ];
    let answered = || [(of(0, 1024), REFUSED), (of(0, 0), REFUSED), (part(reply(), &screen, 0, 0), REFUSED)];
    vec![
        sequence("of two documents in turn", "received", in_turn),
        sequence("of a document that request and reply named: each has its own", "received", of_both),
        sequence("not named: by nobody, by another operation, by one that is not known", "received", not_named),
        sequence("of a request that was approved", "approved", answered()),
        sequence("of a request that was rejected", "rejected", answered()),
        sequence("of a request that was taken back", "cancelled", answered()),
    ]
}

fn sequences() -> Vec<Sequence> {
    [in_order(), out_of_order(), thrown_away(), by_name()].concat()
}

/// Bytes that are no part, each for one reason: a part of 16 bytes with something changed.
fn refused_parts() -> Vec<(&'static str, Vec<u8>)> {
    let good = part(backed_request(), &documents()[0], 16, 32).encode();
    let with = |at: usize, byte: u8| {
        let mut bytes = good.clone();
        bytes[at] = byte;
        bytes
    };
    // 85, 01, 50 and 16 bytes, 58 20 and 32 bytes, 10, 50 and 16 bytes.
    vec![
        ("of version 2", with(1, 2)),
        ("of version 0", with(1, 0)),
        ("of four items", with(0, 0x84)),
        ("of six items", [with(0, 0x86), vec![0]].concat()),
        ("with a byte after it", [good.clone(), vec![0]].concat()),
        ("with an id of 15 bytes", [&good[..2], &[0x4f], &good[4..]].concat()),
        ("with a hash of 31 bytes", [&good[..20], &[0x1f], &good[22..]].concat()),
        ("with an offset beyond 4 MiB", [&good[..53], &[0x1a, 0x00, 0x40, 0x00, 0x01], &good[54..]].concat()),
        ("with an offset below 0", with(53, 0x20)),
        ("with text for bytes", with(54, 0x70)),
        ("cut", good[..good.len() - 1].to_vec()),
    ]
}

/// Bytes that are no answer.
const REFUSED_HELD: [(&str, &[u8]); 5] = [
    ("of version 2", &[0x83, 2, 16, 0xf4]),
    ("of two items", &[0x82, 1, 16]),
    ("with null for whole", &[0x83, 1, 16, 0xf6]),
    ("with bytes below 0", &[0x83, 1, 0x2f, 0xf4]),
    ("with a byte after it", &[0x83, 1, 16, 0xf4, 0]),
];

fn told_part(what: &str, part: &Part) -> Json {
    json!({
        "what": what,
        "operation_id": part.operation.to_string(),
        "hash": hex(&part.hash),
        "offset": part.offset,
        "bytes": hex(&part.bytes),
        "cbor": hex(&part.encode()),
    })
}

fn told_step((part, answer): &Step) -> Json {
    let cbor = hex(&part.encode());
    match answer {
        Ok(held) => json!({ "part": cbor, "held": { "bytes": held.bytes, "whole": held.whole } }),
        Err(code) => json!({ "part": cbor, "problem": code.as_str() }),
    }
}

fn told_sequence((what, request_state, steps): &Sequence) -> Json {
    let steps: Vec<_> = steps.iter().map(told_step).collect();
    json!({ "what": what, "request_state": request_state, "steps": steps })
}

fn told_document(document: &Document) -> Json {
    let named = told_attachment(&document.named);
    json!({ "what": document.what, "bytes": hex(&document.bytes), "named": named })
}

pub(crate) fn build(_: &Keys) -> Json {
    let parts = [
        ("the first", of(0, 1024)),
        ("one in the middle", of(1024, 2048)),
        ("the last", of(2048, 2056)),
        ("one that asks", of(0, 0)),
    ];
    let held = [holds(0), holds(1024), Ok(Held { bytes: 4_194_304, whole: true })].map(Result::unwrap);
    let bad = |(what, bytes): &(&str, Vec<u8>)| json!({ "what": what, "cbor": hex(bytes) });
    json!({
        "documents": documents().iter().map(told_document).collect::<Vec<_>>(),
        "parts": parts.iter().map(|(what, part)| told_part(what, part)).collect::<Vec<_>>(),
        "held": held.map(|held| json!({ "bytes": held.bytes, "whole": held.whole, "cbor": hex(&held.encode()) })),
        "sequences": sequences().iter().map(told_sequence).collect::<Vec<_>>(),
        "refused_parts": refused_parts().iter().map(bad).collect::<Vec<_>>(),
        "refused_held": REFUSED_HELD.map(|(what, bytes)| json!({ "what": what, "cbor": hex(bytes) })),
    })
}

pub(crate) fn check(file: &Json) {
    let list = |name: &str| file[name].as_array().unwrap().iter();
    for (part, answer) in sequences().into_iter().flat_map(|(_, _, steps)| steps) {
        assert_eq!(Part::decode(&part.encode()).unwrap(), part);
        if let Ok(held) = answer {
            assert_eq!(Held::decode(&held.encode()).unwrap(), held);
        }
    }
    for told in list("parts") {
        assert_eq!(told_part(told["what"].as_str().unwrap(), &Part::decode(&unhex(&told["cbor"])).unwrap()), *told);
    }
    for told in list("refused_parts") {
        assert!(Part::decode(&unhex(&told["cbor"])).is_err(), "{}", told["what"]);
    }
    for told in list("refused_held") {
        assert!(Held::decode(&unhex(&told["cbor"])).is_err(), "{}", told["what"]);
    }
}
