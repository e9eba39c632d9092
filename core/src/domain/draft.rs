//! A request or a reply in the making: kept on the phone, as unfinished as the member left it.
//!
//! Becomes a command when it is whole; until then nothing of it leaves the phone.

use super::{
    Attachment, Backing, Collateral, Invalid, LoanRequest, MemberNo, Money, OperationId, ProductCode, Purpose, Reply,
    ReplyText,
};

/// The most drafts that a phone keeps.
pub const MAX_DRAFTS: usize = 20;

/// What a draft will be.
#[derive(Debug, Clone, PartialEq, Eq)]
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
#[derive(Debug, Clone, PartialEq, Eq)]
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

impl Draft {
    /// The draft's backing with its documents.
    pub fn backing(&self, attachments: Vec<Attachment>) -> Result<Backing, Invalid> {
        Backing::new(self.income, self.guarantors.clone(), self.collateral.clone(), attachments)
    }

    /// The request that it is, by the terms of that version; says what is missing where it is not whole.
    pub fn request(&self, product_version: u32, attachments: Vec<Attachment>) -> Result<LoanRequest, Invalid> {
        let DraftOf::Request { product, principal, periods, purpose } = &self.of else {
            return Err(Invalid("the draft is a reply, not a request"));
        };
        let product = product.clone().ok_or(Invalid("a loan product is chosen first"))?;
        let principal = principal.ok_or(Invalid("the amount asked for is more than 0"))?;
        let periods = periods.ok_or(Invalid("a loan is repaid in 1 to 600 months"))?;
        let purpose = purpose.clone().ok_or(Invalid("a request says what the loan is for"))?;
        let request = LoanRequest::new(product, product_version, principal, periods, purpose)?;
        Ok(request.with_backing(self.backing(attachments)?))
    }

    /// The reply that it is; says what is missing where it is not whole.
    pub fn reply(&self, attachments: Vec<Attachment>) -> Result<Reply, Invalid> {
        let DraftOf::Reply { request_id, text } = &self.of else {
            return Err(Invalid("the draft is a request, not a reply"));
        };
        let text = text.clone().ok_or(Invalid("a reply says something to the office"))?;
        Ok(Reply { request: *request_id, text, backing: self.backing(attachments)? })
    }
}
