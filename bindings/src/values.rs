//! Single values: what they are in Rust, and as what they cross. Each is checked on its way in by the type's own rule; one
//! that breaks it is refused as `InvalidInput` before the call begins.
//!
//! Their Kotlin and Swift types stand in uniffi.toml.

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use anggota::domain::{
    AccountNo, CivilDate, Collateral, CooperativeId, DeviceId, MemberNo, Money, Name, OperationId, OtherKind,
    ProductCode, Purpose, Rate, ReplyText, Timestamp,
};
use rust_decimal::Decimal;

use crate::error::AnggotaError;

/// Values that cross as the text that `Display` writes and `FromStr` reads.
macro_rules! as_text {
    ($($name:ident),+ $(,)?) => {$(
        uniffi::custom_type!($name, String, {
            remote,
            lower: |value| value.to_string(),
            try_lift: |text| Ok(text.parse::<$name>().map_err(AnggotaError::from)?),
        });
    )+};
}

as_text!(
    AccountNo,
    CivilDate,
    Collateral,
    CooperativeId,
    DeviceId,
    MemberNo,
    Money,
    Name,
    OperationId,
    ProductCode,
    Purpose,
    Rate,
    ReplyText,
);

uniffi::custom_type!(PathBuf, String, {
    remote,
    lower: |path| path.to_string_lossy().into_owned(),
    try_lift: |text| Ok(text.into()),
});

// The platforms' instants; a part of a second is dropped.
uniffi::custom_type!(Timestamp, SystemTime, {
    remote,
    lower: |at| SystemTime::UNIX_EPOCH + Duration::from_secs(at.seconds().unsigned_abs()),
    try_lift: |at| {
        // An instant before 1970 is as far out of range as the latest.
        let seconds = at.duration_since(SystemTime::UNIX_EPOCH).map_or(u64::MAX, |since| since.as_secs());
        Ok(Timestamp::from_seconds(i64::try_from(seconds).unwrap_or(i64::MAX)).map_err(AnggotaError::from)?)
    },
});

// The number of a kind that this version does not know.
uniffi::custom_type!(OtherKind, u8, {
    remote,
    lower: |kind| kind.number(),
    try_lift: |number| {
        Ok(OtherKind::new(number).ok_or_else(|| AnggotaError::invalid("a kind that is not known has a number from 128 on"))?)
    },
});

/// A rate as a fraction: 0.02 is 2%. It only comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fraction(Decimal);

impl Fraction {
    /// Twelve monthly rates.
    pub(crate) fn yearly(monthly: Rate) -> Self {
        Self(Decimal::new(monthly.times_twelve(), 8))
    }
}

impl From<Decimal> for Fraction {
    fn from(value: Decimal) -> Self {
        Self(value)
    }
}

impl From<Rate> for Fraction {
    fn from(rate: Rate) -> Self {
        Self(rate.to_decimal())
    }
}

uniffi::custom_type!(Fraction, String, {
    lower: |value| value.0.normalize().to_string(),
    try_lift: |text| {
        let value = text.parse().map_err(|_| AnggotaError::invalid("a fraction is written as 0.02"))?;
        Ok(Fraction(value))
    },
});

#[cfg(test)]
mod tests {
    use super::*;
    use uniffi::FfiConverter;

    /// Sends a text across as a shell would and reads it as `T`.
    fn lifted<T: FfiConverter<crate::UniFfiTag, FfiType = uniffi::RustBuffer>>(text: &str) -> Result<T, AnggotaError> {
        let buffer = <String as uniffi::Lower<crate::UniFfiTag>>::lower(text.to_owned());
        T::try_lift(buffer).map_err(|fault| fault.downcast().unwrap())
    }

    fn is_refused<T: FfiConverter<crate::UniFfiTag, FfiType = uniffi::RustBuffer>>(text: &str) {
        assert!(matches!(lifted::<T>(text), Err(AnggotaError::InvalidInput { rule: Some(_), .. })), "{text}");
    }

    #[test]
    fn every_value_that_breaks_its_rule_is_an_invalid_input() {
        is_refused::<AccountNo>("a/b");
        is_refused::<CivilDate>("2023-02-29");
        is_refused::<CooperativeId>("Handayani");
        is_refused::<DeviceId>("1");
        is_refused::<MemberNo>("");
        is_refused::<Money>("1.234");
        is_refused::<Money>("1000000000000000");
        is_refused::<Name>(" Siti");
        is_refused::<OperationId>("x");
        is_refused::<ProductCode>("");
        is_refused::<Purpose>("");
        is_refused::<Rate>("10.00000001");
        is_refused::<Rate>("-0.01");
        let late = SystemTime::UNIX_EPOCH + Duration::from_secs(Timestamp::MAX.seconds().unsigned_abs() + 1);
        for at in [late, SystemTime::UNIX_EPOCH - Duration::from_secs(1)] {
            let buffer = <SystemTime as uniffi::Lower<crate::UniFfiTag>>::lower(at);
            let fault = <Timestamp as uniffi::Lift<crate::UniFfiTag>>::try_lift(buffer).unwrap_err();
            assert!(matches!(fault.downcast().unwrap(), AnggotaError::InvalidInput { rule: Some(_), .. }));
        }
    }

    #[test]
    fn edges_cross_both_ways_unchanged() {
        for text in ["999999999999999.99", "-999999999999999.99", "0.00"] {
            let money = lifted::<Money>(text).unwrap();
            let back = <Money as uniffi::Lower<crate::UniFfiTag>>::lower(money);
            assert_eq!(<String as uniffi::Lift<crate::UniFfiTag>>::try_lift(back).unwrap(), text);
        }
        let instant = <Timestamp as uniffi::Lower<crate::UniFfiTag>>::lower(Timestamp::MAX);
        assert_eq!(<Timestamp as uniffi::Lift<crate::UniFfiTag>>::try_lift(instant).unwrap(), Timestamp::MAX);
    }
}
