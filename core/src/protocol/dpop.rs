//! Proof of possession (RFC 9449): every request is signed by the device's key, so that a stolen token is worth nothing.
//!
//! A proof is a JWT of type `dpop+jwt` (ES256). The phone makes it in two steps because its key may sit in hardware.

use data_encoding::BASE64URL_NOPAD;
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::{Hash, sha256};
use crate::cose::{CoseError, PublicKey, Signer};
use crate::domain::Timestamp;

/// The longest proof.
pub const MAX_PROOF_CHARS: usize = 2_048;
/// How far a proof's time may be from the server's, either way, in seconds.
pub const WINDOW_SECONDS: i64 = 300;

/// Why a proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofFault {
    /// Not a DPoP proof in form.
    #[error("the proof is not a DPoP proof")]
    Malformed,
    /// The signature is not by the key in it.
    #[error("the proof's signature is wrong")]
    Signature,
    /// Made for another method or address.
    #[error("the proof is for another request")]
    OtherRequest,
    /// Made for another access token.
    #[error("the proof is for another token")]
    OtherToken,
    /// Too old, or from the future: the phone's clock is wrong.
    #[error("the proof's time is too far from the server's")]
    Clock,
}

#[derive(Serialize, Deserialize)]
struct Header {
    typ: String,
    alg: String,
    jwk: Jwk,
    /// Extensions that must be understood (RFC 7515 4.1.11). This version knows none: a proof that names any is refused.
    #[serde(default, skip_serializing, deserialize_with = "whatever")]
    crit: Option<Value>,
}

#[derive(Serialize, Deserialize)]
struct Jwk {
    kty: String,
    crv: String,
    x: String,
    y: String,
    /// A private key has no place in a proof (RFC 9449 4.3): a proof with one is refused.
    #[serde(default, skip_serializing, deserialize_with = "whatever")]
    d: Option<Value>,
}

/// What is there counts as there, `null` too.
fn whatever<'de, D: Deserializer<'de>>(d: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(d).map(Some)
}

#[derive(Serialize, Deserialize)]
struct Claims {
    jti: String,
    htm: String,
    htu: String,
    iat: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    ath: Option<String>,
}

/// What a request's proof is made for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// Scheme, authority and path; no query, no fragment.
    pub url: &'a str,
    /// The access token sent with it, if any.
    pub token: Option<&'a str>,
}

/// Makes the proof of one request. `id` is 16 random bytes, never used again.
pub fn prove(request: &Request<'_>, now: Timestamp, id: &[u8; 16], signer: &dyn Signer) -> Result<String, CoseError> {
    let key = signer.public_key();
    let header = Header {
        typ: "dpop+jwt".into(),
        alg: "ES256".into(),
        jwk: Jwk { kty: "EC".into(), crv: "P-256".into(), x: b64(key.x()), y: b64(key.y()), d: None },
        crit: None,
    };
    let claims = Claims {
        jti: b64(id),
        htm: request.method.into(),
        htu: request.url.into(),
        iat: now.seconds(),
        ath: request.token.map(token_hash),
    };
    let part = |json: serde_json::Result<Vec<u8>>| json.map(|j| b64(&j)).map_err(|_| CoseError::SigningFailed);
    let signed = format!("{}.{}", part(serde_json::to_vec(&header))?, part(serde_json::to_vec(&claims))?);
    let signature = signer.sign(signed.as_bytes())?;
    Ok(format!("{signed}.{}", b64(&signature)))
}

/// What a proof proves: who asks. That it was not used before is the caller's to remember, by `id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proven {
    /// The key that signed.
    pub key: PublicKey,
    /// The proof's id: a second one within [`WINDOW_SECONDS`] is a replay.
    pub id: Hash,
    /// When it says it was made.
    pub at: Timestamp,
}

/// Checks the proof of a request.
pub fn check(proof: &str, request: &Request<'_>, now: Timestamp) -> Result<Proven, ProofFault> {
    if proof.len() > MAX_PROOF_CHARS {
        return Err(ProofFault::Malformed);
    }
    let (signed, signature) = proof.rsplit_once('.').ok_or(ProofFault::Malformed)?;
    let (header, claims) = signed.split_once('.').ok_or(ProofFault::Malformed)?;
    let header: Header = part(header)?;
    let claims: Claims = part(claims)?;
    let key = key_of(&header)?;
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.as_bytes())
        .verify(signed.as_bytes(), &unb64(signature)?)
        .map_err(|_| ProofFault::Signature)?;
    if claims.htm != request.method || claims.htu != request.url {
        return Err(ProofFault::OtherRequest);
    }
    if claims.ath != request.token.map(token_hash) {
        return Err(ProofFault::OtherToken);
    }
    if claims.iat.abs_diff(now.seconds()) > WINDOW_SECONDS.unsigned_abs() {
        return Err(ProofFault::Clock);
    }
    let at = Timestamp::from_seconds(claims.iat).map_err(|_| ProofFault::Clock)?;
    let mut id = key.thumbprint().to_vec();
    id.extend_from_slice(claims.jti.as_bytes());
    Ok(Proven { key, id: sha256(&id), at })
}

fn key_of(header: &Header) -> Result<PublicKey, ProofFault> {
    if header.typ != "dpop+jwt"
        || header.alg != "ES256"
        || header.jwk.kty != "EC"
        || header.jwk.crv != "P-256"
        || header.jwk.d.is_some()
        || header.crit.is_some()
    {
        return Err(ProofFault::Malformed);
    }
    let (x, y) = (unb64(&header.jwk.x)?, unb64(&header.jwk.y)?);
    if x.len() != 32 || y.len() != 32 {
        return Err(ProofFault::Malformed);
    }
    PublicKey::from_sec1(&[&[4], x.as_slice(), y.as_slice()].concat()).map_err(|_| ProofFault::Malformed)
}

/// RFC 9449 `ath`: base64url of the token's SHA-256.
fn token_hash(token: &str) -> String {
    b64(&sha256(token.as_bytes()))
}

fn b64(bytes: &[u8]) -> String {
    BASE64URL_NOPAD.encode(bytes)
}

fn unb64(text: &str) -> Result<Vec<u8>, ProofFault> {
    BASE64URL_NOPAD.decode(text.as_bytes()).map_err(|_| ProofFault::Malformed)
}

fn part<T: for<'a> Deserialize<'a>>(text: &str) -> Result<T, ProofFault> {
    serde_json::from_slice(&unb64(text)?).map_err(|_| ProofFault::Malformed)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::cose::SoftwareSigner;

    fn signer() -> SoftwareSigner {
        let rng = Arc::new(crate::entropy::system());
        SoftwareSigner::from_pkcs8(&SoftwareSigner::generate_pkcs8(&*rng).unwrap(), rng).unwrap()
    }

    const NOW: i64 = 1_700_000_000;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_seconds(seconds).unwrap()
    }

    #[test]
    fn a_proof_holds_for_its_own_request_only() {
        let signer = signer();
        let request = Request { method: "POST", url: "http://127.0.0.1/v1/a/pull", token: Some("t") };
        let proof = prove(&request, at(NOW), &[1; 16], &signer).unwrap();
        let proven = check(&proof, &request, at(NOW + 300)).unwrap();
        assert_eq!(&proven.key, signer.public_key());
        let fault = |request: Request<'_>| check(&proof, &request, at(NOW)).unwrap_err();
        assert_eq!(fault(Request { method: "GET", ..request }), ProofFault::OtherRequest);
        assert_eq!(fault(Request { url: "http://127.0.0.1/v1/b/pull", ..request }), ProofFault::OtherRequest);
        assert_eq!(fault(Request { token: Some("u"), ..request }), ProofFault::OtherToken);
        assert_eq!(fault(Request { token: None, ..request }), ProofFault::OtherToken);
        assert_eq!(check(&proof, &request, at(NOW + 301)), Err(ProofFault::Clock));
        assert_eq!(check(&proof, &request, at(NOW - 301)), Err(ProofFault::Clock));
    }

    #[test]
    fn a_proof_that_names_what_must_be_understood_or_holds_a_private_key_is_refused() {
        let signer = signer();
        let request = Request { method: "POST", url: "http://127.0.0.1/v1/a/pull", token: None };
        let proof = prove(&request, at(NOW), &[1; 16], &signer).unwrap();
        let [header, claims] = [0, 1].map(|part| proof.split('.').nth(part).unwrap().to_owned());
        let with = |change: fn(&mut Value)| {
            let mut header: Value = serde_json::from_slice(&unb64(&header).unwrap()).unwrap();
            change(&mut header);
            let signed = format!("{}.{claims}", b64(&serde_json::to_vec(&header).unwrap()));
            check(&format!("{signed}.{}", b64(&signer.sign(signed.as_bytes()).unwrap())), &request, at(NOW))
        };
        assert!(with(|_| ()).is_ok());
        assert!(with(|header| header["kid"] = "1".into()).is_ok(), "what need not be understood is passed over");
        assert_eq!(with(|header| header["crit"] = vec!["exp"].into()), Err(ProofFault::Malformed));
        assert_eq!(with(|header| header["crit"] = Value::Null), Err(ProofFault::Malformed));
        assert_eq!(with(|header| header["jwk"]["d"] = "AA".into()), Err(ProofFault::Malformed));
        assert_eq!(with(|header| header["jwk"]["d"] = Value::Null), Err(ProofFault::Malformed));
    }

    #[test]
    fn a_proof_with_any_character_changed_is_refused() {
        let signer = signer();
        let request = Request { method: "POST", url: "http://127.0.0.1/v1/a/pull", token: None };
        let proof = prove(&request, at(NOW), &[1; 16], &signer).unwrap();
        for place in 0..proof.len() {
            let mut bytes = proof.clone().into_bytes();
            bytes[place] = if bytes[place] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(check(&changed, &request, at(NOW)).is_err(), "character {place}");
        }
    }
}
