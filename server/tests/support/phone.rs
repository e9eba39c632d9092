//! A phone of a few lines: a key, tokens, and the protocol's messages over HTTP.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anggota::cose::{Signer, SoftwareSigner};
use anggota::domain::{
    AccountKey, CooperativeId, DeviceId, Head, LoanRequest, MemberNo, Money, OperationId, ProductCode, Purpose,
};
use anggota::protocol::checkpoint::{Checkpoint, Freshness, SignedCheckpoint};
use anggota::protocol::enrolment::{self, Enrol, Enrolled};
use anggota::protocol::frame::{Frame, Page, Register, Splitter};
use anggota::protocol::operation::{self, Answer, Command, Operation, OperationResult};
use anggota::protocol::problem::{Code, MEDIA_TYPE, Problem};
use anggota::protocol::pull::{PullRequest, Range};
use anggota::protocol::{CBOR, VERSION_HEADER, dpop, head, merkle, version_header};
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap};
use reqwest::{Client, Method};

use super::Bench;

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Reply {
    /// The problem's code; holds that a refusal is a problem document and agrees with its status.
    pub fn code(&self) -> Option<Code> {
        if self.status < 400 {
            return None;
        }
        assert_eq!(self.headers.get(CONTENT_TYPE).unwrap(), MEDIA_TYPE, "status {}", self.status);
        let problem: Problem = serde_json::from_slice(&self.body).unwrap();
        let code = problem.code().unwrap();
        assert_eq!((problem.status, self.status), (code.http_status(), code.http_status()));
        assert_eq!(problem.server_time.is_some(), code == Code::ClockOff);
        Some(code)
    }

    pub fn ok(self) -> Vec<u8> {
        assert_eq!(self.code(), None);
        assert_eq!(self.status, 200);
        self.body
    }
}

/// A request as a test wants it, right or wrong.
pub struct Ask<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub token: Option<&'a str>,
    /// The URL the proof is for; the request's own when `None`.
    pub proven_url: Option<&'a str>,
    pub proof: Option<String>,
    pub version: Option<String>,
    pub content_type: Option<&'a str>,
    pub accept: Option<&'a str>,
    pub body: Vec<u8>,
}

impl<'a> Ask<'a> {
    pub fn post(path: &'a str, body: Vec<u8>) -> Self {
        let version = Some(version_header());
        Self {
            method: "POST",
            path,
            token: None,
            proven_url: None,
            proof: None,
            version,
            content_type: Some(CBOR),
            accept: None,
            body,
        }
    }
}

pub fn client() -> Client {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    reqwest::ClientBuilder::new().tls_backend_preconfigured(tls).no_proxy().build().unwrap()
}

pub async fn send(client: &Client, base: &str, ask: Ask<'_>) -> Reply {
    let method = Method::from_bytes(ask.method.as_bytes()).unwrap();
    let mut request = client.request(method, format!("{base}{}", ask.path)).body(ask.body);
    if let Some(version) = ask.version {
        request = request.header(VERSION_HEADER, version);
    }
    if let Some(media_type) = ask.content_type {
        request = request.header(CONTENT_TYPE, media_type);
    }
    if let Some(ranges) = ask.accept {
        request = request.header(ACCEPT, ranges);
    }
    if let Some(token) = ask.token {
        request = request.header("Authorization", format!("DPoP {token}"));
    }
    if let Some(proof) = ask.proof {
        request = request.header("DPoP", proof);
    }
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Reply { status, headers, body: response.bytes().await.unwrap().to_vec() }
}

pub struct Phone {
    pub client: Client,
    pub base: String,
    pub cooperative: CooperativeId,
    pub member: MemberNo,
    pub signer: SoftwareSigner,
    pub device: DeviceId,
    pub access: String,
    pub refresh: String,
    pub enrolled: Option<Enrolled>,
}

pub fn new_signer() -> SoftwareSigner {
    let rng = Arc::new(anggota::entropy::system());
    SoftwareSigner::from_pkcs8(&SoftwareSigner::generate_pkcs8(&*rng).unwrap(), rng).unwrap()
}

/// Never the same twice in one process.
pub fn fresh() -> [u8; 16] {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let mut id = [0; 16];
    id[..8].copy_from_slice(&COUNT.fetch_add(1, Ordering::SeqCst).to_be_bytes());
    id
}

impl Phone {
    /// A phone that is not a member's yet.
    pub fn new(bench: &Bench, cooperative: &str, member: &str) -> Self {
        Self {
            client: client(),
            base: bench.url().into(),
            cooperative: CooperativeId::new(cooperative).unwrap(),
            member: MemberNo::new(member).unwrap(),
            signer: new_signer(),
            device: DeviceId::from_bytes(&[0; 16]).unwrap(),
            access: String::new(),
            refresh: String::new(),
            enrolled: None,
        }
    }

    pub async fn enrolled(bench: &Bench, cooperative: &str, member: &str) -> Self {
        let mut phone = Self::new(bench, cooperative, member);
        let code = bench.activate(cooperative, member).unwrap();
        assert_eq!(phone.enrol(bench, &code).await, None);
        phone
    }

    /// Tries a code; the refusal, if any.
    pub async fn enrol(&mut self, bench: &Bench, code: &str) -> Option<Code> {
        let asked = Enrol {
            member: self.member.clone(),
            code: enrolment::code_digits(code).unwrap_or_default(),
            key: *self.signer.public_key(),
        };
        let reply = self.post(bench, "enrolments", asked.encode(), false).await;
        if let Some(code) = reply.code() {
            return Some(code);
        }
        let enrolled = Enrolled::decode(&reply.ok()).unwrap();
        self.device = enrolled.device;
        self.access = enrolled.tokens.access.clone();
        self.refresh = enrolled.tokens.refresh.clone();
        self.enrolled = Some(enrolled);
        None
    }

    pub async fn renew(&mut self, bench: &Bench) -> Option<Code> {
        let reply = self.post(bench, "tokens", enrolment::encode_renewal(&self.refresh), false).await;
        if let Some(code) = reply.code() {
            return Some(code);
        }
        let (access, seconds) = enrolment::decode_renewed(&reply.ok()).unwrap();
        assert_eq!(seconds, 3_600);
        self.access = access;
        None
    }

    pub fn path(&self, route: &str) -> String {
        format!("/v1/{}/{route}", self.cooperative)
    }

    pub async fn post(&self, bench: &Bench, route: &str, body: Vec<u8>, with_token: bool) -> Reply {
        let path = self.path(route);
        let mut ask = Ask::post(&path, body);
        if with_token {
            ask.token = Some(&self.access);
        }
        self.ask(bench, ask).await
    }

    /// Sends with a proof by this phone's key, unless the request brings one.
    pub async fn ask(&self, bench: &Bench, mut ask: Ask<'_>) -> Reply {
        if ask.proof.is_none() {
            let url = ask.proven_url.map_or_else(|| format!("{}{}", self.base, ask.path), str::to_owned);
            let request = dpop::Request { method: ask.method, url: &url, token: ask.token };
            ask.proof = Some(dpop::prove(&request, bench.now(), &fresh(), &self.signer).unwrap());
        }
        send(&self.client, bench.url(), ask).await
    }

    /// Lets the server take the request's headers, has `meanwhile` happen, and only then sends the body.
    pub async fn post_slowly(&self, bench: &Bench, route: &str, body: &[u8], meanwhile: impl FnOnce()) -> u16 {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        let mut stream = self.begin_to_post(bench, route).await;
        meanwhile();
        if !body.is_empty() {
            stream.write_all(format!("{:x}\r\n", body.len()).as_bytes()).await.unwrap();
            stream.write_all(&[body, b"\r\n"].concat()).await.unwrap();
        }
        stream.write_all(b"0\r\n\r\n").await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).split(' ').nth(1).unwrap().parse().unwrap()
    }

    /// Sends a request's headers and lets the server take them; the body is to come in chunks.
    pub async fn begin_to_post(&self, bench: &Bench, route: &str) -> tokio::net::TcpStream {
        use tokio::io::AsyncWriteExt;
        let (path, host) = (self.path(route), self.base.trim_start_matches("http://"));
        let url = format!("{}{path}", self.base);
        let request = dpop::Request { method: "POST", url: &url, token: Some(&self.access) };
        let proof = dpop::prove(&request, bench.now(), &fresh(), &self.signer).unwrap();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\
             {VERSION_HEADER}: {}\r\nContent-Type: {CBOR}\r\nAuthorization: DPoP {}\r\nDPoP: {proof}\r\n\r\n",
            version_header(),
            self.access
        );
        let mut stream = tokio::net::TcpStream::connect(host).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        stream
    }

    pub async fn pull(&self, bench: &Bench, request: &PullRequest) -> Result<Pulled, Code> {
        let reply = self.post(bench, "pull", request.encode(), true).await;
        match reply.code() {
            Some(code) => Err(code),
            None => Ok(Pulled::read(&reply.ok())),
        }
    }

    pub async fn push(&self, bench: &Bench, operations: &[Vec<u8>]) -> Result<Vec<Answer>, Code> {
        let reply = self.post(bench, "operations", operation::encode_push(operations), true).await;
        match reply.code() {
            Some(code) => Err(code),
            None => Ok(operation::decode_answers(&reply.ok()).unwrap()),
        }
    }

    pub fn sign(&self, operation: &Operation) -> Vec<u8> {
        operation.sign(&self.cooperative, &self.member, &self.device, &self.signer).unwrap()
    }
}

/// A loan request that the books of the bench accept.
pub fn loan_request(principal: i64) -> Operation {
    let id = new_operation();
    let product = ProductCode::new("PB").unwrap();
    let request =
        LoanRequest::new(product, 2, Money::from_sen(principal).unwrap(), 12, Purpose::new("modal warung").unwrap());
    Operation { id, subject: id, after: None, command: Command::RequestLoan(request.unwrap()) }
}

pub fn cancel_of(request: &Operation) -> Operation {
    let command = Command::CancelRequest(request.id);
    Operation { id: new_operation(), subject: request.id, after: Some(request.id), command }
}

pub fn new_operation() -> OperationId {
    let mut random = [0; 10];
    random.copy_from_slice(&fresh()[..10]);
    OperationId::new(super::START.unsigned_abs() * 1000, random)
}

pub fn nothing_held() -> PullRequest {
    PullRequest { epoch: 0, generation: 0, nonce: fresh(), register: None, results_after: 0, ranges: vec![] }
}

/// A whole pull, taken apart.
#[derive(Debug)]
pub struct Pulled {
    pub checkpoint: Vec<u8>,
    pub leaves: Vec<Vec<u8>>,
    pub freshness: Vec<u8>,
    pub register: Option<Vec<u8>>,
    pub results: Vec<OperationResult>,
    pub pages: Vec<Page>,
}

impl Pulled {
    /// Reads the stream; holds the order of the frames and that it ends with its end.
    pub fn read(stream: &[u8]) -> Self {
        let mut splitter = Splitter::default();
        splitter.push(&zstd::stream::decode_all(stream).unwrap());
        let mut frames = Vec::new();
        while let Some(frame) = splitter.next_frame().unwrap() {
            frames.push(frame);
        }
        assert!(splitter.is_empty());
        assert_eq!(frames.pop(), Some(Frame::End));
        let mut frames = frames.into_iter().peekable();
        let Some(Frame::Checkpoint(checkpoint)) = frames.next() else { panic!("no checkpoint") };
        let Some(Frame::Heads(leaves)) = frames.next() else { panic!("no heads") };
        let Some(Frame::Freshness(freshness)) = frames.next() else { panic!("no freshness") };
        let register = frames.next_if(|frame| matches!(frame, Frame::Register(_))).map(|frame| match frame {
            Frame::Register(bytes) => bytes,
            _ => unreachable!(),
        });
        let Some(Frame::Results(results)) = frames.next() else { panic!("no results") };
        let pages = frames
            .map(|frame| match frame {
                Frame::Page(page) => page,
                other => panic!("{other:?} after the results"),
            })
            .collect();
        Self { checkpoint, leaves, freshness, register, results, pages }
    }

    pub fn heads(&self) -> BTreeMap<AccountKey, Head> {
        self.leaves.iter().map(|leaf| head::decode(leaf).unwrap()).map(|head| (head.key(), head)).collect()
    }

    pub fn register(&self) -> Register {
        Register::decode(self.register.as_ref().unwrap()).unwrap()
    }

    /// The statements under the cooperative's key; holds that they fit together.
    pub fn verified(&self, bench: &Bench, cooperative: &str, request: &PullRequest) -> Checkpoint {
        let keys = bench.keys(cooperative);
        let key = |kid, _| (kid == keys.checkpoint.kid).then(|| *keys.checkpoint.signer.public_key());
        let signed = SignedCheckpoint::parse(&self.checkpoint).unwrap();
        let checkpoint = signed.verify(key).unwrap();
        assert_eq!(checkpoint.root, merkle::root(&self.leaves));
        let freshness = Freshness::verify(&self.freshness, key).unwrap();
        assert_eq!(freshness, Freshness { checkpoint: signed.hash(), at: bench.now(), nonce: request.nonce });
        checkpoint
    }
}

/// A range as a phone that took over these pages would name it.
pub fn range_of(low: (u32, [u8; 32]), high: (u32, [u8; 32])) -> Range {
    Range { low: low.0, before: low.1, high: high.0, after: high.1 }
}
