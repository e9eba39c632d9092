//! Reading typed claims out of a decoded CWT payload. Unknown claims are ignored, except the one that must be understood.

use ciborium::Value;

use super::{CardError, MAX_TIME};
use crate::cose::as_i64;

pub(super) const ISS: i64 = 1;
pub(super) const SUB: i64 = 2;
pub(super) const AUD: i64 = 3;
pub(super) const EXP: i64 = 4;
pub(super) const IAT: i64 = 6;
pub(super) const CNF: i64 = 8;
pub(super) const CNONCE: i64 = 39;
pub(super) const NAME: i64 = 169;
pub(super) const MEMBERSHIP: i64 = -65537;
pub(super) const MUST_UNDERSTAND: i64 = -65538;
pub(super) const PURCHASE: i64 = -65539;
pub(super) const SEQ: i64 = -65540;
pub(super) const ISSUERS: i64 = -65541;
pub(super) const STATUS_LIST: i64 = 65533;
pub(super) const TTL: i64 = 65534;

/// A map of claims by their integer labels.
#[derive(Clone, Copy)]
pub(super) struct Claims<'a>(&'a [(Value, Value)]);

impl<'a> Claims<'a> {
    /// The claims of a whole payload.
    pub(super) fn of(payload: &'a Value) -> Result<Self, CardError> {
        let claims = Self(payload.as_map().ok_or(CardError::BadClaim(0))?);
        match claims.get(MUST_UNDERSTAND) {
            Some(_) => Err(CardError::MustUnderstand),
            None => Ok(claims),
        }
    }

    pub(super) fn get(self, label: i64) -> Option<&'a Value> {
        self.0.iter().find(|(key, _)| as_i64(key) == Some(label)).map(|(_, value)| value)
    }

    fn need(self, label: i64) -> Result<&'a Value, CardError> {
        self.get(label).ok_or(CardError::BadClaim(label))
    }

    pub(super) fn int(self, label: i64) -> Result<i64, CardError> {
        as_i64(self.need(label)?).ok_or(CardError::BadClaim(label))
    }

    /// Whole seconds since 1970, up to the year 9999: no sum of two of them overflows.
    pub(super) fn time(self, label: i64) -> Result<i64, CardError> {
        read_time(self.need(label)?).ok_or(CardError::BadClaim(label))
    }

    pub(super) fn text(self, label: i64) -> Result<&'a str, CardError> {
        self.need(label)?.as_text().ok_or(CardError::BadClaim(label))
    }

    pub(super) fn bytes(self, label: i64) -> Result<&'a [u8], CardError> {
        self.need(label)?.as_bytes().map(Vec::as_slice).ok_or(CardError::BadClaim(label))
    }

    pub(super) fn array(self, label: i64) -> Result<&'a [Value], CardError> {
        self.need(label)?.as_array().map(Vec::as_slice).ok_or(CardError::BadClaim(label))
    }

    pub(super) fn map(self, label: i64) -> Result<Self, CardError> {
        self.need(label)?.as_map().map(|map| Self(map)).ok_or(CardError::BadClaim(label))
    }

    /// A claim that may be absent, but not wrong.
    pub(super) fn optional<T>(
        self,
        label: i64,
        read: impl FnOnce(Self, i64) -> Result<T, CardError>,
    ) -> Result<Option<T>, CardError> {
        self.get(label).map(|_| read(self, label)).transpose()
    }
}

pub(super) fn read_time(value: &Value) -> Option<i64> {
    as_i64(value).filter(|time| (0..=MAX_TIME).contains(time))
}
