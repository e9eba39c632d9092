//! What savings will bring: projected interest and its tax, a term deposit's maturity, a member's part of the SHU.
//!
//! Projections only: what is credited stands in the ledger, by the cooperative. Never changes a balance.

mod interest;
mod shu;
mod term_deposit;

pub use interest::{MonthOfInterest, Projection, TAX_FREE_MONTH, interest, tax};
pub use shu::{ShuFigures, ShuShare};
pub use term_deposit::{Maturity, TermDeposit};
