//! The federation's root keys on a desktop: what an app has built in stands here in a file of the data folder.
//!
//! They matter only to enrolments that follow the federation's trust list; others hold to the key they pinned.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anggota::cose::PublicKey;
use anggota::protocol::problem::Code;
use data_encoding::HEXLOWER;

use crate::failure::Failure;
use crate::files;

/// One root key in hex on each line. Its point keeps it apart from the folders of cooperatives.
const FILE: &str = "federation.roots";
/// More root keys than any federation has.
const MAX_ROOTS: usize = 64;
/// A key of 65 bytes in hex, and a line end.
const LINE: usize = 131;

/// The roots that are trusted in this data folder.
pub(crate) fn load(data_dir: &Path) -> Result<Vec<PublicKey>, Failure> {
    let text = match files::read_up_to(&data_dir.join(FILE), MAX_ROOTS * LINE) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(vec![]),
        read => read.map_err(|_| unreadable())?,
    };
    let lines = text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty());
    lines.map(|line| files::point(line).ok_or_else(unreadable)).collect()
}

/// Trusts the roots in these files too, from now on and before any enrolment relies on them.
pub(crate) fn add(data_dir: &Path, given: &[PathBuf]) -> Result<(), Failure> {
    let mut roots = load(data_dir)?;
    for file in given {
        let root = files::root_key(file)?;
        if !roots.contains(&root) {
            roots.push(root);
        }
    }
    if roots.len() > MAX_ROOTS {
        let sentence = "Terlalu banyak kunci induk; hapus berkas federation.roots di folder data lalu coba lagi.";
        return Err(Failure::saying(Code::InvalidInput, sentence).field("root"));
    }
    let text: String = roots.iter().map(|root| HEXLOWER.encode(root.as_bytes()) + "\n").collect();
    write(data_dir, &text).map_err(|_| Failure::new(Code::StoreWrite))
}

fn write(data_dir: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(data_dir)?;
    let draft = data_dir.join(format!("{FILE}.new"));
    let mut file = File::create(&draft)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&draft, data_dir.join(FILE))?;
    File::open(data_dir)?.sync_all()
}

fn unreadable() -> Failure {
    let sentence = "Berkas federation.roots di folder data rusak; hapus lalu daftar lagi dengan --root.";
    Failure::saying(Code::StoreUnreadable, sentence)
}
