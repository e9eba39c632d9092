//! Books to import: generated ones, and those of a real bank where they lie beside the checkout.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anggota_books::{Options, Summary};

use crate::{PATIENCE, Process};

/// Writes generated books.
#[track_caller]
pub fn generate(options: &Options, out: &Path) -> Summary {
    std::fs::create_dir_all(out).unwrap();
    anggota_books::generate(options, out).unwrap()
}

/// Writes generated books of the cooperative `contoh`, one member for up to 8 accounts.
#[track_caller]
pub fn generated(seed: u64, entries: u64, accounts: u32, loans: u32, out: &Path) -> Summary {
    generate(&Options { seed, entries, accounts, loans, ..Options::default() }, out)
}

/// The numbers of all members, in the order of the books.
#[track_caller]
pub fn members(books: &Path) -> Vec<String> {
    let mut members = csv::Reader::from_path(books.join("members.csv")).unwrap();
    let place = members.headers().unwrap().iter().position(|column| column == "member_no").unwrap();
    members.records().map(|row| row.unwrap()[place].to_owned()).collect()
}

/// Writes the same books as they were earlier: of each account's and each loan's entries only the first half.
#[track_caller]
pub fn first_half(whole: &Path, half: &Path) {
    std::fs::create_dir_all(half).unwrap();
    for file in std::fs::read_dir(whole).unwrap() {
        let file = file.unwrap();
        let name = file.file_name().into_string().unwrap();
        if name.ends_with("_entries.csv") {
            write_half(&file.path(), &half.join(name));
        } else if name.ends_with(".csv") {
            std::fs::copy(file.path(), half.join(name)).unwrap();
        }
    }
}

/// Writes the books of a real bank, with `expected.json` beside them; false where their source is absent.
///
/// `ANGGOTA_PKDD99` names the source; without it `../shared/data/pkdd99` beside the checkout is looked for.
#[track_caller]
pub fn pkdd99(out: &Path) -> bool {
    let Some(script) = source() else {
        crate::skipped("the test on real books, because ../shared/data/pkdd99 is absent");
        return false;
    };
    let mut python = Command::new("python3");
    python.arg(script).arg(out).env("PYTHONDONTWRITEBYTECODE", "1");
    Process::spawn(&mut python).wait(PATIENCE).ok();
    true
}

fn source() -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/pkdd99");
    let folder = std::env::var_os("ANGGOTA_PKDD99").map_or_else(beside, PathBuf::from);
    Some(folder.join("to_books.py")).filter(|script| script.is_file())
}

fn write_half(whole: &Path, half: &Path) {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for row in csv::Reader::from_path(whole).unwrap().records() {
        *counts.entry(row.unwrap()[0].to_owned()).or_default() += 1;
    }
    let mut reader = csv::Reader::from_path(whole).unwrap();
    let mut writer = csv::Writer::from_path(half).unwrap();
    writer.write_record(reader.headers().unwrap()).unwrap();
    let mut taken: HashMap<String, usize> = HashMap::new();
    for row in reader.records() {
        let row = row.unwrap();
        let place = taken.entry(row[0].to_owned()).or_default();
        *place += 1;
        if *place <= counts[&row[0]].div_ceil(2) {
            writer.write_record(&row).unwrap();
        }
    }
    writer.flush().unwrap();
}
