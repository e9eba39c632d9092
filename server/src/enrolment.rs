//! How a phone becomes a member's device and keeps its access.
//!
//! Never says whether a member number exists: an unknown number, a member without a code and a wrong code get the same
//! answer.

use std::sync::Arc;

use anggota::cose::PublicKey;
use anggota::domain::{DeviceId, MemberStatus, Timestamp};
use anggota::failpoint;
use anggota::protocol::CBOR;
use anggota::protocol::enrolment::{self, Enrol, Enrolled, Tokens};
use anggota::protocol::problem::Code;
use axum::response::Response;
use rusqlite::{Connection, Transaction};

use crate::access::{Renewing, Stranger};
use crate::activation::{self, Attempt, Standing};
use crate::cooperative::Cooperative;
use crate::devices;
use crate::keys::KeyUse;
use crate::members;
use crate::refusal::Refusal;
use crate::routes::with_type;
use crate::service::Service;
use crate::token::{ACCESS_SECONDS, Token};

/// POST enrolments.
pub(crate) fn enrol(service: &Arc<Service>, stranger: &Stranger, body: &[u8]) -> Result<Response, Refusal> {
    let asked = Enrol::decode(body).map_err(|_| Code::BadRequest)?;
    if asked.key != stranger.key {
        return Err(Code::ProofInvalid.into());
    }
    let (cooperative, now) = (&stranger.cooperative, stranger.now);
    // Whether there is such a member, such a code or a lock on it: all that a stranger sees comes from this memory.
    let may_try = service.guesses.try_once(&cooperative.id, &asked.member, now);
    let attempt = service.write(|transaction| activation::attempt(transaction, cooperative, &asked.member, now))?;
    let digits = enrolment::code_digits(&asked.code).unwrap_or_default();
    let is_right = {
        let _turn = service.turn_to_check_code()?;
        activation::check(attempt.as_ref(), &digits)
    };
    let Some(attempt) = attempt.filter(|_| is_right) else {
        return Err(if may_try { Code::CodeWrong } else { Code::TooManyAttempts }.into());
    };
    service.guesses.forget(&cooperative.id, &asked.member);
    let enrolled = service.write(|transaction| admit(service, transaction, cooperative, &attempt, &asked.key, now))?;
    failpoint::here("enrolment.kept");
    Ok(with_type(CBOR, enrolled.encode()))
}

/// The code is right: makes the device, or finds the one that this key made with this code when the answer was lost.
fn admit(
    service: &Service,
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    attempt: &Attempt,
    key: &PublicKey,
    now: Timestamp,
) -> Result<Enrolled, Refusal> {
    let member = members::get(transaction, cooperative, attempt.member)?;
    if now >= attempt.expires_at || member.status == MemberStatus::Left {
        return Err(Code::CodeExpired.into());
    }
    let id = match activation::standing(transaction, cooperative, attempt)? {
        Standing::Replaced => return Err(Code::CodeExpired.into()),
        Standing::UsedBy(id) => {
            let device = devices::find(transaction, cooperative, &id)?;
            device.filter(|device| device.key == *key && !device.is_revoked).ok_or(Code::CodeExpired)?.id
        }
        Standing::Unused => {
            let id = new_id(service, now)?;
            devices::add(transaction, cooperative, attempt.member, &id, key, now)?;
            id
        }
    };
    activation::used_by(transaction, cooperative, attempt, &id)?;
    let (access, refresh) = (Token::new(&id, &*service.rng)?, Token::new(&id, &*service.rng)?);
    devices::set_access(transaction, cooperative, &id, &access, now)?;
    devices::set_refresh(transaction, cooperative, &id, &refresh)?;
    failpoint::here("enrolment.written");
    Ok(Enrolled {
        device: id,
        tokens: Tokens { access: access.to_text(), expires_in: ACCESS_SECONDS, refresh: refresh.to_text() },
        checkpoint_keys: checkpoint_keys(transaction, cooperative)?,
        cooperative: cooperative.name.clone(),
        zone: cooperative.zone,
        name: member.name,
    })
}

fn new_id(service: &Service, now: Timestamp) -> Result<DeviceId, Refusal> {
    let mut random = [0; 10];
    service.rng.fill(&mut random)?;
    Ok(DeviceId::new(now.seconds().unsigned_abs() * 1000, random))
}

fn checkpoint_keys(connection: &Connection, cooperative: &Cooperative) -> Result<Vec<(u8, PublicKey)>, Refusal> {
    // The newest, as many as a phone takes.
    let mut statement = connection.prepare_cached(
        "SELECT kid, public_key FROM issuer_key WHERE cooperative = ?1 AND use = ?2 ORDER BY kid DESC LIMIT ?3",
    )?;
    let mut rows = statement.query((cooperative.number, KeyUse::Checkpoint as u8, enrolment::MAX_KEYS))?;
    let mut keys = Vec::new();
    while let Some(row) = rows.next()? {
        let bytes: Vec<u8> = row.get(1)?;
        keys.push((row.get(0)?, PublicKey::from_sec1(&bytes)?));
    }
    Ok(keys)
}

/// POST tokens: a new access token for the holder of the refresh token and of the device's key.
pub(crate) fn renew(service: &Arc<Service>, renewing: &Renewing, body: &[u8]) -> Result<Response, Refusal> {
    let text = enrolment::decode_renewal(body).map_err(|_| Code::BadRequest)?;
    let token = Token::parse(&text).ok_or(Code::Unauthorized)?;
    let id = renewing.device(service, &token)?;
    let access = Token::new(&id, &*service.rng)?;
    service.write(|transaction| devices::set_access(transaction, &renewing.cooperative, &id, &access, renewing.now))?;
    Ok(with_type(CBOR, enrolment::encode_renewed(&access.to_text(), ACCESS_SECONDS)))
}
