//! Interest rates as exact fractions.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;

use super::Invalid;

/// A rate as a fraction with at most 8 decimals: 0.02 is 2%. Never negative, at most 10 (1,000%).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(i64);

const UNIT: i64 = 100_000_000;

impl Rate {
    /// No interest.
    pub const ZERO: Self = Self(0);

    /// From hundred-millionths: 2_000_000 is 0.02.
    pub const fn from_e8(value: i64) -> Result<Self, Invalid> {
        if value < 0 || value > 10 * UNIT {
            return Err(Invalid("a rate is a fraction from 0 to 10, as 0.02 for 2%"));
        }
        Ok(Self(value))
    }

    /// In hundred-millionths.
    pub const fn e8(self) -> i64 {
        self.0
    }

    /// As a decimal, for arithmetic.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.0, 8)
    }

    /// Twelve monthly rates as a fraction: the nominal yearly rate.
    pub fn yearly(self) -> Decimal {
        Decimal::new(self.times_twelve(), 8)
    }

    /// Twelve monthly rates, for the yearly cap.
    pub const fn times_twelve(self) -> i64 {
        self.0 * 12
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_decimal().normalize())
    }
}

impl FromStr for Rate {
    type Err = Invalid;

    /// Reads `[0-9]+(\.[0-9]{1,8})?`.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        const RULE: Invalid = Invalid("a rate is a fraction with at most 8 decimals, as 0.02 for 2%");
        let digits = |part: &str| !part.is_empty() && part.len() <= 9 && part.bytes().all(|b| b.is_ascii_digit());
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        if !digits(whole) || !digits(part) || part.len() > 8 {
            return Err(RULE);
        }
        let whole: i64 = whole.parse().map_err(|_| RULE)?;
        let padded = format!("{part:0<8}");
        let part: i64 = padded.parse().map_err(|_| RULE)?;
        Self::from_e8(whole * UNIT + part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_an_exact_fraction() {
        assert_eq!("0.02".parse::<Rate>().map(Rate::e8), Ok(2_000_000));
        assert_eq!("0.00000001".parse::<Rate>().map(Rate::e8), Ok(1));
        assert_eq!("10".parse::<Rate>().map(Rate::e8), Ok(10 * UNIT));
        for text in ["", "-0.02", "0.", ".5", "0.000000001", "2%", "10.1", "1e-2"] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
        assert_eq!("0.0200".parse::<Rate>().map(|r| r.to_string()), Ok("0.02".into()));
    }
}
