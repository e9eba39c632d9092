//! Requests, replies and drafts as a shell shows them.

use super::TermsView;
use crate::domain::{
    Collateral, DraftOf, MediaType, MemberNo, Money, OperationId, ProductCode, Purpose, ReplyText, RequestState,
    Timestamp,
};

/// A request for a loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestView {
    /// The operation's id, the same at the office.
    pub request_id: OperationId,
    /// The product's code.
    pub product: ProductCode,
    /// How much.
    pub principal: Money,
    /// Over how many months.
    pub periods: u32,
    /// What for.
    pub purpose: Purpose,
    /// Where it stands.
    pub state: RequestState,
    /// Why it was rejected, is stuck or has not been sent yet, in Indonesian or in an officer's own words; `reason` says it in
    /// the reader's language.
    pub reason: Option<String>,
    /// The product's terms of now, where they have changed since and the cooperative has not said yes.
    pub new_terms: Option<TermsView>,
    /// When the member saved it.
    pub submitted_at: Timestamp,
    /// What stands behind it.
    pub backing: BackingView,
    /// What the member replied when the office asked for more, oldest first.
    pub replies: Vec<ReplyView>,
}

impl RequestView {
    /// Whether the office waits for the member, and no reply is on its way.
    pub fn can_be_replied_to(&self) -> bool {
        let is_on_its_way = |reply: &ReplyView| matches!(reply.state, RequestState::Queued | RequestState::Sending);
        self.state == RequestState::MoreAsked && !self.replies.iter().any(is_on_its_way)
    }
}

/// What stands behind a request, or is given with a reply or a draft.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BackingView {
    /// What the member says to earn in a month.
    pub income: Option<Money>,
    /// The members who vouch for the loan.
    pub guarantors: Vec<MemberNo>,
    /// What is pledged.
    pub collateral: Option<Collateral>,
    /// The documents.
    pub attachments: Vec<AttachmentView>,
}

/// A document, and how much of it the office has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentView {
    /// SHA-256 of its bytes, in hex.
    pub hash: String,
    /// How many bytes it has.
    pub size: u32,
    /// What kind of document.
    pub media_type: MediaType,
    /// How many bytes the office said it holds.
    pub sent: u32,
    /// The office has all of it, and it is what was named.
    pub whole: bool,
    /// The office refused it: retry, or attach another to a reply.
    pub refused: bool,
    /// Why it has not arrived, a sentence.
    pub reason: Option<String>,
}

/// What a member gave when the office asked for more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplyView {
    /// In the member's words.
    pub text: ReplyText,
    /// Where the reply stands: queued, sending, received, rejected or stuck.
    pub state: RequestState,
    /// Why it was rejected, is stuck or has not been sent yet.
    pub reason: Option<String>,
    /// When the member saved it.
    pub submitted_at: Timestamp,
    /// What it gives in addition.
    pub backing: BackingView,
}

/// A request or a reply in the making.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftView {
    /// The id that the request or the reply will have.
    pub draft_id: OperationId,
    /// What it will be, as far as it is said.
    pub of: DraftOf,
    /// What stands behind it so far.
    pub backing: BackingView,
    /// When the member last changed it.
    pub saved_at: Timestamp,
}
