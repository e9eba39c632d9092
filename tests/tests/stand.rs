//! The test stand does what the suites of other languages count on: its figures are those of the books, its faults happen,
//! and nothing of it outlives the suite.

#![allow(clippy::unwrap_used, missing_docs)]

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use anggota_tests::middleman::{ask, wait_until};
use anggota_tests::{Activation, Phone, Scratch};
use data_encoding::BASE64;
use serde_json::{Value, json};

/// A running stand and a folder for phones.
struct Stand {
    child: Child,
    address: SocketAddr,
    scratch: Scratch,
}

impl Stand {
    fn start(name: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_stand"));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let first: Value = serde_json::from_str(&line).unwrap_or_else(|fault| panic!("{fault}: {line:?}"));
        let address = first["url"].as_str().unwrap().strip_prefix("http://").unwrap().parse().unwrap();
        Self { child, address, scratch: Scratch::new(name) }
    }

    fn asked(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let reply = ask(self.address, method, path, body).unwrap();
        (reply.status, serde_json::from_slice(&reply.body).unwrap())
    }

    #[track_caller]
    fn get(&self, path: &str) -> Value {
        let (status, document) = self.asked("GET", path, None);
        assert_eq!(status, 200, "{path}: {document}");
        document
    }

    #[track_caller]
    fn post(&self, path: &str, body: Value) -> Value {
        let (status, document) = self.asked("POST", path, Some(&body));
        assert_eq!(status, 200, "{path}: {document}");
        document
    }

    /// A new phone with these papers, enrolled at the server they name or another.
    #[track_caller]
    fn phone(&self, papers: &Value, server: Option<&Value>) -> Phone {
        let text = |field: &str| papers[field].as_str().unwrap().to_owned();
        let paper = Activation { code: text("code"), server_key: text("server_key"), expires_at: String::new() };
        let phone = Phone::new(&self.scratch, &text("code"));
        phone.enrol(server.unwrap_or(&papers["server_url"]).as_str().unwrap(), &text("member_no"), &paper);
        phone
    }

    #[track_caller]
    fn fresh_phone(&self, server: Option<&Value>) -> Phone {
        self.phone(&self.post("/papers", json!({ "fresh": true })), server)
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        self.child.wait().unwrap();
    }
}

/// Every line that the phone shows of a passbook, oldest first, as it prints it.
fn lines(phone: &Phone, account: &str, is_loan: bool) -> Value {
    let command: &[&str] =
        if is_loan { &["loan", "transactions", account] } else { &["transactions", "--account", account] };
    let mut lines: Vec<Value> = Vec::new();
    loop {
        let before = lines.last().map_or(u32::MAX.to_string(), |line| line["seq"].to_string());
        let page = phone.json(&[command, &["--limit", "1000", "--before", &before]].concat());
        lines.extend(page["entries"].as_array().unwrap().iter().cloned());
        if page["more"] == false {
            lines.reverse();
            return lines.into();
        }
    }
}

/// The rows of `balance` as `GET /expected` has them.
fn figures(balance: &Value, list: &str, number: &str, figure: &str) -> Value {
    let rows = balance[list].as_array().unwrap().iter();
    rows.map(|row| json!({ "account_no": row[number], figure: row[figure], "seq": row["seq"] })).collect()
}

#[test]
fn phones_show_what_the_stand_expects_of_every_kind_of_member() {
    let stand = Stand::start("stand-figures");
    let members = stand.get("/members");
    for kind in ["rich", "long_passbook", "money_edges", "leap_days", "loan"] {
        let papers = stand.post("/papers", json!({ "member": members[kind]["member_no"] }));
        assert_eq!(papers["member_no"], members[kind]["member_no"]);
        let phone = stand.phone(&papers, None);
        assert_eq!(phone.sync()["complete"], true);
        let expected = stand.get(&format!("/expected?member_no={}", papers["member_no"].as_str().unwrap()));
        let balance = phone.balance();
        assert_eq!(balance["total_savings"], expected["total_savings"], "{kind}");
        assert_eq!(figures(&balance, "savings", "account_no", "balance"), expected["savings"], "{kind}");
        assert_eq!(figures(&balance, "loans", "loan_no", "outstanding"), expected["loans"], "{kind}");
        let loans: Vec<_> = expected["loans"].as_array().unwrap().iter().map(|loan| &loan["account_no"]).collect();
        for (account, entries) in expected["entries"].as_object().unwrap() {
            assert_eq!(&lines(&phone, account, loans.contains(&&json!(account))), entries, "{kind}, {account}");
        }
    }
}

#[test]
fn what_is_special_of_a_member_stands_in_the_books() {
    let stand = Stand::start("stand-special");
    let members = stand.get("/members");
    let expected =
        |kind: &str| stand.get(&format!("/expected?member_no={}", members[kind]["member_no"].as_str().unwrap()));
    let rich = expected("rich");
    assert!(rich["savings"].as_array().unwrap().len() >= 4 && !rich["loans"].as_array().unwrap().is_empty());
    let long = &members["long_passbook"];
    let long_entries = expected("long_passbook")["entries"][long["account_no"].as_str().unwrap()].clone();
    assert_eq!(json!(long_entries.as_array().unwrap().len()), long["entries"]);
    let (edges, named) = (expected("money_edges"), &members["money_edges"]);
    for edge in ["largest", "smallest", "reversal"] {
        let edge = &named[edge];
        let entry = &edges["entries"][edge["account_no"].as_str().unwrap()][edge["seq"].as_u64().unwrap() as usize - 1];
        assert_eq!((&entry["seq"], &entry["amount"]), (&edge["seq"], &edge["amount"]));
    }
    for edge in ["one_sen", "zero"] {
        let savings = edges["savings"].as_array().unwrap();
        let account = savings.iter().find(|account| account["account_no"] == named[edge]["account_no"]).unwrap();
        assert_eq!(account["balance"], named[edge]["balance"]);
    }
    let days = expected("leap_days")["entries"][members["leap_days"]["account_no"].as_str().unwrap()].to_string();
    assert!(members["leap_days"]["dates"].as_array().unwrap().iter().all(|day| days.contains(day.as_str().unwrap())));

    let fresh = members["fresh"].as_array().unwrap();
    assert!(fresh.len() >= 60);
    let given: Vec<_> = (0..3).map(|_| stand.post("/papers", json!({ "fresh": true }))["member_no"].clone()).collect();
    assert_eq!(given, fresh[..3], "each is given away once");
    assert_eq!(stand.asked("GET", "/expected?member_no=nobody", None).0, 404);
    assert_eq!(stand.asked("POST", "/papers", Some(&json!({ "member": "nobody" }))).0, 422);
}

#[test]
fn a_code_is_not_replaced_before_it_could_be_used() {
    let stand = Stand::start("stand-codes");
    let first = stand.post("/papers", json!({}));
    thread::scope(|scope| {
        let second = scope.spawn(|| stand.post("/papers", json!({})));
        thread::sleep(Duration::from_millis(500));
        stand.phone(&first, None).sync();
        stand.phone(&second.join().unwrap(), None).sync();
    });
}

#[test]
fn faults_happen_as_asked_and_are_counted() {
    let stand = Stand::start("stand-faults");
    let proxy = stand.post("/proxy", json!({ "fault": "none" }));
    let at = format!("/proxy/{}", proxy["id"].as_str().unwrap());
    let phone = stand.fresh_phone(Some(&proxy["server_url"]));
    assert_eq!(phone.sync()["complete"], true);
    let code = |phone: &Phone| phone.script(&["sync"]).code();

    let id = phone.ask("5000000");
    stand.post(&at, json!({ "fault": "drop-replies", "count": 1, "path": "operations" }));
    assert_eq!(code(&phone), "no-network");
    assert_eq!(phone.sync()["complete"], true);
    let counted = stand.get(&at);
    assert_eq!((&counted["dropped"], &counted["by_route"]["operations"]), (&json!(1), &json!(1)), "{counted}");
    let listed = stand.get("/requests")["requests"].clone();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["request_id"]), (1, &json!(id)));
    stand.post("/decide", json!({ "request_id": id, "approve": true, "reason": "disetujui rapat" }));
    phone.sync();
    assert_eq!(phone.json(&["loan", "requests"])["requests"][0]["state"], "approved");

    for (fault, heard) in [
        (json!({ "fault": "cut", "bytes": 10, "path": "pull" }), "no-network"),
        (json!({ "fault": "cut" }), "no-network"),
        (json!({ "fault": "refuse" }), "no-network"),
        (json!({ "fault": "html" }), "not-a-server"),
        (json!({ "fault": "problem", "problem": "device-revoked" }), "device-revoked"),
        (json!({ "fault": "problem", "problem": "busy" }), "busy"),
    ] {
        stand.post(&at, fault.clone());
        assert_eq!(code(&phone), heard, "{fault}");
    }
    stand.post(&at, json!({ "fault": "slow", "bytes": 64, "pause_ms": 5 }));
    assert_eq!(phone.sync()["complete"], true);
    for asked in [json!({ "fault": "flood" }), json!({ "fault": "problem", "problem": "no-network" })] {
        assert_eq!(stand.asked("POST", &at, Some(&asked)).0, 400, "{asked}");
    }
    assert_eq!(stand.asked("GET", "/proxy/99", None).0, 404);
}

#[test]
fn the_office_asks_for_more_and_has_the_documents_as_far_as_they_came() {
    let stand = Stand::start("stand-documents");
    let proxy = stand.post("/proxy", json!({ "fault": "none" }));
    let at = format!("/proxy/{}", proxy["id"].as_str().unwrap());
    let phone = stand.fresh_phone(Some(&proxy["server_url"]));
    phone.sync();
    let (file, mut photograph) = (stand.scratch.join("ktp.jpg"), vec![7; 150_000]);
    photograph[..3].copy_from_slice(&[0xff, 0xd8, 0xff]);
    std::fs::write(&file, &photograph).unwrap();
    let terms = ["--product", "PF", "--principal", "2000000", "--periods", "12", "--purpose", "modal"];
    let asked = [&["loan", "request"], &terms[..], &["--attach", file.to_str().unwrap()]].concat();
    let id = phone.json(&asked)["request_id"].as_str().unwrap().to_owned();
    stand.post(&at, json!({ "fault": "drop-replies", "after": 1, "count": 1, "path": "attachments" }));
    assert_eq!(phone.script(&["sync"]).code(), "no-network");
    assert_eq!(stand.get(&at)["by_route"]["attachments"], 2, "the first part was answered");
    let documents = format!("/documents?request_id={id}");
    assert_eq!(stand.get(&documents), json!({ "documents": [], "missing": 1 }));
    phone.sync();
    assert_eq!(stand.get(&documents), json!({ "documents": [BASE64.encode(&photograph)], "missing": 0 }));
    stand.post("/ask", json!({ "request_id": id, "reason": "Mohon slip gaji" }));
    phone.sync();
    assert_eq!(phone.json(&["loan", "requests"])["requests"][0]["state"], "more_asked");
}

#[test]
fn a_server_that_is_none_answers_as_asked() {
    let stand = Stand::start("stand-answers");
    let phone = Phone::new(&stand.scratch, "phone");
    for (asked, heard) in [
        (json!({ "problem": "code-wrong" }), "code-wrong"),
        (json!({ "problem": "too-many-attempts" }), "too-many-attempts"),
        (json!({ "problem": "update-required" }), "update-required"),
        (json!({ "html": true }), "not-a-server"),
        (json!({ "refuse": true }), "no-network"),
    ] {
        let answer = stand.post("/answer", asked);
        let server = answer["server_url"].as_str().unwrap();
        let given = ["enrol", "--server", server, "--member", "A1", "--code", "1234-5678", "--trust-on-first-use"];
        assert_eq!(phone.script(&given).code(), heard);
    }
    assert_eq!(stand.asked("POST", "/answer", Some(&json!({}))).0, 400);
    assert_eq!(stand.asked("GET", "/nowhere", None).0, 404);
}

#[test]
fn a_card_is_judged_with_the_stands_files() {
    let stand = Stand::start("stand-card");
    let papers = stand.post("/papers", json!({ "fresh": true }));
    let phone = stand.phone(&papers, None);
    phone.sync();
    let verdict = || {
        let files = stand.get("/card-files");
        let file = |name: &str, bytes: Vec<u8>| {
            let path = stand.scratch.join(name);
            std::fs::write(&path, bytes).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let base64 = |text: &Value| BASE64.decode(text.as_str().unwrap().as_bytes()).unwrap();
        let (trust, status) = (file("trust", base64(&files["trust"])), file("status", base64(&files["statuses"][0])));
        let root = file("root", files["roots"][0].as_str().unwrap().as_bytes().to_vec());
        let text = phone.json(&["card", "show", "--once"])["text"].as_str().unwrap().to_owned();
        let given = ["card", "verify", "--text", &text, "--trust", &trust, "--root", &root, "--status", &status];
        phone.script(&given).document()
    };
    let member_no = papers["member_no"].clone();
    let expected = stand.get(&format!("/expected?member_no={}", member_no.as_str().unwrap()));
    let green = verdict();
    assert_eq!((&green["result"], &green["name"]), (&json!("green"), &expected["name"]));
    stand.post("/member/suspend", json!({ "member_no": member_no }));
    assert_eq!(verdict()["result"], "red");
    stand.post("/member/restore", json!({ "member_no": member_no }));
    assert_eq!(verdict()["result"], "green");

    // The device is known by what the office lists.
    let federated = Phone::new(&stand.scratch, "federated");
    let papers = stand.post("/papers", json!({ "fresh": true }));
    let [server, member, code] = ["server_url", "member_no", "code"].map(|field| papers[field].as_str().unwrap());
    let root = stand.scratch.join("root");
    let root = root.to_str().unwrap();
    let given = ["enrol", "--server", server, "--member", member, "--code", code, "--root", root];
    let device_id = federated.json(&given)["device_id"].clone();
    federated.sync();
    stand.post("/device/revoke", json!({ "device_id": device_id }));
    assert_eq!(federated.script(&["sync"]).code(), "device-revoked");
}

#[test]
fn nothing_of_a_stand_outlives_its_suite() {
    let stand = Stand::start("stand-end");
    let papers = stand.post("/papers", json!({}));
    let server = papers["server_url"].as_str().unwrap().strip_prefix("http://").unwrap().split('/').next().unwrap();
    let server: SocketAddr = server.parse().unwrap();
    let own = stand.address;
    assert!(TcpStream::connect(server).is_ok() && TcpStream::connect(own).is_ok());
    drop(stand);
    assert!(wait_until(|| TcpStream::connect(server).is_err() && TcpStream::connect(own).is_err()));
}
