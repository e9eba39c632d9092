//! A TCP proxy between a phone and the server that can be slow: to have a moment in which something may happen.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::{sleep, spawn};
use std::time::Duration;

/// The most bytes passed on at once.
const CHUNK: usize = 4 * 1024;

/// A listener that passes on what it gets. Ends with the test.
pub struct Proxy {
    address: SocketAddr,
    shared: Arc<Shared>,
}

struct Shared {
    upstream: SocketAddr,
    /// Waited for before each chunk towards the phone, microseconds.
    pause: AtomicU64,
    downstream: AtomicU64,
    stopped: AtomicBool,
}

impl Proxy {
    /// Listens on a free port and passes on to `upstream`, without delay at first.
    pub fn to(upstream: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared {
            upstream,
            pause: AtomicU64::new(0),
            downstream: AtomicU64::new(0),
            stopped: AtomicBool::new(false),
        });
        let for_thread = shared.clone();
        spawn(move || {
            for phone in listener.incoming() {
                if for_thread.stopped.load(Ordering::Relaxed) {
                    break;
                }
                let Ok(phone) = phone else { continue };
                let Ok(server) = TcpStream::connect(for_thread.upstream) else { continue };
                for_thread.clone().join(phone, server);
            }
        });
        Self { address, shared }
    }

    /// The address that a member of the cooperative types when enrolling.
    pub fn of(&self, cooperative: &str) -> String {
        format!("http://{}/{cooperative}", self.address)
    }

    /// From now on waits that long before each 4 KiB towards the phone.
    pub fn slow_down(&self, pause: Duration) {
        self.shared.pause.store(pause.as_micros() as u64, Ordering::Relaxed);
    }

    /// Bytes passed on towards the phone so far.
    pub fn downstream(&self) -> u64 {
        self.shared.downstream.load(Ordering::Relaxed)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::Relaxed);
        // The listener looks up when somebody comes.
        let _gone = TcpStream::connect(self.address);
    }
}

impl Shared {
    fn join(self: Arc<Self>, phone: TcpStream, server: TcpStream) {
        let _unset = (phone.set_nodelay(true), server.set_nodelay(true));
        let (Ok(from_phone), Ok(from_server)) = (phone.try_clone(), server.try_clone()) else { return };
        let up = self.clone();
        spawn(move || up.pass(from_phone, server, false));
        spawn(move || self.pass(from_server, phone, true));
    }

    fn pass(&self, mut from: TcpStream, mut to: TcpStream, down: bool) {
        let mut chunk = [0; CHUNK];
        while let Ok(count @ 1..) = from.read(&mut chunk) {
            if down {
                sleep(Duration::from_micros(self.pause.load(Ordering::Relaxed)));
                self.downstream.fetch_add(count as u64, Ordering::Relaxed);
            }
            if to.write_all(&chunk[..count]).is_err() {
                break;
            }
        }
        let _gone = (from.shutdown(Shutdown::Both), to.shutdown(Shutdown::Both));
    }
}
