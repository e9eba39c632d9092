//! Each kind of value on the command line, with the sentence for one that is none.
//!
//! The rules are the domain's; only the sentences are here, because people read them.

use anggota::card::{Audience, VerifierId};
use anggota::client::ProfileId;
use anggota::domain::loan::{DayCount, RoundingMode, RoundingPlace};
use anggota::domain::{
    AccountNo, CivilDate, Collateral, CooperativeId, LoanMethod, MemberNo, Money, OperationId, ProductCode, Purpose,
    Rate, ReplyText, Timestamp,
};
use anggota::words::{Language, Level};
use data_encoding::HEXLOWER_PERMISSIVE;

use crate::demo::Step;

type Parsed<T> = Result<T, &'static str>;

pub(crate) fn profile(text: &str) -> Parsed<ProfileId> {
    // A member number may hold a stroke of its own, a cooperative's id may not.
    let parts = text.split_once('/').and_then(|(cooperative, member)| {
        Some(ProfileId { cooperative: CooperativeId::new(cooperative).ok()?, member_no: MemberNo::new(member).ok()? })
    });
    parts.ok_or("tulis sebagai KOPERASI/NOMOR, misalnya handayani/A001")
}

pub(crate) fn language(text: &str) -> Parsed<Language> {
    text.parse().map_err(|_| "bahasa ditulis id, jv, atau en")
}

pub(crate) fn level(text: &str) -> Parsed<Level> {
    text.parse().map_err(|_| "rincian ditulis plain atau full")
}

pub(crate) fn member(text: &str) -> Parsed<MemberNo> {
    text.parse().map_err(|_| "nomor anggota terdiri dari 1 sampai 32 huruf atau angka, tanpa spasi di tepi")
}

pub(crate) fn account(text: &str) -> Parsed<AccountNo> {
    text.parse().map_err(|_| "nomor rekening terdiri dari 1 sampai 32 huruf, angka, titik, atau tanda -")
}

pub(crate) fn product(text: &str) -> Parsed<ProductCode> {
    text.parse().map_err(|_| "kode produk terdiri dari 1 sampai 32 huruf atau angka, tanpa spasi di tepi")
}

pub(crate) fn purpose(text: &str) -> Parsed<Purpose> {
    text.parse().map_err(|_| "keperluan ditulis dalam satu baris, 1 sampai 200 huruf, tanpa spasi di tepi")
}

pub(crate) fn collateral(text: &str) -> Parsed<Collateral> {
    text.parse().map_err(|_| "agunan ditulis dalam satu baris, 1 sampai 500 huruf, tanpa spasi di tepi")
}

pub(crate) fn reply(text: &str) -> Parsed<ReplyText> {
    text.parse().map_err(|_| "jawaban ditulis dalam satu baris, 1 sampai 500 huruf, tanpa spasi di tepi")
}

pub(crate) fn operation(text: &str) -> Parsed<OperationId> {
    text.parse().map_err(|_| "salin nomor permintaan seperti yang tampil di daftar permintaan")
}

pub(crate) fn amount(text: &str) -> Parsed<Money> {
    text.parse()
        .map_err(|_| "tulis jumlah uang dengan angka saja, misalnya 5000000 atau 5000000.50, paling banyak 15 angka")
}

pub(crate) fn count(text: &str) -> Parsed<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().filter(|&count| count > 0).ok_or("tulis angka bulat mulai dari 1")
}

/// A count that may be nothing.
pub(crate) fn number(text: &str) -> Parsed<u32> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().ok_or("tulis angka bulat mulai dari 0")
}

/// Days before an event.
pub(crate) fn days(text: &str) -> Parsed<u16> {
    u16::try_from(number(text)?).map_err(|_| "tulis paling banyak 65535 hari")
}

pub(crate) fn rate(text: &str) -> Parsed<Rate> {
    text.parse()
        .map_err(|_| "tulis sebagai pecahan dengan titik, misalnya 0.02 untuk 2%, paling banyak 8 angka di belakangnya")
}

pub(crate) fn date(text: &str) -> Parsed<CivilDate> {
    text.parse().map_err(|_| "tulis tanggal seperti 2026-12-31")
}

pub(crate) fn method(text: &str) -> Parsed<LoanMethod> {
    text.parse().map_err(|_| "pilih flat, menurun, anuitas, atau harian")
}

pub(crate) fn rounding_mode(text: &str) -> Parsed<RoundingMode> {
    text.parse().map_err(|_| "pilih nearest, up, atau down")
}

pub(crate) fn rounding_place(text: &str) -> Parsed<RoundingPlace> {
    text.parse().map_err(|_| "pilih component atau instalment")
}

pub(crate) fn day_count(text: &str) -> Parsed<DayCount> {
    text.parse().map_err(|_| "pilih 30/360 atau actual/365")
}

pub(crate) fn instant(text: &str) -> Parsed<Timestamp> {
    text.parse().map_err(|_| "tulis waktu seperti 2026-11-24T03:28:05Z")
}

pub(crate) fn step(text: &str) -> Parsed<Step> {
    Step::ALL.iter().copied().find(|step| step.name() == text).ok_or("sebutkan nama sebuah langkah demo")
}

/// The 32 bytes of a key's SHA-256. Spaces and hyphens are for the eye.
pub(crate) fn key_hash(text: &str) -> Parsed<[u8; 32]> {
    hex(text).ok_or("salin ke-64 huruf dan angka kunci dari kertas aktivasi")
}

/// The 16 bytes of a verifier's challenge.
pub(crate) fn nonce(text: &str) -> Parsed<[u8; 16]> {
    hex(text).ok_or("tulis angka acak permintaan sebagai 32 huruf dan angka heksadesimal")
}

fn hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-')).collect();
    HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok()?.try_into().ok()
}

pub(crate) fn audience(text: &str) -> Parsed<Audience> {
    let audience = match text.strip_prefix("kop:").and_then(|rest| rest.split_once(':')) {
        None if text == "kop:m" => Some(Audience::Show),
        Some(("b", verifier)) => VerifierId::new(verifier).ok().map(Audience::Purchase),
        Some(("s", verifier)) => VerifierId::new(verifier).ok().map(Audience::StepUp),
        _ => None,
    };
    audience.ok_or("tulis kop:m, atau kop:b: dan kop:s: dengan kode kasir, misalnya kop:b:mart-01")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_a_cooperative_and_a_number_that_may_hold_a_stroke() {
        let read = profile("handayani/001/KSP").unwrap();
        assert_eq!((read.cooperative.as_str(), read.member_no.as_str()), ("handayani", "001/KSP"));
        for bad in ["", "handayani", "handayani/", "/1", "Handayani/1"] {
            assert!(profile(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_count_is_a_whole_number_from_one() {
        assert_eq!(count("50"), Ok(50));
        for bad in ["", "0", "-1", "+1", "1.5", "4294967296", "x"] {
            assert!(count(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_key_reads_in_groups_and_either_case() {
        let grouped = "00ff ".repeat(8) + &"00FF-".repeat(8);
        assert_eq!(key_hash(&grouped).unwrap()[..2], [0, 255]);
        assert!(key_hash(&"0".repeat(62)).is_err());
        assert!(nonce(&"0".repeat(64)).is_err());
    }

    #[test]
    fn an_audience_is_show_or_names_its_verifier() {
        for good in ["kop:m", "kop:b:mart-01", "kop:s:mart-01"] {
            assert_eq!(audience(good).unwrap().to_string(), good);
        }
        for bad in ["", "kop:", "kop:m:", "kop:b", "kop:b:", "kop:x:mart-01", "kop:b:Mart-01"] {
            assert!(audience(bad).is_err(), "{bad}");
        }
    }
}
