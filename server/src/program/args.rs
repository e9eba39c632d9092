//! The command line: what may be typed.
//!
//! Only what is built is listed. A value that starts with `-` is a value wherever one is due.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use anggota::domain::{CooperativeId, DeviceId, MemberNo, Name, OperationId, Reason};
use clap::{ArgAction, ArgGroup, Parser, Subcommand};

use super::{unreadable, values};
use crate::refusal::Refusal;

const TEMPLATE: &str = "{about}\n\nCara pakai: {usage}\n\n{all-args}";

#[derive(Debug, Parser)]
#[command(
    name = "anggota-server",
    version,
    about = "Server koperasi untuk aplikasi anggota, dan perintah untuk pengurus.",
    help_template = TEMPLATE,
    subcommand_help_heading = "Perintah",
    subcommand_value_name = "PERINTAH",
    disable_help_subcommand = true,
    disable_help_flag = true,
    disable_version_flag = true
)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Pilihan")]
pub(super) struct Global {
    #[arg(
        long,
        global = true,
        value_name = "URL",
        default_value = "sqlite:anggota.db",
        hide_default_value = true,
        allow_hyphen_values = true,
        help = "Basis data; sqlite:anggota.db bila tidak disebut"
    )]
    pub(super) database: String,
    #[arg(
        long,
        global = true,
        value_name = "FOLDER",
        default_value = "keys",
        hide_default_value = true,
        allow_hyphen_values = true,
        help = "Folder kunci rahasia koperasi; keys bila tidak disebut"
    )]
    pub(super) keys: PathBuf,
    #[arg(long, global = true, value_name = "ID", allow_hyphen_values = true, value_parser = values::cooperative,
        help = "Koperasi yang dimaksud, bila ada beberapa di basis data")]
    pub(super) cooperative: Option<CooperativeId>,
    #[arg(long, global = true, help = "Jawab dengan satu dokumen JSON, untuk program lain")]
    pub(super) json: bool,
    #[arg(short, long, global = true, action = ArgAction::Help, help = "Tampilkan bantuan ini")]
    help: Option<bool>,
    #[arg(short = 'V', long, action = ArgAction::Version, help = "Tampilkan versi program")]
    version: Option<bool>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    #[command(about = "Layani aplikasi anggota sampai dihentikan", help_template = TEMPLATE)]
    Serve(Serve),
    #[command(about = "Impor pembukuan dari folder berkas CSV", help_template = TEMPLATE)]
    Import {
        #[arg(value_name = "FOLDER", help_heading = "Isian", allow_hyphen_values = true, help = "Folder pembukuan")]
        folder: PathBuf,
    },
    #[command(about = "Buat kode aktivasi untuk seorang anggota", help_template = TEMPLATE)]
    Activate {
        #[arg(long, value_name = "NOMOR", help_heading = "Isian", allow_hyphen_values = true,
            value_parser = values::member, help = "Nomor anggota")]
        member: MemberNo,
        #[arg(long, value_name = "NAMA", help_heading = "Isian", allow_hyphen_values = true,
            value_parser = values::officer, help = "Nama pengurus")]
        officer: Option<Name>,
    },
    #[command(subcommand, about = "Pengajuan pinjaman: daftar, lampiran, putuskan", help_template = TEMPLATE,
        subcommand_help_heading = "Perintah", subcommand_value_name = "PERINTAH")]
    Requests(Requests),
    #[command(subcommand, about = "Anggota: bekukan, pulihkan", help_template = TEMPLATE,
        subcommand_help_heading = "Perintah", subcommand_value_name = "PERINTAH")]
    Member(Member),
    #[command(subcommand, about = "Perangkat anggota: daftar, cabut", help_template = TEMPLATE,
        subcommand_help_heading = "Perintah", subcommand_value_name = "PERINTAH")]
    Device(Device),
    #[command(subcommand, about = "Tulis keterangan koperasi untuk federasi dan toko", help_template = TEMPLATE,
        subcommand_help_heading = "Perintah", subcommand_value_name = "PERINTAH")]
    Export(Export),
    #[command(subcommand, about = "Zaman pembukuan, setelah pemulihan dari cadangan", help_template = TEMPLATE,
        subcommand_help_heading = "Perintah", subcommand_value_name = "PERINTAH")]
    Epoch(Epoch),
    #[command(subcommand, about = "Kunci pembukuan koperasi: ganti", help_template = TEMPLATE,
        subcommand_help_heading = "Perintah", subcommand_value_name = "PERINTAH")]
    Key(Key),
    #[command(subcommand, about = "Federasi, tanpa jaringan: buat kunci induk, tandatangani daftar kepercayaan",
        help_template = TEMPLATE, subcommand_help_heading = "Perintah", subcommand_value_name = "PERINTAH")]
    Federation(Federation),
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Isian")]
pub(super) struct Serve {
    #[arg(long, value_name = "ALAMAT", default_value = "127.0.0.1:8080", hide_default_value = true,
        allow_hyphen_values = true, value_parser = values::address, help = "Alamat dan porta; 127.0.0.1:8080 bila tidak disebut")]
    pub(super) listen: SocketAddr,
    #[arg(
        long,
        value_name = "URL",
        allow_hyphen_values = true,
        help = "Alamat server menurut aplikasi, misalnya https://koperasi.example.id"
    )]
    pub(super) public_url: Option<String>,
    #[arg(
        long,
        value_name = "BERKAS",
        requires = "tls_key",
        allow_hyphen_values = true,
        help = "Sertifikat TLS (PEM)"
    )]
    pub(super) tls_cert: Option<PathBuf>,
    #[arg(
        long,
        value_name = "BERKAS",
        requires = "tls_cert",
        allow_hyphen_values = true,
        help = "Kunci sertifikat TLS (PEM)"
    )]
    pub(super) tls_key: Option<PathBuf>,
    #[arg(
        long,
        value_name = "BERKAS",
        allow_hyphen_values = true,
        help = "Daftar kepercayaan federasi, untuk diteruskan"
    )]
    pub(super) trust_list: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Requests {
    #[command(about = "Lihat semua pengajuan pinjaman", help_template = TEMPLATE)]
    List,
    #[command(about = "Tulis lampiran sebuah pengajuan ke folder", help_template = TEMPLATE)]
    Attachments {
        #[arg(value_name = "ID", help_heading = "Isian", allow_hyphen_values = true, value_parser = values::request,
            help = "Nomor pengajuan")]
        id: OperationId,
        #[arg(
            value_name = "FOLDER",
            help_heading = "Isian",
            allow_hyphen_values = true,
            help = "Folder untuk berkasnya"
        )]
        folder: PathBuf,
    },
    #[command(about = "Teruskan atau putuskan sebuah pengajuan; keputusan tidak dapat diubah", help_template = TEMPLATE)]
    Decide(Decide),
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Isian", group = ArgGroup::new("decision").required(true).args(["approve", "reject", "review", "ask", "disburse"]))]
pub(super) struct Decide {
    #[arg(value_name = "ID", help_heading = "Isian", allow_hyphen_values = true, value_parser = values::request,
        help = "Nomor pengajuan")]
    pub(super) id: OperationId,
    #[arg(long, help = "Setujui")]
    pub(super) approve: bool,
    #[arg(long, requires = "reason", help = "Tolak; alasannya wajib")]
    pub(super) reject: bool,
    #[arg(long, help = "Sedang diperiksa")]
    pub(super) review: bool,
    #[arg(long, requires = "reason", help = "Minta keterangan lagi; isinya wajib, di --reason")]
    pub(super) ask: bool,
    #[arg(long, help = "Uangnya sudah dicairkan")]
    pub(super) disburse: bool,
    #[arg(long, value_name = "TEKS", allow_hyphen_values = true, value_parser = values::reason,
        help = "Alasan, dibaca anggota")]
    pub(super) reason: Option<Reason>,
    #[arg(long, value_name = "NAMA", allow_hyphen_values = true, value_parser = values::officer, help = "Nama pengurus yang memutuskan")]
    pub(super) officer: Name,
}

#[derive(Debug, Subcommand)]
pub(super) enum Member {
    #[command(about = "Bekukan: kartunya tidak berlaku, pengajuannya ditolak", help_template = TEMPLATE)]
    Suspend(Suspend),
    #[command(about = "Akhiri pembekuan", help_template = TEMPLATE)]
    Restore(Suspend),
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Isian")]
pub(super) struct Suspend {
    #[arg(value_name = "NOMOR", help_heading = "Isian", allow_hyphen_values = true, value_parser = values::member,
        help = "Nomor anggota")]
    pub(super) member: MemberNo,
    #[arg(long, value_name = "NAMA", allow_hyphen_values = true, value_parser = values::officer, help = "Nama pengurus")]
    pub(super) officer: Name,
}

#[derive(Debug, Subcommand)]
pub(super) enum Device {
    #[command(about = "Lihat semua perangkat", help_template = TEMPLATE)]
    List,
    #[command(about = "Cabut perangkat yang hilang; kartunya tidak berlaku lagi", help_template = TEMPLATE)]
    Revoke {
        #[arg(value_name = "ID", help_heading = "Isian", allow_hyphen_values = true, value_parser = values::device,
            help = "Nomor perangkat")]
        id: DeviceId,
        #[arg(long, value_name = "NAMA", help_heading = "Isian", allow_hyphen_values = true,
            value_parser = values::officer, help = "Nama pengurus")]
        officer: Option<Name>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Epoch {
    #[command(about = "Mulai zaman baru setelah basis data dipulihkan dari cadangan", help_template = TEMPLATE)]
    New {
        #[arg(long, value_name = "TEKS", help_heading = "Isian", allow_hyphen_values = true,
            value_parser = values::reason, help = "Alasan, dibaca anggota")]
        reason: Reason,
        #[arg(long, value_name = "NAMA", help_heading = "Isian", allow_hyphen_values = true,
            value_parser = values::officer, help = "Nama pengurus")]
        officer: Option<Name>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Key {
    #[command(about = "Ganti kunci yang menandatangani pembukuan; kunci lama menyerahkan kepercayaan kepada yang baru. Ponsel anggota federasi baru dapat memperbarui data setelah daftar kepercayaan baru terbit",
        help_template = TEMPLATE)]
    Rotate {
        #[arg(long, value_name = "NAMA", help_heading = "Isian", allow_hyphen_values = true,
            value_parser = values::officer, help = "Nama pengurus")]
        officer: Option<Name>,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Export {
    #[command(about = "Keterangan koperasi untuk daftar kepercayaan federasi", help_template = TEMPLATE)]
    Issuer {
        #[arg(value_name = "BERKAS", help_heading = "Isian", allow_hyphen_values = true, help = "Berkas yang ditulis")]
        file: PathBuf,
    },
    #[command(about = "Daftar status kartu, untuk toko", help_template = TEMPLATE)]
    StatusList {
        #[arg(value_name = "BERKAS", help_heading = "Isian", allow_hyphen_values = true, help = "Berkas yang ditulis")]
        file: PathBuf,
    },
}

#[derive(Debug, Subcommand)]
pub(super) enum Federation {
    #[command(about = "Buat dua kunci induk federasi", help_template = TEMPLATE)]
    Keygen {
        #[arg(value_name = "FOLDER", help_heading = "Isian", allow_hyphen_values = true, help = "Folder untuk kunci")]
        folder: PathBuf,
    },
    #[command(about = "Tandatangani daftar kepercayaan", help_template = TEMPLATE)]
    Sign(Sign),
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Isian")]
pub(super) struct Sign {
    #[arg(long, value_name = "BERKAS", allow_hyphen_values = true, help = "Kunci induk, misalnya root-0.key")]
    pub(super) root: PathBuf,
    #[arg(
        long,
        value_name = "BERKAS",
        required = true,
        allow_hyphen_values = true,
        help = "Keterangan sebuah koperasi dari export issuer; boleh beberapa kali"
    )]
    pub(super) issuer: Vec<PathBuf>,
    #[arg(long, value_name = "ANGKA", allow_hyphen_values = true, value_parser = values::seq,
        help = "Nomor daftar, lebih besar dari semua yang lalu; waktu sekarang bila tidak disebut")]
    pub(super) seq: Option<u64>,
    #[arg(long, value_name = "ID", default_value = "federasi", hide_default_value = true, allow_hyphen_values = true,
        value_parser = values::cooperative, help = "Nama pendek federasi; federasi bila tidak disebut")]
    pub(super) federation: CooperativeId,
    #[arg(value_name = "BERKAS", help_heading = "Isian", allow_hyphen_values = true, help = "Daftar yang ditulis")]
    pub(super) out: PathBuf,
}

/// Reads the command line; `None` when it only asked for help or the version, which is printed.
pub(super) fn read(given: &[OsString]) -> Result<Option<Args>, Refusal> {
    match Args::try_parse_from(given) {
        Ok(args) => Ok(Some(args)),
        Err(error) => unreadable::answer(&error).map(|()| None),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Args::command().debug_assert();
    }

    #[test]
    fn several_issuers_are_signed_at_once() {
        let line = "anggota-server federation sign --root r --issuer a --issuer b --seq 3 out";
        let args = Args::try_parse_from(line.split(' ')).unwrap();
        let Command::Federation(Federation::Sign(sign)) = args.command else { panic!("another command") };
        assert_eq!((sign.issuer.len(), sign.seq, sign.out), (2, Some(3), PathBuf::from("out")));
    }
}
