use super::*;
use crate::domain::{AccountStatus, EvidenceKind, Head, Money, ProductCode, SavingsHead, Timestamp};
use crate::store::evidence::{self, Evidence};
use crate::store::{Store, StoreKey, held, salvage};
use crate::sync::Standing;

fn link(seq: u32, byte: u8) -> Link {
    Link { seq, hash: [byte; 32], figure: Money::ZERO }
}

fn account() -> AccountKey {
    AccountKey { kind: LedgerKind::Savings, account: AccountNo::new("S-1").unwrap() }
}

fn signed() -> Signed {
    Signed { checkpoint: vec![1, 2, 3], leaves: Vec::new() }
}

fn store(folder: &tempfile::TempDir) -> Store {
    Store::create(&folder.path().join("store.db"), &key()).unwrap()
}

fn key() -> StoreKey {
    zeroize::Zeroizing::new([1; 32])
}

fn heads(store: &Store) -> Vec<(bool, u32)> {
    let all = store.read(all).unwrap();
    all.into_iter().flat_map(|((_, is_shadow), links)| links.into_iter().map(move |l| (is_shadow, l.seq))).collect()
}

#[test]
fn a_head_is_kept_until_a_run_reaches_it() {
    let folder = tempfile::tempdir().unwrap();
    let (store, account) = (store(&folder), account());
    for (seq, is_shadow) in [(50, false), (60, false), (70, false), (70, true)] {
        store.write(|tx| keep(tx, &account, is_shadow, &link(seq, 1), &signed())).unwrap();
        store.write(|tx| keep(tx, &account, is_shadow, &link(seq, 1), &signed())).unwrap();
    }
    let run = "INSERT INTO account VALUES (1, 0, 'S-1', x'', 0, 3, 0, 0);
               INSERT INTO span VALUES (1, 50, zeroblob(32), 0, 60, zeroblob(32), 0)";
    store.write(|tx| Ok(tx.execute_batch(run)?)).unwrap();
    store.write(forget_reached).unwrap();
    assert_eq!(heads(&store).len(), 4, "what was changed on this device proves nothing");
    store.write(|tx| Ok(tx.execute("UPDATE account SET standing = 0", [])?)).unwrap();
    store.write(forget_reached).unwrap();
    assert_eq!(heads(&store), [(false, 50), (false, 70), (true, 70)], "what lies right before a run is not in it");
    assert_eq!(store.read(|db| oldest(db, &account, false)).unwrap().unwrap().checkpoint, [1, 2, 3]);
    store.write(|tx| forget(tx, &account, false)).unwrap();
    assert_eq!(heads(&store), [(false, 50), (false, 70)], "other new books begin");
    store.write(|tx| forget(tx, &account, true)).unwrap();
    assert_eq!(heads(&store), []);
}

#[test]
fn a_server_whose_answers_always_break_off_is_not_believed_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    let (store, account) = (store(&folder), account());
    store.write(|tx| (1..=MOST).try_for_each(|seq| keep(tx, &account, false, &link(seq, 1), &signed()))).unwrap();
    let more = store.write(|tx| keep(tx, &account, false, &link(MOST + 1, 1), &signed()));
    assert_eq!(more.unwrap_err().code(), Code::NotVerified);
}

/// Otherwise whoever damages a store makes the phone forget that it was lied to.
#[test]
fn a_rescue_carries_over_signed_heads_and_evidence() {
    let folders = [(); 2].map(|()| tempfile::tempdir().unwrap());
    let [old, new] = folders.each_ref().map(store);
    let (at, kind) = (Timestamp::from_seconds(9).unwrap(), EvidenceKind::PastChanged);
    let (held, received, account) = (signed(), Signed { checkpoint: vec![4], leaves: Vec::new() }, account());
    old.write(|tx| {
        keep(tx, &account, false, &link(50, 1), &held)?;
        let (account, held, received) = (Some(&account), Some(&held), Some(&received));
        evidence::keep(tx, &Evidence { at, kind, account, held, received, page: Some([7; 32]), epoch: Some(3) })
    })
    .unwrap();
    let salvaged = salvage::read(&folders[0].path().join("store.db"), &key());
    new.write(|tx| salvage::restore(tx, &salvaged)).unwrap();
    assert_eq!(heads(&new), [(false, 50)]);
    let kept = new.read(evidence::all).unwrap().remove(0);
    assert_eq!((kept.at, kept.kind, kept.page, kept.epoch), (at, kind, Some([7; 32]), Some(3)));
    assert_eq!(kept.received.unwrap().checkpoint, [4]);
}

/// Nothing is held of an account that the checkpoint signs after a rescue: what was signed must be in later books all the same.
#[test]
fn what_the_checkpoint_signs_is_held_against_later_books_also_after_a_rescue() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let (account, product) = (account().account, ProductCode::new("SS").unwrap());
    let (hash, status) = ([5; 32], AccountStatus::Open);
    let head = Head::Savings(SavingsHead { account, seq: 50, balance: Money::ZERO, hash, product, status });
    let leaves = head::encode_leaves(&[head::encode(&head)]);
    store
        .write(|tx| {
            tx.execute(
                "INSERT INTO profile VALUES (1, 'handayani', 'A-1', 'http://127.0.0.1:1', zeroblob(16), 'Koperasi Handayani',
                   'Siti Rahayu', 'WIB', 0, 'token', 0, 'refresh', 0, 'boot', 7)",
                [],
            )?;
            Ok(tx.execute("INSERT INTO checkpoint VALUES (1, 3, 7, x'00', ?1, 0)", [leaves])?)
        })
        .unwrap();
    let held = store.read(held::load).unwrap();
    let account = &held.accounts[&head.key()];
    assert_eq!((account.head, account.standing, account.epoch), (Some(mirror::link_of(&head)), Standing::Damaged, 3));
}
