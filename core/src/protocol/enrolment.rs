//! How a phone becomes a member's device, and how it keeps its access.

use std::collections::BTreeSet;

use minicbor::Decoder;

use super::codec::{self, Item, WireFault};
use crate::cose::PublicKey;
use crate::domain::{DeviceId, MemberNo, Name, TimeZone};

const VERSION: u64 = 1;

/// The largest message of this module.
pub const MAX_BYTES: usize = 8 * 1024;
/// The longest activation code as typed.
pub const MAX_CODE_CHARS: usize = 32;
/// The longest token.
pub const MAX_TOKEN_CHARS: usize = 128;
/// Checkpoint keys in an enrolment.
pub const MAX_KEYS: u64 = 16;

/// "I am this member, this code is my proof": with a DPoP proof by the device's new key.
pub struct Enrol {
    /// The member's number.
    pub member: MemberNo,
    /// The activation code from the office, digits only.
    pub code: String,
    /// The key that the device will sign with.
    pub key: PublicKey,
}

/// Access to the server: an opaque token that works only with proofs by the device's key, and the one that renews it.
pub struct Tokens {
    /// Sent as `Authorization: DPoP`.
    pub access: String,
    /// Seconds until it is refused.
    pub expires_in: u32,
    /// Sent to renew the access token.
    pub refresh: String,
}

/// The device is known.
pub struct Enrolled {
    /// The new device's id.
    pub device: DeviceId,
    /// Access.
    pub tokens: Tokens,
    /// The cooperative's checkpoint keys by number: believed only as the phone's trust says.
    pub checkpoint_keys: Vec<(u8, PublicKey)>,
    /// The cooperative's name.
    pub cooperative: Name,
    /// Its time zone.
    pub zone: TimeZone,
    /// The member's name.
    pub name: Name,
}

/// The digits of an activation code as typed: spaces and hyphens are for the eye.
pub fn code_digits(typed: &str) -> Option<String> {
    if typed.len() > MAX_CODE_CHARS {
        return None;
    }
    let digits: String = typed.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    (!digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())).then_some(digits)
}

impl Enrol {
    /// As CBOR.
    pub fn encode(&self) -> Vec<u8> {
        codec::to_vec(|e| {
            e.array(4)?.u64(VERSION)?;
            self.member.write(e)?;
            e.str(&self.code)?.bytes(self.key.as_bytes()).map(drop)
        })
    }

    /// From CBOR.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireFault> {
        let d = &mut opened(bytes, 4)?;
        let member = Item::read(d)?;
        let code = bounded(d, MAX_CODE_CHARS)?;
        let key = read_key(d)?;
        codec::end(d)?;
        Ok(Self { member, code, key })
    }
}

impl Enrolled {
    /// As CBOR.
    pub fn encode(&self) -> Vec<u8> {
        codec::to_vec(|e| {
            e.array(9)?.u64(VERSION)?;
            self.device.write(e)?;
            e.str(&self.tokens.access)?.u32(self.tokens.expires_in)?.str(&self.tokens.refresh)?;
            e.array(self.checkpoint_keys.len() as u64)?;
            for (kid, key) in &self.checkpoint_keys {
                e.array(2)?.u8(*kid)?.bytes(key.as_bytes())?;
            }
            self.cooperative.write(e)?;
            self.zone.write(e)?;
            self.name.write(e)
        })
    }

    /// From CBOR.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireFault> {
        let d = &mut opened(bytes, 9)?;
        let device = Item::read(d)?;
        let tokens = Tokens {
            access: bounded(d, MAX_TOKEN_CHARS)?,
            expires_in: d.u32()?,
            refresh: bounded(d, MAX_TOKEN_CHARS)?,
        };
        let checkpoint_keys = codec::list(d, MAX_KEYS, |d| {
            codec::exact(d, 2)?;
            Ok((d.u8()?, read_key(d)?))
        })?;
        let numbers: BTreeSet<u8> = checkpoint_keys.iter().map(|(kid, _)| *kid).collect();
        if numbers.len() < checkpoint_keys.len() {
            return Err(WireFault::Malformed);
        }
        let (cooperative, zone, name) = (Item::read(d)?, Item::read(d)?, Item::read(d)?);
        codec::end(d)?;
        Ok(Self { device, tokens, checkpoint_keys, cooperative, zone, name })
    }
}

/// The request for a new access token.
pub fn encode_renewal(refresh: &str) -> Vec<u8> {
    codec::to_vec(|e| e.array(2)?.u64(VERSION)?.str(refresh).map(drop))
}

/// Reads the request for a new access token.
pub fn decode_renewal(bytes: &[u8]) -> Result<String, WireFault> {
    let d = &mut opened(bytes, 2)?;
    let refresh = bounded(d, MAX_TOKEN_CHARS)?;
    codec::end(d)?;
    Ok(refresh)
}

/// The new access token and its seconds.
pub fn encode_renewed(access: &str, expires_in: u32) -> Vec<u8> {
    codec::to_vec(|e| e.array(3)?.u64(VERSION)?.str(access)?.u32(expires_in).map(drop))
}

/// Reads the new access token and its seconds.
pub fn decode_renewed(bytes: &[u8]) -> Result<(String, u32), WireFault> {
    let d = &mut opened(bytes, 3)?;
    let renewed = (bounded(d, MAX_TOKEN_CHARS)?, d.u32()?);
    codec::end(d)?;
    Ok(renewed)
}

/// A card as the server sends it.
pub fn encode_card(card: &[u8]) -> Vec<u8> {
    codec::to_vec(|e| e.array(2)?.u64(VERSION)?.bytes(card).map(drop))
}

/// Reads a card as the server sends it; its content is checked by the card's own rules.
pub fn decode_card(bytes: &[u8]) -> Result<Vec<u8>, WireFault> {
    let d = &mut opened(bytes, 2)?;
    let card = d.bytes()?.to_vec();
    codec::end(d)?;
    Ok(card)
}

fn opened(bytes: &[u8], items: u64) -> Result<Decoder<'_>, WireFault> {
    if bytes.len() > MAX_BYTES {
        return Err(WireFault::TooLarge);
    }
    let mut d = Decoder::new(bytes);
    codec::exact(&mut d, items)?;
    codec::version(&mut d, VERSION)?;
    Ok(d)
}

fn bounded(d: &mut Decoder<'_>, most: usize) -> Result<String, WireFault> {
    let text = d.str()?;
    if text.chars().count() > most { Err(WireFault::TooLarge) } else { Ok(text.to_owned()) }
}

pub(super) fn read_key(d: &mut Decoder<'_>) -> Result<PublicKey, WireFault> {
    PublicKey::from_sec1(d.bytes()?).map_err(|_| WireFault::Malformed)
}
