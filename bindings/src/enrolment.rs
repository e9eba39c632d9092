//! What a shell brings when it opens a profile or enrols a member.

use std::sync::Arc;

use anggota::client;
use anggota::cose::PublicKey;
use anggota::domain::MemberNo;

use crate::error::AnggotaError;
use crate::keys::{DeviceKey, ForeignKey, ForeignVault, KeyVault};

/// SHA-256 in hex.
const THUMBPRINT: usize = 64;

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
    let rule = || AnggotaError::invalid("a server's key is written as 64 hex digits");
    let mut digest = [0; 32];
    if hex.len() != THUMBPRINT || !hex.is_ascii() {
        return Err(rule());
    }
    for (byte, place) in digest.iter_mut().zip((0..THUMBPRINT).step_by(2)) {
        *byte = u8::from_str_radix(&hex[place..place + 2], 16).map_err(|_| rule())?;
    }
    Ok(digest)
}
