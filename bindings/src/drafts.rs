//! Drafts, and what stands behind a request: the core's records and calls, for Kotlin and Swift.

use anggota::client::{AttachmentView, BackingView, DraftView, ReplyView, RequestView};
use anggota::domain::{
    Collateral, Draft, DraftOf, MediaType, MemberNo, Money, OperationId, ProductCode, Purpose, ReplyText, RequestState,
    Timestamp,
};
use anggota::words::screen::Screen;
use anggota::words::{Language, Level};

use crate::client::Client;
use crate::error::AnggotaError;

type Result<T> = std::result::Result<T, AnggotaError>;

/// What kind of document is attached.
#[uniffi::remote(Enum)]
pub enum MediaType {
    /// A photograph.
    Jpeg,
    /// A picture of a screen or a scan.
    Png,
    /// A document of pages.
    Pdf,
}

/// What a draft will be.
#[uniffi::remote(Enum)]
pub enum DraftOf {
    /// A request for a loan.
    Request {
        /// The product, once chosen.
        product: Option<ProductCode>,
        /// How much, once said.
        principal: Option<Money>,
        /// Over how many months, once said.
        periods: Option<u32>,
        /// What for, once said.
        purpose: Option<Purpose>,
    },
    /// A reply to the office, which asked for more.
    Reply {
        /// About which request.
        request_id: OperationId,
        /// What the member says, once written.
        text: Option<ReplyText>,
    },
}

/// A draft without its documents, which are kept beside it.
#[uniffi::remote(Record)]
pub struct Draft {
    /// What it will be.
    pub of: DraftOf,
    /// What the member says to earn in a month.
    pub income: Option<Money>,
    /// The members who will vouch for the loan.
    pub guarantors: Vec<MemberNo>,
    /// What is pledged.
    pub collateral: Option<Collateral>,
}

/// What stands behind a request, or is given with a reply or a draft.
#[uniffi::remote(Record)]
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
#[uniffi::remote(Record)]
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
#[uniffi::remote(Record)]
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
#[uniffi::remote(Record)]
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

#[uniffi::export]
impl Client {
    /// Keeps a draft: a new one, or the one of that id in its new wording. Its documents stay as they are.
    pub async fn save_draft(&self, draft_id: Option<OperationId>, draft: Draft) -> Result<DraftView> {
        let core = self.shared();
        Ok(self.run(async move { core.save_draft(draft_id, draft).await }).await??)
    }

    /// The drafts, the newest first.
    pub fn drafts(&self) -> Result<Vec<DraftView>> {
        Ok(self.core().drafts()?)
    }

    /// Throws a draft away with its documents. One that is not there is thrown away already.
    pub async fn delete_draft(&self, draft_id: OperationId) -> Result<()> {
        let core = self.shared();
        Ok(self.run(async move { core.delete_draft(&draft_id).await }).await??)
    }

    /// Attaches a document (a JPEG or PNG picture or a PDF file of at most 4 MiB) to a draft, at most 5; the same one
    /// twice is attached once.
    pub async fn attach(&self, draft_id: OperationId, document: Vec<u8>) -> Result<DraftView> {
        let core = self.shared();
        Ok(self.run(async move { core.attach(&draft_id, document).await }).await??)
    }

    /// Takes the document with that SHA-256 (hex) out of a draft.
    pub async fn detach(&self, draft_id: OperationId, hash: String) -> Result<DraftView> {
        let core = self.shared();
        Ok(self.run(async move { core.detach(&draft_id, &hash).await }).await??)
    }

    /// Makes a draft a request, or a reply to the office; once this returns it will be sent, exactly once, whatever
    /// happens to the app. What is missing, or what the product's terms forbid, is refused here already. One that was sent
    /// already is left as it is.
    pub async fn send_draft(&self, draft_id: OperationId) -> Result<RequestView> {
        let core = self.shared();
        Ok(self.run(async move { core.send_draft(&draft_id).await }).await??)
    }

    /// Sends the documents of requests that the office has, as far as the network lasts; what is cut off goes on with the
    /// next call. A client that runs in the background does it by itself. Fails with `Cancelled` after
    /// [`Client::cancel_upload`].
    pub async fn upload(&self) -> Result<()> {
        let core = self.shared();
        self.run_until(&self.stop_upload, async move { core.upload().await }).await
    }

    /// Stops the uploads that are under way; what the office has stays there, and the next one goes on from there.
    pub fn cancel_upload(&self) -> Result<()> {
        self.stop_upload.notify_waiters();
        Ok(())
    }

    /// The drafts, as [`Client::drafts`] lists them.
    pub fn drafts_screen(&self, language: Language, level: Level) -> Result<Screen> {
        Ok(self.core().drafts_screen(language, level)?)
    }
}
