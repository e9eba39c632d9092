//! What stands behind a request, and drafts of requests and replies, as they are typed.

use std::path::PathBuf;

use anggota::domain::{Collateral, MemberNo, Money, OperationId, ProductCode, Purpose, ReplyText};
use clap::Subcommand;

use super::{TEMPLATE, values};

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Pendukung")]
pub(crate) struct Backing {
    #[arg(long, value_name = "RUPIAH", allow_hyphen_values = true, value_parser = values::amount,
        help = "Penghasilan sebulan, dikirim bersama permintaan")]
    pub(crate) income: Option<Money>,
    #[arg(long, value_name = "NOMOR", allow_hyphen_values = true, value_parser = values::member,
        help = "Nomor anggota penjamin, boleh beberapa kali")]
    pub(crate) guarantor: Vec<MemberNo>,
    #[arg(long, value_name = "TEKS", allow_hyphen_values = true, value_parser = values::collateral, help = "Agunan, misalnya BPKB motor")]
    pub(crate) collateral: Option<Collateral>,
    #[arg(
        long,
        value_name = "BERKAS",
        allow_hyphen_values = true,
        help = "Lampirkan foto (JPEG, PNG) atau PDF, boleh beberapa kali"
    )]
    pub(crate) attach: Vec<PathBuf>,
}

impl Backing {
    /// Whether nothing was typed.
    pub(crate) fn is_empty(&self) -> bool {
        self.income.is_none() && self.guarantor.is_empty() && self.collateral.is_none() && self.attach.is_empty()
    }
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Isian")]
pub(crate) struct LoanReply {
    #[arg(value_name = "ID", allow_hyphen_values = true, value_parser = values::operation, help = "Nomor permintaan")]
    pub(crate) id: OperationId,
    #[arg(long, value_name = "TEKS", allow_hyphen_values = true, value_parser = values::reply, help = "Jawaban untuk kantor")]
    pub(crate) text: ReplyText,
    #[command(flatten)]
    pub(crate) backing: Backing,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Draft {
    #[command(about = "Lihat konsep yang belum dikirim", help_template = TEMPLATE)]
    List,
    #[command(about = "Simpan konsep permintaan atau jawaban; boleh belum lengkap", help_template = TEMPLATE)]
    Save(Box<DraftSave>),
    #[command(about = "Lampirkan berkas pada sebuah konsep", help_template = TEMPLATE)]
    Attach {
        #[arg(value_name = "ID", help_heading = "Isian", allow_hyphen_values = true, value_parser = values::operation, help = "Nomor konsep")]
        id: OperationId,
        #[arg(
            value_name = "BERKAS",
            help_heading = "Isian",
            allow_hyphen_values = true,
            help = "Foto (JPEG, PNG) atau PDF"
        )]
        file: PathBuf,
    },
    #[command(about = "Keluarkan berkas dari sebuah konsep", help_template = TEMPLATE)]
    Detach {
        #[arg(value_name = "ID", help_heading = "Isian", allow_hyphen_values = true, value_parser = values::operation, help = "Nomor konsep")]
        id: OperationId,
        #[arg(
            value_name = "HASH",
            help_heading = "Isian",
            allow_hyphen_values = true,
            help = "Sidik berkas (SHA-256) dari daftar konsep"
        )]
        hash: String,
    },
    #[command(about = "Kirim konsep yang sudah lengkap", help_template = TEMPLATE)]
    Send {
        #[arg(value_name = "ID", help_heading = "Isian", allow_hyphen_values = true, value_parser = values::operation, help = "Nomor konsep")]
        id: OperationId,
    },
    #[command(about = "Hapus konsep beserta berkasnya", help_template = TEMPLATE)]
    Delete {
        #[arg(value_name = "ID", help_heading = "Isian", allow_hyphen_values = true, value_parser = values::operation, help = "Nomor konsep")]
        id: OperationId,
    },
}

#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Isian")]
pub(crate) struct DraftSave {
    #[arg(long, value_name = "ID", allow_hyphen_values = true, value_parser = values::operation,
        help = "Nomor konsep yang dilanjutkan: yang tidak disebut tetap; tanpa ini konsep baru")]
    pub(crate) id: Option<OperationId>,
    #[arg(long, value_name = "ID", allow_hyphen_values = true, value_parser = values::operation,
        conflicts_with_all = ["product", "principal", "periods", "purpose"],
        help = "Nomor permintaan yang dijawab; tanpa ini konsep permintaan baru")]
    pub(crate) reply_to: Option<OperationId>,
    #[arg(long, value_name = "TEKS", allow_hyphen_values = true, value_parser = values::reply,
        help = "Jawaban untuk kantor")]
    pub(crate) text: Option<ReplyText>,
    #[arg(long, value_name = "KODE", allow_hyphen_values = true, value_parser = values::product, help = "Kode produk pinjaman")]
    pub(crate) product: Option<ProductCode>,
    #[arg(long, value_name = "RUPIAH", allow_hyphen_values = true, value_parser = values::amount, help = "Besar pinjaman")]
    pub(crate) principal: Option<Money>,
    #[arg(long, value_name = "BULAN", allow_hyphen_values = true, value_parser = values::count, help = "Lama pinjaman dalam bulan")]
    pub(crate) periods: Option<u32>,
    #[arg(long, value_name = "TEKS", allow_hyphen_values = true, value_parser = values::purpose, help = "Untuk keperluan apa")]
    pub(crate) purpose: Option<Purpose>,
    #[command(flatten)]
    pub(crate) backing: Backing,
}
