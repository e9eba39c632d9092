//! How domain values stand in CBOR: shortest forms, definite lengths (RFC 8949 4.2.1), checked on the way in.

use minicbor::Decoder;
use minicbor::data::Type;
use minicbor::decode::Error as DecodeError;

use super::Hash;
use crate::domain::Invalid;

pub(crate) type Buffer = Vec<u8>;
pub(crate) type Encoder<'a> = minicbor::Encoder<&'a mut Buffer>;
/// Writing into a vector cannot fail.
pub(crate) type EncodeError = minicbor::encode::Error<core::convert::Infallible>;

/// Why bytes from outside are not a message of the protocol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WireFault {
    /// Not CBOR of the expected shape.
    #[error("the message is not of the agreed form")]
    Malformed,
    /// A value breaks a rule of the domain.
    #[error("a value in the message breaks a rule: {0}")]
    Invalid(#[from] Invalid),
    /// An entry breaks a rule of the ledger.
    #[error("an entry in the message breaks a rule: {0}")]
    Entry(#[from] crate::domain::EntryFault),
    /// Longer than the named limit.
    #[error("the message is larger than agreed")]
    TooLarge,
    /// Made for a newer version of the protocol, in a place that must be understood.
    #[error("the message needs a newer version of the app")]
    Newer,
}

impl From<DecodeError> for WireFault {
    fn from(_: DecodeError) -> Self {
        // The decoder's own words may quote the input; they are not passed on.
        Self::Malformed
    }
}

/// Encodes into a fresh vector.
pub(crate) fn to_vec(build: impl FnOnce(&mut Encoder<'_>) -> Result<(), EncodeError>) -> Buffer {
    let mut buffer = Vec::with_capacity(128);
    let mut encoder = minicbor::Encoder::new(&mut buffer);
    // The only error is the writer's, and a vector has none.
    let _infallible = build(&mut encoder);
    buffer
}

/// A value that stands in the protocol as one CBOR item.
pub(crate) trait Item: Sized {
    fn write(&self, e: &mut Encoder<'_>) -> Result<(), EncodeError>;
    fn read(d: &mut Decoder<'_>) -> Result<Self, WireFault>;
}

/// Opens an array that has exactly (or, for forward compatibility, at least) that many items;
/// returns how many unknown items follow the known ones.
pub(crate) fn array(d: &mut Decoder<'_>, least: u64) -> Result<u64, WireFault> {
    let length = d.array()?.ok_or(WireFault::Malformed)?;
    length.checked_sub(least).ok_or(WireFault::Malformed)
}

/// Skips `count` items that a newer writer added.
pub(crate) fn skip(d: &mut Decoder<'_>, count: u64) -> Result<(), WireFault> {
    for _ in 0..count {
        d.skip()?;
    }
    Ok(())
}

/// Opens an array whose items are all known.
pub(crate) fn exact(d: &mut Decoder<'_>, items: u64) -> Result<(), WireFault> {
    match array(d, items)? {
        0 => Ok(()),
        _ => Err(WireFault::Malformed),
    }
}

/// Reads the version that opens a message.
pub(crate) fn version(d: &mut Decoder<'_>, known: u64) -> Result<(), WireFault> {
    match d.u64()? {
        v if v == known => Ok(()),
        v if v > known => Err(WireFault::Newer),
        _ => Err(WireFault::Malformed),
    }
}

/// Nothing may follow the message.
pub(crate) fn end(d: &Decoder<'_>) -> Result<(), WireFault> {
    if d.position() == d.input().len() { Ok(()) } else { Err(WireFault::Malformed) }
}

/// An array of items, at most `most` of them.
pub(crate) fn list<T>(
    d: &mut Decoder<'_>,
    most: u64,
    mut item: impl FnMut(&mut Decoder<'_>) -> Result<T, WireFault>,
) -> Result<Vec<T>, WireFault> {
    let length = d.array()?.ok_or(WireFault::Malformed)?;
    if length > most {
        return Err(WireFault::TooLarge);
    }
    // Memory grows with what arrives, not with what a length claims.
    let mut items = Vec::with_capacity(length.min(256) as usize);
    for _ in 0..length {
        items.push(item(d)?);
    }
    Ok(items)
}

/// An item or null.
pub(crate) fn optional<T>(
    d: &mut Decoder<'_>,
    item: impl FnOnce(&mut Decoder<'_>) -> Result<T, WireFault>,
) -> Result<Option<T>, WireFault> {
    if d.datatype()? == Type::Null {
        d.null()?;
        return Ok(None);
    }
    item(d).map(Some)
}

pub(crate) fn write_optional<T>(
    e: &mut Encoder<'_>,
    value: Option<&T>,
    write: impl FnOnce(&T, &mut Encoder<'_>) -> Result<(), EncodeError>,
) -> Result<(), EncodeError> {
    match value {
        Some(value) => write(value, e),
        None => e.null().map(drop),
    }
}

/// A byte string of at most `most` bytes.
pub(crate) fn bounded(d: &mut Decoder<'_>, most: usize) -> Result<Vec<u8>, WireFault> {
    let bytes = d.bytes()?;
    if bytes.len() > most {
        return Err(WireFault::TooLarge);
    }
    Ok(bytes.to_vec())
}

/// A number that counts up from 0 and is kept by either side: at most what SQL keeps.
pub(crate) fn count(d: &mut Decoder<'_>) -> Result<u64, WireFault> {
    let count = d.u64()?;
    if i64::try_from(count).is_ok() { Ok(count) } else { Err(WireFault::Malformed) }
}

pub(crate) fn fixed<const N: usize>(d: &mut Decoder<'_>) -> Result<[u8; N], WireFault> {
    d.bytes()?.try_into().map_err(|_| WireFault::Malformed)
}

pub(crate) fn hash(d: &mut Decoder<'_>) -> Result<Hash, WireFault> {
    fixed(d)
}

/// Numbers and texts of the domain as single items.
macro_rules! items {
    ($($type:ty: $d:ident => $read:expr, $value:ident $e:ident => $write:expr;)+) => {$(
        impl Item for $type {
            fn write(&self, $e: &mut Encoder<'_>) -> Result<(), EncodeError> {
                let $value = self;
                $write.map(drop)
            }
            fn read($d: &mut Decoder<'_>) -> Result<Self, WireFault> {
                Ok($read)
            }
        }
    )+};
}

use crate::domain::loan::{Component, DayCount, RoundingMode, RoundingPlace};
use crate::domain::{
    AccountNo, AccountStatus, CivilDate, Collateral, CooperativeId, Description, DeviceId, LedgerKind, LoanKind,
    LoanMethod, LoanStatus, MediaType, MemberNo, MemberStatus, Money, Name, OperationId, ProductCode, Purpose, Rate,
    Reason, Reference, ReplyText, RequestState, SavingsKind, SavingsType, TimeZone, Timestamp,
};

items! {
    Money: d => Money::from_sen(d.i64()?)?, v e => e.i64(v.sen());
    Rate: d => Rate::from_e8(d.i64()?)?, v e => e.i64(v.e8());
    CivilDate: d => CivilDate::from_days(d.i32()?)?, v e => e.i32(v.days());
    Timestamp: d => Timestamp::from_seconds(d.i64()?)?, v e => e.i64(v.seconds());
    AccountNo: d => AccountNo::new(d.str()?)?, v e => e.str(v.as_str());
    CooperativeId: d => CooperativeId::new(d.str()?)?, v e => e.str(v.as_str());
    MemberNo: d => MemberNo::new(d.str()?)?, v e => e.str(v.as_str());
    Name: d => Name::new(d.str()?)?, v e => e.str(v.as_str());
    ProductCode: d => ProductCode::new(d.str()?)?, v e => e.str(v.as_str());
    Description: d => Description::new(d.str()?)?, v e => e.str(v.as_str());
    Reference: d => Reference::new(d.str()?)?, v e => e.str(v.as_str());
    Purpose: d => Purpose::new(d.str()?)?, v e => e.str(v.as_str());
    Collateral: d => Collateral::new(d.str()?)?, v e => e.str(v.as_str());
    ReplyText: d => ReplyText::new(d.str()?)?, v e => e.str(v.as_str());
    Reason: d => Reason::new(d.str()?)?, v e => e.str(v.as_str());
    TimeZone: d => d.str()?.parse()?, v e => e.str(v.as_str());
    OperationId: d => OperationId::from_bytes(d.bytes()?)?, v e => e.bytes(v.as_bytes());
    DeviceId: d => DeviceId::from_bytes(d.bytes()?)?, v e => e.bytes(v.as_bytes());
    LedgerKind: d => LedgerKind::from_number(d.u8()?).ok_or(WireFault::Newer)?, v e => e.u8(*v as u8);
    SavingsKind: d => SavingsKind::from_number(d.u8()?).ok_or(WireFault::Newer)?, v e => e.u8(v.number());
    LoanKind: d => LoanKind::from_number(d.u8()?).ok_or(WireFault::Newer)?, v e => e.u8(v.number());
    LoanMethod: d => LoanMethod::from_number(d.u8()?).ok_or(WireFault::Newer)?, v e => e.u8(*v as u8);
    LoanStatus: d => LoanStatus::from_number(d.u8()?).ok_or(WireFault::Newer)?, v e => e.u8(*v as u8);
    AccountStatus: d => AccountStatus::from_number(d.u8()?).ok_or(WireFault::Newer)?, v e => e.u8(*v as u8);
    MemberStatus: d => MemberStatus::from_number(d.u8()?).ok_or(WireFault::Newer)?, v e => e.u8(*v as u8);
    SavingsType: d => SavingsType::from_number(d.u8()?).ok_or(WireFault::Newer)?, v e => e.u8(*v as u8);
    RoundingMode: d => RoundingMode::from_number(d.u8()?).ok_or(WireFault::Newer)?, v e => e.u8(*v as u8);
    RoundingPlace: d => RoundingPlace::from_number(d.u8()?).ok_or(WireFault::Newer)?, v e => e.u8(*v as u8);
    DayCount: d => DayCount::from_number(d.u8()?).ok_or(WireFault::Newer)?, v e => e.u8(*v as u8);
    Component: d => Component::from_number(d.u8()?).ok_or(WireFault::Newer)?, v e => e.u8(*v as u8);
    MediaType: d => MediaType::from_number(d.u8()?).ok_or(WireFault::Newer)?, v e => e.u8(*v as u8);
    RequestState: d => RequestState::from_number(d.u8()?).ok_or(WireFault::Newer)?, v e => e.u8(*v as u8);
}
