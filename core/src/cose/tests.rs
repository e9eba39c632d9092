use std::sync::Arc;

use der::asn1::UintRef;
use proptest::prelude::*;
use ring::rand::SecureRandom;

use super::*;

static TEST: Typ = Typ::text("application/test+cwt");

fn rng() -> Arc<dyn SecureRandom + Send + Sync> {
    Arc::new(crate::entropy::system())
}

fn signer() -> SoftwareSigner {
    let rng = rng();
    SoftwareSigner::from_pkcs8(&SoftwareSigner::generate_pkcs8(&*rng).unwrap(), rng).unwrap()
}

fn hex(text: &str) -> Vec<u8> {
    data_encoding::HEXLOWER_PERMISSIVE.decode(text.as_bytes()).unwrap()
}

fn headers<'a>() -> Headers<'a> {
    Headers { typ: &TEST, kid: Some(&[7]), kcwt: None }
}

fn signed() -> Vec<u8> {
    sign1(&headers(), &hex("a10601"), &signer()).unwrap()
}

/// A message with these protected headers and this payload, its signature left wrong: form is checked first.
fn message(protected: &str, unprotected: &str, payload: &str, signature: usize) -> Vec<u8> {
    let bytes = |b: Vec<u8>| encode(&Value::Bytes(b));
    let mut out = hex("d284");
    out.extend(bytes(hex(protected)));
    out.extend(hex(unprotected));
    out.extend(bytes(hex(payload)));
    out.extend(bytes(vec![1; signature]));
    out
}

#[test]
fn a_signed_message_verifies_under_its_key_and_no_other() {
    let signer = signer();
    let bytes = sign1(&headers(), &hex("a10601"), &signer).unwrap();
    let parsed = parse1(&bytes, &TEST, 200).unwrap();
    assert_eq!(parsed.kid(), Some(&[7][..]));
    assert_eq!(parsed.kcwt(), None);
    assert_eq!(parsed.payload(), hex("a10601"));
    assert_eq!(parsed.claims().as_map().unwrap().len(), 1);
    assert_eq!(parsed.verify(signer.public_key()), Ok(()));
    assert_eq!(parsed.verify(self::signer().public_key()), Err(CoseError::BadSignature));
}

#[test]
fn a_signature_has_two_forms_and_both_are_of_the_same_content() {
    let signer = signer();
    // Borrows are taken from digits of all sizes: signatures differ.
    for _ in 0..50 {
        let bytes = sign1(&headers(), &hex("a10601"), &signer).unwrap();
        let (rest, signature) = bytes.split_last_chunk().unwrap();
        let other = [rest, &other_form(signature)].concat();
        let [parsed, twin] = [&bytes, &other].map(|bytes| parse1(bytes, &TEST, 200).unwrap());
        assert_eq!(twin.verify(signer.public_key()), Ok(()));
        assert_ne!(bytes, other);
        assert_eq!(twin.signed(), parsed.signed());
        assert_eq!(other_form(twin.signature()), *signature, "there is no third");
    }
}

#[test]
fn the_bytes_are_the_ones_of_rfc_9052() {
    let bytes = signed();
    // 18([<<{1: -7, 4: h'07', 16: "application/test+cwt"}>>, {}, <<{6: 1}>>, 64 bytes])
    let head = "d284581ca3012604410710746170706c69636174696f6e2f746573742b637774a043a106015840";
    assert_eq!(data_encoding::HEXLOWER.encode(&bytes[..bytes.len() - 64]), head);
}

#[test]
fn a_document_of_another_kind_is_refused() {
    assert_eq!(parse1(&signed(), &Typ::Number(293), 200).unwrap_err(), CoseError::WrongType);
    assert_eq!(parse1(&message("a10126", "a0", "a0", 64), &TEST, 200).unwrap_err(), CoseError::WrongType);
    assert_eq!(parse1(&message("a2012610f5", "a0", "a0", 64), &TEST, 200).unwrap_err(), CoseError::WrongType);
}

#[test]
fn a_document_inside_the_headers_comes_back_unchanged() {
    let card = signed();
    let outer =
        sign1(&Headers { typ: &Typ::Number(294), kid: None, kcwt: Some(&card) }, &hex("a0"), &signer()).unwrap();
    let parsed = parse1_carrying(&outer, &Typ::Number(294), 400).unwrap();
    assert_eq!(parsed.kcwt(), Some(card.as_slice()));
    assert_eq!(parsed.kid(), None);
    let plain = parse1(&outer, &Typ::Number(294), 400);
    assert_eq!(plain.unwrap_err(), CoseError::UnknownHeader, "where nothing reads it, nothing may stand in it");
}

#[test]
fn every_wrong_form_has_its_own_refusal() {
    let typ = &Typ::Number(1);
    let good = "a201261001";
    let cases: Vec<(Vec<u8>, CoseError)> = vec![
        (message("a201271001", "a0", "a0", 64), CoseError::WrongAlgorithm),
        (message("a11001", "a0", "a0", 64), CoseError::WrongAlgorithm),
        (message("a201281001", "a0", "a0", 64), CoseError::WrongAlgorithm),
        (message("a3012602811a000100001001", "a0", "a0", 64), CoseError::UnknownHeader),
        (message("a30126100118631801", "a0", "a0", 64), CoseError::NotCanonical),
        (message("a301261001186300", "a0", "a0", 64), CoseError::UnknownHeader),
        (message("a301261001617800", "a0", "a0", 64), CoseError::UnknownHeader),
        (message("a3012604401001", "a0", "a0", 64), CoseError::BadKid),
        (message("a3012604051001", "a0", "a0", 64), CoseError::BadKid),
        (message(good, "a10126", "a0", 64), CoseError::UnprotectedHeader),
        (message(good, "80", "a0", 64), CoseError::NotSign1),
        (message(good, "a0", "a0", 63), CoseError::NotSign1),
        (message(good, "a0", "a0", 72), CoseError::NotSign1),
        (message("80", "a0", "a0", 64), CoseError::NotSign1),
        (message("", "a0", "a0", 64), CoseError::NotCbor),
        (message("a210010126", "a0", "a0", 64), CoseError::KeyOrder),
        (message(good, "a0", "a201010102", 64), CoseError::DuplicateKey),
        (message(good, "a0", "a10618ff00", 64), CoseError::TrailingBytes),
        (message(good, "a0", "", 64), CoseError::NotCbor),
        (message(good, "a0", "a0", 64)[1..].to_vec(), CoseError::NotSign1),
        ([&hex("d1"), &message(good, "a0", "a0", 64)[1..]].concat(), CoseError::NotSign1),
        (hex("d28345a201261001a041a0"), CoseError::NotSign1),
        (hex("d28445a201261001a0f640"), CoseError::NotSign1),
        (vec![0; 201], CoseError::TooLong { max: 200 }),
    ];
    assert!(parse1(&message(good, "a0", "a0", 64), typ, 200).is_ok());
    for (index, (bytes, error)) in cases.into_iter().enumerate() {
        assert_eq!(parse1(&bytes, typ, 200).err(), Some(error), "case {index}");
    }
}

#[test]
fn only_the_deterministic_encoding_is_read() {
    let cases = [
        ("1817", CoseError::NotCanonical),     // a long integer
        ("190017", CoseError::NotCanonical),   //
        ("3801", CoseError::NotCanonical),     // a long negative integer
        ("580100", CoseError::NotCanonical),   // a long length
        ("9f01ff", CoseError::NotCanonical),   // indefinite array
        ("bf0101ff", CoseError::NotCanonical), // indefinite map
        ("5f4101ff", CoseError::NotCanonical), // indefinite bytes
        ("7f6161ff", CoseError::NotCanonical), // indefinite text
        ("f7", CoseError::NotCanonical),       // undefined
        ("c24101", CoseError::NotCanonical),   // a bignum that fits an integer
        ("f93c00", CoseError::Float),          //
        ("81fa3f800000", CoseError::Float),    //
        ("a1fb3ff000000000000001", CoseError::Float),
        ("a201010102", CoseError::DuplicateKey), //
        ("a202010102", CoseError::KeyOrder),     //
        ("a220010a02", CoseError::KeyOrder),     // -1 (20) sorts after 10 (0a)
        ("0000", CoseError::TrailingBytes),
        ("", CoseError::NotCbor),
        ("1c", CoseError::NotCbor),
        ("61ff", CoseError::NotCbor), // text that is not UTF-8
        ("5bffffffffffffffff", CoseError::NotCbor),
        ("9bffffffffffffffff", CoseError::NotCbor),
    ];
    for (text, error) in cases {
        assert_eq!(check_canonical(&hex(text), MAX_DEPTH), Err(error), "{text}");
    }
    for good in ["a30a0120026161f6", "a100820102", "3903e7", "1bffffffffffffffff", "d24100"] {
        assert!(check_canonical(&hex(good), MAX_DEPTH).is_ok(), "{good}");
    }
}

#[test]
fn nesting_ends_at_eight() {
    for opener in ["81", "a100", "c6"] {
        let nested = |depth: usize| hex(&format!("{}00", opener.repeat(depth)));
        assert!(check_canonical(&nested(8), MAX_DEPTH).is_ok(), "{opener}");
        assert_eq!(check_canonical(&nested(9), MAX_DEPTH), Err(CoseError::TooDeep), "{opener}");
        assert_eq!(check_canonical(&nested(100_000), MAX_DEPTH), Err(CoseError::TooDeep), "{opener}");
    }
}

#[test]
fn nothing_but_deterministic_cbor_is_signed() {
    assert_eq!(sign1(&headers(), &hex("bf0101ff"), &signer()), Err(CoseError::NotCanonical));
    assert_eq!(sign1(&Headers { kid: Some(&[]), ..headers() }, &hex("a0"), &signer()), Err(CoseError::BadKid));
    assert_eq!(sign1(&Headers { kid: Some(&[0; 65]), ..headers() }, &hex("a0"), &signer()), Err(CoseError::BadKid));
}

#[test]
fn a_key_survives_cose_key_and_only_in_its_full_form() {
    let key = *signer().public_key();
    assert_eq!(PublicKey::from_cose_key(&key.to_cose_key()), Ok(key));
    assert_eq!(PublicKey::from_sec1(key.as_bytes()), Ok(key));
    assert!(check_canonical(&encode(&key.to_cose_key()), 1).is_ok());
    assert_eq!(PublicKey::from_sec1(&key.as_bytes()[..64]), Err(CoseError::BadKey));
    assert_eq!(PublicKey::from_sec1(&[&[0x02], key.x()].concat()), Err(CoseError::BadKey));
    let mut compressed = key.to_cose_key();
    compressed.as_map_mut().unwrap()[3].1 = Value::Bool(true);
    assert_eq!(PublicKey::from_cose_key(&compressed), Err(CoseError::BadKey));
    let mut other_curve = key.to_cose_key();
    other_curve.as_map_mut().unwrap()[1].1 = 2.into();
    assert_eq!(PublicKey::from_cose_key(&other_curve), Err(CoseError::BadKey));
}

#[test]
fn nothing_verifies_under_a_point_off_the_curve() {
    let signer = signer();
    let bytes = sign1(&headers(), &hex("a0"), &signer).unwrap();
    let mut point = *signer.public_key().as_bytes();
    point[64] ^= 1;
    let parsed = parse1(&bytes, &TEST, 200).unwrap();
    assert_eq!(parsed.verify(&PublicKey::from_sec1(&point).unwrap()), Err(CoseError::BadSignature));
}

#[test]
fn a_private_key_that_is_none_is_refused_and_never_printed() {
    for bytes in [&[0_u8; 0][..], &[0; 138], &[0; MAX_PKCS8 + 1]] {
        assert_eq!(SoftwareSigner::from_pkcs8(bytes, rng()).err(), Some(CoseError::BadPrivateKey));
    }
    let rng = rng();
    let pkcs8 = SoftwareSigner::generate_pkcs8(&*rng).unwrap();
    let shown = format!("{:?}", SoftwareSigner::from_pkcs8(&pkcs8, rng).unwrap());
    let secret = data_encoding::HEXLOWER.encode(&pkcs8[36..68]);
    assert!(shown.contains("PublicKey(") && !shown.contains(&secret));
}

/// DER as platforms write it, made by the der crate.
fn to_der(signature: &Signature) -> Vec<u8> {
    use der::Encode;
    let numbers = [&signature[..32], &signature[32..]].map(|half| UintRef::new(half).unwrap().to_der().unwrap());
    let body = numbers.concat();
    [vec![0x30, u8::try_from(body.len()).unwrap()], body].concat()
}

proptest! {
    #[test]
    fn der_and_raw_signatures_agree(signature in prop::array::uniform32(any::<u8>())
        .prop_flat_map(|r| (Just(r), prop::array::uniform32(any::<u8>()), 0_usize..31, 0_usize..31)))
    {
        let (mut r, mut s, zeros_r, zeros_s) = signature;
        r[..zeros_r].fill(0);
        s[..zeros_s].fill(0);
        prop_assume!(r != [0; 32] && s != [0; 32]);
        let raw: Signature = [r, s].concat().try_into().unwrap();
        let der = to_der(&raw);
        prop_assert_eq!(signature_from_der(&der), Ok(raw));
        for cut in 0..der.len() {
            prop_assert_eq!(signature_from_der(&der[..cut]), Err(CoseError::BadDer));
        }
        prop_assert_eq!(signature_from_der(&[&der[..], &[0]].concat()), Err(CoseError::BadDer));
    }

    #[test]
    fn no_bytes_make_the_readers_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = check_canonical(&bytes, MAX_DEPTH);
        let _ = parse1(&bytes, &TEST, 200);
        let _ = signature_from_der(&bytes);
        let _ = PublicKey::from_sec1(&bytes);
    }

    #[test]
    fn what_is_read_has_one_encoding(bytes in prop::collection::vec(any::<u8>(), 1..12)) {
        if let Ok(value) = check_canonical(&bytes, MAX_DEPTH) {
            prop_assert_eq!(encode(&value), bytes);
        }
    }
}

#[test]
fn der_is_strict() {
    let cases = [
        "3006020100020101",       // r is zero
        "3006020101020100",       // s is zero
        "30060201ff020101",       // negative
        "300702020001020101",     // a leading zero too many
        "308106020101020101",     // a long length
        "30800201010201010000",   // an indefinite length
        "3106020101020101",       // a set
        "3009020101020101020101", // three numbers
        "3003020101",             // one
    ];
    for text in cases {
        assert_eq!(signature_from_der(&hex(text)), Err(CoseError::BadDer), "{text}");
    }
    assert!(signature_from_der(&hex("3006020101020101")).is_ok());
    let long = format!("302602{}{}020101", "21", "01".repeat(33));
    assert_eq!(signature_from_der(&hex(&long)), Err(CoseError::BadDer));
}
