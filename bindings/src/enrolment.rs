//! What a shell brings when it opens a profile or enrols a member.

use std::sync::Arc;

use anggota::client;
use anggota::clock::Clock;
use anggota::cose::PublicKey;
use anggota::domain::MemberNo;
use data_encoding::HEXLOWER_PERMISSIVE;

use crate::error::AnggotaError;
use crate::keys::{DeviceKey, ForeignKey, ForeignVault, KeyVault};

/// What a shell gives when it opens a profile.
#[derive(Clone, uniffi::Record)]
pub struct OpenOptions {
    /// The folder in which the profiles are kept.
    pub data_dir: String,
    /// Wraps the store's key.
    pub vault: Arc<dyn KeyVault>,
    /// Signs for the device.
    pub device_key: Arc<dyn DeviceKey>,
    /// The federation's root keys (online and offline), 65 bytes each, for those enrolled under its trust list.
    #[uniffi(default = [])]
    pub trust_roots: Vec<Vec<u8>>,
    /// Certificates (DER) to trust instead of the web's authorities.
    #[uniffi(default = [])]
    pub tls_roots: Vec<Vec<u8>>,
}

/// What a member brings from the office.
#[derive(Clone, uniffi::Record)]
pub struct Enrolment {
    /// The server's address and the cooperative: `https://server.example/handayani`.
    pub server_url: String,
    /// The member's number.
    pub member_no: MemberNo,
    /// The activation code, as typed.
    pub code: String,
    /// Why the server's key is believed.
    pub trust: Trust,
}

/// Why the phone believes that the server's checkpoint key is the cooperative's.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Trust {
    /// The SHA-256 printed with the activation code.
    ServerKey {
        /// 64 hex digits.
        thumbprint: String,
    },
    /// The first key the server shows, with the member's consent.
    FirstUse,
    /// The federation's trust list, under the roots given to open.
    Federation,
}

impl TryFrom<OpenOptions> for client::OpenOptions {
    type Error = AnggotaError;

    fn try_from(given: OpenOptions) -> Result<Self, AnggotaError> {
        Ok(Self {
            data_dir: given.data_dir.into(),
            vault: Arc::new(ForeignVault(given.vault)),
            device_key: Arc::new(ForeignKey(given.device_key)),
            trust_roots: public_keys(&given.trust_roots)?,
            tls_roots: given.tls_roots,
            clock: Clock::system(),
        })
    }
}

impl TryFrom<Enrolment> for client::Enrolment {
    type Error = AnggotaError;

    fn try_from(given: Enrolment) -> Result<Self, AnggotaError> {
        let Enrolment { server_url, member_no, code, trust } = given;
        Ok(Self { server_url, member: member_no, code, trust: trust.try_into()? })
    }
}

impl TryFrom<Trust> for client::Trust {
    type Error = AnggotaError;

    fn try_from(given: Trust) -> Result<Self, AnggotaError> {
        Ok(match given {
            Trust::ServerKey { thumbprint } => Self::ServerKey(digest(&thumbprint)?),
            Trust::FirstUse => Self::FirstUse,
            Trust::Federation => Self::Federation,
        })
    }
}

/// Public keys of 65 bytes each.
pub(crate) fn public_keys(points: &[Vec<u8>]) -> Result<Vec<PublicKey>, AnggotaError> {
    let key = |point: &Vec<u8>| PublicKey::from_sec1(point);
    points
        .iter()
        .map(key)
        .collect::<Result<_, _>>()
        .map_err(|_| AnggotaError::invalid("a root key is a point of 65 bytes"))
}

fn digest(hex: &str) -> Result<[u8; 32], AnggotaError> {
    let bytes = HEXLOWER_PERMISSIVE.decode(hex.as_bytes()).ok();
    let digest = bytes.and_then(|bytes| bytes.try_into().ok());
    digest.ok_or_else(|| AnggotaError::invalid("a server's key is written as 64 hex digits"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_servers_key_is_64_hex_digits_and_nothing_else() {
        assert_eq!(digest(&"0aF1".repeat(16)).unwrap()[..2], [0x0a, 0xf1]);
        for bad in ["", "0a", &"0".repeat(63), &"0".repeat(66), &"g".repeat(64), &"\u{e9}".repeat(32)] {
            assert!(matches!(digest(bad), Err(AnggotaError::InvalidInput { rule: Some(_), .. })), "{bad}");
        }
    }

    #[test]
    fn a_root_key_that_is_not_written_as_a_point_is_refused() {
        for bad in [vec![], vec![4; 64], vec![2; 65]] {
            assert!(matches!(public_keys(&[bad]), Err(AnggotaError::InvalidInput { rule: Some(_), .. })));
        }
    }
}
