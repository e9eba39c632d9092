//! What a measured process does as a phone. Each is a process of its own that does this one thing and ends.

use anggota::client::Client;
use anggota::domain::{AccountNo, Topic};
use anggota_tests::Phone;
use tokio::runtime::{Builder, Runtime};

use crate::floor::LATEST;
use crate::probe::{Moment, commits, cpu};
use crate::world::{COOPERATIVE, Measured};

/// As many as the bindings give a client.
const THREADS: usize = 2;

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(THREADS).enable_all().build().unwrap()
}

/// A whole sync, from opening the store to closing it.
pub(crate) fn sync(phone: &Phone, member: &str) -> Measured {
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
pub(crate) fn delta(phone: &Phone, member: &str) -> Measured {
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
pub(crate) fn usable(phone: &Phone, member: &str) -> Measured {
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
pub(crate) fn open(phone: &Phone, member: &str, account: &str) -> Measured {
    let start = Moment::now();
    let client = phone.client(COOPERATIVE, member).unwrap();
    let balances = client.balances().unwrap();
    let page = client.transactions(&AccountNo::new(account).unwrap(), LATEST, None).unwrap();
    let spent = start.spent();
    assert!(balances.savings.iter().all(|account| account.complete) && page.entries.len() == LATEST as usize);
    Measured::of(spent)
}

/// Syncs again and again when there is nothing new. The processor time is this phone's, not the server's.
pub(crate) fn pulls(phone: &Phone, member: &str, count: u64) -> Measured {
    let runtime = runtime();
    let client = phone.client(COOPERATIVE, member).unwrap();
    let start = Moment::now();
    let mut bytes = 0;
    for _ in 0..count {
        let report = runtime.block_on(client.sync()).unwrap();
        assert_eq!(report.entries_received, 0);
        bytes += report.bytes_received;
    }
    Measured { bytes, ..Measured::of(start.spent()) }
}
