//! What a phone holds is proven, not believed: whoever has the store's key may change it, and `verify` says so; the next sync
//! fetches again what was spoiled.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use std::panic::{AssertUnwindSafe, catch_unwind};

use anggota::protocol::problem::Code;
use anggota_tests::{Line, Office, Phone, Scratch, Serving, first_half, generated, members};
use rusqlite::types::FromSql;
use serde_json::Value;

const COOPERATIVE: &str = "contoh";

/// A phone that is in step with the first half of the books.
struct Proven {
    scratch: Scratch,
    office: Office,
    _serving: Serving,
    member: String,
    phone: Phone,
}

fn proven(name: &str) -> Proven {
    let scratch = Scratch::new(name);
    generated(3, 2_000, 4, 2, &scratch.join("whole"));
    first_half(&scratch.join("whole"), &scratch.join("half"));
    let office = Office::new(&scratch, "office");
    office.import(&scratch.join("half"));
    let serving = office.serve();
    let member = members(&scratch.join("half")).remove(0);
    let phone = Phone::new(&scratch, "phone");
    phone.enrol(&serving.of(COOPERATIVE), &member, &office.activate(&member));
    phone.sync();
    Proven { scratch, office, _serving: serving, member, phone }
}

impl Proven {
    /// Changes the store of a phone behind its back.
    fn change(&self, phone: &Phone, sql: &str) {
        let store = phone.open_store(COOPERATIVE, &self.member);
        store.execute_batch(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
        assert!(store.total_changes() > 0, "nothing was changed: {sql}");
    }

    fn query<T: FromSql>(&self, phone: &Phone, sql: &str) -> T {
        phone.open_store(COOPERATIVE, &self.member).query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// The account with the most entries of that kind (0 savings, 1 loan).
    fn busiest(&self, kind: u8) -> Account {
        let table = ["savings_entry", "loan_entry"][usize::from(kind)];
        let sql = format!(
            "SELECT account, account_no, (SELECT max(seq) FROM {table} e WHERE e.account = a.account) AS last
             FROM account a WHERE kind = {kind} ORDER BY last DESC LIMIT 1"
        );
        let store = self.phone.open_store(COOPERATIVE, &self.member);
        let account = |row: &rusqlite::Row<'_>| {
            Ok(Account { row: row.get(0)?, number: row.get(1)?, last: row.get(2)?, is_loan: kind == 1 })
        };
        store.query_row(&sql, [], account).unwrap()
    }
}

/// An account or a loan of the store: its row, its number, its last seq.
struct Account {
    row: i64,
    number: String,
    last: u32,
    is_loan: bool,
}

/// Which seq `verify` must name.
enum Bad {
    /// This one.
    At(u32),
    /// The account is enough: without a hash of each entry nobody can tell which one it was.
    Somewhere,
}

/// Tries many things one after the other, and fails in the end with all that failed.
#[derive(Default)]
struct Trial {
    tried: usize,
    failed: Vec<String>,
}

impl Trial {
    fn of(&mut self, what: &str, test: impl FnOnce(usize)) {
        let number = self.tried;
        self.tried += 1;
        if catch_unwind(AssertUnwindSafe(|| test(number))).is_err() {
            self.failed.push(format!("{number}: {what}"));
        }
    }

    #[track_caller]
    fn ends(self) {
        assert!(self.failed.is_empty(), "{} of {} failed: {:#?}", self.failed.len(), self.tried, self.failed);
    }
}

#[test]
fn a_changed_passbook_is_named_and_healed() {
    let proven = proven("proof-entries");
    let mut trial = Trial::default();
    for account in [proven.busiest(0), proven.busiest(1)] {
        for (what, sql, bad) in changes(&account) {
            trial.of(what, |number| {
                let phone = proven.phone.copied(&proven.scratch, &format!("copy-{number}"));
                let before = (figures(&phone), phone.lines(&account.number, account.is_loan));
                proven.change(&phone, &sql);
                named(&phone.verify(), &account, &bad);
                healed(&phone, &before, &account);
            });
        }
    }
    trial.ends();
}

/// Ways to change a passbook, as SQL.
fn changes(account: &Account) -> Vec<(&'static str, String, Bad)> {
    let Account { row, last, is_loan, .. } = account;
    let (table, amount, figure) = if *is_loan {
        ("loan_entry", "principal", "outstanding_after")
    } else {
        ("savings_entry", "amount", "balance_after")
    };
    let middle = last / 2;
    let at = |seq: u32| format!("WHERE account = {row} AND seq = {seq}");
    let set = |what: &str, seq: u32| format!("UPDATE {table} SET {what} {}", at(seq));
    let more = |column: &str, seq: u32| set(&format!("{column} = {column} + 100"), seq);
    let span = |what: &str| format!("UPDATE span SET {what} WHERE account = {row}");
    let and_after = format!("UPDATE {table} SET {figure} = {figure} + 100 WHERE account = {row} AND seq >= {middle}");
    let mut changes = vec![
        ("one amount", more(amount, middle), Bad::At(middle)),
        ("the first amount", more(amount, 1), Bad::At(1)),
        ("the last amount", more(amount, *last), Bad::At(*last)),
        ("one figure", more(figure, middle), Bad::At(middle)),
        ("an amount and every figure after it", format!("{}; {and_after}", more(amount, middle)), Bad::Somewhere),
        ("a description", set("description = description || '.'", middle), Bad::Somewhere),
        ("a reference", set("reference = 'X'", middle), Bad::Somewhere),
        ("a date", set("posted_on = posted_on - 1", 1), Bad::Somewhere),
        ("an entry of no known kind", set("kind = 99", middle), Bad::At(middle)),
        ("an entry is gone", format!("DELETE FROM {table} {}", at(middle)), Bad::At(middle)),
        ("the first entry is gone", format!("DELETE FROM {table} {}", at(1)), Bad::At(1)),
        ("the last entry is gone", format!("DELETE FROM {table} {}", at(*last)), Bad::At(*last)),
        ("all entries are gone", format!("DELETE FROM {table} WHERE account = {row}"), Bad::At(1)),
        ("the run's last hash", span("last_hash = zeroblob(32)"), Bad::Somewhere),
        ("the run's last figure", span("last_figure = last_figure + 1"), Bad::Somewhere),
        ("the run's last seq", span("last_seq = last_seq - 1"), Bad::Somewhere),
        ("the run's first hash", span("before_hash = randomblob(32)"), Bad::Somewhere),
        ("the run's first seq", span("before_seq = 1"), Bad::Somewhere),
        ("the run is gone", format!("DELETE FROM span WHERE account = {row}"), Bad::Somewhere),
    ];
    if *is_loan {
        changes.push(("interest", set("interest = interest - 1", middle), Bad::Somewhere));
        changes.push(("a late charge", set("late_charge = late_charge + 1", middle), Bad::Somewhere));
    }
    changes
}

#[track_caller]
fn named(verified: &Value, account: &Account, bad: &Bad) {
    assert_eq!(verified["ok"], false, "{verified}");
    let all = verified["accounts"].as_array().unwrap();
    let (named, others): (Vec<_>, Vec<_>) = all.iter().partition(|listed| listed["ok"] == false);
    assert!(others.iter().all(|other| other.get("first_bad_seq").is_none()), "{verified}");
    let named: Vec<_> = named.iter().map(|named| (&named["account_no"], &named["first_bad_seq"])).collect();
    let [(number, seq)] = named[..] else { panic!("one account is named: {verified}") };
    assert_eq!(number, account.number.as_str());
    let seq = seq.as_u64().unwrap_or_else(|| panic!("{verified}"));
    match bad {
        Bad::At(expected) => assert_eq!(seq, u64::from(*expected)),
        Bad::Somewhere => assert!((1..=u64::from(account.last)).contains(&seq), "{seq}"),
    }
}

#[track_caller]
fn healed(phone: &Phone, before: &(Value, Vec<Line>), account: &Account) {
    let synced = phone.sync();
    assert_eq!(synced["complete"], true, "{synced}");
    let verified = phone.verify();
    assert_eq!(verified["ok"], true, "{verified}");
    assert_eq!(figures(phone), before.0);
    assert_eq!(phone.lines(&account.number, account.is_loan), before.1);
}

/// What a phone shows, without times.
fn figures(phone: &Phone) -> Value {
    let mut shown = phone.balance();
    shown.as_object_mut().unwrap().remove("as_of");
    for list in ["savings", "loans"] {
        for account in shown[list].as_array_mut().unwrap() {
            account.as_object_mut().unwrap().remove("as_of");
        }
    }
    shown
}

#[test]
fn what_is_missing_or_too_much_is_noticed_and_healed() {
    let proven = proven("proof-rows");
    let savings = proven.busiest(0);
    let (row, last) = (savings.row, savings.last);
    let another = |seq: &str| {
        format!(
            "INSERT INTO savings_entry SELECT account, {seq}, posted_on, kind, amount, balance_after, description,
             reference, NULL FROM savings_entry WHERE account = {row} AND seq = {last}"
        )
    };
    let gone = ["savings_entry", "span", "account"].map(|table| format!("DELETE FROM {table} WHERE account = {row}"));
    let unproven = format!(
        "DELETE FROM span WHERE account = {row}; UPDATE savings_entry SET amount = amount + 100 WHERE account = {row}"
    );
    let other_head = format!(
        "UPDATE account SET head = (SELECT head FROM account WHERE kind = 0 AND account != {row}) WHERE account = {row}"
    );
    let changes = [
        ("the head is another account's", other_head),
        ("an entry above the head", another(&(last + 1).to_string())),
        ("an entry below the first", another("0")),
        ("an entry far below the first", another("-7")),
        ("an account and all of it is gone", gone.join(";")),
        ("an account is said to have ended", format!("UPDATE account SET standing = 2 WHERE account = {row}")),
        ("amounts that no run covers", unproven),
        ("the checkpoint is gone", "DELETE FROM checkpoint".to_owned()),
        ("the checkpoint's epoch", "UPDATE checkpoint SET epoch = epoch + 1".to_owned()),
        ("the checkpoint's generation", "UPDATE checkpoint SET generation = generation + 1".to_owned()),
    ];
    let mut trial = Trial::default();
    for (what, sql) in changes {
        trial.of(what, |number| {
            let phone = proven.phone.copied(&proven.scratch, &format!("copy-{number}"));
            let before = (figures(&phone), phone.lines(&savings.number, false));
            proven.change(&phone, &sql);
            let verified = phone.verify();
            assert_eq!(verified["ok"], false, "{verified}");
            healed(&phone, &before, &savings);
        });
    }
    trial.ends();
}

/// An earlier state of one account, in which all of it fits together, beside the newest of the others.
#[test]
fn an_account_of_an_earlier_day_is_noticed_and_healed() {
    let proven = proven("proof-earlier");
    let account = proven.busiest(0);
    let (row, last) = (account.row, account.last);
    let head: String = proven.query(&proven.phone, &format!("SELECT quote(head) FROM account WHERE account = {row}"));
    let end = "last_seq || ', ' || quote(last_hash) || ', ' || last_figure";
    let end: String = proven.query(&proven.phone, &format!("SELECT {end} FROM span WHERE account = {row}"));
    proven.office.import(&proven.scratch.join("whole"));
    proven.phone.sync();
    assert_eq!(proven.phone.verify()["ok"], true);
    let before = (figures(&proven.phone), proven.phone.lines(&account.number, false));

    let back = format!(
        "UPDATE account SET head = {head} WHERE account = {row};
         DELETE FROM savings_entry WHERE account = {row} AND seq > {last};
         UPDATE span SET (last_seq, last_hash, last_figure) = ({end}) WHERE account = {row}"
    );
    proven.change(&proven.phone, &back);
    named(&proven.phone.verify(), &account, &Bad::At(last));
    healed(&proven.phone, &before, &account);
}

/// Whichever byte of a signed statement or of what it is over is changed: never proven.
#[test]
fn no_byte_of_a_head_or_checkpoint_can_be_changed() {
    let proven = proven("proof-bytes");
    let of_account = format!("WHERE account = {}", proven.busiest(0).row);
    let mut count = 0;
    for (table, column, condition) in
        [("checkpoint", "bytes", ""), ("checkpoint", "heads", ""), ("account", "head", of_account.as_str())]
    {
        let bytes: Vec<u8> = proven.query(&proven.phone, &format!("SELECT {column} FROM {table} {condition}"));
        for at in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[at] ^= 1 << (at % 8);
            let phone = proven.phone.copied(&proven.scratch, &format!("copy-{count}"));
            let store = phone.open_store(COOPERATIVE, &proven.member);
            assert_eq!(store.execute(&format!("UPDATE {table} SET {column} = ?1 {condition}"), [changed]), Ok(1));
            drop(store);
            match phone.client(COOPERATIVE, &proven.member).and_then(|client| client.verify()) {
                Ok(view) => assert!(!view.ok, "byte {at} of {column}"),
                Err(fault) => assert_eq!(fault.code(), Code::StoreUnreadable, "byte {at} of {column}"),
            }
            std::fs::remove_dir_all(&phone.data_dir).unwrap();
            count += 1;
        }
    }
    println!("{count} bytes changed, one at a time");
}
