//! One small federation for all tests of the card, and the means to bend what it signs.

mod format;
mod lists;
mod replay;
mod texts;
mod vectors;
mod verdicts;

use std::sync::Arc;

use ciborium::Value;

use super::*;
use crate::cose::{self, Headers, PublicKey, Signer, SoftwareSigner, Typ};
use crate::domain::CooperativeId;

const NOW: i64 = 1_790_000_000;
const URI: &str = "https://kartu.example/handayani/status";
const NONCE: [u8; 8] = [1, 2, 3, 4, 5, 6, 7, 8];
/// Where the test card stands in the status list.
const INDEX: u32 = 5;

fn new_key() -> SoftwareSigner {
    let rng = Arc::new(crate::entropy::system());
    SoftwareSigner::from_pkcs8(&SoftwareSigner::generate_pkcs8(&*rng).unwrap(), rng).unwrap()
}

fn key(kid: u8, usage: KeyUse, signer: &SoftwareSigner) -> IssuerKey {
    IssuerKey {
        kid,
        key: *signer.public_key(),
        usage,
        not_before: NOW - 200 * DAY,
        not_after: NOW + 200 * DAY,
        revoked_at: None,
    }
}

/// The keys of a federation, a cooperative and a phone.
struct World {
    roots: [SoftwareSigner; 2],
    card_key: SoftwareSigner,
    status_key: SoftwareSigner,
    checkpoint_key: SoftwareSigner,
    holder: SoftwareSigner,
}

impl World {
    fn new() -> Self {
        Self {
            roots: [new_key(), new_key()],
            card_key: new_key(),
            status_key: new_key(),
            checkpoint_key: new_key(),
            holder: new_key(),
        }
    }

    fn keys(&self) -> Vec<IssuerKey> {
        vec![
            key(1, KeyUse::Card, &self.card_key),
            key(2, KeyUse::Status, &self.status_key),
            key(3, KeyUse::Checkpoint, &self.checkpoint_key),
        ]
    }

    fn issuer(&self, keys: Vec<IssuerKey>) -> Issuer {
        let shop = (VerifierId::new("mart-01").unwrap(), "Mart Handayani, kasir 1".to_owned());
        Issuer::new(CooperativeId::new("handayani").unwrap(), "KSP Handayani", URI, keys, vec![shop]).unwrap()
    }

    fn trust_bytes(&self, keys: Vec<IssuerKey>, now: i64) -> Vec<u8> {
        let federation = CooperativeId::new("puskopdit-smg").unwrap();
        TrustList::sign(&federation, 7, now, &[self.issuer(keys)], 0, &self.roots[0]).unwrap()
    }

    fn root_keys(&self) -> [PublicKey; 2] {
        [0, 1].map(|n: usize| *self.roots[n].public_key())
    }

    fn trust_with(&self, keys: Vec<IssuerKey>, now: i64) -> TrustList {
        TrustList::read(&self.trust_bytes(keys, now), &self.root_keys(), 0).unwrap()
    }

    fn trust(&self) -> TrustList {
        self.trust_with(self.keys(), NOW - DAY)
    }

    /// Status lists in which the test card has this status.
    fn statuses(&self, trust: &TrustList, status: Status, now: i64) -> StatusLists {
        let list = (0..8).map(|i| if i == INDEX { status } else { Status::Valid });
        let bytes = StatusList::sign(URI, list, now, 2, &self.status_key).unwrap();
        let mut lists = StatusLists::default();
        lists.accept(StatusList::read(&bytes, trust).unwrap()).unwrap();
        lists
    }

    fn claims(&self) -> CardClaims {
        CardClaims {
            issuer: CooperativeId::new("handayani").unwrap(),
            subject: Subject::new("k7q2m9xa").unwrap(),
            holder: *self.holder.public_key(),
            name: Some(CardName::cut("Siti Rahayu").unwrap()),
            class: MemberClass::MEMBER,
            status_index: INDEX,
            sectors: Sectors::new(&[3, 17]).unwrap(),
            approval: false,
        }
    }

    fn card(&self) -> Card {
        issue(&self.claims(), NOW - 10 * DAY, 1, &self.card_key).unwrap()
    }

    fn text(&self) -> String {
        self.card().show(NOW, NONCE, &self.holder).unwrap()
    }

    /// Examines a shown text without a memory, all lists fresh and the card valid.
    fn look(&self, text: &str, now: i64) -> Verdict {
        let trust = self.trust();
        let statuses = self.statuses(&trust, Status::Valid, NOW - 60);
        look(&trust, &statuses, text, now)
    }

    /// A card whose claims were edited before the cooperative signed it.
    fn card_edited(&self, edit: impl FnOnce(&mut Vec<(Value, Value)>)) -> Vec<u8> {
        let signed = cose::parse1(self.card().bytes(), &Typ::Number(293), MAX_CARD).unwrap();
        let mut claims = signed.claims().clone().into_map().unwrap();
        edit(&mut claims);
        let payload = cose::encode(&cose::sorted_map(claims));
        cose::sign1(&Headers { typ: &Typ::Number(293), kid: Some(&[1]), kcwt: None }, &payload, &self.card_key).unwrap()
    }

    /// A presentation of these card bytes whose claims were edited before the phone signed it.
    fn shown_edited(&self, card: &[u8], edit: impl FnOnce(&mut Vec<(Value, Value)>)) -> String {
        let mut claims: Vec<(Value, Value)> =
            vec![(3.into(), "kop:m".into()), (6.into(), NOW.into()), (39.into(), Value::Bytes(NONCE.to_vec()))];
        edit(&mut claims);
        let payload = cose::encode(&cose::sorted_map(claims));
        let headers = Headers { typ: &Typ::Number(294), kid: None, kcwt: Some(card) };
        as_text(&cose::sign1(&headers, &payload, &self.holder).unwrap())
    }
}

fn look(trust: &TrustList, statuses: &StatusLists, text: &str, now: i64) -> Verdict {
    Verifier { trust, statuses }.verify(text, Expected::Show, now, &mut NoMemory).unwrap()
}

fn as_text(presentation: &[u8]) -> String {
    format!("KTA1:{}", base45::encode(presentation))
}

fn as_bytes(text: &str) -> Vec<u8> {
    base45::decode(&text[5..]).unwrap()
}

fn set(claims: &mut Vec<(Value, Value)>, label: i64, value: impl Into<Value>) {
    claims.retain(|(key, _)| cose::as_i64(key) != Some(label));
    claims.push((label.into(), value.into()));
}

/// A signed message in which every part is given raw, so that its form can be wrong and its signature right.
fn raw_sign1(protected: &[u8], unprotected: &[u8], payload: &[u8], signer: &dyn Signer) -> Vec<u8> {
    let header = coset::ProtectedHeader { original_data: Some(protected.to_vec()), header: Default::default() };
    let to_sign = coset::sig_structure_data(coset::SignatureContext::CoseSign1, header, None, &[], payload);
    let bytes = |b: &[u8]| cose::encode(&Value::Bytes(b.to_vec()));
    let signature = signer.sign(&to_sign).unwrap();
    [&[0xd2, 0x84][..], &bytes(protected), unprotected, &bytes(payload), &bytes(&signature)].concat()
}

/// The same message with the other signature that ECDSA accepts for it, in place of the last 64 bytes.
fn malleate(message: &[u8]) -> Vec<u8> {
    let (rest, signature) = message.split_last_chunk().unwrap();
    [rest, &cose::other_form(signature)].concat()
}
