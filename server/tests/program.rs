//! The office's commands as scripts see them: documents, exit statuses, and what each leaves behind.
#![allow(clippy::unwrap_used, reason = "what a test cannot set up fails it")]

mod support;

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use support::phone::{Ask, Phone, client, send};
use support::program::{done, program, refused, run};
use support::{Bench, FIRST};

#[tokio::test(flavor = "multi_thread")]
async fn an_activation_is_a_code_its_end_and_the_key_to_pin() {
    let bench = Bench::start().await;
    let made = done(&bench, "activate --member A001");
    let code = made["code"].as_str().unwrap();
    let digits = code.split_once('-').unwrap();
    assert_eq!((digits.0.len(), digits.1.len()), (4, 4));
    assert!(made["expires_at"].as_str().unwrap().ends_with('Z'));
    let key = bench.keys(FIRST).checkpoint.signer;
    let thumbprint = anggota::cose::Signer::public_key(&key).thumbprint();
    assert_eq!(made["server_key"], data_encoding::HEXLOWER.encode(&thumbprint));
    assert_eq!(Phone::new(&bench, FIRST, "A001").enrol(&bench, code).await, None);
    assert_eq!(refused(&bench, &format!("--cooperative {FIRST} activate --member Z999")), (1, "unknown".into()));
    assert_eq!(refused(&bench, &format!("--cooperative {FIRST} activate --member A004")), (1, "not-possible".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn members_are_suspended_and_restored_by_name() {
    let bench = Bench::books_only();
    let suspended = json!({"member_no": "A001", "status": "suspended"});
    for _ in 0..2 {
        assert_eq!(done(&bench, "member suspend A001 --officer Bu_Sri"), suspended);
    }
    assert_eq!(bench.count("SELECT count(*) FROM change WHERE officer = 'Bu Sri'"), 1);
    assert_eq!(done(&bench, "member restore A001 --officer Pak_Budi")["status"], "active");
    bench.execute("UPDATE member SET status = 2 WHERE member_no = 'A002'");
    assert_eq!(done(&bench, "member restore A002 --officer Pak_Budi")["status"], "suspended", "as the books say");
    let left = format!("--cooperative {FIRST} member suspend A004 --officer Bu_Sri");
    assert_eq!(refused(&bench, &left), (1, "not-possible".into()));
    assert_eq!(refused(&bench, "member suspend A001"), (2, "usage".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_are_listed_and_revoked() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let id = phone.device.to_string();
    let device = |revoked| {
        let at = bench.now().to_string();
        json!({"devices": [{"device_id": id, "member_no": "A001", "enrolled_at": at, "revoked": revoked}]})
    };
    assert_eq!(done(&bench, "device list"), device(false));
    for _ in 0..2 {
        assert_eq!(done(&bench, &format!("device revoke {id}")), json!({"device_id": id}));
    }
    assert_eq!(done(&bench, "device list"), device(true));
    assert_eq!(refused(&bench, &format!("--cooperative sejahtera device revoke {id}")), (1, "unknown".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_officers_do_is_on_record_with_or_without_a_name() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    for officer in ["", " --officer Bu_Sri"] {
        done(&bench, &format!("activate --member A002{officer}"));
        done(&bench, &format!("epoch new --reason x{officer}"));
    }
    done(&bench, &format!("device revoke {}", phone.device));
    for (officer, subject, field) in [
        ("kantor", "member:A001", "activation"),
        ("kantor", "member:A002", "activation"),
        ("Bu Sri", "member:A002", "activation"),
        ("kantor", "cooperative:handayani", "epoch"),
        ("Bu Sri", "cooperative:handayani", "epoch"),
        ("kantor", &format!("device:{}", phone.device), "revoked_at"),
    ] {
        let sql = format!(
            "SELECT count(*) FROM change WHERE officer = '{officer}' AND subject = '{subject}' AND field = '{field}'"
        );
        assert_eq!(bench.count(&sql), 1, "{officer} {subject} {field}");
    }
    assert_eq!(bench.count("SELECT count(*) FROM change"), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_epoch_is_told_with_its_reason() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let begun = done(&bench, "epoch new --reason dipulihkan_dari_cadangan");
    assert_eq!(begun["epoch"], 2);
    assert!(begun["warning"].as_str().unwrap().contains("Ulangi pencabutan"), "{begun}");
    let request = support::phone::nothing_held();
    let pulled = phone.pull(&bench, &request).await.unwrap();
    let reset = pulled.verified(&bench, FIRST, &request).reset.unwrap();
    assert_eq!((reset.epoch, reset.last_generation, reset.reason.as_str()), (1, 1, "dipulihkan dari cadangan"));
}

#[test]
fn a_federation_signs_what_its_cooperatives_hand_over() {
    use anggota::card::{KeyUse, StatusList, TrustList};
    let bench = Bench::books_only();
    let path = |name: &str| bench.folder.path().join(name);
    let made = done(&bench, "federation keygen fed");
    assert_eq!((made["file"].as_str(), made["files"].as_array().unwrap().len()), (Some("fed"), 4));
    assert_eq!(refused(&bench, "federation keygen fed"), (1, "not-possible".into()));
    #[cfg(unix)]
    for (name, mode) in [("fed/root-0.key", 0o600), ("fed/root-1.key", 0o600)] {
        let found = std::os::unix::fs::PermissionsExt::mode(&path(name).metadata().unwrap().permissions());
        assert_eq!(found & 0o777, mode, "{name}");
    }
    for id in [FIRST, "sejahtera"] {
        let (status, written) = run(&bench, &format!("--cooperative {id} export issuer {id}.issuer"));
        assert_eq!(
            (status, written["bytes"].as_u64()),
            (Some(0), Some(path(&format!("{id}.issuer")).metadata().unwrap().len()))
        );
    }
    let sign =
        "federation sign --root fed/root-1.key --issuer handayani.issuer --issuer sejahtera.issuer --seq 7 trust.bin";
    assert_eq!(done(&bench, sign)["file"], "trust.bin");
    let public = std::fs::read_to_string(path("fed/root-1.pub")).unwrap();
    let root = data_encoding::HEXLOWER.decode(public.trim().as_bytes()).unwrap();
    let root = anggota::cose::PublicKey::from_sec1(&root).unwrap();
    let list = TrustList::read(&std::fs::read(path("trust.bin")).unwrap(), &[root], 7).unwrap();
    assert_eq!((list.seq(), list.issuers().count()), (7, 2));
    let issuer = list.issuer(&anggota::domain::CooperativeId::new(FIRST).unwrap()).unwrap();
    let keys = bench.keys(FIRST);
    for (kid, usage, signer) in [
        (1, KeyUse::Card, &keys.card.signer),
        (2, KeyUse::Status, &keys.status.signer),
        (3, KeyUse::Checkpoint, &keys.checkpoint.signer),
    ] {
        assert_eq!(issuer.key(kid, usage).unwrap().key, *anggota::cose::Signer::public_key(signer));
    }
    done(&bench, "export status-list status.bin");
    let status = std::fs::read(path("status.bin")).unwrap();
    assert_eq!(StatusList::read(&status, &list).unwrap().issuer().as_str(), FIRST);

    for wrong in [
        "--root fed/root-1.pub --issuer handayani.issuer",
        "--root fed/root-1.key --issuer trust.bin",
        "--root fed/root-1.key --issuer handayani.issuer --issuer handayani.issuer",
    ] {
        assert_eq!(refused(&bench, &format!("federation sign {wrong} out.bin")), (1, "invalid-input".into()));
    }
    assert!(!path("out.bin").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_list_has_one_name_wherever_it_comes_from() {
    let mut bench = Bench::books_only();
    let public_url = Some("https://koperasi.example.id/".into());
    bench.serve(support::Setup { public_url, ..support::Setup::default() }).await.unwrap();
    done(&bench, "export issuer issuer.bin");
    let issuer = std::fs::read(bench.folder.path().join("issuer.bin")).unwrap();
    let uri = anggota::card::Issuer::from_bytes(&issuer).unwrap().status_uri().to_owned();
    assert_eq!(uri, "urn:anggota:status-list:handayani");
    done(&bench, "export status-list status.bin");
    let exported = std::fs::read(bench.folder.path().join("status.bin")).unwrap();
    let path = format!("/v1/{FIRST}/status-list");
    let served = send(&client(), bench.url(), Ask { method: "GET", ..Ask::post(&path, vec![]) }).await.ok();
    for list in [exported, served] {
        assert!(list.windows(uri.len()).any(|window| window == uri.as_bytes()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_an_import_makes_a_database() {
    let bench = Bench::books_only();
    let stray = bench.folder.path().join("lain/anggota.db");
    for line in ["device list", "serve --listen 127.0.0.1:0", "epoch new --reason x", "export issuer issuer.bin"] {
        assert_eq!(refused(&bench, &format!("--database lain/anggota.db {line}")), (1, "unknown".into()), "{line}");
        assert!(!stray.parent().unwrap().exists(), "{line}");
    }
    // Made by an import that was refused: no cooperative in it.
    std::fs::create_dir(bench.folder.path().join("kosong")).unwrap();
    let (status, _) = run(&bench, "--database lain/anggota.db import kosong");
    assert_eq!((status, stray.exists()), (Some(1), true));
    assert_eq!(refused(&bench, "--database lain/anggota.db serve --listen 127.0.0.1:0"), (1, "unknown".into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_from_before_an_epoch_is_neither_served_nor_written_to() {
    let mut bench = Bench::books_only();
    let before = bench.folder.path().join("cadangan.db");
    let copy = format!("VACUUM INTO '{}'", before.display());
    rusqlite::Connection::open(bench.folder.path().join("anggota.db")).unwrap().execute(&copy, []).unwrap();
    assert_eq!(bench.begin_epoch(FIRST), 2);
    drop(std::mem::replace(
        &mut bench.database,
        anggota_server::database::Database::open(before.to_str().unwrap()).unwrap(),
    ));
    let refusal = bench.serve(support::Setup::default()).await.unwrap_err();
    assert!(refusal.to_string().contains("epoch new --reason"), "{refusal}");
    assert_eq!(bench.begin_epoch(FIRST), 3, "2 was seen by phones");
    bench.serve(support::Setup::default()).await.unwrap();
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let request = support::phone::nothing_held();
    let reset = phone.pull(&bench, &request).await.unwrap().verified(&bench, FIRST, &request).reset.unwrap();
    assert_eq!((reset.epoch, reset.last_generation), (2, 0));
}

#[test]
fn books_are_imported_with_a_report() {
    let bench = Bench::books_only();
    let folder = bench.folder.path().join("books");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("cooperative.csv"), "id,name\nbaru,Koperasi Baru\n").unwrap();
    std::fs::write(folder.join("members.csv"), "member_no,name,status,joined_on\n1,Siti,active,2020-01-01\n").unwrap();
    let report = json!({"members": 1, "accounts": 0, "entries": 0, "loans": 0, "loan_entries": 0, "added": 0,
        "problems": [], "more_problems": 0});
    assert_eq!(run(&bench, "import books"), (Some(0), report));
    std::fs::write(folder.join("members.csv"), "member_no,name,status,joined_on\n1,Siti,aktif,2020-01-01\n").unwrap();
    let (status, report) = run(&bench, "import books");
    assert_eq!((status, &report["problems"][0]["column"]), (Some(1), &json!("status")));
    assert_eq!(refused(&bench, "import tidak-ada"), (1, "invalid-input".into()));
    let (status, report) = run(&bench, "--cooperative handayani import books");
    assert_eq!((status, &report["problems"][0]["column"]), (Some(1), &json!("id")), "the books of another");
}

#[test]
fn every_wrong_line_is_one_document_and_the_right_status() {
    let bench = Bench::books_only();
    for (line, expected) in [
        ("device list", (2, "usage")),
        ("--cooperative tidak-ada device list", (1, "unknown")),
        ("--cooperative Handayani device list", (1, "invalid-input")),
        ("nonsense", (2, "usage")),
        ("device", (2, "usage")),
        ("device list --nonsense", (2, "usage")),
        ("activate", (2, "usage")),
        ("serve --listen nonsense", (1, "invalid-input")),
        ("serve --listen 0.0.0.0:0", (2, "usage")),
        ("serve --tls-cert cert.pem", (2, "usage")),
        ("--database postgres://x/y device list", (2, "usage")),
        ("--database sqlite:keys/handayani/card.key device list", (4, "store-unreadable")),
    ] {
        let (status, code) = refused(&bench, line);
        assert_eq!((status, code.as_str()), expected, "{line}");
    }
    let help = program(&bench).arg("--help").output().unwrap();
    assert!(help.status.success() && String::from_utf8(help.stdout).unwrap().contains("Perintah:"));
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_who_take_every_connection_leave_descriptors_to_the_member_who_was_there() {
    let bench = Bench::books_only();
    std::fs::write(bench.folder.path().join("trust.bin"), "list").unwrap();
    // As a machine that lets a program open 400 files.
    let line = format!(
        "ulimit -n 400 && exec {} --json serve --listen 127.0.0.1:0 --trust-list trust.bin",
        env!("CARGO_BIN_EXE_anggota-server")
    );
    let mut serving = Command::new("sh")
        .args(["-c", &line])
        .current_dir(bench.folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(serving.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let greeting: Value = serde_json::from_str(&line).unwrap();
    let url = greeting["listening"].as_str().unwrap().to_owned();
    let member = client();
    // Its file is opened anew each time.
    let fetch = async || send(&member, &url, Ask { method: "GET", ..Ask::post("/v1/trust-list", vec![]) }).await.status;
    assert_eq!(fetch().await, 200);
    let mut strangers = Vec::new();
    for _ in 0..450 {
        strangers.extend(tokio::net::TcpStream::connect(url.trim_start_matches("http://")).await);
    }
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    let during = fetch().await;
    serving.kill().unwrap();
    serving.wait().unwrap();
    assert!(strangers.len() >= 400, "{}", strangers.len());
    assert_eq!(during, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_says_where_it_listens_and_stops_in_order() {
    let bench = Bench::books_only();
    let mut serving = program(&bench)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(serving.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let greeting: Value = serde_json::from_str(&line).unwrap();
    let url = greeting["listening"].as_str().unwrap();
    let reply = send(&client(), url, Ask { method: "GET", ..Ask::post("/health", vec![]) }).await;
    assert_eq!(reply.ok(), br#"{"status":"ok"}"#);
    let stop = Command::new("sh").args(["-c", &format!("kill -TERM {}", serving.id())]).status().unwrap();
    assert!(stop.success());
    assert!(serving.wait().unwrap().success());
    assert!(client().get(format!("{url}/health")).send().await.is_err());
}
