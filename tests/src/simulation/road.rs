//! The road between phones and server, and what happens on it.

use std::collections::VecDeque;
use std::io::Write;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use anggota::protocol::problem::Code;

use crate::middleman::{Act, Middleman, Reply, Request, Upstream};

/// What happens to one message and its answer.
#[derive(Debug, Clone, Copy)]
pub enum Fault {
    /// Nothing.
    None,
    /// It does not arrive.
    LoseRequest,
    /// It arrives, and the answer does not.
    LoseReply,
    /// It arrives twice, the second time after the first.
    Double,
    /// It arrives after the next one, when nobody waits for the answer any more.
    Late,
    /// Of the answer only so many thousandths arrive.
    Cut(u16),
    /// The server is busy and says so.
    Busy,
}

#[derive(Default)]
struct Ahead {
    faults: VecDeque<Fault>,
    late: Vec<Request>,
}

/// The road.
pub(super) struct Road {
    middle: Middleman,
    ahead: Arc<Mutex<Ahead>>,
}

impl Road {
    pub(super) fn before(middle: Middleman) -> Self {
        let ahead = Arc::<Mutex<Ahead>>::default();
        let meets = Arc::clone(&ahead);
        middle.rule(move |request, upstream| {
            let (fault, late) = {
                let mut ahead = meets.lock().unwrap_or_else(PoisonError::into_inner);
                (ahead.faults.pop_front().unwrap_or(Fault::None), std::mem::take(&mut ahead.late))
            };
            let act = happen(fault, request, upstream, &meets);
            for overtaken in &late {
                let _nobody_waits = upstream.send(overtaken);
            }
            act
        });
        Self { middle, ahead }
    }

    /// The server's address as phones know it.
    pub(super) fn address(&self) -> String {
        self.middle.of(super::office::COOPERATIVE)
    }

    pub(super) fn leads_to(&self, server: SocketAddr) {
        self.middle.move_to(server);
    }

    pub(super) fn meets(&self, faults: &[Fault]) {
        self.ahead.lock().unwrap_or_else(PoisonError::into_inner).faults = faults.iter().copied().collect();
    }

    /// From now on nothing happens, but what was overtaken still arrives.
    pub(super) fn is_good(&self) {
        self.meets(&[]);
        self.middle.forget();
    }
}

fn happen(fault: Fault, request: &Request, upstream: &Upstream, ahead: &Mutex<Ahead>) -> Act {
    match fault {
        Fault::None => upstream.pass(request),
        Fault::LoseRequest => Act::HangUp,
        Fault::LoseReply => {
            let _lost = upstream.send(request);
            Act::HangUp
        }
        Fault::Double => {
            let _first = upstream.send(request);
            upstream.pass(request)
        }
        Fault::Late => {
            ahead.lock().unwrap_or_else(PoisonError::into_inner).late.push(request.clone());
            Act::HangUp
        }
        Fault::Cut(thousandths) => match upstream.send(request) {
            Ok(Reply { mut raw, .. }) => {
                raw.truncate(raw.len() * usize::from(thousandths.min(999)) / 1_000);
                Act::Write(Box::new(move |phone| phone.write_all(&raw)))
            }
            Err(_) => Act::HangUp,
        },
        Fault::Busy => Act::Reply(Reply::problem(Code::Busy)),
    }
}
