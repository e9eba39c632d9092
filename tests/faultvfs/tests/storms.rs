//! SQLite's own method on the phone's store: the first write, fsync, read or allocation fails, then the second, and so on
//! until a run is clean; once, and from then on. And the power goes at each of them. Afterwards the store opens, is sound,
//! holds what was promised and converges within two syncs.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use std::collections::BTreeMap;
use std::path::PathBuf;

use anggota::client::{Client, RequestView, profiles};
use anggota::domain::{Money, OperationId, ProductCode, Purpose, RequestState};
use anggota::error::Error;
use anggota::protocol::problem::Code;
use anggota_faultvfs::{Fault, Plan, Storm, Survivors};
use anggota_tests::village::{COOPERATIVE, MEMBER, Village, first_account};
use anggota_tests::{Activation, Passbook, Phone, lines_of, passbooks};
use tokio::runtime::Runtime;

/// More than any run needs.
const MOST: u64 = 100_000;

/// Allocations are many: of so many one fails. Prime, so that every place comes up sooner or later as the code changes.
const ALLOCATIONS: usize = 29;
/// When this is in the environment every single one fails in its turn, which takes minutes.
const EVERY_ALLOCATION: &str = "ANGGOTA_EVERY_ALLOCATION";

/// A village whose phone has something to fetch and something to send.
struct World {
    storm: Storm,
    village: Village,
    runtime: Runtime,
    expected: BTreeMap<String, Passbook>,
    waiting: String,
}

/// What a run did.
#[derive(Debug, Default)]
struct Day {
    is_open: bool,
    /// What the member was told is saved.
    told: Vec<OperationId>,
    /// What the member was told is taken back.
    taken_back: Vec<OperationId>,
    faults: Vec<Error>,
}

impl Day {
    fn note<T>(&mut self, done: Result<T, Error>) -> Option<T> {
        done.map_err(|fault| self.faults.push(fault)).ok()
    }
}

impl World {
    fn new(name: &str) -> Self {
        let storm = Storm::prepare();
        let village = Village::synced(name, 240, 2, 1);
        village.deposit(&first_account(&village.phone), "12500");
        let waiting = village.phone.ask("5000000");
        let expected = passbooks(&village.books, |member| member == MEMBER);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        Self { storm, village, runtime, expected, waiting }
    }

    /// Syncs, asks for a loan and takes the request back, on a phone to which something may happen.
    fn day(&self, phone: &Phone) -> Day {
        self.day_with(phone, true)
    }

    fn day_with(&self, phone: &Phone, is_online: bool) -> Day {
        let mut day = Day::default();
        let Some(client) = day.note(phone.client(COOPERATIVE, MEMBER)) else { return day };
        day.is_open = true;
        if is_online {
            day.note(self.runtime.block_on(client.sync()));
        }
        day.note(client.balances().map(|_| ()));
        let product = (ProductCode::new("PF").unwrap(), Money::from_sen(500_000_000).unwrap());
        let asked = client.request_loan(product.0, product.1, 12, Purpose::new("modal usaha").unwrap());
        if let Some(RequestView { request_id, .. }) = day.note(self.runtime.block_on(asked)) {
            day.told.push(request_id);
            let cancelled = day.note(self.runtime.block_on(client.cancel_request(&request_id)));
            day.taken_back.extend(cancelled.map(|request| request.request_id));
        }
        day.note(self.runtime.block_on(client.shut_down()));
        day
    }

    /// Everything that was promised is there, and two syncs are enough.
    fn check(&self, phone: &Phone, day: &Day) {
        let client = phone.client(COOPERATIVE, MEMBER).unwrap();
        let said: String =
            phone.open_store(COOPERATIVE, MEMBER).query_row("PRAGMA quick_check", [], |row| row.get(0)).unwrap();
        assert_eq!(said, "ok");
        let requests = client.requests().unwrap();
        let state = |id: &OperationId| requests.iter().find(|view| view.request_id == *id).map(|view| view.state);
        assert!(day.told.iter().all(|id| state(id).is_some()), "{requests:?}");
        // It was never sent: what the member was told of it was done.
        assert!(day.taken_back.iter().all(|id| state(id) == Some(RequestState::Cancelled)), "{requests:?}");
        // Only the one that waited before goes out: the copies of this phone would otherwise flood the office.
        for request in requests.iter().filter(|request| request.request_id.to_string() != self.waiting) {
            let after = self.runtime.block_on(client.cancel_request(&request.request_id)).unwrap();
            assert_eq!(after.state, RequestState::Cancelled);
        }
        self.check_books(&client);
        for request in client.requests().unwrap() {
            let is_waiting = request.request_id.to_string() == self.waiting;
            let state = if is_waiting { RequestState::Received } else { RequestState::Cancelled };
            assert_eq!(request.state, state, "{request:?}");
        }
        self.runtime.block_on(client.shut_down()).unwrap();
    }

    fn check_books(&self, client: &Client) {
        let _first = self.runtime.block_on(client.sync());
        let second = self.runtime.block_on(client.sync()).unwrap();
        assert!(second.complete, "{second:?}");
        assert!(client.verify().unwrap().ok);
        for (number, passbook) in &self.expected {
            assert_eq!(lines_of(client, number, passbook.is_loan), passbook.lines);
        }
    }

    /// One run after the other, each failing one later, until one is clean. Says how many failed.
    fn until_clean(&self, fault: Fault, lasts: bool, survivors: Survivors, run: impl FnMut(&Phone) -> Day) -> u64 {
        self.until_clean_at(1..MOST, fault, lasts, survivors, run)
    }

    /// The same, failing at these.
    fn until_clean_at(
        &self,
        places: impl Iterator<Item = u64>,
        fault: Fault,
        lasts: bool,
        survivors: Survivors,
        mut run: impl FnMut(&Phone) -> Day,
    ) -> u64 {
        for at in places {
            let phone = self.village.phone.copied(&self.village.scratch, "stormy");
            self.storm.begin(&phone.data_dir, Plan { fault, at, lasts });
            let day = run(&phone);
            let failed = self.storm.end();
            if fault == Fault::Power {
                self.reboot(&phone, survivors);
            }
            let place = format!("{fault:?} {at}, lasting {lasts}, {survivors:?}: {day:?}");
            assert!(day.faults.iter().all(|error| is_honest(error, fault)), "{place}");
            // One read that fails is no reason to give up a store when it is opened.
            let is_given_up = !day.is_open && day.faults.iter().any(|error| error.code() == Code::StoreUnreadable);
            assert!(!is_given_up || lasts, "{place}");
            let checked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| self.check(&phone, &day)));
            assert!(checked.is_ok(), "{place}");
            std::fs::remove_dir_all(&phone.data_dir).unwrap();
            if failed == 0 {
                assert!(day.faults.is_empty() && at > 1, "{place}");
                return at - 1;
            }
        }
        panic!("no run was clean");
    }

    /// Enrols a phone whose member has the paper.
    fn enrol(&self, phone: &Phone, paper: &Activation) -> Result<Client, Error> {
        self.runtime.block_on(phone.enrol_here(&self.village.middle.of(COOPERATIVE), MEMBER, paper))
    }

    /// Enrols a phone that has its key and no store yet, while something fails, again and again; then once more.
    fn enrol_until_clean(&self, fault: Fault, lasts: bool, survivors: Survivors) -> u64 {
        // The key is made first: with it the same code may be used again.
        let (new, paper) = (Phone::new(&self.village.scratch, "new"), self.village.office.activate(MEMBER));
        drop(self.enrol(&new, &paper).unwrap());
        std::fs::remove_dir_all(new.data_dir.join(COOPERATIVE)).unwrap();
        for at in 1..MOST {
            let phone = new.copied(&self.village.scratch, "stormy");
            self.storm.begin(&phone.data_dir, Plan { fault, at, lasts });
            let enrolled = self.enrol(&phone, &paper).map(drop);
            let failed = self.storm.end();
            if fault == Fault::Power {
                self.reboot(&phone, survivors);
            }
            let place = format!("{fault:?} {at}, lasting {lasts}: {enrolled:?}");
            assert!(enrolled.as_ref().err().is_none_or(|error| is_honest(error, fault)), "{place}");
            // Whatever was enrolled before the power went or a write failed, half of it is nothing to find.
            self.check_no_half_profile(&phone, &place);
            let client = self.enrol(&phone, &paper).unwrap_or_else(|error| panic!("{place}: {error:?}"));
            self.check_books(&client);
            drop(client);
            std::fs::remove_dir_all(&phone.data_dir).unwrap();
            if failed == 0 {
                assert!(enrolled.is_ok() && at > 1, "{place}");
                return at - 1;
            }
        }
        panic!("no enrolment was clean");
    }

    /// A profile that an app finds opens as it is, and is a device of the member.
    fn check_no_half_profile(&self, phone: &Phone, place: &str) {
        for profile in profiles(&phone.data_dir).unwrap() {
            let client = Client::open(phone.options(), &profile).unwrap_or_else(|error| panic!("{place}: {error:?}"));
            let synced = self.runtime.block_on(client.sync());
            assert!(synced.as_ref().is_ok_and(|report| report.complete), "{place}: {synced:?}");
            self.runtime.block_on(client.shut_down()).unwrap();
        }
    }

    /// The disk as it is after the power went; shared memory is gone.
    fn reboot(&self, phone: &Phone, survivors: Survivors) {
        self.storm.reboot(survivors).unwrap();
        let shared = PathBuf::from(format!("{}-shm", phone.store(COOPERATIVE, MEMBER).display()));
        let _absent = std::fs::remove_file(shared);
    }

    /// The office has the one request that was sent by all these phones, once.
    fn check_office(&self) {
        let requests = self.village.office.requests();
        assert_eq!(requests.iter().map(|request| &request["request_id"]).collect::<Vec<_>>(), [&self.waiting]);
    }
}

/// What an error says is so: something about the disk or the machine, never that the store is damaged, which it is not.
fn is_honest(error: &Error, fault: Fault) -> bool {
    // SQLCipher cannot tell what it could not read from what was changed, and takes nothing from that connection any more;
    // the next one is as good as new.
    let is_unreadable = matches!(fault, Fault::Read | Fault::Power) && error.code() == Code::StoreUnreadable;
    matches!(error.code(), Code::StoreWrite | Code::StoreBusy) || is_unreadable
}

#[test]
fn a_write_that_fails_loses_nothing() {
    let world = World::new("writes");
    for lasts in [false, true] {
        let count = world.until_clean(Fault::Write, lasts, Survivors::None, |phone| world.day(phone));
        println!("{count} writes failed one after the other, lasting: {lasts}");
    }
    world.check_office();
}

#[test]
fn an_fsync_that_fails_loses_nothing() {
    let world = World::new("fsyncs");
    for lasts in [false, true] {
        let count = world.until_clean(Fault::Sync, lasts, Survivors::None, |phone| world.day(phone));
        println!("{count} fsyncs failed one after the other, lasting: {lasts}");
    }
    world.check_office();
}

#[test]
fn a_read_that_fails_loses_nothing() {
    let world = World::new("reads");
    for lasts in [false, true] {
        let count = world.until_clean(Fault::Read, lasts, Survivors::None, |phone| world.day(phone));
        println!("{count} reads failed one after the other, lasting: {lasts}");
    }
    world.check_office();
}

#[test]
fn an_allocation_that_fails_loses_nothing() {
    let first = if std::env::var_os(EVERY_ALLOCATION).is_some() { 1..=ALLOCATIONS } else { 1..=1 };
    for first in first {
        for lasts in [false, true] {
            // A world of its own: the server lets one device prove itself so often in ten minutes and no more.
            let world = World::new("allocations");
            for is_online in [false, true] {
                let run = |phone: &Phone| world.day_with(phone, is_online);
                let places = (first as u64..MOST).step_by(ALLOCATIONS);
                let count = world.until_clean_at(places, Fault::Allocation, lasts, Survivors::None, run);
                println!(
                    "of {count} allocations every {ALLOCATIONS}th from {first}, online: {is_online}, lasting: {lasts}"
                );
            }
            world.check_office();
        }
    }
}

#[test]
fn power_that_goes_loses_nothing_that_was_promised() {
    let world = World::new("power");
    for survivors in [Survivors::None, Survivors::Some(1), Survivors::Some(2)] {
        let count = world.until_clean(Fault::Power, true, survivors, |phone| world.day(phone));
        println!("the power went at each of {count} writes and fsyncs: {survivors:?}");
    }
    world.check_office();
}

#[test]
fn an_enrolment_that_fails_is_begun_again_with_the_same_code() {
    let world = World::new("enrolments");
    for fault in [Fault::Write, Fault::Sync] {
        for lasts in [false, true] {
            let count = world.enrol_until_clean(fault, lasts, Survivors::None);
            println!("{count} times {fault:?} failed one after the other while a phone enrolled, lasting: {lasts}");
        }
    }
    for survivors in [Survivors::None, Survivors::Some(1)] {
        let count = world.enrol_until_clean(Fault::Power, true, survivors);
        println!("the power went at each of {count} writes and fsyncs of an enrolment: {survivors:?}");
    }
}
