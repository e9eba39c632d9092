//! What a shop and a phone read of cards, trust lists and status lists.

use std::sync::OnceLock;

use anggota::card::{Card, Expected, InMemory, Issuer, Presentation, StatusList, StatusLists, TrustList, Verifier, qr};
use anggota::cose::{PublicKey, Signer, Typ};
use serde_json::Value;

use crate::seeds::{bytes, text, vectors};
use crate::signed::{signer, wrapped};

const TRUST_LIST: Typ = Typ::text("application/kop-trust+cwt");
/// A moment at which the recorded card is good.
const NOW: i64 = 1_790_000_001;

fn roots() -> &'static Vec<PublicKey> {
    static ROOTS: OnceLock<Vec<PublicKey>> = OnceLock::new();
    ROOTS.get_or_init(|| {
        let file = vectors("card");
        let recorded = ["/keys/root_0/public", "/keys/root_1/public"];
        let recorded = recorded.map(|pointer| PublicKey::from_sec1(&bytes(&file, pointer)).unwrap());
        [recorded.as_slice(), &[*signer().public_key()]].concat()
    })
}

fn lists() -> &'static (TrustList, StatusLists) {
    static LISTS: OnceLock<(TrustList, StatusLists)> = OnceLock::new();
    LISTS.get_or_init(|| {
        let file = vectors("card");
        let trust = TrustList::read(&bytes(&file, "/trust_list/bytes"), roots(), 0).unwrap();
        let mut statuses = StatusLists::default();
        statuses.accept(StatusList::read(&bytes(&file, "/status_list/bytes"), &trust).unwrap()).unwrap();
        (trust, statuses)
    })
}

pub(crate) fn card(input: &[u8]) {
    let _read = Card::from_bytes(input).map(|card| card.claims().clone());
    let Ok(scanned) = std::str::from_utf8(input) else { return };
    let _read = Presentation::from_text(scanned);
    let (trust, statuses) = lists();
    let verifier = Verifier { trust, statuses };
    let _verdict = verifier.verify(scanned, Expected::Show, NOW, &mut InMemory::default());
    let _drawn = qr::qr(scanned, qr::ANSWER_WIDTH);
}

pub(crate) fn card_seeds() -> Vec<Vec<u8>> {
    let file = vectors("card");
    let scanned = file["verdicts"].as_array().unwrap().iter();
    let scanned = scanned.map(|verdict: &Value| verdict["text"].as_str().unwrap().as_bytes().to_vec());
    let shown = [bytes(&file, "/card/bytes"), text(&file, "/presentation/text").into_bytes()];
    shown.into_iter().chain(scanned).collect()
}

pub(crate) fn trust_list(input: &[u8]) {
    for bytes in [Some(input.to_vec()), wrapped(&TRUST_LIST, &[0], input)].into_iter().flatten() {
        let _read = TrustList::read(&bytes, roots(), 0);
    }
    if let Ok(issuer) = Issuer::from_bytes(input) {
        assert!(Issuer::from_bytes(&issuer.to_bytes()).is_ok());
    }
}

pub(crate) fn trust_list_seeds() -> Vec<Vec<u8>> {
    let file = vectors("card");
    let issuers = lists().0.issuers().map(Issuer::to_bytes);
    issuers.chain([bytes(&file, "/trust_list/bytes")]).collect()
}

pub(crate) fn status_list(input: &[u8]) {
    if let Ok(list) = StatusList::read(input, &lists().0) {
        let _read = (list.status(0), list.status(u32::MAX), list.is_fresh(NOW));
    }
}

pub(crate) fn status_list_seeds() -> Vec<Vec<u8>> {
    vec![bytes(&vectors("card"), "/status_list/bytes")]
}
