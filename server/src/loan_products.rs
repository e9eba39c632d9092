//! What the cooperative lends, as the import left it. Never decides who may have it.

use anggota::domain::loan::{AllocationOrder, RepaymentTerms, Rounding};
use anggota::domain::{Invalid, LoanMethod, LoanProduct, Money, Name, ProductCode, Rate};
use rusqlite::{Connection, Row, params};

use crate::cooperative::Cooperative;
use crate::refusal::Refusal;

const PRODUCTS: &str = "SELECT code, name, method, rate_per_period, version, min_principal, max_principal, max_periods, \
     grace_periods, rounding_unit, rounding_mode, rounding_applies_to, day_count, allocation_order, late_charge_rate \
     FROM loan_product WHERE cooperative = ?1";

/// The product of that code.
pub(crate) fn find(
    connection: &Connection,
    cooperative: &Cooperative,
    code: &ProductCode,
) -> Result<Option<LoanProduct>, Refusal> {
    let mut statement = connection.prepare_cached(&format!("{PRODUCTS} AND code = ?2"))?;
    let mut rows = statement.query(params![cooperative.number, code.as_str()])?;
    rows.next()?.map(product_of).transpose()
}

/// What the cooperative lends, by code.
pub(crate) fn list(connection: &Connection, cooperative: &Cooperative) -> Result<Vec<LoanProduct>, Refusal> {
    let mut statement = connection.prepare_cached(&format!("{PRODUCTS} ORDER BY code"))?;
    let mut rows = statement.query([cooperative.number])?;
    let mut products = Vec::new();
    while let Some(row) = rows.next()? {
        products.push(product_of(row)?);
    }
    Ok(products)
}

fn product_of(row: &Row<'_>) -> Result<LoanProduct, Refusal> {
    let (code, name): (String, String) = (row.get(0)?, row.get(1)?);
    let money = |sen: Option<i64>| sen.map(Money::from_sen).transpose();
    Ok(LoanProduct {
        code: ProductCode::new(&code)?,
        name: Name::new(&name)?,
        method: LoanMethod::from_number(row.get(2)?).ok_or(Invalid("a loan method is one of the known numbers"))?,
        rate_per_period: Rate::from_e8(row.get(3)?)?,
        version: row.get(4)?,
        min_principal: money(row.get(5)?)?,
        max_principal: money(row.get(6)?)?,
        max_periods: row.get(7)?,
        repayment: repayment_of(row)?,
    })
}

fn repayment_of(row: &Row<'_>) -> Result<RepaymentTerms, Refusal> {
    let text = |index| row.get_ref(index)?.as_str().map_err(rusqlite::Error::from);
    let unit = Money::from_sen(row.get(9)?)?;
    Ok(RepaymentTerms {
        grace_periods: row.get(8)?,
        rounding: Rounding::new(unit, text(10)?.parse()?, text(11)?.parse()?)?,
        day_count: text(12)?.parse()?,
        allocation: text(13)?.parse().unwrap_or_else(|_| {
            // Of books from before the import held it to its words. To fail here would keep everybody from their books.
            tracing::warn!("an allocation_order cannot be read, the usual order is told; import the books again");
            AllocationOrder::default()
        }),
        late_charge_rate: Rate::from_e8(row.get(14)?)?,
    })
}
