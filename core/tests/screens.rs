//! Every screen in every language and level, as files that a translator or a reviewer can read: `core/tests/screens/`.
//! `UPDATE=1 cargo test -p anggota --test screens` writes them anew.

#![allow(clippy::unwrap_used, reason = "a test stops where its own set-up fails")]

use std::fmt::Write;
use std::path::Path;

use anggota::domain::{RequestState, TimeZone};
use anggota::views::{CardView, CheckpointComparison, PageView, VerifyView};
use anggota::words::screen::{self, Book, Possible, Screen, Told};
use anggota::words::{Language, Level, Reader};

use samples::*;

#[path = "screens/drafts.rs"]
mod drafts;
#[path = "screens/loans.rs"]
mod loans;
#[path = "screens/samples.rs"]
mod samples;
#[path = "screens/savings.rs"]
mod saving;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/screens");

/// Every screen with a name, for one reader.
fn screens(reader: &Reader) -> Vec<(&'static str, Screen)> {
    let all = Possible { request_loan: true, show_card: true, open_drafts: false };
    let none = Possible::default();
    let offline = Reader { offline: true, now: at("2026-11-26T03:00:00Z"), ..*reader };
    let book = |product: &str| Book { product: product.into(), as_of: at("2026-11-24T03:00:00Z"), verified: true };
    let doubtful = Book { verified: false, ..book("Simpanan Sukarela") };
    let card = CardView { text: String::new(), modules: 0, bits: vec![], expires_in: 30 };
    let (deposit, maturity) = saving::deposit();
    let empty = PageView { entries: vec![], more: false, ..savings_page() };
    vec![
        ("home", screen::home(&balances(), all, reader)),
        ("home, two days without a network", screen::home(&balances(), all, &offline)),
        ("home, the office waits", screen::home(&awaited(), all, reader)),
        ("home, trouble", screen::home(&troubled(), none, reader)),
        ("home, before the first sync", screen::home(&nothing(), none, reader)),
        ("loans", screen::loans(&balances(), all, reader)),
        ("loans, none", screen::loans(&troubled(), none, reader)),
        ("passbook", screen::passbook(&savings_page(), &book("Simpanan Sukarela"), reader)),
        ("passbook, empty", screen::passbook(&empty, &book("Simpanan Sukarela"), reader)),
        ("passbook, not proven", screen::passbook(&savings_page(), &doubtful, reader)),
        ("loan passbook", screen::loan_passbook(&loan_page(), &book("Pinjaman Usaha"), reader)),
        ("loan schedule", screen::loan_schedule(&loans::running(), reader)),
        ("loan schedule, in time", screen::loan_schedule(&loans::in_time(), reader)),
        ("loan schedule, paid", screen::loan_schedule(&loans::paid(), reader)),
        ("loan schedule, not proven", screen::loan_schedule(&loans::unproven(), reader)),
        ("loan schedule, too long", screen::loan_schedule(&loans::too_long(), reader)),
        ("loan schedule, another movement", screen::loan_schedule(&loans::other_movement(), reader)),
        ("loan schedule, by terms that have changed", screen::loan_schedule(&loans::by_new_terms(), reader)),
        ("simulation", screen::simulation(&loans::asked(), reader)),
        ("simulation, without dates", screen::simulation(&loans::dateless(), reader)),
        ("comparison", loans::compared(&loans::asked(), &loans::dateless(), reader)),
        ("comparison, cheaper", loans::compared(&loans::dateless(), &loans::asked(), reader)),
        ("comparison, the same", loans::compared(&loans::asked(), &loans::asked(), reader)),
        ("request, saved", screen::request_told(&request(1, RequestState::Queued, None), Told::Saved, reader)),
        (
            "request, to be taken back",
            screen::request_told(&request(1, RequestState::Received, None), Told::Cancelled, reader),
        ),
        (
            "request, sent again",
            screen::request_told(&request(1, RequestState::Sending, Some(NO_NETWORK)), Told::Retried, reader),
        ),
        ("requests", screen::requests(&all_states(), all, reader)),
        ("request, accepted", screen::request_told(&request(1, RequestState::Approved, None), Told::Accepted, reader)),
        ("requests, none", screen::requests(&[], none, reader)),
        ("request, with documents", screen::requests(&[drafts::backed(), drafts::refused()], all, reader)),
        ("request, decided, with documents", screen::requests(&[drafts::decided()], all, reader)),
        ("request, replied to", screen::request_told(&drafts::replied(), Told::Replied, reader)),
        ("drafts", screen::drafts(&drafts::drafts(), all, reader)),
        ("drafts, none", screen::drafts(&[], none, reader)),
        ("draft, kept", screen::draft_told(&drafts::drafts()[1], reader)),
        ("request, by terms that have changed", screen::requests(&[outdated()], all, reader)),
        ("loan check", screen::loan_check(&checked(false), reader)),
        ("loan check, obstacles", screen::loan_check(&checked(true), reader)),
        ("reminders", screen::reminders(&loans::reminders(), reader)),
        ("reminders, none", screen::reminders(&[], reader)),
        ("payment", screen::payment(&loans::payment("1500000"), reader)),
        ("payment, more than is owed", screen::payment(&loans::payment("9000000"), reader)),
        ("payment, nothing owed", screen::payment(&loans::needless_payment(), reader)),
        ("projection", screen::projection(&saving::projection("2650000.50"), reader)),
        ("projection, taxed", screen::projection(&saving::projection("100000000"), reader)),
        ("term deposit", screen::maturity(&deposit, &maturity, reader)),
        ("shu", screen::shu(&saving::shu(), reader)),
        ("enrolled", screen::enrolled(&profile(), reader)),
        ("synced", screen::synced(&report(1_234, 1, true), reader)),
        ("synced, nothing new", screen::synced(&report(0, 0, false), reader)),
        ("verified", screen::verified(&verified(true), reader)),
        ("verified, broken", screen::verified(&verified(false), reader)),
        ("verified, nothing held", screen::verified(&VerifyView { accounts: vec![], ok: true }, reader)),
        ("evidence", screen::evidence(&kept(), reader)),
        ("evidence, none", screen::evidence(&[], reader)),
        ("evidence, written", screen::evidence_written(reader)),
        ("checkpoint", screen::checkpoint(&checkpoint(), reader)),
        ("compared, same", screen::compared(CheckpointComparison::Same, reader)),
        ("compared, other older", screen::compared(CheckpointComparison::OtherOlder, reader)),
        ("compared, other newer", screen::compared(CheckpointComparison::OtherNewer, reader)),
        ("compared, different", screen::compared(CheckpointComparison::Different, reader)),
        ("card", screen::card(&profile(), &card, reader)),
        ("notices", screen::notices(&troubled(), reader)),
        ("notices, the office waits", screen::notices(&awaited(), reader)),
        ("notices, none", screen::notices(&balances(), reader)),
    ]
}

fn written(name: &str, screen: &Screen) -> String {
    let mut text = format!("== {name}\n{}\n", screen.title.shown);
    for block in &screen.blocks {
        writeln!(text, "\n[{:?}] {}", block.role, block.heading).unwrap();
        if let Some(figure) = &block.figure {
            let proof = if figure.verified { "" } else { " (!)" };
            writeln!(text, "  {}: {}{proof}", figure.label, figure.amount).unwrap();
            writeln!(text, "  {}\n  {}", figure.in_words, figure.age.shown).unwrap();
        }
        if !block.text.is_empty() {
            writeln!(text, "  {}", block.text).unwrap();
        }
        for line in &block.lines {
            writeln!(text, "  - {}: {}", line.label, line.value).unwrap();
        }
        for action in &block.actions {
            writeln!(text, "  > {}", action.label.shown).unwrap();
        }
    }
    if let Some(age) = &screen.age {
        writeln!(text, "\n{}", age.shown).unwrap();
    }
    for action in &screen.actions {
        writeln!(text, "> {}", action.label.shown).unwrap();
    }
    writeln!(text, "\nspoken: {}\n\n", screen.spoken()).unwrap();
    text
}

fn readers() -> impl Iterator<Item = Reader> {
    let reader = |language, level| Reader {
        language,
        level,
        zone: TimeZone::Wib,
        now: at("2026-11-24T03:28:05Z"),
        offline: false,
    };
    Language::ALL.into_iter().flat_map(move |language| Level::ALL.map(|level| reader(language, level)))
}

#[test]
fn every_screen_is_as_written() {
    for reader in readers() {
        let text: String = screens(&reader).iter().map(|(name, screen)| written(name, screen)).collect();
        let text = format!("{}\n", text.trim_end());
        let file = Path::new(FOLDER).join(format!("{}-{}.txt", reader.language, reader.level.as_str()));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&file, &text).unwrap();
        }
        let known = std::fs::read_to_string(&file).unwrap();
        let first = text.lines().zip(known.lines()).find(|(now, then)| now != then);
        assert!(
            text == known,
            "{} differs at {first:?}; read it, then run UPDATE=1 cargo test -p anggota --test screens",
            file.display()
        );
    }
}

/// What is read aloud has no figures, no abbreviations and no half sentences, whatever the language.
#[test]
fn what_is_spoken_is_whole_sentences_without_figures() {
    for reader in readers() {
        for (name, screen) in screens(&reader) {
            let spoken = screen.spoken();
            let place = format!("{name} in {} {}: {spoken}", reader.language, reader.level.as_str());
            assert!(!spoken.contains(|c: char| c.is_ascii_digit()), "{place}");
            for short in ["Rp", "WIB", "{", "}", "  ", "..", " ."] {
                assert!(!spoken.contains(short), "{short} in {place}");
            }
            for block in &screen.blocks {
                assert!(block.spoken.ends_with('.'), "{} in {place}", block.spoken);
            }
            assert!(screen.title.spoken.ends_with('.'), "{} in {place}", screen.title.spoken);
        }
    }
}

/// Every figure has its words and its age; plain says less than full and hides no trouble.
#[test]
fn plain_is_shorter_and_hides_no_trouble() {
    let roles = |screen: &Screen, role| screen.blocks.iter().filter(|block| block.role == role).count();
    for plain in readers().filter(|reader| reader.level == Level::Plain) {
        let full = Reader { level: Level::Full, ..plain };
        for ((name, few), (_, all)) in screens(&plain).iter().zip(&screens(&full)) {
            let lines = |screen: &Screen| screen.blocks.iter().map(|block| block.lines.len()).sum::<usize>();
            assert!(few.blocks.len() <= all.blocks.len() && lines(few) <= lines(all), "{name}");
            assert_eq!(roles(few, screen::Role::Notice), roles(all, screen::Role::Notice), "{name}");
            assert_eq!(few.actions.len(), all.actions.len(), "{name}");
            for figure in few.blocks.iter().chain(&all.blocks).filter_map(|block| block.figure.as_ref()) {
                assert!(!figure.in_words.is_empty() && !figure.age.shown.is_empty(), "{name}");
            }
        }
    }
}

/// Nothing goes on without it: it stands above every figure, with what can be done.
#[test]
fn what_waits_for_the_member_comes_first_and_can_be_done_at_once() {
    for reader in readers() {
        let all = Possible { request_loan: true, show_card: true, open_drafts: false };
        for screen in [screen::home(&awaited(), all, &reader), screen::notices(&awaited(), &reader)] {
            let heads: Vec<_> = screen.blocks.iter().take(3).map(|block| (block.role, &block.heading)).collect();
            assert!(heads.iter().all(|head| *head == (screen::Role::Request, heads[0].1)), "{heads:?}");
            let first = &screen.blocks[0];
            assert!(first.text.contains("Rp5.000.000"), "{}", first.text);
            assert!(matches!(first.actions[0].kind, screen::ActionKind::AcceptLoan(_)));
            assert!(screen.blocks[1].text.contains("fotokopi KTP") && screen.blocks[1].spoken.contains("fotokopi KTP"));
        }
        let home = screen::home(&awaited(), all, &reader);
        assert_eq!(home.blocks[3].role, screen::Role::Total, "the request that waits for the office is no such thing");
        let requests = home.blocks.iter().filter(|block| block.role == screen::Role::Request).count();
        assert_eq!(requests, 4);
    }
}

#[test]
fn only_what_is_possible_now_is_offered() {
    let reader = readers().next().unwrap();
    let offered = |screen: &Screen| screen.actions.iter().map(|action| action.kind.clone()).collect::<Vec<_>>();
    use screen::ActionKind::{CancelRequest, OpenNotices, RequestLoan, ShowCard, ShowOlder};
    let all = offered(&screen::home(
        &balances(),
        Possible { request_loan: true, show_card: true, open_drafts: false },
        &reader,
    ));
    assert!(all.contains(&RequestLoan) && all.contains(&ShowCard) && !all.contains(&OpenNotices));
    let few = offered(&screen::home(&troubled(), Possible::default(), &reader));
    assert!(!few.contains(&RequestLoan) && !few.contains(&ShowCard) && few.contains(&OpenNotices));
    let passbook = screen::passbook(
        &savings_page(),
        &Book { product: "S".into(), as_of: at("2026-11-24T03:00:00Z"), verified: true },
        &reader,
    );
    assert!(offered(&passbook).contains(&ShowOlder(4)));
    for view in all_states() {
        let screen = screen::requests(std::slice::from_ref(&view), Possible::default(), &reader);
        let cancel = screen.blocks[0].actions.iter().any(|action| matches!(action.kind, CancelRequest(_)));
        use RequestState::{Accepted, Approved, Cancelled, Disbursed, Rejected};
        let decided = matches!(view.state, Approved | Rejected | Cancelled | Accepted | Disbursed);
        assert_eq!(cancel, !decided, "{:?}", view.state);
    }
}
