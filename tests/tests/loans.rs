//! A loan that is held, from the cooperative's books to the phone: its schedule by the product's own terms, what of it is
//! paid, and a simulation by the same terms.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use std::fs;
use std::path::PathBuf;

use anggota_tests::{Office, Phone, Scratch, Serving};
use serde_json::json;

/// Flat at 1% a month, in hundreds of rupiah upwards; one loan with its first instalment paid and its second in part.
const BOOKS: &[(&str, &str)] = &[
    ("cooperative.csv", "id,name\ncontoh,Koperasi Contoh\n"),
    ("members.csv", "member_no,name,status,joined_on\nA001,Siti Rahayu,active,2020-01-02\n"),
    (
        "loan_products.csv",
        "code,name,method,rate_per_period,version,max_principal,rounding_unit,rounding_mode,allocation_order,late_charge_rate\n\
         PB,Pinjaman Biasa,flat,0.01,2,5000000,100,up,denda jasa pokok,0.03\n",
    ),
    (
        "loans.csv",
        "loan_no,member_no,product_code,principal,periods,disbursed_on,first_due_on,status\n\
         PB-1,A001,PB,1000000,3,2024-01-31,2024-02-29,active\n",
    ),
    (
        "loan_entries.csv",
        "loan_no,posted_on,kind,principal,interest,late_charge\n\
         PB-1,2024-01-31,disbursement,1000000,,\n\
         PB-1,2024-02-29,repayment,-333400,-10000,\n\
         PB-1,2024-03-31,repayment,-100000,-10000,\n\
         PB-1,2024-04-05,late_charge,0,,5000\n",
    ),
];

/// The office with these books, and a phone that synced with it.
struct World {
    office: Office,
    serving: Serving,
    phone: Phone,
    books: PathBuf,
    _scratch: Scratch,
}

impl World {
    fn new(name: &str) -> Self {
        let scratch = Scratch::new(name);
        let books = scratch.join("books");
        fs::create_dir(&books).unwrap();
        for (file, text) in BOOKS {
            fs::write(books.join(file), text).unwrap();
        }
        let office = Office::new(&scratch, "office");
        office.import(&books);
        let (serving, phone) = (office.serve(), Phone::new(&scratch, "phone"));
        phone.enrol(&serving.of("contoh"), "A001", &office.activate("A001"));
        phone.sync();
        Self { office, serving, phone, books, _scratch: scratch }
    }
}

#[test]
fn a_held_loan_shows_its_schedule_by_the_products_terms_and_what_is_paid() {
    let World { serving, phone, _scratch, .. } = World::new("loans");
    serving.stop();

    let told = phone.json(&["loan", "schedule", "PB-1"]);
    let row = |index: usize| {
        let row = &told["instalments"][index];
        ["due", "principal", "interest", "outstanding", "state", "owed"]
            .map(|name| row[name].as_str().unwrap().to_owned())
    };
    assert_eq!(row(0), ["2024-02-29", "333400.00", "10000.00", "666600.00", "paid", "0.00"]);
    assert_eq!(row(1), ["2024-03-31", "333400.00", "10000.00", "333200.00", "late", "233400.00"]);
    assert_eq!(row(2), ["2024-04-30", "333200.00", "10000.00", "0.00", "late", "343200.00"]);
    assert_eq!(told["instalments"][0]["paid_on"], "2024-02-29");
    assert_eq!((&told["late"], &told["late_charge"]), (&json!("576600.00"), &json!("5000.00")));
    let due = json!({"date": "2024-03-31", "amount": "233400.00"});
    assert_eq!((&told["next_due"], &told["verified"]), (&due, &json!(true)));
    assert_eq!(phone.balance()["loans"][0]["next_due"], due);

    // What a payment would pay, in this product's order, and nothing to be reminded of any more.
    let paid = phone.json(&["loan", "schedule", "PB-1", "--pay", "300000"]);
    let part = |number: u32, late_charge: &str, interest: &str, principal: &str| {
        json!({"number": number,
        "late_charge": late_charge, "interest": interest, "fee": "0.00", "principal": principal})
    };
    let parts = [part(2, "5000.00", "0.00", "233400.00"), part(3, "0.00", "10000.00", "51600.00")];
    assert_eq!((&paid["parts"], &paid["rest"]), (&json!(parts), &json!("0.00")));
    assert_eq!(phone.json(&["loan", "reminders"]), json!({"reminders": []}));

    // The same terms for a loan that is only thought of, without the cooperative's server.
    let simulate = ["loan", "simulate", "--product", "PB", "--principal", "1000000", "--periods", "3"];
    let simulated = phone.json(&[&simulate[..], &["--disbursed", "2024-01-31", "--pay-late", "2024-03-10"]].concat());
    for index in 0..3 {
        for name in ["number", "due", "principal", "interest", "total", "outstanding"] {
            assert_eq!(simulated["instalments"][index][name], told["instalments"][index][name], "{name} of {index}");
        }
    }
    // Rp343.400, ten days of 3% a month, upwards to hundreds.
    assert_eq!(simulated["late_payment"]["late_charge"], "3500.00");
    let over = phone.script(&["loan", "simulate", "--product", "PB", "--principal", "5000001", "--periods", "3"]);
    assert_eq!(over.status, 1);
}

/// Said on the phone, from what it holds; what the member earns is compared here and goes nowhere.
#[test]
fn what_speaks_against_a_loan_is_said_before_it_is_asked_for() {
    let World { office, phone, serving: _serving, .. } = &World::new("loan-check");
    let check = |principal: &str, more: &[&str]| {
        let given = ["loan", "check", "--product", "PB", "--periods", "12", "--principal", principal];
        phone.script(&[&given[..], more].concat())
    };
    let free = check("1200000", &["--income", "1000000"]);
    let told = free.document();
    assert_eq!((free.status, &told["ok"], &told["obstacles"]), (0, &json!(true), &json!([])));
    // Rp112.000 a month, beside the Rp343.400 of the loan that runs.
    assert_eq!((&told["instalment"], &told["running_instalments"]), (&json!("112000.00"), &json!("343400.00")));
    assert_eq!(told["share_of_income"], "0.4554");
    let obstacles = |principal: &str, more: &[&str]| {
        let refused = check(principal, more);
        assert_eq!(refused.status, 1, "{refused:?}");
        refused.document()["obstacles"].as_array().unwrap().len()
    };
    assert_eq!(obstacles("1200000", &["--income", "400000"]), 1);
    assert_eq!(obstacles("5000001", &[]), 1);
    assert_eq!(obstacles("5000001", &["--income", "1"]), 2);
    office.suspend("A001");
    phone.sync();
    assert_eq!(obstacles("1200000", &[]), 1);
    let ask = ["loan", "request", "--product", "PB", "--periods", "12", "--purpose", "pupuk", "--principal", "1200000"];
    assert_eq!(phone.script(&ask).code(), "not-possible");
    office.restore("A001");
    phone.sync();
    assert_eq!(phone.json(&ask)["state"], "queued");
}

/// The server's own rule, in words that the reader understands and without the name that it has between machines.
fn the_rule_is_told_in_the_readers_language(phone: &Phone, office: &Office) {
    let told = [
        ("id", "Ketentuan pinjaman ini sudah berubah; perbarui data lalu ajukan lagi."),
        ("jv", "Katamtuan sambutan punika sampun ewah; mangga datanipun dipunanyaraken lajeng nyuwun malih."),
        ("en", "The terms of this loan have changed; refresh, then ask again."),
    ];
    for (language, sentence) in told {
        let request = phone.json(&["loan", "requests", "--lang", language])["requests"][0].clone();
        assert_eq!(request["reason"], sentence);
        let screen = phone.run(&["loan", "requests", "--lang", language]).ok().stdout;
        assert!(screen.contains(sentence.trim_end_matches('.')) && !screen.contains("urn:"), "{screen}");
    }
    let database = rusqlite::Connection::open(office.database()).unwrap();
    let sent: String = database.query_row("SELECT reason FROM result WHERE state = 4", [], |row| row.get(0)).unwrap();
    assert_eq!(sent, format!("{} (urn:anggota:rule:terms-changed)", told[0].1), "for readers of any age");
}

/// The terms came with an import after the member had asked; the server refuses, and the phone shows what holds now.
#[test]
fn a_request_by_old_terms_is_refused_and_shows_the_new_ones() {
    let World { office, phone, books, serving: _serving, .. } = &World::new("stale-terms");
    let ask = ["loan", "request", "--product", "PB", "--periods", "12", "--purpose", "pupuk", "--principal", "1200000"];
    phone.json(&ask);
    let products = fs::read_to_string(books.join("loan_products.csv")).unwrap();
    let changed = products.replace("flat,0.01,2,5000000", "flat,0.015,3,3000000");
    assert_ne!(products, changed);
    fs::write(books.join("loan_products.csv"), changed).unwrap();
    office.import(books);
    phone.sync();
    phone.sync();
    let request = phone.json(&["loan", "requests"])["requests"][0].clone();
    assert_eq!(request["state"], "rejected");
    let terms = json!({"version": 3, "method": "flat", "rate_per_period": "0.015", "max_principal": "3000000.00"});
    assert_eq!(request["new_terms"], terms);
    the_rule_is_told_in_the_readers_language(phone, office);
    // Asked again, it is by the new terms.
    phone.json(&ask);
    phone.sync();
    let requests = phone.json(&["loan", "requests"]);
    assert_eq!(
        (&requests["requests"][1]["state"], requests["requests"][1].get("new_terms")),
        (&json!("received"), None)
    );
}
