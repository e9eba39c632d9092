//! Change notices: topics only, a shell asks again for what it shows.

use std::sync::Arc;

use anggota::domain::Topic;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use crate::error::AnggotaError;

/// What a listener may throw; it is logged and the next notice comes all the same.
#[derive(Debug, Clone, thiserror::Error, uniffi::Error)]
pub enum ListenerError {
    /// It could not take the notice.
    #[error("{reason}")]
    Failed {
        /// In the shell's words.
        reason: String,
    },
}

impl From<uniffi::UnexpectedUniFFICallbackError> for ListenerError {
    fn from(fault: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Self::Failed { reason: fault.reason }
    }
}

/// Is told what changed, on a thread of the core, one notice at a time. A slow one holds up nobody: it misses notices,
/// never the last.
#[uniffi::export(with_foreign)]
pub trait ChangeListener: Send + Sync {
    /// Something about this topic changed.
    fn changed(&self, topic: Topic) -> Result<(), ListenerError>;
}

/// Notices to one listener, until it is cancelled or the client is gone.
#[derive(uniffi::Object)]
pub struct Subscription(AbortHandle);

#[uniffi::export]
impl Subscription {
    /// No notice begins after this; one that is being taken ends by itself.
    pub fn cancel(&self) -> Result<(), AnggotaError> {
        self.0.abort();
        Ok(())
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Subscription {
    pub(crate) fn start(
        runtime: &Handle,
        mut notices: anggota::client::Subscription,
        listener: Arc<dyn ChangeListener>,
    ) -> Self {
        let task = runtime.spawn(async move {
            while let Some(topic) = notices.next().await {
                let listener = listener.clone();
                let taken = tokio::task::spawn_blocking(move || listener.changed(topic)).await;
                if !matches!(taken, Ok(Ok(()))) {
                    tracing::warn!(topic = topic.as_str(), "a listener failed");
                }
            }
        });
        Self(task.abort_handle())
    }
}
