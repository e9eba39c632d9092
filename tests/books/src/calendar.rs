//! Months as plain numbers, and the last day the books know. Never reads a clock.

use jiff::civil::Date;

use crate::random::Random;

/// Months since year 0: `year * 12 + month - 1`.
pub(crate) type Month = u32;

/// October 2026; its last day is the last day of every generated book.
pub(crate) const LAST_MONTH: Month = 2026 * 12 + 9;
/// How far back books go: from March 2010.
pub(crate) const MAX_MONTHS: u32 = 200;

const NAMES: [&str; 12] = [
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

pub(crate) fn year(month: Month) -> u32 {
    month / 12
}

pub(crate) fn name(month: Month) -> &'static str {
    NAMES[(month % 12) as usize]
}

/// Where an entry falls.
#[derive(Clone, Copy)]
pub(crate) struct Day {
    pub(crate) month: Month,
    pub(crate) date: Date,
}

/// The given day of a month; a day past its end is its last.
pub(crate) fn day(month: Month, day: u8) -> Day {
    // Months here are 1900 to 2100 by construction, where jiff's constructor cannot fail.
    let first = jiff::civil::date(year(month) as i16, (month % 12 + 1) as i8, 1);
    let day = (day as i8).clamp(1, first.days_in_month());
    let date = jiff::civil::date(first.year(), first.month(), day);
    Day { month, date }
}

/// Days between two dates, 0 or more.
pub(crate) fn days_between(from: Date, to: Date) -> i64 {
    (from.duration_until(to).as_hours() / 24).max(0)
}

/// `count` entries strewn over a month from a day on: the days in order, with how many fall on each.
pub(crate) fn strew(
    random: &mut Random,
    count: u64,
    from: u8,
    month: Month,
) -> impl Iterator<Item = (Day, u32)> + use<> {
    let mut counts = [0u32; 32];
    let last = day(month, 31).date.day() as u8;
    for _ in 0..count {
        counts[usize::from(from) + random.below(u64::from(last - from + 1)) as usize] += 1;
    }
    let all = (0..).zip(counts).filter(|&(_, times)| times > 0);
    all.map(move |(number, times)| (day(month, number), times))
}
