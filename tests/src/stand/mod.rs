//! The test stand: a cooperative that lives for as long as a test suite runs, driven from any language by HTTP and JSON.
//!
//! The office, the server and the books are real ones; only the network between phone and server can be made to fail.
//! What a member must see is reckoned from the books, never asked of the server.

mod books;
mod control;
mod expected;
mod faults;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use data_encoding::BASE64;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpSocket;

pub use books::{COOPERATIVE, RICH};
use control::Refused;
pub use control::serve;
use faults::{Fault, FaultProxy, Kind};

use crate::office::OFFICER;
use crate::{Federation, Office, Output, Scratch, Serving, Stopwatch};

/// How long a member's last code is left valid for whoever got it, before the next one takes its place.
const CODE_IS_USED_WITHIN: Duration = Duration::from_secs(10);
/// Between two looks at whether it was used.
const PAUSE: Duration = Duration::from_millis(50);

/// A running stand.
pub struct Stand {
    serving: Serving,
    office: Office,
    federation: Federation,
    books: PathBuf,
    village: books::Village,
    state: Mutex<State>,
    /// Bound and never listened on: whoever connects is refused.
    closed_port: TcpSocket,
    /// One command of the office at a time.
    desk: Mutex<()>,
    scratch: Scratch,
}

#[derive(Default)]
struct State {
    fresh_given: usize,
    proxies: HashMap<u64, FaultProxy>,
    /// Devices that a member had when the last code was made.
    devices_before: HashMap<String, usize>,
}

/// Whom a paper is for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Papers {
    member: Option<String>,
    #[serde(default)]
    fresh: bool,
}

/// What the office says to a request.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decide {
    request_id: String,
    approve: bool,
    reason: Option<String>,
}

/// What a server that is none answers.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Answer {
    problem: Option<String>,
    server_time: Option<i64>,
    #[serde(default)]
    html: bool,
    #[serde(default)]
    refuse: bool,
}

impl Stand {
    /// Writes the books, imports them and begins to serve.
    #[track_caller]
    pub fn start() -> Self {
        let scratch = Scratch::new("stand");
        let (office, books) = (Office::new(&scratch, "office"), scratch.join("books"));
        let village = books::write(&books);
        office.import(&books);
        let federation = Federation::new(&scratch, &office, "federation");
        let [issuer, trust] = ["issuer", "trust"].map(|name| scratch.join(name));
        office.export_issuer(&issuer);
        federation.sign(&office, "root-0.key", &issuer, &trust);
        let serving = office.serve_with("127.0.0.1:0", &["--trust-list", trust.to_str().unwrap()]);
        let closed_port = TcpSocket::new_v4().unwrap();
        closed_port.bind(([127, 0, 0, 1], 0).into()).unwrap();
        let (state, desk) = (Mutex::default(), Mutex::default());
        Self { serving, office, federation, books, village, state, closed_port, desk, scratch }
    }

    fn members(&self) -> Value {
        self.village.special.clone()
    }

    fn expected(&self, member_no: &str) -> Result<Value, Refused> {
        expected::of_member(&self.books, member_no).ok_or(Refused::unknown("no such member in the books"))
    }

    /// A new activation. Each takes the place of the member's last one, so that one gets a moment to be used first.
    fn papers(&self, asked: Papers) -> Result<Value, Refused> {
        let member_no = match asked {
            Papers { fresh: true, .. } => self.fresh_member()?,
            Papers { member, .. } => member.unwrap_or_else(|| RICH.to_owned()),
        };
        let watch = Stopwatch::start();
        let paper = loop {
            let turn = lock(&self.desk);
            let devices =
                self.office.devices().iter().filter(|device| device["member_no"] == member_no.as_str()).count();
            let is_waited_for = lock(&self.state).devices_before.get(&member_no) == Some(&devices);
            if !is_waited_for || watch.elapsed() > CODE_IS_USED_WITHIN {
                let paper = document(self.office.run(&["activate", "--member", &member_no]))?;
                lock(&self.state).devices_before.insert(member_no.clone(), devices);
                break paper;
            }
            drop(turn);
            std::thread::sleep(PAUSE);
        };
        let server_url = self.serving.of(COOPERATIVE);
        let (code, server_key) = (&paper["code"], &paper["server_key"]);
        Ok(json!({ "server_url": server_url, "member_no": member_no, "code": code, "server_key": server_key }))
    }

    fn fresh_member(&self) -> Result<String, Refused> {
        let mut state = lock(&self.state);
        let member_no = self.village.fresh.get(state.fresh_given).cloned();
        state.fresh_given += 1;
        member_no.ok_or(Refused::new(409, "every fresh member is given away"))
    }

    fn decide(&self, asked: &Decide) -> Result<Value, Refused> {
        let decision = if asked.approve { "--approve" } else { "--reject" };
        let reason = asked.reason.iter().flat_map(|reason| ["--reason", reason]);
        let given = ["requests", "decide", &asked.request_id, decision, "--officer", OFFICER];
        self.command(&given.into_iter().chain(reason).collect::<Vec<_>>())
    }

    /// The office asks for more before it decides.
    fn ask(&self, request_id: &str, reason: &str) -> Result<Value, Refused> {
        self.command(&["requests", "decide", request_id, "--ask", "--reason", reason, "--officer", OFFICER])
    }

    /// The bytes of a request's documents that are whole at the office, and how many are not.
    fn documents(&self, request_id: &str) -> Result<Value, Refused> {
        let folder = Scratch::new("documents");
        let written = self.command(&["requests", "attachments", request_id, folder.path().to_str().unwrap()])?;
        let files = written["files"].as_array().unwrap().iter().map(|file| file["file"].as_str().unwrap());
        let documents: Vec<_> = files.map(|file| BASE64.encode(&std::fs::read(file).unwrap())).collect();
        Ok(json!({ "documents": documents, "missing": written["missing"] }))
    }

    /// A command of the office, in turn.
    fn command(&self, arguments: &[&str]) -> Result<Value, Refused> {
        let _turn = lock(&self.desk);
        document(self.office.run(arguments))
    }

    fn proxy(&self, fault: &Fault) -> Result<Value, Refused> {
        let proxy = FaultProxy::before(self.serving.address, fault).map_err(|why| Refused::new(400, &why))?;
        let server_url = proxy.of(COOPERATIVE);
        let mut state = lock(&self.state);
        let id = state.proxies.len() as u64 + 1;
        state.proxies.insert(id, proxy);
        Ok(json!({ "server_url": server_url, "id": id.to_string() }))
    }

    fn with_proxy<T>(&self, id: &str, act: impl FnOnce(&FaultProxy) -> T) -> Result<T, Refused> {
        let state = lock(&self.state);
        let proxy = id.parse().ok().and_then(|id: u64| state.proxies.get(&id));
        proxy.map(act).ok_or(Refused::unknown("no such proxy"))
    }

    fn change_proxy(&self, id: &str, fault: &Fault) -> Result<Value, Refused> {
        self.with_proxy(id, |proxy| proxy.change(fault).map(|()| proxy.counted()))?
            .map_err(|why| Refused::new(400, &why))
    }

    fn proxy_counted(&self, id: &str) -> Result<Value, Refused> {
        self.with_proxy(id, FaultProxy::counted)
    }

    fn answer(&self, asked: Answer) -> Result<Value, Refused> {
        match asked {
            Answer { problem: None, html: false, refuse: true, .. } => {
                let address = self.closed_port.local_addr().unwrap();
                Ok(json!({ "server_url": format!("http://{address}/{COOPERATIVE}") }))
            }
            Answer { problem: None, html: true, refuse: false, .. } => self.proxy(&Fault::always(Kind::Html, None)),
            Answer { problem: problem @ Some(_), html: false, refuse: false, server_time } => {
                self.proxy(&Fault { server_time, ..Fault::always(Kind::Problem, problem) })
            }
            _ => Err(Refused::new(400, "ask for one of problem, html and refuse")),
        }
    }

    /// What a shop's till knows: the federation's roots, its trust list, and the status list of this moment.
    fn card_files(&self) -> Result<Value, Refused> {
        let status = self.scratch.join("status");
        let _turn = lock(&self.desk);
        document(self.office.run(&["export", "status-list", status.to_str().unwrap()]))?;
        let base64 = |file| BASE64.encode(&std::fs::read(file).unwrap());
        let root = |name| std::fs::read_to_string(self.federation.file(name)).unwrap().trim().to_owned();
        Ok(json!({
            "trust": base64(self.scratch.join("trust")),
            "statuses": [base64(status)],
            "roots": [root("root-0.pub"), root("root-1.pub")],
        }))
    }
}

/// The document of a command, or its refusal.
fn document(output: Output) -> Result<Value, Refused> {
    if output.status == 0 { Ok(output.document()) } else { Err(Refused::new(422, &output.stdout)) }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // A panic is one test's failure, and must not be the next one's.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
