//! Days, clock times and ages as they are said in Indonesia, on the cooperative's own clock.

use anggota::client::Client;
use anggota::clock;
use anggota::domain::{CivilDate, TimeZone, Timestamp};

use crate::failure::Failure;

const MONTHS: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];
/// Small numbers are said in words.
const NUMBERS: [&str; 12] =
    ["nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas"];

/// Who reads: at this moment, by the cooperative's clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader {
    now: Timestamp,
    zone: TimeZone,
}

impl Reader {
    /// The member of this client, now.
    pub(crate) fn of(client: &Client) -> Result<Self, Failure> {
        Ok(Self { now: clock::wall(), zone: client.profile()?.zone })
    }

    /// `10.00 WIB`.
    pub(crate) fn clock(&self, at: Timestamp) -> String {
        let (hour, minute) = at.clock_in(self.zone);
        format!("{hour:02}.{minute:02} {}", self.zone.as_str())
    }

    /// `hari ini pukul 10.00 WIB`, `kemarin pukul ...`, `22 November 2026 pukul ..., dua hari yang lalu`.
    pub(crate) fn when(&self, at: Timestamp) -> String {
        let (then, today) = (at.day_in(self.zone), self.now.day_in(self.zone));
        let clock = self.clock(at);
        match today.days() - then.days() {
            0 => format!("hari ini pukul {clock}"),
            1 => format!("kemarin pukul {clock}"),
            days if days > 1 => format!("{} pukul {clock}, {} hari yang lalu", day(then), number(days)),
            // The computer's clock is behind the server's: an age would be wrong.
            _ => format!("{} pukul {clock}", day(then)),
        }
    }
}

/// `24 November 2026`.
pub(crate) fn day(date: CivilDate) -> String {
    let (year, month, day) = date.year_month_day();
    format!("{day} {} {year}", MONTHS[usize::from(month).saturating_sub(1) % MONTHS.len()])
}

fn number(count: i32) -> String {
    let word = usize::try_from(count).ok().and_then(|index| NUMBERS.get(index));
    word.map_or_else(|| count.to_string(), |&word| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(now: &str) -> Reader {
        Reader { now: now.parse().unwrap(), zone: TimeZone::Wib }
    }

    #[test]
    fn an_age_is_said_by_the_cooperatives_days() {
        let reader = reader("2026-11-24T03:28:05Z");
        for (at, said) in [
            ("2026-11-24T03:00:00Z", "hari ini pukul 10.00 WIB"),
            ("2026-11-23T17:05:00Z", "hari ini pukul 00.05 WIB"),
            ("2026-11-23T16:59:00Z", "kemarin pukul 23.59 WIB"),
            ("2026-11-22T03:00:00Z", "22 November 2026 pukul 10.00 WIB, dua hari yang lalu"),
            ("2026-11-04T03:00:00Z", "4 November 2026 pukul 10.00 WIB, 20 hari yang lalu"),
            ("2026-11-25T03:00:00Z", "25 November 2026 pukul 10.00 WIB"),
        ] {
            assert_eq!(reader.when(at.parse().unwrap()), said);
        }
    }

    #[test]
    fn a_day_is_written_with_its_months_name() {
        assert_eq!(day("2026-01-05".parse().unwrap()), "5 Januari 2026");
        assert_eq!(day("2026-12-31".parse().unwrap()), "31 Desember 2026");
    }
}
