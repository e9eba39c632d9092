//! The rules of the texts and numbers on a card.

use proptest::prelude::*;

use super::*;

#[test]
fn texts_hold_their_rules() {
    for bad in ["", "has space", "seventeen.letters", "é"] {
        assert!(Subject::new(bad).is_err(), "{bad}");
    }
    for good in ["mart-01", "mart-handayani-0001", "-01", "abcdefghijklmnop-99"] {
        assert_eq!(VerifierId::new(good).is_ok(), good != "-01", "{good}");
    }
    for bad in ["", "mart", "mart-1", "mart-00001", "Mart-01", "mart-0a", "abcdefghijklmnopq-01"] {
        assert!(VerifierId::new(bad).is_err(), "{bad}");
    }
    assert!(Sectors::new(&[0, 23]).is_ok() && Sectors::new(&[24]).is_err() && Sectors::new(&[0; 4]).is_err());
    assert!(Purchase::new(0, None).is_err() && Purchase::new(-1, None).is_err() && Purchase::new(1, None).is_ok());
    assert!(Purchase::new(1, Some("")).is_err() && Purchase::new(1, Some(&"x".repeat(25))).is_err());
    assert_eq!(MemberClass::CANDIDATE.to_string(), "calon anggota");
    assert_eq!(MemberClass(7).to_string(), "kelas 7");
}

#[test]
fn a_name_is_composed_and_cut_at_a_character() {
    for (name, cut) in [
        ("Siti", "Siti"),
        ("  Siti Rahayu ", "Siti Rahayu"),
        ("Ne\u{301}nden", "Nénden"),
        ("Raden Ajeng Kartini Djojoadhiningrat", "Raden Ajeng Kartini Djoj"),
        ("abcdefghijklmnopqrstuvw é", "abcdefghijklmnopqrstuvw"),
        ("abcdefghijklmnopqrstuvwé", "abcdefghijklmnopqrstuvw"),
        ("abcdefghijklmnopqrstuvé", "abcdefghijklmnopqrstuvé"),
    ] {
        assert_eq!(CardName::cut(name).unwrap().as_str(), cut);
    }
    assert_eq!(CardName::cut_to("Siti Rahayu", 6).unwrap().as_str(), "Siti R");
    assert!(CardName::cut_to("Siti", 0).is_err());
    for bad in ["", "   ", "a\nb", "a\u{202e}b"] {
        assert!(CardName::cut(bad).is_err(), "{bad:?}");
    }
}

proptest! {
    #[test]
    fn any_name_can_be_put_on_a_card(name in "\\PC{1,40}") {
        if let Ok(cut) = CardName::cut(&name) {
            prop_assert!(cut.as_str().len() <= MAX_NAME);
            prop_assert_eq!(CardName::new(cut.as_str()), Ok(cut));
        }
    }
}
