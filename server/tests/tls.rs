//! Where the server may be reached, and that a proof names it.
#![allow(clippy::unwrap_used, reason = "what a test cannot set up fails it")]

mod support;

use std::net::IpAddr;
use std::sync::Arc;

use anggota::protocol::problem::Code;
use anggota_server::serve::Tls;
use support::phone::{Phone, nothing_held};
use support::{Bench, FIRST, Setup};

/// A certificate for this machine, and a client that trusts it.
fn certificate(bench: &Bench, names: &[&str]) -> (Tls, reqwest::Client) {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let made = rcgen::generate_simple_self_signed(names).unwrap();
    let tls = Tls { certificate: bench.folder.path().join("cert.pem"), key: bench.folder.path().join("key.pem") };
    std::fs::write(&tls.certificate, made.cert.pem()).unwrap();
    std::fs::write(&tls.key, made.signing_key.serialize_pem()).unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let config = rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    (tls, reqwest::ClientBuilder::new().tls_backend_preconfigured(config).no_proxy().build().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn tls_is_spoken_with_the_given_certificate() {
    let mut bench = Bench::books_only();
    let (tls, client) = certificate(&bench, &["127.0.0.1", "localhost"]);
    bench.serve(Setup { tls: Some(tls), ..Setup::default() }).await.unwrap();
    assert!(bench.url().starts_with("https://127.0.0.1:"));
    let code = bench.activate(FIRST, "A001").unwrap();
    let mut phone = Phone { client, ..Phone::new(&bench, FIRST, "A001") };
    assert_eq!(phone.enrol(&bench, &code).await, None);
    assert!(phone.pull(&bench, &nothing_held()).await.is_ok());
    // A name that the certificate is not good for, as behind somebody in the middle.
    let path = phone.path("pull");
    let url = format!("https://jahat.example{path}");
    let request = anggota::protocol::dpop::Request { method: "POST", url: &url, token: Some(&phone.access) };
    let proof = anggota::protocol::dpop::prove(&request, bench.now(), &[9; 16], &phone.signer).unwrap();
    let request = phone.client.post(format!("{}{path}", bench.url())).header("Host", "jahat.example");
    let request = request.header("DPoP", proof).header("Authorization", format!("DPoP {}", phone.access));
    let reply = request.header("Anggota-Protocol", "1-1").body(nothing_held().encode()).send().await.unwrap();
    assert_eq!(reply.status().as_u16(), Code::ProofInvalid.http_status());
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_the_proof_names_the_public_address() {
    let mut bench = Bench::books_only();
    let public_url = Some("https://koperasi.example.id/anggota".to_owned());
    bench.serve(Setup { public_url, ..Setup::default() }).await.unwrap();
    let code = bench.activate(FIRST, "A001").unwrap();
    let mut phone = Phone::new(&bench, FIRST, "A001");
    assert_eq!(phone.enrol(&bench, &code).await, Some(Code::ProofInvalid));
    phone.base = "https://koperasi.example.id/anggota".into();
    assert_eq!(phone.enrol(&bench, &code).await, None);
    assert!(phone.pull(&bench, &nothing_held()).await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn plain_http_is_refused_to_the_outside() {
    let bench = Bench::books_only();
    let config = |public_url: Option<&str>| anggota_server::serve::Config {
        database: bench.database.clone(),
        keys: bench.keys_folder(),
        listen: "0.0.0.0:0".parse().unwrap(),
        public_url: public_url.map(str::to_owned),
        tls: None,
        trust_list: None,
        clock: Arc::new(anggota::clock::wall),
        rng: Arc::clone(&bench.rng),
    };
    let refused = anggota_server::serve::serve(config(None)).await.err().unwrap();
    assert_eq!(refused.code(), Code::Usage);
    assert!(anggota_server::serve::serve(config(Some("nonsense"))).await.is_err());
    let behind_a_proxy = anggota_server::serve::serve(config(Some("https://koperasi.example.id"))).await.unwrap();
    behind_a_proxy.shutdown().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_server_answers_nobody_and_its_port_is_free() {
    // An address that no other server of these tests has: it would take the free port at once. Only Linux has more than one.
    let own: IpAddr = if cfg!(target_os = "linux") { [127, 0, 0, 77].into() } else { [127, 0, 0, 1].into() };
    let mut bench = Bench::books_only();
    bench.serve(Setup { host: Some(own), ..Setup::default() }).await.unwrap();
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let url = bench.url().to_owned();
    bench.stop().await;
    assert!(phone.client.get(format!("{url}/health")).send().await.is_err());
    assert!(std::net::TcpListener::bind(url.strip_prefix("http://").unwrap()).is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_served_is_said_at_the_start() {
    let mut bench = Bench::books_only();
    let (tls, _) = certificate(&bench, &["localhost"]);
    let no_key = Tls { certificate: tls.certificate.clone(), key: tls.certificate.clone() };
    let refused = bench.serve(Setup { tls: Some(no_key), ..Setup::default() }).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidInput);
    std::fs::remove_file(bench.keys_folder().join(FIRST).join("status.key")).unwrap();
    assert_eq!(bench.serve(Setup::default()).await.unwrap_err().code(), Code::KeyFailed);
}
