//! Generated books of a made-up savings cooperative, in the format that `anggota-server import` reads:
//! the source of every big test and measurement. The same options give the same bytes, on every machine;
//! what is written obeys every rule of the format, and `tests/interop/books_rules.py` says so independently.
//!
//! Rows are written as they are made: memory grows with members, accounts and loans, never with entries.
//! Never reads a clock or the system's randomness, and links nothing of what it is used to test.

use std::path::Path;

mod arguments;
mod books;
mod calendar;
mod entropy;
mod error;
mod loan;
mod member;
mod plan;
mod product;
mod random;
mod recent;
mod savings;
mod text;
mod words;

pub use arguments::Arguments;
pub use error::Error;
pub use random::Random;

use books::{Books, Table};

/// The most entries of both kinds.
pub const MAX_ENTRIES: u64 = 10_000_000;
/// The most savings accounts.
pub const MAX_ACCOUNTS: u32 = 1_000_000;
/// The most loans.
pub const MAX_LOANS: u32 = 1_000_000;
/// The most members.
pub const MAX_MEMBERS: u32 = 1_000_000;

/// The last day on which anything is posted in any generated books.
pub const LAST_DAY: &str = "2026-10-31";

/// What to generate.
#[derive(Clone, Debug)]
pub struct Options {
    /// Decides everything that the other options leave open.
    pub seed: u64,
    /// Savings entries and loan entries together, exactly; at least one for each account and loan.
    pub entries: u64,
    /// Savings accounts, 1 to [`MAX_ACCOUNTS`].
    pub accounts: u32,
    /// Loans, 0 to [`MAX_LOANS`].
    pub loans: u32,
    /// Members that may have accounts, dealt out evenly. `None`: one member for up to 8 accounts; for more,
    /// 1 to 4 accounts a member. With two members or more, candidates without accounts come on top.
    pub members: Option<u32>,
    /// The cooperative's id, 1 to 16 of a-z, 0-9 and dash.
    pub cooperative_id: String,
    /// The cooperative's name.
    pub cooperative_name: String,
}

impl Default for Options {
    /// The big member: 100,000 entries in 4 accounts and 3 loans.
    fn default() -> Self {
        Self {
            seed: 1,
            entries: 100_000,
            accounts: 4,
            loans: 3,
            members: None,
            cooperative_id: "contoh".to_owned(),
            cooperative_name: "KSP Contoh Sejahtera".to_owned(),
        }
    }
}

/// What was generated.
#[derive(Clone, Debug, PartialEq)]
pub struct Summary {
    /// Rows of `members.csv`, candidates included.
    pub members: u64,
    /// Rows of `savings_accounts.csv`.
    pub accounts: u64,
    /// Rows of `loans.csv`.
    pub loans: u64,
    /// Rows of `savings_entries.csv`.
    pub savings_entries: u64,
    /// Rows of `loan_entries.csv`.
    pub loan_entries: u64,
    /// Bytes of all CSV files.
    pub csv_bytes: u64,
    /// SHA-256 in lower-case hex of all CSV files one after the other in the order of their names, as
    /// `LC_ALL=C; cat *.csv | sha256sum` gives it in a folder with no other CSV files.
    pub sha256: String,
    /// Bytes of all descriptions.
    pub description_bytes: u64,
    /// Shannon entropy of a description's byte taken on its own, bits.
    pub description_entropy: f64,
    /// Bytes of all references.
    pub reference_bytes: u64,
    /// Shannon entropy of a reference's byte taken on its own, bits.
    pub reference_entropy: f64,
}

impl Summary {
    /// Entries of both kinds.
    pub fn entries(&self) -> u64 {
        self.savings_entries + self.loan_entries
    }
}

impl std::fmt::Display for Summary {
    /// A few lines for a terminal or a report.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let each = |bytes: u64| bytes as f64 / self.entries().max(1) as f64;
        writeln!(f, "{} members, {} savings accounts, {} loans", self.members, self.accounts, self.loans)?;
        writeln!(f, "{} savings entries, {} loan entries", self.savings_entries, self.loan_entries)?;
        for (what, bytes, entropy) in [
            ("description", self.description_bytes, self.description_entropy),
            ("reference", self.reference_bytes, self.reference_entropy),
        ] {
            writeln!(f, "{what}: {:.1} bytes an entry, {entropy:.3} bits a byte", each(bytes))?;
        }
        write!(f, "{} bytes of CSV, SHA-256 {}", self.csv_bytes, self.sha256)
    }
}

/// Writes a folder of books and, beside them, `expected.json`: for each account `member_no`, `seq` and
/// `balance`, for each loan `member_no`, `seq` and `outstanding` (JSON numbers in rupiah; whole rupiah
/// have no decimals, others two). Files of those names that are already there are replaced.
///
/// # Errors
/// An option outside its range, before anything is written; a folder that cannot be written.
pub fn generate(options: &Options, out: &Path) -> Result<Summary, Error> {
    check(options)?;
    let members = plan::plan(options);
    let mut books = Books::create(out)?;
    write_cooperative(options, &mut books)?;
    write_products(&mut books)?;
    for member in &members {
        member::write(member, options.seed, &mut books)?;
    }
    let people = members.len() as u32;
    let candidates = if people > 1 { 1 + people / 40 } else { 0 };
    for number in people + 1..=people + candidates {
        member::write_candidate(number, options.seed, &mut books)?;
    }
    books.finish()
}

fn check(options: &Options) -> Result<(), Error> {
    let within = |option, value: u64, least: u64, most: u64| {
        let range = || format!("{least} to {most}");
        if (least..=most).contains(&value) { Ok(()) } else { Err(Error::Option { option, range: range() }) }
    };
    within("--accounts", options.accounts.into(), 1, MAX_ACCOUNTS.into())?;
    within("--loans", options.loans.into(), 0, MAX_LOANS.into())?;
    if let Some(members) = options.members {
        within("--members", members.into(), 1, MAX_MEMBERS.into())?;
    }
    let least = u64::from(options.accounts) + u64::from(options.loans);
    within("--entries", options.entries, least, MAX_ENTRIES)?;
    let id = options.cooperative_id.as_bytes();
    let plain = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-';
    if !(1..=16).contains(&id.len()) || !id.iter().all(plain) {
        let range = "1 to 16 of a-z, 0-9 and dash".to_owned();
        return Err(Error::Option { option: "--id", range });
    }
    if options.cooperative_name.trim().is_empty() {
        return Err(Error::Option { option: "--name", range: "a name".to_owned() });
    }
    Ok(())
}

fn write_cooperative(options: &Options, books: &mut Books) -> Result<(), Error> {
    let (id, name) = (options.cooperative_id.as_str(), options.cooperative_name.as_str());
    books.row(Table::Cooperative, &[id, name, "", "Semarang", "WIB", "1"])
}

fn write_products(books: &mut Books) -> Result<(), Error> {
    for product in product::Savings::ALL {
        let rate = product::thousandths(product.yearly_rate());
        books.row(Table::SavingsProducts, &[product.code(), product.name(), product.kind(), &rate, "0.09"])?;
    }
    let (least, most) = (loan::PRINCIPAL_UNIT.to_string(), loan::MAX_PRINCIPAL.to_string());
    for product in product::Loan::ALL {
        let row = [
            product.code(),
            product.name(),
            product.method(),
            &product::thousandths(product.monthly_rate()),
            "1",
            &least,
            &most,
            &product.max_periods().to_string(),
            "1",
            "nearest",
            "component",
            "0.001",
            "0.24",
        ];
        books.row(Table::LoanProducts, &row)?;
    }
    Ok(())
}
