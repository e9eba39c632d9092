//! Cards over the wire: issued once, renewed when old, withdrawn with the device, listed for the shops.
#![allow(clippy::unwrap_used, reason = "what a test cannot set up fails it")]

mod support;

use anggota::card::{Card, KeyUse, MemberClass, Status, StatusList, TrustList};
use anggota::cose::Signer;
use anggota::domain::CooperativeId;
use anggota::protocol::enrolment;
use anggota::protocol::problem::Code;
use anggota_server::cards;
use anggota_server::federation::{self, Signing};
use anggota_server::refusal::Refusal;
use support::phone::{Ask, Phone, new_signer, send};
use support::{Bench, FIRST, OTHER};

const DAY: i64 = 86_400;

async fn card(phone: &Phone, bench: &Bench) -> Result<Card, Code> {
    let reply = phone.post(bench, "card", vec![], true).await;
    match reply.code() {
        Some(code) => Err(code),
        None => Ok(Card::from_bytes(&enrolment::decode_card(&reply.ok()).unwrap()).unwrap()),
    }
}

/// The trust list of both cooperatives.
fn trust(bench: &Bench) -> TrustList {
    let root = new_signer();
    let issuers = [FIRST, OTHER].map(|id| {
        let cooperative = bench.cooperative(id);
        bench.database.read::<_, Refusal>(|c| federation::issuer(c, &cooperative)).unwrap()
    });
    let federation = CooperativeId::new("federasi").unwrap();
    let signing = Signing { federation: &federation, seq: 1, root: 0, issuers: &issuers };
    let bytes = federation::sign(&signing, &root, bench.now()).unwrap();
    TrustList::read(&bytes, &[*root.public_key()], 0).unwrap()
}

async fn statuses(bench: &Bench) -> StatusList {
    let path = format!("/v1/{FIRST}/status-list");
    let ask = Ask { method: "GET", version: None, content_type: None, ..Ask::post(&path, vec![]) };
    let reply = send(&support::phone::client(), bench.url(), ask).await;
    assert_eq!(reply.headers["content-type"], "application/statuslist+cwt");
    StatusList::read(&reply.ok(), &trust(bench)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_gets_one_card_of_its_own() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let first = card(&phone, &bench).await.unwrap();
    let claims = first.claims();
    assert_eq!(claims.holder, *phone.signer.public_key());
    assert_eq!((claims.issuer.as_str(), claims.name.as_ref().unwrap().as_str()), (FIRST, "Siti Aminah"));
    assert_eq!((claims.class, claims.status_index, claims.approval), (MemberClass::MEMBER, 0, false));
    assert!(!claims.subject.as_str().contains("A001"));
    let trust = trust(&bench);
    let key = trust.issuer(&phone.cooperative).unwrap().key(first.kid(), KeyUse::Card).unwrap();
    assert_eq!(first.verify(&key.key), Ok(()));
    assert!(key.covers(first.issued_at()));
    assert_eq!(card(&phone, &bench).await.unwrap().bytes(), first.bytes(), "a lost answer is the same answer");
    assert_eq!(bench.count("SELECT count(*) FROM card"), 1);

    let candidate = Phone::enrolled(&bench, FIRST, "A003").await;
    let other = card(&candidate, &bench).await.unwrap();
    assert_eq!((other.claims().class, other.claims().status_index), (MemberClass::CANDIDATE, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_is_renewed_when_it_grows_old_or_says_the_wrong_thing() {
    let bench = Bench::start().await;
    let mut phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let first = card(&phone, &bench).await.unwrap();
    bench.pass(30 * DAY);
    assert_eq!(phone.renew(&bench).await, None);
    assert_eq!(card(&phone, &bench).await.unwrap(), first, "60 days are left");
    bench.pass(1);
    let second = card(&phone, &bench).await.unwrap();
    assert_eq!(second.claims().status_index, 1);
    assert_eq!(second.claims().subject, first.claims().subject);
    let list = statuses(&bench).await;
    assert_eq!([list.status(0), list.status(1)], [Some(Status::Valid); 2], "the answer may have been lost");
    bench.execute("UPDATE member SET name = 'Siti Aminah Putri' WHERE member = 1");
    let third = card(&phone, &bench).await.unwrap();
    assert_eq!(third.claims().name.as_ref().unwrap().as_str(), "Siti Aminah Putri");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_gets_at_most_four_new_cards_in_a_day() {
    let bench = Bench::start().await;
    let mut phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let mut last = None;
    for number in 0..6 {
        bench.execute(&format!("UPDATE member SET name = 'Siti {number}' WHERE member = 1"));
        last = Some(card(&phone, &bench).await.unwrap());
    }
    assert_eq!(last.unwrap().claims().name.as_ref().unwrap().as_str(), "Siti 3");
    assert_eq!(bench.count("SELECT count(*) FROM card"), 4);
    bench.execute("UPDATE card SET invalid = 1");
    assert_eq!(card(&phone, &bench).await, Err(Code::TooManyAttempts));
    bench.pass(DAY);
    assert_eq!(phone.renew(&bench).await, None);
    assert_eq!(card(&phone, &bench).await.unwrap().claims().name.as_ref().unwrap().as_str(), "Siti 5");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_list_follows_devices_and_members_at_once() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    card(&phone, &bench).await.unwrap();
    assert_eq!(statuses(&bench).await.status(0), Some(Status::Valid));
    assert_eq!(statuses(&bench).await.status(4), None, "beyond the packed byte of the only card");
    bench.suspend(FIRST, "A001", true);
    assert_eq!(statuses(&bench).await.status(0), Some(Status::Suspended));
    assert_eq!(card(&phone, &bench).await, Err(Code::CardRefused));
    bench.suspend(FIRST, "A001", false);
    assert_eq!(statuses(&bench).await.status(0), Some(Status::Valid));

    // A card on another phone takes the place of the one on the first.
    let second = Phone::enrolled(&bench, FIRST, "A001").await;
    card(&second, &bench).await.unwrap();
    let list = statuses(&bench).await;
    assert_eq!([list.status(0), list.status(1)], [Some(Status::Invalid), Some(Status::Valid)]);
    bench.revoke(FIRST, &second.device);
    assert_eq!(statuses(&bench).await.status(1), Some(Status::Invalid));
    assert_eq!(card(&second, &bench).await, Err(Code::DeviceRevoked));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_card_of_a_revoked_device_is_valid_whatever_its_own_row_says() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    card(&phone, &bench).await.unwrap();
    bench.revoke(FIRST, &phone.device);
    bench.execute("UPDATE card SET invalid = 0");
    assert_eq!(statuses(&bench).await.status(0), Some(Status::Invalid));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_status_list_is_signed_again_before_it_grows_old() {
    let bench = Bench::start().await;
    let first = statuses(&bench).await;
    bench.pass(3_599);
    assert_eq!(statuses(&bench).await.issued_at(), first.issued_at());
    bench.pass(1);
    assert_eq!(statuses(&bench).await.issued_at(), first.issued_at() + 3_600);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_status_list_is_dated_before_an_earlier_one_whatever_the_clock_says() {
    let mut bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    card(&phone, &bench).await.unwrap();
    let (cooperative, keys) = (bench.cooperative(FIRST), bench.keys(FIRST));
    let later = bench.now().plus(500);
    bench.database.write(|t| cards::status_list(t, &cooperative, &keys, later)).unwrap();
    assert_eq!(statuses(&bench).await.issued_at(), later.seconds(), "the office exported one");
    bench.pass(-1_000);
    bench.stop().await;
    bench.serve(support::Setup::default()).await.unwrap();
    assert_eq!(statuses(&bench).await.issued_at(), later.seconds(), "the clock went back");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restore_no_card_takes_the_place_of_one_that_was_lost() {
    let bench = Bench::start().await;
    let [first, lost] = [Phone::enrolled(&bench, FIRST, "A001").await, Phone::enrolled(&bench, FIRST, "A002").await];
    card(&first, &bench).await.unwrap();
    card(&lost, &bench).await.unwrap();
    bench.execute("DELETE FROM card WHERE status_index = 1");
    bench.begin_epoch(FIRST);
    let again = card(&lost, &bench).await.unwrap();
    let place = again.claims().status_index;
    assert!(place > 1);
    let list = statuses(&bench).await;
    let found = [0, 1, place - 1, place].map(|place| list.status(place).unwrap());
    assert_eq!(found, [Status::Valid, Status::Invalid, Status::Invalid, Status::Valid]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_longest_card_is_issued_and_names_sectors_where_they_fit() {
    let mut bench = Bench::start().await;
    bench.stop().await;
    bench.execute(
        "UPDATE cooperative SET id = 'koperasi-panjang' WHERE id = 'sejahtera';
         UPDATE member SET sectors = '21; 22; 23', class = 'Luar Biasa' WHERE member < 3;
         UPDATE member SET name = 'Raden Ajeng Kartini Djojoadhiningrat binti Sosroningrat' WHERE member = 1;
         INSERT INTO card (cooperative, status_index, device, member, issued_at, expires_at, bytes)
           SELECT cooperative, 1000000, x'00', 3, 0, 0, x'' FROM cooperative;",
    );
    std::fs::rename(bench.keys_folder().join(OTHER), bench.keys_folder().join("koperasi-panjang")).unwrap();
    bench.serve(support::Setup::default()).await.unwrap();
    for (member, sectors) in [("A001", &[][..]), ("A002", &[21, 22, 23])] {
        let phone = Phone::enrolled(&bench, "koperasi-panjang", member).await;
        let first = card(&phone, &bench).await.unwrap();
        assert_eq!((first.claims().sectors.codes(), first.claims().class), (sectors, MemberClass::EXTRAORDINARY));
        assert_eq!(card(&phone, &bench).await.unwrap().bytes(), first.bytes());
    }
}
