//! The documents of requests, replies and drafts.

use anggota::client::{AttachmentView, BackingView, DraftView, ReplyView, RequestView};
use anggota::domain::DraftOf;
use anggota::words::{self, Language};
use serde::Serialize;

use super::loans::Terms;

/// One request, as in `loan requests` and in `balance`.
#[derive(Serialize)]
pub(crate) struct Request {
    request_id: String,
    product: String,
    principal: String,
    periods: u32,
    purpose: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_terms: Option<Terms>,
    submitted_at: String,
    #[serde(flatten)]
    backing: Backing,
    replies: Vec<Reply>,
}

impl Request {
    /// Its reasons as the reader reads them.
    pub(crate) fn of(view: &RequestView, language: Language) -> Self {
        Self {
            request_id: view.request_id.to_string(),
            product: view.product.to_string(),
            principal: view.principal.to_string(),
            periods: view.periods,
            purpose: view.purpose.to_string(),
            state: view.state.as_str(),
            reason: view.reason.as_deref().map(|told| words::reason(language, told)),
            new_terms: view.new_terms.as_ref().map(Terms::from),
            submitted_at: view.submitted_at.to_string(),
            backing: Backing::of(&view.backing, language),
            replies: view.replies.iter().map(|reply| Reply::of(reply, language)).collect(),
        }
    }
}

/// `loan requests`.
#[derive(Serialize)]
pub(crate) struct Requests {
    requests: Vec<Request>,
}

impl Requests {
    pub(crate) fn of(views: &[RequestView], language: Language) -> Self {
        Self { requests: views.iter().map(|view| Request::of(view, language)).collect() }
    }
}

/// `loan request`, `loan reply`, `loan cancel`, `loan accept`, `loan retry` and `loan draft send`.
#[derive(Serialize)]
pub(crate) struct RequestState {
    request_id: String,
    state: &'static str,
}

impl From<&RequestView> for RequestState {
    fn from(view: &RequestView) -> Self {
        Self { request_id: view.request_id.to_string(), state: view.state.as_str() }
    }
}

/// What stands behind a request, a reply or a draft: part of its document.
#[derive(Serialize)]
struct Backing {
    #[serde(skip_serializing_if = "Option::is_none")]
    income: Option<String>,
    guarantors: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    collateral: Option<String>,
    attachments: Vec<Attachment>,
}

impl Backing {
    fn of(view: &BackingView, language: Language) -> Self {
        Self {
            income: view.income.map(|income| income.to_string()),
            guarantors: view.guarantors.iter().map(ToString::to_string).collect(),
            collateral: view.collateral.as_ref().map(ToString::to_string),
            attachments: view.attachments.iter().map(|document| Attachment::of(document, language)).collect(),
        }
    }
}

#[derive(Serialize)]
struct Attachment {
    hash: String,
    size: u32,
    media_type: &'static str,
    sent: u32,
    whole: bool,
    refused: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
}

impl Attachment {
    fn of(view: &AttachmentView, language: Language) -> Self {
        let AttachmentView { hash, size, media_type, sent, whole, refused, reason } = view.clone();
        let reason = reason.map(|told| words::reason(language, &told));
        Self { hash, size, media_type: media_type.as_str(), sent, whole, refused, reason }
    }
}

#[derive(Serialize)]
struct Reply {
    text: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    submitted_at: String,
    #[serde(flatten)]
    backing: Backing,
}

impl Reply {
    fn of(view: &ReplyView, language: Language) -> Self {
        Self {
            text: view.text.to_string(),
            state: view.state.as_str(),
            reason: view.reason.as_deref().map(|told| words::reason(language, told)),
            submitted_at: view.submitted_at.to_string(),
            backing: Backing::of(&view.backing, language),
        }
    }
}

/// `loan draft save`, `attach` and `detach`, and one of `loan draft list`.
#[derive(Serialize)]
pub(crate) struct Draft {
    draft_id: String,
    #[serde(flatten)]
    of: DraftedAs,
    #[serde(flatten)]
    backing: Backing,
    saved_at: String,
}

/// What a draft will be, as far as it is said.
#[derive(Serialize)]
#[serde(untagged)]
enum DraftedAs {
    Request {
        #[serde(skip_serializing_if = "Option::is_none")]
        product: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        principal: Option<String>,
        #[serde(skip_serializing_if = "Option::is_none")]
        periods: Option<u32>,
        #[serde(skip_serializing_if = "Option::is_none")]
        purpose: Option<String>,
    },
    Reply {
        request_id: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
}

impl Draft {
    pub(crate) fn of(view: &DraftView, language: Language) -> Self {
        let of = match &view.of {
            DraftOf::Request { product, principal, periods, purpose } => DraftedAs::Request {
                product: product.as_ref().map(ToString::to_string),
                principal: principal.as_ref().map(ToString::to_string),
                periods: *periods,
                purpose: purpose.as_ref().map(ToString::to_string),
            },
            DraftOf::Reply { request_id, text } => {
                DraftedAs::Reply { request_id: request_id.to_string(), text: text.as_ref().map(ToString::to_string) }
            }
        };
        let (draft_id, saved_at) = (view.draft_id.to_string(), view.saved_at.to_string());
        Self { draft_id, of, backing: Backing::of(&view.backing, language), saved_at }
    }
}

/// `loan draft list` and `delete`.
#[derive(Serialize)]
pub(crate) struct Drafts {
    drafts: Vec<Draft>,
}

impl Drafts {
    pub(crate) fn of(views: &[DraftView], language: Language) -> Self {
        Self { drafts: views.iter().map(|view| Draft::of(view, language)).collect() }
    }
}
