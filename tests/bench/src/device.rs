//! A device of a few lines that speaks the protocol over one connection and believes everything: it costs so little itself
//! that what is measured is the server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use anggota::cose::{Signer, SoftwareSigner, sha256};
use anggota::domain::{CooperativeId, MemberNo};
use anggota::protocol::checkpoint::SignedCheckpoint;
use anggota::protocol::enrolment::{Enrol, Enrolled, code_digits};
use anggota::protocol::frame::{Frame, Splitter};
use anggota::protocol::pull::{PullRequest, Range};
use anggota::protocol::{CBOR, VERSION_HEADER, chain, dpop, head, version_header};
use ring::rand::SecureRandom;

/// The longest silence of a server.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection that is kept.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    address: SocketAddr,
}

/// An answer, and how many bytes it and its request had with everything around them.
pub(crate) struct Answer {
    pub(crate) body: Vec<u8>,
    pub(crate) sent: usize,
    pub(crate) received: usize,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self { stream: BufReader::new(stream), address }
    }

    /// Sends what [`Device::ask`] made.
    pub(crate) fn send(&mut self, request: &[u8]) -> Answer {
        self.stream.get_mut().write_all(request).unwrap();
        let mut received = 0;
        let mut line = || {
            let mut line = String::new();
            received += self.stream.read_line(&mut line).unwrap();
            line.trim_end().to_owned()
        };
        let status = line();
        assert!(status.starts_with("HTTP/1.1 200"), "{status}");
        let (mut length, mut chunked) = (0, false);
        loop {
            let header = line().to_ascii_lowercase();
            match header.split_once(':') {
                None => break,
                Some(("content-length", value)) => length = value.trim().parse().unwrap(),
                Some(("transfer-encoding", value)) => chunked = value.trim() == "chunked",
                Some(_) => {}
            }
        }
        let mut body = Vec::new();
        if !chunked {
            body.resize(length, 0);
            self.stream.read_exact(&mut body).unwrap();
            received += length;
            return Answer { body, sent: request.len(), received };
        }
        loop {
            let mut size = String::new();
            received += self.stream.read_line(&mut size).unwrap();
            let size = usize::from_str_radix(size.trim(), 16).unwrap();
            let start = body.len();
            body.resize(start + size + 2, 0);
            self.stream.read_exact(&mut body[start..]).unwrap();
            received += size + 2;
            body.truncate(start + size);
            if size == 0 {
                return Answer { body, sent: request.len(), received };
            }
        }
    }
}

/// A member's device.
pub(crate) struct Device {
    signer: SoftwareSigner,
    cooperative: String,
    token: Option<String>,
}

impl Device {
    /// Enrols with a code from the office.
    pub(crate) fn enrol(connection: &mut Connection, cooperative: &str, member: &str, code: &str) -> Self {
        let rng = Arc::new(anggota::entropy::system());
        let pkcs8 = SoftwareSigner::generate_pkcs8(&*rng).unwrap();
        let signer = SoftwareSigner::from_pkcs8(&pkcs8, rng).unwrap();
        let key = *signer.public_key();
        let enrol = Enrol { member: MemberNo::new(member).unwrap(), code: code_digits(code).unwrap(), key };
        let mut device =
            Self { signer, cooperative: CooperativeId::new(cooperative).unwrap().to_string(), token: None };
        let request = device.ask(connection, "enrolments", &enrol.encode());
        device.token = Some(Enrolled::decode(&connection.send(&request).body).unwrap().tokens.access);
        device
    }

    /// A request as it goes out, with a proof that is good once.
    pub(crate) fn ask(&self, connection: &Connection, route: &str, body: &[u8]) -> Vec<u8> {
        let (path, host) = (format!("/v1/{}/{route}", self.cooperative), connection.address);
        let url = format!("http://{host}{path}");
        let mut id = [0; 16];
        anggota::entropy::system().fill(&mut id).unwrap();
        let request = dpop::Request { method: "POST", url: &url, token: self.token.as_deref() };
        let proof = dpop::prove(&request, anggota::clock::wall(), &id, &self.signer).unwrap();
        let authorization =
            self.token.as_ref().map(|token| format!("Authorization: DPoP {token}\r\n")).unwrap_or_default();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\n{VERSION_HEADER}: {}\r\n{authorization}DPoP: {proof}\r\n\
             Content-Type: {CBOR}\r\nContent-Length: {}\r\n\r\n",
            version_header(),
            body.len()
        );
        [head.as_bytes(), body].concat()
    }
}

/// A pull by who holds nothing.
pub(crate) fn first_pull() -> PullRequest {
    PullRequest { epoch: 0, generation: 0, nonce: [7; 16], register: None, results_after: 0, ranges: Vec::new() }
}

/// The pull after that: by who holds everything that the answer has.
pub(crate) fn next_pull(answer: &[u8]) -> PullRequest {
    let mut request = first_pull();
    for frame in frames(answer) {
        match frame {
            Frame::Checkpoint(bytes) => {
                let checkpoint = SignedCheckpoint::parse(&bytes).unwrap().unverified().unwrap();
                (request.epoch, request.generation) = (checkpoint.epoch, checkpoint.generation);
            }
            Frame::Heads(leaves) => {
                let heads = leaves.iter().map(|leaf| head::decode(leaf).unwrap()).filter(|head| head.seq() > 0);
                let range = |seq, hash| Range { low: 1, before: chain::START, high: seq, after: hash };
                request.ranges = heads.map(|head| (head.key(), range(head.seq(), head.hash()))).collect();
            }
            Frame::Register(bytes) => request.register = Some(sha256(&bytes)),
            _ => {}
        }
    }
    request
}

/// How many entries an answer brings.
pub(crate) fn entries(answer: &[u8]) -> u64 {
    let pages = frames(answer).into_iter().map(|frame| match frame {
        Frame::Page(page) => page.entries.len() as u64,
        _ => 0,
    });
    pages.sum()
}

fn frames(answer: &[u8]) -> Vec<Frame> {
    let mut splitter = Splitter::default();
    splitter.push(&zstd::decode_all(answer).unwrap());
    std::iter::from_fn(|| splitter.next_frame().unwrap()).collect()
}
