//! The member's phone on this computer: where its data lies, which enrolment is meant, and how it is opened.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anggota::client::{self, Client, OpenOptions, ProfileId};
use anggota::keys::SoftwareKeys;
use anggota::protocol::problem::Code;

use crate::args::Global;
use crate::failure::Failure;
use crate::roots;

/// The folder of the software keys. Its point keeps it apart from the folders of cooperatives, whose ids have none.
const KEYS: &str = "device.keys";

/// The folder of all enrolments: the one given, or `anggota` in the XDG data home.
pub(crate) fn data_dir(global: &Global) -> Result<PathBuf, Failure> {
    if let Some(given) = &global.data_dir {
        return Ok(given.clone());
    }
    let from = |variable: &str| std::env::var_os(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    from("XDG_DATA_HOME")
        .or_else(|| from("HOME").map(|home| home.join(".local/share")))
        .map(|home| home.join("anggota"))
        .ok_or_else(|| {
            Failure::saying(Code::Usage, "Folder data tidak diketahui; sebutkan dengan --data-dir.").field("data-dir")
        })
}

/// The enrolment that is meant: the one named, or the only one.
fn choose(data_dir: &Path, named: Option<&ProfileId>) -> Result<ProfileId, Failure> {
    let mut held = client::profiles(data_dir)?;
    match named {
        _ if held.is_empty() => Err(Failure::new(Code::NotEnrolled)),
        Some(named) if held.contains(named) => Ok(named.clone()),
        Some(_) => {
            let sentence = "Keanggotaan itu tidak terdaftar di perangkat ini; periksa isian --profile.";
            Err(Failure::saying(Code::Unknown, sentence).field("profile"))
        }
        None if held.len() == 1 => Ok(held.remove(0)),
        None => Err(Failure::new(Code::ProfileAmbiguous).field("profile")),
    }
}

/// What the core needs from a desktop: software keys beside the data, and the federation roots it was told of.
pub(crate) fn options(data_dir: PathBuf) -> Result<OpenOptions, Failure> {
    let keys = SoftwareKeys::open(&data_dir.join(KEYS)).map_err(|error| {
        tracing::warn!(%error, "the software keys cannot be used");
        Failure::new(Code::KeyFailed)
    })?;
    let trust_roots = roots::load(&data_dir)?;
    Ok(OpenOptions { data_dir, vault: Arc::clone(&keys) as _, device_key: keys, trust_roots, tls_roots: vec![] })
}

/// Opens the enrolment that is meant.
pub(crate) fn open(global: &Global) -> Result<Client, Failure> {
    let data_dir = data_dir(global)?;
    let profile = choose(&data_dir, global.profile.as_ref())?;
    Ok(Client::open(options(data_dir)?, &profile)?)
}

/// Opens the enrolment that is meant for a sync: a store of which some could not be read is looked at as a whole first.
pub(crate) fn open_for_sync(global: &Global) -> Result<Client, Failure> {
    let data_dir = data_dir(global)?;
    let profile = choose(&data_dir, global.profile.as_ref())?;
    if client::needs_rescue(&data_dir, &profile) {
        return rescue(global);
    }
    match Client::open(options(data_dir)?, &profile) {
        Err(fault) if fault.code() == Code::StoreUnreadable => rescue(global),
        opened => Ok(opened?),
    }
}

/// Opens the enrolment that is meant; a store that cannot be used is built anew first.
pub(crate) fn rescue(global: &Global) -> Result<Client, Failure> {
    let data_dir = data_dir(global)?;
    let profile = choose(&data_dir, global.profile.as_ref())?;
    let (client, rescued) = Client::rescue(options(data_dir)?, &profile)?;
    if let Some(rescued) = rescued {
        tracing::warn!(commands = rescued.commands, whole = rescued.outbox_whole, "the store was built anew");
    }
    Ok(client)
}

/// Closes after a command that wrote. What was written is safe before; only tidying can fail here.
pub(crate) async fn close(client: Client) {
    if let Err(error) = client.shut_down().await {
        tracing::warn!(code = error.code().as_str(), "the store was not tidied up");
    }
}
