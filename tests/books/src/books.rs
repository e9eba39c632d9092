//! The files of the format (a folder of CSV) while they are being written: headers, amounts as text,
//! counts and entropy. Rows go straight to the files; only the figures of `expected.json` are kept.

use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use crate::entropy::Histogram;
use crate::random::Random;
use crate::{Error, Summary};

/// Amounts are whole sen; a rupiah is 100.
pub(crate) const RUPIAH: i64 = 100;

/// File names and header rows, in the order in which the files are hashed (that of their names).
const FILES: [(&str, &[&str]); 8] = [
    ("cooperative.csv", &["id", "name", "registration_no", "city", "time_zone", "books_version"]),
    (
        "loan_entries.csv",
        &[
            "loan_no",
            "posted_on",
            "kind",
            "principal",
            "interest",
            "late_charge",
            "description",
            "reference",
            "reverses",
        ],
    ),
    (
        "loan_products.csv",
        &[
            "code",
            "name",
            "method",
            "rate_per_period",
            "version",
            "min_principal",
            "max_principal",
            "max_periods",
            "rounding_unit",
            "rounding_mode",
            "rounding_applies_to",
            "late_charge_rate",
            "yearly_cap",
        ],
    ),
    (
        "loans.csv",
        &[
            "loan_no",
            "member_no",
            "product_code",
            "principal",
            "periods",
            "disbursed_on",
            "first_due_on",
            "status",
            "rate_per_period",
        ],
    ),
    (
        "members.csv",
        &["member_no", "name", "status", "joined_on", "birth_date", "phone", "language", "kelurahan", "kecamatan"],
    ),
    (
        "savings_accounts.csv",
        &["account_no", "member_no", "product_code", "opened_on", "status", "term_months", "matures_on"],
    ),
    (
        "savings_entries.csv",
        &["account_no", "posted_on", "kind", "amount", "description", "reference", "balance", "reverses"],
    ),
    ("savings_products.csv", &["code", "name", "type", "yearly_rate", "yearly_cap"]),
];

/// One file of the folder; the discriminants are places in [`FILES`].
#[derive(Clone, Copy)]
pub(crate) enum Table {
    Cooperative,
    LoanEntries,
    LoanProducts,
    Loans,
    Members,
    SavingsAccounts,
    SavingsEntries,
    SavingsProducts,
}

/// What a savings row says; amounts in sen.
pub(crate) struct SavingsRow<'a> {
    pub(crate) account_no: &'a str,
    pub(crate) posted_on: Date,
    pub(crate) kind: &'a str,
    pub(crate) amount: i64,
    pub(crate) balance: i64,
    pub(crate) text: &'a (String, String),
    pub(crate) reverses: Option<u64>,
}

/// What a loan row says; amounts in sen.
pub(crate) struct LoanRow<'a> {
    pub(crate) loan_no: &'a str,
    pub(crate) posted_on: Date,
    pub(crate) kind: &'a str,
    pub(crate) principal: i64,
    pub(crate) interest: i64,
    pub(crate) late_charge: i64,
    pub(crate) text: &'a (String, String),
    pub(crate) reverses: Option<u64>,
}

/// How an account or loan ends, for `expected.json`.
pub(crate) struct Ending {
    pub(crate) number: String,
    pub(crate) member_no: String,
    pub(crate) seq: u64,
    /// Balance or outstanding, in sen.
    pub(crate) amount: i64,
}

/// Who writes a member's rows: the books, and the chance that decides what goes into them.
pub(crate) struct Clerk<'a> {
    pub(crate) random: &'a mut Random,
    pub(crate) books: &'a mut Books,
}

pub(crate) struct Books {
    folder: PathBuf,
    tables: Vec<csv::Writer<BufWriter<File>>>,
    pub(crate) savings: Vec<Ending>,
    pub(crate) loans: Vec<Ending>,
    pub(crate) members: u64,
    savings_entries: u64,
    loan_entries: u64,
    descriptions: Histogram,
    references: Histogram,
}

impl Books {
    pub(crate) fn create(folder: &Path) -> Result<Self, Error> {
        std::fs::create_dir_all(folder).map_err(|source| Error::File { path: folder.to_owned(), source })?;
        let mut tables = Vec::with_capacity(FILES.len());
        for (name, header) in FILES {
            let path = folder.join(name);
            let file = File::create(&path).map_err(|source| Error::File { path, source })?;
            let mut table = csv::Writer::from_writer(BufWriter::new(file));
            table.write_record(header)?;
            tables.push(table);
        }
        Ok(Self {
            folder: folder.to_owned(),
            tables,
            savings: Vec::new(),
            loans: Vec::new(),
            members: 0,
            savings_entries: 0,
            loan_entries: 0,
            descriptions: Histogram::default(),
            references: Histogram::default(),
        })
    }

    pub(crate) fn row(&mut self, table: Table, row: &[&str]) -> Result<(), Error> {
        Ok(self.tables[table as usize].write_record(row)?)
    }

    pub(crate) fn savings_entry(&mut self, row: &SavingsRow<'_>) -> Result<(), Error> {
        self.savings_entries += 1;
        self.count(row.text);
        let fields = [
            row.account_no,
            &row.posted_on.to_string(),
            row.kind,
            &decimal(row.amount),
            &row.text.0,
            &row.text.1,
            &decimal(row.balance),
            &number(row.reverses),
        ];
        self.row(Table::SavingsEntries, &fields)
    }

    pub(crate) fn loan_entry(&mut self, row: &LoanRow<'_>) -> Result<(), Error> {
        self.loan_entries += 1;
        self.count(row.text);
        let fields = [
            row.loan_no,
            &row.posted_on.to_string(),
            row.kind,
            &decimal(row.principal),
            &decimal(row.interest),
            &decimal(row.late_charge),
            &row.text.0,
            &row.text.1,
            &number(row.reverses),
        ];
        self.row(Table::LoanEntries, &fields)
    }

    fn count(&mut self, text: &(String, String)) {
        self.descriptions.add(text.0.as_bytes());
        self.references.add(text.1.as_bytes());
    }

    /// Flushes every file, writes `expected.json` and hashes what now stands on disk.
    pub(crate) fn finish(mut self) -> Result<Summary, Error> {
        for (table, (name, _)) in self.tables.iter_mut().zip(FILES) {
            table.flush().map_err(|source| Error::File { path: self.folder.join(name), source })?;
        }
        let path = self.folder.join("expected.json");
        self.write_expected(&path).map_err(|source| Error::File { path, source })?;
        let (sha256, csv_bytes) = self.hash()?;
        Ok(Summary {
            members: self.members,
            accounts: self.savings.len() as u64,
            loans: self.loans.len() as u64,
            savings_entries: self.savings_entries,
            loan_entries: self.loan_entries,
            csv_bytes,
            sha256,
            description_bytes: self.descriptions.bytes(),
            description_entropy: self.descriptions.entropy(),
            reference_bytes: self.references.bytes(),
            reference_entropy: self.references.entropy(),
        })
    }

    /// Account and member numbers are letters, digits and dashes, so nothing needs escaping; amounts are
    /// written as JSON numbers digit by digit, never through a float.
    fn write_expected(&self, path: &Path) -> std::io::Result<()> {
        let mut out = BufWriter::new(File::create(path)?);
        for (part, amount, endings) in [("savings", "balance", &self.savings), ("loans", "outstanding", &self.loans)] {
            let open = if part == "savings" { "{" } else { ",\n" };
            write!(out, "{open}\"{part}\": {{")?;
            for (i, e) in endings.iter().enumerate() {
                let comma = if i == 0 { "" } else { "," };
                let (number, member, seq, value) = (&e.number, &e.member_no, e.seq, decimal(e.amount));
                write!(
                    out,
                    "{comma}\n\"{number}\": {{\"member_no\": \"{member}\", \"seq\": {seq}, \"{amount}\": {value}}}"
                )?;
            }
            write!(out, "}}")?;
        }
        writeln!(out, "}}")?;
        out.flush()
    }

    /// SHA-256 of all files one after the other, in the order of their names, and their length.
    fn hash(&self) -> Result<(String, u64), Error> {
        let mut digest = ring::digest::Context::new(&ring::digest::SHA256);
        let mut length = 0;
        let mut block = vec![0; 1 << 16];
        for (name, _) in FILES {
            let path = self.folder.join(name);
            let failed = |source| Error::File { path: path.clone(), source };
            let mut file = File::open(&path).map_err(failed)?;
            loop {
                let read = file.read(&mut block).map_err(failed)?;
                if read == 0 {
                    break;
                }
                digest.update(&block[..read]);
                length += read as u64;
            }
        }
        Ok((data_encoding::HEXLOWER.encode(digest.finish().as_ref()), length))
    }
}

/// Sen as rupiah; whole rupiah have no decimals.
pub(crate) fn decimal(sen: i64) -> String {
    let sign = if sen < 0 { "-" } else { "" };
    let (rupiah, rest) = (sen.unsigned_abs() / 100, sen.unsigned_abs() % 100);
    if rest == 0 { format!("{sign}{rupiah}") } else { format!("{sign}{rupiah}.{rest:02}") }
}

fn number(value: Option<u64>) -> String {
    value.map_or_else(String::new, |v| v.to_string())
}

#[cfg(test)]
mod tests {
    use super::{FILES, decimal};

    #[test]
    fn amounts_have_no_decimals_or_two() {
        let amounts = [0, 1, -1, 100, -12_345_600, 150, -5].map(decimal);
        assert_eq!(amounts, ["0", "0.01", "-0.01", "1", "-123456", "1.50", "-0.05"]);
    }

    #[test]
    fn files_are_hashed_in_the_order_of_their_names() {
        assert!(FILES.is_sorted_by_key(|(name, _)| name));
    }
}
