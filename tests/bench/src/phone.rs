//! What a measured process does as a phone. Each is a process of its own that does this one thing and ends.

use anggota::client::Client;
use anggota::domain::{AccountNo, Topic};
use anggota_tests::Phone;
use tokio::runtime::{Builder, Runtime};

use crate::floor::{self, LATEST, Rows};
use crate::probe::{Moment, commits, cpu};
use crate::world::{COOPERATIVE, Measured};

/// Does what the command line says: a task, the phone's data folder, its member, and what the task needs.
pub fn run() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [task, data_dir, member, more @ ..] = arguments.as_slice() else { panic!("a task, a folder and a member") };
    let phone = Phone::at(data_dir.as_ref());
    let measured = match (task.as_str(), more) {
        ("sync", []) => sync(&phone, member),
        ("delta", []) => delta(&phone, member),
        ("usable", []) => {
            usable(&phone, member).print();
            // The sync is still under way.
            std::process::exit(0);
        }
        ("open", [account]) => open(&phone, member, account),
        ("open-plain", [plain, account]) => floor::open_plain(plain.as_ref(), account),
        ("floor", [full]) => {
            let rows = Rows::of(&Phone::at(full.as_ref()), member);
            Measured::of(floor::insert(&rows, &phone, member))
        }
        _ => panic!("no such task: {arguments:?}"),
    };
    measured.print();
}

/// As many as the bindings give a client.
const THREADS: usize = 2;

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(THREADS).enable_all().build().unwrap()
}

/// A whole sync, from opening the store to closing it.
fn sync(phone: &Phone, member: &str) -> Measured {
    let start = Moment::now();
    let runtime = runtime();
    let client = phone.client(COOPERATIVE, member).unwrap();
    let report = runtime.block_on(client.sync()).unwrap();
    assert!(report.complete, "{report:?}");
    runtime.block_on(client.shut_down()).unwrap();
    let spent = start.spent();
    Measured { bytes: report.bytes_received, ..Measured::of(spent) }
}

/// A sync of little, the process's start included, and how many transactions it took.
fn delta(phone: &Phone, member: &str) -> Measured {
    let start = Moment::now();
    let runtime = runtime();
    let client = phone.client(COOPERATIVE, member).unwrap();
    let report = runtime.block_on(client.sync()).unwrap();
    let (cpu, (_, wall)) = (cpu(), start.spent());
    assert!(report.complete, "{report:?}");
    // The phone's WAL is empty when the process begins.
    let mut wal = phone.store(COOPERATIVE, member).into_os_string();
    wal.push("-wal");
    let commits = commits(wal.as_ref()) as u64;
    runtime.block_on(client.shut_down()).unwrap();
    Measured { bytes: report.entries_received, commits, ..Measured::of((cpu, wall)) }
}

/// From the process's start until the balances of a first sync can be shown; then it breaks off.
fn usable(phone: &Phone, member: &str) -> Measured {
    let start = Moment::now();
    let runtime = runtime();
    let client: &'static Client = Box::leak(Box::new(phone.client(COOPERATIVE, member).unwrap()));
    let spent = runtime.block_on(async {
        let mut changes = client.subscribe();
        let _under_way = tokio::spawn(client.sync());
        while changes.next().await != Some(Topic::Balances) {}
        let shown = client.balances().unwrap();
        let (_, wall) = start.spent();
        assert!(!shown.savings.is_empty() && shown.savings.iter().all(|account| account.verified));
        (cpu(), wall)
    });
    Measured::of(spent)
}

/// Opens the app: balances and the latest entries of one account.
fn open(phone: &Phone, member: &str, account: &str) -> Measured {
    let start = Moment::now();
    let client = phone.client(COOPERATIVE, member).unwrap();
    let balances = client.balances().unwrap();
    let page = client.transactions(&AccountNo::new(account).unwrap(), LATEST, None).unwrap();
    let spent = start.spent();
    assert!(balances.savings.iter().all(|account| account.complete) && page.entries.len() == LATEST as usize);
    Measured::of(spent)
}
