//! A loan that is held, from the cooperative's books to the phone: its schedule by the product's own terms, what of it is
//! paid, and a simulation by the same terms.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use std::fs;

use anggota_tests::{Office, Phone, Scratch};
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

#[test]
fn a_held_loan_shows_its_schedule_by_the_products_terms_and_what_is_paid() {
    let scratch = Scratch::new("loans");
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
