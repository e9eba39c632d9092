//! Numbers, amounts, NIK and QRIS against independent packages (num2words, lokal-id, angka-terbilang-js) over more than
//! 100,000 numbers, every rule's edge among them. The packages' known faults stand in `tests/interop/judge_words.py` and
//! `judge_words.js`.

#![allow(clippy::unwrap_used, reason = "a set-up that fails is the test's failure")]

use std::fmt::Write;
use std::process::Command;

use anggota::domain::{CivilDate, Money, Nik, Qris};
use anggota::words::{Language, number, terbilang};
use anggota_tests::{Random, Scratch, interop_script, node_modules, python, run};
use crc::{CRC_16_IBM_3740, Crc};

/// 999 triliun and all below it have a name.
const LIMIT: u64 = 1_000_000_000_000_000;
const AT_LEAST: usize = 100_000;

/// Every group of three at every scale, alone, with one and with the group below it; the edges of every scale; and numbers
/// of every length.
fn numbers() -> Vec<u64> {
    let mut all: Vec<u64> = (0..20_000).collect();
    for scale in [1_000, 1_000_000, 1_000_000_000, 1_000_000_000_000] {
        for group in 1..1_000 {
            let whole = group * scale;
            all.extend([
                whole,
                whole + 1,
                whole + 11,
                whole + 100,
                whole + scale / 1_000,
                whole - 1,
                whole + scale - 1,
            ]);
        }
    }
    let mut random = Random::new(1_234_567);
    for length in 1..=15 {
        for _ in 0..8_000 {
            all.push(random.below(10_u64.pow(length)));
        }
    }
    all.retain(|n| *n < LIMIT);
    all.sort_unstable();
    all.dedup();
    all
}

/// Amounts below nothing and with sen, of every length.
fn amounts() -> Vec<Money> {
    let mut random = Random::new(7_654_321);
    let edges = [0, 1, 5, 10, 50, 99, 100, 101, 110, 150, 99_999, 100_000, 100_050, 99_999_999, 100_100_000];
    let lengths = (1..=17).flat_map(|length| (0..600).map(move |_| length));
    let random = lengths.map(|length| random.below(10_u64.pow(length)) as i64);
    let sizes: Vec<i64> = edges.into_iter().chain(random).collect();
    sizes.iter().flat_map(|sen| [*sen, -*sen]).filter_map(|sen| Money::from_sen(sen).ok()).collect()
}

fn add(lines: &mut String, kind: &str, given: impl std::fmt::Display, said: &str) {
    writeln!(lines, "{kind}\t{given}\t{said}").unwrap();
}

/// As other packages are given it: whole rupiah without decimals.
fn given(amount: Money) -> String {
    amount.to_string().trim_end_matches(".00").to_owned()
}

/// Good ones, and good ones with a pair of digits replaced by another.
fn add_niks(lines: &mut String) {
    let today: CivilDate = "2026-11-24".parse().unwrap();
    let mut random = Random::new(16);
    for _ in 0..5_000 {
        let mut pairs =
            [33, 74, 12, 1 + random.below(31), 1 + random.below(12), random.below(100), 0, 1 + random.below(99)];
        pairs[3] += if random.below(2) == 0 { 0 } else { 40 };
        if random.below(2) == 0 {
            pairs[random.below(8) as usize] = random.below(100);
        }
        let digits: String = pairs.iter().map(|pair| format!("{pair:02}")).collect();
        let said = Nik::new(&digits)
            .map(|nik| format!("{} {} {}", nik.region(), nik.born_on(today), if nik.is_woman() { "P" } else { "L" }));
        add(lines, "nik", format!("{today} {digits}"), said.as_deref().unwrap_or("-"));
    }
}

/// Codes that are good, and codes with a part left out, doubled, changed or moved, their checksums right; and codes with a
/// character changed or cut off.
fn add_qris(lines: &mut String) {
    let good = [
        ("00", "01"),
        ("01", "11"),
        ("26", "0017ID.CO.EXAMPLE.WWW0215ID10200000000010303UMI"),
        ("52", "5411"),
        ("53", "360"),
        ("54", "25000"),
        ("58", "ID"),
        ("59", "TOKO SEJAHTERA"),
        ("60", "SEMARANG"),
    ];
    let others = [
        ("00", "02"),
        ("01", "12"),
        ("26", "0016ID.CO.EXAMPLE.WWW"),
        ("52", "54A1"),
        ("52", "541"),
        ("53", "840"),
        ("54", "25000.50"),
        ("54", "1.234"),
        ("54", "Rp5"),
        ("54", "12345678901.00"),
        ("58", "MY"),
        ("59", "WARUNG BU SRI"),
        ("60", "SALATIGA"),
    ];
    let mut random = Random::new(29);
    for _ in 0..3_000 {
        let mut parts = good.to_vec();
        let at = random.below(good.len() as u64) as usize;
        match random.below(6) {
            0 => drop(parts.remove(at)),
            1 => parts.insert(at, good[at]),
            2 => parts.swap(at, 1),
            3 => {
                let other = others[random.below(others.len() as u64) as usize];
                let same = parts.iter_mut().find(|part| part.0 == other.0);
                *same.unwrap() = other;
            }
            _ => {}
        }
        let text: String = parts.iter().map(|(tag, value)| format!("{tag}{:02}{value}", value.len())).collect();
        let mut text = format!("{text}6304");
        text.push_str(&format!("{:04X}", Crc::<u16>::new(&CRC_16_IBM_3740).checksum(text.as_bytes())));
        match random.below(4) {
            0 => text.truncate(random.below(text.len() as u64) as usize),
            1 => {
                let place = random.below(text.len() as u64) as usize;
                text.replace_range(place..=place, "X");
            }
            _ => {}
        }
        let said = Qris::new(&text).map(|code| {
            let amount = code.amount.map(given).unwrap_or_default();
            format!("{}|{}|{amount}", code.merchant, code.city)
        });
        add(lines, "qris", text, said.as_deref().unwrap_or("-"));
    }
}

#[test]
fn independent_packages_say_the_same() {
    let Some(python) = python("num2words, lokal") else { return };
    let (numbers, amounts) = (numbers(), amounts());
    assert!(numbers.len() >= AT_LEAST, "{} numbers", numbers.len());
    let mut lines = String::new();
    for n in &numbers {
        add(&mut lines, "id", n, &number(Language::Indonesian, *n));
        add(&mut lines, "en", n, &number(Language::English, *n));
        let amount = Money::from_rupiah(i64::try_from(*n).unwrap()).unwrap();
        add(&mut lines, "rupiah", n, &amount.to_rupiah_text());
    }
    for amount in &amounts {
        add(&mut lines, "id", given(*amount), &terbilang(Language::Indonesian, *amount));
        add(&mut lines, "en", given(*amount), &terbilang(Language::English, *amount));
        add(&mut lines, "rupiah", given(*amount), &amount.to_rupiah_text());
    }
    add_niks(&mut lines);
    add_qris(&mut lines);
    let verdict =
        judged(Command::new(python).env("PYTHONDONTWRITEBYTECODE", "1").arg(interop_script("judge_words.py")), &lines);
    println!("{} numbers and {} amounts: {verdict}", numbers.len(), amounts.len());
}

/// A package that knows no minus: everything else it can say, up to the last number with a name.
#[test]
fn the_package_from_npm_says_the_same() {
    let Some(modules) = node_modules("@develoka/angka-terbilang-js") else { return };
    let (numbers, amounts) = (numbers(), amounts());
    assert!(numbers.len() >= AT_LEAST, "{} numbers", numbers.len());
    let mut lines = String::new();
    for n in &numbers {
        writeln!(lines, "{n}\t{}", number(Language::Indonesian, *n)).unwrap();
    }
    for amount in amounts.iter().filter(|amount| !amount.is_negative()) {
        writeln!(lines, "{}\t{}", given(*amount), terbilang(Language::Indonesian, *amount)).unwrap();
    }
    let verdict = judged(Command::new("node").arg(interop_script("judge_words.js")).arg(modules), &lines);
    println!("{} numbers: {verdict}", lines.lines().count());
}

/// What a judge says in the end of these lines, which must be that nothing failed.
fn judged(judge: &mut Command, lines: &str) -> String {
    let scratch = Scratch::new("words");
    let file = scratch.join("said.tsv");
    std::fs::write(&file, lines).unwrap();
    let judged = run(judge.arg(&file));
    let verdict = judged.stdout.lines().last().unwrap_or_default();
    assert!(judged.status == 0 && verdict.ends_with(" passed, 0 failed"), "{}{}", judged.stdout, judged.stderr);
    verdict.to_owned()
}
