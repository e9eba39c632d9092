//! Small files that commands read and write. Never writes over a key, never leaves half a file under a name that is asked
//! for.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

use anggota::protocol::problem::Code;

use crate::database::create_private_folder;
use crate::refusal::Refusal;

/// A file of at most `most` bytes, given for `field`.
pub(crate) fn read(path: &Path, most: usize, field: &'static str) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let file =
        fs::File::open(path).map_err(|_| Refusal::field(field, "Berkasnya tidak dapat dibaca; periksa namanya."))?;
    file.take(most as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > most {
        return Err(Refusal::field(field, "Berkasnya terlalu besar; periksa namanya."));
    }
    Ok(bytes)
}

/// Writes a file that is not there yet; a private one for this user alone.
pub(crate) fn create(path: &Path, bytes: &[u8], is_private: bool) -> Result<(), Refusal> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if is_private {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let mut file = options.open(path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => exists(),
        _ => failed(error),
    })?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)
}

/// Writes a file whole, in place of an earlier one.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Refusal> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    let write = || {
        let mut file = fs::File::create(&part)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&part, path)
    };
    write().map_err(failed)
}

/// Makes a folder for this user alone, unless it is there.
pub(crate) fn create_folder(folder: &Path) -> Result<(), Refusal> {
    create_private_folder(folder).map_err(failed)
}

pub(crate) fn exists() -> Refusal {
    Refusal::because(Code::NotPossible, "Berkas itu sudah ada dan tidak ditimpa; pakai folder lain.")
}

fn failed(error: io::Error) -> Refusal {
    Refusal::caused(Code::StoreWrite, error)
        .saying("Berkas tidak dapat ditulis; periksa foldernya dan sisa ruang penyimpanan.")
}
