//! QRIS: the text of a merchant's payment code (EMVCo Merchant-Presented Mode, with Bank Indonesia's national standard),
//! read so that a member sees whom and how much before paying. It never pays and never asks a network.
//!
//! The order of the parts does not matter and account numbers are not checked by Luhn: codes in the shops keep neither.

use std::collections::BTreeMap;

use crc::{CRC_16_IBM_3740, Crc};

use super::{Invalid, Money};

/// The longest code that is read: the standard's limit.
const MAX_CHARS: usize = 512;
/// CRC-16/CCITT-FALSE, by its name in the catalogue of CRCs.
const CHECKSUM: Crc<u16> = Crc::<u16>::new(&CRC_16_IBM_3740);
/// The digits and signs of an amount.
const MAX_AMOUNT_CHARS: usize = 13;

const VERSION: u8 = 0;
const INITIATION: u8 = 1;
const CATEGORY: u8 = 52;
const CURRENCY: u8 = 53;
const AMOUNT: u8 = 54;
const TIP: u8 = 55;
const TIP_FIXED: u8 = 56;
const TIP_PERCENT: u8 = 57;
const COUNTRY: u8 = 58;
const MERCHANT: u8 = 59;
const CITY: u8 = 60;
const CRC: u8 = 63;

/// Why a text is no QRIS code that may be paid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QrisFault {
    /// Another kind of code.
    #[error("this is no merchant-presented payment code")]
    NotQris,
    /// More characters than the standard allows.
    #[error("a QRIS code has at most 512 characters")]
    TooLong,
    /// A part is announced longer than what is left, or has no announcement.
    #[error("the parts of the QRIS code do not add up")]
    CutOff,
    /// The checksum is wrong.
    #[error("the checksum of the QRIS code is wrong")]
    Checksum,
    /// Something stands behind the checksum, which does not cover it.
    #[error("the checksum ends a QRIS code")]
    AfterChecksum,
    /// A part occurs twice.
    #[error("part {0:02} of the QRIS code occurs twice")]
    Twice(u8),
    /// A part that must be there is not.
    #[error("part {0:02} of the QRIS code is missing")]
    Missing(u8),
    /// A part breaks its rule.
    #[error("part {0:02} of the QRIS code is not understood")]
    Value(u8),
    /// Not rupiah, or not Indonesia.
    #[error("a QRIS code is for rupiah in Indonesia")]
    Currency,
}

/// What is added to the amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QrisTip {
    /// The payer is asked.
    Asked,
    /// A fixed sum.
    Fixed(Money),
    /// Hundredths of a percent of the amount: 1,000 is 10%.
    Percent(u16),
}

/// A merchant's payment code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qris {
    /// The merchant's name, as the code says.
    pub merchant: String,
    /// Its city.
    pub city: String,
    /// Its category (ISO 18245), four digits.
    pub category: String,
    /// How much; `None` where the payer says it.
    pub amount: Option<Money>,
    /// What is added.
    pub tip: Option<QrisTip>,
    /// Made for one payment (12), rather than printed for all (11).
    pub is_dynamic: bool,
}

impl Qris {
    /// Reads a code. Its checksum, its structure and every part that is shown are checked.
    pub fn new(text: &str) -> Result<Self, QrisFault> {
        let text = text.trim();
        if text.chars().take(MAX_CHARS + 1).count() > MAX_CHARS {
            return Err(QrisFault::TooLong);
        }
        let parts = Parts::of(text)?;
        if parts.required(CURRENCY)? != "360" || parts.required(COUNTRY)? != "ID" {
            return Err(QrisFault::Currency);
        }
        // 02 to 25 are card schemes, 26 to 51 everybody else: one of them takes the money.
        if !parts.0.keys().any(|tag| (2..=51).contains(tag)) {
            return Err(QrisFault::Missing(51));
        }
        // From 26 on an account is parts within a part; one that is not would be read differently by each app.
        if let Some((tag, _)) = parts.0.range(26..=51).find(|(_, account)| !is_parts(account)) {
            return Err(QrisFault::Value(*tag));
        }
        let category = parts.required(CATEGORY)?;
        if category.len() != 4 || !is_digits(category) {
            return Err(QrisFault::Value(CATEGORY));
        }
        Ok(Self {
            merchant: parts.name(MERCHANT, 25)?,
            city: parts.name(CITY, 15)?,
            category: category.to_owned(),
            amount: parts.get(AMOUNT).map(|text| amount(text).map_err(|_| QrisFault::Value(AMOUNT))).transpose()?,
            tip: parts.tip()?,
            is_dynamic: match parts.get(INITIATION) {
                None | Some("11") => false,
                Some("12") => true,
                Some(_) => return Err(QrisFault::Value(INITIATION)),
            },
        })
    }
}

/// The parts of a code by their tags.
struct Parts<'a>(BTreeMap<u8, &'a str>);

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Result<Self, QrisFault> {
        let mut parts = BTreeMap::new();
        let mut rest = text;
        while !rest.is_empty() {
            let start = text.len() - rest.len();
            let (tag, value, after) =
                part(rest).ok_or(if start == 0 { QrisFault::NotQris } else { QrisFault::CutOff })?;
            if tag == CRC {
                // The checksum covers everything before it and its own tag and length.
                checksum(&text[..start + 4], value)?;
                if !after.is_empty() {
                    return Err(QrisFault::AfterChecksum);
                }
            }
            if parts.insert(tag, value).is_some() {
                return Err(QrisFault::Twice(tag));
            }
            rest = after;
        }
        let parts = Self(parts);
        if parts.0.is_empty() || parts.get(VERSION) != Some("01") {
            return Err(QrisFault::NotQris);
        }
        parts.required(CRC)?;
        Ok(parts)
    }

    fn get(&self, tag: u8) -> Option<&'a str> {
        self.0.get(&tag).copied()
    }

    fn required(&self, tag: u8) -> Result<&'a str, QrisFault> {
        self.get(tag).ok_or(QrisFault::Missing(tag))
    }

    /// A name to show: 1 to `max` characters, none of them a control character.
    fn name(&self, tag: u8, max: usize) -> Result<String, QrisFault> {
        let name = self.required(tag)?.trim();
        let good = !name.is_empty() && name.chars().count() <= max && !name.chars().any(char::is_control);
        if good { Ok(name.to_owned()) } else { Err(QrisFault::Value(tag)) }
    }

    fn tip(&self) -> Result<Option<QrisTip>, QrisFault> {
        match self.get(TIP) {
            None => Ok(None),
            Some("01") => Ok(Some(QrisTip::Asked)),
            Some("02") => {
                let tip = amount(self.required(TIP_FIXED)?).map_err(|_| QrisFault::Value(TIP_FIXED))?;
                Ok(Some(QrisTip::Fixed(tip)))
            }
            Some("03") => {
                // A percentage has the grammar of an amount, from 0.01 to 99.99.
                let percent: Money =
                    self.required(TIP_PERCENT)?.parse().map_err(|_: Invalid| QrisFault::Value(TIP_PERCENT))?;
                let percent = u16::try_from(percent.sen()).ok().filter(|percent| (1..10_000).contains(percent));
                Ok(Some(QrisTip::Percent(percent.ok_or(QrisFault::Value(TIP_PERCENT))?)))
            }
            Some(_) => Err(QrisFault::Value(TIP)),
        }
    }
}

/// The first part of a text: two digits of tag, two of length, and as many characters. What follows comes third.
fn part(text: &str) -> Option<(u8, &str, &str)> {
    let tag = text.get(..2).filter(|tag| is_digits(tag))?.parse().ok()?;
    let length: usize = text.get(2..4).filter(|length| is_digits(length))?.parse().ok()?;
    let rest = text.get(4..)?;
    let end = rest.char_indices().map(|(at, _)| at).chain([rest.len()]).nth(length).filter(|_| length > 0)?;
    Some((tag, &rest[..end], &rest[end..]))
}

/// Whether a text is parts from its beginning to its end.
fn is_parts(mut text: &str) -> bool {
    while let Some((_, _, after)) = part(text) {
        text = after;
    }
    text.is_empty()
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn checksum(covered: &str, given: &str) -> Result<(), QrisFault> {
    let right = format!("{:04X}", CHECKSUM.checksum(covered.as_bytes()));
    if given.eq_ignore_ascii_case(&right) { Ok(()) } else { Err(QrisFault::Checksum) }
}

/// Digits with at most two decimals after a point; above nothing.
fn amount(text: &str) -> Result<Money, Invalid> {
    const RULE: Invalid = Invalid("an amount of a QRIS code is above 0, in at most 13 characters");
    // The standard allows a point with nothing behind it.
    let amount: Money = text.strip_suffix('.').unwrap_or(text).parse()?;
    if text.len() > MAX_AMOUNT_CHARS || amount <= Money::ZERO { Err(RULE) } else { Ok(amount) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn with_checksum(parts: &str) -> String {
        let covered = format!("{parts}6304");
        format!("{covered}{:04X}", CHECKSUM.checksum(covered.as_bytes()))
    }

    fn tlv(parts: &[(u8, &str)]) -> String {
        parts.iter().map(|(tag, value)| format!("{tag:02}{:02}{value}", value.chars().count())).collect()
    }

    const GOOD: &[(u8, &str)] = &[
        (0, "01"),
        (1, "11"),
        (26, "0017ID.CO.EXAMPLE.WWW0215ID10200000000010303UMI"),
        (52, "5411"),
        (53, "360"),
        (58, "ID"),
        (59, "TOKO SEJAHTERA"),
        (60, "SEMARANG"),
    ];

    fn but(tag: u8, value: &'static str) -> String {
        let others = GOOD.iter().copied().filter(|(found, _)| *found != tag);
        with_checksum(&tlv(&others.chain([(tag, value)]).collect::<Vec<_>>()))
    }

    fn without(tag: u8) -> String {
        with_checksum(&tlv(&GOOD.iter().copied().filter(|(found, _)| *found != tag).collect::<Vec<_>>()))
    }

    /// The catalogue's check value of CRC-16/CCITT-FALSE.
    #[test]
    fn the_checksum_is_the_standards() {
        assert_eq!(CHECKSUM.checksum(b"123456789"), 0x29B1);
    }

    #[test]
    fn a_code_says_whom_and_how_much() {
        let read = Qris::new(&with_checksum(&tlv(GOOD))).unwrap();
        assert_eq!((read.merchant.as_str(), read.city.as_str(), read.amount), ("TOKO SEJAHTERA", "SEMARANG", None));
        assert!(!read.is_dynamic);
        assert_eq!(Qris::new(&but(54, "25000")).unwrap().amount, Money::from_rupiah(25_000).ok());
        assert_eq!(Qris::new(&but(54, "25000.5")).unwrap().amount, Money::from_sen(2_500_050).ok());
        assert!(Qris::new(&but(1, "12")).unwrap().is_dynamic);
    }

    #[test]
    fn neither_order_nor_a_small_checksum_matters() {
        let turned: Vec<_> = GOOD.iter().rev().copied().collect();
        let text = with_checksum(&tlv(&turned));
        assert!(Qris::new(&text).is_ok());
        let (parts, checksum) = text.split_at(text.len() - 4);
        assert!(Qris::new(&format!("{parts}{}", checksum.to_lowercase())).is_ok());
    }

    #[test]
    fn a_tip_is_asked_fixed_or_a_percentage() {
        let tip = |more: &[(u8, &str)]| Qris::new(&with_checksum(&(tlv(GOOD) + &tlv(more)))).map(|read| read.tip);
        assert_eq!(tip(&[(55, "01")]), Ok(Some(QrisTip::Asked)));
        assert_eq!(tip(&[(55, "02"), (56, "500")]), Ok(Some(QrisTip::Fixed(Money::from_rupiah(500).unwrap()))));
        assert_eq!(tip(&[(55, "03"), (57, "10")]), Ok(Some(QrisTip::Percent(1_000))));
        assert_eq!(tip(&[(55, "02")]), Err(QrisFault::Missing(56)));
        assert_eq!(tip(&[(55, "03"), (57, "100")]), Err(QrisFault::Value(57)));
        assert_eq!(tip(&[(55, "04")]), Err(QrisFault::Value(55)));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let good = with_checksum(&tlv(GOOD));
        for (text, fault) in [
            (String::new(), QrisFault::NotQris),
            ("KTA1:ABC".into(), QrisFault::NotQris),
            ("https://example.id".into(), QrisFault::NotQris),
            (without(0), QrisFault::NotQris),
            (but(0, "02"), QrisFault::NotQris),
            ("0".repeat(513), QrisFault::TooLong),
            (good[..good.len() - 2].into(), QrisFault::CutOff),
            (good[..good.len() - 8].into(), QrisFault::Missing(63)),
            (good.replace("TOKO S", "TOKO X"), QrisFault::Checksum),
            (format!("{good}540510000"), QrisFault::AfterChecksum),
            (with_checksum(&(tlv(GOOD) + &tlv(&[(54, "1"), (54, "2")]))), QrisFault::Twice(54)),
            (without(26), QrisFault::Missing(51)),
            (without(52), QrisFault::Missing(52)),
            (without(59), QrisFault::Missing(59)),
            (but(53, "840"), QrisFault::Currency),
            (but(58, "MY"), QrisFault::Currency),
            (but(52, "54A1"), QrisFault::Value(52)),
            (but(54, "0"), QrisFault::Value(54)),
            (but(54, "-5"), QrisFault::Value(54)),
            (but(54, "1.234"), QrisFault::Value(54)),
            (but(54, "12345678901.00"), QrisFault::Value(54)),
            (but(26, "0018ID.CO.EXAMPLE.WWW"), QrisFault::Value(26)),
            (but(26, "0017ID.CO.EXAMPLE.WWW0"), QrisFault::Value(26)),
            (but(59, "A NAME OF TWENTY-SIX LETTER"), QrisFault::Value(59)),
            (but(60, " "), QrisFault::Value(60)),
            (but(1, "13"), QrisFault::Value(1)),
        ] {
            assert_eq!(Qris::new(&text), Err(fault), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_code_or_a_named_fault(text in "\\PC{0,600}") {
            let _verdict = Qris::new(&text);
        }

        #[test]
        fn any_parts_with_a_right_checksum_are_read_or_refused(parts in proptest::collection::vec((0..=99_u8, "[ -~é]{1,40}"), 0..12)) {
            let parts: Vec<_> = parts.iter().map(|(tag, value)| (*tag, value.as_str())).collect();
            let _verdict = Qris::new(&with_checksum(&tlv(&parts)));
        }

        #[test]
        fn one_changed_character_is_never_accepted(at in 0..120_usize, to in "[ -~]") {
            let good = with_checksum(&tlv(GOOD));
            let at = at % good.len();
            prop_assume!(!good[at..=at].eq_ignore_ascii_case(&to));
            let changed = format!("{}{to}{}", &good[..at], &good[at + 1..]);
            prop_assert!(Qris::new(&changed).is_err(), "{}", changed);
        }

        #[test]
        fn an_amount_reads_back(rupiah in 1..=9_999_999_999_i64) {
            let text = with_checksum(&(tlv(GOOD) + &tlv(&[(54, &rupiah.to_string())])));
            prop_assert_eq!(Qris::new(&text).unwrap().amount, Money::from_rupiah(rupiah).ok());
        }
    }
}
