//! A phone without a store: feeds an answer to the sync machine and keeps what it says to keep.

use std::collections::BTreeMap;

use anggota::cose::{PublicKey, sha256};
use anggota::domain::{AccountKey, Timestamp};
use anggota::protocol::chain::Link;
use anggota::protocol::frame::Splitter;
use anggota::sync::{Held, HeldAccount, HeldCheckpoint, Pull, Refused, Standing, Step, Superseded};

use super::super::books::{NOW, at, cooperative, member};
use super::{KID, NONCES};

pub(super) fn nothing() -> Held {
    let (accounts, register) = (BTreeMap::new(), None);
    Held { cooperative: cooperative(), member: member(), checkpoint: None, accounts, register, results_after: 0 }
}

pub(super) fn pull(held: &Held, place: usize, public: PublicKey) -> Pull<impl Fn(u8, Timestamp) -> Option<PublicKey>> {
    let key_of = move |kid, _| (kid == KID).then_some(public);
    Pull::new(held.clone(), NONCES[place], at(NOW), Vec::new(), key_of)
}

/// Feeds an answer to the sync machine: what is held afterwards and which accounts were refused, or nothing at all.
pub(super) fn run(
    held: &Held,
    place: usize,
    frames: &[Vec<u8>],
    public: PublicKey,
) -> Result<(Held, Vec<String>), String> {
    let mut pull = pull(held, place, public);
    let (mut after, mut refused) = (held.clone(), Vec::new());
    let mut splitter = Splitter::default();
    // In pieces that end anywhere, as from a network.
    for bytes in frames.concat().chunks(777) {
        splitter.push(bytes);
        while let Some(frame) = splitter.next_frame().map_err(|fault| fault.to_string())? {
            for step in pull.frame(frame).map_err(|fault| fault.to_string())? {
                take(step, held, &mut after, &mut refused);
            }
        }
    }
    assert!(splitter.is_empty());
    assert_eq!(pull.is_complete(), refused.is_empty());
    Ok((after, refused))
}

fn take(step: Step, before: &Held, after: &mut Held, refused: &mut Vec<String>) {
    match step {
        Step::Ready(ready) => {
            let (epoch, generation) = (ready.content.epoch, ready.content.generation);
            after.checkpoint = Some(HeldCheckpoint { epoch, generation, hash: sha256(&ready.checkpoint) });
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
