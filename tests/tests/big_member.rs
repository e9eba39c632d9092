//! A member with 100,000 entries: a first sync that is killed half-way goes on where it was, and what is held in the end is what
//! the books say, to an independent script too.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use std::path::Path;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::sleep;
use std::time::Duration;

use anggota_tests::{
    Office, PATIENCE, Phone, Proxy, Scratch, Stopwatch, generated, interop_script, members, passbooks, python, run,
};
use serde_json::Value;

const COOPERATIVE: &str = "contoh";
const ENTRIES: u64 = 100_000;
/// How large the store is when the phone is killed: about half of what it becomes.
const HALF_STORE: u64 = 6_000_000;
/// The most that a WAL may take while all of it comes.
const MOST_WAL: u64 = 6_000_000;
/// Before each 4 KiB towards the phone: the first sync takes some seconds, so that there is a middle of it.
const PAUSE: Duration = Duration::from_millis(4);

#[test]
fn a_first_sync_killed_half_way_goes_on_where_it_was() {
    let scratch = Scratch::new("big");
    let books = scratch.join("books");
    println!("{}", generated(1, ENTRIES, 4, 3, &books));
    let member = members(&books).remove(0);
    let office = Office::new(&scratch, "office");
    office.import(&books);
    let serving = office.serve();
    let proxy = Proxy::to(serving.address);

    let phone = Phone::new(&scratch, "phone");
    phone.enrol(&proxy.of(COOPERATIVE), &member, &office.activate(&member));
    proxy.slow_down(PAUSE);
    let sent_before = proxy.downstream();
    kill_half_way(&phone, &member);
    let sent_first = proxy.downstream() - sent_before;
    proxy.slow_down(Duration::ZERO);

    let held = rows_after_the_crash(&scratch, &phone, &member);
    assert!(held > 0 && held < ENTRIES, "killed in the middle: {held}");
    let resumed = phone.sync();
    assert_eq!(resumed["complete"], true, "{resumed}");
    let fetched = resumed["entries_received"].as_u64().unwrap();
    println!("killed with {held} entries held; {fetched} fetched afterwards");
    assert_eq!(held + fetched, ENTRIES, "nothing that was held is fetched again");

    // What a sync in one go takes: what was sent above that was sent twice.
    let other = Phone::new(&scratch, "other");
    other.enrol(&serving.of(COOPERATIVE), &member, &office.activate(&member));
    let watch = Stopwatch::start();
    let (syncing, wal) = (other.start(&["sync"]), format!("{}-wal", other.store(COOPERATIVE, &member).display()));
    let ((output, peak), most_wal) = measured(&wal, || syncing.wait_measured(PATIENCE));
    let (time, whole) = (watch.elapsed(), output.ok().document());
    assert!(most_wal > 0 && most_wal <= MOST_WAL, "a WAL of {most_wal} bytes");
    let bytes = |synced: &Value| synced["bytes_received"].as_u64().unwrap();
    let rate = u128::from(ENTRIES) * 1000 / time.as_millis().max(1);
    println!("in one go: {time:.1?}, {rate} entries a second, {} bytes, {peak} KiB at most", bytes(&whole));
    let twice = (sent_first + bytes(&resumed)).saturating_sub(bytes(&whole)) * ENTRIES / bytes(&whole);
    println!("about {twice} entries were sent twice");
    // A batch that was not committed, and what was on its way to a phone that had no time to read: megabytes, on a busy
    // machine. To fetch anew what was held would be about as many as were held.
    assert!(twice <= held / 2, "about {twice} entries were sent twice, with {held} held");

    holds_the_books(&phone, &books);
    assert_eq!(phone.verify(), other.verify(), "the same chains, however they came");
    agrees_with_the_script(&phone, &books);
}

fn kill_half_way(phone: &Phone, member: &str) {
    let store = phone.store(COOPERATIVE, member);
    let size = || ["", "-wal"].iter().map(|more| length(&format!("{}{more}", store.display()))).sum::<u64>();
    let mut syncing = phone.start(&["sync"]);
    let watch = Stopwatch::start();
    while size() < HALF_STORE {
        assert!(syncing.is_running() && watch.elapsed() < PATIENCE, "{:?}", syncing.kill());
        sleep(Duration::from_millis(2));
    }
    let output = syncing.kill();
    assert_eq!(output.status, -9, "killed before it had ended: {output:?}");
}

/// What `work` gives, and how long that file was at most meanwhile.
fn measured<T>(file: &str, work: impl FnOnce() -> T) -> (T, u64) {
    let is_over = AtomicBool::new(false);
    std::thread::scope(|threads| {
        let watcher = threads.spawn(|| {
            let mut most = 0;
            while !is_over.load(Ordering::Relaxed) {
                most = length(file).max(most);
                sleep(Duration::from_millis(1));
            }
            most
        });
        let done = work();
        is_over.store(true, Ordering::Relaxed);
        (done, watcher.join().unwrap())
    })
}

fn length(file: &str) -> u64 {
    std::fs::metadata(file).map_or(0, |data| data.len())
}

/// Counts the entries in a copy, so that the phone finds its store as the crash left it.
fn rows_after_the_crash(scratch: &Scratch, phone: &Phone, member: &str) -> u64 {
    let store = phone.copied(scratch, "copy").open_store(COOPERATIVE, member);
    let count = "SELECT (SELECT count(*) FROM savings_entry) + (SELECT count(*) FROM loan_entry)";
    store.query_row(count, [], |row| row.get(0)).unwrap()
}

fn holds_the_books(phone: &Phone, books: &Path) {
    let verified = phone.verify();
    assert_eq!(verified["ok"], true, "{verified}");
    let books = passbooks(books, |_| true);
    assert_eq!(books.len(), 7);
    for account in verified["accounts"].as_array().unwrap() {
        let number = account["account_no"].as_str().unwrap();
        let passbook = &books[number];
        assert_eq!(account["entries"], passbook.lines.len(), "{account}");
        assert_eq!(phone.lines(number, passbook.is_loan), passbook.lines, "{number}");
    }
}

/// Seq, figure and hash of every head, by a script that shares no line with the code it judges.
fn agrees_with_the_script(phone: &Phone, books: &Path) {
    let Some(python) = python("cbor2") else { return };
    let mut script = Command::new(python);
    script.arg(interop_script("passbook.py")).arg(books).arg("--json").env("PYTHONDONTWRITEBYTECODE", "1");
    let judged: Value = serde_json::from_str(&run(&mut script).ok().stdout).unwrap();
    let (verified, balance) = (phone.verify(), phone.balance());
    assert_eq!(judged.as_object().unwrap().len(), verified["accounts"].as_array().unwrap().len());
    for account in verified["accounts"].as_array().unwrap() {
        let number = account["account_no"].as_str().unwrap();
        let head = &judged[number];
        assert_eq!((&head["kind"], &head["hash"]), (&account["type"], &account["hash"]), "{number}");
        assert_eq!((&head["seq"], &head["figure"]), shown(&balance, number), "{number}");
    }
    println!("the independent script agrees with the {} heads", judged.as_object().unwrap().len());
}

/// Seq and figure of an account as the balances show them.
fn shown<'a>(balance: &'a Value, number: &str) -> (&'a Value, &'a Value) {
    let find = |list: &str, key: &str| {
        let accounts: &'a Value = &balance[list];
        accounts.as_array().unwrap().iter().find(|account| account[key] == number)
    };
    match find("savings", "account_no") {
        Some(savings) => (&savings["seq"], &savings["balance"]),
        None => find("loans", "loan_no").map(|loan| (&loan["seq"], &loan["outstanding"])).unwrap(),
    }
}
