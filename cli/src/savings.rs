//! What savings will bring. Only an account of the member's own needs an enrolment; nothing needs a network.

use anggota::domain::saving::{Projection, ShuFigures, TermDeposit};
use anggota::protocol::problem::Code;
use anggota::words::screen;

use crate::args::{Deposit, Global, Interest, Shu};
use crate::failure::Failure;
use crate::output::{Ending, Output};
use crate::{json, phone};

pub(crate) fn interest(global: &Global, given: &Interest, out: Output) -> Result<Ending, Failure> {
    let reader = global.stranger();
    let projection = match (&given.account, given.balance, given.rate) {
        (Some(account), ..) => phone::open(global)?.project_savings(account, given.months)?,
        (None, Some(balance), Some(rate)) => {
            let from = given.from.unwrap_or_else(|| reader.now.day_in(reader.zone));
            Projection::of(balance, rate, from, given.months)?
        }
        // The command line demands both where there is no account.
        (None, ..) => return Err(Failure::new(Code::Usage)),
    };
    out.print(|| json::Projected::from(&projection), || global.screen(&screen::projection(&projection, &reader)))
}

pub(crate) fn deposit(global: &Global, given: &Deposit, out: Output) -> Result<Ending, Failure> {
    let reader = global.stranger();
    let opened_on = given.opened.unwrap_or_else(|| reader.now.day_in(reader.zone));
    let deposit = TermDeposit::new(given.principal, given.rate, opened_on, given.months)?;
    let maturity = deposit.maturity()?;
    out.print(|| json::Matured::from(&maturity), || global.screen(&screen::maturity(&deposit, &maturity, &reader)))
}

pub(crate) fn shu(global: &Global, given: &Shu, out: Output) -> Result<Ending, Failure> {
    let figures = ShuFigures {
        surplus: given.surplus,
        business_share: given.business_share,
        capital_share: given.capital_share,
        total_business: given.total_business,
        total_capital: given.total_capital,
        member_business: given.member_business,
        member_capital: given.member_capital,
    };
    let share = figures.share()?;
    out.print(|| json::ShuShared::from(&share), || global.screen(&screen::shu(&share, &global.stranger())))
}
