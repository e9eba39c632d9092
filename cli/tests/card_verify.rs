//! The shop's side: a card, lists and keys in files, no enrolment, no network.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use std::sync::Arc;

use anggota::card::{
    Card, CardClaims, CardName, Challenge, DAY, Issuer, IssuerKey, KeyUse, MemberClass, Purchase, Sectors, Status,
    StatusList, Subject, TrustList, VerifierId, issue,
};
use anggota::cose::{Signer, SoftwareSigner};
use anggota::domain::{CooperativeId, Timestamp};
use anggota::entropy;
use data_encoding::HEXLOWER;
use serde_json::json;
use support::{Folder, Run, run};

const NOW: i64 = 1_790_000_000;
const URI: &str = "https://kop.example/handayani/status";

fn key() -> SoftwareSigner {
    let rng = Arc::new(entropy::system());
    SoftwareSigner::from_pkcs8(&SoftwareSigner::generate_pkcs8(&*rng).unwrap(), rng).unwrap()
}

/// A federation of one cooperative, and one member's phone.
struct World {
    folder: Folder,
    root: SoftwareSigner,
    cards: SoftwareSigner,
    statuses: SoftwareSigner,
    phone: SoftwareSigner,
    card: Card,
}

impl World {
    fn new() -> Self {
        let (root, cards, statuses, phone) = (key(), key(), key(), key());
        let claims = CardClaims {
            issuer: CooperativeId::new("handayani").unwrap(),
            subject: Subject::new("a1b2c3d4").unwrap(),
            holder: *phone.public_key(),
            name: Some(CardName::new("Siti Rahayu").unwrap()),
            class: MemberClass::MEMBER,
            status_index: 1,
            sectors: Sectors::default(),
            approval: false,
        };
        let card = issue(&claims, NOW - DAY, 1, &cards).unwrap();
        let world = Self { folder: Folder::new(), root, cards, statuses, phone, card };
        world.public("root", &world.root);
        world.trust(7);
        world.status("status", Status::Valid, NOW - 3600);
        world
    }

    /// A public key in a file, as the federation's command writes it.
    fn public(&self, name: &str, key: &SoftwareSigner) {
        self.folder.file(name, format!("{}\n", HEXLOWER.encode(key.public_key().as_bytes())).as_bytes());
    }

    fn trust(&self, seq: u64) {
        let key = |kid, usage, signer: &SoftwareSigner| IssuerKey {
            kid,
            key: *signer.public_key(),
            usage,
            not_before: NOW - 100 * DAY,
            not_after: NOW + 100 * DAY,
            revoked_at: None,
        };
        let keys = vec![key(1, KeyUse::Card, &self.cards), key(2, KeyUse::Status, &self.statuses)];
        let cooperative = CooperativeId::new("handayani").unwrap();
        let issuer = Issuer::new(cooperative, "KSP Handayani", URI, keys, vec![]).unwrap();
        let federation = CooperativeId::new("puskopdit").unwrap();
        self.folder.file("trust", &TrustList::sign(&federation, seq, NOW - DAY, &[issuer], 0, &self.root).unwrap());
    }

    fn status(&self, name: &str, status: Status, at: i64) {
        let list = [Status::Valid, status];
        self.folder.file(name, &StatusList::sign(URI, list, at, 2, &self.statuses).unwrap());
    }

    fn shown(&self) -> String {
        self.card.show(NOW, [7; 8], &self.phone).unwrap()
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn verify(&self, text: &str, at: i64, more: &[&str]) -> Run {
        let (trust, root) = (self.path("trust"), self.path("root"));
        let at = Timestamp::from_seconds(at).unwrap().to_string();
        let given = ["card", "verify", "--json", "--text", text, "--trust", &trust, "--root", &root, "--at", &at];
        run(&self.folder, given.iter().chain(more))
    }

    fn verify_fresh(&self, text: &str, at: i64, more: &[&str]) -> Run {
        let status = self.path("status");
        self.verify(text, at, &[&["--status", &status], more].concat())
    }
}

#[track_caller]
fn assert_red(run: &Run, reason: &str) {
    let document = run.document();
    assert_eq!((run.status, &document["result"], &document["reason"]), (1, &json!("red"), &json!(reason)));
}

#[test]
fn a_good_card_is_green_and_says_whose_it_is() {
    let world = World::new();
    let green = world.verify_fresh(&world.shown(), NOW + 120, &[]);
    assert_eq!(green.status, 0);
    let bearer =
        json!({"result": "green", "name": "Siti Rahayu", "member_class": "anggota", "cooperative": "KSP Handayani"});
    assert_eq!(green.document(), bearer);
    assert!(!world.folder.path().join("data").exists(), "no store is opened");
}

#[test]
fn without_a_status_list_it_is_amber() {
    let world = World::new();
    let amber = world.verify(&world.shown(), NOW, &[]);
    assert_eq!((amber.status, amber.document()["reason"].as_str()), (0, Some("status_stale")));
}

#[test]
fn a_picture_of_a_card_is_red_two_minutes_later() {
    let world = World::new();
    assert_red(&world.verify_fresh(&world.shown(), NOW + 121, &[]), "bad_time");
}

#[test]
fn any_changed_character_is_red_and_names_nobody() {
    let world = World::new();
    let text = world.shown();
    for place in (0..text.len()).step_by(9).chain([text.len() - 1]) {
        let other = if &text[place..=place] == "A" { "B" } else { "A" };
        let run = world.verify_fresh(&format!("{}{other}{}", &text[..place], &text[place + 1..]), NOW, &[]);
        let document = run.document();
        assert_eq!((run.status, &document["result"]), (1, &json!("red")), "place {place}");
        assert_eq!([&document["name"], &document["member_class"], &document["cooperative"]], [&json!(null); 3]);
    }
}

#[test]
fn a_suspended_member_is_red_by_the_newest_list() {
    let world = World::new();
    world.status("status", Status::Suspended, NOW);
    assert_red(&world.verify_fresh(&world.shown(), NOW, &[]), "suspended");
}

#[test]
fn with_state_a_card_counts_once_across_processes() {
    let world = World::new();
    let (state, text) = (world.path("state"), world.shown());
    let more = ["--state", state.as_str()];
    assert_eq!(world.verify_fresh(&text, NOW, &more).status, 0);
    assert_eq!(world.verify_fresh(&text, NOW + 5, &more).status, 0, "a scanner reads twice");
    assert_red(&world.verify_fresh(&text, NOW + 6, &more), "replayed");
    assert_red(&world.verify_fresh(&world.shown(), NOW + 1, &more), "replayed"); // the same moment, signed once more
    assert_eq!(world.verify_fresh(&text, NOW + 6, &[]).status, 0, "without state none is kept or checked");
}

#[test]
fn with_state_lists_never_go_back() {
    let world = World::new();
    let (state, text) = (world.path("state"), world.shown());
    let more = ["--state", state.as_str()];
    assert_eq!(world.verify_fresh(&text, NOW, &more).status, 0);

    world.status("status", Status::Valid, NOW - 3601);
    let older = world.verify_fresh(&text, NOW, &more);
    assert_eq!((older.status, older.code().as_str()), (1, "rollback"));
    assert_eq!(older.document()["error"]["field"], "status");

    world.status("status", Status::Valid, NOW - 3600);
    world.trust(6);
    let older = world.verify_fresh(&text, NOW, &more);
    assert_eq!((older.status, older.code().as_str()), (1, "rollback"));
    assert_eq!(older.document()["error"]["field"], "trust");

    world.trust(8);
    assert_eq!(world.verify_fresh(&text, NOW + 2, &more).status, 0);
}

#[test]
fn a_state_that_cannot_be_used_gives_no_verdict() {
    let world = World::new();
    std::fs::create_dir(world.path("state")).unwrap();
    world.folder.file("state/verifier.json", b"garbage");
    let run = world.verify_fresh(&world.shown(), NOW, &["--state", &world.path("state")]);
    assert_eq!((run.status, run.code().as_str()), (4, "store-unreadable"));
    let run = world.verify_fresh(&world.shown(), NOW, &["--state", &world.path("trust")]);
    assert_eq!((run.status, run.code().as_str()), (4, "store-write"));
}

#[test]
fn lists_and_keys_of_others_are_refused_by_their_option() {
    let world = World::new();
    world.public("stranger", &key());
    let (root, trust, status) = (world.path("root"), world.path("trust"), world.path("status"));
    let text = world.shown();
    for (used, code, field) in [
        ([world.path("stranger"), trust.clone(), status.clone()], "not-verified", "trust"),
        ([trust.clone(), trust.clone(), status.clone()], "invalid-input", "root"),
        ([root.clone(), world.path("none"), status.clone()], "invalid-input", "trust"),
        ([root.clone(), status.clone(), status.clone()], "invalid-input", "trust"),
        ([root.clone(), trust.clone(), trust.clone()], "invalid-input", "status"),
        ([root.clone(), trust.clone(), root.clone()], "invalid-input", "status"),
    ] {
        let [root, trust, status] = &used;
        let given = ["card", "verify", "--json", "--text", &text, "--root", root, "--trust", trust, "--status", status];
        let run = run(&world.folder, given);
        assert_eq!((run.status, run.code().as_str()), (1, code), "{used:?}");
        assert_eq!(run.document()["error"]["field"], field, "{used:?}");
    }
    let stranger = world.path("stranger");
    let second = world.verify_fresh(&text, NOW, &["--root", &stranger]);
    assert_eq!(second.status, 0, "one of two roots is enough");
}

#[test]
fn an_answer_is_held_to_its_question() {
    let world = World::new();
    let verifier = VerifierId::new("mart-01").unwrap();
    let asked = Challenge::purchase(verifier, [9; 16], Purchase::new(50_000, None).unwrap(), NOW);
    let text = world.card.answer(&asked, NOW + 20, &world.phone).unwrap();
    let nonce = "09".repeat(16);
    let with = |audience: &str, nonce: &str, amount: &str| {
        world.verify_fresh(&text, NOW + 90, &["--audience", audience, "--nonce", nonce, "--amount", amount])
    };
    assert_eq!(with("kop:b:mart-01", &nonce, "50000").document()["result"], "green");
    assert_red(&with("kop:b:mart-02", &nonce, "50000"), "wrong_audience");
    assert_red(&with("kop:b:mart-01", &"08".repeat(16), "50000"), "wrong_nonce");
    assert_red(&with("kop:b:mart-01", &nonce, "50001"), "wrong_amount");
    assert_red(&with("kop:s:mart-01", &nonce, "50000"), "wrong_audience");
    assert_red(&world.verify_fresh(&text, NOW + 90, &[]), "wrong_audience");
    let half = with("kop:b:mart-01", &nonce, "50000.50");
    assert_eq!((half.status, half.code().as_str()), (1, "invalid-input"));
    for more in [&["--audience", "kop:b:mart-01"][..], &["--nonce", &nonce], &["--amount", "5"]] {
        let run = world.verify_fresh(&text, NOW, more);
        assert_eq!((run.status, run.code().as_str()), (2, "usage"), "{more:?}");
    }
}

#[test]
fn people_read_a_colour_and_what_to_do() {
    let world = World::new();
    let (trust, root) = (world.path("trust"), world.path("root"));
    let given = ["card", "verify", "--text", &world.shown(), "--trust", &trust, "--root", &root];
    let red = run(&world.folder, given);
    assert_eq!((red.status, red.stderr.as_str()), (1, ""));
    assert!(red.stdout.starts_with("MERAH: "), "{}", red.stdout);
}
