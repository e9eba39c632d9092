//! Keys in files, for desktops and tests: no hardware protects them, only the file's mode.

use std::collections::HashMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use zeroize::Zeroizing;

use super::{DeviceKey, KeyError, KeyRole, KeyVault};
use crate::entropy;

type Result<T> = std::result::Result<T, KeyError>;

const MAX_SECRET: usize = 1024;

/// A vault and a device key in a folder of files of mode 0600.
pub struct SoftwareKeys {
    folder: PathBuf,
    vault: LessSafeKey,
    rng: SystemRandom,
    pairs: Mutex<HashMap<PathBuf, Arc<EcdsaKeyPair>>>,
}

impl SoftwareKeys {
    /// Opens the folder, making it and its vault key when they are not there.
    pub fn open(folder: &Path) -> Result<Arc<Self>> {
        std::fs::create_dir_all(folder).map_err(|e| failed("the key folder cannot be made", &e))?;
        let rng = entropy::system();
        let secret = load_or_create(&folder.join("vault.key"), || {
            let mut secret = Zeroizing::new(vec![0; 32]);
            rng.fill(&mut secret).map_err(|_| KeyError("no randomness".into()))?;
            Ok(secret)
        })?;
        let key = UnboundKey::new(&AES_256_GCM, &secret).map_err(|_| KeyError("the vault key is damaged".into()))?;
        Ok(Arc::new(Self { folder: folder.to_owned(), vault: LessSafeKey::new(key), rng, pairs: Mutex::default() }))
    }

    fn file(&self, alias: &str, role: KeyRole) -> PathBuf {
        let role = match role {
            KeyRole::Device => "device",
            KeyRole::Approval => "approval",
        };
        self.folder.join(format!("{alias}.{role}.key"))
    }

    fn pair(&self, alias: &str, role: KeyRole) -> Result<Arc<EcdsaKeyPair>> {
        let file = self.file(alias, role);
        if let Some(pair) = self.pairs.lock().unwrap_or_else(PoisonError::into_inner).get(&file) {
            return Ok(pair.clone());
        }
        let document = load_or_create(&file, || {
            let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &self.rng)
                .map_err(|_| KeyError("no key could be made".into()))?;
            self.wrap(document.as_ref()).map(Zeroizing::new)
        })?;
        let document = self.unwrap(&document)?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &document, &self.rng)
            .map_err(|_| KeyError("the device key is damaged".into()))?;
        let pair = Arc::new(pair);
        self.pairs.lock().unwrap_or_else(PoisonError::into_inner).insert(file, pair.clone());
        Ok(pair)
    }
}

impl KeyVault for SoftwareKeys {
    fn wrap(&self, secret: &[u8]) -> Result<Vec<u8>> {
        if secret.len() > MAX_SECRET {
            return Err(KeyError("the secret is too long for the vault".into()));
        }
        let mut nonce = [0; NONCE_LEN];
        self.rng.fill(&mut nonce).map_err(|_| KeyError("no randomness".into()))?;
        let mut sealed = secret.to_vec();
        self.vault
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed)
            .map_err(|_| KeyError("the vault could not wrap".into()))?;
        Ok([&nonce[..], &sealed].concat())
    }

    fn unwrap(&self, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let damaged = || KeyError("the wrapped secret is damaged or of another vault".into());
        let (nonce, sealed) = wrapped.split_first_chunk::<NONCE_LEN>().ok_or_else(damaged)?;
        let mut secret = Zeroizing::new(sealed.to_vec());
        let length = self
            .vault
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::empty(), &mut secret)
            .map_err(|_| damaged())?
            .len();
        secret.truncate(length);
        Ok(secret)
    }
}

impl DeviceKey for SoftwareKeys {
    fn public_key(&self, alias: &str, role: KeyRole) -> Result<Vec<u8>> {
        Ok(self.pair(alias, role)?.public_key().as_ref().to_vec())
    }

    fn sign(&self, alias: &str, role: KeyRole, message: &[u8]) -> Result<Vec<u8>> {
        let signature = self.pair(alias, role)?.sign(&self.rng, message);
        Ok(signature.map_err(|_| KeyError("the key could not sign".into()))?.as_ref().to_vec())
    }

    fn forget(&self, alias: &str) -> Result<()> {
        for role in [KeyRole::Device, KeyRole::Approval] {
            let file = self.file(alias, role);
            self.pairs.lock().unwrap_or_else(PoisonError::into_inner).remove(&file);
            match std::fs::remove_file(&file) {
                Ok(()) => {}
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
                Err(e) => return Err(failed("a key file cannot be removed", &e)),
            }
        }
        Ok(())
    }
}

fn failed(what: &str, source: &std::io::Error) -> KeyError {
    KeyError(format!("{what}: {}", source.kind()))
}

/// Reads a secret file, or makes it whole: written beside its place, synced, then renamed.
fn load_or_create(file: &Path, make: impl FnOnce() -> Result<Zeroizing<Vec<u8>>>) -> Result<Zeroizing<Vec<u8>>> {
    match std::fs::read(file) {
        Ok(bytes) => return Ok(Zeroizing::new(bytes)),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
        Err(e) => return Err(failed("a key file cannot be read", &e)),
    }
    let secret = make()?;
    let draft = file.with_extension(format!("{}.new", std::process::id()));
    let written = (|| {
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut out = options.open(&draft)?;
        out.write_all(&secret)?;
        out.sync_all()?;
        // Another process may have been first: its key stays.
        match std::fs::hard_link(&draft, file) {
            Err(e) if e.kind() != std::io::ErrorKind::AlreadyExists => Err(e),
            _ => std::fs::remove_file(&draft),
        }
    })();
    written.map_err(|e| failed("a key file cannot be written", &e))?;
    std::fs::read(file).map(Zeroizing::new).map_err(|e| failed("a key file cannot be read", &e))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrapped_opens_again_and_only_unchanged() {
        let folder = tempfile::tempdir().unwrap();
        let keys = SoftwareKeys::open(folder.path()).unwrap();
        let wrapped = keys.wrap(b"secret").unwrap();
        assert_eq!(SoftwareKeys::open(folder.path()).unwrap().unwrap(&wrapped).unwrap().as_slice(), b"secret");
        for place in 0..wrapped.len() {
            let mut changed = wrapped.clone();
            changed[place] ^= 1;
            assert!(keys.unwrap(&changed).is_err());
        }
    }

    #[test]
    fn a_key_stays_the_same_until_it_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let public =
            |alias: &str| SoftwareKeys::open(folder.path()).unwrap().public_key(alias, KeyRole::Device).unwrap();
        let first = public("a");
        assert_eq!(first, public("a"));
        assert_ne!(first, public("b"));
        SoftwareKeys::open(folder.path()).unwrap().forget("a").unwrap();
        assert_ne!(first, public("a"));
    }
}
