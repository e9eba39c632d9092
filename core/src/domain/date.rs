//! Days and instants. A day is the cooperative's own; an instant is UTC.

use std::fmt;
use std::str::FromStr;

use super::Invalid;

/// A calendar day at the cooperative, counted from 1970-01-01; 1900-01-01 to 2199-12-31.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CivilDate(i32);

const FIRST_DAY: i32 = -25_567;
const LAST_DAY: i32 = 84_005;

impl CivilDate {
    /// The day that many days after 1970-01-01.
    pub const fn from_days(days: i32) -> Result<Self, Invalid> {
        if days < FIRST_DAY || days > LAST_DAY {
            return Err(Invalid("a date lies between 1900-01-01 and 2199-12-31"));
        }
        Ok(Self(days))
    }

    /// Days since 1970-01-01.
    pub const fn days(self) -> i32 {
        self.0
    }

    /// Year, month (1 to 12) and day of the month.
    pub fn year_month_day(self) -> (i16, u8, u8) {
        let date = self.civil();
        (date.year(), date.month().unsigned_abs(), date.day().unsigned_abs())
    }

    /// Days from this one to `other`; negative when that one is earlier.
    pub const fn days_until(self, other: Self) -> i32 {
        other.0 - self.0
    }

    /// That many days later, or earlier when negative; refused outside the range.
    pub const fn plus_days(self, days: i32) -> Result<Self, Invalid> {
        Self::from_days(self.0.saturating_add(days))
    }

    /// The `day` of the month that lies `months` after this date's, or that month's last day when it has no such day;
    /// refused outside the range.
    pub fn in_month(self, months: i32, day: u8) -> Result<Self, Invalid> {
        const RULE: Invalid = Invalid("a date lies between 1900-01-01 and 2199-12-31");
        let span = jiff::Span::new().try_months(months).map_err(|_| RULE)?;
        let first = self.civil().first_of_month().checked_add(span).map_err(|_| RULE)?;
        let last = u8::try_from(first.days_in_month()).map_err(|_| RULE)?;
        let days = epoch().until(first).map_err(|_| RULE)?.get_days();
        Self::from_days(days + i32::from(day.clamp(1, last)) - 1)
    }

    fn civil(self) -> jiff::civil::Date {
        // In range by construction, so the fallback is never taken.
        epoch().checked_add(jiff::Span::new().days(self.0)).unwrap_or(epoch())
    }
}

fn epoch() -> jiff::civil::Date {
    jiff::civil::date(1970, 1, 1)
}

impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.year_month_day();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for CivilDate {
    type Err = Invalid;

    /// Reads `YYYY-MM-DD`, nothing else.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        const RULE: Invalid = Invalid("a date is written YYYY-MM-DD and exists in the calendar");
        let bytes = text.as_bytes();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
            return Err(RULE);
        }
        let number = |range: std::ops::Range<usize>| -> Result<i16, Invalid> {
            let part = &bytes[range];
            if !part.iter().all(u8::is_ascii_digit) {
                return Err(RULE);
            }
            Ok(part.iter().fold(0, |n, b| n * 10 + i16::from(b - b'0')))
        };
        let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
        let (Ok(month), Ok(day)) = (i8::try_from(month), i8::try_from(day)) else {
            return Err(RULE);
        };
        let date = jiff::civil::Date::new(year, month, day).map_err(|_| RULE)?;
        let days = epoch().until(date).map_err(|_| RULE)?.get_days();
        Self::from_days(days)
    }
}

/// An instant in whole seconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The last instant.
    pub const MAX: Self = Self((LAST_DAY as i64 + 1) * 86_400 - 1);
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);

    /// From seconds; refused before 1970 and after 2199.
    pub const fn from_seconds(seconds: i64) -> Result<Self, Invalid> {
        if seconds < 0 || seconds >= (LAST_DAY as i64 + 1) * 86_400 {
            return Err(Invalid("an instant lies between 1970 and 2199"));
        }
        Ok(Self(seconds))
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub const fn seconds(self) -> i64 {
        self.0
    }

    /// That many seconds later (or earlier), kept within the range.
    #[must_use]
    pub const fn plus(self, seconds: i64) -> Self {
        match Self::from_seconds(self.0.saturating_add(seconds)) {
            Ok(later) => later,
            Err(_) if seconds < 0 => Self(0),
            Err(_) => Self::MAX,
        }
    }

    /// The calendar day it is at this instant in `zone`.
    pub const fn day_in(self, zone: TimeZone) -> CivilDate {
        CivilDate(((self.0 + zone.offset_seconds()) / 86_400) as i32)
    }

    /// Hour and minute on the clock in `zone`.
    pub const fn clock_in(self, zone: TimeZone) -> (u8, u8) {
        let second = (self.0 + zone.offset_seconds()) % 86_400;
        ((second / 3600) as u8, (second % 3600 / 60) as u8)
    }
}

impl fmt::Display for Timestamp {
    /// RFC 3339 in UTC with Z, whole seconds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(instant) => write!(f, "{instant}"),
            Err(_) => write!(f, "{}", self.0),
        }
    }
}

impl FromStr for Timestamp {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        let instant: jiff::Timestamp =
            text.parse().map_err(|_| Invalid("an instant is written as 2026-11-24T03:28:05Z"))?;
        Self::from_seconds(instant.as_second())
    }
}

/// Indonesia's three zones; none of them has daylight saving.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum TimeZone {
    /// Western Indonesia, UTC+7 (Java, Sumatra).
    #[default]
    Wib,
    /// Central Indonesia, UTC+8.
    Wita,
    /// Eastern Indonesia, UTC+9.
    Wit,
}

impl TimeZone {
    /// Seconds east of UTC.
    pub const fn offset_seconds(self) -> i64 {
        3600 * match self {
            Self::Wib => 7,
            Self::Wita => 8,
            Self::Wit => 9,
        }
    }

    /// `WIB`, `WITA` or `WIT`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wib => "WIB",
            Self::Wita => "WITA",
            Self::Wit => "WIT",
        }
    }
}

impl FromStr for TimeZone {
    type Err = Invalid;
    fn from_str(text: &str) -> Result<Self, Invalid> {
        match text {
            "WIB" => Ok(Self::Wib),
            "WITA" => Ok(Self::Wita),
            "WIT" => Ok(Self::Wit),
            _ => Err(Invalid("a time zone is WIB, WITA or WIT")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn days_count_from_1970() {
        for (text, days) in
            [("1970-01-01", 0), ("2024-02-29", 19_782), ("1900-01-01", FIRST_DAY), ("2199-12-31", LAST_DAY)]
        {
            assert_eq!(text.parse::<CivilDate>().map(CivilDate::days), Ok(days), "{text}");
        }
        for text in
            ["2023-02-29", "2024-13-01", "2024-1-1", "24-01-01", "1899-12-31", "2200-01-01", "2024/01/01", "2024-01-0x"]
        {
            assert!(text.parse::<CivilDate>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_month_without_the_day_ends_on_its_last() {
        let date = |text: &str| text.parse::<CivilDate>().unwrap();
        for (from, months, day, to) in [
            ("2023-01-31", 1, 31, "2023-02-28"),
            ("2023-02-28", 1, 31, "2023-03-31"),
            ("2023-03-31", -1, 31, "2023-02-28"),
            ("2023-12-15", 2, 29, "2024-02-29"),
            ("2023-12-15", 0, 1, "2023-12-01"),
        ] {
            assert_eq!(date(from).in_month(months, day), Ok(date(to)));
        }
        assert!(date("2199-12-01").in_month(1, 1).is_err());
        assert!(date("1900-01-31").in_month(-1, 1).is_err());
        assert!([i32::MIN, i32::MAX].iter().all(|&months| date("2023-01-31").in_month(months, 1).is_err()));
        assert!(date("2199-12-31").plus_days(1).is_err());
    }

    #[test]
    fn the_day_changes_at_the_cooperatives_midnight() {
        let before = "2026-11-23T16:59:59Z".parse::<Timestamp>().unwrap();
        assert_eq!(before.day_in(TimeZone::Wib).to_string(), "2026-11-23");
        assert_eq!(before.plus(1).day_in(TimeZone::Wib).to_string(), "2026-11-24");
        assert_eq!(before.day_in(TimeZone::Wit).to_string(), "2026-11-24");
        assert_eq!(before.clock_in(TimeZone::Wib), (23, 59));
        assert_eq!(before.to_string(), "2026-11-23T16:59:59Z");
    }

    proptest! {
        #[test]
        fn a_day_reads_back_as_written(days in FIRST_DAY..=LAST_DAY) {
            prop_assert_eq!(CivilDate(days).to_string().parse(), Ok(CivilDate(days)));
        }
    }
}
