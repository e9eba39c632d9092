//! pull.json: three whole pulls of one member, and other answers to the same requests.

mod flipped;
mod judged;
mod member;
mod phone;

use anggota::cose::{PublicKey, Signer, sha256};
use anggota::domain::AccountKey;
use anggota::protocol::checkpoint::{Checkpoint, Freshness};
use anggota::protocol::frame::{Frame, NEWEST, Page, Register};
use anggota::protocol::operation::{Answer, OperationResult, decode_answers};
use anggota::protocol::pull::PullRequest;
use anggota::protocol::succession::Succession;
use anggota::protocol::{head, merkle};
use anggota::sync::{Held, HeldAccount};
use serde_json::{Value as Json, json};

use super::books::{self, Book, NOW, at, cooperative};
use super::file::{Keys, hex, unhex};
use super::{heads, operations};
use judged::judged;
use member::{FIFTH, FIRST, books, head_of, register, told_register};
use phone::Phone;

const KID: u8 = 3;
/// The key that the third pull hands over to.
const NEXT: u8 = 4;
const NONCES: [[u8; 16]; PULLS] = [[0x11; 16], [0x22; 16], [0x33; 16]];
const PULLS: usize = 3;

const NAMES: [&[&str]; PULLS] = [
    &["checkpoint", "heads", "freshness", "register", "results", "unknown", "page", "page", "page", "page", "end"],
    &["checkpoint", "heads", "freshness", "results", "page", "end"],
    &["succession", "checkpoint", "heads", "freshness", "end"],
];

fn checkpoint(generation: u64, prev: [u8; 32], books: &[Book]) -> Checkpoint {
    let leaves: Vec<_> = books.iter().map(|book| head::encode(&head_of(book))).collect();
    Checkpoint {
        cooperative: cooperative(),
        member: books::member(),
        epoch: 1,
        generation,
        issued_at: at(NOW),
        root: merkle::root(&leaves),
        prev,
        reset: None,
    }
}

fn heads_frame(books: &[Book]) -> Vec<u8> {
    Frame::Heads(books.iter().map(|book| head::encode(&head_of(book))).collect()).encode()
}

fn fresh(signed: &[u8], nonce: [u8; 16], keys: &Keys) -> Vec<u8> {
    fresh_by(signed, nonce, KID, keys.of("checkpoint"))
}

fn fresh_by(signed: &[u8], nonce: [u8; 16], kid: u8, signer: &dyn Signer) -> Vec<u8> {
    let freshness = Freshness { checkpoint: sha256(signed), at: at(NOW + 5), nonce };
    Frame::Freshness(freshness.sign(kid, signer).unwrap()).encode()
}

/// The next key is believed from now on.
fn succession(keys: &Keys) -> Succession {
    Succession { cooperative: cooperative(), kid: NEXT, key: keys.public("next"), at: at(NOW) }
}

fn page(book: &Book, first: u32, last: u32) -> Vec<u8> {
    let (start, entries) = (book.hashes()[first as usize - 1], book.part(first, last));
    Frame::Page(Page { key: book.key.clone(), first, start, entries }).encode()
}

fn results() -> Vec<OperationResult> {
    let answers = decode_answers(&operations::build_answers()).unwrap().into_iter();
    answers.filter_map(|answer| if let Answer::Result(result) = answer { Some(result) } else { None }).collect()
}

/// The pulls: the frames of their answers, and the checkpoints in them.
struct Answers {
    frames: [Vec<Vec<u8>>; PULLS],
    checkpoints: [Vec<u8>; PULLS],
}

fn answers(keys: &Keys) -> Answers {
    let (before, after) = (books(FIRST, FIFTH), books(FIRST + 2, FIFTH));
    let one = checkpoint(1, [0; 32], &before).sign(KID, keys.of("checkpoint")).unwrap();
    let two = checkpoint(2, sha256(&one), &after).sign(KID, keys.of("checkpoint")).unwrap();
    let three = checkpoint(3, sha256(&two), &after).sign(NEXT, keys.of("next")).unwrap();
    // A frame of a later version that may be passed over.
    let later = [&[0, 0, 0, 9][..], &[0x82, 0x18, 200, 0x65], b"later"].concat();
    let cut = FIRST - NEWEST + 1;
    let first = vec![
        Frame::Checkpoint(one.clone()).encode(),
        heads_frame(&before),
        fresh(&one, NONCES[0], keys),
        Frame::Register(register().encode()).encode(),
        Frame::Results(Vec::new()).encode(),
        later,
        page(&before[1], 1, 1),
        page(&before[2], cut, FIRST),
        page(&before[3], 1, 3),
        page(&before[2], 1, cut - 1),
        Frame::End.encode(),
    ];
    let second = vec![
        Frame::Checkpoint(two.clone()).encode(),
        heads_frame(&after),
        fresh(&two, NONCES[1], keys),
        Frame::Results(results()).encode(),
        page(&after[2], FIRST + 1, FIRST + 2),
        Frame::End.encode(),
    ];
    let third = vec![
        Frame::Succession(succession(keys).sign(KID, keys.of("checkpoint")).unwrap()).encode(),
        Frame::Checkpoint(three.clone()).encode(),
        heads_frame(&after),
        fresh_by(&three, NONCES[2], NEXT, keys.of("next")),
        Frame::End.encode(),
    ];
    Answers { frames: [first, second, third], checkpoints: [one, two, three] }
}

pub(crate) fn build(keys: &Keys) -> Json {
    let answers = answers(keys);
    let (mut phone, mut pulls) = (Phone::new(keys.public("checkpoint")), Vec::new());
    for place in 0..PULLS {
        let request = phone.pull(place).request();
        phone = phone.run(place, &answers.frames[place]).unwrap().0;
        let frames = answers.frames[place].iter().zip(NAMES[place]);
        pulls.push(json!({
            "nonce": hex(&NONCES[place]),
            "request": told_request(&request),
            "frames": frames.map(|(bytes, frame)| json!({ "frame": frame, "bytes": hex(bytes) })).collect::<Vec<_>>(),
            "held_after": told_held(&phone.held),
            "keys_after": told_keys(&phone),
        }));
    }
    json!({
        "cooperative": cooperative().as_str(),
        "member": books::member().as_str(),
        "kid": KID,
        "register": told_register(),
        "heads": books(FIRST, FIFTH).iter().map(|book| heads::told(&head_of(book))).collect::<Vec<_>>(),
        "results": results().iter().map(operations::told_result).collect::<Vec<_>>(),
        "pulls": pulls,
        "zstd": answers.frames.each_ref().map(|frames| hex(&zstd::encode_all(&frames.concat()[..], 3).unwrap())),
        "judged": judged(keys, &answers),
    })
}

fn told_request(request: &PullRequest) -> Json {
    let ranges = request.ranges.iter().map(|(key, range)| {
        json!({
            "kind": key.kind.as_str(),
            "account": key.account.as_str(),
            "low": range.low,
            "before": hex(&range.before),
            "high": range.high,
            "after": hex(&range.after),
        })
    });
    json!({
        "epoch": request.epoch,
        "generation": request.generation,
        "register": request.register.map(|hash| hex(&hash)),
        "results_after": request.results_after,
        "ranges": ranges.collect::<Vec<_>>(),
        "cbor": hex(&request.encode()),
    })
}

/// The accounts and the runs of entries that a phone holds, all verified.
fn told_held(held: &Held) -> Vec<Json> {
    let told = |(key, account): (&AccountKey, &HeldAccount)| {
        let runs = account
            .spans
            .iter()
            .map(|span| json!({ "low": span.low(), "high": span.last.seq, "figure": span.last.figure.to_string() }));
        json!({ "kind": key.kind.as_str(), "account": key.account.as_str(), "ranges": runs.collect::<Vec<_>>() })
    };
    held.accounts.iter().map(told).collect()
}

/// The checkpoint keys that a phone believes.
fn told_keys(phone: &Phone) -> Vec<Json> {
    phone.keys.iter().map(|(kid, key)| json!({ "kid": kid, "key": hex(key.as_bytes()) })).collect()
}

/// The phone before each recorded pull and after the last, and their frames.
fn replay(file: &Json) -> (Vec<Phone>, Vec<Vec<Vec<u8>>>) {
    let recorded =
        |pull: &Json| -> Vec<_> { pull["frames"].as_array().unwrap().iter().map(|f| unhex(&f["bytes"])).collect() };
    let frames: Vec<_> = file["pulls"].as_array().unwrap().iter().map(recorded).collect();
    assert_eq!(Register::decode(&unhex(&file["register"]["cbor"])), Ok(register()));
    let key = PublicKey::from_sec1(&unhex(&file["keys"]["checkpoint"]["public"])).unwrap();
    let mut phones = vec![Phone::new(key)];
    for place in 0..PULLS {
        let request = unhex(&file["pulls"][place]["request"]["cbor"]);
        assert_eq!(PullRequest::decode(&request), Ok(phones[place].pull(place).request()));
        assert_eq!(zstd::decode_all(&unhex(&file["zstd"][place])[..]).unwrap(), frames[place].concat());
        let (after, refused) = phones[place].run(place, &frames[place]).unwrap();
        assert!(refused.is_empty());
        phones.push(after);
    }
    (phones, frames)
}

/// No byte of the recorded answers can be another.
pub(crate) fn check_flips(file: &Json) {
    let (phones, frames) = replay(file);
    (0..PULLS).for_each(|place| flipped::check(&phones[place], place, &frames[place]));
}

pub(crate) fn check(file: &Json) {
    let (phones, frames) = replay(file);
    for case in file["judged"].as_array().unwrap() {
        let place = case["pull"].as_u64().unwrap() as usize;
        let frame =
            |frame: &Json| frame.as_u64().map_or_else(|| unhex(frame), |own| frames[place][own as usize].clone());
        let answer: Vec<_> = case["frames"].as_array().unwrap().iter().map(frame).collect();
        check_case(case, &phones[place], phones[place].run(place, &answer));
    }
}

fn check_case(case: &Json, before: &Phone, outcome: Result<(Phone, Vec<String>), String>) {
    let expected = case["refused"].as_str().unwrap();
    let Ok((after, refused)) = outcome else {
        assert_eq!(expected, "everything", "{}", case["what"]);
        return;
    };
    let expected = if expected == "nothing" { Vec::new() } else { vec![expected.to_owned()] };
    assert_eq!(refused, expected, "{}", case["what"]);
    let of = |phone: &Phone| {
        let mut accounts = phone.held.accounts.iter();
        accounts.find(|(key, _)| refused == [key.account.as_str()]).map(|(_, account)| account.clone())
    };
    assert_eq!(of(&after), of(before), "nothing of a refused account is kept: {}", case["what"]);
}
