//! Amounts in words. In figures an amount is written the same in every language, as on the cooperative's papers:
//! [`Money::to_rupiah_text`].

use fluent_bundle::FluentValue;

use super::language::Language;
use super::messages::message;
use super::number::{hundredths, number};
use crate::domain::Money;

/// An amount's number in words, in lower case, without "rupiah": "satu juta lima ratus ribu", below nothing "minus ...",
/// sen as "koma" and both digits ("dua koma lima nol").
pub fn terbilang(language: Language, amount: Money) -> String {
    hundredths(language, amount.is_negative(), amount.sen().unsigned_abs())
}

/// An amount as it is said: "satu juta lima ratus ribu rupiah", "dua rupiah lima puluh sen". The sign is not said: the
/// sentence around it says what came and what went.
pub(super) fn unsigned_in_words(language: Language, amount: Money) -> String {
    let sen = amount.sen().unsigned_abs();
    let rupiah = number(language, sen / 100);
    match sen % 100 {
        0 => message(language, "money-rupiah", None, [("number", FluentValue::from(rupiah))]),
        sen => message(
            language,
            "money-rupiah-sen",
            None,
            [("number", FluentValue::from(rupiah)), ("sen", FluentValue::from(number(language, sen)))],
        ),
    }
}

/// An amount as it is said, with its sign: "minus dua rupiah".
pub fn amount_in_words(language: Language, amount: Money) -> String {
    let size = unsigned_in_words(language, amount);
    if amount.is_negative() {
        message(language, "money-minus", None, [("amount", FluentValue::from(size))])
    } else {
        size
    }
}
