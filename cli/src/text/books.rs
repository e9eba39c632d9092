//! What `verify` found, in words.

use anggota::client::{VerifiedAccountView, VerifyView};
use anggota::domain::LedgerKind;

use super::grouped;

pub(crate) fn verification(view: &VerifyView) -> String {
    let mut parts: Vec<String> = view.accounts.iter().map(verified_account).collect();
    parts.push(match (view.ok, view.accounts.is_empty()) {
        (true, false) => "SEMUA COCOK: setiap catatan terhubung dengan tanda tangan koperasi.".to_owned(),
        (true, true) => "Belum ada catatan di perangkat ini. Jalankan: anggota sync".to_owned(),
        (false, _) => "TIDAK COCOK: jalankan anggota sync, lalu hubungi kantor koperasi.".to_owned(),
    });
    parts.join("\n")
}

fn verified_account(view: &VerifiedAccountView) -> String {
    let kind = match view.kind {
        LedgerKind::Savings => "Simpanan",
        LedgerKind::Loan => "Pinjaman",
    };
    let found = match (view.ok, view.first_bad_seq) {
        (true, _) => "cocok".to_owned(),
        (false, Some(seq)) => format!("TIDAK COCOK mulai catatan {seq}"),
        (false, None) => "TIDAK COCOK".to_owned(),
    };
    format!("{kind} {}: {} catatan, {found}.", view.account_no, grouped(view.entries))
}
