//! What the member has: balances, transactions, loans, and whether the books hold. None of it needs a network.

use anggota::client::{LoanEntryView, MAX_PAGE, PageView, SavingsEntryView};
use anggota::domain::AccountNo;

use crate::args::{Global, LoanPage, Range, SavingsPage};
use crate::failure::Failure;
use crate::output::{Ending, Output};
use crate::text::Reader;
use crate::{json, phone, text};

pub(crate) fn balance(global: &Global, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let view = client.balances()?;
    let reader = Reader::of(&client)?;
    out.print(|| json::Balances::from(&view), || text::balances(&view, &reader))
}

pub(crate) fn loans(global: &Global, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let view = client.balances()?;
    let reader = Reader::of(&client)?;
    out.print(|| json::Loans::from(&view), || text::loans(&view, &reader))
}

pub(crate) fn transactions(global: &Global, given: &SavingsPage, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let seq = |entry: &SavingsEntryView| entry.seq;
    let read = |limit, before| client.transactions(&given.account, limit, before);
    let page = pages(&given.range, read, seq)?;
    out.print(|| json::Transactions::from(&page), || text::transactions(&page))
}

pub(crate) fn loan_transactions(global: &Global, given: &LoanPage, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let seq = |entry: &LoanEntryView| entry.seq;
    let read = |limit, before| client.loan_transactions(&given.loan, limit, before);
    let page = pages(&given.range, read, seq)?;
    out.print(|| json::LoanTransactions::from(&page), || text::loan_transactions(&page))
}

pub(crate) fn loan_schedule(global: &Global, loan: &AccountNo, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let view = client.loan_schedule(loan)?;
    let reader = Reader::of(&client)?;
    out.print(|| json::LoanSchedule::from(&view), || text::loan_schedule(&view, &reader))
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
    let view = phone::open(global)?.verify()?;
    out.print(|| json::Verified::from(&view), || text::verification(&view))?;
    Ok(if view.ok { Ending::Done } else { Ending::Refused })
}
