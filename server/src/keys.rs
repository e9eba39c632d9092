//! The three private keys of a cooperative: cards, status lists, checkpoints.
//!
//! Each is a file of mode 0600 in `DIR/<cooperative>/`, beside the note of the newest epoch; the database holds the public
//! halves only. Never writes over a key, never makes one where the database already knows a public half: a lost key is
//! restored from a backup, since phones and cards hold to the old one.

pub(crate) mod epoch;
pub mod rotation;

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anggota::cose::{CoseError, MAX_PKCS8, PublicKey, Signer, SoftwareSigner};
use anggota::domain::Timestamp;
use ring::rand::SecureRandom;
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use zeroize::Zeroizing;

use crate::cooperative::Cooperative;
use crate::database::{DatabaseError, create_private_folder};

/// What a key signs. The numbers are those of the trust list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum KeyUse {
    /// Membership cards.
    Card = 1,
    /// The status list of cards.
    Status = 2,
    /// Checkpoints and freshness statements.
    Checkpoint = 3,
}

impl KeyUse {
    const ALL: [Self; 3] = [Self::Card, Self::Status, Self::Checkpoint];

    const fn file(self) -> &'static str {
        match self {
            Self::Card => "card.key",
            Self::Status => "status.key",
            Self::Checkpoint => "checkpoint.key",
        }
    }

    /// The file of the key with that number: the first has the use's own name, a later one its number too.
    fn file_of(self, kid: u8) -> String {
        if kid == self as u8 { self.file().to_owned() } else { self.file().replace(".key", &format!("-{kid}.key")) }
    }
}

/// Why the keys cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// The database knows a public key whose private half is not there.
    #[error("{0} is missing; put the backup of this cooperative's keys into the folder of --keys")]
    Missing(&'static str),
    /// Another key than the one the database knows.
    #[error("{0} is not the key this database was made with; name the right folder with --keys")]
    Different(&'static str),
    /// Not a private key, or one that was damaged.
    #[error("{0} is not a private key; put the backup of this cooperative's keys into the folder of --keys")]
    Unreadable(&'static str, #[source] CoseError),
    /// Other users of the machine may read it.
    #[error("{0} may be read by others; run chmod 600 on the files in the folder of --keys")]
    Exposed(&'static str),
    /// The file system refused.
    #[error("{0} cannot be read or written; check the folder of --keys")]
    File(&'static str, #[source] io::Error),
    /// The database is older than the newest epoch that is noted beside the keys.
    #[error("the database is older than an epoch that phones have seen; run anggota-server epoch new --reason TEXT")]
    EpochBehind,
    /// The note of the newest epoch was damaged.
    #[error("the file epoch holds no number; put the backup of this cooperative's keys into the folder of --keys")]
    EpochUnreadable,
    /// No key was ever made for this cooperative.
    #[error("this cooperative has no keys yet; import its books first")]
    None,
    /// No randomness.
    #[error("a key could not be made; try again")]
    Making(#[source] CoseError),
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<rusqlite::Error> for KeyError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.into())
    }
}

/// A private key and its number in the trust list.
#[derive(Debug)]
pub struct IssuerKey {
    /// Unique within the cooperative, never reused.
    pub kid: u8,
    /// Signs with it.
    pub signer: SoftwareSigner,
}

/// The keys of one cooperative.
#[derive(Debug)]
pub struct IssuerKeys {
    /// Signs cards.
    pub card: IssuerKey,
    /// Signs the status list.
    pub status: IssuerKey,
    /// Signs checkpoints and freshness statements.
    pub checkpoint: IssuerKey,
}

type Rng = Arc<dyn SecureRandom + Send + Sync>;

impl IssuerKeys {
    /// Reads the keys of `cooperative` from `folder`, the folder of all cooperatives, and holds them against the public
    /// halves in the database.
    pub fn load(
        connection: &Connection,
        folder: &Path,
        cooperative: &Cooperative,
        rng: &Rng,
    ) -> Result<Self, KeyError> {
        Self::all(|of| {
            let (kid, public) = known(connection, cooperative, of)?.ok_or(KeyError::None)?;
            let path = folder.join(cooperative.id.as_str()).join(of.file_of(kid));
            let signer = read(&path, of, rng)?.ok_or(KeyError::Missing(of.file()))?;
            check(of, &signer, &public)?;
            Ok(IssuerKey { kid, signer })
        })
    }

    /// As [`IssuerKeys::load`]; makes the keys the database does not know yet. A file that is there already is taken: its
    /// import was cut between the file and the database.
    pub fn load_or_create(
        transaction: &Transaction<'_>,
        folder: &Path,
        cooperative: &Cooperative,
        now: Timestamp,
        rng: &Rng,
    ) -> Result<Self, KeyError> {
        let own = folder.join(cooperative.id.as_str());
        Self::all(|of| {
            let known = known(transaction, cooperative, of)?;
            if let Some((kid, public)) = known {
                let signer = read(&own.join(of.file_of(kid)), of, rng)?.ok_or(KeyError::Missing(of.file()))?;
                check(of, &signer, &public)?;
                return Ok(IssuerKey { kid, signer });
            }
            // The first keys carry the numbers of their uses; a later one takes the next free number.
            let kid = of as u8;
            let key = IssuerKey { kid, signer: read_or_create(&own, of, kid, rng)? };
            insert(transaction, cooperative, of, &key, now)?;
            Ok(key)
        })
    }

    fn all(mut one: impl FnMut(KeyUse) -> Result<IssuerKey, KeyError>) -> Result<Self, KeyError> {
        let [card, status, checkpoint] = KeyUse::ALL.map(&mut one);
        Ok(Self { card: card?, status: status?, checkpoint: checkpoint? })
    }
}

/// The public half of one of the cooperative's keys by its number, whatever its use: for what was signed before.
pub fn public_key(connection: &Connection, cooperative: &Cooperative, kid: u8) -> Result<Option<PublicKey>, KeyError> {
    let mut statement =
        connection.prepare_cached("SELECT public_key FROM issuer_key WHERE cooperative = ?1 AND kid = ?2")?;
    let bytes: Option<Vec<u8>> = statement.query_row((cooperative.number, kid), |row| row.get(0)).optional()?;
    bytes.map(|bytes| PublicKey::from_sec1(&bytes).map_err(|_| damaged())).transpose()
}

/// The newest key of a use.
fn known(connection: &Connection, cooperative: &Cooperative, of: KeyUse) -> Result<Option<(u8, PublicKey)>, KeyError> {
    let mut statement = connection.prepare_cached(
        "SELECT kid, public_key FROM issuer_key WHERE cooperative = ?1 AND use = ?2 ORDER BY kid DESC LIMIT 1",
    )?;
    let found: Option<(u8, Vec<u8>)> =
        statement.query_row((cooperative.number, of as u8), |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    found.map(|(kid, bytes)| Ok((kid, PublicKey::from_sec1(&bytes).map_err(|_| damaged())?))).transpose()
}

fn damaged() -> KeyError {
    KeyError::Database(DatabaseError::Damaged(anggota::domain::Invalid("a public key is a point of P-256")))
}

fn check(of: KeyUse, signer: &SoftwareSigner, public: &PublicKey) -> Result<(), KeyError> {
    if signer.public_key() == public { Ok(()) } else { Err(KeyError::Different(of.file())) }
}

fn insert(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    of: KeyUse,
    key: &IssuerKey,
    now: Timestamp,
) -> Result<(), KeyError> {
    let public = key.signer.public_key().as_bytes().as_slice();
    transaction.execute(
        "INSERT INTO issuer_key (cooperative, kid, use, public_key, not_before) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![cooperative.number, key.kid, of as u8, public, now.seconds()],
    )?;
    Ok(())
}

/// The number of the newest checkpoint key.
pub(crate) fn newest(connection: &Connection, cooperative: &Cooperative) -> Result<Option<u8>, KeyError> {
    Ok(known(connection, cooperative, KeyUse::Checkpoint)?.map(|(kid, _)| kid))
}

fn read(path: &Path, of: KeyUse, rng: &Rng) -> Result<Option<SoftwareSigner>, KeyError> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file.map_err(|e| KeyError::File(of.file(), e))?,
    };
    if is_exposed(&file).map_err(|e| KeyError::File(of.file(), e))? {
        return Err(KeyError::Exposed(of.file()));
    }
    let mut pkcs8 = Zeroizing::new(Vec::with_capacity(MAX_PKCS8 + 1));
    file.take(MAX_PKCS8 as u64 + 1).read_to_end(&mut pkcs8).map_err(|e| KeyError::File(of.file(), e))?;
    let signer = SoftwareSigner::from_pkcs8(&pkcs8, rng.clone()).map_err(|e| KeyError::Unreadable(of.file(), e))?;
    Ok(Some(signer))
}

#[cfg(unix)]
fn is_exposed(file: &File) -> io::Result<bool> {
    Ok(std::os::unix::fs::MetadataExt::mode(&file.metadata()?) & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_exposed(_: &File) -> io::Result<bool> {
    Ok(false)
}

/// The private key of a file; made where there is none.
fn read_or_create(folder: &Path, of: KeyUse, kid: u8, rng: &Rng) -> Result<SoftwareSigner, KeyError> {
    let path = folder.join(of.file_of(kid));
    match read(&path, of, rng)? {
        Some(signer) => Ok(signer),
        None => create(folder, &path, of, rng),
    }
}

fn create(folder: &Path, path: &Path, of: KeyUse, rng: &Rng) -> Result<SoftwareSigner, KeyError> {
    let pkcs8 = SoftwareSigner::generate_pkcs8(&**rng).map_err(KeyError::Making)?;
    let mut random = [0; 8];
    rng.fill(&mut random).map_err(|_| KeyError::Making(CoseError::SigningFailed))?;
    let temporary = folder.join(format!("{}.{}", of.file(), data_encoding::HEXLOWER.encode(&random)));
    let placed = place(folder, &temporary, path, &pkcs8);
    placed.map_err(|e| KeyError::File(of.file(), e))?;
    // Read back: what stands in the file is what will sign.
    read(path, of, rng)?.ok_or(KeyError::Missing(of.file()))
}

/// Puts a whole, durable file at `path`, or leaves the one that is there: a link, unlike a rename, never writes over it.
fn place(folder: &Path, temporary: &PathBuf, path: &Path, content: &[u8]) -> io::Result<()> {
    create_private_folder(folder)?;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(temporary)?;
    let linked = file.write_all(content).and_then(|()| file.sync_all()).and_then(|()| fs::hard_link(temporary, path));
    fs::remove_file(temporary)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
        _ => {}
    }
    // The names are durable too before the database learns of the key.
    sync_folders(folder)
}

/// Makes the names in a cooperative's folder durable, and the folder's own.
fn sync_folders(folder: &Path) -> io::Result<()> {
    #[cfg(unix)]
    for folder in [Some(folder), folder.parent()].into_iter().flatten() {
        // The parent of a folder that is named alone.
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        File::open(folder)?.sync_all()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
