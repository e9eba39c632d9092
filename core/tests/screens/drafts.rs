//! Drafts, and what stands behind a request: documents on their way, a reply to the office.

use anggota::domain::{Collateral, DraftOf, MediaType, MemberNo, ProductCode, Purpose, ReplyText, RequestState};
use anggota::protocol::rule::ServerRule;
use anggota::views::{AttachmentView, BackingView, DraftView, ReplyView, RequestView};

use super::samples::{at, money, request};

fn document(whole: bool, refused: bool) -> AttachmentView {
    AttachmentView {
        hash: "0123456789abcdef".repeat(4),
        size: 200_000,
        media_type: MediaType::Jpeg,
        sent: if whole { 200_000 } else { 65_536 },
        whole,
        refused,
        reason: refused.then(|| "Berkas ini tidak diterima kantor; lampirkan lagi berkasnya.".to_owned()),
    }
}

fn backing(attachments: Vec<AttachmentView>) -> BackingView {
    BackingView {
        income: Some(money("3500000")),
        guarantors: ["A-007", "A-012"].map(|no| MemberNo::new(no).unwrap()).to_vec(),
        collateral: Some(Collateral::new("BPKB motor Honda 2019").unwrap()),
        attachments,
    }
}

/// The office asked for more, and the member's reply waits for a network.
pub(super) fn replied() -> RequestView {
    let reply = ReplyView {
        text: ReplyText::new("Ini foto BPKB dan slip gaji").unwrap(),
        state: RequestState::Queued,
        reason: None,
        submitted_at: at("2026-11-24T03:00:00Z"),
        backing: BackingView { attachments: vec![document(false, false)], ..BackingView::default() },
    };
    let asked = request(1, RequestState::MoreAsked, Some("Mohon foto BPKB."));
    RequestView { backing: backing(vec![document(true, false)]), replies: vec![reply], ..asked }
}

/// All documents are there.
pub(super) fn backed() -> RequestView {
    let documents = vec![document(true, false), document(true, false)];
    RequestView { backing: backing(documents), ..request(2, RequestState::Received, None) }
}

/// The office did not take one.
pub(super) fn refused() -> RequestView {
    let documents = vec![document(true, false), document(false, true)];
    RequestView { backing: backing(documents), ..request(3, RequestState::Received, None) }
}

/// Rejected, after a reply that was not taken: nobody waits for the documents any more.
pub(super) fn decided() -> RequestView {
    let mut view = replied();
    view.replies[0].state = RequestState::Rejected;
    view.replies[0].reason = Some(ServerRule::GuarantorNotActive.sentence().to_owned());
    RequestView { state: RequestState::Rejected, reason: Some("Belum dapat kami setujui.".to_owned()), ..view }
}

/// One of each kind, whole and not.
pub(super) fn drafts() -> Vec<DraftView> {
    let draft = |number: u8, of, backing| DraftView {
        draft_id: request(number, RequestState::Queued, None).request_id,
        of,
        backing,
        saved_at: at("2026-11-23T01:05:00Z"),
    };
    let whole = DraftOf::Request {
        product: Some(ProductCode::new("PU").unwrap()),
        principal: Some(money("5000000")),
        periods: Some(12),
        purpose: Some(Purpose::new("modal warung").unwrap()),
    };
    let empty = DraftOf::Request { product: None, principal: None, periods: None, purpose: None };
    let text = ReplyText::new("Ini foto BPKB").unwrap();
    let reply = DraftOf::Reply { request_id: replied().request_id, text: Some(text) };
    vec![
        draft(4, whole, backing(vec![document(false, false), document(false, false)])),
        draft(5, empty, BackingView::default()),
        draft(6, reply, BackingView { attachments: vec![document(false, false)], ..BackingView::default() }),
    ]
}
