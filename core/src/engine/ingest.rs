//! Reading the answer to a pull: unpacked, proven and stored while it arrives, on a blocking thread.
//!
//! A transaction holds a batch: what the sync machine let through, or what it takes back. Rows and runs go together.

mod chunks;
mod promises;

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Read};
use std::sync::Arc;

use bytes::Bytes;
use rusqlite::Transaction;
use tokio::sync::mpsc;

use self::chunks::Chunks;
use super::Engine;
use super::pull::Pulled;
use crate::cose::PublicKey;
use crate::domain::{AccountKey, Head, Timestamp, Topic};
use crate::error::{Error, Result};
use crate::failpoint;
use crate::protocol::frame::{Page, Register, Splitter};
use crate::protocol::operation::OperationResult;
use crate::protocol::problem::Code;
use crate::store::evidence::Signed;
use crate::store::held;
use crate::store::mirror::{self, StoredAccount};
use crate::store::profile::{self, TimeMark};
use crate::store::{outbox, shadow};
use crate::sync::{Fault, PageFault, Pull, Ready, Refused, Span, Standing, Step, Superseded};

/// The most entries in one transaction.
const BATCH_ENTRIES: usize = 5_000;
/// Rows of accounts that ended are kept this many seconds.
const KEEP_ENDED_SECONDS: i64 = 90 * 86_400;
/// The largest window that a server's compression may use: what the phone's memory is asked for.
const MAX_WINDOW_LOG: u32 = 22;
/// The most bytes of one pull, unpacked.
const MAX_UNPACKED_BYTES: u64 = 256 << 20;

/// The checkpoint key of a number at a time.
pub(super) type KeyOf = Box<dyn Fn(u8, Timestamp) -> Option<PublicKey> + Send>;

/// What is to be stored in the next transaction.
#[derive(Default)]
struct Batch {
    ready: Option<Box<Ready>>,
    register: Option<(Vec<u8>, Box<Register>)>,
    results: Vec<OperationResult>,
    pages: Vec<Page>,
    spans: BTreeMap<AccountKey, Vec<Span>>,
    /// Accounts whose new books are whole.
    replaced: Vec<AccountKey>,
    refused: Vec<Refused>,
    superseded: Vec<Superseded>,
    entries: usize,
}

impl Batch {
    /// What was taken in of an account is not to be stored.
    fn forget(&mut self, key: &AccountKey) {
        self.pages.retain(|page| page.key != *key);
        self.entries = self.pages.iter().map(|page| page.entries.len()).sum();
        self.spans.remove(key);
    }
}

/// How an answer was taken.
pub(super) struct Ingested {
    /// The server had said everything.
    pub(super) ended: bool,
    pub(super) pulled: Pulled,
    /// The checkpoint held before.
    pub(super) held: Option<Signed>,
}

pub(super) struct Ingest {
    engine: Arc<Engine>,
    /// What is stored belongs to what this opening of the store held.
    opening: u64,
    pub(super) pull: Pull<KeyOf>,
    before: BTreeMap<AccountKey, StoredAccount>,
    held: Option<Signed>,
    received: Option<Signed>,
    /// The server's time and this machine's at the moment it was read.
    time: Option<TimeMark>,
    afresh: Vec<AccountKey>,
    batch: Batch,
    done: Pulled,
    ended: bool,
}

impl Ingest {
    /// Begins with what the store holds; `held_before` is the checkpoint held before an earlier try.
    pub(super) fn begin(engine: Arc<Engine>, afresh: Vec<AccountKey>, held_before: Option<Signed>) -> Result<Self> {
        let opening = engine.store.opening();
        let (held, accounts, checkpoint) =
            engine.store.read(|db| Ok((held::load(db)?, mirror::accounts(db)?, mirror::checkpoint(db)?)))?;
        let key_of = engine.checkpoint_keys()?;
        let pull = Pull::new(held, engine.random()?, engine.now()?, afresh.clone(), key_of);
        let pull = if engine.identity().federation { pull } else { pull.pinning() };
        let before = accounts.into_iter().map(|account| (account.head.key(), account)).collect();
        let held = checkpoint.map(|held| Signed { checkpoint: held.bytes, leaves: held.leaves });
        let held = held_before.or(held);
        let (batch, done) = (Batch::default(), Pulled::default());
        Ok(Self { engine, opening, pull, before, held, received: None, time: None, afresh, batch, done, ended: false })
    }

    /// Reads to the end of the answer.
    pub(super) fn run(mut self, receiver: mpsc::Receiver<Bytes>) -> Result<Ingested> {
        let outcome = self.read(receiver);
        match outcome {
            Err(Stop::Fault(fault)) => return Err(self.disbelieve(fault)),
            Err(Stop::Error(error)) => return Err(error),
            // What was proven before the connection broke off is worth keeping.
            Ok(()) => self.commit()?,
        }
        self.done.complete = self.ended && self.pull.is_complete();
        Ok(Ingested { ended: self.ended, pulled: self.done, held: self.held })
    }

    fn read(&mut self, receiver: mpsc::Receiver<Bytes>) -> std::result::Result<(), Stop> {
        let mut decoder = zstd::stream::read::Decoder::new(Chunks { receiver, chunk: Bytes::new() })?;
        decoder.window_log_max(MAX_WINDOW_LOG)?;
        let mut splitter = Splitter::default();
        let mut buffer = vec![0; 64 * 1024];
        let mut unpacked = 0;
        while !self.ended {
            let count = match decoder.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(fault) if fault.kind() == io::ErrorKind::UnexpectedEof => break,
                Err(fault) => return Err(Stop::Error(Error::because(Code::NotAServer, fault))),
            };
            unpacked += count as u64;
            if unpacked > MAX_UNPACKED_BYTES {
                return Err(Stop::Error(Error::new(Code::NotAServer).detail("the answer is larger than agreed")));
            }
            splitter.push(&buffer[..count]);
            while let Some(frame) = splitter.next_frame().map_err(Fault::from)? {
                for step in self.pull.frame(frame)? {
                    self.take(step)?;
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, step: Step) -> Result<()> {
        match step {
            Step::Ready(ready) => {
                self.received = Some(Signed { checkpoint: ready.checkpoint.clone(), leaves: ready.leaves.clone() });
                self.time = Some(self.engine.time_mark(ready.as_of));
                self.batch.ready = Some(ready);
            }
            Step::Register(bytes, register) => self.batch.register = Some((bytes, register)),
            Step::Results(results) => {
                self.batch.results.extend(results);
                if self.batch.results.len() >= BATCH_ENTRIES {
                    self.commit()?;
                }
            }
            Step::Entries(page, spans) => {
                self.batch.entries += page.entries.len();
                self.batch.spans.insert(page.key.clone(), spans);
                self.batch.pages.push(page);
                if self.batch.entries >= BATCH_ENTRIES {
                    self.commit()?;
                }
            }
            Step::Refused(refused) => {
                self.batch.forget(&refused.key);
                self.batch.refused.push(refused);
            }
            Step::Superseded(superseded) => {
                self.batch.forget(&superseded.head.key());
                self.batch.superseded.push(superseded);
            }
            Step::Replaced(key) => self.batch.replaced.push(key),
            Step::Usable => self.commit()?,
            Step::End => self.ended = true,
        }
        Ok(())
    }

    /// Stores the batch in one transaction, entries in key order: of an account the newest first.
    fn commit(&mut self) -> Result<()> {
        let mut batch = std::mem::take(&mut self.batch);
        batch.pages.sort_by(|a, b| (&a.key, Reverse(a.first)).cmp(&(&b.key, Reverse(b.first))));
        let now = self.time.as_ref().map_or_else(|| self.engine.now(), |time| Ok(time.server))?;
        let warned = self.engine.store.write_in(self.opening, |tx| self.store(tx, &batch, now))?;
        failpoint::here("pull.kept");
        self.account_for(&batch, warned);
        Ok(())
    }

    /// Says whether there is something new to warn of.
    fn store(&self, tx: &Transaction<'_>, batch: &Batch, now: Timestamp) -> Result<bool> {
        let mut warned = false;
        if let Some(ready) = &batch.ready {
            self.keep_unjoined(tx, ready)?;
            let epoch_began = mirror::take_over(tx, ready)?;
            if epoch_began {
                warned |= self.keep_lost(tx, ready)?;
            }
            self.hand_over(tx, ready)?;
            self.clear_damaged(tx, ready)?;
            // By the phone's clock too: a server's that is far ahead deletes nothing.
            mirror::forget_ended(tx, ready.as_of.min(self.engine.clock.wall()).plus(-KEEP_ENDED_SECONDS))?;
            self.time.as_ref().map_or(Ok(()), |time| profile::set_time_mark(tx, time))?;
        }
        if let Some((bytes, register)) = &batch.register {
            mirror::take_register(tx, bytes)?;
            profile::set_names(tx, &register.cooperative, &register.member, register.zone)?;
        }
        outbox::take_results(tx, &batch.results)?;
        failpoint::here("pull.heads");
        if failpoint::is_broken("rows before ranges") {
            batch.spans.iter().try_for_each(|(key, spans)| self.store_spans(tx, key, spans))?;
            tx.execute_batch("COMMIT; BEGIN IMMEDIATE")?;
            failpoint::here("pull.torn");
        }
        for page in &batch.pages {
            let is_shadow = self.pull.is_shadow(&page.key);
            if is_shadow { shadow::take_page(tx, page)? } else { mirror::take_page(tx, page)? }
        }
        failpoint::here("pull.rows");
        for (key, spans) in &batch.spans {
            self.store_spans(tx, key, spans)?;
        }
        batch.replaced.iter().try_for_each(|key| shadow::replace(tx, key))?;
        for refused in &batch.refused {
            warned |= self.refuse(tx, refused, now)?;
        }
        for superseded in &batch.superseded {
            warned |= self.supersede(tx, superseded, now)?;
        }
        failpoint::here("pull.written");
        Ok(warned)
    }

    /// Pins the successors of pinned keys. Keys before the one that signs now are forgotten: whoever finds one later has
    /// nothing to say with it.
    fn hand_over(&self, tx: &Transaction<'_>, ready: &Ready) -> Result<()> {
        if self.engine.identity().federation {
            return Ok(());
        }
        ready.successors.iter().try_for_each(|(kid, key)| profile::pin(tx, *kid, key))?;
        ready.kid.map_or(Ok(()), |kid| profile::forget_keys_before(tx, kid))
    }

    fn store_spans(&self, tx: &Transaction<'_>, key: &AccountKey, spans: &[Span]) -> Result<()> {
        if self.pull.is_shadow(key) {
            return shadow::take_spans(tx, key, spans);
        }
        // What is fetched once more replaces the runs held before only when all of it is here.
        let whole = matches!(spans, [only] if only.before.seq == 0);
        if whole || !self.pull.is_afresh(key) {
            mirror::take_spans(tx, key, spans)?;
            mirror::settle(tx, key, self.pull.epoch())?;
        }
        Ok(())
    }

    /// What was damaged when this pull began, and whose head is taken over, is fetched again from nothing.
    fn clear_damaged(&self, tx: &Transaction<'_>, ready: &Ready) -> Result<()> {
        let damaged = |head: &Head| self.before.get(&head.key()).filter(|a| a.standing == Standing::Damaged);
        ready.heads.iter().filter_map(damaged).try_for_each(|account| mirror::clear(tx, account))
    }

    fn account_for(&mut self, batch: &Batch, warned: bool) {
        self.done.entries += batch.entries as u64;
        let again = batch.refused.iter().filter(|r| r.fault == PageFault::Mismatch && !self.is_last_try(&r.key));
        let again: Vec<_> = again.map(|refused| refused.key.clone()).collect();
        self.done.again.extend(again);
        self.done.superseded |= !batch.superseded.is_empty();
        let topics = [
            (batch.ready.is_some(), Topic::Balances),
            (batch.entries > 0, Topic::Transactions),
            (!batch.results.is_empty(), Topic::Requests),
            (batch.register.is_some(), Topic::Register),
            (warned, Topic::Warnings),
        ];
        topics.iter().filter(|(changed, _)| *changed).for_each(|(_, topic)| self.engine.tell(*topic));
    }
}

enum Stop {
    Fault(Fault),
    Error(Error),
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<io::Error> for Stop {
    fn from(fault: io::Error) -> Self {
        Self::Error(Error::because(Code::Internal, fault))
    }
}
