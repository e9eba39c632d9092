//! One cooperative to torture: its office, its server, its members' phones, and what the books say must be on them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anggota_tests::village::Backup;
use anggota_tests::{Activation, BooksOptions, Passbook, Phone, Random, Scratch, generate, passbooks};
use serde_json::Value;

use crate::child::{Moment, Running, Usual, instruct};
use crate::scenario::Kind;
use crate::trace::Trace;

/// The cooperative of generated books.
pub(crate) const COOPERATIVE: &str = "contoh";
/// The member whose phone lives through everything.
pub(crate) const EVERYDAY: &str = "A000001";
/// The member whose phone syncs for the first time, again and again.
pub(crate) const FIRST: &str = "A000002";
/// The member who enrols on new phones.
pub(crate) const NEW: &str = "A000003";

/// More than one commit in each first sync.
const ENTRIES: u64 = 18_000;
const SMALL: u64 = 200;
/// A phone follows 16 changes of the key in one sync.
const MOST_KEY_CHANGES: u32 = 12;

/// The world of some forty kills.
pub(crate) struct World {
    pub(crate) random: Random,
    pub(crate) books: PathBuf,
    /// Books for an office that begins.
    pub(crate) small_books: PathBuf,
    pub(crate) everyday: Phone,
    /// Enrolled, never synced: copied for each first sync.
    pub(crate) template: Phone,
    /// Ids of requests whose member was told "saved".
    pub(crate) acknowledged: Vec<String>,
    /// Ids of requests whose member was told "taken back".
    pub(crate) taken_back: BTreeSet<String>,
    pub(crate) usual: BTreeMap<Kind, Usual>,
    pub(crate) runtime: tokio::runtime::Runtime,
    /// The rule that the children break.
    pub(crate) broken: Option<&'static str>,
    server: Option<Running>,
    address: String,
    count: u32,
    /// How often the office changed its key since the template was enrolled.
    key_changes: u32,
    account: String,
    pub(crate) scratch: Scratch,
}

impl World {
    pub(crate) fn new(seed: u64, broken: Option<&'static str>) -> Self {
        let scratch = Scratch::new("torture");
        let (books, small_books) = (scratch.join("books"), scratch.join("small"));
        let options = |entries, members| BooksOptions {
            seed,
            entries,
            accounts: 2 * members,
            loans: members,
            members: Some(members),
            ..BooksOptions::default()
        };
        generate(&options(ENTRIES, 3), &books);
        nobody_is_suspended(&books.join("members.csv"));
        generate(&options(SMALL, 1), &small_books);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let mut world = Self {
            random: Random::new(seed),
            everyday: Phone::new(&scratch, "everyday"),
            template: Phone::new(&scratch, "template"),
            books,
            small_books,
            acknowledged: Vec::new(),
            taken_back: BTreeSet::new(),
            usual: BTreeMap::new(),
            runtime,
            broken,
            server: None,
            address: "127.0.0.1:0".to_owned(),
            count: 0,
            key_changes: 0,
            account: String::new(),
            scratch,
        };
        world.office_json(&["import", world.books.to_str().unwrap()]);
        world.serve(None);
        world.make_device(&world.everyday, EVERYDAY);
        world.make_device(&world.template, FIRST);
        world.account = open_account(&world.books);
        world
    }

    fn make_device(&self, phone: &Phone, member: &str) {
        let paper = self.activate(member);
        let client = self.runtime.block_on(phone.enrol_here(&self.url(), member, &paper));
        self.runtime.block_on(client.unwrap().shut_down()).unwrap();
    }

    /// The server's public address with the cooperative, as on the paper.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/{COOPERATIVE}", self.address)
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.scratch.join("office").join("anggota.db")
    }

    /// What the books say of a member.
    pub(crate) fn expected(&self, member: &str) -> BTreeMap<String, Passbook> {
        passbooks(&self.books, |number| number == member)
    }

    /// A place for something of its own.
    pub(crate) fn place(&mut self, name: &str) -> PathBuf {
        let name = self.name(name);
        self.scratch.join(&name)
    }

    /// A name that nothing else in the scratch folder has.
    pub(crate) fn name(&mut self, name: &str) -> String {
        self.count += 1;
        format!("{name}-{}", self.count)
    }

    pub(crate) fn trace(&mut self) -> Trace {
        Trace::new(self.place("trace"))
    }

    /// The office's program, on the office of that folder.
    pub(crate) fn office_of(&self, folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.arg("server").arg("--database").arg(format!("sqlite:{}", folder.join("anggota.db").display()));
        command.arg("--keys").arg(folder.join("keys")).arg("--json").args(arguments);
        command
    }

    pub(crate) fn office(&self, arguments: &[&str]) -> Command {
        self.office_of(&self.scratch.join("office"), arguments)
    }

    /// The document of an office's command that must succeed.
    pub(crate) fn office_json(&self, arguments: &[&str]) -> Value {
        document(&mut self.office(arguments))
    }

    pub(crate) fn activate(&self, member: &str) -> Activation {
        let document = self.office_json(&["activate", "--member", member]);
        let text = |field: &str| document[field].as_str().unwrap().to_owned();
        Activation { code: text("code"), server_key: text("server_key"), expires_at: text("expires_at") }
    }

    /// Some deposits more in the books of the everyday member; nothing is imported yet. Says how many.
    pub(crate) fn deposit(&mut self) -> u64 {
        let count = 1 + self.random.below(120);
        let file = self.books.join("savings_entries.csv");
        let mut file = std::fs::OpenOptions::new().append(true).open(file).unwrap();
        for _ in 0..count {
            writeln!(file, "{},2026-10-31,deposit,{},Setoran,KW,,", self.account, 1000 + self.count).unwrap();
        }
        count
    }

    pub(crate) fn import(&self) -> Value {
        self.office_json(&["import", self.books.to_str().unwrap()])
    }

    /// The office's command that changes its key.
    pub(crate) fn key_change(&mut self) -> Command {
        self.key_changes += 1;
        // A phone that never syncs follows only so far.
        if self.key_changes > MOST_KEY_CHANGES {
            self.template = Phone::at(&self.place("template"));
            self.make_device(&self.template, FIRST);
            self.key_changes = 1;
        }
        self.office(&["key", "rotate", "--officer", "Ketua"])
    }

    /// The office as it was, by a backup, with a new epoch as its manual says.
    pub(crate) fn restore(&mut self, backup: &Backup) {
        self.server = None;
        backup.put_back(&self.database(), &self.books);
        self.serve(None);
        self.office_json(&["epoch", "new", "--reason", "server rusak, dipulihkan dari cadangan"]);
    }

    /// Answers the requests that wait when they are so many, so that the member may ask for more.
    pub(crate) fn decide(&mut self, least: usize) {
        let listed = self.office_json(&["requests", "list"]);
        let open: Vec<_> =
            listed["requests"].as_array().unwrap().iter().filter(|request| request["state"] == "received").collect();
        if open.len() < least {
            return;
        }
        for request in open {
            let id = request["request_id"].as_str().unwrap();
            let answer = if self.random.below(2) == 0 { "--approve" } else { "--reject" };
            self.office_json(&[
                "requests",
                "decide",
                id,
                answer,
                "--reason",
                "sudah dirapatkan",
                "--officer",
                "Petugas",
            ]);
        }
    }

    /// Stops the server and starts it where it was, to die at a moment if one is given.
    pub(crate) fn serve(&mut self, moment: Option<Moment>) {
        self.server = None;
        let trace = self.trace();
        let mut command = self.office(&["serve", "--listen", &self.address]);
        instruct(&mut command, &trace, moment, self.broken);
        let mut server = Running::spawn(&mut command);
        let mut line = String::new();
        BufReader::new(server.stdout().unwrap()).read_line(&mut line).unwrap();
        let first: Value =
            serde_json::from_str(&line).unwrap_or_else(|fault| panic!("the server does not serve: {fault}"));
        self.address = first["listening"].as_str().unwrap().trim_start_matches("http://").to_owned();
        self.server = Some(server);
    }

    pub(crate) fn server(&mut self) -> &mut Running {
        self.server.as_mut().unwrap()
    }
}

/// The one document that a command which must succeed prints.
pub(crate) fn document(command: &mut Command) -> Value {
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{command:?}: {text}{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_str(&text).unwrap()
}

/// An open savings account of the everyday member.
fn open_account(books: &Path) -> String {
    let text = std::fs::read_to_string(books.join("savings_accounts.csv")).unwrap();
    let mut lines = text.lines();
    let header: Vec<_> = lines.next().unwrap().split(',').collect();
    let column = |name: &str| header.iter().position(|column| *column == name).unwrap();
    let (number, member, status) = (column("account_no"), column("member_no"), column("status"));
    let rows = lines.map(|line| line.split(',').collect::<Vec<_>>());
    rows.into_iter().find(|row| row[member] == EVERYDAY && row[status] == "open").unwrap()[number].to_owned()
}

/// The generator suspends one member in forty, who gets no card: the points of a card would never be passed.
fn nobody_is_suspended(members: &Path) {
    let text = std::fs::read_to_string(members).unwrap();
    std::fs::write(members, text.replace(",suspended,", ",active,")).unwrap();
}
