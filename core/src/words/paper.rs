//! What is wrong with a number that a member typed or a code that was scanned: one sentence that says what to do, never
//! the value itself.

use fluent_bundle::FluentValue;

use super::language::Language;
use super::messages::message;
use super::reader::{Reader, Wording};
use crate::domain::{CivilDate, Nik, NikFault, Qris, QrisFault, QrisTip};

/// What is wrong with a NIK.
pub fn nik_fault(language: Language, fault: NikFault) -> String {
    let say = |id| message(language, id, None, []);
    let count = |id, name, count: usize| message(language, id, None, [(name, FluentValue::from(count))]);
    match fault {
        NikFault::Empty => say("nik-empty"),
        NikFault::NotADigit { place } => count("nik-character", "place", place),
        NikFault::Short { missing } => count("nik-short", "count", missing),
        NikFault::Long { surplus } => count("nik-long", "count", surplus),
        NikFault::Region => say("nik-region"),
        NikFault::Month => say("nik-month"),
        NikFault::Day => say("nik-day"),
        NikFault::Serial => say("nik-serial"),
    }
}

/// What is wrong with a QRIS code.
pub fn qris_fault(language: Language, fault: QrisFault) -> String {
    let say = |id| message(language, id, None, []);
    let part = |id, tag: u8| message(language, id, None, [("tag", FluentValue::from(format!("{tag:02}")))]);
    match fault {
        QrisFault::NotQris => say("qris-not-qris"),
        QrisFault::TooLong => say("qris-too-long"),
        QrisFault::CutOff => say("qris-cut-off"),
        QrisFault::Checksum => say("qris-checksum"),
        QrisFault::AfterChecksum => say("qris-after-checksum"),
        QrisFault::Twice(tag) => part("qris-twice", tag),
        QrisFault::Missing(tag) => part("qris-missing", tag),
        QrisFault::Value(tag) => part("qris-value", tag),
        QrisFault::Currency => say("qris-currency"),
    }
}

/// What a NIK says of its holder, without its digits: for the member to see that the right one was typed.
pub fn nik_said(reader: &Reader, nik: &Nik, born_on: CivilDate) -> String {
    let id = if nik.is_woman() { "nik-woman" } else { "nik-man" };
    reader.shown(id, [("date", reader.date(born_on).into()), ("region", nik.region().as_str().into())])
}

/// Whom a payment code pays, and how much, before anybody pays.
pub fn qris_said(reader: &Reader, code: &Qris) -> String {
    let whom = || [("merchant", Wording::same(&code.merchant).into()), ("city", Wording::same(&code.city).into())];
    let mut said = vec![reader.shown("qris-merchant", whom())];
    said.push(match code.amount {
        Some(amount) => reader.shown("qris-amount", [("amount", reader.amount(amount).into())]),
        None => reader.shown("qris-any-amount", []),
    });
    said.extend(code.tip.map(|tip| match tip {
        QrisTip::Asked => reader.shown("qris-tip-asked", []),
        QrisTip::Fixed(tip) => reader.shown("qris-tip", [("amount", reader.amount(tip).into())]),
        QrisTip::Percent(hundredths) => {
            let percent = format!("{},{:02}", hundredths / 100, hundredths % 100);
            let percent = percent.trim_end_matches('0').trim_end_matches(',');
            reader.shown("qris-tip-percent", [("percent", percent.into())])
        }
    }));
    said.join(" ")
}
