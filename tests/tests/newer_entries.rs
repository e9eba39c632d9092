//! A server of a later version posts kinds of entries that this phone does not know. What may be passed over is kept, counted
//! and proven like any other; what must be understood stops the phone, which asks for an update.

#![allow(clippy::unwrap_used, missing_docs)]

use std::sync::Arc;

use anggota::clock;
use anggota::domain::{
    AccountKey, AccountNo, CivilDate, Description, LedgerKind, LoanAmounts, LoanEntry, LoanKind, Money, Reference,
    SavingsEntry, SavingsKind,
};
use anggota::entropy;
use anggota::protocol::Hash;
use anggota::protocol::chain::{Chain, ChainEntry};
use anggota_server::checkpoints;
use anggota_server::cooperative::Cooperative;
use anggota_server::database::Database;
use anggota_server::keys::IssuerKeys;
use anggota_server::refusal::Refusal;
use anggota_server::serve::Rng;
use anggota_tests::middleman::Act;
use anggota_tests::village::{Village, entries_held, first_account, mirror, savings};
use anggota_tests::{Office, Phone};
use rusqlite::{Transaction, params};
use serde_json::{Value, json};

/// The day of the entries of newer kinds: 2026-11-01.
const DAY: i32 = 20_758;
const SAVINGS_KIND: u8 = 200;
const LOAN_KIND: u8 = 201;

/// An account as the server's database has it.
struct Account {
    number: i64,
    member: i64,
    seq: u32,
    figure: i64,
    hash: Hash,
}

impl Account {
    fn find(t: &Transaction<'_>, account_no: &str) -> Self {
        let sql = "SELECT account, member, seq, figure, hash FROM account WHERE account_no = ?1";
        t.query_row(sql, [account_no], |row| {
            let (number, member, seq, figure) = (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?);
            Ok(Self { number, member, seq, figure, hash: row.get(4)? })
        })
        .unwrap()
    }

    /// Takes an entry that was written to the table as the last one.
    fn end_in(&self, t: &Transaction<'_>, cooperative: &Cooperative, key: &AccountKey, entry: &impl ChainEntry) {
        let hash = Chain::new(&cooperative.id, key).next(&self.hash, entry);
        let table = if key.kind == LedgerKind::Savings { "savings_entry" } else { "loan_entry" };
        let (number, seq, figure) = (self.number, entry.seq(), entry.figure().sen());
        t.execute(&format!("UPDATE {table} SET hash = ?3 WHERE account = ?1 AND seq = ?2"), params![number, seq, hash])
            .unwrap();
        t.execute(
            "UPDATE account SET seq = ?2, figure = ?3, hash = ?4 WHERE account = ?1",
            params![number, seq, figure, hash],
        )
        .unwrap();
    }
}

fn sen(amount: i64) -> Money {
    Money::from_sen(amount).unwrap()
}

fn words() -> (CivilDate, Description, Reference) {
    (CivilDate::from_days(DAY).unwrap(), Description::new("Bonus").unwrap(), Reference::new("").unwrap())
}

/// Does what a server of a later version does behind this one's back, and signs the member's heads anew.
fn post_newer(office: &Office, account_no: &str, post: impl FnOnce(&Transaction<'_>, &Cooperative, &Account)) {
    let database = Database::open(&format!("sqlite:{}", office.database().display())).unwrap();
    let rng: Rng = Arc::new(entropy::system());
    let posted = database.write::<_, Refusal>(|t| {
        let cooperative = Cooperative::find(t, None)?;
        let key = IssuerKeys::load(t, &office.keys(), &cooperative, &rng)?.checkpoint;
        let account = Account::find(t, account_no);
        post(t, &cooperative, &account);
        checkpoints::renew(t, &cooperative, account.member, clock::wall(), key.kid, &key.signer)?;
        Ok(())
    });
    posted.unwrap();
}

/// Moves so much on a savings account by an entry of a kind that only a later version names.
fn save_newer(office: &Office, account_no: &str, amount: i64) {
    let key = AccountKey { kind: LedgerKind::Savings, account: AccountNo::new(account_no).unwrap() };
    post_newer(office, account_no, |t, cooperative, account| {
        let (seq, balance, kind) =
            (account.seq + 1, account.figure + amount, SavingsKind::from_number(SAVINGS_KIND).unwrap());
        let (day, description, reference) = words();
        let entry = SavingsEntry::new(seq, day, kind, sen(amount), sen(balance), description, reference, None).unwrap();
        t.execute(
            "INSERT INTO savings_entry VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 'Bonus', '', NULL, zeroblob(32))",
            params![cooperative.number, account.number, seq, DAY, SAVINGS_KIND, amount, balance],
        )
        .unwrap();
        account.end_in(t, cooperative, &key, &entry);
    });
}

/// As [`save_newer`], of a loan's principal.
fn lend_newer(office: &Office, loan_no: &str, principal: i64) {
    let key = AccountKey { kind: LedgerKind::Loan, account: AccountNo::new(loan_no).unwrap() };
    post_newer(office, loan_no, |t, cooperative, account| {
        let (seq, outstanding, kind) =
            (account.seq + 1, account.figure + principal, LoanKind::from_number(LOAN_KIND).unwrap());
        let amounts = LoanAmounts { principal: sen(principal), ..LoanAmounts::default() };
        let (day, description, reference) = words();
        let entry = LoanEntry::new(seq, day, kind, amounts, sen(outstanding), description, reference, None).unwrap();
        t.execute(
            "INSERT INTO loan_entry VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, 0, ?7, 'Bonus', '', NULL, zeroblob(32))",
            params![cooperative.number, account.number, seq, DAY, LOAN_KIND, principal, outstanding],
        )
        .unwrap();
        account.end_in(t, cooperative, &key, &entry);
    });
}

fn in_sen(amount: &Value) -> i64 {
    amount.as_str().unwrap().replace('.', "").parse().unwrap()
}

/// The member's first loan with something left to pay.
fn running_loan(phone: &Phone) -> Value {
    let balance = phone.balance();
    let loans = balance["loans"].as_array().unwrap();
    loans.iter().find(|loan| in_sen(&loan["outstanding"]) > 0).expect("a loan that is being repaid").clone()
}

#[test]
fn a_kind_that_may_be_passed_over_is_kept_counted_and_proven() {
    let village = Village::synced("newer-kinds", 600, 3, 2);
    let account = first_account(&village.phone);
    let (before, loan) = (savings(&village.phone, &account), running_loan(&village.phone));
    let loan_no = loan["loan_no"].as_str().unwrap().to_owned();
    let village = village.while_stopped(|office| {
        save_newer(office, &account, 1_234_550);
        lend_newer(office, &loan_no, -100);
    });

    let (old, new) = (&village.phone, village.another_phone("new"));
    assert_eq!(old.sync()["entries_received"], 2);
    assert_eq!(new.sync()["complete"], true);
    for phone in [old, &new] {
        let after = savings(phone, &account);
        assert_eq!(in_sen(&after["balance"]), in_sen(&before["balance"]) + 1_234_550);
        assert_eq!((&after["verified"], &after["complete"]), (&json!(true), &json!(true)));
        let newest = phone.json(&["transactions", "--account", &account, "--limit", "1"])["entries"][0].clone();
        assert_eq!((&newest["kind"], &newest["kind_number"]), (&json!("other"), &json!(SAVINGS_KIND)));
        assert_eq!((&newest["amount"], &newest["balance"]), (&json!("12345.50"), &after["balance"]));
        assert_eq!(phone.verify()["ok"], true);
        assert_eq!(phone.sync()["entries_received"], 0, "nothing is asked for again");
        assert_eq!(phone.verify()["ok"], true);
    }
    let told = old.run(&["transactions", "--account", &account, "--limit", "1"]).ok();
    assert!(told.stdout.contains("transaksi lain") && told.stdout.contains("Rp12.345,50"), "{told:?}");
    the_loan_is_not_told(old, &loan);
}

/// The outstanding is right; which instalment that movement paid, if any, nobody here can say, so none is told.
fn the_loan_is_not_told(phone: &Phone, before: &Value) {
    let (loan_no, after) = (before["loan_no"].as_str().unwrap(), running_loan(phone));
    assert_eq!(in_sen(&after["outstanding"]), in_sen(&before["outstanding"]) - 100);
    assert_eq!((&after["verified"], after.get("next_due")), (&json!(true), None));
    let newest = phone.json(&["loan", "transactions", loan_no, "--limit", "1"])["entries"][0].clone();
    assert_eq!((&newest["kind"], &newest["kind_number"]), (&json!("other"), &json!(LOAN_KIND)));
    let schedule = phone.json(&["loan", "schedule", loan_no]);
    assert_eq!((&schedule["untold"], schedule.get("late")), (&json!("other_movement"), None));
    assert_eq!(schedule["instalments"][0].get("state"), None);
    let refused = phone.script(&["loan", "schedule", loan_no, "--pay", "100000"]);
    assert_eq!((refused.status, refused.code().as_str()), (1, "not-possible"));
    assert!(refused.document()["error"]["message"].as_str().unwrap().contains("belum dikenal"), "{refused:?}");
}

/// The number itself is under the hash: another one in the store is a changed entry.
#[test]
fn the_number_of_a_kind_that_is_not_known_is_proven_too() {
    let village = Village::synced("newer-number", 600, 3, 2);
    let account = first_account(&village.phone);
    let village = village.while_stopped(|office| save_newer(office, &account, -100));
    village.phone.sync();
    let last = entries_held(&village.phone, &account);
    let store = village.phone.open_store(anggota_tests::village::COOPERATIVE, anggota_tests::village::MEMBER);
    let changed = "UPDATE savings_entry SET kind = 202 WHERE kind = 200 AND seq = ?1";
    assert_eq!(store.execute(changed, [last]).unwrap(), 1);
    drop(store);
    assert_eq!(village.phone.verify()["ok"], false);
    village.phone.sync();
    assert_eq!(village.phone.verify()["ok"], true, "fetched again");
}

#[test]
fn a_kind_that_must_be_understood_stops_the_phone_and_asks_for_an_update() {
    let village = Village::synced("newer-needed", 600, 3, 2);
    let account = first_account(&village.phone);
    let village = village.while_stopped(|office| save_newer(office, &account, 700));
    let fresh = village.another_phone("fresh");
    village.middle.rule_for("pull", |request, upstream| {
        let reply = upstream.send(request).unwrap();
        // A proof made in the second before the server was started is asked for once more.
        let Ok(mut bytes) = zstd::decode_all(reply.body.as_slice()) else { return Act::Reply(reply) };
        // The day (25, 2 bytes) and the kind (24, 200): another kind, 100.
        let day = (DAY as u16).to_be_bytes();
        let entry = [0x19, day[0], day[1], 0x18, SAVINGS_KIND];
        let at = bytes.windows(entry.len()).position(|five| five == entry).unwrap();
        bytes[at + 4] = 100;
        Act::Reply(reply.with_body(zstd::encode_all(bytes.as_slice(), 1).unwrap()))
    });
    let (held, shown) = (mirror(&village.phone), village.phone.balance());
    for (phone, before) in [(&village.phone, held), (&fresh, Vec::new())] {
        let refused = phone.script(&["sync"]);
        assert_eq!((refused.status, refused.code().as_str()), (1, "update-required"));
        assert!(refused.document()["error"]["message"].as_str().unwrap().contains("perbarui aplikasi"), "{refused:?}");
        assert_eq!(mirror(phone), before, "nothing is written");
    }
    assert_eq!(village.phone.balance(), shown);
    village.middle.pass();
    assert_eq!(village.phone.sync()["entries_received"], 1);
}
