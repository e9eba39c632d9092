//! Two devices of one member: the same books to the byte, each its own requests, and the end of one is not the end of the other.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use anggota_tests::{Office, Phone, Scratch, Serving, first_half, generated, members};
use serde_json::{Value, json};

const COOPERATIVE: &str = "contoh";

struct Pair {
    scratch: Scratch,
    office: Office,
    serving: Serving,
    member: String,
    phones: [Phone; 2],
    devices: [String; 2],
}

/// A member with two phones, both in step with the first half of the books.
fn pair(name: &str) -> Pair {
    let scratch = Scratch::new(name);
    generated(5, 3_000, 4, 3, &scratch.join("whole"));
    first_half(&scratch.join("whole"), &scratch.join("half"));
    let office = Office::new(&scratch, "office");
    office.import(&scratch.join("half"));
    let serving = office.serve();
    let member = members(&scratch.join("half")).remove(0);
    let phones = ["first", "second"].map(|name| Phone::new(&scratch, name));
    let devices = phones.each_ref().map(|phone| {
        let enrolled = phone.enrol(&serving.of(COOPERATIVE), &member, &office.activate(&member));
        phone.sync();
        enrolled["device_id"].as_str().unwrap().to_owned()
    });
    Pair { scratch, office, serving, member, phones, devices }
}

impl Pair {
    /// The checkpoint as signed, and the heads it is over.
    fn checkpoint(&self, phone: &Phone) -> (Vec<u8>, Vec<u8>) {
        let store = phone.open_store(COOPERATIVE, &self.member);
        store.query_row("SELECT bytes, heads FROM checkpoint", [], |row| Ok((row.get(0)?, row.get(1)?))).unwrap()
    }

    fn agree(&self) {
        let [first, second] = &self.phones;
        assert_eq!(self.checkpoint(first), self.checkpoint(second), "the same bytes");
        let (verified, figures) = (first.verify(), figures(first));
        assert_eq!(verified["ok"], true, "{verified}");
        assert_eq!(verified, second.verify(), "the same chains");
        assert_eq!(figures, self::figures(second), "the same figures");
    }
}

/// What a phone shows of the books: the balances without what is its own (times, requests).
fn figures(phone: &Phone) -> Value {
    let mut shown = phone.balance();
    for list in ["savings", "loans"] {
        for account in shown[list].as_array_mut().unwrap() {
            account.as_object_mut().unwrap().remove("as_of");
        }
    }
    shown.as_object_mut().unwrap().retain(|field, _| ["total_savings", "savings", "loans"].contains(&field.as_str()));
    shown
}

fn states(phone: &Phone) -> Vec<Value> {
    let requests = phone.json(&["loan", "requests"]);
    requests["requests"].as_array().unwrap().iter().map(|request| request["state"].clone()).collect()
}

#[test]
fn two_devices_hold_the_same_books_however_they_came() {
    let pair = pair("two-same");
    pair.agree();
    let [first, second] = &pair.phones;
    let before = pair.checkpoint(first);

    pair.office.import(&pair.scratch.join("whole"));
    let added = first.sync();
    assert_ne!(pair.checkpoint(first), before, "the import made a new checkpoint");
    assert_ne!(figures(first), figures(second), "the second phone has not heard of it yet");
    assert_eq!(second.sync()["entries_received"], added["entries_received"]);
    pair.agree();

    // A third phone that fetches everything in one go.
    let third = Phone::new(&pair.scratch, "third");
    third.enrol(&pair.serving.of(COOPERATIVE), &pair.member, &pair.office.activate(&pair.member));
    assert_eq!(third.sync()["entries_received"], 3_000);
    assert_eq!(pair.checkpoint(&third), pair.checkpoint(first));
    assert_eq!(third.verify(), first.verify());
}

#[test]
fn an_answer_goes_to_the_device_that_asked() {
    let pair = pair("two-asked");
    let [first, second] = &pair.phones;
    let before = figures(first);
    let request = first.ask("2000000");
    assert_eq!(first.sync()["requests_sent"], 1);
    second.sync();
    assert_eq!((states(first), states(second)), (vec![json!("received")], vec![]));

    assert_eq!(pair.office.requests().len(), 1);
    pair.office.approve(&request, "Lengkap");
    second.sync();
    first.sync();
    assert_eq!((states(first), states(second)), (vec![json!("approved")], vec![]));
    assert_eq!(first.json(&["loan", "requests"])["requests"][0]["reason"], "Lengkap");
    assert_eq!(figures(first), before, "an answer alone moves no money");
    pair.agree();
}

#[test]
fn a_revoked_device_is_told_and_the_other_goes_on() {
    let pair = pair("two-revoked");
    let [first, second] = &pair.phones;
    let held = second.balance();
    assert_eq!(pair.office.revoke(&pair.devices[1])["device_id"], pair.devices[1].as_str());
    let revoked = |device: &str| {
        let devices = pair.office.devices();
        devices.iter().find(|listed| listed["device_id"] == device).unwrap()["revoked"].clone()
    };
    assert_eq!((revoked(&pair.devices[0]), revoked(&pair.devices[1])), (json!(false), json!(true)));

    pair.office.import(&pair.scratch.join("whole"));
    let refused = second.script(&["sync"]);
    assert_eq!((refused.status, refused.code().as_str()), (1, "device-revoked"));
    let told = second.run(&["sync"]);
    assert_eq!((told.status, told.stdout.as_str()), (1, ""));
    assert!(told.stderr.contains("dicabut"), "{told:?}");
    assert_eq!(second.balance(), held, "what it holds stays readable");
    assert_eq!(second.verify()["ok"], true);

    assert_eq!(first.sync()["complete"], true);
    assert_eq!(first.verify()["ok"], true);
    assert_ne!(figures(first), figures(second));
    // Another phone takes its place.
    let again = Phone::new(&pair.scratch, "again");
    again.enrol(&pair.serving.of(COOPERATIVE), &pair.member, &pair.office.activate(&pair.member));
    again.sync();
    assert_eq!(figures(&again), figures(first));
}

#[test]
fn a_revoked_phone_enrols_again_and_its_requests_are_signed_again_and_arrive_once() {
    let pair = pair("two-again");
    let [first, second] = &pair.phones;
    let received = first.ask("1500000");
    first.sync();
    let waiting = first.ask("2500000");
    pair.office.revoke(&pair.devices[0]);
    assert_eq!(first.script(&["sync"]).code(), "device-revoked");
    let held = first.balance();

    let enrolled = first.enrol(&pair.serving.of(COOPERATIVE), &pair.member, &pair.office.activate(&pair.member));
    assert_ne!(enrolled["device_id"], pair.devices[0].as_str(), "every enrolment makes a new device");
    assert_eq!(figures(first)["savings"], {
        let mut before = held.clone();
        before["savings"].as_array_mut().unwrap().iter_mut().for_each(|account| {
            account.as_object_mut().unwrap().remove("as_of");
        });
        before["savings"].clone()
    });
    let synced = first.sync();
    assert_eq!((synced["requests_sent"].clone(), synced["entries_received"].clone()), (json!(2), json!(0)));
    assert_eq!(states(first), [json!("received"), json!("received")]);
    let at_office: Vec<_> = pair.office.requests().iter().map(|request| request["request_id"].clone()).collect();
    assert_eq!(at_office.len(), 2, "{at_office:?}");
    assert!(at_office.contains(&json!(received)) && at_office.contains(&json!(waiting)));
    pair.office.approve(&received, "Lengkap");
    pair.office.reject(&waiting, "Belum lengkap");
    first.sync();
    assert_eq!(states(first), [json!("approved"), json!("rejected")]);
    assert_eq!(first.verify()["ok"], true);
    pair.agree();
    assert_eq!(states(second), Vec::<Value>::new());
}
