//! The client, as a shell calls it. What only reads the store answers at once; what waits for a network, a key or a thread
//! is asynchronous and may be dropped at any time. Every function may fail, also one that has nothing to say: only so does a
//! panic in Rust reach Swift as an error and not as the end of the app.

use std::path::Path;
use std::sync::Arc;

use anggota::client::{
    self as core, BalancesView, CardView, CheckpointComparison, CheckpointView, EvidenceView, ProfileId, ProfileView,
    RequestView, RescueView, SyncReport, VerifyView,
};
use anggota::domain::{AccountNo, Money, OperationId, ProductCode, Purpose};
use anggota::error::Error;
use anggota::protocol::problem::Code;
use tokio::sync::Notify;

use crate::changes::{ChangeListener, Subscription};
use crate::enrolment::{Enrolment, OpenOptions};
use crate::error::AnggotaError;
use crate::runtime::Runtime;
use crate::views::{LoanPageView, SavingsPageView};

type Result<T> = std::result::Result<T, AnggotaError>;

/// A member of a cooperative, on this device.
#[derive(uniffi::Object)]
pub struct Client {
    core: Arc<core::Client>,
    rescued: Option<RescueView>,
    /// Ends the syncs that are under way.
    stop_sync: Notify,
    /// Ends the uploads that are under way.
    pub(crate) stop_upload: Notify,
    /// The last to go.
    runtime: Runtime,
}

/// The profiles of a data folder, by cooperative and member number.
#[uniffi::export]
pub fn profiles(data_dir: String) -> Result<Vec<ProfileId>> {
    Ok(core::profiles(Path::new(&data_dir))?)
}

/// Whether something of a profile's store could not be read since it was looked at as a whole: the shell then opens it with
/// [`Client::rescue`], which is quick where nothing is wrong after all.
#[uniffi::export]
pub fn needs_rescue(data_dir: String, profile: ProfileId) -> Result<bool> {
    Ok(core::needs_rescue(Path::new(&data_dir), &profile))
}

#[uniffi::export]
impl Client {
    /// Opens a profile. Fails with `StoreBusy` while another process has it.
    #[uniffi::constructor]
    pub async fn open(options: OpenOptions, profile: ProfileId) -> Result<Self> {
        let (options, runtime) = (options.try_into()?, Runtime::new()?);
        let core = runtime.block(move || core::Client::open(options, &profile)).await??;
        Ok(Self::of(core, None, runtime))
    }

    /// Opens a profile whose store may be damaged: for when [`Client::open`], or anything done with an open client, said
    /// `StoreUnreadable`. All of the store is read; if any of it is damaged it is renamed, a new one takes its place with
    /// every command that can still be read, and the next sync fetches the rest. The member is warned
    /// (`EvidenceKind::Rebuilt`), and [`Client::rescued`] says what became of it.
    ///
    /// Fails with `StoreUnreadable` when nothing says any more how the server is reached: then [`Client::enrol`] with a
    /// new code does the same.
    #[uniffi::constructor]
    pub async fn rescue(options: OpenOptions, profile: ProfileId) -> Result<Self> {
        let (options, runtime) = (options.try_into()?, Runtime::new()?);
        let (core, rescued) = runtime.block(move || core::Client::rescue(options, &profile)).await??;
        Ok(Self::of(core, rescued, runtime))
    }

    /// Enrols this device and opens the profile. Safe to repeat with the same code when the answer was lost. A member who is
    /// enrolled here already becomes a new device; what is held stays, and what waits to be sent is signed again.
    #[uniffi::constructor]
    pub async fn enrol(options: OpenOptions, enrolment: Enrolment) -> Result<Self> {
        let (options, enrolment, runtime) = (options.try_into()?, enrolment.try_into()?, Runtime::new()?);
        let core = runtime.run(core::Client::enrol(options, enrolment)).await??;
        Ok(Self::of(core, None, runtime))
    }

    /// Who is enrolled.
    pub fn profile(&self) -> Result<ProfileView> {
        Ok(self.core.profile()?)
    }

    /// What became of the damaged store; `None` where it was good, or opened otherwise than by [`Client::rescue`].
    pub fn rescued(&self) -> Result<Option<RescueView>> {
        Ok(self.rescued.clone())
    }

    /// The home screen's figures.
    pub fn balances(&self) -> Result<BalancesView> {
        Ok(self.core.balances()?)
    }

    /// A page of a savings passbook, newest first: at most `limit` entries (1 to 1,000) below `before`.
    #[uniffi::method(default(before = None))]
    pub fn transactions(&self, account_no: AccountNo, limit: u32, before: Option<u32>) -> Result<SavingsPageView> {
        Ok(self.core.transactions(&account_no, limit, before)?.into())
    }

    /// A page of a loan's passbook, newest first: at most `limit` entries (1 to 1,000) below `before`.
    #[uniffi::method(default(before = None))]
    pub fn loan_transactions(&self, loan_no: AccountNo, limit: u32, before: Option<u32>) -> Result<LoanPageView> {
        Ok(self.core.loan_transactions(&loan_no, limit, before)?.into())
    }

    /// Recomputes everything that is held. An account whose rows were changed on this device is marked, and fetched again
    /// by the next sync.
    pub async fn verify(&self) -> Result<VerifyView> {
        let core = self.core.clone();
        Ok(self.runtime.block(move || core.verify()).await??)
    }

    /// What is kept of broken promises, newest first.
    pub fn evidence(&self) -> Result<Vec<EvidenceView>> {
        Ok(self.core.evidence()?)
    }

    /// All of the evidence as one JSON document for the office: the signed bytes, so that whoever has the cooperative's
    /// public key can check it without this phone.
    pub fn export_evidence(&self) -> Result<String> {
        Ok(self.core.export_evidence()?)
    }

    /// The checkpoint that is held, to be read or scanned by the member's other device; `NotPossible` before the first sync.
    pub fn show_checkpoint(&self) -> Result<CheckpointView> {
        Ok(self.core.show_checkpoint()?)
    }

    /// Holds what another device of the same member shows against what is held here. `NotTrusted` where it is not signed by
    /// the cooperative, or is another member's.
    pub fn compare_checkpoint(&self, text: String) -> Result<CheckpointComparison> {
        Ok(self.core.compare_checkpoint(&text)?)
    }

    /// Sends what waits and fetches everything new. Neither waits for the other: when one fails the other is still done,
    /// and the failure is told. Fails with `Cancelled` after [`Client::cancel_sync`].
    pub async fn sync(&self) -> Result<SyncReport> {
        let core = self.core.clone();
        self.run_until(&self.stop_sync, async move { core.sync().await }).await
    }

    /// Stops the syncs that are under way; what they committed stays, and the next one goes on from there.
    pub fn cancel_sync(&self) -> Result<()> {
        self.stop_sync.notify_waiters();
        Ok(())
    }

    /// Saves a request for a loan; once this returns it will be sent, exactly once, whatever happens to the app. What the
    /// product's terms forbid is refused here already.
    pub async fn request_loan(
        &self,
        product: ProductCode,
        principal: Money,
        periods: u32,
        purpose: Purpose,
    ) -> Result<RequestView> {
        let core = self.core.clone();
        let work = async move { core.request_loan(product, principal, periods, purpose).await };
        Ok(self.runtime.run(work).await??)
    }

    /// The requests of this device, oldest first.
    pub fn requests(&self) -> Result<Vec<RequestView>> {
        Ok(self.core.requests()?)
    }

    /// Takes a request back: at once while the server does not have it, afterwards by asking the cooperative.
    pub async fn cancel_request(&self, request_id: OperationId) -> Result<RequestView> {
        let core = self.core.clone();
        Ok(self.runtime.run(async move { core.cancel_request(&request_id).await }).await??)
    }

    /// Takes a loan that was approved; sent when there is a network. A second wish is the first one,
    /// sent once more.
    pub async fn accept_loan(&self, request_id: OperationId) -> Result<RequestView> {
        let core = self.core.clone();
        Ok(self.runtime.run(async move { core.accept_loan(&request_id).await }).await??)
    }

    /// Sends a request that waits or is stuck now, without waiting for its timer, and its documents. What the cooperative
    /// has is left alone. Returns before the answer: [`Client::requests`] and the notices say what came of it.
    pub async fn retry_request(&self, request_id: OperationId) -> Result<RequestView> {
        let core = self.core.clone();
        Ok(self.runtime.run(async move { core.retry_request(&request_id).await }).await??)
    }

    /// A card to show: signed now, good for two minutes, to be renewed every 30 seconds. Needs no network.
    pub async fn show_card(&self) -> Result<CardView> {
        let core = self.core.clone();
        Ok(self.runtime.run(async move { core.show_card().await }).await??)
    }

    /// Change notices to a listener, until they are cancelled or the client is gone.
    pub fn subscribe(&self, listener: Arc<dyn ChangeListener>) -> Result<Arc<Subscription>> {
        Ok(Arc::new(Subscription::start(self.runtime.handle(), self.core.subscribe(), listener)))
    }

    /// Syncs now and again by timers, and at once when the member commands something, until the client is shut down; it
    /// rests while suspended.
    pub fn run_in_background(&self) -> Result<()> {
        let _within = self.runtime.handle().enter();
        self.core.run_in_background();
        Ok(())
    }

    /// Says that a sync is worth trying now: the network is back, the screen was switched on.
    pub fn wake(&self) -> Result<()> {
        self.core.wake();
        Ok(())
    }

    /// Ends a long read that is under way (a verification, a page of a large book): it fails with `Cancelled`. What is
    /// written is written whole.
    pub fn interrupt(&self) -> Result<()> {
        self.core.interrupt();
        Ok(())
    }

    /// Closes the store and lets go of its lock, as iOS demands of an app in the background; reads and writes fail with
    /// `Closed` until [`Client::resume`]. Work under way ends first or fails cleanly.
    pub async fn suspend(&self) -> Result<()> {
        let core = self.core.clone();
        Ok(self.runtime.run(async move { core.suspend().await }).await??)
    }

    /// Opens the store again after [`Client::suspend`]; `StoreBusy` while another process has it.
    pub async fn resume(&self) -> Result<()> {
        let core = self.core.clone();
        Ok(self.runtime.run(async move { core.resume().await }).await??)
    }

    /// Closes for good. What is called afterwards fails with `Closed`.
    pub async fn shut_down(&self) -> Result<()> {
        let core = self.core.clone();
        Ok(self.runtime.run(async move { core.shut_down().await }).await??)
    }
}

impl Client {
    fn of(core: core::Client, rescued: Option<RescueView>, runtime: Runtime) -> Self {
        Self { core: Arc::new(core), rescued, stop_sync: Notify::new(), stop_upload: Notify::new(), runtime }
    }

    /// The core's client, for work on the client's own threads.
    pub(crate) fn shared(&self) -> Arc<core::Client> {
        self.core.clone()
    }

    /// Runs work on the client's own threads.
    pub(crate) async fn run<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> Result<T> {
        self.runtime.run(work).await
    }

    /// As [`Client::run`], and fails with `Cancelled` when it is stopped.
    pub(crate) async fn run_until<T: Send + 'static>(
        &self,
        stop: &Notify,
        work: impl Future<Output = anggota::error::Result<T>> + Send + 'static,
    ) -> Result<T> {
        tokio::select! {
            biased;
            () = stop.notified() => Err(Error::new(Code::Cancelled).into()),
            done = self.runtime.run(work) => Ok(done??),
        }
    }

    /// The core's client.
    pub(crate) fn core(&self) -> &core::Client {
        &self.core
    }
}

/// Faults on purpose, for tests of the shells alone.
#[cfg(feature = "test-faults")]
#[allow(clippy::panic, reason = "that is what they are for")]
#[uniffi::export]
impl Client {
    /// Panics in the calling thread.
    pub fn panic_now(&self) -> Result<()> {
        panic!("a fault on purpose")
    }

    /// Panics on a thread of the client.
    pub async fn panic_later(&self) -> Result<()> {
        self.runtime.run(async { panic!("a fault on purpose") }).await
    }
}
