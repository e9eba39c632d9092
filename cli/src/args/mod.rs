//! The command line: what may be typed, and a sentence for what may not.
//!
//! Only what is built is listed. A value that starts with `-` is a value wherever one is due.

mod backing;
mod refusal;
mod savings;
mod simulate;
pub(crate) mod values;

use std::ffi::OsString;
use std::path::PathBuf;

use anggota::card::Audience;
use anggota::client::ProfileId;
use anggota::domain::{AccountNo, MemberNo, Money, OperationId, ProductCode, Purpose, Timestamp};
use anggota::words::{Language, Level};
pub(crate) use backing::{Backing, Draft, DraftSave, LoanReply};
use clap::{ArgAction, Parser, Subcommand};
pub(crate) use savings::{Deposit, Interest, Savings, Shu};
pub(crate) use simulate::Simulate;

use crate::demo::Step;
use crate::failure::Failure;

const TEMPLATE: &str = "{about}\n\nCara pakai: {usage}\n\n{all-args}";

#[derive(Debug, Parser)]
#[command(
    name = "anggota",
    version,
    about = "Simpanan, pinjaman, dan kartu anggota koperasi Anda.",
    help_template = TEMPLATE,
    subcommand_help_heading = "Perintah",
    subcommand_value_name = "PERINTAH",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Pilihan")]
pub(crate) struct Global {
    #[arg(long, global = true, value_name = "FOLDER", allow_hyphen_values = true, help = "Folder data perangkat ini")]
    pub(crate) data_dir: Option<PathBuf>,
    #[arg(long, global = true, value_name = "KOPERASI/NOMOR", allow_hyphen_values = true, value_parser = values::profile,
        help = "Keanggotaan yang dimaksud, bila ada beberapa")]
    pub(crate) profile: Option<ProfileId>,
    #[arg(long, global = true, help = "Jawab dengan satu dokumen JSON, untuk program lain")]
    pub(crate) json: bool,
    #[arg(long, global = true, value_name = "BAHASA", default_value = "id", hide_default_value = true,
        value_parser = values::language, help = "Bahasa jawaban: id, jv, atau en")]
    pub(crate) lang: Language,
    #[arg(long, global = true, value_name = "RINCI", default_value = "full", hide_default_value = true,
        value_parser = values::level, help = "Banyaknya rincian: plain (sedikit, kata utuh) atau full (semua)")]
    pub(crate) level: Level,
    #[arg(long, global = true, help = "Tulis layar sebagai kalimat untuk dibacakan")]
    pub(crate) spoken: bool,
    #[arg(short, long, global = true, action = ArgAction::Help, help = "Tampilkan bantuan ini")]
    help: Option<bool>,
    #[arg(short = 'V', long, action = ArgAction::Version, help = "Tampilkan versi program")]
    version: Option<bool>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    #[command(about = "Lihat seluruh cerita dengan pembukuan contoh, tanpa koperasi", help_template = TEMPLATE)]
    Demo(Demo),
    #[command(about = "Daftarkan perangkat ini dengan kode aktivasi dari kantor", help_template = TEMPLATE)]
    Enrol(Enrol),
    #[command(about = "Ambil catatan terbaru dan kirim permintaan", help_template = TEMPLATE)]
    Sync,
    #[command(about = "Lihat saldo simpanan dan sisa pinjaman", help_template = TEMPLATE)]
    Balance,
    #[command(about = "Lihat catatan sebuah rekening simpanan", help_template = TEMPLATE)]
    Transactions(SavingsPage),
    #[command(about = "Hitung ulang bukti semua catatan di perangkat ini", help_template = TEMPLATE)]
    Verify,
    #[command(about = "Lihat bukti pelanggaran pembukuan, dan tulis untuk kantor", help_template = TEMPLATE)]
    Evidence {
        #[arg(
            long,
            value_name = "BERKAS",
            help_heading = "Isian",
            allow_hyphen_values = true,
            help = "Tulis semua bukti ke berkas ini"
        )]
        out: Option<PathBuf>,
    },
    #[command(subcommand, about = "Pembukuan di dua perangkat: tunjukkan, bandingkan", help_template = TEMPLATE,
        subcommand_help_heading = "Perintah", subcommand_value_name = "PERINTAH")]
    Checkpoint(Checkpoint),
    #[command(subcommand, about = "Pinjaman: daftar, catatan, angsuran, hitungan, permintaan", help_template = TEMPLATE,
        subcommand_help_heading = "Perintah", subcommand_value_name = "PERINTAH")]
    Loan(Loan),
    #[command(subcommand, about = "Simpanan: perkiraan jasa dan pajak, simpanan berjangka, SHU", help_template = TEMPLATE,
        subcommand_help_heading = "Perintah", subcommand_value_name = "PERINTAH")]
    Savings(Savings),
    #[command(subcommand, about = "Kartu anggota: tampilkan, periksa", help_template = TEMPLATE,
        subcommand_help_heading = "Perintah", subcommand_value_name = "PERINTAH")]
    Card(Card),
    #[command(subcommand, about = "Angka dan kode dalam kata-kata, tanpa keanggotaan", help_template = TEMPLATE,
        subcommand_help_heading = "Perintah", subcommand_value_name = "PERINTAH")]
    Text(Text),
    #[command(about = "Ikuti perubahan sampai dihentikan", help_template = TEMPLATE)]
    Watch,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Isian")]
pub(crate) struct Demo {
    #[arg(
        long,
        value_name = "FOLDER",
        allow_hyphen_values = true,
        help = "Folder kosong yang disimpan sesudahnya; tanpa ini folder sementara"
    )]
    pub(crate) dir: Option<PathBuf>,
    /// For the tests: the step that is to fail.
    #[arg(long = "break", hide = true, value_name = "STEP", value_parser = values::step)]
    pub(crate) breaks: Option<Step>,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Isian")]
pub(crate) struct Enrol {
    #[arg(
        long,
        value_name = "URL",
        allow_hyphen_values = true,
        help = "Alamat server dan koperasinya, misalnya https://kop.example/handayani"
    )]
    pub(crate) server: String,
    #[arg(long, value_name = "NOMOR", allow_hyphen_values = true, value_parser = values::member, help = "Nomor anggota")]
    pub(crate) member: MemberNo,
    #[arg(long, value_name = "KODE", allow_hyphen_values = true, help = "Kode aktivasi dari kantor")]
    pub(crate) code: String,
    #[arg(long, value_name = "HEX", allow_hyphen_values = true, value_parser = values::key_hash,
        conflicts_with_all = ["trust_on_first_use", "root"], help = "Kunci koperasi dari kertas aktivasi")]
    pub(crate) server_key: Option<[u8; 32]>,
    #[arg(long, conflicts_with = "root", help = "Percayai kunci yang ditunjukkan server pada pendaftaran ini")]
    pub(crate) trust_on_first_use: bool,
    #[arg(
        long,
        value_name = "BERKAS",
        allow_hyphen_values = true,
        help = "Kunci induk federasi, boleh beberapa kali: koperasi dipercaya lewat daftar kepercayaan"
    )]
    pub(crate) root: Vec<PathBuf>,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Isian")]
pub(crate) struct SavingsPage {
    #[arg(long, value_name = "NOMOR", allow_hyphen_values = true, value_parser = values::account, help = "Nomor rekening")]
    pub(crate) account: AccountNo,
    #[command(flatten)]
    pub(crate) range: Range,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Isian")]
pub(crate) struct LoanPage {
    #[arg(value_name = "NOMOR", help_heading = "Isian", allow_hyphen_values = true, value_parser = values::account, help = "Nomor pinjaman")]
    pub(crate) loan: AccountNo,
    #[command(flatten)]
    pub(crate) range: Range,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Isian")]
pub(crate) struct Range {
    #[arg(long, value_name = "BANYAK", default_value = "50", hide_default_value = true, allow_hyphen_values = true,
        value_parser = values::count, help = "Banyaknya catatan, 50 bila tidak disebut")]
    pub(crate) limit: u32,
    #[arg(long, value_name = "URUTAN", allow_hyphen_values = true, value_parser = values::count,
        help = "Hanya catatan sebelum urutan ini")]
    pub(crate) before: Option<u32>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Loan {
    #[command(about = "Lihat pinjaman Anda", help_template = TEMPLATE)]
    List,
    #[command(about = "Lihat catatan sebuah pinjaman", help_template = TEMPLATE)]
    Transactions(LoanPage),
    #[command(about = "Lihat angsuran sebuah pinjaman: yang lunas, terlambat, dan berikutnya", help_template = TEMPLATE)]
    Schedule {
        #[arg(value_name = "NOMOR", help_heading = "Isian", allow_hyphen_values = true, value_parser = values::account, help = "Nomor pinjaman")]
        loan: AccountNo,
        #[arg(long, value_name = "RUPIAH", help_heading = "Isian", allow_hyphen_values = true, value_parser = values::amount,
            help = "Tunjukkan untuk apa saja pembayaran sebesar ini")]
        pay: Option<Money>,
    },
    #[command(about = "Lihat tanggal untuk mengingatkan angsuran", help_template = TEMPLATE)]
    Reminders(Reminders),
    #[command(about = "Hitung angsuran dan biaya sebuah pinjaman", help_template = TEMPLATE)]
    Simulate(Box<Simulate>),
    #[command(about = "Periksa sebelum meminta pinjaman: batas, status, penghasilan", help_template = TEMPLATE)]
    Check(LoanCheck),
    #[command(about = "Minta pinjaman; dikirim begitu ada jaringan", help_template = TEMPLATE)]
    Request(Box<LoanRequest>),
    #[command(about = "Jawab kantor yang meminta keterangan lagi", help_template = TEMPLATE)]
    Reply(Box<LoanReply>),
    #[command(subcommand, about = "Konsep permintaan dan jawaban, sebelum dikirim", help_template = TEMPLATE,
        subcommand_help_heading = "Perintah", subcommand_value_name = "PERINTAH")]
    Draft(Draft),
    #[command(about = "Lihat permintaan pinjaman Anda", help_template = TEMPLATE)]
    Requests,
    #[command(about = "Batalkan permintaan yang belum diputuskan", help_template = TEMPLATE)]
    Cancel {
        #[arg(value_name = "ID", help_heading = "Isian", allow_hyphen_values = true, value_parser = values::operation, help = "Nomor permintaan")]
        id: OperationId,
    },
    #[command(about = "Terima pinjaman yang sudah disetujui", help_template = TEMPLATE)]
    Accept {
        #[arg(value_name = "ID", help_heading = "Isian", allow_hyphen_values = true, value_parser = values::operation, help = "Nomor permintaan")]
        id: OperationId,
    },
    #[command(about = "Kirim sekarang permintaan yang menunggu atau tertahan", help_template = TEMPLATE)]
    Retry {
        #[arg(value_name = "ID", help_heading = "Isian", allow_hyphen_values = true, value_parser = values::operation, help = "Nomor permintaan")]
        id: OperationId,
    },
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Isian")]
pub(crate) struct Reminders {
    #[arg(long, value_name = "HARI", value_delimiter = ',', default_value = "3,1,0", hide_default_value = true,
        allow_hyphen_values = true, value_parser = values::days, help = "Berapa hari sebelumnya, 3,1,0 bila tidak disebut")]
    pub(crate) days_before: Vec<u16>,
    #[arg(long, value_name = "BANYAK", default_value = "20", hide_default_value = true, allow_hyphen_values = true,
        value_parser = values::count, help = "Paling banyak berapa, 20 bila tidak disebut")]
    pub(crate) limit: u32,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Isian")]
pub(crate) struct LoanCheck {
    #[arg(long, value_name = "KODE", allow_hyphen_values = true, value_parser = values::product,
        help = "Kode produk pinjaman")]
    pub(crate) product: ProductCode,
    #[arg(long, value_name = "RUPIAH", allow_hyphen_values = true, value_parser = values::amount,
        help = "Besar pinjaman, misalnya 5000000")]
    pub(crate) principal: Money,
    #[arg(long, value_name = "BULAN", allow_hyphen_values = true, value_parser = values::count,
        help = "Lama pinjaman dalam bulan")]
    pub(crate) periods: u32,
    #[arg(long, value_name = "RUPIAH", allow_hyphen_values = true, value_parser = values::amount,
        help = "Penghasilan sebulan; tidak disimpan dan tidak dikirim")]
    pub(crate) income: Option<Money>,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Isian")]
pub(crate) struct LoanRequest {
    #[arg(long, value_name = "KODE", allow_hyphen_values = true, value_parser = values::product,
        help = "Kode produk pinjaman")]
    pub(crate) product: ProductCode,
    #[arg(long, value_name = "RUPIAH", allow_hyphen_values = true, value_parser = values::amount,
        help = "Besar pinjaman, misalnya 5000000")]
    pub(crate) principal: Money,
    #[arg(long, value_name = "BULAN", allow_hyphen_values = true, value_parser = values::count,
        help = "Lama pinjaman dalam bulan")]
    pub(crate) periods: u32,
    #[arg(long, value_name = "TEKS", allow_hyphen_values = true, value_parser = values::purpose, help = "Untuk keperluan apa")]
    pub(crate) purpose: Purpose,
    #[command(flatten)]
    pub(crate) backing: Backing,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Checkpoint {
    #[command(about = "Tunjukkan keadaan pembukuan di perangkat ini, untuk perangkat Anda yang lain", help_template = TEMPLATE)]
    Show,
    #[command(about = "Bandingkan dengan keadaan pembukuan di perangkat Anda yang lain", help_template = TEMPLATE)]
    Compare {
        #[arg(
            long,
            value_name = "TEKS",
            help_heading = "Isian",
            allow_hyphen_values = true,
            help = "Isi kode QR perangkat lain: KTB1:..."
        )]
        text: String,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Card {
    #[command(about = "Tampilkan kartu sebagai kode QR, diperbarui tiap 30 detik", help_template = TEMPLATE)]
    Show(CardShow),
    #[command(about = "Periksa kartu yang ditunjukkan, tanpa jaringan", help_template = TEMPLATE)]
    Verify(CardVerify),
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Isian")]
pub(crate) struct CardShow {
    #[arg(long, value_name = "BERKAS", allow_hyphen_values = true, help = "Tulis kode QR sebagai gambar PNG")]
    pub(crate) png: Option<PathBuf>,
    #[arg(long, value_name = "BERKAS", allow_hyphen_values = true, help = "Tulis kode QR sebagai gambar SVG")]
    pub(crate) svg: Option<PathBuf>,
    #[arg(long, help = "Tampilkan sekali saja")]
    pub(crate) once: bool,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Isian")]
pub(crate) struct CardVerify {
    #[arg(long, value_name = "TEKS", allow_hyphen_values = true, help = "Isi kode QR: KTA1:...")]
    pub(crate) text: String,
    #[arg(long, value_name = "BERKAS", allow_hyphen_values = true, help = "Daftar kepercayaan federasi")]
    pub(crate) trust: PathBuf,
    #[arg(
        long,
        value_name = "BERKAS",
        allow_hyphen_values = true,
        required = true,
        help = "Kunci induk federasi, boleh beberapa kali"
    )]
    pub(crate) root: Vec<PathBuf>,
    #[arg(
        long,
        value_name = "BERKAS",
        allow_hyphen_values = true,
        help = "Daftar status koperasi, boleh beberapa kali; tanpa ini dianggap terlalu lama"
    )]
    pub(crate) status: Vec<PathBuf>,
    #[arg(long, value_name = "TUJUAN", allow_hyphen_values = true, value_parser = values::audience, default_value = "kop:m",
        hide_default_value = true, help = "Untuk apa kartu ditunjukkan: kop:m, kop:b:KASIR, atau kop:s:KASIR")]
    pub(crate) audience: Audience,
    #[arg(long, value_name = "HEX", allow_hyphen_values = true, value_parser = values::nonce,
        help = "Angka acak dari permintaan kasir")]
    pub(crate) nonce: Option<[u8; 16]>,
    #[arg(long, value_name = "RUPIAH", allow_hyphen_values = true, value_parser = values::amount,
        help = "Jumlah yang diminta kasir")]
    pub(crate) amount: Option<Money>,
    #[arg(long, value_name = "WAKTU", allow_hyphen_values = true, value_parser = values::instant,
        help = "Pengganti waktu sekarang, misalnya 2026-11-24T03:28:05Z")]
    pub(crate) at: Option<Timestamp>,
    #[arg(
        long,
        value_name = "FOLDER",
        allow_hyphen_values = true,
        help = "Tempat mengingat kartu yang sudah diperiksa; tanpa ini tidak ada yang diingat"
    )]
    pub(crate) state: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Text {
    #[command(about = "Ucapkan sebuah bilangan", help_template = TEMPLATE)]
    Terbilang {
        #[arg(value_name = "BILANGAN", help_heading = "Isian", allow_hyphen_values = true, value_parser = values::amount,
            help = "Bilangan, misalnya 1500000 atau -12.50")]
        number: Money,
    },
    #[command(about = "Tulis sebuah jumlah uang", help_template = TEMPLATE)]
    Rupiah {
        #[arg(value_name = "RUPIAH", help_heading = "Isian", allow_hyphen_values = true, value_parser = values::amount,
            help = "Jumlah, misalnya 1500000 atau -12.50")]
        amount: Money,
    },
    #[command(about = "Periksa nomor induk kependudukan (NIK) di KTP", help_template = TEMPLATE)]
    Nik {
        #[arg(value_name = "NIK", help_heading = "Isian", allow_hyphen_values = true, help = "Ke-16 angkanya")]
        digits: String,
    },
    #[command(about = "Baca kode pembayaran QRIS: kepada siapa dan berapa", help_template = TEMPLATE)]
    Qris {
        #[arg(value_name = "KODE", help_heading = "Isian", allow_hyphen_values = true, help = "Isi kode QR")]
        code: String,
    },
}

/// Reads the command line; `None` when it only asked for help or the version, which is printed.
pub(crate) fn parse(given: &[OsString]) -> Result<Option<Args>, Failure> {
    match Args::try_parse_from(given) {
        Ok(args) => Ok(Some(args)),
        Err(error) => refusal::answer(&error).map(|()| None),
    }
}

/// Whether a line that could not be read asked for JSON.
pub(crate) fn wants_json(given: &[OsString]) -> bool {
    given.iter().any(|argument| argument == "--json")
}

/// The language that a line asked for, as far as it can be read.
pub(crate) fn wanted_language(given: &[OsString]) -> Language {
    let words: Vec<&str> = given.iter().filter_map(|argument| argument.to_str()).collect();
    let after = words.windows(2).find(|pair| pair[0] == "--lang").map(|pair| pair[1]);
    let named = after.or_else(|| words.iter().find_map(|word| word.strip_prefix("--lang=")));
    named.and_then(|code| code.parse().ok()).unwrap_or_default()
}
