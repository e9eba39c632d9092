//! What stands behind the recorded request and is given in its reply: documents, what names them, and bodies that no server
//! takes.

use anggota::cose::{self, Headers, Signer, Typ, sha256};
use anggota::domain::{Attachment, Backing, Collateral, MediaType, MemberNo, OperationId};
use ciborium::Value;
use serde_json::{Value as Json, json};

use super::books::{cooperative, member, sen};
use super::file::hex;

/// A document: its bytes, and as what an operation names it.
pub(crate) struct Document {
    pub(crate) what: &'static str,
    pub(crate) bytes: Vec<u8>,
    pub(crate) named: Attachment,
}

/// Bytes that begin so, no two stretches of them alike.
fn filled(start: &[u8], size: usize) -> Vec<u8> {
    let rest = (start.len()..size).map(|place| (place % 251) as u8);
    start.iter().copied().chain(rest).collect()
}

/// A whole one of each kind, and one whose bytes are not of the kind that is named.
pub(crate) fn documents() -> [Document; 4] {
    let document = |what, bytes: &[u8], media_type| {
        let named = Attachment::new(sha256(bytes), u32::try_from(bytes.len()).unwrap(), media_type).unwrap();
        Document { what, bytes: bytes.to_vec(), named }
    };
    let photograph = filled(b"\xff\xd8\xff\xe0\0\x10JFIF\0", 2056);
    let page = filled(b"<html>Masuk ke wifi warung</html>", 1057);
    [
        document("a photograph", &photograph, MediaType::Jpeg),
        document("a payslip", b"%PDF-1.7\n% Slip gaji, Oktober 2026\n%%EOF\n", MediaType::Pdf),
        document("a web page, named as a picture", &page, MediaType::Png),
        document("a picture of a screen", b"\x89PNG\r\n\x1a\n tangkapan layar \x49END", MediaType::Png),
    ]
}

/// Behind the request: all that there can be, and the first three documents.
pub(crate) fn of_request() -> Backing {
    let guarantors = ["A00007", "B/0108"].map(|no| MemberNo::new(no).unwrap());
    let collateral = Collateral::new("BPKB motor 2021, atas nama sendiri").unwrap();
    let [photograph, payslip, page, _] = documents().map(|document| document.named);
    Backing::new(Some(sen(750_000_000)), guarantors.to_vec(), Some(collateral), vec![photograph, payslip, page])
        .unwrap()
}

/// Given in the reply: a new income, a new document, and the photograph once more.
pub(crate) fn of_reply() -> Backing {
    let [photograph, _, _, screen] = documents().map(|document| document.named);
    Backing::new(Some(sen(680_000_050)), Vec::new(), None, vec![screen, photograph]).unwrap()
}

pub(crate) fn told(backing: &Backing) -> Json {
    json!({
        "income": backing.income().map(|income| income.to_string()),
        "guarantors": backing.guarantors().iter().map(MemberNo::as_str).collect::<Vec<_>>(),
        "collateral": backing.collateral().map(Collateral::as_str),
        "attachments": backing.attachments().iter().map(told_attachment).collect::<Vec<_>>(),
    })
}

pub(crate) fn told_attachment(attachment: &Attachment) -> Json {
    json!({
        "hash": hex(attachment.hash()),
        "size": attachment.size(),
        "media_type": attachment.media_type().as_str(),
    })
}

fn bytes(bytes: &[u8]) -> Value {
    Value::Bytes(bytes.to_vec())
}

fn array(items: impl IntoIterator<Item = Value>) -> Value {
    Value::Array(items.into_iter().collect())
}

fn texts(texts: &[&str]) -> Value {
    array(texts.iter().map(|text| Value::from(*text)))
}

fn attachment(first: u8, size: u32, media_type: u8) -> Value {
    array([bytes(&[first; 32]), size.into(), media_type.into()])
}

/// Income, guarantors, collateral and attachments, whatever they are.
fn backing(income: Value, guarantors: &[&str], collateral: Value, attachments: &[Value]) -> Value {
    array([income, texts(guarantors), collateral, array(attachments.iter().cloned())])
}

fn documents_alone(attachments: &[Value]) -> Value {
    backing(Value::Null, &[], Value::Null, attachments)
}

fn request(backing: Option<Value>) -> Value {
    let asked = [Value::from("PB"), 3.into(), 1_200_000_000.into(), 12.into(), "Modal warung".into()];
    array(asked.into_iter().chain(backing))
}

/// One body with its kind and version.
type Said = (u16, u16, Value);

/// As a request of version 2, or a reply, may be: what makes each of the refused ones bad is bad alone.
fn good(of: OperationId) -> [Said; 2] {
    let one = documents_alone(&[attachment(1, 4_194_304, 2)]);
    let reply = array([bytes(of.as_bytes()), "Ini slip gajinya.".into(), one.clone()]);
    [(1, 2, request(Some(one))), (4, 1, reply)]
}

/// Bodies that no server takes though the device signed them, each for one reason.
fn refused(of: OperationId) -> Vec<(&'static str, Said)> {
    let reply =
        |text: &str, backing: Option<Value>| array([bytes(of.as_bytes()), text.into()].into_iter().chain(backing));
    let nothing = || documents_alone(&[]);
    let one = attachment(1, 100, 0);
    let members = ["1", "2", "3", "4", "5", "6"];
    let backings = [
        ("version 2 with an empty backing", nothing()),
        ("a document named twice", documents_alone(&[one.clone(), attachment(2, 100, 0), attachment(1, 101, 1)])),
        ("six documents", documents_alone(&[1, 2, 3, 4, 5, 6].map(|first| attachment(first, 100, 0)))),
        ("a media type that is not known", documents_alone(&[attachment(1, 100, 3)])),
        ("a document of no bytes", documents_alone(&[attachment(1, 0, 0)])),
        ("a document of more than 4 MiB", documents_alone(&[attachment(1, 4_194_305, 0)])),
        ("a document's hash of 31 bytes", documents_alone(&[array([bytes(&[1; 31]), 100.into(), 0.into()])])),
        ("a guarantor named twice", backing(Value::Null, &["1", "2", "1"], Value::Null, &[])),
        ("six guarantors", backing(Value::Null, &members, Value::Null, &[])),
        ("an income of nothing", backing(0.into(), &[], Value::Null, &[])),
        ("collateral of 501 characters", backing(Value::Null, &[], "x".repeat(501).into(), &[])),
        ("a backing of three items", array([Value::Null, texts(&["1"]), Value::Null])),
    ];
    let requests = backings.map(|(what, backing)| (what, (1, 2, request(Some(backing)))));
    let others = [
        ("a backing in version 1", (1, 1, request(Some(documents_alone(&[one]))))),
        ("version 2 without a backing", (1, 2, request(None))),
        ("a request of version 3", (1, 3, request(None))),
        ("a reply without a backing", (4, 1, reply("Ini slip gajinya.", None))),
        ("a reply that says nothing", (4, 1, reply("", Some(nothing())))),
        ("a reply of 501 characters", (4, 1, reply(&"x".repeat(501), Some(nothing())))),
        ("a reply of version 2", (4, 2, reply("Ini slip gajinya.", Some(nothing())))),
        ("an operation of kind 5", (5, 1, array([bytes(of.as_bytes())]))),
    ];
    requests.into_iter().chain(others).collect()
}

/// The operation of that body, by the device's key.
fn signed(of: OperationId, said: &Said, headers: &Headers<'_>, device: &dyn Signer) -> Vec<u8> {
    let (kind, version, body) = said;
    let id = OperationId::new(0, [*kind as u8; 10]);
    let (id, after) = if *kind == 1 { (of, Value::Null) } else { (id, bytes(of.as_bytes())) };
    let place = [bytes(id.as_bytes()), bytes(of.as_bytes()), after];
    let whose = [1.into(), cooperative().as_str().into(), member().as_str().into()];
    let payload = array(whose.into_iter().chain(place).chain([(*kind).into(), (*version).into(), body.clone()]));
    let mut cbor = Vec::new();
    ciborium::into_writer(&payload, &mut cbor).unwrap();
    cose::sign1(headers, &cbor, device).unwrap()
}

/// Bodies of both sorts, signed: the good ones are there to show that the signature is not what is bad.
pub(crate) fn judged(of: OperationId, typ: &Typ, device_id: &[u8], device: &dyn Signer) -> [Vec<Json>; 2] {
    let headers = Headers { typ, kid: Some(device_id), kcwt: None };
    let told = |(what, said): &(&str, Said)| json!({ "what": what, "bytes": hex(&signed(of, said, &headers, device)) });
    let names = ["the largest document in a request", "the largest document in a reply"];
    let good: Vec<_> = names.into_iter().zip(good(of)).collect();
    [good.iter().map(told).collect(), refused(of).iter().map(told).collect()]
}
