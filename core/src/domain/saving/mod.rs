//! What savings will bring: projected interest and its tax, a term deposit's maturity, a member's part of the SHU.
//!
//! Projections only: what is credited stands in the ledger, by the cooperative. Never changes a balance.

mod interest;
mod shu;
mod term_deposit;

pub use interest::{MonthOfInterest, TAX_FREE_MONTH, interest, project, tax};
pub use shu::{ShuFigures, ShuShare};
pub use term_deposit::{Maturity, TermDeposit};

use super::Invalid;

/// A figure beyond what [`super::Money`] holds.
const TOO_LARGE: Invalid = Invalid("an amount has at most 15 digits of rupiah");
