//! The newest epoch that a cooperative's books ever had, noted beside its keys: a database from a backup does not know it,
//! and an epoch that phones have seen is never begun a second time.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;

use anggota::domain::CooperativeId;

use super::{KeyError, sync_folders};
use crate::cooperative::Cooperative;
use crate::database::create_private_folder;

const FILE: &str = "epoch";
/// Bytes of a number and what an editor may add to it.
const MAX_BYTES: u64 = 16;

/// The newest epoch; 0 when none was noted.
pub(crate) fn newest(folder: &Path, cooperative: &CooperativeId) -> Result<u64, KeyError> {
    let file = match File::open(folder.join(cooperative.as_str()).join(FILE)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(0),
        file => file.map_err(failed)?,
    };
    let mut text = Vec::new();
    file.take(MAX_BYTES).read_to_end(&mut text).map_err(failed)?;
    let number = std::str::from_utf8(&text).ok().and_then(|text| text.trim_end().parse::<u32>().ok());
    number.map(u64::from).ok_or(KeyError::EpochUnreadable)
}

/// Notes an epoch, durably, before the database keeps it. One that is not newer than the noted one changes nothing.
pub(crate) fn note(folder: &Path, cooperative: &Cooperative) -> Result<(), KeyError> {
    if newest(folder, &cooperative.id)? >= cooperative.epoch {
        return Ok(());
    }
    let own = folder.join(cooperative.id.as_str());
    let part = own.join("epoch.part");
    let write = || {
        create_private_folder(&own)?;
        let mut options = File::options();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&part)?;
        writeln!(file, "{}", cooperative.epoch)?;
        file.sync_all()?;
        fs::rename(&part, own.join(FILE))?;
        sync_folders(&own)
    };
    write().map_err(failed)
}

/// Holds that the database is of the newest epoch.
pub(crate) fn check(folder: &Path, cooperative: &Cooperative) -> Result<(), KeyError> {
    if newest(folder, &cooperative.id)? > cooperative.epoch { Err(KeyError::EpochBehind) } else { Ok(()) }
}

fn failed(error: io::Error) -> KeyError {
    KeyError::File(FILE, error)
}
