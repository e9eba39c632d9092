//! What savings will bring, as flat records under the names that the terminal shell prints; nothing is reckoned here.

use anggota::domain::saving::{MonthOfInterest, Projection};
use anggota::domain::{AccountNo, CivilDate, Money};

use crate::client::Client;
use crate::error::AnggotaError;
use crate::values::Fraction;

type Result<T> = std::result::Result<T, AnggotaError>;

/// What a savings account grows to.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ProjectionView {
    /// The balance it starts from.
    pub start: Money,
    /// Interest a year, a fraction.
    pub yearly_rate: Fraction,
    /// Month by month.
    pub months: Vec<ProjectedMonthView>,
    /// All interest before tax.
    pub total_interest: Money,
    /// All tax.
    pub total_tax: Money,
    /// The balance at the end.
    pub balance: Money,
}

/// A month of projected interest.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ProjectedMonthView {
    /// The day it is credited.
    pub date: CivilDate,
    /// Before tax.
    pub interest: Money,
    /// PP 15/2009, as if the member had no other savings.
    pub tax: Money,
    /// The balance afterwards.
    pub balance: Money,
}

#[uniffi::export]
impl Client {
    /// What a savings account grows to over some months from today, at its product's rate, when nothing is paid in or taken
    /// out. Needs the register, which comes with the first sync.
    pub fn project_savings(&self, account_no: AccountNo, months: u32) -> Result<ProjectionView> {
        Ok(self.core().project_savings(&account_no, months)?.into())
    }
}

impl From<Projection> for ProjectionView {
    fn from(projection: Projection) -> Self {
        let month = |&MonthOfInterest { on, interest, tax, balance }: &MonthOfInterest| ProjectedMonthView {
            date: on,
            interest,
            tax,
            balance,
        };
        Self {
            start: projection.start(),
            yearly_rate: projection.yearly_rate().into(),
            months: projection.months().iter().map(month).collect(),
            total_interest: projection.interest(),
            total_tax: projection.tax(),
            balance: projection.balance(),
        }
    }
}
