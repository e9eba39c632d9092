//! What is reckoned about savings: a balance or an account, a term deposit, a year's SHU.

use anggota::domain::{AccountNo, CivilDate, Money, Rate};
use clap::Subcommand;

use super::{TEMPLATE, values};

#[derive(Debug, Subcommand)]
pub(crate) enum Savings {
    #[command(about = "Perkirakan jasa simpanan dan pajaknya", help_template = TEMPLATE)]
    Interest(Interest),
    #[command(about = "Hitung simpanan berjangka pada jatuh temponya", help_template = TEMPLATE)]
    Deposit(Deposit),
    #[command(about = "Perkirakan bagian SHU dari angka-angka rapat anggota", help_template = TEMPLATE)]
    Shu(Shu),
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Isian")]
pub(crate) struct Interest {
    #[arg(long, value_name = "NOMOR", allow_hyphen_values = true, value_parser = values::account,
        conflicts_with_all = ["balance", "rate", "from"],
        help = "Rekening simpanan Anda, dengan saldo dan jasanya; tanpa ini sebutkan --balance dan --rate")]
    pub(crate) account: Option<AccountNo>,
    #[arg(long, value_name = "RUPIAH", allow_hyphen_values = true, value_parser = values::amount,
        required_unless_present = "account", help = "Saldo, misalnya 5000000")]
    pub(crate) balance: Option<Money>,
    #[arg(long, value_name = "PECAHAN", allow_hyphen_values = true, value_parser = values::rate,
        required_unless_present = "account", help = "Jasa setahun sebagai pecahan: 0.03 berarti 3%")]
    pub(crate) rate: Option<Rate>,
    #[arg(long, value_name = "BULAN", allow_hyphen_values = true, value_parser = values::count, help = "Selama berapa bulan")]
    pub(crate) months: u32,
    #[arg(long, value_name = "TANGGAL", allow_hyphen_values = true, value_parser = values::date,
        help = "Mulai tanggal ini, hari ini bila tidak disebut")]
    pub(crate) from: Option<CivilDate>,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Isian")]
pub(crate) struct Deposit {
    #[arg(long, value_name = "RUPIAH", allow_hyphen_values = true, value_parser = values::amount, help = "Jumlah yang disetor")]
    pub(crate) principal: Money,
    #[arg(long, value_name = "PECAHAN", allow_hyphen_values = true, value_parser = values::rate,
        help = "Jasa setahun sebagai pecahan: 0.06 berarti 6%")]
    pub(crate) rate: Rate,
    #[arg(long, value_name = "BULAN", allow_hyphen_values = true, value_parser = values::count, help = "Jangka waktu dalam bulan")]
    pub(crate) months: u32,
    #[arg(long, value_name = "TANGGAL", allow_hyphen_values = true, value_parser = values::date,
        help = "Tanggal dibuka, hari ini bila tidak disebut")]
    pub(crate) opened: Option<CivilDate>,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Isian")]
pub(crate) struct Shu {
    #[arg(long, value_name = "RUPIAH", allow_hyphen_values = true, value_parser = values::amount, help = "SHU koperasi tahun itu")]
    pub(crate) surplus: Money,
    #[arg(long, value_name = "PECAHAN", allow_hyphen_values = true, value_parser = values::rate,
        help = "Bagian untuk jasa usaha: 0.25 berarti 25%")]
    pub(crate) business_share: Rate,
    #[arg(long, value_name = "PECAHAN", allow_hyphen_values = true, value_parser = values::rate,
        help = "Bagian untuk jasa modal: 0.2 berarti 20%")]
    pub(crate) capital_share: Rate,
    #[arg(long, value_name = "RUPIAH", allow_hyphen_values = true, value_parser = values::amount,
        help = "Usaha semua anggota: pinjaman atau belanja mereka")]
    pub(crate) total_business: Money,
    #[arg(long, value_name = "RUPIAH", allow_hyphen_values = true, value_parser = values::amount,
        help = "Simpanan pokok dan wajib semua anggota")]
    pub(crate) total_capital: Money,
    #[arg(long, value_name = "RUPIAH", allow_hyphen_values = true, value_parser = values::amount, help = "Usaha Anda")]
    pub(crate) member_business: Money,
    #[arg(long, value_name = "RUPIAH", allow_hyphen_values = true, value_parser = values::amount,
        help = "Simpanan pokok dan wajib Anda")]
    pub(crate) member_capital: Money,
}
