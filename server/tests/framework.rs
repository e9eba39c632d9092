//! What the framework refuses is said like everything else: by a problem document that repeats nothing.
#![allow(clippy::unwrap_used, reason = "what a test cannot set up fails it")]

mod support;

use anggota::protocol::VERSION_HEADER;
use anggota::protocol::problem::{Code, Problem};
use anggota::protocol::pull;
use anggota_server::routes::ROUTES;
use support::phone::{Ask, Phone, nothing_held, send};
use support::{Bench, FIRST, Setup};

#[tokio::test(flavor = "multi_thread")]
async fn paths_and_methods_outside_the_table_are_refused_without_an_echo() {
    let bench = Bench::start().await;
    let phone = Phone::new(&bench, FIRST, "A001");
    for path in
        ["/", "/v1", "/v1/rahasia", "/v1/handayani/rahasia", "/v1/handayani/pull/rahasia", "/%72ahasia", "/health/"]
    {
        let reply = send(&phone.client, bench.url(), Ask::post(path, vec![])).await;
        assert_eq!(reply.code(), Some(Code::NotFound), "{path}");
        assert!(!String::from_utf8(reply.body).unwrap().contains("rahasia"));
    }
    for route in ROUTES {
        let path = route.path.replace("{cooperative}", FIRST);
        for method in ["DELETE", "PUT", if route.method.as_str() == "GET" { "POST" } else { "GET" }] {
            let reply = send(&phone.client, bench.url(), Ask { method, ..Ask::post(&path, vec![]) }).await;
            assert_eq!(reply.code(), Some(Code::MethodNotAllowed), "{method} {path}");
            assert!(reply.headers["allow"].to_str().unwrap().contains(route.method.as_str()));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_problem_document_has_the_name_that_was_asked_for() {
    let bench = Bench::start().await;
    let phone = Phone::new(&bench, FIRST, "A001");
    let own = "application/problem+json";
    for (accept, expected) in [
        ("application/json", "application/json"),
        ("text/html, Application/JSON;q=0.9", "application/json"),
        ("application/problem+json, application/json", own),
        ("application/jsonx", own),
        ("*/*", own),
    ] {
        // Reached by no handler, and refused by one.
        for path in ["/v1/handayani/lost".to_owned(), phone.path("pull")] {
            let url = format!("{}{path}", bench.url());
            let reply = phone.client.post(url).header("Accept", accept).send().await.unwrap();
            assert_eq!(reply.headers()["content-type"], expected, "{accept} {path}");
            let problem: Problem = serde_json::from_slice(&reply.bytes().await.unwrap()).unwrap();
            assert!(problem.code().is_some());
        }
    }
    let health = phone.client.get(format!("{}/health", bench.url())).header("Accept", "application/json").send().await;
    assert_eq!(health.unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_held_to_their_form_and_size() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let path = phone.path("pull");
    let ask = |body: Vec<u8>| Ask { token: Some(&phone.access), ..Ask::post(&path, body) };
    let refused = async |ask: Ask<'_>| phone.ask(&bench, ask).await.code();
    assert_eq!(refused(ask(vec![0; pull::MAX_BYTES + 1])).await, Some(Code::TooLarge));
    assert_eq!(refused(ask(vec![0; pull::MAX_BYTES])).await, Some(Code::BadRequest));
    for body in [vec![], vec![0xff; 9], b"{\"epoch\":1}".to_vec()] {
        assert_eq!(refused(ask(body)).await, Some(Code::BadRequest));
    }
    for content_type in [None, Some("application/json"), Some("text/plain"), Some("application/cborx")] {
        let wrong = Ask { content_type, ..ask(nothing_held().encode()) };
        assert_eq!(refused(wrong).await, Some(Code::UnsupportedMediaType));
    }
    let with_parameter = Ask { content_type: Some("Application/CBOR; v=1"), ..ask(nothing_held().encode()) };
    assert_eq!(refused(with_parameter).await, None);
    let card = phone.path("card");
    let with_body = Ask { token: Some(&phone.access), ..Ask::post(&card, vec![0]) };
    assert_eq!(refused(with_body).await, Some(Code::TooLarge));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_never_says_its_length_is_cut_too() {
    let bench = Bench::start().await;
    let phone = Phone::new(&bench, FIRST, "A001");
    let url = format!("{}{}", bench.url(), phone.path("enrolments"));
    let chunks = futures_util::stream::iter((0..64).map(|_| Ok::<_, std::io::Error>(vec![0_u8; 1024])));
    let request = anggota::protocol::dpop::Request { method: "POST", url: &url, token: None };
    let proof = anggota::protocol::dpop::prove(&request, bench.now(), &support::phone::fresh(), &phone.signer).unwrap();
    let sent = phone
        .client
        .post(&url)
        .header(VERSION_HEADER, "1-1")
        .header("Content-Type", "application/cbor")
        .header("DPoP", proof)
        .body(reqwest::Body::wrap_stream(chunks))
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status().as_u16(), Code::TooLarge.http_status());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_sends_many_bodies_slowly_takes_only_its_own_room() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let other = Phone::enrolled(&bench, FIRST, "A002").await;
    let mut slow = Vec::new();
    for _ in 0..8 {
        slow.push(phone.begin_to_post(&bench, "operations").await);
    }
    let push = async |phone: &Phone| phone.push(&bench, &[]).await.map(drop);
    assert_eq!(push(&phone).await, Err(Code::Busy));
    assert_eq!(push(&other).await, Ok(()));
    drop(slow);
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    assert_eq!(push(&phone).await, Ok(()), "a body that breaks off gives its room back");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_names_the_versions_and_is_kept_by_nobody() {
    let bench = Bench::start().await;
    let phone = Phone::new(&bench, FIRST, "A001");
    for path in ["/health", "/nothing", "/v1/handayani/status-list"] {
        let reply = send(&phone.client, bench.url(), Ask { method: "GET", ..Ask::post(path, vec![]) }).await;
        assert_eq!(reply.headers[VERSION_HEADER], "1-1");
        assert_eq!(reply.headers["cache-control"], "no-store");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn health_is_a_read_of_the_database() {
    let bench = Bench::start().await;
    let phone = Phone::new(&bench, FIRST, "A001");
    let health = async || send(&phone.client, bench.url(), Ask { method: "GET", ..Ask::post("/health", vec![]) }).await;
    assert_eq!(health().await.ok(), br#"{"status":"ok"}"#);
    bench.execute("ALTER TABLE cooperative RENAME TO gone");
    assert_eq!(health().await.code(), Some(Code::Internal));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trust_list_is_the_file_as_it_is_now() {
    let mut bench = Bench::books_only();
    let file = bench.folder.path().join("trust.bin");
    let missing = bench.serve(Setup { trust_list: Some(file.clone()), ..Setup::default() }).await;
    assert_eq!(missing.unwrap_err().code(), Code::InvalidInput);
    std::fs::write(&file, b"one").unwrap();
    bench.serve(Setup { trust_list: Some(file.clone()), ..Setup::default() }).await.unwrap();
    let phone = Phone::new(&bench, FIRST, "A001");
    let fetch =
        async || send(&phone.client, bench.url(), Ask { method: "GET", ..Ask::post("/v1/trust-list", vec![]) }).await;
    assert_eq!(fetch().await.headers["content-type"], "application/kop-trust+cwt");
    assert_eq!(fetch().await.ok(), b"one");
    std::fs::write(&file, b"two").unwrap();
    assert_eq!(fetch().await.ok(), b"two");
}
