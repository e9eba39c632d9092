//! A server that goes back behind what it signed, or tells another story than before: evidence is kept, the member is told,
//! and the figures that were proven stay.

#![allow(clippy::unwrap_used, missing_docs)]

use std::sync::atomic::{AtomicUsize, Ordering};

use anggota::client::{Client, OpenOptions, profiles};
use anggota::clock::{self, BootTime, Clock};
use anggota::domain::Timestamp;
use anggota::protocol::checkpoint::{Checkpoint, SignedCheckpoint};
use anggota_tests::Phone;
use anggota_tests::evidence::{proven, written_out};
use anggota_tests::middleman::Act;
use anggota_tests::village::{COOPERATIVE, MEMBER, Village, evidence, first_account, savings, warnings};
use serde_json::json;

/// What a checkpoint says.
fn content(bytes: Option<&Vec<u8>>) -> Checkpoint {
    SignedCheckpoint::parse(bytes.unwrap()).unwrap().unverified().unwrap()
}

/// The phone refuses the server's books, with a word for the member.
#[track_caller]
fn assert_refused(village: &Village) {
    let refused = village.phone.script(&["sync"]);
    assert_eq!((refused.status, refused.code().as_str()), (1, "rollback"));
}

/// The one piece of evidence, of that kind, with the generations held and received.
#[track_caller]
fn assert_kept(village: &Village, kind: &str, held: u64, received: u64) {
    let kept = evidence(&village.phone);
    assert_eq!((kept.len(), kept[0].kind, &kept[0].account), (1, kind, &None));
    let [before, now] = [content(kept[0].held.as_ref()), content(kept[0].received.as_ref())];
    assert_eq!((before.generation, now.generation), (held, received));
    assert_ne!(kept[0].held, kept[0].received);
    assert_eq!(warnings(&village.phone), [(kind.to_owned(), None)], "the member is told");
    // Both statements are the cooperative's own, which whoever has its key can see.
    let pieces = written_out(village, &village.phone);
    assert_eq!((pieces.len(), &pieces[0]["kind"]), (1, &json!(kind)));
    let [before, now] = ["held", "received"].map(|side| proven(village, &pieces[0], side));
    assert_eq!((before.generation, now.generation), (held, received));
    assert_ne!(pieces[0]["held"]["signed"], pieces[0]["received"]["signed"]);
}

#[test]
fn a_server_that_goes_back_a_generation_is_caught_and_the_figures_stay() {
    let village = Village::synced("back", 600, 3, 2);
    let (account, backup) = (first_account(&village.phone), village.back_up("before"));
    village.deposit(&account, "1000");
    assert_eq!(village.phone.sync()["generation"], 2);
    let shown = village.phone.balance();

    let village = village.restore(&backup);
    for _ in 0..2 {
        assert_refused(&village);
        assert_kept(&village, "rollback", 2, 1);
    }
    let now = village.phone.balance();
    for figures in ["savings", "loans", "total_savings", "as_of"] {
        assert_eq!(now[figures], shown[figures]);
    }
    assert_eq!(village.phone.verify()["ok"], true);

    // What the member asks for still reaches the office.
    let id = village.phone.ask("1000000");
    assert_refused(&village);
    assert_eq!(village.office.requests()[0]["request_id"], *id);
    assert_eq!(village.phone.json(&["loan", "requests"])["requests"][0]["state"], "received");

    // The same deposit again is not the same statement: it was signed at another time, told in seconds.
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    village.deposit(&account, "1000");
    assert_refused(&village);
    let kinds: Vec<_> = evidence(&village.phone).iter().map(|kept| kept.kind).collect();
    assert_eq!(kinds, ["rollback", "fork"]);
}

#[test]
fn another_story_for_the_same_generation_is_a_fork() {
    let village = Village::synced("fork", 600, 3, 2);
    let (account, backup) = (first_account(&village.phone), village.back_up("before"));
    village.deposit(&account, "1000");
    village.phone.sync();
    let shown = savings(&village.phone, &account);
    let village = village.restore(&backup);
    village.deposit(&account, "999");
    for _ in 0..2 {
        assert_refused(&village);
        assert_kept(&village, "fork", 2, 2);
    }
    assert_eq!(savings(&village.phone, &account), shown);
}

#[test]
fn a_generation_that_does_not_follow_the_one_held_is_a_fork() {
    let village = Village::synced("skip", 600, 3, 2);
    let (account, backup) = (first_account(&village.phone), village.back_up("before"));
    village.deposit(&account, "1000");
    village.phone.sync();
    let shown = savings(&village.phone, &account);
    let village = village.restore(&backup);
    village.deposit(&account, "999");
    village.deposit(&account, "998");
    assert_refused(&village);
    assert_kept(&village, "fork", 2, 3);
    assert_eq!(savings(&village.phone, &account), shown);

    // Further on the statement alone shows nothing; the account's own past does.
    village.deposit(&account, "997");
    assert_eq!(village.phone.sync()["complete"], false);
    let now = savings(&village.phone, &account);
    assert_eq!([&now["balance"], &now["seq"], &now["as_of"]], [&shown["balance"], &shown["seq"], &shown["as_of"]]);
    assert_eq!(now["verified"], false);
    let kept = evidence(&village.phone);
    assert_eq!((kept.len(), kept[1].kind, kept[1].account.as_deref()), (2, "past_changed", Some(account.as_str())));
    assert_eq!([&kept[1].held, &kept[1].received].map(|bytes| content(bytes.as_ref()).generation), [2, 4]);
    let mut told = warnings(&village.phone);
    told.sort();
    assert_eq!(told, [("fork".to_owned(), None), ("past_changed".to_owned(), Some(account))]);
}

/// The member sees the evidence and hands it over; whoever has the cooperative's public key checks it without the phone.
#[track_caller]
fn assert_exported(village: &Village, seq: u64, lost: &serde_json::Value) {
    let file = village.scratch.join("evidence.json");
    // What lay there before was for everybody to read.
    std::fs::write(&file, "old").unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let shown = village.phone.json(&["evidence", "--out", file.to_str().unwrap()]);
    let piece = &shown["evidence"][0];
    assert_eq!(
        (&piece["kind"], &piece["epoch"], &piece["first_seq"]),
        (&json!("past_changed"), &json!(2), &json!(seq))
    );
    let numbers = |signed: &serde_json::Value| [&signed["epoch"], &signed["generation"]].map(|n| n.as_u64().unwrap());
    assert_eq!([numbers(&piece["held"]), numbers(&piece["received"])], [[1, 2], [2, 1]]);
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&file).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600, "the member's own figures");

    let piece = &written_out(village, &village.phone)[0];
    for side in ["held", "received"] {
        proven(village, piece, side);
        assert_ne!(piece[side]["heads"], json!([]), "{side}");
    }
    let old = piece["old_entries"].as_array().unwrap();
    assert_eq!((old.len(), &old[0]), (1, lost), "under the names that transactions prints");
}

#[test]
fn two_devices_that_were_told_different_stories_find_out_side_by_side() {
    let village = Village::synced("beside", 600, 3, 2);
    let other = village.another_phone("other");
    other.sync();
    let text = |phone: &Phone| phone.json(&["checkpoint", "show"])["text"].as_str().unwrap().to_owned();
    let compared = |phone: &Phone, text: &str| {
        let output = phone.script(&["checkpoint", "compare", "--text", text]);
        (output.status, output.document()["result"].as_str().map(str::to_owned))
    };
    let says = |status: i32, word: &str| (status, Some(word.to_owned()));
    assert_eq!(compared(&village.phone, &text(&other)), says(0, "same"));
    let (account, backup) = (first_account(&village.phone), village.back_up("before"));
    village.deposit(&account, "1000");
    village.phone.sync();
    assert_eq!(compared(&village.phone, &text(&other)), says(0, "other_older"));
    assert_eq!(compared(&other, &text(&village.phone)), says(0, "other_newer"));
    assert_eq!(evidence(&other), []);

    // The server tells the other device another story; each by itself is whole and signed.
    let village = village.restore(&backup);
    village.deposit(&account, "999");
    assert_eq!(other.sync()["complete"], true);
    assert_eq!(compared(&other, &text(&village.phone)), says(1, "different"));
    assert_eq!(compared(&village.phone, &text(&other)), says(1, "different"));
    for phone in [&village.phone, &other] {
        assert_eq!(warnings(phone), [("fork".to_owned(), None)], "the member is told");
        let kept = &evidence(phone)[0];
        assert_ne!(kept.held, kept.received);
        let piece = &written_out(&village, phone)[0];
        let [held, received] = ["held", "received"].map(|side| proven(&village, piece, side));
        assert_eq!(piece["kind"], "fork");
        assert_eq!((held.epoch, held.generation), (received.epoch, received.generation));
        assert_ne!(held.root, received.root, "two stories of the same books");
    }

    // What is not signed, is cut, or is another member's is not believed, and leaves nothing.
    let shown = text(&village.phone);
    let forged = format!("{}{}", &shown[..shown.len() - 3], "000");
    for (given, code, said) in [
        (forged.as_str(), "not-verified", "bukan dari koperasi"),
        ("KTB1:", "not-verified", "bukan dari koperasi"),
        ("KTA1:AB", "invalid-input", "KTB1:"),
    ] {
        let refused = other.script(&["checkpoint", "compare", "--text", given]);
        assert_eq!((refused.status, refused.code().as_str()), (1, code), "{given}");
        // It came from no server, and nothing was to be stored.
        let told = refused.document()["error"]["message"].as_str().unwrap().to_owned();
        assert!(told.contains(said), "{given}: {told}");
    }
    assert_eq!(evidence(&other).len(), 1);
}

#[test]
fn a_checkpoint_that_was_altered_here_accuses_nobody() {
    let village = Village::synced("altered", 300, 2, 1);
    let other = village.another_phone("other");
    other.sync();
    let told = other.json(&["checkpoint", "show"])["text"].as_str().unwrap().to_owned();
    let store = village.phone.open_store(COOPERATIVE, MEMBER);
    let mut bytes: Vec<u8> = store.query_row("SELECT bytes FROM checkpoint", [], |row| row.get(0)).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    store.execute("UPDATE checkpoint SET bytes = ?1", [&bytes]).unwrap();
    drop(store);
    let refused = village.phone.script(&["checkpoint", "compare", "--text", &told]);
    assert_eq!((refused.status, refused.code().as_str()), (1, "chain-broken"));
    assert_eq!((evidence(&village.phone), warnings(&village.phone)), (vec![], vec![]));
}

/// The wall clock is anybody's to set; the time since boot is not.
#[test]
fn evidence_is_dated_by_the_servers_time() {
    let village = Village::synced("dated", 300, 2, 1);
    let a_year_on = || {
        let now = clock::boot();
        BootTime { seconds: now.seconds + 365 * 86_400, ..now }
    };
    let options = OpenOptions { clock: Clock::new(clock::wall, a_year_on), ..village.phone.options() };
    let profile = profiles(&village.phone.data_dir).unwrap().remove(0);
    let written = Client::open(options, &profile).unwrap().export_evidence().unwrap();
    let written: serde_json::Value = serde_json::from_str(&written).unwrap();
    let at: Timestamp = written["written_at"].as_str().unwrap().parse().unwrap();
    assert!(at.seconds() > clock::wall().seconds() + 364 * 86_400, "{at}");
}

#[test]
fn a_new_epoch_replaces_what_it_lost_and_keeps_evidence_of_the_old() {
    let village = Village::synced("epoch", 600, 3, 2);
    let (account, backup) = (first_account(&village.phone), village.back_up("before"));
    let told = village.phone.json(&["transactions", "--account", &account, "--limit", "1000"]);
    village.deposit(&account, "1000");
    village.phone.sync();
    let shown = savings(&village.phone, &account);
    let lost = village.phone.json(&["transactions", "--account", &account, "--limit", "1"])["entries"][0].clone();

    let village = village.restore(&backup);
    assert_eq!(village.office.new_epoch("server rusak, dipulihkan dari cadangan")["epoch"], 2);
    // The news of the epoch, without the new books: the old figure stays, with its own time.
    let pulls = AtomicUsize::new(0);
    village.middle.rule_for("pull", move |request, upstream| match pulls.fetch_add(1, Ordering::SeqCst) {
        0 => upstream.pass(request),
        _ => Act::HangUp,
    });
    assert_eq!(village.phone.script(&["sync"]).status, 3);
    let now = savings(&village.phone, &account);
    for same in ["balance", "seq", "as_of"] {
        assert_eq!(now[same], shown[same]);
    }
    assert_eq!(now["verified"], false);
    assert_eq!(warnings(&village.phone), [("past_changed".to_owned(), Some(account.clone()))]);

    village.middle.pass();
    let synced = village.phone.sync();
    assert_eq!((&synced["epoch"], &synced["complete"]), (&json!(2), &json!(true)));
    let now = savings(&village.phone, &account);
    assert_eq!((now["seq"].as_u64(), &now["verified"]), (shown["seq"].as_u64().map(|seq| seq - 1), &json!(true)));
    assert_eq!(village.phone.json(&["transactions", "--account", &account, "--limit", "1000"]), told);
    assert_eq!(village.phone.verify()["ok"], true);
    assert_eq!(warnings(&village.phone), [("past_changed".to_owned(), Some(account.clone()))], "the member is told");

    // Both checkpoints, the old rows and the first that is missing.
    let kept = evidence(&village.phone);
    assert_eq!(kept.len(), 1);
    let [before, now] = [content(kept[0].held.as_ref()), content(kept[0].received.as_ref())];
    assert_eq!([(before.epoch, before.generation), (now.epoch, now.generation)], [(1, 2), (2, 1)]);
    assert_eq!(now.reset.map(|reset| (reset.epoch, reset.last_generation)), Some((1, 1)));
    let row: (u64, u64, u64, u64) = village
        .phone
        .open_store(COOPERATIVE, MEMBER)
        .query_row(
            "SELECT v.epoch, v.first_seq, count(*), max(e.seq) FROM evidence v JOIN savings_entry e ON e.account = v.old_account",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .unwrap();
    let seq = lost["seq"].as_u64().unwrap();
    assert_eq!(row, (2, seq, seq, seq));

    assert_exported(&village, seq, &lost);

    // The office enters it again, and the books go on.
    village.deposit(&account, "1000");
    assert_eq!(village.phone.sync()["complete"], true);
    assert_eq!(savings(&village.phone, &account)["balance"], shown["balance"]);
    assert_eq!(village.phone.verify()["ok"], true);
    // Never back to the old epoch, should the office get past its own server's refusal.
    std::fs::remove_file(village.office.keys().join(COOPERATIVE).join("epoch")).unwrap();
    let village = village.restore(&backup);
    assert_refused(&village);
    assert_eq!(evidence(&village.phone).last().unwrap().kind, "rollback");
}

/// What a new epoch has otherwise was taken over: it is no reason to leave the account alone.
#[test]
fn a_store_built_anew_after_a_new_epoch_has_every_account_at_once() {
    let village = Village::synced("anew", 600, 3, 2);
    let (account, backup) = (first_account(&village.phone), village.back_up("before"));
    village.deposit(&account, "1000");
    village.phone.sync();
    let village = village.restore(&backup);
    village.office.new_epoch("server rusak, dipulihkan dari cadangan");
    assert_eq!(village.phone.sync()["complete"], true);
    let shown = savings(&village.phone, &account);
    village.phone.open_store(COOPERATIVE, MEMBER).execute("UPDATE account SET head = x'ff'", []).unwrap();
    assert_eq!(village.phone.sync()["complete"], true);
    assert_eq!(savings(&village.phone, &account)["balance"], shown["balance"]);
    assert_eq!(village.phone.verify()["ok"], true);
    assert_eq!(evidence(&village.phone)[0].kind, "past_changed", "and the evidence is still there");
}

#[test]
fn a_request_that_a_restored_server_forgot_is_sent_again() {
    let village = Village::synced("forgot", 600, 3, 2);
    let backup = village.back_up("before");
    let id = village.phone.ask("1000000");
    village.phone.sync();
    assert_eq!(village.office.requests()[0]["request_id"], *id);

    let village = village.restore(&backup);
    assert_eq!(village.office.requests(), [] as [serde_json::Value; 0]);
    village.office.new_epoch("server rusak, dipulihkan dari cadangan");
    village.phone.sync();
    village.phone.sync();
    assert_eq!(village.office.requests().len(), 1, "the office must know of it again");
    assert_eq!(village.office.requests()[0]["request_id"], *id);
    assert_eq!(village.phone.json(&["loan", "requests"])["requests"][0]["state"], "received");
}

/// Asks for a loan and has the office hear of it.
fn ask(village: &Village, principal: &str) -> String {
    let id = village.phone.ask(principal);
    village.phone.sync();
    id
}

/// How a request stands on the phone.
fn state(village: &Village, id: &str) -> serde_json::Value {
    let requests = village.phone.json(&["loan", "requests"]);
    let found = requests["requests"].as_array().unwrap().iter().find(|request| request["request_id"] == id);
    found.unwrap()["state"].clone()
}

#[test]
fn a_restore_without_a_new_epoch_hides_no_answer() {
    let village = Village::synced("unsaid", 600, 3, 2);
    let backup = village.back_up("before");
    for principal in ["1000000", "1500000"] {
        let decided = ask(&village, principal);
        village.office.approve(&decided, "ya");
        village.phone.sync();
        assert_eq!(state(&village, &decided), "approved");
    }

    // What the office says now has numbers that the phone knows from before.
    let village = village.restore(&backup);
    let asked = ask(&village, "2000000");
    village.office.approve(&asked, "ya juga");
    village.phone.sync();
    assert_eq!(state(&village, &asked), "approved");
    village.office.new_epoch("server dipulihkan dari cadangan");
    let later = ask(&village, "2500000");
    village.phone.sync();
    village.office.approve(&later, "ya");
    village.phone.sync();
    assert_eq!([state(&village, &asked), state(&village, &later)], ["approved", "approved"]);
}

#[test]
fn an_answer_given_after_a_restore_reaches_the_phone() {
    let village = Village::synced("answered", 600, 3, 2);
    let backup = village.back_up("before");
    let first = ask(&village, "1000000");
    village.office.approve(&first, "ya");
    village.phone.sync();
    assert_eq!(state(&village, &first), "approved");

    let village = village.restore(&backup);
    village.office.new_epoch("server rusak, dipulihkan dari cadangan");
    let second = ask(&village, "2000000");
    // That sync brought the news of the restore: what was not decided is sent once more.
    village.phone.sync();
    assert_eq!(state(&village, &second), "received");
    village.office.approve(&second, "ya juga");
    village.phone.sync();
    assert_eq!(state(&village, &second), "approved");
}
