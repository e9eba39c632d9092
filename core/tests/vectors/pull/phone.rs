//! A phone without a store: feeds an answer to the sync machine and keeps what it says to keep.

use std::collections::BTreeMap;

use anggota::cose::{PublicKey, sha256};
use anggota::domain::{AccountKey, Timestamp};
use anggota::protocol::chain::Link;
use anggota::protocol::frame::Splitter;
use anggota::sync::{Held, HeldAccount, HeldCheckpoint, Pull, Ready, Refused, Standing, Step, Superseded};

use super::super::books::{NOW, at, cooperative, member};
use super::{KID, NONCES};

#[derive(Clone)]
pub(super) struct Phone {
    pub(super) held: Held,
    /// The checkpoint keys that it believes, the oldest first.
    pub(super) keys: Vec<(u8, PublicKey)>,
}

impl Phone {
    /// Holds nothing but the key that it pinned.
    pub(super) fn new(key: PublicKey) -> Self {
        let (accounts, register) = (BTreeMap::new(), None);
        let (cooperative, member) = (cooperative(), member());
        let held = Held { cooperative, member, checkpoint: None, accounts, register, results_after: 0 };
        Self { held, keys: vec![(KID, key)] }
    }

    pub(super) fn pull(&self, place: usize) -> Pull<impl Fn(u8, Timestamp) -> Option<PublicKey> + use<>> {
        let keys = self.keys.clone();
        let key_of = move |kid, _| keys.iter().find(|(number, _)| *number == kid).map(|(_, key)| *key);
        Pull::new(self.held.clone(), NONCES[place], at(NOW), Vec::new(), key_of).pinning()
    }

    /// Feeds an answer to the sync machine: the phone afterwards and which accounts were refused, or nothing at all.
    pub(super) fn run(&self, place: usize, frames: &[Vec<u8>]) -> Result<(Self, Vec<String>), String> {
        let mut pull = self.pull(place);
        let (mut after, mut refused) = (self.clone(), Vec::new());
        let mut splitter = Splitter::default();
        // In pieces that end anywhere, as from a network.
        for bytes in frames.concat().chunks(777) {
            splitter.push(bytes);
            while let Some(frame) = splitter.next_frame().map_err(|fault| fault.to_string())? {
                for step in pull.frame(frame).map_err(|fault| fault.to_string())? {
                    if let Step::Ready(ready) = &step {
                        after.hand_over(ready);
                    }
                    take(step, &self.held, &mut after.held, &mut refused);
                }
            }
        }
        assert!(splitter.is_empty());
        assert_eq!(pull.is_complete(), refused.is_empty());
        Ok((after, refused))
    }

    /// Keys before the one that signs now have no more to say.
    fn hand_over(&mut self, ready: &Ready) {
        self.keys.extend(&ready.successors);
        self.keys.retain(|(number, _)| ready.kid.is_none_or(|kid| *number >= kid));
    }
}

fn take(step: Step, before: &Held, after: &mut Held, refused: &mut Vec<String>) {
    match step {
        Step::Ready(ready) => {
            let (epoch, generation) = (ready.content.epoch, ready.content.generation);
            after.checkpoint = Some(HeldCheckpoint::new(epoch, generation, &ready.checkpoint));
            for head in &ready.heads {
                let (standing, unjoined, spans) = (Standing::Good, Vec::new(), Vec::new());
                let fresh = HeldAccount { standing, epoch, head: None, unjoined, spans, shadow: None };
                let link = Link { seq: head.seq(), hash: head.hash(), figure: head.figure() };
                after.accounts.entry(head.key()).or_insert(fresh).head = Some(link);
            }
        }
        Step::Register(bytes, _) => after.register = Some(sha256(&bytes)),
        Step::Results(results) => after.results_after = results.last().map_or(after.results_after, |last| last.number),
        Step::Entries(page, spans) => after.accounts.get_mut(&page.key).unwrap().spans = spans,
        Step::Refused(Refused { key, .. }) => take_back(key, before, after, refused),
        // Nothing of this answer is kept of it either; the next one fills its new books.
        Step::Superseded(Superseded { head, .. }) => take_back(head.key(), before, after, refused),
        Step::Replaced(key) => panic!("{key:?}: no new books were asked for"),
        Step::Usable | Step::End => {}
    }
}

fn take_back(key: AccountKey, before: &Held, after: &mut Held, refused: &mut Vec<String>) {
    refused.push(key.account.as_str().to_owned());
    match before.accounts.get(&key) {
        Some(held) => after.accounts.insert(key, held.clone()),
        None => after.accounts.remove(&key),
    };
}
