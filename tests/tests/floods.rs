//! A server, or somebody in its place, that breaks off, sends too much, sends nonsense, or refuses everybody: the phone ends
//! cleanly in bounded memory, forgets nothing, stays enrolled, and goes on where it was.

#![allow(clippy::unwrap_used, missing_docs)]

use std::io::{self, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread::sleep;
use std::time::Duration;

use anggota::domain::{
    AccountKey, AccountNo, Money, OperationId, ProductCode, Purpose, Reason, RequestState, Timestamp,
};
use anggota::protocol::STREAM;
use anggota::protocol::frame::{Frame, Page};
use anggota::protocol::operation::OperationResult;
use anggota::protocol::problem::Code;
use anggota_tests::middleman::{Act, Reply, Request, Upstream, head};
use anggota_tests::stream::{frames, packed};
use anggota_tests::village::{COOPERATIVE, MEMBER, Village, mirror};
use anggota_tests::{Output, lines_of, passbooks};
use serde_json::Value;

/// The most memory that a sync may ever take, whatever it is sent, KiB.
const MAX_KIB: u64 = 96 * 1024;
/// How long a sync may take until it sees that it is being fooled.
const LIMIT: Duration = Duration::from_secs(120);

/// A sync, held to its limits.
#[track_caller]
fn sync(village: &Village) -> Output {
    let (output, peak) = village.phone.start(&["sync"]).wait_measured(LIMIT);
    assert!(peak < MAX_KIB, "{peak} KiB: {output:?}");
    output
}

/// What the phone shows, and which requests wait.
fn figures(village: &Village) -> [Value; 4] {
    let balance = village.phone.balance();
    let requests = village.phone.json(&["loan", "requests"]);
    let ids = requests["requests"].as_array().unwrap().iter().map(|request| request["request_id"].clone()).collect();
    [balance["savings"].clone(), balance["loans"].clone(), balance["as_of"].clone(), ids]
}

/// A sync that must fail like this, and changes nothing that is shown.
#[track_caller]
fn assert_fails(village: &Village, what: &str, status: i32, codes: &[&str]) {
    let before = figures(village);
    let failed = sync(village);
    let code = failed.code();
    assert!(failed.status == status && codes.contains(&code.as_str()), "{what}: {} {code}", failed.status);
    assert_eq!(figures(village), before, "{what}");
}

/// The phone is still the member's device, and nothing is lost.
#[track_caller]
fn assert_goes_on(village: &Village) {
    village.middle.pass();
    let synced = sync(village);
    assert_eq!((synced.status, &synced.document()["complete"]), (0, &serde_json::json!(true)));
    assert_eq!(village.phone.verify()["ok"], true);
}

#[test]
fn a_stream_that_breaks_off_anywhere_is_gone_on_with() {
    let village = Village::new("truncated", 12_000, 4, 3);
    // One phone after the other, cut at another byte each; then the same phone again and again until it has everything.
    for cut in [0, 1, 3, 4, 5, 100, 400] {
        let phone = village.another_phone(&format!("cut-{cut}"));
        village.middle.rule_for("pull", move |request, upstream| {
            let reply = upstream.send(request).unwrap();
            Act::Reply(reply.with_body(&reply.body[..cut]))
        });
        let failed = phone.script(&["sync"]);
        assert_eq!((failed.status, failed.code().as_str()), (3, "no-network"), "cut after {cut} bytes");
        village.middle.pass();
        assert_eq!(phone.sync()["complete"], true);
        assert_eq!(phone.verify()["ok"], true);
    }
    // A network that lets no more than 150 kB through at a time.
    village.middle.rule_for("pull", |request, upstream| {
        let reply = upstream.send(request).unwrap();
        let mut raw = head(200, STREAM, &format!("Content-Length: {}", reply.body.len()));
        raw.extend(reply.body.iter().take(150_000));
        if reply.body.len() <= 150_000 {
            Act::Reply(reply)
        } else {
            Act::Write(Box::new(move |phone| phone.write_all(&raw)))
        }
    });
    let mut held = 0;
    for round in 0..20 {
        let output = sync(&village);
        let now = mirror(&village.phone).len();
        if output.status == 0 {
            assert!(round > 2, "it was cut indeed");
            assert_eq!(village.phone.verify()["ok"], true);
            return;
        }
        assert_eq!(output.code(), "no-network");
        assert!(now > held, "each time it comes a little further");
        held = now;
    }
    panic!("it never came to an end");
}

#[test]
fn a_stream_of_nonsense_is_nobodys_server() {
    let village = Village::synced("nonsense", 600, 3, 2);
    village.phone.ask("1000000");
    let noise: Vec<u8> = (0..200_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let long_frame = zstd::encode_all([&[0xff; 4][..], &[0; 100_000]].concat().as_slice(), 1).unwrap();
    let wide_window = {
        let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
        encoder.window_log(27).unwrap();
        encoder.include_contentsize(false).unwrap();
        encoder.write_all(&vec![0; 200_000_000]).unwrap();
        encoder.finish().unwrap()
    };
    let half_array = zstd::encode_all(&[0, 0, 0, 2, 0x9f, 0xff][..], 1).unwrap();
    let deep = zstd::encode_all([&[0, 0, 4, 0][..], &[0x81; 1024]].concat().as_slice(), 1).unwrap();
    let huge_array = zstd::encode_all(&[0, 0, 0, 10, 0x82, 1, 0x9b, 0, 0, 0, 1, 0, 0, 0][..], 1).unwrap();
    let cases: [(&str, Vec<u8>, i32, &[&str]); 8] = [
        ("nothing", vec![], 3, &["no-network"]),
        ("noise", noise, 3, &["not-a-server"]),
        ("text", b"<html>login</html>".to_vec(), 3, &["not-a-server"]),
        ("a frame of 4 GB", long_frame, 1, &["not-verified"]),
        ("a window of 128 MB", wide_window, 3, &["not-a-server"]),
        ("an endless array", half_array, 1, &["not-verified"]),
        ("arrays in arrays", deep, 1, &["not-verified"]),
        ("an array of 4 billion heads", huge_array, 1, &["not-verified", "no-network"]),
    ];
    for (what, body, status, codes) in cases {
        village.middle.rule_for("pull", move |_, _| Act::Reply(Reply::new(200, STREAM, body.clone())));
        assert_fails(&village, what, status, codes);
    }
    assert_goes_on(&village);
    assert_eq!(village.office.requests().len(), 1);
}

/// How much a flood unpacks to: more than a phone may ever hold at once, and little enough for a test.
const FLOOD_BYTES: usize = 160 << 20;

/// The frames that come again and again, made from those of the true answer.
type Make = fn(&[Frame]) -> Vec<Frame>;

/// After the true beginning of an answer the same frames come again and again, packed as small as they go.
fn flood(village: &Village, make: Make) {
    village.middle.rule_for("pull", move |request: &Request, upstream: &Upstream| {
        let reply = upstream.send(request).unwrap();
        let bytes: Vec<u8> =
            frames(&reply).iter().filter(|frame| is_beginning(frame)).flat_map(Frame::encode).collect();
        let wave: Vec<u8> = make(&frames(&reply)).iter().flat_map(Frame::encode).collect();
        Act::Write(Box::new(move |phone| {
            phone.write_all(&head(200, STREAM, "Connection: close"))?;
            let mut encoder = zstd::Encoder::new(Phone(phone), 1)?;
            encoder.write_all(&bytes)?;
            for _ in 0..FLOOD_BYTES / wave.len() {
                encoder.write_all(&wave)?;
            }
            encoder.finish().map(drop)
        }))
    });
}

struct Phone<'a>(&'a mut TcpStream);

impl Write for Phone<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The frames of an answer up to where entries begin.
fn is_beginning(frame: &Frame) -> bool {
    matches!(frame, Frame::Checkpoint(_) | Frame::Heads(_) | Frame::Freshness(_) | Frame::Register(_))
}

#[test]
fn a_flood_of_frames_takes_bounded_memory() {
    let village = Village::new("flood", 600, 3, 2);
    let skipped: Make = |_| vec![Frame::Unknown; 1_000];
    let of_nobody: Make = |frames| {
        let page = frames.iter().find_map(|frame| match frame {
            Frame::Page(page) => Some(page.clone()),
            _ => None,
        });
        let account = AccountNo::new("TIADA").unwrap();
        page.map(|page| Frame::Page(Page { key: AccountKey { account, ..page.key }, ..page })).into_iter().collect()
    };
    for (what, make) in [("skipped frames", skipped), ("pages of nobody", of_nobody)] {
        flood(&village, make);
        let failed = sync(&village);
        assert_eq!((failed.status, failed.code().as_str()), (3, "no-network"), "{what}");
    }
    assert_goes_on(&village);
}

#[test]
fn a_flood_of_results_takes_bounded_memory() {
    let village = Village::synced("results", 600, 3, 2);
    flood(&village, |_| {
        let result = |number: u64| OperationResult {
            number,
            operation: OperationId::new(number, [7; 10]),
            body_hash: [0; 32],
            state: RequestState::Approved,
            reason: Some(Reason::new(&"x".repeat(200)).unwrap()),
            at: Timestamp::EPOCH,
        };
        vec![Frame::Results((1..=500).map(result).collect())]
    });
    let failed = sync(&village);
    assert_eq!((failed.status, failed.code().as_str()), (3, "no-network"));
    assert_goes_on(&village);
}

#[test]
fn a_stream_without_an_end_is_given_up() {
    let village = Village::new("greatest", 600, 3, 2);
    // Half a megabyte of nothing, again and again: a bomb that unpacks to far more than any books.
    village.middle.rule_for("pull", |_, _| {
        let mut frame = vec![0, 7, 0xff, 0xff, 0x82, 0x18, 0x80, 0x5a, 0, 7, 0xff, 0xf6];
        frame.resize(4 + 0x7_ffff, 0);
        let wave = frame.repeat(64);
        let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
        (0..80).for_each(|_| encoder.write_all(&wave).unwrap());
        Act::Reply(Reply::new(200, STREAM, encoder.finish().unwrap()))
    });
    let failed = sync(&village);
    assert_eq!((failed.status, failed.code().as_str()), (3, "not-a-server"));
    assert_goes_on(&village);
}

#[test]
fn a_server_that_is_ill_is_asked_again_later() {
    let village = Village::synced("ill", 600, 3, 2);
    village.phone.ask("1000000");
    let html = |status| Reply::new(status, "text/html", "<h1>Bad gateway</h1>");
    let cases: [(&str, Reply, i32, &[&str]); 9] = [
        ("500 in HTML", html(500), 3, &["busy"]),
        ("502 in HTML", html(502), 3, &["busy"]),
        ("503 without a word", Reply::new(503, "text/plain", ""), 3, &["busy"]),
        ("500 of ours", Reply::problem(Code::Internal), 3, &["internal"]),
        ("503 of ours", Reply::problem(Code::Busy), 3, &["busy"]),
        ("a login page", html(200), 3, &["not-a-server"]),
        ("a moved page", html(302), 3, &["not-a-server"]),
        ("404 in HTML", html(404), 3, &["not-a-server"]),
        ("401 in HTML", html(401), 3, &["not-a-server"]),
    ];
    for (what, reply, status, codes) in cases {
        village.middle.rule(move |_, _| Act::Reply(reply.clone()));
        assert_fails(&village, what, status, codes);
    }
    assert_goes_on(&village);
    assert_eq!(village.office.requests().len(), 1, "what was asked for has arrived");
}

#[test]
fn whoever_is_refused_stays_enrolled() {
    let village = Village::synced("refused", 600, 3, 2);
    village.phone.ask("1000000");
    let cases: [(Code, &[&str]); 5] = [
        (Code::Unauthorized, &["unauthorized"]),
        (Code::TokenExpired, &["token-expired", "proof-invalid"]),
        (Code::ProofInvalid, &["proof-invalid"]),
        (Code::DeviceRevoked, &["device-revoked"]),
        (Code::UpdateRequired, &["update-required"]),
    ];
    for (code, codes) in cases {
        village.middle.forget();
        village.middle.rule(move |_, _| Act::Reply(Reply::problem(code)));
        assert_fails(&village, code.as_str(), 1, codes);
        assert!(village.middle.exchanges().len() < 20, "{}: not asked without end", code.as_str());
    }
    // The token alone is refused, however often it is renewed.
    village.middle.forget();
    village.middle.rule(|request, upstream| {
        if request.is("tokens") { upstream.pass(request) } else { Act::Reply(Reply::problem(Code::TokenExpired)) }
    });
    assert_fails(&village, "renewed in vain", 1, &["proof-invalid", "token-expired"]);
    assert!(village.middle.exchanges().len() < 40);
    assert_goes_on(&village);
    assert_eq!(village.office.requests().len(), 1);
}

#[test]
fn of_twenty_callers_whose_token_is_refused_one_renews_it() {
    let village = Village::synced("storm", 600, 3, 2);
    for _ in 0..3 {
        village.phone.ask("1000000");
    }
    let renewed = Arc::new(AtomicBool::new(false));
    let (at_once, most, count) = (AtomicUsize::new(0), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (is_renewed, seen, renewals) = (renewed.clone(), most.clone(), count.clone());
    village.middle.rule(move |request, upstream| {
        if !request.is("tokens") {
            // Until somebody renewed, nobody is let in.
            let open = is_renewed.load(Ordering::Acquire);
            return if open { upstream.pass(request) } else { Act::Reply(Reply::problem(Code::TokenExpired)) };
        }
        seen.fetch_max(at_once.fetch_add(1, Ordering::AcqRel) + 1, Ordering::AcqRel);
        renewals.fetch_add(1, Ordering::AcqRel);
        sleep(Duration::from_millis(300));
        let act = upstream.pass(request);
        is_renewed.store(true, Ordering::Release);
        at_once.fetch_sub(1, Ordering::AcqRel);
        act
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build().unwrap();
    let synced = runtime.block_on(async {
        let client = Arc::new(village.phone.client(COOPERATIVE, MEMBER).unwrap());
        let callers: Vec<_> = (0..20)
            .map(|_| {
                let client = client.clone();
                tokio::spawn(async move { client.sync().await })
            })
            .collect();
        let mut reports = Vec::new();
        for caller in callers {
            reports.push(caller.await.unwrap().map_err(|error| error.code()));
        }
        client.shut_down().await.unwrap();
        reports
    });
    assert!(synced.iter().all(Result::is_ok), "{synced:?}");
    assert_eq!(most.load(Ordering::Acquire), 1, "one renewal in flight");
    assert_eq!(count.load(Ordering::Acquire), 1, "one renewal in all");
    assert_eq!(village.office.requests().len(), 3, "each once");
    assert_goes_on(&village);
}

#[test]
fn what_the_phone_holds_is_read_while_a_server_keeps_it_waiting() {
    let village = Village::synced("waiting", 600, 3, 2);
    let (shown, books) = (village.phone.balance(), passbooks(&village.books, |member| member == MEMBER));
    // Answers a byte every now and then, for as long as the phone listens.
    village.middle.rule_for("pull", |request, upstream| {
        let bytes = packed(&frames(&upstream.send(request).unwrap()));
        Act::Write(Box::new(move |phone| {
            phone.write_all(&head(200, STREAM, &format!("Content-Length: {}", bytes.len())))?;
            for byte in bytes {
                phone.write_all(&[byte])?;
                sleep(Duration::from_millis(50));
            }
            Ok(())
        }))
    });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let client = Arc::new(village.phone.client(COOPERATIVE, MEMBER).unwrap());
        let caller = client.clone();
        let syncing = tokio::spawn(async move { caller.sync().await });
        for _ in 0..10 {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let balances = client.balances().unwrap();
            assert_eq!(balances.total_savings.to_string(), shown["total_savings"].as_str().unwrap());
        }
        for (number, passbook) in &books {
            assert_eq!(lines_of(&client, number, passbook.is_loan), passbook.lines);
        }
        assert!(client.verify().unwrap().ok);
        assert!(client.show_card().await.unwrap().text.starts_with("KTA1:"));
        let (product, purpose) = (ProductCode::new("PF").unwrap(), Purpose::new("pupuk").unwrap());
        let asked = client.request_loan(product, Money::from_rupiah(1_000_000).unwrap(), 12, purpose).await.unwrap();
        assert_eq!(client.requests().unwrap(), [asked]);
        assert!(!syncing.is_finished(), "it was slow indeed");
        // Whoever closes the app does not wait for the server.
        syncing.abort();
        tokio::time::timeout(Duration::from_secs(10), client.shut_down()).await.unwrap().unwrap();
    });
    assert_goes_on(&village);
    assert_eq!(village.office.requests().len(), 1, "what was asked for meanwhile has arrived");
}
