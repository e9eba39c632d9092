//! The trust list and the status list.

use proptest::prelude::*;

use super::*;
use crate::cose::CoseError;

fn read(world: &World, bytes: &[u8]) -> Result<TrustList, CardError> {
    TrustList::read(bytes, &world.root_keys(), 0)
}

#[test]
fn a_trust_list_says_what_the_federation_signed() {
    let world = World::new();
    let trust = world.trust();
    let id = CooperativeId::new("handayani").unwrap();
    assert_eq!(trust.federation().as_str(), "puskopdit-smg");
    assert_eq!((trust.seq(), trust.issued_at(), trust.expires_at()), (7, NOW - DAY, NOW + 89 * DAY));
    assert_eq!(trust.issuer(&id), Some(&world.issuer(world.keys())));
    assert_eq!(trust.issuers().count(), 1);
    assert!(!trust.is_expired(NOW + 89 * DAY - 1) && trust.is_expired(NOW + 89 * DAY));
    assert_eq!(trust.verifier_name(&VerifierId::new("mart-01").unwrap()), Some("Mart Handayani, kasir 1"));
    assert_eq!(trust.verifier_name(&VerifierId::new("mart-02").unwrap()), None);
}

#[test]
fn either_root_suffices_and_nobody_else_does() {
    let world = World::new();
    let sign = |number: u8, root: &SoftwareSigner| {
        TrustList::sign(&CooperativeId::new("f").unwrap(), 1, NOW, &[world.issuer(world.keys())], number, root).unwrap()
    };
    let (first, second) = (sign(0, &world.roots[0]), sign(1, &world.roots[1]));
    assert!(read(&world, &first).is_ok() && read(&world, &second).is_ok());
    assert_eq!(read(&world, &sign(0, &new_key())), Err(CardError::WrongRoot));
    assert_eq!(read(&world, &sign(0, &world.card_key)), Err(CardError::WrongRoot));
    assert_eq!(TrustList::read(&second, &world.root_keys()[..1], 0), Err(CardError::WrongRoot));
    assert_eq!(TrustList::read(&first, &[], 0), Err(CardError::WrongRoot));
}

#[test]
fn the_sequence_never_goes_back() {
    let world = World::new();
    let bytes = world.trust_bytes(world.keys(), NOW);
    for (seen, result) in [(0, Ok(7)), (7, Ok(7)), (8, Err(CardError::SequenceWentBack))] {
        assert_eq!(TrustList::read(&bytes, &world.root_keys(), seen).map(|trust| trust.seq()), result);
    }
}

#[test]
fn an_expired_trust_list_can_still_be_read() {
    let world = World::new();
    assert!(world.trust_with(world.keys(), 0).is_expired(NOW));
}

#[test]
fn checkpoint_keys_are_those_for_checkpoints_that_are_not_revoked() {
    let world = World::new();
    let spare = new_key();
    let mut keys = world.keys();
    keys.push(key(4, KeyUse::Checkpoint, &spare));
    keys.push(IssuerKey { revoked_at: Some(NOW), ..key(5, KeyUse::Checkpoint, &new_key()) });
    let trust = world.trust_with(keys, NOW);
    let id = CooperativeId::new("handayani").unwrap();
    let found: Vec<_> = trust.checkpoint_keys(&id).map(|key| (key.kid, key.key)).collect();
    assert_eq!(found, [(3, *world.checkpoint_key.public_key()), (4, *spare.public_key())]);
    assert!(trust.checkpoint_keys(&id).all(|key| key.covers(NOW) && !key.covers(NOW + 300 * DAY)));
    assert_eq!(trust.checkpoint_keys(&CooperativeId::new("lain").unwrap()).count(), 0);
}

#[test]
fn an_entry_with_a_mistake_is_refused() {
    let world = World::new();
    let entry = |name: &str, uri: &str, keys: Vec<IssuerKey>, shops: &[&str]| {
        let shops = shops.iter().map(|id| (VerifierId::new(id).unwrap(), "Mart".to_owned())).collect();
        Issuer::new(CooperativeId::new("handayani").unwrap(), name, uri, keys, shops)
    };
    assert!(entry("KSP Handayani", URI, world.keys(), &["mart-01", "mart-02"]).is_ok());
    assert!(entry("", URI, world.keys(), &[]).is_err());
    assert!(entry("KSP\u{7}", URI, world.keys(), &[]).is_err());
    assert!(entry(&"x".repeat(101), URI, world.keys(), &[]).is_err());
    assert!(entry("KSP", "", world.keys(), &[]).is_err());
    assert!(entry("KSP", "a b", world.keys(), &[]).is_err());
    assert!(entry("KSP", URI, world.keys(), &["mart-01", "mart-01"]).is_err());
    let mut twice = world.keys();
    twice[1].kid = twice[0].kid;
    assert!(entry("KSP", URI, twice, &[]).is_err(), "one generation for two uses");
    let mut backwards = world.keys();
    backwards[0].not_after = backwards[0].not_before - 1;
    assert!(entry("KSP", URI, backwards, &[]).is_err());
    let issuer = world.issuer(world.keys());
    let twins = [issuer.clone(), issuer];
    let federation = CooperativeId::new("f").unwrap();
    assert!(TrustList::sign(&federation, 1, NOW, &twins, 0, &world.roots[0]).is_err());
}

#[test]
fn an_entry_travels_to_the_federation_unchanged() {
    let world = World::new();
    let mut keys = world.keys();
    keys[1].revoked_at = Some(NOW);
    let issuer = world.issuer(keys);
    let bytes = issuer.to_bytes();
    assert_eq!(Issuer::from_bytes(&bytes), Ok(issuer));
    assert!(Issuer::from_bytes(&bytes[1..]).is_err());
    assert_eq!(Issuer::from_bytes(&[bytes, vec![0]].concat()), Err(CoseError::TrailingBytes.into()));
}

/// A trust list whose payload was edited before the root signed it.
fn trust_edited(world: &World, edit: impl FnOnce(&mut Vec<(Value, Value)>)) -> Vec<u8> {
    let typ = Typ::text("application/kop-trust+cwt");
    let signed = cose::parse1(&world.trust_bytes(world.keys(), NOW), &typ, MAX_TRUST_LIST).unwrap();
    let mut claims = signed.claims().clone().into_map().unwrap();
    edit(&mut claims);
    let payload = cose::encode(&cose::sorted_map(claims));
    cose::sign1(&Headers { typ: &typ, kid: Some(&[0]), kcwt: None }, &payload, &world.roots[0]).unwrap()
}

#[test]
fn a_trust_list_of_the_wrong_form_is_refused_even_from_a_root() {
    let world = World::new();
    assert!(read(&world, &trust_edited(&world, |_| ())).is_ok());
    assert!(read(&world, &trust_edited(&world, |c| set(c, 500, 1))).is_ok(), "an unknown claim is ignored");
    let entry = || world.issuer(world.keys());
    let issuers = |entries: &[Issuer]| {
        let entries = entries.iter().map(|e| cose::check_canonical(&e.to_bytes(), 8).unwrap());
        Value::Array(entries.collect())
    };
    let mut key_of_use_4 = issuers(&[entry()]);
    key_of_use_4.as_array_mut().unwrap()[0].as_map_mut().unwrap()[3].1.as_array_mut().unwrap()[0]
        .as_array_mut()
        .unwrap()[2] = 4.into();
    for (label, value) in [
        (1, Value::from("")),
        (4, NOW.into()),
        (6, "today".into()),
        (-65538, 1.into()),
        (-65540, (-1).into()),
        (-65540, Value::Null),
        (-65541, issuers(&[entry(), entry()])),
        (-65541, Value::Array(vec![Value::Null])),
        (-65541, key_of_use_4),
    ] {
        assert!(read(&world, &trust_edited(&world, |c| set(c, label, value.clone()))).is_err(), "{label}: {value:?}");
    }
    assert_eq!(read(&world, &vec![0; MAX_TRUST_LIST + 1]), Err(CoseError::TooLong { max: MAX_TRUST_LIST }.into()));
    let bytes = world.trust_bytes(world.keys(), NOW);
    let mut changed = bytes.clone();
    *changed.last_mut().unwrap() ^= 1;
    assert_eq!(read(&world, &changed), Err(CardError::WrongRoot));
    assert_eq!(read(&world, &[bytes, vec![0]].concat()), Err(CoseError::TrailingBytes.into()));
}

#[test]
fn a_federation_of_697_cooperatives_fits() {
    let world = World::new();
    let issuers: Vec<_> = (0..697)
        .map(|n| {
            let id = CooperativeId::new(&format!("koperasi-{n}")).unwrap();
            let shops =
                (10..20).map(|s| (VerifierId::new(&format!("k{n}-{s}")).unwrap(), format!("Mart {n} kasir {s}")));
            let uri = format!("https://kartu.example/koperasi-{n}/status");
            let keys = [world.keys(), vec![key(4, KeyUse::Card, &world.holder)]].concat();
            Issuer::new(id, &format!("Koperasi Simpan Pinjam {n}"), &uri, keys, shops.collect()).unwrap()
        })
        .collect();
    let federation = CooperativeId::new("f").unwrap();
    let bytes = TrustList::sign(&federation, 1, NOW, &issuers, 0, &world.roots[0]).unwrap();
    assert_eq!(read(&world, &bytes).unwrap().issuers().count(), 697);
}

#[test]
fn a_status_list_is_read_as_it_was_signed() {
    let world = World::new();
    let all = [Status::Valid, Status::Invalid, Status::Suspended, Status::Limited, Status::Limited, Status::Valid];
    let bytes = StatusList::sign(URI, all, NOW, 2, &world.status_key).unwrap();
    let list = StatusList::read(&bytes, &world.trust()).unwrap();
    assert_eq!((list.issuer().as_str(), list.kid(), list.issued_at()), ("handayani", 2, NOW));
    for (index, status) in (0..).zip(all) {
        assert_eq!(list.status(index), Some(status));
    }
    assert_eq!(list.status(7), Some(Status::Valid), "the last byte is filled up");
    assert_eq!(list.status(8), None);
    assert_eq!(list.status(u32::MAX), None);
}

#[test]
fn entries_lie_lowest_bits_first() {
    let world = World::new();
    let typ = Typ::text("application/statuslist+cwt");
    let all = [Status::Invalid, Status::Suspended, Status::Valid, Status::Limited, Status::Suspended];
    let bytes = StatusList::sign(URI, all, NOW, 2, &world.status_key).unwrap();
    let signed = cose::parse1(&bytes, &typ, 400).unwrap();
    let claims = signed.claims().as_map().unwrap();
    let list = claims.iter().find(|(k, _)| cose::as_i64(k) == Some(65533)).unwrap().1.as_map().unwrap();
    let compressed = list.iter().find(|(k, _)| k.as_text() == Some("lst")).unwrap().1.as_bytes().unwrap();
    let packed = miniz_oxide::inflate::decompress_to_vec_zlib(compressed).unwrap();
    assert_eq!(packed, [0b11_00_10_01, 0b10]);
}

#[test]
fn a_status_list_by_the_wrong_key_or_for_another_address_is_refused() {
    let world = World::new();
    let trust = world.trust();
    let sign = |uri: &str, kid: u8, signer: &SoftwareSigner, now: i64| {
        StatusList::read(&StatusList::sign(uri, [Status::Valid], now, kid, signer).unwrap(), &trust).map(|_| ())
    };
    assert_eq!(sign(URI, 2, &world.status_key, NOW), Ok(()));
    assert_eq!(sign(URI, 2, &world.card_key, NOW), Err(CoseError::BadSignature.into()));
    assert_eq!(sign(URI, 1, &world.card_key, NOW), Err(CardError::UnknownKey));
    assert_eq!(sign(URI, 9, &world.status_key, NOW), Err(CardError::UnknownKey));
    assert_eq!(sign(URI, 2, &world.status_key, NOW + 201 * DAY), Err(CardError::UnknownKey));
    assert_eq!(sign("https://kartu.example/lain", 2, &world.status_key, NOW), Err(CardError::UnknownIssuer));
}

#[test]
fn two_cooperatives_at_one_address_are_told_apart_by_their_keys() {
    let world = World::new();
    let other = new_key();
    let twin =
        Issuer::new(CooperativeId::new("a").unwrap(), "A", URI, vec![key(2, KeyUse::Status, &other)], vec![]).unwrap();
    let issuers = [world.issuer(world.keys()), twin];
    let bytes = TrustList::sign(&CooperativeId::new("f").unwrap(), 1, NOW, &issuers, 0, &world.roots[0]).unwrap();
    let trust = read(&world, &bytes).unwrap();
    for (signer, id) in [(&world.status_key, "handayani"), (&other, "a")] {
        let bytes = StatusList::sign(URI, [Status::Valid], NOW, 2, signer).unwrap();
        assert_eq!(StatusList::read(&bytes, &trust).unwrap().issuer().as_str(), id);
    }
}

#[test]
fn a_status_list_never_goes_back() {
    let world = World::new();
    let trust = world.trust();
    let list = |now: i64| {
        StatusList::read(&StatusList::sign(URI, [Status::Valid], now, 2, &world.status_key).unwrap(), &trust).unwrap()
    };
    let mut held = StatusLists::default();
    assert_eq!(held.accept(list(NOW)), Ok(()));
    assert_eq!(held.accept(list(NOW)), Ok(()));
    assert_eq!(held.accept(list(NOW - 1)), Err(CardError::StatusWentBack));
    assert_eq!(held.accept(list(NOW + 1)), Ok(()));
    assert_eq!(held.get(&CooperativeId::new("handayani").unwrap()).unwrap().issued_at(), NOW + 1);
}

/// A status list whose content is this, under a right signature.
fn status_with(world: &World, list: Value) -> Result<StatusList, CardError> {
    let payload = cose::sorted_map(vec![
        (2.into(), URI.into()),
        (4.into(), (NOW + 7 * DAY).into()),
        (6.into(), NOW.into()),
        (65533.into(), list),
        (65534.into(), 43_200.into()),
    ]);
    let typ = Typ::text("application/statuslist+cwt");
    let headers = Headers { typ: &typ, kid: Some(&[2]), kcwt: None };
    let bytes = cose::sign1(&headers, &cose::encode(&payload), &world.status_key).unwrap();
    StatusList::read(&bytes, &world.trust())
}

#[test]
fn only_a_whole_zlib_stream_of_at_most_256_kib_is_inflated() {
    let world = World::new();
    let with = |bits: i64, compressed: Vec<u8>| {
        let list = cose::sorted_map(vec![("bits".into(), bits.into()), ("lst".into(), Value::Bytes(compressed))]);
        status_with(&world, list).map(|list| list.status(0))
    };
    let zlib = |bytes: &[u8]| miniz_oxide::deflate::compress_to_vec_zlib(bytes, 6);
    let refused = Err(CardError::BadCompression);
    assert_eq!(with(2, zlib(&[1])), Ok(Some(Status::Invalid)));
    assert_eq!(with(2, zlib(&[])), Ok(None));
    assert!(with(2, zlib(&vec![0; 256 * 1024])).is_ok());
    assert_eq!(with(2, zlib(&vec![0; 256 * 1024 + 1])), refused);
    assert_eq!(with(2, zlib(&vec![0; 100_000_000])), refused, "a bomb");
    assert_eq!(with(2, [zlib(&[1]), vec![0]].concat()), refused);
    assert_eq!(with(2, zlib(&[1, 2, 3])[..6].to_vec()), refused);
    assert_eq!(with(2, vec![]), refused);
    let mut broken = zlib(&[1, 2, 3, 4, 5]);
    *broken.last_mut().unwrap() ^= 1;
    assert_eq!(with(2, broken), refused, "a wrong checksum");
    assert_eq!(with(1, zlib(&[1])), Err(CardError::BadClaim(65533)));
    assert_eq!(status_with(&world, Value::Null), Err(CardError::BadClaim(65533)));
}

#[test]
fn the_largest_status_list_can_be_signed_and_read() {
    let world = World::new();
    // A fixed, hardly compressible sequence.
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        [Status::Valid, Status::Invalid, Status::Suspended, Status::Limited][(state >> 30) as usize]
    };
    let all: Vec<Status> = (0..1_048_576).map(|_| next()).collect();
    let bytes = StatusList::sign(URI, all.iter().copied(), NOW, 2, &world.status_key).unwrap();
    assert!((200_000..=MAX_STATUS_LIST).contains(&bytes.len()), "{}", bytes.len());
    let list = StatusList::read(&bytes, &world.trust()).unwrap();
    assert_eq!(list.status(1_048_575), all.last().copied());
    let one_more = all.iter().copied().chain([Status::Valid]);
    assert!(StatusList::sign(URI, one_more, NOW, 2, &world.status_key).is_err());
}

proptest! {
    #[test]
    fn every_status_comes_back(all in prop::collection::vec(0_usize..4, 0..200)) {
        let world = World::new();
        let kinds = [Status::Valid, Status::Invalid, Status::Suspended, Status::Limited];
        let all: Vec<Status> = all.into_iter().map(|kind| kinds[kind]).collect();
        let bytes = StatusList::sign(URI, all.iter().copied(), NOW, 2, &world.status_key).unwrap();
        let list = StatusList::read(&bytes, &world.trust()).unwrap();
        for (index, status) in (0..).zip(&all) {
            prop_assert_eq!(list.status(index), Some(*status));
        }
        prop_assert_eq!(list.status(u32::try_from(all.len().div_ceil(4) * 4).unwrap()), None);
    }

    #[test]
    fn no_bytes_make_the_list_readers_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), at in 0_usize..400) {
        let world = World::new();
        let trust = world.trust();
        let _ = StatusList::read(&bytes, &trust);
        let _ = Issuer::from_bytes(&bytes);
        prop_assert!(read(&world, &bytes).is_err());
        let mut good = world.trust_bytes(world.keys(), NOW);
        let at = at % good.len();
        good.truncate(at);
        good.extend(&bytes);
        prop_assert!(read(&world, &good).is_err());
    }
}
