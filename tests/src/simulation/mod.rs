//! A village in one process and under one clock: the server's own library, phones with the core's own client and store, and
//! between them a road on which messages get lost, doubled, cut off and overtaken. What happens next is the caller's to say,
//! step by step, so that a story can be told again.
//!
//! Time passes only when a step says so: an hour costs nothing. Everything else is real: HTTP, TLS's absence, files, keys.

mod office;
mod road;
mod telephone;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use anggota::client::RequestView;
use anggota::domain::{OperationId, RequestState, Timestamp};
use anggota::protocol::problem::Code;
use anggota_server::requests::Listed;
use tokio::runtime::Runtime;

use crate::middleman::Middleman;
use crate::village::Backup;
use crate::{Scratch, generated, lines_of, passbooks};
use office::Office;
pub use road::Fault;
use road::Road;
use telephone::Telephone;

/// When the story begins: 2027-01-15.
const BEGINNING: i64 = 1_800_000_000;
/// Longer than any wait of the outbox.
const LONGEST_WAIT: i64 = 301;
/// How often the clock is moved on before something counts as stuck.
const ROUNDS: u32 = 400;
const MEMBER: &str = "A000001";
/// Phones of the one member.
pub const PHONES: usize = 2;

/// The one clock.
#[derive(Clone)]
struct Time(Arc<AtomicI64>);

impl Time {
    fn now(&self) -> Timestamp {
        Timestamp::from_seconds(self.0.load(Ordering::SeqCst)).unwrap()
    }

    fn pass(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

/// What happens next. Numbers that name something count round and round, so that every step means something.
#[derive(Debug, Clone)]
pub enum Step {
    /// The member asks for a loan of that many hundred thousand, and attaches a photograph of that many bytes.
    Ask(usize, u8, Option<u32>),
    /// The member replies to one of the phone's requests, with a photograph of that many bytes.
    Reply(usize, usize, u32),
    /// The member takes back one of the phone's requests.
    Cancel(usize, usize),
    /// The phone syncs.
    Sync(usize),
    /// The phone begins a sync and gives it up after that many tenths of a millisecond.
    Interrupted(usize, u16),
    /// The same, and the app is gone and started again.
    Crash(usize, u16),
    /// What happens to the next messages, one after the other.
    Road(Vec<Fault>),
    /// Time passes.
    Pass(u32),
    /// Somebody sets the phone's clock wrong by that many seconds.
    Skew(usize, i32),
    /// The phone is switched off and on.
    Reboot(usize),
    /// A deposit to one of the member's accounts.
    Deposit(usize),
    /// An officer says something of one of the requests that wait.
    Decide(usize, Verdict),
    /// The server's program ends and is started again.
    Restart,
    /// The office makes a backup.
    BackUp,
    /// The office goes back to its backup, and says so by a new epoch.
    Restore,
}

/// What an officer says.
#[derive(Debug, Clone, Copy)]
pub enum Verdict {
    /// The member gets the loan.
    Yes,
    /// Not.
    No,
    /// More is needed first.
    MoreAsked,
}

/// Everything.
pub struct Village {
    time: Time,
    runtime: Runtime,
    office: Option<Office>,
    backup: Option<Backup>,
    /// The office went back to a backup.
    restored: bool,
    road: Road,
    phones: Vec<Telephone>,
    accounts: Vec<String>,
    /// Holds the files.
    scratch: Scratch,
}

impl Village {
    /// A cooperative with a small book, and two phones of one member, enrolled and in step.
    pub fn new() -> Self {
        let (scratch, time) = (Scratch::new("simulation"), Time(Arc::new(AtomicI64::new(BEGINNING))));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let books = scratch.join("books");
        generated(7, 120, 3, 1, &books);
        let office = Office::open(&scratch.join("office"), &books, &time);
        office.import();
        let office = runtime.block_on(office.serve());
        let road = Road::before(Middleman::before(office.address()));
        let accounts = passbooks(&books, |member| member == MEMBER).into_iter();
        let accounts = accounts.filter(|(_, book)| !book.is_loan).map(|(account, _)| account).collect();
        let mut village = Self {
            time,
            runtime,
            office: Some(office),
            backup: None,
            restored: false,
            road,
            phones: vec![],
            accounts,
            scratch,
        };
        for number in 0..PHONES {
            let folder = village.scratch.join(&format!("phone{number}"));
            let paper = village.office().activate(MEMBER);
            let phone =
                Telephone::enrol(&village.runtime, &folder, &village.road.address(), MEMBER, &paper, &village.time);
            village.phones.push(phone);
            village.sync(number);
        }
        village
    }

    fn office(&self) -> &Office {
        self.office.as_ref().unwrap()
    }

    /// One step. Whatever must hold at every moment is looked at after it.
    pub fn step(&mut self, step: &Step) {
        match step {
            Step::Ask(phone, amount, photograph) => {
                let phone = &mut self.phones[phone % PHONES];
                self.runtime.block_on(phone.ask(*amount, *photograph));
            }
            Step::Reply(phone, which, photograph) => {
                let phone = &mut self.phones[phone % PHONES];
                if let Some(id) = phone.to_reply_to(*which) {
                    self.runtime.block_on(phone.reply(id, *photograph));
                }
            }
            Step::Cancel(phone, which) => self.cancel(*phone, *which),
            Step::Sync(phone) => self.sync(*phone),
            Step::Interrupted(phone, tenths) => self.begin(*phone, *tenths),
            Step::Crash(phone, tenths) => {
                self.begin(*phone, *tenths);
                self.phones[phone % PHONES].restart();
            }
            Step::Road(faults) => self.road.meets(faults),
            Step::Pass(seconds) => self.time.pass(i64::from(*seconds)),
            Step::Skew(phone, seconds) => self.phones[phone % PHONES].clock.set_wrong_by(i64::from(*seconds)),
            Step::Reboot(phone) => {
                let phone = &mut self.phones[phone % PHONES];
                phone.clock.reboot();
                phone.restart();
            }
            Step::Deposit(which) => {
                let account = self.accounts[which % self.accounts.len()].clone();
                self.office().deposit(&account);
            }
            Step::Decide(which, verdict) => self.office().decide(*which, *verdict),
            Step::Restart => self.while_closed(|_| {}),
            Step::BackUp => self.backup = Some(self.office().back_up(self.scratch.join("backup.db"))),
            Step::Restore => {
                if let Some(backup) = self.backup.clone() {
                    self.while_closed(|office| office.restore(&backup));
                    self.restored = true;
                }
            }
        }
        self.check();
    }

    fn while_closed(&mut self, change: impl FnOnce(&mut Office)) {
        let mut office = self.runtime.block_on(self.office.take().unwrap().close());
        change(&mut office);
        let office = self.runtime.block_on(office.serve());
        self.road.leads_to(office.address());
        self.office = Some(office);
    }

    fn cancel(&mut self, phone: usize, which: usize) {
        let phone = &self.phones[phone % PHONES];
        if let Some(id) = phone.asked.get(which % phone.asked.len().max(1)) {
            match self.runtime.block_on(phone.client().cancel_request(id)) {
                Ok(_) => {}
                Err(fault) => assert_eq!(fault.code(), Code::NotPossible, "{fault}"),
            }
        }
    }

    /// A sync may fail as the road makes it; it may never find fault with honest books or lose its access.
    fn sync(&mut self, phone: usize) {
        let phone = &self.phones[phone % PHONES];
        if let Err(fault) = self.runtime.block_on(phone.client().sync()) {
            assert!(fault.is_transient(), "a sync failed for good: {} {fault:?}", fault.code().as_str());
        }
    }

    fn begin(&mut self, phone: usize, tenths: u16) {
        let phone = &self.phones[phone % PHONES];
        let limit = Duration::from_micros(u64::from(tenths) * 100);
        let _given_up = self.runtime.block_on(async { tokio::time::timeout(limit, phone.client().sync()).await });
    }

    /// At every moment: no row is other than it was proven, and what was asked is there. What an office lost with its
    /// newest books is not proven any more until the new books are here; nothing else ever is not.
    fn check(&self) {
        for phone in &self.phones {
            let client = phone.client();
            let found = client.verify().unwrap();
            let spoiled = found.accounts.iter().find(|account| account.first_bad_seq.is_some());
            assert!(spoiled.is_none(), "a phone finds fault with its own rows: {spoiled:?}");
            assert!(found.ok || self.restored, "a phone has not proven what honest books say: {found:?}");
            let known: Vec<_> = client.requests().unwrap().into_iter().map(|request| request.request_id).collect();
            assert!(phone.asked.iter().all(|id| known.contains(id)), "a request is gone from the phone");
        }
    }

    /// How many replies the office has.
    pub fn replies(&self) -> usize {
        self.office().requests().iter().map(|listed| listed.replies.len()).sum()
    }

    /// The road is good again and nobody does anything: the clock alone brings everybody in step.
    pub fn settle(&mut self) {
        self.road.is_good();
        {
            let _inside = self.runtime.enter();
            self.phones.iter().for_each(|phone| phone.client().run_in_background());
        }
        let mut differs = String::new();
        for round in 0..ROUNDS {
            self.time.pass(LONGEST_WAIT);
            self.phones.iter().for_each(|phone| phone.client().wake());
            // Longer each time: on a busy machine a message must arrive before its proof is too old by this clock.
            std::thread::sleep(Duration::from_millis(25 + u64::from(round)));
            match self.difference() {
                Some(found) => differs = found,
                None => return self.check(),
            }
        }
        let by_hand: Vec<_> = self.phones.iter().map(|phone| self.runtime.block_on(phone.client().sync())).collect();
        panic!("still not in step: {differs}; a sync by hand says {by_hand:?}");
    }

    /// What a phone and the office do not agree on.
    fn difference(&self) -> Option<String> {
        let (books, office) = (passbooks(&self.office().books, |member| member == MEMBER), self.office().requests());
        for (number, phone) in self.phones.iter().enumerate() {
            let client = phone.client();
            for (account, book) in &books {
                if lines_of(client, account, book.is_loan) != book.lines {
                    return Some(format!("phone {number} shows another passbook of {account}"));
                }
            }
            let shown = client.balances().unwrap();
            if let Some(unproven) = shown.savings.iter().find(|account| !account.verified) {
                return Some(format!("phone {number} has not proven {}", unproven.account_no));
            }
            for request in client.requests().unwrap() {
                let at_office = office.iter().find(|listed| listed.id == request.request_id);
                let agreed = match at_office {
                    Some(listed) => listed.state == request.state && listed.principal == request.principal,
                    // Taken back before it was sent; or answered and over before the office lost it.
                    None => match request.state {
                        RequestState::Cancelled => true,
                        RequestState::Rejected | RequestState::Disbursed => self.restored,
                        _ => false,
                    },
                };
                if !agreed {
                    let listed = at_office.map(|listed| listed.state);
                    return Some(format!("phone {number} has {request:?}, the office {listed:?}"));
                }
                let replies: Vec<_> = phone.replied.iter().filter(|(to, _)| *to == request.request_id).collect();
                let differs = if replies.len() == request.replies.len() {
                    at_office.and_then(|listed| self.given_differs(&request, listed))
                } else {
                    Some(format!("of {} replies there are {:?}", replies.len(), request.replies))
                };
                if let Some(differs) = differs {
                    return Some(format!("phone {number}: {differs}"));
                }
            }
        }
        let asked: Vec<OperationId> = self.phones.iter().flat_map(|phone| phone.asked.clone()).collect();
        let strange = office.iter().find(|listed| !asked.contains(&listed.id));
        strange.map(|listed| format!("nobody asked for {listed:?}"))
    }
}

impl Village {
    /// What a phone and the office do not agree on of what was given with a request: a reply is at the office once where the
    /// phone says so; of a request that is open every document is there, or the phone says that it is not: the office went
    /// back to a backup, after the phone had let it go.
    fn given_differs(&self, request: &RequestView, listed: &Listed) -> Option<String> {
        let mut given = vec![(&request.backing, &listed.given)];
        for reply in &request.replies {
            let arrived: Vec<_> = listed.replies.iter().filter(|at_office| at_office.text == reply.text).collect();
            if arrived.len() != usize::from(reply.state == RequestState::Received) {
                return Some(format!("{reply:?} is at the office {} times", arrived.len()));
            }
            given.extend(arrived.iter().map(|at_office| (&reply.backing, &at_office.given)));
        }
        if listed.replies.len() >= given.len() {
            return Some(format!("nobody said all of {:?}", listed.replies));
        }
        let documents = given.iter().flat_map(|(phone, office)| phone.attachments.iter().zip(&office.attachments));
        let mut differing = documents.filter(|(shown, named)| {
            let is_told = shown.whole || (shown.refused && self.restored);
            shown.size != named.attachment.size() || shown.whole != named.is_whole || !is_told
        });
        differing.next().filter(|_| listed.state.is_open()).map(|differing| format!("{differing:?}"))
    }
}

impl Default for Village {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Village {
    fn drop(&mut self) {
        if let Some(office) = self.office.take() {
            drop(self.runtime.block_on(office.close()));
        }
    }
}
