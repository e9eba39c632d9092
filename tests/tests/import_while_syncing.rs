//! Phones that sync all the while an import runs: each sees the books as they were or as they become, whole, and never a mixture.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anggota::client::Client;
use anggota_tests::{
    BooksOptions, Office, PATIENCE, Phone, Process, Scratch, Stopwatch, first_half, generate, members, passbooks,
};

const COOPERATIVE: &str = "contoh";
/// Phones that sync without a pause.
const PHONES: usize = 3;
/// Syncs of all phones together that must fall into the import, or the test has shown nothing.
const LEAST_SYNCS: usize = 10;

/// How large the database's WAL is when an import is killed: some of its rows are written, none is committed.
const SOME_ROWS: u64 = 1_000_000;

/// How often a kill is tried.
const KILLS: u32 = 5;

/// Last seq and figure of each account and loan.
type State = BTreeMap<String, (u32, String)>;

#[test]
fn a_phone_sees_all_of_an_import_or_none_of_it() {
    let scratch = Scratch::new("import");
    let (whole, half) = (scratch.join("whole"), scratch.join("half"));
    let options =
        BooksOptions { seed: 7, entries: 100_000, accounts: 400, loans: 60, members: Some(120), ..Default::default() };
    generate(&options, &whole);
    first_half(&whole, &half);
    let office = Office::new(&scratch, "office");
    office.import(&half);
    let serving = office.serve();
    let server = serving.of(COOPERATIVE);

    let all = members(&whole);

    let mut chosen: Vec<_> =
        all.iter().filter(|no| state_in(&whole, no) != state_in(&half, no)).take(PHONES + 1).collect();
    assert_eq!(chosen.len(), PHONES + 1, "too few members whose books change");
    let late = chosen.pop().unwrap();
    let papers: HashMap<_, _> = chosen.iter().chain([&late]).map(|no| (no.as_str(), office.activate(no))).collect();

    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let ended = Arc::new(AtomicBool::new(false));
        let mut phones = Vec::new();
        for member in chosen {
            let states = [state_in(&half, member), state_in(&whole, member)];
            let phone = Phone::new(&scratch, member);
            let client = phone.enrol_here(&server, member, &papers[member.as_str()]).await.unwrap();
            let before = client.sync().await.unwrap();
            assert_eq!(state_of(&client), states[0]);
            phones.push((client, before.generation, states));
        }
        let mut importing = Process::spawn(&mut office.command(&["import", whole.to_str().unwrap()]));
        let tasks: Vec<_> = phones.into_iter().map(|phone| tokio::spawn(keep_syncing(phone, ended.clone()))).collect();

        // A phone that is enrolled meanwhile.
        let phone = Phone::new(&scratch, "late");
        let late_client = loop {
            match phone.enrol_here(&server, late, &papers[late.as_str()]).await {
                Ok(client) => break client,
                Err(fault) => assert!(fault.is_transient(), "{fault:?}"),
            }
        };
        late_client.sync().await.unwrap();
        let seen = state_of(&late_client);
        assert!(seen == state_in(&half, late) || seen == state_in(&whole, late), "a mixture: {seen:?}");

        let watch = Stopwatch::start();
        while importing.is_running() {
            assert!(watch.elapsed() < PATIENCE, "the import does not end");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        ended.store(true, Ordering::Relaxed);
        let document = importing.wait(PATIENCE).ok().document();
        assert_eq!(document["problems"], serde_json::json!([]), "{document}");
        let mut syncs = 0;
        for task in tasks {
            syncs += task.await.unwrap();
        }
        println!("{syncs} syncs of {PHONES} phones while {} entries were added", document["added"]);
        assert!(syncs >= LEAST_SYNCS, "only {syncs} syncs fell into the import");
    });
}

/// Syncs until the import has ended and once more; gives how often in the import.
async fn keep_syncing((client, before, states): (Client, u64, [State; 2]), ended: Arc<AtomicBool>) -> usize {
    let [half, whole] = &states;
    let mut syncs = 0;
    loop {
        let last = ended.load(Ordering::Relaxed);
        match client.sync().await {
            Ok(_) => syncs += usize::from(!last),
            Err(fault) => assert!(fault.is_transient() && !last, "{fault:?}"),
        }
        let seen = state_of(&client);
        assert!(seen == *half || seen == *whole, "a mixture: {seen:?}");
        if last {
            assert_eq!(seen, *whole, "after the import");
            break;
        }
    }
    assert_eq!(client.sync().await.unwrap().generation, before + 1, "one import, one checkpoint");
    assert!(client.verify().unwrap().ok);
    syncs
}

fn state_of(client: &Client) -> State {
    let shown = client.balances().unwrap();
    assert!(shown.warnings.is_empty());
    let savings = shown.savings.iter().map(|a| (a.account_no.to_string(), a.balance, a.seq, a.verified && a.complete));
    let loans = shown.loans.iter().map(|l| (l.loan_no.to_string(), l.outstanding, l.seq, l.verified && l.complete));
    let proven = |(number, figure, seq, proven): (String, anggota::domain::Money, u32, bool)| {
        assert!(proven, "{number} is not proven");
        (number, (seq, figure.to_string()))
    };
    savings.chain(loans).map(proven).collect()
}

fn state_in(books: &Path, member: &str) -> State {
    let passbooks = passbooks(books, |no| no == member).into_iter();
    passbooks.map(|(number, passbook)| (number, (passbook.lines.len() as u32, passbook.figure()))).collect()
}

/// Killed in the middle, an import has not happened: the first one, of which nothing but the keys may be left, and a later one.
#[test]
fn a_killed_import_leaves_nothing_and_can_be_done_again() {
    let scratch = Scratch::new("killed");
    let (whole, half) = (scratch.join("whole"), scratch.join("half"));
    let options = BooksOptions { seed: 9, entries: 100_000, accounts: 40, members: Some(10), ..Default::default() };
    generate(&options, &whole);
    first_half(&whole, &half);
    // On a busy machine a kill may come when the import has just ended: then it has shown nothing.
    let has_shown = (0..KILLS).any(|attempt| is_killed_and_done_again(&scratch, attempt, &options));
    assert!(has_shown, "each of {KILLS} kills came after the end");
}

fn is_killed_and_done_again(scratch: &Scratch, attempt: u32, options: &BooksOptions) -> bool {
    let (whole, half) = (scratch.join("whole"), scratch.join("half"));
    let office = Office::new(scratch, &format!("office-{attempt}"));
    if !is_killed_half_way(&office, &half) {
        return false;
    }
    assert_eq!(office.run(&["device", "list"]).status, 1, "there is no cooperative yet");
    let first = office.import(&half);

    let serving = office.serve();
    let member = members(&half).remove(0);
    let phone = Phone::new(scratch, &format!("phone-{attempt}"));
    phone.enrol(&serving.of(COOPERATIVE), &member, &office.activate(&member));
    let before = phone.sync();
    if !is_killed_half_way(&office, &whole) {
        return false;
    }
    let after = phone.sync();
    assert_eq!((&after["generation"], &after["entries_received"]), (&before["generation"], &0.into()));

    let second = office.import(&whole);
    let added = |document: &serde_json::Value| document["added"].as_u64().unwrap();
    assert_eq!(added(&first) + added(&second), options.entries, "all of both, once");
    assert_eq!(added(&office.import(&whole)), 0, "the same folder again adds nothing");
    phone.sync();
    assert_eq!(state_of(&phone.client(COOPERATIVE, &member).unwrap()), state_in(&whole, &member));
    assert_eq!(phone.verify()["ok"], true);
    true
}

/// Kills an import when it has written some of its rows, and says whether it had not ended. It is all there or not at all.
fn is_killed_half_way(office: &Office, books: &Path) -> bool {
    let rows_before = rows(office);
    let wal = office.database().with_extension("db-wal");
    let length = || std::fs::metadata(&wal).map_or(0, |data| data.len());
    let before = length();
    let mut importing = Process::spawn(&mut office.command(&["import", books.to_str().unwrap()]));
    let watch = Stopwatch::start();
    while length() < before + SOME_ROWS && importing.is_running() {
        assert!(watch.elapsed() < PATIENCE, "{:?}", importing.kill());
        std::thread::sleep(Duration::from_millis(1));
    }
    let output = importing.kill();
    assert!(output.status == -9 || output.status == 0, "{output:?}");
    let whole: u64 = passbooks(books, |_| true).values().map(|book| book.lines.len() as u64).sum();
    let after = rows(office);
    assert!(after == rows_before || after == whole, "some of an import: {after} of {whole} rows, {rows_before} before");
    after == rows_before
}

/// The entries of both kinds in the office's database.
fn rows(office: &Office) -> u64 {
    let there = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
    let Ok(database) = rusqlite::Connection::open_with_flags(office.database(), there) else { return 0 };
    let count = "SELECT (SELECT count(*) FROM savings_entry) + (SELECT count(*) FROM loan_entry)";
    database.query_row(count, [], |row| row.get(0)).unwrap_or(0)
}
