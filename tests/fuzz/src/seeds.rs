//! The recorded vectors as inputs.

use data_encoding::HEXLOWER;
use serde_json::Value;

/// A file of tests/vectors.
pub(crate) fn vectors(name: &str) -> Value {
    let file = format!("{}/../vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    serde_json::from_slice(&text).unwrap()
}

/// The bytes at a pointer (RFC 6901).
pub(crate) fn bytes(file: &Value, pointer: &str) -> Vec<u8> {
    hex(file.pointer(pointer).unwrap_or_else(|| panic!("no {pointer}")))
}

/// The bytes in `field` of every item of a list.
pub(crate) fn each(file: &Value, list: &str, field: &str) -> Vec<Vec<u8>> {
    let items = file.pointer(list).and_then(Value::as_array).unwrap_or_else(|| panic!("no {list}"));
    items.iter().map(|item| hex(&item[field])).collect()
}

/// A text at a pointer.
pub(crate) fn text(file: &Value, pointer: &str) -> String {
    file.pointer(pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("no {pointer}")).to_owned()
}

pub(crate) fn hex(value: &Value) -> Vec<u8> {
    HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap()
}
