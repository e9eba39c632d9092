//! What members command: exactly once, in order, within the rules; and the officers' answers.
#![allow(clippy::unwrap_used, reason = "what a test cannot set up fails it")]

mod support;

use std::sync::Arc;
use std::time::Duration;

use anggota::domain::{Reason, RequestState};
use anggota::protocol::operation::{self, Answer, Operation};
use anggota::protocol::problem::Code;
use anggota::protocol::rule::ServerRule;
use anggota_server::refusal::Refusal;
use anggota_server::requests::{Decision, MAX_OPEN};
use support::commands::{decide, one, result, results, state};
use support::phone::{Phone, cancel_of, loan_request, new_operation, new_signer, nothing_held};
use support::{Bench, FIRST, OTHER};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_arrives_once_however_often_it_is_sent() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let request = loan_request(50_000_000);
    let signed = phone.sign(&request);
    let first = phone.push(&bench, &[signed.clone(), signed.clone()]).await.unwrap();
    let again = phone.push(&bench, &[signed]).await.unwrap();
    assert_eq!([&first[0], &first[1]], [&again[0], &again[0]]);
    assert_eq!(result(&again[0]).body_hash, request.body_hash());
    assert_eq!(state(&again[0]), RequestState::Received);
    for table in ["operation", "loan_request", "result"] {
        assert_eq!(bench.count(&format!("SELECT count(*) FROM {table}")), 1, "{table}");
    }
    // The same id with another body is another operation.
    let other = Operation { command: loan_request(60_000_000).command, ..request.clone() };
    assert_eq!(one(&phone, &bench, &other).await, Answer::Conflict(request.id));
    assert_eq!(results(&phone, &bench, 0).await, [(1, request.id, RequestState::Received)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_members_own_device_signs() {
    let bench = Bench::start().await;
    let mut phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let neighbour = Phone::enrolled(&bench, FIRST, "A002").await;
    let namesake = Phone::enrolled(&bench, OTHER, "A001").await;
    let request = loan_request(50_000_000);
    let mut broken = phone.sign(&request);
    *broken.last_mut().unwrap() ^= 1;
    let pushed = [neighbour.sign(&request), namesake.sign(&request), broken, vec![], phone.sign(&request)];
    let answers = phone.push(&bench, &pushed).await.unwrap();
    assert_eq!(answers[..4], [0, 1, 2, 3].map(Answer::Invalid));
    assert_eq!(state(&answers[4]), RequestState::Received);
    let signer = std::mem::replace(&mut phone.signer, new_signer());
    let forged = phone.sign(&loan_request(50_000_000));
    phone.signer = signer;
    assert_eq!(phone.push(&bench, &[forged]).await.unwrap(), [Answer::Invalid(0)]);
    // An id copied from another member's request.
    assert_eq!(one(&neighbour, &bench, &request).await, Answer::Conflict(request.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_stands_under_its_own_subject() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let request = loan_request(50_000_000);
    let stranger = new_operation();
    for wrong in [
        Operation { subject: stranger, ..request.clone() },
        Operation { after: Some(stranger), ..request.clone() },
        Operation { subject: stranger, ..cancel_of(&request) },
    ] {
        assert_eq!(one(&phone, &bench, &wrong).await, Answer::Invalid(0));
    }
    let cancel = cancel_of(&request);
    let itself = Operation { after: Some(cancel.id), ..cancel };
    assert_eq!(one(&phone, &bench, &itself).await, Answer::Invalid(0));
    assert_eq!(bench.count("SELECT count(*) FROM operation"), 0);
}

/// Refused for good by that rule, which the reason says in words and by its name.
fn assert_refused(answer: &Answer, rule: ServerRule) {
    assert_eq!(state(answer), RequestState::Rejected, "{rule:?}");
    assert_eq!(result(answer).reason, Some(rule.reason().unwrap()));
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_outside_the_rules_are_refused_for_good_and_in_words() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let product = |column: &str, to: &str| format!("UPDATE loan_product SET {column} = {to}");
    let member = |column: &str, to: u8| format!("UPDATE member SET {column} = {to} WHERE member = 1");
    let none = String::new;
    for (sql, undo, principal, rule) in [
        (none(), none(), 9_999_999, ServerRule::BeyondLimits),
        (none(), none(), 1_000_000_001, ServerRule::BeyondLimits),
        (product("max_periods", "11"), product("max_periods", "24"), 50_000_000, ServerRule::BeyondLimits),
        (product("version", "3"), product("version", "2"), 50_000_000, ServerRule::TermsChanged),
        (product("code", "'XX'"), product("code", "'PB'"), 50_000_000, ServerRule::ProductGone),
        (member("office_suspended", 1), member("office_suspended", 0), 50_000_000, ServerRule::NotActive),
        (member("status", 1), member("status", 0), 50_000_000, ServerRule::NotActive),
        (member("status", 3), member("status", 0), 50_000_000, ServerRule::NotActive),
    ] {
        bench.execute(&sql);
        let request = loan_request(principal);
        let answer = one(&phone, &bench, &request).await;
        assert_refused(&answer, rule);
        bench.execute(&undo);
        assert_eq!(one(&phone, &bench, &request).await, answer, "a refusal stays one");
    }
    assert_eq!(bench.count("SELECT count(*) FROM loan_request"), 0);
    let many: Vec<_> = (0..=MAX_OPEN).map(|_| phone.sign(&loan_request(50_000_000))).collect();
    let answers = phone.push(&bench, &many).await.unwrap();
    let refused: Vec<_> = answers.iter().map(|answer| state(answer) == RequestState::Rejected).collect();
    assert_eq!(refused.iter().position(|refused| *refused), Some(MAX_OPEN as usize));
    assert_refused(answers.last().unwrap(), ServerRule::TooManyOpen);
    assert_eq!(bench.count("SELECT count(*) FROM loan_request"), i64::from(MAX_OPEN));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_taken_back_while_it_waits() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let request = loan_request(50_000_000);
    let cancel = cancel_of(&request);
    assert_eq!(one(&phone, &bench, &cancel).await, Answer::Waiting(cancel.id), "its request has not arrived");
    let answers = phone.push(&bench, &[phone.sign(&request), phone.sign(&cancel)]).await.unwrap();
    assert_eq!([state(&answers[0]), state(&answers[1])], [RequestState::Received; 2]);
    assert_eq!(
        results(&phone, &bench, 0).await,
        [
            (1, request.id, RequestState::Received),
            (2, request.id, RequestState::Cancelled),
            (3, cancel.id, RequestState::Received)
        ]
    );
    assert_eq!(state(&one(&phone, &bench, &request).await), RequestState::Cancelled, "the latest result");
    let twice = cancel_of(&request);
    assert_refused(&one(&phone, &bench, &twice).await, ServerRule::AlreadyCancelled);
    assert_eq!(decide(&bench, &request.id, Decision::Approve(None)).unwrap_err().code(), Code::NotPossible);

    let decided = loan_request(50_000_000);
    one(&phone, &bench, &decided).await;
    decide(&bench, &decided.id, Decision::Approve(None)).unwrap();
    assert_refused(&one(&phone, &bench, &cancel_of(&decided)).await, ServerRule::AlreadyDecided);
    let nothing = Operation { after: None, ..cancel_of(&loan_request(1)) };
    assert_refused(&one(&phone, &bench, &nothing).await, ServerRule::NoSuchRequest);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_officer_decides_once_and_by_name_and_the_phone_is_told_until_it_knows() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let request = loan_request(50_000_000);
    one(&phone, &bench, &request).await;
    let reject = || Decision::Reject(Reason::new("agunan belum lengkap").unwrap());
    assert_eq!(decide(&bench, &new_operation(), reject()).unwrap_err().code(), Code::Unknown);
    assert_eq!(decide(&bench, &request.id, reject()).unwrap(), RequestState::Rejected);
    assert_eq!(decide(&bench, &request.id, Decision::Approve(None)).unwrap_err().code(), Code::NotPossible);
    assert_eq!(bench.count("SELECT count(*) FROM change WHERE officer = 'Bu Sri' AND after = 'rejected'"), 1);
    assert_eq!(bench.count("SELECT count(*) FROM loan_request WHERE officer = 'Bu Sri' AND state = 4"), 1);

    for _ in 0..2 {
        assert_eq!(results(&phone, &bench, 1).await, [(2, request.id, RequestState::Rejected)]);
    }
    assert_eq!(results(&phone, &bench, 2).await, []);
    for _ in 0..50 {
        if bench.count("SELECT count(*) FROM result WHERE acknowledged_at IS NULL") == 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the phone's acknowledgement was never written down");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_phone_takes_over_the_pending_requests_of_the_old_one() {
    let bench = Bench::start().await;
    let old = Phone::enrolled(&bench, FIRST, "A001").await;
    let request = loan_request(50_000_000);
    one(&old, &bench, &request).await;
    let new = Phone::enrolled(&bench, FIRST, "A001").await;
    assert_eq!(results(&new, &bench, 0).await, []);
    let answer = one(&new, &bench, &request).await;
    assert_eq!((state(&answer), result(&answer).number), (RequestState::Received, 1));
    assert_eq!(one(&new, &bench, &request).await, answer);
    decide(&bench, &request.id, Decision::Approve(None)).unwrap();
    assert_eq!(results(&new, &bench, 1).await, [(2, request.id, RequestState::Approved)]);
    assert_eq!(results(&old, &bench, 1).await, []);
    assert_eq!(bench.count("SELECT count(*) FROM loan_request"), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_restore_no_result_takes_the_number_of_one_that_was_lost() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let request = loan_request(50_000_000);
    one(&phone, &bench, &request).await;
    // The backup was made before that.
    for table in ["operation", "loan_request", "result"] {
        bench.execute(&format!("DELETE FROM {table}"));
    }
    bench.execute("UPDATE device SET next_result = 1");
    assert_eq!(bench.begin_epoch(FIRST), 2);
    assert_eq!(state(&one(&phone, &bench, &request).await), RequestState::Received);
    decide(&bench, &request.id, Decision::Approve(None)).unwrap();
    let told = results(&phone, &bench, 1).await;
    let states: Vec<_> = told.iter().map(|(_, _, state)| *state).collect();
    assert_eq!(states, [RequestState::Received, RequestState::Approved]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_restored_without_a_new_epoch_hides_and_acknowledges_no_result() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let request = loan_request(50_000_000);
    one(&phone, &bench, &request).await;
    decide(&bench, &request.id, Decision::Approve(None)).unwrap();
    assert_eq!(results(&phone, &bench, 0).await.len(), 2);
    // The backup was made before that.
    for table in ["operation", "loan_request", "result"] {
        bench.execute(&format!("DELETE FROM {table}"));
    }
    bench.execute("UPDATE device SET next_result = 1");
    assert_eq!(results(&phone, &bench, 2).await, []);
    // The office decides on what is asked for anew; the phone has results of these numbers.
    let another = loan_request(60_000_000);
    one(&phone, &bench, &another).await;
    assert_eq!(results(&phone, &bench, 2).await, [(1, another.id, RequestState::Received)]);
    for after in [2, u64::from(u32::MAX), i64::MAX as u64] {
        assert_eq!(results(&phone, &bench, after).await.len(), 1, "after {after}");
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(bench.count("SELECT count(*) FROM result WHERE acknowledged_at IS NOT NULL"), 0);
    // What the log tells the office to do.
    bench.begin_epoch(FIRST);
    decide(&bench, &another.id, Decision::Approve(None)).unwrap();
    let told = results(&phone, &bench, 2).await;
    assert_eq!(told.iter().map(|(_, _, state)| *state).collect::<Vec<_>>(), [RequestState::Approved]);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_devices_that_send_the_same_in_turns_get_no_new_results() {
    let bench = Bench::start().await;
    let [one_phone, other] =
        [Phone::enrolled(&bench, FIRST, "A001").await, Phone::enrolled(&bench, FIRST, "A001").await];
    let request = loan_request(50_000_000);
    let rounds = async |state: RequestState| {
        let (mut first, mut second) = (Vec::new(), Vec::new());
        for _ in 0..4 {
            first.push(result(&one(&one_phone, &bench, &request).await).clone());
            second.push(result(&one(&other, &bench, &request).await).clone());
        }
        for answers in [&first, &second] {
            assert!(answers.iter().all(|answer| answer.state == state && *answer == answers[0]), "{answers:?}");
        }
        bench.count("SELECT count(*) FROM result")
    };
    assert_eq!(rounds(RequestState::Received).await, 2, "one for each device");
    bench.pass(60);
    decide(&bench, &request.id, Decision::Approve(None)).unwrap();
    assert_eq!(results(&other, &bench, 1).await, [(2, request.id, RequestState::Approved)], "who sent it last");
    assert_eq!(rounds(RequestState::Approved).await, 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn while_another_writes_a_push_is_told_to_come_back_and_a_pull_goes_on() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    // As `import` in a process of its own.
    let other = anggota_server::database::Database::open(&bench.database_url()).unwrap();
    let (held, holds) = tokio::sync::oneshot::channel();
    let (release, released) = std::sync::mpsc::channel::<()>();
    let writer = std::thread::spawn(move || {
        other.write::<_, Refusal>(|t| {
            t.execute("UPDATE cooperative SET city = 'Semarang'", [])?;
            held.send(()).unwrap();
            let _closed = released.recv();
            Ok(())
        })
    });
    holds.await.unwrap();
    let pull = phone.pull(&bench, &nothing_held()).await;
    assert!(pull.is_ok());
    let signed = phone.sign(&loan_request(50_000_000));
    let body = anggota::protocol::operation::encode_push(std::slice::from_ref(&signed));
    let reply = phone.post(&bench, "operations", body, true).await;
    assert_eq!(reply.code(), Some(Code::Busy));
    assert_eq!(reply.headers["retry-after"], "5");
    drop(release);
    writer.join().unwrap().unwrap();
    assert_eq!(state(&phone.push(&bench, &[signed]).await.unwrap()[0]), RequestState::Received);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_gives_at_most_two_hundred_operations_in_a_day() {
    let bench = Bench::start().await;
    let mut phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let signed: Vec<_> = (0..201).map(|_| phone.sign(&loan_request(50_000_000))).collect();
    for some in signed[..200].chunks(100) {
        assert!(phone.push(&bench, some).await.is_ok());
    }
    let more = operation::encode_push(&signed[200..]);
    let reply = phone.post(&bench, "operations", more.clone(), true).await;
    assert_eq!((reply.code(), reply.headers["retry-after"].as_bytes()), (Some(Code::TooManyAttempts), &b"600"[..]));
    assert_eq!(bench.count("SELECT count(*) FROM operation"), 200);
    assert!(phone.push(&bench, &signed[..1]).await.is_ok(), "what is known is answered");
    bench.pass(86_400);
    assert_eq!(phone.renew(&bench).await, None);
    assert_eq!(phone.post(&bench, "operations", more, true).await.code(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn phones_that_wait_to_write_leave_room_for_those_that_read() {
    let bench = Arc::new(Bench::start().await);
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let mut others = Vec::new();
    for _ in 0..10 {
        others.push(Arc::new(Phone::enrolled(&bench, FIRST, "A002").await));
    }
    let other = anggota_server::database::Database::open(&bench.database_url()).unwrap();
    let (held, holds) = tokio::sync::oneshot::channel();
    let (release, released) = std::sync::mpsc::channel::<()>();
    let writer = std::thread::spawn(move || {
        other.write::<_, Refusal>(|t| {
            t.execute("UPDATE cooperative SET city = 'Semarang'", [])?;
            held.send(()).unwrap();
            let _closed = released.recv();
            Ok(())
        })
    });
    holds.await.unwrap();
    let mut pushes = tokio::task::JoinSet::new();
    for other in others.iter().flat_map(|other| [other; 8]) {
        let (bench, phone) = (Arc::clone(&bench), Arc::clone(other));
        let signed = phone.sign(&loan_request(50_000_000));
        pushes.spawn(async move { phone.push(&bench, &[signed]).await });
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let asked = tokio::time::Instant::now();
    assert!(phone.pull(&bench, &nothing_held()).await.is_ok());
    assert!(asked.elapsed() < Duration::from_secs(2), "{:?}", asked.elapsed());
    drop(release);
    writer.join().unwrap().unwrap();
    while let Some(push) = pushes.join_next().await {
        assert!(matches!(push.unwrap(), Ok(_) | Err(Code::Busy)));
    }
}
