//! Days, clock times and ages, for the eye and the ear.

use crate::domain::{TimeZone, Timestamp};
use crate::words::{Language, Level, Reader, Wording};

fn reader(language: Language, level: Level) -> Reader {
    Reader { language, level, zone: TimeZone::Wib, now: at("2026-11-24T03:28:05Z"), offline: false }
}

fn at(instant: &str) -> Timestamp {
    instant.parse().unwrap()
}

fn both(wording: Wording) -> (String, String) {
    (wording.shown, wording.spoken)
}

#[test]
fn a_moment_is_told_by_the_cooperatives_days() {
    let full = reader(Language::Indonesian, Level::Full);
    for (instant, said) in [
        ("2026-11-24T03:00:00Z", "hari ini pukul 10.00 WIB"),
        ("2026-11-23T17:05:00Z", "hari ini pukul 00.05 WIB"),
        ("2026-11-23T16:59:00Z", "kemarin pukul 23.59 WIB"),
        ("2026-11-22T03:00:00Z", "22 November 2026 pukul 10.00 WIB, dua hari yang lalu"),
        ("2026-11-11T03:00:00Z", "11 November 2026 pukul 10.00 WIB, 13 hari yang lalu"),
        ("2026-11-04T03:00:00Z", "4 November 2026 pukul 10.00 WIB, dua minggu yang lalu"),
        ("2026-11-25T03:00:00Z", "25 November 2026 pukul 10.00 WIB"),
    ] {
        assert_eq!(full.when(at(instant)).shown, said);
    }
}

#[test]
fn the_ear_hears_whole_words() {
    let full = reader(Language::Indonesian, Level::Full);
    assert_eq!(full.when(at("2026-11-24T03:00:00Z")).spoken, "hari ini pukul sepuluh Waktu Indonesia Barat");
    let said = "hari ini pukul nol lewat lima menit Waktu Indonesia Barat";
    assert_eq!(full.when(at("2026-11-23T17:05:00Z")).spoken, said);
    let date = full.date("2026-11-05".parse().unwrap());
    assert_eq!(both(date), ("5 November 2026".into(), "lima November dua ribu dua puluh enam".into()));
    let english = reader(Language::English, Level::Plain);
    assert_eq!(english.when(at("2026-11-24T03:01:00Z")).spoken, "today at one minute past ten");
    assert_eq!(english.when(at("2026-11-24T02:45:00Z")).spoken, "today at forty-five minutes past nine");
    assert_eq!(english.when(at("2026-11-23T03:00:00Z")).spoken, "yesterday at ten o'clock");
    let javanese = reader(Language::Javanese, Level::Plain);
    assert_eq!(
        javanese.when(at("2026-11-24T03:25:00Z")).spoken,
        "dinten punika tabuh sedasa langkung selangkung menit"
    );
}

#[test]
fn an_age_is_plain_and_says_when_there_is_no_network() {
    let plain = reader(Language::Indonesian, Level::Plain);
    assert_eq!(plain.age(at("2026-11-24T03:00:00Z")).shown, "per hari ini pukul 10.00");
    assert_eq!(plain.age(at("2026-11-22T03:00:00Z")).shown, "dua hari yang lalu");
    let offline = Reader { offline: true, ..plain };
    assert_eq!(offline.age(at("2026-11-22T03:00:00Z")).shown, "dua hari yang lalu, belum ada jaringan");
    assert_eq!(offline.age(at("2026-11-24T03:00:00Z")).shown, "per hari ini pukul 10.00, belum ada jaringan");
    let english = Reader { language: Language::English, ..offline };
    assert_eq!(english.age(at("2026-11-22T03:00:00Z")).shown, "two days ago, no network since");
}

#[test]
fn how_long_ago_grows_from_minutes_to_years_with_the_right_plural() {
    for (instant, indonesian, english) in [
        ("2026-11-24T03:28:00Z", "baru saja", "just now"),
        ("2026-11-24T03:27:00Z", "satu menit yang lalu", "one minute ago"),
        ("2026-11-24T03:08:00Z", "20 menit yang lalu", "20 minutes ago"),
        ("2026-11-24T02:28:05Z", "satu jam yang lalu", "one hour ago"),
        ("2026-11-24T00:28:05Z", "tiga jam yang lalu", "three hours ago"),
        ("2026-11-23T03:28:05Z", "kemarin", "yesterday"),
        ("2026-11-22T16:59:59Z", "dua hari yang lalu", "two days ago"),
        ("2026-11-10T03:00:00Z", "dua minggu yang lalu", "two weeks ago"),
        ("2026-10-20T03:00:00Z", "lima minggu yang lalu", "five weeks ago"),
        ("2026-09-25T03:00:00Z", "satu bulan yang lalu", "one month ago"),
        ("2025-11-25T03:00:00Z", "sebelas bulan yang lalu", "eleven months ago"),
        ("2024-11-24T03:00:00Z", "dua tahun yang lalu", "two years ago"),
        ("2026-11-24T03:28:06Z", "hari ini pukul 10.28", "today at 10.28"),
    ] {
        assert_eq!(reader(Language::Indonesian, Level::Plain).ago(at(instant)).shown, indonesian);
        assert_eq!(reader(Language::English, Level::Plain).ago(at(instant)).shown, english);
    }
    let javanese = reader(Language::Javanese, Level::Plain);
    assert_eq!(javanese.ago(at("2026-11-22T03:00:00Z")).shown, "kalih dinten kepengker");
}

#[test]
fn the_three_zones_have_their_own_clock_and_name() {
    for (zone, shown, spoken) in [
        (TimeZone::Wib, "pukul 10.00 WIB", "pukul sepuluh Waktu Indonesia Barat"),
        (TimeZone::Wita, "pukul 11.00 WITA", "pukul sebelas Waktu Indonesia Tengah"),
        (TimeZone::Wit, "pukul 12.00 WIT", "pukul dua belas Waktu Indonesia Timur"),
    ] {
        let reader = Reader { zone, ..reader(Language::Indonesian, Level::Full) };
        assert_eq!(both(reader.clock(at("2026-11-24T03:00:00Z"))), (shown.into(), spoken.into()));
    }
}
