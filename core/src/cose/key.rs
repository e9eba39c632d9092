//! P-256 keys: public keys, what signs, and the two forms of an ECDSA signature.
//!
//! Never makes randomness of its own, and never prints a private key.

use std::fmt;
use std::sync::Arc;

use ciborium::Value;
use der::{Decode, Reader, SliceReader, asn1::UintRef};
use ring::rand::SecureRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use zeroize::Zeroizing;

use super::{CoseError, as_i64};

/// Longest PKCS#8 document that is read as a P-256 key (ring writes 138 bytes).
pub const MAX_PKCS8: usize = 512;
/// Longest DER signature: two 33-byte integers and their headers.
const MAX_DER_SIGNATURE: usize = 72;

/// A raw ES256 signature: r then s, 32 bytes each, big-endian (RFC 9053 2.1).
pub type Signature = [u8; 64];

/// The order of the group, big-endian (SEC 2, secp256r1).
const ORDER: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
    0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];

/// The other signature that ECDSA accepts for the same message under the same key: (r, n - s). Anybody can make it from the
/// one that the key's holder made.
pub fn other_form(signature: &Signature) -> Signature {
    let mut other = *signature;
    let mut borrow = false;
    for (digit, order) in other[32..].iter_mut().zip(ORDER).rev() {
        let (less, first) = order.overflowing_sub(*digit);
        let (less, second) = less.overflowing_sub(u8::from(borrow));
        (*digit, borrow) = (less, first || second);
    }
    other
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
        let labels = [kty, ec2, crv, p256, x_label, y_label].map(as_i64);
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
        // Enough to tell keys apart; a whole key in a log would follow a phone around.
        write!(f, "PublicKey({}..)", data_encoding::HEXLOWER.encode(&self.thumbprint()[..4]))
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
