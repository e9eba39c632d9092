//! What the cooperative's server reads and no phone does: the office's books, a request's head, and bodies as far as the
//! database, as a member's device that holds a good key and token sends them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use anggota::domain::{
    AccountKey, AccountNo, Attachment, Backing, CooperativeId, LedgerKind, LoanRequest, MediaType, MemberNo, Money,
    OperationId, ProductCode, Purpose, Timestamp,
};
use anggota::protocol::frame::{Frame, Splitter};
use anggota::protocol::operation::{Command, Operation};
use anggota::protocol::pull::{PullRequest, Range};
use anggota::protocol::upload::{Held, MAX_PART_BYTES, Part};
use anggota::protocol::{VERSION_HEADER, dpop, enrolment, operation, sha256, version_header};
use anggota_server::fuzzing::{Desk, Visitor};

use crate::seeds::{bytes, each, text, vectors};
use crate::signed::{OPERATION, device, signer, wrapped};

/// The files of `books/`.
const FILES: [&str; 8] = [
    "cooperative.csv",
    "members.csv",
    "savings_products.csv",
    "loan_products.csv",
    "savings_accounts.csv",
    "savings_entries.csv",
    "loans.csv",
    "loan_entries.csv",
];
/// After the last entry of the books.
const NOW: i64 = 1_795_000_000;
/// In the form of a token.
const TOKEN_BYTES: usize = 48;

struct Office {
    desk: Desk,
    /// The books that are read, of which the input is one file.
    books: PathBuf,
    token: String,
}

fn good_books() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("books")
}

fn now() -> Timestamp {
    Timestamp::from_seconds(NOW).unwrap()
}

fn office() -> &'static Office {
    static OFFICE: OnceLock<Office> = OnceLock::new();
    OFFICE.get_or_init(|| {
        let folder = scratch();
        let books = folder.join("books");
        fs::create_dir(&books).unwrap();
        let file = vectors("operations");
        let member = MemberNo::new(&text(&file, "/member")).unwrap();
        let id = *device();
        // A token begins with the device's id.
        let mut token = id.as_bytes().to_vec();
        token.resize(TOKEN_BYTES, 7);
        let token = data_encoding::BASE64URL_NOPAD.encode(&token);
        let visitor = Visitor { member: &member, device: id, signer: signer(), token: &token };
        let desk = Desk::open(&folder, &good_books(), &visitor, now()).unwrap();
        let cooperative = CooperativeId::new(&text(&file, "/cooperative")).unwrap();
        assert!(desk.keep(&requested().sign(&cooperative, &member, &id, signer()).unwrap()));
        FILES.iter().for_each(|file| restore(&books, file));
        Office { desk, books, token }
    })
}

/// An empty folder that no other process has. What a process that has ended left there is removed.
fn scratch() -> PathBuf {
    static MINE: OnceLock<File> = OnceLock::new();
    let root = std::env::temp_dir();
    for number in 0.. {
        let lock = File::create(root.join(format!("anggota-fuzz-{number}.lock"))).unwrap();
        if lock.try_lock().is_err() {
            continue;
        }
        let folder = root.join(format!("anggota-fuzz-{number}"));
        let _absent = fs::remove_dir_all(&folder);
        fs::create_dir(&folder).unwrap();
        MINE.get_or_init(|| lock);
        return folder;
    }
    unreachable!("there is always another number")
}

fn restore(books: &Path, file: &str) {
    fs::copy(good_books().join(file), books.join(file)).unwrap();
}

/// The first byte says which file of the books the rest is.
pub(crate) fn books(input: &[u8]) {
    let Some((which, content)) = input.split_first() else { return };
    let Office { desk, books, .. } = office();
    let file = FILES[usize::from(*which) % FILES.len()];
    fs::write(books.join(file), content).unwrap();
    let reports = desk.books(books);
    restore(books, file);
    for report in reports {
        let report = report.expect("books are readable, or their problems are told");
        assert!(!report.problems.is_empty() || report.more_problems == 0);
    }
}

pub(crate) fn books_seeds() -> Vec<Vec<u8>> {
    let content =
        |(which, file): (usize, &&str)| [vec![which as u8], fs::read(good_books().join(file)).unwrap()].concat();
    FILES.iter().enumerate().map(content).collect()
}

pub(crate) fn head(input: &[u8]) {
    if let Ok(head) = std::str::from_utf8(input) {
        office().desk.head(head);
    }
}

pub(crate) fn head_seeds() -> Vec<Vec<u8>> {
    let Office { token, .. } = office();
    let seed = |route: &str, token: Option<&str>| {
        let path = format!("/v1/handayani/{route}");
        let url = format!("http://localhost{path}");
        let request = dpop::Request { method: "POST", url: &url, token };
        let proof = dpop::prove(&request, now(), &[1; 16], signer()).unwrap();
        let bearer = token.map(|token| format!("authorization: DPoP {token}\n")).unwrap_or_default();
        let versions = version_header();
        format!(
            "{path}\nhost: localhost\n{VERSION_HEADER}: {versions}\n{bearer}dpop: {proof}\naccept: application/json;q=1, */*\ncontent-type: application/cbor; x=y\n"
        )
    };
    [seed("enrolments", None), seed("pull", Some(token))].map(String::into_bytes).to_vec()
}

pub(crate) fn renewal(input: &[u8]) {
    office().desk.renewal(input);
    if let Ok(token) = std::str::from_utf8(input) {
        office().desk.renewal(&enrolment::encode_renewal(token));
    }
}

pub(crate) fn renewal_seeds() -> Vec<Vec<u8>> {
    vec![bytes(&vectors("access"), "/renewal/cbor"), office().token.clone().into_bytes()]
}

/// As a body, and as the content of the one operation of a body that the device signed.
pub(crate) fn push(input: &[u8]) {
    office().desk.push(input);
    if let Some(signed) = wrapped(&OPERATION, device().as_bytes(), input) {
        office().desk.push(&operation::encode_push(&[signed]));
    }
}

pub(crate) fn push_seeds() -> Vec<Vec<u8>> {
    let file = vectors("operations");
    [each(&file, "/operations", "payload"), vec![bytes(&file, "/push")]].concat()
}

/// All of a document in one part; the smallest that is a picture.
const DOCUMENT: &[u8] = b"\xff\xd8\xff";

/// A request that names the document.
fn requested() -> Operation {
    let id = OperationId::new(NOW.unsigned_abs() * 1000, [9; 10]);
    let (product, purpose) = (ProductCode::new("PB").unwrap(), Purpose::new("Modal warung").unwrap());
    let document = Attachment::new(sha256(DOCUMENT), DOCUMENT.len() as u32, MediaType::Jpeg).unwrap();
    let backing = Backing::new(None, Vec::new(), None, vec![document]).unwrap();
    let request = LoanRequest::new(product, 3, Money::from_rupiah(1_000_000).unwrap(), 12, purpose).unwrap();
    Operation { id, subject: id, after: None, command: Command::RequestLoan(request.with_backing(backing)) }
}

/// As a body, and as the bytes of the document that was named.
pub(crate) fn upload(input: &[u8]) {
    if let Ok(part) = Part::decode(input) {
        assert_eq!(Part::decode(&part.encode()), Ok(part));
    }
    let Office { desk, .. } = office();
    desk.upload(input);
    let bytes = input[..input.len().min(MAX_PART_BYTES)].to_vec();
    let held = desk.upload(&Part { bytes, ..document_part() }.encode());
    assert_eq!(held.is_some_and(|held| held.whole), input == DOCUMENT);
    if let Ok(held) = Held::decode(input) {
        assert_eq!(Held::decode(&held.encode()), Ok(held));
    }
}

fn document_part() -> Part {
    Part { operation: requested().id, hash: sha256(DOCUMENT), offset: 0, bytes: DOCUMENT.to_vec() }
}

pub(crate) fn upload_seeds() -> Vec<Vec<u8>> {
    let ask = Part { bytes: Vec::new(), ..document_part() };
    let held = Held { bytes: 3, whole: true };
    vec![document_part().encode(), ask.encode(), DOCUMENT.to_vec(), held.encode()]
}

/// A pull: whatever the phone says it holds, the answer is whole.
pub(crate) fn ranges(input: &[u8]) {
    let Some(answer) = office().desk.pull(input) else { return };
    let mut splitter = Splitter::default();
    splitter.push(&zstd::decode_all(&answer[..]).unwrap());
    let mut last = None;
    while let Some(frame) = splitter.next_frame().unwrap() {
        last = Some(frame);
    }
    assert_eq!(last, Some(Frame::End));
}

pub(crate) fn ranges_seeds() -> Vec<Vec<u8>> {
    let held = |account: &str, low, high| {
        let key = AccountKey { kind: LedgerKind::Savings, account: AccountNo::new(account).unwrap() };
        (key, Range { low, before: [0; 32], high, after: [1; 32] })
    };
    let request =
        |ranges| PullRequest { epoch: 1, generation: 1, nonce: [7; 16], register: None, results_after: 0, ranges };
    let some = vec![held("SP-1", 1, 1), held("SS-1", 40, 60), held("SS-1", 2, 9)];
    let all = vec![held("SP-1", 1, 1), held("SS-1", 1, 68)];
    [Vec::new(), some, all].map(|ranges| request(ranges).encode()).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_seeds_reach_what_they_are_for() {
        let Office { desk, token, .. } = office();
        for report in desk.books(&good_books()) {
            assert_eq!(report.map(|report| report.problems), Some(Vec::new()));
        }
        let heads = head_seeds().into_iter().map(|head| desk.head(&String::from_utf8(head).unwrap()));
        assert_eq!(heads.collect::<Vec<_>>(), [(true, false), (false, true)]);
        assert!(desk.renewal(&enrolment::encode_renewal(token)));
        let file = vectors("operations");
        let operations = each(&file, "/operations", "payload");
        let signed: Vec<_> =
            operations.iter().filter_map(|payload| wrapped(&OPERATION, device().as_bytes(), payload)).collect();
        assert_eq!(desk.push(&operation::encode_push(&signed)), operations.len());
        let whole = Held { bytes: DOCUMENT.len() as u32, whole: true };
        assert_eq!(desk.upload(&document_part().encode()), Some(whole));
        let spoilt = Part { bytes: b"abc".to_vec(), ..document_part() };
        assert_eq!(desk.upload(&spoilt.encode()), None);
        assert!(ranges_seeds().iter().all(|seed| desk.pull(seed).is_some()));
    }
}
