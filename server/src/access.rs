//! Who asks: the one place where a request is let in. A handler gets a [`Caller`], a [`Stranger`] or a
//! [`Renewing`], and only this module can make one.
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
use crate::json::Accept;
use crate::members::{self, Member};
use crate::refusal::Refusal;
use crate::replay::{Replays, Sighting};
use crate::service::Service;
use crate::token::Token;

const PROOF: HeaderName = HeaderName::from_static("dpop");
/// RFC 9449 7.1.
const SCHEME: &str = "DPoP ";
/// How far a phone's idea of the server's time lies behind it, which both count in whole seconds.
const LAG_SECONDS: i64 = 2;

/// Somebody who holds the key that signed the proof; nothing more is known.
pub(crate) struct Stranger {
    pub(crate) cooperative: Cooperative,
    pub(crate) key: PublicKey,
    pub(crate) now: Timestamp,
    _made_here: (),
}

/// Somebody who holds a key and asks for a new access token: let in by [`Renewing::device`], which needs the body.
pub(crate) struct Renewing {
    pub(crate) cooperative: Cooperative,
    pub(crate) now: Timestamp,
    proven: Proven,
}

/// A member's device, proven: its token is good and its key signed this request.
pub(crate) struct Caller {
    pub(crate) cooperative: Cooperative,
    pub(crate) member: Member,
    pub(crate) device: DeviceId,
    pub(crate) key: PublicKey,
    pub(crate) now: Timestamp,
    /// In which form the answer is wanted.
    pub(crate) accept: Accept,
    _made_here: (),
}

/// Whoever was let in.
pub(crate) trait LetIn: Send + 'static {
    /// The device, where it is known already.
    fn device_id(&self) -> Option<&DeviceId> {
        None
    }
}

impl LetIn for Stranger {}
impl LetIn for Renewing {}
impl LetIn for Caller {
    fn device_id(&self) -> Option<&DeviceId> {
        Some(&self.device)
    }
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
    remember(&service.stranger_proofs, None, &proven, now)?;
    Ok(Stranger { cooperative, key: proven.key, now, _made_here: () })
}

/// Takes the proof of somebody who renews, and leaves no trace of it: strangers have no place in the memory of devices,
/// and devices do not wait for one in that of strangers.
pub(crate) fn renewing(service: &Service, parts: &Parts) -> Result<Renewing, Refusal> {
    let now = service.now();
    let cooperative = cooperative(service, parts)?;
    let proven = prove(service, parts, None, now)?;
    Ok(Renewing { cooperative, now, proven })
}

impl Renewing {
    /// Lets in the device whose refresh token this is, if its key made the proof.
    pub(crate) fn device(&self, service: &Service, token: &Token) -> Result<DeviceId, Refusal> {
        let (device, _) = find(service, &self.cooperative, token)?.ok_or(Code::Unauthorized)?;
        if self.proven.key != device.key || !token.is(&device.refresh) {
            return Err(Code::Unauthorized.into());
        }
        if device.is_revoked {
            return Err(Code::DeviceRevoked.into());
        }
        remember(&service.device_proofs, Some(&device.id), &self.proven, self.now)?;
        Ok(device.id)
    }
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
    if device.is_revoked {
        return Err(Code::DeviceRevoked.into());
    }
    // A token that is not the newest was replaced by a renewal at the same time: the key's holder may just renew again.
    if !token.is(&device.access) || now >= device.access_expires_at {
        return Err(Code::TokenExpired.into());
    }
    remember(&service.device_proofs, Some(&device.id), &proven, now)?;
    let accept = parts.extensions.get().copied().unwrap_or_default();
    Ok(Caller { cooperative, member, device: device.id, key: device.key, now, accept, _made_here: () })
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
    let proven = dpop::check(proof, &request, now).map_err(|fault| match fault {
        ProofFault::Clock => Code::ClockOff,
        _ => Code::ProofInvalid,
    })?;
    // What was used before the start is not known any more. The phone signs anew by the time that it is told; by a clock that
    // was set back since it never could.
    if proven.at.plus(LAG_SECONDS) < service.started && service.started <= now {
        return Err(Code::ClockOff.into());
    }
    Ok(proven)
}

fn remember(replays: &Replays, device: Option<&DeviceId>, proven: &Proven, now: Timestamp) -> Result<(), Refusal> {
    match replays.see(proven.id, device, now) {
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

#[cfg(test)]
mod tests {
    use anggota::cose::{Signer, SoftwareSigner};
    use anggota::protocol::sha256;
    use axum::http::Request;

    use super::*;
    use crate::service::tests::Shop;

    struct Phone {
        signer: SoftwareSigner,
        device: DeviceId,
        access: Token,
        refresh: Token,
    }

    /// The device of member 1.
    fn enrol(shop: &Shop) -> Phone {
        let rng = &shop.service.rng;
        let signer = SoftwareSigner::from_pkcs8(&SoftwareSigner::generate_pkcs8(&**rng).unwrap(), rng.clone()).unwrap();
        let device = DeviceId::new(0, [7; 10]);
        let [access, refresh] = [(); 2].map(|()| Token::new(&device, &**rng).unwrap());
        let add = |t: &rusqlite::Transaction<'_>| {
            t.execute(
                "INSERT INTO member (cooperative, member, member_no, name, status, joined_on)
                 VALUES (?1, 1, 'A001', 'Siti', 0, 0)",
                [shop.cooperative.number],
            )?;
            devices::add(t, &shop.cooperative, 1, &device, signer.public_key(), shop.service.now())?;
            devices::set_access(t, &shop.cooperative, &device, &access, shop.service.now())?;
            devices::set_refresh(t, &shop.cooperative, &device, &refresh)
        };
        shop.service.database.write::<_, Refusal>(add).unwrap();
        Phone { signer, device, access, refresh }
    }

    fn parts(shop: &Shop, signer: &SoftwareSigner, route: &str, token: Option<&str>, id: u8) -> Parts {
        let path = format!("/v1/handayani/{route}");
        let url = format!("http://localhost{path}");
        let request = dpop::Request { method: "POST", url: &url, token };
        let proof = dpop::prove(&request, shop.service.now(), &[id; 16], signer).unwrap();
        let mut request = Request::post(path).header("host", "localhost").header(PROOF, proof);
        if let Some(token) = token {
            request = request.header(AUTHORIZATION, format!("{SCHEME}{token}"));
        }
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn strangers_who_fill_their_memory_do_not_keep_a_device_from_renewing() {
        let shop = Shop::new();
        let phone = enrol(&shop);
        let mut number = 0_u32;
        while shop.service.stranger_proofs.see(sha256(&number.to_be_bytes()), None, shop.service.now())
            != Sighting::Full
        {
            number += 1;
        }
        let full = stranger(&shop.service, &parts(&shop, &phone.signer, "enrolments", None, 1));
        assert_eq!(full.err().map(|refusal| refusal.code()), Some(Code::Busy));
        let parts = parts(&shop, &phone.signer, "tokens", None, 2);
        let renew = |token: &Token| renewing(&shop.service, &parts)?.device(&shop.service, token);
        assert_eq!(renew(&phone.access).unwrap_err().code(), Code::Unauthorized, "a wrong token leaves no trace");
        assert_eq!(renew(&phone.refresh).unwrap(), phone.device);
        assert_eq!(renew(&phone.refresh).unwrap_err().code(), Code::ProofInvalid, "a replay");
    }

    #[test]
    fn who_is_not_let_in_takes_no_place_in_the_memory_of_devices() {
        let shop = Shop::new();
        let phone = enrol(&shop);
        let refresh = phone.refresh.to_text();
        let parts = parts(&shop, &phone.signer, "pull", Some(&refresh), 1);
        for _ in 0..2 {
            let refused = caller(&shop.service, &parts).err().map(|refusal| refusal.code());
            assert_eq!(refused, Some(Code::TokenExpired), "not a replay: nothing was remembered");
        }
    }
}
