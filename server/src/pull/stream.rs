//! The stream of a pull: frames into one answer, a chunk at a time.
//!
//! A chunk is made on a blocking thread and then waits for the phone to take it, so that a slow phone holds memory but no
//! thread and no transaction. Ends when the phone hangs up or takes too long.

use std::collections::VecDeque;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use anggota::domain::{AccountKey, DeviceId};
use anggota::protocol::frame::{Frame, MAX_FRAME_BYTES};
use anggota::protocol::problem::Code;
use bytes::Bytes;
use futures_util::Stream;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};

use super::LENGTH_BYTES;
use super::gaps::{self, Gap};
use super::packer::{Form, Packer};
use super::pages;
use crate::cooperative::Cooperative;
use crate::places::Place;
use crate::refusal::Refusal;
use crate::results;
use crate::service::Service;

/// How long a pull may take in all.
const MAX_PULL: Duration = Duration::from_secs(600);
/// Chunks made before the phone has taken the first of them.
const MAX_WAITING: usize = 2;
/// Uncompressed bytes after which what there is goes out.
const FLUSH_BYTES: usize = 96 * 1024;
/// What an entry takes before it is packed, about: only the window hangs on it.
const ENTRY_BYTES: usize = 128;

/// An account and what the phone lacks of it.
pub(super) struct Account {
    pub(super) number: i64,
    pub(super) key: AccountKey,
    pub(super) head: u32,
    pub(super) gaps: Vec<Gap>,
}

/// Makes the chunks of one pull.
pub(super) struct Producer {
    service: Arc<Service>,
    cooperative: Cooperative,
    accounts: Vec<Account>,
    /// Place in `accounts` and what to send of it: the newest entries of every account, then what is older, newest first.
    work: VecDeque<(usize, Gap)>,
    /// How much of `work` is the newest entries.
    newest_left: usize,
    is_opened: bool,
    packer: Option<Packer>,
    unflushed: usize,
}

impl Producer {
    pub(super) fn new(
        service: Arc<Service>,
        cooperative: Cooperative,
        form: Form,
        opening: &[Frame],
        mut accounts: Vec<Account>,
    ) -> Result<Self, Refusal> {
        let mut work = VecDeque::new();
        for (place, account) in accounts.iter_mut().enumerate() {
            work.extend(gaps::take_newest(account.head, &mut account.gaps).map(|gap| (place, gap)));
        }
        let newest_left = work.len();
        for (place, account) in accounts.iter_mut().enumerate() {
            work.extend(account.gaps.drain(..).map(|gap| (place, gap)));
        }
        let lacking: usize = work.iter().map(|(_, gap)| (gap.end() - gap.start() + 1) as usize).sum();
        let packer = Some(Packer::new(form, lacking.saturating_mul(ENTRY_BYTES)).map_err(packing)?);
        let mut producer =
            Self { service, cooperative, accounts, work, newest_left, is_opened: false, packer, unflushed: 0 };
        opening.iter().try_for_each(|frame| producer.write(frame))?;
        Ok(producer)
    }

    /// The next chunk; `None` after the last.
    fn next_chunk(&mut self) -> Result<Option<Bytes>, Refusal> {
        if self.packer.is_none() {
            return Ok(None);
        }
        loop {
            // What a phone needs to show balances goes out at once.
            if !self.is_opened && self.newest_left == 0 {
                self.is_opened = true;
                return self.flush().map(Some);
            }
            if self.unflushed >= FLUSH_BYTES {
                return self.flush().map(Some);
            }
            match self.work.pop_front() {
                Some((place, gap)) => self.page(place, gap)?,
                None => {
                    self.write(&Frame::End)?;
                    return self.packer.take().map(Packer::finish).transpose().map_err(packing);
                }
            }
        }
    }

    fn page(&mut self, place: usize, gap: Gap) -> Result<(), Refusal> {
        let Account { number, key, .. } = &self.accounts[place];
        let read = |connection: &_| pages::read(connection, &self.cooperative, *number, key, &gap);
        let page = self.service.read(read)?;
        if page.first > *gap.start() {
            self.work.push_front((place, *gap.start()..=page.first - 1));
        } else {
            self.newest_left = self.newest_left.saturating_sub(1);
        }
        self.write(&Frame::Page(page))
    }

    fn write(&mut self, frame: &Frame) -> Result<(), Refusal> {
        let bytes = frame.encode();
        // A phone would refuse it, and every pull after it. What is imported keeps within what a frame holds.
        if bytes.len() > LENGTH_BYTES + MAX_FRAME_BYTES {
            return Err(packing(io::Error::other("a frame is larger than a phone takes")));
        }
        self.unflushed += bytes.len();
        self.packer.as_mut().map_or(Ok(()), |packer| packer.write(&bytes)).map_err(packing)
    }

    fn flush(&mut self) -> Result<Bytes, Refusal> {
        self.unflushed = 0;
        self.packer.as_mut().map_or(Ok(Bytes::new()), Packer::flush).map_err(packing)
    }
}

fn packing(error: io::Error) -> Refusal {
    Refusal::caused(Code::Internal, error)
}

/// Results that the phone's request acknowledges.
pub(super) struct Acknowledgement {
    pub(super) cooperative: Cooperative,
    pub(super) device: DeviceId,
    pub(super) number: u64,
}

/// Makes the first chunk here, so that what fails does so as a problem document, and the others as the phone takes them.
pub(super) fn start(
    mut producer: Producer,
    acknowledgement: Option<Acknowledgement>,
    place: Place,
) -> Result<impl Stream<Item = io::Result<Bytes>> + use<>, Refusal> {
    let first = producer.next_chunk()?.unwrap_or_default();
    let (sender, receiver) = mpsc::channel(MAX_WAITING);
    let deadline = Instant::now() + MAX_PULL;
    Handle::current().spawn(async move {
        let service = Arc::clone(&producer.service);
        if !matches!(timeout_at(deadline, send(producer, first, &sender)).await, Ok(Ok(()))) {
            tracing::debug!("a pull was cut");
        }
        drop((sender, place));
        if let Some(acknowledgement) = acknowledgement {
            acknowledge(service, acknowledgement).await;
        }
    });
    Ok(futures_util::stream::unfold(receiver, async |mut receiver: mpsc::Receiver<Item>| match receiver.recv().await {
        Some(Item::Chunk(bytes)) => Some((Ok(bytes), receiver)),
        Some(Item::End) => None,
        // An error closes the connection without the body's end, so that the phone sees that it was cut.
        None => Some((Err(io::ErrorKind::ConnectionAborted.into()), receiver)),
    }))
}

enum Item {
    Chunk(Bytes),
    End,
}

/// The phone hung up, or a chunk could not be made.
struct Cut;

async fn send(mut producer: Producer, first: Bytes, sender: &mpsc::Sender<Item>) -> Result<(), Cut> {
    let mut chunk = first;
    loop {
        sender.send(Item::Chunk(chunk)).await.map_err(|_| Cut)?;
        let made = tokio::task::spawn_blocking(move || producer.next_chunk().map(|chunk| (producer, chunk))).await;
        let made = made.map_err(|_| Cut)?.map_err(|refusal| {
            tracing::error!(cause = %refusal.causes(), "a pull failed");
            Cut
        })?;
        (producer, chunk) = match made {
            (producer, Some(chunk)) => (producer, chunk),
            (_, None) => return sender.send(Item::End).await.map_err(|_| Cut),
        };
    }
}

/// Best effort: what is not acknowledged now is acknowledged by the next pull.
async fn acknowledge(service: Arc<Service>, done: Acknowledgement) {
    let write = move || {
        let now = service.now();
        service
            .write(|transaction| results::acknowledge(transaction, &done.cooperative, &done.device, done.number, now))
    };
    if !matches!(tokio::task::spawn_blocking(write).await, Ok(Ok(()))) {
        tracing::debug!("results were not acknowledged this time");
    }
}
