//! The office of the simulation: the server's own library on a database, under the story's clock.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anggota::domain::{MemberNo, Name, Reason, RequestState};
use anggota::entropy;
use anggota_server::activation;
use anggota_server::cooperative::Cooperative;
use anggota_server::database::Database;
use anggota_server::epochs;
use anggota_server::import;
use anggota_server::keys::IssuerKeys;
use anggota_server::refusal::Refusal;
use anggota_server::requests::{self, Decision, Listed};
use anggota_server::serve::{self, Config, Rng, Running};
use rusqlite::{Connection, Transaction};

use super::{Time, Verdict};
use crate::village::Backup;

/// The cooperative of generated books.
pub(super) const COOPERATIVE: &str = "contoh";
const OFFICER: &str = "Petugas Uji";

/// What a member takes home.
pub(super) struct Paper {
    pub(super) code: String,
    pub(super) server_key: [u8; 32],
}

/// The office.
pub(super) struct Office {
    folder: PathBuf,
    pub(super) books: PathBuf,
    time: Time,
    rng: Rng,
    database: Database,
    running: Option<Running>,
}

impl Office {
    pub(super) fn open(folder: &Path, books: &Path, time: &Time) -> Self {
        fs::create_dir_all(folder).unwrap();
        let (rng, database): (Rng, _) = (Arc::new(entropy::system()), open(folder));
        Self { folder: folder.to_owned(), books: books.to_owned(), time: time.clone(), rng, database, running: None }
    }

    fn keys(&self) -> PathBuf {
        self.folder.join("keys")
    }

    pub(super) fn import(&self) {
        let (keys, now, rng) = (self.keys(), self.time.now(), Arc::clone(&self.rng));
        let report = import::import(&self.database, &keys, &self.books, now, rng, &mut |_| {}).unwrap();
        assert!(report.problems.is_empty(), "the books are refused");
    }

    pub(super) async fn serve(mut self) -> Self {
        let time = self.time.clone();
        let config = Config {
            database: self.database.clone(),
            keys: self.keys(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            public_url: None,
            tls: None,
            trust_list: None,
            clock: Arc::new(move || time.now()),
            rng: Arc::clone(&self.rng),
        };
        self.running = Some(serve::serve(config).await.unwrap());
        self
    }

    pub(super) async fn close(mut self) -> Self {
        if let Some(running) = self.running.take() {
            running.shutdown().await;
        }
        self
    }

    pub(super) fn address(&self) -> SocketAddr {
        self.running.as_ref().unwrap().url().rsplit('/').next().unwrap().parse().unwrap()
    }

    fn read<T>(&self, work: impl FnOnce(&Connection, &Cooperative) -> Result<T, Refusal>) -> T {
        self.database.read(|connection| work(connection, &Cooperative::find(connection, None)?)).unwrap()
    }

    fn write<T>(&self, work: impl FnOnce(&Transaction<'_>, &Cooperative) -> Result<T, Refusal>) -> T {
        self.database.write(|transaction| work(transaction, &Cooperative::find(transaction, None)?)).unwrap()
    }

    fn issuer_keys(&self, connection: &Connection, cooperative: &Cooperative) -> IssuerKeys {
        IssuerKeys::load(connection, &self.keys(), cooperative, &self.rng).unwrap()
    }

    pub(super) fn activate(&self, member: &str) -> Paper {
        let made = self.write(|transaction, cooperative| {
            let keys = self.issuer_keys(transaction, cooperative);
            let (member, now) = (MemberNo::new(member).unwrap(), self.time.now());
            activation::activate(transaction, cooperative, &member, &keys, Some(OFFICER), now, &*self.rng)
        });
        let server_key = data_encoding::HEXLOWER.decode(made.server_key.as_bytes()).unwrap();
        Paper { code: made.code, server_key: server_key.try_into().unwrap() }
    }

    /// A deposit, in the books and in the database.
    pub(super) fn deposit(&self, account: &str) {
        let mut file = OpenOptions::new().append(true).open(self.books.join("savings_entries.csv")).unwrap();
        writeln!(file, "{account},2027-01-15,deposit,25000,Setoran,KW-1,,").unwrap();
        self.import();
    }

    pub(super) fn requests(&self) -> Vec<Listed> {
        self.read(requests::list)
    }

    /// Says something of one of the requests that wait, if any does.
    pub(super) fn decide(&self, which: usize, verdict: Verdict) {
        let waiting: Vec<_> =
            self.requests().into_iter().filter(|listed| listed.state == RequestState::Received).collect();
        if waiting.is_empty() {
            return;
        }
        let (id, reason) = (waiting[which % waiting.len()].id, Reason::new("Hasil rapat").unwrap());
        let decision = match verdict {
            Verdict::Yes => Decision::Approve(Some(reason)),
            Verdict::No => Decision::Reject(reason),
            Verdict::MoreAsked => Decision::Ask(reason),
        };
        let (officer, now) = (Name::new(OFFICER).unwrap(), self.time.now());
        // The member may take it back at this very moment; then the answer is refused, which is right.
        let _refused = self.database.write(|transaction| {
            let cooperative = Cooperative::find(transaction, None)?;
            requests::decide(transaction, &cooperative, &id, decision, &officer, now).map(drop)
        });
    }

    pub(super) fn back_up(&self, place: PathBuf) -> Backup {
        Backup::of(&database(&self.folder), &self.books, place)
    }

    /// Goes back to a backup, as docs/reliability.md tells an office to: with a new epoch. Only while it does not serve.
    pub(super) fn restore(&mut self, backup: &Backup) {
        // The connections of the old one must be gone before its file is.
        self.database = open(&self.folder.join("nothing"));
        backup.put_back(&database(&self.folder), &self.books);
        self.database = open(&self.folder);
        self.write(|transaction, cooperative| {
            let (keys, reason) =
                (self.issuer_keys(transaction, cooperative), Reason::new("Cadangan dipulihkan").unwrap());
            let now = self.time.now();
            epochs::begin(transaction, &self.keys(), cooperative, &reason, Some(OFFICER), now, &keys.checkpoint)
        });
    }
}

fn database(folder: &Path) -> PathBuf {
    folder.join("office.db")
}

fn open(folder: &Path) -> Database {
    Database::open(&format!("sqlite:{}", database(folder).display())).unwrap()
}
