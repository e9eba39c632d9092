//! Small files that commands read and write. Never writes over a key, never leaves half a file under a name that is asked
//! for.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

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
    let part = write_part(path, bytes, false)?;
    fs::rename(part, path).map_err(failed)
}

/// Writes a private file whole, unless it is there already as it should be; never over another.
pub(crate) fn keep(path: &Path, bytes: &[u8]) -> Result<(), Refusal> {
    match fs::File::open(path) {
        Ok(file) => {
            let mut found = Vec::new();
            file.take(bytes.len() as u64 + 1).read_to_end(&mut found).map_err(failed)?;
            if found == bytes { Ok(()) } else { Err(exists()) }
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => create_whole(path, bytes),
        Err(error) => Err(failed(error)),
    }
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

/// Writes a private file under another name first, so that a name that is asked for never stands for half a file. A link
/// takes no name that somebody else made meanwhile, as a rename would.
fn create_whole(path: &Path, bytes: &[u8]) -> Result<(), Refusal> {
    let part = write_part(path, bytes, true)?;
    let linked = fs::hard_link(&part, path);
    fs::remove_file(&part).map_err(failed)?;
    linked.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => exists(),
        _ => failed(error),
    })
}

/// Writes what is to become a file beside it, and gives its name.
fn write_part(path: &Path, bytes: &[u8], is_private: bool) -> Result<PathBuf, Refusal> {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    // What a broken-off command left, or somebody put there to be written through.
    match fs::remove_file(&part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
        _ => {}
    }
    create(&part, bytes, is_private)?;
    Ok(part)
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{MetadataExt, symlink};

    use super::*;

    #[test]
    fn a_private_file_is_written_past_what_was_left_and_over_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a.part"), "half of what was").unwrap();
        keep(&at("a"), b"all of it").unwrap();
        assert_eq!(fs::read(at("a")).unwrap(), b"all of it");
        assert_eq!(at("a").metadata().unwrap().mode() & 0o777, 0o600);
        // Nor through a name that leads elsewhere.
        fs::write(at("other"), "another's").unwrap();
        symlink(at("other"), at("b.part")).unwrap();
        keep(&at("b"), b"ours").unwrap();
        assert_eq!((fs::read(at("other")).unwrap(), fs::read(at("b")).unwrap()), (b"another's".into(), b"ours".into()));
        // Made after it was looked for.
        assert_eq!(create_whole(&at("other"), b"ours").unwrap_err().code(), Code::NotPossible);
        assert_eq!(fs::read(at("other")).unwrap(), b"another's");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 3, "no part is left");
    }

    #[test]
    fn a_file_is_replaced_whole_and_never_written_through_a_link() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("other"), "another's").unwrap();
        for bytes in ["one", "two"] {
            symlink(at("other"), at("list.part")).unwrap();
            replace(&at("list"), bytes.as_bytes()).unwrap();
            let held = |name: &str| fs::read_to_string(at(name)).unwrap();
            assert_eq!((held("list").as_str(), held("other").as_str()), (bytes, "another's"));
            assert!(!at("list").is_symlink());
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "no part is left");
    }
}
