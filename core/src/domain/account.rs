//! Accounts and their heads: the figure a member looks at, and where its ledger stands.

use super::loan::{LoanDates, LoanPlan, RepaymentTerms};
use super::product::words;
use super::{AccountNo, CivilDate, Invalid, LoanMethod, Money, ProductCode, Rate};

words!(
    /// Which of the two ledgers an account number belongs to. The numbers are the protocol's.
    LedgerKind, "a ledger is savings or loan", {
        /// A savings account.
        Savings = 0 "savings",
        /// A loan.
        Loan = 1 "loan",
    }
);
words!(
    /// Whether a savings account is in use.
    AccountStatus, "an account's status is open or closed", {
        /// In use.
        Open = 0 "open",
        /// Closed.
        Closed = 1 "closed",
    }
);
words!(
    /// How a loan stands.
    LoanStatus, "a loan's status is active, paid or written_off", {
        /// Being repaid.
        Active = 0 "active",
        /// Repaid in full.
        Paid = 1 "paid",
        /// Given up by the cooperative.
        WrittenOff = 2 "written_off",
    }
);
words!(
    /// How a member stands in the register.
    MemberStatus, "a member's status is active, candidate, suspended or left", {
        /// A full member.
        Active = 0 "active",
        /// Calon anggota: may not save or borrow until admitted (Permenkop UKM 8/2023).
        Candidate = 1 "candidate",
        /// Suspended by the board.
        Suspended = 2 "suspended",
        /// Has left.
        Left = 3 "left",
    }
);

/// One ledger of a member: a savings account or a loan. Ordered by kind, then by the bytes of the number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountKey {
    /// Savings or loan.
    pub kind: LedgerKind,
    /// Its number.
    pub account: AccountNo,
}

impl PartialOrd for LedgerKind {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for LedgerKind {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (*self as u8).cmp(&(*other as u8))
    }
}

/// What the cooperative signs about a savings account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavingsHead {
    /// Its number.
    pub account: AccountNo,
    /// The last entry's seq; 0 when there is none.
    pub seq: u32,
    /// The balance after it.
    pub balance: Money,
    /// The chain's hash after it.
    pub hash: [u8; 32],
    /// The product's code.
    pub product: ProductCode,
    /// Open or closed.
    pub status: AccountStatus,
}

/// What was agreed when a loan was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanTerms {
    /// The product's code.
    pub product: ProductCode,
    /// The product's version then.
    pub product_version: u32,
    /// How interest is reckoned.
    pub method: LoanMethod,
    /// The principal agreed.
    pub principal: Money,
    /// Interest a month.
    pub rate_per_period: Rate,
    /// The number of instalments.
    pub periods: u32,
    /// The day it was paid out.
    pub disbursed_on: CivilDate,
    /// The day of the first instalment.
    pub first_due_on: CivilDate,
}

impl LoanTerms {
    /// What was agreed as a plan, with the product's repayment terms.
    pub fn plan(&self, repayment: RepaymentTerms) -> Result<LoanPlan, Invalid> {
        let dates = LoanDates::new(self.disbursed_on, self.first_due_on)?;
        LoanPlan::new(self.method, self.principal, self.rate_per_period, self.periods, repayment, Some(dates))
    }
}

/// What the cooperative signs about a loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanHead {
    /// Its number.
    pub account: AccountNo,
    /// The last entry's seq; 0 when there is none.
    pub seq: u32,
    /// The principal still owed after it.
    pub outstanding: Money,
    /// The chain's hash after it.
    pub hash: [u8; 32],
    /// The agreed terms.
    pub terms: LoanTerms,
    /// How it stands.
    pub status: LoanStatus,
}

/// The head of either ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Head {
    /// Of a savings account.
    Savings(SavingsHead),
    /// Of a loan.
    Loan(LoanHead),
}

impl Head {
    /// Whose head it is.
    pub fn key(&self) -> AccountKey {
        match self {
            Self::Savings(head) => AccountKey { kind: LedgerKind::Savings, account: head.account.clone() },
            Self::Loan(head) => AccountKey { kind: LedgerKind::Loan, account: head.account.clone() },
        }
    }

    /// The last entry's seq.
    pub fn seq(&self) -> u32 {
        match self {
            Self::Savings(head) => head.seq,
            Self::Loan(head) => head.seq,
        }
    }

    /// The chain's hash after the last entry.
    pub fn hash(&self) -> [u8; 32] {
        match self {
            Self::Savings(head) => head.hash,
            Self::Loan(head) => head.hash,
        }
    }

    /// Balance or outstanding.
    pub fn figure(&self) -> Money {
        match self {
            Self::Savings(head) => head.balance,
            Self::Loan(head) => head.outstanding,
        }
    }
}
