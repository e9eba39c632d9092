//! The fault proxies: each a man in the middle whose fault a test asks for in JSON, and who counts.

use std::collections::BTreeMap;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anggota::protocol::problem::{Code, Problem};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::middleman::{Act, Middleman, Reply, Request, Upstream};

/// Bytes and pause of a slow answer whose asker named none.
const SLOW_BYTES: usize = 1_024;
const SLOW_PAUSE_MS: u64 = 50;
/// The longest pause between two parts of an answer.
const MAX_PAUSE_MS: u64 = 60_000;
/// What a wifi's login page looks like.
const LOGIN_PAGE: &str = "<!doctype html><title>Wifi</title><p>Silakan masuk dahulu.</p>";

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    /// Nothing.
    None,
    /// The request is passed on, its reply is dropped and the connection closed.
    DropReplies,
    /// The reply comes `bytes` at a time, with a pause of `pause_ms` after each.
    Slow,
    /// The reply ends after `bytes` of its body, and the connection is closed.
    Cut,
    /// The request is not passed on; the reply is the problem document of `problem`.
    Problem,
    /// The request is not passed on; the reply is a web page.
    Html,
    /// The request is not passed on, and the connection is closed.
    Refuse,
}

/// A fault as it is asked for.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fault {
    /// What goes wrong.
    pub(super) fault: Kind,
    /// For how many of the next requests; for all when absent.
    pub(super) count: Option<u64>,
    /// How many requests that are meant are passed on first; none when absent.
    pub(super) after: Option<u64>,
    /// See [`Kind::Slow`] and [`Kind::Cut`].
    pub(super) bytes: Option<usize>,
    /// See [`Kind::Slow`], milliseconds.
    pub(super) pause_ms: Option<u64>,
    /// Only for requests whose path behind `/v1/COOPERATIVE/` begins so (`operations`, `pull`); for all when absent.
    pub(super) path: Option<String>,
    /// The code of a problem document.
    pub(super) problem: Option<String>,
    /// The server's time that a problem document names, in seconds.
    pub(super) server_time: Option<i64>,
}

impl Fault {
    /// A fault of every request.
    pub(super) fn always(fault: Kind, problem: Option<String>) -> Self {
        Self { fault, count: None, after: None, bytes: None, pause_ms: None, path: None, problem, server_time: None }
    }

    /// The document to answer with; a sentence when there is none of that code.
    fn document(&self) -> Result<Option<Reply>, String> {
        if self.fault != Kind::Problem {
            return Ok(None);
        }
        let name = self.problem.as_deref().ok_or("name the problem's code in `problem`")?;
        let code = Code::from_name(name).filter(|code| code.http_status() != 0);
        let code = code.ok_or_else(|| format!("no server answers with the problem {name}"))?;
        let document = Problem { server_time: self.server_time, ..Problem::new(code) };
        Ok(Some(Reply::problem(code).with_body(serde_json::to_vec(&document).unwrap())))
    }
}

#[derive(Default)]
struct Counters {
    requests: AtomicU64,
    dropped: AtomicU64,
    by_route: Mutex<BTreeMap<String, u64>>,
}

/// A running proxy.
pub(super) struct FaultProxy {
    middle: Middleman,
    counters: Arc<Counters>,
}

impl FaultProxy {
    /// Starts one in front of the server. A fault that cannot be is refused with a sentence.
    pub(super) fn before(server: SocketAddr, fault: &Fault) -> Result<Self, String> {
        let proxy = Self { middle: Middleman::before(server), counters: Arc::default() };
        proxy.change(fault)?;
        Ok(proxy)
    }

    /// The address that a member types when enrolling.
    pub(super) fn of(&self, cooperative: &str) -> String {
        self.middle.of(cooperative)
    }

    /// From now on another fault; what was counted stays.
    pub(super) fn change(&self, fault: &Fault) -> Result<(), String> {
        let (fault, document) = (fault.clone(), fault.document()?);
        let counters = Arc::clone(&self.counters);
        let [first, left] = [fault.after.unwrap_or(0), fault.count.unwrap_or(u64::MAX)].map(AtomicU64::new);
        self.middle.rule(move |request, upstream| {
            let route = route(request);
            counters.count(route);
            let is_meant = fault.path.as_deref().is_none_or(|path| route.starts_with(path));
            let takes_one = |of: &AtomicU64| {
                of.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok()
            };
            if fault.fault == Kind::None || !is_meant || takes_one(&first) || !takes_one(&left) {
                return upstream.pass(request);
            }
            act(&fault, document.as_ref(), request, upstream, &counters)
        });
        Ok(())
    }

    /// All requests so far, also by route, and the replies that did not arrive whole.
    pub(super) fn counted(&self) -> Value {
        let by_route = self.counters.by_route.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let [requests, dropped] =
            [&self.counters.requests, &self.counters.dropped].map(|counter| counter.load(Ordering::Relaxed));
        json!({ "requests": requests, "dropped": dropped, "by_route": by_route })
    }
}

impl Counters {
    fn count(&self, route: &str) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let mut by_route = self.by_route.lock().unwrap_or_else(PoisonError::into_inner);
        *by_route.entry(route.to_owned()).or_default() += 1;
    }

    /// The answer, unless there is no server; counted as one that does not arrive whole.
    fn drop_reply(&self, request: &Request, upstream: &Upstream) -> Option<Reply> {
        let reply = upstream.send(request).ok()?;
        self.dropped.fetch_add(1, Ordering::Relaxed);
        Some(reply)
    }
}

/// The path behind the cooperative: `operations`, `pull`.
fn route(request: &Request) -> &str {
    request.path.splitn(4, '/').nth(3).unwrap_or(&request.path)
}

fn act(fault: &Fault, document: Option<&Reply>, request: &Request, upstream: &Upstream, counters: &Counters) -> Act {
    match fault.fault {
        Kind::None => upstream.pass(request),
        Kind::Refuse => Act::HangUp,
        Kind::Problem => document.map_or(Act::HangUp, |document| Act::Reply(document.clone())),
        Kind::Html => Act::Reply(Reply::new(200, "text/html; charset=utf-8", LOGIN_PAGE)),
        Kind::DropReplies => {
            counters.drop_reply(request, upstream);
            Act::HangUp
        }
        Kind::Cut => {
            let Some(reply) = counters.drop_reply(request, upstream) else { return Act::HangUp };
            let head = reply.raw.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |end| end + 4);
            let end = (head + fault.bytes.unwrap_or(0)).min(reply.raw.len());
            Act::Write(Box::new(move |phone| phone.write_all(&reply.raw[..end])))
        }
        Kind::Slow => {
            let pause = fault.pause_ms.unwrap_or(SLOW_PAUSE_MS).min(MAX_PAUSE_MS);
            let (bytes, pause) = (fault.bytes.unwrap_or(SLOW_BYTES), Duration::from_millis(pause));
            upstream.send(request).map_or(Act::HangUp, |reply| Act::Trickle(reply, bytes, pause))
        }
    }
}
