//! What the server's tests share: two cooperatives with the same numbers in one database, a running server whose clock
//! the test holds, and a small phone that speaks the protocol.
#![allow(dead_code, unreachable_pub, missing_docs, reason = "each test uses its part")]

pub mod books;
pub mod commands;
pub mod phone;
pub mod program;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anggota::domain::{CooperativeId, DeviceId, MemberNo, Name, Reason, Timestamp};
use anggota_server::cooperative::Cooperative;
use anggota_server::database::Database;
use anggota_server::keys::IssuerKeys;
use anggota_server::refusal::Refusal;
use anggota_server::serve::{Config, Rng, Running, Tls, serve};
use anggota_server::{activation, devices, epochs, members};

pub const FIRST: &str = "handayani";
pub const OTHER: &str = "sejahtera";
/// In 2023: before whatever the machine's own clock says to the commands.
pub const START: i64 = 1_700_000_000;

pub struct Bench {
    pub folder: tempfile::TempDir,
    pub database: Database,
    pub rng: Rng,
    clock: Arc<AtomicI64>,
    running: Option<Running>,
}

/// How the server of a bench is started.
#[derive(Default)]
pub struct Setup {
    pub public_url: Option<String>,
    pub tls: Option<Tls>,
    pub trust_list: Option<PathBuf>,
    /// The address to listen on; 127.0.0.1 when it is not said.
    pub host: Option<IpAddr>,
}

impl Bench {
    /// Two cooperatives with the same books, served.
    pub async fn start() -> Self {
        let mut bench = Self::books_only();
        bench.serve(Setup::default()).await.unwrap();
        bench
    }

    /// The same, not served.
    pub fn books_only() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("anggota.db").display());
        let database = Database::open(&url).unwrap();
        let rng: Rng = Arc::new(anggota::entropy::system());
        let bench = Self { folder, database, rng, clock: Arc::new(AtomicI64::new(START)), running: None };
        books::fill(&bench, FIRST);
        books::fill(&bench, OTHER);
        bench
    }

    pub async fn serve(&mut self, setup: Setup) -> Result<(), Refusal> {
        let clock = Arc::clone(&self.clock);
        let config = Config {
            database: self.database.clone(),
            keys: self.keys_folder(),
            listen: SocketAddr::new(setup.host.unwrap_or(Ipv4Addr::LOCALHOST.into()), 0),
            public_url: setup.public_url,
            tls: setup.tls,
            trust_list: setup.trust_list,
            clock: Arc::new(move || Timestamp::from_seconds(clock.load(Ordering::SeqCst)).unwrap()),
            rng: Arc::clone(&self.rng),
        };
        self.running = Some(serve(config).await?);
        Ok(())
    }

    pub async fn stop(&mut self) {
        self.running.take().unwrap().shutdown().await;
    }

    pub fn url(&self) -> &str {
        self.running.as_ref().unwrap().url()
    }

    pub fn keys_folder(&self) -> PathBuf {
        self.folder.path().join("keys")
    }

    pub fn database_url(&self) -> String {
        format!("sqlite:{}", self.folder.path().join("anggota.db").display())
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::from_seconds(self.clock.load(Ordering::SeqCst)).unwrap()
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.fetch_add(seconds, Ordering::SeqCst);
    }

    pub fn cooperative(&self, id: &str) -> Cooperative {
        let id = CooperativeId::new(id).unwrap();
        self.database.read::<_, Refusal>(|c| Ok(Cooperative::find(c, Some(&id))?)).unwrap()
    }

    pub fn keys(&self, id: &str) -> IssuerKeys {
        let cooperative = self.cooperative(id);
        let load = |c: &_| Ok(IssuerKeys::load(c, &self.keys_folder(), &cooperative, &self.rng)?);
        self.database.read::<_, Refusal>(load).unwrap()
    }

    /// A code from the office.
    pub fn activate(&self, cooperative: &str, member: &str) -> Result<String, Refusal> {
        let (keys, member) = (self.keys(cooperative), MemberNo::new(member).unwrap());
        let cooperative = self.cooperative(cooperative);
        let made = self
            .database
            .write(|t| activation::activate(t, &cooperative, &member, &keys, None, self.now(), &*self.rng));
        made.map(|activation| activation.code)
    }

    pub fn revoke(&self, cooperative: &str, device: &DeviceId) {
        let cooperative = self.cooperative(cooperative);
        self.database.write(|t| devices::revoke(t, &cooperative, device, None, self.now())).unwrap();
    }

    pub fn begin_epoch(&self, cooperative: &str) -> u64 {
        let (cooperative, keys) = (self.cooperative(cooperative), self.keys(cooperative));
        let reason = Reason::new("dipulihkan dari cadangan").unwrap();
        let folder = self.keys_folder();
        let begun = self
            .database
            .write(|t| epochs::begin(t, &folder, &cooperative, &reason, None, self.now(), &keys.checkpoint));
        begun.unwrap()
    }

    pub fn suspend(&self, cooperative: &str, member: &str, suspended: bool) {
        let (cooperative, officer) = (self.cooperative(cooperative), Name::new("Bu Sri").unwrap());
        let no = MemberNo::new(member).unwrap();
        self.database.write(|t| members::suspend(t, &cooperative, &no, suspended, &officer, self.now())).unwrap();
    }

    pub fn execute(&self, sql: &str) {
        self.database.write::<_, Refusal>(|t| Ok(t.execute_batch(sql)?)).unwrap();
    }

    pub fn count(&self, sql: &str) -> i64 {
        self.database.read::<_, Refusal>(|c| Ok(c.query_row(sql, [], |row| row.get(0))?)).unwrap()
    }
}
