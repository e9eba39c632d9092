//! Who gets in: every route of the table against every way of not being allowed.
#![allow(clippy::unwrap_used, reason = "what a test cannot set up fails it")]

mod support;

use std::sync::LazyLock;

use anggota::cose::Signer;
use anggota::protocol::enrolment::{self, Enrol};
use anggota::protocol::operation::Operation;
use anggota::protocol::problem::Code;
use anggota::protocol::{dpop, operation};
use anggota_server::routes::{Access, ROUTES, Route};
use support::commands::{attaching, backed, naming, part, picture};
use support::phone::{Ask, Phone, fresh, loan_request, nothing_held, send};
use support::{Bench, FIRST, OTHER};

/// A body that the route would answer. A new route needs a row here.
fn good_body(route: &Route, phone: &Phone, code: &str) -> Vec<u8> {
    match route.path {
        "/health" | "/v1/trust-list" | "/v1/{cooperative}/status-list" | "/v1/{cooperative}/card" => vec![],
        "/v1/{cooperative}/enrolments" => {
            let code = enrolment::code_digits(code).unwrap();
            Enrol { member: phone.member.clone(), code, key: *phone.signer.public_key() }.encode()
        }
        "/v1/{cooperative}/tokens" => enrolment::encode_renewal(&phone.refresh),
        "/v1/{cooperative}/pull" => nothing_held().encode(),
        "/v1/{cooperative}/operations" => operation::encode_push::<Vec<u8>>(&[]),
        "/v1/{cooperative}/attachments" => part(&attached(), &picture(2_000, 1), 0).encode(),
        other => panic!("the route {other} has no row in this test"),
    }
}

/// What a phone has asked for, with a document.
fn attached() -> Operation {
    static REQUEST: LazyLock<Operation> =
        LazyLock::new(|| backed(loan_request(50_000_000), attaching(vec![naming(&picture(2_000, 1))])));
    REQUEST.clone()
}

struct Case {
    path: String,
    method: &'static str,
    body: Vec<u8>,
}

impl Case {
    fn new(route: &Route, cooperative: &str, phone: &Phone, code: &str) -> Self {
        let path = route.path.replace("{cooperative}", cooperative);
        Self { path, method: route.method.as_str(), body: good_body(route, phone, code) }
    }

    fn ask<'a>(&'a self, token: Option<&'a str>) -> Ask<'a> {
        Ask { method: self.method, token, ..Ask::post(&self.path, self.body.clone()) }
    }
}

fn of(access: Access) -> impl Iterator<Item = &'static Route> {
    ROUTES.iter().filter(move |route| route.access() == access)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_members_routes_open_to_the_members_own_device_only() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let neighbour = Phone::enrolled(&bench, FIRST, "A002").await;
    let namesake = Phone::enrolled(&bench, OTHER, "A001").await;
    let revoked = Phone::enrolled(&bench, FIRST, "A001").await;
    bench.revoke(FIRST, &revoked.device);
    phone.push(&bench, &[phone.sign(&attached())]).await.unwrap();
    assert!(of(Access::Device).count() >= 3);
    for route in of(Access::Device) {
        let case = Case::new(route, FIRST, &phone, "");
        let elsewhere = Case::new(route, OTHER, &phone, "");
        let refused = async |who: &Phone, ask: Ask<'_>| who.ask(&bench, ask).await.code();
        let own = Some(phone.access.as_str());

        assert_eq!(refused(&phone, case.ask(own)).await, None, "{}", route.path);
        assert_eq!(refused(&phone, case.ask(None)).await, Some(Code::Unauthorized));
        assert_eq!(refused(&phone, case.ask(Some("nonsense"))).await, Some(Code::Unauthorized));
        assert_eq!(refused(&phone, case.ask(Some(&phone.refresh))).await, Some(Code::TokenExpired));
        // Another member's token, with the thief's own key; and the other way round.
        assert_eq!(refused(&neighbour, case.ask(own)).await, Some(Code::ProofInvalid));
        assert_eq!(refused(&phone, case.ask(Some(&neighbour.access))).await, Some(Code::ProofInvalid));
        // Another cooperative with the same numbers.
        assert_eq!(refused(&phone, elsewhere.ask(own)).await, Some(Code::Unauthorized));
        assert_eq!(refused(&namesake, case.ask(Some(&namesake.access))).await, Some(Code::Unauthorized));
        assert_eq!(refused(&revoked, case.ask(Some(&revoked.access))).await, Some(Code::DeviceRevoked));

        let without_proof = Ask { proof: Some(String::new()), ..case.ask(own) };
        assert_eq!(refused(&phone, without_proof).await, Some(Code::ProofInvalid));
        let version = Ask { version: None, ..case.ask(own) };
        assert_eq!(refused(&phone, version).await, Some(Code::UpdateRequired));
        let version = Ask { version: Some("7-9".into()), ..case.ask(own) };
        assert_eq!(refused(&phone, version).await, Some(Code::UpdateRequired));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_counts_once_and_for_its_own_request() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let code = bench.activate(FIRST, "A001").unwrap();
    phone.push(&bench, &[phone.sign(&attached())]).await.unwrap();
    for route in of(Access::Device).chain(of(Access::Proof)) {
        let case = Case::new(route, FIRST, &phone, &code);
        let token = (route.access() == Access::Device).then_some(phone.access.as_str());
        let url = format!("{}{}", bench.url(), case.path);
        let request = dpop::Request { method: case.method, url: &url, token };
        let prove = |request: &dpop::Request<'_>, at| dpop::prove(request, at, &fresh(), &phone.signer).unwrap();
        let with = async |proof: String| {
            send(&phone.client, bench.url(), Ask { proof: Some(proof), ..case.ask(token) }).await.code()
        };
        let elsewhere = format!("{}/v1/{OTHER}/pull", bench.url());
        for wrong in [
            dpop::Request { url: "http://127.0.0.1/", ..request },
            dpop::Request { url: &elsewhere, ..request },
            dpop::Request { method: "PUT", ..request },
            dpop::Request { token: Some("another"), ..request },
        ] {
            assert_eq!(with(prove(&wrong, bench.now())).await, Some(Code::ProofInvalid), "{}", route.path);
        }
        for off in [-301, 301] {
            assert_eq!(with(prove(&request, bench.now().plus(off))).await, Some(Code::ClockOff));
        }
        let proof = prove(&request, bench.now());
        assert_eq!(with(proof.clone()).await, None, "{}", route.path);
        assert_eq!(with(proof).await, Some(Code::ProofInvalid), "{} replayed", route.path);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_from_before_the_server_started_is_made_anew() {
    let mut bench = Bench::start().await;
    let mut phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let path = phone.path("pull");
    // The address that phones know is the same after the restart; the port is not.
    let prove = |bench: &Bench, phone: &Phone, at| {
        let url = format!("{}{path}", bench.url());
        let request = dpop::Request { method: "POST", url: &url, token: Some(&phone.access) };
        dpop::prove(&request, at, &fresh(), &phone.signer).unwrap()
    };
    let with = async |bench: &Bench, phone: &Phone, proof: String| {
        let ask = Ask { token: Some(&phone.access), proof: Some(proof), ..Ask::post(&path, nothing_held().encode()) };
        send(&phone.client, bench.url(), ask).await
    };
    bench.stop().await;
    bench.pass(60);
    bench.serve(support::Setup::default()).await.unwrap();
    phone.base = bench.url().into();
    // The clock of a phone that is a minute slow, as it was used before; then by the server's time.
    let refused = with(&bench, &phone, prove(&bench, &phone, bench.now().plus(-3))).await;
    assert_eq!(refused.code(), Some(Code::ClockOff), "its use may have been forgotten");
    for lag in [0, -2] {
        assert_eq!(with(&bench, &phone, prove(&bench, &phone, bench.now().plus(lag))).await.code(), None);
    }
    // A minute later it is let in at once, and a server whose clock was set back since its start lets phones in too.
    bench.pass(61);
    assert_eq!(with(&bench, &phone, prove(&bench, &phone, bench.now().plus(-60))).await.code(), None);
    bench.pass(-1_000);
    assert_eq!(with(&bench, &phone, prove(&bench, &phone, bench.now())).await.code(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_without_a_proof_opens_nothing() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let thief = Phone::enrolled(&bench, FIRST, "A002").await;
    for route in of(Access::Proof) {
        let code = bench.activate(FIRST, "A001").unwrap();
        let case = Case::new(route, FIRST, &phone, &code);
        let unproven = send(&phone.client, bench.url(), case.ask(None)).await;
        assert_eq!(unproven.code(), Some(Code::ProofInvalid), "{}", route.path);
        // The body of one phone with the proof of another.
        let stolen = thief.ask(&bench, case.ask(None)).await.code();
        assert!(matches!(stolen, Some(Code::ProofInvalid | Code::Unauthorized)), "{} {stolen:?}", route.path);
        let unknown = Case::new(route, "tidak-ada", &phone, &code);
        assert_eq!(phone.ask(&bench, unknown.ask(None)).await.code(), Some(Code::NotFound));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_anybody_may_ask_says_nothing_of_members() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    for route in of(Access::Public) {
        let case = Case::new(route, FIRST, &phone, "");
        let ask = Ask { version: None, content_type: None, ..case.ask(None) };
        let reply = send(&phone.client, bench.url(), ask).await;
        assert!(matches!(reply.code(), None | Some(Code::NotFound)), "{}", route.path);
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        for private in ["A001", "Siti", "Amin"] {
            assert!(!text.contains(private), "{}", route.path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_runs_out_and_is_renewed() {
    let bench = Bench::start().await;
    let mut phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let pull = async |phone: &Phone| phone.pull(&bench, &nothing_held()).await.map(drop);
    bench.pass(3_599);
    assert_eq!(pull(&phone).await, Ok(()));
    bench.pass(1);
    assert_eq!(pull(&phone).await, Err(Code::TokenExpired));
    let before = phone.access.clone();
    assert_eq!(phone.renew(&bench).await, None);
    assert_eq!(pull(&phone).await, Ok(()));
    // Two renewals at once: the one that lost asks again instead of being thrown out.
    phone.access = before;
    assert_eq!(pull(&phone).await, Err(Code::TokenExpired));
    bench.revoke(FIRST, &phone.device);
    assert_eq!(phone.renew(&bench).await, Some(Code::DeviceRevoked));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_revoked_while_its_body_arrives_gets_and_changes_nothing() {
    let bench = Bench::start().await;
    let push = |phone: &Phone| operation::encode_push(&[phone.sign(&loan_request(50_000_000))]);
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    assert_eq!(phone.post_slowly(&bench, "card", &[], || ()).await, 200);
    assert_eq!(phone.post_slowly(&bench, "operations", &push(&phone), || ()).await, 200);
    phone.push(&bench, &[phone.sign(&attached())]).await.unwrap();
    let counts =
        || ["card", "operation", "attachment_part"].map(|table| bench.count(&format!("SELECT count(*) FROM {table}")));
    let before = counts();
    for route in ["card", "operations", "attachments", "pull"] {
        let phone = Phone::enrolled(&bench, FIRST, "A001").await;
        let body = match route {
            "card" => vec![],
            "pull" => nothing_held().encode(),
            "attachments" => part(&attached(), &picture(2_000, 1), 0).encode(),
            _ => push(&phone),
        };
        let status = phone.post_slowly(&bench, route, &body, || bench.revoke(FIRST, &phone.device)).await;
        assert_eq!(status, Code::DeviceRevoked.http_status(), "{route}");
    }
    assert_eq!(counts(), before);
}
