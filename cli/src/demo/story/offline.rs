//! Without a network: what the phone still shows, what it keeps, and what a shop can check.

use std::fs;
use std::path::Path;

use anggota::card::qr::SHOW_WIDTH;
use anggota::clock;
use anggota::domain::{LoanRequest, Money, OperationId, Purpose, RequestState};
use anggota::protocol::operation::{Command, Operation};
use anggota::protocol::problem::Code;
use serde_json::Value;

use super::beginning::{Listening, compare_balances, is_reachable};
use super::{MEMBERS, Outcome, PERIODS, PRINCIPAL, PRODUCT, PURPOSE, TAMPERED, TAMPERED_SEQ, check};
use crate::demo::Broken;
use crate::demo::books::Books;
use crate::demo::office::Office;
use crate::demo::phone::Phone;
use crate::demo::shop::Shop;
use crate::demo::step::{Sabotage, Step};

pub(super) async fn network_off(listening: Listening, phones: &[Phone; 2], sabotage: Sabotage) -> Outcome {
    let address = listening.address;
    if !sabotage.hits(Step::NetworkOff) {
        listening.shutdown().await;
    }
    check(!is_reachable(address), "server masih menerima sambungan")?;
    for phone in phones {
        let ended = phone.client.sync().await;
        let is_offline = ended.is_err_and(|error| error.code() == Code::NoNetwork);
        check(is_offline, "ponsel masih mendapat jawaban")?;
    }
    Ok((format!("sambungan ke {address} ditolak, ponsel mengatakan tidak ada jaringan"), ()))
}

pub(super) async fn restart_and_compare(books: &Books, phones: &mut [Phone; 2], sabotage: Sabotage) -> Outcome {
    for phone in &mut *phones {
        phone.restart().await?;
    }
    let (_, ()) = compare_balances(books, phones, Step::OfflineBalance, sabotage).await?;
    let total = phones[0].client.balances()?.total_savings;
    Ok((format!("aplikasi dibuka lagi, jumlah simpanan {} tetap terbukti", total.to_rupiah_text()), ()))
}

pub(super) async fn compare_transactions(books: &Books, phones: &[Phone; 2], sabotage: Sabotage) -> Outcome {
    let mut books = books.clone();
    if sabotage.hits(Step::OfflineTransactions) {
        books.savings_entries.forget_last("account_no", TAMPERED);
    }
    let mut count = 0;
    for phone in phones {
        count += phone.compare_entries(&books)?;
    }
    Ok((format!("{count} catatan sama dengan barisnya di pembukuan"), ()))
}

pub(super) async fn verify_offline(phone: &mut Phone, sabotage: Sabotage) -> Outcome {
    if sabotage.hits(Step::OfflineVerify) {
        change_amount(phone).await?;
    }
    let view = phone.client.verify()?;
    check(view.ok && view.accounts.iter().all(|account| account.ok), "ada rantai catatan yang tidak cocok")?;
    let entries: u64 = view.accounts.iter().map(|account| account.entries).sum();
    Ok((format!("{} rantai dengan {entries} catatan cocok dengan tanda tangan koperasi", view.accounts.len()), ()))
}

/// Changes one amount in a phone's store.
pub(super) async fn change_amount(phone: &mut Phone) -> Result<(), Broken> {
    let sql = "UPDATE savings_entry SET amount = amount + 100
               WHERE seq = ?1 AND account = (SELECT account FROM account WHERE account_no = ?2)";
    let changed = phone.alter(sql, (TAMPERED_SEQ, TAMPERED)).await?;
    check(changed == 1, "tidak ada catatan yang diubah")
}

/// The request as the phone saved it, with its hash reckoned here.
pub(super) struct Requested {
    pub(super) id: OperationId,
    pub(super) body_hash: [u8; 32],
}

pub(super) async fn request_offline(phone: &mut Phone, books: &Books, sabotage: Sabotage) -> Outcome<Requested> {
    let (principal, purpose) = (Money::from_rupiah(PRINCIPAL)?, Purpose::new(PURPOSE)?);
    let before = phone.client.balances()?.total_savings;
    let saved = phone.client.request_loan(PRODUCT.parse()?, principal, PERIODS, purpose.clone()).await?;
    if sabotage.hits(Step::OfflineRequest) {
        phone.client.cancel_request(&saved.request_id).await?;
    }
    phone.restart().await?;
    let view = phone.client.balances()?;
    let [pending] = view.pending.as_slice() else { return Err("permintaan tidak tersimpan".into()) };
    check(
        pending.request_id == saved.request_id && pending.state == RequestState::Queued,
        "permintaan tidak menunggu",
    )?;
    check(view.total_savings == before, "permintaan ikut terhitung dalam saldo")?;
    let version = books.loan_products.one("code", PRODUCT)?.count("version")?.unwrap_or(1);
    let request = LoanRequest::new(PRODUCT.parse()?, version, principal, PERIODS, purpose)?;
    let id = saved.request_id;
    let operation = Operation { id, subject: id, after: None, command: Command::RequestLoan(request) };
    let detail = format!("{} selama {PERIODS} bulan tersimpan, menunggu dikirim", principal.to_rupiah_text());
    Ok((detail, Requested { id, body_hash: operation.body_hash() }))
}

pub(super) async fn show_card(phone: &mut Phone, sabotage: Sabotage) -> Outcome<String> {
    if sabotage.hits(Step::OfflineCard) {
        phone.alter("DELETE FROM card", ()).await?;
    }
    let card = phone.client.show_card().await?;
    check(usize::from(card.modules) <= SHOW_WIDTH, "kode QR terlalu besar")?;
    check(card.bits.len() == usize::from(card.modules).pow(2), "kode QR tidak utuh")?;
    let length = card.text.len();
    Ok((format!("kode QR {0} x {0} dengan {length} huruf", card.modules), card.text))
}

/// What the shop's program said and ended with.
pub(super) fn judged(document: &Value, status: i32, result: &str, reason: Option<&str>) -> Result<(), Broken> {
    let said = (document["result"].as_str(), document["reason"].as_str(), status);
    let expected = (Some(result), reason, i32::from(result == "red"));
    if said == expected {
        Ok(())
    } else {
        Err(format!("pemeriksa kartu menjawab {document} dengan status {status}").into())
    }
}

pub(super) async fn verify_card(
    office: &Office,
    books: &Books,
    shop: &Shop,
    status: &Path,
    card: &str,
    sabotage: Sabotage,
) -> Outcome {
    office.export_status_list(status)?;
    let shown = if sabotage.hits(Step::CardVerified) { one_letter_changed(card) } else { card.to_owned() };
    let (document, ended) = shop.examine(&shown, status, None)?;
    judged(&document, ended, "green", None)?;
    let name = books.members.one("member_no", MEMBERS[0])?.get("name");
    check(document["name"] == name, "nama di kartu berbeda")?;
    check(document["cooperative"] == office.cooperative.name.as_str(), "nama koperasi di kartu berbeda")?;
    Ok((format!("HIJAU: {name}, {}", office.cooperative.name), ()))
}

fn one_letter_changed(card: &str) -> String {
    let (rest, last) = card.split_at(card.len() - 1);
    format!("{rest}{}", if last == "0" { "1" } else { "0" })
}

pub(super) async fn replay_card(shop: &Shop, status: &Path, card: &str, sabotage: Sabotage) -> Outcome {
    if sabotage.hits(Step::CardReplayed) {
        fs::remove_dir_all(&shop.state)?;
    }
    let (document, ended) = shop.examine(card, status, Some(clock::wall().plus(10)))?;
    judged(&document, ended, "red", Some("replayed"))?;
    Ok(("MERAH: kode itu sudah pernah dipakai".into(), ()))
}
