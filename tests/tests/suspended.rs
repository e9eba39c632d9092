//! An app that is put to sleep in the middle of a sync: the store is let go of at once, the sync ends and says so, and what it
//! had stored is not fetched again.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use std::sync::Arc;
use std::time::Duration;

use anggota::client::Client;
use anggota::protocol::problem::Code;
use anggota_tests::{Office, Phone, Proxy, Scratch, Stopwatch, generated, members};

const COOPERATIVE: &str = "contoh";
const ENTRIES: u64 = 60_000;
/// Before each 4 KiB towards the phone: a first sync takes some seconds.
const PAUSE: Duration = Duration::from_millis(8);
/// How long iOS would let an app take, with much to spare on a busy machine.
const AT_ONCE: Duration = Duration::from_secs(2);

#[test]
fn a_sync_that_is_suspended_ends_at_once_and_goes_on_after_the_resume() {
    let scratch = Scratch::new("suspended");
    let (books, office) = (scratch.join("books"), Office::new(&scratch, "office"));
    generated(3, ENTRIES, 4, 2, &books);
    office.import(&books);
    let (serving, member) = (office.serve(), members(&books).remove(0));
    let proxy = Proxy::to(serving.address);
    let phone = Phone::new(&scratch, "phone");
    phone.enrol(&proxy.of(COOPERATIVE), &member, &office.activate(&member));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let client = Arc::new(phone.client(COOPERATIVE, &member).unwrap());
    proxy.slow_down(PAUSE);
    let sleeps = runtime.block_on(until_synced(&client, &phone, &proxy));
    assert!(sleeps > 1, "suspended {sleeps} times");
    assert_eq!(runtime.block_on(client.sync()).unwrap().entries_received, 0);
    runtime.block_on(client.shut_down()).unwrap();
    assert_eq!(phone.verify()["ok"], true);
}

/// Suspends and resumes again and again while a sync runs, until one came through. How often it did not.
async fn until_synced(client: &Arc<Client>, phone: &Phone, proxy: &Proxy) -> u32 {
    let (mut sleeps, mut received) = (0, 0);
    for nap in 1_u64.. {
        let syncing = tokio::spawn({
            let client = client.clone();
            async move { client.sync().await }
        });
        tokio::time::sleep(Duration::from_millis(400 * nap)).await;
        let watch = Stopwatch::start();
        client.suspend().await.unwrap();
        assert!(watch.elapsed() < AT_ONCE, "{:?}", watch.elapsed());
        // Whoever wants the store has it now.
        assert_ne!(phone.script(&["balance"]).status, 4, "the store is still in use");
        assert_eq!(client.balances().unwrap_err().code(), Code::Closed);
        // Now and then it wakes before the sync has noticed anything.
        if nap % 2 == 0 {
            client.resume().await.unwrap();
        }
        let ended = syncing.await.unwrap();
        client.resume().await.unwrap();
        if sleeps == 3 {
            proxy.slow_down(Duration::ZERO);
        }
        match ended {
            Ok(report) if report.complete => {
                received += report.entries_received;
                break;
            }
            Ok(report) => panic!("{report:?}"),
            Err(fault) => assert_eq!(fault.code(), Code::Closed, "{fault:?}"),
        }
        sleeps += 1;
    }
    assert!(received < ENTRIES, "{received} came with the last: nothing of the others was kept");
    sleeps
}
