//! How everything comes to be: keys, books, trust, a server, two phones that hold what the books say.

use std::fs;
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anggota::domain::{MemberNo, Money};
use anggota_server::serve::Running;

use super::{MEMBERS, Outcome, check};
use crate::demo::Broken;
use crate::demo::books::{self, Books, Figure};
use crate::demo::office::{self, Federation, Office};
use crate::demo::phone::Phone;
use crate::demo::step::{Sabotage, Step};

/// How long a connection attempt may take.
const PATIENCE: Duration = Duration::from_secs(2);

pub(super) async fn make_federation(folder: PathBuf, sabotage: Sabotage) -> Outcome<Federation> {
    let federation = Federation::make(folder)?;
    if sabotage.hits(Step::Federation) {
        let [first, second] = federation.public_files();
        fs::copy(second, first)?;
    }
    let same = federation.public_keys()? == federation.signing_keys()?;
    check(same, "kunci umum di berkas bukan pasangan kunci rahasianya")?;
    Ok(("dua pasang kunci dibuat dan dibaca kembali".into(), federation))
}

pub(super) async fn import(folder: &Path, sabotage: Sabotage) -> Outcome<(Office, Books)> {
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

pub(super) async fn sign_trust_list(
    federation: &Federation,
    office: &Office,
    file: &Path,
    sabotage: Sabotage,
) -> Outcome {
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
pub(super) struct Listening {
    running: Running,
    pub(super) address: SocketAddr,
}

impl Listening {
    pub(super) async fn start(office: &Office, trust: &Path, listen: SocketAddr) -> Result<Self, Broken> {
        let running = office.serve(listen, trust).await?;
        let authority = running.url().strip_prefix("http://").ok_or("alamat server tidak dikenal")?;
        let address = authority.parse()?;
        Ok(Self { running, address })
    }

    pub(super) async fn shutdown(self) {
        self.running.shutdown().await;
    }
}

/// Whether anybody takes a connection at this address.
pub(super) fn is_reachable(address: SocketAddr) -> bool {
    TcpStream::connect_timeout(&address, PATIENCE).is_ok()
}

pub(super) async fn serve(office: &Office, trust: &Path, sabotage: Sabotage) -> Outcome<Listening> {
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

pub(super) async fn enrol(
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

pub(super) async fn sync(office: &Office, books: &Books, phones: &[Phone; 2], sabotage: Sabotage) -> Outcome {
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

pub(super) async fn compare_balances(books: &Books, phones: &[Phone; 2], step: Step, sabotage: Sabotage) -> Outcome {
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
