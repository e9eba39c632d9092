//! What a member asks the cooperative for.

use super::product::words;
use super::{Invalid, Money, ProductCode, Purpose};

/// The most instalments anybody may ask for: fifty years.
const MAX_PERIODS: u32 = 600;

/// A request for a loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanRequest {
    product: ProductCode,
    product_version: u32,
    principal: Money,
    periods: u32,
    purpose: Purpose,
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
        Ok(Self { product, product_version, principal, periods, purpose })
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
}

words!(
    /// Where a request stands, from the member's side.
    RequestState, "a request is queued, sending, received, approved, rejected, stuck or cancelled", {
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
    }
);
