//! The books of a real bank (PKDD'99): every figure right, in time and in bounded memory.
//!
//! A test program of its own, so that the memory it reports is an import's and nothing else's.

#![allow(clippy::unwrap_used, reason = "a test stops where its own set-up fails")]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use anggota::domain::Timestamp;
use anggota_server::cooperative::Cooperative;
use anggota_server::database::{Database, DatabaseError};
use anggota_server::import::import;
use serde::Deserialize;

/// What the import is held to, and by how much a busy machine may miss it.
const SECONDS: u64 = 60;
const MEGABYTES: u64 = 200;
const SLACK: u64 = 3;

#[derive(Deserialize)]
struct Expected {
    savings: BTreeMap<String, ExpectedAccount>,
    loans: BTreeMap<String, ExpectedAccount>,
}

#[derive(Deserialize, PartialEq, Debug)]
struct ExpectedAccount {
    member_no: String,
    seq: u32,
    /// Whole rupiah.
    #[serde(alias = "balance")]
    outstanding: i64,
}

/// The data set's folder: named by ANGGOTA_PKDD99, or beside the repository.
fn data_set() -> Option<PathBuf> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/pkdd99");
    let folder = std::env::var_os("ANGGOTA_PKDD99").map_or_else(beside, PathBuf::from);
    folder.join("to_books.py").is_file().then_some(folder)
}

fn peak_megabytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

#[test]
fn real_books_are_imported_exactly_in_time_and_in_bounded_memory() {
    let Some(data) = data_set() else {
        println!("skipped: no PKDD'99 data set beside the repository and none named by ANGGOTA_PKDD99");
        return;
    };
    let scratch = tempfile::tempdir().unwrap();
    let books = scratch.path().join("books");
    let made = Command::new("python3").arg(data.join("to_books.py")).arg(&books).output().unwrap();
    assert!(made.status.success(), "to_books.py: {}", String::from_utf8_lossy(&made.stderr));

    let database = Database::open(scratch.path().join("anggota.db").to_str().unwrap()).unwrap();
    let keys = scratch.path().join("keys");
    let now = "2026-11-24T03:28:05Z".parse::<Timestamp>().unwrap();
    let run = || {
        let begun = anggota::clock::wall();
        let report = import(&database, &keys, &books, now, Arc::new(anggota::entropy::system()), &mut |_| ()).unwrap();
        (report, anggota::clock::wall().seconds() - begun.seconds())
    };

    let (report, seconds) = run();
    let peak = peak_megabytes();
    println!("imported {} entries in {seconds} s, peak {peak} MB", report.added);
    assert_eq!((report.members, report.accounts, report.entries, report.loans), (5_369, 4_500, 445_735, 682));
    assert_eq!(report.added, report.entries + report.loan_entries);
    assert_eq!((report.problems.len(), report.more_problems), (0, 0));
    assert!(seconds as u64 <= SECONDS * SLACK, "{seconds} s");
    assert!(peak <= MEGABYTES * SLACK, "{peak} MB");

    let expected: Expected =
        serde_json::from_reader(std::fs::File::open(books.join("expected.json")).unwrap()).unwrap();
    assert_eq!((expected.savings.len(), expected.loans.len()), (4_500, 682));
    assert_eq!(figures(&database, 0), expected.savings);
    assert_eq!(figures(&database, 1), expected.loans);
    let generations = || -> Vec<(i64, i64)> {
        let sql = "SELECT generation, count(*) FROM checkpoint GROUP BY generation";
        database
            .read(|c| {
                let mut statement = c.prepare(sql)?;
                let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
                Ok::<_, DatabaseError>(rows.collect::<Result<_, _>>()?)
            })
            .unwrap()
    };
    assert_eq!(generations(), [(1, 5_369)]);

    let (again, seconds) = run();
    println!("imported again in {seconds} s, peak {} MB", peak_megabytes());
    assert_eq!((again.added, again.problems.len(), again.entries), (0, 0, 445_735));
    assert_eq!(generations(), [(1, 5_369)]);
    assert!(seconds as u64 <= SECONDS * SLACK, "{seconds} s");
}

fn figures(database: &Database, kind: i64) -> BTreeMap<String, ExpectedAccount> {
    let sql =
        "SELECT a.account_no, m.member_no, a.seq, a.figure FROM account a JOIN member m USING (cooperative, member)
               WHERE a.cooperative = ?1 AND a.kind = ?2";
    database
        .read(|c| {
            let cooperative = Cooperative::find(c, None)?;
            let mut statement = c.prepare(sql)?;
            let rows = statement.query_map([cooperative.number, kind], |row| {
                let sen: i64 = row.get(3)?;
                assert_eq!(sen % 100, 0);
                let account = ExpectedAccount { member_no: row.get(1)?, seq: row.get(2)?, outstanding: sen / 100 };
                Ok((row.get(0)?, account))
            })?;
            Ok::<_, DatabaseError>(rows.collect::<Result<_, _>>()?)
        })
        .unwrap()
}
