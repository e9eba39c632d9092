//! What a federation and a cooperative say to each other about keys: the cooperative's entry, the federation's roots and
//! the trust list. Offline: the roots are never on the server that phones reach.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anggota::card::{Issuer, IssuerKey, KeyUse, TrustList};
use anggota::cose::{PublicKey, Signer, SoftwareSigner};
use anggota::domain::{CooperativeId, Timestamp};
use anggota::protocol::problem::Code;
use ring::rand::SecureRandom;
use rusqlite::Connection;

use crate::cards;
use crate::cooperative::Cooperative;
use crate::files;
use crate::refusal::Refusal;

/// A key is good for this long from the day it was made: ten years, in seconds. It ends earlier when a newer trust list
/// says so.
const KEY_LIFE: i64 = 10 * 366 * 86_400;
/// Bytes of a cooperative's name in the trust list.
const MAX_NAME: usize = 100;

/// This cooperative's entry for the trust list.
pub fn issuer(connection: &Connection, cooperative: &Cooperative) -> Result<Issuer, Refusal> {
    let mut statement = connection
        .prepare("SELECT kid, use, public_key, not_before FROM issuer_key WHERE cooperative = ?1 ORDER BY kid")?;
    let mut rows = statement.query([cooperative.number])?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        let (public, not_before): (Vec<u8>, i64) = (row.get(2)?, row.get(3)?);
        keys.push(IssuerKey {
            kid: row.get(0)?,
            key: PublicKey::from_sec1(&public)?,
            usage: usage_of(row.get(1)?)?,
            not_before,
            not_after: not_before + KEY_LIFE,
            revoked_at: None,
        });
    }
    // Every member has had a checkpoint by the newest key since it was made: those before it have no more to say.
    let newest = keys.iter().filter(|key| key.usage == KeyUse::Checkpoint).map(|key| (key.kid, key.not_before)).max();
    if let Some((kid, at)) = newest {
        let former = |key: &&mut IssuerKey| key.usage == KeyUse::Checkpoint && key.kid < kid;
        keys.iter_mut().filter(former).for_each(|key| key.revoked_at = Some(at));
    }
    let uri = cards::status_uri(&cooperative.id);
    let name = cooperative.name.as_str();
    let name = name[..name.floor_char_boundary(MAX_NAME)].trim_end();
    Issuer::new(cooperative.id.clone(), name, &uri, keys, Vec::new()).map_err(|error| {
        Refusal::caused(Code::InvalidInput, error).saying(
            "Keterangan koperasi tidak dapat dibuat; periksa nama koperasi di cooperative.csv, lalu impor lagi.",
        )
    })
}

fn usage_of(number: u8) -> Result<KeyUse, anggota::domain::Invalid> {
    const UNKNOWN: anggota::domain::Invalid = anggota::domain::Invalid("a key's use is one of the known numbers");
    [KeyUse::Card, KeyUse::Status, KeyUse::Checkpoint].into_iter().find(|usage| *usage as u8 == number).ok_or(UNKNOWN)
}

/// The files that [`keygen`] wrote, and how many bytes in all.
pub struct Roots {
    /// Two private keys (PKCS#8, mode 0600) and their public halves (hex).
    pub files: Vec<PathBuf>,
    /// Their bytes.
    pub bytes: usize,
}

/// Makes the federation's two root keys, one to use and one to lock away. Never writes over one.
pub fn keygen(folder: &Path, rng: &Arc<dyn SecureRandom + Send + Sync>) -> Result<Roots, Refusal> {
    let mut roots = Roots { files: Vec::new(), bytes: 0 };
    let paths = [0, 1].map(|n| (folder.join(format!("root-{n}.key")), folder.join(format!("root-{n}.pub"))));
    if paths.iter().any(|(private, public)| private.exists() || public.exists()) {
        return Err(files::exists());
    }
    files::create_folder(folder)?;
    for (private, public) in paths {
        let pkcs8 = SoftwareSigner::generate_pkcs8(&**rng)?;
        let signer = SoftwareSigner::from_pkcs8(&pkcs8, Arc::clone(rng))?;
        let hex = format!("{}\n", data_encoding::HEXLOWER.encode(signer.public_key().as_bytes()));
        files::create(&private, &pkcs8, true)?;
        files::create(&public, hex.as_bytes(), false)?;
        roots.bytes += pkcs8.len() + hex.len();
        roots.files.extend([private, public]);
    }
    Ok(roots)
}

/// What a trust list is signed from.
pub struct Signing<'a> {
    /// The federation's own id.
    pub federation: &'a CooperativeId,
    /// Higher than that of every list signed before, by either root.
    pub seq: u64,
    /// The signing root's number, for people.
    pub root: u8,
    /// The cooperatives' entries, as [`issuer`] makes them.
    pub issuers: &'a [Issuer],
}

/// Signs the trust list.
pub fn sign(signing: &Signing<'_>, signer: &dyn Signer, now: Timestamp) -> Result<Vec<u8>, Refusal> {
    let Signing { federation, seq, root, issuers } = signing;
    TrustList::sign(federation, *seq, now.seconds(), issuers, *root, signer).map_err(|error| {
        Refusal::caused(Code::InvalidInput, error).saying(
            "Daftar kepercayaan tidak dapat dibuat dari isian ini; periksa --issuer (tiap koperasi satu kali) dan --seq.",
        )
    })
}

/// Reads a root's private key.
pub fn read_root(path: &Path, rng: &Arc<dyn SecureRandom + Send + Sync>) -> Result<SoftwareSigner, Refusal> {
    let pkcs8 = zeroize::Zeroizing::new(files::read(path, anggota::cose::MAX_PKCS8, "root")?);
    SoftwareSigner::from_pkcs8(&pkcs8, Arc::clone(rng)).map_err(|_| {
        Refusal::field(
            "root",
            "Berkas --root bukan kunci induk; pakai root-0.key atau root-1.key dari federation keygen.",
        )
    })
}

/// Reads a cooperative's entry.
pub fn read_issuer(path: &Path) -> Result<Issuer, Refusal> {
    let bytes = files::read(path, anggota::card::MAX_TRUST_LIST, "issuer")?;
    Issuer::from_bytes(&bytes).map_err(|_| {
        Refusal::field("issuer", "Berkas --issuer bukan keterangan koperasi; minta lagi hasil export issuer.")
    })
}
