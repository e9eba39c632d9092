//! access.json: enrolment, renewal of the access token, the card's envelope and proofs of possession.

use anggota::cose::PublicKey;
use anggota::domain::{DeviceId, Name, TimeZone};
use anggota::protocol::dpop::{self, ProofFault, Request};
use anggota::protocol::enrolment::{
    Enrol, Enrolled, Tokens, code_digits, decode_card, decode_renewal, decode_renewed, encode_card, encode_renewal,
    encode_renewed,
};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value as Json, json};

use super::books::{NOW, at, member};
use super::file::{Keys, hex, unhex};

const URL: &str = "https://koperasi.example/anggota/v1/handayani/pull";

/// A token is opaque: the server's are 64 characters, any text of at most 128 will do.
fn token(fill: u8) -> String {
    BASE64URL_NOPAD.encode(&[fill; 48])
}

fn enrolled(keys: &Keys) -> Enrolled {
    Enrolled {
        device: DeviceId::new(NOW as u64 * 1_000, [0xd1; 10]),
        tokens: Tokens { access: token(0xa1), expires_in: 3_600, refresh: token(0xf5) },
        checkpoint_keys: vec![(3, keys.public("checkpoint"))],
        cooperative: Name::new("KSP Handayani").unwrap(),
        zone: TimeZone::Wib,
        name: Name::new("Siti Partini").unwrap(),
    }
}

pub(crate) fn build(keys: &Keys) -> Json {
    let enrol = Enrol { member: member(), code: "12345678".into(), key: keys.public("device") };
    let enrolled = enrolled(keys);
    let card = [0xd2; 40];
    let typed =
        ["1234-5678", "1234 5678", " 1 2-3 ", "12a4", "", "-"].map(String::from).into_iter().chain(["1".repeat(33)]);
    let codes = typed.map(|typed| json!({ "typed": typed, "digits": code_digits(&typed) }));
    json!({
        "enrol": { "member": enrol.member.as_str(), "code": enrol.code, "cbor": hex(&enrol.encode()) },
        "codes": codes.collect::<Vec<_>>(),
        "enrolled": {
            "device_id": enrolled.device.to_string(),
            "access_token": enrolled.tokens.access,
            "expires_in": enrolled.tokens.expires_in,
            "refresh_token": enrolled.tokens.refresh,
            "checkpoint_keys": [{ "kid": 3, "sha256": hex(&keys.public("checkpoint").thumbprint()) }],
            "cooperative": enrolled.cooperative.as_str(),
            "time_zone": enrolled.zone.as_str(),
            "name": enrolled.name.as_str(),
            "cbor": hex(&enrolled.encode()),
        },
        "renewal": { "refresh_token": token(0xf5), "cbor": hex(&encode_renewal(&token(0xf5))) },
        "renewed": {
            "access_token": token(0xa2),
            "expires_in": 3_600,
            "cbor": hex(&encode_renewed(&token(0xa2), 3_600)),
        },
        "card": { "card": hex(&card), "cbor": hex(&encode_card(&card)) },
        "proofs": proofs(keys),
        "judged_proofs": judged(),
        "judged_headers": judged_headers(keys),
    })
}

fn proofs(keys: &Keys) -> Vec<Json> {
    [(None, 1), (Some(token(0xa1)), 2)]
        .map(|(token, id)| {
            let request = Request { method: "POST", url: URL, token: token.as_deref() };
            let proof = dpop::prove(&request, at(NOW), &[id; 16], keys.of("device")).unwrap();
            json!({ "method": "POST", "url": URL, "token": token, "issued_at": NOW, "proof": proof })
        })
        .to_vec()
}

/// The second proof, held against requests and times, and the verdict.
fn judged() -> Vec<Json> {
    let other_url = "https://koperasi.example/v1/handayani/pull";
    let (ours, other) = (Some(token(0xa1)), Some(token(0xa2)));
    let cases = [
        ("as it was made", "POST", URL, &ours, NOW, "good"),
        ("300 seconds later", "POST", URL, &ours, NOW + 300, "good"),
        ("300 seconds earlier", "POST", URL, &ours, NOW - 300, "good"),
        ("301 seconds later", "POST", URL, &ours, NOW + 301, "clock-off"),
        ("301 seconds earlier", "POST", URL, &ours, NOW - 301, "clock-off"),
        ("another method", "GET", URL, &ours, NOW, "proof-invalid"),
        ("another address", "POST", other_url, &ours, NOW, "proof-invalid"),
        ("another token", "POST", URL, &other, NOW, "proof-invalid"),
        ("without the token", "POST", URL, &None, NOW, "proof-invalid"),
    ];
    let told = cases.map(|(what, method, url, token, now, verdict)| {
        json!({ "what": what, "method": method, "url": url, "token": token, "now": now, "verdict": verdict })
    });
    told.to_vec()
}

/// The second proof once more with another header, signed by the same key, and the verdict.
fn judged_headers(keys: &Keys) -> Vec<Json> {
    let token = token(0xa1);
    let request = Request { method: "POST", url: URL, token: Some(&token) };
    let proof = dpop::prove(&request, at(NOW), &[2; 16], keys.of("device")).unwrap();
    let [header, claims] = [0, 1].map(|part| proof.split('.').nth(part).unwrap());
    let header = String::from_utf8(BASE64URL_NOPAD.decode(header.as_bytes()).unwrap()).unwrap();
    let more = |member: &str| header.strip_suffix('}').unwrap().to_owned() + member + "}";
    let cases = [
        ("a member that need not be understood", more(r#","kid":"1""#), "good"),
        ("an extension that must be understood", more(r#","crit":["b64"],"b64":true"#), "proof-invalid"),
        ("no extension that must be understood", more(r#","crit":[]"#), "proof-invalid"),
        ("a private key", header.replace("}}", r#","d":"AA"}}"#), "proof-invalid"),
        ("another type", header.replace("dpop+jwt", "jwt"), "proof-invalid"),
        ("another algorithm", header.replace("ES256", "ES384"), "proof-invalid"),
        ("another curve", header.replace("P-256", "P-384"), "proof-invalid"),
    ];
    let told = cases.map(|(what, header, verdict)| {
        let signed = format!("{}.{claims}", BASE64URL_NOPAD.encode(header.as_bytes()));
        let signature = keys.of("device").sign(signed.as_bytes()).unwrap();
        json!({ "what": what, "proof": format!("{signed}.{}", BASE64URL_NOPAD.encode(&signature)), "verdict": verdict })
    });
    told.to_vec()
}

fn verdict(proof: &str, request: &Request<'_>, now: i64, device: &PublicKey) -> &'static str {
    match dpop::check(proof, request, at(now)) {
        Ok(proven) => {
            assert_eq!(proven.key, *device);
            "good"
        }
        Err(ProofFault::Clock) => "clock-off",
        Err(_) => "proof-invalid",
    }
}

pub(crate) fn check(file: &Json) {
    let device = PublicKey::from_sec1(&unhex(&file["keys"]["device"]["public"])).unwrap();
    let enrol = Enrol::decode(&unhex(&file["enrol"]["cbor"])).unwrap();
    assert_eq!((enrol.member, enrol.code.as_str(), enrol.key), (member(), "12345678", device));
    let bytes = unhex(&file["enrolled"]["cbor"]);
    let enrolled = Enrolled::decode(&bytes).unwrap();
    assert_eq!(enrolled.encode(), bytes);
    assert_eq!(enrolled.tokens.refresh, token(0xf5));
    assert_eq!(decode_renewal(&unhex(&file["renewal"]["cbor"])), Ok(token(0xf5)));
    assert_eq!(decode_renewed(&unhex(&file["renewed"]["cbor"])), Ok((token(0xa2), 3_600)));
    assert_eq!(decode_card(&unhex(&file["card"]["cbor"])), Ok(vec![0xd2; 40]));
    let proof = file["proofs"][1]["proof"].as_str().unwrap();
    for case in file["judged_proofs"].as_array().unwrap() {
        let (method, url) = (case["method"].as_str().unwrap(), case["url"].as_str().unwrap());
        let request = Request { method, url, token: case["token"].as_str() };
        let verdict = verdict(proof, &request, case["now"].as_i64().unwrap(), &device);
        assert_eq!(verdict, case["verdict"], "{}", case["what"]);
    }
    let token = token(0xa1);
    let request = Request { method: "POST", url: URL, token: Some(&token) };
    for case in file["judged_headers"].as_array().unwrap() {
        let verdict = verdict(case["proof"].as_str().unwrap(), &request, NOW, &device);
        assert_eq!(verdict, case["verdict"], "{}", case["what"]);
    }
}
