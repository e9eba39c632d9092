//! A request for a loan reaches the office exactly once, whatever happens to the network or the phone on the way, and the
//! phone comes to know by itself.

#![allow(clippy::unwrap_used, missing_docs)]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use anggota::protocol::problem::Code;
use anggota_tests::middleman::{Act, Gate, Middleman, Request, Upstream, wait_until};
use anggota_tests::{Office, Phone, Scratch, Serving, generated};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

const COOPERATIVE: &str = "contoh";
const MEMBER: &str = "A000001";

/// A member's phone that is in step with the office, through somebody in the middle.
struct World {
    office: Office,
    middle: Middleman,
    phone: Phone,
    _serving: Serving,
    _scratch: Scratch,
}

impl World {
    fn new(name: &str) -> Self {
        let scratch = Scratch::new(name);
        let (office, books) = (Office::new(&scratch, "office"), scratch.join("books"));
        generated(11, 300, 2, 1, &books);
        office.import(&books);
        let serving = office.serve();
        let middle = Middleman::before(serving.address);
        let phone = Phone::new(&scratch, "phone");
        phone.enrol(&middle.of(COOPERATIVE), MEMBER, &office.activate(MEMBER));
        phone.sync();
        Self { office, middle, phone, _serving: serving, _scratch: scratch }
    }

    /// Asks for a loan on the phone, and gives the request's id.
    fn ask(&self, principal: &str) -> String {
        let given =
            ["loan", "request", "--product", "PF", "--periods", "12", "--purpose", "modal usaha", "--principal"];
        let saved = self.phone.json(&[&given[..], &[principal]].concat());
        assert_eq!(saved["state"], "queued");
        saved["request_id"].as_str().unwrap().to_owned()
    }

    /// What the phone says of its requests.
    fn requests(&self) -> Vec<Value> {
        self.phone.json(&["loan", "requests"])["requests"].as_array().unwrap().clone()
    }

    /// What the phone says of one request.
    fn request(&self, id: &str) -> Value {
        self.requests().into_iter().find(|request| request["request_id"] == id).unwrap()
    }

    /// Lets the phone keep in step by itself until it has stored that state for all of these requests.
    fn watch_until(&self, ids: &[String], state: &str) {
        let watch = self.phone.start(&["watch"]);
        let is_so = wait_until(|| ids.iter().all(|id| self.stored_state(id) == state));
        let printed = watch.kill();
        assert!(is_so, "the phone did not come to say {state}: {printed:?} {:?}", self.requests());
        for line in printed.stdout.lines() {
            let notice: Value = serde_json::from_str(line).unwrap();
            assert!(notice["topic"].is_string(), "one document in a line: {line}");
        }
        ids.iter().for_each(|id| assert_eq!(self.request(id)["state"], state));
    }

    /// The state in the phone's outbox, read behind the back of the program that runs.
    fn stored_state(&self, id: &str) -> &'static str {
        let store = self.phone.open_store(COOPERATIVE, MEMBER);
        let number: Result<usize, _> =
            store.query_row("SELECT state FROM outbox WHERE operation = ?1", [bytes(id)], |row| row.get(0));
        ["queued", "sending", "received", "approved", "rejected", "stuck", "cancelled"][number.unwrap()]
    }

    /// The body hash as the phone saved it.
    fn saved_hash(&self, id: &str) -> Vec<u8> {
        let store = self.phone.open_store(COOPERATIVE, MEMBER);
        store.query_row("SELECT body_hash FROM outbox WHERE operation = ?1", [bytes(id)], |row| row.get(0)).unwrap()
    }

    /// Ids and body hashes of every operation that the server has.
    fn operations(&self) -> Vec<(Vec<u8>, Vec<u8>)> {
        let database = Connection::open_with_flags(self.office.database(), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
        let mut select = database.prepare("SELECT operation, body_hash FROM operation ORDER BY operation").unwrap();
        let rows = select.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// The server has exactly these requests, each once and as it was saved, and the office sees each once.
    fn assert_arrived_once(&self, ids: &[String]) {
        let saved: Vec<_> = ids.iter().map(|id| (bytes(id), self.saved_hash(id))).collect();
        assert_eq!(self.operations(), saved);
        let listed: Vec<_> = self.office.requests().iter().map(|request| request["request_id"].clone()).collect();
        assert_eq!(listed, ids);
    }
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
    let world = World::new("lost-reply");
    let id = world.ask("5000000");
    world.middle.rule_for("operations", lose_answer);
    world.watch_until(std::slice::from_ref(&id), "received");
    world.assert_arrived_once(std::slice::from_ref(&id));
    assert_eq!(world.office.requests()[0]["principal"], "5000000.00");

    world.middle.pass();
    world.office.approve(&id, "silakan datang hari Senin");
    world.watch_until(std::slice::from_ref(&id), "approved");
    assert_eq!(world.request(&id)["reason"], "silakan datang hari Senin");
    world.assert_arrived_once(&[id]);
}

#[test]
fn a_reply_lost_with_the_network_is_asked_for_again() {
    let world = World::new("lost-network");
    let id = world.ask("5000000");
    let sent = AtomicUsize::new(0);
    // Twice it arrives without the phone hearing anything; then the network is back.
    world.middle.rule(move |request, upstream| {
        let before = sent.fetch_add(request.is("operations").into(), Ordering::Relaxed);
        if before < 2 || (before == 2 && !request.is("operations")) {
            only_there(request, upstream)
        } else {
            upstream.pass(request)
        }
    });
    world.watch_until(std::slice::from_ref(&id), "received");
    assert_eq!(world.middle.exchanges_of("operations").len(), 3);
    world.assert_arrived_once(&[id]);
}

#[test]
fn a_request_that_arrives_twice_counts_once() {
    // The phone hears the answer to the first, or to the second, which the server must not take for a thief's.
    for heard in [0, 1] {
        let world = World::new("doubled");
        let id = world.ask("750000");
        let double = move |request: &Request, upstream: &Upstream| {
            let answers = [upstream.send(request).unwrap(), upstream.send(request).unwrap()];
            assert_eq!(answers[1].status, 401, "a proof counts once");
            Act::Reply(answers[heard].clone())
        };
        world.middle.rule_for("operations", first(1, double));
        world.watch_until(std::slice::from_ref(&id), "received");
        world.assert_arrived_once(std::slice::from_ref(&id));

        world.office.reject(&id, "jaminan belum lengkap");
        world.watch_until(std::slice::from_ref(&id), "rejected");
        assert_eq!(world.request(&id)["reason"], "jaminan belum lengkap");
        world.assert_arrived_once(&[id]);
    }
}

#[test]
fn a_request_that_arrives_twice_at_once_counts_once() {
    let world = World::new("at-once");
    let id = world.ask("750000");
    let double = |request: &Request, upstream: &Upstream| {
        let (again, server) = (request.clone(), *upstream);
        let second = thread::spawn(move || server.send(&again).unwrap());
        let first = upstream.send(request).unwrap();
        let mut answers = [first, second.join().unwrap()];
        answers.sort_by_key(|answer| answer.status);
        assert_eq!(answers.each_ref().map(|answer| answer.status), [200, 401]);
        Act::Reply(answers[1].clone())
    };
    world.middle.rule_for("operations", first(1, double));
    world.watch_until(std::slice::from_ref(&id), "received");
    world.assert_arrived_once(&[id]);
}

#[test]
fn a_phone_killed_before_it_sent_sends_when_it_runs_again() {
    let world = World::new("killed-before");
    let id = world.ask("5000000");
    let gate = Gate::default();
    let held = gate.clone();
    world.middle.rule_for("operations", move |_, _| {
        held.hold();
        Act::HangUp
    });
    let watch = world.phone.start(&["watch"]);
    gate.reached();
    assert_eq!(watch.kill().status, -9);
    gate.open();
    assert_eq!(world.operations(), []);
    assert_eq!(world.request(&id)["state"], "sending", "it may be on its way");

    world.middle.pass();
    world.watch_until(std::slice::from_ref(&id), "received");
    world.assert_arrived_once(std::slice::from_ref(&id));
    world.office.approve(&id, "disetujui rapat");
    world.watch_until(std::slice::from_ref(&id), "approved");
}

#[test]
fn a_phone_killed_before_the_reply_asks_again_when_it_runs_again() {
    let world = World::new("killed-after");
    let id = world.ask("5000000");
    let gate = Gate::default();
    let held = gate.clone();
    world.middle.rule_for("operations", move |request, upstream| {
        assert_eq!(upstream.send(request).unwrap().status, 200);
        held.hold();
        Act::HangUp
    });
    let watch = world.phone.start(&["watch"]);
    gate.reached();
    assert_eq!(watch.kill().status, -9);
    gate.open();
    world.assert_arrived_once(std::slice::from_ref(&id));
    assert_eq!(world.request(&id)["state"], "sending", "the phone cannot know");
    assert_eq!(world.phone.balance()["pending"][0]["request_id"], *id);

    world.middle.pass();
    world.watch_until(std::slice::from_ref(&id), "received");
    world.assert_arrived_once(std::slice::from_ref(&id));
    world.office.reject(&id, "tabungan belum cukup");
    world.watch_until(std::slice::from_ref(&id), "rejected");
    assert_eq!(world.request(&id)["reason"], "tabungan belum cukup");
    assert_eq!(world.phone.balance()["pending"], serde_json::json!([]), "what is decided waits no longer");
}

#[test]
fn several_requests_arrive_in_their_order_each_once() {
    let world = World::new("several");
    let ids: Vec<_> = (1..=5).map(|n| world.ask(&format!("{n}500000.50"))).collect();
    let count = AtomicUsize::new(0);
    // Every other answer is lost, and one request never leaves.
    world.middle.rule_for("operations", move |request, upstream| match count.fetch_add(1, Ordering::Relaxed) {
        0 => Act::HangUp,
        1 => lose_answer(request, upstream),
        _ => upstream.pass(request),
    });
    world.watch_until(&ids, "received");
    world.assert_arrived_once(&ids);
    let principals: Vec<_> = world.office.requests().iter().map(|request| request["principal"].clone()).collect();
    assert_eq!(principals, ["1500000.50", "2500000.50", "3500000.50", "4500000.50", "5500000.50"]);

    world.office.approve(&ids[1], "ya");
    world.office.reject(&ids[3], "tidak");
    world.watch_until(&ids[1..2], "approved");
    let states: Vec<_> = world.requests().iter().map(|request| request["state"].clone()).collect();
    assert_eq!(states, ["received", "approved", "received", "rejected", "received"]);
}

#[test]
fn what_is_cancelled_before_it_was_sent_never_reaches_the_office() {
    let world = World::new("cancel-first");
    let id = world.ask("5000000");
    let cancelled = world.phone.json(&["loan", "cancel", &id]);
    assert_eq!((&cancelled["request_id"], &cancelled["state"]), (&Value::from(id.as_str()), &Value::from("cancelled")));
    let other = world.ask("600000");
    world.phone.sync();
    world.assert_arrived_once(&[other]);
    assert_eq!(world.request(&id)["state"], "cancelled");
    assert_eq!(world.phone.json(&["loan", "cancel", &id])["state"], "cancelled", "once more changes nothing");
}

#[test]
fn what_is_cancelled_after_it_was_sent_is_cancelled_at_the_office() {
    let world = World::new("cancel-later");
    let id = world.ask("5000000");
    assert_eq!(world.phone.sync()["requests_sent"], 1);
    world.phone.json(&["loan", "cancel", &id]);
    world.phone.json(&["loan", "cancel", &id]);
    assert_eq!(world.office.requests()[0]["state"], "received", "the office does not know yet");
    // The answer to the cancel is lost too.
    world.middle.rule_for("operations", first(1, lose_answer));
    world.watch_until(std::slice::from_ref(&id), "cancelled");
    assert_eq!(world.office.requests()[0]["state"], "cancelled");
    assert_eq!(world.operations().len(), 2, "the request and one cancel");

    let decided = world.office.run(&["requests", "decide", &id, "--approve", "--officer", "Petugas"]);
    assert_eq!((decided.status, decided.code().as_str()), (1, "not-possible"));
    assert_eq!(world.requests().len(), 1, "a cancel is no request");
}

#[test]
fn what_is_cancelled_while_it_is_on_its_way_is_cancelled_at_the_office() {
    let world = World::new("cancel-between");
    let id = world.ask("5000000");
    // Sent and stored, but the phone does not know.
    world.middle.rule(only_there);
    assert_eq!(world.phone.script(&["sync"]).status, 3);
    assert_eq!(world.phone.json(&["loan", "cancel", &id])["state"], "sending");
    world.middle.pass();
    world.watch_until(std::slice::from_ref(&id), "cancelled");
    assert_eq!(world.office.requests()[0]["state"], "cancelled");
}

#[test]
fn a_decision_stands_against_a_late_cancel() {
    let world = World::new("cancel-late");
    let ids = [world.ask("5000000"), world.ask("6000000")];
    world.phone.sync();
    for id in &ids {
        world.office.approve(id, "disetujui");
    }
    // The phone has not heard of the decision: its wish goes out, and is refused.
    world.phone.json(&["loan", "cancel", &ids[0]]);
    world.watch_until(&ids, "approved");
    assert_eq!(world.operations().len(), 3, "two requests and a cancel");
    let states: Vec<_> = world.office.requests().iter().map(|request| request["state"].clone()).collect();
    assert_eq!(states, ["approved", "approved"]);
    // Now it knows.
    for id in &ids {
        let refused = world.phone.script(&["loan", "cancel", id]);
        assert_eq!((refused.status, refused.code().as_str()), (1, "not-possible"));
    }
    assert_eq!(world.operations().len(), 3);
}

#[test]
fn a_phone_that_watches_hears_the_decision_by_itself() {
    let world = World::new("watching");
    let id = world.ask("5000000");
    let watch = world.phone.start(&["watch"]);
    assert!(wait_until(|| world.stored_state(&id) == "received"));
    world.office.approve(&id, "disetujui rapat");
    assert!(wait_until(|| world.stored_state(&id) == "approved"), "nobody touches the phone");
    watch.kill();
    assert_eq!(world.request(&id)["reason"], "disetujui rapat");
}

#[test]
fn a_decision_is_made_once() {
    let world = World::new("decided-once");
    let id = world.ask("5000000");
    world.phone.sync();
    world.office.reject(&id, "belum lengkap");
    for decision in [&["--approve"][..], &["--reject", "--reason", "lagi"]] {
        let given = [&["requests", "decide", &id, "--officer", "Petugas"], decision].concat();
        let refused = world.office.run(&given);
        assert_eq!((refused.status, refused.code().as_str()), (1, "not-possible"));
    }
    world.watch_until(std::slice::from_ref(&id), "rejected");
    assert_eq!(world.request(&id)["reason"], "belum lengkap");
}

#[test]
fn what_waits_is_sent_once_by_a_phone_that_enrolled_again() {
    let world = World::new("again");
    let ids = [world.ask("5000000"), world.ask("6000000")];
    // The first two arrive without the phone knowing; then the office shuts the device out.
    world.middle.rule(only_there);
    assert_eq!(world.phone.script(&["sync"]).status, 3);
    world.middle.pass();
    let device = world.office.devices()[0]["device_id"].as_str().unwrap().to_owned();
    world.office.revoke(&device);
    let late = world.ask("7000000");
    let refused = world.phone.script(&["sync"]);
    assert_eq!((refused.status, refused.code().as_str()), (1, "device-revoked"));
    assert_eq!(world.operations().len(), 2);
    let mut shown = world.phone.balance();
    for request in shown["pending"].as_array_mut().unwrap() {
        let reason = request.as_object_mut().unwrap().remove("reason");
        assert_eq!(reason, Some(Code::DeviceRevoked.advice().into()), "why it was not sent");
    }

    world.phone.enrol(&world.middle.of(COOPERATIVE), MEMBER, &world.office.activate(MEMBER));
    assert_eq!(world.phone.balance(), shown, "figures and requests are still there");
    let all = [ids[0].clone(), ids[1].clone(), late];
    world.watch_until(&all, "received");
    world.assert_arrived_once(&all);
    assert_eq!(world.office.devices().len(), 2, "a new device");

    // Answers reach the new device, also those to what the old one sent.
    world.office.approve(&all[0], "ya");
    world.office.reject(&all[2], "belum");
    world.phone.sync();
    let states: Vec<_> = world.requests().iter().map(|request| request["state"].clone()).collect();
    assert_eq!(states, ["approved", "received", "rejected"]);
    world.phone.json(&["loan", "cancel", &all[1]]);
    world.phone.sync();
    world.phone.sync();
    assert_eq!(world.request(&all[1])["state"], "cancelled");
    assert_eq!(world.office.requests()[1]["state"], "cancelled");
    assert_eq!(world.phone.verify()["ok"], true);
}

#[test]
fn a_decision_made_while_the_device_was_shut_out_reaches_the_next() {
    let world = World::new("shut-out");
    let id = world.ask("5000000");
    world.phone.sync();
    let device = world.office.devices()[0]["device_id"].as_str().unwrap().to_owned();
    world.office.revoke(&device);
    world.office.approve(&id, "disetujui rapat");
    assert_eq!(world.phone.script(&["sync"]).status, 1);
    assert_eq!(world.request(&id)["state"], "received");
    world.phone.enrol(&world.middle.of(COOPERATIVE), MEMBER, &world.office.activate(MEMBER));
    world.watch_until(std::slice::from_ref(&id), "approved");
    assert_eq!(world.request(&id)["reason"], "disetujui rapat");
    world.assert_arrived_once(&[id]);
}
