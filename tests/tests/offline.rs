//! What a member and a shop can do without any network: the programs run in a network namespace that has none, and the
//! server is stopped. The shop has nothing but files.

#![allow(clippy::unwrap_used, missing_docs)]

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::process::Command;

use anggota::card::{
    Expected, InMemory, NoMemory, Outcome, Presentation, StatusList, StatusLists, TrustList, Verifier,
};
use anggota::cose::PublicKey;
use anggota::domain::Timestamp;
use anggota_tests::{Federation, Office, Output, Phone, Scratch, Serving, generated, run};
use serde_json::{Value, json};

const COOPERATIVE: &str = "contoh";
const MEMBER: &str = "A000001";

/// A wrapper without a network: `unshare -n` for root, with a user namespace for others. `None` is printed with its reason.
fn no_network() -> Option<&'static [&'static str]> {
    let works = |wrapper: &&&[&str]| {
        let tried = Command::new(wrapper[0]).args(&wrapper[1..]).arg("true").output();
        tried.is_ok_and(|output| output.status.success())
    };
    let found = [&["unshare", "-n"][..], &["unshare", "-rn"]].iter().copied().find(|wrapper| works(&wrapper));
    if found.is_none() {
        anggota_tests::skipped(
            "what is done without a network, because this machine allows no network namespace (unshare -rn)",
        );
    }
    found
}

/// An office whose member's phone is in step, and a federation.
struct World {
    office: Office,
    serving: Serving,
    phone: Phone,
    federation: Federation,
    scratch: Scratch,
}

impl World {
    fn new(name: &str) -> Self {
        let scratch = Scratch::new(name);
        let (office, books) = (Office::new(&scratch, "office"), scratch.join("books"));
        generated(7, 600, 3, 2, &books);
        office.import(&books);
        let serving = office.serve();
        let phone = Phone::new(&scratch, "phone");
        phone.enrol(&serving.of(COOPERATIVE), MEMBER, &office.activate(MEMBER));
        assert_eq!(phone.sync()["complete"], true);
        let federation = Federation::new(&scratch, &office, "federation");
        Self { office, serving, phone, federation, scratch }
    }

    /// A shop that got the federation's key, its trust list and the cooperative's status list, and never enrolled.
    fn shop(&self, wrapper: &[&str]) -> Shop {
        let folder = self.scratch.join("shop");
        fs::create_dir_all(&folder).unwrap();
        let issuer = self.scratch.join("issuer");
        self.office.export_issuer(&issuer);
        self.federation.sign(&self.office, "root-0.key", &issuer, &folder.join("trust"));
        fs::copy(self.federation.file("root-0.pub"), folder.join("root")).unwrap();
        self.office.export_status_list(&folder.join("status"));
        Shop { phone: Phone::at(&folder.join("data")).under(wrapper), folder }
    }
}

/// What a shop's till knows.
struct Shop {
    phone: Phone,
    folder: PathBuf,
}

impl Shop {
    fn file(&self, name: &str) -> String {
        self.folder.join(name).to_str().unwrap().to_owned()
    }

    fn verify(&self, text: &str, more: &[&str]) -> Output {
        let (trust, root, status) = (self.file("trust"), self.file("root"), self.file("status"));
        let given = ["card", "verify", "--text", text, "--trust", &trust, "--root", &root, "--status", &status];
        self.phone.script(&[&given[..], more].concat())
    }
}

#[track_caller]
fn assert_red(output: &Output, reason: &str) {
    let document = output.document();
    assert_eq!((output.status, &document["result"], &document["reason"]), (1, &json!("red"), &json!(reason)));
}

/// When the phone signed the text, as it says in it.
fn signed_at(text: &str) -> i64 {
    Presentation::from_text(text).unwrap().signed_at()
}

fn time(seconds: i64) -> String {
    Timestamp::from_seconds(seconds).unwrap().to_string()
}

#[test]
fn a_member_reads_asks_and_shows_the_card_without_a_network() {
    let Some(wrapper) = no_network() else { return };
    let world = World::new("offline");
    let phone = world.phone.under(wrapper);
    let reached = phone.script(&["sync"]);
    assert_eq!((reached.status, reached.code().as_str()), (3, "no-network"), "the server runs, but nothing reaches it");

    let online = world.phone.balance();
    assert!(online["savings"].as_array().unwrap().iter().all(|account| account["verified"] == true));
    world.serving.stop();
    assert_eq!(phone.balance(), online);
    let account = online["savings"][0]["account_no"].as_str().unwrap();
    let page = phone.json(&["transactions", "--account", account, "--limit", "1000"]);
    assert_eq!(page["entries"].as_array().unwrap().len(), online["savings"][0]["seq"]);
    assert_eq!(page["entries"][0]["balance"], online["savings"][0]["balance"]);
    assert_eq!(phone.json(&["loan", "list"])["loans"], online["loans"]);
    let loan = online["loans"][0]["loan_no"].as_str().unwrap();
    assert_eq!(
        phone.json(&["loan", "transactions", loan])["entries"][0]["outstanding"],
        online["loans"][0]["outstanding"]
    );
    assert_eq!(phone.verify()["ok"], true);

    let id = phone.ask("1000000");
    assert_eq!(phone.json(&["loan", "requests"])["requests"][0]["request_id"], *id);
    assert_eq!(phone.balance()["pending"][0]["state"], "queued");

    let [png, svg] = ["card.png", "card.svg"].map(|name| world.scratch.join(name));
    let files = ["--png", png.to_str().unwrap(), "--svg", svg.to_str().unwrap()];
    let card = phone.json(&[&["card", "show", "--once"], &files[..]].concat());
    let text = card["text"].as_str().unwrap();
    assert!(text.starts_with("KTA1:") && text.len() <= 535, "{} characters", text.len());
    assert!(card["modules"].as_u64().unwrap() <= 65);
    assert_eq!(read_picture(&png, &card), text, "an independent reader finds the text in the picture");
    let picture = fs::read_to_string(svg).unwrap();
    assert!(picture.starts_with("<svg ") && picture.contains("viewBox"));

    let sync = phone.script(&["sync"]);
    assert_eq!((sync.status, sync.code().as_str()), (3, "no-network"));
    assert_eq!(phone.balance()["savings"], online["savings"]);
}

/// The text in a PNG's QR code, after its size was held against what the program said.
fn read_picture(png: &Path, card: &Value) -> String {
    let mut reader = png::Decoder::new(Cursor::new(fs::read(png).unwrap()));
    reader.set_transformations(png::Transformations::EXPAND);
    let mut reader = reader.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.color_type, png::ColorType::Grayscale);
    let (width, height) = (info.width as usize, info.height as usize);
    assert_eq!(width, height);
    assert_eq!(width % (card["modules"].as_u64().unwrap() as usize + 8), 0, "whole modules and a quiet zone of four");
    let mut prepared =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * info.line_size + x]);
    let codes = prepared.detect_grids();
    assert_eq!(codes.len(), 1);
    codes[0].decode().unwrap().1
}

#[test]
fn a_shop_verifies_with_nothing_but_files() {
    let Some(wrapper) = no_network() else { return };
    let world = World::new("shop");
    let shop = world.shop(wrapper);
    world.serving.stop();
    let text = world.phone.under(wrapper).json(&["card", "show", "--once"])["text"].as_str().unwrap().to_owned();
    let at = signed_at(&text);

    let name = fs::read_to_string(world.scratch.join("books/members.csv")).unwrap();
    let name = name.lines().nth(1).unwrap().split(',').nth(1).unwrap().to_owned();
    let green = shop.verify(&text, &["--at", &time(at + 1)]);
    let bearer =
        json!({"result": "green", "name": name, "member_class": "anggota", "cooperative": "KSP Contoh Sejahtera"});
    assert_eq!((green.status, green.document()), (0, bearer));
    assert_eq!(shop.verify(&text, &[]).document()["result"], "green", "by this machine's clock too");

    // A picture of the card, taken in time and shown later.
    for (later, red) in [(-60, false), (120, false), (121, true), (86_400, true), (-61, true)] {
        let verdict = shop.verify(&text, &["--at", &time(at + later)]);
        if red { assert_red(&verdict, "bad_time") } else { assert_eq!(verdict.status, 0, "{later} s later") }
    }

    // The same card twice, with a memory and without.
    let state = shop.file("state");
    let with_state = |later: i64| shop.verify(&text, &["--state", &state, "--at", &time(at + later)]);
    assert_eq!(with_state(1).document()["result"], "green");
    assert_eq!(with_state(6).document()["result"], "green", "a scanner reads twice");
    assert_red(&with_state(7), "replayed");
    assert_red(&with_state(100), "replayed");
    assert_eq!(shop.verify(&text, &["--at", &time(at + 7)]).status, 0);
    let other = world.phone.json(&["card", "show", "--once"])["text"].as_str().unwrap().to_owned();
    assert_ne!(other, text);
    assert_eq!(shop.verify(&other, &["--state", &state]).document()["result"], "green", "a new code is another one");

    let left: Vec<_> = fs::read_dir(&shop.phone.data_dir).unwrap().collect();
    assert!(left.is_empty(), "no enrolment, no store, no keys: {left:?}");
}

#[test]
fn a_suspended_member_is_red_with_a_fresh_status_list() {
    let Some(wrapper) = no_network() else { return };
    let world = World::new("suspended");
    let shop = world.shop(wrapper);
    let show = || world.phone.under(wrapper).json(&["card", "show", "--once"])["text"].as_str().unwrap().to_owned();
    assert_eq!(shop.verify(&show(), &[]).document()["result"], "green");

    assert_eq!(world.office.suspend(MEMBER)["status"], "suspended");
    assert_eq!(shop.verify(&show(), &[]).document()["result"], "green", "the shop does not know yet");
    world.office.export_status_list(Path::new(&shop.file("status")));
    assert_red(&shop.verify(&show(), &[]), "suspended");

    assert_eq!(world.office.restore(MEMBER)["status"], "active");
    world.office.export_status_list(Path::new(&shop.file("status")));
    assert_eq!(shop.verify(&show(), &[]).document()["result"], "green");

    // A list that the phone's owner would rather have the shop use.
    let stale = shop.verify(&show(), &["--at", &time(signed_at(&show()) + 86_400 * 8)]);
    assert_eq!(stale.status, 1);

    let device = world.office.devices()[0]["device_id"].as_str().unwrap().to_owned();
    world.office.revoke(&device);
    world.office.export_status_list(Path::new(&shop.file("status")));
    assert_red(&shop.verify(&show(), &[]), "revoked");
}

#[test]
fn any_one_character_changed_is_red_and_names_nobody() {
    let Some(wrapper) = no_network() else { return };
    let world = World::new("changed");
    let shop = world.shop(wrapper);
    world.serving.stop();
    let text = world.phone.under(wrapper).json(&["card", "show", "--once"])["text"].as_str().unwrap().to_owned();
    let at = signed_at(&text) + 1;

    let root = fs::read_to_string(shop.file("root")).unwrap();
    let root = data_encoding::HEXLOWER_PERMISSIVE.decode(root.trim().as_bytes()).unwrap();
    let roots = [PublicKey::from_sec1(&root).unwrap()];
    let trust = TrustList::read(&fs::read(shop.file("trust")).unwrap(), &roots, 0).unwrap();
    let mut statuses = StatusLists::default();
    statuses.accept(StatusList::read(&fs::read(shop.file("status")).unwrap(), &trust).unwrap()).unwrap();
    let verifier = Verifier { trust: &trust, statuses: &statuses };
    let verdict = |text: &str| verifier.verify(text, Expected::Show, at, &mut NoMemory).unwrap();
    assert_eq!(verdict(&text).outcome, Outcome::Green);
    let mut memory = InMemory::default();
    for place in 0..text.len() {
        for other in ["0", "A", "%", " "] {
            if &text[place..=place] == other {
                continue;
            }
            let changed = format!("{}{other}{}", &text[..place], &text[place + 1..]);
            let said = verifier.verify(&changed, Expected::Show, at, &mut memory).unwrap();
            assert!(!said.outcome.is_accepted() && said.bearer.is_none(), "{other} at {place}: {said:?}");
        }
    }
    for cut in [0, 1, 5, text.len() / 2, text.len() - 1] {
        assert!(!verdict(&text[..cut]).outcome.is_accepted());
    }

    // The program itself, at the beginning, in the middle and at the end.
    for place in [0, 5, text.len() / 3, text.len() / 2, text.len() - 1] {
        let other = if &text[place..=place] == "A" { "B" } else { "A" };
        let said = shop.verify(&format!("{}{other}{}", &text[..place], &text[place + 1..]), &["--at", &time(at)]);
        let document = said.document();
        assert_eq!((said.status, &document["result"]), (1, &json!("red")), "at {place}");
        assert_eq!([&document["name"], &document["member_class"], &document["cooperative"]], [&json!(null); 3]);
    }
}

#[test]
fn another_federation_vouches_for_nobody_here() {
    let Some(wrapper) = no_network() else { return };
    let world = World::new("federations");
    let shop = world.shop(wrapper);
    let text = world.phone.json(&["card", "show", "--once"])["text"].as_str().unwrap().to_owned();
    let at = time(signed_at(&text));
    assert_eq!(shop.verify(&text, &["--at", &at]).document()["result"], "green");

    // Their root did not sign our list.
    let theirs = Federation::new(&world.scratch, &world.office, "theirs");
    let ours = fs::read(shop.file("root")).unwrap();
    fs::copy(theirs.file("root-0.pub"), shop.file("root")).unwrap();
    let refused = shop.verify(&text, &["--at", &at]);
    assert_eq!((refused.status, refused.code().as_str()), (1, "not-verified"));

    // Their own list knows another cooperative only, which has the same member and account numbers.
    let (books, issuer) = (world.scratch.join("other-books"), world.scratch.join("other-issuer"));
    let options = anggota_tests::BooksOptions {
        seed: 7,
        entries: 600,
        accounts: 3,
        loans: 2,
        cooperative_id: "lain".into(),
        ..Default::default()
    };
    anggota_tests::generate(&options, &books);
    world.office.import(&books);
    let other = world.office.of("lain");
    other.export_issuer(&issuer);
    theirs.sign(&other, "root-1.key", &issuer, Path::new(&shop.file("trust")));
    fs::copy(theirs.file("root-1.pub"), shop.file("root")).unwrap();
    other.export_status_list(Path::new(&shop.file("status")));
    assert_red(&shop.verify(&text, &["--at", &at]), "unknown_issuer");

    // Back with our own root, signed by the one that was locked away.
    let ours_again = world.office.of(COOPERATIVE);
    ours_again.export_issuer(&issuer);
    world.federation.sign(&ours_again, "root-1.key", &issuer, Path::new(&shop.file("trust")));
    ours_again.export_status_list(Path::new(&shop.file("status")));
    fs::write(shop.file("root"), ours).unwrap();
    let second = world.federation.file("root-1.pub");
    let both = shop.verify(&text, &["--at", &at, "--root", second.to_str().unwrap()]);
    assert_eq!(both.document()["result"], "green", "one of two roots is enough");
}

#[test]
fn a_phone_that_follows_the_federation_needs_no_key_from_the_paper() {
    let scratch = Scratch::new("follows");
    let (office, books) = (Office::new(&scratch, "office"), scratch.join("books"));
    generated(9, 300, 2, 1, &books);
    office.import(&books);
    let federation = Federation::new(&scratch, &office, "federation");
    let (issuer, trust) = (scratch.join("issuer"), scratch.join("trust"));
    office.export_issuer(&issuer);
    federation.sign(&office, "root-0.key", &issuer, &trust);
    let serving = office.serve_with("127.0.0.1:0", &["--trust-list", trust.to_str().unwrap()]);

    let phone = Phone::new(&scratch, "phone");
    let paper = office.activate(MEMBER);
    let (server, root) = (serving.of(COOPERATIVE), federation.file("root-0.pub"));
    let given = ["enrol", "--server", &server, "--member", MEMBER, "--code", &paper.code];
    let nothing = phone.script(&given);
    assert_eq!((nothing.status, nothing.code().as_str()), (1, "trust-missing"));
    phone.json(&[&given[..], &["--root", root.to_str().unwrap()]].concat());
    assert_eq!(phone.sync()["complete"], true);
    assert_eq!(phone.verify()["ok"], true);
    assert!(phone.json(&["card", "show"])["text"].as_str().unwrap().starts_with("KTA1:"));

    // A phone that trusts other roots does not enrol, and the code is not used up by it.
    let theirs = Federation::new(&scratch, &office, "theirs");
    let paper = office.activate(MEMBER);
    let other = Phone::new(&scratch, "other");
    let given = ["enrol", "--server", &server, "--member", MEMBER, "--code", &paper.code, "--root"];
    let refused = other.script(&[&given[..], &[theirs.file("root-0.pub").to_str().unwrap()]].concat());
    assert_eq!((refused.status, refused.code().as_str()), (1, "not-verified"));
    let third = Phone::new(&scratch, "third");
    third.json(&[&given[..], &[root.to_str().unwrap()]].concat());
    assert_eq!(third.sync()["complete"], true);

    // A card shown without a network, its server gone.
    serving.stop();
    let mut sync = phone.command(&["sync", "--json"]);
    assert_eq!(run(&mut sync).status, 3);
    assert_eq!(phone.verify()["ok"], true);
}

/// In an older list a key may still count that was withdrawn since.
#[test]
fn a_new_enrolment_takes_no_older_trust_list() {
    let scratch = Scratch::new("older-list");
    let (office, books) = (Office::new(&scratch, "office"), scratch.join("books"));
    generated(9, 300, 2, 1, &books);
    office.import(&books);
    let federation = Federation::new(&scratch, &office, "federation");
    let (issuer, served) = (scratch.join("issuer"), scratch.join("trust"));
    office.export_issuer(&issuer);
    let [key, root] = ["root-0.key", "root-0.pub"].map(|name| federation.file(name).to_str().unwrap().to_owned());
    let sign = |seq: &str| {
        let given = ["federation", "sign", "--root", &key, "--issuer", issuer.to_str().unwrap(), "--seq", seq];
        office.json(&[&given[..], &[served.to_str().unwrap()]].concat());
    };
    sign("7");
    let serving = office.serve_with("127.0.0.1:0", &["--trust-list", served.to_str().unwrap()]);
    let (phone, server) = (Phone::new(&scratch, "phone"), serving.of(COOPERATIVE));
    let enrol =
        |code: &str| phone.script(&["enrol", "--server", &server, "--member", MEMBER, "--code", code, "--root", &root]);
    assert_eq!(enrol(&office.activate(MEMBER).code).status, 0);
    phone.sync();

    let paper = office.activate(MEMBER);
    sign("6");
    let refused = enrol(&paper.code);
    assert_eq!((refused.status, refused.code().as_str()), (1, "not-verified"));
    sign("8");
    assert_eq!(enrol(&paper.code).status, 0, "the code was not used up by it");
    assert_eq!(phone.sync()["complete"], true);
}
