//! heads.json: heads of both ledgers, and the roots of trees over them.

use anggota::cose::sha256;
use anggota::domain::{
    AccountNo, AccountStatus, Head, LoanHead, LoanMethod, LoanStatus, LoanTerms, Money, ProductCode, Rate, SavingsHead,
};
use anggota::protocol::{head, merkle};
use serde_json::{Value as Json, json};

use super::books::{day, sen};
use super::file::{Keys, hex, unhex};

fn savings(account: &str, seq: u32, balance: i64, product: &str, status: AccountStatus) -> Head {
    // Any hash will do for a head alone; before the first entry it is 32 zero bytes.
    let hash = if seq == 0 { [0; 32] } else { sha256(account.as_bytes()) };
    let (account, product) = (AccountNo::new(account).unwrap(), ProductCode::new(product).unwrap());
    Head::Savings(SavingsHead { account, seq, balance: sen(balance), hash, product, status })
}

fn loan(account: &str, seq: u32, outstanding: i64, terms: LoanTerms, status: LoanStatus) -> Head {
    let hash = sha256(account.as_bytes());
    Head::Loan(LoanHead {
        account: AccountNo::new(account).unwrap(),
        seq,
        outstanding: sen(outstanding),
        hash,
        terms,
        status,
    })
}

fn terms(product: &str, version: u32, method: LoanMethod, rate_e8: i64, periods: u32) -> LoanTerms {
    LoanTerms {
        product: ProductCode::new(product).unwrap(),
        product_version: version,
        method,
        principal: Money::from_rupiah(12_000_000).unwrap(),
        rate_per_period: Rate::from_e8(rate_e8).unwrap(),
        periods,
        disbursed_on: day("2024-01-15"),
        first_due_on: day("2024-02-15"),
    }
}

/// Sorted by kind, then by the bytes of the number.
fn heads() -> Vec<Head> {
    vec![
        savings("SB-00001", 2, 1_000_000_000, "SB 12", AccountStatus::Open),
        savings("SP-00001", 0, 0, "SP", AccountStatus::Open),
        savings("SS-00001", 70_000, 98_278_075, "Sukarela é", AccountStatus::Open),
        savings("a.Z-9", 19, 0, "SS", AccountStatus::Closed),
        loan("PB-00001", 7, 0, terms("PB", 1, LoanMethod::Flat, 2_000_000, 12), LoanStatus::Paid),
        loan("PB-00002", 1, 1_200_000_000, terms("PA", 300, LoanMethod::Anuitas, 1_250_000, 36), LoanStatus::Active),
        loan("PB-2", 2, 1_100_000_000, terms("PH", 2, LoanMethod::Harian, 0, 1), LoanStatus::WrittenOff),
    ]
}

pub(crate) fn build(_: &Keys) -> Json {
    let leaves: Vec<Vec<u8>> = heads().iter().map(head::encode).collect();
    let trees =
        (0..=leaves.len()).map(|count| json!({ "leaves": count, "root": hex(&merkle::root(&leaves[..count])) }));
    let heads = heads().iter().map(told).collect::<Vec<_>>();
    json!({ "heads": heads, "trees": trees.collect::<Vec<_>>(), "more_items": hex(&with_more(&leaves[0])) })
}

pub(crate) fn told(head: &Head) -> Json {
    let bytes = head::encode(head);
    match head {
        Head::Savings(savings) => json!({
            "kind": "savings",
            "account": savings.account.as_str(),
            "seq": savings.seq,
            "balance": savings.balance.to_string(),
            "hash": hex(&savings.hash),
            "product": savings.product.as_str(),
            "status": savings.status.as_str(),
            "cbor": hex(&bytes),
        }),
        Head::Loan(loan) => json!({
            "kind": "loan",
            "account": loan.account.as_str(),
            "seq": loan.seq,
            "outstanding": loan.outstanding.to_string(),
            "hash": hex(&loan.hash),
            "product": loan.terms.product.as_str(),
            "product_version": loan.terms.product_version,
            "method": loan.terms.method.as_str(),
            "principal": loan.terms.principal.to_string(),
            "rate_per_period": loan.terms.rate_per_period.to_string(),
            "periods": loan.terms.periods,
            "disbursed_on": loan.terms.disbursed_on.to_string(),
            "first_due_on": loan.terms.first_due_on.to_string(),
            "status": loan.status.as_str(),
            "cbor": hex(&bytes),
        }),
    }
}

/// The head as a newer writer may send it: with an item that this version does not know.
fn with_more(head: &[u8]) -> Vec<u8> {
    let mut bytes = head.to_vec();
    bytes[0] += 1;
    bytes.push(0x07);
    bytes
}

pub(crate) fn check(file: &Json) {
    for (head, told) in heads().iter().zip(file["heads"].as_array().unwrap()) {
        assert_eq!(head::decode(&unhex(&told["cbor"])).as_ref(), Ok(head));
    }
    assert_eq!(head::decode(&unhex(&file["more_items"])).as_ref(), Ok(&heads()[0]), "what is new is passed over");
    assert!(heads().is_sorted_by(|a, b| a.key() < b.key()));
}
