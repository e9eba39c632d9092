//! Keeping in step by itself: every waiting state has a timer that ends it, so what "will be retried" is retried.

use std::sync::{Arc, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::{sleep, timeout};

use super::{Client, sync};
use crate::domain::Timestamp;
use crate::engine::{Engine, backoff};
use crate::error::Result;
use crate::protocol::problem::Code;

/// How long nothing happens when nothing waits.
const IDLE: Duration = Duration::from_secs(15 * 60);
/// How often the phone asks while a request waits for an officer.
const UNDECIDED: Duration = Duration::from_secs(30);
/// The longest wait after failures in a row.
const LONGEST: Duration = Duration::from_secs(5 * 60);

/// Whether the client keeps in step by itself, and the task that does while it is not suspended.
#[derive(Default)]
pub(super) struct Background {
    wanted: bool,
    task: Option<AbortHandle>,
}

impl Client {
    /// Syncs now and again by timers, and at once when the member commands something, until the client is closed or
    /// dropped; it rests while suspended. Must be called within a tokio runtime.
    pub fn run_in_background(&self) {
        self.background().wanted = true;
        self.resume_background();
    }

    /// Says that a sync is worth trying now: the network is back, the screen was switched on.
    pub fn wake(&self) {
        self.wake.notify_one();
    }

    pub(super) fn resume_background(&self) {
        let mut background = self.background();
        if background.wanted {
            let task = tokio::spawn(run(self.engine.clone(), self.wake.clone()));
            if let Some(before) = background.task.replace(task.abort_handle()) {
                before.abort();
            }
        }
    }

    pub(super) fn pause_background(&self) {
        if let Some(task) = self.background().task.take() {
            task.abort();
        }
    }

    pub(super) fn stop_background(&self) {
        self.background().wanted = false;
        self.pause_background();
    }

    fn background(&self) -> MutexGuard<'_, Background> {
        self.background.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Three loops side by side, so that a request never waits for the end of a long pull, nor a pull for a request, nor either
/// for a photograph.
async fn run(engine: Arc<Engine>, wake: Arc<Notify>) {
    let (answered, upload) = (Notify::new(), Notify::new());
    tokio::join!(
        keep_synced(&engine, &answered, &upload),
        keep_sent(&engine, &wake, &answered, &upload),
        keep_uploaded(&engine, &upload)
    );
}

async fn keep_synced(engine: &Arc<Engine>, answered: &Notify, upload: &Notify) {
    let mut failures = 0;
    loop {
        let mut asked = 0;
        match sync(engine, false).await {
            Ok(_) => failures = 0,
            Err(fault) if fault.code() == Code::Closed => return,
            Err(fault) => {
                failures += 1;
                asked = fault.retry_after().unwrap_or(0);
                tracing::info!(code = fault.code().as_str(), failures, "the sync will be tried again");
            }
        }
        upload.notify_one();
        // While the server wants to be left alone nothing wakes it.
        sleep(Duration::from_secs(u64::from(asked))).await;
        let wait = pause(engine, failures).unwrap_or(LONGEST);
        // Woken or not, the next round is a sync.
        let _woken = timeout(wait, answered.notified()).await;
    }
}

/// Sends what the member commands as soon as it is saved, and again by the outbox's own timers.
async fn keep_sent(engine: &Arc<Engine>, wake: &Notify, answered: &Notify, upload: &Notify) {
    let mut failures = 0;
    loop {
        let wait = until(engine, engine.next_due()).unwrap_or(LONGEST).max(least(engine, failures));
        let woken = timeout(wait, wake.notified()).await.is_ok();
        let sent = engine.push(false).await;
        upload.notify_one();
        match sent {
            // What the server did with it, or what made the shell wake us, comes with a pull.
            Ok(count) => {
                failures = 0;
                if count > 0 || woken {
                    answered.notify_one();
                }
            }
            Err(fault) if fault.code() == Code::Closed => return,
            Err(fault) => {
                failures += 1;
                tracing::info!(code = fault.code().as_str(), "the requests will be sent again");
            }
        }
    }
}

/// What cannot even be written down has no time of its own to wait for.
fn least(engine: &Engine, failures: u32) -> Duration {
    if failures == 0 { Duration::ZERO } else { pause(engine, failures).unwrap_or(LONGEST) }
}

/// Sends the documents of requests that the office has, and again by their own timers.
async fn keep_uploaded(engine: &Arc<Engine>, upload: &Notify) {
    let mut failures = 0;
    loop {
        let wait = until(engine, engine.next_upload_due()).unwrap_or(LONGEST).max(least(engine, failures));
        // What is due at once still waits for a second, or for the word that there is something new to send.
        let _woken = timeout(wait, upload.notified()).await;
        match engine.upload(false).await {
            Ok(()) => failures = 0,
            Err(fault) if fault.code() == Code::Closed => return,
            Err(fault) => {
                failures += 1;
                tracing::info!(code = fault.code().as_str(), "the documents will be sent again");
            }
        }
    }
}

/// How long the next sync waits: after failures with jitter, otherwise until it is time anyway.
fn pause(engine: &Engine, failures: u32) -> Result<Duration> {
    if failures == 0 {
        return Ok(if engine.awaits_decision()? { UNDECIDED } else { IDLE });
    }
    let random = u32::from_le_bytes(engine.random()?);
    Ok(Duration::from_secs(u64::from(backoff(failures, random))).min(LONGEST))
}

/// How long until something is due, if anything is.
fn until(engine: &Engine, due: Result<Option<Timestamp>>) -> Result<Duration> {
    let due = match due? {
        Some(due) => due.seconds().saturating_sub(engine.now()?.seconds()).max(1),
        None => i64::MAX,
    };
    Ok(Duration::from_secs(due.unsigned_abs()).min(IDLE))
}
