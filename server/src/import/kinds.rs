//! The two kinds of entries, as the books and the database hold them.

use anggota::domain::{
    CivilDate, Description, EntryFault, Invalid, LedgerKind, LoanAmounts, LoanEntry, LoanKind, Money, Reference,
    SavingsEntry, SavingsKind,
};
use anggota::protocol::Hash;
use rusqlite::{Row, params};

use super::ImportError;
use super::accounts::Lent;
use super::entries::{Entry, Line, Place};
use crate::books::{self, Cells, Layout};
use crate::database::DatabaseError;

const OF_REVERSAL: (&str, &str) = ("reverses", "sebuah reversal tidak dapat dibatalkan");
const NOT_EXACT: &str = "harus persis kebalikan dari baris yang dibatalkan";

impl Entry for SavingsEntry {
    const LEDGER: LedgerKind = LedgerKind::Savings;
    const LAYOUT: &'static Layout = &books::SAVINGS_ENTRIES;
    const NO_ACCOUNT: &'static str = "rekening ini tidak ada di savings_accounts.csv";
    const TOO_EARLY: &'static str = "sebelum rekening dibuka";
    const REVERSAL: &'static str =
        "SELECT seq FROM savings_entry WHERE cooperative = ?1 AND account = ?2 AND reverses = ?3";

    type Kind = SavingsKind;
    type Amounts = Money;

    fn amounts(cells: &mut Cells<'_>) -> Option<Money> {
        cells.required("amount")
    }

    fn change(amount: Money) -> Money {
        amount
    }

    fn given(cells: &mut Cells<'_>) -> Option<Money> {
        cells.optional("balance")
    }

    fn first(_: SavingsKind) -> Result<(), &'static str> {
        Ok(())
    }

    fn build(line: Line, kind: SavingsKind, amount: Money, after: Money) -> Result<Self, EntryFault> {
        let Line { seq, posted_on, description, reference, reverses } = line;
        Self::new(seq, posted_on, kind, amount, after, description, reference, reverses)
    }

    fn column(fault: EntryFault, _: SavingsKind, _: Money) -> &'static str {
        match fault {
            EntryFault::Reverses => "reverses",
            EntryFault::Seq => "account_no",
            _ => "amount",
        }
    }

    fn difference(&self, other: &Self) -> Option<&'static str> {
        first_difference([
            ("posted_on", self.posted_on() == other.posted_on()),
            ("kind", self.kind() == other.kind()),
            ("amount", self.amount() == other.amount()),
            ("description", self.description() == other.description()),
            ("reference", self.reference() == other.reference()),
            ("reverses", self.reverses() == other.reverses()),
        ])
    }

    fn reverses(&self) -> Option<u32> {
        self.reverses()
    }

    fn takes_back(&self, earlier: &Self) -> Result<(), (&'static str, &'static str)> {
        if self.is_reversal_of(earlier) {
            return Ok(());
        }
        Err(if earlier.kind() == SavingsKind::Reversal { OF_REVERSAL } else { ("amount", NOT_EXACT) })
    }

    fn lend(&self, _: Option<&Self>, _: &mut Lent) {}

    fn read(place: Place<'_>, seq: u32) -> Result<Option<Self>, ImportError> {
        let mut statement = place.transaction.prepare_cached(
            "SELECT posted_on, description, reference, reverses, kind, amount, balance_after
             FROM savings_entry WHERE cooperative = ?1 AND account = ?2 AND seq = ?3",
        )?;
        let mut rows = statement.query((place.cooperative, place.account, seq))?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let kind = SavingsKind::from_number(row.get(4)?).ok_or_else(damaged)?;
        let (amount, after) = (money(row, 5)?, money(row, 6)?);
        Ok(Some(Self::build(line(row, seq)?, kind, amount, after).map_err(|_| damaged())?))
    }

    fn insert(&self, place: Place<'_>, hash: &Hash) -> rusqlite::Result<()> {
        let mut statement = place.transaction.prepare_cached(
            "INSERT INTO savings_entry (cooperative, account, seq, posted_on, kind, amount, balance_after, description,
               reference, reverses, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?;
        statement.execute(params![
            place.cooperative,
            place.account,
            self.seq(),
            self.posted_on().days(),
            self.kind().number(),
            self.amount().sen(),
            self.balance_after().sen(),
            self.description().as_str(),
            self.reference().as_str(),
            self.reverses(),
            hash,
        ])?;
        Ok(())
    }
}

impl Entry for LoanEntry {
    const LEDGER: LedgerKind = LedgerKind::Loan;
    const LAYOUT: &'static Layout = &books::LOAN_ENTRIES;
    const NO_ACCOUNT: &'static str = "pinjaman ini tidak ada di loans.csv";
    const TOO_EARLY: &'static str = "sebelum pinjaman dicairkan";
    const REVERSAL: &'static str =
        "SELECT seq FROM loan_entry WHERE cooperative = ?1 AND account = ?2 AND reverses = ?3";

    type Kind = LoanKind;
    type Amounts = LoanAmounts;

    fn amounts(cells: &mut Cells<'_>) -> Option<LoanAmounts> {
        let principal = cells.required("principal");
        let interest = cells.optional("interest").unwrap_or_default();
        let late_charge = cells.optional("late_charge").unwrap_or_default();
        Some(LoanAmounts { principal: principal?, interest, late_charge })
    }

    fn change(amounts: LoanAmounts) -> Money {
        amounts.principal
    }

    fn given(_: &mut Cells<'_>) -> Option<Money> {
        None
    }

    fn first(kind: LoanKind) -> Result<(), &'static str> {
        match kind {
            LoanKind::Disbursement => Ok(()),
            _ => Err("baris pertama sebuah pinjaman adalah pencairannya (disbursement)"),
        }
    }

    fn build(line: Line, kind: LoanKind, amounts: LoanAmounts, after: Money) -> Result<Self, EntryFault> {
        let Line { seq, posted_on, description, reference, reverses } = line;
        Self::new(seq, posted_on, kind, amounts, after, description, reference, reverses)
    }

    fn column(fault: EntryFault, kind: LoanKind, amounts: LoanAmounts) -> &'static str {
        match fault {
            EntryFault::Reverses => "reverses",
            EntryFault::Seq => "loan_no",
            EntryFault::Sign => wrong_sign(kind, amounts),
            _ => "principal",
        }
    }

    fn difference(&self, other: &Self) -> Option<&'static str> {
        let (mine, others) = (self.amounts(), other.amounts());
        first_difference([
            ("posted_on", self.posted_on() == other.posted_on()),
            ("kind", self.kind() == other.kind()),
            ("principal", mine.principal == others.principal),
            ("interest", mine.interest == others.interest),
            ("late_charge", mine.late_charge == others.late_charge),
            ("description", self.description() == other.description()),
            ("reference", self.reference() == other.reference()),
            ("reverses", self.reverses() == other.reverses()),
        ])
    }

    fn reverses(&self) -> Option<u32> {
        self.reverses()
    }

    fn takes_back(&self, earlier: &Self) -> Result<(), (&'static str, &'static str)> {
        if self.is_reversal_of(earlier) {
            return Ok(());
        }
        if earlier.kind() == LoanKind::Reversal {
            return Err(OF_REVERSAL);
        }
        let (mine, exact) = (self.amounts(), -earlier.amounts());
        let column = first_difference([
            ("principal", mine.principal == exact.principal),
            ("interest", mine.interest == exact.interest),
            ("late_charge", mine.late_charge == exact.late_charge),
        ]);
        Err((column.unwrap_or("reverses"), NOT_EXACT))
    }

    fn lend(&self, earlier: Option<&Self>, lent: &mut Lent) {
        let is_lent = |entry: &Self| entry.kind() == LoanKind::Disbursement;
        let principal = self.amounts().principal.sen();
        lent.is_begun |= is_lent(self);
        if is_lent(self) || earlier.is_some_and(is_lent) {
            lent.standing = lent.standing.saturating_add(principal);
        }
    }

    fn read(place: Place<'_>, seq: u32) -> Result<Option<Self>, ImportError> {
        let mut statement = place.transaction.prepare_cached(
            "SELECT posted_on, description, reference, reverses, kind, principal, interest, late_charge, outstanding_after
             FROM loan_entry WHERE cooperative = ?1 AND account = ?2 AND seq = ?3",
        )?;
        let mut rows = statement.query((place.cooperative, place.account, seq))?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let kind = LoanKind::from_number(row.get(4)?).ok_or_else(damaged)?;
        let amounts = LoanAmounts { principal: money(row, 5)?, interest: money(row, 6)?, late_charge: money(row, 7)? };
        let after = money(row, 8)?;
        Ok(Some(Self::build(line(row, seq)?, kind, amounts, after).map_err(|_| damaged())?))
    }

    fn insert(&self, place: Place<'_>, hash: &Hash) -> rusqlite::Result<()> {
        let mut statement = place.transaction.prepare_cached(
            "INSERT INTO loan_entry (cooperative, account, seq, posted_on, kind, principal, interest, late_charge,
               outstanding_after, description, reference, reverses, hash)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?;
        let LoanAmounts { principal, interest, late_charge } = self.amounts();
        statement.execute(params![
            place.cooperative,
            place.account,
            self.seq(),
            self.posted_on().days(),
            self.kind().number(),
            principal.sen(),
            interest.sen(),
            late_charge.sen(),
            self.outstanding_after().sen(),
            self.description().as_str(),
            self.reference().as_str(),
            self.reverses(),
            hash,
        ])?;
        Ok(())
    }
}

fn first_difference<const N: usize>(columns: [(&'static str, bool); N]) -> Option<&'static str> {
    columns.into_iter().find(|(_, is_equal)| !is_equal).map(|(column, _)| column)
}

/// Which of three amounts has the wrong sign: the one that alone, turned round or left out, would mend the entry.
fn wrong_sign(kind: LoanKind, amounts: LoanAmounts) -> &'static str {
    let mends = |column: &str| {
        [|amount: Money| -amount, |_| Money::ZERO].into_iter().any(|mend| {
            let mut tried = amounts;
            match column {
                "principal" => tried.principal = mend(tried.principal),
                "interest" => tried.interest = mend(tried.interest),
                _ => tried.late_charge = mend(tried.late_charge),
            }
            let words = (Description::new(""), Reference::new(""));
            let (Ok(description), Ok(reference)) = words else { return false };
            let Ok(posted_on) = CivilDate::from_days(0) else { return false };
            let line = Line { seq: 1, posted_on, description, reference, reverses: None };
            LoanEntry::build(line, kind, tried, Money::ZERO).is_ok()
        })
    };
    let fallback = if kind == LoanKind::LateCharge { "late_charge" } else { "principal" };
    ["principal", "interest", "late_charge"].into_iter().find(|column| mends(column)).unwrap_or(fallback)
}

/// The columns that both tables begin with in the statements above.
fn line(row: &Row<'_>, seq: u32) -> Result<Line, ImportError> {
    let text = |index| row.get_ref(index)?.as_str().map_err(rusqlite::Error::from);
    Ok(Line {
        seq,
        posted_on: CivilDate::from_days(row.get(0)?).map_err(DatabaseError::from)?,
        description: Description::new(text(1)?).map_err(DatabaseError::from)?,
        reference: Reference::new(text(2)?).map_err(DatabaseError::from)?,
        reverses: row.get(3)?,
    })
}

fn money(row: &Row<'_>, index: usize) -> Result<Money, ImportError> {
    Ok(Money::from_sen(row.get(index)?).map_err(DatabaseError::from)?)
}

fn damaged() -> DatabaseError {
    DatabaseError::Damaged(Invalid("an entry keeps the rules of entries"))
}
