//! Words without a client: amounts, numbers, advice, and the judgement of what is typed or scanned. All of them the core's.

use anggota::client::stranger;
use anggota::domain::{Money, Nik, Qris};
use anggota::protocol::problem::Code;
use anggota::words::screen::Screen;
use anggota::words::{self, Language, Level};

use crate::error::AnggotaError;

type Result<T> = std::result::Result<T, AnggotaError>;

/// What was typed or scanned, judged.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Judgement {
    /// It can be used.
    pub ok: bool,
    /// What it says, for the member to see that it is the right one; or what is wrong with it and what to do.
    pub sentence: String,
}

/// The whole screen for the ear, in the order of the eye.
#[uniffi::export]
pub fn spoken(screen: Screen) -> Result<String> {
    Ok(screen.spoken())
}

/// An amount as it is written: `Rp1.500.000`.
#[uniffi::export]
pub fn rupiah(amount: Money) -> Result<String> {
    Ok(amount.to_rupiah_text())
}

/// An amount's number in words, in lower case, without "rupiah": "satu juta lima ratus ribu", below nothing "minus ...",
/// sen as "koma" and both digits ("dua koma lima nol").
#[uniffi::export]
pub fn terbilang(language: Language, amount: Money) -> Result<String> {
    Ok(words::terbilang(language, amount))
}

/// An amount as it is said, with its sign: "minus dua rupiah".
#[uniffi::export]
pub fn amount_in_words(language: Language, amount: Money) -> Result<String> {
    Ok(words::amount_in_words(language, amount))
}

/// Why something failed, in a sentence that says what to do, from an error's code and rule: the rule's where one was named
/// that a member can run into, otherwise the code's.
#[uniffi::export]
pub fn advice(language: Language, code: String, rule: Option<String>) -> Result<String> {
    let code = Code::from_name(&code).ok_or_else(|| AnggotaError::invalid("a code is one of docs/errors.md"))?;
    Ok(words::refusal(language, code, rule.as_deref()))
}

/// Why a request stands as it does ([`RequestView::reason`]), in the reader's language where it is this device's own or a rule of
/// the server; what an officer wrote stays as it is.
///
/// [`RequestView::reason`]: anggota::client::RequestView
#[uniffi::export]
pub fn reason(language: Language, told: String) -> Result<String> {
    Ok(words::reason(language, &told))
}

/// A NIK as it is typed: what is wrong with it, or whose it is. It is not kept.
#[uniffi::export]
pub fn check_nik(language: Language, digits: String) -> Result<Judgement> {
    let reader = stranger(language, Level::Plain);
    Ok(match Nik::new(&digits) {
        Ok(nik) => {
            let born_on = nik.born_on(reader.now.day_in(reader.zone));
            Judgement { ok: true, sentence: words::nik_said(&reader, &nik, born_on) }
        }
        Err(fault) => Judgement { ok: false, sentence: words::nik_fault(language, fault) },
    })
}

/// A QRIS code as it is scanned: what is wrong with it, or whom it pays and how much.
#[uniffi::export]
pub fn check_qris(language: Language, code: String) -> Result<Judgement> {
    Ok(match Qris::new(&code) {
        Ok(code) => Judgement { ok: true, sentence: words::qris_said(&stranger(language, Level::Plain), &code) },
        Err(fault) => Judgement { ok: false, sentence: words::qris_fault(language, fault) },
    })
}

#[cfg(test)]
mod tests {
    use anggota::protocol::rule::ServerRule;

    use super::*;

    #[test]
    fn what_is_typed_is_judged_in_words() {
        let right = check_nik(Language::Indonesian, "3174071708450001".into()).unwrap();
        assert!(right.ok && right.sentence.contains("17 Agustus 1945"), "{}", right.sentence);
        let wrong = check_nik(Language::English, "317407170845000".into()).unwrap();
        assert_eq!((wrong.ok, wrong.sentence.as_str()), (false, "A NIK has 16 digits; 1 digit is still missing."));
        let code = check_qris(Language::English, "KTA1:TEXT".into()).unwrap();
        assert!(!code.ok && code.sentence.starts_with("This is not a QRIS"), "{}", code.sentence);
    }

    #[test]
    fn a_reason_of_the_server_is_told_in_the_shells_language_and_an_officers_as_written() {
        let rule = ServerRule::NotActive.sentence();
        let said = |told: &str| reason(Language::English, told.into()).unwrap();
        assert_eq!(said(rule), "Only an active member can ask for a loan; ask at the cooperative's office.");
        assert_eq!(said("Bawa fotokopi KTP."), "Bawa fotokopi KTP.");
        assert_eq!(reason(Language::Indonesian, rule.into()).unwrap(), rule);
    }

    #[test]
    fn an_error_is_told_in_the_shells_language() {
        let said = |rule: Option<&str>| advice(Language::English, "invalid-input".into(), rule.map(str::to_owned));
        let rule = said(Some("the amount is above the product's largest loan")).unwrap();
        assert_eq!(rule, "This is above the product's largest loan; ask for a smaller amount.");
        assert_ne!(said(None).unwrap(), rule);
        assert!(matches!(advice(Language::English, "no-such".into(), None), Err(AnggotaError::InvalidInput { .. })));
    }
}
