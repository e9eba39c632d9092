//! COSE_Sign1 with ES256, the one place where Anggota signs and verifies: cards, trust lists, status lists, checkpoints,
//! freshness statements and operations.
//!
//! Strict on purpose: one tag, one algorithm, empty unprotected headers, known header labels only, and RFC 8949 4.2.1
//! deterministic CBOR throughout, so that a message has exactly one encoding. It never reads a clock, never makes randomness
//! of its own and never takes the algorithm from a message.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use ciborium::Value;
use coset::{AsCborValue, CoseSign1, CoseSign1Builder, HeaderBuilder, Label, iana};
use der::{Decode, Reader, SliceReader, asn1::UintRef};
use ring::rand::SecureRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
};
use zeroize::Zeroizing;

/// Deepest nesting of arrays, maps and tags that any message may have.
pub const MAX_DEPTH: usize = 8;
/// Longest PKCS#8 document that is read as a P-256 key (ring writes 138 bytes).
pub const MAX_PKCS8: usize = 512;
/// Longest key identifier in a header.
pub const MAX_KID: usize = 64;
/// Longest DER signature: two 33-byte integers and their headers.
const MAX_DER_SIGNATURE: usize = 72;

const SIGN1_TAG: u64 = iana::CborTag::CoseSign1 as u64;
const KCWT: i64 = 13;
const TYP: i64 = 16;

/// A raw ES256 signature: r then s, 32 bytes each, big-endian (RFC 9053 2.1).
pub type Signature = [u8; 64];

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

/// A P-256 public key: the 65 bytes of an uncompressed SEC 1 point.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PublicKey([u8; 65]);

impl PublicKey {
    /// Reads an uncompressed SEC 1 point: 0x04, x, y.
    ///
    /// Whether the point lies on the curve is checked by ring at every verification; under a point that does not, no
    /// signature verifies.
    pub fn from_sec1(bytes: &[u8]) -> Result<Self, CoseError> {
        let point: [u8; 65] = bytes.try_into().map_err(|_| CoseError::BadKey)?;
        if point[0] != 0x04 { Err(CoseError::BadKey) } else { Ok(Self(point)) }
    }

    /// The 65 bytes of the uncompressed point.
    pub fn as_bytes(&self) -> &[u8; 65] {
        &self.0
    }

    /// The x coordinate, 32 bytes big-endian.
    pub fn x(&self) -> &[u8] {
        &self.0[1..33]
    }

    /// The y coordinate, 32 bytes big-endian.
    pub fn y(&self) -> &[u8] {
        &self.0[33..]
    }

    /// Reads a COSE_Key that is exactly {1: 2, -1: 1, -2: x, -3: y} with the full y (RFC 9053 7.1.1); a compressed y is refused.
    pub fn from_cose_key(value: &Value) -> Result<Self, CoseError> {
        let map = value.as_map().ok_or(CoseError::BadKey)?;
        let [(kty, ec2), (crv, p256), (x_label, Value::Bytes(x)), (y_label, Value::Bytes(y))] = map.as_slice() else {
            return Err(CoseError::BadKey);
        };
        let labels = [kty, ec2, crv, p256, x_label, y_label].map(|v| v.as_integer().map(i128::from));
        if labels != [1, 2, -1, 1, -2, -3].map(Some) || x.len() != 32 || y.len() != 32 {
            return Err(CoseError::BadKey);
        }
        let mut point = [0x04; 65];
        point[1..33].copy_from_slice(x);
        point[33..].copy_from_slice(y);
        Ok(Self(point))
    }

    /// The key as the COSE_Key that [`PublicKey::from_cose_key`] reads, its keys in deterministic order.
    pub fn to_cose_key(&self) -> Value {
        Value::Map(vec![
            (1.into(), 2.into()),
            ((-1).into(), 1.into()),
            ((-2).into(), Value::Bytes(self.x().to_vec())),
            ((-3).into(), Value::Bytes(self.y().to_vec())),
        ])
    }

    /// SHA-256 of the 65 bytes: what people compare and what is printed with an activation code.
    pub fn thumbprint(&self) -> [u8; 32] {
        sha256(&self.0)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", data_encoding::HEXLOWER.encode(&self.0))
    }
}

/// SHA-256 of some bytes.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(ring::digest::digest(&ring::digest::SHA256, bytes).as_ref());
    out
}

/// Something that signs with a P-256 key it keeps: a file on the server, a phone's hardware.
///
/// May take seconds and may ask its user: never call it while a lock or a transaction is held.
pub trait Signer: Send + Sync {
    /// The public half of the key.
    fn public_key(&self) -> &PublicKey;

    /// The ES256 signature of the whole message (hashed here, not by the caller). A platform key that answers in DER goes
    /// through [`signature_from_der`].
    fn sign(&self, message: &[u8]) -> Result<Signature, CoseError>;
}

/// Turns a DER ECDSA signature, as Android Keystore and Secure Enclave give it, into r and s of 32 bytes each.
pub fn signature_from_der(der: &[u8]) -> Result<Signature, CoseError> {
    if der.len() > MAX_DER_SIGNATURE {
        return Err(CoseError::BadDer);
    }
    let (r, s) = read_der_integers(der).map_err(|_| CoseError::BadDer)?;
    let mut signature = [0; 64];
    for (half, number) in signature.chunks_exact_mut(32).zip([r.as_bytes(), s.as_bytes()]) {
        if number.len() > 32 || number.iter().all(|&byte| byte == 0) {
            return Err(CoseError::BadDer);
        }
        half[32 - number.len()..].copy_from_slice(number);
    }
    Ok(signature)
}

fn read_der_integers(der: &[u8]) -> Result<(UintRef<'_>, UintRef<'_>), der::Error> {
    let mut reader = SliceReader::new(der)?;
    let numbers = reader.sequence(|inner| Ok::<_, der::Error>((UintRef::decode(inner)?, UintRef::decode(inner)?)))?;
    reader.finish()?;
    Ok(numbers)
}

/// A P-256 key in memory: the server's and the federation's keys, and desktop and test stand-ins for a phone's.
pub struct SoftwareSigner {
    pair: EcdsaKeyPair,
    public: PublicKey,
    rng: Arc<dyn SecureRandom + Send + Sync>,
}

impl SoftwareSigner {
    /// Reads a PKCS#8 document as [`SoftwareSigner::generate_pkcs8`] writes it. The randomness is used for the nonce of each
    /// signature; ring mixes the key and the message into it.
    pub fn from_pkcs8(pkcs8: &[u8], rng: Arc<dyn SecureRandom + Send + Sync>) -> Result<Self, CoseError> {
        if pkcs8.len() > MAX_PKCS8 {
            return Err(CoseError::BadPrivateKey);
        }
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &*rng)
            .map_err(|_| CoseError::BadPrivateKey)?;
        let public = PublicKey::from_sec1(pair.public_key().as_ref())?;
        Ok(Self { pair, public, rng })
    }

    /// Makes a new key and gives it as PKCS#8, to be kept in a file of mode 0600 or wrapped by a vault.
    pub fn generate_pkcs8(rng: &dyn SecureRandom) -> Result<Zeroizing<Vec<u8>>, CoseError> {
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, rng)
            .map_err(|_| CoseError::SigningFailed)?;
        Ok(Zeroizing::new(document.as_ref().to_vec()))
    }
}

impl Signer for SoftwareSigner {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, CoseError> {
        let signature = self.pair.sign(&*self.rng, message).map_err(|_| CoseError::SigningFailed)?;
        signature.as_ref().try_into().map_err(|_| CoseError::SigningFailed)
    }
}

impl fmt::Debug for SoftwareSigner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SoftwareSigner").field("public", &self.public).finish_non_exhaustive()
    }
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
    let mut header = HeaderBuilder::new().algorithm(iana::Algorithm::ES256);
    if let Some(kid) = headers.kid {
        check_kid(kid)?;
        header = header.key_id(kid.to_vec());
    }
    if let Some(kcwt) = headers.kcwt {
        header = header.value(KCWT, check_canonical(kcwt, MAX_DEPTH - 1)?);
    }
    let message = CoseSign1Builder::new()
        .protected(header.value(TYP, headers.typ.to_value()).build())
        .payload(payload.to_vec())
        .try_create_signature(&[], |bytes| signer.sign(bytes).map(Vec::from))?
        .build();
    let inner = message.to_cbor_value().map_err(|_| CoseError::SigningFailed)?;
    Ok(encode(&Value::Tag(SIGN1_TAG, Box::new(inner))))
}

/// A COSE_Sign1 whose form is right; nothing in it may be believed before [`Sign1::verify`].
#[derive(Debug, Clone)]
pub struct Sign1 {
    message: CoseSign1,
    signature: Signature,
    kcwt: Option<Vec<u8>>,
    claims: Value,
}

/// Reads a tagged COSE_Sign1 of one kind, at most `max_len` bytes long. Checks all of its form, and no signature.
pub fn parse1(bytes: &[u8], typ: &Typ, max_len: usize) -> Result<Sign1, CoseError> {
    if bytes.len() > max_len {
        return Err(CoseError::TooLong { max: max_len });
    }
    let Value::Tag(SIGN1_TAG, inner) = check_canonical(bytes, MAX_DEPTH)? else {
        return Err(CoseError::NotSign1);
    };
    let [Value::Bytes(protected), Value::Map(unprotected), Value::Bytes(payload), Value::Bytes(signature)] =
        inner.as_array().map(Vec::as_slice).ok_or(CoseError::NotSign1)?
    else {
        return Err(CoseError::NotSign1);
    };
    if !unprotected.is_empty() {
        return Err(CoseError::UnprotectedHeader);
    }
    let signature = signature.as_slice().try_into().map_err(|_| CoseError::NotSign1)?;
    check_canonical(protected, MAX_DEPTH)?;
    let claims = check_canonical(payload, MAX_DEPTH)?;
    let message = CoseSign1::from_cbor_value(*inner).map_err(|_| CoseError::NotSign1)?;
    let kcwt = check_headers(&message.protected.header, typ)?;
    Ok(Sign1 { message, signature, kcwt, claims })
}

/// Holds the protected headers to the known labels and the wanted kind; gives the kcwt.
fn check_headers(header: &coset::Header, typ: &Typ) -> Result<Option<Vec<u8>>, CoseError> {
    let plain = coset::Header { alg: None, key_id: Vec::new(), rest: Vec::new(), ..header.clone() };
    if !plain.is_empty() {
        return Err(CoseError::UnknownHeader);
    }
    if header.alg != Some(coset::Algorithm::Assigned(iana::Algorithm::ES256)) {
        return Err(CoseError::WrongAlgorithm);
    }
    let (mut found, mut kcwt) = (None, None);
    for (label, value) in &header.rest {
        match label {
            Label::Int(TYP) => found = Some(Typ::from_value(value.clone())?),
            Label::Int(KCWT) => kcwt = Some(encode(value)),
            _ => return Err(CoseError::UnknownHeader),
        }
    }
    if found.as_ref() != Some(typ) {
        return Err(CoseError::WrongType);
    }
    if header.key_id.len() > MAX_KID {
        return Err(CoseError::BadKid);
    }
    Ok(kcwt)
}

impl Sign1 {
    /// The key identifier of the protected headers. A hint for finding the key, never proof of one.
    pub fn kid(&self) -> Option<&[u8]> {
        let kid = &self.message.protected.header.key_id;
        (!kid.is_empty()).then_some(kid.as_slice())
    }

    /// The document in header 13, encoded.
    pub fn kcwt(&self) -> Option<&[u8]> {
        self.kcwt.as_deref()
    }

    /// The signed payload.
    pub fn payload(&self) -> &[u8] {
        // parse1 refuses a message without a payload.
        self.message.payload.as_deref().unwrap_or_default()
    }

    /// The payload, decoded.
    pub fn claims(&self) -> &Value {
        &self.claims
    }

    /// The signature as it was sent. Not an identity of the message: (r, n-s) verifies as well as (r, s).
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Checks the signature under this key with ES256, whatever the headers say.
    pub fn verify(&self, key: &PublicKey) -> Result<(), CoseError> {
        let signed = self.message.tbs_data(&[]);
        UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.as_bytes())
            .verify(&signed, &self.signature)
            .map_err(|_| CoseError::BadSignature)
    }
}

fn check_kid(kid: &[u8]) -> Result<(), CoseError> {
    if (1..=MAX_KID).contains(&kid.len()) { Ok(()) } else { Err(CoseError::BadKid) }
}

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

/// Encodes an item whose maps are already in order. ciborium writes the shortest forms and definite lengths.
pub fn encode(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    // Writing to memory cannot fail, and a Value has no serializer of its own that could.
    let _ = ciborium::into_writer(value, &mut out);
    out
}

#[cfg(test)]
mod tests;
