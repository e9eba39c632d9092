//! The federation's trust list: which cooperative signs with which key, signed offline by a federation root.
//!
//! It is the only source of issuer keys, their use and their validity; nothing in a card or a list can add to it. It never
//! goes back to a lower sequence number.

use std::collections::BTreeMap;

use ciborium::Value;

use super::claims::{Claims, EXP, IAT, ISS, ISSUERS, SEQ, read_time};
use super::text::VerifierId;
use super::{CardError, DAY, MAX_TIME};
use crate::cose::{self, CoseError, Headers, PublicKey, Signer, Typ, as_i64};
use crate::domain::CooperativeId;

/// The longest trust list, in bytes.
pub const MAX_TRUST_LIST: usize = 1_000_000;
/// How long a trust list is good: 90 days.
pub const TRUST_LIFE: i64 = 90 * DAY;
/// Keys are published this long before they are used, so that every shop knows them: 14 days.
pub const PUBLISH_BEFORE_USE: i64 = 14 * DAY;
/// Bytes of a cooperative's or a verifier's name.
const MAX_DISPLAY_NAME: usize = 100;
/// Bytes of a status list's address.
const MAX_STATUS_URI: usize = 200;

const TYP: Typ = Typ::text("application/kop-trust+cwt");
const ID: i64 = 1;
const NAME: i64 = 2;
const STATUS_URI: i64 = 3;
const KEYS: i64 = 4;
const VERIFIERS: i64 = 5;

/// What a key may sign. A signature by a key of another use is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyUse {
    /// Cards.
    Card = 1,
    /// Status lists.
    Status = 2,
    /// Checkpoints and freshness statements of the passbook.
    Checkpoint = 3,
}

/// One key of a cooperative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerKey {
    /// Its generation, unique within the cooperative over all uses, never used again.
    pub kid: u8,
    /// The key.
    pub key: PublicKey,
    /// What it may sign.
    pub usage: KeyUse,
    /// The first second of documents it may have signed.
    pub not_before: i64,
    /// The last second of documents it may have signed. A retired key stays listed until its last card expires.
    pub not_after: i64,
    /// Set when the key is lost: everything under it is refused whatever its time, because a thief chooses the time.
    pub revoked_at: Option<i64>,
}

impl IssuerKey {
    /// Whether a document of this time may be under this key.
    pub fn covers(&self, issued_at: i64) -> bool {
        (self.not_before..=self.not_after).contains(&issued_at)
    }

    fn to_value(&self) -> Value {
        Value::Array(vec![
            Value::Bytes(vec![self.kid]),
            self.key.to_cose_key(),
            (self.usage as u8).into(),
            self.not_before.into(),
            self.not_after.into(),
            self.revoked_at.map_or(Value::Null, Value::from),
        ])
    }

    fn read(value: &Value) -> Option<Self> {
        let [Value::Bytes(kid), key, usage, not_before, not_after, revoked_at] = value.as_array()?.as_slice() else {
            return None;
        };
        let &[kid] = kid.as_slice() else { return None };
        let usage = match as_i64(usage)? {
            1 => KeyUse::Card,
            2 => KeyUse::Status,
            3 => KeyUse::Checkpoint,
            _ => return None,
        };
        let revoked_at = if revoked_at.is_null() { None } else { Some(read_time(revoked_at)?) };
        let key = PublicKey::from_cose_key(key).ok()?;
        Some(Self { kid, key, usage, not_before: read_time(not_before)?, not_after: read_time(not_after)?, revoked_at })
    }
}

/// A cooperative's entry in the trust list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issuer {
    id: CooperativeId,
    name: String,
    status_uri: String,
    keys: Vec<IssuerKey>,
    verifiers: Vec<(VerifierId, String)>,
}

impl Issuer {
    /// Checks an entry: names of 1 to 100 bytes, a status address of 1 to 200 printable ASCII characters, unique key
    /// generations with times in order, unique verifiers.
    pub fn new(
        id: CooperativeId,
        name: &str,
        status_uri: &str,
        keys: Vec<IssuerKey>,
        verifiers: Vec<(VerifierId, String)>,
    ) -> Result<Self, CardError> {
        if !is_name(name) || !verifiers.iter().all(|(_, name)| is_name(name)) {
            return Err(CardError::Invalid("a name in the trust list has 1 to 100 bytes and no control characters"));
        }
        if !(1..=MAX_STATUS_URI).contains(&status_uri.len()) || !status_uri.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(CardError::Invalid("a status list's address has 1 to 200 printable characters"));
        }
        let in_time = |time: i64| (0..=MAX_TIME).contains(&time);
        let ordered = |k: &IssuerKey| {
            k.not_before <= k.not_after && [k.not_before, k.not_after].into_iter().chain(k.revoked_at).all(in_time)
        };
        if !keys.iter().all(ordered) || !all_unique(keys.iter().map(|k| k.kid)) {
            return Err(CardError::Invalid("each key has its own generation, and begins before it ends"));
        }
        if !all_unique(verifiers.iter().map(|(id, _)| id)) {
            return Err(CardError::Invalid("each verifier has its own id"));
        }
        Ok(Self { id, name: name.to_owned(), status_uri: status_uri.to_owned(), keys, verifiers })
    }

    /// The cooperative's id.
    pub fn id(&self) -> &CooperativeId {
        &self.id
    }

    /// Its name, for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where its status list is published, exactly as the list itself says it.
    pub fn status_uri(&self) -> &str {
        &self.status_uri
    }

    /// All its keys, retired and revoked ones too.
    pub fn keys(&self) -> &[IssuerKey] {
        &self.keys
    }

    /// Its shops' terminals and what a phone calls them.
    pub fn verifiers(&self) -> &[(VerifierId, String)] {
        &self.verifiers
    }

    /// The key of this generation, if it is for this use.
    pub fn key(&self, kid: u8, usage: KeyUse) -> Option<&IssuerKey> {
        self.keys.iter().find(|key| key.kid == kid && key.usage == usage)
    }

    /// The entry as deterministic CBOR: what a cooperative hands to its federation.
    pub fn to_bytes(&self) -> Vec<u8> {
        cose::encode(&self.to_value())
    }

    /// Reads an entry that a cooperative handed over. Unsigned: the federation knows where it came from.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CardError> {
        if bytes.len() > MAX_TRUST_LIST {
            return Err(CoseError::TooLong { max: MAX_TRUST_LIST }.into());
        }
        Self::read(&cose::check_canonical(bytes, cose::MAX_DEPTH)?)
    }

    fn to_value(&self) -> Value {
        let verifier = |(id, name): &(VerifierId, String)| Value::Array(vec![id.as_str().into(), name.as_str().into()]);
        Value::Map(vec![
            (ID.into(), self.id.as_str().into()),
            (NAME.into(), self.name.as_str().into()),
            (STATUS_URI.into(), self.status_uri.as_str().into()),
            (KEYS.into(), Value::Array(self.keys.iter().map(IssuerKey::to_value).collect())),
            (VERIFIERS.into(), Value::Array(self.verifiers.iter().map(verifier).collect())),
        ])
    }

    fn read(value: &Value) -> Result<Self, CardError> {
        let entry = Claims::of(value)?;
        let keys: Option<Vec<_>> = entry.array(KEYS)?.iter().map(IssuerKey::read).collect();
        let verifiers: Option<Vec<_>> = entry.array(VERIFIERS)?.iter().map(read_verifier).collect();
        Self::new(
            CooperativeId::new(entry.text(ID)?)?,
            entry.text(NAME)?,
            entry.text(STATUS_URI)?,
            keys.ok_or(CardError::BadClaim(KEYS))?,
            verifiers.ok_or(CardError::BadClaim(VERIFIERS))?,
        )
    }
}

fn read_verifier(value: &Value) -> Option<(VerifierId, String)> {
    let [Value::Text(id), Value::Text(name)] = value.as_array()?.as_slice() else { return None };
    Some((VerifierId::new(id).ok()?, name.clone()))
}

fn is_name(name: &str) -> bool {
    (1..=MAX_DISPLAY_NAME).contains(&name.len()) && !name.chars().any(char::is_control)
}

fn all_unique<T: Ord>(items: impl Iterator<Item = T>) -> bool {
    let mut items: Vec<T> = items.collect();
    items.sort();
    items.windows(2).all(|pair| pair[0] != pair[1])
}

/// A trust list whose root signature verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustList {
    federation: CooperativeId,
    seq: u64,
    issued_at: i64,
    expires_at: i64,
    issuers: BTreeMap<CooperativeId, Issuer>,
}

impl TrustList {
    /// Signs a list of these cooperatives that is good from `now` for [`TRUST_LIFE`]. `seq` is one counter over all roots and
    /// must be higher than that of every list signed before; `root` is the number of the signing root.
    pub fn sign(
        federation: &CooperativeId,
        seq: u64,
        now: i64,
        issuers: &[Issuer],
        root: u8,
        signer: &dyn Signer,
    ) -> Result<Vec<u8>, CardError> {
        if !(0..=MAX_TIME - TRUST_LIFE).contains(&now) {
            return Err(CardError::BadClaim(IAT));
        }
        if !all_unique(issuers.iter().map(Issuer::id)) {
            return Err(CardError::Invalid("each cooperative stands in the trust list once"));
        }
        let payload = cose::sorted_map(vec![
            (ISS.into(), federation.as_str().into()),
            (EXP.into(), (now + TRUST_LIFE).into()),
            (IAT.into(), now.into()),
            (SEQ.into(), seq.into()),
            (ISSUERS.into(), Value::Array(issuers.iter().map(Issuer::to_value).collect())),
        ]);
        let headers = Headers { typ: &TYP, kid: Some(&[root]), kcwt: None };
        let bytes = cose::sign1(&headers, &cose::encode(&payload), signer)?;
        if bytes.len() > MAX_TRUST_LIST { Err(CoseError::TooLong { max: MAX_TRUST_LIST }.into()) } else { Ok(bytes) }
    }

    /// Reads a list that one of the given roots signed and whose `seq` is not below `min_seq`, the highest ever seen. An
    /// expired list is read too: what that means depends on what it is used for.
    pub fn read(bytes: &[u8], roots: &[PublicKey], min_seq: u64) -> Result<Self, CardError> {
        let signed = cose::parse1(bytes, &TYP, MAX_TRUST_LIST)?;
        if signed.kid().is_none_or(|kid| kid.len() != 1) {
            return Err(CoseError::UnknownHeader.into());
        }
        // The number in the header is a label for people: any of the pinned roots will do, and nothing else will.
        if !roots.iter().any(|root| signed.verify(root).is_ok()) {
            return Err(CardError::WrongRoot);
        }
        let claims = Claims::of(signed.claims())?;
        let seq = claims.int(SEQ)?.try_into().map_err(|_| CardError::BadClaim(SEQ))?;
        if seq < min_seq {
            return Err(CardError::SequenceWentBack);
        }
        let (issued_at, expires_at) = (claims.time(IAT)?, claims.time(EXP)?);
        if issued_at >= expires_at {
            return Err(CardError::BadClaim(EXP));
        }
        let mut issuers = BTreeMap::new();
        for entry in claims.array(ISSUERS)? {
            let issuer = Issuer::read(entry)?;
            if issuers.insert(issuer.id.clone(), issuer).is_some() {
                return Err(CardError::BadClaim(ISSUERS));
            }
        }
        Ok(Self { federation: CooperativeId::new(claims.text(ISS)?)?, seq, issued_at, expires_at, issuers })
    }

    /// The federation that signed it.
    pub fn federation(&self) -> &CooperativeId {
        &self.federation
    }

    /// Its number, to be kept and given to [`TrustList::read`] the next time.
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// When it was signed.
    pub fn issued_at(&self) -> i64 {
        self.issued_at
    }

    /// The first second at which it is too old.
    pub fn expires_at(&self) -> i64 {
        self.expires_at
    }

    /// Whether it is too old at this time.
    pub fn is_expired(&self, now: i64) -> bool {
        now >= self.expires_at
    }

    /// A cooperative's entry.
    pub fn issuer(&self, id: &CooperativeId) -> Option<&Issuer> {
        self.issuers.get(id)
    }

    /// All entries, by id.
    pub fn issuers(&self) -> impl Iterator<Item = &Issuer> {
        self.issuers.values()
    }

    /// The keys under which this cooperative's checkpoints count: for checkpoints, and not revoked. Each holds only for
    /// checkpoints whose time it [covers](IssuerKey::covers). Empty for a cooperative that is not in the list.
    pub fn checkpoint_keys(&self, id: &CooperativeId) -> impl Iterator<Item = &IssuerKey> {
        let keys = self.issuer(id).map_or(&[][..], Issuer::keys);
        keys.iter().filter(|key| key.usage == KeyUse::Checkpoint && key.revoked_at.is_none())
    }

    /// What a verifier is called, for a phone that was asked by it. None: the phone refuses.
    pub fn verifier_name(&self, id: &VerifierId) -> Option<&str> {
        let mut all = self.issuers().flat_map(Issuer::verifiers);
        all.find(|(verifier, _)| verifier == id).map(|(_, name)| name.as_str())
    }
}
