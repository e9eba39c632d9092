//! Who has which accounts and loans, and how many entries each gets: the sum is exact. Writes nothing.

use crate::Options;
use crate::calendar::{LAST_MONTH, MAX_MONTHS, Month};
use crate::product::{Loan, Savings};
use crate::random::Random;

/// Up to this many accounts belong to one member, the big member of the measurements.
const ONE_MEMBER_ACCOUNTS: u32 = 8;

pub(crate) struct MemberPlan {
    pub(crate) number: u32,
    pub(crate) accounts: Vec<AccountPlan>,
    pub(crate) loans: Vec<LoanPlan>,
    /// A large amount for this member, in rupiah.
    pub(crate) scale: i64,
    /// Left the cooperative: all accounts closed.
    pub(crate) left: bool,
}

pub(crate) struct AccountPlan {
    pub(crate) number: u32,
    pub(crate) product: Savings,
    pub(crate) quota: u64,
    pub(crate) first_month: Month,
    pub(crate) last_month: Month,
    /// The last entry takes everything out.
    pub(crate) closing: bool,
}

pub(crate) struct LoanPlan {
    pub(crate) number: u32,
    pub(crate) product: Loan,
    pub(crate) quota: u64,
    pub(crate) first_month: Month,
    pub(crate) last_month: Month,
    /// Agreed instalments, months.
    pub(crate) periods: u32,
    /// The last entry repays everything.
    pub(crate) pays_off: bool,
}

/// All members with accounts; memory grows with members, accounts and loans only.
pub(crate) fn plan(options: &Options) -> Vec<MemberPlan> {
    let mut random = Random::new(options.seed);
    let mut members = people(options, &mut random);
    deal_accounts(&mut members, &mut random);
    deal_loans(&mut members, options.loans);
    share_entries(&mut members, options.entries, &mut random);
    for member in &mut members {
        set_terms(member, &mut random);
    }
    members
}

/// Members with the number of accounts each is to have.
fn people(options: &Options, random: &mut Random) -> Vec<MemberPlan> {
    let mut counts = Vec::new();
    match options.members {
        Some(members) => {
            let (each, more) = (options.accounts / members, options.accounts % members);
            counts.extend((0..members).map(|i| each + u32::from(i < more)));
        }
        None if options.accounts <= ONE_MEMBER_ACCOUNTS => counts.push(options.accounts),
        None => {
            let mut left = options.accounts;
            while left > 0 {
                let count = (1 + random.below(4) as u32).min(left);
                counts.push(count);
                left -= count;
            }
        }
    }
    let alone = counts.len() == 1;
    counts
        .into_iter()
        .zip(1..)
        .map(|(count, number)| MemberPlan {
            number,
            accounts: blank_accounts(count),
            loans: Vec::new(),
            scale: match random.below(10) {
                _ if alone => 5_000_000,
                0..=3 => 200_000,
                4..=6 => 500_000,
                7..=8 => 1_500_000,
                _ => 5_000_000,
            },
            left: false,
        })
        .collect()
}

/// Every member with accounts has voluntary savings, which can take any number of entries.
fn blank_accounts(count: u32) -> Vec<AccountPlan> {
    use Savings::{Berjangka, Pokok, Sukarela, Wajib};
    let first: &[Savings] = match count {
        0 => &[],
        1 => &[Sukarela],
        2 => &[Wajib, Sukarela],
        3 => &[Pokok, Wajib, Sukarela],
        _ => &[Pokok, Wajib, Sukarela, Berjangka],
    };
    let more = [Sukarela, Berjangka].into_iter().cycle();
    let products = first.iter().copied().chain(more).take(count as usize);
    let blank = |product| AccountPlan {
        number: 0,
        product,
        quota: 1,
        first_month: LAST_MONTH,
        last_month: LAST_MONTH,
        closing: false,
    };
    products.map(blank).collect()
}

fn deal_accounts(members: &mut [MemberPlan], random: &mut Random) {
    let mut number = 0;
    let many = members.len() > 1;
    for member in members {
        member.left = many && random.chance(20);
        for account in &mut member.accounts {
            number += 1;
            account.number = number;
            let may_close = matches!(account.product, Savings::Sukarela | Savings::Berjangka);
            account.closing = member.left || (many && may_close && random.chance(30));
        }
    }
}

fn deal_loans(members: &mut [MemberPlan], loans: u32) {
    let owners: Vec<usize> = (0..members.len()).filter(|&i| !members[i].accounts.is_empty()).collect();
    for i in 0..loans {
        // Spread over the members; when there are more loans than members, round and round.
        let turn = if (loans as usize) < owners.len() {
            i as usize * owners.len() / loans as usize
        } else {
            i as usize % owners.len()
        };
        let member = &mut members[owners[turn]];
        // Who still owes has not left.
        member.left = false;
        member.accounts.iter_mut().for_each(|a| a.closing &= a.product == Savings::Berjangka);
        member.loans.push(LoanPlan {
            number: i + 1,
            product: Loan::ALL[i as usize % Loan::ALL.len()],
            quota: 1,
            first_month: LAST_MONTH,
            last_month: LAST_MONTH,
            periods: 12,
            pays_off: false,
        });
    }
}

/// One line of the sharing: how many entries at most beyond the first, and how eager to have them.
fn appetite(product: Savings, random: &mut Random) -> (u64, u64) {
    let (most, weight) = match product {
        Savings::Pokok => (2, 2),
        Savings::Wajib => (u64::from(MAX_MONTHS), 25),
        Savings::Sukarela => (u64::MAX, 100),
        Savings::Berjangka => (600, 30),
    };
    (most, weight * (50 + random.below(101)))
}

const LOAN_WEIGHT: u64 = 25;

/// Gives every account and loan its first entry and shares the rest, so that the quotas sum to `entries`.
fn share_entries(members: &mut [MemberPlan], entries: u64, random: &mut Random) {
    let mut quotas: Vec<(&mut u64, u64, u64)> = Vec::new();
    for member in members {
        for account in &mut member.accounts {
            let (most, weight) = appetite(account.product, random);
            quotas.push((&mut account.quota, most, weight));
        }
        for loan in &mut member.loans {
            quotas.push((&mut loan.quota, u64::MAX, LOAN_WEIGHT * (50 + random.below(101))));
        }
    }
    // Those with an upper limit first: what they cannot take goes to the others.
    quotas.sort_by_key(|&(_, most, _)| most);
    let mut left = entries - quotas.len() as u64;
    let mut weights: u64 = quotas.iter().map(|q| q.2).sum();
    for (quota, most, weight) in quotas {
        let fair = (u128::from(left) * u128::from(weight) / u128::from(weights)) as u64;
        let more = fair.min(most);
        *quota += more;
        left -= more;
        weights -= weight;
    }
}

/// From how many months the quota of each account and loan comes, and how a loan ends.
fn set_terms(member: &mut MemberPlan, random: &mut Random) {
    for account in &mut member.accounts {
        let quota = account.quota;
        let months = match account.product {
            Savings::Pokok | Savings::Wajib => quota,
            Savings::Berjangka => quota * 2 / 5,
            // Entries a month, in quarters: from one in a season to several a week.
            Savings::Sukarela => quota * 4 / random.pick(&[&1, &2, &4, &8, &16, &40]),
        };
        let months = months.clamp(1, u64::from(MAX_MONTHS)) as u32;
        account.first_month = LAST_MONTH + 1 - months;
    }
    let joined = member.accounts.iter().map(|a| a.first_month).min().unwrap_or(LAST_MONTH);
    for account in &mut member.accounts {
        if account.product == Savings::Pokok {
            account.first_month = joined;
            account.last_month = (joined + account.quota as u32 - 1).min(LAST_MONTH);
        }
    }
    for loan in &mut member.loans {
        set_loan_terms(loan, random);
    }
    if member.left {
        // Who left was paid out in full, pokok last.
        for account in &mut member.accounts {
            account.last_month = LAST_MONTH;
        }
    }
}

fn set_loan_terms(loan: &mut LoanPlan, random: &mut Random) {
    let (a_month, longest) = match loan.product {
        Loan::Harian => (20, 150),
        _ => (1, 72),
    };
    let months = (loan.quota * 9 / 10 / a_month).clamp(1, longest) as u32;
    loan.pays_off = loan.quota > 2 && random.chance(400);
    if loan.pays_off {
        let ago = random.below(u64::from(MAX_MONTHS - months).min(36)) as u32;
        loan.last_month = LAST_MONTH - ago;
        loan.periods = months;
    } else {
        loan.periods = months + 1 + random.below(u64::from(months).clamp(6, 36)) as u32;
    }
    loan.periods = loan.periods.min(loan.product.max_periods());
    loan.first_month = loan.last_month + 1 - months;
}
