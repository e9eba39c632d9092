//! Pulls: what is sent, in which order, and that pages fill exactly what the phone lacks.
#![allow(clippy::unwrap_used, reason = "what a test cannot set up fails it")]

mod support;

use std::collections::BTreeMap;
use std::io::Read;

use anggota::domain::{AccountKey, AccountNo, LedgerKind, MemberStatus};
use anggota::protocol::chain::{Chain, Entries, Link, START, walk};
use anggota::protocol::frame::{Frame, MAX_PAGE_ENTRIES, NEWEST, Page, Splitter};
use anggota::protocol::problem::Code;
use anggota::protocol::pull::{PullRequest, Range};
use anggota::protocol::{Hash, STREAM, sha256};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use support::phone::{Phone, Pulled, fresh, nothing_held};
use support::{Bench, FIRST};

fn key(kind: LedgerKind, account: &str) -> AccountKey {
    AccountKey { kind, account: AccountNo::new(account).unwrap() }
}

fn savings(account: &str) -> AccountKey {
    key(LedgerKind::Savings, account)
}

fn first_seq(page: &Page) -> u32 {
    page.first
}

fn last_seq(page: &Page) -> u32 {
    page.first + page.entries.len() as u32 - 1
}

/// The hashes of a page's entries, from its start hash, with every rule of the ledger held.
fn hashes(phone: &Phone, page: &Page) -> BTreeMap<u32, Hash> {
    let mut chain = Chain::new(&phone.cooperative, &page.key);
    let mut hashes = BTreeMap::from([(page.first - 1, page.start)]);
    let mut watch = |link: &Link| {
        hashes.insert(link.seq, link.hash);
        true
    };
    match &page.entries {
        Entries::Savings(entries) => {
            walk(&mut chain, Link::before(&entries[0], page.start).unwrap(), entries, &mut watch)
        }
        Entries::Loan(entries) => walk(&mut chain, Link::before(&entries[0], page.start).unwrap(), entries, &mut watch),
    }
    .unwrap();
    hashes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_pull_brings_everything_proven_and_the_newest_first() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let request = nothing_held();
    let pulled = phone.pull(&bench, &request).await.unwrap();
    let checkpoint = pulled.verified(&bench, FIRST, &request);
    assert_eq!((checkpoint.epoch, checkpoint.generation, checkpoint.member.as_str()), (1, 1, "A001"));
    let heads = pulled.heads();
    assert_eq!(heads.len(), 3);
    // SS-1 has 120 entries, SS-2 none, PB-3 has 7.
    let places: Vec<_> =
        pulled.pages.iter().map(|page| (page.key.account.as_str(), first_seq(page), last_seq(page))).collect();
    assert_eq!(places, [("SS-1", 71, 120), ("PB-3", 1, 7), ("SS-1", 1, 70)]);
    for page in &pulled.pages {
        let ends_at = hashes(&phone, page)[&last_seq(page)];
        let above = pulled.pages.iter().find(|other| other.key == page.key && other.first == last_seq(page) + 1);
        assert_eq!(ends_at, above.map_or(heads[&page.key].hash(), |above| above.start));
    }
    assert_eq!(pulled.pages[2].start, START);
    let register = pulled.register();
    assert_eq!((register.member.as_str(), register.status), ("Siti Aminah", MemberStatus::Active));
    assert_eq!((register.savings_products.len(), register.loan_products[0].version), (1, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_holds_everything_gets_no_page_and_no_register() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let first = phone.pull(&bench, &nothing_held()).await.unwrap();
    let heads = first.heads();
    let held = |account: AccountKey| {
        let head = &heads[&account];
        let range = Range { low: 1, before: START, high: head.seq(), after: head.hash() };
        (account, range)
    };
    let ranges = vec![held(savings("SS-1")), held(key(LedgerKind::Loan, "PB-3"))];
    let register = first.register.as_deref().map(sha256);
    let request = PullRequest { epoch: 1, generation: 1, register, ranges, ..nothing_held() };
    let again = phone.pull(&bench, &request).await.unwrap();
    assert_eq!((again.pages.len(), again.register.as_ref()), (0, None));
    assert_eq!(again.checkpoint, first.checkpoint, "the same bytes for every pull and device");

    bench.post(FIRST, 1, "SS-1", 3);
    bench.suspend(FIRST, "A001", true);
    let request = PullRequest { nonce: fresh(), ..request };
    let delta = phone.pull(&bench, &request).await.unwrap();
    assert_eq!(delta.verified(&bench, FIRST, &request).generation, 2);
    assert_eq!(delta.pages.len(), 1);
    assert_eq!((first_seq(&delta.pages[0]), last_seq(&delta.pages[0])), (121, 123));
    assert_eq!(delta.pages[0].start, heads[&savings("SS-1")].hash());
    assert_eq!(delta.register().status, MemberStatus::Suspended);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_sees_nothing_of_another() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A002").await;
    let theirs = (savings("SS-1"), Range { low: 60, before: [1; 32], high: 90, after: [2; 32] });
    let pulled = phone.pull(&bench, &PullRequest { ranges: vec![theirs], ..nothing_held() }).await.unwrap();
    let seen: Vec<_> = pulled.heads().into_keys().collect();
    assert_eq!(seen, [savings("SS-4")]);
    assert!(pulled.pages.iter().all(|page| page.key == savings("SS-4")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_without_accounts_gets_a_checkpoint_too() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A005").await;
    let request = nothing_held();
    let pulled = phone.pull(&bench, &request).await.unwrap();
    pulled.verified(&bench, FIRST, &request);
    assert!(pulled.leaves.is_empty() && pulled.pages.is_empty());
}

/// Ranges with the ledger's own hashes, not overlapping, newest first.
fn ranges_from(ends: &[(u32, u32)], hashes: &BTreeMap<u32, Hash>, head: u32) -> Vec<Range> {
    let mut ranges = Vec::new();
    let mut next = 1;
    for &(gap, length) in ends {
        let (low, high) = (next + gap, next + gap + length);
        if high > head {
            break;
        }
        ranges.push(Range { low, before: hashes[&(low - 1)], high, after: hashes[&high] });
        next = high + 1;
    }
    ranges.reverse();
    ranges
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_fill_exactly_what_the_phone_lacks_and_chain_up() {
    const MORE: u32 = 2_480;
    const HEAD: u32 = 120 + MORE;
    let bench = Bench::start().await;
    bench.post(FIRST, 1, "SS-1", MORE);
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let whole = phone.pull(&bench, &nothing_held()).await.unwrap();
    let account = savings("SS-1");
    let mut known = BTreeMap::new();
    for page in whole.pages.iter().filter(|page| page.key == account) {
        known.extend(hashes(&phone, page));
    }
    assert_eq!(known.len() as u32, HEAD + 1);
    assert_eq!(known[&HEAD], whole.heads()[&account].hash());

    let ends = proptest::collection::vec((0_u32..1_500, 0_u32..900), 0..6);
    let (bench, phone, known, account) = (&bench, &phone, &known, &account);
    let runtime = tokio::runtime::Handle::current();
    let check = |ends: Vec<(u32, u32)>| {
        let ranges = ranges_from(&ends, known, HEAD);
        let request =
            PullRequest { ranges: ranges.iter().map(|range| (account.clone(), *range)).collect(), ..nothing_held() };
        let pulled = runtime.block_on(phone.pull(bench, &request)).unwrap();
        let pages: Vec<_> = pulled.pages.iter().filter(|page| page.key == *account).collect();
        let mut sent = Vec::new();
        for page in &pages {
            sent.extend((first_seq(page)..=last_seq(page)).rev());
            prop_assert!(page.entries.len() as u64 <= MAX_PAGE_ENTRIES);
            prop_assert_eq!(page.start, known[&(page.first - 1)]);
            prop_assert_eq!(hashes(phone, page)[&last_seq(page)], known[&last_seq(page)]);
            let ends_well = last_seq(page) == HEAD
                || pages.iter().any(|above| above.first == last_seq(page) + 1)
                || ranges.iter().any(|range| range.low == last_seq(page) + 1);
            prop_assert!(ends_well, "a page ends at the head, the page above or a range");
            let starts_well = page.first == 1
                || pages.iter().any(|below| last_seq(below) == page.first - 1)
                || ranges.iter().any(|range| range.high == page.first - 1);
            prop_assert!(starts_well, "a page starts at entry 1, above the page below or above a range");
        }
        let held = |seq: &u32| ranges.iter().any(|range| (range.low..=range.high).contains(seq));
        let lacking: Vec<u32> = (1..=HEAD).rev().filter(|seq| !held(seq)).collect();
        prop_assert_eq!(&sent, &lacking, "newest first, nothing twice, nothing held");
        if !held(&HEAD) {
            prop_assert!(pages[0].entries.len() <= NEWEST as usize);
            prop_assert_eq!(last_seq(pages[0]), HEAD);
        }
        Ok(())
    };
    tokio::task::block_in_place(|| {
        let config = Config { cases: 40, failure_persistence: None, ..Config::default() };
        TestRunner::new(config).run(&ends, check).unwrap();
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn ranges_of_another_ledger_count_as_not_held() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A002").await;
    let beyond = (savings("SS-4"), Range { low: 2, before: [1; 32], high: 4, after: [2; 32] });
    let pulled = phone.pull(&bench, &PullRequest { ranges: vec![beyond], ..nothing_held() }).await.unwrap();
    assert_eq!((first_seq(&pulled.pages[0]), last_seq(&pulled.pages[0])), (1, 3));
    // Other hashes than the ledger's: the page says what the ledger has, and the phone sees the fork.
    let forked = (savings("SS-4"), Range { low: 1, before: START, high: 2, after: [2; 32] });
    let pulled = phone.pull(&bench, &PullRequest { ranges: vec![forked], ..nothing_held() }).await.unwrap();
    assert_eq!(first_seq(&pulled.pages[0]), 3);
    assert_ne!(pulled.pages[0].start, [2; 32]);
}

#[tokio::test(flavor = "multi_thread")]
async fn balances_can_be_shown_from_the_first_chunk() {
    let bench = Bench::start().await;
    bench.post(FIRST, 1, "SS-1", 40_000);
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let path = phone.path("pull");
    let url = format!("{}{path}", bench.url());
    let request = anggota::protocol::dpop::Request { method: "POST", url: &url, token: Some(&phone.access) };
    let proof = anggota::protocol::dpop::prove(&request, bench.now(), &fresh(), &phone.signer).unwrap();
    let request = phone.client.post(&url).body(nothing_held().encode()).header("DPoP", proof);
    let request = request.header("Authorization", format!("DPoP {}", phone.access)).header("Anggota-Protocol", "1-1");
    let mut response = request.header("Content-Type", "application/cbor").send().await.unwrap();
    assert_eq!(response.headers()["content-type"], STREAM);
    let first = response.chunk().await.unwrap().unwrap();
    let mut whole = first.to_vec();
    while let Some(chunk) = response.chunk().await.unwrap() {
        whole.extend_from_slice(&chunk);
    }
    assert!(first.len() * 10 < whole.len(), "{} of {}", first.len(), whole.len());

    let mut decoder = zstd::stream::read::Decoder::new(first.as_ref()).unwrap();
    // What a phone allows for.
    decoder.window_log_max(20).unwrap();
    let mut bytes = vec![0; 1 << 20];
    let mut length = 0;
    while let Ok(read @ 1..) = decoder.read(&mut bytes[length..]) {
        length += read;
    }
    let mut splitter = Splitter::default();
    splitter.push(&bytes[..length]);
    let mut newest = Vec::new();
    while let Some(frame) = splitter.next_frame().unwrap() {
        if let Frame::Page(page) = frame {
            newest.push((page.key.account.to_string(), last_seq(&page)));
        }
    }
    assert_eq!(newest, [("SS-1".to_owned(), 40_120), ("PB-3".to_owned(), 7)]);
    let pulled = Pulled::read(&whole);
    let sent: usize = pulled.pages.iter().map(|page| page.entries.len()).sum();
    assert_eq!(sent, 40_127);
    assert!(pulled.pages.iter().all(|page| Frame::Page(page.clone()).encode().len() <= 300 * 1024));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_hangs_up_gives_its_place_back() {
    let bench = Bench::start().await;
    bench.post(FIRST, 1, "SS-1", 40_000);
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    for _ in 0..12 {
        let url = format!("{}{}", bench.url(), phone.path("pull"));
        let request = anggota::protocol::dpop::Request { method: "POST", url: &url, token: Some(&phone.access) };
        let proof = anggota::protocol::dpop::prove(&request, bench.now(), &fresh(), &phone.signer).unwrap();
        let request = phone.client.post(&url).body(nothing_held().encode()).header("DPoP", proof);
        let request = request.header("Authorization", format!("DPoP {}", phone.access));
        let request = request.header("Anggota-Protocol", "1-1").header("Content-Type", "application/cbor");
        drop(request.send().await.unwrap());
    }
    for _ in 0..50 {
        match phone.pull(&bench, &nothing_held()).await {
            Ok(_) => return,
            Err(code) => assert_eq!(code, Code::Busy),
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the places of phones that hung up are never given back");
}
