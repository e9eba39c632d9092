//! Access and refresh tokens: opaque to the phone, bound to the device's key, kept at the server as a hash only.

use anggota::domain::DeviceId;
use anggota::protocol::{Hash, sha256};
use data_encoding::BASE64URL_NOPAD;
use ring::error::Unspecified;
use ring::rand::SecureRandom;
use subtle::ConstantTimeEq;

/// How long an access token is good, in seconds.
pub(crate) const ACCESS_SECONDS: u32 = 3_600;

const DEVICE_BYTES: usize = 16;
const SECRET_BYTES: usize = 32;

/// A token: the device it belongs to, in the clear so that its row is found, and a secret.
pub(crate) struct Token {
    bytes: [u8; DEVICE_BYTES + SECRET_BYTES],
}

impl Token {
    /// A new one for that device.
    pub(crate) fn new(device: &DeviceId, rng: &dyn SecureRandom) -> Result<Self, Unspecified> {
        let mut bytes = [0; DEVICE_BYTES + SECRET_BYTES];
        let (id, secret) = bytes.split_at_mut(DEVICE_BYTES);
        id.copy_from_slice(device.as_bytes());
        rng.fill(secret)?;
        Ok(Self { bytes })
    }

    /// Reads one as sent; `None` for anything that is not a token in form.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let bytes = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        Some(Self { bytes: bytes.try_into().ok()? })
    }

    /// As sent.
    pub(crate) fn to_text(&self) -> String {
        BASE64URL_NOPAD.encode(&self.bytes)
    }

    /// The device it says it belongs to.
    pub(crate) fn device(&self) -> Option<DeviceId> {
        DeviceId::from_bytes(&self.bytes[..DEVICE_BYTES]).ok()
    }

    /// What the database keeps of it.
    pub(crate) fn hash(&self) -> Hash {
        sha256(&self.bytes)
    }

    /// Whether it is the one of which `hash` was kept, in a time that says nothing about where they differ.
    pub(crate) fn is(&self, hash: &[u8]) -> bool {
        self.hash().ct_eq(hash).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_as_written_and_names_its_device() {
        let device = DeviceId::new(1_700_000_000_000, [7; 10]);
        let rng = anggota::entropy::system();
        let token = Token::new(&device, &rng).unwrap();
        let read = Token::parse(&token.to_text()).unwrap();
        assert_eq!(read.device(), Some(device));
        assert!(read.is(&token.hash()));
        assert!(!Token::new(&device, &rng).unwrap().is(&token.hash()));
        assert!(token.to_text().len() <= anggota::protocol::enrolment::MAX_TOKEN_CHARS);
    }

    #[test]
    fn what_is_not_a_token_is_none() {
        for text in ["", "a", &"A".repeat(63), &"A".repeat(65), &"=".repeat(64), &"é".repeat(32)] {
            assert!(Token::parse(text).is_none(), "{text}");
        }
        assert!(Token::parse(&"A".repeat(64)).is_some());
    }
}
