//! What a person reads: plain Indonesian, few words, the figure before its explanation.
//!
//! It words what the core decided and decides nothing itself. Every figure is said with its age and whether it is proven.

mod books;
mod card;
mod loans;
mod proof;
mod refusal;
mod requests;
mod time;

pub(crate) use books::{balances, loan_transactions, loans, transactions, verification};
pub(crate) use card::{card_shown, verdict};
pub(crate) use loans::{loan_schedule, simulation};
pub(crate) use proof::{checkpoint, compared, evidence};
pub(crate) use refusal::refusal;
pub(crate) use requests::{cancelled, request_saved, request_state, requests};
pub(crate) use time::Reader;

use std::path::Path;

use anggota::client::{ProfileView, SyncReport, WarningView};
use anggota::domain::{EvidenceKind, Timestamp, Topic};

use crate::demo::{self, Done};

pub(crate) fn enrolled(profile: &ProfileView) -> String {
    format!(
        "Selamat datang, {}.\nPerangkat ini terdaftar sebagai anggota nomor {} di {}.\n\nBerikutnya: anggota sync",
        profile.name, profile.member_no, profile.cooperative_name
    )
}

pub(crate) fn synced(report: &SyncReport) -> String {
    let mut lines = vec![match report.entries_received {
        0 => "Tidak ada catatan baru.".to_owned(),
        count => format!("{} catatan baru diterima.", grouped(count)),
    }];
    if report.requests_sent > 0 {
        lines.push(format!("{} permintaan sudah diterima koperasi.", grouped(report.requests_sent)));
    }
    lines.push(match report.complete {
        true => "Semua catatan lengkap dan terbukti asli.".to_owned(),
        false => "Belum semua catatan lengkap dan terbukti; lihat dengan: anggota balance".to_owned(),
    });
    lines.join("\n")
}

pub(crate) fn notice(topic: Topic, at: Timestamp, reader: &Reader) -> String {
    let changed = match topic {
        Topic::Balances => "saldo berubah",
        Topic::Transactions => "ada catatan baru",
        Topic::Requests => "keadaan permintaan berubah",
        Topic::Card => "kartu diperbarui",
        Topic::Register => "data anggota atau koperasi berubah",
        Topic::Warnings => "ada peringatan; lihat dengan: anggota balance",
        Topic::Sync => "hubungan dengan server koperasi",
    };
    format!("{}  {changed}", reader.clock(at))
}

/// How the demo ended, below its steps.
pub(crate) fn story_told(steps: &[Done], kept: Option<&Path>) -> String {
    let ended = if demo::is_whole(steps) {
        "Semua langkah berhasil."
    } else if steps.iter().all(|done| done.ok) {
        "Dihentikan sebelum selesai."
    } else {
        "GAGAL: langkah terakhir di atas tidak berhasil."
    };
    match kept {
        Some(folder) => format!("\n{ended}\nSemua berkasnya ada di {}.", folder.display()),
        None => format!("\n{ended}"),
    }
}

/// What the member must know about books that do not hold.
fn warning(warning: &WarningView, reader: &Reader) -> String {
    let when = reader.when(warning.at);
    let about = match warning.kind {
        EvidenceKind::Rebuilt => {
            return format!(
                "PERINGATAN, {when}: Data di perangkat ini rusak dan dibangun ulang dari server; periksa permintaan pinjaman Anda."
            );
        }
        EvidenceKind::Rollback => "Server menunjukkan pembukuan yang lebih lama dari yang sudah Anda lihat",
        EvidenceKind::Fork => "Server menunjukkan pembukuan yang berbeda dari yang sudah Anda lihat",
        EvidenceKind::Mismatch => "Catatan dari server tidak cocok dengan tanda tangan koperasi",
        EvidenceKind::PastChanged => "Catatan yang sudah Anda lihat hilang atau berubah",
    };
    let account = warning.account_no.as_ref().map(|account| format!(" ({account})")).unwrap_or_default();
    format!("PERINGATAN, {when}: {about}{account}. Buktinya disimpan; hubungi kantor koperasi.")
}

/// A count with points between thousands.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push('.');
        }
        text.push(digit);
    }
    text
}

/// Labels on the left, what they say on the right, in one column, two spaces in.
fn table(rows: &[(&str, String)]) -> String {
    let width = rows.iter().map(|(label, _)| label.chars().count()).max().unwrap_or_default();
    rows.iter().map(|(label, value)| format!("  {label:<width$}  {value}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_have_points_between_thousands() {
        for (count, text) in [(0, "0"), (999, "999"), (1_000, "1.000"), (445_735, "445.735"), (1_000_000, "1.000.000")]
        {
            assert_eq!(grouped(count), text);
        }
    }
}
