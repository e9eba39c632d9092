//! Pulls that break off right after their heads: what was signed with them is remembered until the books reach it.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use anggota_tests::middleman::{Act, Request, Upstream};
use anggota_tests::stream::{frames, packed};
use anggota_tests::village::{COOPERATIVE, MEMBER, Village, evidence, first_account, savings, warnings};

/// Of every answer only checkpoint, heads and freshness arrive.
fn cut_after_heads(village: &Village) {
    village.middle.rule_for("pull", |request: &Request, upstream: &Upstream| {
        let reply = upstream.send(request).unwrap();
        let mut frames = frames(&reply);
        frames.truncate(3);
        Act::Reply(reply.with_body(packed(&frames)))
    });
}

/// The seqs of the heads that no run reached.
fn unjoined(village: &Village, account: &str) -> Vec<u32> {
    let store = village.phone.open_store(COOPERATIVE, MEMBER);
    let mut select = store.prepare("SELECT seq FROM unjoined_head WHERE account_no = ?1 ORDER BY seq").unwrap();
    select.query_map([account], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

#[test]
fn heads_of_pulls_that_broke_off_are_remembered_until_the_books_reach_them() {
    let village = Village::new("broken-off", 300, 2, 1);
    cut_after_heads(&village);
    village.phone.script(&["sync"]);
    let account = first_account(&village.phone);
    let first = savings(&village.phone, &account)["seq"].as_u64().unwrap() as u32;
    for more in 1..=3 {
        village.deposit(&account, "1000");
        village.phone.script(&["sync"]);
        assert_eq!(savings(&village.phone, &account)["seq"], first + more);
        assert_eq!(unjoined(&village, &account), (first..first + more).collect::<Vec<_>>());
    }
    village.middle.pass();
    assert_eq!(village.phone.sync()["complete"], true);
    assert_eq!(village.phone.verify()["ok"], true);
    village.deposit(&account, "1000");
    village.phone.sync();
    assert_eq!(unjoined(&village, &account), [0_u32; 0], "the books have reached them");
    assert_eq!(
        (warnings(&village.phone), evidence(&village.phone)),
        (vec![], vec![]),
        "an honest server is not accused"
    );
}
