//! What stands behind a request: documents reach the office whole whatever the network does, drafts are sent once, and a
//! reply brings a request before the office again.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anggota::protocol::operation::{Answer, encode_answers};
use anggota::protocol::problem::Code;
use anggota::protocol::upload::{Held, MAX_PART_BYTES, Part};
use anggota_tests::middleman::{Act, Reply, wait_until};
use anggota_tests::village::{COOPERATIVE, MEMBER, Village};
use serde_json::{Value, json};

const UPLOADS: &str = "attachments";

fn village(name: &str) -> Village {
    Village::synced(name, 300, 20, 3)
}

/// A photograph of that many parts and a bit, unlike every other.
fn photograph(village: &Village, name: &str, parts: usize) -> PathBuf {
    let seed = name.len() + parts;
    let bytes = (0..parts * MAX_PART_BYTES + 100).map(|at| (at * 31 + at / 251 + seed) as u8);
    let mut bytes: Vec<u8> = bytes.collect();
    bytes[..4].copy_from_slice(&[0xff, 0xd8, 0xff, 0xe0]);
    let file = village.scratch.join(name);
    fs::write(&file, bytes).unwrap();
    file
}

/// Asks for a loan with these documents; gives the request's id.
fn ask(village: &Village, documents: &[&Path], more: &[&str]) -> String {
    let mut given = vec!["loan", "request", "--product", "PF", "--principal", "2000000", "--periods", "12"];
    given.extend(["--purpose", "modal usaha"]);
    given.extend(more);
    documents.iter().for_each(|file| given.extend(["--attach", file.to_str().unwrap()]));
    village.phone.json(&given)["request_id"].as_str().unwrap().to_owned()
}

fn request(village: &Village, id: &str) -> Value {
    let requests = village.phone.json(&["loan", "requests"])["requests"].as_array().unwrap().clone();
    requests.into_iter().find(|request| request["request_id"] == id).unwrap()
}

/// What a command says that must be refused with that code.
#[track_caller]
fn refused(village: &Village, arguments: &[&str], code: &str) -> String {
    let output = village.phone.script(arguments);
    assert_eq!((output.status, output.code().as_str()), (1, code), "{output:?}");
    output.stdout
}

/// What the office wrote out of a request's documents: hash and bytes.
fn at_the_office(village: &Village, id: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = village.scratch.join("written");
    let written = village.office.json(&["requests", "attachments", id, folder.to_str().unwrap()]);
    let files = written["files"].as_array().unwrap().iter();
    files
        .map(|file| {
            let path = folder.join(Path::new(file["file"].as_str().unwrap()).file_name().unwrap());
            (file["hash"].as_str().unwrap().to_owned(), fs::read(path).unwrap())
        })
        .collect()
}

/// Every document of the request is whole at the office, byte for byte, and the phone knows.
fn assert_arrived(village: &Village, id: &str, documents: &[&Path]) {
    let mut expected: Vec<Vec<u8>> = documents.iter().map(|file| fs::read(file).unwrap()).collect();
    let mut arrived: Vec<Vec<u8>> = at_the_office(village, id).into_values().collect();
    expected.sort();
    arrived.sort();
    assert!(arrived == expected, "{} of {} documents arrived as they are", arrived.len(), expected.len());
    let told = request(village, id);
    let all = told["replies"].as_array().unwrap().iter().chain([&told]);
    let attachments: Vec<_> = all.flat_map(|part| part["attachments"].as_array().unwrap().clone()).collect();
    assert_eq!(attachments.len(), documents.len());
    assert!(attachments.iter().all(|document| document["whole"] == true), "{attachments:?}");
}

/// The bytes of parts that the server took to hear, sent twice or not.
fn bytes_sent(village: &Village) -> usize {
    let exchanges = village.middle.exchanges_of(UPLOADS);
    exchanges.iter().map(|exchange| Part::decode(exchange.request.body()).unwrap().bytes.len()).sum()
}

#[test]
fn what_stands_behind_a_request_reaches_the_office_and_its_documents_are_the_same_to_the_byte() {
    let village = village("documents");
    let (small, large) = (photograph(&village, "ktp.jpg", 0), photograph(&village, "slip.jpg", 3));
    let backing = ["--income", "9000000", "--guarantor", "A000002", "--collateral", "BPKB motor"];
    let id = ask(&village, &[&small, &large], &backing);
    assert_eq!(request(&village, &id)["attachments"][1]["sent"], 0, "nothing goes before the request");
    village.phone.sync();
    assert_arrived(&village, &id, &[&small, &large]);
    let listed = village.office.requests().remove(0);
    assert_eq!(listed["income"], "9000000.00");
    assert_eq!(listed["guarantors"], json!(["A000002"]));
    assert_eq!(listed["collateral"], "BPKB motor");
    assert_eq!(bytes_sent(&village), 3 * MAX_PART_BYTES + 200, "nothing was sent twice");
    village.office.approve(&id, "Baik");
    village.phone.sync();
    let store = village.phone.open_store(COOPERATIVE, MEMBER);
    let kept: i64 = store.query_row("SELECT count(*) FROM attachment_part", [], |row| row.get(0)).unwrap();
    assert_eq!(kept, 0, "decided: the phone lets the bytes go");
    assert_eq!(request(&village, &id)["attachments"].as_array().unwrap().len(), 2);
}

#[test]
fn an_upload_that_breaks_off_goes_on_where_it_was() {
    let village = village("broken-upload");
    let large = photograph(&village, "rumah.jpg", 8);
    let id = ask(&village, &[&large], &[]);
    // Every third part gets no answer: half of them reached the server, the others did not.
    let count = AtomicUsize::new(0);
    village.middle.rule_for(UPLOADS, move |request, upstream| match count.fetch_add(1, Ordering::Relaxed) % 6 {
        2 => Act::HangUp,
        5 => upstream.send(request).map_or(Act::HangUp, |_lost| Act::HangUp),
        _ => upstream.pass(request),
    });
    let mut syncs = 0;
    while request(&village, &id)["attachments"][0]["whole"] == false {
        syncs += 1;
        assert!(syncs < 20, "{}", request(&village, &id));
        let sync = village.phone.script(&["sync"]);
        assert!([0, 3].contains(&sync.status), "{sync:?}");
    }
    assert!(syncs > 2, "the network broke off");
    assert_arrived(&village, &id, &[&large]);
    let (size, most) = (8 * MAX_PART_BYTES + 100, syncs * MAX_PART_BYTES);
    assert!(bytes_sent(&village) <= size + most, "at most one part is sent again for each break");
}

#[test]
fn a_phone_that_was_killed_while_it_sent_a_document_goes_on_by_itself() {
    let village = village("killed-upload");
    let large = photograph(&village, "rumah.jpg", 6);
    let id = ask(&village, &[&large], &[]);
    // The fourth answer does not end: however slow this machine is, the phone is killed in the middle.
    let count = Arc::new(AtomicUsize::new(0));
    let heard = Arc::clone(&count);
    village.middle.rule_for(UPLOADS, move |request, upstream| match heard.fetch_add(1, Ordering::Relaxed) {
        3 => upstream.send(request).map_or(Act::HangUp, |reply| Act::Trickle(reply, 1, Duration::from_secs(1))),
        _ => upstream.pass(request),
    });
    let watch = village.phone.start(&["watch"]);
    assert!(wait_until(|| count.load(Ordering::Relaxed) > 3), "documents are sent");
    watch.kill();
    let held = village.office.requests().remove(0)["attachments"][0]["held"].as_u64().unwrap();
    assert!((1..6 * MAX_PART_BYTES as u64).contains(&held), "{held}");
    village.middle.forget();
    let watch = village.phone.start(&["watch"]);
    let is_whole = wait_until(|| village.office.requests().remove(0)["attachments"][0]["whole"] == true);
    assert!(is_whole, "{:?}", watch.kill());
    assert!(wait_until(|| request_whole(&village)), "the phone heard of it");
    watch.kill();
    assert_arrived(&village, &id, &[&large]);
    assert!(bytes_sent(&village) as u64 <= (6 * MAX_PART_BYTES + 100) as u64 - held + 2 * MAX_PART_BYTES as u64);
}

/// Whether the phone's store says that the only document is whole, read behind the back of the program that runs.
fn request_whole(village: &Village) -> bool {
    let store = village.phone.open_store(COOPERATIVE, MEMBER);
    store.query_row("SELECT state = 1 FROM attachment", [], |row| row.get(0)).unwrap()
}

#[test]
fn a_draft_is_kept_unfinished_without_a_network_and_sent_once() {
    let village = village("draft");
    let photo = photograph(&village, "ktp.jpg", 1);
    village.middle.rule(|_, _| Act::HangUp);
    let draft = village.phone.json(&["loan", "draft", "save", "--product", "PF", "--collateral", "sawah"]);
    let id = draft["draft_id"].as_str().unwrap();
    village.phone.json(&["loan", "draft", "attach", id, photo.to_str().unwrap()]);
    let unfinished = refused(&village, &["loan", "draft", "send", id], "invalid-input");
    assert!(unfinished.contains("lebih dari"), "{unfinished}");
    let more = ["--principal", "1500000", "--periods", "6", "--purpose", "bibit"];
    let saved = village.phone.json(&[&["loan", "draft", "save", "--id", id], &more[..]].concat());
    assert_eq!((&saved["product"], &saved["collateral"]), (&json!("PF"), &json!("sawah")), "what was said stays");
    refused(&village, &["loan", "draft", "save", "--id", id, "--reply-to", id], "invalid-input");
    assert_eq!(saved["attachments"].as_array().unwrap().len(), 1, "documents stay with a draft");
    assert_eq!(village.phone.json(&["loan", "draft", "list"])["drafts"], json!([saved]));
    for _ in 0..2 {
        let sent = village.phone.json(&["loan", "draft", "send", id]);
        assert_eq!((&sent["request_id"], &sent["state"]), (&json!(id), &json!("queued")));
    }
    assert_eq!(village.phone.json(&["loan", "draft", "list"])["drafts"], json!([]));
    village.middle.pass();
    village.phone.sync();
    assert_eq!(village.office.requests().len(), 1);
    assert_arrived(&village, id, &[&photo]);
    refused(&village, &["loan", "draft", "save", "--id", id, "--product", "PF"], "not-possible");
}

#[test]
fn the_office_asks_for_more_and_the_reply_reaches_it_once() {
    let village = village("reply");
    let (first, second) = (photograph(&village, "ktp.jpg", 0), photograph(&village, "bpkb.jpg", 2));
    let id = ask(&village, &[&first], &[]);
    village.phone.sync();
    let reply = ["loan", "reply", &id, "--text", "Ini BPKB-nya", "--attach", second.to_str().unwrap()];
    refused(&village, &reply, "not-possible");
    assert_eq!(
        village.phone.json(&["loan", "draft", "list"])["drafts"],
        json!([]),
        "what cannot be sent leaves nothing"
    );
    village.office.json(&["requests", "decide", &id, "--ask", "--reason", "Mohon foto BPKB", "--officer", "Petugas"]);
    village.phone.sync();
    assert_eq!(request(&village, &id)["state"], "more_asked");
    // The answer to the reply is lost after the server kept it.
    let lost = AtomicUsize::new(0);
    village.middle.rule_for("operations", move |request, upstream| match lost.fetch_add(1, Ordering::Relaxed) {
        0 => upstream.send(request).map_or(Act::HangUp, |_lost| Act::HangUp),
        _ => upstream.pass(request),
    });
    village.phone.json(&reply);
    refused(&village, &reply, "not-possible");
    village.phone.script(&["sync"]);
    village.phone.sync();
    let told = request(&village, &id);
    assert_eq!((&told["state"], &told["replies"][0]["state"]), (&json!("received"), &json!("received")));
    assert_arrived(&village, &id, &[&first, &second]);
    let replies = village.office.requests().remove(0)["replies"].as_array().unwrap().clone();
    assert_eq!(replies.len(), 1, "{replies:?}");
    assert_eq!(replies[0]["text"], "Ini BPKB-nya");
    // What was replied to can still be taken back.
    village.phone.json(&["loan", "cancel", &id]);
    village.phone.json(&["loan", "cancel", &id]);
    village.phone.sync();
    assert_eq!(village.office.requests().remove(0)["state"], "cancelled");
    assert_eq!(request(&village, &id)["state"], "cancelled");
}

#[test]
fn a_reply_the_server_cannot_take_holds_up_nothing() {
    let village = village("stuck-reply");
    let id = ask(&village, &[], &[]);
    village.phone.sync();
    village.office.json(&["requests", "decide", &id, "--ask", "--reason", "Mohon foto", "--officer", "Petugas"]);
    village.phone.sync();
    village.phone.json(&["loan", "reply", &id, "--text", "Baik"]);
    village.middle.rule_for("operations", |_, _| {
        Act::Reply(Reply::new(200, "application/cbor", encode_answers(&[Answer::Invalid(0)])))
    });
    village.phone.script(&["sync"]);
    assert_eq!(request(&village, &id)["replies"][0]["state"], "stuck");
    village.middle.pass();
    // The member may say it anew, and take the request back.
    village.phone.json(&["loan", "reply", &id, "--text", "Baik, ini fotonya"]);
    village.phone.sync();
    let replies = village.office.requests().remove(0)["replies"].as_array().unwrap().clone();
    assert_eq!(replies.len(), 1, "{replies:?}");
    assert_eq!(request(&village, &id)["state"], "received");
    village.phone.json(&["loan", "cancel", &id]);
    village.phone.sync();
    assert_eq!(request(&village, &id)["state"], "cancelled");
}

#[test]
fn two_taps_at_once_send_a_draft_once() {
    let village = village("two-taps");
    let draft =
        ["loan", "draft", "save", "--product", "PF", "--principal", "1500000", "--periods", "6", "--purpose", "bibit"];
    let id = village.phone.json(&draft)["draft_id"].as_str().unwrap().parse().unwrap();
    let client = village.phone.client(COOPERATIVE, MEMBER).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (first, second) = runtime.block_on(async { tokio::join!(client.send_draft(&id), client.send_draft(&id)) });
    assert_eq!((first.unwrap().request_id, second.unwrap().request_id), (id, id));
    assert_eq!(client.requests().unwrap().len(), 1);
    runtime.block_on(client.shut_down()).unwrap();
    village.phone.sync();
    assert_eq!(village.office.requests().len(), 1);
}

#[test]
fn a_restored_server_gets_the_request_and_its_documents_again() {
    let village = village("restored-documents");
    let backup = village.back_up("before");
    let photo = photograph(&village, "ktp.jpg", 2);
    let id = ask(&village, &[&photo], &[]);
    village.phone.sync();
    assert_arrived(&village, &id, &[&photo]);
    let village = village.restore(&backup);
    village.office.new_epoch("server rusak");
    let village = village.while_stopped(|_| ());
    village.phone.sync();
    village.phone.sync();
    assert_eq!(village.office.requests().len(), 1);
    assert_arrived(&village, &id, &[&photo]);
}

/// The phone let its bytes go when the request was decided; the office went back to a time when they had not come.
#[test]
fn what_a_restored_server_lacks_of_a_request_that_was_decided_is_told() {
    let village = village("restored-decided");
    let photo = photograph(&village, "ktp.jpg", 1);
    let id = ask(&village, &[&photo], &[]);
    village.middle.rule_for(UPLOADS, |_, _| Act::HangUp);
    village.phone.script(&["sync"]);
    let backup = village.back_up("before");
    village.middle.pass();
    village.phone.json(&["loan", "retry", &id]);
    assert_arrived(&village, &id, &[&photo]);
    village.office.approve(&id, "Baik");
    village.phone.sync();
    let village = village.restore(&backup);
    village.office.new_epoch("server rusak");
    let village = village.while_stopped(|_| ());
    for _ in 0..2 {
        village.phone.script(&["sync"]);
    }
    let told = request(&village, &id);
    let document = &told["attachments"][0];
    assert_eq!((&told["state"], &document["whole"]), (&json!("received"), &json!(false)));
    assert_eq!(document["refused"], true, "{document}");
}

/// The office has it whole; a store that was built anew has its bytes no more, and asks before it says anything.
#[test]
fn a_document_whose_bytes_a_damaged_store_lost_is_not_told_to_be_refused_by_the_office_that_has_it() {
    let village = village("lost-bytes");
    let photo = photograph(&village, "ktp.jpg", 1);
    let id = ask(&village, &[&photo], &[]);
    village.phone.sync();
    assert_arrived(&village, &id, &[&photo]);
    let store = village.phone.open_store(COOPERATIVE, MEMBER);
    store.execute_batch("DELETE FROM attachment_part; UPDATE account SET head = x'ff'").unwrap();
    drop(store);
    for _ in 0..2 {
        village.phone.script(&["sync"]);
    }
    assert_arrived(&village, &id, &[&photo]);
}

#[test]
fn what_is_refused_is_told_and_sent_again_by_hand() {
    let village = village("refused-document");
    let photo = photograph(&village, "ktp.jpg", 0);
    let id = ask(&village, &[&photo], &[]);
    village.middle.rule_for(UPLOADS, |_, _| Act::Reply(Reply::problem(Code::AttachmentRefused)));
    let synced = village.phone.script(&["sync"]);
    assert_eq!(
        (synced.status, &synced.document()["complete"]),
        (1, &json!(true)),
        "the figures are there all the same"
    );
    let document = &request(&village, &id)["attachments"][0];
    assert_eq!((&document["refused"], &document["whole"]), (&json!(true), &json!(false)));
    assert!(document["reason"].is_string());
    village.middle.pass();
    village.phone.sync();
    assert_eq!(village.middle.exchanges_of(UPLOADS).len(), 1, "not again by itself");
    village.phone.json(&["loan", "retry", &id]);
    assert_arrived(&village, &id, &[&photo]);
}

/// An office, or whoever stands before it, that says of every part that it took next to nothing of it.
#[test]
fn a_server_that_takes_next_to_nothing_does_not_keep_a_phone_sending() {
    let village = village("crawling");
    let photo = photograph(&village, "rumah.jpg", 8);
    let id = ask(&village, &[&photo], &[]);
    village.middle.rule_for(UPLOADS, |request, _| {
        let offset = Part::decode(request.body()).unwrap().offset;
        let held = Held { bytes: offset + 1, whole: false };
        Act::Reply(Reply::new(200, "application/cbor", held.encode()))
    });
    for most in 1..=3 {
        village.phone.script(&["sync"]);
        // Asked what is held, and one part.
        assert!(village.middle.exchanges_of(UPLOADS).len() <= 2 * most, "{most}");
    }
    village.middle.pass();
    village.phone.sync();
    assert_arrived(&village, &id, &[&photo]);
}

#[test]
fn what_is_no_document_is_refused_before_anything_is_saved() {
    let village = village("no-document");
    let text = village.scratch.join("catatan.jpg");
    fs::write(&text, "<html>").unwrap();
    let large = photograph(&village, "besar.jpg", 65);
    for (file, word) in
        [(&text, "JPEG"), (&large, "4 MB"), (&village.scratch.join("tidak-ada.jpg"), "tidak dapat dibaca")]
    {
        let given = ["loan", "request", "--product", "PF", "--principal", "2000000", "--periods", "12"];
        let given = [&given[..], &["--purpose", "modal", "--attach", file.to_str().unwrap()]].concat();
        let told = refused(&village, &given, "invalid-input");
        assert!(told.contains(word), "{told}");
    }
    assert_eq!(village.phone.json(&["loan", "requests"])["requests"], json!([]));
    assert_eq!(village.phone.json(&["loan", "draft", "list"])["drafts"], json!([]));
}
