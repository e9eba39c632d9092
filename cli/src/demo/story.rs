//! The story itself, step by step. Each step does one thing, reads back what came of it and compares.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anggota::card::qr::SHOW_WIDTH;
use anggota::clock;
use anggota::domain::{LoanRequest, MemberNo, Money, OperationId, Purpose, Reason, RequestState};
use anggota::protocol::operation::{Command, Operation};
use anggota::protocol::problem::Code;
use anggota_server::serve::Running;
use serde_json::Value;

use super::Broken;
use super::books::{self, Books, Figure};
use super::office::{self, Federation, Office};
use super::phone::Phone;
use super::shop::Shop;
use super::step::{Sabotage, Step, Stopped, Told};

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
/// How long a connection attempt may take.
const PATIENCE: Duration = Duration::from_secs(2);

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

async fn make_federation(folder: PathBuf, sabotage: Sabotage) -> Outcome<Federation> {
    let federation = Federation::make(folder)?;
    if sabotage.hits(Step::Federation) {
        let [first, second] = federation.public_files();
        fs::copy(second, first)?;
    }
    let same = federation.public_keys()? == federation.signing_keys()?;
    check(same, "kunci umum di berkas bukan pasangan kunci rahasianya")?;
    Ok(("dua pasang kunci dibuat dan dibaca kembali".into(), federation))
}

async fn import(folder: &Path, sabotage: Sabotage) -> Outcome<(Office, Books)> {
    let source = folder.join("pembukuan");
    books::write(&source)?;
    if sabotage.hits(Step::Import) {
        let file = source.join("savings_entries.csv");
        fs::write(&file, fs::read_to_string(&file)?.replacen(",deposit,50000,", ",deposit,50001,", 1))?;
    }
    let books = Books::read(&source)?;
    let (office, report) = office::import(folder, &source)?;
    let named = books.cooperative.one("id", office.cooperative.id.as_str())?.get("name");
    check(named == office.cooperative.name.as_str(), "nama koperasi di server berbeda dari pembukuan")?;
    let rows = [&books.members, &books.savings_accounts, &books.savings_entries, &books.loans, &books.loan_entries];
    let rows = rows.map(|table| table.len() as u64);
    let kept = [
        office.count("SELECT count(*) FROM member")?,
        office.count("SELECT count(*) FROM account WHERE kind = 0")?,
        office.count("SELECT count(*) FROM savings_entry")?,
        office.count("SELECT count(*) FROM account WHERE kind = 1")?,
        office.count("SELECT count(*) FROM loan_entry")?,
    ];
    let [members, accounts, entries, loans, loan_entries] = kept;
    check(kept == rows, "banyaknya baris di server berbeda dari pembukuan")?;
    check(report.added == entries + loan_entries, "laporan berbeda dari isi server")?;
    let again = office.import_again(&source)?;
    check(again.problems.is_empty() && again.added == 0, "pembukuan yang sama menambah catatan lagi")?;
    let detail = format!(
        "{members} anggota, {accounts} rekening, {entries} catatan simpanan, {loans} pinjaman, {loan_entries} catatan \
         pinjaman; pembukuan yang sama sekali lagi tidak menambah apa-apa"
    );
    Ok((detail, (office, books)))
}

async fn sign_trust_list(federation: &Federation, office: &Office, file: &Path, sabotage: Sabotage) -> Outcome {
    if sabotage.hits(Step::TrustList) {
        let stranger = Federation::make(federation.private_file(0).with_extension("asing"))?;
        stranger.sign(office, file)?;
    } else {
        federation.sign(office, file)?;
    }
    let list = federation.read(file)?;
    let issuer = list.issuer(&office.cooperative.id).ok_or("koperasi tidak ada di daftar kepercayaan")?;
    check(issuer.name() == office.cooperative.name.as_str(), "nama koperasi di daftar kepercayaan berbeda")?;
    check(list.checkpoint_keys(issuer.id()).count() == 1, "kunci pembukuan tidak ada di daftar kepercayaan")?;
    Ok((format!("daftar nomor {} memuat {} dengan {} kunci", list.seq(), issuer.name(), issuer.keys().len()), ()))
}

/// The listener while it runs.
struct Listening {
    running: Running,
    address: SocketAddr,
}

impl Listening {
    async fn start(office: &Office, trust: &Path, listen: SocketAddr) -> Result<Self, Broken> {
        let running = office.serve(listen, trust).await?;
        let authority = running.url().strip_prefix("http://").ok_or("alamat server tidak dikenal")?;
        let address = authority.parse()?;
        Ok(Self { running, address })
    }

    async fn shutdown(self) {
        self.running.shutdown().await;
    }
}

/// Whether anybody takes a connection at this address.
fn is_reachable(address: SocketAddr) -> bool {
    TcpStream::connect_timeout(&address, PATIENCE).is_ok()
}

async fn serve(office: &Office, trust: &Path, sabotage: Sabotage) -> Outcome<Listening> {
    let listening = Listening::start(office, trust, SocketAddr::from(([127, 0, 0, 1], 0))).await?;
    let (address, url) = (listening.address, listening.running.url().to_owned());
    let listening = if sabotage.hits(Step::Serve) {
        listening.shutdown().await;
        None
    } else {
        Some(listening)
    };
    check(is_reachable(address), "server tidak dapat dihubungi")?;
    Ok((format!("{url} menerima sambungan"), listening.ok_or("server tidak berjalan")?))
}

async fn enrol(
    folder: &Path,
    federation: &Federation,
    office: &Office,
    books: &Books,
    listening: &Listening,
    sabotage: Sabotage,
) -> Outcome<[Phone; 2]> {
    let url = format!("{}/{}", listening.running.url(), office.cooperative.id);
    let roots = federation.public_files();
    let mut phones = Vec::new();
    let mut names = Vec::new();
    for member in MEMBERS {
        let no = MemberNo::new(member)?;
        let mut code = office.activate(&no)?;
        if sabotage.hits(Step::Enrol) {
            code = wrong(&code);
        }
        let phone = Phone::enrol(folder.join(format!("ponsel-{member}")), &roots, url.clone(), no, code).await?;
        let name = phone.client.profile()?.name;
        check(name.as_str() == books.members.one("member_no", member)?.get("name"), "nama anggota di ponsel berbeda")?;
        names.push(name.to_string());
        phones.push(phone);
    }
    let phones = <[Phone; 2]>::try_from(phones).map_err(|_| "ponsel kurang")?;
    let devices = office.count("SELECT count(*) FROM device WHERE revoked_at IS NULL")?;
    check(devices == 2, "perangkat di server bukan dua")?;
    Ok((format!("{} terdaftar, koperasi dipercaya lewat daftar kepercayaan", names.join(" dan ")), phones))
}

/// Another code of the same form.
fn wrong(code: &str) -> String {
    code.chars().map(|digit| if digit == '9' { '0' } else { '9' }).collect()
}

async fn sync(office: &Office, books: &Books, phones: &[Phone; 2], sabotage: Sabotage) -> Outcome {
    if sabotage.hits(Step::Sync) {
        office.write(|_, transaction| {
            Ok(transaction.execute("UPDATE savings_entry SET amount = amount + 1 WHERE seq = 2", []).map(drop)?)
        })?;
    }
    let mut received = 0;
    for (phone, member) in phones.iter().zip(MEMBERS) {
        let report = phone.client.sync().await?;
        check(report.complete, "ada catatan yang tidak terbukti atau tidak lengkap")?;
        let figures = [books.savings(member)?, books.loans(member)?].concat();
        let expected: u64 = figures.iter().map(|figure| u64::from(figure.entries)).sum();
        check(report.entries_received == expected, "banyaknya catatan berbeda dari pembukuan")?;
        received += expected;
    }
    Ok((format!("{received} catatan diterima, semuanya lengkap dan terbukti"), ()))
}

async fn compare_balances(books: &Books, phones: &[Phone; 2], step: Step, sabotage: Sabotage) -> Outcome {
    let mut count = 0;
    for (phone, member) in phones.iter().zip(MEMBERS) {
        let (mut savings, loans) = (books.savings(member)?, books.loans(member)?);
        if sabotage.hits(step) {
            one_sen_more(&mut savings)?;
        }
        count += phone.compare_figures(&savings, &loans)?;
    }
    Ok((format!("{count} angka sama dengan hitungan dari pembukuan, sampai ke sen"), ()))
}

fn one_sen_more(figures: &mut [Figure]) -> Result<(), Broken> {
    let first = figures.first_mut().ok_or("anggota tanpa simpanan")?;
    first.sum = first.sum.checked_add(Money::from_sen(1)?).ok_or("angka terlalu besar")?;
    Ok(())
}

async fn network_off(listening: Listening, phones: &[Phone; 2], sabotage: Sabotage) -> Outcome {
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

async fn restart_and_compare(books: &Books, phones: &mut [Phone; 2], sabotage: Sabotage) -> Outcome {
    for phone in &mut *phones {
        phone.restart().await?;
    }
    let (_, ()) = compare_balances(books, phones, Step::OfflineBalance, sabotage).await?;
    let total = phones[0].client.balances()?.total_savings;
    Ok((format!("aplikasi dibuka lagi, jumlah simpanan {} tetap terbukti", total.to_rupiah_text()), ()))
}

async fn compare_transactions(books: &Books, phones: &[Phone; 2], sabotage: Sabotage) -> Outcome {
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

async fn verify_offline(phone: &mut Phone, sabotage: Sabotage) -> Outcome {
    if sabotage.hits(Step::OfflineVerify) {
        change_amount(phone).await?;
    }
    let view = phone.client.verify()?;
    check(view.ok && view.accounts.iter().all(|account| account.ok), "ada rantai catatan yang tidak cocok")?;
    let entries: u64 = view.accounts.iter().map(|account| account.entries).sum();
    Ok((format!("{} rantai dengan {entries} catatan cocok dengan tanda tangan koperasi", view.accounts.len()), ()))
}

/// Changes one amount in a phone's store.
async fn change_amount(phone: &mut Phone) -> Result<(), Broken> {
    let sql = "UPDATE savings_entry SET amount = amount + 100
               WHERE seq = ?1 AND account = (SELECT account FROM account WHERE account_no = ?2)";
    let changed = phone.alter(sql, (TAMPERED_SEQ, TAMPERED)).await?;
    check(changed == 1, "tidak ada catatan yang diubah")
}

/// The request as the phone saved it, with its hash reckoned here.
struct Requested {
    id: OperationId,
    body_hash: [u8; 32],
}

async fn request_offline(phone: &mut Phone, books: &Books, sabotage: Sabotage) -> Outcome<Requested> {
    let (principal, purpose) = (Money::from_rupiah(PRINCIPAL)?, Purpose::new(PURPOSE)?);
    let before = phone.client.balances()?.total_savings;
    let saved = phone.client.request_loan(PRODUCT.parse()?, principal, PERIODS, purpose.clone()).await?;
    if sabotage.hits(Step::OfflineRequest) {
        phone.client.cancel_request(&saved.request).await?;
    }
    phone.restart().await?;
    let view = phone.client.balances()?;
    let [pending] = view.pending.as_slice() else { return Err("permintaan tidak tersimpan".into()) };
    check(pending.request == saved.request && pending.state == RequestState::Queued, "permintaan tidak menunggu")?;
    check(view.total_savings == before, "permintaan ikut terhitung dalam saldo")?;
    let version = books.loan_products.one("code", PRODUCT)?.count("version")?.unwrap_or(1);
    let request = LoanRequest::new(PRODUCT.parse()?, version, principal, PERIODS, purpose)?;
    let id = saved.request;
    let operation = Operation { id, subject: id, after: None, command: Command::RequestLoan(request) };
    let detail = format!("{} selama {PERIODS} bulan tersimpan, menunggu dikirim", principal.to_rupiah_text());
    Ok((detail, Requested { id, body_hash: operation.body_hash() }))
}

async fn show_card(phone: &mut Phone, sabotage: Sabotage) -> Outcome<String> {
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
fn judged(document: &Value, status: i32, result: &str, reason: Option<&str>) -> Result<(), Broken> {
    let said = (document["result"].as_str(), document["reason"].as_str(), status);
    let expected = (Some(result), reason, i32::from(result == "red"));
    if said == expected {
        Ok(())
    } else {
        Err(format!("pemeriksa kartu menjawab {document} dengan status {status}").into())
    }
}

async fn verify_card(
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

async fn replay_card(shop: &Shop, status: &Path, card: &str, sabotage: Sabotage) -> Outcome {
    if sabotage.hits(Step::CardReplayed) {
        fs::remove_dir_all(&shop.state)?;
    }
    let (document, ended) = shop.examine(card, status, Some(clock::wall().plus(10)))?;
    judged(&document, ended, "red", Some("replayed"))?;
    Ok(("MERAH: kode itu sudah pernah dipakai".into(), ()))
}

async fn network_on(office: &Office, trust: &Path, address: SocketAddr, sabotage: Sabotage) -> Outcome<Listening> {
    let elsewhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let listen = if sabotage.hits(Step::NetworkOn) { elsewhere } else { address };
    let listening = Listening::start(office, trust, listen).await?;
    check(is_reachable(address), "server tidak dapat dihubungi di alamatnya")?;
    Ok((format!("{address} menerima sambungan lagi"), listening))
}

async fn send_request(office: &Office, phone: &Phone, request: &Requested, sabotage: Sabotage) -> Outcome {
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
    let request = requests.into_iter().find(|request| request.request == *id).ok_or("permintaan hilang dari ponsel")?;
    Ok((request.state, request.reason))
}

async fn approve(office: &Office, phone: &Phone, id: &OperationId, sabotage: Sabotage) -> Outcome {
    office.decide(id, !sabotage.hits(Step::RequestApproved), &Reason::new(ANSWER)?)?;
    phone.client.sync().await?;
    let shown = state(phone, id)?;
    check(shown == (RequestState::Approved, Some(ANSWER.to_owned())), "ponsel tidak menunjukkan persetujuan")?;
    check(phone.client.balances()?.pending.is_empty(), "permintaan masih dianggap menunggu")?;
    Ok((format!("ponsel menunjukkan: {ANSWER}"), ()))
}

async fn suspend(office: &Office, phone: &Phone, shop: &Shop, status: &Path, sabotage: Sabotage) -> Outcome {
    office.suspend(&MemberNo::new(MEMBERS[0])?)?;
    if !sabotage.hits(Step::CardSuspended) {
        office.export_status_list(status)?;
    }
    let card = phone.client.show_card().await?;
    let (document, ended) = shop.examine(&card.text, status, None)?;
    judged(&document, ended, "red", Some("suspended"))?;
    Ok(("MERAH: kartu sedang ditangguhkan, menurut daftar status yang baru".into(), ()))
}

async fn tamper(phone: &mut Phone, copy: PathBuf, sabotage: Sabotage) -> Outcome {
    let mut copied = phone.copied(copy).await?;
    if !sabotage.hits(Step::Tampering) {
        change_amount(&mut copied).await?;
    }
    let view = copied.client.verify()?;
    let bad: Vec<_> = view.accounts.iter().filter(|account| !account.ok).collect();
    let [bad] = bad.as_slice() else { return Err("perubahan itu tidak ditemukan".into()) };
    let named = (view.ok, bad.account.as_str(), bad.first_bad_seq);
    check(named == (false, TAMPERED, Some(TAMPERED_SEQ)), "yang disebut bukan catatan yang diubah")?;
    check(phone.client.verify()?.ok, "ponsel aslinya ikut tidak cocok")?;
    Ok((format!("perubahan ditemukan di {TAMPERED}, catatan {TAMPERED_SEQ}"), ()))
}
