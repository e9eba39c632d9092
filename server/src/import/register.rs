//! The registers of the books: the cooperative itself, its members and its products.

use std::collections::HashMap;
use std::path::Path;

use anggota::domain::loan::AllocationOrder;
use anggota::domain::{
    CivilDate, CooperativeId, LoanMethod, MemberNo, MemberStatus, Money, Name, ProductCode, Rate, SavingsType,
    TimeZone, Timestamp,
};
use anggota::protocol::frame::MAX_PRODUCTS;
use rusqlite::Transaction;

use super::draft::{Draft, NO_NUMBER};
use super::{Import, ImportError, Step};
use crate::books::{
    self, Cells, Choice, Count, DayCount, Language, Layout, Opened, Problems, RoundingMode, RoundingPlace, Table, Text,
};
use crate::cooperative::Cooperative;
use crate::database::DatabaseError;

/// The caps of Permenkop UKM 8/2023 where a product names none: savings 9% a year (art. 26), loans 24% (art. 27).
const SAVINGS_CAP: Rate = rate(9_000_000);
const LOAN_CAP: Rate = rate(24_000_000);
/// What is rounded to where a product does not say.
const ROUNDING_UNIT: Money = Money::RUPIAH;
/// The most months that a term or a schedule may have, and the highest version of a product.
pub(super) const MAX_PERIODS: u32 = 9_999;
const MAX_VERSION: u32 = i32::MAX as u32;

/// For constants: out of range does not compile.
#[expect(clippy::panic, reason = "the compiler meets it, nobody else")]
const fn rate(e8: i64) -> Rate {
    match Rate::from_e8(e8) {
        Ok(rate) => rate,
        Err(_) => panic!("the rate is in range"),
    }
}

/// The rows of one file by their first column.
pub(super) struct Register<T> {
    pub(super) rows: HashMap<Box<str>, T>,
    /// Whether all rows could be read: only then is a missing one a problem.
    pub(super) is_whole: bool,
}

impl<T> Register<T> {
    pub(super) fn new() -> Self {
        Self { rows: HashMap::new(), is_whole: true }
    }

    /// The row that `column` refers to; a problem if there is none.
    pub(super) fn find(
        &mut self,
        cells: &mut Cells<'_>,
        column: &'static str,
        key: Option<&str>,
        absent: &'static str,
    ) -> Option<&mut T> {
        let key = key?;
        match self.rows.get_mut(key) {
            None if self.is_whole => {
                cells.refuse(column, absent);
                None
            }
            found => found,
        }
    }
}

/// A member, as far as the other files ask.
#[derive(Default)]
pub(super) struct Member {
    line: u64,
    /// `None` when something is wrong with the row.
    pub(super) number: Option<i64>,
    pub(super) is_candidate: bool,
    /// Accounts and loans so far.
    pub(super) accounts: u64,
}

/// A savings product, as far as the other files ask.
#[derive(Default)]
pub(super) struct SavingsTerms {
    line: u64,
}

/// A loan product, as far as the other files ask.
#[derive(Default)]
pub(super) struct LoanTerms {
    line: u64,
    pub(super) method: Option<LoanMethod>,
    pub(super) rate: Option<Rate>,
    pub(super) version: u32,
    pub(super) yearly_cap: Option<Rate>,
}

/// Reads `cooperative.csv` and keeps its row. When that cannot be, the rest is still looked at, as the books of a
/// cooperative that the database does not hold; the problems see to it that none of it stays.
pub(super) fn cooperative(
    transaction: &Transaction<'_>,
    folder: &Path,
    named: Option<&CooperativeId>,
    now: Timestamp,
    problems: &mut Problems,
) -> Result<Cooperative, ImportError> {
    let layout = &books::COOPERATIVE;
    let failed = |error| ImportError::File(layout.file, error);
    let mut found = None;
    if let Opened::Rows(mut table) = Table::open(folder, layout, problems).map_err(failed)? {
        while let Some(mut cells) = table.next(problems, |_| ()).map_err(failed)? {
            if found.is_some() {
                cells.refuse("id", "berkas ini berisi tepat satu baris");
                continue;
            }
            found = Some(cooperative_row(transaction, named, now, &mut cells)?);
        }
        if table.rows() == 0 {
            problems.add(layout.file, 0, "", "", "berkas ini berisi tepat satu baris");
        }
    }
    match found.flatten() {
        Some(id) => Ok(Cooperative::find(transaction, Some(&id))?),
        None => Ok(Cooperative {
            number: next_cooperative(transaction)?,
            id: CooperativeId::new("-").map_err(DatabaseError::from)?,
            name: Name::new("-").map_err(DatabaseError::from)?,
            zone: TimeZone::default(),
            epoch: 1,
        }),
    }
}

fn cooperative_row(
    transaction: &Transaction<'_>,
    named: Option<&CooperativeId>,
    now: Timestamp,
    cells: &mut Cells<'_>,
) -> Result<Option<CooperativeId>, ImportError> {
    let id: Option<CooperativeId> = cells.required("id");
    let mut draft = Draft::new("cooperative", "id", id.as_ref().map_or("", CooperativeId::as_str));
    draft.required::<Name>(cells, "name");
    draft.or(cells, "registration_no", Text::default());
    draft.or(cells, "city", Text::default());
    draft.or(cells, "time_zone", TimeZone::default());
    if cells.optional::<Count<1, 9_999>>("books_version").is_some_and(|Count(version)| version != books::VERSION) {
        cells.refuse("books_version", "buku ini dari versi lain; perbarui anggota-server");
    }
    let Some(id) = id else { return Ok(None) };
    if named.is_some_and(|named| *named != id) {
        cells.refuse("id", "ini bukan koperasi yang disebut dengan --cooperative; periksa foldernya");
    }
    let number = match Cooperative::with_id(transaction, &id)? {
        Some(known) => known.number,
        None => next_cooperative(transaction)?,
    };
    Ok(draft.save(transaction, number, now, NO_NUMBER, cells)?.map(|_| id))
}

fn next_cooperative(transaction: &Transaction<'_>) -> rusqlite::Result<i64> {
    transaction.query_row("SELECT coalesce(max(cooperative), 0) + 1 FROM cooperative", [], |row| row.get(0))
}

impl Import<'_> {
    pub(super) fn members(&mut self) -> Result<Register<Member>, ImportError> {
        let (members, count) = self.register::<Member>(&books::MEMBERS, |step, members, cells| {
            let member_no: Option<MemberNo> = cells.required("member_no");
            let mut draft = Draft::new("member", "member_no", member_no.as_ref().map_or("", MemberNo::as_str));
            draft.required::<Name>(cells, "name");
            let status: Option<MemberStatus> = draft.required(cells, "status");
            draft.required::<CivilDate>(cells, "joined_on");
            draft.optional::<CivilDate>(cells, "birth_date");
            draft.or(cells, "phone", Text::default());
            draft.or(cells, "language", Choice::<Language>::first());
            for column in ["class", "sectors", "kelurahan", "kecamatan"] {
                draft.or(cells, column, Text::default());
            }
            let Some(member_no) = member_no else { return Ok(()) };
            if is_twice(cells, "member_no", members.rows.get(member_no.as_str()).map(|first| first.line)) {
                return Ok(());
            }
            let saved = step.store.save(draft, "member", cells)?;
            let number = saved.map(|saved| saved.number);
            step.changed.extend(saved.filter(|saved| saved.is_new).map(|saved| saved.number));
            let is_candidate = status == Some(MemberStatus::Candidate);
            let member = Member { line: cells.line(), number, is_candidate, accounts: 0 };
            members.rows.insert(member_no.as_str().into(), member);
            Ok(())
        })?;
        self.report.members = count;
        let sql = "SELECT member_no FROM member WHERE cooperative = ?1";
        self.missing(&books::MEMBERS, sql, &members, members.is_whole)?;
        Ok(members)
    }

    pub(super) fn savings_products(&mut self) -> Result<Register<SavingsTerms>, ImportError> {
        let (products, _) = self.register::<SavingsTerms>(&books::SAVINGS_PRODUCTS, |step, products, cells| {
            let code: Option<ProductCode> = cells.required("code");
            let mut draft = Draft::new("savings_product", "code", code.as_ref().map_or("", ProductCode::as_str));
            draft.required::<Name>(cells, "name");
            draft.required::<SavingsType>(cells, "type");
            let rate = draft.or(cells, "yearly_rate", Rate::ZERO);
            let cap = draft.or(cells, "yearly_cap", SAVINGS_CAP);
            if rate > cap {
                cells.refuse("yearly_rate", format!("melebihi batas {cap} setahun"));
            }
            let Some(code) = code else { return Ok(()) };
            if !is_twice(cells, "code", products.rows.get(code.as_str()).map(|first| first.line)) {
                check_count(cells, products);
                step.store.save(draft, NO_NUMBER, cells)?;
                products.rows.insert(code.as_str().into(), SavingsTerms { line: cells.line() });
            }
            Ok(())
        })?;
        let sql = "SELECT code FROM savings_product WHERE cooperative = ?1";
        self.missing(&books::SAVINGS_PRODUCTS, sql, &products, products.is_whole)?;
        Ok(products)
    }

    pub(super) fn loan_products(&mut self) -> Result<Register<LoanTerms>, ImportError> {
        let (products, _) = self.register::<LoanTerms>(&books::LOAN_PRODUCTS, |step, products, cells| {
            let code: Option<ProductCode> = cells.required("code");
            let mut draft = Draft::new("loan_product", "code", code.as_ref().map_or("", ProductCode::as_str));
            let terms = loan_product_row(&mut draft, cells);
            let Some(code) = code else { return Ok(()) };
            if !is_twice(cells, "code", products.rows.get(code.as_str()).map(|first| first.line)) {
                check_count(cells, products);
                step.store.save(draft, NO_NUMBER, cells)?;
                products.rows.insert(code.as_str().into(), terms);
            }
            Ok(())
        })?;
        let sql = "SELECT code FROM loan_product WHERE cooperative = ?1";
        self.missing(&books::LOAN_PRODUCTS, sql, &products, products.is_whole)?;
        Ok(products)
    }

    /// Reads a file into a register; gives how many rows it has.
    pub(super) fn register<T: Default>(
        &mut self,
        layout: &'static Layout,
        take: impl FnMut(&mut Step<'_, '_>, &mut Register<T>, &mut Cells<'_>) -> Result<(), ImportError>,
    ) -> Result<(Register<T>, u64), ImportError> {
        let mut register = Register::new();
        let (rows, is_whole) = self.rows(layout, &mut register, take, |register, first| {
            register.rows.entry(first.into()).or_default();
        })?;
        register.is_whole = is_whole;
        Ok((register, rows))
    }

    /// Holds that every row that was imported before is still in the books.
    pub(super) fn missing<T>(
        &mut self,
        layout: &'static Layout,
        sql: &str,
        register: &Register<T>,
        is_whole: bool,
    ) -> Result<(), ImportError> {
        if !is_whole {
            return Ok(());
        }
        let mut statement = self.store.transaction.prepare_cached(sql)?;
        let mut keys = statement.query([self.store.cooperative.number])?;
        while let Some(row) = keys.next()? {
            let key = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            if !register.rows.contains_key(key) {
                let sentence = "baris ini sudah pernah diimpor dan tidak boleh hilang";
                self.problems.add(layout.file, 0, layout.key(), key, sentence);
            }
        }
        Ok(())
    }
}

fn loan_product_row(draft: &mut Draft, cells: &mut Cells<'_>) -> LoanTerms {
    draft.required::<Name>(cells, "name");
    let method: Option<LoanMethod> = draft.required(cells, "method");
    let rate: Option<Rate> = draft.required(cells, "rate_per_period");
    let Count(version) = draft.or(cells, "version", Count::<1, MAX_VERSION>(1));
    let smallest: Option<Money> = draft.optional(cells, "min_principal");
    let largest: Option<Money> = draft.optional(cells, "max_principal");
    for (column, amount) in [("min_principal", smallest), ("max_principal", largest)] {
        if amount.is_some_and(|amount| amount <= Money::ZERO) {
            cells.refuse(column, "harus lebih dari 0");
        }
    }
    draft.optional::<Count<1, MAX_PERIODS>>(cells, "max_periods");
    draft.or(cells, "grace_periods", Count::<0, MAX_PERIODS>(0));
    let unit = draft.or(cells, "rounding_unit", ROUNDING_UNIT);
    if unit <= Money::ZERO {
        cells.refuse("rounding_unit", "harus lebih dari 0");
    }
    draft.or(cells, "rounding_mode", Choice::<RoundingMode>::first());
    draft.or(cells, "rounding_applies_to", Choice::<RoundingPlace>::first());
    draft.or(cells, "day_count", Choice::<DayCount>::first());
    let order = draft.or(cells, "allocation_order", Text::default());
    if order.as_str().parse::<AllocationOrder>().is_err() {
        cells.refuse(
            "allocation_order",
            "urutan pembayaran menyebut denda, jasa, biaya, pokok, masing-masing paling banyak satu kali",
        );
    }
    draft.or(cells, "late_charge_rate", Rate::ZERO);
    let cap = draft.or(cells, "yearly_cap", LOAN_CAP);
    check_cap(cells, rate, cap);
    LoanTerms { line: cells.line(), method, rate, version, yearly_cap: Some(cap) }
}

/// Holds one more product to what a phone takes.
fn check_count<T>(cells: &mut Cells<'_>, products: &Register<T>) {
    if products.rows.len() as u64 >= MAX_PRODUCTS {
        cells.refuse("code", format!("paling banyak {MAX_PRODUCTS} jenis"));
    }
}

/// Holds twelve months of a loan's rate to the product's yearly cap (Permenkop UKM 8/2023 art. 27).
pub(super) fn check_cap(cells: &mut Cells<'_>, rate: Option<Rate>, cap: Rate) {
    if rate.is_some_and(|rate| rate.times_twelve() > cap.e8()) {
        cells.refuse("rate_per_period", format!("dua belas kali suku bunga ini melebihi batas {cap} setahun"));
    }
}

/// Whether the row's first column was met before, at line `first`.
pub(super) fn is_twice(cells: &mut Cells<'_>, column: &'static str, first: Option<u64>) -> bool {
    if let Some(first) = first {
        cells.refuse(column, format!("sudah ada di baris {first}"));
    }
    first.is_some()
}
