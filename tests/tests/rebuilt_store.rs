//! A store that was damaged in any way: said so, set aside without losing a byte, built anew by the next sync, and what the
//! member commanded carried over.

#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::path::{Path, PathBuf};

use anggota::domain::OperationId;
use anggota_tests::Phone;
use anggota_tests::village::{COOPERATIVE, MEMBER, Village, warnings};
use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

const PAGE: usize = 4_096;

/// A phone in step, with a request that the office has, one that waits, and nothing left in the WAL.
fn village(name: &str) -> (Village, [String; 2]) {
    let village = Village::synced(name, 900, 3, 2);
    let sent = village.phone.ask("1000000");
    village.phone.sync();
    let waiting = village.phone.ask("2000000");
    (village, [sent, waiting])
}

fn states(phone: &Phone) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let requests = phone.json(&["loan", "requests"])["requests"].as_array().unwrap().clone();
    requests.iter().map(|request| (text(&request["request_id"]), text(&request["state"]))).collect()
}

/// The requests in the store's file, as somebody reads them who has its key and nothing of the program; none where a page that
/// they stand on, or that says where they are, is damaged.
fn readable(phone: &Phone) -> Vec<String> {
    let (vault, file) = (phone.store_key(COOPERATIVE, MEMBER), phone.store(COOPERATIVE, MEMBER));
    let store = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY).unwrap();
    store.pragma_update(None, "key", vault).unwrap();
    // Otherwise a file that is shorter than it says is refused as a whole.
    store.pragma_update(None, "writable_schema", true).unwrap();
    let read = store.prepare("SELECT operation, body, signed FROM outbox ORDER BY operation").and_then(|mut select| {
        let rows = select.query_map([], |row| {
            let _bytes: (Vec<u8>, Vec<u8>) = (row.get(1)?, row.get(2)?);
            row.get::<_, Vec<u8>>(0)
        });
        rows?.collect::<rusqlite::Result<Vec<_>>>()
    });
    read.unwrap_or_default().iter().map(|id| OperationId::from_bytes(id).unwrap().to_string()).collect()
}

fn set_aside(store: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = (1..9).map(|n| store.with_file_name(format!("store.db.damaged-{n}"))).collect();
    found.retain(|path| path.exists());
    found
}

/// Figures, entries and proofs as the office has them.
#[track_caller]
fn assert_whole(phone: &Phone, shown: &Value) {
    let now = phone.balance();
    let figures = |balance: &Value, list: &str| -> Vec<[Value; 3]> {
        let accounts = balance[list].as_array().unwrap().iter();
        accounts.map(|account| ["balance", "outstanding", "seq"].map(|figure| account[figure].clone())).collect()
    };
    for list in ["savings", "loans"] {
        assert_eq!(figures(&now, list), figures(shown, list));
    }
    assert_eq!(now["total_savings"], shown["total_savings"]);
    assert_eq!(phone.verify()["ok"], true);
}

/// Whether a page that was damaged is met by whoever only reads; who meets it is told.
#[track_caller]
fn is_met_by_reading(phone: &Phone) -> bool {
    let reads = [&["verify"][..], &["balance"], &["loan", "draft", "list"]].map(|command| phone.script(command));
    let refused = reads.iter().find(|read| read.status != 0);
    refused.inspect(|read| assert_eq!((read.status, read.code().as_str()), (4, "store-unreadable"))).is_some()
}

#[test]
fn a_flipped_byte_in_any_page_is_noticed_healed_and_costs_no_request() {
    let (village, [sent, waiting]) = village("flipped");
    let store = village.phone.store(COOPERATIVE, MEMBER);
    let (good, shown) = (fs::read(&store).unwrap(), village.phone.balance());
    let both = [&sent, &waiting].map(|id| (id.clone(), "received".to_owned()));
    let pages = good.len() / PAGE;
    let (mut lost, mut read, mut met_late, mut unread) = (0, 0, 0, 0);
    for page in 0..pages {
        let phone = village.phone.copied(&village.scratch, &format!("page-{page}"));
        let store = phone.store(COOPERATIVE, MEMBER);
        let mut bytes = good.clone();
        bytes[page * PAGE + 1_000 + page] ^= 1;
        fs::write(&store, &bytes).unwrap();
        let is_readable = readable(&phone).len() == both.len();
        // Every other time somebody only reads before the phone syncs.
        let is_read = page % 2 == 0 && is_met_by_reading(&phone);
        let synced = phone.script(&["sync"]);
        if set_aside(&store).is_empty() {
            // A page that the sync had no need of: whoever reads it is told, and the next sync heals it.
            assert_eq!(synced.status, 0, "page {page}: {synced:?}");
            if is_met_by_reading(&phone) {
                phone.sync();
                met_late += 1;
            }
        }
        assert_whole(&phone, &shown);
        let left = states(&phone);
        let [damaged] = &set_aside(&store)[..] else {
            assert_eq!((set_aside(&store).len(), left), (0, both.to_vec()), "page {page} is read by nobody");
            unread += 1;
            continue;
        };
        let kept = fs::read(damaged).unwrap();
        let of = |bytes: &[u8]| bytes[page * PAGE..(page + 1) * PAGE].to_vec();
        // A sync may have written before it met the page; who only reads has not.
        assert!(
            of(&kept) == of(&bytes) && (kept == bytes || !is_read),
            "page {page}: what is damaged is kept as it is"
        );
        assert_eq!(warnings(&phone), [("rebuilt".to_owned(), None)]);
        if is_readable {
            assert_eq!(left, both, "page {page} holds nothing of the requests");
        }
        assert!(left.iter().all(|request| both.contains(request)), "page {page}: {left:?}");
        read += usize::from(is_read);
        lost += usize::from(!is_readable);
    }
    // The outbox stands on one page, and what says where it is on a few.
    let count = format!("{lost} {read} {met_late} {unread} of {pages}");
    assert!(lost * 8 < pages && read > pages / 4 && met_late > 0 && unread < pages / 4, "{count}");
    let office = village.office.requests();
    let mut ids: Vec<_> = office.iter().map(|request| request["request_id"].as_str().unwrap()).collect();
    let mut expected = [sent.as_str(), waiting.as_str()];
    ids.sort_unstable();
    expected.sort_unstable();
    assert_eq!(ids, expected, "each once");
}

#[test]
fn a_store_cut_short_or_emptied_is_built_anew() {
    let (village, _) = village("cut");
    let (good, shown) = (fs::read(village.phone.store(COOPERATIVE, MEMBER)).unwrap(), village.phone.balance());
    for (name, length) in
        [("empty", 0), ("bytes", 100), ("page", PAGE), ("odd", good.len() / 2 + 77), ("end", good.len() - PAGE)]
    {
        let phone = village.phone.copied(&village.scratch, name);
        let store = phone.store(COOPERATIVE, MEMBER);
        fs::write(&store, &good[..length]).unwrap();
        let left: Vec<_> = readable(&phone).into_iter().map(|id| (id, "received".to_owned())).collect();
        assert_eq!(left.len(), if name == "end" { 2 } else { 0 }, "{name}");
        assert_eq!(phone.script(&["balance"]).status, 4, "{name}");
        phone.sync();
        assert!(fs::read(&set_aside(&store)[0]).unwrap() == good[..length], "{name}: every byte is kept");
        assert_whole(&phone, &shown);
        assert_eq!(warnings(&phone), [("rebuilt".to_owned(), None)], "{name}: the member is told");
        assert_eq!(states(&phone), left, "{name}: what could be read is carried over");
        // No crash loop: what was built is good.
        let count = set_aside(&store).len();
        phone.sync();
        assert_eq!(set_aside(&store).len(), count, "{name}");
    }
}

#[test]
fn a_store_of_another_key_needs_a_new_code_and_then_goes_on() {
    let (village, [_, waiting]) = village("other-key");
    let store = village.phone.store(COOPERATIVE, MEMBER);
    let shown = village.phone.balance();
    // A key of another phone, wrapped by this one's vault: nothing here can be read with it.
    let stranger = village.another_phone("stranger");
    let folder = village.phone.profile_folder(COOPERATIVE, MEMBER);
    fs::rename(folder.join("store.key"), folder.join("store.key.true")).unwrap();
    fs::copy(stranger.profile_folder(COOPERATIVE, MEMBER).join("store.key"), folder.join("store.key")).unwrap();
    let refused = village.phone.script(&["sync"]);
    assert_eq!(refused.status, 4, "{refused:?}");
    assert!(store.exists() && set_aside(&store).is_empty(), "nothing was moved for nothing");
    fs::rename(folder.join("store.key.true"), folder.join("store.key")).unwrap();
    assert_eq!(states(&village.phone).len(), 2);

    // The same with no key at all, and a new code.
    fs::remove_file(folder.join("store.key")).unwrap();
    village.enrol(&village.phone, MEMBER);
    assert_eq!(set_aside(&store).len(), 1);
    village.phone.sync();
    assert_whole(&village.phone, &shown);
    assert!(village.office.requests().iter().all(|request| request["request_id"] != waiting.as_str()));
}

#[test]
fn an_undecodable_value_is_damage_too_and_the_outbox_is_carried_over_by_a_new_enrolment() {
    let (village, ids) = village("blob");
    let store = village.phone.store(COOPERATIVE, MEMBER);
    let shown = village.phone.balance();
    let mut rebuilt = 0;
    for (damage, is_fetched_again) in [
        ("UPDATE account SET head = x'ff' WHERE account = 1", false),
        ("UPDATE register SET bytes = x'80'", true),
        ("UPDATE checkpoint SET heads = x'00'", false),
        ("UPDATE span SET last_hash = x'01'", false),
    ] {
        rebuilt += usize::from(!is_fetched_again);
        village.phone.open_store(COOPERATIVE, MEMBER).execute_batch(damage).unwrap();
        assert_eq!(village.phone.script(&["sync"]).status, 0, "{damage}");
        assert_eq!(set_aside(&store).len(), rebuilt, "{damage}");
        assert_whole(&village.phone, &shown);
        assert_eq!(states(&village.phone), ids.clone().map(|id| (id, "received".to_owned())), "{damage}");
    }
    // Damaged, and the office shut the device out meanwhile.
    let late = village.phone.ask("3000000");
    village.phone.open_store(COOPERATIVE, MEMBER).execute_batch("UPDATE account SET head = x'ff'").unwrap();
    let wrapped = || fs::read(village.phone.profile_folder(COOPERATIVE, MEMBER).join("store.key")).unwrap();
    let key = wrapped();
    village.enrol(&village.phone, MEMBER);
    assert!(wrapped() == key, "a crash on the way must leave what is set aside readable");
    village.phone.sync();
    assert_whole(&village.phone, &shown);
    assert_eq!(states(&village.phone).last(), Some(&(late, "received".to_owned())));
    assert_eq!(village.office.requests().len(), 3);
}

#[test]
fn a_wal_of_another_time_is_no_part_of_the_store() {
    let (village, ids) = village("wal");
    let phone = &village.phone;
    let store = phone.store(COOPERATIVE, MEMBER);
    let wal = store.with_file_name("store.db-wal");
    // A WAL that a running program left, of a store as it was before.
    let old = {
        let open = phone.open_store(COOPERATIVE, MEMBER);
        open.execute_batch("UPDATE card SET expires_at = expires_at + 1").unwrap();
        fs::read(&wal).unwrap()
    };
    village.phone.sync();
    let shown = village.phone.balance();
    for stale in [old.clone(), vec![0; 5_000], old[..old.len() / 2].to_vec(), [old, vec![7; 4_000]].concat()] {
        fs::write(&wal, &stale).unwrap();
        phone.sync();
        assert_whole(phone, &shown);
        assert_eq!(states(phone), ids.clone().map(|id| (id, "received".to_owned())));
    }
}

#[test]
fn a_rescue_that_was_killed_half_way_goes_on() {
    let (village, ids) = village("killed");
    let store = village.phone.store(COOPERATIVE, MEMBER);
    let shown = village.phone.balance();
    village.phone.open_store(COOPERATIVE, MEMBER).execute_batch("UPDATE account SET head = x'ff'").unwrap();
    // As a kill between setting aside and putting the new one in its place leaves it.
    fs::rename(&store, store.with_file_name("store.db.damaged-1")).unwrap();
    fs::write(store.with_file_name("store.new"), b"half").unwrap();
    let refused = village.phone.script(&["balance"]);
    assert_eq!((refused.status, refused.code().as_str()), (4, "store-unreadable"));
    village.phone.sync();
    assert_whole(&village.phone, &shown);
    assert_eq!(states(&village.phone), ids.map(|id| (id, "received".to_owned())));
    assert_eq!(set_aside(&store).len(), 1);
}
