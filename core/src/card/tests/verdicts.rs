//! What the verifier says, and when.

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

fn green() -> Outcome {
    Outcome::Green
}

#[test]
fn a_fresh_card_is_green_and_says_whose_it_is() {
    let world = World::new();
    let verdict = world.look(&world.text(), NOW + 3);
    assert_eq!(verdict.outcome, green());
    assert_eq!(verdict.outcome.reason(), None);
    assert!(!verdict.answers_challenge);
    let bearer = verdict.bearer.unwrap();
    assert_eq!(bearer.cooperative, "KSP Handayani");
    assert_eq!(bearer.name.unwrap().as_str(), "Siti Rahayu");
    assert_eq!(bearer.class.to_string(), "anggota");
    assert_eq!(bearer.issuer.as_str(), "handayani");
    assert_eq!(bearer.sectors.codes(), [3, 17]);
}

#[test]
fn a_card_without_a_name_is_green_without_a_name() {
    let world = World::new();
    let claims = CardClaims { name: None, ..world.claims() };
    let text = issue(&claims, NOW, 1, &world.card_key).unwrap().show(NOW, NONCE, &world.holder).unwrap();
    let verdict = world.look(&text, NOW);
    assert_eq!(verdict.outcome, green());
    assert_eq!(verdict.bearer.unwrap().name, None);
}

#[test]
fn no_single_changed_character_is_ever_accepted_or_names_anybody() {
    const ALPHABET: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:a";
    let world = World::new();
    let trust = world.trust();
    let statuses = world.statuses(&trust, Status::Valid, NOW);
    let text = world.text().into_bytes();
    for position in 0..text.len() {
        for &other in ALPHABET.iter().filter(|&&c| c != text[position]) {
            let mut changed = text.clone();
            changed[position] = other;
            let verdict = look(&trust, &statuses, std::str::from_utf8(&changed).unwrap(), NOW);
            assert!(matches!(verdict.outcome, Outcome::Red(_)), "position {position}, {}", char::from(other));
            assert_eq!(verdict.bearer, None, "position {position}, {}", char::from(other));
        }
    }
}

#[test]
fn no_cut_or_longer_text_is_accepted() {
    let world = World::new();
    let text = world.text();
    for end in 0..text.len() {
        assert_eq!(world.look(&text[..end], NOW).outcome, Outcome::Red(Reason::Malformed), "{end}");
    }
    for tail in ["0", "00", "000", " ", "\n"] {
        assert_eq!(world.look(&format!("{text}{tail}"), NOW).outcome, Outcome::Red(Reason::Malformed));
    }
}

#[test]
fn a_shown_card_is_good_from_60_seconds_before_to_120_after_it_was_signed() {
    let world = World::new();
    let text = world.text();
    for (later, outcome) in [
        (-61, Outcome::Red(Reason::BadTime)),
        (-60, green()),
        (0, green()),
        (120, green()),
        (121, Outcome::Red(Reason::BadTime)),
        (i64::MAX - NOW, Outcome::Red(Reason::Expired)),
        (i64::MIN, Outcome::Red(Reason::BadTime)),
    ] {
        assert_eq!(world.look(&text, NOW.wrapping_add(later)).outcome, outcome, "{later}");
    }
}

/// One till that asked for 25,000 rupiah.
fn challenge() -> Challenge {
    let shop = VerifierId::new("mart-01").unwrap();
    Challenge::purchase(shop, [7; 16], Purchase::new(25_000, Some("Nota 12")).unwrap(), NOW)
}

fn answer_at(world: &World, text: &str, asked: &Challenge, status: Status, now: i64) -> Verdict {
    let trust = world.trust();
    let statuses = world.statuses(&trust, status, NOW);
    Verifier { trust: &trust, statuses: &statuses }.verify(text, Expected::Answer(asked), now, &mut NoMemory).unwrap()
}

#[test]
fn a_purchase_is_green_only_for_what_was_asked() {
    let (world, asked) = (World::new(), challenge());
    let text = world.card().answer(&asked, NOW + 20, &world.holder).unwrap();
    let verdict = answer_at(&world, &text, &asked, Status::Valid, NOW + 30);
    assert_eq!((verdict.outcome, verdict.answers_challenge), (green(), true));

    let shop = VerifierId::new("mart-01").unwrap();
    let amount = |rupiah, reference| Purchase::new(rupiah, reference).unwrap();
    let cases = [
        (Challenge::purchase(shop.clone(), [8; 16], amount(25_000, Some("Nota 12")), NOW), Reason::WrongNonce),
        (Challenge::purchase(shop.clone(), [7; 16], amount(25_001, Some("Nota 12")), NOW), Reason::WrongAmount),
        (Challenge::purchase(shop.clone(), [7; 16], amount(25_000, None), NOW), Reason::WrongAmount),
        (
            Challenge::purchase(VerifierId::new("mart-02").unwrap(), [7; 16], amount(25_000, None), NOW),
            Reason::WrongAudience,
        ),
        (Challenge::step_up(shop, [7; 16], None, NOW), Reason::WrongAudience),
    ];
    for (other, reason) in cases {
        let verdict = answer_at(&world, &text, &other, Status::Valid, NOW + 30);
        assert_eq!((verdict.outcome, verdict.answers_challenge), (Outcome::Red(reason), false));
    }
}

#[test]
fn an_answer_counts_for_180_seconds_and_bears_a_clock_10_minutes_off() {
    let (world, asked) = (World::new(), challenge());
    let at = |signed_at: i64, now: i64| {
        let text = world.card().answer(&asked, signed_at, &world.holder).unwrap();
        answer_at(&world, &text, &asked, Status::Valid, now).outcome
    };
    let amber = Outcome::Amber(Reason::ClockOff);
    let late = Outcome::Red(Reason::BadTime);
    assert_eq!([at(NOW, NOW + 180), at(NOW, NOW + 181), at(NOW, NOW - 1)], [green(), late, late]);
    assert_eq!([at(NOW - 60, NOW + 9), at(NOW - 61, NOW + 9)], [green(), amber]);
    assert_eq!([at(NOW - 600, NOW + 9), at(NOW - 601, NOW + 9)], [amber, late]);
    assert_eq!([at(NOW + 69, NOW + 9), at(NOW + 70, NOW + 9)], [green(), amber]);
    assert_eq!([at(NOW + 609, NOW + 9), at(NOW + 610, NOW + 9)], [amber, late]);
}

#[test]
fn each_use_takes_the_right_one_of_the_two_keys() {
    let world = World::new();
    let approval = new_key();
    let claims = CardClaims { approval: true, holder: *approval.public_key(), ..world.claims() };
    let approving = issue(&claims, NOW, 1, &world.card_key).unwrap();
    let asked = Challenge::step_up(VerifierId::new("bank-0001").unwrap(), [7; 16], None, NOW);

    let text = approving.answer(&asked, NOW, &approval).unwrap();
    assert_eq!(answer_at(&world, &text, &asked, Status::Valid, NOW).outcome, green());
    let text = world.card().answer(&asked, NOW, &world.holder).unwrap();
    assert_eq!(answer_at(&world, &text, &asked, Status::Valid, NOW).outcome, Outcome::Red(Reason::WrongKey));
    let text = approving.show(NOW, NONCE, &approval).unwrap();
    assert_eq!(world.look(&text, NOW).outcome, Outcome::Red(Reason::WrongKey));
}

#[test]
fn the_status_decides_and_names_the_bearer_still() {
    let world = World::new();
    let (trust, asked) = (world.trust(), challenge());
    for (status, shown, bought) in [
        (Status::Valid, green(), green()),
        (Status::Invalid, Outcome::Red(Reason::Revoked), Outcome::Red(Reason::Revoked)),
        (Status::Suspended, Outcome::Red(Reason::Suspended), Outcome::Red(Reason::Suspended)),
        (Status::Limited, Outcome::Amber(Reason::Limited), Outcome::Red(Reason::Limited)),
    ] {
        let statuses = world.statuses(&trust, status, NOW);
        let verdict = look(&trust, &statuses, &world.text(), NOW);
        assert_eq!(verdict.outcome, shown);
        assert_eq!(verdict.bearer.unwrap().cooperative, "KSP Handayani");
        let text = world.card().answer(&asked, NOW, &world.holder).unwrap();
        let verdict = answer_at(&world, &text, &asked, status, NOW);
        assert_eq!((verdict.outcome, verdict.answers_challenge), (bought, true));
    }
}

#[test]
fn an_old_or_absent_status_list_is_amber_when_shown_and_red_when_somebody_pays() {
    let world = World::new();
    let (trust, asked, text) = (world.trust(), challenge(), world.text());
    let stale = Outcome::Amber(Reason::StatusStale);
    for (age, outcome) in [(0, green()), (DAY, green()), (DAY + 1, stale), (7 * DAY, stale), (30 * DAY, stale)] {
        let statuses = world.statuses(&trust, Status::Valid, NOW - age);
        assert_eq!(look(&trust, &statuses, &text, NOW).outcome, outcome, "{age}");
    }
    let future = world.statuses(&trust, Status::Valid, NOW + 601);
    assert_eq!(look(&trust, &future, &text, NOW).outcome, stale);
    let absent = StatusLists::default();
    assert_eq!(look(&trust, &absent, &text, NOW).outcome, stale);
    let text = world.card().answer(&asked, NOW, &world.holder).unwrap();
    let verifier = Verifier { trust: &trust, statuses: &absent };
    let verdict = verifier.verify(&text, Expected::Answer(&asked), NOW, &mut NoMemory).unwrap();
    assert_eq!(verdict.outcome, Outcome::Red(Reason::StatusStale));
}

#[test]
fn a_withdrawn_card_stays_red_under_an_old_list() {
    let world = World::new();
    let trust = world.trust();
    let statuses = world.statuses(&trust, Status::Invalid, NOW - 30 * DAY);
    assert_eq!(look(&trust, &statuses, &world.text(), NOW).outcome, Outcome::Red(Reason::Revoked));
}

#[test]
fn a_card_beyond_the_end_of_the_list_is_red() {
    let world = World::new();
    for (index, outcome) in [(7, green()), (8, Outcome::Red(Reason::StatusStale))] {
        let claims = CardClaims { status_index: index, ..world.claims() };
        let text = issue(&claims, NOW, 1, &world.card_key).unwrap().show(NOW, NONCE, &world.holder).unwrap();
        assert_eq!(world.look(&text, NOW).outcome, outcome);
    }
}

#[test]
fn an_expired_trust_list_is_amber_when_shown_and_red_when_somebody_pays() {
    let world = World::new();
    let asked = challenge();
    let text = world.card().answer(&asked, NOW, &world.holder).unwrap();
    for (signed, shown, bought) in [
        (NOW - TRUST_LIFE + 1, green(), green()),
        (NOW - TRUST_LIFE, Outcome::Amber(Reason::TrustStale), Outcome::Red(Reason::TrustStale)),
    ] {
        let trust = world.trust_with(world.keys(), signed);
        let statuses = world.statuses(&trust, Status::Valid, NOW);
        assert_eq!(look(&trust, &statuses, &world.text(), NOW).outcome, shown);
        let verifier = Verifier { trust: &trust, statuses: &statuses };
        let verdict = verifier.verify(&text, Expected::Answer(&asked), NOW, &mut NoMemory).unwrap();
        assert_eq!(verdict.outcome, bought);
    }
}

/// The verdict when the cooperative's keys are these.
fn under_keys(world: &World, keys: Vec<IssuerKey>) -> Verdict {
    let trust = world.trust_with(keys, NOW - DAY);
    let statuses = world.statuses(&world.trust(), Status::Valid, NOW);
    look(&trust, &statuses, &world.text(), NOW)
}

#[test]
fn a_retired_key_still_carries_the_cards_of_its_time_and_no_later_ones() {
    let world = World::new();
    let issued_at = world.card().issued_at();
    for (not_before, not_after, outcome) in [
        (issued_at, issued_at, green()),
        (issued_at - 100, issued_at - 1, Outcome::Red(Reason::UnknownKey)),
        (issued_at + 1, issued_at + 100, Outcome::Red(Reason::UnknownKey)),
    ] {
        let mut keys = world.keys();
        (keys[0].not_before, keys[0].not_after) = (not_before, not_after);
        assert_eq!(under_keys(&world, keys).outcome, outcome);
    }
}

#[test]
fn everything_under_a_revoked_key_is_red_whatever_its_time() {
    let world = World::new();
    for index in [0, 1] {
        let mut keys = world.keys();
        keys[index].revoked_at = Some(NOW + 100 * DAY);
        assert_eq!(under_keys(&world, keys).outcome, Outcome::Red(Reason::KeyRevoked), "key {index}");
    }
    let mut keys = world.keys();
    keys[2].revoked_at = Some(NOW);
    assert_eq!(under_keys(&world, keys).outcome, green());
}

#[test]
fn a_status_list_whose_key_left_the_trust_list_counts_as_absent() {
    let world = World::new();
    let mut keys = world.keys();
    keys.remove(1);
    assert_eq!(under_keys(&world, keys).outcome, Outcome::Amber(Reason::StatusStale));
}

#[test]
fn a_card_under_a_key_of_another_use_is_refused() {
    let world = World::new();
    for (kid, signer) in [(2, &world.status_key), (3, &world.checkpoint_key), (4, &world.card_key)] {
        let text = issue(&world.claims(), NOW, kid, signer).unwrap().show(NOW, NONCE, &world.holder).unwrap();
        let verdict = world.look(&text, NOW);
        assert_eq!((verdict.outcome, verdict.bearer), (Outcome::Red(Reason::UnknownKey), None));
    }
}

#[test]
fn a_signature_by_anybody_else_is_refused() {
    let world = World::new();
    let forged = issue(&world.claims(), NOW, 1, &new_key()).unwrap().show(NOW, NONCE, &world.holder).unwrap();
    let thief = new_key();
    let card = world.card();
    let headers = Headers { typ: &Typ::Number(294), kid: None, kcwt: Some(card.bytes()) };
    let payload = cose::parse1_carrying(&as_bytes(&world.text()), &Typ::Number(294), 400).unwrap().payload().to_vec();
    let stolen = as_text(&cose::sign1(&headers, &payload, &thief).unwrap());
    for text in [forged, stolen] {
        let verdict = world.look(&text, NOW);
        assert_eq!((verdict.outcome, verdict.bearer), (Outcome::Red(Reason::BadSignature), None));
    }
}

#[test]
fn a_card_ends_at_its_90th_day_and_begins_when_it_was_issued() {
    let world = World::new();
    let card = world.card().bytes().to_vec();
    let end = world.card().expires_at();
    let at = |signed_at: i64, now: i64| {
        let text = world.shown_edited(&card, |claims| set(claims, 6, signed_at));
        let trust = world.trust_with(world.keys(), now);
        look(&trust, &world.statuses(&trust, Status::Valid, now), &text, now).outcome
    };
    assert_eq!(end, NOW + 80 * DAY);
    assert_eq!(at(end - 1, end - 1), green());
    assert_eq!(at(end - 1, end), Outcome::Red(Reason::Expired));
    assert_eq!(at(end, end - 1), Outcome::Red(Reason::Expired));
    assert_eq!(at(NOW - 10 * DAY - 1, NOW - 10 * DAY), Outcome::Red(Reason::BadTime));
}

#[test]
fn every_reason_has_its_name_and_its_sentence() {
    let codes: Vec<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
    let named = "malformed unknown_issuer unknown_key key_revoked bad_signature expired wrong_audience wrong_key \
                 wrong_nonce wrong_amount bad_time replayed revoked suspended limited status_stale trust_stale clock_off";
    assert_eq!(codes.join(" "), named);
    let mut sentences: HashSet<&str> = Reason::ALL.iter().map(|&reason| Outcome::Red(reason).sentence()).collect();
    for reason in [Reason::Limited, Reason::StatusStale, Reason::TrustStale, Reason::ClockOff] {
        sentences.insert(Outcome::Amber(reason).sentence());
    }
    sentences.insert(Outcome::Green.sentence());
    assert_eq!(sentences.len(), Reason::ALL.len() + 5);
    assert!(sentences.iter().all(|s| s.ends_with('.')));
    assert_eq!(Outcome::Red(Reason::Replayed).result(), "red");
    assert_eq!(Outcome::Amber(Reason::Limited).result(), "amber");
    assert!(Outcome::Amber(Reason::Limited).is_accepted() && !Outcome::Red(Reason::Limited).is_accepted());
}

#[test]
fn a_card_of_an_unknown_cooperative_is_refused() {
    let world = World::new();
    let claims = CardClaims { issuer: CooperativeId::new("sejahtera").unwrap(), ..world.claims() };
    let text = issue(&claims, NOW, 1, &world.card_key).unwrap().show(NOW, NONCE, &world.holder).unwrap();
    let verdict = world.look(&text, NOW);
    assert_eq!((verdict.outcome, verdict.bearer), (Outcome::Red(Reason::UnknownIssuer), None));
}

proptest! {
    #[test]
    fn no_text_makes_the_verifier_panic(text in "(KTA1:)?[0-9A-Z $%*+./:-]{0,700}", now in any::<i64>()) {
        let world = WORLD.with(|world| world.trust());
        let verdict = look(&world, &StatusLists::default(), &text, now);
        prop_assert_eq!(verdict, Verdict::red(Reason::Malformed, None));
    }

    #[test]
    fn no_bytes_in_the_right_wrapping_make_the_verifier_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..300),
        position in 0_usize..400,
    ) {
        let (trust, mut good) = WORLD.with(|world| (world.trust(), as_bytes(&world.text())));
        let at = position % good.len();
        let end = (at + bytes.len()).min(good.len());
        let changed = good[at..end] != bytes[..end - at];
        good[at..end].copy_from_slice(&bytes[..end - at]);
        prop_assume!(changed);
        let verdict = look(&trust, &StatusLists::default(), &as_text(&good), NOW);
        prop_assert!(!verdict.outcome.is_accepted());
    }

    #[test]
    fn a_card_is_accepted_exactly_in_its_two_minutes(later in -200_i64..200) {
        let outcome = WORLD.with(|world| world.look(&world.text(), NOW + later).outcome);
        prop_assert_eq!(outcome.is_accepted(), (-60..=120).contains(&later));
    }
}

thread_local! {
    static WORLD: World = World::new();
}
