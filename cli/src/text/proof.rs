//! What proves the books beyond this device, in words.

use std::path::Path;

use anggota::client::{CheckpointComparison, CheckpointView, EvidenceView, StatementView, WarningView};

use super::time::Reader;
use super::{table, warning};

pub(crate) fn evidence(kept: &[EvidenceView], file: Option<&Path>, reader: &Reader) -> String {
    if kept.is_empty() {
        return "Tidak ada bukti pelanggaran di perangkat ini.".to_owned();
    }
    let mut parts: Vec<String> = kept.iter().map(|piece| one(piece, reader)).collect();
    parts.push(match file {
        Some(file) => format!("Semua bukti ditulis ke {}; serahkan berkas itu ke kantor koperasi.", file.display()),
        None => "Untuk kantor koperasi: anggota evidence --out BERKAS".to_owned(),
    });
    parts.iter().map(|part| part.trim_end()).collect::<Vec<_>>().join("\n\n")
}

fn one(piece: &EvidenceView, reader: &Reader) -> String {
    let about = WarningView { kind: piece.kind, account_no: piece.account_no.clone(), at: piece.at };
    let statement = |signed: &StatementView| {
        let StatementView { epoch, generation, issued_at, hash } = signed;
        format!("{epoch}.{generation}, {}, {}", reader.when(*issued_at), &hash[..16])
    };
    let rows: Vec<_> = [
        ("Dipegang", piece.held.as_ref().map(statement)),
        ("Diterima", piece.received.as_ref().map(statement)),
        ("Mulai catatan", piece.first_seq.map(|seq| seq.to_string())),
    ]
    .into_iter()
    .filter_map(|(label, value)| Some((label, value?)))
    .collect();
    format!("{}\n{}", warning(&about, reader), table(&rows))
}

pub(crate) fn checkpoint(view: &CheckpointView) -> String {
    format!(
        "PEMBUKUAN {}.{}\nBacakan atau pindai di perangkat Anda yang lain: anggota checkpoint compare --text TEKS\n\n{}",
        view.epoch, view.generation, view.text
    )
}

pub(crate) fn compared(found: CheckpointComparison) -> &'static str {
    match found {
        CheckpointComparison::Same => "SAMA: kedua perangkat memegang pembukuan yang sama.",
        CheckpointComparison::OtherOlder => "Perangkat lain belum terbaru; lakukan sync di sana, lalu bandingkan lagi.",
        CheckpointComparison::OtherNewer => "Perangkat ini belum terbaru; lakukan sync di sini, lalu bandingkan lagi.",
        CheckpointComparison::Different => {
            "BERBEDA: koperasi menandatangani dua pembukuan yang berbeda. Buktinya disimpan; hubungi kantor koperasi."
        }
    }
}
