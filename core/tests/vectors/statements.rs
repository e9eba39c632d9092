//! statements.json: checkpoints and freshness statements, and such as must be refused.

use anggota::cose::{self, Headers, PublicKey, Signer, Typ, check_canonical, sha256};
use anggota::domain::{Reason, Timestamp};
use anggota::protocol::checkpoint::{Checkpoint, Freshness, Reset, SignedCheckpoint};
use anggota::protocol::merkle;
use anggota::protocol::succession::Succession;
use serde_json::{Value as Json, json};

use super::books::{NOW, at, cooperative, member};
use super::file::{Keys, hex, unhex};

const CHECKPOINT: Typ = Typ::text("application/vnd.anggota.checkpoint+cose");
const KID: u8 = 3;
const NONCE: [u8; 16] = [0x5a; 16];

fn first() -> Checkpoint {
    Checkpoint {
        cooperative: cooperative(),
        member: member(),
        epoch: 1,
        generation: 1,
        issued_at: at(NOW - 86_400),
        root: merkle::root::<Vec<u8>>(&[]),
        prev: [0; 32],
        reset: None,
    }
}

pub(crate) fn build(keys: &Keys) -> Json {
    let ours = keys.of("checkpoint");
    let (one, two) = (first(), Checkpoint { generation: 2, root: sha256(b"heads"), issued_at: at(NOW), ..first() });
    let signed_one = one.sign(KID, ours).unwrap();
    let two = Checkpoint { prev: sha256(&signed_one), ..two };
    let reset = Reset { epoch: 1, last_generation: 2, reason: Reason::new("Pulih dari cadangan 1 November").unwrap() };
    let three = Checkpoint { epoch: 2, generation: 1, reset: Some(reset), prev: [0; 32], ..two.clone() };
    let (signed_two, signed_three) = (two.sign(KID, ours).unwrap(), three.sign(KID, ours).unwrap());
    let freshness = Freshness { checkpoint: sha256(&signed_two), at: at(NOW + 5), nonce: NONCE };
    let fresh = freshness.sign(KID, ours).unwrap();
    let (succession, handed_over) = succession(keys);
    json!({
        "kid": KID,
        "checkpoints": [told(&one, &signed_one), told(&two, &signed_two), told(&three, &signed_three)],
        "freshness": {
            "checkpoint": hex(&freshness.checkpoint),
            "at": freshness.at.seconds(),
            "nonce": hex(&NONCE),
            "payload": payload(&fresh),
            "bytes": hex(&fresh),
        },
        "succession": {
            "cooperative": succession.cooperative.as_str(),
            "kid": succession.kid,
            "key": hex(succession.key.as_bytes()),
            "at": succession.at.seconds(),
            "payload": payload(&handed_over),
            "bytes": hex(&handed_over),
        },
        "refused_as_checkpoint": refused(&signed_one, &fresh, ours, keys.of("stranger")),
    })
}

/// The checkpoint key hands over to the stranger's.
fn succession(keys: &Keys) -> (Succession, Vec<u8>) {
    let succession = Succession { cooperative: cooperative(), kid: KID + 1, key: keys.public("stranger"), at: at(NOW) };
    let bytes = succession.sign(KID, keys.of("checkpoint")).unwrap();
    (succession, bytes)
}

fn told(checkpoint: &Checkpoint, bytes: &[u8]) -> Json {
    json!({
        "cooperative": checkpoint.cooperative.as_str(),
        "member": checkpoint.member.as_str(),
        "epoch": checkpoint.epoch,
        "generation": checkpoint.generation,
        "issued_at": checkpoint.issued_at.seconds(),
        "root": hex(&checkpoint.root),
        "prev": hex(&checkpoint.prev),
        "reset": checkpoint.reset.as_ref().map(|reset| json!({
            "epoch": reset.epoch,
            "last_generation": reset.last_generation,
            "reason": reset.reason.as_str(),
        })),
        "payload": payload(bytes),
        "bytes": hex(bytes),
        "hash": hex(&sha256(bytes)),
    })
}

/// The payload is the third item of the array under the tag.
fn payload(message: &[u8]) -> String {
    let value = check_canonical(message, 8).unwrap();
    hex(value.as_tag().unwrap().1.as_array().unwrap()[2].as_bytes().unwrap())
}

/// Messages that no phone may take for a checkpoint of key number 3, each for one reason.
fn refused(good: &[u8], fresh: &[u8], ours: &dyn Signer, stranger: &dyn Signer) -> Vec<Json> {
    let claims = cose::parse1(good, &CHECKPOINT, 2_048).unwrap().payload().to_vec();
    let sign = |kid: Option<&[u8]>, payload: &[u8], signer: &dyn Signer| {
        cose::sign1(&Headers { typ: &CHECKPOINT, kid, kcwt: None }, payload, signer).unwrap()
    };
    let kid = Some(&[KID][..]);
    let carrying = cose::sign1(&Headers { typ: &CHECKPOINT, kid, kcwt: Some(good) }, &claims, ours).unwrap();
    let mut changed = good.to_vec();
    // The generation, inside the payload.
    let generation = good.windows(3).position(|three| three == [0x01, 0x01, 0x1a]).unwrap() + 1;
    changed[generation] = 0x02;
    let mut unprotected = good.to_vec();
    let place = good.windows(2).position(|two| two == [0xa0, 0x58]).unwrap();
    unprotected.splice(place..=place, [0xa1, 0x04, 0x41, KID]);
    // ["version 1" as a long integer]: right in content, another encoding.
    let mut long = claims.clone();
    long.splice(1..2, [0x18, 0x01]);
    let newer = [&[claims[0]][..], &[0x02], &claims[2..]].concat();
    let more = [&[claims[0] + 1][..], &claims[1..], &[0x00]].concat();
    [
        ("signed by another key", sign(kid, &claims, stranger)),
        ("a key number that is not known", sign(Some(&[9]), &claims, ours)),
        ("without a key number", sign(None, &claims, ours)),
        ("another document in header 13", carrying),
        ("one bit of the payload changed", changed),
        ("a header that is not signed", unprotected),
        ("without the tag", good[1..].to_vec()),
        ("a byte after the end", [good, &[0]].concat()),
        ("a freshness statement", fresh.to_vec()),
        ("an integer that is not in its shortest form", raw(&long, ours)),
        ("a newer version", sign(kid, &newer, ours)),
        ("an item more than agreed", sign(kid, &more, ours)),
    ]
    .map(|(what, bytes)| json!({ "what": what, "bytes": hex(&bytes) }))
    .to_vec()
}

/// A message over a payload that [`cose::sign1`] would refuse, put together by hand.
fn raw(payload: &[u8], signer: &dyn Signer) -> Vec<u8> {
    use ciborium::Value;
    let headers = vec![
        (1.into(), (-7).into()),
        (4.into(), Value::Bytes(vec![KID])),
        (16.into(), "application/vnd.anggota.checkpoint+cose".into()),
    ];
    let protected = Value::Bytes(cose::encode(&Value::Map(headers)));
    let payload = Value::Bytes(payload.to_vec());
    let signed = vec!["Signature1".into(), protected.clone(), Value::Bytes(Vec::new()), payload.clone()];
    let signature = signer.sign(&cose::encode(&Value::Array(signed))).unwrap();
    let message = vec![protected, Value::Map(Vec::new()), payload, Value::Bytes(signature.to_vec())];
    cose::encode(&Value::Tag(18, Box::new(Value::Array(message))))
}

pub(crate) fn check(file: &Json) {
    let public = PublicKey::from_sec1(&unhex(&file["keys"]["checkpoint"]["public"])).unwrap();
    let key_of = |kid: u8, _: Timestamp| (kid == KID).then_some(public);
    let read = |bytes: &[u8]| {
        let signed = SignedCheckpoint::parse(bytes).ok()?;
        signed.verify(key_of).ok()
    };
    let mut read_back = Vec::new();
    for checkpoint in file["checkpoints"].as_array().unwrap() {
        let bytes = unhex(&checkpoint["bytes"]);
        let content = read(&bytes).unwrap();
        assert_eq!(told(&content, &bytes), *checkpoint);
        read_back.push(content);
    }
    assert_eq!(hex(&read_back[1].prev), file["checkpoints"][0]["hash"].as_str().unwrap());
    let fresh = unhex(&file["freshness"]["bytes"]);
    let freshness = Freshness::verify(&fresh, key_of).unwrap();
    assert_eq!((freshness.at.seconds(), freshness.nonce), (NOW + 5, NONCE));
    assert!(Freshness::verify(&fresh, |_, _| None).is_err());
    assert!(Freshness::verify(&unhex(&file["checkpoints"][0]["bytes"]), key_of).is_err(), "a checkpoint is none");
    let handed_over = unhex(&file["succession"]["bytes"]);
    let succession = Succession::verify(&handed_over, key_of).unwrap();
    assert_eq!(hex(succession.key.as_bytes()), file["keys"]["stranger"]["public"].as_str().unwrap());
    assert_eq!((succession.kid, succession.at.seconds()), (KID + 1, NOW));
    assert!(Succession::verify(&handed_over, |_, _| Some(succession.key)).is_err(), "not by itself");
    for case in file["refused_as_checkpoint"].as_array().unwrap() {
        assert!(read(&unhex(&case["bytes"])).is_none(), "{}", case["what"]);
    }
}
