//! The card itself: what the cooperative signs about a member's phone (an SD-CWT that discloses nothing selectively).
//!
//! Reading a card checks its form, never its signature: that takes a key from the trust list, in the verifier.

use std::fmt;

use ciborium::Value;

use super::claims::{CNF, Claims, EXP, IAT, ISS, MEMBERSHIP, NAME, SUB};
use super::presentation::MAX_PRESENTATION;
use super::text::{CardName, MemberClass, Sectors, Subject};
use super::{CARD_LIFE, CardError, MAX_TIME, RENEW_BEFORE};
use crate::cose::{self, CoseError, Headers, PublicKey, Sign1, Signer, Typ};
use crate::domain::CooperativeId;

/// The longest card that every holder can show within [`super::MAX_SHOW_TEXT`] characters: those hold 353 bytes, of which a
/// `kop:m` presentation with its 8-byte nonce takes 106 beside the card.
pub const MAX_CARD: usize = 247;

/// application/sd-cwt (draft-ietf-spice-sd-cwt-07; docs/adr/0006).
const TYP: Typ = Typ::Number(293);
const CNF_KEY: i64 = 1;
/// The label of the name inside claim 169.
const SHORT_NAME: i64 = 4;
const CLASS: i64 = 1;
const STATUS_INDEX: i64 = 2;
const SECTORS: i64 = 3;
const APPROVAL: i64 = 4;

/// What a card says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardClaims {
    /// The cooperative.
    pub issuer: CooperativeId,
    /// The member, in a way only the cooperative can resolve.
    pub subject: Subject,
    /// The key of the member's phone that must sign every presentation.
    pub holder: PublicKey,
    /// The name a shop may read.
    pub name: Option<CardName>,
    /// The membership class.
    pub class: MemberClass,
    /// The card's place in the cooperative's status list. Each card of each device has its own, never used again.
    pub status_index: u32,
    /// What the member works in.
    pub sectors: Sectors,
    /// Whether `holder` is the phone's approval key, for a step-up, rather than its device key.
    pub approval: bool,
}

/// Why a card was not issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CardNotIssued {
    /// Its QR code could not be read on every phone.
    #[error("the card has {bytes} bytes and at most {MAX_CARD} fit the QR code; use a shorter name or subject")]
    TooLong {
        /// How long the card would be.
        bytes: usize,
    },
    /// A time before 1970 or after the year 9999.
    #[error("the time of issue is out of range; set the clock")]
    BadTime,
    /// The key could not sign.
    #[error(transparent)]
    Cose(#[from] CoseError),
}

/// Signs a card that is good from `now` for [`CARD_LIFE`], under the issuer's key of generation `kid`. A card that could not
/// be shown as a QR code of 65 x 65 modules is not issued.
pub fn issue(claims: &CardClaims, now: i64, kid: u8, signer: &dyn Signer) -> Result<Card, CardNotIssued> {
    if !(0..=MAX_TIME - CARD_LIFE).contains(&now) {
        return Err(CardNotIssued::BadTime);
    }
    let payload = cose::encode(&claims.to_value(now, now + CARD_LIFE));
    let bytes = cose::sign1(&Headers { typ: &TYP, kid: Some(&[kid]), kcwt: None }, &payload, signer)?;
    if bytes.len() > MAX_CARD {
        return Err(CardNotIssued::TooLong { bytes: bytes.len() });
    }
    let signed = cose::parse1(&bytes, &TYP, MAX_CARD)?;
    Ok(Card { claims: claims.clone(), issued_at: now, expires_at: now + CARD_LIFE, kid, signed, bytes })
}

impl CardClaims {
    fn to_value(&self, issued_at: i64, expires_at: i64) -> Value {
        let mut membership = vec![(CLASS.into(), self.class.0.into()), (STATUS_INDEX.into(), self.status_index.into())];
        if !self.sectors.codes().is_empty() {
            let codes = self.sectors.codes().iter().map(|&code| code.into()).collect();
            membership.push((SECTORS.into(), Value::Array(codes)));
        }
        if self.approval {
            membership.push((APPROVAL.into(), 1.into()));
        }
        let mut claims = vec![
            (ISS.into(), self.issuer.as_str().into()),
            (SUB.into(), self.subject.as_str().into()),
            (EXP.into(), expires_at.into()),
            (IAT.into(), issued_at.into()),
            (CNF.into(), Value::Map(vec![(CNF_KEY.into(), self.holder.to_cose_key())])),
            (MEMBERSHIP.into(), cose::sorted_map(membership)),
        ];
        if let Some(name) = &self.name {
            claims.push((NAME.into(), Value::Map(vec![(SHORT_NAME.into(), name.as_str().into())])));
        }
        cose::sorted_map(claims)
    }

    fn read(claims: Claims<'_>) -> Result<Self, CardError> {
        let bad = |label| move |_| CardError::BadClaim(label);
        let membership = claims.map(MEMBERSHIP)?;
        let sectors = membership.optional(SECTORS, Claims::array)?.unwrap_or_default();
        let codes: Option<Vec<u8>> = sectors.iter().map(|v| cose::as_i64(v)?.try_into().ok()).collect();
        let approval = membership.optional(APPROVAL, Claims::int)?;
        if !matches!(approval, None | Some(1)) {
            return Err(CardError::BadClaim(MEMBERSHIP));
        }
        let cnf = claims.map(CNF)?.get(CNF_KEY).ok_or(CardError::BadClaim(CNF))?;
        let name = claims.optional(NAME, Claims::map)?.map(|name| name.text(SHORT_NAME)).transpose()?;
        Ok(Self {
            issuer: CooperativeId::new(claims.text(ISS)?).map_err(|_| CardError::BadClaim(ISS))?,
            subject: Subject::new(claims.text(SUB)?).map_err(bad(SUB))?,
            holder: PublicKey::from_cose_key(cnf)?,
            name: name.map(CardName::new).transpose().map_err(bad(NAME))?,
            class: MemberClass(membership.int(CLASS)?.try_into().map_err(|_| CardError::BadClaim(MEMBERSHIP))?),
            status_index: membership.int(STATUS_INDEX)?.try_into().map_err(|_| CardError::BadClaim(MEMBERSHIP))?,
            sectors: Sectors::new(&codes.ok_or(CardError::BadClaim(MEMBERSHIP))?).map_err(bad(MEMBERSHIP))?,
            approval: approval.is_some(),
        })
    }
}

/// A card, its form checked.
#[derive(Clone, PartialEq)]
pub struct Card {
    claims: CardClaims,
    issued_at: i64,
    expires_at: i64,
    kid: u8,
    signed: Sign1,
    bytes: Vec<u8>,
}

impl fmt::Debug for Card {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Card").field("claims", &self.claims).finish_non_exhaustive()
    }
}

impl Card {
    /// Reads a card as its issuer signed it.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CardError> {
        let signed = cose::parse1(bytes, &TYP, MAX_PRESENTATION)?;
        let Some(&[kid]) = signed.kid() else { return Err(CoseError::BadKid.into()) };
        let claims = Claims::of(signed.claims())?;
        let (issued_at, expires_at) = (claims.time(IAT)?, claims.time(EXP)?);
        if issued_at >= expires_at {
            return Err(CardError::BadClaim(EXP));
        }
        let claims = CardClaims::read(claims)?;
        Ok(Self { claims, issued_at, expires_at, kid, signed, bytes: bytes.to_vec() })
    }

    /// What it says.
    pub fn claims(&self) -> &CardClaims {
        &self.claims
    }

    /// When it was issued.
    pub fn issued_at(&self) -> i64 {
        self.issued_at
    }

    /// The first second at which it is no longer good.
    pub fn expires_at(&self) -> i64 {
        self.expires_at
    }

    /// The generation of the issuer's key that it claims to be signed with.
    pub fn kid(&self) -> u8 {
        self.kid
    }

    /// The signed bytes, as they are stored and presented.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether the phone should ask for a new card at this sync.
    pub fn should_renew(&self, now: i64) -> bool {
        self.expires_at.saturating_sub(now) < RENEW_BEFORE
    }

    /// Checks the issuer's signature. The phone does so when it receives its card.
    pub fn verify(&self, issuer_key: &PublicKey) -> Result<(), CoseError> {
        self.signed.verify(issuer_key)
    }
}
