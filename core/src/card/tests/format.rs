//! What a card and a presentation look like, to the byte, and everything about their form that is refused.

use proptest::prelude::*;

use super::*;
use crate::cose::CoseError;

fn bytes(value: &Value) -> Vec<u8> {
    cose::encode(value)
}

fn is_malformed(world: &World, text: &str) -> bool {
    let verdict = world.look(text, NOW);
    verdict == Verdict::red(Reason::Malformed, None)
}

#[test]
fn the_edited_card_and_presentation_are_good_when_nothing_is_edited() {
    let world = World::new();
    let text = world.shown_edited(&world.card_edited(|_| ()), |_| ());
    assert_eq!(world.look(&text, NOW).outcome, Outcome::Green);
}

#[test]
fn a_card_says_what_it_was_issued_with() {
    let world = World::new();
    for claims in [
        world.claims(),
        CardClaims { name: None, sectors: Sectors::default(), approval: true, ..world.claims() },
        CardClaims { class: MemberClass(9), status_index: u32::MAX, ..world.claims() },
    ] {
        let card = issue(&claims, NOW, 1, &world.card_key).unwrap();
        let read = Card::from_bytes(card.bytes()).unwrap();
        assert_eq!(read, card);
        assert_eq!(*read.claims(), claims);
        assert_eq!((read.issued_at(), read.expires_at(), read.kid()), (NOW, NOW + 90 * DAY, 1));
        assert_eq!(read.verify(world.card_key.public_key()), Ok(()));
        assert_eq!(read.verify(world.holder.public_key()), Err(CoseError::BadSignature));
    }
}

#[test]
fn the_longest_card_that_is_issued_just_fits_the_code_of_65_modules() {
    let world = World::new();
    let claims = |subject: &str, sectors: &[u8]| CardClaims {
        issuer: CooperativeId::new("koperasi-sejati1").unwrap(),
        subject: Subject::new(subject).unwrap(),
        name: Some(CardName::cut("Raden Ajeng Kartini Djojoadhiningrat").unwrap()),
        status_index: 65_535,
        sectors: Sectors::new(sectors).unwrap(),
        ..world.claims()
    };
    let longest = issue(&claims("abcdefghijkl", &[]), NOW, 1, &world.card_key).unwrap();
    assert_eq!(longest.bytes().len(), MAX_CARD);
    let text = longest.show(NOW, [255; 8], &world.holder).unwrap();
    assert_eq!(text.len(), MAX_SHOW_TEXT);
    assert_eq!(qr::qr(&text, qr::SHOW_WIDTH).unwrap().width(), 65);
    for (subject, sectors, bytes) in [("abcdefghijklm", &[][..], 248), ("abcdefgh", &[1, 2, 3][..], 248)] {
        let refused = issue(&claims(subject, sectors), NOW, 1, &world.card_key);
        assert_eq!(refused, Err(CardNotIssued::TooLong { bytes }));
    }
    let shop = VerifierId::new("abcdefghijklmnop-0001").unwrap();
    let purchase = Purchase::new(i64::MAX, Some(&"x".repeat(24))).unwrap();
    let asked = Challenge::purchase(shop, [255; 16], purchase, NOW);
    let text = longest.answer(&asked, NOW, &world.holder).unwrap();
    assert!(text.len() <= MAX_TEXT, "{}", text.len());
    assert!(qr::qr(&text, qr::ANSWER_WIDTH).is_ok());
}

#[test]
fn the_code_holds_535_characters_in_65_modules_and_667_in_73() {
    for (length, width, fits) in [
        (535, qr::SHOW_WIDTH, true),
        (536, qr::SHOW_WIDTH, false),
        (667, qr::ANSWER_WIDTH, true),
        (668, qr::ANSWER_WIDTH, false),
    ] {
        let code = qr::qr(&"A".repeat(length), width);
        assert_eq!(
            code.as_ref().map(qr::Qr::width),
            if fits { Ok(width) } else { Err(CardError::QrTooWide) }.as_ref().copied()
        );
    }
    assert_eq!(qr::qr(&"a".repeat(10_000), 177), Err(CardError::QrTooWide));
}

#[test]
fn a_code_has_its_three_finders_and_nothing_outside() {
    let code = qr::qr("KTA1:ABC", qr::SHOW_WIDTH).unwrap();
    let last = code.width() - 1;
    for (column, row) in [(0, 0), (last, 0), (0, last)] {
        assert!(code.is_dark(column, row));
    }
    assert!(!code.is_dark(1, 1) && !code.is_dark(code.width(), 0) && !code.is_dark(0, code.width()));
    assert_eq!(code.rows().count(), code.width());
    assert!(code.rows().enumerate().all(|(y, row)| (0..row.len()).all(|x| row[x] == code.is_dark(x, y))));
}

#[test]
fn a_presentation_is_made_only_with_the_cards_key_in_the_cards_time() {
    let world = World::new();
    let card = world.card();
    assert_eq!(card.show(NOW, NONCE, &world.card_key), Err(CardError::WrongHolder));
    assert_eq!(card.show(card.issued_at() - 1, NONCE, &world.holder), Err(CardError::NotValidNow));
    assert_eq!(card.show(card.expires_at(), NONCE, &world.holder), Err(CardError::NotValidNow));
    assert!(card.show(card.expires_at() - 1, NONCE, &world.holder).is_ok());
    assert!(!card.should_renew(card.expires_at() - 60 * DAY));
    assert!(card.should_renew(card.expires_at() - 60 * DAY + 1));
    assert_eq!(issue(&world.claims(), -1, 1, &world.card_key), Err(CardNotIssued::BadTime));
    assert_eq!(issue(&world.claims(), i64::MAX, 1, &world.card_key), Err(CardNotIssued::BadTime));
}

#[test]
fn a_phones_hardware_key_presents_through_its_der_signatures() {
    /// A platform key as seen through a thin adapter: it answers in DER.
    struct Hardware(SoftwareSigner);
    impl Signer for Hardware {
        fn public_key(&self) -> &PublicKey {
            self.0.public_key()
        }
        fn sign(&self, message: &[u8]) -> Result<cose::Signature, CoseError> {
            use der::Encode;
            let raw = self.0.sign(message)?;
            let number = |half: &[u8]| der::asn1::UintRef::new(half).unwrap().to_der().unwrap();
            let body = [number(&raw[..32]), number(&raw[32..])].concat();
            cose::signature_from_der(&[vec![0x30, u8::try_from(body.len()).unwrap()], body].concat())
        }
    }
    let world = World::new();
    let phone = Hardware(new_key());
    let claims = CardClaims { holder: *phone.public_key(), ..world.claims() };
    let text = issue(&claims, NOW, 1, &world.card_key).unwrap().show(NOW, NONCE, &phone).unwrap();
    assert_eq!(world.look(&text, NOW).outcome, Outcome::Green);
}

#[test]
fn unknown_claims_are_ignored_and_the_critical_one_is_not() {
    let world = World::new();
    let extra = |claims: &mut Vec<(Value, Value)>| set(claims, 9999, "later");
    let critical = |claims: &mut Vec<(Value, Value)>| set(claims, -65538, Value::Null);
    let plain = world.card().bytes().to_vec();
    assert_eq!(world.look(&world.shown_edited(&world.card_edited(extra), extra), NOW).outcome, Outcome::Green);
    assert!(is_malformed(&world, &world.shown_edited(&world.card_edited(critical), |_| ())));
    assert!(is_malformed(&world, &world.shown_edited(&plain, critical)));
}

#[test]
fn every_wrong_claim_of_a_card_is_malformed() {
    let world = World::new();
    let map = |pairs: &[(i64, Value)]| Value::Map(pairs.iter().map(|(k, v)| ((*k).into(), v.clone())).collect());
    let membership =
        |class: Value, index: Value, more: &[(i64, Value)]| map(&[&[(1, class), (2, index)][..], more].concat());
    let codes = |codes: &[i64]| Value::Array(codes.iter().map(|&c| c.into()).collect());
    let wrong: Vec<(i64, Value)> = vec![
        (1, "seventeen-letters".into()),
        (1, "Handayani".into()),
        (1, 5.into()),
        (2, "".into()),
        (2, "seventeen.letters".into()),
        (4, "soon".into()),
        (4, (-1).into()),
        (4, i64::MAX.into()),
        (4, (NOW - 10 * DAY).into()),
        (6, Value::Null),
        (8, map(&[])),
        (8, map(&[(1, map(&[(1, 2.into()), (-1, 1.into())]))])),
        (169, "Siti".into()),
        (169, map(&[])),
        (169, map(&[(4, "x".repeat(25).into())])),
        (169, map(&[(4, "e\u{301}".into())])),
        (169, map(&[(4, "Siti\u{1b}[2J".into())])),
        (169, map(&[(4, "Siti\u{202e}".into())])),
        (-65537, map(&[])),
        (-65537, membership(256.into(), 1.into(), &[])),
        (-65537, membership((-1).into(), 1.into(), &[])),
        (-65537, membership(1.into(), (1_i64 << 32).into(), &[])),
        (-65537, membership(1.into(), (-1).into(), &[])),
        (-65537, membership(1.into(), 1.into(), &[(3, codes(&[1, 2, 3, 4]))])),
        (-65537, membership(1.into(), 1.into(), &[(3, codes(&[24]))])),
        (-65537, membership(1.into(), 1.into(), &[(3, codes(&[-1]))])),
        (-65537, membership(1.into(), 1.into(), &[(4, 0.into())])),
        (-65537, membership(1.into(), 1.into(), &[(4, Value::Bool(true))])),
    ];
    for (label, value) in wrong {
        let card = world.card_edited(|claims| set(claims, label, value.clone()));
        assert!(Card::from_bytes(&card).is_err(), "{label}: {value:?}");
        assert!(is_malformed(&world, &world.shown_edited(&card, |_| ())), "{label}: {value:?}");
    }
    for label in [1, 2, 4, 6, 8, -65537] {
        let card = world.card_edited(|claims| claims.retain(|(key, _)| cose::as_i64(key) != Some(label)));
        assert!(is_malformed(&world, &world.shown_edited(&card, |_| ())), "without {label}");
    }
}

#[test]
fn every_wrong_claim_of_a_presentation_is_malformed() {
    let world = World::new();
    let card = world.card().bytes().to_vec();
    let wrong: Vec<(i64, Value)> = vec![
        (1, "handayani".into()),
        (2, "k7q2m9xa".into()),
        (3, 1.into()),
        (6, "now".into()),
        (6, (-1).into()),
        (39, Value::Bytes(vec![0; 7])),
        (39, Value::Bytes(vec![0; 17])),
        (39, "12345678".into()),
        (-65539, Value::Map(vec![(1.into(), 25_000.into())])),
        (-65539, 25_000.into()),
    ];
    for (label, value) in wrong {
        let text = world.shown_edited(&card, |claims| set(claims, label, value.clone()));
        assert!(is_malformed(&world, &text), "{label}: {value:?}");
    }
    for label in [3, 6, 39] {
        let text = world.shown_edited(&card, |claims| claims.retain(|(key, _)| cose::as_i64(key) != Some(label)));
        assert!(is_malformed(&world, &text), "without {label}");
    }
    for audience in ["kop:x", "", "kop:b:mart-01", "KOP:M"] {
        let text = world.shown_edited(&card, |claims| set(claims, 3, audience));
        assert_eq!(world.look(&text, NOW).outcome, Outcome::Red(Reason::WrongAudience), "{audience}");
    }
    for nonce in [8, 16] {
        let text = world.shown_edited(&card, |claims| set(claims, 39, Value::Bytes(vec![7; nonce])));
        assert_eq!(world.look(&text, NOW).outcome, Outcome::Green);
    }
}

#[test]
fn a_shown_text_of_more_than_535_characters_is_malformed() {
    let world = World::new();
    let card = world.card().bytes().to_vec();
    for (padding, fits) in [(1, true), (60, false)] {
        let text = world.shown_edited(&card, |claims| set(claims, 500, Value::Bytes(vec![0; padding])));
        assert_eq!(text.len() <= MAX_SHOW_TEXT, fits);
        assert_eq!(is_malformed(&world, &text), !fits);
    }
    let text = world.shown_edited(&card, |claims| set(claims, 500, Value::Bytes(vec![0; 300])));
    assert!(text.len() > MAX_TEXT && is_malformed(&world, &text));
}

/// A presentation that is right but for its raw parts, under a right signature.
fn raw(world: &World, protected: &[u8], unprotected: &[u8], payload: &[u8]) -> String {
    as_text(&raw_sign1(protected, unprotected, payload, &world.holder))
}

#[test]
fn every_other_encoding_is_malformed_even_under_a_right_signature() {
    let world = World::new();
    let (tag, empty) = (world.card().bytes().to_vec(), [0xa0]);
    let protected = [&[0xa3, 0x01, 0x26, 0x0d][..], &tag, &[0x10, 0x19, 0x01, 0x26]].concat();
    let aud = [0x03, 0x65, b'k', b'o', b'p', b':', b'm'];
    let iat = [&[0x06][..], &bytes(&NOW.into())].concat();
    let nonce = [0x18, 0x27, 0x48, 1, 2, 3, 4, 5, 6, 7, 8];
    let payload = |head: &[u8], parts: &[&[u8]]| [head, &parts.concat()].concat();
    let good = payload(&[0xa3], &[&aud, &iat, &nonce]);
    assert_eq!(world.look(&raw(&world, &protected, &empty, &good), NOW).outcome, Outcome::Green);

    let long_iat = [&[0x06, 0x1b][..], &NOW.to_be_bytes()].concat();
    let wrong_payloads = [
        ("keys out of order", payload(&[0xa3], &[&iat, &aud, &nonce])),
        ("a key twice", payload(&[0xa4], &[&aud, &iat, &iat, &nonce])),
        ("a long integer", payload(&[0xa3], &[&aud, &long_iat, &nonce])),
        ("a long length", payload(&[0xb8, 0x03], &[&aud, &iat, &nonce])),
        ("an indefinite map", payload(&[0xbf], &[&aud, &iat, &nonce, &[0xff]])),
        ("an indefinite text", payload(&[0xa3], &[&[0x03, 0x7f], &aud[1..], &[0xff], &iat, &nonce])),
        ("a float", payload(&[0xa4], &[&aud, &iat, &nonce, &[0x19, 0x01, 0xf4, 0xf9, 0x3c, 0x00]])),
        ("trailing bytes", payload(&[0xa3], &[&aud, &iat, &nonce, &[0x00]])),
        ("too deep", payload(&[0xa4], &[&aud, &iat, &nonce, &[0x19, 0x01, 0xf4], &[0x81; 8], &[0x00]])),
        ("undefined", payload(&[0xa4], &[&aud, &iat, &nonce, &[0x19, 0x01, 0xf4, 0xf7]])),
        ("no map", vec![0x80]),
    ];
    for (what, payload) in wrong_payloads {
        assert!(is_malformed(&world, &raw(&world, &protected, &empty, &payload)), "{what}");
    }
    let deep = payload(&[0xa4], &[&aud, &iat, &nonce, &[0x19, 0x01, 0xf4], &[0x81; 7], &[0x00]]);
    assert_eq!(world.look(&raw(&world, &protected, &empty, &deep), NOW).outcome, Outcome::Green, "8 deep is allowed");

    let headers = |head: u8, parts: &[&[u8]]| [&[head][..], &parts.concat()].concat();
    let (alg, kcwt, typ) = ([0x01, 0x26], headers(0x0d, &[&tag]), [0x10, 0x19, 0x01, 0x26]);
    let wrong_headers = [
        ("another algorithm", headers(0xa3, &[&[0x01, 0x28], &kcwt, &typ])),
        ("no algorithm", headers(0xa2, &[&kcwt, &typ])),
        ("no type", headers(0xa2, &[&alg, &kcwt])),
        ("a card's type", headers(0xa3, &[&alg, &kcwt, &[0x10, 0x19, 0x01, 0x25]])),
        ("no card", headers(0xa2, &[&alg, &typ])),
        ("a card in a byte string", headers(0xa3, &[&alg, &[0x0d], &bytes(&Value::Bytes(tag.clone())), &typ])),
        ("a key id", headers(0xa4, &[&alg, &[0x04, 0x41, 0x01], &kcwt, &typ])),
        ("an unknown label", headers(0xa4, &[&alg, &kcwt, &typ, &[0x18, 0x63, 0x00]])),
        ("a critical label", headers(0xa4, &[&alg, &[0x02, 0x81, 0x0d], &kcwt, &typ])),
        ("labels out of order", headers(0xa3, &[&alg, &typ, &kcwt])),
        ("a label twice", headers(0xa4, &[&alg, &alg, &kcwt, &typ])),
    ];
    for (what, headers) in wrong_headers {
        assert!(is_malformed(&world, &raw(&world, &headers, &empty, &good)), "{what}");
    }
    assert!(is_malformed(&world, &raw(&world, &protected, &[0xa1, 0x04, 0x41, 0x01], &good)), "unprotected headers");
    let whole = as_bytes(&raw(&world, &protected, &empty, &good));
    assert!(is_malformed(&world, &as_text(&whole[1..])), "no tag");
    assert!(is_malformed(&world, &as_text(&[&whole[..], &[0x00]].concat())), "a byte after the end");
    assert!(is_malformed(&world, &as_text(&[&[0xd8, 0x3d], &whole[..]].concat())), "another tag around it");
}

#[test]
fn a_cards_own_headers_are_held_as_strictly() {
    let world = World::new();
    let payload = {
        let signed = cose::parse1(world.card().bytes(), &Typ::Number(293), MAX_CARD).unwrap();
        signed.payload().to_vec()
    };
    let card = |protected: &[u8], unprotected: &[u8]| {
        let card = raw_sign1(protected, unprotected, &payload, &world.card_key);
        world.shown_edited(&card, |_| ())
    };
    let good = [0xa3, 0x01, 0x26, 0x04, 0x41, 0x01, 0x10, 0x19, 0x01, 0x25];
    assert_eq!(world.look(&card(&good, &[0xa0]), NOW).outcome, Outcome::Green);
    assert!(is_malformed(&world, &card(&good, &[0xa1, 0x04, 0x41, 0x01])), "unprotected headers");
    for (what, headers) in [
        ("no kid", &[0xa2, 0x01, 0x26, 0x10, 0x19, 0x01, 0x25][..]),
        ("a long kid", &[0xa3, 0x01, 0x26, 0x04, 0x42, 0x01, 0x01, 0x10, 0x19, 0x01, 0x25]),
        ("another algorithm", &[0xa3, 0x01, 0x27, 0x04, 0x41, 0x01, 0x10, 0x19, 0x01, 0x25]),
        ("a presentation's type", &[0xa3, 0x01, 0x26, 0x04, 0x41, 0x01, 0x10, 0x19, 0x01, 0x26]),
        ("a card in the card", &[0xa4, 0x01, 0x26, 0x04, 0x41, 0x01, 0x0d, 0x00, 0x10, 0x19, 0x01, 0x25]),
    ] {
        assert!(is_malformed(&world, &card(headers, &[0xa0])), "{what}");
    }
}

#[test]
fn base45_has_one_spelling() {
    let world = World::new();
    let text = world.text();
    let odd = as_bytes(&text).len() % 2 == 1;
    let padded = if odd { text } else { world.shown_edited(&world.card_edited(|c| set(c, 500, 24)), |_| ()) };
    assert_eq!(as_bytes(&padded).len() % 2, 1, "the last two characters stand for one byte");
    assert_eq!(world.look(&padded, NOW).outcome, Outcome::Green);
    const DIGITS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    let value = |c: u8| DIGITS.iter().position(|&d| d == c).unwrap();
    let tail = &padded.as_bytes()[padded.len() - 2..];
    let again = value(tail[0]) + 45 * value(tail[1]) + 256;
    let digits = [again % 45, again / 45].map(|d| char::from(DIGITS[d]));
    let other = format!("{}{}{}", &padded[..padded.len() - 2], digits[0], digits[1]);
    assert_eq!(base45::decode(&other[5..]).unwrap(), as_bytes(&padded), "the crate reads both");
    assert!(is_malformed(&world, &other));
    assert!(is_malformed(&world, &padded.to_lowercase()));
    assert!(is_malformed(&world, &padded.replacen("KTA1", "KTA2", 1)));
    assert!(is_malformed(&world, &padded[5..]));
}

#[test]
fn a_debug_print_names_nobody() {
    let world = World::new();
    let asked = Challenge::purchase(
        VerifierId::new("mart-01").unwrap(),
        [7; 16],
        Purchase::new(987_654, Some("Nota 12")).unwrap(),
        NOW,
    );
    let text = world.card().answer(&asked, NOW, &world.holder).unwrap();
    let shown = Presentation::from_text(&text).unwrap();
    let verdict = world.look(&world.text(), NOW);
    let printed = format!("{:?} {:?} {shown:?} {asked:?} {verdict:?}", world.card(), world.claims());
    for secret in ["Siti", "k7q2m9xa", "987654", "Nota", &format!("{:?}", b"Siti")] {
        assert!(!printed.contains(secret), "{secret}");
    }
}

proptest! {
    #[test]
    fn what_is_presented_is_what_is_read(nonce in any::<[u8; 8]>(), after in 0..CARD_LIFE, name in "[A-Za-z ']{1,30}") {
        let world = World::new();
        let name = CardName::cut(&name).ok();
        let claims = CardClaims { name, ..world.claims() };
        let card = issue(&claims, NOW, 1, &world.card_key).unwrap();
        let text = card.show(NOW + after, nonce, &world.holder).unwrap();
        let read = Presentation::from_text(&text).unwrap();
        prop_assert_eq!(read.card(), &card);
        prop_assert_eq!((read.signed_at(), read.nonce(), read.audience()), (NOW + after, &nonce[..], "kop:m"));
        prop_assert!(text.len() <= MAX_SHOW_TEXT && read.purchase().is_none());
    }
}
