//! Books that are in order.

use anggota::domain::{AccountKey, CooperativeId, Head, LedgerKind, Money, SavingsEntry, SavingsKind};
use anggota::protocol::chain::{self, Chain, Link};
use anggota::protocol::checkpoint::SignedCheckpoint;
use anggota::protocol::{head, merkle};
use anggota_server::checkpoints;
use anggota_server::database::DatabaseError;
use anggota_server::keys::{KeyError, public_key};

use crate::office::{Books, NOW, Office};

const HEADS: &str = "SELECT account_no, seq, figure, hex(hash) FROM account ORDER BY account_no";

#[test]
fn every_row_is_kept_and_every_head_adds_up() {
    let office = Office::new();
    let report = office.import(&Books::sample());
    assert_eq!(report.problems, []);
    assert_eq!((report.members, report.accounts, report.entries), (3, 4, 11));
    assert_eq!((report.loans, report.loan_entries, report.added, report.more_problems), (2, 8, 19, 0));
    assert_eq!(
        office.rows("SELECT account_no, seq, figure FROM account ORDER BY account_no"),
        ["PB-1|6|110000000", "PM-1|2|100000000", "SB-1|0|0", "SP-1|1|10000000", "SS-1|7|6513450", "SS-2|3|6500000",]
    );
    assert_eq!(
        office.rows(
            "SELECT name, status, joined_on, birth_date, phone, language, class, sectors, kelurahan FROM member ORDER BY member_no"
        ),
        [
            "Siti Rahayu|0|18263|-3225|0812|jv|biasa|dagang|Tembalang",
            "Santoso, Budi|0|18263||||||",
            "Joko Purnomo|1|20458|||id|||",
        ]
    );
    assert_eq!(
        office.rows(
            "SELECT e.seq, e.kind, amount, balance_after, description, reference, reverses FROM savings_entry e
                     JOIN account a USING (cooperative, account) WHERE account_no = 'SS-1' AND e.seq IN (1, 2, 7)"
        ),
        [
            "1|0|10000000|10000000|Setoran awal|BKM-1|",
            "2|1|-2500050|7499950|Penarikan|BKK-7|",
            "7|7|100000|6513450|Biaya batal||5"
        ]
    );
}

#[test]
fn what_the_books_leave_out_has_the_documented_defaults() {
    let office = Office::with_sample();
    assert_eq!(
        office.rows(
            "SELECT rate_per_period, version, min_principal, max_principal, max_periods, grace_periods, rounding_unit,
                       rounding_mode, rounding_applies_to, day_count, late_charge_rate, yearly_cap
                     FROM loan_product ORDER BY code"
        ),
        [
            "1000000|2|50000000|5000000000|36|0|10000|nearest|component|30/360|100000|24000000",
            "1500000|1||||0|100|nearest|component|30/360|0|24000000",
        ]
    );
    assert_eq!(
        office.rows("SELECT code, yearly_rate, yearly_cap FROM savings_product ORDER BY code"),
        ["SB|8000000|9000000", "SP|0|9000000", "SS|3000000|9000000",]
    );
    let bare = Office::new();
    let report = bare.import(&Books::sample().file("cooperative.csv", "name,id\nKoperasi Mekar,mekar\n").replace(
        "members.csv",
        ",jv,",
        ",,",
    ));
    assert_eq!(report.problems, []);
    assert_eq!(bare.rows("SELECT id, time_zone, epoch, registration_no FROM cooperative"), ["mekar|WIB|1|"]);
}

#[test]
fn a_phone_can_walk_every_chain_to_a_head_that_is_signed() {
    let office = Office::with_sample();
    let cooperative = office.cooperative("handayani");
    let members = office.rows("SELECT member FROM member ORDER BY member");
    let mut accounts = 0;
    for member in members {
        let member = member.parse().unwrap();
        let (heads, latest) = office
            .database
            .read(|c| {
                let heads = checkpoints::heads(c, &cooperative, member)?;
                Ok::<_, DatabaseError>((heads, checkpoints::latest(c, &cooperative, member)?))
            })
            .unwrap();
        let (epoch, generation, bytes) = latest.unwrap();
        assert_eq!((epoch, generation), (1, 1));
        let key = office.database.read(|c| public_key(c, &cooperative, 3)).unwrap().unwrap();
        let checkpoint = SignedCheckpoint::parse(&bytes).unwrap().verify(|kid, _| (kid == 3).then_some(key)).unwrap();
        assert_eq!(checkpoint.issued_at.to_string(), NOW);
        assert_eq!(checkpoint.root, merkle::root(&heads.iter().map(head::encode).collect::<Vec<_>>()));
        accounts += heads.len();
        for head in heads {
            assert_eq!(hash_of_entries(&office, &head), head.hash());
        }
    }
    assert_eq!(accounts, 6);
}

/// Walks a savings account's stored entries with the code that a phone uses; of a loan gives the stored hash of the last.
fn hash_of_entries(office: &Office, head: &Head) -> [u8; 32] {
    let key = head.key();
    let table = if key.kind == LedgerKind::Savings { "savings_entry" } else { "loan_entry" };
    let last = office.rows(&format!(
        "SELECT hex({table}.hash) FROM {table} JOIN account USING (cooperative, account) WHERE account_no = '{}' AND {table}.seq = {}",
        key.account,
        head.seq()
    ));
    let last =
        last.first().map_or([0; 32], |hex| data_encoding::HEXUPPER.decode(hex.as_bytes()).unwrap().try_into().unwrap());
    if key.kind == LedgerKind::Savings {
        let walked = walk_savings(office, &key);
        assert_eq!((walked.seq, walked.hash), (head.seq(), last));
    }
    last
}

fn walk_savings(office: &Office, key: &AccountKey) -> Link {
    let rows = office.rows(&format!(
        "SELECT e.seq, posted_on, e.kind, amount, balance_after, reverses, description, reference FROM savings_entry e
         JOIN account USING (cooperative, account) WHERE account_no = '{}' ORDER BY e.seq",
        key.account
    ));
    let entries: Vec<_> = rows
        .iter()
        .map(|row| {
            let cells: Vec<_> = row.split('|').collect();
            let money = |text: &str| Money::from_sen(text.parse().unwrap()).unwrap();
            SavingsEntry::new(
                cells[0].parse().unwrap(),
                anggota::domain::CivilDate::from_days(cells[1].parse().unwrap()).unwrap(),
                SavingsKind::from_number(cells[2].parse().unwrap()).unwrap(),
                money(cells[3]),
                money(cells[4]),
                cells[6].parse().unwrap(),
                cells[7].parse().unwrap(),
                cells[5].parse().ok(),
            )
            .unwrap()
        })
        .collect();
    let mut chain = Chain::new(&CooperativeId::new("handayani").unwrap(), key);
    chain::walk(&mut chain, Link::START, &entries, |_| true).unwrap()
}

#[test]
fn the_form_of_the_files_does_not_matter() {
    let expected = Office::with_sample().rows(HEADS);
    let sample = Books::sample();
    let crlf = |books: Books, file: &'static str| {
        let text = books.lines(file).join("\r\n") + "\r\n\r\n";
        books.file(file, [b"\xef\xbb\xbf".as_slice(), text.as_bytes()].concat())
    };
    let spreadsheet = ["members.csv", "savings_entries.csv", "loan_entries.csv"].into_iter().fold(sample.clone(), crlf);
    let reordered = sample
        .clone()
        .file("loans.csv", {
            let rows = sample.lines("loans.csv");
            rows.iter()
                .map(|row| {
                    let mut cells: Vec<_> = row.split(',').collect();
                    cells.reverse();
                    cells.join(",") + "\n"
                })
                .collect::<String>()
        })
        .file("catatan.txt", "bukan bagian dari buku")
        .file("shu.csv", "year\n2025\n");
    let no_last_newline = sample.clone().file("savings_entries.csv", sample.lines("savings_entries.csv").join("\n"));
    for (what, books) in [("spreadsheet", spreadsheet), ("reordered", reordered), ("no last newline", no_last_newline)]
    {
        let office = Office::new();
        let report = office.import(&books);
        assert_eq!((report.problems, report.added), (vec![], 19), "{what}");
        assert_eq!(office.rows(HEADS), expected, "{what}");
    }
}

#[test]
fn a_missing_file_counts_as_empty() {
    let office = Office::new();
    let report = office.import(
        &Books::sample()
            .no_file("savings_products.csv")
            .no_file("loan_products.csv")
            .no_file("savings_accounts.csv")
            .no_file("savings_entries.csv")
            .no_file("loans.csv")
            .no_file("loan_entries.csv"),
    );
    assert_eq!((report.problems, report.members, report.entries, report.added), (vec![], 3, 0, 0));
    assert_eq!(office.rows("SELECT count(*) FROM checkpoint"), ["3"]);
}

#[test]
fn entries_of_many_accounts_may_stand_in_any_order_between_each_other() {
    let expected = Office::with_sample().rows(HEADS);
    let sample = Books::sample();
    let mut lines = sample.lines("savings_entries.csv");
    let header = lines.remove(0);
    // By account, each keeping its own order.
    lines.sort_by_key(|line| line.split(',').next().map(str::to_owned));
    let office = Office::new();
    let report = office.import(&sample.file("savings_entries.csv", format!("{header}\n{}\n", lines.join("\n"))));
    assert_eq!(report.problems, []);
    assert_eq!(office.rows(HEADS), expected);
}

#[test]
fn today_is_the_cooperatives_own() {
    // An entry of the 24th, while it is still the 23rd in UTC.
    let early = Office::new().try_import(&Books::sample(), "2026-11-23T16:59:59Z", &mut |_| ()).unwrap();
    assert_eq!(early.problems.len(), 1);
    assert_eq!(early.problems[0].value, "2026-11-24");
    assert_eq!(Office::new().try_import(&Books::sample(), "2026-11-23T17:00:00Z", &mut |_| ()).unwrap().problems, []);
    let east = Books::sample().replace("cooperative.csv", "WIB", "WIT");
    assert_eq!(Office::new().try_import(&east, "2026-11-23T15:00:00Z", &mut |_| ()).unwrap().problems, []);
}

#[test]
fn a_loans_disbursements_may_be_corrected_or_taken_back() {
    let office = Office::new();
    let corrected = Books::sample()
        .with("loan_entries.csv", 9, "PM-1,2026-03-05,disbursement,500000,,,Salah,,")
        .and("loan_entries.csv", "PM-1,2026-03-06,reversal,-500000,,,Batal,,2")
        .and("loan_entries.csv", "PM-1,2026-03-06,disbursement,600000,,,Benar,,");
    assert_eq!(office.import(&corrected).problems, []);
    let cancelled = Books::sample()
        .and("loan_entries.csv", "PM-1,2026-03-06,reversal,-400000,,,Batal,,1")
        .and("loan_entries.csv", "PM-1,2026-03-06,reversal,-600000,,,Batal,,2");
    assert_eq!(Office::new().import(&cancelled).problems, []);
    // Corrected first and then taken back, over two imports.
    let office = Office::new();
    assert_eq!(office.import(&corrected).problems, []);
    let taken_back = corrected
        .and("loan_entries.csv", "PM-1,2026-04-02,reversal,-600000,,,Batal,,4")
        .and("loan_entries.csv", "PM-1,2026-04-02,reversal,-400000,,,Batal,,1");
    assert_eq!(office.import(&taken_back).problems, []);
}

#[test]
fn two_cooperatives_with_the_same_numbers_do_not_touch() {
    let office = Office::with_sample();
    let before = office.everything();
    let other = Books::sample().replace("cooperative.csv", "handayani", "mekar").with(
        "savings_entries.csv",
        2,
        "SP-1,2020-01-02,deposit,70000,Simpanan pokok,,70000,",
    );
    assert_eq!(office.import(&other).problems, []);
    let after = office.everything();
    assert!(before.iter().all(|row| after.contains(row)));
    assert_eq!(after.len(), 2 * before.len());
    assert_eq!(
        office.rows("SELECT DISTINCT figure FROM account WHERE account_no = 'SP-1' ORDER BY 1"),
        ["7000000", "10000000"]
    );
    let hashes = office.rows("SELECT count(DISTINCT hash) FROM account WHERE account_no = 'SS-1'");
    assert_eq!(hashes, ["2"], "the cooperative is part of what is hashed");
    let [a, b] = ["handayani", "mekar"].map(|id| office.cooperative(id));
    let key = |cooperative| office.database.read(|c| public_key(c, cooperative, 3)).unwrap().unwrap();
    assert_ne!(key(&a), key(&b));
}

#[test]
fn lost_keys_stop_an_import_and_are_never_replaced() {
    let office = Office::with_sample();
    std::fs::remove_file(office.path("keys/handayani/checkpoint.key")).unwrap();
    let before = office.everything();
    let more = Books::sample().and("savings_entries.csv", "SS-2,2026-11-24,deposit,1000,,,,");
    let refused = office.try_import(&more, NOW, &mut |_| ());
    assert!(
        matches!(refused, Err(anggota_server::import::ImportError::Keys(KeyError::Missing("checkpoint.key")))),
        "{refused:?}"
    );
    assert_eq!(office.everything(), before);
    assert!(!office.path("keys/handayani/checkpoint.key").exists());
}
