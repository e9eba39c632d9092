use super::*;
use crate::domain::{LoanRequest, Money, ProductCode, Purpose};
use crate::protocol::problem::URN;
use crate::store::{Store, StoreKey};

fn id(number: u8) -> OperationId {
    OperationId::new(1_790_000_000_000, [number; 10])
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds).unwrap()
}

fn request(number: u8) -> Operation {
    let product = ProductCode::new("PF").unwrap();
    let purpose = Purpose::new("Pupuk").unwrap();
    let asked = LoanRequest::new(product, 1, Money::from_sen(100).unwrap(), 10, purpose).unwrap();
    Operation { id: id(number), subject: id(number), after: None, command: Command::RequestLoan(asked) }
}

fn cancel(number: u8, of: u8) -> Operation {
    Operation { id: id(number), subject: id(of), after: Some(id(of)), command: Command::CancelRequest(id(of)) }
}

struct Phone {
    store: Store,
    _folder: tempfile::TempDir,
}

impl Phone {
    fn with(operations: &[Operation]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key: StoreKey = zeroize::Zeroizing::new([1; 32]);
        let store = Store::create(&folder.path().join("store.db"), &key).unwrap();
        store.write(|tx| operations.iter().try_for_each(|operation| add(tx, operation, b"signed", at(0)))).unwrap();
        Self { store, _folder: folder }
    }

    fn take(&self, due: i64, sent: &[u8]) -> Vec<OperationId> {
        let sent = sent.iter().map(|number| id(*number)).collect();
        let taken = self.store.write(|tx| take_due(tx, at(due), &sent, 100, |_| at(0))).unwrap();
        taken.iter().map(|command| command.operation.id).collect()
    }

    fn retry_at(&self, number: u8, seconds: i64) {
        self.store.write(|tx| retry_at(tx, &id(number), at(seconds), None)).unwrap();
    }

    fn state(&self, number: u8) -> RequestState {
        self.store.read(|db| find(db, &id(number))).unwrap().unwrap().state
    }

    fn due(&self) -> Option<i64> {
        self.store.read(next_due).unwrap().map(Timestamp::seconds)
    }

    fn answer(&self, number: u8, answer: &Answer) {
        let sent = self.store.read(|db| find(db, &id(number))).unwrap().unwrap();
        self.store.write(|tx| answered(tx, &sent, answer, at(50))).unwrap();
    }
}

#[test]
fn a_subject_keeps_its_order_and_keeps_no_other_waiting() {
    let phone = Phone::with(&[request(1), cancel(2, 1), request(3)]);
    assert_eq!(phone.take(0, &[]), [id(1), id(2), id(3)]);
    // The request waits for its next try: so does its cancel, whose own time would be now.
    phone.retry_at(1, 40);
    phone.retry_at(3, 10);
    assert_eq!(phone.due(), Some(10), "not the cancel's, which cannot go");
    assert_eq!(phone.take(10, &[]), [id(3)]);
    assert_eq!(phone.take(40, &[3]), [id(1), id(2)]);
    assert_eq!(phone.take(40, &[1, 2, 3]), []);
}

#[test]
fn what_failed_again_and_again_is_sent_apart_from_the_others() {
    let phone = Phone::with(&[request(1), request(2)]);
    for _ in 0..ALONE_AFTER {
        phone.take(0, &[2]);
    }
    phone.store.write(|tx| add(tx, &cancel(3, 1), b"signed", at(0))).unwrap();
    assert_eq!(phone.take(0, &[]), [id(1), id(3)], "the first, with nothing but its own subject");
    assert_eq!(phone.take(0, &[1, 3]), [id(2)]);
}

#[test]
fn what_is_stuck_stays_until_the_member_says_again() {
    let phone = Phone::with(&[request(1)]);
    phone.take(0, &[]);
    phone.answer(1, &Answer::Conflict(id(1)));
    assert_eq!((phone.state(1), phone.due()), (RequestState::Stuck, None));
    assert_eq!(phone.take(1_000, &[]), []);
    assert!(phone.store.write(|tx| retry_now(tx, &id(1))).unwrap());
    assert_eq!((phone.state(1), phone.due()), (RequestState::Sending, Some(0)));
    assert_eq!(phone.take(0, &[]), [id(1)]);
}

/// The sentence of a reason may be put better one day, also of a rule of the server's; what an officer wrote is never taken
/// for a code.
#[test]
fn the_devices_own_reasons_are_kept_by_name_and_an_officers_as_written() {
    let phone = Phone::with(&[request(1), request(2), request(3), request(4)]);
    phone.take(0, &[]);
    phone.answer(1, &Answer::Conflict(id(1)));
    phone.store.write(|tx| retry_at(tx, &id(2), at(9), Some(Code::UpdateRequired))).unwrap();
    for (number, reason) in [(3, "internal"), (4, "Dulu begini. (urn:anggota:rule:too-many-open)")] {
        let reason = Some(crate::domain::Reason::new(reason).unwrap());
        let (operation, body_hash) = (id(number), request(number).body_hash());
        let rejected =
            OperationResult { number: 1, operation, body_hash, state: RequestState::Rejected, reason, at: at(1) };
        phone.answer(number, &Answer::Result(rejected));
    }
    let read: Vec<_> = phone.store.read(requests).unwrap().into_iter().map(|request| request.reason).collect();
    let rule = rule::ServerRule::TooManyOpen.sentence();
    let said = [Code::OperationConflict.advice(), Code::UpdateRequired.advice(), "internal", rule];
    assert_eq!(read, said.map(|said| Some(said.to_owned())));
    let kept = |number| {
        let reason = "SELECT reason FROM outbox WHERE operation = ?1";
        phone
            .store
            .read(|db| Ok(db.query_row(reason, [id(number).as_bytes()], |row| row.get::<_, String>(0))?))
            .unwrap()
    };
    assert_eq!([1, 2].map(kept), ["operation-conflict", "update-required"].map(|code| format!("{URN}{code}")));
}

#[test]
fn a_wish_to_cancel_behind_a_stuck_request_is_fulfilled() {
    let phone = Phone::with(&[request(1), cancel(2, 1)]);
    phone.take(0, &[]);
    phone.answer(1, &Answer::Invalid(0));
    assert_eq!((phone.state(1), phone.state(2)), (RequestState::Cancelled, RequestState::Cancelled));
    phone.answer(2, &Answer::Waiting(id(2)));
    assert_eq!((phone.state(2), phone.due()), (RequestState::Cancelled, None), "nothing waits for ever");
}

#[test]
fn what_a_later_command_waits_for_is_sent_again() {
    let phone = Phone::with(&[request(1), cancel(2, 1)]);
    phone.take(0, &[]);
    let (operation, body_hash) = (id(1), request(1).body_hash());
    let result =
        OperationResult { number: 1, operation, body_hash, state: RequestState::Received, reason: None, at: at(1) };
    phone.answer(1, &Answer::Result(result));
    assert_eq!(phone.state(1), RequestState::Received);
    phone.answer(2, &Answer::Waiting(id(2)));
    assert_eq!((phone.state(1), phone.due()), (RequestState::Sending, Some(0)));
    assert_eq!(phone.take(50, &[]), [id(1), id(2)]);
}

#[test]
fn a_time_that_a_wrong_clock_gave_is_no_time_to_wait_for() {
    let phone = Phone::with(&[request(1), request(2)]);
    phone.take(0, &[]);
    phone.retry_at(1, 5_000_000);
    phone.retry_at(2, 90);
    let latest = at(100);
    assert!(phone.store.read(|db| waits_beyond(db, latest)).unwrap());
    phone.store.write(|tx| wait_no_longer_than(tx, latest)).unwrap();
    assert!(!phone.store.read(|db| waits_beyond(db, latest)).unwrap());
    assert_eq!(phone.take(80, &[]), [id(1)], "and the other keeps its time");
}

#[test]
fn what_was_taken_back_here_alone_stays_taken_back_in_a_new_epoch() {
    let phone = Phone::with(&[request(1), request(2)]);
    phone.take(0, &[]);
    // The first is stuck and taken back by the member; the second the office has cancelled.
    phone.answer(1, &Answer::Conflict(id(1)));
    assert!(phone.store.write(|tx| cancel_unsent(tx, &id(1))).unwrap());
    let (operation, body_hash) = (id(2), request(2).body_hash());
    let result =
        OperationResult { number: 1, operation, body_hash, state: RequestState::Cancelled, reason: None, at: at(1) };
    phone.answer(2, &Answer::Result(result));
    phone.store.write(begin_epoch).unwrap();
    assert_eq!((phone.state(1), phone.state(2)), (RequestState::Cancelled, RequestState::Sending));
    assert_eq!(phone.take(0, &[]), [id(2)], "what never reached the office does not reach it now");
}

#[test]
fn a_subject_that_failed_is_apart_as_a_whole() {
    let phone = Phone::with(&[request(1), request(2)]);
    for _ in 0..ALONE_AFTER {
        phone.take(0, &[1]);
    }
    phone.store.write(|tx| add(tx, &cancel(3, 2), b"signed", at(0))).unwrap();
    assert_eq!(phone.take(0, &[]), [id(1)], "its cancel does not go before it");
    assert_eq!(phone.take(0, &[1]), [id(2), id(3)]);
}

#[test]
fn what_stands_after_a_command_that_is_gone_is_the_members_to_decide() {
    let phone = Phone::with(&[request(1), cancel(2, 1)]);
    phone.take(0, &[]);
    phone.store.write(|tx| Ok(tx.execute("DELETE FROM outbox WHERE operation = ?1", [id(1).as_bytes()])?)).unwrap();
    phone.answer(2, &Answer::Waiting(id(2)));
    assert_eq!((phone.state(2), phone.due()), (RequestState::Stuck, None), "it would wait for ever");
}

impl Phone {
    /// The office's word number `number`.
    fn result(&self, operation: &Operation, number: u64, state: RequestState) -> OperationResult {
        let (operation, body_hash) = (operation.id, operation.body_hash());
        let result = OperationResult { number, operation, body_hash, state, reason: None, at: at(1) };
        self.store.write(|tx| take_results(tx, std::slice::from_ref(&result))).unwrap();
        result
    }
}

/// A new store or device hears of every command again, the request with its newest word before the reply with its own.
#[test]
fn the_old_word_of_a_reply_does_not_take_back_a_later_question() {
    use RequestState::{MoreAsked, Received};
    let asked = request(1);
    let (text, backing) = (crate::domain::ReplyText::new("Ini fotonya").unwrap(), crate::domain::Backing::default());
    let command = Command::Reply(crate::domain::Reply { request: id(1), text, backing });
    let reply = Operation { id: id(2), subject: id(1), after: Some(id(1)), command };
    let phone = Phone::with(&[asked.clone(), reply.clone()]);
    phone.take(0, &[]);
    let of_reply = phone.result(&reply, 2, Received);
    let of_request = phone.result(&asked, 4, MoreAsked);
    phone.store.write(send_all_again).unwrap();
    phone.take(0, &[]);
    phone.answer(1, &Answer::Result(of_request));
    phone.answer(2, &Answer::Result(of_reply));
    assert_eq!((phone.state(1), phone.state(2)), (MoreAsked, Received));
}

#[test]
fn within_an_epoch_no_answer_is_unsaid() {
    use RequestState::{Accepted, Approved, Cancelled, Disbursed, InReview, Received, Rejected};
    for (said, later, stands) in [
        (InReview, Received, Received),
        (Approved, Rejected, Approved),
        (Approved, Received, Approved),
        (Approved, Disbursed, Disbursed),
        (Accepted, Approved, Accepted),
        (Rejected, Received, Rejected),
        (Cancelled, Approved, Cancelled),
        (Disbursed, Received, Disbursed),
    ] {
        let phone = Phone::with(&[request(1)]);
        phone.take(0, &[]);
        phone.result(&request(1), 1, said);
        phone.result(&request(1), 2, later);
        assert_eq!(phone.state(1), stands, "{said:?}, then {later:?}");
    }
}

/// The office would have what is over before it as a new request, and might pay a second time.
#[test]
fn what_was_refused_or_paid_out_is_not_asked_for_again_in_a_new_epoch() {
    use RequestState::{Approved, Disbursed, Received, Rejected, Sending};
    let phone = Phone::with(&[request(1), request(2), request(3)]);
    phone.take(0, &[]);
    for (number, state) in [(1, Rejected), (2, Disbursed), (3, Approved)] {
        phone.result(&request(number), u64::from(number), state);
    }
    phone.store.write(begin_epoch).unwrap();
    assert_eq!([1, 2, 3].map(|number| phone.state(number)), [Rejected, Disbursed, Sending]);
    assert_eq!(phone.take(0, &[]), [id(3)]);
    // The backup may have been made before: then the office says how it stands there.
    phone.result(&request(2), 1, Received);
    assert_eq!(phone.state(2), Received);
}

#[test]
fn what_no_answer_settles_waits_before_it_is_sent_again() {
    let phone = Phone::with(&[request(1)]);
    let wait = |attempts: u32| at(100 + i64::from(attempts));
    phone.store.write(|tx| take_due(tx, at(0), &HashSet::new(), 100, wait)).unwrap();
    let sent = phone.store.read(|db| find(db, &id(1))).unwrap().unwrap();
    // A word that was superseded long ago.
    phone.store.write(|tx| Ok(tx.execute("UPDATE outbox SET result_number = 7", [])?)).unwrap();
    let old = OperationResult {
        number: 1,
        operation: id(1),
        body_hash: request(1).body_hash(),
        state: RequestState::Received,
        reason: None,
        at: at(1),
    };
    phone.store.write(|tx| answered(tx, &sent, &Answer::Result(old), at(50))).unwrap();
    assert_eq!((phone.state(1), phone.due()), (RequestState::Sending, Some(100)));
    phone.store.write(|tx| take_due(tx, at(100), &HashSet::new(), 100, wait)).unwrap();
    assert_eq!(phone.due(), Some(101));
}
