//! Loan arithmetic: what a loan costs, when it falls due, what is paid, late and left.
//!
//! Holds the rules of cooperative loans (flat, menurun, anuitas, harian) to the sen, so that the phone and the officer say
//! the same figure. Amounts are whole sen and ratios of whole numbers; only what has no finite form (an annuity, an
//! effective rate) is a decimal. Never changes a balance: a schedule is a plan, the ledger says what happened.

mod allocation;
mod burden;
mod dates;
mod effective;
mod late;
mod offers;
mod paid;
mod pay_off;
mod plan;
mod progress;
mod rounding;
mod schedule;
mod simulation;
mod terms;
mod unrounded;

#[cfg(test)]
mod tests;

pub use allocation::{AllocationOrder, Allotment, Component, Owed};
pub use burden::Burden;
pub use dates::LoanDates;
pub use effective::effective_yearly_rate;
pub use late::LatePayment;
pub use offers::{Comparison, Offer};
pub(crate) use paid::{LoanPaid, OTHER_MOVEMENT};
pub use pay_off::PayOff;
pub use plan::{LoanPlan, MAX_PERIODS};
pub use progress::{
    InstalmentProgress, InstalmentState, LoanProgress, NextDue, Payment, PaymentPart, Reminder, Untold,
};
pub(in crate::domain) use rounding::{Ratio, TO_THE_SEN};
pub use rounding::{Rounding, RoundingMode, RoundingPlace};
pub use schedule::{Instalment, Schedule};
pub use simulation::{Question, Simulation};
pub use terms::{DayCount, RepaymentTerms};
pub use unrounded::{UnroundedRow, unrounded};

use super::Invalid;

/// A figure beyond what [`super::Money`] holds.
const TOO_LARGE: Invalid = Invalid("an amount of the schedule has more than 15 digits of rupiah");
