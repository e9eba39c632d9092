//! Files that options name: read whole, never longer than such a file can be.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anggota::cose::PublicKey;
use anggota::protocol::problem::Code;
use data_encoding::HEXLOWER_PERMISSIVE;

use crate::failure::Failure;

/// The largest file of a public key: its 65 bytes in hex, and line ends.
const MAX_KEY_FILE: usize = 256;

/// A file given by an option, up to the byte after `most`, so that whoever reads it sees that it is too long.
pub(crate) fn read(file: &Path, most: usize, option: &str) -> Result<Vec<u8>, Failure> {
    read_up_to(file, most).map_err(|_| {
        let sentence = format!("Berkas --{option} tidak dapat dibaca; periksa nama dan izinnya.");
        Failure::saying(Code::InvalidInput, sentence).field(option)
    })
}

/// A file, up to the byte after `most`.
pub(crate) fn read_up_to(file: &Path, most: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(file)?.take(most as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// A federation's root key: a file of its uncompressed point in hex, as the federation's command writes it.
pub(crate) fn root_key(file: &Path) -> Result<PublicKey, Failure> {
    let bytes = read(file, MAX_KEY_FILE, "root")?;
    point(bytes.trim_ascii()).ok_or_else(|| {
        let sentence = "Berkas --root bukan kunci induk federasi; minta lagi dari federasi.";
        Failure::saying(Code::InvalidInput, sentence).field("root")
    })
}

/// A public key in hex.
pub(crate) fn point(hex: &[u8]) -> Option<PublicKey> {
    PublicKey::from_sec1(&HEXLOWER_PERMISSIVE.decode(hex).ok()?).ok()
}
