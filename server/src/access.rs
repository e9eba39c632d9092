//! Who asks: the one place where a request is let in. A handler gets a [`Caller`] or a [`Stranger`], and only this module
//! can make one.
//!
//! Tells a thief of a token nothing: before the device's key has signed, a refusal does not say whether the token was good.

use anggota::cose::PublicKey;
use anggota::domain::{CooperativeId, DeviceId, Timestamp};
use anggota::protocol::dpop::{self, ProofFault, Proven};
use anggota::protocol::problem::Code;
use anggota::protocol::{VERSION_HEADER, common_version};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName};

use crate::cooperative::Cooperative;
use crate::devices::{self, Device};
use crate::members::{self, Member};
use crate::refusal::Refusal;
use crate::replay::{Replays, Sighting};
use crate::service::Service;
use crate::token::Token;

const PROOF: HeaderName = HeaderName::from_static("dpop");
/// RFC 9449 7.1.
const SCHEME: &str = "DPoP ";

/// Somebody who holds the key that signed the proof; nothing more is known.
pub(crate) struct Stranger {
    pub(crate) cooperative: Cooperative,
    pub(crate) key: PublicKey,
    pub(crate) now: Timestamp,
    _made_here: (),
}

/// A member's device, proven: its token is good and its key signed this request.
pub(crate) struct Caller {
    pub(crate) cooperative: Cooperative,
    pub(crate) member: Member,
    pub(crate) device: DeviceId,
    pub(crate) key: PublicKey,
    pub(crate) now: Timestamp,
    _made_here: (),
}

/// Holds that phone and server have a version of the protocol in common.
pub(crate) fn check_version(headers: &HeaderMap) -> Result<(), Refusal> {
    let header = headers.get(VERSION_HEADER).and_then(|value| value.to_str().ok());
    header.and_then(common_version).map(drop).ok_or_else(|| Code::UpdateRequired.into())
}

/// The cooperative in the path.
pub(crate) fn cooperative(service: &Service, parts: &Parts) -> Result<Cooperative, Refusal> {
    let id = parts.uri.path().split('/').nth(2).unwrap_or_default();
    let id = CooperativeId::new(id).map_err(|_| Code::NotFound)?;
    service.read(|connection| Ok(Cooperative::with_id(connection, &id)?))?.ok_or_else(|| Code::NotFound.into())
}

/// Lets in whoever proves to hold a key.
pub(crate) fn stranger(service: &Service, parts: &Parts) -> Result<Stranger, Refusal> {
    let now = service.now();
    let cooperative = cooperative(service, parts)?;
    let proven = prove(service, parts, None, now)?;
    remember(&service.stranger_proofs, &proven, now)?;
    Ok(Stranger { cooperative, key: proven.key, now, _made_here: () })
}

/// Lets in a member's device.
pub(crate) fn caller(service: &Service, parts: &Parts) -> Result<Caller, Refusal> {
    let now = service.now();
    let cooperative = cooperative(service, parts)?;
    let text = only(&parts.headers, AUTHORIZATION).and_then(|value| value.strip_prefix(SCHEME));
    let text = text.ok_or(Code::Unauthorized)?;
    let token = Token::parse(text).ok_or(Code::Unauthorized)?;
    let (device, member) = find(service, &cooperative, &token)?.ok_or(Code::Unauthorized)?;
    let proven = prove(service, parts, Some(text), now)?;
    if proven.key != device.key {
        return Err(Code::ProofInvalid.into());
    }
    remember(&service.device_proofs, &proven, now)?;
    if device.is_revoked {
        return Err(Code::DeviceRevoked.into());
    }
    // A token that is not the newest was replaced by a renewal at the same time: the key's holder may just renew again.
    if !token.is(&device.access) || now >= device.access_expires_at {
        return Err(Code::TokenExpired.into());
    }
    Ok(Caller { cooperative, member, device: device.id, key: device.key, now, _made_here: () })
}

fn find(service: &Service, cooperative: &Cooperative, token: &Token) -> Result<Option<(Device, Member)>, Refusal> {
    let Some(id) = token.device() else { return Ok(None) };
    service.read(|connection| {
        let Some(device) = devices::find(connection, cooperative, &id)? else { return Ok(None) };
        let member = members::get(connection, cooperative, device.member)?;
        Ok(Some((device, member)))
    })
}

fn prove(service: &Service, parts: &Parts, token: Option<&str>, now: Timestamp) -> Result<Proven, Refusal> {
    let proof = only(&parts.headers, PROOF).ok_or(Code::ProofInvalid)?;
    let url = service.address.url_of(parts.uri.path(), &parts.headers).ok_or(Code::ProofInvalid)?;
    let request = dpop::Request { method: parts.method.as_str(), url: &url, token };
    dpop::check(proof, &request, now).map_err(|fault| match fault {
        ProofFault::Clock => Code::ClockOff.into(),
        _ => Code::ProofInvalid.into(),
    })
}

fn remember(replays: &Replays, proven: &Proven, now: Timestamp) -> Result<(), Refusal> {
    match replays.see(proven.id, now) {
        Sighting::New => Ok(()),
        Sighting::Again => Err(Code::ProofInvalid.into()),
        Sighting::Full => Err(Code::Busy.into()),
    }
}

/// The header's value, when it is there exactly once.
fn only(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}
