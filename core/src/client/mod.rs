//! The client: what a shell calls. One object is one profile: a member of a cooperative on this device.
//!
//! Holds no rules of its own: figures come from the store, proofs from the sync machine, words from the domain.

mod background;
mod card;
mod checks;
mod compare;
mod drafts;
mod enrol;
mod evidence;
mod folder;
mod home;
mod loans;
mod requests;
mod rescue;
mod savings;
mod screens;
mod shop;
mod verify;

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

pub use enrol::{Enrolment, Trust, read_address};
pub use folder::{profiles, store_key};
pub use home::MAX_PAGE;
pub use rescue::{RescueView, needs_rescue};
pub use screens::stranger;
pub use shop::{CardCheck, Unfit, verify_card};
use tokio::sync::{Mutex as Gate, Notify, broadcast};

pub use crate::views::*;

use crate::clock::Clock;
use crate::cose::PublicKey;
use crate::domain::{Timestamp, Topic};
use crate::engine::{Engine, OpenStore, blocking};
use crate::error::{Error, Result};
use crate::keys::{DeviceKey, KeyVault};
use crate::protocol::problem::Code;
use crate::store::{mirror, profile};
use crate::transport::Transport;
use background::Background;
use folder::Folder;

/// What a shell gives when it opens a profile.
#[derive(Clone)]
pub struct OpenOptions {
    /// Where the profiles are kept.
    pub data_dir: PathBuf,
    /// Wraps the store's key.
    pub vault: Arc<dyn KeyVault>,
    /// Signs for the device.
    pub device_key: Arc<dyn DeviceKey>,
    /// The federation's root keys (online and offline), for those enrolled under its trust list.
    pub trust_roots: Vec<PublicKey>,
    /// Certificates (DER) to trust instead of the web's authorities.
    pub tls_roots: Vec<Vec<u8>>,
    /// [`Clock::system`], but in simulations.
    pub clock: Clock,
}

/// A member of a cooperative, on this device.
pub struct Client {
    engine: Arc<Engine>,
    options: OpenOptions,
    folder: Folder,
    /// One of suspend, resume and shut_down at a time.
    moving: Gate<()>,
    /// One draft at a time becomes a command.
    sending: Gate<()>,
    closed: AtomicBool,
    background: Mutex<Background>,
    wake: Arc<Notify>,
}

/// Change notices, until the client is dropped.
pub struct Subscription(broadcast::Receiver<Topic>);

impl Subscription {
    /// The next notice; `None` when the client is gone. A listener that was too slow misses some, never the last.
    pub async fn next(&mut self) -> Option<Topic> {
        loop {
            match self.0.recv().await {
                Ok(topic) => return Some(topic),
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}

impl Client {
    /// Opens a profile. Fails with `store-busy` while another process has it.
    pub fn open(options: OpenOptions, id: &ProfileId) -> Result<Self> {
        let folder = Folder::of(&options.data_dir, id);
        if !folder.exists() {
            return Err(Error::new(Code::NotEnrolled));
        }
        let open = folder.open(&options.vault)?;
        Self::with_store(options, folder, open)
    }

    fn with_store(options: OpenOptions, folder: Folder, open: OpenStore) -> Result<Self> {
        let transport = Transport::new(&options.tls_roots)?;
        let (keys, roots) = (options.device_key.clone(), options.trust_roots.clone());
        let engine = Engine::new(open, transport, options.clock.clone(), keys, folder.alias(), roots)?;
        Ok(Self {
            engine: Arc::new(engine),
            options,
            folder,
            moving: Gate::default(),
            sending: Gate::default(),
            closed: AtomicBool::new(false),
            background: Mutex::default(),
            wake: Arc::default(),
        })
    }

    /// Who is enrolled.
    pub fn profile(&self) -> Result<ProfileView> {
        let profile = self.engine.store.read(profile::load)?;
        Ok(ProfileView {
            member_no: profile.member,
            name: profile.member_name,
            cooperative: profile.cooperative,
            cooperative_name: profile.cooperative_name,
            zone: profile.zone,
            device_id: profile.device,
        })
    }

    /// Sends what waits and fetches everything new. Neither waits for the other: when one fails the other is still
    /// done, and the failure is told.
    pub async fn sync(&self) -> Result<SyncReport> {
        sync(&self.engine, true).await
    }

    /// Sends the documents of requests that the office has, as far as the network lasts; what is cut off goes on with the
    /// next call. A client that runs in the background does it by itself.
    pub async fn upload(&self) -> Result<()> {
        self.engine.upload(true).await
    }

    /// Change notices: topics only, a shell asks again for what it shows.
    pub fn subscribe(&self) -> Subscription {
        Subscription(self.engine.listen())
    }

    /// Ends a long read that is under way (a verification, a page of a large book): it fails with `cancelled`. What is written
    /// is written whole.
    pub fn interrupt(&self) {
        self.engine.store.interrupt();
    }

    /// Closes the store and lets go of its lock, as iOS demands of an app in the background; reads and writes fail with
    /// `closed` until [`Client::resume`]. Work under way ends first or fails cleanly.
    pub async fn suspend(&self) -> Result<()> {
        let _turn = self.moving.lock().await;
        self.pause_background();
        let engine = self.engine.clone();
        blocking(move || engine.store.close()).await
    }

    /// Opens the store again after [`Client::suspend`]; `store-busy` while another process has it.
    pub async fn resume(&self) -> Result<()> {
        let _turn = self.moving.lock().await;
        if self.closed.load(Ordering::SeqCst) {
            return Err(Error::new(Code::Closed));
        }
        let (folder, vault, engine) = (self.folder.clone(), self.options.vault.clone(), self.engine.clone());
        blocking(move || {
            if !engine.store.is_open() {
                engine.store.put(folder.open(&vault)?);
            }
            Ok(())
        })
        .await?;
        self.resume_background();
        Ok(())
    }

    /// Closes for good. What is called afterwards fails with `closed`.
    pub async fn shut_down(&self) -> Result<()> {
        self.closed.store(true, Ordering::SeqCst);
        self.stop_background();
        self.suspend().await
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.stop_background();
    }
}

/// One sync: push, pull, then what hangs on it. The first failure is told, after everything was tried. `everything`: what
/// waits for its time is sent too.
pub(crate) async fn sync(engine: &Arc<Engine>, everything: bool) -> Result<SyncReport> {
    engine.tell(Topic::Sync);
    let trusted = engine.renew_trust_list().await;
    let pushed = engine.push(everything).await;
    let pulled = engine.pull().await;
    engine.note_network(matches!(&pulled, Err(fault) if fault.code() == Code::NoNetwork));
    // A card that cannot be had (a candidate, a busy server) is no reason to call the sync failed.
    if pulled.is_ok()
        && let Err(fault) = engine.renew_card().await
    {
        tracing::info!(code = fault.code().as_str(), "no card this time");
    }
    engine.tell(Topic::Sync);
    // The list that is held still says whom to believe.
    if let Err(fault) = trusted {
        tracing::info!(code = fault.code().as_str(), "no newer trust list this time");
    }
    let (pulled, mut pushed) = (pulled?, pushed?);
    // A pull may bring work for the outbox: after a reset of the server everything is sent again.
    if engine.next_due()?.is_some_and(|due| due <= Timestamp::EPOCH) {
        pushed += engine.push(false).await?;
    }
    let checkpoint = engine.store.read(mirror::checkpoint)?;
    let (epoch, generation) = checkpoint.map_or((0, 0), |held| (held.epoch, held.generation));
    Ok(SyncReport {
        epoch,
        generation,
        entries_received: pulled.entries,
        bytes_received: pulled.bytes,
        requests_sent: pushed,
        complete: pulled.complete,
    })
}
