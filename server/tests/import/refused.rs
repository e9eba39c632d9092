//! Books with something wrong: each mistake told once, at its file, line, column and value, and nothing kept.

use anggota_server::books::{MAX_PROBLEMS, MAX_ROW};
use anggota_server::import::ImportError;

use crate::office::{Books, NOW, Office};
use crate::refusal::*;

#[test]
fn the_four_mistakes_that_officers_make_are_refused() {
    refuse(
        "a wrong balance",
        &line(ENTRIES, 4, "SS-1,2026-02-02,withdrawal,-25000.50,Penarikan,BKK-7,74999.05,"),
        &[(ENTRIES, 4, "balance", "74999.05", "74999.50")],
    );
    refuse(
        "a missing member",
        &line(ACCOUNTS, 4, "SS-2,A009,SS,2020-01-02,open,,"),
        &[(ACCOUNTS, 4, "member_no", "A009", "members.csv")],
    );
    refuse(
        "a broken number",
        &line(ENTRIES, 5, "SS-2,2026-02-02,deposit,50.000,Setoran,,50000,"),
        &[(ENTRIES, 5, "amount", "50.000", "desimal")],
    );
    hold(
        "a changed past",
        &Office::with_sample(),
        &line(ENTRIES, 3, "SS-1,2026-01-02,deposit,100001,Setoran awal,BKM-1,,").replace(ENTRIES, ",65134.50,", ",,"),
        &[(ENTRIES, 3, "amount", "100001", "reversal")],
    );
}

/// As a spreadsheet saves it that was not told otherwise.
fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(c).unwrap()).collect()
}

#[test]
fn files_that_cannot_be_read_are_named() {
    let sample = Books::sample;
    let cases: [(&str, Books, &[Expected]); 13] = [
        ("no cooperative", sample().no_file(COOPERATIVE), &[(COOPERATIVE, 0, "", "", "wajib")]),
        ("no members", sample().no_file(MEMBERS), &[(MEMBERS, 0, "", "", "wajib")]),
        ("nothing in a file", sample().file(LOANS, ""), &[(LOANS, 1, "", "", "judul")]),
        ("no row", sample().without(COOPERATIVE, 2), &[(COOPERATIVE, 0, "", "", "satu baris")]),
        ("two rows", sample().and(COOPERATIVE, "mekar,Mekar,,,,"), &[(COOPERATIVE, 3, "id", "mekar", "satu baris")]),
        (
            "an unknown column",
            sample()
                .file(SAVINGS_PRODUCTS, "code,name,type,interest\nSP,Pokok,pokok,\nSS,S,sukarela,\nSB,B,berjangka,\n"),
            &[(SAVINGS_PRODUCTS, 1, "interest", "interest", "tidak dikenal")],
        ),
        (
            "a column twice",
            sample().file(SAVINGS_PRODUCTS, "code,name,type,name\nSP,P,pokok,\nSS,S,sukarela,\nSB,B,berjangka,\n"),
            &[(SAVINGS_PRODUCTS, 1, "name", "name", "dua kali")],
        ),
        (
            "a required column is missing",
            sample().file(SAVINGS_PRODUCTS, "code,name\nSP,Pokok\n"),
            &[(SAVINGS_PRODUCTS, 1, "type", "", "wajib")],
        ),
        (
            "semicolons",
            sample().file(MEMBERS, "member_no;name;status;joined_on\nA001;Siti;active;2020-01-02\n"),
            &[(MEMBERS, 1, "", "member_no;name;status;joined_on", "koma")],
        ),
        (
            "another encoding in the header",
            sample().file(MEMBERS, b"\xff\xfem\0e\0m\0b\0e\0r\0_\0n\0o\0".as_slice()),
            &[(MEMBERS, 1, "", "\u{fffd}\u{fffd}m\0e\0m\0b\0e\0r\0_\0n\0o\0", "UTF-8")],
        ),
        (
            "another encoding in a cell",
            sample().file(LOANS, latin1(&sample().lines(LOANS).join("\n").replace("PM-1,A002", "PM-1,A\u{e9}02"))),
            &[(LOANS, 3, "member_no", "A\u{fffd}02", "UTF-8")],
        ),
        (
            "newer books",
            sample().replace(COOPERATIVE, "WIB,1", "WIB,2"),
            &[(COOPERATIVE, 2, "books_version", "2", "perbarui")],
        ),
        (
            "an unknown time zone",
            sample().replace(COOPERATIVE, "WIB", "UTC"),
            &[(COOPERATIVE, 2, "time_zone", "UTC", "WIB")],
        ),
    ];
    for (what, books, expected) in cases {
        refuse(what, &books, expected);
    }
}

#[test]
fn rows_that_cannot_be_told_apart_are_counted_from_their_first_line() {
    let long = "x".repeat(MAX_ROW);
    let cases: [(&str, Books, &[Expected]); 6] = [
        ("a cell too few", line(MEMBERS, 3, "A002,Budi,active,2020-01-02"), &[(MEMBERS, 3, "", "", "4 kolom")]),
        (
            "a cell too many",
            line(ENTRIES, 4, "SS-1,2026-02-02,withdrawal,-25000.50,Penarikan, tunai,BKK-7,74999.50,"),
            &[(ENTRIES, 4, "", "", "9 kolom")],
        ),
        (
            "a row too long",
            Books::sample().and(LOAN_ENTRIES, &format!("PM-1,2026-03-06,waiver,0,-1,,{long},,")),
            &[(LOAN_ENTRIES, 10, "", "", "64 KiB")],
        ),
        (
            "a quotation mark that is never closed",
            Books::sample()
                .and(LOAN_ENTRIES, &format!("PM-1,2026-03-06,waiver,0,-1,,\"Bunga,,\n{}", "x\n".repeat(MAX_ROW))),
            &[(LOAN_ENTRIES, 10, "", "", "kutip")],
        ),
        (
            "a line break in a description",
            line(ENTRIES, 4, "SS-1,2026-02-02,withdrawal,-25000.50,\"Penarikan\ntunai\",BKK-7,74999.50,")
                .replace(ENTRIES, "65134.50", "65134.51"),
            &[
                (ENTRIES, 4, "description", "Penarikan\ntunai", "ganti baris"),
                (ENTRIES, 12, "balance", "65134.51", "65134.50"),
            ],
        ),
        (
            "empty lines before a mistake",
            line(ENTRIES, 4, "\n\nSS-1,2026-02-02,withdrawal,-25000.50,Penarikan,BKK-7,75000,"),
            &[(ENTRIES, 6, "balance", "75000", "74999.50")],
        ),
    ];
    for (what, books, expected) in cases {
        refuse(what, &books, expected);
    }
}

#[test]
fn a_cell_that_breaks_its_rule_is_named() {
    let cases: [(&'static str, usize, &str, &str, &str); 38] = [
        (COOPERATIVE, 2, "handayani", "Handayani", "id"),
        (COOPERATIVE, 2, "Koperasi Handayani", "", "name"),
        (COOPERATIVE, 2, "WIB,1", "WIB,satu", "books_version"),
        (MEMBERS, 4, "A003", " A003", "member_no"),
        (MEMBERS, 4, "Joko Purnomo", "", "name"),
        (MEMBERS, 2, "active", "aktif", "status"),
        (MEMBERS, 2, "2020-01-02", "02/01/2020", "joined_on"),
        (MEMBERS, 2, "1961-03-04", "1961-02-30", "birth_date"),
        (MEMBERS, 2, "jv", "su", "language"),
        (SAVINGS_PRODUCTS, 3, "sukarela", "rela", "type"),
        (SAVINGS_PRODUCTS, 3, "0.03", "3%", "yearly_rate"),
        (SAVINGS_PRODUCTS, 3, "0.03", "0.0900001", "yearly_rate"),
        (SAVINGS_PRODUCTS, 4, "0.08", "0.091", "yearly_rate"),
        (LOAN_PRODUCTS, 2, "flat", "efektif", "method"),
        (LOAN_PRODUCTS, 2, "0.01,2", "0.020001,2", "rate_per_period"),
        (LOAN_PRODUCTS, 2, "0.01,2", "0.01,0", "version"),
        (LOAN_PRODUCTS, 2, "500000,", "-1,", "min_principal"),
        (LOAN_PRODUCTS, 2, "36,0,", "36.5,0,", "max_periods"),
        (LOAN_PRODUCTS, 2, "36,0,", "36,10000,", "grace_periods"),
        (LOAN_PRODUCTS, 2, "100,nearest", "0,nearest", "rounding_unit"),
        (LOAN_PRODUCTS, 2, "nearest", "half", "rounding_mode"),
        (LOAN_PRODUCTS, 2, "component", "both", "rounding_applies_to"),
        (LOAN_PRODUCTS, 2, "30/360", "30E/360", "day_count"),
        (ACCOUNTS, 5, "SB-1", "SB/1", "account_no"),
        (ACCOUNTS, 5, "closed", "shut", "status"),
        (ACCOUNTS, 5, ",3,", ",0,", "term_months"),
        (ACCOUNTS, 5, "2026-04-02", "2026-4-2", "matures_on"),
        (ENTRIES, 2, "deposit", "setor", "kind"),
        (ENTRIES, 2, ",100000,S", ",,S", "amount"),
        (ENTRIES, 2, ",100000,S", ",1e5,S", "amount"),
        (ENTRIES, 11, ",5", ",0", "reverses"),
        (ENTRIES, 11, ",5", ",x", "reverses"),
        (LOANS, 2, ",12,", ",12.0,", "periods"),
        (LOANS, 2, "2026-02-10", "", "first_due_on"),
        (LOANS, 2, "active", "lunas", "status"),
        (LOANS, 3, "0.0125", "0.02000001", "rate_per_period"),
        (LOAN_ENTRIES, 4, ",1200,", ",1200.000,", "late_charge"),
        (LOAN_ENTRIES, 3, "repayment", "bayar", "kind"),
    ];
    for (file, number, from, to, column) in cases {
        let sample = Books::sample().lines(file)[number - 1].clone();
        assert!(sample.contains(from), "{sample}");
        let books = line(file, number, &sample.replacen(from, to, 1));
        let report = Office::new().import(&books);
        let found: Vec<_> = report.problems.iter().map(|p| (p.file, p.line, p.column.as_str())).collect();
        let what = format!("{file}:{number}: {from} -> {to}");
        assert!(found.contains(&(file, number as u64, column)), "{what}: {:#?}", report.problems);
        let others: Vec<_> = found.iter().filter(|(_, line, _)| *line != number as u64).collect();
        // What refers to a row by the broken cell cannot find it; nothing else follows from a broken cell.
        assert!(others.is_empty() || column == "account_no" || column == "member_no", "{what}: {:#?}", report.problems);
    }
}

#[test]
fn references_and_numbers_that_do_not_fit_are_named() {
    let cases: [(&str, Books, &[Expected]); 10] = [
        (
            "a member twice",
            Books::sample().and(MEMBERS, "A001,Siti,active,2020-01-02,,,,,,,"),
            &[(MEMBERS, 5, "member_no", "A001", "baris 2")],
        ),
        (
            "a product twice",
            Books::sample().and(SAVINGS_PRODUCTS, "SS,S,wajib,,"),
            &[(SAVINGS_PRODUCTS, 5, "code", "SS", "baris 3")],
        ),
        (
            "a loan product twice",
            Books::sample().and(LOAN_PRODUCTS, "PM,P,flat,0,,,,,,,,,,,,"),
            &[(LOAN_PRODUCTS, 4, "code", "PM", "baris 3")],
        ),
        (
            "an account twice",
            Books::sample().and(ACCOUNTS, "SS-1,A002,SS,2020-01-02,open,,"),
            &[(ACCOUNTS, 6, "account_no", "SS-1", "baris 3")],
        ),
        (
            "a loan twice",
            Books::sample().and(LOANS, "PB-1,A001,PB,1,1,2026-01-10,2026-02-10,active,,"),
            &[(LOANS, 4, "loan_no", "PB-1", "baris 2")],
        ),
        (
            "a loan with an account's number",
            Books::sample().and(LOANS, "SS-1,A001,PB,1,1,2026-01-10,2026-02-10,active,,"),
            &[(LOANS, 4, "loan_no", "SS-1", "savings_accounts.csv baris 3")],
        ),
        (
            "no such savings product",
            line(ACCOUNTS, 5, "SB-1,A002,PB,2026-01-02,open,,"),
            &[(ACCOUNTS, 5, "product_code", "PB", "savings_products.csv")],
        ),
        (
            "no such loan product",
            line(LOANS, 3, "PM-1,A002,SS,1000000,10,2026-03-01,2026-04-01,active,,"),
            &[(LOANS, 3, "product_code", "SS", "loan_products.csv")],
        ),
        (
            "no such account",
            Books::sample().and(ENTRIES, "PB-1,2026-01-10,deposit,1,,,,"),
            &[(ENTRIES, 13, "account_no", "PB-1", "savings_accounts.csv")],
        ),
        (
            "no such loan",
            Books::sample().and(LOAN_ENTRIES, "XX,2026-01-10,repayment,-1,,,,,"),
            &[(LOAN_ENTRIES, 10, "loan_no", "XX", "loans.csv")],
        ),
    ];
    for (what, books, expected) in cases {
        refuse(what, &books, expected);
    }
}

#[test]
fn every_mistake_of_a_folder_is_told_and_none_twice() {
    let books = line(MEMBERS, 2, "A001,,active,2020-01-02,,,,,,,")
        .with(ACCOUNTS, 5, "SB-1,A009,SB,2026-01-02,closed,3,2026-04-02")
        // One wrong amount: the books' own balances after it are off by as much, and that is one mistake.
        .with(ENTRIES, 4, "SS-1,2026-02-02,withdrawal,-25000.40,Penarikan,BKK-7,74999.50,")
        .with(ENTRIES, 10, "SS-2,2026-03-02,transfer_in,ten,Pindah dari SS-1,,60000,")
        .with(LOAN_ENTRIES, 5, "PB-1,2026-03-21,repayment,-100000,-12000,-1200,Angsuran 2,,2");
    refuse(
        "all at once",
        &books,
        &[
            (MEMBERS, 2, "name", "", "wajib"),
            (ACCOUNTS, 5, "member_no", "A009", "members.csv"),
            (ENTRIES, 4, "balance", "74999.50", "74999.60"),
            (ENTRIES, 10, "amount", "ten", "angka"),
            (LOAN_ENTRIES, 5, "reverses", "2", "reversal"),
        ],
    );
}

#[test]
fn the_first_thousand_are_told_and_the_rest_counted() {
    let rows: String = (0..MAX_PROBLEMS + 234).map(|_| "SS-1,2026-11-24,deposit,x,,,,\n").collect();
    let office = Office::with_sample();
    let before = office.everything();
    let report = office.import(&Books::sample().and(ENTRIES, rows.trim_end()));
    assert_eq!((report.problems.len(), report.more_problems, report.added), (MAX_PROBLEMS, 234, 0));
    assert_eq!(report.problems.last().unwrap().line, 12 + MAX_PROBLEMS as u64);
    assert_eq!(office.everything(), before);
}

#[test]
fn a_long_value_is_shown_cut() {
    let report =
        Office::new().import(&line(ENTRIES, 2, &format!("SP-1,2020-01-02,deposit,100000,{},,,", "é".repeat(5000))));
    assert_eq!(report.problems[0].value, "é".repeat(200) + "…");
}

#[test]
fn a_cooperative_has_at_most_as_many_products_as_a_phone_takes() {
    let rows: Vec<_> = (0..497).map(|i| format!("X-{i},Simpanan,sukarela,,")).collect();
    let books = Books::sample().and(SAVINGS_PRODUCTS, &rows.join("\n"));
    assert_eq!(Office::new().import(&books).problems, []);
    let books = books.and(SAVINGS_PRODUCTS, "Y,Simpanan,sukarela,,");
    refuse("savings", &books, &[(SAVINGS_PRODUCTS, 502, "code", "Y", "500")]);
    let rows: Vec<_> = (0..499).map(|i| format!("X-{i},Pinjaman,flat,0.01,,,,,,,,,,,,")).collect();
    let books = Books::sample().and(LOAN_PRODUCTS, &rows.join("\n"));
    refuse("loans", &books, &[(LOAN_PRODUCTS, 502, "code", "X-498", "500")]);
}

#[test]
fn a_member_has_at_most_as_many_accounts_as_a_phone_takes() {
    let rows: Vec<_> = (0..998).map(|i| format!("X-{i},A001,SS,2020-01-02,open,,")).collect();
    let books = Books::sample().and(ACCOUNTS, &rows.join("\n"));
    // With SP-1 and SS-1 that is 1,000; the loan is one more.
    refuse("a thousand and one", &books, &[(LOANS, 2, "member_no", "A001", "1000")]);
}

#[test]
fn the_report_is_the_documented_json() {
    let report = Office::new().import(&line(ENTRIES, 5, "SS-2,2026-02-02,deposit,50.000,Setoran,,50000,"));
    let expected = serde_json::json!({
        "members": 3, "accounts": 4, "entries": 11, "loans": 2, "loan_entries": 8, "added": 0,
        "problems": [{
            "file": "savings_entries.csv", "line": 5, "column": "amount", "value": "50.000",
            "problem": report.problems[0].problem,
        }],
        "more_problems": 0,
    });
    assert_eq!(serde_json::to_value(&report).unwrap(), expected);
}

#[test]
fn a_folder_that_is_not_there_is_said_so() {
    let office = Office::new();
    let missing = office.import_folder(&office.path("buku"), NOW, &mut |_| ());
    assert!(matches!(missing, Err(ImportError::Folder)));
    let folder = office.path("folder");
    Books::sample().no_file(LOANS).write(&folder);
    std::fs::create_dir(folder.join(LOANS)).unwrap();
    let is_folder = office.import_folder(&folder, NOW, &mut |_| ());
    assert!(matches!(is_folder, Err(ImportError::File("loans.csv", _))), "{is_folder:?}");
    assert_eq!(office.rows("SELECT count(*) FROM member"), ["0"]);
}
