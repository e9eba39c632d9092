//! All of an import or none of it: for a reader in the middle, after a crash, over larger books.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;

use anggota::domain::Timestamp;
use anggota_books::Options;
use anggota_server::database::{Database, DatabaseError};
use anggota_server::import::import;

use crate::office::{Books, NOW, Office};

const COUNTS: &str =
    "SELECT (SELECT count(*) FROM savings_entry), (SELECT count(*) FROM loan_entry), (SELECT count(*) FROM member),
                        (SELECT count(*) FROM checkpoint), (SELECT sum(seq) FROM account)";

/// Generated books with every kind of entry.
fn generated(entries: u64) -> Options {
    Options { seed: 7, entries, accounts: 40, loans: 20, members: Some(20), ..Options::default() }
}

#[test]
fn a_reader_sees_none_of_an_import_until_all_of_it_is_there() {
    let office = Office::with_sample();
    let before = office.rows(COUNTS);
    let second = Database::open(office.path("anggota.db").to_str().unwrap()).unwrap();
    let mut looks = 0;
    let grown = Books::sample().and("savings_entries.csv", "SS-2,2026-11-24,deposit,1000,,,,");
    let report = office
        .try_import(&grown, NOW, &mut |_| {
            looks += 1;
            assert_eq!(office.rows(COUNTS), before);
            let seen = second.read(|c| {
                Ok::<u32, DatabaseError>(c.query_row("SELECT count(*) FROM savings_entry", [], |r| r.get(0))?)
            });
            assert_eq!(seen.unwrap(), 11);
        })
        .unwrap();
    assert_eq!((report.problems, report.added), (vec![], 1));
    assert!(looks >= 8, "{looks}");
    assert_ne!(office.rows(COUNTS), before);
}

#[test]
fn progress_goes_through_every_file_to_its_end_and_then_the_checkpoints() {
    let mut told = Vec::new();
    Office::new().try_import(&Books::sample(), NOW, &mut |progress| told.push(progress)).unwrap();
    let stages: Vec<_> = told.iter().map(|progress| progress.stage).collect();
    assert_eq!(
        stages,
        [
            "members.csv",
            "savings_products.csv",
            "loan_products.csv",
            "savings_accounts.csv",
            "loans.csv",
            "savings_entries.csv",
            "loan_entries.csv",
            "checkpoints",
        ]
    );
    assert!(told.iter().all(|progress| progress.done == progress.total));
}

/// Run by the test below in a process of its own, which is killed in the middle; alone it does nothing.
#[test]
fn import_until_killed() {
    let Ok(folder) = std::env::var("ANGGOTA_TEST_IMPORT_UNTIL_KILLED") else { return };
    let folder = std::path::Path::new(&folder);
    let database = Database::open(folder.join("anggota.db").to_str().unwrap()).unwrap();
    let now = NOW.parse::<Timestamp>().unwrap();
    let rng = Arc::new(anggota::entropy::system());
    let stage = std::env::var("ANGGOTA_TEST_KILL_AT").unwrap();
    import(&database, &folder.join("keys"), &folder.join("books"), now, rng, &mut |progress| {
        if progress.stage == stage && progress.done > 0 {
            println!("in the middle");
            // Waits to be killed; a parent that is gone ends it too.
            std::io::stdin().lines().for_each(drop);
            std::process::exit(3);
        }
    })
    .unwrap();
}

#[test]
fn a_kill_in_the_middle_leaves_the_old_books_and_the_import_can_be_done_again() {
    let office = Office::with_sample();
    let before = office.everything();
    anggota_books::generate(&generated(60_000), &office.path("books")).unwrap();
    for stage in ["savings_entries.csv", "checkpoints"] {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "whole::import_until_killed", "--nocapture"])
            .env("ANGGOTA_TEST_IMPORT_UNTIL_KILLED", office.path(""))
            .env("ANGGOTA_TEST_KILL_AT", stage)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap().contains("in the middle")), "{stage}");
        child.kill().unwrap();
        let status = child.wait().unwrap();
        assert_eq!(status.code(), None, "{stage}: not killed but ended with {status}");
        let reopened = Database::open(office.path("anggota.db").to_str().unwrap()).unwrap();
        drop(reopened);
        assert_eq!(office.everything(), before, "{stage}");
        assert_eq!(office.rows("PRAGMA integrity_check"), ["ok"], "{stage}");
    }
    let report = office.import_folder(&office.path("books"), NOW, &mut |_| ()).unwrap();
    assert_eq!((report.problems, report.added), (vec![], 60_000));
}

#[test]
fn generated_books_come_out_as_their_maker_expects_in_one_import_or_in_two() {
    let office = Office::new();
    let books = office.path("books");
    let summary = anggota_books::generate(&generated(20_000), &books).unwrap();
    let report = office.import_folder(&books, NOW, &mut |_| ()).unwrap();
    assert_eq!(report.problems, []);
    assert_eq!((report.entries, report.loan_entries), (summary.savings_entries, summary.loan_entries));
    assert_eq!(report.added, 20_000);

    let expected: serde_json::Value =
        serde_json::from_slice(&std::fs::read(books.join("expected.json")).unwrap()).unwrap();
    let heads = office.rows("SELECT account_no, kind, seq, figure FROM account ORDER BY account_no");
    assert_eq!(heads.len(), 60);
    for head in &heads {
        let cells: Vec<_> = head.split('|').collect();
        let (list, figure) = if cells[1] == "0" { ("savings", "balance") } else { ("loans", "outstanding") };
        let account = &expected[list][cells[0]];
        let sen = account[figure].to_string();
        let (rupiah, part) = sen.split_once('.').unwrap_or((&sen, "00"));
        assert_eq!(account["seq"].to_string(), cells[2], "{head}");
        assert_eq!(format!("{rupiah}{part}").parse::<i64>().unwrap(), cells[3].parse::<i64>().unwrap(), "{head}");
    }

    // The first half of each file of savings entries, then all: the same heads.
    let halves = Office::new();
    let half = halves.path("half");
    std::fs::create_dir(&half).unwrap();
    for file in std::fs::read_dir(&books).unwrap() {
        let file = file.unwrap();
        let text = std::fs::read_to_string(file.path()).unwrap();
        let is_cut = file.file_name() == "savings_entries.csv";
        let rows = text.lines().count() / if is_cut { 2 } else { 1 };
        let part: String = text.lines().take(rows).map(|line| format!("{line}\n")).collect();
        std::fs::write(half.join(file.file_name()), part).unwrap();
    }
    let first = halves.import_folder(&half, NOW, &mut |_| ()).unwrap();
    let second = halves.import_folder(&books, NOW, &mut |_| ()).unwrap();
    assert_eq!((first.problems, second.problems), (vec![], vec![]));
    assert_eq!(first.added + second.added, 20_000);
    let heads = "SELECT account_no, seq, figure, hex(hash) FROM account ORDER BY account_no";
    assert_eq!(halves.rows(heads), office.rows(heads));
    assert_eq!(halves.import_folder(&books, NOW, &mut |_| ()).unwrap().added, 0);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 96, ..Default::default() })]

    /// Whatever is done to the bytes: a report or the whole books, never a panic, an error or a part of them.
    #[test]
    fn damaged_books_are_imported_whole_or_not_at_all(
        file in 0_usize..8,
        at in proptest::prelude::any::<proptest::sample::Index>(),
        length in 0_usize..40,
        bytes in proptest::collection::vec(
            proptest::prop_oneof![
                proptest::sample::select(b"\"\r\n,;-.0159aA \xef\xbb\xbf\x00\xff".to_vec()),
                proptest::prelude::any::<u8>(),
            ],
            0..12,
        ),
    ) {
        let office = Office::new();
        let (name, mut content) = Books::sample().files().swap_remove(file);
        let from = at.index(content.len());
        let to = (from + length).min(content.len());
        content.splice(from..to, bytes);
        let report = office.import(&Books::sample().file(name, content));
        let kept = office.rows("SELECT (SELECT count(*) FROM savings_entry) + (SELECT count(*) FROM loan_entry)");
        proptest::prop_assert_eq!(&kept, &[report.added.to_string()]);
        if report.problems.is_empty() {
            proptest::prop_assert_eq!(report.added, report.entries + report.loan_entries);
            let signed = office.rows("SELECT count(*) FROM checkpoint");
            proptest::prop_assert_eq!(&signed, &[report.members.to_string()]);
        } else {
            proptest::prop_assert!(office.everything().is_empty());
        }
    }
}
