//! What savings will bring, for a shell that shows it. The screens say the same in words.

use anggota::domain::AccountNo;
use anggota::domain::saving::{MonthOfInterest, Projection};
use anggota::domain::{CivilDate, Money};

use crate::client::Client;
use crate::error::AnggotaError;
use crate::values::Fraction;

type Result<T> = std::result::Result<T, AnggotaError>;

/// What a savings account grows to when nothing is paid in or taken out.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ProjectionView {
    /// The product's rate, a fraction a year.
    pub yearly_rate: Fraction,
    /// Month by month.
    pub months: Vec<ProjectedMonthView>,
    /// Interest of all months, before tax.
    pub total_interest: Money,
    /// Its tax.
    pub total_tax: Money,
    /// The balance at the end.
    pub balance: Money,
}

/// One month of it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct ProjectedMonthView {
    /// The day the interest is credited.
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
    /// What a savings account grows to over some months (1 to 600) from today, at its product's rate, when nothing is paid in
    /// or taken out. Needs the register, which comes with the first sync.
    pub fn project_savings(&self, account_no: AccountNo, months: u32) -> Result<ProjectionView> {
        Ok(self.core().project_savings(&account_no, months)?.into())
    }
}

impl From<Projection> for ProjectionView {
    fn from(projection: Projection) -> Self {
        Self {
            yearly_rate: projection.yearly_rate().into(),
            months: projection.months().iter().map(ProjectedMonthView::from).collect(),
            total_interest: projection.interest(),
            total_tax: projection.tax(),
            balance: projection.balance(),
        }
    }
}

impl From<&MonthOfInterest> for ProjectedMonthView {
    fn from(&MonthOfInterest { on, interest, tax, balance }: &MonthOfInterest) -> Self {
        Self { date: on, interest, tax, balance }
    }
}
