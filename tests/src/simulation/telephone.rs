//! A phone of the simulation: the core's client on a folder, with a clock that can be set wrong.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use anggota::client::{Client, Enrolment, OpenOptions, Trust, profiles};
use anggota::clock::{BootTime, Clock};
use anggota::domain::{Draft, DraftOf, MemberNo, Money, OperationId, ProductCode, Purpose, ReplyText};
use anggota::error::Result;
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
    /// What the member replied on it: to which request, in words of which there are none twice.
    pub(super) replied: Vec<(OperationId, String)>,
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
        let mut phone = Self {
            folder: folder.to_owned(),
            client: None,
            clock: Watch::new(time),
            asked: Vec::new(),
            replied: Vec::new(),
        };
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

    /// A request, with a photograph of that many bytes or none.
    pub(super) async fn ask(&mut self, hundred_thousands: u8, photograph: Option<u32>) {
        let principal = Money::from_sen(i64::from(hundred_thousands.max(5)) * 10_000_000).unwrap();
        let (product, purpose) = (ProductCode::new("PF").unwrap(), Purpose::new("Modal warung").unwrap());
        let of = DraftOf::Request {
            product: Some(product),
            principal: Some(principal),
            periods: Some(10),
            purpose: Some(purpose),
        };
        let id = self.send(of, photograph).await.unwrap();
        self.asked.push(id);
    }

    /// One of the requests of which the office asks for more, or one that must not be replied to.
    pub(super) fn to_reply_to(&self, which: usize) -> Option<OperationId> {
        let requests = self.client().requests().unwrap();
        let asked = requests.iter().filter(|request| request.can_be_replied_to()).map(|request| request.request_id);
        let asked: Vec<_> = asked.collect();
        let list = if asked.is_empty() { &self.asked } else { &asked };
        list.get(which % list.len().max(1)).copied()
    }

    /// A reply to what the office asked for, with a photograph; refused where it asked for nothing.
    pub(super) async fn reply(&mut self, request_id: OperationId, photograph: u32) {
        let text = format!("Balasan {}", self.replied.len());
        let of = DraftOf::Reply { request_id, text: Some(ReplyText::new(&text).unwrap()) };
        let requests = self.client().requests().unwrap();
        let is_asked = requests.iter().any(|asked| asked.request_id == request_id && asked.can_be_replied_to());
        match self.send(of, Some(photograph)).await {
            Ok(_) => self.replied.push((request_id, text)),
            Err(fault) => assert!(!is_asked && fault.code() == Code::NotPossible, "{fault:?}"),
        }
    }

    async fn send(&self, of: DraftOf, photograph: Option<u32>) -> Result<OperationId> {
        let draft = Draft { of, income: None, guarantors: Vec::new(), collateral: None };
        let id = self.client().save_draft(None, draft).await?.draft_id;
        if let Some(size) = photograph {
            let mut bytes = vec![size as u8; size as usize];
            bytes[..4].copy_from_slice(&[0xff, 0xd8, 0xff, 0xe0]);
            self.client().attach(&id, bytes).await?;
        }
        let sent = self.client().send_draft(&id).await;
        if sent.is_err() {
            self.client().delete_draft(&id).await?;
        }
        sent.map(|_| id)
    }
}
