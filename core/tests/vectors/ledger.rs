//! ledger.json: entries of both ledgers, what of each is hashed, and the hashes.

use anggota::cose::{self, check_canonical, sha256};
use anggota::domain::{LoanEntry, LoanKind, OtherKind, SavingsEntry, SavingsKind};
use anggota::protocol::chain::{ChainEntry, Entries, Link};
use anggota::protocol::frame::{Frame, Page};
use ciborium::Value;
use serde_json::{Value as Json, json};

use super::books::{Book, cooperative};
use super::file::{Keys, hex, unhex};

fn books() -> Vec<Book> {
    use LoanKind as L;
    use SavingsKind as S;
    let (long, wide) = ("é".repeat(200), "r".repeat(100));
    vec![
        // Every kind, a reversal, empty texts, texts beyond ASCII and such as CSV must quote.
        Book::savings(
            "SS-00001",
            &[
                ("2024-02-29", S::Deposit, 150_000_000, "Setoran awal", "BKM 001/2024", None),
                ("2024-03-31", S::Interest, 31_250, "Jasa simpanan, Maret 2024", "", None),
                ("2024-03-31", S::Tax, -3_125, "", "", None),
                ("2024-04-01", S::Fee, -250_000, "Biaya \"administrasi\"", "ADM;04", None),
                ("2024-04-02", S::TransferIn, 5_000_000, "Dari: Sulistyowati — anak", "TRF→SS-00001", None),
                ("2024-04-02", S::TransferOut, -2_500_050, "ꦩꦂꦠ koperasi", "€ 1,50", None),
                ("2024-04-05", S::Withdrawal, -50_000_000, "Penarikan tunai 🏦", "BKK 002", None),
                ("2024-04-08", S::Reversal, 50_000_000, "Salah rekening", "KOREKSI", Some(7)),
                ("2024-04-08", S::Reversal, -5_000_000, "", "", Some(5)),
            ],
        ),
        // Amounts at the edges of CBOR's integers, the first and last day, the longest texts, the largest balance.
        Book::savings(
            "a.Z-9",
            &[
                ("1900-01-01", S::Deposit, 23, "", "", None),
                ("1969-12-31", S::Deposit, 24, "", "", None),
                ("1970-01-01", S::Deposit, 255, "", "", None),
                ("1970-01-24", S::Deposit, 256, "", "", None),
                ("1970-01-25", S::Deposit, 65_535, "", "", None),
                ("1970-09-14", S::Deposit, 65_536, "", "", None),
                ("2149-06-06", S::Deposit, 4_294_967_295, "", "", None),
                ("2149-06-07", S::Deposit, 4_294_967_296, "", "", None),
                ("2199-12-31", S::Withdrawal, -24, "", "", None),
                ("2199-12-31", S::Withdrawal, -25, "", "", None),
                ("2199-12-31", S::Withdrawal, -256, "", "", None),
                ("2199-12-31", S::Withdrawal, -257, "", "", None),
                ("2199-12-31", S::Withdrawal, -65_536, "", "", None),
                ("2199-12-31", S::Withdrawal, -65_537, "", "", None),
                ("2199-12-31", S::Withdrawal, -4_294_967_296, "", "", None),
                ("2199-12-31", S::Withdrawal, -4_294_966_000, "", "", None),
                ("2199-12-31", S::Withdrawal, -1_289, &long, &wide, None),
                ("2199-12-31", S::Deposit, 99_999_999_999_999_999, "", "", None),
                ("2199-12-31", S::Reversal, -99_999_999_999_999_999, "", "", Some(18)),
            ],
        ),
        Book::savings("SP-00001", &[]),
        Book::loan(
            "PB-00001",
            &[
                ("2024-01-15", L::Disbursement, [1_200_000_000, 0, 0], "Pencairan", None),
                ("2024-02-15", L::Repayment, [-100_000_000, -24_000_000, 0], "Angsuran ke-1", None),
                ("2024-03-20", L::LateCharge, [0, 0, 1_500_000], "Denda telat 5 hari", None),
                ("2024-03-20", L::Repayment, [-100_000_000, -22_000_000, -1_500_000], "Angsuran ke-2", None),
                ("2024-03-21", L::Reversal, [100_000_000, 22_000_000, 1_500_000], "Salah pinjaman", Some(4)),
                ("2024-03-21", L::Waiver, [0, 0, -1_500_000], "Keringanan denda", None),
                ("2024-03-22", L::Repayment, [-1_100_000_000, -22_000_001, 0], "Pelunasan", None),
            ],
        ),
        // Kinds that this version passes over, up and down, and one of them taken back.
        Book::savings(
            "SS-00002",
            &[
                ("2024-05-02", S::from_number(128).unwrap(), 7_500_000, "Bonus belanja", "", None),
                ("2024-05-03", S::from_number(200).unwrap(), -1_250, "", "", None),
                ("2024-05-06", S::Reversal, 1_250, "Salah rekening", "", Some(2)),
            ],
        ),
        Book::loan(
            "PB-00002",
            &[
                ("2024-05-02", L::Disbursement, [500_000_000, 0, 0], "Pencairan", None),
                ("2024-05-31", L::from_number(255).unwrap(), [-10_000_000, 5_000_000, -1], "", None),
            ],
        ),
    ]
}

pub(crate) fn build(_: &Keys) -> Json {
    let chains: Vec<Json> = books().iter().map(chain).collect();
    json!({ "cooperative": cooperative().as_str(), "chains": chains })
}

fn chain(book: &Book) -> Json {
    let entries: Vec<(Json, Vec<u8>)> = match &book.entries {
        Entries::Savings(entries) => entries.iter().map(|entry| (savings(entry), cbor(entry))).collect(),
        Entries::Loan(entries) => entries.iter().map(|entry| (loan(entry), cbor(entry))).collect(),
    };
    let hashes = book.hashes();
    let entries = entries.into_iter().enumerate().map(|(before, (mut entry, cbor))| {
        entry["cbor"] = hex(&cbor).into();
        entry["hashed"] = hex(&hashed(book, &hashes[before], &cbor)).into();
        entry["hash"] = hex(&hashes[before + 1]).into();
        entry
    });
    json!({
        "kind": book.key.kind.as_str(),
        "account": book.key.account.as_str(),
        "entries": entries.collect::<Vec<_>>(),
        "seq": book.seq(),
        "figure": book.figure().to_string(),
        "hash": hex(hashes.last().unwrap()),
    })
}

fn savings(entry: &SavingsEntry) -> Json {
    numbered(
        entry.kind().other(),
        json!({
            "seq": entry.seq(),
            "posted_on": entry.posted_on().to_string(),
            "kind": entry.kind().as_str(),
            "amount": entry.amount().to_string(),
            "balance": entry.balance_after().to_string(),
            "description": entry.description().as_str(),
            "reference": entry.reference().as_str(),
            "reverses": entry.reverses(),
        }),
    )
}

fn loan(entry: &LoanEntry) -> Json {
    numbered(
        entry.kind().other(),
        json!({
            "seq": entry.seq(),
            "posted_on": entry.posted_on().to_string(),
            "kind": entry.kind().as_str(),
            "principal": entry.amounts().principal.to_string(),
            "interest": entry.amounts().interest.to_string(),
            "late_charge": entry.amounts().late_charge.to_string(),
            "outstanding": entry.outstanding_after().to_string(),
            "description": entry.description().as_str(),
            "reference": entry.reference().as_str(),
            "reverses": entry.reverses(),
        }),
    )
}

/// With the number of a kind that has no word.
fn numbered(kind: Option<OtherKind>, mut entry: Json) -> Json {
    if let Some(kind) = kind {
        entry["kind_number"] = kind.number().into();
    }
    entry
}

fn cbor(entry: &impl ChainEntry) -> Vec<u8> {
    let mut bytes = Vec::new();
    entry.write(&mut minicbor::Encoder::new(&mut bytes)).unwrap();
    bytes
}

/// The bytes under the hash, written by another encoder than the chain's own.
fn hashed(book: &Book, before: &[u8; 32], entry: &[u8]) -> Vec<u8> {
    cose::encode(&Value::Array(vec![
        "anggota/entry/1".into(),
        cooperative().as_str().into(),
        (book.key.kind as u8).into(),
        book.key.account.as_str().into(),
        Value::Bytes(before.to_vec()),
        check_canonical(entry, 8).unwrap(),
    ]))
}

pub(crate) fn check(file: &Json) {
    for (book, chain) in books().into_iter().zip(file["chains"].as_array().unwrap()) {
        for entry in chain["entries"].as_array().unwrap() {
            assert_eq!(hex(&sha256(&unhex(&entry["hashed"]))), entry["hash"].as_str().unwrap());
        }
        if book.seq() > 0 {
            let page = Frame::Page(Page { key: book.key, first: 1, start: Link::START.hash, entries: book.entries });
            let bytes = page.encode();
            assert_eq!(Frame::decode(&bytes[4..]), Ok(page), "entries read back as written");
        }
    }
}
