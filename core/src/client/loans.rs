//! What a loan costs and how one that is held stands: the domain's arithmetic on the store's terms and entries, offline.

use super::home::product_name;
use super::{Client, LoanReminderView, LoanScheduleView};
use crate::domain::loan::{
    LoanDates, LoanProgress, NextDue, OTHER_MOVEMENT, Payment, Schedule, Untold, effective_yearly_rate,
};
use crate::domain::{AccountNo, CivilDate, Head, LedgerKind, LoanHead, LoanProduct, LoanStatus, Money, ProductCode};
use crate::error::{Error, Result};
use crate::protocol::frame::Register;
use crate::protocol::problem::Code;
use crate::store::mirror::{self, StoredAccount};
use crate::store::{Snapshot, passbook, profile};

/// The most entries of a loan that are matched with its schedule: fifty years of two a week.
const MAX_LOAN_ENTRIES: u32 = 5_000;

impl Client {
    /// What the cooperative lends, by code; empty before the first sync.
    pub fn loan_products(&self) -> Result<Vec<LoanProduct>> {
        Ok(self.engine.store.read(mirror::register)?.map(|register| register.loan_products).unwrap_or_default())
    }

    /// What a loan of this product would cost, by the product's own terms and within its limits.
    pub fn simulate_loan(
        &self,
        product: &ProductCode,
        principal: Money,
        periods: u32,
        dates: Option<LoanDates>,
    ) -> Result<Schedule> {
        let register = self.engine.store.read(mirror::register)?;
        let product = loan_product(register.as_ref(), product)?;
        product.accepts(principal, periods)?;
        Ok(Schedule::of(product.plan(principal, periods, dates)?)?)
    }

    /// The schedule of a loan that is held and what of it is paid, due and late today.
    pub fn loan_schedule(&self, loan: &AccountNo) -> Result<LoanScheduleView> {
        let now = self.engine.now()?;
        self.engine.store.read(|db| {
            let stored = mirror::account(db, LedgerKind::Loan, loan)?.ok_or_else(|| Error::new(Code::Unknown))?;
            let Head::Loan(head) = &stored.head else { return Err(Error::new(Code::Unknown)) };
            let register = mirror::register(db)?;
            let today = now.day_in(profile::load(db)?.zone);
            let product = loan_product(register.as_ref(), &head.terms.product)?;
            let schedule = Schedule::of(head.terms.plan(product.repayment)?)?;
            Ok(LoanScheduleView {
                loan_no: loan.clone(),
                product: product.name.as_str().to_owned(),
                today,
                terms_changed: product.version != head.terms.product_version,
                effective_yearly_rate: effective_yearly_rate(schedule.plan())?,
                progress: progress(db, &stored, &schedule, today)?,
                schedule,
                as_of: stored.as_of,
                verified: stored.is_verified(),
            })
        })
    }

    /// How a payment of a loan that is held would be divided among its instalments, in the product's order. Needs all its
    /// entries, held and proven, and that nothing of [`Untold`] stands in the way.
    pub fn divide_payment(&self, loan: &AccountNo, amount: Money) -> Result<Payment> {
        let view = self.loan_schedule(loan)?;
        let progress = view.progress.map_err(|why| {
            Error::new(Code::NotPossible).detail(match why {
                Untold::NotProven => "not all entries of this loan are held and proven",
                Untold::TooLong => "this loan has more entries than are matched with a schedule",
                Untold::OtherMovement => OTHER_MOVEMENT.0,
            })
        })?;
        Ok(progress.payment(&view.schedule, amount)?)
    }

    /// The next days on which a shell's alarm reminds of an instalment of any loan: so many days before each falls due
    /// (0: on the day), at most `limit`, by day.
    pub fn loan_reminders(&self, days_before: &[u16], limit: usize) -> Result<Vec<LoanReminderView>> {
        let now = self.engine.now()?;
        self.engine.store.read(|db| {
            let register = mirror::register(db)?;
            let today = now.day_in(profile::load(db)?.zone);
            let mut all = Vec::new();
            for stored in mirror::accounts(db)? {
                let Some((head, progress)) = running(db, register.as_ref(), &stored, today)? else { continue };
                let reminders = progress.reminders(today, days_before, limit);
                all.extend(reminders.into_iter().map(|reminder| LoanReminderView {
                    loan_no: head.account.clone(),
                    product: product_name(register.as_ref(), &head.terms.product),
                    reminder,
                }));
            }
            all.sort_by_key(|view| (view.reminder.on, view.reminder.due_on));
            all.truncate(limit);
            Ok(all)
        })
    }
}

/// The terms of a loan product, when the register is known and has it.
pub(super) fn loan_product<'a>(register: Option<&'a Register>, code: &ProductCode) -> Result<&'a LoanProduct> {
    let register =
        register.ok_or_else(|| Error::new(Code::NotPossible).detail("the products come with the first sync"))?;
    register.loan_product(code).ok_or_else(|| Error::new(Code::Unknown).detail("no loan product has this code"))
}

/// What to pay next on a loan; `None` where nothing is, or where not all is held that tells.
pub(super) fn next_due(
    db: &Snapshot,
    register: Option<&Register>,
    stored: &StoredAccount,
    today: CivilDate,
) -> Result<Option<NextDue>> {
    Ok(running(db, register, stored, today)?.and_then(|(_, progress)| progress.next_due))
}

/// A loan that is being repaid, and how it stands, where that can be told.
fn running<'a>(
    db: &Snapshot,
    register: Option<&Register>,
    stored: &'a StoredAccount,
    today: CivilDate,
) -> Result<Option<(&'a LoanHead, LoanProgress)>> {
    let Head::Loan(head) = &stored.head else { return Ok(None) };
    if head.status != LoanStatus::Active || head.outstanding.is_zero() {
        return Ok(None);
    }
    if untold(stored).is_some() {
        return Ok(None);
    }
    // Terms or sums that have no schedule (dates the wrong way round) are the office's to mend; the balance is shown all
    // the same.
    let (Ok(schedule), Some((paid, late_charge))) =
        (schedule(register, head), passbook::loan_paid(db, stored.account)?)
    else {
        return Ok(None);
    };
    let progress = LoanProgress::of_sums(&schedule, paid, late_charge, today).ok();
    Ok(progress.map(|progress| (head, progress)))
}

/// The schedule of a loan as agreed. Rounding, grace and day count are the product's of now; without it nothing is told.
fn schedule(register: Option<&Register>, head: &LoanHead) -> Result<Schedule> {
    let product = loan_product(register, &head.terms.product)?;
    Ok(Schedule::of(head.terms.plan(product.repayment)?)?)
}

/// Why what is held cannot tell how a loan stands, before its entries are read.
fn untold(stored: &StoredAccount) -> Option<Untold> {
    if stored.head.seq() > MAX_LOAN_ENTRIES {
        Some(Untold::TooLong)
    } else {
        (!stored.is_complete()).then_some(Untold::NotProven)
    }
}

/// The schedule beside the entries, or why it cannot be told.
fn progress(
    db: &Snapshot,
    stored: &StoredAccount,
    schedule: &Schedule,
    today: CivilDate,
) -> Result<std::result::Result<LoanProgress, Untold>> {
    if let Some(why) = untold(stored) {
        return Ok(Err(why));
    }
    let entries = passbook::loan_down(db, stored.account, stored.head.seq().saturating_add(1), MAX_LOAN_ENTRIES)?;
    match LoanProgress::of(schedule, &entries, today) {
        Err(fault) if fault == OTHER_MOVEMENT => Ok(Err(Untold::OtherMovement)),
        told => Ok(Ok(told?)),
    }
}
