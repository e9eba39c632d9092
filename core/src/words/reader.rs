//! Who reads: in which language and detail, by which clock, at which moment.

use fluent_bundle::FluentValue;
use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};

use super::language::{Language, Level};
use super::messages::message;
use super::money::amount_in_words;
use super::number::{hundredths, number, spelled};
use crate::domain::{Money, TimeZone, Timestamp};

/// Something to show and what to say for it: whole words, no figures, no abbreviations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wording {
    /// For the eye.
    pub shown: String,
    /// For the ear.
    pub spoken: String,
}

impl Wording {
    /// The same for both: a name, a word.
    pub(super) fn same(text: &str) -> Self {
        Self { shown: text.to_owned(), spoken: text.to_owned() }
    }
}

/// What a message takes.
pub(super) enum Arg<'a> {
    /// Shown in what is shown, spoken in what is spoken.
    Words(Wording),
    /// The same in both.
    Text(&'a str),
    /// A count: its figures or its words, and the number by which a message chooses its form.
    Count(u32),
}

impl From<Wording> for Arg<'_> {
    fn from(words: Wording) -> Self {
        Self::Words(words)
    }
}

impl<'a> From<&'a str> for Arg<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl From<u32> for Arg<'_> {
    fn from(count: u32) -> Self {
        Self::Count(count)
    }
}

/// A member who reads or listens, at a moment of the cooperative's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reader {
    /// In which language.
    pub language: Language,
    /// With how much detail.
    pub level: Level,
    /// By the cooperative's clock.
    pub zone: TimeZone,
    /// At which moment, by the server's time as well as the phone knows it.
    pub now: Timestamp,
    /// The last try to reach the cooperative failed for want of a network.
    pub offline: bool,
}

impl Reader {
    /// Whether everything is said.
    pub(super) fn is_full(&self) -> bool {
        self.level == Level::Full
    }

    /// A message for eye and ear. What is spoken is the message's attribute `spoken` where it has one, otherwise the
    /// same sentence with its arguments spoken.
    pub(super) fn wording<const N: usize>(&self, id: &str, args: [(&'static str, Arg<'_>); N]) -> Wording {
        Wording { shown: self.fill(id, None, &args), spoken: self.fill(id, Some("spoken"), &args) }
    }

    /// What is shown of a message.
    pub(super) fn shown<const N: usize>(&self, id: &str, args: [(&'static str, Arg<'_>); N]) -> String {
        self.fill(id, None, &args)
    }

    /// What is spoken of a message.
    pub(super) fn spoken<const N: usize>(&self, id: &str, args: [(&'static str, Arg<'_>); N]) -> String {
        self.fill(id, Some("spoken"), &args)
    }

    fn fill(&self, id: &str, attribute: Option<&str>, args: &[(&'static str, Arg<'_>)]) -> String {
        let spoken = attribute.is_some();
        let values = args.iter().flat_map(|(name, arg)| {
            let text = match arg {
                Arg::Words(words) if spoken => FluentValue::from(words.spoken.as_str()),
                Arg::Words(words) => FluentValue::from(words.shown.as_str()),
                Arg::Text(text) => FluentValue::from(*text),
                Arg::Count(count) => FluentValue::from(*count),
            };
            let number = match arg {
                Arg::Count(count) if spoken => Some(number(self.language, u64::from(*count))),
                Arg::Count(count) => Some(self.figures(*count)),
                _ => None,
            };
            let number = number.map(|number| ("number", FluentValue::from(number)));
            [(*name, text)].into_iter().chain(number)
        });
        message(self.language, id, attribute, values)
    }

    /// A count as it is written: small ones in words, as in a letter; others in figures with points.
    fn figures(&self, count: u32) -> String {
        if count < 12 { number(self.language, u64::from(count)) } else { grouped(count.into()) }
    }

    /// A count as it is written and spoken, for a message that has another count too.
    pub(super) fn number(&self, count: u32) -> Wording {
        Wording { shown: self.figures(count), spoken: number(self.language, u64::from(count)) }
    }

    /// An amount: `Rp1.500.000`, spoken "satu juta lima ratus ribu rupiah".
    pub fn amount(&self, amount: Money) -> Wording {
        Wording { shown: amount.to_rupiah_text(), spoken: amount_in_words(self.language, amount) }
    }

    /// A fraction in hundredths, to two decimals: `41,7%`, spoken "empat puluh satu koma tujuh nol persen".
    pub fn percent(&self, fraction: Decimal) -> Wording {
        let percent =
            (fraction * Decimal::ONE_HUNDRED).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
        let hundredths_of_it = (percent.abs() * Decimal::ONE_HUNDRED).to_u64().unwrap_or(u64::MAX);
        let number = Wording {
            shown: percent.normalize().to_string().replace('.', ","),
            spoken: hundredths(self.language, percent.is_sign_negative(), hundredths_of_it),
        };
        self.wording("percent", [("number", number.into())])
    }

    /// A number that is a name, such as an account's: spoken digit by digit.
    pub(super) fn name_of(&self, number: &str) -> Wording {
        Wording { shown: number.to_owned(), spoken: spelled(self.language, number) }
    }
}

/// With points between thousands, as amounts have them.
pub(super) fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(".")
}
