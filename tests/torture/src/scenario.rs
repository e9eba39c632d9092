//! What is going on when somebody dies: each scenario begins in a good state, kills, and checks.

use std::process::Command;
use std::time::Duration;

use anggota_tests::village::Backup;
use anggota_tests::{Activation, Phone};
use rusqlite::config::DbConfig;
use serde_json::Value;

use crate::check::check_beginning;
use crate::child::{Fate, Moment, Running, Usual, instruct, run_to_death};
use crate::old_store;
use crate::phone::Act;
use crate::trace::{Phase, Trace};
use crate::world::{COOPERATIVE, EVERYDAY, FIRST, NEW, World, document};

/// Which scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// A phone that holds nothing fetches everything; the phone dies.
    FirstSync,
    /// Deposits, requests, cancels, syncs; the phone dies.
    Everyday,
    /// The same; the server dies.
    EverydayServer,
    /// A new phone enrols; the phone dies.
    Enrol,
    /// The same; the server dies.
    EnrolServer,
    /// The everyday phone enrols again, with its outbox; the phone dies.
    EnrolAgain,
    /// The same with a damaged store, of which the outbox can be read; the phone dies.
    EnrolDamaged,
    /// The everyday phone syncs with such a store; the phone dies.
    Rescue,
    /// The books with new entries are imported while the server serves; the import dies.
    Import,
    /// The first import of an office; the import dies.
    FirstImport,
    /// The everyday phone comes with a store of that schema, which is brought up to date; the phone dies.
    Upgrade(usize),
    /// The office went back to a backup and began a new epoch; the everyday phone, which saw more, syncs and dies.
    NewEpoch,
    /// The office changed its key; the everyday phone syncs and dies.
    NewKey,
    /// The office changes its key; that command dies.
    KeyChange,
}

/// One kill: where and when.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    pub(crate) kind: Kind,
    pub(crate) moment: Moment,
}

/// The usual time before anything was measured: too long, so that the first measurement is of the whole.
const UNKNOWN: Duration = Duration::from_millis(500);
/// What a phone does on an ordinary day.
const DAY: [Act; 8] =
    [Act::Request, Act::Sync, Act::Cancel, Act::Document, Act::Request, Act::Cancel, Act::Sync, Act::Sync];

impl World {
    /// Lives through one plan; where it was when somebody died, or `None` when nobody did. Panics when a promise is broken.
    pub(crate) fn live(&mut self, plan: Plan) -> Option<Phase> {
        match plan.kind {
            Kind::FirstSync => self.first_sync(plan),
            Kind::Everyday => self.everyday(plan),
            Kind::EverydayServer => self.everyday_server(plan),
            Kind::Enrol | Kind::EnrolServer => self.enrol(plan),
            Kind::EnrolAgain | Kind::EnrolDamaged => self.enrol_again(plan),
            Kind::Rescue => self.rescue(plan),
            Kind::Import => self.import_books(plan),
            Kind::FirstImport => self.first_import(plan),
            Kind::Upgrade(schema) => self.upgrade(plan, schema),
            Kind::NewEpoch => self.new_epoch(plan),
            Kind::NewKey => self.new_key(plan),
            Kind::KeyChange => self.change_key(plan),
        }
    }

    fn first_sync(&mut self, plan: Plan) -> Option<Phase> {
        let name = self.name("first");
        let phone = self.template.copied(&self.scratch, &name);
        let phase = self.phone_dies(plan, self.acting(&phone, FIRST, &[Act::Sync]));
        self.check_phone(&phone, FIRST);
        std::fs::remove_dir_all(&phone.data_dir).unwrap();
        phase
    }

    fn everyday(&mut self, plan: Plan) -> Option<Phase> {
        self.morning();
        let phase = self.phone_dies(plan, self.acting(&self.everyday, EVERYDAY, &DAY));
        self.check_phone(&self.everyday, EVERYDAY);
        phase
    }

    fn everyday_server(&mut self, plan: Plan) -> Option<Phase> {
        self.morning();
        let phase = self.server_dies(plan, self.acting(&self.everyday, EVERYDAY, &DAY));
        self.check_office();
        self.check_phone(&self.everyday, EVERYDAY);
        phase
    }

    fn enrol(&mut self, plan: Plan) -> Option<Phase> {
        let (phone, paper) = (Phone::at(&self.place("new")), self.activate(NEW));
        let before = self.devices();
        let command = self.enrolling(&phone, NEW, &paper);
        let phase =
            if plan.kind == Kind::Enrol { self.phone_dies(plan, command) } else { self.server_dies(plan, command) };
        self.enrol_to_the_end(&phone, NEW, &paper);
        assert_eq!(self.devices(), before + 1, "one code, one device");
        self.check_phone(&phone, NEW);
        std::fs::remove_dir_all(&phone.data_dir).unwrap();
        phase
    }

    fn enrol_again(&mut self, plan: Plan) -> Option<Phase> {
        self.morning();
        if plan.kind == Kind::EnrolDamaged {
            self.leave_damaged();
        } else {
            // Something waits in the outbox.
            self.everyday_lives(&[Act::Request]);
        }
        let (phone, paper) = (self.everyday.clone(), self.activate(EVERYDAY));
        let phase = self.phone_dies(plan, self.enrolling(&phone, EVERYDAY, &paper));
        self.enrol_to_the_end(&phone, EVERYDAY, &paper);
        self.check_phone(&phone, EVERYDAY);
        phase
    }

    fn rescue(&mut self, plan: Plan) -> Option<Phase> {
        self.morning();
        self.leave_damaged();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["phone", "sync"]).arg(&self.everyday.data_dir).arg(EVERYDAY);
        let phase = self.phone_dies(plan, command);
        // Whoever syncs next goes on with it.
        let client = self.everyday.client_for_sync(COOPERATIVE, EVERYDAY);
        let client = client.unwrap_or_else(|fault| panic!("the store is not built anew: {fault:?}"));
        self.runtime.block_on(client.shut_down()).unwrap();
        self.check_phone(&self.everyday, EVERYDAY);
        phase
    }

    /// The everyday phone's store with a damaged head, and in its WAL alone a request that was promised.
    fn leave_damaged(&mut self) {
        let command = self.acting(&self.everyday, EVERYDAY, &[Act::Sync, Act::Request, Act::Request]);
        let moment = Moment::Point("request.written", 2);
        let (phase, _) = self.dies(Plan { kind: Kind::Everyday, moment }, command);
        assert_eq!(phase, Some(Phase::Request));
        let store = self.everyday.open_store(COOPERATIVE, EVERYDAY);
        store.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).unwrap();
        assert!(
            store
                .execute("UPDATE account SET head = x'ff' WHERE account = (SELECT min(account) FROM account)", [])
                .unwrap()
                > 0
        );
        // As whoever met it wrote down.
        std::fs::write(self.everyday.store(COOPERATIVE, EVERYDAY).with_extension("suspect"), []).unwrap();
    }

    fn import_books(&mut self, plan: Plan) -> Option<Phase> {
        let new = self.deposit();
        let books = self.books.clone();
        let command = self.office(&["import", books.to_str().unwrap()]);
        let (phase, trace) = self.dies(plan, command);
        self.check_office();
        let added = self.import()["added"].as_u64().unwrap();
        let whole = if trace.count("import.kept") > 0 { 0 } else { new };
        assert!(added == whole || (phase.is_some() && added == 0), "all of an import or nothing: {added} of {new}");
        self.check_phone(&self.everyday, EVERYDAY);
        phase
    }

    fn first_import(&mut self, plan: Plan) -> Option<Phase> {
        let (folder, books) = (self.place("beginning"), self.small_books.clone());
        let arguments = ["import", books.to_str().unwrap()];
        let (phase, trace) = self.dies(plan, self.office_of(&folder, &arguments));
        check_beginning(&folder);
        let again = document(&mut self.office_of(&folder, &arguments));
        let rows = |field: &str| again[field].as_u64().unwrap();
        let whole = rows("entries") + rows("loan_entries");
        let left = if trace.count("import.kept") > 0 { 0 } else { whole };
        assert!(rows("added") == left || (phase.is_some() && rows("added") == 0), "all or nothing: {again}");
        assert_eq!(again["problems"], Value::Array(Vec::new()));
        document(&mut self.office_of(&folder, &["activate", "--member", EVERYDAY]));
        std::fs::remove_dir_all(&folder).unwrap();
        phase
    }

    fn upgrade(&mut self, plan: Plan, schema: usize) -> Option<Phase> {
        // Before schema 4 nobody waited for documents to arrive.
        self.decide(1);
        self.everyday_lives(&[Act::Sync, Act::Request]);
        let before = old_store::put_in_place(&self.everyday, EVERYDAY, schema);
        let phase = self.phone_dies(plan, self.acting(&self.everyday, EVERYDAY, &[Act::Sync]));
        if phase == Some(Phase::Migration) {
            let client = self.everyday.client(COOPERATIVE, EVERYDAY);
            let client = client.unwrap_or_else(|fault| panic!("the old store does not open: {fault:?}"));
            self.runtime.block_on(client.shut_down()).unwrap();
            let now = before.now(&self.everyday, EVERYDAY);
            assert!(
                now == before,
                "of {} rows of schema {schema} {} are left as they were",
                before.count(),
                now.count()
            );
        }
        self.check_phone(&self.everyday, EVERYDAY);
        phase
    }

    fn new_epoch(&mut self, plan: Plan) -> Option<Phase> {
        self.morning();
        self.everyday_lives(&[Act::Sync]);
        let place = self.place("backup");
        let backup = Backup::of(&self.database(), &self.books, place);
        let lost = self.deposit();
        self.import();
        self.everyday_lives(&[Act::Sync]);
        self.restore(&backup);
        let phase = self.phone_dies(plan, self.acting(&self.everyday, EVERYDAY, &[Act::Sync]));
        self.check_phone(&self.everyday, EVERYDAY);
        self.check_evidence(lost);
        phase
    }

    fn new_key(&mut self, plan: Plan) -> Option<Phase> {
        self.morning();
        document(&mut self.key_change());
        let phase = self.phone_dies(plan, self.acting(&self.everyday, EVERYDAY, &[Act::Sync]));
        self.check_phone(&self.everyday, EVERYDAY);
        phase
    }

    fn change_key(&mut self, plan: Plan) -> Option<Phase> {
        let command = self.key_change();
        let (phase, _) = self.dies(plan, command);
        self.check_office();
        self.check_phone(&self.everyday, EVERYDAY);
        document(&mut self.key_change());
        self.check_phone(&self.everyday, EVERYDAY);
        phase
    }

    /// New entries for the phone now and then, and the office's answers.
    fn morning(&mut self) {
        if self.random.below(3) == 0 {
            self.deposit();
            self.import();
        }
        self.decide(8);
    }

    fn devices(&self) -> usize {
        self.office_json(&["device", "list"])["devices"].as_array().unwrap().len()
    }

    fn acting(&self, phone: &Phone, member: &str, acts: &[Act]) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["phone", "act"]).arg(&phone.data_dir).arg(member).args(acts.iter().map(|act| act.as_str()));
        command
    }

    fn enrolling(&self, phone: &Phone, member: &str, paper: &Activation) -> Command {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["phone", "enrol"]).arg(&phone.data_dir).args([
            &self.url(),
            member,
            &paper.code,
            &paper.server_key,
        ]);
        command
    }

    /// Enrolment is safe to repeat with the same code.
    fn enrol_to_the_end(&self, phone: &Phone, member: &str, paper: &Activation) {
        let client = self.runtime.block_on(phone.enrol_here(&self.url(), member, paper));
        let client = client.unwrap_or_else(|fault| panic!("the code does not work again: {fault:?}"));
        self.runtime.block_on(client.shut_down()).unwrap();
    }

    /// Runs a child until it dies; where it was then.
    fn dies(&mut self, plan: Plan, mut command: Command) -> (Option<Phase>, Trace) {
        let trace = self.trace();
        instruct(&mut command, &trace, Some(plan.moment), self.broken);
        let mut child = Running::spawn(&mut command);
        let usual = self.usual.entry(plan.kind).or_insert(Usual(UNKNOWN));
        let fate = run_to_death(&mut child, &trace, plan.moment, usual);
        self.remember(&fate);
        (fate.is_killed.then(|| trace.phase()), trace)
    }

    fn phone_dies(&mut self, plan: Plan, command: Command) -> Option<Phase> {
        self.dies(plan, command).0
    }

    /// Runs a phone to its end while the server dies, and lets the server serve again.
    fn server_dies(&mut self, plan: Plan, mut command: Command) -> Option<Phase> {
        if matches!(plan.moment, Moment::Point(..)) {
            self.serve(Some(plan.moment));
        }
        let trace = self.trace();
        instruct(&mut command, &trace, None, self.broken);
        let mut phone = Running::spawn(&mut command);
        let mut usual = self.usual.remove(&plan.kind).unwrap_or(Usual(UNKNOWN));
        let killed_in = match plan.moment {
            Moment::Random(..) => {
                let is_time = usual.wait(&mut phone, &trace, plan.moment);
                // The phone still ran, or nobody was served when the server died.
                let phase = trace.phase();
                (self.server().kill() && is_time && phone.ended().is_none()).then_some(phase)
            }
            Moment::Point(..) => self.died_by_itself(&mut phone, &trace),
        };
        self.usual.insert(plan.kind, usual);
        phone.wait();
        self.remember(&Fate { is_killed: false, stdout: phone.printed() });
        self.serve(None);
        killed_in
    }

    /// Waits until the server is dead or the phone has ended.
    fn died_by_itself(&mut self, phone: &mut Running, trace: &Trace) -> Option<Phase> {
        loop {
            if self.server().ended().is_some() {
                return Some(trace.phase());
            }
            if phone.ended().is_some() {
                // An acknowledgement is written after the answer, so the phone may be quicker.
                std::thread::sleep(Duration::from_millis(50));
                return self.server().ended().map(|_| Phase::Sync);
            }
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    /// The everyday phone does these things, and nobody dies.
    fn everyday_lives(&mut self, acts: &[Act]) {
        let fate = self.phone_lives(self.acting(&self.everyday, EVERYDAY, acts));
        self.remember(&fate);
    }

    fn phone_lives(&mut self, mut command: Command) -> Fate {
        let trace = self.trace();
        instruct(&mut command, &trace, None, self.broken);
        let mut child = Running::spawn(&mut command);
        child.wait();
        Fate { is_killed: false, stdout: child.printed() }
    }

    /// What the member was told.
    fn remember(&mut self, fate: &Fate) {
        let saved = fate.stdout.lines().filter_map(|line| line.strip_prefix("saved "));
        self.acknowledged.extend(saved.map(str::to_owned));
        let taken_back = fate.stdout.lines().filter_map(|line| line.strip_prefix("taken-back "));
        self.taken_back.extend(taken_back.map(str::to_owned));
    }
}
