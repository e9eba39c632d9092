//! The cooperative that is measured: frozen books, its server in a process of its own, phones that enrol there.

use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anggota_tests::{Activation, BooksSummary, Office, Phone, Process, Scratch, Serving, generated, members, program};
use serde_json::{Value, json};

pub(crate) const COOPERATIVE: &str = "contoh";
/// Frozen: figures of other books do not compare.
const SEED: u64 = 1;
const ACCOUNTS: u32 = 4;
const LOANS: u32 = 3;
/// The entries of a delta.
pub(crate) const DELTA: usize = 50;
/// The program that is measured.
const PHONE: &str = "anggota-bench-phone";
/// How long one measured process may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1_800);

/// What a measured process says of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Measured {
    /// User and system time of all its threads, microseconds.
    pub(crate) cpu: u64,
    /// Microseconds.
    pub(crate) wall: u64,
    /// VmHWM, KiB.
    pub(crate) peak: u64,
    /// Of its pull, compressed.
    pub(crate) bytes: u64,
    /// Transactions of its store.
    pub(crate) commits: u64,
}

impl Measured {
    pub(crate) fn of((cpu, wall): (Duration, Duration)) -> Self {
        let peak = crate::probe::peak_kib();
        Self { cpu: cpu.as_micros() as u64, wall: wall.as_micros() as u64, peak, ..Self::default() }
    }

    /// Prints it for the process that started this one.
    pub(crate) fn print(self) {
        let Self { cpu, wall, peak, bytes, commits } = self;
        println!("{}", json!({ "cpu": cpu, "wall": wall, "peak": peak, "bytes": bytes, "commits": commits }));
    }

    fn read(document: &Value) -> Self {
        let number = |field: &str| document[field].as_u64().unwrap_or_else(|| panic!("{document}"));
        let [cpu, wall, peak, bytes, commits] = ["cpu", "wall", "peak", "bytes", "commits"].map(number);
        Self { cpu, wall, peak, bytes, commits }
    }
}

/// One big member's cooperative, served.
pub(crate) struct World {
    scratch: Scratch,
    pub(crate) summary: BooksSummary,
    pub(crate) member: String,
    /// The savings account with the most entries: the one whose passbook is opened.
    pub(crate) account: String,
    office: Office,
    pub(crate) serving: Serving,
}

impl World {
    pub(crate) fn new(entries: u64) -> Self {
        let scratch = Scratch::new("bench");
        let books = scratch.join("books");
        let summary = generated(SEED, entries, ACCOUNTS, LOANS, &books);
        let member = members(&books).remove(0);
        let office = Office::new(&scratch, "office");
        office.import(&books);
        let serving = office.serve();
        Self { member, account: longest(&books), summary, office, serving, scratch }
    }

    pub(crate) fn entries(&self) -> u64 {
        self.summary.entries()
    }

    /// A new device of the member, which holds nothing yet.
    pub(crate) fn phone(&self, name: &str) -> Phone {
        let phone = Phone::new(&self.scratch, name);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let (server, paper) = (self.serving.of(COOPERATIVE), self.activate());
        runtime.block_on(phone.enrol_here(&server, &self.member, &paper)).unwrap();
        phone
    }

    /// A paper for another device of the member.
    pub(crate) fn activate(&self) -> Activation {
        self.office.activate(&self.member)
    }

    /// The same files in another folder.
    pub(crate) fn copy(&self, phone: &Phone, name: &str) -> Phone {
        phone.copied(&self.scratch, name)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.scratch.join(name)
    }

    pub(crate) fn store(&self, phone: &Phone) -> PathBuf {
        phone.store(COOPERATIVE, &self.member)
    }

    /// The office books [`DELTA`] more entries in the account.
    pub(crate) fn book_more(&self) {
        let books = self.scratch.join("books");
        let mut file = OpenOptions::new().append(true).open(books.join("savings_entries.csv")).unwrap();
        for number in 0..DELTA {
            // account_no, posted_on, kind, amount, description, reference, balance, reverses
            let (account, day) = (&self.account, anggota_tests::LAST_DAY);
            writeln!(file, "{account},{day},deposit,10000,Setoran tunai di kantor,TT-{number:06},,").unwrap();
        }
        self.office.import(&books);
    }

    /// Has a process of its own do something as a phone, and say what it cost.
    pub(crate) fn measure(&self, task: &str, phone: &Phone, more: &[&str]) -> Measured {
        self.start(task, phone, more).finish()
    }

    pub(crate) fn start(&self, task: &str, phone: &Phone, more: &[&str]) -> Running {
        self.spawn(Command::new(program(PHONE)), task, phone, more)
    }

    /// The same under valgrind, which counts instructions into that file.
    pub(crate) fn under_callgrind(&self, task: &str, phone: &Phone, more: &[&str], file: &Path) -> Measured {
        let mut command = Command::new("valgrind");
        command.args(["--tool=callgrind", "--quiet"]).arg(format!("--callgrind-out-file={}", file.display()));
        command.arg(program(PHONE));
        self.spawn(command, task, phone, more).finish()
    }

    fn spawn(&self, mut command: Command, task: &str, phone: &Phone, more: &[&str]) -> Running {
        command.arg(task).arg(&phone.data_dir).arg(&self.member).args(more);
        Running::of(&mut command)
    }
}

/// A measured process under way.
pub(crate) struct Running(Process);

impl Running {
    /// Starts one.
    pub(crate) fn of(command: &mut Command) -> Self {
        Self(Process::spawn(command))
    }

    pub(crate) fn is_running(&mut self) -> bool {
        self.0.is_running()
    }

    pub(crate) fn finish(self) -> Measured {
        let output = self.0.wait(PATIENCE).ok();
        // valgrind has something to say on stderr whatever it is told.
        Measured::read(&serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}")))
    }
}

/// The account with the most rows.
fn longest(books: &Path) -> String {
    let mut counts: HashMap<String, u64> = HashMap::new();
    for row in csv::Reader::from_path(books.join("savings_entries.csv")).unwrap().records() {
        *counts.entry(row.unwrap()[0].to_owned()).or_default() += 1;
    }
    counts.into_iter().max_by_key(|(_, count)| *count).unwrap().0
}
