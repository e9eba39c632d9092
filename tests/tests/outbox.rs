//! The outbox as a member meets it: what is stuck is shown and can be sent again or cancelled, and keeps nothing else waiting.

#![allow(clippy::unwrap_used, missing_docs)]

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anggota::clock;
use anggota::domain::OperationId;
use anggota::protocol::operation::{Answer, encode_answers};
use anggota::protocol::problem::{Code, MEDIA_TYPE};
use anggota_tests::Stopwatch;
use anggota_tests::middleman::{Act, Reply, head, wait_until};
use anggota_tests::village::{COOPERATIVE, MEMBER, Village};
use serde_json::Value;

fn request(village: &Village, id: &str) -> Value {
    let requests = village.phone.json(&["loan", "requests"]);
    requests["requests"].as_array().unwrap().iter().find(|request| request["request_id"] == id).unwrap().clone()
}

/// Requests that name this operation are answered with that problem, all others are passed on.
fn refuse(village: &Village, id: &str, code: Code) {
    let id = *id.parse::<OperationId>().unwrap().as_bytes();
    village.middle.rule_for("operations", move |request, upstream| {
        let named = request.body().windows(id.len()).any(|bytes| bytes == id);
        if named { Act::Reply(Reply::problem(code)) } else { upstream.pass(request) }
    });
}

#[test]
fn a_stuck_request_is_shown_and_sent_again_when_the_member_says_so() {
    let village = Village::synced("stuck", 300, 2, 1);
    let id = village.phone.ask("1000000");
    refuse(&village, &id, Code::BadRequest);
    assert_eq!(village.phone.script(&["sync"]).code(), "bad-request");
    let shown = request(&village, &id);
    assert_eq!((shown["state"].as_str(), shown["reason"].as_str()), (Some("stuck"), Some(Code::BadRequest.advice())));
    assert_eq!(village.phone.balance()["pending"][0]["state"], "stuck");
    // Nothing sends it behind the member's back.
    village.middle.pass();
    assert_eq!(village.phone.sync()["requests_sent"], 0);
    assert_eq!(village.phone.json(&["loan", "retry", &id])["state"], "received");
    assert_eq!(village.office.requests()[0]["request_id"], id.as_str());
    // What is decided is not sent again.
    village.office.approve(&id, "ya");
    village.phone.sync();
    assert_eq!(village.phone.script(&["loan", "retry", &id]).code(), "not-possible");
    let told = village.phone.run(&["loan", "retry", &id]).stderr;
    assert!(told.contains("sudah diputuskan") && !told.contains("batal"), "nobody wished to cancel: {told}");
}

#[test]
fn a_stuck_request_can_be_cancelled_and_never_reaches_the_office() {
    let village = Village::synced("unstuck", 300, 2, 1);
    let id = village.phone.ask("1000000");
    refuse(&village, &id, Code::TooLarge);
    village.phone.script(&["sync"]);
    assert_eq!(village.phone.json(&["loan", "cancel", &id])["state"], "cancelled");
    village.middle.pass();
    village.phone.sync();
    assert_eq!(village.office.requests(), [] as [Value; 0]);
}

/// The wish is the member's last word: what it meets is shown with the request, and a second wish sends it again.
#[test]
fn a_wish_to_cancel_that_is_stuck_is_shown_and_sent_again() {
    let village = Village::synced("stuck-cancel", 300, 2, 1);
    let id = village.phone.ask("1000000");
    village.phone.sync();
    assert_eq!(request(&village, &id)["state"], "received");
    refuse(&village, &id, Code::BadRequest);
    for _ in 0..2 {
        village.phone.script(&["loan", "cancel", &id]);
        village.phone.script(&["sync"]);
        let shown = request(&village, &id);
        let said = (shown["state"].as_str(), shown["reason"].as_str());
        assert_eq!(said, (Some("stuck"), Some(Code::BadRequest.advice())));
        assert_eq!(village.office.requests()[0]["state"], "received", "the office knows nothing of it");
    }
    village.middle.pass();
    village.phone.json(&["loan", "cancel", &id]);
    village.phone.sync();
    assert_eq!(request(&village, &id)["state"], "cancelled");
    assert_eq!(village.office.requests()[0]["state"], "cancelled");
}

/// A server that mixes up its answers is told from one that knows the request: nothing is believed, and it is sent again.
#[test]
fn an_answer_about_another_operation_is_no_answer() {
    let village = Village::synced("mixed-up", 300, 2, 1);
    let id = village.phone.ask("1000000");
    village.middle.rule_for("operations", |_, _| {
        let other = Answer::Conflict(OperationId::new(0, [9; 10]));
        Act::Reply(Reply::new(200, "application/cbor", encode_answers(&[other])))
    });
    assert_eq!(village.phone.script(&["sync"]).code(), Code::NotAServer.as_str());
    assert_eq!(request(&village, &id)["state"], "sending", "not stuck: this said nothing of it");
    village.middle.pass();
    village.phone.sync();
    assert_eq!(request(&village, &id)["state"], "received");
}

#[test]
fn a_request_that_breaks_the_server_keeps_no_other_waiting() {
    let village = Village::synced("poison", 300, 2, 1);
    let (first, second) = (village.phone.ask("1000000"), village.phone.ask("2000000"));
    refuse(&village, &first, Code::Internal);
    for _ in 0..4 {
        assert_eq!(village.phone.script(&["sync"]).code(), "internal");
    }
    assert_eq!(request(&village, &second)["state"], "received");
    assert_eq!(request(&village, &first)["state"], "sending");
    village.middle.pass();
    assert_eq!(village.phone.json(&["loan", "retry", &first])["state"], "received");
    assert_eq!(village.office.requests().len(), 2);
}

#[test]
fn what_does_not_pass_by_itself_is_said_and_still_tried() {
    let village = Village::synced("told", 300, 2, 1);
    let id = village.phone.ask("1000000");
    refuse(&village, &id, Code::UpdateRequired);
    assert_eq!(village.phone.script(&["sync"]).code(), "update-required");
    let shown = request(&village, &id);
    assert_eq!(shown["state"], "sending");
    assert_eq!(shown["reason"], Code::UpdateRequired.advice());
    village.middle.pass();
    village.phone.sync();
    let shown = request(&village, &id);
    assert_eq!((shown["state"].as_str(), shown.get("reason")), (Some("received"), None));
}

/// From the office's first look to the money: every step reaches the phone, and none is taken back.
#[test]
fn a_request_goes_its_whole_way_and_each_step_is_seen() {
    let village = Village::synced("life", 300, 2, 1);
    let id = village.phone.ask("1000000");
    village.phone.sync();
    let office = |step: &[&str]| {
        let given = [&["requests", "decide", &*id, "--officer", "Bu Rina"][..], step].concat();
        village.office.run(&given)
    };
    let seen = |state: &str| {
        village.phone.sync();
        assert_eq!(request(&village, &id)["state"], state);
    };
    assert_eq!(village.phone.script(&["loan", "accept", &id]).code(), "not-possible");
    assert_eq!(office(&["--review"]).status, 0);
    seen("in_review");
    assert_eq!(village.phone.balance()["pending"][0]["state"], "in_review");
    assert_eq!(office(&["--ask", "--reason", "Bawa fotokopi KTP."]).status, 0);
    seen("more_asked");
    assert_eq!(request(&village, &id)["reason"], "Bawa fotokopi KTP.");
    let home = village.phone.run(&["balance", "--lang", "en"]).ok().stdout;
    assert!(home.contains("the cooperative asks for more: Bawa fotokopi KTP."), "{home}");
    assert_eq!(office(&["--disburse"]).status, 1, "nothing is paid out that was not approved");
    assert_eq!(office(&["--approve"]).status, 0);
    seen("approved");
    assert_eq!(village.phone.balance()["approved"][0]["request_id"], *id);
    let home = village.phone.run(&["balance"]).ok().stdout;
    assert!(home.contains("terima sebelum dicairkan") && home.contains(&format!("anggota loan accept {id}")), "{home}");
    assert_eq!(office(&["--review"]).status, 1, "what was said is not unsaid");
    assert_eq!(village.phone.script(&["loan", "cancel", &id]).code(), "not-possible");
    // The member takes it; a second wish is the first one.
    village.phone.json(&["loan", "accept", &id]);
    village.phone.json(&["loan", "accept", &id]);
    assert_eq!(village.phone.balance()["approved"], serde_json::json!([]), "the wish is kept, nothing is left to do");
    village.phone.sync();
    seen("accepted");
    assert_eq!(village.office.requests()[0]["state"], "accepted");
    assert_eq!(office(&["--disburse"]).status, 0);
    seen("disbursed");
    assert_eq!(village.phone.balance()["pending"], serde_json::json!([]));
}

#[test]
fn a_request_that_is_looked_at_can_be_taken_back() {
    let village = Village::synced("review-cancel", 300, 2, 1);
    let id = village.phone.ask("1000000");
    village.phone.sync();
    village.office.json(&["requests", "decide", &id, "--review", "--officer", "Bu Rina"]);
    village.phone.sync();
    village.phone.json(&["loan", "cancel", &id]);
    village.phone.sync();
    village.phone.sync();
    assert_eq!(request(&village, &id)["state"], "cancelled");
    assert_eq!(village.office.requests()[0]["state"], "cancelled");
}

#[test]
fn a_wait_that_the_server_asks_for_is_kept_within_a_bound() {
    let village = Village::synced("asked", 300, 2, 1);
    village.phone.ask("1000000");
    for (asked, waits) in [("1000", 1_000), ("999999", 3_600), ("soon", 0)] {
        village.middle.rule_for("operations", move |_, _| {
            let body = Reply::problem(Code::Busy).body;
            let length = format!("Content-Length: {}\r\nRetry-After: {asked}", body.len());
            let raw = [head(503, MEDIA_TYPE, &length), body].concat();
            Act::Write(Box::new(move |phone| phone.write_all(&raw)))
        });
        let before = clock::wall().seconds();
        assert_eq!(village.phone.script(&["sync"]).code(), "busy");
        let store = village.phone.open_store(COOPERATIVE, MEMBER);
        let next: i64 = store.query_row("SELECT next_attempt_at FROM outbox", [], |row| row.get(0)).unwrap();
        // What was asked for, then any second of a wait that doubles from two on; the fourth is at most sixteen.
        let (least, most) = (before + waits, clock::wall().seconds() + waits + 16);
        assert!((least..=most).contains(&next), "{asked}: {} s", next - before);
    }
    village.middle.pass();
    village.phone.sync();
    assert_eq!(village.office.requests().len(), 1);
}

/// Seconds that the server asks to be left alone for.
const ASKED: u64 = 4;

/// The first request of a route is answered by that wait, all later ones are passed on. When each came.
fn ask_to_wait(village: &Village, route: &'static str) -> Arc<Mutex<Vec<Duration>>> {
    let (came, watch) = (Arc::new(Mutex::new(Vec::new())), Stopwatch::start());
    let seen = came.clone();
    village.middle.rule_for(route, move |request, upstream| {
        let mut seen = seen.lock().unwrap();
        seen.push(watch.elapsed());
        if seen.len() > 1 {
            return upstream.pass(request);
        }
        let body = Reply::problem(Code::Busy).body;
        let length = format!("Content-Length: {}\r\nRetry-After: {ASKED}", body.len());
        let raw = [head(503, MEDIA_TYPE, &length), body].concat();
        Act::Write(Box::new(move |phone| phone.write_all(&raw)))
    });
    came
}

#[test]
fn nothing_is_sent_before_a_wait_that_the_server_asked_for_is_over() {
    let village = Village::synced("kept-wait", 300, 20, 3);
    let photo = village.scratch.join("ktp.jpg");
    std::fs::write(&photo, [&[0xff, 0xd8, 0xff, 0xe0][..], &[7; 3_000]].concat()).unwrap();
    let ask = ["loan", "request", "--product", "PF", "--principal", "1000000", "--periods", "12", "--purpose", "pupuk"];
    let with_photo = [&ask[..], &["--attach", photo.to_str().unwrap()]].concat();
    let routes: [(&str, &[&str]); 3] = [("pull", &["balance"]), ("operations", &ask), ("attachments", &with_photo)];
    for (route, before) in routes {
        village.phone.json(before);
        let came = ask_to_wait(&village, route);
        let watch = village.phone.start(&["watch"]);
        let is_again = wait_until(|| came.lock().unwrap().len() > 1);
        let printed = watch.kill();
        assert!(is_again, "{route}: {printed:?}");
        let came = came.lock().unwrap();
        assert!(came[1] - came[0] >= Duration::from_secs(ASKED), "{route}: asked again after {:?}", came[1] - came[0]);
    }
}
