//! Stores, databases, keys and folders that cannot be used: a clear sentence, status 4, and every file stays as it was.

#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anggota_tests::village::{COOPERATIVE, MEMBER, Village, first_account, mirror};
use anggota_tests::{Office, Output, Phone, run};
use rusqlite::Connection;

#[track_caller]
fn assert_refused(output: &Output, status: i32, code: &str) {
    assert_eq!((output.status, output.code().as_str()), (status, code), "{output:?}");
}

/// As a person sees it: one sentence on stderr, nothing on stdout.
#[track_caller]
fn assert_said(output: &Output, status: i32) {
    assert_eq!((output.status, output.stdout.as_str(), output.stderr.lines().count()), (status, "", 1), "{output:?}");
    assert!(output.stderr.trim_end().ends_with('.'), "{output:?}");
}

/// Commands that open a store.
const OPENING: &[&[&str]] = &[
    &["balance"],
    &["verify"],
    &["transactions", "--account", "SP-000001"],
    &["loan", "list"],
    &["loan", "requests"],
    &["loan", "request", "--product", "PF", "--principal", "1000000", "--periods", "10", "--purpose", "pupuk"],
    &["card", "show"],
    &["watch"],
];

/// Every command ends with that code, and the file stays as it is.
#[track_caller]
fn assert_untouched(phone: &Phone, file: &Path, code: &str, what: &str) {
    let before = fs::read(file).unwrap();
    for command in OPENING {
        let refused = phone.script(command);
        assert_eq!((refused.status, refused.code().as_str()), (4, code), "{what}: {command:?}");
        assert_said(&phone.run(command), 4);
        assert!(fs::read(file).unwrap() == before, "{what}: {command:?} changed the file");
    }
}

#[test]
fn a_store_of_garbage_is_refused_and_left_as_it_is() {
    let village = Village::synced("garbage", 900, 3, 2);
    let store = village.phone.store(COOPERATIVE, MEMBER);
    let good = fs::read(&store).unwrap();
    let garbage: Vec<u8> = (0..20_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
    let plain = {
        let file = village.scratch.join("plain.db");
        Connection::open(&file).unwrap().execute_batch("CREATE TABLE a (b); INSERT INTO a VALUES (1);").unwrap();
        fs::read(file).unwrap()
    };
    let cut = |length: usize| good[..length].to_vec();
    let mut flipped = good.clone();
    flipped[2_000] ^= 1;
    for (what, bytes) in [
        ("garbage", garbage),
        ("another database", plain),
        ("a flipped bit", flipped),
        ("nothing", vec![]),
        ("a few bytes", cut(100)),
        ("one page", cut(4_096)),
        ("half a page more", cut(good.len() / 2 / 4_096 * 4_096 + 2_048)),
    ] {
        fs::write(&store, bytes).unwrap();
        assert_untouched(&village.phone, &store, "store-unreadable", what);
    }
    fs::write(&store, &good).unwrap();
    assert_eq!(village.phone.verify()["ok"], true);
    assert_eq!(village.phone.sync()["complete"], true);
}

#[test]
fn a_store_without_its_end_shows_nothing_wrong() {
    let village = Village::synced("cut", 6_000, 3, 2);
    let store = village.phone.store(COOPERATIVE, MEMBER);
    let good = fs::read(&store).unwrap();
    let passbook = |limit| ["transactions", "--account", "SS-000003", "--limit", limit];
    let commands: [&[&str]; 4] = [&["balance"], &["verify"], &passbook("1000"), &passbook("5")];
    let shown = commands.map(|command| village.phone.json(command));
    let pages = good.len() / 4_096;
    for left in [pages * 3 / 10, pages / 2, pages * 9 / 10, pages - 1] {
        let cut = left * 4_096;
        fs::write(&store, &good[..cut]).unwrap();
        // Nothing of it is shown, not even what stands before the cut.
        for command in commands {
            assert_refused(&village.phone.script(command), 4, "store-unreadable");
        }
        let after = fs::read(&store).unwrap();
        assert!(after == good[..cut], "not made worse");
    }
    fs::write(&store, &good).unwrap();
    assert_eq!(commands.map(|command| village.phone.json(command)), shown);
}

#[test]
fn a_store_of_a_newer_version_is_left_as_it_is() {
    let village = Village::synced("newer", 300, 2, 1);
    let store = village.phone.store(COOPERATIVE, MEMBER);
    let set_version = |version: i64| {
        let connection = village.phone.open_store(COOPERATIVE, MEMBER);
        let before: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap();
        connection.pragma_update(None, "user_version", version).unwrap();
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
        before
    };
    let version = set_version(99);
    assert_untouched(&village.phone, &store, "store-newer", "a newer store");
    assert_eq!(set_version(version), 99);
    assert_eq!(village.phone.sync()["complete"], true);
}

#[test]
fn a_store_whose_key_is_gone_is_left_as_it_is() {
    let village = Village::synced("no-key", 300, 2, 1);
    let store = village.phone.store(COOPERATIVE, MEMBER);
    let key = store.with_extension("key");
    let good = fs::read(&key).unwrap();
    let before = fs::read(&store).unwrap();
    let mut flipped = good.clone();
    flipped[20] ^= 1;
    for bytes in [Some(flipped), Some(vec![]), Some(good[..10].to_vec()), None] {
        match &bytes {
            Some(bytes) => fs::write(&key, bytes).unwrap(),
            None => fs::remove_file(&key).unwrap(),
        }
        for command in OPENING {
            let refused = village.phone.script(command);
            let code = refused.code();
            assert!(refused.status == 4 && ["key-failed", "store-unreadable"].contains(&code.as_str()), "{refused:?}");
        }
        assert!(fs::read(&store).unwrap() == before);
    }
    fs::write(&key, good).unwrap();
    assert_eq!(village.phone.verify()["ok"], true);
}

#[test]
fn a_second_program_waits_its_turn_and_the_first_goes_on() {
    let village = Village::synced("busy", 300, 2, 1);
    let account = first_account(&village.phone);
    let mut watch = village.phone.start(&["watch"]);
    assert!(watch.next_line(Duration::from_secs(60)).is_some());
    // Each waits a moment for the other to end.
    for command in &OPENING[..3] {
        assert_refused(&village.phone.script(command), 4, "store-busy");
    }
    assert_said(&village.phone.run(&["balance"]), 4);
    assert!(watch.is_running());
    village.deposit(&account, "1000");
    // What needs no store is not kept waiting.
    assert_eq!(village.phone.run(&["--help"]).status, 0);
    assert_eq!(watch.kill().status, -9);
    assert_eq!(village.phone.sync()["entries_received"], 1, "a killed program gives its lock back");
}

/// Starts a program after a line of shell, in a mount namespace of its own. `None` is printed with its reason.
fn after(line: &str) -> Option<Vec<String>> {
    let words = |options: &str| {
        let script = format!("{line} && exec \"$0\" \"$@\"");
        ["unshare", options, "sh", "-c", &script].map(str::to_owned).to_vec()
    };
    let works = |wrapper: &Vec<String>| {
        let tried = Command::new(&wrapper[0]).args(&wrapper[1..]).arg("true").output();
        tried.is_ok_and(|output| output.status.success())
    };
    let found = [words("-m"), words("-rm")].into_iter().find(works);
    if found.is_none() {
        anggota_tests::skipped(
            "a folder that cannot be written, because this machine allows no mount namespace (unshare -rm)",
        );
    }
    found
}

#[test]
fn a_folder_that_cannot_be_written_is_said_and_nothing_is_lost() {
    let village = Village::synced("read-only", 300, 2, 1);
    let folder = village.phone.data_dir.to_str().unwrap();
    let Some(wrapper) = after(&format!("mount --bind '{folder}' '{folder}' && mount -o remount,bind,ro '{folder}'"))
    else {
        return;
    };
    let before = mirror(&village.phone);
    let phone = Phone { wrapper, ..village.phone.clone() };
    for command in OPENING {
        assert_refused(&phone.script(command), 4, "store-write");
        assert_said(&phone.run(command), 4);
    }
    let paper = village.office.activate(MEMBER);
    let server = village.middle.of("lain");
    let given = ["enrol", "--server", &server, "--member", "A000002", "--code", &paper.code, "--trust-on-first-use"];
    assert_refused(&phone.script(&given), 4, "store-write");
    assert_eq!(mirror(&village.phone), before);
    assert_eq!(village.phone.sync()["complete"], true);
}

#[test]
fn a_disk_that_is_full_is_said_and_gone_on_with_when_there_is_room() {
    let village = Village::new("full", 20_000, 3, 2);
    // No file may grow beyond half a megabyte (1024 blocks of 512 bytes).
    let limits = ["sh", "-c", "trap '' XFSZ; ulimit -f 1024; exec \"$0\" \"$@\""];
    let phone = village.phone.under(&limits);
    let refused = phone.script(&["sync"]);
    assert_refused(&refused, 4, "store-write");
    assert_said(&phone.run(&["sync"]), 4);
    let held = village.phone.balance();
    assert!(
        held["savings"]
            .as_array()
            .unwrap()
            .iter()
            .all(|account| account["complete"] == false || account["verified"] == true)
    );
    assert_eq!(village.phone.sync()["complete"], true);
    assert_eq!(village.phone.verify()["ok"], true);
}

#[test]
fn a_database_that_is_none_is_refused_and_left_as_it_is() {
    let village = Village::synced("database", 300, 2, 1).while_stopped(|_| {});
    let office = Office::new(&village.scratch, "elsewhere");
    let plain = village.scratch.join("plain.db");
    Connection::open(&plain).unwrap().execute_batch("CREATE TABLE a (b); INSERT INTO a VALUES (1);").unwrap();
    let newer = village.back_up("newer.db");
    drop(newer);
    let newer = village.scratch.join("newer.db");
    Connection::open(&newer).unwrap().pragma_update(None, "user_version", 99).unwrap();
    for (what, bytes, code) in [
        ("garbage", vec![7; 20_000], "store-unreadable"),
        ("another database", fs::read(plain).unwrap(), "store-unreadable"),
        ("a newer database", fs::read(newer).unwrap(), "store-newer"),
    ] {
        fs::write(office.database(), &bytes).unwrap();
        for given in [
            &["requests", "list"][..],
            &["activate", "--member", MEMBER],
            &["import", village.books.to_str().unwrap()],
            &["serve", "--listen", "127.0.0.1:0"],
        ] {
            let refused = office.run(given);
            assert_eq!((refused.status, refused.code().as_str()), (4, code), "{what}: {given:?}");
            assert!(fs::read(office.database()).unwrap() == bytes, "{what}: {given:?} changed the file");
        }
    }
    // A folder that is a file.
    let nowhere = format!("sqlite:{}/all.db", office.database().display());
    let refused = run(office.command(&["requests", "list"]).args(["--database", &nowhere]));
    assert_eq!((refused.status, refused.code().as_str()), (4, "store-write"));
    let written = village.office.run(&["export", "issuer", &nowhere["sqlite:".len()..]]);
    assert_eq!((written.status, written.code().as_str()), (4, "store-write"));
}

#[test]
fn the_offices_own_keys_are_looked_after() {
    let village = Village::synced("keys", 300, 2, 1);
    let keys = village.office.keys();
    let files: Vec<_> =
        walk(&keys).into_iter().filter(|file| file.extension().is_some_and(|end| end == "key")).collect();
    assert_eq!(files.len(), 3, "card, status list, checkpoint: {files:?}");
    // A key that is gone, is not ours, or can be read by others: no new one is made in its place.
    let aside = village.scratch.join("aside");
    for file in &files {
        let good = fs::read(file).unwrap();
        fs::rename(file, &aside).unwrap();
        assert_key_failed(&village);
        assert!(!file.exists());
        for bytes in [vec![1, 2, 3], vec![]] {
            fs::write(file, bytes).unwrap();
            fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
            assert_key_failed(&village);
        }
        fs::write(file, good).unwrap();
        fs::set_permissions(file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
        assert_key_failed(&village);
        fs::rename(&aside, file).unwrap();
    }
    assert_eq!(village.office.import(&village.books)["added"], 0);
    assert_eq!(village.phone.sync()["complete"], true);
}

#[track_caller]
fn assert_key_failed(village: &Village) {
    for given in [&["import", village.books.to_str().unwrap()][..], &["activate", "--member", MEMBER]] {
        let refused = village.office.run(given);
        assert_eq!((refused.status, refused.code().as_str()), (4, "key-failed"), "{given:?}");
    }
}

fn walk(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(walk(&path));
        }
        found.push(path);
    }
    found
}
