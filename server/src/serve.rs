//! Starts and stops the server: address, TLS, limits of connections. Never speaks plain HTTP to the outside.

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anggota::protocol::problem::Code;
use axum_server::tls_rustls::{RustlsAcceptor, RustlsConfig};
use axum_server::{Handle, Server};
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio::task::JoinHandle;

use crate::address::Address;
use crate::cooperative::Cooperative;
use crate::database::{Database, DatabaseError};
use crate::keys::epoch;
use crate::listener::{self, Places};
use crate::refusal::Refusal;
use crate::routes;
use crate::service::Service;

pub use crate::service::{Clock, Rng};

/// How long the headers of a request may take to arrive, also the time an idle connection is kept.
const MAX_HEADERS_TIME: Duration = Duration::from_secs(30);
const MAX_HEADERS: usize = 64;
/// Bytes of a request's line and headers.
const MAX_HEADER_BYTES: usize = 64 * 1024;

/// What a server is started with.
pub struct Config {
    /// The database.
    pub database: Database,
    /// The folder of the cooperatives' private keys.
    pub keys: PathBuf,
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Scheme and authority, and perhaps a path, by which phones know the server.
    pub public_url: Option<String>,
    /// Speaks TLS itself.
    pub tls: Option<Tls>,
    /// The federation's trust list, to be passed on.
    pub trust_list: Option<PathBuf>,
    /// Reads the time.
    pub clock: Clock,
    /// Makes randomness.
    pub rng: Rng,
}

/// A certificate chain and its private key, both PEM files.
pub struct Tls {
    /// The server's certificate first.
    pub certificate: PathBuf,
    /// Its key.
    pub key: PathBuf,
}

/// A running server.
pub struct Running {
    url: String,
    handle: Handle<SocketAddr>,
    task: JoinHandle<std::io::Result<()>>,
}

/// Starts to listen. Call it on a tokio runtime with more than one thread.
pub async fn serve(config: Config) -> Result<Running, Refusal> {
    let tls = config.tls.as_ref().map(load_tls).transpose()?;
    let address = match (&config.public_url, &tls) {
        (Some(url), _) => Address::public(url)?,
        (None, Some((certificate, _))) => Address::Certified(certificate.clone()),
        (None, None) if config.listen.ip().is_loopback() => Address::Loopback,
        (None, None) => {
            return Err(Refusal::because(
                Code::Usage,
                "HTTP tanpa TLS hanya untuk 127.0.0.1; pakai --tls-cert dan --tls-key, atau --public-url di belakang proxy.",
            ));
        }
    };
    if let Some(path) = &config.trust_list {
        std::fs::File::open(path).map_err(|error| {
            Refusal::caused(Code::InvalidInput, error)
                .saying("Berkas --trust-list tidak dapat dibaca; periksa namanya.")
        })?;
    }
    let listener = TcpListener::bind(config.listen).map_err(occupied)?;
    let local = listener.local_addr().map_err(occupied)?;
    let scheme = if tls.is_some() { "https" } else { "http" };
    let Config { database, keys, trust_list, clock, rng, .. } = config;
    let service = Arc::new(Service::new(database, keys, clock, rng, address, trust_list));
    check_keys(&service)?;
    let handle = Handle::new();
    let task = start(listener, &service, tls.map(|(_, tls)| tls), handle.clone()).map_err(occupied)?;
    Ok(Running { url: format!("{scheme}://{local}"), handle, task })
}

/// A key that is missing, and a database older than what phones have seen, are found now, not by the first phone.
fn check_keys(service: &Service) -> Result<(), Refusal> {
    let cooperatives = service.read(|connection| Ok(Cooperative::all(connection)?))?;
    if cooperatives.is_empty() {
        return Err(DatabaseError::NoCooperative.into());
    }
    cooperatives.iter().try_for_each(|cooperative| {
        epoch::check(&service.keys_folder, cooperative)?;
        service.keys(cooperative).map(drop)
    })
}

fn start(
    listener: TcpListener,
    service: &Arc<Service>,
    tls: Option<RustlsConfig>,
    handle: Handle<SocketAddr>,
) -> std::io::Result<JoinHandle<std::io::Result<()>>> {
    let app = routes::router(service).into_make_service();
    let server = axum_server::from_tcp(listener)?.handle(handle);
    let places = Places::new(listener::most_connections());
    Ok(match tls {
        None => tokio::spawn(limited(server.acceptor(places)).serve(app)),
        Some(tls) => tokio::spawn(limited(server.acceptor(RustlsAcceptor::new(tls).acceptor(places))).serve(app)),
    })
}

fn limited<A>(mut server: Server<SocketAddr, A>) -> Server<SocketAddr, A> {
    server
        .http_builder()
        .http1()
        .header_read_timeout(MAX_HEADERS_TIME)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEADER_BYTES);
    server.http1_only().first_request_timeout(MAX_HEADERS_TIME)
}

impl Running {
    /// Where it listens: scheme, address and port.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops listening and drops every connection at once.
    pub async fn shutdown(self) {
        self.handle.shutdown();
        self.ended().await;
    }

    /// Stops listening and gives running requests that long to end.
    pub async fn finish(self, patience: Duration) {
        self.handle.graceful_shutdown(Some(patience));
        self.ended().await;
    }

    async fn ended(self) {
        if !matches!(self.task.await, Ok(Ok(()))) {
            tracing::error!("the listener ended with an error");
        }
    }
}

fn occupied(error: std::io::Error) -> Refusal {
    Refusal::caused(Code::NotPossible, error)
        .saying("Alamat --listen tidak dapat dipakai; mungkin sudah dipakai program lain.")
}

fn load_tls(tls: &Tls) -> Result<(CertificateDer<'static>, RustlsConfig), Refusal> {
    let certificates = CertificateDer::pem_file_iter(&tls.certificate).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let certificates = certificates.map_err(wrong_tls)?;
    let key = PrivateKeyDer::from_pem_file(&tls.key).map_err(wrong_tls)?;
    let first = certificates.first().cloned().ok_or_else(|| wrong_tls("no certificate in the file"))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let builder = builder.map_err(wrong_tls)?.with_no_client_auth();
    let mut config = builder.with_single_cert(certificates, key).map_err(wrong_tls)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok((first, RustlsConfig::from_config(Arc::new(config))))
}

fn wrong_tls(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Refusal {
    let sentence = "Sertifikat TLS tidak dapat dipakai; periksa berkas PEM --tls-cert dan --tls-key.";
    Refusal::caused(Code::InvalidInput, cause).saying(sentence)
}
