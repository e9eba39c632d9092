//! Why the core refused, in words for a member: its sentence for the kind of failure, or a closer one where it named the rule.

use anggota::error::Error;

/// The core's rules that a member can run into, each with its sentence.
const RULES: &[(&str, &str)] = &[
    (
        "the amount is below the product's smallest loan",
        "Jumlah itu di bawah pinjaman terkecil produk ini; minta jumlah yang lebih besar.",
    ),
    (
        "the amount is above the product's largest loan",
        "Jumlah itu di atas pinjaman terbesar produk ini; minta jumlah yang lebih kecil.",
    ),
    (
        "the term is longer than the product allows",
        "Jangka waktu itu lebih lama dari yang diizinkan produk ini; pilih waktu yang lebih pendek.",
    ),
    ("the amount asked for is more than 0", "Jumlah pinjaman harus lebih dari nol; isi --principal."),
    ("a loan is repaid in 1 to 600 months", "Pinjaman dilunasi dalam 1 sampai 600 bulan; perbaiki --periods."),
    ("the amount lent is more than 0", "Besar pinjaman harus lebih dari nol; perbaiki --principal."),
    (
        "the periods free of principal are fewer than all periods",
        "Angsuran yang membayar jasa saja harus lebih sedikit dari semua angsuran; perbaiki --grace.",
    ),
    (
        "interest by the day needs the dates of the loan",
        "Hitungan menurut hari memerlukan tanggal; tambahkan --first-due atau --disbursed.",
    ),
    ("the rounding unit is more than 0", "Kelipatan pembulatan harus lebih dari nol; perbaiki --rounding-unit."),
    (
        "the first instalment falls due after the loan is paid out",
        "Angsuran pertama jatuh tempo sesudah pencairan; perbaiki --first-due atau --disbursed.",
    ),
    (
        "a date lies between 1900-01-01 and 2199-12-31",
        "Tanggal harus di antara tahun 1900 dan 2199, juga tanggal angsuran terakhir.",
    ),
    (
        "an amount of the schedule has more than 15 digits of rupiah",
        "Jumlah uang dalam hitungan ini lebih dari 15 angka; pakai jumlah yang lebih kecil.",
    ),
    (
        "there are fewer instalments than were said to be paid",
        "Angsuran yang sudah dibayar lebih banyak dari semua angsuran; perbaiki --paid.",
    ),
    (
        "the day to pay off is not before the last paid instalment",
        "Tanggal pelunasan mendahului angsuran yang sudah dibayar; perbaiki --pay-off atau --paid.",
    ),
    (
        "the schedule has no instalment of this number",
        "Semua angsuran sudah dibayar, jadi tidak ada yang terlambat; perbaiki --paid.",
    ),
    ("no loan product has this code", "Kode produk itu tidak ada di koperasi ini; periksa kodenya di kantor."),
    (
        "the products come with the first sync",
        "Produk pinjaman belum dikenal di perangkat ini; jalankan sync lebih dahulu.",
    ),
    (
        "the request is decided or was never accepted",
        "Permintaan ini sudah diputuskan atau tidak pernah diterima, jadi tidak dapat dibatalkan.",
    ),
    ("the card comes with the next sync", "Kartu belum ada di perangkat ini; jalankan sync lebih dahulu."),
    ("the activation code is digits only", "Kode aktivasi hanya terdiri dari angka; periksa lagi kertas dari kantor."),
    (
        "only https is safe outside of this machine",
        "Alamat server harus diawali https://; hanya server di komputer ini boleh http://.",
    ),
];

pub(crate) fn refusal(error: &Error) -> String {
    let named = error.rule().and_then(|rule| RULES.iter().find(|(known, _)| *known == rule));
    named.map_or(error.code().advice(), |(_, sentence)| sentence).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use anggota::domain::loan::RepaymentTerms;
    use anggota::domain::{Invalid, LoanMethod, LoanProduct, LoanRequest, Money, Name, ProductCode, Purpose, Rate};

    #[track_caller]
    fn assert_worded(refused: Result<impl Sized, Invalid>) {
        let Err(invalid) = refused else { panic!("it was accepted") };
        let error = Error::from(invalid);
        assert_ne!(refusal(&error), error.code().advice(), "{:?}", error.rule());
    }

    #[test]
    fn a_request_outside_the_terms_is_told_which_term() {
        let code = ProductCode::new("PF").unwrap();
        let rupiah = |amount| Money::from_rupiah(amount).unwrap();
        let product = LoanProduct {
            code: code.clone(),
            name: Name::new("Pinjaman").unwrap(),
            method: LoanMethod::Flat,
            rate_per_period: Rate::ZERO,
            version: 1,
            min_principal: Some(rupiah(10)),
            max_principal: Some(rupiah(20)),
            max_periods: Some(12),
            repayment: RepaymentTerms::default(),
        };
        assert_worded(product.accepts(rupiah(9), 1));
        assert_worded(product.accepts(rupiah(21), 1));
        assert_worded(product.accepts(rupiah(15), 13));
        let purpose = || Purpose::new("usaha").unwrap();
        assert_worded(LoanRequest::new(code.clone(), 1, Money::ZERO, 1, purpose()));
        assert_worded(LoanRequest::new(code, 1, rupiah(1), 601, purpose()));
    }

    #[test]
    fn every_sentence_is_whole() {
        assert!(RULES.iter().all(|(_, sentence)| sentence.ends_with('.')));
    }
}
