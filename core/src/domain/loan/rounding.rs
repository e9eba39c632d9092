//! Rounding as a product's parameter: to what, which way, and what is rounded. Never loses a sen: what rounding leaves
//! over is paid with the last instalment.

use rust_decimal::Decimal;

use super::TOO_LARGE;
use crate::domain::product::words;
use crate::domain::{Invalid, Money};

words!(
    /// Which way an amount between two multiples of the unit goes.
    RoundingMode, "a rounding mode is nearest, up or down", {
        /// To the nearer one, and up from the middle.
        Nearest = 0 "nearest",
        /// Always up.
        Up = 1 "up",
        /// Always down.
        Down = 2 "down",
    }
);
words!(
    /// What is rounded.
    RoundingPlace, "rounding applies to component or instalment", {
        /// Interest and principal, each by itself (anuitas: the instalment and the interest).
        Component = 0 "component",
        /// The instalment; interest to the nearest sen, and principal is what is left of it.
        Instalment = 1 "instalment",
    }
);

/// How a product rounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rounding {
    unit: Money,
    mode: RoundingMode,
    applies_to: RoundingPlace,
}

impl Default for Rounding {
    /// To the whole rupiah, nearest, each component.
    fn default() -> Self {
        Self { unit: Money::RUPIAH, mode: RoundingMode::Nearest, applies_to: RoundingPlace::Component }
    }
}

/// To the nearest sen: the finest that money has.
pub(crate) const TO_THE_SEN: Rounding =
    Rounding { unit: Money::SEN, mode: RoundingMode::Nearest, applies_to: RoundingPlace::Component };

impl Rounding {
    /// To multiples of `unit`, which is more than 0.
    pub fn new(unit: Money, mode: RoundingMode, applies_to: RoundingPlace) -> Result<Self, Invalid> {
        if unit <= Money::ZERO {
            return Err(Invalid("the rounding unit is more than 0"));
        }
        Ok(Self { unit, mode, applies_to })
    }

    /// Amounts are multiples of this.
    pub fn unit(self) -> Money {
        self.unit
    }
    /// Which way.
    pub fn mode(self) -> RoundingMode {
        self.mode
    }
    /// What is rounded.
    pub fn applies_to(self) -> RoundingPlace {
        self.applies_to
    }

    /// `sen` rounded. It is a ratio of whole numbers, so that the middle between two multiples is met exactly.
    pub(crate) fn round(self, sen: Ratio) -> Result<Money, Invalid> {
        let step = sen.over.checked_mul(i128::from(self.unit.sen())).ok_or(TOO_LARGE)?;
        let (whole, rest) = (sen.value / step, sen.value % step);
        let up = match self.mode {
            RoundingMode::Nearest => rest >= step - rest,
            RoundingMode::Up => rest > 0,
            RoundingMode::Down => false,
        };
        let rounded = (whole + i128::from(up)).checked_mul(i128::from(self.unit.sen())).ok_or(TOO_LARGE)?;
        Money::from_sen(i64::try_from(rounded).map_err(|_| TOO_LARGE)?).map_err(|_| TOO_LARGE)
    }
}

/// An amount in sen as a fraction, not negative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ratio {
    value: i128,
    over: i128,
}

impl Ratio {
    /// `value / over` sen. The callers' figures (an amount, a rate, days, months) multiply to less than 10^36.
    pub(crate) const fn new(value: i128, over: i128) -> Self {
        Self { value, over }
    }

    /// A decimal number of sen. Beyond a millionth of a millionth of a sen it is noise of the division and left out.
    pub(super) fn of_decimal(sen: Decimal) -> Self {
        let sen = sen.round_dp(12).normalize();
        Self { value: sen.mantissa(), over: 10_i128.pow(sen.scale()) }
    }

    /// With that many whole sen more.
    pub(super) fn plus(self, sen: Money) -> Self {
        Self { value: self.value + i128::from(sen.sen()) * self.over, over: self.over }
    }

    /// As a decimal, for what is shown unrounded.
    pub(super) fn to_decimal(self) -> Decimal {
        // Both parts fit: a rate has 10 digits, days 5, the constants fewer.
        Decimal::from_i128_with_scale(self.value, 0) / Decimal::from_i128_with_scale(self.over, 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mode_rounds_a_half_its_own_way() {
        let sen = |value| Money::from_sen(value).unwrap();
        for (value, over, mode, rounded) in [
            (250, 1, RoundingMode::Nearest, 300),
            (249, 1, RoundingMode::Nearest, 200),
            (2_499_999, 10_000, RoundingMode::Nearest, 200),
            (201, 1, RoundingMode::Up, 300),
            (200, 1, RoundingMode::Up, 200),
            (299, 1, RoundingMode::Down, 200),
            (0, 7, RoundingMode::Up, 0),
        ] {
            let rounding = Rounding::new(sen(100), mode, RoundingPlace::Component).unwrap();
            assert_eq!(rounding.round(Ratio::new(value, over)), Ok(sen(rounded)), "{value}/{over} {mode:?}");
        }
    }

    #[test]
    fn a_unit_of_nothing_is_refused() {
        for unit in [Money::ZERO, Money::from_sen(-1).unwrap()] {
            assert!(Rounding::new(unit, RoundingMode::Up, RoundingPlace::Instalment).is_err());
        }
    }
}
