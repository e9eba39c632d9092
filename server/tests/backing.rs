//! What stands behind a request, and replies: the rules that only the cooperative's books can hold.
#![allow(clippy::unwrap_used, reason = "what a test cannot set up fails it")]

mod support;

use anggota::domain::{Attachment, Backing, Collateral, MemberNo, Money, OperationId, Reason, RequestState};
use anggota::protocol::operation::{Answer, Command, Operation};
use anggota::protocol::rule::{ServerRule, sentence_of};
use anggota_server::requests::{self, Decision, Listed, MAX_ATTACHED_BYTES, MAX_REPLIES};
use support::commands::{ask_more, attaching, backed, decide, naming, one, picture, reply_to, result, results, state};
use support::phone::{Phone, cancel_of, loan_request};
use support::{Bench, FIRST, OTHER};

use RequestState::{Received, Rejected};

const MIB: u32 = 1024 * 1024;

fn guarantors(numbers: &[&str]) -> Backing {
    let guarantors = numbers.iter().map(|no| MemberNo::new(no).unwrap()).collect();
    Backing::new(None, guarantors, None, vec![]).unwrap()
}

fn income(sen: i64) -> Backing {
    Backing::new(Some(Money::from_sen(sen).unwrap()), vec![], None, vec![]).unwrap()
}

/// Documents of so many MiB each; another number makes others.
fn documents(count: u8, mib: u32, number: u8) -> Backing {
    let of = |first: u8| Attachment::new([number + first; 32], mib * MIB, anggota::domain::MediaType::Pdf).unwrap();
    attaching((0..count).map(of).collect())
}

fn listed(bench: &Bench, id: &OperationId) -> Listed {
    let cooperative = bench.cooperative(FIRST);
    let all = bench.database.read(|c| requests::list(c, &cooperative)).unwrap();
    all.into_iter().find(|request| request.id == *id).unwrap()
}

/// The state, and whether it came with a sentence.
fn refused_in_words(answer: &Answer) -> bool {
    let reason = result(answer).reason.as_ref();
    let is_told = |reason: &Reason| sentence_of(reason.as_str()).ends_with('.') && reason.as_str().ends_with(')');
    assert!(reason.is_none_or(is_told), "a sentence, then the rule's name: {reason:?}");
    state(answer) == Rejected && reason.is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_office_sees_what_stands_behind_a_request_and_what_was_said_since() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let vouching = ["A005", "A002"].map(|no| MemberNo::new(no).unwrap()).to_vec();
    let (bpkb, house) = (Collateral::new("BPKB motor").unwrap(), Collateral::new("Sertifikat rumah").unwrap());
    let document = naming(&picture(10, 1));
    let earns = Money::from_rupiah(6_000_000).unwrap();
    let backing = Backing::new(Some(earns), vouching, Some(bpkb.clone()), vec![document]).unwrap();
    let request = backed(loan_request(50_000_000), backing);
    assert_eq!(state(&one(&phone, &bench, &request).await), Received);
    ask_more(&bench, &request);
    let more = Backing::new(Some(earns), vec![], Some(house.clone()), vec![naming(&picture(10, 2))]).unwrap();
    one(&phone, &bench, &reply_to(&request, more)).await;

    let listed = listed(&bench, &request.id);
    assert_eq!((listed.state, listed.given.income, &listed.given.collateral), (Received, Some(earns), &Some(bpkb)));
    assert_eq!(listed.given.guarantors.iter().map(MemberNo::as_str).collect::<Vec<_>>(), ["A002", "A005"]);
    assert_eq!(listed.given.attachments.len(), 1);
    assert_eq!((listed.given.attachments[0].attachment, listed.given.attachments[0].held), (document, 0));
    let [reply] = &listed.replies[..] else { panic!("{:?}", listed.replies) };
    assert_eq!((reply.text.as_str(), reply.replied_at), ("Sudah saya lampirkan", bench.now()));
    assert_eq!((&reply.given.collateral, reply.given.guarantors.len()), (&Some(house), 0));
    assert_eq!(reply.given.attachments[0].attachment, naming(&picture(10, 2)));
    let cooperative = bench.cooperative(OTHER);
    assert_eq!(bench.database.read(|c| requests::list(c, &cooperative)).unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_another_active_member_of_this_cooperative_guarantees() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    bench.execute(
        "INSERT INTO member (cooperative, member, member_no, name, status, joined_on)
         SELECT cooperative, 9, 'B009', 'Tetangga', 0, 15000 FROM cooperative WHERE id = 'sejahtera'",
    );
    let asked = loan_request(50_000_000);
    one(&phone, &bench, &asked).await;
    for (numbers, is_good) in [
        (&["A002", "A005"][..], true),
        (&["A001"], false),
        (&["A002", "A001"], false),
        // A candidate, one who left, one whom nobody knows, one of another cooperative.
        (&["A003"], false),
        (&["A004"], false),
        (&["A002", "Z999"], false),
        (&["B009"], false),
    ] {
        let answer = one(&phone, &bench, &backed(loan_request(50_000_000), guarantors(numbers))).await;
        assert_eq!((state(&answer) == Received, refused_in_words(&answer)), (is_good, !is_good), "{numbers:?}");
        ask_more(&bench, &asked);
        let answer = one(&phone, &bench, &reply_to(&asked, guarantors(numbers))).await;
        assert_eq!((state(&answer) == Received, refused_in_words(&answer)), (is_good, !is_good), "{numbers:?}");
        if !is_good {
            decide(&bench, &asked.id, Decision::Review).unwrap();
        }
    }
    bench.suspend(FIRST, "A002", true);
    assert!(refused_in_words(&one(&phone, &bench, &backed(loan_request(50_000_000), guarantors(&["A002"]))).await));
    assert_eq!(bench.count("SELECT count(*) FROM loan_request"), 2);
    assert_eq!(bench.count("SELECT count(*) FROM loan_guarantor"), 4);
}

/// Rp500,000 over 12 months at 1.5%: Rp49,167 in the first. The loan that A001 has: Rp5,000,000, so Rp491,667.
#[tokio::test(flavor = "multi_thread")]
async fn the_instalments_of_all_loans_are_not_above_the_declared_income() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let without_loans = Phone::enrolled(&bench, FIRST, "A005").await;
    for (phone, sen, is_good) in [
        (&phone, 54_083_400, true),
        (&phone, 54_083_399, false),
        (&without_loans, 4_916_700, true),
        (&without_loans, 4_916_699, false),
    ] {
        let answer = one(phone, &bench, &backed(loan_request(50_000_000), income(sen))).await;
        assert_eq!((state(&answer) == Received, refused_in_words(&answer)), (is_good, !is_good), "{sen}");
    }
    let asked = loan_request(50_000_000);
    one(&phone, &bench, &asked).await;
    ask_more(&bench, &asked);
    assert!(refused_in_words(&one(&phone, &bench, &reply_to(&asked, income(54_083_399))).await));
    assert_eq!(state(&one(&phone, &bench, &reply_to(&asked, income(54_083_400))).await), Received);
    // Paid since: nothing runs any more.
    bench.execute("UPDATE account SET status = 1 WHERE kind = 1");
    ask_more(&bench, &asked);
    assert_eq!(state(&one(&phone, &bench, &reply_to(&asked, income(4_916_700))).await), Received);
    // Terms that are lent no more, or not any more like this, tell nothing to hold an income against; the office judges.
    assert!(refused_in_words(&one(&phone, &bench, &reply_to(&asked, income(1))).await));
    for sql in ["UPDATE loan_product SET version = version + 1", "UPDATE loan_product SET code = 'XX'"] {
        bench.execute(sql);
        assert_eq!(state(&one(&phone, &bench, &reply_to(&asked, income(1))).await), Received, "{sql}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn terms_that_no_schedule_can_hold_are_the_members_to_change() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    bench.execute("UPDATE loan_product SET max_principal = NULL");
    let vast = backed(loan_request(Money::MAX.sen()), income(Money::MAX.sen()));
    assert!(refused_in_words(&one(&phone, &bench, &vast).await));
    // What was taken without an income cannot be changed by its member any more: the office judges.
    let vast = loan_request(Money::MAX.sen());
    assert_eq!(state(&one(&phone, &bench, &vast).await), Received);
    ask_more(&bench, &vast);
    assert_eq!(state(&one(&phone, &bench, &reply_to(&vast, income(Money::MAX.sen()))).await), Received);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documents_of_open_requests_are_at_most_twenty_mebibytes() {
    assert_eq!(MAX_ATTACHED_BYTES, u64::from(20 * MIB));
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let neighbour = Phone::enrolled(&bench, FIRST, "A002").await;
    let (most, more) = (backed(loan_request(50_000_000), documents(4, 4, 0)), documents(1, 4, 50));
    assert_eq!(state(&one(&phone, &bench, &most).await), Received);
    ask_more(&bench, &most);
    // The fifth comes with a reply: full.
    assert_eq!(state(&one(&phone, &bench, &reply_to(&most, more)).await), Received);
    let small = || attaching(vec![naming(&picture(3, 9))]);
    assert!(refused_in_words(&one(&phone, &bench, &backed(loan_request(50_000_000), small())).await));
    ask_more(&bench, &most);
    assert!(refused_in_words(&one(&phone, &bench, &reply_to(&most, small())).await));
    // Without documents, and of another member.
    assert_eq!(state(&one(&phone, &bench, &loan_request(50_000_000)).await), Received);
    assert_eq!(state(&one(&neighbour, &bench, &backed(loan_request(50_000_000), small())).await), Received);
    one(&phone, &bench, &cancel_of(&most)).await;
    assert_eq!(state(&one(&phone, &bench, &backed(loan_request(50_000_000), small())).await), Received);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_is_taken_while_its_request_is_open_and_brings_it_back_where_more_was_asked() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let request = loan_request(50_000_000);
    let reply = || reply_to(&request, Backing::default());
    let early = reply();
    assert_eq!(one(&phone, &bench, &early).await, Answer::Waiting(early.id), "its request has not arrived");
    one(&phone, &bench, &request).await;
    ask_more(&bench, &request);
    let taken = reply();
    let answer = one(&phone, &bench, &taken).await;
    assert_eq!(state(&answer), Received);
    let told = vec![(2, request.id, RequestState::MoreAsked), (3, request.id, Received), (4, taken.id, Received)];
    assert_eq!(results(&phone, &bench, 1).await, told);
    assert_eq!(one(&phone, &bench, &taken).await, answer, "the answer was lost");
    // Once more, as after a restore to before it was asked; and when an officer has moved on: the request stays where it is.
    let again = reply();
    assert_eq!(state(&one(&phone, &bench, &again).await), Received);
    decide(&bench, &request.id, Decision::Review).unwrap();
    let late = reply();
    assert_eq!(state(&one(&phone, &bench, &late).await), Received);
    let told = vec![(5, again.id, Received), (6, request.id, RequestState::InReview), (7, late.id, Received)];
    assert_eq!(results(&phone, &bench, 4).await, told);
    assert_eq!(listed(&bench, &request.id).replies.len(), 3);
    let other = Operation { command: reply_to(&request, income(1)).command, ..taken.clone() };
    assert_eq!(one(&phone, &bench, &other).await, Answer::Conflict(taken.id));
    let out_of_place = Operation { subject: taken.id, ..reply() };
    assert_eq!(one(&phone, &bench, &out_of_place).await, Answer::Invalid(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_is_decided_or_taken_back_is_not_replied_to() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let (approved, cancelled) = (loan_request(50_000_000), loan_request(50_000_000));
    for request in [&approved, &cancelled] {
        one(&phone, &bench, request).await;
    }
    decide(&bench, &approved.id, Decision::Approve(None)).unwrap();
    one(&phone, &bench, &cancel_of(&cancelled)).await;
    for (request, rule) in [(&approved, ServerRule::AlreadyDecided), (&cancelled, ServerRule::AlreadyCancelled)] {
        let answer = one(&phone, &bench, &reply_to(request, Backing::default())).await;
        assert_eq!(state(&answer), Rejected);
        assert_eq!(result(&answer).reason, Some(rule.reason().unwrap()));
    }
    assert_eq!(bench.count("SELECT count(*) FROM loan_reply"), 0);
}

/// The requests beside which Bu Sri's last word is this:
const SAID: &str = "SELECT count(*) FROM loan_request WHERE officer = 'Bu Sri' AND decided_at IS NOT NULL AND reason";

#[tokio::test(flavor = "multi_thread")]
async fn what_the_officer_said_stays_beside_the_request_when_the_member_moves_it() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let request = loan_request(50_000_000);
    one(&phone, &bench, &request).await;
    ask_more(&bench, &request);
    let asked = format!("{SAID} = 'lampirkan slip gaji' AND state = ");
    one(&phone, &bench, &reply_to(&request, Backing::default())).await;
    assert_eq!(bench.count(&format!("{asked}{}", Received as u8)), 1);
    one(&phone, &bench, &cancel_of(&request)).await;
    assert_eq!(bench.count(&format!("{asked}{}", RequestState::Cancelled as u8)), 1);
    // What the phone is told is of the step alone.
    assert_eq!(result(&one(&phone, &bench, &request).await).reason, None);

    let request = loan_request(50_000_000);
    one(&phone, &bench, &request).await;
    let word = Reason::new("bawa KTP").unwrap();
    decide(&bench, &request.id, Decision::Approve(Some(word))).unwrap();
    let accept = Operation { command: Command::AcceptLoan(request.id), ..cancel_of(&request) };
    one(&phone, &bench, &accept).await;
    assert_eq!(bench.count(&format!("{SAID} = 'bawa KTP' AND state = {}", RequestState::Accepted as u8)), 1);
    // An officer's next step is the officer's next word, also without one.
    decide(&bench, &request.id, Decision::Disburse).unwrap();
    assert_eq!(bench.count(&format!("{SAID} IS NULL")), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_replied_to_twenty_times() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let request = loan_request(50_000_000);
    one(&phone, &bench, &request).await;
    for number in 0..=MAX_REPLIES {
        ask_more(&bench, &request);
        let answer = one(&phone, &bench, &reply_to(&request, Backing::default())).await;
        assert_eq!(refused_in_words(&answer), number == MAX_REPLIES, "{number}");
    }
    assert_eq!(listed(&bench, &request.id).state, RequestState::MoreAsked, "the office may still decide");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_replies_for_another() {
    let bench = Bench::start().await;
    let phone = Phone::enrolled(&bench, FIRST, "A001").await;
    let neighbour = Phone::enrolled(&bench, FIRST, "A002").await;
    let namesake = Phone::enrolled(&bench, OTHER, "A001").await;
    let request = loan_request(50_000_000);
    for phone in [&phone, &namesake] {
        assert_eq!(state(&one(phone, &bench, &request).await), Received);
    }
    ask_more(&bench, &request);
    let reply = reply_to(&request, Backing::default());
    let for_another = Operation { after: None, ..reply.clone() };
    assert!(refused_in_words(&one(&neighbour, &bench, &for_another).await));
    // The same request at the other cooperative is another one.
    assert_eq!(state(&one(&namesake, &bench, &reply).await), Received);
    let here = listed(&bench, &request.id);
    assert_eq!((here.state, here.replies.len()), (RequestState::MoreAsked, 0));
    assert_eq!(bench.count("SELECT count(*) FROM loan_reply"), 1);
    assert_eq!(state(&one(&phone, &bench, &reply).await), Received);
    // An id copied from a reply would name documents in its place.
    let copied = loan_request(50_000_000);
    let copied = Operation { id: reply.id, subject: reply.id, ..copied };
    assert_eq!(one(&Phone::enrolled(&bench, FIRST, "A005").await, &bench, &copied).await, Answer::Conflict(reply.id));
}
