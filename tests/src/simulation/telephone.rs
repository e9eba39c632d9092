//! A phone of the simulation: the core's client on a folder, with a clock that can be set wrong.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anggota::client::{Client, Enrolment, OpenOptions, Trust, profiles};
use anggota::clock::{BootTime, Clock};
use anggota::domain::{MemberNo, Money, OperationId, ProductCode, Purpose};
use anggota::keys::SoftwareKeys;
use anggota::protocol::problem::Code;
use tokio::runtime::Runtime;

use super::Time;
use super::office::Paper;
use crate::middleman::wait_until;

/// The phone's clocks.
#[derive(Clone)]
pub(super) struct Watch {
    time: Time,
    wrong_by: Arc<AtomicI64>,
    booted_at: Arc<AtomicI64>,
}

impl Watch {
    fn new(time: &Time) -> Self {
        Self {
            time: time.clone(),
            wrong_by: Arc::default(),
            booted_at: Arc::new(AtomicI64::new(time.now().seconds() - 60)),
        }
    }

    pub(super) fn set_wrong_by(&self, seconds: i64) {
        self.wrong_by.store(seconds, Ordering::SeqCst);
    }

    pub(super) fn reboot(&self) {
        // A boot is told from another by when it was.
        self.booted_at.store(self.time.now().seconds(), Ordering::SeqCst);
    }

    fn clock(&self) -> Clock {
        let (wall, boot) = (self.clone(), self.clone());
        Clock::new(
            move || wall.time.now().plus(wall.wrong_by.load(Ordering::SeqCst)),
            move || {
                let booted_at = boot.booted_at.load(Ordering::SeqCst);
                BootTime { boot: format!("boot-{booted_at}"), seconds: boot.time.now().seconds() - booted_at }
            },
        )
    }
}

/// A phone.
pub(super) struct Telephone {
    folder: PathBuf,
    client: Option<Client>,
    pub(super) clock: Watch,
    /// What the member asked for on it.
    pub(super) asked: Vec<OperationId>,
}

impl Telephone {
    pub(super) fn enrol(
        runtime: &Runtime,
        folder: &Path,
        server: &str,
        member: &str,
        paper: &Paper,
        time: &Time,
    ) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        let mut phone = Self { folder: folder.to_owned(), client: None, clock: Watch::new(time), asked: Vec::new() };
        let enrolment = Enrolment {
            server_url: server.to_owned(),
            member: MemberNo::new(member).unwrap(),
            code: paper.code.clone(),
            trust: Trust::ServerKey(paper.server_key),
        };
        phone.client = Some(runtime.block_on(Client::enrol(phone.options(), enrolment)).unwrap());
        phone
    }

    fn options(&self) -> OpenOptions {
        let keys = SoftwareKeys::open(&self.folder.join("device.keys")).unwrap();
        OpenOptions {
            data_dir: self.folder.clone(),
            vault: keys.clone(),
            device_key: keys,
            trust_roots: Vec::new(),
            tls_roots: Vec::new(),
            clock: self.clock.clock(),
        }
    }

    pub(super) fn client(&self) -> &Client {
        self.client.as_ref().unwrap()
    }

    /// The app is gone, and started again.
    pub(super) fn restart(&mut self) {
        drop(self.client.take());
        let (options, id) = (self.options(), profiles(&self.folder).unwrap().remove(0));
        // What was at the disk a moment ago still lets go.
        wait_until(|| match Client::open(options.clone(), &id) {
            Ok(client) => {
                self.client = Some(client);
                true
            }
            Err(fault) => {
                assert_eq!(fault.code(), Code::StoreBusy, "{fault:?}");
                false
            }
        });
        assert!(self.client.is_some(), "the store stays locked");
    }

    /// A request; it may be refused for reasons that the member can read, and is then not there.
    pub(super) async fn ask(&mut self, hundred_thousands: u8) {
        let principal = Money::from_sen(i64::from(hundred_thousands.max(5)) * 10_000_000).unwrap();
        let (product, purpose) = (ProductCode::new("PF").unwrap(), Purpose::new("Modal warung").unwrap());
        let request = self.client().request_loan(product, principal, 10, purpose).await.unwrap();
        self.asked.push(request.request_id);
    }
}
