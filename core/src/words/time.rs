//! Days, clock times and ages, on the cooperative's own clock.

use super::number::number;
use super::reader::{Arg, Reader, Wording};
use crate::domain::{CivilDate, TimeZone, Timestamp};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
/// From here on an age is told in weeks, months and years: nobody counts more days than that.
const WEEKS_FROM: i32 = 14;
const MONTHS_FROM: i32 = 60;
const YEARS_FROM: i32 = 730;

impl Reader {
    /// A day: `24 November 2026`, spoken "dua puluh empat November dua ribu dua puluh enam".
    pub fn date(&self, date: CivilDate) -> Wording {
        let (year, month, day) = date.year_month_day();
        let args =
            || [("day", self.plain(day.into())), ("month", self.month(month)), ("year", self.plain(year.into()))];
        self.wording("date", args().map(|(name, wording)| (name, Arg::Words(wording))))
    }

    /// A clock time: `pukul 10.00`, with the zone's name when everything is said; spoken "pukul sepuluh".
    pub fn clock(&self, at: Timestamp) -> Wording {
        let (hour, minute) = at.clock_in(self.zone);
        let shown = Wording { shown: format!("{hour:02}.{minute:02}"), spoken: String::new() };
        let spoken = match minute {
            0 => self.spoken("clock-hour", [("hour", self.plain(hour.into()).into())]),
            _ => self.spoken(
                "clock-hour-minute",
                [("hour", self.plain(hour.into()).into()), ("count", u32::from(minute).into())],
            ),
        };
        let time = Wording { spoken, ..shown };
        if self.is_full() {
            self.wording("clock-zone", [("time", time.into()), ("zone", self.zone_name().into())])
        } else {
            self.wording("clock", [("time", time.into())])
        }
    }

    /// A moment: `hari ini pukul 10.00`, `kemarin pukul 10.00`, `dua hari yang lalu`; with day, clock and zone when
    /// everything is said.
    pub fn when(&self, at: Timestamp) -> Wording {
        let days = self.days_since(at);
        let clock = || self.clock(at).into();
        match days {
            0 => self.wording("when-today", [("clock", clock())]),
            1 => self.wording("when-yesterday", [("clock", clock())]),
            // The phone's clock is behind the server's: an age would be wrong.
            ..0 => self.wording("when-day", [("date", self.date(at.day_in(self.zone)).into()), ("clock", clock())]),
            _ if self.is_full() => self.wording(
                "when-day-ago",
                [
                    ("date", self.date(at.day_in(self.zone)).into()),
                    ("clock", clock()),
                    ("ago", self.days_ago(at).into()),
                ],
            ),
            _ => self.days_ago(at),
        }
    }

    /// How long ago it is: `baru saja`, `lima menit yang lalu`, `kemarin`, `dua hari yang lalu`; a moment that is not
    /// past is told by its day and clock.
    pub fn ago(&self, at: Timestamp) -> Wording {
        let seconds = self.now.seconds() - at.seconds();
        let count = |unit: i64| Arg::Count(u32::try_from(seconds / unit).unwrap_or(u32::MAX));
        match (seconds, self.days_since(at)) {
            (..0, _) => self.when(at),
            (0..MINUTE, _) => self.wording("ago-now", []),
            (MINUTE..HOUR, _) => self.wording("ago-minutes", [("count", count(MINUTE))]),
            (_, 0) => self.wording("ago-hours", [("count", count(HOUR))]),
            (_, 1) => self.wording("ago-yesterday", []),
            _ => self.days_ago(at),
        }
    }

    /// The age of a figure: `per hari ini pukul 10.00`; `dua hari yang lalu, belum ada jaringan`.
    pub fn age(&self, as_of: Timestamp) -> Wording {
        let when = self.when(as_of);
        let age = match self.days_since(as_of) {
            2.. if !self.is_full() => when,
            _ => self.wording("age", [("when", when.into())]),
        };
        if self.offline { self.wording("age-offline", [("age", age.into())]) } else { age }
    }

    /// Days from then to now by the cooperative's calendar.
    fn days_since(&self, at: Timestamp) -> i32 {
        self.now.day_in(self.zone).days() - at.day_in(self.zone).days()
    }

    /// For two days and more.
    fn days_ago(&self, at: Timestamp) -> Wording {
        let days = self.days_since(at);
        let (then, today) = (at.day_in(self.zone), self.now.day_in(self.zone));
        let count = |count: i32| [("count", Arg::Count(count.unsigned_abs()))];
        match days {
            ..WEEKS_FROM => self.wording("ago-days", count(days)),
            WEEKS_FROM..MONTHS_FROM => self.wording("ago-weeks", count(days / 7)),
            MONTHS_FROM..YEARS_FROM => self.wording("ago-months", count(whole_months(then, today))),
            _ => self.wording("ago-years", count(whole_months(then, today) / 12)),
        }
    }

    /// A number in figures without points, spoken in words: a day of the month, a year.
    pub(super) fn plain(&self, n: i64) -> Wording {
        let n = n.unsigned_abs();
        Wording { shown: n.to_string(), spoken: number(self.language, n) }
    }

    fn month(&self, month: u8) -> Wording {
        self.wording(&format!("month-{month}"), [])
    }

    fn zone_name(&self) -> Wording {
        self.wording(
            match self.zone {
                TimeZone::Wib => "zone-wib",
                TimeZone::Wita => "zone-wita",
                TimeZone::Wit => "zone-wit",
            },
            [],
        )
    }
}

/// Months that are over between two days, the first not after the second.
fn whole_months(from: CivilDate, to: CivilDate) -> i32 {
    let ((y1, m1, d1), (y2, m2, d2)) = (from.year_month_day(), to.year_month_day());
    let months = (i32::from(y2) - i32::from(y1)) * 12 + i32::from(m2) - i32::from(m1);
    if d2 < d1 { months - 1 } else { months }
}
