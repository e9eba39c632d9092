//! Loan requests and where they stand, in words.

use anggota::client::RequestView;
use anggota::domain::RequestState;

use super::table;
use super::time::Reader;

pub(crate) fn request_saved(view: &RequestView) -> String {
    format!(
        "Permintaan pinjaman {} disimpan di perangkat ini dan dikirim begitu ada jaringan.\nNomor permintaan: {}",
        view.principal.to_rupiah_text(),
        view.request_id
    )
}

/// Where one request stands.
pub(crate) fn request_state(view: &RequestView) -> String {
    format!("Permintaan {}: {}.", view.request_id, state(view))
}

/// After the wish to take it back.
pub(crate) fn cancelled(view: &RequestView) -> String {
    match view.state {
        RequestState::Cancelled => request_state(view),
        _ => format!("Keinginan membatalkan sudah disimpan dan dikirim bila ada jaringan.\n{}", request_state(view)),
    }
}

pub(crate) fn requests(views: &[RequestView], reader: &Reader) -> String {
    if views.is_empty() {
        return "Belum ada permintaan pinjaman.".to_owned();
    }
    let all: Vec<String> = views.iter().map(|view| pending(view, reader)).collect();
    all.join("\n")
}

/// One request with all that the member may want to know.
pub(super) fn pending(view: &RequestView, reader: &Reader) -> String {
    let rows = [
        ("Keadaan", state(view)),
        ("Keperluan", view.purpose.to_string()),
        ("Lama", format!("{} bulan", view.periods)),
        ("Produk", view.product.to_string()),
        ("Disimpan", reader.when(view.submitted_at)),
        ("Nomor", view.request_id.to_string()),
    ];
    format!("Permintaan pinjaman {}\n{}", view.principal.to_rupiah_text(), table(&rows))
}

fn state(view: &RequestView) -> String {
    let word = match view.state {
        RequestState::Queued => "menunggu dikirim",
        RequestState::Sending => "sedang dikirim",
        RequestState::Received => "sudah diterima koperasi, menunggu jawaban",
        RequestState::Approved => "DISETUJUI",
        RequestState::Rejected => "ditolak",
        RequestState::Stuck => "tertahan",
        RequestState::Cancelled => "dibatalkan",
    };
    match &view.reason {
        Some(reason) => format!("{word}: {reason}"),
        None => word.to_owned(),
    }
}
