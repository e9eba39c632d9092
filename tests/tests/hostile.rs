//! A man in the middle changes what the server says: what he touched is not believed, what he left alone is, and the member
//! is told.

#![allow(clippy::unwrap_used, missing_docs)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anggota::cose::SoftwareSigner;
use anggota::domain::{Head, LedgerKind, Money, SavingsEntry};
use anggota::entropy;
use anggota::protocol::chain::Entries;
use anggota::protocol::checkpoint::{Freshness, SignedCheckpoint};
use anggota::protocol::frame::{Frame, Page};
use anggota::protocol::pull::PullRequest;
use anggota::protocol::{head, merkle, sha256};
use anggota_tests::Phone;
use anggota_tests::evidence::{proven, written_out};
use anggota_tests::middleman::{Act, Request, Upstream};
use anggota_tests::stream::{accounts, frames, packed, pages};
use anggota_tests::village::{
    MEMBER, Village, entries_held, evidence, first_account, let_an_hour_pass, mirror, savings, warnings,
};
use serde_json::{Value, json};

/// Makes the answer to every pull pass through `change`, which also hears what the phone asked.
fn alter(village: &Village, change: impl Fn(&mut Vec<Frame>, &PullRequest) + Send + Sync + 'static) {
    village.middle.rule_for("pull", move |request: &Request, upstream: &Upstream| {
        let reply = upstream.send(request).unwrap();
        let mut frames = frames(&reply);
        change(&mut frames, &PullRequest::decode(request.body()).unwrap());
        Act::Reply(reply.with_body(packed(&frames)))
    });
}

/// What the server answers a phone of the member that holds nothing.
fn first_answer(village: &Village) -> Vec<Frame> {
    village.another_phone("reader").sync();
    frames(village.middle.exchanges_of("pull").last().unwrap().reply.as_ref().unwrap())
}

/// The savings account with the most pages.
fn longest(frames: &[Frame]) -> String {
    let savings = accounts(frames).into_iter().filter(|key| key.kind == LedgerKind::Savings);
    let longest = savings.max_by_key(|key| pages(frames, key.account.as_str()).len()).unwrap().account.to_string();
    assert!(pages(frames, &longest).len() >= 4, "several pages to mix up");
    longest
}

fn changed(entry: &SavingsEntry, amount: i64, balance: i64) -> SavingsEntry {
    let more = |money: Money, sen: i64| Money::from_sen(money.sen() + sen).unwrap();
    SavingsEntry::new(
        entry.seq(),
        entry.posted_on(),
        entry.kind(),
        more(entry.amount(), amount),
        more(entry.balance_after(), balance),
        entry.description().clone(),
        entry.reference().clone(),
        entry.reverses(),
    )
    .unwrap()
}

/// Changes the entries of one of an account's pages.
fn in_page(frames: &mut [Frame], account: &str, number: usize, change: impl Fn(&mut Vec<SavingsEntry>)) {
    let (place, mut page) = pages(frames, account).swap_remove(number);
    let Entries::Savings(entries) = &mut page.entries else { panic!("a savings account") };
    change(entries);
    page.first = entries[0].seq();
    frames[place] = Frame::Page(page);
}

/// Money comes in with this entry, and it takes nothing back.
fn is_income(entry: &SavingsEntry) -> bool {
    entry.amount() > Money::ZERO && entry.reverses().is_none()
}

type Change = fn(&mut Vec<Frame>, &str);

/// Each changes one thing about an account's pages.
const CHANGES: &[(&str, Change)] = &[
    ("one amount", |frames, account| {
        in_page(frames, account, 1, |entries| {
            let place = entries.iter().position(is_income).unwrap();
            entries[place] = changed(&entries[place], 1, 0);
        });
    }),
    ("two amounts, so that all balances add up", |frames, account| {
        in_page(frames, account, 1, |entries| {
            let place = (0..).find(|&n| is_income(&entries[n]) && is_income(&entries[n + 1])).unwrap();
            entries[place] = changed(&entries[place], 1, 1);
            entries[place + 1] = changed(&entries[place + 1], -1, 0);
        });
    }),
    ("one hash", |frames, account| {
        let (place, mut page) = pages(frames, account).swap_remove(1);
        page.start[31] ^= 1;
        frames[place] = Frame::Page(page);
    }),
    ("the order of two pages", |frames, account| {
        let (one, other) = (pages(frames, account)[1].0, pages(frames, account)[2].0);
        frames.swap(one, other);
    }),
    ("the order of two entries", |frames, account| in_page(frames, account, 1, |entries| entries.swap(3, 4))),
    ("a missing page", |frames, account| drop(frames.remove(pages(frames, account)[1].0))),
    ("the missing newest page", |frames, account| drop(frames.remove(pages(frames, account)[0].0))),
    ("a doubled page", |frames, account| {
        let (place, page) = pages(frames, account).swap_remove(1);
        frames.insert(place, Frame::Page(page));
    }),
    ("a missing entry", |frames, account| in_page(frames, account, 1, |entries| drop(entries.remove(9)))),
    ("the missing newest entry", |frames, account| in_page(frames, account, 0, |entries| drop(entries.pop()))),
    ("the missing first entry ever", |frames, account| {
        let last = pages(frames, account).len() - 1;
        in_page(frames, account, last, |entries| drop(entries.remove(0)));
    }),
    ("another account's page", |frames, account| {
        let is_other = |frame: &&Frame| match frame {
            Frame::Page(page) => page.key.kind == LedgerKind::Savings && page.key.account.as_str() != account,
            _ => false,
        };
        let (place, own) = pages(frames, account).swap_remove(1);
        match frames.iter().find(is_other).cloned() {
            Some(Frame::Page(other)) => frames[place] = Frame::Page(Page { key: own.key, ..other }),
            // The second try asks for the one account alone.
            _ => drop(frames.remove(place)),
        }
    }),
];

/// The accounts and loans in `balance` but one, and whether they are verified and complete.
fn others(phone: &Phone, account: &str) -> Vec<(Value, Value)> {
    let balance = phone.balance();
    let all = [&balance["savings"], &balance["loans"]].map(|rows| rows.as_array().unwrap().clone()).concat();
    let but_one = all.into_iter().filter(|row| row["account_no"] != *account);
    but_one.map(|row| (row["verified"].clone(), row["complete"].clone())).collect()
}

#[test]
fn of_an_account_that_was_touched_nothing_is_kept_and_of_the_others_everything() {
    let village = Village::new("touched", 14_000, 3, 2);
    let account = longest(&first_answer(&village));
    for (number, (what, change)) in CHANGES.iter().enumerate() {
        village.middle.pass();
        let phone = village.another_phone(&format!("phone-{number}"));
        village.middle.forget();
        let touched = account.clone();
        alter(&village, move |frames, _| change(frames, &touched));

        assert_eq!(phone.sync()["complete"], false, "{what}");
        assert_eq!(village.middle.exchanges_of("pull").len(), 2, "{what}: tried once more");
        assert_eq!(entries_held(&phone, &account), 0, "{what}: nothing of the account");
        assert_eq!(others(&phone, &account), vec![(json!(true), json!(true)); 4], "{what}: the others are whole");
        assert_eq!(warnings(&phone), [("mismatch".to_owned(), Some(account.clone()))], "{what}: the member is told");
        let evidence = evidence(&phone);
        assert_eq!((evidence.len(), evidence[0].kind), (1, "mismatch"), "{what}");
        let received = SignedCheckpoint::parse(evidence[0].received.as_deref().unwrap()).unwrap();
        assert_eq!(received.unverified().unwrap().member.as_str(), MEMBER);
        let verified = phone.verify();
        assert_eq!(verified["ok"], false, "{what}: an account that is signed is not here");
        for held in verified["accounts"].as_array().unwrap() {
            let is_missing = held["account_no"] == account.as_str();
            assert_eq!((&held["ok"], held["entries"] == 0), (&json!(!is_missing), is_missing), "{what}: {verified}");
        }
    }
}

#[test]
fn a_fault_of_one_moment_is_made_good_by_the_second_try() {
    let village = Village::new("moment", 14_000, 3, 2);
    let account = longest(&first_answer(&village));
    for (what, change) in &CHANGES[..4] {
        village.middle.pass();
        let phone = village.another_phone(&what.replace(' ', "-"));
        let (touched, done) = (account.clone(), AtomicBool::new(false));
        alter(&village, move |frames, _| {
            if !done.swap(true, Ordering::Relaxed) {
                change(frames, &touched);
            }
        });
        assert_eq!(phone.sync()["complete"], true, "{what}");
        assert_eq!((warnings(&phone), evidence(&phone)), (vec![], vec![]), "{what}: nobody is troubled");
        assert_eq!(phone.verify()["ok"], true);
    }
}

#[test]
fn a_touched_delta_leaves_the_last_verified_figure_until_it_verifies_again() {
    let village = Village::synced("delta", 9_000, 3, 2);
    let account = first_account(&village.phone);
    let before = savings(&village.phone, &account);
    let (total, held) = (village.phone.balance()["total_savings"].clone(), entries_held(&village.phone, &account));
    village.deposit(&account, "1000.25");
    village.deposit(&account, "2000");
    let touched = account.clone();
    alter(&village, move |frames, _| {
        in_page(frames, &touched, 0, |entries| {
            let last = entries.len() - 1;
            entries[last] = changed(&entries[last], 100, 100);
        })
    });

    assert_eq!(village.phone.sync()["complete"], false);
    let shown = savings(&village.phone, &account);
    assert_eq!(
        [&shown["balance"], &shown["seq"], &shown["as_of"]],
        [&before["balance"], &before["seq"], &before["as_of"]]
    );
    assert_eq!(shown["verified"], false, "the server says that there is more");
    assert_eq!(village.phone.balance()["total_savings"], total);
    assert_eq!(entries_held(&village.phone, &account), held);
    assert_eq!(others(&village.phone, &account), vec![(json!(true), json!(true)); 4]);
    assert_eq!(warnings(&village.phone), [("mismatch".to_owned(), Some(account.clone()))]);
    let kept = evidence(&village.phone);
    assert_eq!(kept.len(), 1);
    let received = SignedCheckpoint::parse(kept[0].received.as_deref().unwrap()).unwrap().unverified().unwrap();
    assert_eq!(received.generation, 3, "what the server signed and did not keep, for the office");
    let piece = &written_out(&village, &village.phone)[0];
    assert_eq!((&piece["kind"], &piece["account_no"]), (&json!("mismatch"), &json!(account)));
    assert_eq!(["held", "received"].map(|side| proven(&village, piece, side).generation), [1, 3]);
    let named = |side: &str| piece[side]["heads"].as_array().unwrap().len();
    assert_eq!((named("held"), named("received")), (5, 5), "the heads that the pages did not lead to");
    assert_eq!(piece["page"].as_str().unwrap().len(), 64, "the page that did not fit, by its hash");

    // It is left alone for an hour, whatever the server says now.
    village.middle.pass();
    assert_eq!(village.phone.sync()["complete"], false);
    assert_eq!(savings(&village.phone, &account)["verified"], false);
    let_an_hour_pass(&village.phone);
    assert_eq!(village.phone.sync()["complete"], true);
    let shown = savings(&village.phone, &account);
    assert_eq!((&shown["verified"], &shown["complete"]), (&json!(true), &json!(true)));
    assert_eq!(shown["seq"], before["seq"].as_u64().unwrap() + 2);
    assert_eq!(village.phone.verify()["ok"], true);
    assert_eq!(evidence(&village.phone), kept, "what happened stays on record");
}

/// Somebody with a key of his own.
struct Forger(SoftwareSigner);

impl Forger {
    fn new() -> Self {
        let rng = Arc::new(entropy::system());
        Self(SoftwareSigner::from_pkcs8(&SoftwareSigner::generate_pkcs8(&*rng).unwrap(), rng).unwrap())
    }

    /// Signs the answer's checkpoint anew, over its heads as they are now.
    fn checkpoint(&self, frames: &mut [Frame]) {
        let [Frame::Checkpoint(bytes), Frame::Heads(heads), ..] = frames else { panic!("a pull's beginning") };
        let signed = SignedCheckpoint::parse(bytes).unwrap();
        let mut content = signed.unverified().unwrap();
        content.root = merkle::root(heads);
        *bytes = content.sign(kid(bytes), &self.0).unwrap();
    }

    /// Signs a freshness statement for the answer's checkpoint.
    fn freshness(&self, frames: &mut [Frame], nonce: [u8; 16]) {
        let [Frame::Checkpoint(checkpoint), _, Frame::Freshness(bytes), ..] = frames else {
            panic!("a pull's beginning")
        };
        let at = SignedCheckpoint::parse(checkpoint).unwrap().unverified().unwrap().issued_at;
        *bytes = Freshness { checkpoint: sha256(checkpoint), at, nonce }.sign(kid(checkpoint), &self.0).unwrap();
    }
}

/// The number of the key that a checkpoint says it is signed with.
fn kid(checkpoint: &[u8]) -> u8 {
    let mut named = None;
    let _unknown = SignedCheckpoint::parse(checkpoint).unwrap().verify(|kid, _| {
        named = Some(kid);
        None
    });
    named.unwrap()
}

/// A balance in the answer's heads, higher than it is.
fn enrich(frames: &mut [Frame]) {
    let [_, Frame::Heads(heads), ..] = frames else { panic!("a pull's beginning") };
    let Head::Savings(mut rich) = head::decode(&heads[0]).unwrap() else { panic!("savings come first") };
    rich.balance = Money::from_sen(rich.balance.sen() + 100_000_000).unwrap();
    heads[0] = head::encode(&Head::Savings(rich));
}

type Forgery = fn(&mut Vec<Frame>, &PullRequest, &Forger);

const FORGERIES: &[(&str, Forgery)] = &[
    ("a checkpoint by another key", |frames, request, forger| {
        forger.checkpoint(frames);
        forger.freshness(frames, request.nonce);
    }),
    ("richer heads under a checkpoint by another key", |frames, request, forger| {
        enrich(frames);
        forger.checkpoint(frames);
        forger.freshness(frames, request.nonce);
    }),
    ("richer heads under the true checkpoint", |frames, _, _| enrich(frames)),
    ("a freshness statement by another key", |frames, request, forger| forger.freshness(frames, request.nonce)),
    ("a freshness statement for another question", |frames, _, forger| forger.freshness(frames, [0; 16])),
    ("one bit of the checkpoint", |frames, _, _| {
        let Frame::Checkpoint(bytes) = &mut frames[0] else { panic!("a pull's beginning") };
        *bytes.last_mut().unwrap() ^= 1;
    }),
    ("one bit of the freshness statement", |frames, _, _| {
        let Frame::Freshness(bytes) = &mut frames[2] else { panic!("a pull's beginning") };
        *bytes.last_mut().unwrap() ^= 1;
    }),
    ("a missing head", |frames, _, _| {
        let Frame::Heads(heads) = &mut frames[1] else { panic!("a pull's beginning") };
        heads.pop();
    }),
    ("heads in another order", |frames, _, _| {
        let Frame::Heads(heads) = &mut frames[1] else { panic!("a pull's beginning") };
        heads.swap(0, 1);
    }),
    ("heads before the checkpoint", |frames, _, _| frames.swap(0, 1)),
    ("no checkpoint", |frames, _, _| drop(frames.remove(0))),
    ("no freshness statement", |frames, _, _| drop(frames.remove(2))),
];

#[test]
fn nothing_is_written_of_an_answer_that_is_not_signed_as_it_must_be() {
    let village = Village::synced("forged", 600, 3, 2);
    village.deposit(&first_account(&village.phone), "5000");
    let fresh = village.another_phone("fresh");
    let (before, shown) = (mirror(&village.phone), village.phone.balance());
    for (what, forgery) in FORGERIES {
        let forger = Forger::new();
        alter(&village, move |frames, request| forgery(frames, request, &forger));
        for phone in [&village.phone, &fresh] {
            let refused = phone.script(&["sync"]);
            assert_eq!((refused.status, refused.code().as_str()), (1, "not-verified"), "{what}");
        }
        assert_eq!(mirror(&village.phone), before, "{what}");
        assert_eq!(mirror(&fresh), [] as [String; 0], "{what}");
        assert_eq!(village.phone.balance(), shown, "{what}");
    }
    village.middle.pass();
    assert_eq!(village.phone.sync()["entries_received"], 1);
    assert_eq!(fresh.sync()["complete"], true);
}

#[test]
fn an_answer_given_before_or_to_somebody_else_is_not_believed() {
    // Twelve accounts are of several members.
    let village = Village::synced("replayed", 2_000, 12, 3);
    let earlier = village.middle.exchanges_of("pull").last().unwrap().reply.clone().unwrap();
    let other = Phone::new(&village.scratch, "neighbour");
    village.enrol(&other, "A000002");
    other.sync();
    let neighbours = village.middle.exchanges_of("pull").last().unwrap().reply.clone().unwrap();
    let before = mirror(&village.phone);
    for (what, recorded) in [("his own earlier answer", earlier), ("the neighbour's answer", neighbours)] {
        village.middle.rule_for("pull", move |_, _| Act::Reply(recorded.clone()));
        let refused = village.phone.script(&["sync"]);
        assert_eq!((refused.status, refused.code().as_str()), (1, "not-verified"), "{what}");
        assert_eq!(mirror(&village.phone), before, "{what}");
    }
}

#[test]
fn what_a_newer_server_adds_is_skipped_or_asks_for_an_update() {
    let village = Village::new("newer", 600, 3, 2);
    // A frame of a kind that may be skipped, wherever it stands.
    alter(&village, |frames, _| {
        for place in (0..=frames.len()).rev() {
            frames.insert(place, Frame::Unknown);
        }
    });
    assert_eq!(village.phone.sync()["complete"], true);
    let shown = village.phone.balance();
    // One that may not.
    village.middle.rule_for("pull", |request, upstream| {
        let reply = upstream.send(request).unwrap();
        let mut bytes = zstd::decode_all(reply.body.as_slice()).unwrap();
        // A CBOR array of one number, 127, behind its length.
        bytes.splice(0..0, [0, 0, 0, 3, 0x81, 0x18, 0x7f]);
        Act::Reply(reply.with_body(zstd::encode_all(bytes.as_slice(), 1).unwrap()))
    });
    let refused = village.phone.script(&["sync"]);
    assert_eq!((refused.status, refused.code().as_str()), (1, "update-required"));
    assert_eq!(village.phone.balance()["savings"], shown["savings"]);
}
