//! A loan request that was saved or taken back, in words.

use anggota::client::RequestView;
use anggota::domain::RequestState;

pub(crate) fn request_saved(view: &RequestView) -> String {
    format!(
        "Permintaan pinjaman {} disimpan di perangkat ini dan dikirim begitu ada jaringan.\nNomor permintaan: {}",
        view.principal.to_rupiah_text(),
        view.request_id
    )
}

fn request_state(view: &RequestView) -> String {
    format!("Permintaan {}: {}.", view.request_id, state(view))
}

/// After the wish to take it back.
pub(crate) fn cancelled(view: &RequestView) -> String {
    match view.state {
        RequestState::Cancelled => request_state(view),
        _ => format!("Keinginan membatalkan sudah disimpan dan dikirim bila ada jaringan.\n{}", request_state(view)),
    }
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
