//! The machine against a model server: whatever arrives, only what chains to a signed head is let through.

mod epochs;
mod history;
mod interrupted;
mod keys;
mod pull;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::cose::{PublicKey, Signer, SoftwareSigner};
use crate::domain::*;
use crate::protocol::chain::{Chain, Entries, Link, START};
use crate::protocol::checkpoint::{Checkpoint, Freshness, Reset};
use crate::protocol::frame::{Frame, NEWEST, Page};
use crate::protocol::pull::{PullRequest, Range};
use crate::protocol::{Hash, head, merkle, sha256};

const NONCE: [u8; 16] = [7; 16];

fn now() -> Timestamp {
    Timestamp::from_seconds(1_790_000_000).unwrap()
}

fn signer() -> SoftwareSigner {
    let rng = Arc::new(crate::entropy::system());
    SoftwareSigner::from_pkcs8(&SoftwareSigner::generate_pkcs8(&*rng).unwrap(), rng).unwrap()
}

/// The same message with the other form of its signature.
fn malleate(message: &[u8]) -> Vec<u8> {
    let (rest, signature) = message.split_last_chunk().unwrap();
    [rest, &crate::cose::other_form(signature)].concat()
}

/// A server's books of one member, small and honest unless told otherwise.
struct Server {
    signer: SoftwareSigner,
    epoch: u64,
    generation: u64,
    reset: Option<Reset>,
    /// The signed checkpoint: the same bytes for everybody who asks.
    signed: Vec<u8>,
    accounts: BTreeMap<AccountKey, (Vec<SavingsEntry>, Vec<Hash>)>,
    page: usize,
}

fn key(number: u32) -> AccountKey {
    AccountKey { kind: LedgerKind::Savings, account: AccountNo::new(&format!("S-{number}")).unwrap() }
}

fn cooperative() -> CooperativeId {
    CooperativeId::new("handayani").unwrap()
}

impl Server {
    fn new(accounts: &[u32], page: usize) -> Self {
        let mut server = Self {
            signer: signer(),
            epoch: 1,
            generation: 1,
            reset: None,
            signed: Vec::new(),
            accounts: BTreeMap::new(),
            page,
        };
        for (number, count) in accounts.iter().enumerate() {
            server.accounts.insert(key(number as u32), (Vec::new(), Vec::new()));
            server.post(number as u32, *count);
        }
        server.signed = server.checkpoint([0; 32]);
        server
    }

    /// Makes the next generation, after entries were posted.
    fn seal(&mut self) {
        self.generation += 1;
        self.signed = self.checkpoint(sha256(&self.signed));
    }

    /// Forgets everything after `seq`, as a database restored from a backup has.
    fn forget_after(&mut self, number: u32, seq: usize) {
        let (entries, hashes) = self.accounts.get_mut(&key(number)).unwrap();
        entries.truncate(seq);
        hashes.truncate(seq);
    }

    /// Posts one entry with other words than usual.
    fn post_otherwise(&mut self, number: u32) {
        let key = key(number);
        let (entries, hashes) = self.accounts.get_mut(&key).unwrap();
        let balance = entries.last().map_or(0, |e| e.balance_after().sen());
        let entry = entry(entries.len() as u32 + 1, 100, balance + 100, "Lain");
        hashes.push(Chain::new(&cooperative(), &key).next(hashes.last().unwrap_or(&START), &entry));
        entries.push(entry);
    }

    /// Posts one entry of a kind that only a newer version names.
    fn post_other(&mut self, number: u32, kind: u8, amount: i64) {
        let key = key(number);
        let (entries, hashes) = self.accounts.get_mut(&key).unwrap();
        let balance = entries.last().map_or(0, |e| e.balance_after().sen());
        let entry = other(entries.len() as u32 + 1, kind, amount, balance + amount);
        hashes.push(Chain::new(&cooperative(), &key).next(hashes.last().unwrap_or(&START), &entry));
        entries.push(entry);
    }

    /// Begins the next epoch, and says so.
    fn new_epoch(&mut self) {
        let reason = Reason::new("Pemulihan cadangan").unwrap();
        self.reset = Some(Reset { epoch: self.epoch, last_generation: 1, reason });
        (self.epoch, self.generation) = (self.epoch + 1, 1);
        self.signed = self.checkpoint([0; 32]);
    }

    /// Posts entries without making a checkpoint.
    fn post(&mut self, number: u32, count: u32) {
        let key = key(number);
        let mut chain = Chain::new(&cooperative(), &key);
        let (entries, hashes) = self.accounts.get_mut(&key).unwrap();
        for _ in 0..count {
            let seq = entries.len() as u32 + 1;
            let balance = entries.last().map_or(0, |e| e.balance_after().sen());
            let amount = if seq.is_multiple_of(3) { -10 } else { 100 + i64::from(seq) };
            let entry = entry(seq, amount, balance + amount, "Setoran");
            hashes.push(chain.next(hashes.last().unwrap_or(&START), &entry));
            entries.push(entry);
        }
    }

    fn heads(&self) -> Vec<Head> {
        let head = |(key, (entries, hashes)): (&AccountKey, &(Vec<SavingsEntry>, Vec<Hash>))| {
            Head::Savings(SavingsHead {
                account: key.account.clone(),
                seq: entries.len() as u32,
                balance: entries.last().map_or(Money::ZERO, SavingsEntry::balance_after),
                hash: *hashes.last().unwrap_or(&START),
                product: ProductCode::new("SS").unwrap(),
                status: AccountStatus::Open,
            })
        };
        self.accounts.iter().map(head).collect()
    }

    fn checkpoint(&self, prev: Hash) -> Vec<u8> {
        let leaves: Vec<_> = self.heads().iter().map(head::encode).collect();
        let checkpoint = Checkpoint {
            cooperative: cooperative(),
            member: MemberNo::new("A1").unwrap(),
            epoch: self.epoch,
            generation: self.generation,
            issued_at: now(),
            root: merkle::root(&leaves),
            prev,
            reset: self.reset.clone(),
        };
        checkpoint.sign(3, &self.signer).unwrap()
    }

    fn frames(&self, request: &PullRequest) -> Vec<Frame> {
        let checkpoint = self.signed.clone();
        let freshness = Freshness { checkpoint: sha256(&checkpoint), at: now(), nonce: request.nonce };
        let mut frames = vec![
            Frame::Checkpoint(checkpoint),
            Frame::Heads(self.heads().iter().map(head::encode).collect()),
            Frame::Freshness(freshness.sign(3, &self.signer).unwrap()),
        ];
        let (mut newest, mut older) = (Vec::new(), Vec::new());
        for key in self.accounts.keys() {
            let mut pages = self.pages(key, &request.ranges);
            newest.extend(pages.first().cloned());
            older.extend(pages.drain(..).skip(1));
        }
        frames.extend(newest.into_iter().chain(older).map(Frame::Page));
        frames.push(Frame::End);
        frames
    }

    /// The pages that fill the gaps, newest first: the newest 50, then pages of `self.page`.
    fn pages(&self, key: &AccountKey, ranges: &[(AccountKey, Range)]) -> Vec<Page> {
        let (entries, hashes) = &self.accounts[key];
        let held = |seq: u32| ranges.iter().any(|(k, r)| k == key && (r.low..=r.high).contains(&seq));
        let (mut pages, mut last) = (Vec::new(), entries.len() as u32);
        while last > 0 {
            if held(last) {
                last -= 1;
                continue;
            }
            let most = if pages.is_empty() { NEWEST } else { self.page as u32 };
            let mut first = last;
            while first > 1 && last - first + 1 < most && !held(first - 1) {
                first -= 1;
            }
            let start = if first == 1 { START } else { hashes[first as usize - 2] };
            let rows = entries[first as usize - 1..last as usize].to_vec();
            pages.push(Page { key: key.clone(), first, start, entries: Entries::Savings(rows) });
            last = first - 1;
        }
        pages
    }
}

fn entry(seq: u32, amount: i64, balance: i64, words: &str) -> SavingsEntry {
    of_kind(if amount < 0 { SavingsKind::Withdrawal } else { SavingsKind::Deposit }, seq, amount, balance, words)
}

fn other(seq: u32, kind: u8, amount: i64, balance: i64) -> SavingsEntry {
    of_kind(SavingsKind::from_number(kind).unwrap(), seq, amount, balance, "Lain")
}

fn of_kind(kind: SavingsKind, seq: u32, amount: i64, balance: i64, words: &str) -> SavingsEntry {
    SavingsEntry::new(
        seq,
        CivilDate::from_days(20_000).unwrap(),
        kind,
        Money::from_sen(amount).unwrap(),
        Money::from_sen(balance).unwrap(),
        Description::new(words).unwrap(),
        Reference::new("").unwrap(),
        None,
    )
    .unwrap()
}

/// A phone's store in memory, doing what the steps say.
#[derive(Clone, Default)]
struct Phone {
    checkpoint: Option<HeldCheckpoint>,
    accounts: BTreeMap<AccountKey, HeldAccount>,
    entries: BTreeMap<(AccountKey, u32), SavingsEntry>,
    /// New books beside those shown.
    shadows: BTreeMap<(AccountKey, u32), SavingsEntry>,
    /// What they replaced.
    replaced: Vec<AccountKey>,
    superseded: Vec<AccountKey>,
    ended: Vec<AccountKey>,
    refused: Vec<(AccountKey, PageFault)>,
}

impl Phone {
    fn held(&self) -> Held {
        Held {
            cooperative: cooperative(),
            member: MemberNo::new("A1").unwrap(),
            checkpoint: self.checkpoint.clone(),
            accounts: self.accounts.clone(),
            register: None,
            results_after: 0,
        }
    }

    fn begin(
        &self,
        trusted: PublicKey,
        afresh: &[AccountKey],
    ) -> Pull<impl Fn(u8, Timestamp) -> Option<PublicKey> + use<>> {
        let key_of = move |kid, _| (kid == 3).then_some(trusted);
        Pull::new(self.held(), NONCE, now(), afresh.to_vec(), key_of)
    }

    /// Pulls, seeing the frames as `meddle` leaves them. Nothing is kept of a pull that faults.
    fn pull(&mut self, server: &Server, meddle: impl FnOnce(&mut Vec<Frame>)) -> Result<bool, Fault> {
        self.pull_afresh(server, &[], meddle)
    }

    fn pull_afresh(
        &mut self,
        server: &Server,
        afresh: &[AccountKey],
        meddle: impl FnOnce(&mut Vec<Frame>),
    ) -> Result<bool, Fault> {
        let mut pull = self.begin(*server.signer.public_key(), afresh);
        let mut frames = server.frames(&pull.request());
        meddle(&mut frames);
        let (before, mut after) = (self.clone(), self.clone());
        after.refused.clear();
        after.superseded.clear();
        for frame in frames {
            for step in pull.frame(frame)? {
                after.take(step, &before);
            }
        }
        *self = after;
        Ok(pull.is_complete())
    }

    fn take(&mut self, step: Step, before: &Self) {
        match step {
            Step::Ready(ready) => self.ready(&ready),
            Step::Entries(page, spans) => {
                let Entries::Savings(entries) = page.entries else { panic!("savings only") };
                let account = self.accounts.get_mut(&page.key).unwrap();
                let rows = match &mut account.shadow {
                    Some(shadow) => {
                        shadow.spans = spans;
                        &mut self.shadows
                    }
                    None => {
                        account.spans = spans;
                        account.settle(self.checkpoint.as_ref().unwrap().epoch);
                        &mut self.entries
                    }
                };
                rows.extend(entries.into_iter().map(|entry| ((page.key.clone(), entry.seq()), entry)));
            }
            Step::Refused(Refused { key, fault, is_shadow, .. }) => {
                if is_shadow {
                    self.shadows.retain(|(k, _), _| *k != key);
                    self.accounts.get_mut(&key).unwrap().shadow.as_mut().unwrap().spans.clear();
                } else {
                    self.take_back(&key, before);
                }
                self.refused.push((key, fault));
            }
            Step::Superseded(Superseded { head, .. }) => {
                let key = head.key();
                self.take_back(&key, before);
                self.shadows.retain(|(k, _), _| *k != key);
                let account = self.accounts.get_mut(&key).unwrap();
                account.standing = Standing::Mismatch(Timestamp::EPOCH);
                let epoch = self.checkpoint.as_ref().unwrap().epoch;
                account.shadow =
                    Some(HeldShadow { epoch, head: link_of(&head), unjoined: Vec::new(), spans: Vec::new() });
                self.superseded.push(key);
            }
            Step::Replaced(key) => {
                let account = self.accounts.get_mut(&key).unwrap();
                let HeldShadow { head, spans, .. } = account.shadow.take().unwrap();
                let epoch = self.checkpoint.as_ref().unwrap().epoch;
                *account = HeldAccount { head: Some(head), spans, ..good(epoch) };
                self.entries.retain(|(k, _), _| *k != key);
                self.entries.append(&mut self.shadows);
                self.replaced.push(key);
            }
            Step::Register(..) | Step::Results(_) | Step::Usable | Step::End => {}
        }
    }

    fn ready(&mut self, ready: &Ready) {
        let epoch = ready.content.epoch;
        self.checkpoint = Some(HeldCheckpoint::new(epoch, ready.content.generation, &ready.checkpoint));
        for head in &ready.heads {
            let account = self.accounts.entry(head.key()).or_insert_with(|| good(epoch));
            let reached = |seq| account.spans.iter().any(|span| (span.low()..=span.last.seq).contains(&seq));
            account.unjoined.extend(account.head.filter(|old| !reached(old.seq) && *old != link_of(head)));
            account.head = Some(link_of(head));
            account.standing = Standing::Good;
            account.shadow = None;
            account.settle(epoch);
        }
        for head in &ready.shadows {
            self.accounts.get_mut(&head.key()).unwrap().shadow.as_mut().unwrap().head = link_of(head);
        }
        self.ended = ready.ended.clone();
    }

    fn take_back(&mut self, key: &AccountKey, before: &Self) {
        self.entries.retain(|(k, _), _| k != key);
        let old = before.entries.iter().filter(|((k, _), _)| k == key);
        self.entries.extend(old.map(|(k, e)| (k.clone(), e.clone())));
        match before.accounts.get(key) {
            Some(held) => self.accounts.insert(key.clone(), held.clone()),
            None => self.accounts.remove(key),
        };
    }

    fn agrees_with(&self, server: &Server) -> bool {
        let theirs = server.accounts.iter().flat_map(|(k, (e, _))| e.iter().map(move |e| ((k.clone(), e.seq()), e)));
        let theirs: BTreeMap<_, _> = theirs.map(|(k, e)| (k, e.clone())).collect();
        self.entries == theirs
    }
}

impl HeldAccount {
    /// Everything held chains to the head: it agrees with the epoch's books.
    fn settle(&mut self, epoch: u64) {
        if self.spans.len() <= 1 && self.spans.iter().all(|only| Some(only.last) == self.head) {
            self.epoch = epoch;
        }
    }
}

fn good(epoch: u64) -> HeldAccount {
    HeldAccount { standing: Standing::Good, epoch, head: None, unjoined: Vec::new(), spans: Vec::new(), shadow: None }
}

fn link_of(head: &Head) -> Link {
    Link { seq: head.seq(), hash: head.hash(), figure: head.figure() }
}

fn honest(_: &mut Vec<Frame>) {}

fn page_of(frames: &mut [Frame], key: &AccountKey, number: usize) -> usize {
    let of = |f: &Frame| matches!(f, Frame::Page(p) if p.key == *key);
    frames.iter().enumerate().filter(|(_, f)| of(f)).nth(number).unwrap().0
}

fn edit(frames: &mut [Frame], at: usize, change: impl FnOnce(&mut Page, &mut Vec<SavingsEntry>)) {
    let Frame::Page(page) = &mut frames[at] else { panic!("a page") };
    let Entries::Savings(mut entries) = page.entries.clone() else { panic!("savings") };
    change(page, &mut entries);
    page.entries = Entries::Savings(entries);
}
