//! The two things a shell gives: a vault and a key. Here they are handed to the core, which calls them on a thread of its
//! own and gives up after 20 seconds.

use std::sync::Arc;

use anggota::keys::{self, KeyRole};
use zeroize::Zeroizing;

/// Why a vault or a key failed. The reason must hold no secret: it may be logged.
#[derive(Debug, Clone, thiserror::Error, uniffi::Error)]
pub enum KeyError {
    /// It could not do what was asked.
    #[error("{reason}")]
    Failed {
        /// In the platform's words.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for KeyError {
    fn from(fault: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: fault.reason }
    }
}

impl From<KeyError> for keys::KeyError {
    fn from(KeyError::Failed { reason }: KeyError) -> Self {
        Self(reason)
    }
}

/// Wraps small secrets so that only this device can unwrap them (Android Keystore, iOS Keychain). May take up to 20
/// seconds; is called on threads of the core.
#[uniffi::export(with_foreign)]
pub trait KeyVault: Send + Sync {
    /// Encrypts a secret of at most 1 KiB.
    fn wrap(&self, secret: Vec<u8>) -> Result<Vec<u8>, KeyError>;
    /// Decrypts what `wrap` gave.
    fn unwrap(&self, wrapped: Vec<u8>) -> Result<Vec<u8>, KeyError>;
}

/// P-256 keys that never leave the device's hardware, by profile (alias) and role. May take up to 20 seconds; is called on
/// threads of the core.
#[uniffi::export(with_foreign)]
pub trait DeviceKey: Send + Sync {
    /// The public key, 65 bytes uncompressed (SEC 1); makes the key when there is none.
    fn public_key(&self, alias: String, role: KeyRole) -> Result<Vec<u8>, KeyError>;
    /// The DER signature (ECDSA with SHA-256) of `message`.
    fn sign(&self, alias: String, role: KeyRole, message: Vec<u8>) -> Result<Vec<u8>, KeyError>;
    /// Forgets the profile's keys, when the member leaves. What is not there is no error.
    fn forget(&self, alias: String) -> Result<(), KeyError>;
}

/// A shell's vault as the core knows vaults.
pub(crate) struct ForeignVault(pub(crate) Arc<dyn KeyVault>);

impl keys::KeyVault for ForeignVault {
    fn wrap(&self, secret: &[u8]) -> Result<Vec<u8>, keys::KeyError> {
        Ok(self.0.wrap(secret.to_vec())?)
    }

    fn unwrap(&self, wrapped: &[u8]) -> Result<Zeroizing<Vec<u8>>, keys::KeyError> {
        Ok(Zeroizing::new(self.0.unwrap(wrapped.to_vec())?))
    }
}

/// A shell's key as the core knows keys.
pub(crate) struct ForeignKey(pub(crate) Arc<dyn DeviceKey>);

impl keys::DeviceKey for ForeignKey {
    fn public_key(&self, alias: &str, role: KeyRole) -> Result<Vec<u8>, keys::KeyError> {
        Ok(self.0.public_key(alias.to_owned(), role)?)
    }

    fn sign(&self, alias: &str, role: KeyRole, message: &[u8]) -> Result<Vec<u8>, keys::KeyError> {
        Ok(self.0.sign(alias.to_owned(), role, message.to_vec())?)
    }

    fn forget(&self, alias: &str) -> Result<(), keys::KeyError> {
        Ok(self.0.forget(alias.to_owned())?)
    }
}
