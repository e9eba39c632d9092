//! Doors for tests/fuzz to what the server alone reads: a folder of books, a request's head, and bodies as far as the
//! database. No program that is shipped has this module.
//!
//! Never keeps what an input brings: what would be written is rolled back. A refusal that blames the server itself is a
//! finding, as a panic is.

use std::path::Path;
use std::sync::Arc;

use anggota::cose::Signer;
use anggota::domain::{DeviceId, MemberNo, RequestState, Timestamp};
use anggota::protocol::operation::Answer;
use anggota::protocol::problem::Code;
use anggota::protocol::upload::{Held, Part};
use anggota::protocol::{CBOR, dpop, enrolment, operation};
use axum::body::to_bytes;
use axum::http::Request;
use axum::http::request::Parts;
use rusqlite::Transaction;
use tokio::runtime::{Builder, Runtime};

use crate::access::{self, Caller, Renewing};
use crate::address::Address;
use crate::attachments;
use crate::cooperative::Cooperative;
use crate::database::Database;
use crate::devices;
use crate::import::{self, Report};
use crate::json::Accept;
use crate::operations;
use crate::pull;
use crate::refusal::Refusal;
use crate::routes;
use crate::service::{Clock, Rng, Service};
use crate::token::Token;

/// A server without a socket, and a member's device that it lets in.
pub struct Desk {
    service: Arc<Service>,
    caller: Caller,
    renewing: Renewing,
    /// Where no books were imported yet.
    empty: Database,
    now: Timestamp,
    runtime: Runtime,
}

/// The device that is let in.
pub struct Visitor<'a> {
    /// Whose it is.
    pub member: &'a MemberNo,
    /// Its id.
    pub device: DeviceId,
    /// Its key.
    pub signer: &'a dyn Signer,
    /// Its access token, as sent; its refresh token is the same.
    pub token: &'a str,
}

impl Desk {
    /// Imports the books of one cooperative into a database in `folder` and lets the visitor in. It is always `now` there.
    pub fn open(folder: &Path, books: &Path, visitor: &Visitor<'_>, now: Timestamp) -> Result<Self, Refusal> {
        let open = |name: &str| Database::open(&folder.join(name).to_string_lossy());
        let (database, empty) = (open("anggota.db")?, open("empty.db")?);
        let rng: Rng = Arc::new(anggota::entropy::system());
        let keys = folder.join("keys");
        let report = import::import(&database, &keys, books, now, rng.clone(), &mut |_| ())?;
        assert!(report.problems.is_empty(), "{:?}", report.problems);
        let cooperative = database.write(|transaction| enrol(transaction, visitor, now))?;
        let clock: Clock = Arc::new(move || now);
        let service = Arc::new(Service::new(database, keys, clock, rng, Address::Loopback, None));
        let caller = access::caller(&service, &parts(&cooperative, visitor, "pull", Some(visitor.token), now)?)?;
        let renewing = access::renewing(&service, &parts(&cooperative, visitor, "tokens", None, now)?)?;
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Refusal::caused(Code::Internal, error))?;
        Ok(Self { service, caller, renewing, empty, now, runtime })
    }

    /// Reads a folder of books, as the first ones and as the next.
    pub fn books(&self, folder: &Path) -> [Option<Report>; 2] {
        [&self.empty, &self.service.database].map(|database| said(import::look(database, folder, self.now)))
    }

    /// A request's head: the path on the first line, a header on every other. Whether it lets a stranger in, and a device.
    pub fn head(&self, head: &str) -> (bool, bool) {
        let mut lines = head.lines();
        let path = lines.next().unwrap_or_default();
        let request = Request::post(path);
        let request =
            lines.filter_map(|line| line.split_once(": ")).fold(request, |r, (name, value)| r.header(name, value));
        let _read = Address::public(path);
        let Ok(request) = request.body(()) else { return (false, false) };
        let parts = request.into_parts().0;
        let _read = (Accept::of(&parts.headers).prefers_json(CBOR), routes::is_cbor(&parts.headers));
        said(access::check_version(&parts.headers));
        said(access::renewing(&self.service, &parts));
        let stranger = said(access::stranger(&self.service, &parts));
        (stranger.is_some(), said(access::caller(&self.service, &parts)).is_some())
    }

    /// The body of a renewal. Whether it names the visitor's device.
    pub fn renewal(&self, body: &[u8]) -> bool {
        let text = enrolment::decode_renewal(body).unwrap_or_default();
        let Some(token) = Token::parse(&text) else { return false };
        assert_eq!(token.to_text(), text);
        said(self.renewing.device(&self.service, &token)).is_some()
    }

    /// The body of a push: every operation that the visitor signed has its effect, and none stays. How many
    /// there were.
    pub fn push(&self, body: &[u8]) -> usize {
        let pushed = operation::decode_push(body).unwrap_or_default();
        let mut accepted = 0;
        let undone = self.service.database.write(|transaction| {
            for bytes in &pushed {
                if let Some(operation) = operations::verify(&self.caller, bytes) {
                    let answer = said(operations::accept(transaction, &self.caller, &operation, bytes));
                    accepted += usize::from(answer.is_some());
                }
            }
            Err::<(), Refusal>(Code::Busy.into())
        });
        said(undone);
        accepted
    }

    /// Stores an operation that the visitor signed, for good: what parts of documents are about. Whether it was taken.
    pub fn keep(&self, signed: &[u8]) -> bool {
        let Some(operation) = operations::verify(&self.caller, signed) else { return false };
        let accept = |transaction: &Transaction<'_>| operations::accept(transaction, &self.caller, &operation, signed);
        let answer = said(self.service.database.write(accept));
        matches!(answer, Some(Answer::Result(result)) if result.state == RequestState::Received)
    }

    /// The body of an upload: what would be held then, and none of it stays.
    pub fn upload(&self, body: &[u8]) -> Option<Held> {
        let part = Part::decode(body).ok()?;
        let mut held = None;
        let undone = self.service.database.write(|transaction| {
            held = attachments::take(transaction, &self.caller, &part)?;
            Err::<(), Refusal>(Code::Busy.into())
        });
        said(undone);
        held
    }

    /// The answer to a pull, whole.
    pub fn pull(&self, body: &[u8]) -> Option<Vec<u8>> {
        self.runtime.block_on(async {
            let answer = said(pull::answer(&self.service, &self.caller, body))?;
            to_bytes(answer.into_body(), usize::MAX).await.ok().map(Vec::from)
        })
    }
}

fn enrol(transaction: &Transaction<'_>, visitor: &Visitor<'_>, now: Timestamp) -> Result<Cooperative, Refusal> {
    let cooperative = Cooperative::find(transaction, None)?;
    let member = transaction.query_row(
        "SELECT member FROM member WHERE cooperative = ?1 AND member_no = ?2",
        (cooperative.number, visitor.member.as_str()),
        |row| row.get(0),
    )?;
    let token = Token::parse(visitor.token).ok_or(Code::Unauthorized)?;
    devices::add(transaction, &cooperative, member, &visitor.device, visitor.signer.public_key(), now)?;
    devices::set_access(transaction, &cooperative, &visitor.device, &token, now)?;
    devices::set_refresh(transaction, &cooperative, &visitor.device, &token)?;
    Ok(cooperative)
}

fn parts(
    cooperative: &Cooperative,
    visitor: &Visitor<'_>,
    route: &str,
    token: Option<&str>,
    now: Timestamp,
) -> Result<Parts, Refusal> {
    let path = format!("/v1/{}/{route}", cooperative.id);
    let url = format!("http://localhost{path}");
    let asked = dpop::Request { method: "POST", url: &url, token };
    let proof = dpop::prove(&asked, now, &[route.len() as u8; 16], visitor.signer)?;
    let mut request = Request::post(path).header("host", "localhost").header("dpop", proof);
    if let Some(token) = token {
        request = request.header("authorization", format!("DPoP {token}"));
    }
    let request = request.body(()).map_err(|error| Refusal::caused(Code::Internal, error))?;
    Ok(request.into_parts().0)
}

/// What was asked for, or nothing when whoever asked is to blame.
fn said<T, E: Into<Refusal>>(outcome: Result<T, E>) -> Option<T> {
    outcome
        .map_err(|error| {
            let refusal = error.into();
            assert_ne!(refusal.code(), Code::Internal, "{}", refusal.causes());
        })
        .ok()
}
