//! `savings interest`, `deposit` and `shu` with figures given in full: no enrolment, no network.

#![allow(clippy::unwrap_used, missing_docs)]

mod support;

use serde_json::{Value, json};
use support::{Folder, Run, run};

fn savings(line: &str) -> Run {
    run(&Folder::new(), ["savings"].into_iter().chain(line.split_whitespace()))
}

#[track_caller]
fn document(line: &str) -> Value {
    let run = savings(&format!("{line} --json"));
    assert_eq!(run.status, 0, "{line}: {}", run.stdout);
    run.document()
}

/// PP 15/2009: a month's interest of up to Rp240.000 is free, above it a tenth of the whole is due. 3% a year on 31 days.
#[test]
fn interest_is_credited_by_the_month_less_the_tax_of_that_month() {
    let free = document("interest --balance 36500000 --rate 0.03 --months 2 --from 2023-01-31");
    let months = json!([
        {"date": "2023-02-28", "interest": "84000.00", "tax": "0.00", "balance": "36584000.00"},
        {"date": "2023-03-31", "interest": "93214.03", "tax": "0.00", "balance": "36677214.03"},
    ]);
    assert_eq!(
        (&free["months"], &free["balance"], &free["total_tax"]),
        (&months, &"36677214.03".into(), &"0.00".into())
    );
    let taxed = document("interest --balance 365000000 --rate 0.03 --months 1 --from 2023-03-01");
    assert_eq!(
        taxed["months"][0],
        json!({"date": "2023-04-01", "interest": "930000.00", "tax": "93000.00", "balance": "365837000.00"})
    );
}

#[test]
fn a_term_deposit_comes_to_its_amount_on_its_day() {
    let told = document("deposit --principal 100000000 --rate 0.06 --months 12 --opened 2024-08-31");
    let expected =
        json!({"matures_on": "2025-08-31", "interest": "6000000.00", "tax": "600000.00", "amount": "105400000.00"});
    assert_eq!(told, expected);
}

/// beritaharianku.com/2900, Koperasi Alis Jaya.
#[test]
fn a_part_of_the_shu_names_every_figure_it_came_from() {
    let alis_jaya = "--surplus 60000000 --business-share 0.25 --capital-share 0.20 --total-business 75000000 \
                     --total-capital 100000000 --member-business 5000000 --member-capital 2000000";
    let told = document(&format!("shu {alis_jaya}"));
    assert_eq!((&told["for_business"], &told["for_capital"]), (&json!("1000000.00"), &json!("240000.00")));
    assert_eq!((&told["total"], &told["surplus"]), (&json!("1240000.00"), &json!("60000000.00")));
    let said = savings(&format!("shu {alis_jaya}")).stdout;
    for figure in ["Rp1.240.000", "Rp60.000.000", "25%", "20%", "Rp75.000.000", "Rp100.000.000", "Rp5.000.000"] {
        assert!(said.contains(figure), "{figure} in {said}");
    }
}

#[test]
fn what_contradicts_itself_is_refused_by_its_rule() {
    for (line, said) in [
        (
            "deposit --principal 0 --rate 0.06 --months 12",
            "Jumlah yang disetor harus lebih dari nol; perbaiki jumlahnya.",
        ),
        (
            "interest --balance 1 --rate 0.06 --months 601",
            "Perkiraan dihitung untuk 1 sampai 600 bulan; perbaiki lamanya.",
        ),
        (
            "shu --surplus 1 --business-share 0.9 --capital-share 0.2 --total-business 1 --total-capital 1 \
             --member-business 1 --member-capital 1",
            "Bagian jasa usaha dan jasa modal bersama-sama paling banyak seluruh SHU; perbaiki pecahannya.",
        ),
    ] {
        let run = savings(line);
        assert_eq!((run.status, run.stderr.trim()), (1, said), "{line}");
    }
}
