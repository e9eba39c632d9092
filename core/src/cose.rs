//! COSE_Sign1 with ES256, the one place where Anggota signs and verifies: cards, trust lists, status lists, checkpoints,
//! freshness statements and operations.
//!
//! Strict on purpose: one tag, one algorithm, empty unprotected headers, known header labels only, and RFC 8949 4.2.1
//! deterministic CBOR throughout, so that a message has exactly one encoding. It never reads a clock, never makes randomness
//! of its own and never takes the algorithm from a message.

mod canonical;
mod key;

use std::borrow::Cow;
use std::fmt;

use ciborium::Value;
use coset::{Header, ProtectedHeader, SignatureContext, iana, sig_structure_data};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

pub use canonical::{as_i64, check_canonical, encode, sorted_map};
pub use key::{MAX_PKCS8, PublicKey, Signature, Signer, SoftwareSigner, other_form, sha256, signature_from_der};

/// Deepest nesting of arrays, maps and tags that any message may have.
pub const MAX_DEPTH: usize = 8;
/// Longest key identifier in a header.
pub const MAX_KID: usize = 64;
const SIGN1_TAG: u64 = iana::CborTag::CoseSign1 as u64;
const ES256: i64 = iana::Algorithm::ES256 as i64;
const ALG: i64 = iana::HeaderParameter::Alg as i64;
const KID: i64 = iana::HeaderParameter::Kid as i64;
/// RFC 9528.
const KCWT: i64 = 13;
/// RFC 9596.
const TYP: i64 = 16;

/// Why a message, a key or a signature was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CoseError {
    /// Longer than the limit the caller named.
    #[error("the message is longer than {max} bytes; ask its sender for a shorter one")]
    TooLong {
        /// The limit in bytes.
        max: usize,
    },
    /// The bytes are not one CBOR item.
    #[error("the message is not readable CBOR; fetch it again")]
    NotCbor,
    /// Nested deeper than allowed.
    #[error("the message is nested too deeply; fetch it again from its issuer")]
    TooDeep,
    /// Bytes follow the item.
    #[error("the message has bytes after its end; fetch it again")]
    TrailingBytes,
    /// A floating-point number, which no message of ours holds.
    #[error("the message holds a floating-point number; fetch it again from its issuer")]
    Float,
    /// Two equal keys in one map.
    #[error("the message has the same map key twice; fetch it again from its issuer")]
    DuplicateKey,
    /// Map keys out of the order of RFC 8949 4.2.1.
    #[error("the message's map keys are out of order; fetch it again from its issuer")]
    KeyOrder,
    /// Another encoding than the deterministic one: a long integer, an indefinite length.
    #[error("the message is not in its shortest encoding; fetch it again from its issuer")]
    NotCanonical,
    /// Not a COSE_Sign1 under tag 18 with a payload and a 64-byte signature.
    #[error("the message is not a signed document; fetch it again from its issuer")]
    NotSign1,
    /// Something in the unprotected headers, which no signature covers.
    #[error("the message has unprotected headers; fetch it again from its issuer")]
    UnprotectedHeader,
    /// A header label this version does not know.
    #[error("the message has an unknown header; update the app")]
    UnknownHeader,
    /// Another algorithm than ES256.
    #[error("the message is signed with another algorithm than ES256; update the app")]
    WrongAlgorithm,
    /// Another kind of document than the one asked for, or a kind that does not fit its header.
    #[error("the message is another kind of document; choose the right one")]
    WrongType,
    /// A key identifier that is empty or longer than [`MAX_KID`].
    #[error("the key identifier has a wrong length; use 1 to 64 bytes")]
    BadKid,
    /// Not an uncompressed point of P-256.
    #[error("the public key is not an uncompressed P-256 point; export it again")]
    BadKey,
    /// Not a private P-256 key in PKCS#8.
    #[error("the private key is not P-256 in PKCS#8; make a new key")]
    BadPrivateKey,
    /// Not a DER signature of two positive integers below 2^256.
    #[error("the signature is not valid DER; sign again")]
    BadDer,
    /// The signature does not verify under the key.
    #[error("the signature does not verify under this key; fetch the message again from its issuer")]
    BadSignature,
    /// The key refused to sign, or randomness failed.
    #[error("the key could not sign; try again")]
    SigningFailed,
}

/// The kind of a signed document (RFC 9596): a content format or a media type. Signed with the rest, so that a document of
/// one kind can never pass for another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typ {
    /// A CoAP content format, such as 293.
    Number(u16),
    /// A media type, such as `application/statuslist+cwt`.
    Text(Cow<'static, str>),
}

impl Typ {
    /// A media type known when the program is compiled.
    pub const fn text(media_type: &'static str) -> Self {
        Self::Text(Cow::Borrowed(media_type))
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Number(number) => (*number).into(),
            Self::Text(text) => text.as_ref().into(),
        }
    }

    fn from_value(value: Value) -> Result<Self, CoseError> {
        match value {
            Value::Integer(number) => u16::try_from(number).map(Self::Number).map_err(|_| CoseError::WrongType),
            Value::Text(text) => Ok(Self::Text(Cow::Owned(text))),
            _ => Err(CoseError::WrongType),
        }
    }
}

/// What goes into the protected headers beside the algorithm.
#[derive(Debug, Clone)]
pub struct Headers<'a> {
    /// What kind of document this is (label 16).
    pub typ: &'a Typ,
    /// Which key signed it (label 4), 1 to 64 bytes.
    pub kid: Option<&'a [u8]>,
    /// A whole signed document whose `cnf` key signs this one (label 13, RFC 9528).
    pub kcwt: Option<&'a [u8]>,
}

/// Signs a payload, which must be deterministic CBOR, and gives the tagged COSE_Sign1.
pub fn sign1(headers: &Headers<'_>, payload: &[u8], signer: &dyn Signer) -> Result<Vec<u8>, CoseError> {
    check_canonical(payload, MAX_DEPTH)?;
    let mut map = vec![(ALG.into(), ES256.into())];
    if let Some(kid) = headers.kid {
        check_kid(kid)?;
        map.push((KID.into(), Value::Bytes(kid.to_vec())));
    }
    if let Some(kcwt) = headers.kcwt {
        map.push((KCWT.into(), check_canonical(kcwt, MAX_DEPTH - 1)?));
    }
    map.push((TYP.into(), headers.typ.to_value()));
    let protected = encode(&Value::Map(map));
    let signature = signer.sign(&to_be_signed(&protected, payload))?;
    let parts = [protected, payload.to_vec(), signature.to_vec()].map(Value::Bytes);
    let [protected, payload, signature] = parts;
    let message = Value::Array(vec![protected, Value::Map(Vec::new()), payload, signature]);
    Ok(encode(&Value::Tag(SIGN1_TAG, Box::new(message))))
}

/// The Sig_structure of RFC 9052 4.4, without external data.
fn to_be_signed(protected: &[u8], payload: &[u8]) -> Vec<u8> {
    let protected = ProtectedHeader { original_data: Some(protected.to_vec()), header: Header::default() };
    sig_structure_data(SignatureContext::CoseSign1, protected, None, &[], payload)
}

/// A COSE_Sign1 whose form is right; nothing in it may be believed before [`Sign1::verify`].
#[derive(Clone, PartialEq)]
pub struct Sign1 {
    protected: Vec<u8>,
    payload: Vec<u8>,
    signature: Signature,
    kid: Option<Vec<u8>>,
    kcwt: Option<Vec<u8>>,
    claims: Value,
}

/// Reads a tagged COSE_Sign1 of one kind, at most `max_len` bytes long. Checks all of its form, and no signature. One with
/// another document in its headers is refused: only [`parse1_carrying`] has a use for it.
pub fn parse1(bytes: &[u8], typ: &Typ, max_len: usize) -> Result<Sign1, CoseError> {
    let message = parse1_carrying(bytes, typ, max_len)?;
    if message.kcwt.is_some() { Err(CoseError::UnknownHeader) } else { Ok(message) }
}

/// As [`parse1`], for a kind of message that may carry a document in header 13.
pub fn parse1_carrying(bytes: &[u8], typ: &Typ, max_len: usize) -> Result<Sign1, CoseError> {
    if bytes.len() > max_len {
        return Err(CoseError::TooLong { max: max_len });
    }
    let Value::Tag(SIGN1_TAG, message) = check_canonical(bytes, MAX_DEPTH)? else {
        return Err(CoseError::NotSign1);
    };
    let parts = message.into_array().ok().and_then(|parts| <[Value; 4]>::try_from(parts).ok());
    let Some([Value::Bytes(protected), Value::Map(unprotected), Value::Bytes(payload), Value::Bytes(signature)]) =
        parts
    else {
        return Err(CoseError::NotSign1);
    };
    if !unprotected.is_empty() {
        return Err(CoseError::UnprotectedHeader);
    }
    let signature = signature.as_slice().try_into().map_err(|_| CoseError::NotSign1)?;
    let Hints { kid, kcwt } = read_headers(check_canonical(&protected, MAX_DEPTH)?, typ)?;
    let claims = check_canonical(&payload, MAX_DEPTH)?;
    Ok(Sign1 { protected, payload, signature, kid, kcwt, claims })
}

/// The protected headers beside the algorithm and the kind.
struct Hints {
    kid: Option<Vec<u8>>,
    kcwt: Option<Vec<u8>>,
}

/// Holds the protected headers to the algorithm, the wanted kind and the known labels; gives kid and kcwt.
fn read_headers(headers: Value, typ: &Typ) -> Result<Hints, CoseError> {
    let (mut alg, mut found) = (None, None);
    let (mut kid, mut kcwt) = (None, None);
    for (label, value) in headers.into_map().map_err(|_| CoseError::NotSign1)? {
        match as_i64(&label) {
            Some(ALG) => alg = as_i64(&value),
            Some(KID) => kid = Some(value.into_bytes().map_err(|_| CoseError::BadKid)?),
            Some(KCWT) => kcwt = Some(encode(&value)),
            Some(TYP) => found = Some(Typ::from_value(value)?),
            _ => return Err(CoseError::UnknownHeader),
        }
    }
    if alg != Some(ES256) {
        return Err(CoseError::WrongAlgorithm);
    }
    if found.as_ref() != Some(typ) {
        return Err(CoseError::WrongType);
    }
    kid.as_deref().map_or(Ok(()), check_kid)?;
    Ok(Hints { kid, kcwt })
}

impl fmt::Debug for Sign1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is signed may name a person or an amount.
        f.debug_struct("Sign1").field("kid", &self.kid).finish_non_exhaustive()
    }
}

impl Sign1 {
    /// The key identifier of the protected headers. A hint for finding the key, never proof of one.
    pub fn kid(&self) -> Option<&[u8]> {
        self.kid.as_deref()
    }

    /// The document in header 13, encoded.
    pub fn kcwt(&self) -> Option<&[u8]> {
        self.kcwt.as_deref()
    }

    /// The signed payload.
    pub fn payload(&self) -> &[u8] {
        &self.payload
    }

    /// All that the signature is over: the protected headers and the payload. The same for both forms of a signature.
    pub fn signed(&self) -> Vec<u8> {
        to_be_signed(&self.protected, &self.payload)
    }

    /// The payload, decoded.
    pub fn claims(&self) -> &Value {
        &self.claims
    }

    /// The signature as it was sent. Not an identity of the message: [`other_form`] verifies too.
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Checks the signature under this key with ES256, whatever the headers say.
    pub fn verify(&self, key: &PublicKey) -> Result<(), CoseError> {
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.as_bytes())
            .verify(&self.signed(), &self.signature)
            .map_err(|_| CoseError::BadSignature)
    }
}

fn check_kid(kid: &[u8]) -> Result<(), CoseError> {
    if (1..=MAX_KID).contains(&kid.len()) { Ok(()) } else { Err(CoseError::BadKid) }
}

#[cfg(test)]
mod tests;
