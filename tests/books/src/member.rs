//! One member's accounts and loans, side by side through the months. Side by side, because the tax on
//! interest depends on all the interest a member is paid in a month (PP 15/2009).

use jiff::civil::Date;

use crate::Error;
use crate::books::{Books, Clerk, RUPIAH, Table};
use crate::calendar::{LAST_MONTH, MAX_MONTHS, Month, day};
use crate::loan::Loan;
use crate::plan::MemberPlan;
use crate::random::Random;
use crate::savings::Account;
use crate::text;

/// Interest up to this much a month is free of tax, sen (PP 15/2009).
const UNTAXED: i64 = 240_000 * RUPIAH;

fn member_no(number: u32) -> String {
    format!("A{number:06}")
}

/// Writes everything about one member.
pub(crate) fn write(plan: &MemberPlan, seed: u64, books: &mut Books) -> Result<(), Error> {
    let random = &mut Random::stream(seed, u64::from(plan.number));
    let accounts = plan.accounts.iter().map(|a| Account::new(a, plan, random));
    let mut accounts: Vec<_> = accounts.collect();
    let loans = plan.loans.iter().map(|l| Loan::new(l, plan, random));
    let mut loans: Vec<_> = loans.collect();
    let clerk = &mut Clerk { random, books };
    for month in first_month(plan)..=LAST_MONTH {
        for account in &mut accounts {
            account.run_month(month, clerk)?;
        }
        let interest: Vec<i64> = accounts.iter().map(|a| a.interest(month)).collect();
        let taxed = interest.iter().sum::<i64>() > UNTAXED;
        for (account, gross) in accounts.iter_mut().zip(interest) {
            account.pay_interest(gross, taxed, month, clerk)?;
            account.finish_month(month, clerk)?;
        }
        for loan in &mut loans {
            loan.run_month(month, clerk)?;
        }
    }
    let left = plan.left && accounts.iter().all(Account::closed);
    let status = match clerk.random.below(40) {
        _ if left => "left",
        0 if plan.number > 1 => "suspended",
        _ => "active",
    };
    let joined = accounts.iter().map(Account::opened).min();
    let joined = joined.unwrap_or_else(|| any_day(clerk.random, MAX_MONTHS));
    let no = member_no(plan.number);
    write_person(&no, status, joined, clerk)?;
    accounts.into_iter().try_for_each(|a| a.write(&no, clerk))?;
    loans.into_iter().try_for_each(|l| l.write(&no, clerk))
}

fn first_month(plan: &MemberPlan) -> Month {
    let accounts = plan.accounts.iter().map(|a| a.first_month);
    let all = accounts.chain(plan.loans.iter().map(|l| l.first_month));
    all.min().unwrap_or(LAST_MONTH)
}

/// Writes a candidate, who has nothing yet.
pub(crate) fn write_candidate(number: u32, seed: u64, books: &mut Books) -> Result<(), Error> {
    let random = &mut Random::stream(seed, u64::from(number));
    let asked = any_day(random, 3);
    write_person(&member_no(number), "candidate", asked, &mut Clerk { random, books })
}

/// A day in the last so many months.
fn any_day(random: &mut Random, months: u32) -> Date {
    let month = LAST_MONTH - random.below(u64::from(months)) as u32;
    day(month, 1 + random.below(31) as u8).date
}

fn write_person(no: &str, status: &str, joined: Date, clerk: &mut Clerk) -> Result<(), Error> {
    let random = &mut *clerk.random;
    let name = text::person(random);
    // Grown up before the books begin.
    let born = LAST_MONTH - MAX_MONTHS - 18 * 12 - random.below(50 * 12) as u32;
    let born = day(born, 1 + random.below(31) as u8).date.to_string();
    let phone = text::phone(random);
    let language = match random.below(20) {
        0..=15 => "id",
        16..=18 => "jv",
        _ => "en",
    };
    let (kelurahan, kecamatan) = text::place(random);
    let joined = joined.to_string();
    let row = [no, &name, status, &joined, &born, &phone, language, kelurahan, kecamatan];
    clerk.books.members += 1;
    clerk.books.row(Table::Members, &row)
}
