//! What is wrong with a number that a member typed or a code that was scanned: one sentence that says what to do, never
//! the value itself.

use fluent_bundle::FluentValue;

use super::language::Language;
use super::messages::message;
use crate::domain::{NikFault, QrisFault};

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
