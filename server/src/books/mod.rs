//! Reading a cooperative's books: a folder of CSV files (RFC 4180, UTF-8, with a header row), version 1.
//!
//! Row by row, so that memory does not grow with the files, and with the exact line and column of whatever is wrong.
//! Never stops at the first mistake, never knows what a row means for the rows around it, never writes.

mod problem;
mod records;
mod table;
mod values;

pub use problem::{MAX_PROBLEMS, Problem};

pub(crate) use problem::Problems;
pub(crate) use table::{Cells, Layout, Opened, Table};
pub(crate) use values::{Choice, Count, DayCount, Language, RoundingMode, RoundingPlace, Stored, Text, Value};

use table::{may, must};

/// The version of the books that this program reads.
pub const VERSION: u32 = 1;
/// The longest row, in bytes, of what its cells hold.
pub const MAX_ROW: usize = 64 * 1024;
/// The largest file of a folder, in bytes.
pub const MAX_FILE: u64 = 4 * 1024 * 1024 * 1024;
/// The most rows of a file other than those of entries: these are the rows that memory grows with.
pub const MAX_REGISTER_ROWS: u64 = 1_000_000;
/// The most rows of a file of entries: no bound but that of the file.
const MAX_ENTRY_ROWS: u64 = u64::MAX;

pub(crate) const COOPERATIVE: Layout = Layout {
    file: "cooperative.csv",
    is_required: true,
    most_rows: MAX_REGISTER_ROWS,
    columns: &[must("id"), must("name"), may("registration_no"), may("city"), may("time_zone"), may("books_version")],
};

pub(crate) const MEMBERS: Layout = Layout {
    file: "members.csv",
    is_required: true,
    most_rows: MAX_REGISTER_ROWS,
    columns: &[
        must("member_no"),
        must("name"),
        must("status"),
        must("joined_on"),
        may("birth_date"),
        may("phone"),
        may("language"),
        may("class"),
        may("sectors"),
        may("kelurahan"),
        may("kecamatan"),
    ],
};

pub(crate) const SAVINGS_PRODUCTS: Layout = Layout {
    file: "savings_products.csv",
    is_required: false,
    most_rows: MAX_REGISTER_ROWS,
    columns: &[must("code"), must("name"), must("type"), may("yearly_rate"), may("yearly_cap")],
};

pub(crate) const LOAN_PRODUCTS: Layout = Layout {
    file: "loan_products.csv",
    is_required: false,
    most_rows: MAX_REGISTER_ROWS,
    columns: &[
        must("code"),
        must("name"),
        must("method"),
        must("rate_per_period"),
        may("version"),
        may("min_principal"),
        may("max_principal"),
        may("max_periods"),
        may("grace_periods"),
        may("rounding_unit"),
        may("rounding_mode"),
        may("rounding_applies_to"),
        may("day_count"),
        may("allocation_order"),
        may("late_charge_rate"),
        may("yearly_cap"),
    ],
};

pub(crate) const SAVINGS_ACCOUNTS: Layout = Layout {
    file: "savings_accounts.csv",
    is_required: false,
    most_rows: MAX_REGISTER_ROWS,
    columns: &[
        must("account_no"),
        must("member_no"),
        must("product_code"),
        must("opened_on"),
        must("status"),
        may("term_months"),
        may("matures_on"),
    ],
};

pub(crate) const SAVINGS_ENTRIES: Layout = Layout {
    file: "savings_entries.csv",
    is_required: false,
    most_rows: MAX_ENTRY_ROWS,
    columns: &[
        must("account_no"),
        must("posted_on"),
        must("kind"),
        must("amount"),
        may("description"),
        may("reference"),
        may("balance"),
        may("reverses"),
    ],
};

pub(crate) const LOANS: Layout = Layout {
    file: "loans.csv",
    is_required: false,
    most_rows: MAX_REGISTER_ROWS,
    columns: &[
        must("loan_no"),
        must("member_no"),
        must("product_code"),
        must("principal"),
        must("periods"),
        must("disbursed_on"),
        must("first_due_on"),
        must("status"),
        may("rate_per_period"),
        may("guarantors"),
    ],
};

pub(crate) const LOAN_ENTRIES: Layout = Layout {
    file: "loan_entries.csv",
    is_required: false,
    most_rows: MAX_ENTRY_ROWS,
    columns: &[
        must("loan_no"),
        must("posted_on"),
        must("kind"),
        must("principal"),
        may("interest"),
        may("late_charge"),
        may("description"),
        may("reference"),
        may("reverses"),
    ],
};
