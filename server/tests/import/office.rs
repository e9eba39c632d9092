//! A small cooperative's books and an office to import them at.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anggota::domain::{CooperativeId, Timestamp};
use anggota_server::cooperative::Cooperative;
use anggota_server::database::{Database, DatabaseError};
use anggota_server::import::{ImportError, Progress, Report, import};

/// A quarter to one in the night of 24 November in Semarang; still the 23rd in UTC.
pub(crate) const NOW: &str = "2026-11-23T17:45:00Z";

/// A folder of books on its way to the disk.
#[derive(Clone)]
pub(crate) struct Books(BTreeMap<&'static str, Vec<u8>>);

impl Books {
    /// Two members with every kind of entry, and a candidate.
    pub(crate) fn sample() -> Self {
        let files: [(&str, &[&str]); 8] = [
            (
                "cooperative.csv",
                &[
                    "id,name,registration_no,city,time_zone,books_version",
                    "handayani,Koperasi Handayani,518/BH/1998,Semarang,WIB,1",
                ],
            ),
            (
                "members.csv",
                &[
                    "member_no,name,status,joined_on,birth_date,phone,language,class,sectors,kelurahan,kecamatan",
                    "A001,Siti Rahayu,active,2020-01-02,1961-03-04,0812,jv,biasa,dagang,Tembalang,Tembalang",
                    "A002,\"Santoso, Budi\",active,2020-01-02,,,,,,,",
                    "A003,Joko Purnomo,candidate,2026-01-05,,,id,,,,",
                ],
            ),
            (
                "savings_products.csv",
                &[
                    "code,name,type,yearly_rate,yearly_cap",
                    "SP,Simpanan Pokok,pokok,,",
                    "SS,Simpanan Sukarela,sukarela,0.03,",
                    "SB,Simpanan Berjangka,berjangka,0.08,0.09",
                ],
            ),
            (
                "loan_products.csv",
                &[
                    "code,name,method,rate_per_period,version,min_principal,max_principal,max_periods,grace_periods,rounding_unit,rounding_mode,rounding_applies_to,day_count,allocation_order,late_charge_rate,yearly_cap",
                    "PB,Pinjaman Biasa,flat,0.01,2,500000,50000000,36,0,100,nearest,component,30/360,denda jasa pokok,0.001,0.24",
                    "PM,Pinjaman Menurun,menurun,0.015,,,,,,,,,,,,",
                ],
            ),
            (
                "savings_accounts.csv",
                &[
                    "account_no,member_no,product_code,opened_on,status,term_months,matures_on",
                    "SP-1,A001,SP,2020-01-02,open,,",
                    "SS-1,A001,SS,2020-01-02,open,,",
                    "SS-2,A002,SS,2020-01-02,open,,",
                    "SB-1,A002,SB,2026-01-02,closed,3,2026-04-02",
                ],
            ),
            (
                "savings_entries.csv",
                &[
                    "account_no,posted_on,kind,amount,description,reference,balance,reverses",
                    "SP-1,2020-01-02,deposit,100000,Simpanan pokok,,100000,",
                    "SS-1,2026-01-02,deposit,100000,Setoran awal,BKM-1,100000.00,",
                    "SS-1,2026-02-02,withdrawal,-25000.50,Penarikan,BKK-7,74999.50,",
                    "SS-2,2026-02-02,deposit,50000,\"Setoran \"\"tunai\"\"\",,50000,",
                    "SS-1,2026-02-28,interest,150,Jasa,,75149.50,",
                    "SS-1,2026-02-28,tax,-15,Pajak,,75134.50,",
                    "SS-1,2026-03-01,fee,-1000,Biaya,,74134.50,",
                    "SS-1,2026-03-02,transfer_out,-10000,Pindah ke SS-2,,64134.50,",
                    "SS-2,2026-03-02,transfer_in,10000,Pindah dari SS-1,,60000,",
                    "SS-1,2026-03-03,reversal,1000,Biaya batal,,65134.50,5",
                    "SS-2,2026-11-24,deposit,5000,Setoran hari ini,,,",
                ],
            ),
            (
                "loans.csv",
                &[
                    "loan_no,member_no,product_code,principal,periods,disbursed_on,first_due_on,status,rate_per_period,guarantors",
                    "PB-1,A001,PB,1200000,12,2026-01-10,2026-02-10,active,,A002",
                    "PM-1,A002,PM,1000000,10,2026-03-01,2026-04-01,active,0.0125,",
                ],
            ),
            (
                "loan_entries.csv",
                &[
                    "loan_no,posted_on,kind,principal,interest,late_charge,description,reference,reverses",
                    "PB-1,2026-01-10,disbursement,1200000,,,Pencairan,,",
                    "PB-1,2026-02-10,repayment,-100000,-12000,,Angsuran 1,,",
                    "PB-1,2026-03-20,late_charge,0,,1200,Denda,,",
                    "PB-1,2026-03-21,repayment,-100000,-12000,-1200,Angsuran 2,,",
                    "PB-1,2026-03-22,reversal,100000,12000,1200,Salah catat,,4",
                    "PB-1,2026-03-22,waiver,0,,-1200,Denda dihapus,,",
                    "PM-1,2026-03-01,disbursement,400000,,,Tahap 1,,",
                    "PM-1,2026-03-05,disbursement,600000,,,Tahap 2,,",
                ],
            ),
        ];
        Self(files.into_iter().map(|(file, lines)| (file, (lines.join("\n") + "\n").into_bytes())).collect())
    }

    /// With line `line` of `file` as `text` (may hold several lines).
    pub(crate) fn with(mut self, file: &'static str, line: usize, text: &str) -> Self {
        let mut lines = self.lines(file);
        lines[line - 1] = text.into();
        self.0.insert(file, (lines.join("\n") + "\n").into_bytes());
        self
    }

    /// Without that line.
    pub(crate) fn without(mut self, file: &'static str, line: usize) -> Self {
        let mut lines = self.lines(file);
        lines.remove(line - 1);
        self.0.insert(file, (lines.join("\n") + "\n").into_bytes());
        self
    }

    /// With another line at the end.
    pub(crate) fn and(mut self, file: &'static str, text: &str) -> Self {
        self.0.entry(file).or_default().extend(format!("{text}\n").into_bytes());
        self
    }

    /// With `from` replaced in the whole file.
    pub(crate) fn replace(self, file: &'static str, from: &str, to: &str) -> Self {
        let text = String::from_utf8(self.0[file].clone()).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        self.file(file, text.replace(from, to))
    }

    /// With a whole file of these bytes.
    pub(crate) fn file(mut self, file: &'static str, bytes: impl Into<Vec<u8>>) -> Self {
        self.0.insert(file, bytes.into());
        self
    }

    /// Without that file.
    pub(crate) fn no_file(mut self, file: &'static str) -> Self {
        self.0.remove(file);
        self
    }

    pub(crate) fn files(&self) -> Vec<(&'static str, Vec<u8>)> {
        self.0.clone().into_iter().collect()
    }

    pub(crate) fn lines(&self, file: &str) -> Vec<String> {
        String::from_utf8(self.0[file].clone()).unwrap().lines().map(str::to_owned).collect()
    }

    pub(crate) fn write(&self, folder: &Path) {
        std::fs::create_dir_all(folder).unwrap();
        for (file, bytes) in &self.0 {
            std::fs::write(folder.join(file), bytes).unwrap();
        }
    }
}

/// A server's database and keys, in a folder that is gone in the end.
pub(crate) struct Office {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) database: Database,
}

impl Office {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { database: Self::new_database(folder.path()), folder }
    }

    pub(crate) fn new_database(folder: &Path) -> Database {
        Database::open(folder.join("anggota.db").to_str().unwrap()).unwrap()
    }

    /// An office that has imported the sample.
    pub(crate) fn with_sample() -> Self {
        let office = Self::new();
        let report = office.import(&Books::sample());
        assert_eq!(report.problems, []);
        office
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn import(&self, books: &Books) -> Report {
        self.try_import(books, NOW, &mut |_| ()).unwrap()
    }

    pub(crate) fn try_import(
        &self,
        books: &Books,
        now: &str,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Report, ImportError> {
        let folder = tempfile::tempdir_in(self.folder.path()).unwrap();
        books.write(folder.path());
        self.import_folder(folder.path(), now, progress)
    }

    pub(crate) fn import_folder(
        &self,
        folder: &Path,
        now: &str,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Report, ImportError> {
        let rng = Arc::new(anggota::entropy::system());
        import(&self.database, &self.path("keys"), folder, now.parse::<Timestamp>().unwrap(), rng, progress)
    }

    pub(crate) fn cooperative(&self, id: &str) -> Cooperative {
        self.database.read(|c| Cooperative::find(c, Some(&CooperativeId::new(id).unwrap()))).unwrap()
    }

    /// Every row of the database, as text: for "nothing changed".
    pub(crate) fn everything(&self) -> Vec<String> {
        let tables = self.rows("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name");
        let mut all = Vec::new();
        for table in tables {
            let rows = self.rows(&format!("SELECT * FROM {table}"));
            all.extend(rows.into_iter().map(|row| format!("{table}: {row}")));
        }
        all
    }

    /// The rows of a query, each as its values with `|` between them.
    pub(crate) fn rows(&self, sql: &str) -> Vec<String> {
        let rows = self.database.read(|c| {
            let mut statement = c.prepare(sql)?;
            let width = statement.column_count();
            let rows = statement.query_map([], |row| {
                let cells = (0..width).map(|i| Ok(cell(row.get_ref(i)?))).collect::<rusqlite::Result<Vec<_>>>()?;
                Ok(cells.join("|"))
            })?;
            Ok::<_, DatabaseError>(rows.collect::<rusqlite::Result<Vec<_>>>()?)
        });
        rows.unwrap()
    }
}

fn cell(value: rusqlite::types::ValueRef<'_>) -> String {
    use rusqlite::types::ValueRef;
    match value {
        ValueRef::Null => String::new(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => String::from_utf8(text.into()).unwrap(),
        ValueRef::Blob(bytes) => bytes.iter().map(|b| format!("{b:02x}")).collect(),
    }
}
