//! A member's phone: a data folder and the program `anggota` on it, or the core's client in the test's own process.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use anggota::client::{self, Client, Enrolment, OpenOptions, ProfileId, Trust};
use anggota::clock::Clock;
use anggota::domain::{CooperativeId, MemberNo};
use anggota::keys::{KeyVault, SoftwareKeys};
use anggota::protocol::problem::Code;
use rusqlite::Connection;
use serde_json::Value;

use crate::process::{self, Output, Process};
use crate::{Activation, Scratch, run};

/// A phone.
#[derive(Debug, Clone)]
pub struct Phone {
    /// Its data folder.
    pub data_dir: PathBuf,
    /// The environment of its programs.
    pub env: Vec<(String, String)>,
    /// What its programs are started by, such as `unshare -rn`.
    pub wrapper: Vec<String>,
}

impl Phone {
    /// A phone that holds nothing yet, in the folder `name` of the scratch folder.
    pub fn new(scratch: &Scratch, name: &str) -> Self {
        Self::at(&scratch.join(name))
    }

    /// A phone with this data folder.
    pub fn at(data_dir: &Path) -> Self {
        std::fs::create_dir_all(data_dir).unwrap();
        Self { data_dir: data_dir.to_owned(), env: Vec::new(), wrapper: Vec::new() }
    }

    /// Another phone with the same files, in the folder `name` of the scratch folder.
    pub fn copied(&self, scratch: &Scratch, name: &str) -> Self {
        let copy = Self { data_dir: scratch.join(name), ..self.clone() };
        copy_folder(&self.data_dir, &copy.data_dir);
        copy
    }

    /// The same phone, its programs started by another (which must be on the PATH).
    #[must_use]
    pub fn under(&self, wrapper: &[&str]) -> Self {
        Self { wrapper: wrapper.iter().map(|&word| word.to_owned()).collect(), ..self.clone() }
    }

    /// A command of `anggota`.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = process::command("anggota", &self.wrapper, &self.env, &self.data_dir);
        command.arg("--data-dir").arg(&self.data_dir).args(arguments);
        command
    }

    /// Runs a command of `anggota` to its end, as a person does: text in Indonesian.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Output {
        run(&mut self.command(arguments))
    }

    /// Runs a command of `anggota` to its end, as a script does: with `--json`.
    #[track_caller]
    pub fn script(&self, arguments: &[&str]) -> Output {
        run(self.command(arguments).arg("--json"))
    }

    /// The document of a command that must succeed.
    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> Value {
        self.script(arguments).ok().document()
    }

    /// Starts a command of `anggota --json` without waiting for its end.
    #[track_caller]
    pub fn start(&self, arguments: &[&str]) -> Process {
        Process::spawn(self.command(arguments).arg("--json"))
    }

    /// Enrols at `server` (`Serving::of`), holding the server to the key on the paper.
    #[track_caller]
    pub fn enrol(&self, server: &str, member: &str, paper: &Activation) -> Value {
        let (code, key) = (&paper.code, &paper.server_key);
        self.json(&["enrol", "--server", server, "--member", member, "--code", code, "--server-key", key])
    }

    /// Enrols in the test's own process, holding the server to the key on the paper.
    pub async fn enrol_here(&self, server: &str, member: &str, paper: &Activation) -> anggota::error::Result<Client> {
        let key = data_encoding::HEXLOWER.decode(paper.server_key.as_bytes()).unwrap();
        let enrolment = Enrolment {
            server_url: server.to_owned(),
            member: MemberNo::new(member).unwrap(),
            code: paper.code.clone(),
            trust: Trust::ServerKey(key.try_into().unwrap()),
        };
        Client::enrol(self.options(), enrolment).await
    }

    /// Asks for a loan of generated books' product PF over a year; gives the request's id.
    #[track_caller]
    pub fn ask(&self, principal: &str) -> String {
        let given =
            ["loan", "request", "--product", "PF", "--periods", "12", "--purpose", "modal usaha", "--principal"];
        let saved = self.json(&[&given[..], &[principal]].concat());
        assert_eq!(saved["state"], "queued");
        saved["request_id"].as_str().unwrap().to_owned()
    }

    /// `sync`, which must succeed.
    #[track_caller]
    pub fn sync(&self) -> Value {
        self.json(&["sync"])
    }

    /// `balance`.
    #[track_caller]
    pub fn balance(&self) -> Value {
        self.json(&["balance"])
    }

    /// `verify`, whatever it finds; its exit status must fit what it says.
    #[track_caller]
    pub fn verify(&self) -> Value {
        let output = self.script(&["verify"]);
        let document = output.document();
        let ok = document["ok"].as_bool().unwrap_or_else(|| panic!("{output:?}"));
        assert_eq!(output.status, i32::from(!ok), "{output:?}");
        document
    }

    /// The file of a member's store.
    pub fn store(&self, cooperative: &str, member: &str) -> PathBuf {
        self.profile_folder(cooperative, member).join("store.db")
    }

    /// The folder of an enrolment.
    pub fn profile_folder(&self, cooperative: &str, member: &str) -> PathBuf {
        self.data_dir.join(cooperative).join(data_encoding::HEXLOWER.encode(member.as_bytes()))
    }

    /// The store itself, opened with its key behind the program's back: to see whether the program notices.
    pub fn open_store(&self, cooperative: &str, member: &str) -> Connection {
        let connection = Connection::open(self.store(cooperative, member)).unwrap();
        connection.pragma_update(None, "key", self.store_key(cooperative, member)).unwrap();
        connection
    }

    /// The key of a member's store, as SQLCipher takes it.
    pub fn store_key(&self, cooperative: &str, member: &str) -> String {
        let vault: Arc<dyn KeyVault> = self.keys();
        let key = client::store_key(&self.data_dir, &profile(cooperative, member), &vault).unwrap();
        format!("x'{}'", data_encoding::HEXLOWER.encode(&*key))
    }

    /// Opens an enrolment in the test's own process.
    pub fn client(&self, cooperative: &str, member: &str) -> anggota::error::Result<Client> {
        Client::open(self.options(), &profile(cooperative, member))
    }

    /// The same for a sync, as the program `anggota` does: a store that may be damaged is looked at as a whole first.
    pub fn client_for_sync(&self, cooperative: &str, member: &str) -> anggota::error::Result<Client> {
        let profile = profile(cooperative, member);
        let rescue = || Client::rescue(self.options(), &profile).map(|(client, _)| client);
        if client::needs_rescue(&self.data_dir, &profile) {
            return rescue();
        }
        match Client::open(self.options(), &profile) {
            Err(fault) if fault.code() == Code::StoreUnreadable => rescue(),
            opened => opened,
        }
    }

    /// What the program `anggota` opens an enrolment with.
    pub fn options(&self) -> OpenOptions {
        let keys = self.keys();
        OpenOptions {
            data_dir: self.data_dir.clone(),
            vault: keys.clone(),
            device_key: keys,
            trust_roots: Vec::new(),
            tls_roots: Vec::new(),
            clock: Clock::system(),
        }
    }

    fn keys(&self) -> Arc<SoftwareKeys> {
        SoftwareKeys::open(&self.data_dir.join("device.keys")).unwrap()
    }
}

fn profile(cooperative: &str, member: &str) -> ProfileId {
    ProfileId { cooperative: CooperativeId::new(cooperative).unwrap(), member_no: MemberNo::new(member).unwrap() }
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let place = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &place);
        } else {
            std::fs::copy(entry.path(), place).unwrap();
        }
    }
}
