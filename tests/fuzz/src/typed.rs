//! What a member types, pastes or scans: read or refused in words, and what was read reads the same again.

use anggota::client::read_address;
use anggota::domain::{CivilDate, Money, Nik, Qris, Rate, Timestamp};
use anggota::protocol::checkpoint::SignedCheckpoint;
use crc::{CRC_16_IBM_3740, Crc};

use crate::seeds::{each, vectors};

pub(crate) fn address(input: &[u8]) {
    let Ok(typed) = std::str::from_utf8(input) else { return };
    let Ok((base, cooperative)) = read_address(typed) else { return };
    // Only what follows the scheme of an address that is safe, and nothing that a header could be cut by.
    assert!(base.starts_with("https://") || base.starts_with("http://"), "{base}");
    assert!(base.chars().all(|c| c.is_ascii_graphic()) && !base.contains(['?', '#', '\\']), "{base}");
    assert!(!base.split('/').nth(2).unwrap().contains('@'), "{base}");
    assert_eq!(read_address(&format!("{base}/{cooperative}")).ok(), Some((base, cooperative)));
}

pub(crate) fn address_seeds() -> Vec<Vec<u8>> {
    let typed = [
        "https://server.example/handayani",
        " http://127.0.0.1:8080/handayani/ ",
        "http://[::1]:1/x",
        "http://localhost/a/b/x",
        "https://u:p@a.example/x",
        "https://kop\u{e9}rasi.example/%7e/../x?y#z",
    ];
    typed.map(|typed| typed.as_bytes().to_vec()).to_vec()
}

/// The text of another device's checkpoint.
pub(crate) fn compared(input: &[u8]) {
    let Ok(scanned) = std::str::from_utf8(input) else { return };
    if let Ok(signed) = SignedCheckpoint::from_text(scanned) {
        assert_eq!(SignedCheckpoint::from_text(&signed.to_text()).unwrap().hash(), signed.hash());
    }
}

pub(crate) fn compared_seeds() -> Vec<Vec<u8>> {
    let signed = each(&vectors("statements"), "/checkpoints", "bytes");
    signed.iter().map(|bytes| SignedCheckpoint::parse(bytes).unwrap().to_text().into_bytes()).collect()
}

/// Identity numbers and payment codes, and the values of forms.
pub(crate) fn values(input: &[u8]) {
    let Ok(typed) = std::str::from_utf8(input) else { return };
    let _read = (Nik::new(typed), Qris::new(typed), Qris::new(&with_checksum(typed)));
    if let Ok(amount) = typed.parse::<Money>() {
        assert_eq!(amount.to_string().parse(), Ok(amount));
    }
    if let Ok(rate) = typed.parse::<Rate>() {
        assert_eq!(rate.to_string().parse(), Ok(rate));
    }
    if let Ok(day) = typed.parse::<CivilDate>() {
        assert_eq!(day.to_string().parse(), Ok(day));
    }
    if let Ok(time) = typed.parse::<Timestamp>() {
        assert_eq!(time.to_string().parse(), Ok(time));
    }
}

/// The parts of a payment code with the checksum that they need: anybody can reckon it.
fn with_checksum(parts: &str) -> String {
    let covered = format!("{parts}6304");
    let checksum = Crc::<u16>::new(&CRC_16_IBM_3740).checksum(covered.as_bytes());
    format!("{covered}{checksum:04X}")
}

fn merchant() -> String {
    let parts = [
        (0, "01"),
        (1, "12"),
        (26, "0017ID.CO.EXAMPLE.WWW"),
        (52, "5411"),
        (53, "360"),
        (54, "15000.00"),
        (55, "03"),
        (57, "10"),
        (58, "ID"),
        (59, "TOKO SUGENG"),
        (60, "SEMARANG"),
    ];
    parts.map(|(tag, value)| format!("{tag:02}{:02}{value}", value.len())).concat()
}

pub(crate) fn values_seeds() -> Vec<Vec<u8>> {
    let typed = [
        "3374015708650001",
        "33.74.01 570865-0001",
        "-99999999999999.99",
        "0.02",
        "2024-02-29",
        "2026-10-31T23:59:59Z",
    ];
    let codes = [merchant(), with_checksum(&merchant())];
    typed.iter().map(|typed| typed.as_bytes().to_vec()).chain(codes.map(String::into_bytes)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seeds_reach_what_they_are_for() {
        let text = |seed: Vec<u8>| String::from_utf8(seed).unwrap();
        let good = address_seeds().into_iter().filter(|seed| read_address(&text(seed.clone())).is_ok()).count();
        assert_eq!(good, 4);
        assert!(compared_seeds().into_iter().all(|seed| SignedCheckpoint::from_text(&text(seed)).is_ok()));
        assert!(Qris::new(&with_checksum(&merchant())).is_ok() && Nik::new("33.74.01 570865-0001").is_ok());
    }
}
