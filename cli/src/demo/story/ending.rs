//! With the network again: the request arrives and is answered, a member is suspended, a change is found out.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anggota::domain::{MemberNo, Money, OperationId, Reason, RequestState};

use super::beginning::{Listening, is_reachable};
use super::offline::{Requested, change_amount, judged};
use super::{ANSWER, MEMBERS, Outcome, PERIODS, PRINCIPAL, PURPOSE, TAMPERED, TAMPERED_SEQ, check};
use crate::demo::Broken;
use crate::demo::office::Office;
use crate::demo::phone::Phone;
use crate::demo::shop::Shop;
use crate::demo::step::{Sabotage, Step};

pub(super) async fn network_on(
    office: &Office,
    trust: &Path,
    address: SocketAddr,
    sabotage: Sabotage,
) -> Outcome<Listening> {
    let elsewhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let listen = if sabotage.hits(Step::NetworkOn) { elsewhere } else { address };
    let listening = Listening::start(office, trust, listen).await?;
    check(is_reachable(address), "server tidak dapat dihubungi di alamatnya")?;
    Ok((format!("{address} menerima sambungan lagi"), listening))
}

pub(super) async fn send_request(office: &Office, phone: &Phone, request: &Requested, sabotage: Sabotage) -> Outcome {
    let sent = phone.client.sync().await?.requests_sent;
    check(sent == 1, "yang terkirim bukan satu permintaan")?;
    if sabotage.hits(Step::RequestArrived) {
        let other = OperationId::new(0, [0; 10]);
        office.write(|_, transaction| {
            let sql = "INSERT INTO loan_request SELECT cooperative, ?1, member, product, product_version, principal,
                       periods, purpose, state, reason, submitted_at, decided_at, officer FROM loan_request";
            Ok(transaction.execute(sql, [other.as_bytes().as_slice()]).map(drop)?)
        })?;
    }
    // A second sync must not send it again.
    phone.client.sync().await?;
    let listed = office.requests()?;
    let [listed] = listed.as_slice() else { return Err("di kantor bukan satu permintaan".into()) };
    let asked = (listed.id, listed.member.as_str(), listed.principal, listed.periods, listed.purpose.as_str());
    let expected = (request.id, MEMBERS[0], Money::from_rupiah(PRINCIPAL)?, PERIODS, PURPOSE);
    check(asked == expected, "permintaan di kantor berbeda dari yang disimpan")?;
    let rows: Vec<(Vec<u8>, Vec<u8>)> = office.read(|_, connection| {
        let mut statement = connection.prepare("SELECT operation, body_hash FROM operation")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    })?;
    let only = (request.id.as_bytes().to_vec(), request.body_hash.to_vec());
    check(rows == [only], "server tidak menyimpan tepat satu permintaan dengan isi itu")?;
    check(state(phone, &request.id)?.0 == RequestState::Received, "ponsel tidak tahu bahwa permintaan diterima")?;
    Ok(("kantor menerima tepat satu permintaan, dengan nomor dan isi yang sama".into(), ()))
}

/// Where a request stands on the phone, and why.
fn state(phone: &Phone, id: &OperationId) -> Result<(RequestState, Option<String>), Broken> {
    let requests = phone.client.requests()?;
    let request =
        requests.into_iter().find(|request| request.request_id == *id).ok_or("permintaan hilang dari ponsel")?;
    Ok((request.state, request.reason))
}

pub(super) async fn approve(office: &Office, phone: &Phone, id: &OperationId, sabotage: Sabotage) -> Outcome {
    office.decide(id, !sabotage.hits(Step::RequestApproved), &Reason::new(ANSWER)?)?;
    phone.client.sync().await?;
    let shown = state(phone, id)?;
    check(shown == (RequestState::Approved, Some(ANSWER.to_owned())), "ponsel tidak menunjukkan persetujuan")?;
    check(phone.client.balances()?.pending.is_empty(), "permintaan masih dianggap menunggu")?;
    Ok((format!("ponsel menunjukkan: {ANSWER}"), ()))
}

pub(super) async fn suspend(office: &Office, phone: &Phone, shop: &Shop, status: &Path, sabotage: Sabotage) -> Outcome {
    office.suspend(&MemberNo::new(MEMBERS[0])?)?;
    if !sabotage.hits(Step::CardSuspended) {
        office.export_status_list(status)?;
    }
    let card = phone.client.show_card().await?;
    let (document, ended) = shop.examine(&card.text, status, None)?;
    judged(&document, ended, "red", Some("suspended"))?;
    Ok(("MERAH: kartu sedang ditangguhkan, menurut daftar status yang baru".into(), ()))
}

pub(super) async fn tamper(phone: &mut Phone, copy: PathBuf, sabotage: Sabotage) -> Outcome {
    let mut copied = phone.copied(copy).await?;
    if !sabotage.hits(Step::Tampering) {
        change_amount(&mut copied).await?;
    }
    let view = copied.client.verify()?;
    let bad: Vec<_> = view.accounts.iter().filter(|account| !account.ok).collect();
    let [bad] = bad.as_slice() else { return Err("perubahan itu tidak ditemukan".into()) };
    let named = (view.ok, bad.account_no.as_str(), bad.first_bad_seq);
    check(named == (false, TAMPERED, Some(TAMPERED_SEQ)), "yang disebut bukan catatan yang diubah")?;
    check(phone.client.verify()?.ok, "ponsel aslinya ikut tidak cocok")?;
    Ok((format!("perubahan ditemukan di {TAMPERED}, catatan {TAMPERED_SEQ}"), ()))
}
