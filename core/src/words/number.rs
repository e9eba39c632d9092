//! Whole numbers in words, up to 999 trillion: the grammar of the three languages in code, their words in `numbers.ftl`.
//!
//! How words follow each other is arithmetic and the same for all three, so it is code; which words, and what joins
//! them, is a translator's. The words are read from the messages once, because a list of amounts asks for thousands.

use std::sync::LazyLock;

use super::language::Language;
use super::messages::word;

/// The largest number with a name: 999 triliun and all below it.
const LIMIT: u64 = 1_000_000_000_000_000;
/// Up to here every number has a word of its own (Javanese has one for each of the twenties).
const OWN: usize = 30;
/// Thousand, million, milliard (10^9, short scale: billion), billion (10^12, short scale: trillion).
const SCALES: [&str; 4] = ["thousand", "million", "billion", "trillion"];

struct Numerals {
    /// 0 to 29.
    own: Vec<String>,
    /// 1 to 9 before a scale: Javanese says `tigang ewu` for 3,000 and `tiga` for 3.
    joined: Vec<String>,
    /// 30, 40 to 90.
    tens: Vec<String>,
    /// 100, 200 to 900.
    hundreds: Vec<String>,
    /// One thousand, one million, ... as one word.
    one: Vec<String>,
    /// Thousands, millions, ... after a number.
    many: Vec<String>,
    tens_and_units: String,
    hundreds_and_rest: String,
    groups: String,
    groups_and_rest: String,
    minus: String,
    comma: String,
}

static NUMERALS: LazyLock<[Numerals; 3]> = LazyLock::new(|| Language::ALL.map(Numerals::of));

impl Numerals {
    fn of(language: Language) -> Self {
        let say = |id: String| word(language, &id);
        let list = |ids: &mut dyn Iterator<Item = String>| ids.map(say).collect::<Vec<_>>();
        Self {
            own: list(&mut (0..OWN).map(|n| format!("number-{n}"))),
            joined: list(&mut (1..10).map(|n| format!("number-joined-{n}"))),
            tens: list(&mut (3..10).map(|n| format!("number-{n}0"))),
            hundreds: list(&mut (1..10).map(|n| format!("number-{n}00"))),
            one: list(&mut SCALES.iter().map(|scale| format!("number-one-{scale}"))),
            many: list(&mut SCALES.iter().map(|scale| format!("number-many-{scale}"))),
            tens_and_units: say("number-join-tens".into()),
            hundreds_and_rest: say("number-join-hundreds".into()),
            groups: say("number-join-groups".into()),
            groups_and_rest: say("number-join-last".into()),
            minus: say("number-minus".into()),
            comma: say("number-comma".into()),
        }
    }

    fn below_hundred(&self, n: usize, joined: bool, out: &mut String) {
        match n {
            1..10 if joined => out.push_str(&self.joined[n - 1]),
            0..OWN => out.push_str(&self.own[n]),
            _ => {
                out.push_str(&self.tens[n / 10 - 3]);
                if !n.is_multiple_of(10) {
                    out.push_str(&self.tens_and_units);
                    self.below_hundred(n % 10, joined, out);
                }
            }
        }
    }

    /// 1 to 999.
    fn group(&self, n: usize, joined: bool, out: &mut String) {
        let (hundreds, rest) = (n / 100, n % 100);
        if hundreds > 0 {
            out.push_str(&self.hundreds[hundreds - 1]);
            if rest == 0 {
                return;
            }
            out.push_str(&self.hundreds_and_rest);
        }
        self.below_hundred(rest, joined, out);
    }

    /// Below [`LIMIT`].
    fn whole(&self, n: u64, out: &mut String) {
        if n == 0 {
            out.push_str(&self.own[0]);
            return;
        }
        let start = out.len();
        for scale in (0..=SCALES.len()).rev() {
            let group = (n / 1_000_u64.pow(scale as u32) % 1_000) as usize;
            if group == 0 {
                continue;
            }
            if out.len() > start {
                out.push_str(if scale == 0 && group < 100 { &self.groups_and_rest } else { &self.groups });
            }
            match scale.checked_sub(1) {
                None => self.group(group, false, out),
                Some(scale) if group == 1 => out.push_str(&self.one[scale]),
                Some(scale) => {
                    self.group(group, true, out);
                    out.push(' ');
                    out.push_str(&self.many[scale]);
                }
            }
        }
    }

    /// Each digit by itself, as after a comma or in an account number.
    fn digits(&self, digits: &str, out: &mut String) {
        for (at, digit) in digits.bytes().filter(u8::is_ascii_digit).enumerate() {
            if at > 0 {
                out.push(' ');
            }
            out.push_str(&self.own[usize::from(digit - b'0')]);
        }
    }
}

/// A whole number in words, in lower case: `1001000` is "satu juta seribu". From 10^15 on, which no amount reaches, its
/// digits are said one by one.
pub fn number(language: Language, n: u64) -> String {
    let numerals = &NUMERALS[language as usize];
    let mut out = String::new();
    if n < LIMIT {
        numerals.whole(n, &mut out);
    } else {
        numerals.digits(&n.to_string(), &mut out);
    }
    out
}

/// A number in hundredths: "minus ..." below nothing, hundredths as "koma" and both digits.
pub(super) fn hundredths(language: Language, negative: bool, n: u64) -> String {
    let numerals = &NUMERALS[language as usize];
    let mut out = String::new();
    if negative {
        out.push_str(&numerals.minus);
        out.push(' ');
    }
    out.push_str(&number(language, n / 100));
    if !n.is_multiple_of(100) {
        out.push_str(&format!(" {} ", numerals.comma));
        numerals.digits(&format!("{:02}", n % 100), &mut out);
    }
    out
}

/// Digits one by one and letters as they are, for an account number that is read aloud.
pub(super) fn spelled(language: Language, text: &str) -> String {
    let numerals = &NUMERALS[language as usize];
    let say = |c: char| match c.to_digit(10) {
        Some(digit) => Some(numerals.own[digit as usize].clone()),
        None => c.is_alphanumeric().then(|| c.to_string()),
    };
    text.chars().filter_map(say).collect::<Vec<_>>().join(" ")
}
