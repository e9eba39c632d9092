//! NIK, nomor induk kependudukan: the 16 digits of an Indonesian identity card. Never in a card, a log or a QR code.
//!
//! (A cooperative's own "nomor induk koperasi" is also called NIK; this is not it.)

use std::fmt;

use super::CivilDate;

/// The digits of a NIK.
const DIGITS: usize = 16;
/// Added to the day of birth of a woman.
const WOMAN: u8 = 40;
/// The lowest province code (Aceh).
const FIRST_PROVINCE: u8 = 11;
/// The longest text that is looked at; spaces, points and hyphens between digits are for the eye.
const MAX_CHARS: usize = 64;

/// Why a text is no NIK.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NikFault {
    /// Nothing was given.
    #[error("nothing was given")]
    Empty,
    /// Something else than a digit, at that place, counted from 1.
    #[error("a NIK is digits only")]
    NotADigit {
        /// Its place in what was given.
        place: usize,
    },
    /// Fewer than 16 digits.
    #[error("a NIK has 16 digits, {missing} are missing")]
    Short {
        /// How many are missing.
        missing: usize,
    },
    /// More than 16 digits, or a text so long that it is not looked at.
    #[error("a NIK has 16 digits, {surplus} are too many")]
    Long {
        /// How many are too many.
        surplus: usize,
    },
    /// Digits 1 to 6 are no province, regency and district.
    #[error("digits 1 to 6 of a NIK are a region's code")]
    Region,
    /// Digits 9 and 10 are no month.
    #[error("digits 9 and 10 of a NIK are the month of birth")]
    Month,
    /// Digits 7 and 8 are no day of that month, with or without the 40 of women.
    #[error("digits 7 and 8 of a NIK are the day of birth, plus 40 for women")]
    Day,
    /// Digits 13 to 16 are 0000.
    #[error("digits 13 to 16 of a NIK are a number from 0001")]
    Serial,
}

/// A NIK whose parts can all be: PPKKCC (region), DDMMYY (birth, day plus 40 for women), serial.
/// Whether the region exists, only the registry knows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Nik([u8; DIGITS]);

impl Nik {
    /// Reads 16 digits; spaces, points and hyphens between them are passed over.
    pub fn new(text: &str) -> Result<Self, NikFault> {
        let mut digits = [0; DIGITS];
        let mut count = 0;
        let text = text.trim();
        if text.chars().nth(MAX_CHARS).is_some() {
            return Err(NikFault::Long { surplus: text.chars().count() - DIGITS });
        }
        for (at, c) in text.chars().enumerate() {
            match c.to_digit(10) {
                Some(digit) => {
                    if let Some(place) = digits.get_mut(count) {
                        *place = digit as u8;
                    }
                    count += 1;
                }
                None if matches!(c, ' ' | '.' | '-') => {}
                None => return Err(NikFault::NotADigit { place: at + 1 }),
            }
        }
        match count {
            0 => return Err(NikFault::Empty),
            1..DIGITS => return Err(NikFault::Short { missing: DIGITS - count }),
            DIGITS => {}
            _ => return Err(NikFault::Long { surplus: count - DIGITS }),
        }
        let nik = Self(digits);
        nik.check()?;
        Ok(nik)
    }

    fn check(&self) -> Result<(), NikFault> {
        let [province, regency, district, _, month, _] = [0, 2, 4, 6, 8, 10].map(|at| self.pair(at));
        if province < FIRST_PROVINCE || regency == 0 || district == 0 {
            return Err(NikFault::Region);
        }
        if !(1..=12).contains(&month) {
            return Err(NikFault::Month);
        }
        if self.births().next().is_none() {
            return Err(NikFault::Day);
        }
        if self.pair(12) == 0 && self.pair(14) == 0 {
            return Err(NikFault::Serial);
        }
        Ok(())
    }

    /// Two digits as a number.
    fn pair(&self, at: usize) -> u8 {
        self.0[at] * 10 + self.0[at + 1]
    }

    /// The days of birth it may mean: in the 2000s and in the 1900s, where the calendar has them.
    fn births(&self) -> impl Iterator<Item = CivilDate> {
        let (day, month, year) = (self.pair(6), self.pair(8), self.pair(10));
        let day = if self.is_woman() { day - WOMAN } else { day };
        [20, 19].into_iter().filter_map(move |century| format!("{century}{year:02}-{month:02}-{day:02}").parse().ok())
    }

    /// Whether it is a woman's.
    pub fn is_woman(&self) -> bool {
        self.pair(6) > WOMAN
    }

    /// The day of birth: of the two centuries the later one that is not after `today`.
    pub fn born_on(&self, today: CivilDate) -> CivilDate {
        // One always is: the check found a day, and a day of the 1900s is past.
        self.births().find(|born| *born <= today).or_else(|| self.births().last()).unwrap_or(today)
    }

    /// Province, regency and district, as the registry writes them: `33.74.12`.
    pub fn region(&self) -> String {
        format!("{:02}.{:02}.{:02}", self.pair(0), self.pair(2), self.pair(4))
    }

    /// The 16 digits, to be stored or shown where the member asked for it.
    pub fn digits(&self) -> String {
        self.0.iter().map(|digit| char::from(b'0' + digit)).collect()
    }
}

// It names a person: a debug print, and so a log, shows the kind only.
impl fmt::Debug for Nik {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nik(..)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn born(nik: &str, today: &str) -> (String, bool, String) {
        let nik = Nik::new(nik).unwrap();
        (nik.region(), nik.is_woman(), nik.born_on(today.parse().unwrap()).to_string())
    }

    /// From the README of nik-lookup.
    #[test]
    fn a_nik_says_region_sex_and_day_of_birth() {
        assert_eq!(born("3174071708450001", "2026-11-24"), ("31.74.07".into(), false, "1945-08-17".into()));
        assert_eq!(born("32.73.01-610479.0002", "2026-11-24"), ("32.73.01".into(), true, "1979-04-21".into()));
    }

    #[test]
    fn a_day_to_come_was_a_century_ago() {
        assert_eq!(born("3374122411260001", "2026-11-24").2, "2026-11-24");
        assert_eq!(born("3374122511260001", "2026-11-24").2, "1926-11-25");
        assert_eq!(born("3374122902000001", "2026-11-24").2, "2000-02-29", "1900 had no such day");
    }

    #[test]
    fn each_part_that_cannot_be_is_named() {
        for (text, fault) in [
            ("", NikFault::Empty),
            (" - ", NikFault::Empty),
            ("33741O1708450001", NikFault::NotADigit { place: 6 }),
            ("337412170845000", NikFault::Short { missing: 1 }),
            ("33741217084500011", NikFault::Long { surplus: 1 }),
            ("1074121708450001", NikFault::Region),
            ("3300121708450001", NikFault::Region),
            ("3374001708450001", NikFault::Region),
            ("3374123113600003", NikFault::Month),
            ("3374121700450001", NikFault::Month),
            ("3374120008450001", NikFault::Day),
            ("3374124008450001", NikFault::Day),
            ("3374123104450001", NikFault::Day),
            ("3374127204450001", NikFault::Day),
            ("3374122902450001", NikFault::Day),
            ("3374121708450000", NikFault::Serial),
        ] {
            assert_eq!(Nik::new(text), Err(fault), "{text}");
        }
    }

    #[test]
    fn nothing_stands_behind_what_is_looked_at() {
        let nik = "3174071708450001";
        let padded = |behind: &str| format!("{nik}{}{behind}", " ".repeat(MAX_CHARS));
        assert_eq!(Nik::new(&padded("")).map(|read| read.digits()), Ok(nik.to_owned()));
        for behind in ["x", "7"] {
            assert_eq!(Nik::new(&padded(behind)), Err(NikFault::Long { surplus: MAX_CHARS + 1 }));
        }
    }

    #[test]
    fn a_debug_print_shows_no_digit() {
        assert_eq!(format!("{:?}", Nik::new("3174071708450001").unwrap()), "Nik(..)");
    }

    proptest! {
        #[test]
        fn any_text_is_a_nik_or_a_named_fault(text in "\\PC{0,80}") {
            if let Ok(nik) = Nik::new(&text) {
                prop_assert_eq!(Nik::new(&nik.digits()), Ok(nik));
            }
        }

        #[test]
        fn every_birth_and_serial_is_read_back(
            days in -25_567..20_700_i32, woman: bool, serial in 1..=9_999_u16, region in (11..=99_u8, 1..=99_u8, 1..=99_u8),
        ) {
            let (year, month, day) = CivilDate::from_days(days).unwrap().year_month_day();
            let day = if woman { day + WOMAN } else { day };
            let (p, k, c) = region;
            let text = format!("{p:02}{k:02}{c:02}{day:02}{month:02}{:02}{serial:04}", year % 100);
            let nik = Nik::new(&text).unwrap();
            // A hundred years on, the other century would be the later one.
            let later = CivilDate::from_days((days + 36_000).min(20_700)).unwrap();
            prop_assert_eq!(nik.born_on(later).days(), days);
            prop_assert_eq!((nik.is_woman(), nik.digits()), (woman, text));
        }

        #[test]
        fn one_digit_more_or_less_is_refused(at in 0..16_usize) {
            let good = "3174071708450001";
            let mut longer = good.to_owned();
            longer.insert(at, '7');
            prop_assert_eq!(Nik::new(&longer), Err(NikFault::Long { surplus: 1 }));
            let mut shorter = good.to_owned();
            shorter.remove(at);
            prop_assert_eq!(Nik::new(&shorter), Err(NikFault::Short { missing: 1 }));
        }
    }
}
