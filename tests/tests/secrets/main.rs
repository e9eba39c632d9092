//! Nothing secret or personal is said where it does not belong: every name, number, amount, code, token and key of this test
//! is a canary, and what both programs print, note at their most talkative, and answer to strangers is searched for each.

#![allow(clippy::unwrap_used, missing_docs)]

mod world;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;

use anggota::protocol::problem::Code;
use anggota_tests::Serving;
use anggota_tests::canary::Kind;
use anggota_tests::canary::Kind::{Account, Amount, Code as CodeOf, Key, Member, Name, Personal, Token, Words};
use anggota_tests::middleman::{Act, Reply, wait_until};
use rusqlite::Connection;
use serde_json::Value;
use world::{COOPERATIVE, People, World, files, mode};

/// What a stranger hears who says that to the server's port.
fn say(serving: &Serving, request: &[u8]) -> Vec<u8> {
    let mut server = TcpStream::connect(serving.address).unwrap();
    server.set_read_timeout(Some(std::time::Duration::from_secs(10))).unwrap();
    let _refused_half_way = server.write_all(request);
    let mut heard = Vec::new();
    let _cut_off = server.read_to_end(&mut heard);
    heard
}

#[test]
fn a_planted_canary_is_found_in_every_spelling() {
    let mut world = World::new();
    let member = world.people.member.clone();
    let (code, key) = world.activate(&member);
    let server = world.middle.of(COOPERATIVE);
    world.phone.run(&["enrol", "--server", &server, "--member", &member, "--code", &code, "--server-key", &key]);
    world.add_tokens();
    world.add_keys();
    assert_eq!(
        world.aviary.kinds().into_iter().collect::<Vec<_>>(),
        [Name, Member, Account, Amount, Words, Personal, CodeOf, Token, Key]
    );
    for canary in world.aviary.all() {
        let hidden = [b"ab", canary.bytes.as_slice(), b"cde"].concat();
        for spelt in [
            hidden.clone(),
            data_encoding::HEXLOWER.encode(&hidden).into_bytes(),
            data_encoding::HEXUPPER.encode(&hidden).into_bytes(),
            data_encoding::BASE64.encode(&hidden).into_bytes(),
            data_encoding::BASE64.encode(&hidden[1..]).into_bytes(),
            data_encoding::BASE64URL_NOPAD.encode(&hidden[2..]).into_bytes(),
            format!("{hidden:?}").into_bytes(),
        ] {
            let log = [b"2026-11-24T03:28:05Z TRACE anggota: ", spelt.as_slice(), b" done\n"].concat();
            let found = world.aviary.found_in(&log);
            assert!(
                found.iter().any(|(kind, _)| *kind == canary.kind),
                "{:?} {}",
                canary.kind,
                String::from_utf8_lossy(&log)
            );
        }
    }
    assert_eq!(world.aviary.found_in(b"2026-11-24T03:28:05Z TRACE anggota: nothing of the kind"), []);
}

/// The command line of an enrolment: server, member, code and key, and whatever comes after them.
fn enrolling(given: &[&str; 4], more: &[&str]) -> Vec<String> {
    let named =
        ["--server", "--member", "--code", "--server-key"].iter().zip(given).flat_map(|(name, value)| [*name, value]);
    ["enrol"].into_iter().chain(named).chain(more.iter().copied()).map(str::to_owned).collect()
}

fn refs(given: &[String]) -> Vec<&str> {
    given.iter().map(String::as_str).collect()
}

#[test]
fn nothing_secret_is_said() {
    let mut world = World::new();
    let People { member, stranger, savings, loan, principal, purpose, reason, officer, .. } = &world.people;
    let [member, stranger, savings, loan, purpose, reason, officer] =
        [member, stranger, savings, loan, purpose, reason, officer].map(String::to_owned);
    let principal = format!("{principal}.31");
    let server = world.middle.of(COOPERATIVE);

    // Codes that are wrong, a server that is none, then the right one.
    let (code, key) = world.activate(&member);
    let wrong: String = code.chars().map(|c| if c.is_ascii_digit() { '7' } else { c }).collect();
    let enrol = |code: &str, more: &[&str]| enrolling(&[&server, &member, code, &key], more);
    world.phone(&refs(&enrol(&wrong, &[])), &[]);
    world.phone(&refs(&enrol(&code, &["--nonsense"])), &[]);
    world.phone(&refs(&enrol(&code, &[&code])), &[]);
    world.middle.rule(|_, _| Act::HangUp);
    world.phone(&refs(&enrol(&code, &[])), &[]);
    world.middle.pass();
    let enrolled = world.judge(world.phone.script(&refs(&enrol(&code, &[]))), &[Name, Member], "anggota enrol");
    assert_eq!(enrolled.status, 0, "{enrolled:?}");
    world.add_tokens();
    world.add_keys();

    // What the member does.
    world.phone(&["sync"], &[]);
    world.phone(&["balance"], &[Amount, Account]);
    world.phone(&["verify"], &[Account]);
    world.phone(&["transactions", "--account", &savings], &[Amount, Account, Words]);
    world.phone(&["loan", "list"], &[Amount, Account]);
    world.phone(&["loan", "transactions", &loan], &[Amount, Account, Words]);
    let ask =
        ["loan", "request", "--product", "PF", "--principal", &principal, "--periods", "12", "--purpose", &purpose];
    world.judge(world.phone.run(&ask), &[Amount, Words], "anggota loan request");
    let check =
        ["loan", "check", "--product", "PF", "--principal", &principal, "--periods", "12", "--income", "9000000"];
    world.phone(&check, &[Amount]);
    let saved = world.judge(world.phone.script(&ask), &[], "anggota loan request");
    let id = serde_json::from_str::<Value>(&saved.stdout).unwrap()["request_id"].as_str().unwrap().to_owned();
    world.phone(&["sync"], &[]);
    world.phone(&["loan", "requests"], &[Amount, Words]);
    let show = world.phone(&["card", "show", "--once"], &[Name, Member]);
    let text = serde_json::from_str::<Value>(&show.stdout).unwrap()["text"].as_str().unwrap().to_owned();

    // What the office does, and what it refuses.
    world.office(&["requests", "list"], &[Member, Amount, Words]);
    let decide = ["requests", "decide", &id, "--reject", "--reason", &reason, "--officer", &officer];
    world.office(&decide, &[]);
    assert_eq!(world.office(&decide, &[]).status, 1, "decided once");
    world.office(&["device", "list"], &[Member]);
    world.office(&["member", "suspend", &stranger, "--officer", &officer], &[Member]);
    world.office(&["member", "restore", &stranger, "--officer", &officer], &[Member]);
    for nobody in [&*savings, &*loan, &*code] {
        world.office(&["activate", "--member", nobody], &[]);
        world.office(&["member", "suspend", nobody, "--officer", &officer], &[]);
        world.office(&["requests", "decide", nobody, "--approve", "--officer", &officer], &[]);
        world.office(&["requests", nobody], &[]);
    }
    let out = world.scratch.join("out");
    world.office(&["export", "issuer", out.to_str().unwrap()], &[]);
    world.office(&["export", "status-list", out.to_str().unwrap()], &[]);
    let spoilt = world.scratch.join("books/savings_entries.csv");
    let good = fs::read_to_string(&spoilt).unwrap();
    fs::write(&spoilt, good.replace(".27,", ".2x7,")).unwrap();
    let books = world.scratch.join("books");
    // The officer sees the value that is wrong; the notes do not.
    world.office(&["import", books.to_str().unwrap()], &[Amount, Words, Account]);
    fs::write(&spoilt, good).unwrap();

    // What the phone refuses.
    world.phone(&["sync"], &[]);
    for given in [
        &["transactions", "--account", &loan][..],
        &["transactions", "--account", &member],
        &["transactions", &savings],
        &["loan", "transactions", &savings],
        &["loan", "cancel", &id],
        &["loan", "cancel", &savings],
        &["balance", &principal],
        &["balance", "--profile", &member],
        &["balance", "--profile", &format!("{COOPERATIVE}/{stranger}")],
        &[
            "loan",
            "request",
            "--product",
            &savings,
            "--principal",
            &principal,
            "--periods",
            "12",
            "--purpose",
            &purpose,
        ],
        &[
            "loan",
            "request",
            "--product",
            "PF",
            "--principal",
            &format!("{principal}x"),
            "--periods",
            "12",
            "--purpose",
            &purpose,
        ],
        &[
            "loan",
            "request",
            "--product",
            "PF",
            "--principal",
            &principal,
            "--periods",
            &principal,
            "--purpose",
            &purpose,
        ],
        &["card", "verify", "--text", &text, "--trust", &savings, "--root", &loan],
    ] {
        assert_ne!(world.phone(given, &[]).status, 0, "{given:?}");
    }

    // Keeping in step by itself, with every kind of answer.
    for code in Code::ALL.iter().filter(|code| code.http_status() != 0) {
        world.middle.rule(move |_, _| Act::Reply(Reply::problem(*code)));
        world.phone(&["sync"], &[]);
    }
    world.middle.rule(|_, _| Act::Reply(Reply::new(200, "text/html", "<html>")));
    world.phone(&["sync"], &[]);
    world.middle.pass();
    world.middle.forget();
    let watch = world.phone.start(&["watch"]);
    world.middle.wait_for("pull", 1);
    world.judge(watch.kill(), &[], "anggota watch");
    world.phone(&["loan", "requests"], &[Amount, Words]);

    strangers(&world, &savings);
    let exchanges = world.middle.exchanges();
    for exchange in &exchanges {
        world.aviary.assert_only(&[], exchange.request.path.as_bytes(), "an address, which proxies write down");
    }
    for reply in exchanges.iter().filter_map(|exchange| exchange.reply.as_ref()) {
        let head = &reply.raw[..reply.raw.windows(4).position(|four| four == b"\r\n\r\n").unwrap()];
        world.aviary.assert_only(&[], head, "the head of an answer");
        if reply.status != 200 {
            world.aviary.assert_only(&[], &reply.raw, "a problem document");
        }
    }

    files_hold_nothing_plain(&world);
    damage(&world);
    let World { serving, aviary, .. } = world;
    let noted = serving.stop();
    assert!(noted.stderr.lines().count() > 20, "the server noted what it did: {}", noted.stderr);
    aviary.assert_only(&[], &[noted.stdout, noted.stderr].concat().into_bytes(), "the server's notes");
}

/// What people without any right to it send to the server is not given back to them, nor written down.
fn strangers(world: &World, savings: &str) {
    let People { member, .. } = &world.people;
    let secret = &world.aviary;
    let body = format!("{member} {savings}");
    let length = body.len();
    for request in [
        format!("GET /v1/{member}/pull HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
        format!("GET /{savings} HTTP/1.1\r\nHost: {member}\r\nConnection: close\r\n\r\n"),
        format!("DELETE /v1/{COOPERATIVE}/pull?{member} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
        format!(
            "POST /v1/{COOPERATIVE}/pull HTTP/1.1\r\nHost: a\r\nAuthorization: DPoP {savings}\r\nDPoP: {member}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        ),
        format!(
            "POST /v1/{COOPERATIVE}/enrolments HTTP/1.1\r\nHost: a\r\nContent-Type: {member}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        ),
        format!(
            "POST /v1/{COOPERATIVE}/tokens HTTP/1.1\r\nHost: a\r\nAnggota-Protocol: {savings}\r\nContent-Type: application/cbor\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
        ),
        format!("{member} {savings}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{member}: {}\r\n\r\n", savings.repeat(20_000)),
    ] {
        let heard = say(&world.serving, request.as_bytes());
        assert!(heard.is_empty() || heard.starts_with(b"HTTP/1.1 4"), "{}", String::from_utf8_lossy(&heard));
        secret.assert_only(&[], &heard, "what a stranger hears");
    }
}

/// Faults of the machine and of what is stored are noted with their causes, which name no value.
fn damage(world: &World) {
    let savings = &world.people.savings;
    let copied = world.phone.copied(&world.scratch, "damaged");
    let store = copied.open_store(COOPERATIVE, &world.people.member);
    for damage in
        ["savings_entry SET balance_after = balance_after + 1", "account SET head = x'00'", "outbox SET kind = 9"]
    {
        store.execute(&format!("UPDATE {damage}"), []).unwrap();
        for given in [&["verify"][..], &["balance"], &["loan", "requests"], &["transactions", "--account", savings]] {
            let allowed = [Amount, Account, Words];
            world.judge(copied.run(given), &allowed, given[0]);
        }
    }
    let database = Connection::open(world.office.database()).unwrap();
    for damage in [
        "savings_entry SET balance_after = balance_after + 1",
        "loan_product SET method = 99",
        "account SET hash = x'00'",
        "checkpoint SET bytes = x'00'",
        "member SET status = 99",
    ] {
        assert!(database.execute(&format!("UPDATE {damage}"), []).unwrap() > 0);
        world.phone(&["sync"], &[]);
        world.office(&["requests", "list"], &[Member, Amount, Words]);
        world.office(
            &["import", world.scratch.join("books").to_str().unwrap()],
            &[Amount, Account, Member, Words, Name, Personal],
        );
    }
}

/// Files on the phone are of use to nobody else, and the office's keys are its own.
fn files_hold_nothing_plain(world: &World) {
    // A log of writes that was not tidied up.
    let watch = world.phone.start(&["watch"]);
    let wal = files(&world.phone.data_dir).into_iter().find(|file| file.ends_with("store.db")).unwrap();
    let wal = PathBuf::from(format!("{}-wal", wal.display()));
    assert!(wait_until(|| fs::metadata(&wal).is_ok_and(|file| file.len() > 0)));
    watch.kill();
    let held = files(&world.phone.data_dir);
    assert!(held.contains(&wal));
    for file in held {
        let name = file.file_name().unwrap().to_str().unwrap();
        let allowed: &[Kind] = if name == "vault.key" { &[Key] } else { &[] };
        world.aviary.assert_only(allowed, &fs::read(&file).unwrap(), name);
        assert_eq!(mode(&file), 0o600, "{name} is for its owner alone");
    }
    let keys = files(&world.office.keys());
    assert_eq!(keys.len(), 4, "three keys and the note of the epoch: {keys:?}");
    for key in keys {
        assert_eq!(mode(&key), 0o600, "{}", key.display());
    }
    for file in files(&world.office.folder).iter().filter(|file| !file.starts_with(world.office.keys())) {
        // The database holds the books, but no key, code or token.
        world.aviary.assert_only(
            &[Name, Member, Account, Amount, Words, Personal],
            &fs::read(file).unwrap(),
            "the office's database",
        );
        assert_eq!(mode(file) & 0o077, 0, "{}", file.display());
    }
}
