//! What is let through of one answer.

use super::*;

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

/// Its name is not known; its place, its figures and its number are proven like any other's.
#[test]
fn an_entry_of_a_kind_that_may_be_passed_over_is_held_to_its_chain_and_figures() {
    let mut server = Server::new(&[60, 7], 30);
    let mut phone = Phone::default();
    phone.pull(&server, honest).unwrap();
    server.post_other(0, 200, -35);
    server.post(0, 2);
    server.post_other(0, 255, 1);
    server.seal();
    let mut forged = phone.clone();
    assert_eq!(phone.pull(&server, honest), Ok(true));
    assert!(phone.agrees_with(&server));
    assert_eq!(phone.entries[&(key(0), 61)].kind().number(), 200);
    // Another number, or an amount that does not add up.
    for (kind, amount) in [(201, -35), (200, -36)] {
        let change = |frames: &mut Vec<Frame>| {
            let at = page_of(frames, &key(0), 0);
            edit(frames, at, |_, entries| {
                entries[0] = other(61, kind, amount, entries[0].balance_after().sen());
            });
        };
        assert_eq!(forged.pull(&server, change), Ok(false), "{kind} {amount}");
        assert_eq!(forged.refused, [(key(0), PageFault::Mismatch)], "{kind} {amount}");
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
    let tried = |seconds: i64| HeldAccount { standing: Standing::Mismatch(now().plus(-seconds)), ..good(1) };
    phone.accounts.insert(key(0), tried(3599));
    assert_eq!(phone.clone().pull(&server, honest), Ok(false));
    assert!(phone.entries.is_empty());
    phone.accounts.insert(key(0), tried(3600));
    assert_eq!(phone.pull(&server, honest), Ok(true));
    assert!(phone.agrees_with(&server));
}
