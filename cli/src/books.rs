//! What the member has: balances, transactions, loans, and whether the books hold. None of it needs a network.

use anggota::client::{LoanEntryView, MAX_PAGE, PageView, SavingsEntryView};
use anggota::domain::{AccountNo, LedgerKind, Money};
use anggota::words::screen;

use crate::args::{Global, LoanPage, Range, Reminders, SavingsPage};
use crate::failure::Failure;
use crate::output::{Ending, Output};
use crate::{json, phone};

pub(crate) fn balance(global: &Global, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let view = client.balances()?;
    let (possible, reader) = (client.possible()?, global.reader(&client)?);
    out.print(|| json::Balances::of(&view, global.lang), || global.screen(&screen::home(&view, possible, &reader)))
}

pub(crate) fn loans(global: &Global, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let view = client.balances()?;
    let (possible, reader) = (client.possible()?, global.reader(&client)?);
    out.print(|| json::Loans::from(&view), || global.screen(&screen::loans(&view, possible, &reader)))
}

pub(crate) fn transactions(global: &Global, given: &SavingsPage, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let seq = |entry: &SavingsEntryView| entry.seq;
    let read = |limit, before| client.transactions(&given.account, limit, before);
    let page = pages(&given.range, read, seq)?;
    let (book, reader) = (client.book(LedgerKind::Savings, &given.account)?, global.reader(&client)?);
    out.print(|| json::Transactions::from(&page), || global.screen(&screen::passbook(&page, &book, &reader)))
}

pub(crate) fn loan_transactions(global: &Global, given: &LoanPage, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let seq = |entry: &LoanEntryView| entry.seq;
    let read = |limit, before| client.loan_transactions(&given.loan, limit, before);
    let page = pages(&given.range, read, seq)?;
    let (book, reader) = (client.book(LedgerKind::Loan, &given.loan)?, global.reader(&client)?);
    out.print(|| json::LoanTransactions::from(&page), || global.screen(&screen::loan_passbook(&page, &book, &reader)))
}

pub(crate) fn loan_schedule(global: &Global, loan: &AccountNo, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let view = client.loan_schedule(loan)?;
    let reader = global.reader(&client)?;
    out.print(|| json::LoanSchedule::from(&view), || global.screen(&screen::loan_schedule(&view, &reader)))
}

pub(crate) fn loan_payment(global: &Global, loan: &AccountNo, amount: Money, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let (payment, reader) = (client.divide_payment(loan, amount)?, global.reader(&client)?);
    out.print(|| json::DividedPayment::of(loan, &payment), || global.screen(&screen::payment(&payment, &reader)))
}

pub(crate) fn reminders(global: &Global, given: &Reminders, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let reminders = client.loan_reminders(&given.days_before, given.limit as usize)?;
    let reader = global.reader(&client)?;
    out.print(|| json::Reminders::from(reminders.as_slice()), || global.screen(&screen::reminders(&reminders, &reader)))
}

/// As many of the core's pages as the range asks for, put together.
fn pages<E>(
    range: &Range,
    read: impl Fn(u32, Option<u32>) -> anggota::error::Result<PageView<E>>,
    seq: impl Fn(&E) -> u32,
) -> Result<PageView<E>, Failure> {
    let mut all = read(range.limit.min(MAX_PAGE), range.before)?;
    while let (true, Some(last)) = (all.more, all.entries.last()) {
        // The first page had at most the limit, and so has each sum after it.
        let left = range.limit - all.entries.len() as u32;
        if left == 0 {
            break;
        }
        let next = read(left.min(MAX_PAGE), Some(seq(last)))?;
        if next.entries.is_empty() {
            break;
        }
        all.entries.extend(next.entries);
        all.more = next.more;
    }
    Ok(all)
}

pub(crate) fn verify(global: &Global, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let (view, reader) = (client.verify()?, global.reader(&client)?);
    out.print(|| json::Verified::from(&view), || global.screen(&screen::verified(&view, &reader)))?;
    Ok(if view.ok { Ending::Done } else { Ending::Refused })
}
