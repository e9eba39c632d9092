//! The books of a real bank: imported, and every loan owner's phone shows them to the last line.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anggota_tests::{
    Activation, Office, Passbook, Phone, Process, Random, Scratch, Stopwatch, lines_of, members, passbooks, pkdd99,
};
use serde_json::Value;
use tokio::sync::Semaphore;

const COOPERATIVE: &str = "handayani";
/// All who owe anything.
const LOAN_OWNERS: usize = 682;
/// Members without a loan who are looked at too.
const OTHERS: usize = 50;
/// Members whose phone is the program; the others' is the core's client in this process.
const BY_PROGRAM: usize = 5;
/// Phones at once.
const AT_ONCE: usize = 16;
/// What an import may take: the goal, and how many times that is a failure on any machine.
const IMPORT_TIME: Duration = Duration::from_secs(60);
const IMPORT_KIB: u64 = 200 * 1024;
const FAILURE: u32 = 3;

type Passbooks = BTreeMap<String, Passbook>;

#[test]
fn every_balance_and_every_entry_of_a_real_bank_reaches_the_phones() {
    let scratch = Scratch::new("real");
    let books = scratch.join("books");
    if !pkdd99(&books) {
        return;
    }
    let office = Office::new(&scratch, "office");
    import(&office, &books);

    let expected: Value = serde_json::from_slice(&std::fs::read(books.join("expected.json")).unwrap()).unwrap();
    let members = choose(&expected, &books);
    let chosen: BTreeSet<&str> = members.iter().map(String::as_str).collect();
    let all = passbooks(&books, |member| chosen.contains(member));
    agree_with_expected(&all, &expected);
    let mut of_member: BTreeMap<String, Passbooks> = members.iter().map(|no| (no.clone(), Passbooks::new())).collect();
    for (number, passbook) in all {
        of_member.get_mut(&passbook.member_no).unwrap().insert(number, passbook);
    }

    let serving = office.serve();
    let watch = Stopwatch::start();
    let papers: Vec<_> = members.iter().map(|member| office.activate(member)).collect();
    println!("{} activation codes in {:.1?}", papers.len(), watch.elapsed());

    let server = serving.of(COOPERATIVE);
    let mut work: Vec<_> = members.into_iter().zip(papers).collect();
    for (member, paper) in work.drain(..BY_PROGRAM) {
        let phone = Phone::new(&scratch, &format!("program-{member}"));
        phone.enrol(&server, &member, &paper);
        through_the_program(&phone, &of_member[&member]);
    }
    let work = work.into_iter().map(|(member, paper)| {
        let passbooks = of_member.remove(&member).unwrap();
        (Phone::new(&scratch, &format!("phone-{member}")), member, paper, passbooks)
    });
    through_the_core(&server, work.collect());
}

/// Imports and measures.
fn import(office: &Office, books: &Path) {
    let watch = Stopwatch::start();
    let importing = Process::spawn(&mut office.command(&["import", books.to_str().unwrap()]));
    let (output, peak) = importing.wait_measured(IMPORT_TIME * FAILURE);
    let time = watch.elapsed();
    println!("import: {time:.1?} (goal {IMPORT_TIME:?}), {peak} KiB at most (goal {IMPORT_KIB} KiB)");
    assert!(peak <= IMPORT_KIB * u64::from(FAILURE), "{peak} KiB");
    let document = output.ok().document();
    assert_eq!(document["problems"], serde_json::json!([]), "{document}");
    let count = |field: &str| document[field].as_u64().unwrap_or_else(|| panic!("{field}: {document}"));
    assert_eq!(
        ["members", "accounts", "entries", "loans"].map(count),
        [5_369, 4_500, 445_735, 682],
        "the rows of the folder: {document}"
    );
    assert_eq!(count("added"), count("entries") + count("loan_entries"));
}

/// Every loan owner, then some others, in an order that the printed seed decides.
fn choose(expected: &Value, books: &Path) -> Vec<String> {
    let seed = match std::env::var("ANGGOTA_SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => RandomState::new().build_hasher().finish(),
    };
    println!("seed {seed} (to repeat it: ANGGOTA_SEED={seed})");
    let mut owners: BTreeSet<String> = BTreeSet::new();
    for loan in expected["loans"].as_object().unwrap().values() {
        owners.insert(loan["member_no"].as_str().unwrap().to_owned());
    }
    assert_eq!(owners.len(), LOAN_OWNERS);
    let mut others: Vec<_> = members(books).into_iter().filter(|member| !owners.contains(member)).collect();
    let (mut random, mut chosen) = (Random::new(seed), Vec::from_iter(owners));
    random.shuffle(&mut chosen);
    random.shuffle(&mut others);
    chosen.extend(others.into_iter().take(OTHERS));
    assert_eq!(chosen.len(), LOAN_OWNERS + OTHERS);
    chosen
}

/// The CSV as reckoned here must say what the source of the books says.
fn agree_with_expected(all: &Passbooks, expected: &Value) {
    for (number, passbook) in all {
        let (table, figure) = if passbook.is_loan { ("loans", "outstanding") } else { ("savings", "balance") };
        let head = &expected[table][number];
        assert_eq!(head["member_no"], passbook.member_no.as_str(), "{number}");
        assert_eq!(head["seq"], passbook.lines.len(), "{number}");
        assert_eq!(passbook.figure(), format!("{}.00", head[figure]), "{number}");
    }
}

/// The whole of a member's books by the program's own words.
fn through_the_program(phone: &Phone, books: &Passbooks) {
    let synced = phone.sync();
    assert_eq!(synced["complete"], true, "{synced}");
    assert_eq!(synced["entries_received"], entries(books), "{synced}");
    let shown = phone.balance();
    let mut numbers = BTreeSet::new();
    for (list, number, figure) in [("savings", "account_no", "balance"), ("loans", "loan_no", "outstanding")] {
        for account in shown[list].as_array().unwrap() {
            let passbook = &books[account[number].as_str().unwrap()];
            assert_eq!(account[figure], passbook.figure().as_str(), "{account}");
            assert_eq!(account["seq"], passbook.lines.len(), "{account}");
            assert_eq!((&account["verified"], &account["complete"]), (&true.into(), &true.into()), "{account}");
            numbers.insert(account[number].as_str().unwrap().to_owned());
        }
    }
    assert_eq!(numbers, books.keys().cloned().collect());
    assert_eq!(phone.verify()["ok"], true);
    for (number, passbook) in books {
        assert_eq!(phone.lines(number, passbook.is_loan), passbook.lines, "{number}");
    }
}

type Work = Vec<(Phone, String, Activation, Passbooks)>;

fn through_the_core(server: &str, work: Work) {
    let (phones, all) = (work.len(), work.iter().map(|(.., books)| entries(books)).sum::<usize>());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let watch = Stopwatch::start();
    let syncing: Duration = runtime.block_on(async {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let tasks: Vec<_> = work
            .into_iter()
            .map(|(phone, member, paper, books)| {
                let (server, places) = (server.to_owned(), places.clone());
                tokio::spawn(async move {
                    let _place = places.acquire_owned().await.unwrap();
                    one_phone(&phone, server, &member, &paper, books).await
                })
            })
            .collect();
        let mut syncing = Duration::ZERO;
        for task in tasks {
            syncing += task.await.unwrap();
        }
        syncing
    });
    let (time, rate) = (watch.elapsed(), |time: Duration| all as u128 * 1000 / time.as_millis().max(1));
    println!("{phones} phones enrolled, synced and were compared in {time:.1?}, {AT_ONCE} at once");
    println!("{all} entries, {} a second over all, {} a second of each phone's sync", rate(time), rate(syncing));
}

/// Enrols, syncs and compares everything; gives the time of the sync.
async fn one_phone(phone: &Phone, server: String, member: &str, paper: &Activation, books: Passbooks) -> Duration {
    let client = phone.enrol_here(&server, member, paper).await.unwrap();
    let watch = Stopwatch::start();
    let synced = client.sync().await.unwrap();
    let time = watch.elapsed();
    assert!(synced.complete, "{synced:?}");
    assert_eq!(synced.entries_received, entries(&books) as u64);
    let shown = client.balances().unwrap();
    let savings = shown.savings.iter().map(|a| (a.account_no.to_string(), a.balance, a.seq, a.verified && a.complete));
    let loans = shown.loans.iter().map(|l| (l.loan_no.to_string(), l.outstanding, l.seq, l.verified && l.complete));
    let shown: BTreeMap<_, _> =
        savings.chain(loans).map(|(no, figure, seq, proven)| (no, (figure.to_string(), seq, proven))).collect();
    let in_books = books.iter().map(|(no, book)| (no.clone(), (book.figure(), book.lines.len() as u32, true)));
    assert_eq!(shown, in_books.collect());
    for (number, passbook) in &books {
        assert_eq!(lines_of(&client, number, passbook.is_loan), passbook.lines, "{number}");
    }
    assert!(client.verify().unwrap().ok);
    client.shut_down().await.unwrap();
    time
}

fn entries(books: &Passbooks) -> usize {
    books.values().map(|passbook| passbook.lines.len()).sum()
}
