//! What speaks against a request for a loan, said before it is made. The phone judges by what it holds; the cooperative
//! checks everything again, except what a member earns: that never leaves the phone.

use super::loans::{self, loan_product};
use super::{Client, LoanCheckView};
use crate::domain::loan::{LoanDates, Schedule};
use crate::domain::{Head, Invalid, LoanProduct, LoanStatus, MemberStatus, Money, ProductCode, TOO_MUCH};
use crate::error::{Error, Result};
use crate::protocol::frame::Register;
use crate::protocol::problem::Code;
use crate::store::mirror::{self, StoredAccount};
use crate::store::profile;
use crate::sync::Standing;

/// Permenkop UKM 8/2023: a candidate may not borrow.
const NOT_ACTIVE: Invalid = Invalid("only an active member may ask for a loan");
const ABOVE_INCOME: Invalid = Invalid("the instalments are more than the declared income");

impl Client {
    /// Whether a loan may be asked for, and what it would take of a month's `income` beside the loans that run already.
    /// Needs no network; nothing is saved and nothing is sent.
    pub fn check_loan(
        &self,
        product: &ProductCode,
        principal: Money,
        periods: u32,
        income: Option<Money>,
    ) -> Result<LoanCheckView> {
        if income.is_some_and(|income| income <= Money::ZERO) {
            return Err(Invalid("a declared income is more than 0").into());
        }
        let now = self.engine.now()?;
        let (today, register, running_instalments) = self.engine.store.read(|db| {
            let register = mirror::register(db)?;
            let running = running_instalments(register.as_ref(), &mirror::accounts(db)?)?;
            Ok((now.day_in(profile::load(db)?.zone), register, running))
        })?;
        let terms = loan_product(register.as_ref(), product)?;
        let plan = terms.plan(principal, periods, Some(LoanDates::disbursed(today)?))?;
        let instalment = Schedule::of(plan)?.largest_instalment();
        let all = instalment.checked_add(running_instalments).ok_or(TOO_MUCH)?;
        let share = income.and_then(|income| all.to_decimal().checked_div(income.to_decimal()));
        let above = income.filter(|income| all > *income).map(|_| ABOVE_INCOME);
        let obstacles = [not_active(register.as_ref()), terms.accepts(principal, periods).err(), above];
        Ok(LoanCheckView {
            product: terms.name.as_str().to_owned(),
            principal,
            periods,
            instalment,
            running_instalments,
            income,
            share_of_income: share.map(|share| share.round_dp(4)),
            obstacles: obstacles.into_iter().flatten().map(|Invalid(rule)| rule.to_owned()).collect(),
        })
    }

    /// The terms by which this may be asked for, as far as this phone knows.
    pub(super) fn terms_for(&self, product: &ProductCode, principal: Money, periods: u32) -> Result<LoanProduct> {
        let register = self.engine.store.read(mirror::register)?;
        let terms = loan_product(register.as_ref(), product)?;
        if let Some(Invalid(rule)) = not_active(register.as_ref()) {
            return Err(Error::new(Code::NotPossible).detail(rule));
        }
        terms.accepts(principal, periods)?;
        Ok(terms.clone())
    }
}

fn not_active(register: Option<&Register>) -> Option<Invalid> {
    let is_active = register.is_some_and(|register| register.status == MemberStatus::Active);
    (!is_active).then_some(NOT_ACTIVE)
}

/// What the loans that run already ask for in a month, at most: the largest instalment of each.
fn running_instalments(register: Option<&Register>, accounts: &[StoredAccount]) -> Result<Money> {
    let mut sum = Money::ZERO;
    for stored in accounts.iter().filter(|account| !matches!(account.standing, Standing::Ended(_))) {
        let Head::Loan(head) = &stored.head else { continue };
        if head.status != LoanStatus::Active || head.outstanding.is_zero() {
            continue;
        }
        // A loan whose terms have no schedule asks for nothing that can be told.
        if let Ok(schedule) = loans::schedule(register, head) {
            sum = sum.checked_add(schedule.largest_instalment()).ok_or(TOO_MUCH)?;
        }
    }
    Ok(sum)
}
