//! Documents: part by part, once each, only what was named, and only by whom.
#![allow(clippy::unwrap_used, reason = "what a test cannot set up fails it")]

mod support;

use std::sync::Arc;

use anggota::domain::{Attachment, MAX_ATTACHMENT_BYTES, MediaType, Reason, RequestState};
use anggota::protocol::operation::Operation;
use anggota::protocol::problem::Code;
use anggota::protocol::upload::{Held, MAX_PART_BYTES, MIN_PART_BYTES, Part};
use anggota_server::requests::Decision;
use serde_json::{Value, json};
use support::commands::{ask_more, attaching, backed, decide, naming, one, part, picture, reply_to, state};
use support::phone::{Phone, cancel_of, loan_request, new_operation};
use support::{Bench, FIRST, OTHER};

const PARTS: &str = "SELECT count(*) FROM attachment_part";

/// A request that names the document, as the office has it.
async fn requested(phone: &Phone, bench: &Bench, document: &[u8]) -> Operation {
    naming_as(phone, bench, naming(document)).await
}

async fn naming_as(phone: &Phone, bench: &Bench, attachment: Attachment) -> Operation {
    let request = backed(loan_request(50_000_000), attaching(vec![attachment]));
    assert_eq!(state(&one(phone, bench, &request).await), RequestState::Received);
    request
}

fn held(bytes: usize, whole: bool) -> Held {
    Held { bytes: bytes as u32, whole }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_comes_part_by_part_however_often_each_is_sent() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let document = picture(150_000, 7);
    let request = requested(&phone, &bench, &document).await;
    let ask = Part { bytes: vec![], ..part(&request, &document, 0) };
    assert_eq!(phone.upload(&bench, &ask).await, Ok(held(0, false)));
    for (at, expected) in [
        // Before its turn: nothing.
        (MAX_PART_BYTES, held(0, false)),
        (0, held(65_536, false)),
        // Its answer was lost.
        (0, held(65_536, false)),
        (131_072, held(65_536, false)),
        (65_536, held(131_072, false)),
        (131_072, held(150_000, true)),
        (131_072, held(150_000, true)),
        (0, held(150_000, true)),
    ] {
        assert_eq!(phone.upload(&bench, &part(&request, &document, at)).await, Ok(expected), "{at}");
    }
    assert_eq!(phone.upload(&bench, &ask).await, Ok(held(150_000, true)));
    assert_eq!(bench.count(PARTS), 3);
    assert_eq!(bench.count("SELECT count(*) FROM attachment WHERE whole_at IS NOT NULL"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_part_many_times_at_once_is_kept_once() {
    let bench = Arc::new(Bench::start().await);
    let phone = Arc::new(Phone::enrolled(&bench, FIRST, "A001").await);
    let document = picture(100_000, 7);
    let request = requested(&phone, &bench, &document).await;
    for (at, expected) in [(0, held(65_536, false)), (65_536, held(100_000, true))] {
        let part = part(&request, &document, at);
        let mut at_once = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let (bench, phone, part) = (Arc::clone(&bench), Arc::clone(&phone), part.clone());
            at_once.spawn(async move { phone.upload(&bench, &part).await });
        }
        while let Some(answer) = at_once.join_next().await {
            assert_eq!(answer.unwrap(), Ok(expected));
        }
    }
    assert_eq!(bench.count(PARTS), 2);
    assert_eq!(bench.count("SELECT sum(length(bytes)) FROM attachment_part"), 100_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_as_it_was_named_is_thrown_away_and_may_come_again() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let document = picture(70_000, 7);
    let request = requested(&phone, &bench, &document).await;
    phone.upload(&bench, &part(&request, &document, 0)).await.unwrap();
    let mut wrong = part(&request, &document, MAX_PART_BYTES);
    wrong.bytes[0] ^= 1;
    assert_eq!(phone.upload(&bench, &wrong).await, Err(Code::AttachmentRefused));
    assert_eq!(bench.count(PARTS), 0);
    let ask = Part { bytes: vec![], ..wrong };
    assert_eq!(phone.upload(&bench, &ask).await, Ok(held(0, false)));
    assert_eq!(phone.upload_all(&bench, &request, &document).await, held(70_000, true));

    // The right bytes of another kind, and of none.
    let hash = *naming(&document).hash();
    let pdf = naming_as(&phone, &bench, Attachment::new(hash, 70_000, MediaType::Pdf).unwrap()).await;
    phone.upload(&bench, &part(&pdf, &document, 0)).await.unwrap();
    let last = part(&pdf, &document, MAX_PART_BYTES);
    assert_eq!(phone.upload(&bench, &last).await, Err(Code::AttachmentRefused));
    let page = b"<html>".to_vec();
    let html = Attachment::new(anggota::protocol::sha256(&page), 6, MediaType::Png).unwrap();
    let html = naming_as(&phone, &bench, html).await;
    assert_eq!(phone.upload(&bench, &part(&html, &page, 0)).await, Err(Code::AttachmentRefused));
    assert_eq!(bench.count("SELECT count(*) FROM attachment WHERE whole_at IS NULL AND held = 0"), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_of_any_size_fill_rows_of_one() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    // With zeros and what is no text, and no two places alike.
    let mut document: Vec<u8> = (0..140_000_u32).map(|at| (at % 251) as u8).collect();
    document[..3].copy_from_slice(&picture(3, 0));
    let request = requested(&phone, &bench, &document).await;
    let of = |from: usize, to: usize| Part { bytes: document[from..to].to_vec(), ..part(&request, &document, from) };
    let ends = [MIN_PART_BYTES, 2_049, 65_535, 66_559, 131_072, 139_999];
    for (from, to) in [0].into_iter().chain(ends).zip(ends) {
        // One byte less than the least changes nothing.
        assert_eq!(phone.upload(&bench, &of(from, from + MIN_PART_BYTES - 1)).await, Ok(held(from, false)));
        assert_eq!(phone.upload(&bench, &of(from, to)).await, Ok(held(to, false)));
    }
    assert_eq!(bench.count(PARTS), 3);
    assert_eq!(phone.upload(&bench, &of(139_999, 140_000)).await, Ok(held(140_000, true)));
    assert_eq!(bench.count(PARTS), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_is_not_beyond_the_document_and_not_too_large() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let document = picture(3_000, 7);
    let request = requested(&phone, &bench, &document).await;
    let of = |from: usize, to: usize| Part { bytes: document[from..to].to_vec(), ..part(&request, &document, from) };
    let mut beyond = of(0, document.len());
    beyond.bytes.push(0);
    assert_eq!(phone.upload(&bench, &beyond).await, Ok(held(0, false)));
    let too_large = Part { bytes: vec![0; MAX_PART_BYTES + 1], ..of(0, 1) };
    assert_eq!(phone.upload(&bench, &too_large).await, Err(Code::BadRequest));
    let too_far = Part { offset: MAX_ATTACHMENT_BYTES + 1, ..of(0, 1) };
    assert_eq!(phone.upload(&bench, &too_far).await, Err(Code::BadRequest));
    let garbage = phone.post(&bench, "attachments", vec![0xff; 9], true).await;
    assert_eq!(garbage.code(), Some(Code::BadRequest));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_adds_to_or_learns_of_the_document_of_another() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let neighbour = Phone::enrolled(&bench, FIRST, "A002").await;
    let namesake = Phone::enrolled(&bench, OTHER, "A001").await;
    let document = picture(70_000, 7);
    let request = requested(&phone, &bench, &document).await;
    let first = part(&request, &document, 0);
    let ask = Part { bytes: vec![], ..first.clone() };
    for stranger in [&neighbour, &namesake] {
        for part in [&first, &ask] {
            assert_eq!(stranger.upload(&bench, part).await, Err(Code::AttachmentRefused));
        }
    }
    assert_eq!(bench.count(PARTS), 0);
    let of_none = Part { operation: new_operation(), ..first.clone() };
    let another = Part { hash: [1; 32], ..first.clone() };
    for unknown in [of_none, another] {
        assert_eq!(phone.upload(&bench, &unknown).await, Err(Code::AttachmentRefused));
    }
    // The same request of the same member number at another cooperative: another document.
    one(&namesake, &bench, &request).await;
    assert_eq!(phone.upload_all(&bench, &request, &document).await, held(70_000, true));
    assert_eq!(namesake.upload(&bench, &ask).await, Ok(held(0, false)));
    // Another device of the member goes on where the first one was lost.
    let new = Phone::enrolled(&bench, FIRST, "A001").await;
    assert_eq!(new.upload(&bench, &ask).await, Ok(held(70_000, true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_taken_while_its_request_is_open() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let document = picture(200_000, 7);
    let request = requested(&phone, &bench, &document).await;
    let upload = async |at: usize| phone.upload(&bench, &part(&request, &document, at)).await;
    decide(&bench, &request.id, Decision::Review).unwrap();
    assert_eq!(upload(0).await, Ok(held(65_536, false)));
    ask_more(&bench, &request);
    assert_eq!(upload(65_536).await, Ok(held(131_072, false)));
    let with_reply = picture(5_000, 8);
    let reply = reply_to(&request, attaching(vec![naming(&with_reply)]));
    one(&phone, &bench, &reply).await;
    assert_eq!(phone.upload_all(&bench, &reply, &with_reply).await, held(5_000, true));

    decide(&bench, &request.id, Decision::Reject(Reason::new("berkas tidak terbaca").unwrap())).unwrap();
    assert_eq!(upload(131_072).await, Err(Code::AttachmentRefused));
    assert_eq!(phone.upload(&bench, &part(&reply, &with_reply, 0)).await, Ok(held(5_000, true)), "its answer was lost");
    // What is whole stays with the request, a part of a document does not.
    assert_eq!(bench.count("SELECT sum(length(bytes)) FROM attachment_part"), 5_000);
    assert_eq!(bench.count("SELECT sum(held) FROM attachment"), 5_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancel_takes_the_documents_of_its_request_with_it_and_no_others() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let document = picture(2_000, 7);
    let (kept, request) = (requested(&phone, &bench, &document).await, requested(&phone, &bench, &document).await);
    for operation in [&kept, &request] {
        phone.upload_all(&bench, operation, &document).await;
    }
    ask_more(&bench, &request);
    let reply = reply_to(&request, attaching(vec![naming(&picture(90_000, 8))]));
    one(&phone, &bench, &reply).await;
    phone.upload(&bench, &part(&reply, &picture(90_000, 8), 0)).await.unwrap();
    assert_eq!(bench.count(PARTS), 3);
    one(&phone, &bench, &cancel_of(&request)).await;
    assert_eq!(bench.count(PARTS), 1);
    assert_eq!(phone.upload(&bench, &part(&request, &document, 0)).await, Err(Code::AttachmentRefused));
    assert_eq!(phone.upload(&bench, &part(&kept, &document, 0)).await, Ok(held(2_000, true)));
}

/// Whether the database's file holds that text anywhere, once all that was written is in it.
fn is_in_file(bench: &Bench, text: &[u8]) -> bool {
    let path = bench.folder.path().join("anggota.db");
    let checkpoint = rusqlite::Connection::open(&path).unwrap();
    let busy: i64 = checkpoint.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0)).unwrap();
    assert_eq!(busy, 0);
    std::fs::read(path).unwrap().windows(text.len()).any(|window| window == text)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cancelled_is_nowhere_in_the_file_any_more() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    // In a page of others, and over many pages.
    for (repeats, secret) in [(20, b"slip gaji Bu Wati"), (9_000, b"foto rumah Bu Ida")] {
        let document = [b"%PDF-1.7 ".as_slice(), &secret.repeat(repeats)].concat();
        let request = requested(&phone, &bench, &document).await;
        phone.upload_all(&bench, &request, &document).await;
        assert!(is_in_file(&bench, secret), "{repeats}");
        one(&phone, &bench, &cancel_of(&request)).await;
        assert!(!is_in_file(&bench, secret), "{repeats}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restore_the_bytes_come_again_after_their_request() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let document = picture(2_000, 7);
    let request = requested(&phone, &bench, &document).await;
    phone.upload_all(&bench, &request, &document).await;
    // The backup was made before that.
    for table in ["operation", "loan_request", "result", "attachment", "attachment_part"] {
        bench.execute(&format!("DELETE FROM {table}"));
    }
    bench.begin_epoch(FIRST);
    assert_eq!(phone.upload(&bench, &part(&request, &document, 0)).await, Err(Code::AttachmentRefused));
    one(&phone, &bench, &request).await;
    assert_eq!(phone.upload_all(&bench, &request, &document).await, held(2_000, true));
}

/// One of tests/vectors.
fn vectors(name: &str) -> Value {
    let file = format!("{}/../tests/vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap()
}

/// The recorded requests and replies as A001's, with nothing held and the request in that state.
fn stand_at(bench: &Bench, operations: &Value, state: &str) {
    let state = state.parse::<RequestState>().unwrap() as u8;
    let key = |id: &str| format!("x'{}'", id.replace('-', ""));
    let mut sql = "DELETE FROM attachment; DELETE FROM attachment_part; DELETE FROM loan_request;".to_owned();
    let at_first = format!("FROM cooperative WHERE id = '{FIRST}';");
    for operation in operations["operations"].as_array().unwrap() {
        let Some(named) = operation["body"]["backing"]["attachments"].as_array() else { continue };
        let (id, request) = (key(text(operation, "operation_id")), key(text(operation, "subject")));
        if id == request {
            sql += &format!(
                "INSERT INTO loan_request (cooperative, request, member, product, product_version, principal, periods,
                   purpose, state, submitted_at)
                 SELECT cooperative, {id}, 1, 'PB', 2, 50000000, 12, 'modal', {state}, 1700000000 {at_first}"
            );
        }
        for one in named {
            let (hash, size) = (text(one, "hash"), one["size"].as_u64().unwrap());
            let media_type = text(one, "media_type").parse::<MediaType>().unwrap() as u8;
            sql += &format!(
                "INSERT INTO attachment (cooperative, operation, hash, request, size, media_type)
                 SELECT cooperative, {id}, x'{hash}', {request}, {size}, {media_type} {at_first}"
            );
        }
    }
    bench.execute(&sql);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_vectors_record_is_answered_as_they_say() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let (uploads, operations) = (vectors("uploads"), vectors("operations"));
    let sequences = uploads["sequences"].as_array().unwrap();
    assert!(sequences.len() >= 16);
    for sequence in sequences {
        stand_at(&bench, &operations, text(sequence, "request_state"));
        for (place, step) in sequence["steps"].as_array().unwrap().iter().enumerate() {
            let part = data_encoding::HEXLOWER.decode(text(step, "part").as_bytes()).unwrap();
            let answer = phone.upload(&bench, &Part::decode(&part).unwrap()).await;
            let said = match answer {
                Ok(held) => json!({"held": {"bytes": held.bytes, "whole": held.whole}}),
                Err(code) => json!({"problem": code.as_str()}),
            };
            let mut told = step.clone();
            told.as_object_mut().unwrap().remove("part");
            assert_eq!(said, told, "{}, part {place}", text(sequence, "what"));
        }
    }
}
