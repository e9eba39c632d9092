//! The words and patterns of which descriptions are made: common names and things around Semarang.
//! Nobody in particular is meant.

use crate::text::Way::{self, Bank, Collector, Machine, Qris, Teller};

#[rustfmt::skip]
pub(crate) const FIRST: [&str; 56] = [
    "Siti", "Slamet", "Sri", "Budi", "Wati", "Joko", "Endang", "Agus", "Sumarni", "Hadi", "Partini",
    "Bambang", "Lestari", "Sutrisno", "Rukmini", "Eko", "Dwi", "Tri", "Ma'ruf", "Nurul", "Kartini",
    "Suparman", "Yuli", "Rini", "Wahyu", "Sugeng", "Paijo", "Ngatini", "Mulyono", "Aminah", "Fitri",
    "Hendra", "Dewi", "Ratna", "Suyatno", "Tumini", "Khoirul", "Zubaidah", "Anwar", "Lilik",
    "Harsono", "Mardiyah", "Widodo", "Sholeh", "Puji", "Galih", "Arif", "Umi", "Teguh", "Murni",
    "Sapto", "Yanti", "Kusno", "Indah", "Rohmat", "Tutik",
];

#[rustfmt::skip]
pub(crate) const LAST: [&str; 40] = [
    "Handayani", "Santoso", "Wijayanti", "Purnomo", "Rahayu", "Setiawan", "Suharto", "Astuti",
    "Nugroho", "Wibowo", "Kusuma", "Utami", "Hartono", "Susanti", "Prasetyo", "Lestari", "Hidayat",
    "Mulyani", "Saputra", "Widyastuti", "Kurniawan", "Sulistyowati", "Raharjo", "Pertiwi",
    "Gunawan", "Ningsih", "Suryadi", "Anggraini", "Yulianto", "Safitri", "Budiman", "Fatimah",
    "Wahyudi", "Permata", "Sudarmo", "Hastuti", "Iskandar", "Maharani", "Subagyo", "Puspita",
];

#[rustfmt::skip]
pub(crate) const BANKS: [&str; 8] = [
    "BRI", "BCA", "BNI", "Mandiri", "BSI", "Bank Jateng", "BTN", "Jago",
];

#[rustfmt::skip]
pub(crate) const MARKETS: [&str; 10] = [
    "Johar", "Karangayu", "Bulu", "Peterongan", "Gunungpati", "Jatingaleh", "Banyumanik",
    "Pedurungan", "Genuk", "Mangkang",
];

#[rustfmt::skip]
pub(crate) const GOODS: [&str; 20] = [
    "beras", "sayur", "ayam potong", "tahu tempe", "bandeng presto", "wingko", "lumpia",
    "kain batik", "kelapa", "telur", "bumbu", "buah", "jamu", "kerupuk", "es dawet", "gula jawa",
    "ikan asin", "mainan", "plastik", "soto",
];

#[rustfmt::skip]
pub(crate) const NEEDS: [&str; 16] = [
    "biaya sekolah", "hajatan", "berobat", "belanja stok", "renovasi dapur", "bayar kontrakan",
    "servis motor", "beli pupuk", "uang muka motor", "SPP kuliah", "arisan RT", "khitanan",
    "beli mesin jahit", "modal lebaran", "kurban", "bayar utang toko",
];

#[rustfmt::skip]
pub(crate) const EMPLOYERS: [&str; 8] = [
    "PT Sinar Garmen", "CV Tirta Makmur", "SD Negeri 01", "RSUD Kota", "UD Barokah",
    "PT Kayu Jati", "Toko Laris", "PT Jamu Sehat",
];

/// Kelurahan of Semarang with the kecamatan they are in.
#[rustfmt::skip]
pub(crate) const PLACES: [(&str, &str); 14] = [
    ("Sekaran", "Gunungpati"), ("Patemon", "Gunungpati"), ("Ngijo", "Gunungpati"),
    ("Mangunsari", "Gunungpati"), ("Tembalang", "Tembalang"), ("Meteseh", "Tembalang"),
    ("Srondol Kulon", "Banyumanik"), ("Pudakpayung", "Banyumanik"), ("Ngaliyan", "Ngaliyan"),
    ("Tambakaji", "Ngaliyan"), ("Pedurungan Lor", "Pedurungan"), ("Tlogosari Kulon", "Pedurungan"),
    ("Bangetayu Wetan", "Genuk"), ("Bandarharjo", "Semarang Utara"),
];

#[rustfmt::skip]
pub(crate) const MISTAKES: [&str; 5] = [
    "salah ketik", "salah rekening", "dobel input", "salah nominal", "batal",
];

// Patterns: see `text::fill`.

pub(crate) const WAJIB: [(Way, &str); 3] =
    [(Teller, "Simpanan wajib {month}"), (Collector, "Simpanan wajib {month}"), (Bank, "Simpanan wajib {month}")];

pub(crate) const DEPOSITS: [(Way, &str); 8] = [
    (Teller, "Setoran tunai loket, slip ########"),
    (Teller, "Titip setor {person}, KTA ######"),
    (Teller, "Hasil {goods} {few}# kg {person}"),
    (Collector, "Tabungan Pasar {market} {stall} {person}"),
    (Collector, "Jemput {place} RT {few} {person}"),
    (Qris, "QRIS {goods} {person} ####"),
    (Qris, "QRIS lapak {goods} nota #########"),
    (Bank, "Gaji {employer} NIP ########"),
];

pub(crate) const WITHDRAWALS: [(Way, &str); 5] = [
    (Teller, "Tarik tunai loket, slip ########"),
    (Teller, "Untuk {need} {first}, slip ######"),
    (Teller, "Diambil {person} (kuasa ######)"),
    (Qris, "Belanja {goods} \"{last}\" nota ########"),
    (Collector, "Antar {place} – {need} {first}"),
];

pub(crate) const TRANSFERS_IN: [(Way, &str); 3] = [
    (Bank, "Dari {bank} {person} ######"),
    (Bank, "{bank} ########## {person}"),
    (Machine, "Pindahan SS-###### {person}"),
];

pub(crate) const TRANSFERS_OUT: [(Way, &str); 5] = [
    (Bank, "Ke {bank} ########## {person}"),
    (Bank, "Token PLN ########### {last}"),
    (Bank, "PDAM ######## {person}"),
    (Bank, "BPJS {few} jiwa, VA #############"),
    (Machine, "Arisan {market} SS-###### {first}"),
];

pub(crate) const FEES: [(Way, &str); 3] =
    [(Machine, "Biaya administrasi {month}"), (Bank, "Biaya transfer {bank}"), (Teller, "Ganti buku no. ######")];

pub(crate) const REPAYMENTS: [(Way, &str); 4] = [
    (Bank, "Angs. {number} {bank} ########## {first}"),
    (Bank, "Angs. {number} {employer} NIP ########"),
    (Collector, "Angs. {number} lewat {person} ####"),
    (Teller, "Angs. {number} slip ######## {first}"),
];

pub(crate) const REPAYMENTS_DAILY: [(Way, &str); 4] = [
    (Collector, "Angs. {number} {market} {stall} {person}"),
    (Collector, "Angs. {number} {market} {stall} {person}"),
    (Collector, "Angs. {number} lewat {person} ####"),
    (Teller, "Angs. {number} slip ######## {first}"),
];

pub(crate) const REVERSALS: [(Way, &str); 1] = [(Teller, "Koreksi {mistake}, baris {number}")];
