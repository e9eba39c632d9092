//! The documents of what savings will bring.

use anggota::domain::saving::{Maturity, MonthOfInterest, Projection, ShuShare};
use serde::Serialize;

/// `savings interest`.
#[derive(Serialize)]
pub(crate) struct Projected {
    yearly_rate: String,
    months: Vec<Month>,
    total_interest: String,
    total_tax: String,
    balance: String,
}

#[derive(Serialize)]
struct Month {
    date: String,
    interest: String,
    tax: String,
    balance: String,
}

impl From<&MonthOfInterest> for Month {
    fn from(month: &MonthOfInterest) -> Self {
        Self {
            date: month.on.to_string(),
            interest: month.interest.to_string(),
            tax: month.tax.to_string(),
            balance: month.balance.to_string(),
        }
    }
}

impl From<&Projection> for Projected {
    fn from(projection: &Projection) -> Self {
        Self {
            yearly_rate: projection.yearly_rate().to_string(),
            months: projection.months().iter().map(Month::from).collect(),
            total_interest: projection.interest().to_string(),
            total_tax: projection.tax().to_string(),
            balance: projection.balance().to_string(),
        }
    }
}

/// `savings deposit`.
#[derive(Serialize)]
pub(crate) struct Matured {
    matures_on: String,
    interest: String,
    tax: String,
    amount: String,
}

impl From<&Maturity> for Matured {
    fn from(maturity: &Maturity) -> Self {
        Self {
            matures_on: maturity.on.to_string(),
            interest: maturity.interest.to_string(),
            tax: maturity.tax.to_string(),
            amount: maturity.amount.to_string(),
        }
    }
}

/// `savings shu`: the member's part and every figure it was reckoned from.
#[derive(Serialize)]
pub(crate) struct ShuShared {
    surplus: String,
    business_share: String,
    capital_share: String,
    total_business: String,
    total_capital: String,
    member_business: String,
    member_capital: String,
    for_business: String,
    for_capital: String,
    total: String,
}

impl From<&ShuShare> for ShuShared {
    fn from(share: &ShuShare) -> Self {
        let figures = &share.figures;
        Self {
            surplus: figures.surplus.to_string(),
            business_share: figures.business_share.to_string(),
            capital_share: figures.capital_share.to_string(),
            total_business: figures.total_business.to_string(),
            total_capital: figures.total_capital.to_string(),
            member_business: figures.member_business.to_string(),
            member_capital: figures.member_capital.to_string(),
            for_business: share.for_business.to_string(),
            for_capital: share.for_capital.to_string(),
            total: share.total.to_string(),
        }
    }
}
