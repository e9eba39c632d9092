//! An answer as JSON, for readers that know no CBOR: made from the very bytes that a phone would get, by RFC 8949 6.1, so that
//! no message has a second writer and none can be forgotten.
//!
//! Never what phones or shops are sent: it is given to whoever asks for it by `Accept`. Knows no message.

use std::io::Write;

use anggota::protocol::problem::{Code, MEDIA_TYPE};
use anggota::protocol::{CBOR, STREAM};
use axum::body::{Body, to_bytes};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use data_encoding::BASE64URL_NOPAD;
use minicbor::Decoder;
use minicbor::data::Type;
use minicbor::decode::Error;

use crate::refusal::Refusal;

/// The media type of JSON.
pub(crate) const JSON: &str = "application/json";

/// The largest integer, either way from 0, that every reader of JSON takes as it is (RFC 7493 2.2): beyond it a reader in
/// JavaScript would see another amount than the book has.
const MAX_NUMBER: i128 = (1 << 53) - 1;

/// The media types whose weight is ever asked for: JSON, and what an answer is by itself.
const NAMED: [&str; 4] = [JSON, CBOR, STREAM, MEDIA_TYPE];

/// The weights that `Accept` gives to the [`NAMED`] media types, and of nothing else: whoever asks is a stranger yet, so
/// nothing of what is sent is kept.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Accept([f32; NAMED.len()]);

impl Accept {
    /// Of a request. Of a media type that is named twice the larger weight counts.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let texts = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok());
        texts.flat_map(|text| text.split(',')).fold(Self::default(), Self::with)
    }

    fn with(mut self, range: &str) -> Self {
        let mut parts = range.split(';').map(str::trim);
        let named = parts.next().unwrap_or_default();
        let Some(place) = NAMED.iter().position(|media_type| media_type.eq_ignore_ascii_case(named)) else {
            return self;
        };
        let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        let weight = weight.and_then(|weight| weight.parse().ok()).unwrap_or(1.0_f32);
        // What is no number passes `clamp` as it is, and `max` passes it over: it counts 0.
        self.0[place] = self.0[place].max(weight.clamp(0.0, 1.0));
        self
    }

    /// Whether JSON is asked for by its name rather than what the answer is by itself, one of [`NAMED`]. `*/*` asks for no
    /// other form, and where both are named alike the answer stays what it is.
    pub(crate) fn prefers_json(&self, own: &str) -> bool {
        let weight = |named: &str| {
            let mut weights = NAMED.iter().zip(self.0);
            weights.find_map(|(media_type, weight)| (*media_type == named).then_some(weight)).unwrap_or_default()
        };
        weight(JSON) > weight(own)
    }
}

/// The answer in the form that was asked for. What is not CBOR stays as it is.
pub(crate) async fn in_form(mut response: Response, accept: &Accept) -> Result<Response, Refusal> {
    let is_cbor = response.headers().get(CONTENT_TYPE).is_some_and(|media_type| media_type == CBOR);
    if !is_cbor || !accept.prefers_json(CBOR) {
        return Ok(response);
    }
    // It is in memory already: answers of CBOR are of one piece.
    let cbor = to_bytes(std::mem::take(response.body_mut()), usize::MAX).await;
    let cbor = cbor.map_err(|error| Refusal::caused(Code::Internal, error))?;
    let mut json = Vec::with_capacity(2 * cbor.len());
    write(&cbor, &mut json).map_err(|error| Refusal::caused(Code::Internal, error))?;
    *response.body_mut() = Body::from(json);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(JSON));
    Ok(response)
}

/// Writes one item of CBOR: arrays as arrays, texts as strings, bytes as base64url without padding, null as null, integers
/// as numbers, or beyond [`MAX_NUMBER`] as strings of their digits. The protocol's messages hold nothing else; what is
/// something else is refused rather than guessed.
pub(crate) fn write(cbor: &[u8], json: &mut Vec<u8>) -> Result<(), Error> {
    let d = &mut Decoder::new(cbor);
    item(d, json)?;
    if d.position() == cbor.len() { Ok(()) } else { Err(Error::message("something follows the item")) }
}

fn item(d: &mut Decoder<'_>, json: &mut Vec<u8>) -> Result<(), Error> {
    match d.datatype()? {
        Type::Array => {
            let items = d.array()?.ok_or_else(|| Error::message("an array without a length"))?;
            json.push(b'[');
            for number in 0..items {
                if number > 0 {
                    json.push(b',');
                }
                item(d, json)?;
            }
            json.push(b']');
            Ok(())
        }
        Type::String => serde_json::to_writer(json, d.str()?).map_err(Error::custom),
        Type::Bytes => write!(json, "\"{}\"", BASE64URL_NOPAD.encode(d.bytes()?)).map_err(Error::custom),
        Type::Null => {
            d.null()?;
            json.extend_from_slice(b"null");
            Ok(())
        }
        Type::Bool => write!(json, "{}", d.bool()?).map_err(Error::custom),
        Type::U8 | Type::U16 | Type::U32 | Type::U64 | Type::I8 | Type::I16 | Type::I32 | Type::I64 | Type::Int => {
            let number = i128::from(d.int()?);
            let is_safe = number.abs() <= MAX_NUMBER;
            if is_safe { write!(json, "{number}") } else { write!(json, "\"{number}\"") }.map_err(Error::custom)
        }
        _ => Err(Error::message("no item of a message")),
    }
}

#[cfg(test)]
mod tests {
    use minicbor::Encoder;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::*;

    /// What a message may hold.
    #[derive(Debug, Clone)]
    enum Item {
        Number(i128),
        Bytes(Vec<u8>),
        Text(String),
        Bool(bool),
        Null,
        Array(Vec<Item>),
    }

    impl Item {
        fn cbor(&self, e: &mut Encoder<Vec<u8>>) {
            match self {
                Self::Number(number) => e.int((*number).try_into().unwrap()),
                Self::Bytes(bytes) => e.bytes(bytes),
                Self::Text(text) => e.str(text),
                Self::Bool(yes) => e.bool(*yes),
                Self::Null => e.null(),
                Self::Array(items) => {
                    e.array(items.len() as u64).unwrap();
                    return items.iter().for_each(|item| item.cbor(e));
                }
            }
            .unwrap();
        }

        fn json(&self) -> Value {
            match self {
                Self::Number(number) if number.abs() > 9_007_199_254_740_991 => json!(number.to_string()),
                Self::Number(number) => json!(*number as i64),
                Self::Bytes(bytes) => json!(data_encoding::BASE64URL.encode(bytes).trim_end_matches('=')),
                Self::Text(text) => json!(text),
                Self::Null => Value::Null,
                Self::Bool(yes) => Value::Bool(*yes),
                Self::Array(items) => items.iter().map(Self::json).collect(),
            }
        }
    }

    fn items() -> impl Strategy<Value = Item> {
        let edges = [0, 9_007_199_254_740_991, 99_999_999_999_999_999, i128::from(u64::MAX)];
        let edges = edges.into_iter().flat_map(|edge| [edge - 1, edge, -edge, -edge - 1]).collect::<Vec<_>>();
        let leaf = prop_oneof![
            proptest::sample::select(edges).prop_map(Item::Number),
            (i64::MIN..=i64::MAX).prop_map(|number| Item::Number(number.into())),
            proptest::collection::vec(any::<u8>(), 0..40).prop_map(Item::Bytes),
            any::<String>().prop_map(Item::Text),
            Just(Item::Null),
            any::<bool>().prop_map(Item::Bool),
        ];
        leaf.prop_recursive(4, 64, 8, |item| proptest::collection::vec(item, 0..8).prop_map(Item::Array))
    }

    fn written(cbor: &[u8]) -> Option<Value> {
        let mut json = Vec::new();
        write(cbor, &mut json).ok()?;
        Some(serde_json::from_slice(&json).unwrap())
    }

    proptest! {
        #[test]
        fn every_item_of_a_message_has_its_form_and_nothing_after_it_is_passed_over(item in items()) {
            let mut encoder = Encoder::new(Vec::new());
            item.cbor(&mut encoder);
            let mut cbor = encoder.into_writer();
            prop_assert_eq!(written(&cbor), Some(item.json()));
            cbor.push(0xf6);
            prop_assert_eq!(written(&cbor), None);
            cbor.truncate(cbor.len() - 2);
            prop_assert_eq!(written(&cbor), None);
        }
    }

    #[test]
    fn what_is_in_no_message_is_refused_rather_than_guessed() {
        // A float, undefined, a map, a tag, an array and a text without a length.
        for cbor in ["f93c00", "f7", "a0", "c001", "9f01ff", "7f6161ff"] {
            let cbor = data_encoding::HEXLOWER.decode(cbor.as_bytes()).unwrap();
            assert_eq!(written(&cbor), None, "{cbor:x?}");
        }
    }

    #[test]
    fn json_is_what_was_asked_for_by_its_name_and_weight() {
        let asks = |accept: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in accept {
                headers.append(ACCEPT, HeaderValue::from_str(value).unwrap());
            }
            Accept::of(&headers).prefers_json(CBOR)
        };
        for accept in [
            &["application/json"][..],
            &["application/json, application/problem+json"],
            &["text/html, Application/JSON;charset=utf-8; q=0.1, */*"],
            &["application/cbor;q=0.5, application/json"],
            &["text/plain", "application/json"],
        ] {
            assert!(asks(accept), "{accept:?}");
        }
        for accept in [
            &[][..],
            &["*/*"],
            &["application/*"],
            &["application/jsonx"],
            &["application/json;q=0"],
            &["application/json, application/cbor"],
            &["application/json;q=0.9, application/cbor"],
            &["application/json;q=NaN"],
            &["application/json;q=-NaN, application/json;q=nan"],
            &["application/json;q=-1"],
            &["application/json;q=-inf"],
            &["application/json;q=inf, application/cbor"],
        ] {
            assert!(!asks(accept), "{accept:?}");
        }
        assert!(asks(&["application/json;q=0.1, application/cbor;q=NaN"]));
    }

    /// As large as a head may be: all of it is passed over, and what stands behind it still counts.
    #[test]
    fn sixty_thousand_commas_are_four_weights() {
        let mut headers = HeaderMap::new();
        for accept in [",".repeat(60_000), "application/json;q=0.3,".repeat(2_600)] {
            headers.append(ACCEPT, HeaderValue::from_str(&accept).unwrap());
        }
        assert_eq!(Accept::of(&headers).0, [0.3, 0.0, 0.0, 0.0]);
        headers.append(ACCEPT, HeaderValue::from_static("Application/Problem+JSON;q=0.7, application/CBOR;q=0.1"));
        let accept = Accept::of(&headers);
        assert_eq!(accept.0, [0.3, 0.1, 0.0, 0.7]);
        assert_eq!([CBOR, STREAM, MEDIA_TYPE].map(|own| accept.prefers_json(own)), [true, true, false]);
        assert!(std::mem::size_of::<Accept>() <= 16, "nothing of what was sent is kept");
    }
}
