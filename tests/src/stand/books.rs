//! The stand's books: a generated member who has much, and members written here for what generated books do not hold.
//!
//! Obeys the rules of the format and knows nothing of the server. What is special is named, so that a test finds it.

use std::fs::{File, OpenOptions};
use std::path::Path;

use serde_json::{Value, json};

use crate::{BooksOptions, generate};

/// The cooperative's id.
pub const COOPERATIVE: &str = "contoh";
/// The generated member, with savings accounts of every type and loans.
pub const RICH: &str = "A000001";
/// The member with one long passbook.
const LONG: &str = "B000001";
/// The member whose amounts stand at the edges.
const EDGES: &str = "B000002";
/// The member whose entries are posted on leap days.
const LEAP: &str = "B000003";
/// Members for tests that must not share one.
const FRESH: u32 = 120;
/// Entries of the long passbook.
const LONG_ENTRIES: u32 = 2_500;

const GIVEN_NAMES: [&str; 10] = ["Sri", "Slamet", "Siti", "Bambang", "Wahyu", "Endang", "Agus", "Tri", "Ratna", "Joko"];
const FAMILY_NAMES: [&str; 12] = [
    "Lestari",
    "Widodo",
    "Rahayu",
    "Sutrisno",
    "Utami",
    "Santoso",
    "Hartati",
    "Prasetyo",
    "Handayani",
    "Nugroho",
    "Wulandari",
    "Setiawan",
];

/// What is special in the books, and where.
pub(super) struct Village {
    /// The document of `GET /members`.
    pub(super) special: Value,
    /// Members for tests that must not share one.
    pub(super) fresh: Vec<String>,
}

/// Writes the books.
#[track_caller]
pub(super) fn write(folder: &Path) -> Village {
    let options = BooksOptions {
        seed: 23,
        entries: 900,
        accounts: 6,
        loans: 2,
        members: Some(1),
        cooperative_id: COOPERATIVE.to_owned(),
        ..BooksOptions::default()
    };
    generate(&options, folder);
    let mut books = Books::open(folder);
    books.long_passbook();
    books.money_edges();
    books.leap_days();
    let fresh: Vec<_> = (1..=FRESH).map(|number| books.fresh_member(number)).collect();
    books.close();
    let special = json!({
        "cooperative": COOPERATIVE,
        "cooperative_name": options.cooperative_name,
        "loan_product": "PF",
        "rich": { "member_no": RICH },
        "long_passbook": { "member_no": LONG, "account_no": "SS-B1", "entries": LONG_ENTRIES },
        "money_edges": {
            "member_no": EDGES,
            "largest": { "account_no": "SS-B2", "seq": 1, "amount": "999999999999999.99" },
            "smallest": { "account_no": "SS-B2", "seq": 2, "amount": "-999999999999999.99" },
            "one_sen": { "account_no": "SS-B2-1", "balance": "0.01" },
            "zero": { "account_no": "SS-B2-0", "balance": "0.00" },
            "reversal": { "account_no": "SS-B2-0", "seq": 4, "amount": "-100.05" },
            "loan": { "loan_no": "PF-B2", "outstanding": "0.00" },
        },
        "leap_days": { "member_no": LEAP, "account_no": "SS-B3", "dates": ["2000-02-29", "2024-02-29"] },
        "loan": { "member_no": fresh[0], "loan_no": "PF-C001" },
        "fresh": fresh,
    });
    Village { special, fresh }
}

/// The files that members are added to.
struct Books {
    members: Table,
    accounts: Table,
    entries: Table,
    loans: Table,
    loan_entries: Table,
}

impl Books {
    fn open(folder: &Path) -> Self {
        let table = |name| Table::open(&folder.join(name));
        Self {
            members: table("members.csv"),
            accounts: table("savings_accounts.csv"),
            entries: table("savings_entries.csv"),
            loans: table("loans.csv"),
            loan_entries: table("loan_entries.csv"),
        }
    }

    fn close(self) {
        for mut table in [self.members, self.accounts, self.entries, self.loans, self.loan_entries] {
            table.writer.flush().unwrap();
        }
    }

    fn member(&mut self, member_no: &str, name: &str, joined_on: &str) {
        let row = [("member_no", member_no), ("name", name), ("status", "active"), ("joined_on", joined_on)];
        self.members.row(&row);
    }

    fn account(&mut self, account_no: &str, member_no: &str, product: &str, opened_on: &str) {
        self.accounts.row(&[
            ("account_no", account_no),
            ("member_no", member_no),
            ("product_code", product),
            ("opened_on", opened_on),
            ("status", "open"),
        ]);
    }

    fn entry(
        &mut self,
        account_no: &str,
        posted_on: &str,
        kind: &str,
        amount: &str,
        description: &str,
        reverses: &str,
    ) {
        self.entries.row(&[
            ("account_no", account_no),
            ("posted_on", posted_on),
            ("kind", kind),
            ("amount", amount),
            ("description", description),
            ("reference", &format!("BK-{}", posted_on.replace('-', ""))),
            ("reverses", reverses),
        ]);
    }

    fn loan(&mut self, loan_no: &str, member_no: &str, principal: &str, status: &str) {
        self.loans.row(&[
            ("loan_no", loan_no),
            ("member_no", member_no),
            ("product_code", "PF"),
            ("principal", principal),
            ("periods", "12"),
            ("disbursed_on", "2026-01-15"),
            ("first_due_on", "2026-02-15"),
            ("status", status),
        ]);
    }

    fn loan_entry(&mut self, loan_no: &str, posted_on: &str, kind: &str, [principal, interest, late]: [&str; 3]) {
        self.loan_entries.row(&[
            ("loan_no", loan_no),
            ("posted_on", posted_on),
            ("kind", kind),
            ("principal", principal),
            ("interest", interest),
            ("late_charge", late),
            ("description", if kind == "disbursement" { "Pencairan pinjaman" } else { "Angsuran pinjaman" }),
            ("reference", &format!("BK-{}", posted_on.replace('-', ""))),
        ]);
    }

    /// A passbook over a hundred months, 25 entries in each: every tenth a withdrawal, every month's last the interest.
    fn long_passbook(&mut self) {
        self.member(LONG, "Suparmi Pratiwi", "2016-01-01");
        self.account("SS-B1", LONG, "SS", "2016-01-01");
        for number in 0..LONG_ENTRIES {
            let (month, day) = (number / 25, number % 25 + 1);
            let posted_on = format!("{}-{:02}-{day:02}", 2016 + month / 12, month % 12 + 1);
            let (kind, amount) = match number {
                _ if day == 25 => ("interest", format!("{}.{:02}", 100 + month, number % 100)),
                _ if number % 10 == 9 => ("withdrawal", format!("-{}", 5_000 + number)),
                _ => ("deposit", (10_000 + number).to_string()),
            };
            self.entry("SS-B1", &posted_on, kind, &amount, &format!("Transaksi ke-{}", number + 1), "");
        }
    }

    /// The largest amounts either way, one sen, and nothing; all savings together are the largest amount again.
    fn money_edges(&mut self) {
        self.member(EDGES, "Kartini Saputra", "2020-01-02");
        for account_no in ["SS-B2", "SS-B2-0", "SS-B2-1"] {
            self.account(account_no, EDGES, "SS", "2020-01-02");
        }
        self.entry("SS-B2", "2020-01-02", "deposit", "999999999999999.99", "Setoran terbesar", "");
        self.entry("SS-B2", "2020-01-03", "withdrawal", "-999999999999999.99", "Penarikan terbesar", "");
        self.entry("SS-B2", "2020-01-04", "deposit", "999999999999999.98", "Setoran hampir terbesar", "");
        self.entry("SS-B2-0", "2020-01-02", "deposit", "1500000.5", "Setoran dengan sen", "");
        self.entry("SS-B2-0", "2020-01-03", "withdrawal", "-1500000.50", "Penarikan seluruhnya", "");
        self.entry("SS-B2-0", "2020-01-04", "deposit", "100.05", "Setoran salah catat", "");
        self.entry("SS-B2-0", "2020-01-05", "reversal", "-100.05", "Pembetulan salah catat", "3");
        self.entry("SS-B2-1", "2020-01-02", "deposit", "0.02", "Dua sen", "");
        self.entry("SS-B2-1", "2020-01-03", "fee", "-0.01", "Satu sen", "");
        self.loan("PF-B2", EDGES, "1000000.25", "paid");
        self.loan_entry("PF-B2", "2026-01-15", "disbursement", ["1000000.25", "0", "0"]);
        self.loan_entry("PF-B2", "2026-02-15", "late_charge", ["0", "0.01", "999.99"]);
        self.loan_entry("PF-B2", "2026-02-20", "repayment", ["-1000000.25", "-0.01", "-999.99"]);
    }

    fn leap_days(&mut self) {
        self.member(LEAP, "Februarini Kusuma", "2000-02-29");
        self.account("SS-B3", LEAP, "SS", "2000-02-29");
        for (posted_on, amount) in [
            ("2000-02-29", "29"),
            ("2000-03-01", "1"),
            ("2024-02-28", "28"),
            ("2024-02-29", "29.29"),
            ("2024-03-01", "1"),
        ] {
            self.entry("SS-B3", posted_on, "deposit", amount, "Setoran sekitar hari kabisat", "");
        }
    }

    /// A member with two savings accounts and a loan; gives the number.
    fn fresh_member(&mut self, number: u32) -> String {
        let member_no = format!("C{number:06}");
        let place = number as usize;
        let family = FAMILY_NAMES[place / GIVEN_NAMES.len() % FAMILY_NAMES.len()];
        self.member(&member_no, &format!("{} {family}", GIVEN_NAMES[place % GIVEN_NAMES.len()]), "2025-01-06");
        let [pokok, sukarela, loan] = ["SP", "SS", "PF"].map(|product| format!("{product}-C{number:03}"));
        self.account(&pokok, &member_no, "SP", "2025-01-06");
        self.entry(&pokok, "2025-01-06", "deposit", "100000", "Simpanan pokok", "");
        self.account(&sukarela, &member_no, "SS", "2025-01-06");
        for month in 1..=12 {
            let posted_on = format!("2025-{month:02}-10");
            self.entry(&sukarela, &posted_on, "deposit", &(25_000 * number).to_string(), "Setoran bulanan", "");
        }
        self.entry(&sukarela, "2025-12-20", "withdrawal", &format!("-{}.75", 10_000 + number), "Penarikan", "");
        self.entry(&sukarela, "2025-12-31", "interest", &format!("{}.25", 900 + number), "Bunga simpanan", "");
        self.loan(&loan, &member_no, "1200000", "active");
        self.loan_entry(&loan, "2026-01-15", "disbursement", ["1200000", "0", "0"]);
        self.loan_entry(&loan, "2026-02-15", "repayment", ["-100000", "-14400", "0"]);
        self.loan_entry(&loan, "2026-03-15", "repayment", ["-100000", "-14400", "0"]);
        member_no
    }
}

/// A CSV file that rows are added to, by column.
struct Table {
    columns: Vec<String>,
    writer: csv::Writer<File>,
}

impl Table {
    #[track_caller]
    fn open(file: &Path) -> Self {
        let columns = csv::Reader::from_path(file).unwrap().headers().unwrap().iter().map(str::to_owned).collect();
        let file = OpenOptions::new().append(true).open(file).unwrap();
        Self { columns, writer: csv::WriterBuilder::new().has_headers(false).from_writer(file) }
    }

    /// A row with these cells; all others are empty.
    #[track_caller]
    fn row(&mut self, cells: &[(&str, &str)]) {
        assert!(cells.iter().all(|(column, _)| self.columns.iter().any(|known| known == column)), "{cells:?}");
        let cell = |column: &String| cells.iter().find(|(name, _)| name == column).map_or("", |(_, text)| *text);
        self.writer.write_record(self.columns.iter().map(cell)).unwrap();
    }
}
