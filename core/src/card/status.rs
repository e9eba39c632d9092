//! A cooperative's status list (IETF Token Status List as a CWT): two bits for each card it ever issued.
//!
//! A shop keeps it beside the trust list. It never goes back in time, and never says who a card belongs to.

use std::collections::BTreeMap;

use ciborium::Value;
use miniz_oxide::inflate::stream::{InflateState, inflate};
use miniz_oxide::{DataFormat, MZFlush, MZStatus};

use super::claims::{Claims, EXP, IAT, STATUS_LIST, SUB, TTL};
use super::trust::{KeyUse, TrustList};
use super::{CardError, DAY, MAX_TIME};
use crate::cose::{self, CoseError, Headers, Sign1, Signer, Typ};
use crate::domain::CooperativeId;

/// How long a status list is good at all: 7 days.
pub const STATUS_LIFE: i64 = 7 * DAY;
/// Up to this age it is fresh: 24 hours.
pub const STATUS_FRESH: i64 = DAY;
/// How often a verifier should fetch it, in seconds: half a day.
const TIME_TO_LIVE: i64 = 43_200;
/// The longest list after inflating, in bytes: a million cards.
pub(super) const MAX_INFLATED: usize = 256 * 1024;
/// The longest signed list, in bytes: what deflate makes of the above at worst, and its envelope.
pub const MAX_STATUS_LIST: usize = MAX_INFLATED + 4096;
/// A list from further in the future than this is not believed fresh, in seconds.
const FUTURE: i64 = 600;
/// miniz_oxide's best compression that is still quick.
const LEVEL: u8 = 9;

const TYP: Typ = Typ::text("application/statuslist+cwt");
const BITS: &str = "bits";
const LIST: &str = "lst";

/// What the list says about a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Good.
    Valid = 0,
    /// Withdrawn for ever: a lost phone, a member who left, a card that was replaced.
    Invalid = 1,
    /// Not good for now.
    Suspended = 2,
    /// Good to be shown, not to buy with.
    Limited = 3,
}

/// A status list whose signature verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusList {
    issuer: CooperativeId,
    kid: u8,
    issued_at: i64,
    expires_at: i64,
    packed: Vec<u8>,
}

impl StatusList {
    /// Signs the list whose entry `i` is the i-th of `statuses`, at the address the trust list names, with the status key of
    /// generation `kid`.
    pub fn sign(
        uri: &str,
        statuses: impl IntoIterator<Item = Status>,
        now: i64,
        kid: u8,
        signer: &dyn Signer,
    ) -> Result<Vec<u8>, CardError> {
        if !(0..=MAX_TIME - STATUS_LIFE).contains(&now) {
            return Err(CardError::BadClaim(IAT));
        }
        let packed = pack(statuses);
        if packed.len() > MAX_INFLATED {
            return Err(CardError::Invalid("a status list holds at most 1,048,576 cards"));
        }
        let list = cose::sorted_map(vec![
            (BITS.into(), 2.into()),
            (LIST.into(), Value::Bytes(miniz_oxide::deflate::compress_to_vec_zlib(&packed, LEVEL))),
        ]);
        let payload = cose::sorted_map(vec![
            (SUB.into(), uri.into()),
            (EXP.into(), (now + STATUS_LIFE).into()),
            (IAT.into(), now.into()),
            (STATUS_LIST.into(), list),
            (TTL.into(), TIME_TO_LIVE.into()),
        ]);
        let headers = Headers { typ: &TYP, kid: Some(&[kid]), kcwt: None };
        Ok(cose::sign1(&headers, &cose::encode(&payload), signer)?)
    }

    /// Reads a list by the cooperative whose address it names, under a key that the trust list has for status lists of that
    /// time. A list under a revoked key is read too: the verifier must see it to refuse every card under it.
    pub fn read(bytes: &[u8], trust: &TrustList) -> Result<Self, CardError> {
        let signed = cose::parse1(bytes, &TYP, MAX_STATUS_LIST)?;
        let Some(&[kid]) = signed.kid() else { return Err(CoseError::UnknownHeader.into()) };
        let claims = Claims::of(signed.claims())?;
        let (uri, issued_at, expires_at) = (claims.text(SUB)?, claims.time(IAT)?, claims.time(EXP)?);
        let issuer = find_signer(&signed, trust, uri, kid, issued_at)?;
        let packed = read_list(claims.get(STATUS_LIST))?;
        Ok(Self { issuer, kid, issued_at, expires_at, packed })
    }

    /// The cooperative whose cards it lists.
    pub fn issuer(&self) -> &CooperativeId {
        &self.issuer
    }

    /// The generation of the status key that signed it.
    pub fn kid(&self) -> u8 {
        self.kid
    }

    /// When it was signed.
    pub fn issued_at(&self) -> i64 {
        self.issued_at
    }

    /// The status at this place; None beyond the end.
    pub fn status(&self, index: u32) -> Option<Status> {
        let byte = self.packed.get(usize::try_from(index / 4).ok()?)?;
        Some(match byte >> (2 * (index % 4)) & 0b11 {
            0 => Status::Valid,
            1 => Status::Invalid,
            2 => Status::Suspended,
            _ => Status::Limited,
        })
    }

    /// Whether it is at most a day old.
    pub fn is_fresh(&self, now: i64) -> bool {
        now < self.expires_at && (-FUTURE..=STATUS_FRESH).contains(&now.saturating_sub(self.issued_at))
    }

    /// Whether it is too old to be good for anything but an invalid card.
    pub fn is_expired(&self, now: i64) -> bool {
        now >= self.expires_at || now.saturating_sub(self.issued_at) > STATUS_LIFE
    }
}

/// The cooperative at this address whose status key of that generation and time verifies the signature.
fn find_signer(
    signed: &Sign1,
    trust: &TrustList,
    uri: &str,
    kid: u8,
    issued_at: i64,
) -> Result<CooperativeId, CardError> {
    let mut refusal = CardError::UnknownIssuer;
    for issuer in trust.issuers().filter(|issuer| issuer.status_uri() == uri) {
        let key = issuer.key(kid, KeyUse::Status).filter(|key| key.covers(issued_at));
        match key.ok_or(CardError::UnknownKey).and_then(|key| Ok(signed.verify(&key.key)?)) {
            Ok(()) => return Ok(issuer.id().clone()),
            Err(error) => refusal = error,
        }
    }
    Err(refusal)
}

fn pack(statuses: impl IntoIterator<Item = Status>) -> Vec<u8> {
    let mut packed = Vec::new();
    for (index, status) in statuses.into_iter().enumerate() {
        if index % 4 == 0 {
            packed.push(0);
        }
        packed[index / 4] |= (status as u8) << (2 * (index % 4));
    }
    packed
}

fn read_list(value: Option<&Value>) -> Result<Vec<u8>, CardError> {
    let entries = value.and_then(Value::as_map).ok_or(CardError::BadClaim(STATUS_LIST))?;
    let get = |name: &str| entries.iter().find(|(key, _)| key.as_text() == Some(name)).map(|(_, value)| value);
    match (get(BITS).and_then(cose::as_i64), get(LIST)) {
        (Some(2), Some(Value::Bytes(compressed))) => unpack(compressed),
        _ => Err(CardError::BadClaim(STATUS_LIST)),
    }
}

/// Inflates a whole zlib stream, its checksum checked, with nothing after it.
fn unpack(compressed: &[u8]) -> Result<Vec<u8>, CardError> {
    let mut packed = vec![0; MAX_INFLATED + 1];
    let mut state = InflateState::new_boxed(DataFormat::Zlib);
    let result = inflate(&mut state, compressed, &mut packed, MZFlush::Finish);
    if result.status != Ok(MZStatus::StreamEnd)
        || result.bytes_consumed != compressed.len()
        || result.bytes_written > MAX_INFLATED
    {
        return Err(CardError::BadCompression);
    }
    packed.truncate(result.bytes_written);
    Ok(packed)
}

/// The newest status list of each cooperative that a verifier holds.
#[derive(Debug, Clone, Default)]
pub struct StatusLists(BTreeMap<CooperativeId, StatusList>);

impl StatusLists {
    /// Takes a list in place of the one held for the same cooperative, unless it is older.
    pub fn accept(&mut self, list: StatusList) -> Result<(), CardError> {
        if self.0.get(&list.issuer).is_some_and(|held| held.issued_at > list.issued_at) {
            return Err(CardError::StatusWentBack);
        }
        self.0.insert(list.issuer.clone(), list);
        Ok(())
    }

    /// The list of a cooperative.
    pub fn get(&self, issuer: &CooperativeId) -> Option<&StatusList> {
        self.0.get(issuer)
    }
}
