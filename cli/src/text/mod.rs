//! What a person reads on a terminal. Screens come worded from the core, in the reader's language; what only commands
//! say (an enrolment, a sync, a demo) is worded here, in Indonesian.
//!
//! It decides nothing itself.

mod books;
mod card;
mod screen;

pub(crate) use books::verification;
pub(crate) use card::verdict;
pub(crate) use screen::screen;

use std::path::Path;

use anggota::client::{ProfileView, SyncReport};
use anggota::domain::{Timestamp, Topic};
use anggota::words::Reader;

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
    format!("{}  {changed}", reader.clock(at).shown)
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
