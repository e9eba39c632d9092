//! Deterministic CBOR (RFC 8949 4.2.1): one encoding for one message, so that bytes can be hashed, signed and compared.
//!
//! ciborium reads and writes; what it is lenient about is refused here. Never repairs what it reads.

use ciborium::Value;

use super::CoseError;

/// Decodes one CBOR item and refuses every encoding of it but the deterministic one of RFC 8949 4.2.1: floats, equal or
/// unordered map keys, long integers, indefinite lengths and trailing bytes, and nesting deeper than `max_depth` (counted over
/// arrays, maps and tags).
pub fn check_canonical(bytes: &[u8], max_depth: usize) -> Result<Value, CoseError> {
    let mut rest = bytes;
    let value: Value = ciborium::de::from_reader_with_recursion_limit(&mut rest, max_depth).map_err(|e| match e {
        ciborium::de::Error::RecursionLimitExceeded => CoseError::TooDeep,
        _ => CoseError::NotCbor,
    })?;
    if !rest.is_empty() {
        return Err(CoseError::TrailingBytes);
    }
    check_items(&value)?;
    if encode(&value) == bytes { Ok(value) } else { Err(CoseError::NotCanonical) }
}

fn check_items(value: &Value) -> Result<(), CoseError> {
    match value {
        Value::Float(_) => Err(CoseError::Float),
        Value::Array(items) => items.iter().try_for_each(check_items),
        Value::Tag(_, inner) => check_items(inner),
        Value::Map(entries) => {
            let mut last: Option<Vec<u8>> = None;
            for (key, item) in entries {
                check_items(key)?;
                check_items(item)?;
                let key = encode(key);
                match last.as_ref().map(|last| key.cmp(last)) {
                    Some(std::cmp::Ordering::Equal) => return Err(CoseError::DuplicateKey),
                    Some(std::cmp::Ordering::Less) => return Err(CoseError::KeyOrder),
                    _ => last = Some(key),
                }
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

/// The number, if the item is one that fits.
pub fn as_i64(value: &Value) -> Option<i64> {
    value.as_integer().and_then(|number| number.try_into().ok())
}

/// Encodes an item whose maps are already in order. ciborium writes the shortest forms and definite lengths.
pub fn encode(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to memory cannot fail, and a Value has no serializer of its own that could.
    let _ = ciborium::into_writer(value, &mut out);
    out
}

/// A map with its keys in deterministic order, whatever order they are given in.
pub fn sorted_map(mut entries: Vec<(Value, Value)>) -> Value {
    entries.sort_by_cached_key(|(key, _)| encode(key));
    Value::Map(entries)
}
