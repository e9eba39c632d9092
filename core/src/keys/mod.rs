//! The two things a shell gives the core: a vault that wraps small secrets and a key that signs.
//!
//! Both may be hardware, may take seconds and may ask their user; they are never called while a lock or a
//! transaction is held, and never for longer than [`LIMIT`].

mod software;

use std::sync::Arc;
use std::time::Duration;

use zeroize::Zeroizing;

pub use software::SoftwareKeys;

use crate::cose::{self, CoseError, PublicKey, Signature, Signer};
use crate::error::{Error, Result};
use crate::protocol::problem::Code;

/// How long a vault or a key may take.
pub const LIMIT: Duration = Duration::from_secs(20);

/// A vault or a key failed; the text is the platform's and must hold no secret.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct KeyError(pub String);

/// Wraps small secrets so that only this device can unwrap them (Android Keystore, iOS Keychain).
pub trait KeyVault: Send + Sync {
    /// Encrypts a secret of at most 1 KiB.
    fn wrap(&self, secret: &[u8]) -> std::result::Result<Vec<u8>, KeyError>;
    /// Decrypts what [`KeyVault::wrap`] gave.
    fn unwrap(&self, wrapped: &[u8]) -> std::result::Result<Zeroizing<Vec<u8>>, KeyError>;
}

/// Which of a profile's keys signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyRole {
    /// No prompt: proofs of possession, the outbox, the card.
    Device,
    /// The user authenticates each time.
    Approval,
}

/// P-256 keys that never leave the device's hardware, by profile (alias) and role.
pub trait DeviceKey: Send + Sync {
    /// The public key, 65 bytes uncompressed; makes the key when there is none.
    fn public_key(&self, alias: &str, role: KeyRole) -> std::result::Result<Vec<u8>, KeyError>;
    /// The DER signature (ECDSA with SHA-256) of `message`.
    fn sign(&self, alias: &str, role: KeyRole, message: &[u8]) -> std::result::Result<Vec<u8>, KeyError>;
    /// Forgets the profile's keys, when the member leaves. What is not there is no error.
    fn forget(&self, alias: &str) -> std::result::Result<(), KeyError>;
}

/// Runs a call into the shell on a thread of its own and gives up after [`LIMIT`]; the caller must be allowed to block.
pub(crate) fn bounded<T: Send + 'static>(
    call: impl FnOnce() -> std::result::Result<T, KeyError> + Send + 'static,
) -> Result<T> {
    let (sender, receiver) = std::sync::mpsc::sync_channel(1);
    let spawned = std::thread::Builder::new().name("anggota-key".into()).spawn(move || {
        // Nobody listens any more once the limit has passed.
        let _late = sender.send(call());
    });
    spawned.map_err(|source| Error::because(Code::KeyFailed, source))?;
    match receiver.recv_timeout(LIMIT) {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(fault)) => Err(Error::because(Code::KeyFailed, fault)),
        Err(_) => Err(Error::new(Code::KeyFailed).detail("the key did not answer in time")),
    }
}

/// A profile's device key as a signer of COSE messages and proofs. Blocks: for blocking threads only.
pub(crate) struct ProfileSigner {
    keys: Arc<dyn DeviceKey>,
    alias: Arc<str>,
    public: PublicKey,
}

impl ProfileSigner {
    pub(crate) fn new(keys: Arc<dyn DeviceKey>, alias: &str) -> Result<Self> {
        let alias: Arc<str> = alias.into();
        let (for_call, name) = (keys.clone(), alias.clone());
        let public = bounded(move || for_call.public_key(&name, KeyRole::Device))?;
        let public = PublicKey::from_sec1(&public).map_err(|fault| Error::because(Code::KeyFailed, fault))?;
        Ok(Self { keys, alias, public })
    }
}

impl Signer for ProfileSigner {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> std::result::Result<Signature, CoseError> {
        let (keys, alias, message) = (self.keys.clone(), self.alias.clone(), message.to_vec());
        let der =
            bounded(move || keys.sign(&alias, KeyRole::Device, &message)).map_err(|_| CoseError::SigningFailed)?;
        cose::signature_from_der(&der)
    }
}
