//! Values and accounts that several files of vectors are made of.

use anggota::domain::{
    AccountKey, AccountNo, CivilDate, CooperativeId, Description, LedgerKind, LoanAmounts, LoanEntry, LoanKind,
    MemberNo, Money, Reference, SavingsEntry, SavingsKind, Timestamp,
};
use anggota::protocol::Hash;
use anggota::protocol::chain::{Chain, ChainEntry, Entries, START};

/// 2026-11-02T03:00:00Z.
pub(crate) const NOW: i64 = 1_793_588_400;

pub(crate) fn cooperative() -> CooperativeId {
    CooperativeId::new("handayani").unwrap()
}

pub(crate) fn member() -> MemberNo {
    MemberNo::new("A00042").unwrap()
}

pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds).unwrap()
}

pub(crate) fn sen(sen: i64) -> Money {
    Money::from_sen(sen).unwrap()
}

pub(crate) fn day(text: &str) -> CivilDate {
    text.parse().unwrap()
}

pub(crate) fn key(kind: LedgerKind, account: &str) -> AccountKey {
    AccountKey { kind, account: AccountNo::new(account).unwrap() }
}

/// One line of a savings passbook: day, kind, sen, description, reference, what it reverses.
pub(crate) type SavingsLine<'a> = (&'a str, SavingsKind, i64, &'a str, &'a str, Option<u32>);

/// One line of a loan's passbook: day, kind, principal, interest and late charge in sen, description, what it reverses.
pub(crate) type LoanLine<'a> = (&'a str, LoanKind, [i64; 3], &'a str, Option<u32>);

/// An account with entries from the first.
pub(crate) struct Book {
    pub(crate) key: AccountKey,
    pub(crate) entries: Entries,
}

impl Book {
    pub(crate) fn savings(account: &str, lines: &[SavingsLine<'_>]) -> Self {
        let mut balance = Money::ZERO;
        let entries = (1..).zip(lines).map(|(seq, (on, kind, amount, description, reference, reverses))| {
            balance = balance.checked_add(sen(*amount)).unwrap();
            let words = (Description::new(description).unwrap(), Reference::new(reference).unwrap());
            SavingsEntry::new(seq, day(on), *kind, sen(*amount), balance, words.0, words.1, *reverses).unwrap()
        });
        Self { key: key(LedgerKind::Savings, account), entries: Entries::Savings(entries.collect()) }
    }

    pub(crate) fn loan(account: &str, lines: &[LoanLine<'_>]) -> Self {
        let mut outstanding = Money::ZERO;
        let entries = (1..).zip(lines).map(|(seq, (on, kind, amounts, description, reverses))| {
            let [principal, interest, late_charge] = amounts.map(sen);
            outstanding = outstanding.checked_add(principal).unwrap();
            let amounts = LoanAmounts { principal, interest, late_charge };
            let words = (Description::new(description).unwrap(), Reference::new("").unwrap());
            LoanEntry::new(seq, day(on), *kind, amounts, outstanding, words.0, words.1, *reverses).unwrap()
        });
        Self { key: key(LedgerKind::Loan, account), entries: Entries::Loan(entries.collect()) }
    }

    /// `h[0]` to `h[n]`.
    pub(crate) fn hashes(&self) -> Vec<Hash> {
        match &self.entries {
            Entries::Savings(entries) => self.walk(entries),
            Entries::Loan(entries) => self.walk(entries),
        }
    }

    fn walk<E: ChainEntry>(&self, entries: &[E]) -> Vec<Hash> {
        let mut chain = Chain::new(&cooperative(), &self.key);
        let mut hashes = vec![START];
        for entry in entries {
            hashes.push(chain.next(hashes.last().unwrap(), entry));
        }
        hashes
    }

    pub(crate) fn seq(&self) -> u32 {
        self.entries.len() as u32
    }

    pub(crate) fn figure(&self) -> Money {
        match &self.entries {
            Entries::Savings(entries) => entries.last().map_or(Money::ZERO, SavingsEntry::balance_after),
            Entries::Loan(entries) => entries.last().map_or(Money::ZERO, LoanEntry::outstanding_after),
        }
    }

    /// The entries from `first` to `last`, both included.
    pub(crate) fn part(&self, first: u32, last: u32) -> Entries {
        let range = first as usize - 1..last as usize;
        match &self.entries {
            Entries::Savings(entries) => Entries::Savings(entries[range].to_vec()),
            Entries::Loan(entries) => Entries::Loan(entries[range].to_vec()),
        }
    }
}
