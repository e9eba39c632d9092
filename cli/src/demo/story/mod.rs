//! The story itself, step by step. Each step does one thing, reads back what came of it and compares.

mod beginning;
mod ending;
mod offline;

use std::path::Path;

use super::Broken;
use super::shop::Shop;
use super::step::{Sabotage, Step, Stopped, Told};

use beginning::{compare_balances, enrol, import, make_federation, serve, sign_trust_list, sync};
use ending::{approve, network_on, send_request, suspend, tamper};
use offline::{
    compare_transactions, network_off, replay_card, request_offline, restart_and_compare, show_card, verify_card,
    verify_offline,
};

/// What a step gives: a sentence on what was read back, and what the next steps need.
type Outcome<T = ()> = Result<(String, T), Broken>;

/// Who asks, shows and is suspended; and who is there too.
const MEMBERS: [&str; 2] = ["GP-001", "GP-002"];
/// What is asked for offline.
const PRODUCT: &str = "PF";
const PRINCIPAL: i64 = 3_000_000;
const PERIODS: u32 = 10;
const PURPOSE: &str = "Menambah isi warung";
/// The officer's answer.
const ANSWER: &str = "Disetujui, silakan datang ke kantor membawa buku anggota";
/// The account whose figure is changed on the copied phone.
const TAMPERED: &str = "SS-001";
const TAMPERED_SEQ: u32 = 7;
/// Tells all of it, or up to the step that is not done.
pub(super) async fn tell(folder: &Path, breaks: Option<Step>, told: &mut Told) -> Result<(), Stopped> {
    let sabotage = Sabotage(breaks);
    let place = |name: &str| folder.join(name);
    let (trust, status) = (place("daftar-kepercayaan"), place("daftar-status"));

    let federation = told.step(Step::Federation, make_federation(place("federasi"), sabotage)).await?;
    let (office, books) = told.step(Step::Import, import(folder, sabotage)).await?;
    told.step(Step::TrustList, sign_trust_list(&federation, &office, &trust, sabotage)).await?;
    let running = told.step(Step::Serve, serve(&office, &trust, sabotage)).await?;
    let address = running.address;
    let mut phones = told.step(Step::Enrol, enrol(folder, &federation, &office, &books, &running, sabotage)).await?;
    told.step(Step::Sync, sync(&office, &books, &phones, sabotage)).await?;
    told.step(Step::Balances, compare_balances(&books, &phones, Step::Balances, sabotage)).await?;

    told.step(Step::NetworkOff, network_off(running, &phones, sabotage)).await?;
    told.step(Step::OfflineBalance, restart_and_compare(&books, &mut phones, sabotage)).await?;
    told.step(Step::OfflineTransactions, compare_transactions(&books, &phones, sabotage)).await?;
    let [phone, _] = &mut phones;
    told.step(Step::OfflineVerify, verify_offline(phone, sabotage)).await?;
    let request = told.step(Step::OfflineRequest, request_offline(phone, &books, sabotage)).await?;
    let card = told.step(Step::OfflineCard, show_card(phone, sabotage)).await?;
    let shop = Shop { trust: trust.clone(), roots: federation.public_files().into(), state: place("kasir") };
    told.step(Step::CardVerified, verify_card(&office, &books, &shop, &status, &card, sabotage)).await?;
    told.step(Step::CardReplayed, replay_card(&shop, &status, &card, sabotage)).await?;

    let running = told.step(Step::NetworkOn, network_on(&office, &trust, address, sabotage)).await?;
    told.step(Step::RequestArrived, send_request(&office, phone, &request, sabotage)).await?;
    told.step(Step::RequestApproved, approve(&office, phone, &request.id, sabotage)).await?;
    told.step(Step::CardSuspended, suspend(&office, phone, &shop, &status, sabotage)).await?;
    told.step(Step::Tampering, tamper(phone, place("ponsel-salinan"), sabotage)).await?;
    running.shutdown().await;
    Ok(())
}

/// An assertion on what was read back.
fn check(holds: bool, otherwise: &str) -> Result<(), Broken> {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}
