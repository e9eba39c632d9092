//! A man in the middle between phone and server: passes messages on as they are, remembers both sides, and lets a test lose,
//! double, hold, change or make up what travels.
//!
//! Speaks only as much HTTP/1.1 as it takes to tell one message from the next; what is inside is the tests' affair.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use anggota::protocol::problem::{Code, MEDIA_TYPE, Problem};

/// How long anything that must come is waited for.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);

/// A request as the phone sent it.
#[derive(Clone)]
pub struct Request {
    /// The path.
    pub path: String,
    /// Every byte of it.
    pub raw: Vec<u8>,
    body_at: usize,
}

impl Request {
    /// Whether it is for that route: the last word of the path.
    pub fn is(&self, route: &str) -> bool {
        self.path.rsplit('/').next() == Some(route)
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        &self.raw[self.body_at..]
    }
}

/// A whole answer.
#[derive(Clone)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The media type.
    pub media_type: String,
    /// The body, no longer in chunks.
    pub body: Vec<u8>,
    /// Every byte of it as it travels.
    pub raw: Vec<u8>,
}

impl Reply {
    /// An answer with its length.
    pub fn new(status: u16, media_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        let mut raw = head(status, media_type, &format!("Content-Length: {}", body.len()));
        raw.extend_from_slice(&body);
        Self { status, media_type: media_type.to_owned(), body, raw }
    }

    /// The same answer with another body.
    #[must_use]
    pub fn with_body(&self, body: impl Into<Vec<u8>>) -> Self {
        Self::new(self.status, &self.media_type, body)
    }

    /// A problem document of the protocol.
    pub fn problem(code: Code) -> Self {
        Self::new(code.http_status(), MEDIA_TYPE, serde_json::to_vec(&Problem::new(code)).unwrap())
    }
}

/// The head of an answer; `length` is the header that says where its body ends.
pub fn head(status: u16, media_type: &str, length: &str) -> Vec<u8> {
    format!("HTTP/1.1 {status} Said\r\nContent-Type: {media_type}\r\n{length}\r\n\r\n").into_bytes()
}

type Script = Box<dyn FnOnce(&mut TcpStream) -> io::Result<()> + Send>;

/// What the phone gets.
pub enum Act {
    /// This answer.
    Reply(Reply),
    /// Nothing: the connection is closed.
    HangUp,
    /// Whatever is written to the connection, which is closed afterwards.
    Write(Script),
    /// This answer, that many bytes at a time with a pause after each.
    Trickle(Reply, usize, Duration),
}

/// The server behind.
#[derive(Clone, Copy)]
pub struct Upstream(SocketAddr);

impl Upstream {
    /// Sends a request's very bytes on a connection of their own and reads the whole answer.
    pub fn send(&self, request: &Request) -> io::Result<Reply> {
        let mut server = TcpStream::connect(self.0)?;
        server.set_read_timeout(Some(PATIENCE))?;
        server.write_all(&request.raw)?;
        read_reply(&mut server)
    }

    /// The answer, or nothing when there is no server.
    pub fn pass(&self, request: &Request) -> Act {
        self.send(request).map_or(Act::HangUp, Act::Reply)
    }
}

/// What was asked, and what the phone got to hear.
#[derive(Clone)]
pub struct Exchange {
    /// The request.
    pub request: Request,
    /// The answer, when it was a whole one and was delivered.
    pub reply: Option<Reply>,
}

impl Exchange {
    /// Whether the phone heard a yes.
    pub fn is_good(&self) -> bool {
        self.reply.as_ref().is_some_and(|reply| reply.status == 200)
    }
}

type Rule = Arc<dyn Fn(&Request, &Upstream) -> Act + Send + Sync>;

struct Shared {
    upstream: Mutex<SocketAddr>,
    rule: Mutex<Rule>,
    exchanges: Mutex<Vec<Exchange>>,
    closed: AtomicBool,
}

/// A running man in the middle; dropping it ends it.
pub struct Middleman {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl Middleman {
    /// Starts in front of the server at `upstream`, passing everything on.
    pub fn before(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            upstream: Mutex::new(upstream),
            rule: Mutex::new(Arc::new(|request, upstream| upstream.pass(request))),
            exchanges: Mutex::default(),
            closed: AtomicBool::new(false),
        });
        let of_listener = Arc::clone(&shared);
        thread::spawn(move || {
            for phone in listener.incoming() {
                if of_listener.closed.load(Ordering::Acquire) {
                    break;
                }
                let (Ok(phone), shared) = (phone, Arc::clone(&of_listener)) else { continue };
                thread::spawn(move || {
                    // A connection that breaks off is what he is there for.
                    let _broken_off = converse(phone, &shared);
                });
            }
        });
        Self { address, shared }
    }

    /// The address that a member of the cooperative types when enrolling.
    pub fn of(&self, cooperative: &str) -> String {
        format!("http://{}/{cooperative}", self.address)
    }

    /// From now on another server is behind him.
    pub fn move_to(&self, upstream: SocketAddr) {
        *lock(&self.shared.upstream) = upstream;
    }

    /// From now on requests are answered by this rule.
    pub fn rule(&self, rule: impl Fn(&Request, &Upstream) -> Act + Send + Sync + 'static) {
        *lock(&self.shared.rule) = Arc::new(rule);
    }

    /// From now on one route is answered by this rule, all others are passed on.
    pub fn rule_for(&self, route: &'static str, rule: impl Fn(&Request, &Upstream) -> Act + Send + Sync + 'static) {
        self.rule(
            move |request, upstream| {
                if request.is(route) { rule(request, upstream) } else { upstream.pass(request) }
            },
        );
    }

    /// From now on everything is passed on.
    pub fn pass(&self) {
        self.rule(|request, upstream| upstream.pass(request));
    }

    /// Everything so far.
    pub fn exchanges(&self) -> Vec<Exchange> {
        lock(&self.shared.exchanges).clone()
    }

    /// Forgets what was so far.
    pub fn forget(&self) {
        lock(&self.shared.exchanges).clear();
    }

    /// The exchanges of one route so far.
    pub fn exchanges_of(&self, route: &str) -> Vec<Exchange> {
        self.exchanges().into_iter().filter(|exchange| exchange.request.is(route)).collect()
    }

    /// Waits until the phone heard that many times yes on a route.
    #[track_caller]
    pub fn wait_for(&self, route: &str, count: usize) {
        let heard = || self.exchanges_of(route).iter().filter(|exchange| exchange.is_good()).count();
        assert!(wait_until(|| heard() >= count), "{route} was answered {} times instead of {count}", heard());
    }
}

impl Drop for Middleman {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::Release);
        // The listener looks up when somebody comes.
        let _gone = TcpStream::connect(self.address);
    }
}

/// Looks again and again until it is so; false after a minute.
pub fn wait_until(mut is_so: impl FnMut() -> bool) -> bool {
    for _ in 0..PATIENCE.as_millis() / PAUSE.as_millis() {
        if is_so() {
            return true;
        }
        thread::sleep(PAUSE);
    }
    is_so()
}

/// A place in a rule where messages wait until the test lets them go.
#[derive(Clone, Default)]
pub struct Gate(Arc<(Mutex<Passage>, Condvar)>);

#[derive(Default)]
struct Passage {
    came: usize,
    is_open: bool,
}

impl Gate {
    /// Waits here, for a minute at most.
    pub fn hold(&self) {
        let (passage, changed) = &*self.0;
        let mut passage = lock(passage);
        passage.came += 1;
        changed.notify_all();
        drop(changed.wait_timeout_while(passage, PATIENCE, |passage| !passage.is_open));
    }

    /// Waits until somebody came.
    #[track_caller]
    pub fn reached(&self) {
        let (passage, changed) = &*self.0;
        let waited = changed.wait_timeout_while(lock(passage), PATIENCE, |passage| passage.came == 0);
        assert!(waited.is_ok_and(|(passage, _)| passage.came > 0), "nothing came by");
    }

    /// Lets everybody go.
    pub fn open(&self) {
        let (passage, changed) = &*self.0;
        lock(passage).is_open = true;
        changed.notify_all();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn converse(mut phone: TcpStream, shared: &Shared) -> io::Result<()> {
    phone.set_nodelay(true)?;
    while let Some(request) = read_request(&mut phone)? {
        let rule = Arc::clone(&lock(&shared.rule));
        let upstream = Upstream(*lock(&shared.upstream));
        let hung_up = || Err(io::ErrorKind::ConnectionAborted.into());
        let (delivered, reply) = match rule(&request, &upstream) {
            Act::Reply(reply) => (phone.write_all(&reply.raw), Some(reply)),
            Act::HangUp => (hung_up(), None),
            Act::Write(script) => (script(&mut phone).and_then(|()| hung_up()), None),
            Act::Trickle(reply, bytes, pause) => (trickle(&mut phone, &reply.raw, bytes, pause), Some(reply)),
        };
        let reply = reply.filter(|_| delivered.is_ok());
        lock(&shared.exchanges).push(Exchange { request, reply });
        delivered?;
    }
    Ok(())
}

fn trickle(phone: &mut TcpStream, raw: &[u8], bytes: usize, pause: Duration) -> io::Result<()> {
    for part in raw.chunks(bytes.max(1)) {
        phone.write_all(part)?;
        thread::sleep(pause);
    }
    Ok(())
}

/// Asks a server of this machine once, with a JSON body when there is one.
pub fn ask(server: SocketAddr, method: &str, path: &str, body: Option<&serde_json::Value>) -> io::Result<Reply> {
    let body = body.map(ToString::to_string).unwrap_or_default();
    let mut raw = format!("{method} {path} HTTP/1.1\r\nHost: {server}\r\nContent-Length: {}\r\n\r\n", body.len());
    let body_at = raw.len();
    raw.push_str(&body);
    Upstream(server).send(&Request { path: path.to_owned(), raw: raw.into_bytes(), body_at })
}

/// The next request; `None` when the phone has no more.
fn read_request(phone: &mut TcpStream) -> io::Result<Option<Request>> {
    let Some((mut raw, body_at)) = read_head(phone)? else { return Ok(None) };
    let text = String::from_utf8_lossy(&raw[..body_at]).into_owned();
    let path = text.split(' ').nth(1).unwrap_or_default().to_owned();
    read_to(phone, &mut raw, body_at + content_length(&text))?;
    Ok(Some(Request { path, raw, body_at }))
}

fn read_reply(server: &mut TcpStream) -> io::Result<Reply> {
    let (mut raw, body_at) = read_head(server)?.ok_or(io::ErrorKind::UnexpectedEof)?;
    let text = String::from_utf8_lossy(&raw[..body_at]).into_owned();
    let status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    let media_type = header(&text, "content-type").unwrap_or_default().to_owned();
    let body = if header(&text, "transfer-encoding").is_some() {
        read_chunks(server, &mut raw, body_at)?
    } else {
        read_to(server, &mut raw, body_at + content_length(&text))?;
        raw[body_at..].to_vec()
    };
    Ok(Reply { status, media_type, body, raw })
}

/// Reads to the empty line, and says where the body begins. `None` when nothing comes any more.
fn read_head(stream: &mut TcpStream) -> io::Result<Option<(Vec<u8>, usize)>> {
    let mut raw = Vec::new();
    loop {
        if let Some(end) = raw.windows(4).position(|four| four == b"\r\n\r\n") {
            return Ok(Some((raw, end + 4)));
        }
        if !read_some(stream, &mut raw)? {
            return if raw.is_empty() { Ok(None) } else { Err(io::ErrorKind::UnexpectedEof.into()) };
        }
    }
}

/// Reads the chunks of a body, and gives them joined.
fn read_chunks(stream: &mut TcpStream, raw: &mut Vec<u8>, mut at: usize) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let line = loop {
            match raw[at..].windows(2).position(|two| two == b"\r\n") {
                Some(length) => break length,
                None => read_to(stream, raw, raw.len() + 1)?,
            }
        };
        let size = std::str::from_utf8(&raw[at..at + line]).ok().and_then(|hex| usize::from_str_radix(hex, 16).ok());
        let size = size.ok_or(io::ErrorKind::InvalidData)?;
        at += line + 2;
        read_to(stream, raw, at + size + 2)?;
        body.extend_from_slice(&raw[at..at + size]);
        at += size + 2;
        if size == 0 {
            return Ok(body);
        }
    }
}

fn read_to(stream: &mut TcpStream, raw: &mut Vec<u8>, length: usize) -> io::Result<()> {
    while raw.len() < length {
        if !read_some(stream, raw)? {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(())
}

fn read_some(stream: &mut TcpStream, raw: &mut Vec<u8>) -> io::Result<bool> {
    let mut buffer = [0; 16 * 1024];
    let count = stream.read(&mut buffer)?;
    raw.extend_from_slice(&buffer[..count]);
    Ok(count > 0)
}

fn content_length(head: &str) -> usize {
    header(head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0)
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(':'));
    lines.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}
