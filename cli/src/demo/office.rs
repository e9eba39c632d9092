//! The federation and the cooperative's office in the story, by the server's own library.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anggota::card::TrustList;
use anggota::clock;
use anggota::cose::{PublicKey, Signer};
use anggota::domain::{CooperativeId, MemberNo, Name, OperationId, Reason};
use anggota::entropy;
use anggota_server::activation;
use anggota_server::cards;
use anggota_server::cooperative::Cooperative;
use anggota_server::database::Database;
use anggota_server::federation::{self, Signing};
use anggota_server::import::{self, Report};
use anggota_server::keys::IssuerKeys;
use anggota_server::members;
use anggota_server::refusal::Refusal;
use anggota_server::requests::{self, Decision, Listed};
use anggota_server::serve::{self, Config, Rng, Running};

use super::Broken;
use crate::files;

/// The federation in the story.
const FEDERATION: &str = "federasi-contoh";
/// The officer who decides.
const OFFICER: &str = "Petugas Contoh";

/// The federation's root keys, on files that no server ever sees.
pub(super) struct Federation {
    folder: PathBuf,
    rng: Rng,
}

impl Federation {
    /// Makes the two root keys.
    pub(super) fn make(folder: PathBuf) -> Result<Self, Broken> {
        let rng: Rng = Arc::new(entropy::system());
        federation::keygen(&folder, &rng)?;
        Ok(Self { folder, rng })
    }

    /// The files of the public halves.
    pub(super) fn public_files(&self) -> [PathBuf; 2] {
        [0, 1].map(|root| self.folder.join(format!("root-{root}.pub")))
    }

    /// The public keys as the files hold them.
    pub(super) fn public_keys(&self) -> Result<[PublicKey; 2], Broken> {
        let [first, second] = self.public_files();
        Ok([files::root_key(&first)?, files::root_key(&second)?])
    }

    /// The public halves of the private keys in their files.
    pub(super) fn signing_keys(&self) -> Result<[PublicKey; 2], Broken> {
        let public = |root| Ok::<_, Broken>(*federation::read_root(&self.private_file(root), &self.rng)?.public_key());
        Ok([public(0)?, public(1)?])
    }

    pub(super) fn private_file(&self, root: u8) -> PathBuf {
        self.folder.join(format!("root-{root}.key"))
    }

    /// Signs the trust list of one cooperative into a file.
    pub(super) fn sign(&self, office: &Office, file: &Path) -> Result<(), Broken> {
        let issuer = office.read(|office, connection| federation::issuer(connection, &office.cooperative))?;
        let federation = CooperativeId::new(FEDERATION)?;
        let signing = Signing { federation: &federation, seq: 1, root: 0, issuers: &[issuer] };
        let root = federation::read_root(&self.private_file(0), &self.rng)?;
        Ok(fs::write(file, federation::sign(&signing, &root, clock::wall())?)?)
    }

    /// Reads a trust list as whoever holds the root keys does.
    pub(super) fn read(&self, file: &Path) -> Result<TrustList, Broken> {
        Ok(TrustList::read(&fs::read(file)?, &self.public_keys()?, 0)?)
    }
}

/// The cooperative's office: its database, its keys and, while it is open, its listener.
pub(super) struct Office {
    database: Database,
    keys: PathBuf,
    rng: Rng,
    pub(super) cooperative: Cooperative,
}

/// Reads books into a new database, or reports what is wrong with them.
pub(super) fn import(folder: &Path, books: &Path) -> Result<(Office, Report), Broken> {
    let url = format!("sqlite:{}", folder.join("server.db").display());
    let (database, keys) = (Database::open(&url)?, folder.join("kunci"));
    let rng: Rng = Arc::new(entropy::system());
    let report = import::import(&database, &keys, books, clock::wall(), Arc::clone(&rng), &mut |_| {})?;
    if let Some(problem) = report.problems.first() {
        let place = format!("{} baris {} kolom {}", problem.file, problem.line, problem.column);
        return Err(format!("pembukuan ditolak, {place}: {}", problem.problem).into());
    }
    let cooperative = database.read(|connection| Ok::<_, Refusal>(Cooperative::find(connection, None)?))?;
    Ok((Office { database, keys, rng, cooperative }, report))
}

impl Office {
    /// Imports the same books once more.
    pub(super) fn import_again(&self, books: &Path) -> Result<Report, Broken> {
        let rng = Arc::clone(&self.rng);
        Ok(import::import(&self.database, &self.keys, books, clock::wall(), rng, &mut |_| {})?)
    }

    pub(super) fn read<T>(
        &self,
        work: impl FnOnce(&Self, &rusqlite::Connection) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.database.read(|connection| work(self, connection))
    }

    pub(super) fn write<T>(
        &self,
        work: impl FnOnce(&Self, &rusqlite::Transaction<'_>) -> Result<T, Refusal>,
    ) -> Result<T, Refusal> {
        self.database.write(|transaction| work(self, transaction))
    }

    fn issuer_keys(&self, connection: &rusqlite::Connection) -> Result<IssuerKeys, Refusal> {
        Ok(IssuerKeys::load(connection, &self.keys, &self.cooperative, &self.rng)?)
    }

    /// One number of the database.
    pub(super) fn count(&self, sql: &str) -> Result<u64, Refusal> {
        self.read(|_, connection| Ok(connection.query_row(sql, [], |row| row.get(0))?))
    }

    /// Opens the listener, on a free port or on the one it had.
    pub(super) async fn serve(&self, listen: SocketAddr, trust: &Path) -> Result<Running, Broken> {
        let config = Config {
            database: self.database.clone(),
            keys: self.keys.clone(),
            listen,
            public_url: None,
            tls: None,
            trust_list: Some(trust.to_owned()),
            clock: Arc::new(clock::wall),
            rng: Arc::clone(&self.rng),
        };
        Ok(serve::serve(config).await?)
    }

    /// An activation code, as it is printed for a member.
    pub(super) fn activate(&self, member: &MemberNo) -> Result<String, Refusal> {
        self.write(|office, transaction| {
            let keys = office.issuer_keys(transaction)?;
            let now = clock::wall();
            let made = activation::activate(
                transaction,
                &office.cooperative,
                member,
                &keys,
                Some(OFFICER),
                now,
                &*office.rng,
            )?;
            Ok(made.code)
        })
    }

    /// The requests, as an officer sees them.
    pub(super) fn requests(&self) -> Result<Vec<Listed>, Refusal> {
        self.read(|office, connection| requests::list(connection, &office.cooperative))
    }

    /// An officer's answer.
    pub(super) fn decide(&self, id: &OperationId, approve: bool, reason: &Reason) -> Result<(), Broken> {
        let reason = reason.clone();
        let decision = if approve { Decision::Approve(Some(reason)) } else { Decision::Reject(reason) };
        let officer = Name::new(OFFICER)?;
        self.write(|office, transaction| {
            requests::decide(transaction, &office.cooperative, id, decision, &officer, clock::wall()).map(drop)
        })?;
        Ok(())
    }

    /// Suspends a member.
    pub(super) fn suspend(&self, member: &MemberNo) -> Result<(), Broken> {
        let officer = Name::new(OFFICER)?;
        self.write(|office, transaction| {
            members::suspend(transaction, &office.cooperative, member, true, &officer, clock::wall()).map(drop)
        })?;
        Ok(())
    }

    /// Publishes the status list as it is now.
    pub(super) fn export_status_list(&self, file: &Path) -> Result<(), Broken> {
        let list = self.write(|office, transaction| {
            let keys = office.issuer_keys(transaction)?;
            cards::status_list(transaction, &office.cooperative, &keys, clock::wall())
        })?;
        Ok(fs::write(file, list)?)
    }
}
