//! Numbers and amounts in words.

use proptest::prelude::*;

use crate::domain::{Money, NikFault, QrisFault};
use crate::words::{Language, amount_in_words, nik_fault, number, qris_fault, terbilang};

fn id(n: u64) -> String {
    number(Language::Indonesian, n)
}

/// The samples of @develoka/angka-terbilang-js, and what the packages disagree on, as KBBI has it.
#[test]
fn indonesian_numbers_are_said_as_in_indonesia() {
    for (n, words) in [
        (0, "nol"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (99, "sembilan puluh sembilan"),
        (100, "seratus"),
        (101, "seratus satu"),
        (108, "seratus delapan"),
        (111, "seratus sebelas"),
        (200, "dua ratus"),
        (1_000, "seribu"),
        (1_001, "seribu satu"),
        (1_075, "seribu tujuh puluh lima"),
        (1_100, "seribu seratus"),
        (2_000, "dua ribu"),
        (11_001, "sebelas ribu satu"),
        (16_915, "enam belas ribu sembilan ratus lima belas"),
        (21_000, "dua puluh satu ribu"),
        (100_000, "seratus ribu"),
        (101_000, "seratus satu ribu"),
        (110_011, "seratus sepuluh ribu sebelas"),
        (190_118, "seratus sembilan puluh ribu seratus delapan belas"),
        (1_000_000, "satu juta"),
        (1_001_000, "satu juta seribu"),
        (1_500_000, "satu juta lima ratus ribu"),
        (1_000_000_000, "satu miliar"),
        (1_000_000_000_001, "satu triliun satu"),
        (
            999_999_999_999_999,
            "sembilan ratus sembilan puluh sembilan triliun sembilan ratus sembilan puluh sembilan miliar \
             sembilan ratus sembilan puluh sembilan juta sembilan ratus sembilan puluh sembilan ribu \
             sembilan ratus sembilan puluh sembilan",
        ),
        (1_000_000_000_000_000, "satu nol nol nol nol nol nol nol nol nol nol nol nol nol nol nol"),
    ] {
        assert_eq!(id(n), words, "{n}");
    }
}

/// Krama: the likuran, seket and sewidak, and joined forms before a scale (en.wikipedia.org/wiki/Javanese_numerals).
#[test]
fn javanese_numbers_are_polite() {
    for (n, words) in [
        (1, "setunggal"),
        (14, "sekawan welas"),
        (21, "selikur"),
        (25, "selangkung"),
        (33, "tigang dasa tiga"),
        (50, "seket"),
        (67, "sewidak pitu"),
        (100, "satus"),
        (1_000, "sewu"),
        (3_000, "tigang ewu"),
        (13_000, "tiga welas ewu"),
        (67_303, "sewidak pitung ewu tigang atus tiga"),
        (1_001_000, "sayuta sewu"),
        (5_000_000, "gangsal yuta"),
    ] {
        assert_eq!(number(Language::Javanese, n), words, "{n}");
    }
}

#[test]
fn english_numbers_have_their_and() {
    for (n, words) in [
        (0, "zero"),
        (21, "twenty-one"),
        (99, "ninety-nine"),
        (101, "one hundred and one"),
        (1_001, "one thousand and one"),
        (1_100, "one thousand one hundred"),
        (1_000_099, "one million and ninety-nine"),
        (234_567, "two hundred and thirty-four thousand five hundred and sixty-seven"),
        (2_000_000_000, "two billion"),
    ] {
        assert_eq!(number(Language::English, n), words, "{n}");
    }
}

#[test]
fn an_amount_is_said_with_its_sen_and_its_sign() {
    let money = |text: &str| text.parse::<Money>().unwrap();
    for (amount, bare, said) in [
        ("0", "nol", "nol rupiah"),
        ("0.05", "nol koma nol lima", "nol rupiah lima sen"),
        ("-1500000", "minus satu juta lima ratus ribu", "minus satu juta lima ratus ribu rupiah"),
        ("2.5", "dua koma lima nol", "dua rupiah lima puluh sen"),
        ("1000.10", "seribu koma satu nol", "seribu rupiah sepuluh sen"),
    ] {
        assert_eq!(terbilang(Language::Indonesian, money(amount)), bare);
        assert_eq!(amount_in_words(Language::Indonesian, money(amount)), said);
    }
    assert_eq!(amount_in_words(Language::English, money("1.01")), "one rupiah one sen");
    assert_eq!(terbilang(Language::English, money("-2.50")), "minus two point five zero");
    assert_eq!(amount_in_words(Language::Javanese, money("3000")), "tigang ewu rupiah");
}

#[test]
fn a_fault_of_a_nik_is_a_sentence_with_the_right_number() {
    let short = |missing| nik_fault(Language::English, NikFault::Short { missing });
    assert_eq!(short(1), "A NIK has 16 digits; 1 digit is still missing.");
    assert_eq!(short(3), "A NIK has 16 digits; 3 digits are still missing.");
    let long = nik_fault(Language::Indonesian, NikFault::Long { surplus: 2 });
    assert_eq!(long, "NIK terdiri dari 16 angka; kelebihan 2 angka, periksa apakah ada yang tertulis dua kali.");
    let faults = [NikFault::Empty, NikFault::NotADigit { place: 3 }, NikFault::Region, NikFault::Month, NikFault::Day];
    for language in Language::ALL {
        for fault in faults.into_iter().chain([NikFault::Serial]) {
            assert!(nik_fault(language, fault).ends_with('.'), "{fault:?}");
        }
    }
}

#[test]
fn a_fault_of_a_qris_code_names_the_part() {
    assert!(qris_fault(Language::Indonesian, QrisFault::Missing(0)).contains("bagian 00"));
    let plain = [QrisFault::NotQris, QrisFault::TooLong, QrisFault::CutOff, QrisFault::Checksum, QrisFault::Currency];
    let parts = [QrisFault::Twice(54), QrisFault::Missing(59), QrisFault::Value(54), QrisFault::AfterChecksum];
    for language in Language::ALL {
        let mut said: Vec<_> = plain.iter().chain(&parts).map(|fault| qris_fault(language, *fault)).collect();
        assert!(said.iter().all(|sentence| sentence.ends_with('.')));
        said.sort();
        said.dedup();
        assert_eq!(said.len(), plain.len() + parts.len(), "each has its own sentence in {language}");
    }
}

proptest! {
    /// Two numbers never sound the same, and none is silent.
    #[test]
    fn different_numbers_have_different_words(a in 0..2_000_000_000_000_000_u64, b in 0..2_000_000_000_000_000_u64) {
        for language in Language::ALL {
            prop_assert!(!number(language, a).is_empty());
            prop_assert_eq!(number(language, a) == number(language, b), a == b);
        }
    }

    /// A number is its groups of three, said one after the other.
    #[test]
    fn a_number_is_said_group_by_group(thousands in 2..1_000_u64, rest in 1..1_000_u64) {
        prop_assert_eq!(id(thousands * 1_000 + rest), format!("{} ribu {}", id(thousands), id(rest)));
        prop_assert_eq!(id(thousands * 1_000_000 + rest), format!("{} juta {}", id(thousands), id(rest)));
        prop_assert_eq!(id(1_000 + rest), format!("seribu {}", id(rest)));
    }
}
