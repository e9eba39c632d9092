//! A disk without room: a small tmpfs, which takes root to mount. What was saved stays, what was not is said, and with room
//! everything goes on.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use std::path::{Path, PathBuf};
use std::process::Command;

use anggota_tests::village::{COOPERATIVE, MEMBER, Village};
use anggota_tests::{Office, Phone, Scratch, generated};

/// A file system of its own, unmounted when dropped.
struct Disk(PathBuf);

impl Disk {
    /// `None` is printed with its reason.
    fn mount(folder: &Path, kib: u32) -> Option<Self> {
        std::fs::create_dir_all(folder).unwrap();
        let size = format!("size={kib}k");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(folder).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(folder.to_owned()));
        }
        anggota_tests::skipped("a disk that is full, because a tmpfs may not be mounted here (it takes root)");
        None
    }

    fn resize(&self, kib: u32) {
        let size = format!("remount,size={kib}k");
        assert!(Command::new("mount").args(["-o", &size]).arg(&self.0).status().unwrap().success());
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _left = Command::new("umount").arg(&self.0).status();
    }
}

const REQUEST: [&str; 10] =
    ["loan", "request", "--product", "PF", "--principal", "1000000", "--periods", "10", "--purpose", "pupuk"];

#[test]
fn a_phone_without_room_says_so_and_goes_on_when_there_is_some() {
    let village = Village::new("full-phone", 12_000, 3, 2);
    let mut saved = 0;
    for kib in [300, 420, 700, 1_100, 1_500, 2_500] {
        let folder = village.scratch.join(&format!("disk-{kib}"));
        let Some(disk) = Disk::mount(&folder, kib) else { return };
        let phone = village.phone.copied(&village.scratch, &format!("disk-{kib}"));
        let synced = phone.script(&["sync"]);
        if synced.status != 0 {
            assert_eq!((synced.status, synced.code().as_str()), (4, "store-write"), "{kib}: {synced:?}");
        }
        // What is on the screen is right, whether or not there is room.
        assert_eq!(phone.script(&["balance"]).status, 0, "{kib}");
        let asked = phone.script(&REQUEST);
        let is_saved = asked.status == 0;
        saved += usize::from(is_saved);
        if !is_saved {
            // Without room, or without the products, which come with the first sync.
            assert!(["store-write", "not-possible"].contains(&asked.code().as_str()), "{kib}: {asked:?}");
        }
        disk.resize(64 * 1024);
        assert_eq!(phone.sync()["complete"], true, "{kib}");
        assert_eq!(phone.verify()["ok"], true, "{kib}");
        let requests = phone.json(&["loan", "requests"])["requests"].as_array().unwrap().len();
        assert_eq!(requests, usize::from(is_saved), "{kib}: what was said to be saved, and no more");
    }
    assert_eq!(village.office.requests().len(), saved);
    assert!(saved > 0, "one of the disks had room for a request");
    assert!(village.phone.store(COOPERATIVE, MEMBER).is_file());
}

#[test]
fn an_office_without_room_imports_nothing_and_then_everything() {
    let scratch = Scratch::new("full-office");
    let books = scratch.join("books");
    let entries = generated(5, 20_000, 3, 2, &books).entries();
    let folder = scratch.join("office");
    let Some(disk) = Disk::mount(&folder, 1_500) else { return };
    let office = Office::new(&scratch, "office");
    let refused = office.run(&["import", books.to_str().unwrap()]);
    assert_eq!((refused.status, refused.code().as_str()), (4, "store-write"), "{refused:?}");
    disk.resize(64 * 1024);
    assert_eq!(office.import(&books)["added"], entries);
    let serving = office.serve();
    let phone = Phone::new(&scratch, "phone");
    phone.enrol(&serving.of(COOPERATIVE), MEMBER, &office.activate(MEMBER));
    assert_eq!(phone.sync()["complete"], true);
}
