//! A presentation: the card inside a fresh signature by the phone's key (an SD-KBT), as a `KTA1:` text for a QR code.
//!
//! Reading one checks its form, never its signatures: that is the verifier's work, in its order.

use std::fmt;

use ciborium::Value;

use super::claims::{AUD, CNONCE, Claims, IAT, ISS, PURCHASE, SUB};
use super::credential::Card;
use super::replay::ReplayKey;
use super::text::VerifierId;
use super::{CardError, MAX_SHOW_TEXT, MAX_TEXT};
use crate::cose::{self, CoseError, Headers, Sign1, Signer, Typ};

/// What every card text begins with.
pub const PREFIX: &str = "KTA1:";
/// The most bytes that [`MAX_TEXT`] characters of base45 hold.
pub(super) const MAX_PRESENTATION: usize = 441;
/// Bytes of UTF-8 in a purchase's reference.
const MAX_REFERENCE: usize = 24;
/// application/kb+cwt (draft-ietf-spice-sd-cwt-07; docs/adr/0006).
const TYP: Typ = Typ::Number(294);
const RUPIAH: i64 = 1;
const REFERENCE: i64 = 2;

/// Whom a presentation is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// `kop:m`: shown to whoever looks. A broadcast audience, a choice of this profile.
    Show,
    /// `kop:b:<verifier>`: a purchase at this verifier, which asked for it.
    Purchase(VerifierId),
    /// `kop:s:<verifier>`: a second look with the approval key, which this verifier asked for.
    StepUp(VerifierId),
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Show => f.write_str("kop:m"),
            Self::Purchase(verifier) => write!(f, "kop:b:{verifier}"),
            Self::StepUp(verifier) => write!(f, "kop:s:{verifier}"),
        }
    }
}

/// What a member approves at a till.
#[derive(Clone, PartialEq, Eq)]
pub struct Purchase {
    rupiah: i64,
    reference: Option<Box<str>>,
}

impl fmt::Debug for Purchase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Purchase(..)")
    }
}

impl Purchase {
    /// A positive number of whole rupiah, and the till's reference of 1 to 24 bytes.
    pub fn new(rupiah: i64, reference: Option<&str>) -> Result<Self, CardError> {
        let fits = |text: &str| (1..=MAX_REFERENCE).contains(&text.len()) && !text.chars().any(char::is_control);
        if rupiah <= 0 || !reference.is_none_or(fits) {
            return Err(CardError::Invalid("a purchase has a positive amount and a reference of 1 to 24 bytes"));
        }
        Ok(Self { rupiah, reference: reference.map(Into::into) })
    }

    /// Whole rupiah, above zero.
    pub fn rupiah(&self) -> i64 {
        self.rupiah
    }

    /// The till's reference.
    pub fn reference(&self) -> Option<&str> {
        self.reference.as_deref()
    }

    fn to_value(&self) -> Value {
        let mut map = vec![(RUPIAH.into(), self.rupiah.into())];
        if let Some(reference) = self.reference() {
            map.push((REFERENCE.into(), reference.into()));
        }
        Value::Map(map)
    }

    fn read(claims: Claims<'_>) -> Result<Self, CardError> {
        let reference = claims.optional(REFERENCE, Claims::text)?;
        Self::new(claims.int(RUPIAH)?, reference).map_err(|_| CardError::BadClaim(PURCHASE))
    }
}

/// What a verifier asked of one member: to be answered once, within 180 s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    audience: Audience,
    nonce: [u8; 16],
    purchase: Option<Purchase>,
    opened_at: i64,
}

impl Challenge {
    /// A purchase of this much at this verifier.
    pub fn purchase(verifier: VerifierId, nonce: [u8; 16], purchase: Purchase, opened_at: i64) -> Self {
        Self { audience: Audience::Purchase(verifier), nonce, purchase: Some(purchase), opened_at }
    }

    /// A step-up at this verifier, with or without an amount.
    pub fn step_up(verifier: VerifierId, nonce: [u8; 16], purchase: Option<Purchase>, opened_at: i64) -> Self {
        Self { audience: Audience::StepUp(verifier), nonce, purchase, opened_at }
    }

    /// Whom the answer is for.
    pub fn audience(&self) -> &Audience {
        &self.audience
    }

    /// The 16 random bytes that make it this question.
    pub fn nonce(&self) -> &[u8; 16] {
        &self.nonce
    }

    /// What is to be paid.
    pub fn amount(&self) -> Option<&Purchase> {
        self.purchase.as_ref()
    }

    /// When the verifier asked, on its own clock.
    pub fn opened_at(&self) -> i64 {
        self.opened_at
    }
}

impl Card {
    /// Shows the card to whoever looks (`kop:m`): the text for a QR code, good for two minutes. A new one is made every
    /// [`super::SHOW_RENEWAL`] seconds, each with new random bytes.
    pub fn show(&self, now: i64, nonce: [u8; 8], signer: &dyn Signer) -> Result<String, CardError> {
        self.present(&Audience::Show, &nonce, None, now, signer)
    }

    /// Answers a verifier's challenge, copying its audience, nonce and amount unchanged. The member has seen and confirmed
    /// them before.
    pub fn answer(&self, challenge: &Challenge, now: i64, signer: &dyn Signer) -> Result<String, CardError> {
        self.present(challenge.audience(), challenge.nonce(), challenge.amount(), now, signer)
    }

    fn present(
        &self,
        audience: &Audience,
        nonce: &[u8],
        purchase: Option<&Purchase>,
        now: i64,
        signer: &dyn Signer,
    ) -> Result<String, CardError> {
        if *signer.public_key() != self.claims().holder {
            return Err(CardError::WrongHolder);
        }
        if !(self.issued_at()..self.expires_at()).contains(&now) {
            return Err(CardError::NotValidNow);
        }
        let mut claims = vec![
            (AUD.into(), audience.to_string().into()),
            (IAT.into(), now.into()),
            (CNONCE.into(), Value::Bytes(nonce.to_vec())),
        ];
        if let Some(purchase) = purchase {
            claims.push((PURCHASE.into(), purchase.to_value()));
        }
        let payload = cose::encode(&cose::sorted_map(claims));
        let headers = Headers { typ: &TYP, kid: None, kcwt: Some(self.bytes()) };
        let text = to_text(&cose::sign1(&headers, &payload, signer)?);
        let max = if *audience == Audience::Show { MAX_SHOW_TEXT } else { MAX_TEXT };
        if text.len() > max { Err(CoseError::TooLong { max }.into()) } else { Ok(text) }
    }
}

fn to_text(presentation: &[u8]) -> String {
    format!("{PREFIX}{}", base45::encode(presentation))
}

/// The bytes of a `KTA1:` text. Strict: base45 has several spellings of a last odd byte, of which one is read.
fn from_text(text: &str) -> Result<Vec<u8>, CardError> {
    if text.len() > MAX_TEXT {
        return Err(CoseError::TooLong { max: MAX_TEXT }.into());
    }
    let encoded = text.strip_prefix(PREFIX).ok_or(CardError::NotCardText)?;
    let bytes = base45::decode(encoded).map_err(|_| CardError::NotCardText)?;
    if base45::encode(&bytes) == encoded { Ok(bytes) } else { Err(CardError::NotCardText) }
}

/// A presentation, its form checked.
#[derive(Clone)]
pub struct Presentation {
    card: Card,
    audience: String,
    signed_at: i64,
    nonce: Vec<u8>,
    purchase: Option<Purchase>,
    signed: Sign1,
}

impl fmt::Debug for Presentation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Presentation").field("card", &self.card).finish_non_exhaustive()
    }
}

impl Presentation {
    /// Reads a `KTA1:` text.
    pub fn from_text(text: &str) -> Result<Self, CardError> {
        let signed = cose::parse1_carrying(&from_text(text)?, &TYP, MAX_PRESENTATION)?;
        let claims = Claims::of(signed.claims())?;
        let (None, Some(card)) = (signed.kid(), signed.kcwt()) else { return Err(CoseError::UnknownHeader.into()) };
        if let Some(label) = [ISS, SUB].into_iter().find(|&label| claims.get(label).is_some()) {
            return Err(CardError::BadClaim(label));
        }
        let nonce = claims.bytes(CNONCE)?;
        if !(8..=16).contains(&nonce.len()) {
            return Err(CardError::BadClaim(CNONCE));
        }
        let audience = claims.text(AUD)?;
        let purchase = claims.optional(PURCHASE, Claims::map)?.map(Purchase::read).transpose()?;
        if audience == Audience::Show.to_string() && (purchase.is_some() || text.len() > MAX_SHOW_TEXT) {
            return Err(CardError::BadClaim(AUD));
        }
        Ok(Self {
            card: Card::from_bytes(card)?,
            audience: audience.to_owned(),
            signed_at: claims.time(IAT)?,
            nonce: nonce.to_vec(),
            purchase,
            signed,
        })
    }

    /// The card inside.
    pub fn card(&self) -> &Card {
        &self.card
    }

    /// When the phone says it signed.
    pub fn signed_at(&self) -> i64 {
        self.signed_at
    }

    /// Whom it is for, as written.
    pub fn audience(&self) -> &str {
        &self.audience
    }

    /// The 8 to 16 bytes that make it this presentation.
    pub fn nonce(&self) -> &[u8] {
        &self.nonce
    }

    /// What the member approved.
    pub fn purchase(&self) -> Option<&Purchase> {
        self.purchase.as_ref()
    }

    /// Checks the phone's signature under the key that the card names.
    pub(super) fn verify(&self) -> Result<(), CoseError> {
        self.signed.verify(&self.card.claims().holder)
    }

    /// What a replay is recognised by. Never the signature: ECDSA accepts (r, n-s) beside (r, s).
    pub(super) fn replay_key(&self) -> ReplayKey {
        let claims = self.card.claims();
        let parts = vec![
            claims.issuer.as_str().into(),
            claims.subject.as_str().into(),
            self.audience.as_str().into(),
            self.signed_at.into(),
            Value::Bytes(self.nonce.clone()),
        ];
        ReplayKey(cose::sha256(&cose::encode(&Value::Array(parts))))
    }
}
