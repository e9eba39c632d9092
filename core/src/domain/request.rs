//! What a member asks the cooperative for.

use super::loan::MAX_PERIODS;
use super::product::words;
use super::{Backing, Invalid, Money, OperationId, ProductCode, Purpose, ReplyText};

/// A request for a loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanRequest {
    product: ProductCode,
    product_version: u32,
    principal: Money,
    periods: u32,
    purpose: Purpose,
    backing: Backing,
}

impl LoanRequest {
    /// Checks what can be checked without the product's terms: something is asked for, over 1 to 600 months.
    pub fn new(
        product: ProductCode,
        product_version: u32,
        principal: Money,
        periods: u32,
        purpose: Purpose,
    ) -> Result<Self, Invalid> {
        if principal <= Money::ZERO {
            return Err(Invalid("the amount asked for is more than 0"));
        }
        if periods == 0 || periods > MAX_PERIODS {
            return Err(Invalid("a loan is repaid in 1 to 600 months"));
        }
        Ok(Self { product, product_version, principal, periods, purpose, backing: Backing::default() })
    }

    /// The same request with what stands behind it.
    pub fn with_backing(self, backing: Backing) -> Self {
        Self { backing, ..self }
    }

    /// The product asked for.
    pub fn product(&self) -> &ProductCode {
        &self.product
    }
    /// The version of its terms that the member saw.
    pub fn product_version(&self) -> u32 {
        self.product_version
    }
    /// How much.
    pub fn principal(&self) -> Money {
        self.principal
    }
    /// Over how many months.
    pub fn periods(&self) -> u32 {
        self.periods
    }
    /// What for.
    pub fn purpose(&self) -> &Purpose {
        &self.purpose
    }
    /// What stands behind it.
    pub fn backing(&self) -> &Backing {
        &self.backing
    }
}

/// What a member gives when the office asked for more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The request that it belongs to.
    pub request: OperationId,
    /// In the member's words.
    pub text: ReplyText,
    /// What stands behind the request in addition; an income takes the place of the one said before.
    pub backing: Backing,
}

words!(
    /// Where a request stands, from the member's side.
    RequestState, "a request's state is one of the known words", {
        /// Saved on the phone, not sent yet.
        Queued = 0 "queued",
        /// On its way; it may or may not have arrived.
        Sending = 1 "sending",
        /// The cooperative has it.
        Received = 2 "received",
        /// An officer said yes.
        Approved = 3 "approved",
        /// An officer, or a rule at the server, said no.
        Rejected = 4 "rejected",
        /// It cannot be sent as it is; the member decides.
        Stuck = 5 "stuck",
        /// Taken back.
        Cancelled = 6 "cancelled",
        /// An officer looks at it.
        InReview = 7 "in_review",
        /// The cooperative asks for more; the reason says what.
        MoreAsked = 8 "more_asked",
        /// Approved, and the member took it.
        Accepted = 9 "accepted",
        /// The money is paid out.
        Disbursed = 10 "disbursed",
    }
);

impl RequestState {
    /// Received, and not answered yet: it can still be taken back.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Received | Self::InReview | Self::MoreAsked)
    }

    /// Not answered yet, whether the cooperative has it or not.
    pub const fn is_undecided(self) -> bool {
        matches!(self, Self::Queued | Self::Sending | Self::Stuck) || self.is_open()
    }

    /// Whether that may be the cooperative's word after this one, however many were missed in between: an answer is never
    /// unsaid.
    pub const fn may_lead_to(self, later: Self) -> bool {
        match self {
            Self::Rejected => matches!(later, Self::Rejected),
            Self::Cancelled => matches!(later, Self::Cancelled),
            Self::Disbursed => matches!(later, Self::Disbursed),
            Self::Accepted => matches!(later, Self::Accepted | Self::Disbursed),
            Self::Approved => matches!(later, Self::Approved | Self::Accepted | Self::Disbursed),
            Self::Queued | Self::Sending | Self::Stuck | Self::Received | Self::InReview | Self::MoreAsked => true,
        }
    }

    /// Whether a request that the cooperative has may go from this state to that one. What an officer or a member said is
    /// never unsaid: an answer leads on, or is the end. A member's reply puts the request before the office again.
    pub const fn may_become(self, next: Self) -> bool {
        match next {
            Self::Received => matches!(self, Self::MoreAsked),
            Self::InReview => matches!(self, Self::Received | Self::MoreAsked),
            Self::MoreAsked => matches!(self, Self::Received | Self::InReview),
            Self::Approved | Self::Rejected | Self::Cancelled => self.is_open(),
            Self::Accepted => matches!(self, Self::Approved),
            // A member may also take it at the office's counter.
            Self::Disbursed => matches!(self, Self::Approved | Self::Accepted),
            Self::Queued | Self::Sending | Self::Stuck => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::RequestState::{
        Accepted, Approved, Cancelled, Disbursed, InReview, MoreAsked, Queued, Received, Rejected, Sending, Stuck,
    };
    use super::*;

    /// Every way a request can go, and no other.
    #[test]
    fn a_request_goes_these_ways_and_no_others() {
        let ways = [
            (Received, &[InReview, MoreAsked, Approved, Rejected, Cancelled][..]),
            (InReview, &[MoreAsked, Approved, Rejected, Cancelled]),
            (MoreAsked, &[Received, InReview, Approved, Rejected, Cancelled]),
            (Approved, &[Accepted, Disbursed]),
            (Accepted, &[Disbursed]),
            (Queued, &[]),
            (Sending, &[]),
            (Rejected, &[]),
            (Stuck, &[]),
            (Cancelled, &[]),
            (Disbursed, &[]),
        ];
        assert_eq!(ways.len(), RequestState::ALL.len());
        let undecided = RequestState::ALL.iter().copied().filter(|state| state.is_undecided());
        assert_eq!(undecided.collect::<Vec<_>>(), [Queued, Sending, Received, Stuck, InReview, MoreAsked]);
        for (from, to) in ways {
            for &next in RequestState::ALL {
                assert_eq!(from.may_become(next), to.contains(&next), "{from:?} to {next:?}");
            }
        }
    }
}
