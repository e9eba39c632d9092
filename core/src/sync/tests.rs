//! The machine against a model server: whatever arrives, only what chains to a signed head is let through.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

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
    SavingsEntry::new(
        seq,
        CivilDate::from_days(20_000).unwrap(),
        if amount < 0 { SavingsKind::Withdrawal } else { SavingsKind::Deposit },
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
            Step::Ready(ready) => {
                self.checkpoint = Some(HeldCheckpoint {
                    epoch: ready.content.epoch,
                    generation: ready.content.generation,
                    hash: sha256(&ready.checkpoint),
                });
                for head in &ready.heads {
                    let fresh = HeldAccount { standing: Standing::Good, head: None, spans: Vec::new() };
                    let link = Link { seq: head.seq(), hash: head.hash(), figure: head.figure() };
                    self.accounts.entry(head.key()).or_insert(fresh).head = Some(link);
                }
                self.ended = ready.ended;
            }
            Step::Entries(page, spans) => {
                self.accounts.get_mut(&page.key).unwrap().spans = spans;
                let Entries::Savings(entries) = page.entries else { panic!("savings only") };
                for entry in entries {
                    self.entries.insert((page.key.clone(), entry.seq()), entry);
                }
            }
            Step::Refused(Refused { key, fault, .. }) => {
                self.entries.retain(|(k, _), _| *k != key);
                let old = before.entries.iter().filter(|((k, _), _)| *k == key);
                self.entries.extend(old.map(|(k, e)| (k.clone(), e.clone())));
                match before.accounts.get(&key) {
                    Some(held) => self.accounts.insert(key.clone(), held.clone()),
                    None => self.accounts.remove(&key),
                };
                self.refused.push((key, fault));
            }
            Step::Register(..) | Step::Results(_) | Step::Usable | Step::End => {}
        }
    }

    fn agrees_with(&self, server: &Server) -> bool {
        let theirs = server.accounts.iter().flat_map(|(k, (e, _))| e.iter().map(move |e| ((k.clone(), e.seq()), e)));
        let theirs: BTreeMap<_, _> = theirs.map(|(k, e)| (k, e.clone())).collect();
        self.entries == theirs
    }
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

#[test]
fn a_first_pull_brings_everything_and_the_next_one_nothing() {
    let server = Server::new(&[300, 7, 0, 51], 40);
    let mut phone = Phone::default();
    assert_eq!(phone.pull(&server, honest), Ok(true));
    assert!(phone.agrees_with(&server));
    let again = server.frames(&phone.begin(*server.signer.public_key(), &[]).request());
    assert!(!again.iter().any(|frame| matches!(frame, Frame::Page(_))));
    assert_eq!(phone.pull(&server, honest), Ok(true));
}

#[test]
fn a_changed_amount_hash_order_or_word_spoils_its_account_only() {
    let server = Server::new(&[200, 120], 30);
    type Change = fn(&mut Vec<Frame>);
    let changes: [Change; 7] = [
        |f| {
            let at = page_of(f, &key(0), 2);
            edit(f, at, |_, e| {
                e[4] = entry(e[4].seq(), e[4].amount().sen() + 1, e[4].balance_after().sen(), "Setoran")
            });
        },
        |f| {
            let at = page_of(f, &key(0), 0);
            edit(f, at, |_, e| e[4] = entry(e[4].seq(), e[4].amount().sen(), e[4].balance_after().sen(), "setoran"));
        },
        |f| {
            let at = page_of(f, &key(0), 1);
            edit(f, at, |p, _| p.start[0] ^= 1);
        },
        |f| {
            let (a, b) = (page_of(f, &key(0), 1), page_of(f, &key(0), 2));
            f.swap(a, b);
        },
        |f| {
            let at = page_of(f, &key(0), 3);
            f.remove(at);
        },
        |f| {
            let at = page_of(f, &key(0), 1);
            edit(f, at, |_, e| e.swap(3, 4));
        },
        |f| {
            let at = page_of(f, &key(0), 1);
            f[at] = Frame::SpoiledPage(key(0));
        },
    ];
    for (number, change) in changes.into_iter().enumerate() {
        let mut phone = Phone::default();
        assert_eq!(phone.pull(&server, change), Ok(false), "change {number}");
        assert_eq!(phone.refused, [(key(0), PageFault::Mismatch)], "change {number}");
        assert!(!phone.entries.keys().any(|(k, _)| *k == key(0)), "change {number}: something was kept");
        assert_eq!(phone.entries.len(), 120, "change {number}: the other account is whole");
        // An honest answer heals it.
        assert_eq!(phone.pull_afresh(&server, &[key(0)], honest), Ok(true));
        assert!(phone.agrees_with(&server));
    }
}

#[test]
fn nothing_is_believed_of_another_key_member_nonce_or_order() {
    let server = Server::new(&[60], 30);
    let faults = |change: fn(&mut Vec<Frame>)| Phone::default().pull(&server, change).unwrap_err();
    assert!(matches!(faults(|f| drop(f.remove(0))), Fault::Disorder));
    assert!(matches!(faults(|f| drop(f.remove(1))), Fault::Disorder));
    assert!(matches!(faults(|f| f.swap(2, 3)), Fault::Disorder));
    assert!(matches!(faults(|f| f.push(Frame::End)), Fault::Disorder));
    assert!(matches!(faults(|f| f[1] = Frame::Heads(Vec::new())), Fault::Disorder));
    let other = Server::new(&[60], 30);
    let mut pull = Phone::default().begin(*other.signer.public_key(), &[]);
    let checkpoint = server.frames(&pull.request()).remove(0);
    assert!(matches!(pull.frame(checkpoint), Err(Fault::Statement(_))));
    let stale = Freshness { checkpoint: sha256(&server.signed), at: now(), nonce: [8; 16] };
    let stale = stale.sign(3, &server.signer).unwrap();
    assert!(matches!(Phone::default().pull(&server, |f| f[2] = Frame::Freshness(stale)), Err(Fault::Disorder)));
}

#[test]
fn a_server_that_goes_back_or_shows_another_history_is_caught() {
    let mut server = Server::new(&[60], 30);
    let (first, first_accounts) = (server.signed.clone(), server.accounts.clone());
    server.post(0, 5);
    server.seal();
    let mut phone = Phone::default();
    phone.pull(&server, honest).unwrap();
    let (second, second_accounts) = (server.signed.clone(), server.accounts.clone());

    // An earlier generation.
    (server.generation, server.signed, server.accounts) = (1, first, first_accounts.clone());
    let bytes = server.signed.clone();
    assert_eq!(phone.pull(&server, honest), Err(Fault::Rollback(bytes)));
    // Other bytes for the same generation.
    server.generation = 2;
    server.signed = server.checkpoint([0; 32]);
    assert!(matches!(phone.pull(&server, honest), Err(Fault::Fork(_))));
    // A next generation that does not follow the one held.
    (server.accounts, server.generation) = (second_accounts.clone(), 3);
    server.signed = server.checkpoint([9; 32]);
    assert!(matches!(phone.pull(&server, honest), Err(Fault::Fork(_))));
    // One that does, but whose books forgot what was shown.
    server.accounts = first_accounts;
    server.signed = server.checkpoint(sha256(&second));
    assert_eq!(phone.pull(&server, honest), Ok(false));
    assert_eq!(phone.refused, [(key(0), PageFault::PastChanged)]);
    assert_eq!(phone.entries.len(), 65, "what was shown is kept");
    // And a past that was rewritten, with more after it.
    server.accounts.get_mut(&key(0)).unwrap().0.truncate(50);
    server.accounts.get_mut(&key(0)).unwrap().1.truncate(50);
    let rewritten = entry(51, 1, server.accounts[&key(0)].0[49].balance_after().sen() + 1, "Lain");
    let mut chain = Chain::new(&cooperative(), &key(0));
    let hash = chain.next(&server.accounts[&key(0)].1[49], &rewritten);
    server.accounts.get_mut(&key(0)).unwrap().0.push(rewritten);
    server.accounts.get_mut(&key(0)).unwrap().1.push(hash);
    server.post(0, 40);
    server.seal();
    assert_eq!(phone.pull(&server, honest), Ok(false));
    assert_eq!(phone.refused, [(key(0), PageFault::PastChanged)]);
    assert_eq!(phone.entries.len(), 65);
}

#[test]
fn a_new_epoch_must_name_the_old_one_and_keep_what_was_shown() {
    let mut server = Server::new(&[80], 30);
    let mut phone = Phone::default();
    phone.pull(&server, honest).unwrap();
    (server.epoch, server.generation) = (2, 1);
    server.signed = server.checkpoint([0; 32]);
    assert!(matches!(phone.clone().pull(&server, honest), Err(Fault::Fork(_))), "no word about the old epoch");
    let reason = Reason::new("Pemulihan cadangan").unwrap();
    server.reset = Some(Reset { epoch: 1, last_generation: 1, reason });
    server.post(0, 3);
    server.signed = server.checkpoint([0; 32]);
    let mut same = phone.clone();
    assert_eq!(same.pull(&server, honest), Ok(true));
    assert!(same.agrees_with(&server));
    server.accounts.get_mut(&key(0)).unwrap().0.truncate(70);
    server.accounts.get_mut(&key(0)).unwrap().1.truncate(70);
    server.signed = server.checkpoint([0; 32]);
    assert_eq!(phone.pull(&server, honest), Ok(false));
    assert_eq!(phone.refused, [(key(0), PageFault::PastChanged)]);
}

#[test]
fn a_head_that_was_signed_once_must_stay_in_the_chain() {
    let mut server = Server::new(&[200], 30);
    let mut phone = Phone::default();
    // Only the heads arrive.
    phone.pull(&server, |frames| frames.truncate(3)).unwrap();
    server.accounts.get_mut(&key(0)).unwrap().0.truncate(150);
    server.accounts.get_mut(&key(0)).unwrap().1.truncate(150);
    server.seal();
    phone.pull(&server, honest).unwrap();
    assert_eq!(phone.refused, [(key(0), PageFault::PastChanged)]);
}

#[test]
fn a_server_that_says_nothing_more_while_entries_are_missing_refuses_them() {
    let server = Server::new(&[200, 60], 30);
    let mut phone = Phone::default();
    let withhold = |frames: &mut Vec<Frame>| {
        let at = frames.iter().rposition(|f| matches!(f, Frame::Page(p) if p.key == key(0))).unwrap();
        frames.remove(at);
    };
    assert_eq!(phone.pull(&server, withhold), Ok(false));
    assert_eq!(phone.refused, [(key(0), PageFault::Mismatch)]);
    assert_eq!(phone.entries.len(), 60);
}

#[test]
fn an_account_that_leaves_the_checkpoint_has_ended() {
    let mut server = Server::new(&[3, 4], 30);
    let mut phone = Phone::default();
    phone.pull(&server, honest).unwrap();
    server.accounts.remove(&key(1));
    server.seal();
    phone.pull(&server, honest).unwrap();
    assert_eq!(phone.ended, [key(1)]);
}

#[test]
fn an_account_that_did_not_verify_rests_for_an_hour() {
    let server = Server::new(&[60], 30);
    let mut phone = Phone::default();
    let tried = |seconds: i64| HeldAccount {
        standing: Standing::Mismatch(now().plus(-seconds)),
        head: None,
        spans: Vec::new(),
    };
    phone.accounts.insert(key(0), tried(3599));
    assert_eq!(phone.clone().pull(&server, honest), Ok(false));
    assert!(phone.entries.is_empty());
    phone.accounts.insert(key(0), tried(3600));
    assert_eq!(phone.pull(&server, honest), Ok(true));
    assert!(phone.agrees_with(&server));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Cut anywhere, any number of times, with entries posted in between: the phone ends with the server's books, and
    /// never fetches an entry that it holds.
    #[test]
    fn interrupted_pulls_end_in_the_same_books(
        counts in proptest::collection::vec(0_u32..200, 1..4),
        page in 5_usize..60,
        rounds in proptest::collection::vec((0_usize..30, 0_u32..90), 0..8),
    ) {
        let mut server = Server::new(&counts, page);
        let mut phone = Phone::default();
        for (cut, posted) in rounds {
            let held = phone.entries.clone();
            let faultless = phone.pull(&server, |frames| {
                for frame in frames.iter() {
                    let Frame::Page(Page { key, entries: Entries::Savings(entries), .. }) = frame else { continue };
                    assert!(entries.iter().all(|e| !held.contains_key(&(key.clone(), e.seq()))), "fetched again");
                }
                frames.truncate(cut);
            });
            prop_assert!(faultless.is_ok());
            prop_assert!(phone.refused.is_empty());
            if posted > 0 {
                server.post(posted % counts.len() as u32, posted);
                server.seal();
            }
        }
        prop_assert_eq!(phone.pull(&server, honest), Ok(true));
        prop_assert!(phone.agrees_with(&server));
    }
}
