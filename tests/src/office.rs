//! A cooperative's office: the machine that runs `anggota-server`, with its database, keys and papers.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::process::{self, Output, Process};
use crate::{Scratch, run};

/// Who decides and suspends in the tests.
pub(crate) const OFFICER: &str = "Petugas Uji";

/// The office. One database may hold several cooperatives: [`Office::of`] speaks for one of them.
#[derive(Debug, Clone)]
pub struct Office {
    /// Holds everything that the office keeps.
    pub folder: PathBuf,
    /// Named with `--cooperative` when set.
    pub cooperative: Option<String>,
    /// The environment of its programs.
    pub env: Vec<(String, String)>,
}

/// The paper that a member takes home.
#[derive(Debug, Clone)]
pub struct Activation {
    /// The activation code, as printed.
    pub code: String,
    /// The checkpoint key's SHA-256 in hex.
    pub server_key: String,
    /// When the code runs out.
    pub expires_at: String,
}

impl Office {
    /// An office that has nothing yet, in the folder `name` of the scratch folder.
    pub fn new(scratch: &Scratch, name: &str) -> Self {
        let folder = scratch.join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Self { folder, cooperative: None, env: Vec::new() }
    }

    /// The same office, speaking for this cooperative.
    #[must_use]
    pub fn of(&self, cooperative: &str) -> Self {
        Self { cooperative: Some(cooperative.to_owned()), ..self.clone() }
    }

    /// The database file.
    pub fn database(&self) -> PathBuf {
        self.folder.join("anggota.db")
    }

    /// The folder of private keys.
    pub fn keys(&self) -> PathBuf {
        self.folder.join("keys")
    }

    /// A command of `anggota-server`, with `--json`.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = process::command("anggota-server", &[], &self.env, &self.folder);
        command.arg("--database").arg(format!("sqlite:{}", self.database().display()));
        command.arg("--keys").arg(self.keys()).arg("--json");
        if let Some(cooperative) = &self.cooperative {
            command.args(["--cooperative", cooperative]);
        }
        command.args(arguments);
        command
    }

    /// Runs a command of `anggota-server --json` to its end.
    #[track_caller]
    pub fn run(&self, arguments: &[&str]) -> Output {
        run(&mut self.command(arguments))
    }

    /// The document of a command that must succeed.
    #[track_caller]
    pub fn json(&self, arguments: &[&str]) -> Value {
        self.run(arguments).ok().document()
    }

    /// Imports a folder of books; every row must be taken.
    #[track_caller]
    pub fn import(&self, books: &Path) -> Value {
        let document = self.json(&["import", books.to_str().unwrap()]);
        assert_eq!(document["problems"], serde_json::json!([]), "{document}");
        document
    }

    /// An activation code for a member.
    #[track_caller]
    pub fn activate(&self, member: &str) -> Activation {
        let document = self.json(&["activate", "--member", member]);
        let text = |field: &str| document[field].as_str().unwrap_or_else(|| panic!("{document}")).to_owned();
        Activation { code: text("code"), server_key: text("server_key"), expires_at: text("expires_at") }
    }

    /// The loan requests.
    #[track_caller]
    pub fn requests(&self) -> Vec<Value> {
        self.json(&["requests", "list"])["requests"].as_array().unwrap().clone()
    }

    /// Approves a request.
    #[track_caller]
    pub fn approve(&self, request: &str, reason: &str) -> Value {
        self.json(&["requests", "decide", request, "--approve", "--reason", reason, "--officer", OFFICER])
    }

    /// Rejects a request.
    #[track_caller]
    pub fn reject(&self, request: &str, reason: &str) -> Value {
        self.json(&["requests", "decide", request, "--reject", "--reason", reason, "--officer", OFFICER])
    }

    /// Suspends a member.
    #[track_caller]
    pub fn suspend(&self, member: &str) -> Value {
        self.json(&["member", "suspend", member, "--officer", OFFICER])
    }

    /// Restores a suspended member.
    #[track_caller]
    pub fn restore(&self, member: &str) -> Value {
        self.json(&["member", "restore", member, "--officer", OFFICER])
    }

    /// All devices.
    #[track_caller]
    pub fn devices(&self) -> Vec<Value> {
        self.json(&["device", "list"])["devices"].as_array().unwrap().clone()
    }

    /// Revokes a device.
    #[track_caller]
    pub fn revoke(&self, device: &str) -> Value {
        self.json(&["device", "revoke", device])
    }

    /// Begins a new epoch, as after a restore from a backup.
    #[track_caller]
    pub fn new_epoch(&self, reason: &str) -> Value {
        self.json(&["epoch", "new", "--reason", reason])
    }

    /// Writes the cooperative's entry for the trust list.
    #[track_caller]
    pub fn export_issuer(&self, file: &Path) -> Value {
        self.json(&["export", "issuer", file.to_str().unwrap()])
    }

    /// Writes the cooperative's status list of cards.
    #[track_caller]
    pub fn export_status_list(&self, file: &Path) -> Value {
        self.json(&["export", "status-list", file.to_str().unwrap()])
    }

    /// Starts to serve on a free port of this machine.
    #[track_caller]
    pub fn serve(&self) -> Serving {
        self.serve_with("127.0.0.1:0", &[])
    }

    /// Starts to serve at an address, with more options.
    #[track_caller]
    pub fn serve_with(&self, listen: &str, more: &[&str]) -> Serving {
        let arguments = [&["serve", "--listen", listen], more].concat();
        // One server speaks for every cooperative of the database.
        let process = Process::spawn(&mut Self { cooperative: None, ..self.clone() }.command(&arguments));
        let Some(line) = process.next_line(Duration::from_secs(60)) else {
            panic!("the server did not say where it listens: {:?}", process.kill());
        };
        let first: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let url = first["listening"].as_str().unwrap_or_else(|| panic!("{line}")).to_owned();
        let address = url.rsplit('/').next().unwrap().parse().unwrap();
        Serving { url, address, process }
    }
}

/// A server that is running; ended when dropped.
pub struct Serving {
    /// Where it listens, as it says itself.
    pub url: String,
    /// The same as an address.
    pub address: SocketAddr,
    process: Process,
}

impl Serving {
    /// The address that a member of the cooperative types when enrolling.
    pub fn of(&self, cooperative: &str) -> String {
        format!("{}/{cooperative}", self.url)
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Its process, to look at.
    pub fn process(&mut self) -> &mut Process {
        &mut self.process
    }

    /// Ends it at once and gives what it printed (without the first line).
    pub fn stop(self) -> Output {
        self.process.kill()
    }
}
