//! What must hold after every death: the store opens and is sound, two syncs bring it in step, nothing that was promised is
//! lost, nothing happened twice. A check that fails panics with what it saw.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anggota::client::{Client, RequestView};
use anggota::domain::RequestState;
use anggota::protocol::sha256;
use anggota_tests::{Phone, lines_of};
use data_encoding::HEXLOWER;
use rusqlite::{Connection, OpenFlags};

use crate::world::{COOPERATIVE, EVERYDAY, World};

/// The most syncs that a store may need.
const SYNCS: usize = 2;

impl World {
    /// The phone opens, is sound, and converges.
    pub(crate) fn check_phone(&self, phone: &Phone, member: &str) {
        let client =
            phone.client(COOPERATIVE, member).unwrap_or_else(|fault| panic!("the store does not open: {fault:?}"));
        check_sound(&phone.open_store(COOPERATIVE, member));
        let mut faults = Vec::new();
        for _ in 0..SYNCS {
            match self.runtime.block_on(client.sync()) {
                Ok(report) if report.complete => {}
                other => faults.push(format!("{other:?}")),
            }
            // One that brings everything is enough.
            if faults.is_empty() && self.is_settled(&client) {
                break;
            }
        }
        self.runtime.block_on(client.upload()).unwrap_or_else(|fault| panic!("documents do not arrive: {fault:?}"));
        let verified = client.verify().unwrap();
        let bad = verified.accounts.iter().find(|account| !account.ok);
        assert!(
            verified.ok,
            "the entries held do not chain from {:?}: {faults:?}",
            bad.and_then(|bad| bad.first_bad_seq)
        );
        for (number, passbook) in self.expected(member) {
            let held = lines_of(&client, &number, passbook.is_loan);
            assert!(held == passbook.lines, "{number}: {} lines of {}", held.len(), passbook.lines.len());
        }
        if member == EVERYDAY {
            self.check_requests(phone, &client);
        }
        let more = self.runtime.block_on(client.sync());
        assert!(more.is_ok_and(|more| more.complete && more.entries_received == 0), "not in step: {faults:?}");
        self.runtime.block_on(client.shut_down()).unwrap();
    }

    fn is_settled(&self, client: &Client) -> bool {
        let is_settled = |request: &RequestView| {
            let is_taken_back = self.taken_back.contains(&request.request_id.to_string());
            if is_taken_back { request.state == RequestState::Cancelled } else { is_answered(request.state) }
        };
        client.requests().unwrap().iter().all(is_settled)
    }

    /// Every request whose member was told "saved" is on the phone and, unless taken back before it was sent, at the office
    /// exactly once, in the same state; one whose member was told "taken back" is so on both sides; the office has none that
    /// the phone has not.
    fn check_requests(&self, phone: &Phone, client: &Client) {
        let on_phone: BTreeMap<String, RequestState> =
            client.requests().unwrap().into_iter().map(|view| (view.request_id.to_string(), view.state)).collect();
        for id in &self.acknowledged {
            assert!(on_phone.contains_key(id), "the phone lost the request {id}");
        }
        for id in &self.taken_back {
            // Nobody at the office answers between the cancel and the two syncs.
            assert_eq!(on_phone.get(id), Some(&RequestState::Cancelled), "{id} was taken back");
        }
        let store = phone.open_store(COOPERATIVE, EVERYDAY);
        // State 6 without an attempt: taken back before it was sent.
        let sent = ids(&store, "SELECT operation FROM outbox WHERE NOT (state = 6 AND attempts = 0)");
        let office = self.open_database();
        let arrived = ids(&office, "SELECT operation FROM operation");
        assert_eq!(
            arrived.iter().collect::<BTreeSet<_>>(),
            sent.iter().collect(),
            "operations at the office and on the phone"
        );
        assert_eq!(arrived.len(), arrived.iter().collect::<BTreeSet<_>>().len(), "an operation twice");
        let mut select = office.prepare("SELECT request, state FROM loan_request").unwrap();
        let rows = select.query_map([], |row| Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, u8>(1)?))).unwrap();
        let at_office: BTreeMap<String, RequestState> = rows
            .map(Result::unwrap)
            .map(|(id, state)| (dashed(&id), RequestState::from_number(state).unwrap()))
            .collect();
        for (id, state) in &on_phone {
            assert!(is_answered(*state), "the request {id} is still {state:?}");
            match at_office.get(id) {
                Some(there) => assert_eq!(state, there, "the request {id}"),
                None => assert!(matches!(state, RequestState::Cancelled | RequestState::Rejected), "{id} is nowhere"),
            }
        }
        let is_open_there = |id: &&String| at_office.get(*id).is_some_and(|state| *state != RequestState::Cancelled);
        assert_eq!(self.taken_back.iter().find(is_open_there), None, "taken back, and the office does not know");
        assert!(at_office.keys().all(|id| on_phone.contains_key(id)), "the office has a request that nobody made");
        self.check_documents(client);
    }

    /// Of a request that waits every document is at the office, byte for byte, and the phone knows.
    fn check_documents(&self, client: &Client) {
        let office = self.open_database();
        let mut select = office
            .prepare(
                "SELECT p.bytes FROM attachment a JOIN attachment_part p
                   ON p.cooperative = a.cooperative AND p.operation = a.operation AND p.hash = a.hash
                 WHERE a.whole_at IS NOT NULL AND a.hash = ?1 ORDER BY p.offset",
            )
            .unwrap();
        for request in client.requests().unwrap().iter().filter(|request| request.state.is_open()) {
            for document in &request.backing.attachments {
                assert!(document.whole, "a document of {} is not at the office: {document:?}", request.request_id);
                let hash = HEXLOWER.decode(document.hash.as_bytes()).unwrap();
                let parts = select.query_map([&hash], |row| row.get::<_, Vec<u8>>(0)).unwrap();
                let bytes: Vec<u8> = parts.flat_map(Result::unwrap).collect();
                assert_eq!(sha256(&bytes)[..], hash[..], "the office has other bytes of {}", request.request_id);
            }
        }
    }

    /// The everyday phone keeps as evidence every entry that it saw and the newest epoch lacks.
    pub(crate) fn check_evidence(&self, lost: u64) {
        let store = self.everyday.open_store(COOPERATIVE, EVERYDAY);
        let kept =
            "SELECT count(*) FROM evidence v JOIN savings_entry e ON e.account = v.old_account AND e.seq >= v.first_seq
             WHERE v.epoch = (SELECT epoch FROM checkpoint)";
        let kept: u64 = store.query_row(kept, [], |row| row.get(0)).unwrap();
        assert_eq!(kept, lost, "entries that were seen and are gone");
    }

    /// The office's database opens and is sound.
    pub(crate) fn check_office(&self) {
        check_sound(&self.open_database());
    }

    fn open_database(&self) -> Connection {
        Connection::open_with_flags(self.database(), OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap()
    }
}

/// SQLite and SQLCipher find nothing wrong.
pub(crate) fn check_sound(database: &Connection) {
    let said: String = database.query_row("PRAGMA quick_check", [], |row| row.get(0)).unwrap();
    assert_eq!(said, "ok", "quick_check");
}

/// The office that begins at `folder` is sound.
pub(crate) fn check_beginning(folder: &Path) {
    let file = folder.join("anggota.db");
    // Killed before anything was written there is no database yet, or an empty one.
    if file.is_file() {
        check_sound(&Connection::open(file).unwrap());
    }
}

fn is_answered(state: RequestState) -> bool {
    !matches!(state, RequestState::Queued | RequestState::Sending | RequestState::Stuck)
}

fn ids(database: &Connection, select: &str) -> Vec<String> {
    let mut select = database.prepare(select).unwrap();
    let rows = select.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    rows.map(|row| dashed(&row.unwrap())).collect()
}

/// An id as it is printed.
fn dashed(id: &[u8]) -> String {
    let hex = data_encoding::HEXLOWER.encode(id);
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
