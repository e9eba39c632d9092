//! `serve`: runs the server until it is told to stop.

use std::sync::Arc;
use std::time::Duration;

use anggota::protocol::problem::Code;
use serde::Serialize;
use tokio::signal::unix::{SignalKind, signal};

use super::args::{Global, Serve};
use super::output;
use super::rng;
use crate::database::{Database, SERVE_WAIT};
use crate::refusal::Refusal;
use crate::serve::{self, Config, Tls};

/// What running requests are given to end when the server is told to stop.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Serialize)]
struct Listening<'a> {
    listening: &'a str,
}

pub(super) fn serve(global: &Global, given: Serve) -> Result<(), Refusal> {
    let tls = given.tls_cert.zip(given.tls_key).map(|(certificate, key)| Tls { certificate, key });
    let config = Config {
        database: Database::open_existing(&global.database, SERVE_WAIT)?,
        keys: global.keys.clone(),
        listen: given.listen,
        public_url: given.public_url,
        tls,
        trust_list: given.trust_list,
        clock: Arc::new(anggota::clock::wall),
        rng: rng(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(machine)?;
    runtime.block_on(async {
        // Asked for before anybody is told that the server listens: from then on it stops in order.
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt()).map_err(machine)?, signal(SignalKind::terminate()).map_err(machine)?);
        let running = serve::serve(config).await?;
        output::say(&greeting(running.url(), global.json)?)?;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
        running.finish(PATIENCE).await;
        Ok(())
    })
}

fn greeting(url: &str, as_json: bool) -> Result<String, Refusal> {
    if as_json {
        return serde_json::to_string(&Listening { listening: url }).map_err(machine);
    }
    Ok(format!("Server koperasi siap di {url}; hentikan dengan Ctrl+C."))
}

fn machine(error: impl std::error::Error + Send + Sync + 'static) -> Refusal {
    Refusal::caused(Code::Internal, error).saying("Komputer ini gagal menjalankan server; coba sekali lagi.")
}
