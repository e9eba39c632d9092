//! The office's commands for loan requests, as scripts and people see them.
#![allow(clippy::unwrap_used, reason = "what a test cannot set up fails it")]

mod support;

use anggota::domain::{Backing, Collateral, MemberNo, Money};
use serde_json::{Value, json};
use support::commands::{ask_more, attaching, backed, naming, one, part, picture, reply_to};
use support::phone::{Phone, loan_request};
use support::program::{done, for_people, refused, run};
use support::{Bench, FIRST};

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_listed_and_decided() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    assert_eq!(done(&bench, "requests list"), json!({"requests": []}));
    let request = loan_request(50_000_050);
    phone.push(&bench, &[phone.sign(&request)]).await.unwrap();
    let id = request.id.to_string();
    let expected = json!({"requests": [{
        "request_id": id, "member_no": "A001", "product": "PB", "principal": "500000.50", "periods": 12,
        "purpose": "modal warung", "state": "received", "submitted_at": bench.now().to_string(),
        "guarantors": [], "attachments": [], "replies": [],
    }]});
    assert_eq!(done(&bench, "requests list"), expected);
    let decide = |how: &str| format!("--cooperative {FIRST} requests decide {id} {how}");
    for usage in
        ["--officer Bu_Sri", "--approve", "--reject --officer Bu_Sri", "--approve --reject --reason x --officer B"]
    {
        assert_eq!(refused(&bench, &decide(usage)), (2, "usage".into()), "{usage}");
    }
    let decided = done(&bench, &format!("requests decide {id} --reject --reason agunan_kurang --officer Bu_Sri"));
    assert_eq!(decided, json!({"request_id": id, "state": "rejected"}));
    assert_eq!(refused(&bench, &decide("--approve --officer Pak_Budi")), (1, "not-possible".into()));
    let listed = &done(&bench, "requests list")["requests"][0];
    assert_eq!((&listed["state"], &listed["reason"]), (&json!("rejected"), &json!("agunan kurang")));
    let (status, document) = run(&bench, &format!("--cooperative {FIRST} requests decide -1 --approve --officer B"));
    assert_eq!((status, &document["error"]["code"]), (Some(1), &json!("invalid-input")));
}

/// A request with everything behind it and a reply with a document, of which the second and the third are not whole.
async fn backed_request(bench: &Bench) -> (String, [Vec<u8>; 3]) {
    let phone = Phone::enrolled(bench, FIRST, "A001").await;
    let documents = [b"%PDF-1.7 slip gaji".to_vec(), picture(70_000, 1), picture(2_000, 2)];
    let income = Some(Money::from_rupiah(6_000_000).unwrap());
    let attached = documents[..2].iter().map(|document| naming(document)).collect();
    let guarantor = MemberNo::new("A002").unwrap();
    let backing = Backing::new(income, vec![guarantor], Some(Collateral::new("BPKB motor").unwrap()), attached);
    let request = backed(loan_request(50_000_000), backing.unwrap());
    one(&phone, bench, &request).await;
    ask_more(bench, &request);
    // The slip once more: one document, however often it is named.
    let reply = reply_to(&request, attaching(vec![naming(&documents[2]), naming(&documents[0])]));
    one(&phone, bench, &reply).await;
    phone.upload_all(bench, &request, &documents[0]).await;
    phone.upload(bench, &part(&request, &documents[1], 0)).await.unwrap();
    (request.id.to_string(), documents)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stands_behind_a_request_is_listed() {
    let bench = Bench::start().await;
    let (_, documents) = backed_request(&bench).await;
    let attachment = |document: &[u8], media_type: &str, held: usize| {
        let hash = data_encoding::HEXLOWER.encode(naming(document).hash());
        let size = document.len();
        json!({"hash": hash, "size": size, "media_type": media_type, "held": held, "whole": held == size})
    };
    let listed = &done(&bench, "requests list")["requests"][0];
    assert_eq!((&listed["income"], &listed["collateral"]), (&json!("6000000.00"), &json!("BPKB motor")));
    assert_eq!((&listed["guarantors"], &listed["state"]), (&json!(["A002"]), &json!("received")));
    assert_eq!(listed["reason"], "lampirkan slip gaji", "what was asked stays beside what was replied");
    let of = |list: &Value| list["attachments"].as_array().unwrap().clone();
    assert_eq!(of(listed).len(), 2);
    assert!(of(listed).contains(&attachment(&documents[0], "application/pdf", 18)));
    assert!(of(listed).contains(&attachment(&documents[1], "image/jpeg", 65_536)));
    let reply = &listed["replies"][0];
    assert_eq!((&reply["text"], &reply["guarantors"]), (&json!("Sudah saya lampirkan"), &json!([])));
    assert_eq!((&reply["replied_at"], reply.get("income")), (&json!(bench.now().to_string()), None));
    assert!(of(reply).contains(&attachment(&documents[2], "image/jpeg", 0)));
    let text = for_people(&bench).args(["--cooperative", FIRST, "requests", "list"]).output().unwrap().stdout;
    let text = String::from_utf8(text).unwrap();
    for said in [
        "penjamin A002",
        "Rp6.000.000 sebulan",
        "kata kantor: lampirkan slip gaji",
        "agunan BPKB motor",
        "baru 65536 dari 70000 bita",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whole_documents_are_written_out_and_never_over_others() {
    let bench = Bench::start().await;
    let (id, documents) = backed_request(&bench).await;
    let hash = data_encoding::HEXLOWER.encode(naming(&documents[0]).hash());
    let name = format!("berkas/{}.pdf", &hash[..32]);
    let expected = json!({"request_id": id, "missing": 2, "files": [
        {"file": name, "bytes": 18, "hash": hash, "media_type": "application/pdf"}]});
    for _ in 0..2 {
        assert_eq!(done(&bench, &format!("requests attachments {id} berkas")), expected);
    }
    let path = bench.folder.path().join(&name);
    assert_eq!(std::fs::read(&path).unwrap(), documents[0]);
    #[cfg(unix)]
    {
        let mode = |path: &std::path::Path| {
            std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions()) & 0o777
        };
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }
    let elsewhere = format!("--cooperative sejahtera requests attachments {id} lain");
    assert_eq!(refused(&bench, &elsewhere), (1, "unknown".into()));
    assert!(!bench.folder.path().join("lain").exists());
}

/// Two whole documents: what is wrong with the first keeps nobody from the second.
#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_cannot_be_written_keeps_no_other_from_it() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let documents = [b"%PDF-1.7 slip gaji".to_vec(), picture(3_000, 1)];
    let request = backed(loan_request(50_000_000), attaching(documents.iter().map(|bytes| naming(bytes)).collect()));
    one(&phone, &bench, &request).await;
    for document in &documents {
        phone.upload_all(&bench, &request, document).await;
    }
    let [slip, _] = documents.each_ref().map(|bytes| data_encoding::HEXLOWER.encode(naming(bytes).hash()));
    let write = |folder: &str| {
        let document = done(&bench, &format!("requests attachments {} {folder}", request.id));
        let files = document["files"].as_array().unwrap().iter().map(|file| file["hash"].clone()).collect::<Vec<_>>();
        (files.contains(&json!(slip)), files.len(), document["missing"].as_u64().unwrap())
    };
    let is_told = |folder: &str, what: &str| {
        let id = request.id.to_string();
        let line = ["--cooperative", FIRST, "requests", "attachments", &id, folder];
        let text = String::from_utf8(for_people(&bench).args(line).output().unwrap().stdout).unwrap();
        assert!(text.contains(what) && text.contains(&slip[..32]) && !text.contains("ponsel"), "{text}");
    };
    assert_eq!(write("satu"), (true, 2, 0));
    let taken = bench.folder.path().join("satu").join(format!("{}.pdf", &slip[..32]));
    std::fs::write(&taken, "lain").unwrap();
    assert_eq!(write("satu"), (false, 1, 1));
    is_told("satu", "tidak ditimpa");
    assert_eq!(std::fs::read(&taken).unwrap(), b"lain");
    bench.execute("UPDATE attachment_part SET bytes = zeroblob(18) WHERE length(bytes) = 18");
    assert_eq!(write("dua"), (false, 1, 1));
    is_told("dua", "rusak");
}
