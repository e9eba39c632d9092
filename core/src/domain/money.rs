//! Money in sen, exact.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use super::Invalid;

/// An amount, or a figure reckoned of amounts, beyond what [`Money`] holds.
pub(crate) const TOO_MUCH: Invalid = Invalid("an amount has at most 15 digits of rupiah");

/// An amount of rupiah with its sen (hundredths), exact, at most 15 digits of rupiah either way.
///
/// Written with exactly two decimals (`-1500000.50`): the form of the command line's JSON and of the books.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(i64);

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The least there is.
    pub const SEN: Self = Self(1);
    /// A hundred sen.
    pub const RUPIAH: Self = Self(100);
    /// The largest amount, Rp999.999.999.999.999,99; the smallest is its negative.
    pub const MAX: Self = Self(99_999_999_999_999_999);

    /// An amount of `sen`, refused beyond [`Money::MAX`] either way.
    pub const fn from_sen(sen: i64) -> Result<Self, Invalid> {
        if sen > Self::MAX.0 || sen < -Self::MAX.0 {
            return Err(TOO_MUCH);
        }
        Ok(Self(sen))
    }

    /// Whole rupiah.
    pub const fn from_rupiah(rupiah: i64) -> Result<Self, Invalid> {
        match rupiah.checked_mul(100) {
            Some(sen) => Self::from_sen(sen),
            None => Err(TOO_MUCH),
        }
    }

    /// The amount in sen.
    pub const fn sen(self) -> i64 {
        self.0
    }

    /// The sum, or `None` beyond [`Money::MAX`].
    pub fn checked_add(self, other: Self) -> Option<Self> {
        // Two amounts in range cannot overflow an i64.
        Self::from_sen(self.0 + other.0).ok()
    }

    /// The difference, or `None` beyond [`Money::MAX`].
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(-other)
    }

    /// The sum of all, or `None` beyond [`Money::MAX`] on the way.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Whether it is below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// As a decimal with a scale of 2, for arithmetic that divides.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// For people in Indonesia: `Rp1.500.000`, `-Rp1.500.000,50`. Whole rupiah drop the decimals.
    pub fn to_rupiah_text(self) -> String {
        let rupiah = (self.0.unsigned_abs() / 100).to_string();
        let mut text = String::from(if self.0 < 0 { "-Rp" } else { "Rp" });
        for (i, digit) in rupiah.chars().enumerate() {
            if i > 0 && (rupiah.len() - i).is_multiple_of(3) {
                text.push('.');
            }
            text.push(digit);
        }
        let sen = self.0.unsigned_abs() % 100;
        if sen != 0 {
            text.push_str(&format!(",{sen:02}"));
        }
        text
    }
}

impl std::ops::Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let sen = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", sen / 100, sen % 100)
    }
}

impl FromStr for Money {
    type Err = Invalid;

    /// Reads `-?[0-9]+(\.[0-9]{1,2})?`, the grammar of amounts everywhere; anything else is refused.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        const RULE: Invalid =
            Invalid("an amount is digits, with at most two decimals after a point, as 1500000 or -12.50");
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, sen) = match rest.split_once('.') {
            None => (rest, 0),
            Some((whole, part)) if digits(part) && part.len() <= 2 => {
                let value: i64 = part.parse().map_err(|_| RULE)?;
                (whole, if part.len() == 1 { value * 10 } else { value })
            }
            Some(_) => return Err(RULE),
        };
        if !digits(whole) {
            return Err(RULE);
        }
        let whole: i64 = whole.parse().map_err(|_| TOO_MUCH)?;
        let sen = whole.checked_mul(100).and_then(|w| w.checked_add(sen)).ok_or(TOO_MUCH)?;
        Self::from_sen(if negative { -sen } else { sen })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_the_books_grammar_is_an_amount() {
        for (text, sen) in
            [("0", 0), ("1500000", 150_000_000), ("-12.5", -1250), ("0.05", 5), ("007.10", 710), ("-0", 0)]
        {
            assert_eq!(text.parse::<Money>().map(Money::sen), Ok(sen), "{text}");
        }
        for text in ["", "-", ".5", "5.", "1.234", "1,5", "+5", " 5", "5 ", "1e3", "--1", "٣", "1.-5", "Rp5"] {
            assert!(text.parse::<Money>().is_err(), "{text}");
        }
    }

    #[test]
    fn fifteen_digits_and_sen_are_the_limit() {
        assert_eq!("999999999999999.99".parse(), Ok(Money::MAX));
        assert!("1000000000000000".parse::<Money>().is_err());
        assert!("99999999999999999999999".parse::<Money>().is_err());
        assert_eq!(Money::MAX.checked_add(Money(1)), None);
        assert_eq!((-Money::MAX).checked_add(Money(-1)), None);
    }

    #[test]
    fn rupiah_is_written_as_in_indonesia() {
        for (sen, text) in [
            (0, "Rp0"),
            (5, "Rp0,05"),
            (150_000_000, "Rp1.500.000"),
            (-150_000_050, "-Rp1.500.000,50"),
            (99_900, "Rp999"),
            (100_000, "Rp1.000"),
        ] {
            assert_eq!(Money(sen).to_rupiah_text(), text);
        }
    }

    proptest! {
        #[test]
        fn an_amount_reads_back_as_written(sen in -Money::MAX.0..=Money::MAX.0) {
            prop_assert_eq!(Money(sen).to_string().parse(), Ok(Money(sen)));
            prop_assert_eq!(Money(sen).to_decimal().to_string(), Money(sen).to_string());
        }
    }
}
