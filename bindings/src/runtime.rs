//! The threads on which a client's waiting is done. Each client owns its own and takes them along when it goes.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use anggota::error::Error;
use anggota::protocol::problem::Code;
use tokio::runtime::{Builder, Handle};
use tokio::task::JoinHandle;

use crate::error::AnggotaError;

/// A phone waits for one server: more threads would only cost memory.
const THREADS: usize = 2;

/// A runtime that may be dropped anywhere, on one of its own threads too.
pub(crate) struct Runtime(Option<tokio::runtime::Runtime>, Handle);

impl Runtime {
    pub(crate) fn new() -> Result<Self, AnggotaError> {
        let runtime = Builder::new_multi_thread().worker_threads(THREADS).thread_name("anggota").enable_all().build();
        let runtime = runtime
            .map_err(|fault| Error::because(Code::NotPossible, fault).detail("the device gives no more threads"))?;
        let handle = runtime.handle().clone();
        Ok(Self(Some(runtime), handle))
    }

    pub(crate) fn handle(&self) -> &Handle {
        &self.1
    }

    /// Runs it on the client's threads. It is dropped with whoever waits for it, and a panic in it reaches him.
    pub(crate) fn run<T: Send + 'static>(&self, work: impl Future<Output = T> + Send + 'static) -> Running<T> {
        // In a box, so that the library holds tokio's part once for each result and not once for each call.
        let work: Pin<Box<dyn Future<Output = T> + Send>> = Box::pin(work);
        Running(self.1.spawn(work))
    }

    /// As [`Runtime::run`], for work that blocks; it ends by itself even when nobody waits any more.
    pub(crate) fn block<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Running<T> {
        Running(self.1.spawn_blocking(work))
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

/// Work on the client's threads.
pub(crate) struct Running<T>(JoinHandle<T>);

impl<T> Future for Running<T> {
    type Output = Result<T, AnggotaError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(|ended| match ended {
            Ok(value) => Ok(value),
            Err(fault) if fault.is_panic() => std::panic::resume_unwind(fault.into_panic()),
            Err(_) => Err(Error::new(Code::Closed).into()),
        })
    }
}

impl<T> Drop for Running<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
