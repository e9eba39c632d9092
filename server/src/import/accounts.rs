//! Savings accounts and loans: their rows, and where each ledger stands while its entries are read.

use anggota::domain::{
    AccountNo, AccountStatus, CivilDate, LedgerKind, LoanStatus, MemberNo, Money, ProductCode, Rate,
};
use anggota::protocol::{Hash, head};

use super::draft::{Draft, Rule, Saved};
use super::entries::Entry;
use super::register::{LoanTerms, MAX_PERIODS, Member, Register, SavingsTerms, check_cap, is_twice};
use super::{Import, ImportError, Step};
use crate::books::{self, Cells, Count, Text};

const NO_MEMBER: &str = "anggota ini tidak ada di members.csv";
const NO_SAVINGS_PRODUCT: &str = "produk ini tidak ada di savings_products.csv";
const NO_LOAN_PRODUCT: &str = "produk ini tidak ada di loan_products.csv";

/// A savings account or loan while its entries are read.
#[derive(Default)]
pub(super) struct Account {
    /// Of its row.
    pub(super) line: u64,
    /// `None`: not even its row could be told apart.
    pub(super) kind: Option<LedgerKind>,
    /// `None`: something is wrong with its row, and nothing of it is written.
    pub(super) number: Option<i64>,
    pub(super) member: Option<i64>,
    pub(super) is_candidates: bool,
    pub(super) opened_on: Option<CivilDate>,
    /// How many entries the database held before this import.
    pub(super) stored: u32,
    /// How many rows were read.
    pub(super) rows: u32,
    /// Whether nothing was wrong with any of them.
    pub(super) is_sound: bool,
    /// Balance or outstanding after them; `None` when it cannot be known.
    pub(super) figure: Option<Money>,
    /// The chain's hash after the stored entries and those added.
    pub(super) hash: Hash,
    pub(super) last_posted_on: Option<CivilDate>,
    pub(super) last_line: u64,
    /// By how much the books' own balance was last found to differ: a difference is told once, where it arises.
    pub(super) drift: Option<Money>,
    /// Whether the last row left less than nothing: told where it begins.
    pub(super) is_below: bool,
    /// Whether the last row was not the stored one: of neighbouring rows that differ, the first is told.
    pub(super) differs: bool,
    pub(super) lent: Option<Lent>,
}

/// What a loan's disbursements come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lent {
    /// The principal agreed.
    pub(super) principal: Money,
    /// Whether there was any disbursement.
    pub(super) is_begun: bool,
    /// Those that were not reversed, in sen.
    pub(super) standing: i64,
}

impl Lent {
    /// Whether the disbursements that stand sum to the principal, or to nothing: of a loan that was taken back, however often
    /// they were corrected before.
    pub(super) fn is_principal(&self) -> bool {
        self.standing == self.principal.sen() || (self.is_begun && self.standing == 0)
    }
}

impl Account {
    fn new(kind: LedgerKind, line: u64, member: Option<&mut Member>, opened_on: Option<CivilDate>) -> Self {
        let (number, is_candidates) = member.map_or((None, false), |member| (member.number, member.is_candidate));
        Self {
            kind: Some(kind),
            line,
            member: number,
            is_candidates,
            opened_on,
            is_sound: true,
            figure: Some(Money::ZERO),
            ..Self::default()
        }
    }

    /// Whether the row that was read last is beyond those that the database held before.
    pub(super) fn is_at_new_rows(&self) -> bool {
        self.rows > self.stored
    }

    /// Counts what an entry lends or takes back; `earlier` is the entry that it reverses.
    pub(super) fn lend<E: Entry>(&mut self, entry: &E, earlier: Option<&E>) {
        if let Some(lent) = &mut self.lent {
            entry.lend(earlier, lent);
        }
    }
}

impl Import<'_> {
    pub(super) fn savings_accounts(
        &mut self,
        members: &mut Register<Member>,
        products: &mut Register<SavingsTerms>,
    ) -> Result<Register<Account>, ImportError> {
        let (accounts, count) = self.register::<Account>(&books::SAVINGS_ACCOUNTS, |step, accounts, cells| {
            let account_no: Option<AccountNo> = cells.required("account_no");
            let mut draft = Draft::new("account", "account_no", account_no.as_ref().map_or("", AccountNo::as_str));
            let member = owner(cells, &mut draft, LedgerKind::Savings, "account_no", members);
            let product: Option<ProductCode> = draft.fixed(cells, "product_code", "product");
            products.find(cells, "product_code", product.as_ref().map(ProductCode::as_str), NO_SAVINGS_PRODUCT);
            let opened_on = draft.fixed(cells, "opened_on", "opened_on");
            draft.required::<AccountStatus>(cells, "status");
            draft.optional::<Count<1, MAX_PERIODS>>(cells, "term_months");
            draft.optional::<CivilDate>(cells, "matures_on");
            let account = Account::new(LedgerKind::Savings, cells.line(), member, opened_on);
            step.account(account_no, account, draft, accounts, cells)
        })?;
        self.report.accounts = count;
        let sql = "SELECT account_no FROM account WHERE cooperative = ?1 AND kind = 0";
        self.missing(&books::SAVINGS_ACCOUNTS, sql, &accounts, accounts.is_whole)?;
        Ok(accounts)
    }

    /// Reads the loans into the register that holds the savings accounts: they share one number space.
    pub(super) fn loans(
        &mut self,
        members: &mut Register<Member>,
        products: &mut Register<LoanTerms>,
        accounts: &mut Register<Account>,
    ) -> Result<(), ImportError> {
        let take = |step: &mut Step<'_, '_>, accounts: &mut Register<Account>, cells: &mut Cells<'_>| {
            let loan_no: Option<AccountNo> = cells.required("loan_no");
            let mut draft = Draft::new("account", "account_no", loan_no.as_ref().map_or("", AccountNo::as_str));
            let member = owner(cells, &mut draft, LedgerKind::Loan, "loan_no", members);
            let product: Option<ProductCode> = draft.fixed(cells, "product_code", "product");
            let terms =
                products.find(cells, "product_code", product.as_ref().map(ProductCode::as_str), NO_LOAN_PRODUCT);
            let principal: Option<Money> = draft.fixed(cells, "principal", "principal");
            if principal.is_some_and(|principal| principal <= Money::ZERO) {
                cells.refuse("principal", "harus lebih dari 0");
            }
            draft.fixed::<Count<1, MAX_PERIODS>>(cells, "periods", "periods");
            let disbursed_on = draft.fixed(cells, "disbursed_on", "opened_on");
            draft.required::<CivilDate>(cells, "first_due_on");
            draft.required::<LoanStatus>(cells, "status");
            draft.or(cells, "guarantors", Text::default());
            agreed_terms(&mut draft, cells, terms);
            let mut account = Account::new(LedgerKind::Loan, cells.line(), member, disbursed_on);
            account.lent = principal.map(|principal| Lent { principal, is_begun: false, standing: 0 });
            step.account(loan_no, account, draft, accounts, cells)
        };
        let (count, is_whole) = self.rows(&books::LOANS, accounts, take, |accounts, first| {
            accounts.rows.entry(first.into()).or_default();
        })?;
        self.report.loans = count;
        let sql = "SELECT account_no FROM account WHERE cooperative = ?1 AND kind = 1";
        self.missing(&books::LOANS, sql, accounts, is_whole)?;
        accounts.is_whole &= is_whole;
        Ok(())
    }
}

/// The columns that say whose the account is; the member, unless it is not known.
fn owner<'m>(
    cells: &mut Cells<'_>,
    draft: &mut Draft,
    kind: LedgerKind,
    number: &'static str,
    members: &'m mut Register<Member>,
) -> Option<&'m mut Member> {
    draft.raw(number, "kind", Rule::Fixed, kind as i64);
    draft.raw(number, "hash", Rule::Once, Hash::default().to_vec());
    let member_no: Option<MemberNo> = cells.required("member_no");
    let member = members.find(cells, "member_no", member_no.as_ref().map(MemberNo::as_str), NO_MEMBER)?;
    member.accounts += 1;
    if member.accounts > head::MAX_ACCOUNTS {
        cells.refuse("member_no", format!("satu anggota memiliki paling banyak {} rekening", head::MAX_ACCOUNTS));
    }
    draft.raw("member_no", "member", Rule::Fixed, member.number.unwrap_or_default());
    Some(member)
}

/// What was agreed stays with the loan: the product's terms are taken over once, a rate of the loan's own may be
/// corrected later.
fn agreed_terms(draft: &mut Draft, cells: &mut Cells<'_>, terms: Option<&mut LoanTerms>) {
    let own: Option<Rate> = cells.optional("rate_per_period");
    let Some(terms) = terms else { return };
    let rule = if own.is_some() { Rule::Free } else { Rule::Once };
    draft.put("rate_per_period", "rate_per_period", rule, own.or(terms.rate).as_ref());
    draft.put("product_code", "method", Rule::Once, terms.method.as_ref());
    draft.raw("product_code", "product_version", Rule::Once, terms.version);
    if let Some(cap) = terms.yearly_cap {
        check_cap(cells, own, cap);
    }
}

impl Step<'_, '_> {
    /// Keeps the row of an account or loan and finds where its ledger stands.
    fn account(
        &mut self,
        number: Option<AccountNo>,
        mut account: Account,
        draft: Draft,
        accounts: &mut Register<Account>,
        cells: &mut Cells<'_>,
    ) -> Result<(), ImportError> {
        let Some(number) = number else { return Ok(()) };
        let column = if account.kind == Some(LedgerKind::Loan) { "loan_no" } else { "account_no" };
        if let Some(first) = accounts.rows.get(number.as_str()) {
            if first.kind == account.kind {
                is_twice(cells, column, Some(first.line));
            } else if first.kind.is_some() {
                cells.refuse(column, format!("sudah dipakai rekening di savings_accounts.csv baris {}", first.line));
            }
            return Ok(());
        }
        // Without its member's or product's number the row cannot be kept; that is a problem told elsewhere.
        if account.member.is_some()
            && let Some(saved) = self.store.save(draft, "account", cells)?
        {
            account.number = Some(saved.number);
            if saved.is_new || saved.is_changed {
                self.changed.extend(account.member);
            }
            if !saved.is_new {
                (account.stored, account.hash) = self.stand(saved)?;
            }
        }
        accounts.rows.insert(number.as_str().into(), account);
        Ok(())
    }

    fn stand(&self, saved: Saved) -> rusqlite::Result<(u32, Hash)> {
        let sql = "SELECT seq, hash FROM account WHERE cooperative = ?1 AND account = ?2";
        let mut statement = self.store.transaction.prepare_cached(sql)?;
        statement.query_row((self.store.cooperative.number, saved.number), |row| Ok((row.get(0)?, row.get(1)?)))
    }
}
