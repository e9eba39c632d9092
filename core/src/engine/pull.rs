//! One pull: asked for, received, and handed to the ingest as it arrives.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use reqwest::Response;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use super::ingest::{Ingest, Ingested, KeyOf};
use super::{Engine, blocking};
use crate::card::TrustList;
use crate::domain::AccountKey;
use crate::error::{Error, Result};
use crate::failpoint;
use crate::protocol::STREAM;
use crate::protocol::problem::Code;
use crate::store::evidence::Signed;
use crate::store::profile;
use crate::transport;

/// The longest answer; a slow network goes on from there in the next pull.
const LIMIT: Duration = Duration::from_secs(15 * 60);
/// Chunks of the answer that wait for being read.
const CHUNKS: usize = 8;
/// The most compressed bytes of one pull.
const MAX_PULL_BYTES: u64 = 1 << 30;

/// What a pull did.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pulled {
    pub(crate) entries: u64,
    pub(crate) bytes: u64,
    pub(crate) complete: bool,
    /// Accounts to fetch once more from their head to entry 1.
    pub(super) again: Vec<AccountKey>,
    /// A new epoch changed the past of an account: its new books are to be fetched.
    pub(super) superseded: bool,
}

/// A sync pulls at most this often: the news of an epoch, its new books, and what did not verify once more.
const ROUNDS: u32 = 3;

impl Engine {
    /// Pulls until everything the server has is here, or the network ends it. What arrived is kept either way.
    pub(crate) async fn pull(self: &Arc<Self>) -> Result<Pulled> {
        let (mut all, mut held) = (Pulled::default(), None);
        for _ in 0..ROUNDS {
            // Evidence of a later try is what was held before the first.
            let (pulled, before) = self.pull_once(std::mem::take(&mut all.again), held.take()).await?;
            held = before;
            let (entries, bytes) = (all.entries + pulled.entries, all.bytes + pulled.bytes);
            all = Pulled { entries, bytes, ..pulled };
            if all.again.is_empty() && !all.superseded {
                break;
            }
        }
        Ok(all)
    }

    async fn pull_once(
        self: &Arc<Self>,
        afresh: Vec<AccountKey>,
        held: Option<Signed>,
    ) -> Result<(Pulled, Option<Signed>)> {
        // Held by the worker, not by this future: should this be dropped half-way, the next pull waits for what is
        // still being stored.
        let turn = self.pulling.clone().lock_owned().await;
        let engine = self.clone();
        let (ingest, request) = blocking(move || {
            let ingest = Ingest::begin(engine, afresh, held)?;
            let request = ingest.pull.request().encode();
            Ok((ingest, request))
        })
        .await?;
        let mut response = self.call("pull", request, STREAM).await?;
        failpoint::here("pull.answered");
        let (sender, receiver) = mpsc::channel(CHUNKS);
        // Dropped half-way (a cancelled sync), the channel closes and what was proven so far is stored.
        let worker = tokio::spawn(blocking(move || {
            let _turn = turn;
            ingest.run(receiver)
        }));
        let (bytes, network) = receive(&mut response, sender, LIMIT).await;
        let pulled = worker.await.map_err(|panic| Error::because(Code::Internal, panic))?;
        // What the answer said counts before how it ended.
        let Ingested { ended, pulled, held } = pulled?;
        if !ended {
            network?;
            return Err(Error::new(Code::NoNetwork).detail("the connection broke off"));
        }
        Ok((Pulled { bytes, ..pulled }, held))
    }
}

/// Hands on what arrives until the answer ends, nobody takes more of it, or `limit` is over. Says how many bytes came, and
/// what became of the network.
async fn receive(response: &mut Response, sender: mpsc::Sender<Bytes>, limit: Duration) -> (u64, Result<()>) {
    let (end, mut bytes) = (Instant::now() + limit, 0);
    loop {
        let chunk = timeout_at(end, transport::chunk(response)).await;
        match chunk.unwrap_or_else(|_| Err(Error::new(Code::NoNetwork).detail("the answer took too long"))) {
            Ok(Some(chunk)) => {
                bytes += chunk.len() as u64;
                if bytes > MAX_PULL_BYTES || sender.send(chunk).await.is_err() {
                    return (bytes, Ok(()));
                }
            }
            Ok(None) => return (bytes, Ok(())),
            Err(fault) => return (bytes, Err(fault)),
        }
    }
}

impl Engine {
    /// The checkpoint keys that count: those of the federation's trust list, or the pinned ones.
    pub(crate) fn checkpoint_keys(&self) -> Result<KeyOf> {
        if !self.identity.federation {
            let pinned = self.store.read(profile::pinned)?;
            return Ok(Box::new(move |kid, _| pinned.iter().find(|(number, _)| *number == kid).map(|(_, key)| *key)));
        }
        let list = self.store.read(profile::trust_list)?.ok_or_else(|| Error::new(Code::TrustMissing))?;
        let list =
            TrustList::read(&list, &self.roots, 0).map_err(|fault| Error::because(Code::TrustMismatch, fault))?;
        let keys: Vec<_> = list.checkpoint_keys(&self.identity.cooperative).cloned().collect();
        Ok(Box::new(move |kid, at| {
            keys.iter().find(|key| key.kid == kid && key.covers(at.seconds())).map(|key| key.key)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::tests::{PATIENCE, drip, get};

    #[tokio::test]
    async fn a_pull_that_drips_for_ever_is_given_up() {
        let (url, server) = drip(STREAM).await;
        let mut response = get(&url, STREAM).await.unwrap();
        let (sender, mut receiver) = mpsc::channel(CHUNKS);
        let ingest = tokio::spawn(async move { while receiver.recv().await.is_some() {} });
        let received = tokio::time::timeout(PATIENCE, receive(&mut response, sender, Duration::from_millis(200))).await;
        assert_eq!(received.unwrap().1.unwrap_err().code(), Code::NoNetwork);
        drop(response);
        // Whoever reads what came ends with it, and nobody listens to the server any more.
        ingest.await.unwrap();
        server.await.unwrap();
    }
}
