//! tests/vectors/card.json: what somebody else's issuer, phone or shop must make of the same input. The keys in it are
//! throw-away keys that protect nothing. `ANGGOTA_WRITE_VECTORS=1` writes the file anew, with new signatures.

use std::fs;

use data_encoding::HEXLOWER;
use serde_json::{Value as Json, json};

use super::*;
use crate::cose::{CoseError, Signature};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/vectors/card.json");
const ROLES: [&str; 6] = ["root_0", "root_1", "card", "status", "checkpoint", "holder"];

/// A key that signs nothing new: it gives the recorded signature that fits the message. ECDSA is random, so this is how
/// bytes that were signed once can be made again.
struct Recorded {
    public: PublicKey,
    signatures: Vec<Signature>,
}

impl Signer for Recorded {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, CoseError> {
        let key =
            ring::signature::UnparsedPublicKey::new(&ring::signature::ECDSA_P256_SHA256_FIXED, self.public.as_bytes());
        let fits = |signature: &&Signature| key.verify(message, *signature).is_ok();
        self.signatures.iter().find(fits).copied().ok_or(CoseError::SigningFailed)
    }
}

fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

fn unhex(json: &Json) -> Vec<u8> {
    HEXLOWER.decode(json.as_str().unwrap().as_bytes()).unwrap()
}

fn id(text: &str) -> CooperativeId {
    CooperativeId::new(text).unwrap()
}

/// The signers by role, and the file's list of their keys.
struct Keys<'a> {
    signers: [&'a dyn Signer; 6],
    listed: &'a Json,
}

impl Keys<'_> {
    fn signer(&self, role: &str) -> &dyn Signer {
        self.signers[ROLES.iter().position(|name| *name == role).unwrap()]
    }

    fn key(&self, kid: u8, role: &str, usage: KeyUse, times: [i64; 2], revoked_at: Option<i64>) -> IssuerKey {
        let [not_before, not_after] = times;
        IssuerKey { kid, key: *self.signer(role).public_key(), usage, not_before, not_after, revoked_at }
    }
}

fn issuers(keys: &Keys<'_>) -> [Issuer; 2] {
    let times = [NOW - 100 * DAY, NOW + 300 * DAY];
    let shops = vec![
        (VerifierId::new("mart-01").unwrap(), "Mart Handayani, kasir 1".to_owned()),
        (VerifierId::new("mart-0002").unwrap(), "Mart Handayani, kasir 2".to_owned()),
    ];
    let listed = vec![
        keys.key(1, "card", KeyUse::Card, times, None),
        keys.key(2, "status", KeyUse::Status, times, None),
        keys.key(3, "checkpoint", KeyUse::Checkpoint, times, None),
    ];
    let lost = vec![keys.key(1, "card", KeyUse::Card, times, Some(NOW - DAY))];
    [
        Issuer::new(id("handayani"), "KSP Handayani", URI, listed, shops).unwrap(),
        Issuer::new(id("sejahtera"), "KSP Sejahtera", "https://kartu.example/sejahtera/status", lost, vec![]).unwrap(),
    ]
}

fn claims(keys: &Keys<'_>, issuer: &str, name: &str) -> CardClaims {
    CardClaims {
        issuer: id(issuer),
        subject: Subject::new("k7q2m9xa").unwrap(),
        holder: *keys.signer("holder").public_key(),
        name: Some(CardName::cut(name).unwrap()),
        class: MemberClass::MEMBER,
        status_index: INDEX,
        sectors: Sectors::new(&[3, 17]).unwrap(),
        approval: false,
    }
}

fn show(keys: &Keys<'_>, card: &Card) -> String {
    card.show(NOW, NONCE, keys.signer("holder")).unwrap()
}

/// Presentations of a card that are rightly signed over another encoding than the one that is read.
fn other_encodings(keys: &Keys<'_>, card: &Card) -> Vec<(&'static str, String)> {
    let headers = [&[0xa3, 0x01, 0x26, 0x0d][..], card.bytes(), &[0x10, 0x19, 0x01, 0x26]].concat();
    let aud = [&[0x03][..], &cose::encode(&"kop:m".into())].concat();
    let iat = [&[0x06][..], &cose::encode(&NOW.into())].concat();
    let nonce = [&[0x18, 0x27, 0x48][..], &NONCE].concat();
    let other_nonce = [&[0x18, 0x27, 0x48][..], &[9; 8]].concat();
    let long_iat = [&[0x06, 0x1b][..], &NOW.to_be_bytes()].concat();
    let float = [0x19, 0x01, 0xf4, 0xf9, 0x3c, 0x00];
    let sign = |unprotected: &[u8], payload: &[&[u8]]| {
        as_text(&raw_sign1(&headers, unprotected, &payload.concat(), keys.signer("holder")))
    };
    vec![
        ("keys out of order", sign(&[0xa0], &[&[0xa3], &iat, &aud, &nonce])),
        ("a key twice", sign(&[0xa0], &[&[0xa4], &aud, &iat, &iat, &nonce])),
        ("a long integer", sign(&[0xa0], &[&[0xa3], &aud, &long_iat, &nonce])),
        ("an indefinite length", sign(&[0xa0], &[&[0xbf], &aud, &iat, &nonce, &[0xff]])),
        ("a float", sign(&[0xa0], &[&[0xa4], &aud, &iat, &nonce, &float])),
        ("bytes after the end", sign(&[0xa0], &[&[0xa3], &aud, &iat, &nonce, &[0x00]])),
        // A nonce of its own: the recorded signature of a message must be the only one that fits it.
        ("unprotected headers", sign(&[0xa1, 0x04, 0x41, 0x01], &[&[0xa3], &aud, &iat, &other_nonce])),
    ]
}

fn verdict(lists: (&TrustList, &StatusLists), what: &str, text: &str, at: i64) -> Json {
    let verdict = look(lists.0, lists.1, text, at);
    json!({
        "what": what,
        "text": text,
        "at": at,
        "status_list": lists.1.get(&id("handayani")).is_some(),
        "result": verdict.outcome.result(),
        "reason": verdict.outcome.reason().map(Reason::code),
        "name": verdict.bearer.as_ref().and_then(|bearer| bearer.name.as_ref()).map(CardName::as_str),
        "cooperative": verdict.bearer.map(|bearer| bearer.cooperative),
    })
}

/// The whole file, from these signers.
fn build(keys: &Keys<'_>) -> Json {
    let statuses = [0, 1, 2, 3, 0, 0, 1, 0]
        .map(|n: usize| [Status::Valid, Status::Invalid, Status::Suspended, Status::Limited][n]);
    let issuers = issuers(keys);
    let federation = id("puskopdit-smg");
    let trust = TrustList::sign(&federation, 7, NOW - 5 * DAY, &issuers, 1, keys.signer("root_1")).unwrap();
    let roots = ["root_0", "root_1"].map(|role| *keys.signer(role).public_key());
    let trusted = TrustList::read(&trust, &roots, 0).unwrap();
    let status = StatusList::sign(URI, statuses, NOW - 3600, 2, keys.signer("status")).unwrap();
    let mut held = StatusLists::default();
    held.accept(StatusList::read(&status, &trusted).unwrap()).unwrap();

    let issue_at = |claims: &CardClaims, at: i64| issue(claims, at, 1, keys.signer("card")).unwrap();
    let told = claims(keys, "handayani", "E\u{301}ny Sulistyowati Kusumawardhani");
    let card = issue_at(&told, NOW - 10 * DAY);
    let with_index =
        |status_index: u32| show(keys, &issue_at(&CardClaims { status_index, ..told.clone() }, NOW - 10 * DAY));
    let text = show(keys, &card);
    let twin = as_text(&malleate(&as_bytes(&text)));
    let mut forged = as_bytes(&text);
    *forged.last_mut().unwrap() ^= 1;
    let lost = show(keys, &issue_at(&claims(keys, "sejahtera", "Budi"), NOW - 10 * DAY));
    let stranger = show(keys, &issue_at(&claims(keys, "tak-terdaftar", "Budi"), NOW - 10 * DAY));
    let early = show(keys, &issue_at(&told, NOW - 89 * DAY));

    let full = (&trusted, &held);
    let mut verdicts = vec![
        verdict(full, "fresh", &text, NOW + 1),
        verdict(full, "120 seconds old", &text, NOW + 120),
        verdict(full, "121 seconds old", &text, NOW + 121),
        verdict(full, "60 seconds ahead", &text, NOW - 60),
        verdict(full, "61 seconds ahead", &text, NOW - 61),
        verdict(full, "expired", &early, NOW + DAY),
        verdict(full, "the other valid signature of the phone", &twin, NOW + 1),
        verdict(full, "one bit of the phone's signature", &as_text(&forged), NOW + 1),
        verdict(full, "withdrawn", &with_index(1), NOW + 1),
        verdict(full, "suspended", &with_index(2), NOW + 1),
        verdict(full, "limited", &with_index(3), NOW + 1),
        verdict(full, "beyond the list", &with_index(8), NOW + 1),
        verdict((&trusted, &StatusLists::default()), "without a status list", &text, NOW + 1),
        verdict(full, "under a revoked key", &lost, NOW + 1),
        verdict(full, "of a cooperative that is not in the trust list", &stranger, NOW + 1),
    ];
    for (what, text) in other_encodings(keys, &card) {
        verdicts.push(verdict(full, what, &text, NOW + 1));
    }
    json!({
        "about": "KTA-1 test vectors. The keys are throw-away keys made for this file and protect nothing.",
        "keys": keys.listed,
        "trust_list": {
            "bytes": hex(&trust),
            "signed_by": "root_1",
            "federation": federation.as_str(),
            "seq": 7,
            "issued_at": trusted.issued_at(),
            "expires_at": trusted.expires_at(),
            "issuers": issuers.iter().map(Issuer::id).map(CooperativeId::as_str).collect::<Vec<_>>(),
        },
        "status_list": {
            "bytes": hex(&status),
            "uri": URI,
            "issued_at": NOW - 3600,
            "statuses": statuses.map(|status| status as u8),
        },
        "card": {
            "bytes": hex(card.bytes()),
            "issuer": told.issuer.as_str(),
            "subject": told.subject.as_str(),
            "issued_at": card.issued_at(),
            "expires_at": card.expires_at(),
            "name": told.name.as_ref().map(CardName::as_str),
            "class": told.class.0,
            "status_index": told.status_index,
            "sectors": told.sectors.codes(),
        },
        "presentation": {
            "text": text,
            "bytes": hex(&as_bytes(&text)),
            "audience": "kop:m",
            "signed_at": NOW,
            "nonce": hex(&NONCE),
        },
        "verdicts": verdicts,
    })
}

/// Every signature in the file: the last 64 bytes of each message and of the card inside each presentation.
fn signatures(file: &Json) -> Vec<Signature> {
    let mut messages: Vec<Vec<u8>> =
        ["trust_list", "status_list", "card"].iter().map(|part| unhex(&file[part]["bytes"])).collect();
    let texts = file["verdicts"].as_array().unwrap().iter().map(|case| case["text"].as_str().unwrap());
    for message in texts.map(as_bytes) {
        if let Ok(shown) = cose::parse1_carrying(&message, &Typ::Number(294), 441) {
            messages.push(shown.kcwt().unwrap().to_vec());
        }
        // One case has a byte after its end, inside the payload; the signature still comes last.
        messages.push(message);
    }
    messages.iter().map(|message| message[message.len() - 64..].try_into().unwrap()).collect()
}

fn write() {
    let rng = Arc::new(crate::entropy::system());
    let signers = ROLES.map(|_| {
        let pkcs8 = SoftwareSigner::generate_pkcs8(&*rng).unwrap();
        (SoftwareSigner::from_pkcs8(&pkcs8, rng.clone()).unwrap(), hex(&pkcs8))
    });
    let listed = ROLES.iter().zip(&signers).map(|(role, (signer, pkcs8))| {
        let public = hex(signer.public_key().as_bytes());
        ((*role).to_owned(), json!({ "pkcs8": pkcs8, "public": public }))
    });
    let listed = Json::Object(listed.collect());
    let file = build(&Keys { signers: signers.each_ref().map(|(signer, _)| signer as &dyn Signer), listed: &listed });
    fs::write(FILE, serde_json::to_string_pretty(&file).unwrap() + "\n").unwrap();
}

#[test]
fn the_vectors_are_what_this_code_makes_and_reads() {
    if std::env::var_os("ANGGOTA_WRITE_VECTORS").is_some() {
        write();
    }
    let file: Json = serde_json::from_str(&fs::read_to_string(FILE).unwrap()).unwrap();
    let signatures = signatures(&file);
    let recorded = ROLES.map(|role| {
        let public = PublicKey::from_sec1(&unhex(&file["keys"][role]["public"])).unwrap();
        Recorded { public, signatures: signatures.clone() }
    });
    let signers = recorded.each_ref().map(|signer| signer as &dyn Signer);
    let made = build(&Keys { signers, listed: &file["keys"] });
    for (part, content) in file.as_object().unwrap() {
        assert!(made[part] == *content, "{part} differs from what this code makes of the same keys");
    }
    let results = |result: &str| {
        let cases = file["verdicts"].as_array().unwrap();
        cases.iter().filter(|case| case["result"] == result).count()
    };
    assert_eq!((results("green"), results("amber"), results("red")), (4, 2, 16));
}
