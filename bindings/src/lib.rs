//! Anggota for Kotlin and Swift: the core's client over UniFFI.
//!
//! Two objects, [`Client`] and [`Subscription`]; everything else is a flat record or an enum. It carries values across and
//! waits on behalf of the shell; it holds no rule of the product, and nothing in it decides.

// What is shipped never ends by a panic of its own; a constant that is out of range does not compile.
#![cfg_attr(not(test), warn(clippy::expect_used, clippy::panic, clippy::unreachable))]

mod card;
mod changes;
mod client;
mod drafts;
mod enrolment;
mod error;
mod keys;
mod kinds;
mod loans;
mod log;
mod runtime;
mod savings;
mod screens;
mod values;
mod views;
mod words;

pub use card::{CardCheck, CardVerdict, verify_card};
pub use changes::{ChangeListener, ListenerError, Subscription};
pub use client::{Client, needs_rescue, profiles};
pub use enrolment::{Enrolment, OpenOptions, Trust};
pub use error::AnggotaError;
pub use keys::{DeviceKey, KeyError, KeyVault};
pub use loans::{
    InstalmentStandingView, InstalmentView, LoanCheckView, LoanDays, LoanProductView, LoanReminderView,
    LoanScheduleView, PaymentPartView, PaymentView, SimulatedLoanView,
};
pub use log::{LogLevel, LogRecord, LogSink, set_log_sink};
pub use savings::{ProjectedMonthView, ProjectionView};
pub use screens::LoanQuestion;
pub use values::Fraction;
pub use views::{LoanPageView, SavingsPageView};
pub use words::{Judgement, advice, amount_in_words, check_nik, check_qris, reason, rupiah, spoken, terbilang};

uniffi::setup_scaffolding!();
