//! Importing again: what is added, what may change and is recorded, what is refused.

use anggota_server::import::Report;

use crate::office::{Books, NOW, Office};

const GENERATIONS: &str =
    "SELECT member_no, generation, (SELECT max(generation) FROM checkpoint WHERE member = m.member)
                           FROM member m ORDER BY member_no";
const CHANGES: &str = "SELECT subject, field, before, after, at, officer FROM change ORDER BY number";

fn accept(office: &Office, books: &Books) -> Report {
    let report = office.import(books);
    assert_eq!(report.problems, []);
    report
}

/// One problem, at this place; nothing changed.
fn refuse(what: &str, books: &Books, file: &str, line: u64, column: &str, value: &str) {
    let office = Office::with_sample();
    let before = office.everything();
    let report = office.import(books);
    let found: Vec<_> = report.problems.iter().map(|p| (p.file, p.line, p.column.as_str(), p.value.as_str())).collect();
    assert_eq!(found, [(file, line, column, value)], "{what}: {:#?}", report.problems);
    assert_eq!(office.everything(), before, "{what}");
}

#[test]
fn the_same_books_again_add_nothing_and_sign_nothing() {
    let office = Office::with_sample();
    let before = office.everything();
    let report = office.try_import(&Books::sample(), "2026-12-24T03:00:00Z", &mut |_| ()).unwrap();
    assert_eq!((report.problems, report.added, report.entries, report.loan_entries), (vec![], 0, 11, 8));
    assert_eq!(office.everything(), before);
}

#[test]
fn numbers_are_compared_as_numbers() {
    let office = Office::with_sample();
    let before = office.everything();
    let books = Books::sample()
        .with("savings_entries.csv", 3, "SS-1,2026-01-02,deposit,0100000.0,Setoran awal,BKM-1,100000,")
        .with("loan_entries.csv", 3, "PB-1,2026-02-10,repayment,-100000.00,-12000,0,Angsuran 1,,")
        .replace("loans.csv", "1200000", "1200000.00")
        .replace("savings_products.csv", "0.03", "0.0300");
    assert_eq!(accept(&office, &books).added, 0);
    assert_eq!(office.everything(), before);
}

#[test]
fn only_members_whose_heads_changed_get_a_new_checkpoint() {
    let office = Office::with_sample();
    assert_eq!(office.rows(GENERATIONS), ["A001|1|1", "A002|1|1", "A003|1|1"]);
    let grown = Books::sample()
        .and("savings_entries.csv", "SS-2,2026-11-24,deposit,1000,,,66000,")
        .and("loan_entries.csv", "PM-1,2026-04-01,repayment,-100000,-12500,,Angsuran 1,,")
        .and("members.csv", "A004,Rukmini,active,2026-11-01,,,,,,,");
    let report = accept(&office, &grown);
    assert_eq!((report.added, report.entries, report.loan_entries), (2, 12, 9));
    assert_eq!(office.rows(GENERATIONS), ["A001|1|1", "A002|2|2", "A003|1|1", "A004|1|1"]);
    assert_eq!(
        office.rows("SELECT seq, figure FROM account WHERE account_no IN ('SS-2', 'PM-1') ORDER BY account_no"),
        ["3|90000000", "4|6600000"]
    );

    // In one import or in two: the same heads.
    let at_once = Office::new();
    accept(&at_once, &grown);
    let heads = "SELECT account_no, seq, figure, hex(hash), last_posted_on FROM account ORDER BY account_no";
    assert_eq!(at_once.rows(heads), office.rows(heads));

    // A status is in the head, a name is not.
    let closed =
        grown.replace("savings_accounts.csv", "SS-1,A001,SS,2020-01-02,open", "SS-1,A001,SS,2020-01-02,closed");
    accept(&office, &closed.replace("members.csv", "Rukmini", "Rukmini Astuti"));
    assert_eq!(office.rows(GENERATIONS), ["A001|2|2", "A002|2|2", "A003|1|1", "A004|1|1"]);
}

#[test]
fn what_may_change_is_kept_with_its_time() {
    let office = Office::with_sample();
    let books = Books::sample()
        .replace("cooperative.csv", "Semarang", "Kota Semarang")
        .replace("members.csv", "Siti Rahayu,active", "Siti Rahayu,suspended")
        .replace("members.csv", "1961-03-04", "")
        .replace("savings_products.csv", "0.03", "0.035")
        .replace("loan_products.csv", "500000,", "250000.50,")
        .replace("savings_accounts.csv", "2026-01-02,closed,3,2026-04-02", "2026-01-02,open,6,2026-07-02")
        .replace("loans.csv", "2026-02-10", "2026-02-11");
    accept(&office, &books);
    let at = NOW.parse::<anggota::domain::Timestamp>().unwrap().seconds();
    let changes = [
        "cooperative:handayani|city|Semarang|Kota Semarang",
        "member:A001|status|active|suspended",
        "member:A001|birth_date|1961-03-04|",
        "savings_product:SS|yearly_rate|0.03|0.035",
        "loan_product:PB|min_principal|500000.00|250000.50",
        "account:SB-1|status|closed|open",
        "account:SB-1|term_months|3|6",
        "account:SB-1|matures_on|2026-04-02|2026-07-02",
        "account:PB-1|first_due_on|2026-02-10|2026-02-11",
    ];
    assert_eq!(office.rows(CHANGES), changes.map(|change| format!("{change}|{at}|")));
    accept(&office, &books);
    assert_eq!(office.rows(CHANGES).len(), changes.len());
}

#[test]
fn agreed_terms_stay_when_the_product_changes() {
    let office = Office::with_sample();
    let terms =
        "SELECT account_no, rate_per_period, method, product_version FROM account WHERE kind = 1 ORDER BY account_no";
    assert_eq!(office.rows(terms), ["PB-1|1000000|0|2", "PM-1|1250000|1|1"]);
    let books = Books::sample().replace("loan_products.csv", "flat,0.01,2", "menurun,0.02,3");
    accept(&office, &books);
    assert_eq!(office.rows(terms), ["PB-1|1000000|0|2", "PM-1|1250000|1|1"]);
    assert_eq!(office.rows(GENERATIONS), ["A001|1|1", "A002|1|1", "A003|1|1"]);
    // The loan's own rate may be corrected.
    accept(&office, &books.replace("loans.csv", "0.0125", "0.0120"));
    assert_eq!(office.rows(terms), ["PB-1|1000000|0|2", "PM-1|1200000|1|1"]);
    assert_eq!(office.rows(GENERATIONS), ["A001|1|1", "A002|2|2", "A003|1|1"]);
}

#[test]
fn the_past_is_refused_where_it_differs() {
    let entries = "savings_entries.csv";
    for (what, line, row, column, value) in [
        ("day", 5, "SS-2,2026-02-03,deposit,50000,\"Setoran \"\"tunai\"\"\",,50000,", "posted_on", "2026-02-03"),
        ("kind", 5, "SS-2,2026-02-02,interest,50000,\"Setoran \"\"tunai\"\"\",,50000,", "kind", "interest"),
        ("amount", 5, "SS-2,2026-02-02,deposit,50000.01,\"Setoran \"\"tunai\"\"\",,,", "amount", "50000.01"),
        ("words", 5, "SS-2,2026-02-02,deposit,50000,Setoran tunai,,50000,", "description", "Setoran tunai"),
        ("reference", 5, "SS-2,2026-02-02,deposit,50000,\"Setoran \"\"tunai\"\"\",R,50000,", "reference", "R"),
    ] {
        refuse(what, &Books::sample().with(entries, line, row), entries, line as u64, column, value);
    }
    let loans = "loan_entries.csv";
    for (what, row, column, value) in [
        ("interest", "PB-1,2026-02-10,repayment,-100000,-12001,,Angsuran 1,,", "interest", "-12001"),
        ("late charge", "PB-1,2026-02-10,repayment,-100000,-12000,-1,Angsuran 1,,", "late_charge", "-1"),
    ] {
        refuse(what, &Books::sample().with(loans, 3, row), loans, 3, column, value);
    }
    // A row that is gone from the middle shifts all that follow: told where it begins.
    refuse("a row gone", &Books::sample().without(entries, 4), entries, 5, "posted_on", "2026-02-28");
    let between = "SS-1,2026-01-02,deposit,1,,,,\nSS-1,2026-02-02,withdrawal,-25000.50,Penarikan,BKK-7,74999.50,";
    refuse("a row put between", &Books::sample().with(entries, 4, between), entries, 4, "posted_on", "2026-01-02");
    // The last row of SS-1 is gone: told at the row that is now its last.
    refuse("the last row gone", &Books::sample().without(entries, 11), entries, 9, "account_no", "SS-1");
}

#[test]
fn what_may_not_change_is_refused() {
    let cases: [(&str, Books, &str, u64, &str, &str); 7] = [
        (
            "an account's member",
            Books::sample().replace("savings_accounts.csv", "SS-2,A002", "SS-2,A001"),
            "savings_accounts.csv",
            4,
            "member_no",
            "A001",
        ),
        (
            "an account's product",
            Books::sample().replace("savings_accounts.csv", "A002,SS,", "A002,SB,"),
            "savings_accounts.csv",
            4,
            "product_code",
            "SB",
        ),
        (
            "an account's first day",
            Books::sample().replace("savings_accounts.csv", "SB-1,A002,SB,2026-01-02", "SB-1,A002,SB,2026-01-03"),
            "savings_accounts.csv",
            5,
            "opened_on",
            "2026-01-03",
        ),
        (
            "a loan's member",
            Books::sample().replace("loans.csv", "PM-1,A002", "PM-1,A001"),
            "loans.csv",
            3,
            "member_no",
            "A001",
        ),
        (
            "a loan's product",
            Books::sample().replace("loans.csv", "A002,PM", "A002,PB"),
            "loans.csv",
            3,
            "product_code",
            "PB",
        ),
        (
            "a loan's periods",
            Books::sample().replace("loans.csv", "1000000,10", "1000000,11"),
            "loans.csv",
            3,
            "periods",
            "11",
        ),
        (
            "a loan's first day",
            Books::sample().replace("loans.csv", "10,2026-03-01", "10,2026-02-28"),
            "loans.csv",
            3,
            "disbursed_on",
            "2026-02-28",
        ),
    ];
    for (what, books, file, line, column, value) in cases {
        refuse(what, &books, file, line, column, value);
    }
    // The principal cannot change without its disbursements.
    let report = Office::with_sample().import(&Books::sample().replace("loans.csv", "1000000,10", "1000001,10"));
    let found: Vec<_> = report.problems.iter().map(|p| (p.file, p.line, p.column.as_str())).collect();
    assert!(found.contains(&("loans.csv", 3, "principal")), "{found:?}");
}

#[test]
fn an_account_cannot_become_a_loan() {
    let books = Books::sample()
        .without("savings_accounts.csv", 5)
        .and("loan_products.csv", "SB,S,flat,0,,,,,,,,,,,,")
        .and("loans.csv", "SB-1,A002,SB,1,1,2026-01-02,2026-02-02,active,,")
        .and("loan_entries.csv", "SB-1,2026-01-02,disbursement,1,,,,,");
    let office = Office::with_sample();
    let before = office.everything();
    let report = office.import(&books);
    let found: Vec<_> = report.problems.iter().map(|p| (p.file, p.line, p.column.as_str())).collect();
    assert_eq!(found[..2], [("savings_accounts.csv", 0, "account_no"), ("loans.csv", 4, "loan_no")]);
    assert_eq!(office.everything(), before);
}

#[test]
fn a_row_that_is_gone_is_refused() {
    for (what, books, file, column, value) in [
        ("a member", Books::sample().without("members.csv", 4), "members.csv", "member_no", "A003"),
        (
            "a savings product",
            Books::sample().without("savings_products.csv", 4).without("savings_accounts.csv", 5),
            "savings_products.csv",
            "code",
            "SB",
        ),
        (
            "an account",
            Books::sample().without("savings_accounts.csv", 5),
            "savings_accounts.csv",
            "account_no",
            "SB-1",
        ),
    ] {
        let office = Office::with_sample();
        let before = office.everything();
        let report = office.import(&books);
        let first = &report.problems[0];
        assert_eq!(
            (first.file, first.line, first.column.as_str(), first.value.as_str()),
            (file, 0, column, value),
            "{what}"
        );
        assert_eq!(office.everything(), before, "{what}");
    }
    let no_loans = Books::sample().no_file("loans.csv").no_file("loan_entries.csv");
    let gone: Vec<_> = Office::with_sample().import(&no_loans).problems.into_iter().map(|p| p.value).collect();
    assert_eq!(gone, ["PB-1", "PM-1"]);
}

#[test]
fn an_entry_is_reversed_once_over_all_imports() {
    let office = Office::with_sample();
    let again = Books::sample().and("savings_entries.csv", "SS-1,2026-11-24,reversal,1000,,,,5");
    let report = office.import(&again);
    assert_eq!(report.problems.iter().map(|p| (p.line, p.column.as_str())).collect::<Vec<_>>(), [(13, "reverses")]);
    let first = Books::sample().and("savings_entries.csv", "SS-2,2026-11-24,reversal,-5000,,,60000,3");
    assert_eq!(accept(&office, &first).added, 1);
    assert_eq!(accept(&office, &first).added, 0);
}

#[test]
fn a_new_database_of_a_cooperative_that_phones_know_begins_the_next_epoch() {
    let office = Office::with_sample();
    assert_eq!(office.rows("SELECT epoch, epoch_reason FROM cooperative"), ["1|"]);
    let folder = tempfile::tempdir().unwrap();
    let again = Office { database: Office::new_database(folder.path()), folder: office.folder };
    assert_eq!(again.import(&Books::sample()).problems, []);
    assert_eq!(again.rows("SELECT epoch, epoch_reason FROM cooperative"), ["2|Basis data koperasi dibuat baru"]);
    assert_eq!(again.rows("SELECT DISTINCT epoch FROM checkpoint"), ["2"]);
    let lagging = Office { database: office.database, folder: again.folder };
    let before = lagging.everything();
    let refused = lagging.try_import(&Books::sample(), NOW, &mut |_| ()).unwrap_err();
    assert!(refused.to_string().contains("epoch new"), "{refused}");
    assert_eq!(lagging.everything(), before);
}
