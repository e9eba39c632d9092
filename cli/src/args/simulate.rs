//! What a simulated loan is described by: a product's own terms, or all of them one by one.

use anggota::domain::loan::{DayCount, RoundingMode, RoundingPlace};
use anggota::domain::{CivilDate, LoanMethod, Money, ProductCode, Rate};

use super::values;

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Isian")]
pub(crate) struct Simulate {
    #[arg(long, value_name = "KODE", allow_hyphen_values = true, value_parser = values::product,
        conflicts_with_all = ["method", "rate", "grace", "rounding_unit", "rounding_mode", "rounding_applies_to", "day_count",
            "late_charge_rate"],
        help = "Kode produk pinjaman koperasi Anda; tanpa ini sebutkan --method dan --rate")]
    pub(crate) product: Option<ProductCode>,
    #[arg(long, value_name = "CARA", allow_hyphen_values = true, value_parser = values::method,
        required_unless_present = "product", help = "Cara menghitung jasa: flat, menurun, anuitas, atau harian")]
    pub(crate) method: Option<LoanMethod>,
    #[arg(long, value_name = "RUPIAH", allow_hyphen_values = true, value_parser = values::amount,
        help = "Besar pinjaman, misalnya 5000000")]
    pub(crate) principal: Money,
    #[arg(long, value_name = "PECAHAN", allow_hyphen_values = true, value_parser = values::rate,
        required_unless_present = "product", help = "Jasa sebulan sebagai pecahan: 0.02 berarti 2%")]
    pub(crate) rate: Option<Rate>,
    #[arg(long, value_name = "BULAN", allow_hyphen_values = true, value_parser = values::count,
        help = "Banyaknya angsuran, satu setiap bulan")]
    pub(crate) periods: u32,
    #[arg(long, value_name = "TANGGAL", allow_hyphen_values = true, value_parser = values::date,
        help = "Jatuh tempo angsuran pertama, misalnya 2026-12-15")]
    pub(crate) first_due: Option<CivilDate>,
    #[arg(long, value_name = "TANGGAL", allow_hyphen_values = true, value_parser = values::date, help = "Tanggal pencairan")]
    pub(crate) disbursed: Option<CivilDate>,
    #[arg(long, value_name = "BULAN", allow_hyphen_values = true, value_parser = values::number,
        help = "Berapa angsuran pertama membayar jasa saja")]
    pub(crate) grace: Option<u32>,
    #[arg(long, value_name = "RUPIAH", allow_hyphen_values = true, value_parser = values::amount,
        help = "Dibulatkan ke kelipatan ini, Rp1 bila tidak disebut")]
    pub(crate) rounding_unit: Option<Money>,
    #[arg(long, value_name = "CARA", allow_hyphen_values = true, value_parser = values::rounding_mode,
        help = "Cara membulatkan: nearest (terdekat), up (ke atas), atau down (ke bawah)")]
    pub(crate) rounding_mode: Option<RoundingMode>,
    #[arg(long, value_name = "APA", allow_hyphen_values = true, value_parser = values::rounding_place,
        help = "Yang dibulatkan: component (pokok dan jasa) atau instalment (angsuran)")]
    pub(crate) rounding_applies_to: Option<RoundingPlace>,
    #[arg(long, value_name = "CARA", allow_hyphen_values = true, value_parser = values::day_count,
        help = "Hitungan hari: 30/360 atau actual/365")]
    pub(crate) day_count: Option<DayCount>,
    #[arg(long, value_name = "TANGGAL", allow_hyphen_values = true, value_parser = values::date,
        help = "Hitung pelunasan pada tanggal ini")]
    pub(crate) pay_off: Option<CivilDate>,
    #[arg(long, value_name = "BANYAK", allow_hyphen_values = true, value_parser = values::number, default_value = "0",
        hide_default_value = true, help = "Berapa angsuran pertama sudah dibayar pada jatuh temponya")]
    pub(crate) paid: u32,
    #[arg(long, value_name = "TANGGAL", allow_hyphen_values = true, value_parser = values::date,
        help = "Hitung denda bila angsuran berikutnya dibayar pada tanggal ini")]
    pub(crate) pay_late: Option<CivilDate>,
    #[arg(long, value_name = "PECAHAN", allow_hyphen_values = true, value_parser = values::rate,
        help = "Denda sebulan dari angsuran yang terlambat, sebagai pecahan")]
    pub(crate) late_charge_rate: Option<Rate>,
}
