//! A thousand faults on the way of requests to the office, by chance from a seed: lost on the way there, lost on the way
//! back, doubled, cut, answered with something else, refused for the moment. Every request arrives once; nothing is stuck.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use anggota::client::Client;
use anggota::domain::{Money, OperationId, ProductCode, Purpose, RequestState};
use anggota::protocol::problem::Code;
use anggota_tests::Random;
use anggota_tests::middleman::{Act, Reply, Request, Upstream};
use anggota_tests::village::{COOPERATIVE, MEMBER, Village};

const FAULTS: usize = 1_000;
/// An officer has at most 20 requests of a member before him.
const REQUESTS: usize = 20;
const SEED: u64 = 20_261_124;

/// What happens to one push, of nine kinds. Where the office hears of it, it hears of it before the fault.
fn fault(kind: u64, request: &Request, upstream: &Upstream) -> Act {
    let there = || upstream.send(request).unwrap();
    match kind {
        0 => Act::HangUp,
        1 => {
            there();
            Act::HangUp
        }
        2 => {
            there();
            there();
            Act::HangUp
        }
        3 => {
            let reply = there();
            let half = reply.body[..reply.body.len() / 2].to_vec();
            Act::Reply(reply.with_body(half))
        }
        4 => {
            there();
            Act::Reply(Reply::new(200, "text/html", "<html>wifi</html>"))
        }
        5 => Act::Reply(Reply::problem(Code::Busy)),
        6 => {
            there();
            Act::Reply(Reply::problem(Code::Internal))
        }
        // An answer of the right form to fewer operations than were asked about: the CBOR of [1, []].
        7 => Act::Reply(there().with_body([0x82, 0x01, 0x80])),
        // One that is no CBOR.
        _ => {
            let reply = there();
            let body = [&[0xff], &reply.body[..]].concat();
            Act::Reply(reply.with_body(body))
        }
    }
}

async fn ask(client: &Client, number: usize) -> OperationId {
    let principal = Money::from_rupiah(1_000_000 + number as i64).unwrap();
    let (product, purpose) = (ProductCode::new("PF").unwrap(), Purpose::new("pupuk").unwrap());
    client.request_loan(product, principal, 10, purpose).await.unwrap().request_id
}

#[test]
fn a_thousand_faults_of_pushes_double_nothing_and_leave_nothing_stuck() {
    let village = Village::synced("thousand", 300, 2, 1);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let client = village.phone.client(COOPERATIVE, MEMBER).unwrap();
    let met = Arc::new(AtomicUsize::new(0));
    let (seen, random) = (met.clone(), Mutex::new(Random::new(SEED)));
    village.middle.rule(move |request: &Request, upstream: &Upstream| {
        if request.is("operations") {
            seen.fetch_add(1, Ordering::Relaxed);
            let kind = random.lock().unwrap().below(9);
            return fault(kind, request, upstream);
        }
        // The answer to the push alone must do; tokens are renewed as ever.
        if request.is("pull") { Act::HangUp } else { upstream.pass(request) }
    });
    let mut asked = Vec::new();
    runtime.block_on(async {
        for number in 0..REQUESTS {
            asked.push(ask(&client, number).await);
            while met.load(Ordering::Relaxed) < FAULTS * (number + 1) / REQUESTS {
                assert!(client.sync().await.is_err(), "no fault is taken for an answer");
            }
        }
    });
    assert!(met.load(Ordering::Relaxed) >= FAULTS);
    village.middle.pass();
    runtime.block_on(async {
        client.sync().await.unwrap();
        for request in client.requests().unwrap() {
            assert_eq!(request.state, RequestState::Received, "{:?}", request.reason);
        }
        client.shut_down().await.unwrap();
    });
    let mut at_the_office: Vec<_> = village.office.requests();
    at_the_office.sort_by_key(|request| request["request_id"].as_str().unwrap().to_owned());
    let ids: Vec<_> = at_the_office.iter().map(|request| request["request_id"].as_str().unwrap().to_owned()).collect();
    let mut expected: Vec<_> = asked.iter().map(ToString::to_string).collect();
    expected.sort();
    assert_eq!(ids, expected, "each once");
}
