//! Books to import: generated ones, and those of a real bank where they lie beside the checkout.

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

/// Writes the books of a real bank, with `expected.json` beside them; false where their source is absent.
///
/// `ANGGOTA_PKDD99` names the source; without it `../shared/data/pkdd99` beside the checkout is looked for.
#[track_caller]
pub fn pkdd99(out: &Path) -> bool {
    let Some(script) = source() else {
        println!("skipped: the test on real books, because ../shared/data/pkdd99 is absent");
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
