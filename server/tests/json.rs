//! Every answer in CBOR has the same content as JSON, and whoever does not ask for JSON gets what there always was.
#![allow(clippy::unwrap_used, reason = "what a test cannot set up fails it")]

mod support;

use anggota::cose::Signer;
use anggota::protocol::checkpoint::Freshness;
use anggota::protocol::enrolment::{self, Enrol};
use anggota::protocol::operation::{self, Operation};
use anggota::protocol::problem::Code;
use anggota::protocol::pull::PullRequest;
use anggota::protocol::{CBOR, STREAM};
use anggota_server::routes::{Access, ROUTES, Route};
use ciborium::Value as Cbor;
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};
use support::commands::{attaching, backed, naming, part, picture};
use support::phone::{Ask, Phone, Reply, loan_request, nothing_held};
use support::{Bench, FIRST, Setup};

const JSON: &str = "application/json";
/// What a phone sends, what many programs send, and nothing: none of them asks for JSON.
const OTHERS: [Option<&str>; 5] =
    [None, Some("*/*"), Some(CBOR), Some(STREAM), Some("application/cbor, application/json")];

/// RFC 8949 6.1 as this test reads it, with another reader than the server's.
fn as_json(item: &Cbor) -> Value {
    match item {
        Cbor::Integer(number) => match i128::from(*number) {
            number if number.unsigned_abs() < 1 << 53 => json!(number as i64),
            number => json!(number.to_string()),
        },
        Cbor::Bytes(bytes) => json!(BASE64URL_NOPAD.encode(bytes)),
        Cbor::Text(text) => json!(text),
        Cbor::Bool(yes) => json!(yes),
        Cbor::Null => Value::Null,
        Cbor::Array(items) => items.iter().map(as_json).collect(),
        other => panic!("{other:?} is in no message"),
    }
}

fn read(cbor: &[u8]) -> Value {
    as_json(&ciborium::from_reader(cbor).unwrap())
}

/// The frames of a packed stream, cut by their lengths alone.
fn frames(stream: &[u8]) -> Vec<Value> {
    let stream = zstd::decode_all(stream).unwrap();
    let (mut rest, mut frames) = (stream.as_slice(), Vec::new());
    while let Some((length, more)) = rest.split_first_chunk::<4>() {
        let (frame, more) = more.split_at(u32::from_be_bytes(*length) as usize);
        frames.push(read(frame));
        rest = more;
    }
    assert!(rest.is_empty());
    frames
}

fn media_type(reply: &Reply) -> &str {
    reply.headers["content-type"].to_str().unwrap()
}

/// A member's phone, and with what it asks each route so that there is much to answer.
struct Asking {
    bench: Bench,
    phone: Phone,
    code: String,
    request: PullRequest,
    operations: Vec<Vec<u8>>,
    /// A request with a document.
    attached: Operation,
}

impl Asking {
    async fn start() -> Self {
        let mut bench = Bench::books_only();
        let list = bench.folder.path().join("trust.bin");
        std::fs::write(&list, b"a list").unwrap();
        bench.serve(Setup { trust_list: Some(list), ..Setup::default() }).await.unwrap();
        // A heap of money that a reader in JavaScript could not count as a number.
        bench.post_amount(FIRST, 1, "SS-1", 90_071_992_547_409_930);
        let mut phone = Phone::new(&bench, FIRST, "A001");
        let code = bench.activate(FIRST, "A001").unwrap();
        assert_eq!(phone.enrol(&bench, &code).await, None);
        // One that is received and one that is refused in words.
        let attached = backed(loan_request(50_000_000), attaching(vec![naming(&picture(2_000, 1))]));
        let operations = vec![phone.sign(&attached), phone.sign(&loan_request(1))];
        phone.push(&bench, &operations).await.unwrap();
        let mut pushed = operations;
        pushed.push(b"nobody's".to_vec());
        Self { bench, phone, code, request: nothing_held(), operations: pushed, attached }
    }

    /// The body of a good request for a route. A new route has its row here, or nobody knows whether JSON says the same.
    fn body(&self, route: &Route) -> Vec<u8> {
        match route.path.rsplit('/').next().unwrap() {
            "enrolments" => {
                let code = enrolment::code_digits(&self.code).unwrap();
                Enrol { member: self.phone.member.clone(), code, key: *self.phone.signer.public_key() }.encode()
            }
            "tokens" => enrolment::encode_renewal(&self.phone.refresh),
            "pull" => self.request.encode(),
            "operations" => operation::encode_push(&self.operations),
            "attachments" => part(&self.attached, &picture(2_000, 1), 0).encode(),
            "card" | "health" | "status-list" | "trust-list" => vec![],
            other => panic!("how is {other} asked for?"),
        }
    }

    async fn ask(&self, route: &Route, accept: Option<&str>) -> Reply {
        let path = route.path.replace("{cooperative}", FIRST);
        let token = (route.access() == Access::Device).then_some(self.phone.access.as_str());
        let ask = Ask { method: route.method.as_str(), token, accept, ..Ask::post(&path, self.body(route)) };
        self.phone.ask(&self.bench, ask).await
    }

    /// Takes over the tokens of an answer, which are new each time, and gives the rest of it.
    fn without_tokens(&mut self, route: &Route, mut answer: Value) -> Value {
        let mut take = |place: usize| answer[place].take().as_str().unwrap().to_owned();
        if route.path.ends_with("enrolments") {
            (self.phone.access, self.phone.refresh) = (take(2), take(4));
        } else if route.path.ends_with("tokens") {
            self.phone.access = take(1);
        }
        answer
    }

    /// Frames with what the freshness statement says in its place: it is signed anew each time.
    fn without_signature(&self, mut frames: Vec<Value>) -> Vec<Value> {
        let keys = self.bench.keys(FIRST);
        let key = |kid, _| (kid == keys.checkpoint.kid).then(|| *keys.checkpoint.signer.public_key());
        for frame in frames.iter_mut().filter(|frame| frame[0] == 2) {
            let signed = BASE64URL_NOPAD.decode(frame[1].as_str().unwrap().as_bytes()).unwrap();
            frame[1] = json!(format!("{:?}", Freshness::verify(&signed, key).unwrap()));
        }
        frames
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_in_cbor_has_the_same_content_as_json() {
    let mut asking = Asking::start().await;
    let mut seen = Vec::new();
    for route in ROUTES {
        let own = asking.ask(route, None).await;
        let form = media_type(&own).to_owned();
        // New tokens first: the ones before are good for nothing.
        if form == CBOR {
            let own = asking.without_tokens(route, read(&own.ok()));
            let asked = asking.ask(route, Some(JSON)).await;
            assert_eq!(media_type(&asked), JSON, "{}", route.path);
            let told = serde_json::from_slice(&asked.ok()).unwrap();
            assert_eq!(asking.without_tokens(route, told), own, "{}", route.path);
        } else {
            let asked = asking.ask(route, Some(JSON)).await;
            let is_stream = form == STREAM;
            assert_eq!(media_type(&asked), if is_stream { JSON } else { &form }, "{}", route.path);
            if is_stream {
                let told: Vec<Value> = serde_json::from_slice(&asked.ok()).unwrap();
                let own = frames(&own.ok());
                assert_eq!(asking.without_signature(told), asking.without_signature(own));
            } else if form != "application/statuslist+cwt" {
                assert_eq!(asked.ok(), own.ok(), "{}", route.path);
            }
        }
        seen.push(form);
    }
    seen.sort();
    let signed = ["application/kop-trust+cwt", "application/statuslist+cwt"];
    assert_eq!(seen, [&[CBOR; 5][..], &[JSON], &signed[..1], &signed[1..], &[STREAM]].concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_in_json_has_every_kind_of_frame_one_a_line_and_amounts_that_any_reader_takes() {
    let asking = Asking::start().await;
    let route = ROUTES.iter().find(|route| route.path.ends_with("/pull")).unwrap();
    let body = String::from_utf8(asking.ask(route, Some(JSON)).await.ok()).unwrap();
    let told: Vec<Value> = serde_json::from_str(&body).unwrap();
    let lines = body.strip_prefix('[').and_then(|body| body.strip_suffix("]\n")).unwrap().split(",\n");
    assert_eq!(lines.map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>(), told);
    let numbers: Vec<_> = told.iter().map(|frame| frame[0].as_u64().unwrap()).collect();
    assert_eq!(numbers, [0, 1, 2, 3, 4, 5, 5, 5, 6]);
    let newest = told[5][5].as_array().unwrap().last().unwrap();
    assert_eq!(newest[4], "90071992547409930", "beyond 2^53 - 1 as the string of its digits: {newest}");
    assert!(told[5][5][0][4].is_i64(), "and else a number");
    let states: Vec<_> = told[4][1].as_array().unwrap().iter().map(|result| &result[3]).collect();
    assert_eq!(states, [2, 4]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_ask_for_json_gets_what_there_always_was() {
    let mut asking = Asking::start().await;
    for route in ROUTES.iter().filter(|route| route.body_limit > 0 || route.path.ends_with("card")) {
        for accept in OTHERS {
            let reply = asking.ask(route, accept).await;
            let form = media_type(&reply).to_owned();
            assert_eq!(form, if route.path.ends_with("pull") { STREAM } else { CBOR }, "{} {accept:?}", route.path);
            if form == CBOR {
                asking.without_tokens(route, read(&reply.ok()));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_has_the_name_that_was_asked_for_and_the_answer_its_form() {
    let asking = Asking::start().await;
    let route = ROUTES.iter().find(|route| route.path.ends_with("/card")).unwrap();
    let path = route.path.replace("{cooperative}", FIRST);
    let both = Some("application/json, application/problem+json");
    assert_eq!(media_type(&asking.ask(route, both).await), JSON);
    let refused = asking.phone.ask(&asking.bench, Ask { accept: both, ..Ask::post(&path, vec![]) }).await;
    assert_eq!(refused.code(), Some(Code::Unauthorized), "a problem document of its own type");
    let refused = asking.phone.ask(&asking.bench, Ask { accept: Some(JSON), ..Ask::post(&path, vec![]) }).await;
    assert_eq!((refused.status, media_type(&refused)), (401, JSON));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_in_json_is_refused_whatever_is_asked_for() {
    let asking = Asking::start().await;
    let path = asking.phone.path("operations");
    let token = Some(asking.phone.access.as_str());
    let ask = Ask { token, content_type: Some(JSON), accept: Some(CBOR), ..Ask::post(&path, b"[1,[]]".to_vec()) };
    assert_eq!(asking.phone.ask(&asking.bench, ask).await.code(), Some(Code::UnsupportedMediaType));
}
