//! Becoming a member's device: codes, attempts, lost replies, and what a stranger can learn.
#![allow(clippy::unwrap_used, reason = "what a test cannot set up fails it")]

mod support;

use std::time::Duration;

use anggota::cose::Signer;
use anggota::protocol::enrolment::{self, Enrol};
use anggota::protocol::problem::Code;
use support::phone::{Ask, Phone, nothing_held};
use support::{Bench, FIRST, OTHER, START};
use tokio::time::Instant;

#[tokio::test(flavor = "multi_thread")]
async fn a_code_makes_the_phone_a_device_and_says_what_the_phone_needs() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let enrolled = phone.enrolled.as_ref().unwrap();
    let key = *bench.keys(FIRST).checkpoint.signer.public_key();
    assert_eq!(enrolled.checkpoint_keys, [(3, key)]);
    assert_eq!((enrolled.cooperative.as_str(), enrolled.name.as_str()), ("Koperasi handayani", "Siti Aminah"));
    assert_eq!(enrolled.tokens.expires_in, 3_600);
    assert_eq!(bench.count("SELECT count(*) FROM device"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_answer_is_asked_for_again_with_the_same_key_only() {
    let bench = Bench::start().await;
    let code = bench.activate(FIRST, "A001").unwrap();
    let mut phone = Phone::new(&bench, FIRST, "A001");
    assert_eq!(phone.enrol(&bench, &code).await, None);
    let (device, lost) = (phone.device, phone.access.clone());
    assert_eq!(phone.enrol(&bench, &code).await, None);
    assert_eq!(phone.device, device);
    assert_ne!(phone.access, lost);
    assert_eq!(bench.count("SELECT count(*) FROM device"), 1);
    assert!(phone.pull(&bench, &nothing_held()).await.is_ok());
    assert_eq!(phone.renew(&bench).await, None);

    let mut other = Phone::new(&bench, FIRST, "A001");
    assert_eq!(other.enrol(&bench, &code).await, Some(Code::CodeExpired));
    bench.revoke(FIRST, &device);
    assert_eq!(phone.enrol(&bench, &code).await, Some(Code::CodeExpired));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_asks_again_while_its_first_request_is_worked_on_becomes_one_device() {
    let bench = Bench::start().await;
    let code = bench.activate(FIRST, "A001").unwrap();
    let phone = Phone::new(&bench, FIRST, "A001");
    let asked = Enrol {
        member: phone.member.clone(),
        code: enrolment::code_digits(&code).unwrap(),
        key: *phone.signer.public_key(),
    };
    let ask = || phone.post(&bench, "enrolments", asked.encode(), false);
    let (first, second, third) = tokio::join!(ask(), ask(), ask());
    for reply in [first, second, third] {
        assert_eq!(reply.code(), None);
    }
    assert_eq!(bench.count("SELECT count(*) FROM device"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn five_wrong_codes_lock_the_code_until_the_office_gives_another() {
    let mut bench = Bench::start().await;
    let code = bench.activate(FIRST, "A001").unwrap();
    let mut phone = Phone::new(&bench, FIRST, "A001");
    for _ in 0..4 {
        assert_eq!(phone.enrol(&bench, &wrong(&code)).await, Some(Code::CodeWrong));
    }
    assert_eq!(phone.enrol(&bench, &code).await, None, "the fifth is the right one");
    for _ in 0..5 {
        assert_eq!(phone.enrol(&bench, &wrong(&code)).await, Some(Code::CodeWrong));
    }
    assert_eq!(phone.enrol(&bench, &code).await, Some(Code::TooManyAttempts), "also with the right one");
    // The database remembers, also when the server's memory is gone.
    bench.stop().await;
    bench.serve(support::Setup::default()).await.unwrap();
    phone.base = bench.url().into();
    assert_eq!(phone.enrol(&bench, &code).await, Some(Code::CodeWrong), "as any wrong code of any number");
    let code = bench.activate(FIRST, "A001").unwrap();
    assert_eq!(phone.enrol(&bench, &code).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_with_wrong_codes_delays_a_member_by_ten_minutes_and_learns_nothing() {
    let bench = Bench::start().await;
    let code = bench.activate(FIRST, "A001").unwrap();
    let [mut stranger, mut other] = ["A001", "Z999"].map(|member| Phone::new(&bench, FIRST, member));
    for (seconds, expected) in [(0, Code::CodeWrong); 5].into_iter().chain([
        (599, Code::TooManyAttempts),
        (1, Code::CodeWrong),
        (0, Code::TooManyAttempts),
    ]) {
        bench.pass(seconds);
        for phone in [&mut stranger, &mut other] {
            assert_eq!(phone.enrol(&bench, &wrong(&code)).await, Some(expected));
        }
    }
    let mut phone = Phone::new(&bench, FIRST, "A001");
    assert_eq!(phone.enrol(&bench, &code).await, Some(Code::TooManyAttempts));
    bench.pass(600);
    assert_eq!(phone.enrol(&bench, &code).await, None);
}

/// Another code than this one.
fn wrong(code: &str) -> String {
    let digit = |c: char| if c == '9' { '0' } else { char::from_digit(c.to_digit(10).unwrap() + 1, 10).unwrap() };
    code.chars().map(|c| if c.is_ascii_digit() { digit(c) } else { c }).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_cannot_tell_which_numbers_are_members() {
    let bench = Bench::start().await;
    bench.activate(FIRST, "A001").unwrap();
    let mut answers = Vec::new();
    // A member with a code, one without, one who left, nobody.
    for member in ["A001", "A002", "A004", "Z999"] {
        let mut phone = Phone::new(&bench, FIRST, member);
        let mut seen = Vec::new();
        for _ in 0..7 {
            let asked = Instant::now();
            seen.push(phone.enrol(&bench, "0000-0000").await);
            assert!(asked.elapsed() >= Duration::from_millis(240), "a quick refusal tells something");
        }
        answers.push(seen);
    }
    let mut expected = vec![Some(Code::CodeWrong); 5];
    expected.extend([Some(Code::TooManyAttempts); 2]);
    assert!(answers.iter().all(|seen| *seen == expected), "{answers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_good_for_seven_days_and_for_its_own_cooperative() {
    let bench = Bench::start().await;
    let code = bench.activate(FIRST, "A001").unwrap();
    let mut phone = Phone::new(&bench, OTHER, "A001");
    assert_eq!(phone.enrol(&bench, &code).await, Some(Code::CodeWrong));
    bench.pass(7 * 86_400);
    let mut phone = Phone::new(&bench, FIRST, "A001");
    assert_eq!(phone.enrol(&bench, &code).await, Some(Code::CodeExpired));
    bench.pass(-1);
    assert_eq!(phone.enrol(&bench, &code).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_left_gets_no_code_and_cannot_use_an_earlier_one() {
    let bench = Bench::start().await;
    assert_eq!(bench.activate(FIRST, "A004").unwrap_err().code(), Code::NotPossible);
    assert_eq!(bench.activate(FIRST, "Z999").unwrap_err().code(), Code::Unknown);
    let code = bench.activate(FIRST, "A002").unwrap();
    bench.execute("UPDATE member SET status = 3 WHERE member_no = 'A002'");
    let mut phone = Phone::new(&bench, FIRST, "A002");
    assert_eq!(phone.enrol(&bench, &code).await, Some(Code::CodeExpired));
    // A candidate may look on.
    Phone::enrolled(&bench, FIRST, "A003").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_attempt_is_written_before_it_is_checked_and_the_code_never_is() {
    let bench = Bench::start().await;
    let code = bench.activate(FIRST, "A001").unwrap();
    let mut phone = Phone::new(&bench, FIRST, "A001");
    phone.enrol(&bench, &wrong(&code)).await;
    assert_eq!(bench.count("SELECT attempts FROM activation"), 1);
    assert_eq!(code.len(), 9);
    let digits = code.replace('-', "");
    for file in std::fs::read_dir(bench.folder.path()).unwrap().map(|entry| entry.unwrap().path()) {
        if file.is_file() {
            let bytes = std::fs::read(&file).unwrap();
            let holds = |needle: &str| bytes.windows(needle.len()).any(|window| window == needle.as_bytes());
            assert!(!holds(&code) && !holds(&digits), "{file:?}");
        }
    }
    assert_eq!(bench.count("SELECT expires_at FROM activation"), START + 7 * 86_400);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_enrolment_is_a_bad_request() {
    let bench = Bench::start().await;
    let phone = Phone::new(&bench, FIRST, "A001");
    let path = phone.path("enrolments");
    for body in [vec![], vec![0x80], vec![0x84, 1, 0x60, 0x60, 0x40], vec![0xff; 64]] {
        assert_eq!(phone.ask(&bench, Ask::post(&path, body)).await.code(), Some(Code::BadRequest));
    }
    let path = phone.path("tokens");
    assert_eq!(phone.ask(&bench, Ask::post(&path, vec![0x80])).await.code(), Some(Code::BadRequest));
    for token in ["", "x", &"A".repeat(64)] {
        let body = anggota::protocol::enrolment::encode_renewal(token);
        assert_eq!(phone.ask(&bench, Ask::post(&path, body)).await.code(), Some(Code::Unauthorized));
    }
}
