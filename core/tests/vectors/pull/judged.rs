//! Other answers to the recorded requests: what a phone must refuse, whole or for one account, and what it must not.

use anggota::cose::{PublicKey, other_form, sha256};
use anggota::domain::{CooperativeId, Reason, SavingsKind};
use anggota::protocol::checkpoint::{Checkpoint, Reset};
use anggota::protocol::frame::Frame;
use anggota::protocol::succession::Succession;
use serde_json::{Value as Json, json};

use super::super::books::{Book, NOW, at};
use super::super::file::{Keys, hex};
use super::member::{FIFTH, FIRST, books, pokok, pokok_of};
use super::{Answers, KID, NONCES, checkpoint, fresh, heads_frame, page, succession};

/// What of an answer may not be written.
enum Refused {
    Nothing,
    Account(&'static str),
    Everything,
}

use Refused::{Account, Everything, Nothing};

struct Judge<'a> {
    keys: &'a Keys,
    answers: &'a Answers,
}

impl Judge<'_> {
    /// The recorded answer's frames (a number stands for its own at that place) with others in some places (in hex).
    fn with(&self, pull: usize, changes: &[(usize, &[u8])]) -> Vec<Json> {
        let other = |place: usize| changes.iter().find(|(at, _)| *at == place).map(|(_, bytes)| hex(bytes));
        (0..self.answers.frames[pull].len()).map(|at| other(at).map_or_else(|| at.into(), Json::from)).collect()
    }

    /// The recorded answer under another checkpoint, with other frames in some places.
    fn under(&self, pull: usize, checkpoint: &Checkpoint, changes: &[(usize, &[u8])]) -> Vec<Json> {
        let signed = checkpoint.sign(KID, self.keys.of("checkpoint")).unwrap();
        let fresh = fresh(&signed, NONCES[pull], self.keys);
        let frame = Frame::Checkpoint(signed).encode();
        self.with(pull, &[&[(0, frame.as_slice()), (2, fresh.as_slice())], changes].concat())
    }

    fn without(&self, pull: usize, place: usize) -> Vec<Json> {
        let mut frames = self.with(pull, &[]);
        frames.remove(place);
        frames
    }

    /// The recorded answer with another frame before those from `place` on.
    fn inserted(&self, pull: usize, place: usize, frame: &[u8]) -> Vec<Json> {
        let mut frames = self.with(pull, &[]);
        frames.insert(place, hex(frame).into());
        frames
    }

    /// A succession by the key of that number and role, as a frame.
    fn succession(&self, succession: &Succession, kid: u8, role: &str) -> Vec<u8> {
        Frame::Succession(succession.sign(kid, self.keys.of(role)).unwrap()).encode()
    }

    fn swapped(&self, one: usize, other: usize) -> Vec<Json> {
        let mut frames = self.with(0, &[]);
        frames.swap(one, other);
        frames
    }
}

pub(super) fn judged(keys: &Keys, answers: &Answers) -> Vec<Json> {
    let judge = Judge { keys, answers };
    let first = first(&judge).into_iter().map(|case| (0, case));
    let second = second(&judge).into_iter().map(|case| (1, case));
    let third = third(&judge).into_iter().map(|case| (2, case));
    let told = first.chain(second).chain(third).map(|(pull, (what, frames, refused))| {
        let refused = match refused {
            Nothing => "nothing",
            Account(account) => account,
            Everything => "everything",
        };
        json!({ "what": what, "pull": pull, "frames": frames, "refused": refused })
    });
    told.collect()
}

type Case = (&'static str, Vec<Json>, Refused);

fn first(judge: &Judge<'_>) -> Vec<Case> {
    let before = books(FIRST, FIFTH);
    let other = page(&books(FIRST, FIFTH + 1)[2], 1, 10);
    let mut start = judge.answers.frames[0][9].clone();
    let hash = start.windows(2).position(|two| two == [0x58, 0x20]).unwrap() + 2;
    start[hash] ^= 1;
    let mut negative = judge.answers.frames[0][8].clone();
    // The principal of the disbursement: the same number, below zero.
    let principal = negative.windows(5).position(|five| five == [0x1a, 0x47, 0x86, 0x8c, 0x00]).unwrap();
    negative[principal] = 0x3a;
    let word = page(&pokok("Simpanan Pokok"), 1, 1);
    let newer = page(&pokok_of(SavingsKind::from_number(200).unwrap(), "Simpanan pokok"), 1, 1);
    let mut needed = judge.answers.frames[0][6].clone();
    // Version 1, seq 1, a day of 2 bytes, the kind.
    let entry = needed.windows(5).position(|five| five == [0x89, 0x01, 0x01, 0x19, 0x4e]).unwrap();
    needed[entry + 6] = 8;
    let stranger = checkpoint(1, [0; 32], &before).sign(KID, judge.keys.of("stranger")).unwrap();
    let stranger = Frame::Checkpoint(stranger).encode();
    let stale = fresh(&judge.answers.checkpoints[0], NONCES[1], judge.keys);
    vec![
        ("one amount changed, and every figure after it", judge.with(0, &[(9, &other)]), Account("SS-00001")),
        ("one bit of a page's start hash", judge.with(0, &[(9, &start)]), Account("SS-00001")),
        ("older entries before the newest", judge.swapped(7, 9), Account("SS-00001")),
        ("an end while entries are missing", judge.without(0, 9), Account("SS-00001")),
        ("an entry that breaks its own rules", judge.with(0, &[(8, &negative)]), Account("PB-00001")),
        ("one letter of an entry's words", judge.with(0, &[(6, &word)]), Account("SP-00001")),
        ("another kind of entry, one that may be passed over", judge.with(0, &[(6, &newer)]), Account("SP-00001")),
        ("a kind of entry that must be understood and is not", judge.with(0, &[(6, &needed)]), Everything),
        ("a checkpoint by another key", judge.with(0, &[(0, &stranger)]), Everything),
        ("a head left out", judge.with(0, &[(1, &heads_frame(&before[..3]))]), Everything),
        ("the freshness of another request", judge.with(0, &[(2, &stale)]), Everything),
        ("heads before the checkpoint", judge.swapped(0, 1), Everything),
        (
            "a frame that must be understood and is not",
            judge.with(0, &[(5, &[0, 0, 0, 4, 0x82, 0x18, 100, 0xf6])]),
            Everything,
        ),
        (
            "a frame with a number that no frame can have",
            judge.with(0, &[(5, &[0, 0, 0, 5, 0x82, 0x19, 0x01, 0x00, 0xf6])]),
            Everything,
        ),
    ]
}

fn second(judge: &Judge<'_>) -> Vec<Case> {
    let held = sha256(&judge.answers.checkpoints[0]);
    let (before, after) = (books(FIRST, FIFTH), books(FIRST + 2, FIFTH));
    let one = checkpoint(1, [0; 32], &before);
    let two = checkpoint(2, held, &after);
    let rival = Checkpoint { issued_at: at(NOW + 1), ..one.clone() };
    let past = books(FIRST + 2, FIFTH + 1);
    let changed = [(1, &heads_frame(&past)[..]), (4, &page(&past[2], FIRST + 1, FIRST + 2))];
    vec![
        ("other bytes for the generation held", judge.under(1, &rival, &[]), Everything),
        (
            "a generation that does not follow the one held",
            judge.under(1, &Checkpoint { prev: [7; 32], ..two.clone() }, &[]),
            Everything,
        ),
        ("a generation before the one held", judge.under(1, &Checkpoint { generation: 0, ..one }, &[]), Everything),
        (
            "an entry changed that the phone holds",
            judge.under(1, &checkpoint(2, held, &past), &changed),
            Account("SS-00001"),
        ),
        (
            "a new epoch that does not say which it replaces",
            judge.under(1, &Checkpoint { epoch: 2, generation: 1, ..two }, &[]),
            Everything,
        ),
        ("an end without what is new", judge.without(1, 4), Account("SS-00001")),
        ("a new epoch with the same books", judge.under(1, &reset(&after), &[]), Nothing),
        ("a new epoch whose books end earlier", restored(judge), Account("SS-00001")),
        ("the generation held, its signature in the other form", held_again(judge, true), Nothing),
        ("that, under a freshness statement that names the bytes held", held_again(judge, false), Everything),
    ]
}

/// The checkpoint held with the other form of its signature, and whether the freshness statement is over these bytes.
fn held_again(judge: &Judge<'_>, is_named: bool) -> Vec<Json> {
    let held = &judge.answers.checkpoints[0];
    let (rest, signature) = held.split_last_chunk().unwrap();
    let other = [rest, &other_form(signature)].concat();
    let fresh = fresh(if is_named { &other } else { held }, NONCES[1], judge.keys);
    let (other, heads) = (Frame::Checkpoint(other).encode(), heads_frame(&books(FIRST, FIFTH)));
    let mut frames = judge.with(1, &[(0, &other), (1, &heads), (2, &fresh)]);
    frames.remove(4);
    frames
}

fn third(judge: &Judge<'_>) -> Vec<Case> {
    let good = succession(judge.keys);
    let to = |key: PublicKey| Succession { key, ..good.clone() };
    let by = |succession: &Succession, kid, role| judge.with(2, &[(0, &judge.succession(succession, kid, role))]);
    let stranger = judge.keys.public("stranger");
    let elsewhere = Succession { cooperative: CooperativeId::new("sejahtera").unwrap(), ..good.clone() };
    let rival = judge.succession(&to(stranger), KID, "checkpoint");
    let foreign = judge.succession(&Succession { kid: 10, ..to(stranger) }, 9, "stranger");
    let again = |times: usize| [vec![0.into(); times], judge.with(2, &[])[1..].to_vec()].concat();
    vec![
        ("a new key without the word of the one before", judge.without(2, 0), Everything),
        ("a succession by a key that the phone does not know", by(&good, 9, "stranger"), Everything),
        ("such a one beside the good one", judge.inserted(2, 0, &foreign), Nothing),
        ("a succession in the name of the key held, signed by another", by(&good, KID, "stranger"), Everything),
        ("a succession of another cooperative", by(&elsewhere, KID, "checkpoint"), Everything),
        (
            "a succession to a number that is not above its signer's",
            by(&Succession { kid: KID, ..good.clone() }, KID, "checkpoint"),
            Everything,
        ),
        ("two keys of one number", judge.inserted(2, 1, &rival), Everything),
        ("sixteen successions", again(16), Nothing),
        ("seventeen successions", again(17), Everything),
        ("a succession behind the checkpoint", behind(judge), Everything),
    ]
}

/// Checkpoint and freshness by the key held, which needs no succession.
fn behind(judge: &Judge<'_>) -> Vec<Json> {
    let three = checkpoint(3, sha256(&judge.answers.checkpoints[1]), &books(FIRST + 2, FIFTH));
    let signed = three.sign(KID, judge.keys.of("checkpoint")).unwrap();
    let fresh = fresh(&signed, NONCES[2], judge.keys);
    let mut frames = judge.with(2, &[(1, &Frame::Checkpoint(signed).encode()), (3, &fresh)]);
    frames.swap(0, 1);
    frames
}

fn reset(books: &[Book]) -> Checkpoint {
    let reset = Reset { epoch: 1, last_generation: 1, reason: Reason::new("Pulih dari cadangan").unwrap() };
    Checkpoint { epoch: 2, reset: Some(reset), ..checkpoint(1, [0; 32], books) }
}

/// From a backup that lacks the last five entries which the phone holds: they are not in reach, so all is sent again.
fn restored(judge: &Judge<'_>) -> Vec<Json> {
    let books = books(FIRST - 5, FIFTH);
    let (heads, newest) = (heads_frame(&books), page(&books[2], 6, FIRST - 5));
    let mut frames = judge.under(1, &reset(&books), &[(1, &heads), (4, &newest)]);
    frames.insert(5, hex(&page(&books[2], 1, 5)).into());
    frames
}
