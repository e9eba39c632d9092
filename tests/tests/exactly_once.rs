//! A request for a loan reaches the office exactly once, whatever happens to the network or the phone on the way, and the
//! phone comes to know by itself.

#![allow(clippy::unwrap_used, missing_docs)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anggota::protocol::problem::Code;
use anggota_tests::middleman::{Act, Gate, Request, Upstream, wait_until};
use anggota_tests::village::{COOPERATIVE, MEMBER, Village};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

/// What the phone says of its requests.
fn requests(village: &Village) -> Vec<Value> {
    village.phone.json(&["loan", "requests"])["requests"].as_array().unwrap().clone()
}

/// What the phone says of one request.
fn request(village: &Village, id: &str) -> Value {
    requests(village).into_iter().find(|request| request["request_id"] == id).unwrap()
}

/// Lets the phone keep in step by itself until it has stored that state for all of these requests.
fn watch_until(village: &Village, ids: &[String], state: &str) {
    let watch = village.phone.start(&["watch"]);
    let is_so = wait_until(|| ids.iter().all(|id| stored_state(village, id) == state));
    let printed = watch.kill();
    assert!(is_so, "the phone did not come to say {state}: {printed:?} {:?}", requests(village));
    for line in printed.stdout.lines() {
        let notice: Value = serde_json::from_str(line).unwrap();
        assert!(notice["topic"].is_string(), "one document in a line: {line}");
    }
    ids.iter().for_each(|id| assert_eq!(request(village, id)["state"], state));
}

/// The state in the phone's outbox, read behind the back of the program that runs.
fn stored_state(village: &Village, id: &str) -> &'static str {
    let store = village.phone.open_store(COOPERATIVE, MEMBER);
    let number: Result<usize, _> =
        store.query_row("SELECT state FROM outbox WHERE operation = ?1", [bytes(id)], |row| row.get(0));
    ["queued", "sending", "received", "approved", "rejected", "stuck", "cancelled"][number.unwrap()]
}

/// The body hash as the phone saved it.
fn saved_hash(village: &Village, id: &str) -> Vec<u8> {
    let store = village.phone.open_store(COOPERATIVE, MEMBER);
    store.query_row("SELECT body_hash FROM outbox WHERE operation = ?1", [bytes(id)], |row| row.get(0)).unwrap()
}

/// Ids and body hashes of every operation that the server has.
fn operations(village: &Village) -> Vec<(Vec<u8>, Vec<u8>)> {
    let database = Connection::open_with_flags(village.office.database(), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    let mut select = database.prepare("SELECT operation, body_hash FROM operation ORDER BY operation").unwrap();
    let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    rows.map(Result::unwrap).collect()
}

/// The server has exactly these requests, each once and as it was saved, and the office sees each once.
fn assert_arrived_once(village: &Village, ids: &[String]) {
    let saved: Vec<_> = ids.iter().map(|id| (bytes(id), saved_hash(village, id))).collect();
    assert_eq!(operations(village), saved);
    let listed: Vec<_> = village.office.requests().iter().map(|request| request["request_id"].clone()).collect();
    assert_eq!(listed, ids);
}

/// The bytes of an id as it is printed.
fn bytes(id: &str) -> Vec<u8> {
    data_encoding::HEXLOWER.decode(id.replace('-', "").as_bytes()).unwrap()
}

/// A rule that treats the first requests differently from all later ones.
fn first(count: usize, rule: impl Fn(&Request, &Upstream) -> Act + Send + Sync) -> impl Fn(&Request, &Upstream) -> Act {
    let seen = AtomicUsize::new(0);
    move |request, upstream| {
        if seen.fetch_add(1, Ordering::Relaxed) < count { rule(request, upstream) } else { upstream.pass(request) }
    }
}

/// The server gets it and stores it; its answer never arrives.
fn lose_answer(request: &Request, upstream: &Upstream) -> Act {
    assert_eq!(upstream.send(request).unwrap().status, 200);
    Act::HangUp
}

/// Operations arrive and their answers do not; nothing else passes.
fn only_there(request: &Request, upstream: &Upstream) -> Act {
    if request.is("operations") { lose_answer(request, upstream) } else { Act::HangUp }
}

#[test]
fn a_reply_lost_after_the_commit_comes_with_the_next_pull() {
    let village = Village::synced("lost-reply", 300, 2, 1);
    let id = village.phone.ask("5000000");
    village.middle.rule_for("operations", lose_answer);
    watch_until(&village, std::slice::from_ref(&id), "received");
    assert_arrived_once(&village, std::slice::from_ref(&id));
    assert_eq!(village.office.requests()[0]["principal"], "5000000.00");

    village.middle.pass();
    village.office.approve(&id, "silakan datang hari Senin");
    watch_until(&village, std::slice::from_ref(&id), "approved");
    assert_eq!(request(&village, &id)["reason"], "silakan datang hari Senin");
    assert_arrived_once(&village, &[id]);
}

#[test]
fn a_reply_lost_with_the_network_is_asked_for_again() {
    let village = Village::synced("lost-network", 300, 2, 1);
    let id = village.phone.ask("5000000");
    let sent = AtomicUsize::new(0);
    // Twice it arrives without the phone hearing anything; then the network is back.
    village.middle.rule(move |request, upstream| {
        let before = sent.fetch_add(request.is("operations").into(), Ordering::Relaxed);
        if before < 2 || (before == 2 && !request.is("operations")) {
            only_there(request, upstream)
        } else {
            upstream.pass(request)
        }
    });
    watch_until(&village, std::slice::from_ref(&id), "received");
    assert_eq!(village.middle.exchanges_of("operations").len(), 3);
    assert_arrived_once(&village, &[id]);
}

#[test]
fn a_request_that_arrives_twice_counts_once() {
    // The phone hears the answer to the first, or to the second, which the server must not take for a thief's.
    for heard in [0, 1] {
        let village = Village::synced("doubled", 300, 2, 1);
        let id = village.phone.ask("750000");
        let double = move |request: &Request, upstream: &Upstream| {
            let answers = [upstream.send(request).unwrap(), upstream.send(request).unwrap()];
            assert_eq!(answers[1].status, 401, "a proof counts once");
            Act::Reply(answers[heard].clone())
        };
        village.middle.rule_for("operations", first(1, double));
        watch_until(&village, std::slice::from_ref(&id), "received");
        assert_arrived_once(&village, std::slice::from_ref(&id));

        village.office.reject(&id, "jaminan belum lengkap");
        watch_until(&village, std::slice::from_ref(&id), "rejected");
        assert_eq!(request(&village, &id)["reason"], "jaminan belum lengkap");
        assert_arrived_once(&village, &[id]);
    }
}

#[test]
fn a_request_that_arrives_twice_at_once_counts_once() {
    let village = Village::synced("at-once", 300, 2, 1);
    let id = village.phone.ask("750000");
    let double = |request: &Request, upstream: &Upstream| {
        let (again, server) = (request.clone(), *upstream);
        let second = thread::spawn(move || server.send(&again).unwrap());
        let first = upstream.send(request).unwrap();
        let mut answers = [first, second.join().unwrap()];
        answers.sort_by_key(|answer| answer.status);
        assert_eq!(answers.each_ref().map(|answer| answer.status), [200, 401]);
        Act::Reply(answers[1].clone())
    };
    village.middle.rule_for("operations", first(1, double));
    watch_until(&village, std::slice::from_ref(&id), "received");
    assert_arrived_once(&village, &[id]);
}

#[test]
fn a_phone_killed_before_it_sent_sends_when_it_runs_again() {
    let village = Village::synced("killed-before", 300, 2, 1);
    let id = village.phone.ask("5000000");
    let gate = Gate::default();
    let held = gate.clone();
    village.middle.rule_for("operations", move |_, _| {
        held.hold();
        Act::HangUp
    });
    let watch = village.phone.start(&["watch"]);
    gate.reached();
    assert_eq!(watch.kill().status, -9);
    gate.open();
    assert_eq!(operations(&village), []);
    assert_eq!(request(&village, &id)["state"], "sending", "it may be on its way");

    village.middle.pass();
    watch_until(&village, std::slice::from_ref(&id), "received");
    assert_arrived_once(&village, std::slice::from_ref(&id));
    village.office.approve(&id, "disetujui rapat");
    watch_until(&village, std::slice::from_ref(&id), "approved");
}

#[test]
fn a_phone_killed_before_the_reply_asks_again_when_it_runs_again() {
    let village = Village::synced("killed-after", 300, 2, 1);
    let id = village.phone.ask("5000000");
    let gate = Gate::default();
    let held = gate.clone();
    village.middle.rule_for("operations", move |request, upstream| {
        assert_eq!(upstream.send(request).unwrap().status, 200);
        held.hold();
        Act::HangUp
    });
    let watch = village.phone.start(&["watch"]);
    gate.reached();
    assert_eq!(watch.kill().status, -9);
    gate.open();
    assert_arrived_once(&village, std::slice::from_ref(&id));
    assert_eq!(request(&village, &id)["state"], "sending", "the phone cannot know");
    assert_eq!(village.phone.balance()["pending"][0]["request_id"], *id);

    village.middle.pass();
    watch_until(&village, std::slice::from_ref(&id), "received");
    assert_arrived_once(&village, std::slice::from_ref(&id));
    village.office.reject(&id, "tabungan belum cukup");
    watch_until(&village, std::slice::from_ref(&id), "rejected");
    assert_eq!(request(&village, &id)["reason"], "tabungan belum cukup");
    assert_eq!(village.phone.balance()["pending"], serde_json::json!([]), "what is decided waits no longer");
}

#[test]
fn several_requests_arrive_in_their_order_each_once() {
    let village = Village::synced("several", 300, 2, 1);
    let ids: Vec<_> = (1..=5).map(|n| village.phone.ask(&format!("{n}500000.50"))).collect();
    let count = AtomicUsize::new(0);
    // Every other answer is lost, and one request never leaves.
    village.middle.rule_for("operations", move |request, upstream| match count.fetch_add(1, Ordering::Relaxed) {
        0 => Act::HangUp,
        1 => lose_answer(request, upstream),
        _ => upstream.pass(request),
    });
    watch_until(&village, &ids, "received");
    assert_arrived_once(&village, &ids);
    let principals: Vec<_> = village.office.requests().iter().map(|request| request["principal"].clone()).collect();
    assert_eq!(principals, ["1500000.50", "2500000.50", "3500000.50", "4500000.50", "5500000.50"]);

    village.office.approve(&ids[1], "ya");
    village.office.reject(&ids[3], "tidak");
    watch_until(&village, &ids[1..2], "approved");
    let states: Vec<_> = requests(&village).iter().map(|request| request["state"].clone()).collect();
    assert_eq!(states, ["received", "approved", "received", "rejected", "received"]);
}

#[test]
fn what_is_cancelled_before_it_was_sent_never_reaches_the_office() {
    let village = Village::synced("cancel-first", 300, 2, 1);
    let id = village.phone.ask("5000000");
    let cancelled = village.phone.json(&["loan", "cancel", &id]);
    assert_eq!((&cancelled["request_id"], &cancelled["state"]), (&Value::from(id.as_str()), &Value::from("cancelled")));
    let other = village.phone.ask("600000");
    village.phone.sync();
    assert_arrived_once(&village, &[other]);
    assert_eq!(request(&village, &id)["state"], "cancelled");
    assert_eq!(village.phone.json(&["loan", "cancel", &id])["state"], "cancelled", "once more changes nothing");
}

#[test]
fn what_is_cancelled_after_it_was_sent_is_cancelled_at_the_office() {
    let village = Village::synced("cancel-later", 300, 2, 1);
    let id = village.phone.ask("5000000");
    assert_eq!(village.phone.sync()["requests_sent"], 1);
    village.phone.json(&["loan", "cancel", &id]);
    village.phone.json(&["loan", "cancel", &id]);
    assert_eq!(village.office.requests()[0]["state"], "received", "the office does not know yet");
    // The answer to the cancel is lost too.
    village.middle.rule_for("operations", first(1, lose_answer));
    watch_until(&village, std::slice::from_ref(&id), "cancelled");
    assert_eq!(village.office.requests()[0]["state"], "cancelled");
    assert_eq!(operations(&village).len(), 2, "the request and one cancel");

    let decided = village.office.run(&["requests", "decide", &id, "--approve", "--officer", "Petugas"]);
    assert_eq!((decided.status, decided.code().as_str()), (1, "not-possible"));
    assert_eq!(requests(&village).len(), 1, "a cancel is no request");
}

#[test]
fn what_is_cancelled_while_it_is_on_its_way_is_cancelled_at_the_office() {
    let village = Village::synced("cancel-between", 300, 2, 1);
    let id = village.phone.ask("5000000");
    // Sent and stored, but the phone does not know.
    village.middle.rule(only_there);
    assert_eq!(village.phone.script(&["sync"]).status, 3);
    assert_eq!(village.phone.json(&["loan", "cancel", &id])["state"], "sending");
    village.middle.pass();
    watch_until(&village, std::slice::from_ref(&id), "cancelled");
    assert_eq!(village.office.requests()[0]["state"], "cancelled");
}

#[test]
fn a_decision_stands_against_a_late_cancel() {
    let village = Village::synced("cancel-late", 300, 2, 1);
    let ids = [village.phone.ask("5000000"), village.phone.ask("6000000")];
    village.phone.sync();
    for id in &ids {
        village.office.approve(id, "disetujui");
    }
    // The phone has not heard of the decision: its wish goes out, and is refused.
    village.phone.json(&["loan", "cancel", &ids[0]]);
    watch_until(&village, &ids, "approved");
    assert_eq!(operations(&village).len(), 3, "two requests and a cancel");
    let states: Vec<_> = village.office.requests().iter().map(|request| request["state"].clone()).collect();
    assert_eq!(states, ["approved", "approved"]);
    // Now it knows.
    for id in &ids {
        let refused = village.phone.script(&["loan", "cancel", id]);
        assert_eq!((refused.status, refused.code().as_str()), (1, "not-possible"));
    }
    assert_eq!(operations(&village).len(), 3);
}

#[test]
fn a_phone_that_watches_hears_the_decision_by_itself() {
    let village = Village::synced("watching", 300, 2, 1);
    let id = village.phone.ask("5000000");
    let watch = village.phone.start(&["watch"]);
    assert!(wait_until(|| stored_state(&village, &id) == "received"));
    village.office.approve(&id, "disetujui rapat");
    assert!(wait_until(|| stored_state(&village, &id) == "approved"), "nobody touches the phone");
    watch.kill();
    assert_eq!(request(&village, &id)["reason"], "disetujui rapat");
}

#[test]
fn a_decision_is_made_once() {
    let village = Village::synced("decided-once", 300, 2, 1);
    let id = village.phone.ask("5000000");
    village.phone.sync();
    village.office.reject(&id, "belum lengkap");
    for decision in [&["--approve"][..], &["--reject", "--reason", "lagi"]] {
        let given = [&["requests", "decide", &id, "--officer", "Petugas"], decision].concat();
        let refused = village.office.run(&given);
        assert_eq!((refused.status, refused.code().as_str()), (1, "not-possible"));
    }
    watch_until(&village, std::slice::from_ref(&id), "rejected");
    assert_eq!(request(&village, &id)["reason"], "belum lengkap");
}

#[test]
fn what_waits_is_sent_once_by_a_phone_that_enrolled_again() {
    let village = Village::synced("again", 300, 2, 1);
    let ids = [village.phone.ask("5000000"), village.phone.ask("6000000")];
    // The first two arrive without the phone knowing; then the office shuts the device out.
    village.middle.rule(only_there);
    assert_eq!(village.phone.script(&["sync"]).status, 3);
    village.middle.pass();
    let device = village.office.devices()[0]["device_id"].as_str().unwrap().to_owned();
    village.office.revoke(&device);
    let late = village.phone.ask("7000000");
    let refused = village.phone.script(&["sync"]);
    assert_eq!((refused.status, refused.code().as_str()), (1, "device-revoked"));
    assert_eq!(operations(&village).len(), 2);
    let mut shown = village.phone.balance();
    for request in shown["pending"].as_array_mut().unwrap() {
        let reason = request.as_object_mut().unwrap().remove("reason");
        assert_eq!(reason, Some(Code::DeviceRevoked.advice().into()), "why it was not sent");
    }

    village.phone.enrol(&village.middle.of(COOPERATIVE), MEMBER, &village.office.activate(MEMBER));
    assert_eq!(village.phone.balance(), shown, "figures and requests are still there");
    let all = [ids[0].clone(), ids[1].clone(), late];
    watch_until(&village, &all, "received");
    assert_arrived_once(&village, &all);
    assert_eq!(village.office.devices().len(), 2, "a new device");

    // Answers reach the new device, also those to what the old one sent.
    village.office.approve(&all[0], "ya");
    village.office.reject(&all[2], "belum");
    village.phone.sync();
    let states: Vec<_> = requests(&village).iter().map(|request| request["state"].clone()).collect();
    assert_eq!(states, ["approved", "received", "rejected"]);
    village.phone.json(&["loan", "cancel", &all[1]]);
    village.phone.sync();
    village.phone.sync();
    assert_eq!(request(&village, &all[1])["state"], "cancelled");
    assert_eq!(village.office.requests()[1]["state"], "cancelled");
    assert_eq!(village.phone.verify()["ok"], true);
}

#[test]
fn a_decision_made_while_the_device_was_shut_out_reaches_the_next() {
    let village = Village::synced("shut-out", 300, 2, 1);
    let id = village.phone.ask("5000000");
    village.phone.sync();
    let device = village.office.devices()[0]["device_id"].as_str().unwrap().to_owned();
    village.office.revoke(&device);
    village.office.approve(&id, "disetujui rapat");
    assert_eq!(village.phone.script(&["sync"]).status, 1);
    assert_eq!(request(&village, &id)["state"], "received");
    village.phone.enrol(&village.middle.of(COOPERATIVE), MEMBER, &village.office.activate(MEMBER));
    watch_until(&village, std::slice::from_ref(&id), "approved");
    assert_eq!(request(&village, &id)["reason"], "disetujui rapat");
    assert_arrived_once(&village, &[id]);
}
