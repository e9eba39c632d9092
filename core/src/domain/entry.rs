//! The entries of a ledger: what one line of a passbook may say, and how it follows the line before it.
//!
//! An entry that exists keeps its own rules (signs, reversal); [`SavingsEntry::follows`] and
//! [`LoanEntry::follows`] hold the rule between two of them.

use super::{CivilDate, Description, LoanKind, Money, Reference, SavingsKind};

/// The highest seq of an account.
pub const MAX_SEQ: u32 = i32::MAX as u32;

/// Which rule of entries is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EntryFault {
    /// seq is 0 or too high.
    #[error("an entry is numbered from 1 to {MAX_SEQ}")]
    Seq,
    /// An entry that moves nothing.
    #[error("an entry of 0 is not allowed")]
    Zero,
    /// The sign does not fit the kind.
    #[error("the sign of the amount does not fit the kind of entry")]
    Sign,
    /// A balance or outstanding below zero.
    #[error("the balance would fall below zero")]
    BelowZero,
    /// An amount out of range.
    #[error("the amount or balance is too large")]
    TooLarge,
    /// A reversal without the entry it reverses, or another kind with one.
    #[error("a reversal, and only a reversal, names the earlier entry it reverses")]
    Reverses,
    /// seq is not the one after the entry before.
    #[error("the entry's number does not follow the one before it")]
    Gap,
    /// The balance is not the one before plus the amount.
    #[error("the balance is not the one before it plus the amount")]
    Balance,
}

/// The parts every entry has: its place, its day, its words, and what it reverses.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    seq: u32,
    posted_on: CivilDate,
    description: Description,
    reference: Reference,
    reverses: Option<u32>,
}

impl Line {
    fn check(&self, is_reversal: bool) -> Result<(), EntryFault> {
        if self.seq == 0 || self.seq > MAX_SEQ {
            return Err(EntryFault::Seq);
        }
        match self.reverses {
            None if !is_reversal => Ok(()),
            Some(earlier) if is_reversal && earlier >= 1 && earlier < self.seq => Ok(()),
            _ => Err(EntryFault::Reverses),
        }
    }
}

macro_rules! line_getters {
    () => {
        /// Its place in the account, from 1, without gaps.
        pub fn seq(&self) -> u32 {
            self.line.seq
        }
        /// The day it was posted, at the cooperative.
        pub fn posted_on(&self) -> CivilDate {
            self.line.posted_on
        }
        /// What the books say it is.
        pub fn description(&self) -> &Description {
            &self.line.description
        }
        /// Voucher or counterparty.
        pub fn reference(&self) -> &Reference {
            &self.line.reference
        }
        /// The seq of the earlier entry that this one reverses.
        pub fn reverses(&self) -> Option<u32> {
            self.line.reverses
        }
    };
}

/// One entry of a savings account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavingsEntry {
    line: Line,
    kind: SavingsKind,
    amount: Money,
    balance_after: Money,
}

impl SavingsEntry {
    /// Checks the rules that an entry keeps by itself: seq, sign by kind, not 0, balance not below 0,
    /// a reversal names an earlier seq.
    #[expect(clippy::too_many_arguments, reason = "the eight columns of a passbook line, all of them always")]
    pub fn new(
        seq: u32,
        posted_on: CivilDate,
        kind: SavingsKind,
        amount: Money,
        balance_after: Money,
        description: Description,
        reference: Reference,
        reverses: Option<u32>,
    ) -> Result<Self, EntryFault> {
        let line = Line { seq, posted_on, description, reference, reverses };
        line.check(kind == SavingsKind::Reversal)?;
        if amount.is_zero() {
            return Err(EntryFault::Zero);
        }
        if !kind.allows(amount) {
            return Err(EntryFault::Sign);
        }
        if balance_after.is_negative() {
            return Err(EntryFault::BelowZero);
        }
        Ok(Self { line, kind, amount, balance_after })
    }

    line_getters!();

    /// What kind of movement it is.
    pub fn kind(&self) -> SavingsKind {
        self.kind
    }
    /// The signed movement.
    pub fn amount(&self) -> Money {
        self.amount
    }
    /// The account's balance after it.
    pub fn balance_after(&self) -> Money {
        self.balance_after
    }

    /// Holds that this entry stands right after one with `seq` and `balance` (0 and nothing before the first).
    pub fn follows(&self, seq: u32, balance: Money) -> Result<(), EntryFault> {
        if self.line.seq != seq.wrapping_add(1) {
            return Err(EntryFault::Gap);
        }
        match balance.checked_add(self.amount) {
            Some(sum) if sum == self.balance_after => Ok(()),
            _ => Err(EntryFault::Balance),
        }
    }

    /// Holds that this entry is the exact reversal of `earlier`.
    pub fn is_reversal_of(&self, earlier: &Self) -> bool {
        self.line.reverses == Some(earlier.line.seq)
            && earlier.kind != SavingsKind::Reversal
            && self.amount == -earlier.amount
    }
}

/// The three amounts that an entry of a loan moves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LoanAmounts {
    /// Change of the outstanding principal: disbursement +, repayment -.
    pub principal: Money,
    /// Interest: charged +, paid or waived -.
    pub interest: Money,
    /// Late charge: charged +, paid or waived -.
    pub late_charge: Money,
}

impl std::ops::Neg for LoanAmounts {
    type Output = Self;
    fn neg(self) -> Self {
        Self { principal: -self.principal, interest: -self.interest, late_charge: -self.late_charge }
    }
}

/// One entry of a loan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanEntry {
    line: Line,
    kind: LoanKind,
    amounts: LoanAmounts,
    outstanding_after: Money,
}

impl LoanEntry {
    /// Checks the rules that an entry keeps by itself: seq, signs by kind, not all 0, outstanding not below 0,
    /// a reversal names an earlier seq.
    #[expect(clippy::too_many_arguments, reason = "the eight columns of a passbook line, all of them always")]
    pub fn new(
        seq: u32,
        posted_on: CivilDate,
        kind: LoanKind,
        amounts: LoanAmounts,
        outstanding_after: Money,
        description: Description,
        reference: Reference,
        reverses: Option<u32>,
    ) -> Result<Self, EntryFault> {
        let line = Line { seq, posted_on, description, reference, reverses };
        line.check(kind == LoanKind::Reversal)?;
        if amounts == LoanAmounts::default() {
            return Err(EntryFault::Zero);
        }
        if !kind.allows(amounts) {
            return Err(EntryFault::Sign);
        }
        if outstanding_after.is_negative() {
            return Err(EntryFault::BelowZero);
        }
        Ok(Self { line, kind, amounts, outstanding_after })
    }

    line_getters!();

    /// What kind of movement it is.
    pub fn kind(&self) -> LoanKind {
        self.kind
    }
    /// The signed movements.
    pub fn amounts(&self) -> LoanAmounts {
        self.amounts
    }
    /// The principal still owed after it.
    pub fn outstanding_after(&self) -> Money {
        self.outstanding_after
    }

    /// Holds that this entry stands right after one with `seq` and `outstanding`.
    pub fn follows(&self, seq: u32, outstanding: Money) -> Result<(), EntryFault> {
        if self.line.seq != seq.wrapping_add(1) {
            return Err(EntryFault::Gap);
        }
        match outstanding.checked_add(self.amounts.principal) {
            Some(sum) if sum == self.outstanding_after => Ok(()),
            _ => Err(EntryFault::Balance),
        }
    }

    /// Holds that this entry is the exact reversal of `earlier`.
    pub fn is_reversal_of(&self, earlier: &Self) -> bool {
        self.line.reverses == Some(earlier.line.seq)
            && earlier.kind != LoanKind::Reversal
            && self.amounts == -earlier.amounts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn savings(
        seq: u32,
        kind: SavingsKind,
        amount: i64,
        balance: i64,
        reverses: Option<u32>,
    ) -> Result<SavingsEntry, EntryFault> {
        SavingsEntry::new(
            seq,
            CivilDate::from_days(20_000).unwrap(),
            kind,
            Money::from_sen(amount).unwrap(),
            Money::from_sen(balance).unwrap(),
            Description::new("Setoran").unwrap(),
            Reference::new("").unwrap(),
            reverses,
        )
    }

    #[test]
    fn a_savings_entry_keeps_sign_and_reversal_rules() {
        assert!(savings(1, SavingsKind::Deposit, 100, 100, None).is_ok());
        assert_eq!(savings(0, SavingsKind::Deposit, 100, 100, None), Err(EntryFault::Seq));
        assert_eq!(savings(1, SavingsKind::Deposit, 0, 100, None), Err(EntryFault::Zero));
        assert_eq!(savings(1, SavingsKind::Deposit, -1, 100, None), Err(EntryFault::Sign));
        for kind in [SavingsKind::Withdrawal, SavingsKind::Tax, SavingsKind::Fee, SavingsKind::TransferOut] {
            assert_eq!(savings(1, kind, 1, 100, None), Err(EntryFault::Sign));
            assert!(savings(1, kind, -1, 100, None).is_ok());
        }
        assert_eq!(savings(1, SavingsKind::Withdrawal, -1, -1, None), Err(EntryFault::BelowZero));
        assert_eq!(savings(2, SavingsKind::Reversal, -1, 0, None), Err(EntryFault::Reverses));
        assert_eq!(savings(2, SavingsKind::Reversal, -1, 0, Some(2)), Err(EntryFault::Reverses));
        assert_eq!(savings(2, SavingsKind::Deposit, 1, 1, Some(1)), Err(EntryFault::Reverses));
        assert!(savings(2, SavingsKind::Reversal, -1, 0, Some(1)).is_ok());
    }

    /// What is not known of a kind is its name: it moves up or down, never nothing, and takes nothing back.
    #[test]
    fn an_entry_of_a_newer_kind_keeps_every_rule_but_the_sign() {
        let other = SavingsKind::from_number(200).unwrap();
        assert_eq!(savings(2, other, -1, 0, None).unwrap().kind().number(), 200);
        assert!(savings(2, other, 1, 1, None).is_ok());
        assert_eq!(savings(2, other, 0, 1, None), Err(EntryFault::Zero));
        assert_eq!(savings(2, other, -1, -1, None), Err(EntryFault::BelowZero));
        assert_eq!(savings(2, other, -1, 0, Some(1)), Err(EntryFault::Reverses));
        let back = savings(3, SavingsKind::Reversal, 1, 1, Some(2)).unwrap();
        assert!(back.is_reversal_of(&savings(2, other, -1, 0, None).unwrap()));
    }

    #[test]
    fn an_entry_follows_only_its_own_predecessor() {
        let entry = savings(2, SavingsKind::Deposit, 100, 150, None).unwrap();
        assert_eq!(entry.follows(1, Money::from_sen(50).unwrap()), Ok(()));
        assert_eq!(entry.follows(1, Money::from_sen(51).unwrap()), Err(EntryFault::Balance));
        assert_eq!(entry.follows(2, Money::from_sen(50).unwrap()), Err(EntryFault::Gap));
        assert_eq!(entry.follows(0, Money::from_sen(50).unwrap()), Err(EntryFault::Gap));
    }

    #[test]
    fn a_loan_entry_keeps_its_signs() {
        let loan = |kind, principal: i64, interest: i64, late: i64| {
            let sen = |v| Money::from_sen(v).unwrap();
            LoanEntry::new(
                1,
                CivilDate::from_days(20_000).unwrap(),
                kind,
                LoanAmounts { principal: sen(principal), interest: sen(interest), late_charge: sen(late) },
                sen(100),
                Description::new("").unwrap(),
                Reference::new("").unwrap(),
                None,
            )
        };
        assert!(loan(LoanKind::Disbursement, 100, 0, 0).is_ok());
        assert_eq!(loan(LoanKind::Disbursement, -100, 0, 0), Err(EntryFault::Sign));
        assert_eq!(loan(LoanKind::Disbursement, 0, 5, 0), Err(EntryFault::Sign));
        assert!(loan(LoanKind::Repayment, -100, -5, -1).is_ok());
        assert_eq!(loan(LoanKind::Repayment, -100, 5, 0), Err(EntryFault::Sign));
        assert_eq!(loan(LoanKind::Repayment, 0, 0, 0), Err(EntryFault::Zero));
        assert!(loan(LoanKind::LateCharge, 0, 0, 5).is_ok());
        assert_eq!(loan(LoanKind::LateCharge, 1, 0, 5), Err(EntryFault::Sign));
        assert!(loan(LoanKind::Waiver, 0, -5, -1).is_ok());
        let other = LoanKind::from_number(200).unwrap();
        assert!(loan(other, 100, -5, 1).is_ok());
        assert_eq!(loan(other, 0, 0, 0), Err(EntryFault::Zero));
    }

    #[test]
    fn a_reversal_is_the_exact_negative_and_never_of_a_reversal() {
        let first = savings(1, SavingsKind::Deposit, 100, 100, None).unwrap();
        let back = savings(2, SavingsKind::Reversal, -100, 0, Some(1)).unwrap();
        let again = savings(3, SavingsKind::Reversal, 100, 100, Some(2)).unwrap();
        let other = savings(2, SavingsKind::Reversal, -99, 1, Some(1)).unwrap();
        assert!(back.is_reversal_of(&first));
        assert!(!again.is_reversal_of(&back));
        assert!(!other.is_reversal_of(&first));
    }
}
