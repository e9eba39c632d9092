//! The connections of a listener: how many at once, and how long one may refuse to take what it is sent.
//!
//! Knows nothing of HTTP. Reading is timed above this, by the request.

use std::future::{Ready, ready};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum_server::accept::Accept;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, Sleep, sleep_until};

/// The most connections at once; one more is closed unread.
const MAX_CONNECTIONS: usize = 1_024;
/// Descriptors that connections leave to the database's readers, of as many requests and pulls as run at once, and the rest.
const OTHER_FILES: usize = 320;
/// What a process may usually open.
const USUAL_FILES: usize = 1_024;
/// How long a peer may take nothing of what it is sent.
const MAX_STALL: Duration = Duration::from_secs(60);
/// How long a peer may have something left to take, however steadily it takes: as long as a pull may run.
const MAX_BEHIND: Duration = Duration::from_secs(600);

/// How many connections leave room for what the members among them need: without a descriptor nobody is answered.
pub(crate) fn most_connections() -> usize {
    let files = std::fs::read_to_string("/proc/self/limits").ok().and_then(|limits| soft_limit(&limits));
    connections_of(files.unwrap_or(USUAL_FILES))
}

fn connections_of(files: usize) -> usize {
    files.saturating_sub(OTHER_FILES).max(files / 4).min(MAX_CONNECTIONS)
}

/// How many files the process may open, as Linux tells it.
fn soft_limit(limits: &str) -> Option<usize> {
    let limit = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?.split_whitespace().next()?;
    if limit == "unlimited" { Some(usize::MAX) } else { limit.parse().ok() }
}

/// Gives each connection one of the places, as long as there are any.
#[derive(Debug, Clone)]
pub(crate) struct Places(Arc<Semaphore>);

impl Places {
    pub(crate) fn new(connections: usize) -> Self {
        Self(Arc::new(Semaphore::new(connections)))
    }
}

impl<S> Accept<TcpStream, S> for Places {
    type Stream = Connection;
    type Service = S;
    type Future = Ready<io::Result<(Connection, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let place = Arc::clone(&self.0).try_acquire_owned();
        let taken = place.map_err(|_| io::Error::other("too many connections"));
        ready(taken.and_then(|place| {
            // A frame that is flushed should leave at once.
            stream.set_nodelay(true)?;
            Ok((Connection::new(stream, place), service))
        }))
    }
}

/// A connection that fails when its peer stops reading.
pub(crate) struct Connection {
    stream: TcpStream,
    stalled: Option<Pin<Box<Sleep>>>,
    /// Since when there is something that the peer has not taken.
    behind_since: Option<Instant>,
    max_behind: Duration,
    _place: OwnedSemaphorePermit,
}

impl Connection {
    fn new(stream: TcpStream, place: OwnedSemaphorePermit) -> Self {
        Self { stream, stalled: None, behind_since: None, max_behind: MAX_BEHIND, _place: place }
    }

    /// Lets a pending write wait for [`MAX_STALL`] and no longer, and all of them together for [`MAX_BEHIND`].
    fn watch<T>(&mut self, cx: &mut Context<'_>, polled: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if polled.is_ready() {
            self.stalled = None;
            return polled;
        }
        let now = Instant::now();
        let until = (now + MAX_STALL).min(*self.behind_since.get_or_insert(now) + self.max_behind);
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep_until(until)));
        stalled.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.watch(cx, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.watch(cx, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Asked for when all that there was to write is written.
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.behind_since = None;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;
    use tokio::time::{sleep, timeout};

    use super::*;

    const SHORT: Duration = Duration::from_millis(500);
    const ANSWER: usize = 4 * 1024 * 1024;

    /// The server's end of a connection on which nobody may be behind for longer than [`SHORT`], and the peer's.
    async fn connected() -> (Connection, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let place = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
        let connection = Connection::new(listener.accept().await.unwrap().0, place);
        (Connection { max_behind: SHORT, ..connection }, peer)
    }

    /// Reads something, `times` times, with a pause before each.
    async fn read(peer: &mut TcpStream, bytes: usize, pause: Duration, times: usize) {
        let mut taken = vec![0; bytes];
        for _ in 0..times {
            sleep(pause).await;
            if !matches!(peer.read(&mut taken).await, Ok(1..)) {
                return;
            }
        }
    }

    #[tokio::test]
    async fn a_peer_that_takes_its_answer_for_ever_is_given_up() {
        let (mut connection, mut peer) = connected().await;
        let slowly = tokio::spawn(async move { read(&mut peer, 256 * 1024, SHORT / 20, 10_000).await });
        let endless = async {
            let part = vec![0; ANSWER];
            loop {
                connection.write_all(&part).await?;
            }
        };
        let given_up: io::Result<()> = timeout(Duration::from_secs(20), endless).await.unwrap();
        assert_eq!(given_up.unwrap_err().kind(), io::ErrorKind::TimedOut);
        slowly.abort();
    }

    #[tokio::test]
    async fn a_peer_that_takes_each_answer_in_time_goes_on() {
        let (mut connection, mut peer) = connected().await;
        let reading = tokio::spawn(async move {
            for _ in 0..4 {
                // Behind for a while, and then through.
                sleep(SHORT / 3).await;
                let mut answer = vec![0; ANSWER];
                peer.read_exact(&mut answer).await.unwrap();
            }
        });
        for _ in 0..4 {
            connection.write_all(&vec![0; ANSWER]).await.unwrap();
            connection.flush().await.unwrap();
        }
        reading.await.unwrap();
    }

    #[test]
    fn connections_leave_descriptors_to_what_members_need() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max processes             unlimited            unlimited            processes \n\
                      Max open files            1024                 524288               files     \n";
        assert_eq!(soft_limit(limits), Some(1_024));
        assert_eq!(soft_limit(&limits.replace("1024 ", "unlimited ")), Some(usize::MAX));
        assert_eq!(soft_limit("Max open files"), None);
        let cases = [(1_024, 704), (2_000, 1_024), (usize::MAX, 1_024), (400, 100), (256, 64)];
        for (files, connections) in cases {
            assert_eq!(connections_of(files), connections, "{files}");
        }
    }
}
