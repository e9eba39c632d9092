use super::*;
use crate::domain::{
    Backing, Draft, DraftOf, LoanRequest, Money, ProductCode, Purpose, Reply, ReplyText, RequestState,
};
use crate::protocol::operation::{Answer, Command, Operation, OperationResult};
use crate::store::{Store, StoreKey, draft, outbox, salvage};

fn id(number: u8) -> OperationId {
    OperationId::new(1_790_000_000_000, [number; 10])
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds).unwrap()
}

fn key() -> StoreKey {
    zeroize::Zeroizing::new([1; 32])
}

/// A photograph of two whole parts and a bit.
fn photograph() -> (Attachment, Vec<u8>) {
    let mut bytes: Vec<u8> = (0..2 * MAX_PART_BYTES as u32 + 10).map(|place| place as u8).collect();
    bytes[..3].copy_from_slice(&[0xff, 0xd8, 0xff]);
    (Attachment::new(sha256(&bytes), bytes.len() as u32, MediaType::Jpeg).unwrap(), bytes)
}

fn request(number: u8, attachments: Vec<Attachment>) -> Operation {
    let (product, purpose) = (ProductCode::new("PF").unwrap(), Purpose::new("Pupuk").unwrap());
    let asked = LoanRequest::new(product, 1, Money::from_sen(100).unwrap(), 10, purpose).unwrap();
    let asked = asked.with_backing(Backing::new(None, Vec::new(), None, attachments).unwrap());
    Operation { id: id(number), subject: id(number), after: None, command: Command::RequestLoan(asked) }
}

fn reply(number: u8, to: u8, attachments: Vec<Attachment>) -> Operation {
    let backing = Backing::new(None, Vec::new(), None, attachments).unwrap();
    let reply = Reply { request: id(to), text: ReplyText::new("Ini fotonya").unwrap(), backing };
    Operation { id: id(number), subject: id(to), after: Some(id(to)), command: Command::Reply(reply) }
}

struct Phone {
    store: Store,
    folder: tempfile::TempDir,
}

impl Phone {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(&folder.path().join("store.db"), &key()).unwrap();
        Self { store, folder }
    }

    /// A command in the outbox with the photograph.
    fn command(&self, operation: &Operation) {
        let (what, bytes) = photograph();
        self.store
            .write(|tx| {
                outbox::add(tx, operation, b"signed", at(0))?;
                add(tx, &operation.id, &what, &bytes)
            })
            .unwrap();
    }

    /// The office's result number `number` for an operation.
    fn result(&self, operation: &Operation, number: u64, state: RequestState) {
        let result = OperationResult {
            number,
            operation: operation.id,
            body_hash: operation.body_hash(),
            state,
            reason: None,
            at: at(1),
        };
        self.store.write(|tx| outbox::take_results(tx, &[result])).unwrap();
    }

    fn due(&self, by: i64) -> Vec<Upload> {
        self.store.read(|db| due(db, at(by))).unwrap()
    }

    fn parts(&self) -> usize {
        self.store.read(|db| Ok(db.query_row("SELECT count(*) FROM attachment_part", [], |row| row.get(0))?)).unwrap()
    }

    fn of(&self, number: u8) -> Vec<StoredAttachment> {
        self.store.read(|db| of(db, &id(number))).unwrap()
    }
}

#[test]
fn a_document_is_due_while_the_office_has_its_request_and_has_not_decided() {
    use RequestState::{Approved, InReview, MoreAsked, Received};
    let (phone, asked) = (Phone::new(), request(1, vec![photograph().0]));
    phone.command(&asked);
    assert_eq!(phone.due(9), [], "the request itself was not sent yet");
    for (number, state) in (1..).zip([Received, InReview, MoreAsked]) {
        phone.result(&asked, number, state);
        assert_eq!(phone.due(9).len(), 1, "{state:?}");
    }
    let answered = reply(2, 1, vec![photograph().0]);
    phone.command(&answered);
    assert_eq!(phone.due(9).len(), 1, "the reply was not sent yet");
    phone.result(&answered, 4, Received);
    assert_eq!(phone.due(9).iter().map(|upload| upload.operation).collect::<Vec<_>>(), [id(1), id(2)]);
    phone.result(&asked, 5, Approved);
    assert_eq!((phone.due(9), phone.parts()), (Vec::new(), 0), "decided: the bytes are let go");
    assert_eq!(phone.of(1).len(), 1, "what was attached is still told");
}

#[test]
fn a_document_is_read_in_parts_that_make_it_up() {
    let phone = Phone::new();
    phone.command(&request(1, vec![photograph().0]));
    let (what, bytes) = photograph();
    let part_from = |sent: usize, most: usize| {
        let upload = Upload { operation: id(1), attachment: what, sent: sent as u32, attempts: 0 };
        phone.store.read(|db| part(db, &upload, most)).unwrap()
    };
    for most in [MAX_PART_BYTES, 4_096] {
        let mut read = Vec::new();
        while read.len() < bytes.len() {
            let part = part_from(read.len(), most);
            assert_eq!(part.len(), most.min(bytes.len() - read.len()));
            read.extend(part);
        }
        assert_eq!(read, bytes);
    }
    // A server may hold any number of bytes: a part reaches over two rows.
    assert_eq!(part_from(65_000, 65_536), bytes[65_000..130_536]);
    assert_eq!(part_from(bytes.len(), 65_536), [0; 0]);
}

#[test]
fn what_fails_waits_what_is_refused_is_told_and_an_epoch_begins_anew() {
    let (phone, asked) = (Phone::new(), request(1, vec![photograph().0]));
    phone.command(&asked);
    phone.result(&asked, 1, RequestState::Received);
    let first = phone.due(9).remove(0);
    phone.store.write(|tx| arrived(tx, &first, 65_536, false)).unwrap();
    let second = phone.due(9).remove(0);
    phone.store.write(|tx| retry_at(tx, &second, at(50), Some(Code::DeviceRevoked))).unwrap();
    assert_eq!(phone.due(49), []);
    assert_eq!((phone.due(50)[0].sent, phone.due(50)[0].attempts), (65_536, 1));
    assert_eq!(phone.store.read(next_due).unwrap(), Some(at(50)));
    // A late answer to what was sent from elsewhere says nothing.
    phone.store.write(|tx| arrived(tx, &first, photograph().0.size(), true)).unwrap();
    assert_eq!(phone.due(50)[0].sent, 65_536);
    phone.store.write(|tx| refused(tx, &second, Code::AttachmentRefused)).unwrap();
    let told = phone.of(1)[0].clone();
    assert!(told.is_refused && told.reason == Some(Code::AttachmentRefused));
    assert_eq!(phone.store.read(next_due).unwrap(), None);
    assert!(phone.store.write(|tx| retry_now(tx, &id(1))).unwrap());
    assert_eq!(phone.due(0).len(), 1);
    phone.store.write(|tx| arrived(tx, &second, photograph().0.size(), true)).unwrap();
    assert!(phone.of(1)[0].is_whole && phone.due(99).is_empty());
    assert!(!phone.store.write(|tx| retry_now(tx, &id(1))).unwrap(), "the office has it");
    // A restored server may have lost it.
    phone.store.write(|tx| Ok(tx.execute("UPDATE outbox SET attempts = 1", [])?)).unwrap();
    phone.store.write(outbox::begin_epoch).unwrap();
    assert_eq!(phone.due(99), [], "the request goes first");
    phone.result(&asked, 1, RequestState::Received);
    assert_eq!((phone.due(0)[0].sent, phone.due(0)[0].attempts), (0, 1), "asked first what the office holds");
    // Nothing goes while the server wants to be left alone, or after the member took the request back.
    phone.store.write(|tx| none_before(tx, at(70))).unwrap();
    assert_eq!((phone.due(69).len(), phone.due(70).len()), (0, 1));
    let cancel = Operation { id: id(9), subject: id(1), after: Some(id(1)), command: Command::CancelRequest(id(1)) };
    phone.store.write(|tx| outbox::add(tx, &cancel, b"signed", at(0))).unwrap();
    assert_eq!(phone.due(99), []);
}

/// A server that says it holds less and then the same again would have the phone send for ever.
#[test]
fn what_the_office_held_before_is_no_progress() {
    let (phone, asked) = (Phone::new(), request(1, vec![photograph().0]));
    phone.command(&asked);
    phone.result(&asked, 1, RequestState::Received);
    let sent = |held| {
        let upload = phone.due(i64::from(u32::MAX)).remove(0);
        phone.store.write(|tx| retry_at(tx, &upload, at(0), None)).unwrap();
        phone.store.write(|tx| arrived(tx, &upload, held, false)).unwrap();
        phone.due(0).remove(0)
    };
    assert_eq!(sent(65_536).attempts, 0);
    let upload = phone.due(0).remove(0);
    phone.store.write(|tx| stands_at(tx, &upload, 0)).unwrap();
    let again = sent(65_536);
    assert_eq!((again.sent, again.attempts), (65_536, 1), "it counts as a failure");
    assert_eq!(sent(65_537).attempts, 0);
}

#[test]
fn what_was_let_go_of_is_asked_for_when_its_request_is_open_again() {
    use RequestState::{Approved, InReview, Received};
    let (phone, asked) = (Phone::new(), request(1, vec![photograph().0]));
    phone.command(&asked);
    phone.store.write(|tx| Ok(tx.execute("UPDATE outbox SET attempts = 1", [])?)).unwrap();
    phone.result(&asked, 1, Received);
    let sent = phone.due(9).remove(0);
    phone.store.write(|tx| arrived(tx, &sent, photograph().0.size(), true)).unwrap();
    phone.result(&asked, 2, InReview);
    assert_eq!(phone.due(9), [], "what is whole and still kept is not asked for");
    phone.result(&asked, 3, Approved);
    phone.store.write(outbox::begin_epoch).unwrap();
    assert!(phone.of(1)[0].is_whole, "nothing else is known yet");
    phone.result(&asked, 1, Received);
    let asked_for = phone.due(0).remove(0);
    assert_eq!((asked_for.sent, asked_for.attempts, phone.of(1)[0].is_whole), (0, 1, false));
    phone.store.write(|tx| arrived(tx, &asked_for, photograph().0.size(), true)).unwrap();
    assert!(phone.of(1)[0].is_whole, "the backup had it");
}

#[test]
fn a_request_that_is_stuck_or_conflicts_lets_nothing_go() {
    let (phone, asked) = (Phone::new(), request(1, vec![photograph().0]));
    phone.command(&asked);
    let sent = phone.store.read(|db| outbox::find(db, &id(1))).unwrap().unwrap();
    phone.store.write(|tx| outbox::answered(tx, &sent, &Answer::Invalid(0), at(9))).unwrap();
    assert_eq!(phone.parts(), 3, "the member may send it again");
    assert!(phone.store.write(|tx| outbox::cancel_unsent(tx, &id(1))).unwrap());
    assert_eq!(phone.parts(), 0, "taken back: the bytes are let go");
}

#[test]
fn a_draft_goes_with_its_documents_and_only_drafts_fill_the_phone() {
    let (phone, (what, bytes)) = (Phone::new(), photograph());
    let of = DraftOf::Request { product: None, principal: None, periods: None, purpose: None };
    let draft = Draft { of, income: None, guarantors: Vec::new(), collateral: None };
    for number in 1..=20 {
        phone.store.write(|tx| draft::save(tx, &id(number), &draft, at(i64::from(number)))).unwrap();
    }
    let more = phone.store.write(|tx| draft::save(tx, &id(21), &draft, at(21)));
    assert_eq!(more.unwrap_err().code(), Code::NotPossible);
    phone.store.write(|tx| draft::save(tx, &id(1), &draft, at(99))).unwrap();
    assert_eq!(phone.store.read(draft::all).unwrap()[0].id, id(1), "the one that was changed last");
    for _ in 0..2 {
        phone.store.write(|tx| add(tx, &id(1), &what, &bytes)).unwrap();
        assert_eq!((phone.of(1).len(), phone.parts()), (1, 3), "twice is once");
    }
    assert!(phone.store.write(|tx| draft::delete(tx, &id(1))).unwrap());
    assert_eq!((phone.of(1).len(), phone.parts()), (0, 0));
    assert!(!phone.store.write(|tx| draft::delete(tx, &id(1))).unwrap());
}

#[test]
fn drafts_and_documents_are_carried_over_from_a_damaged_store_where_they_are_what_they_were() {
    let (old, (what, bytes)) = (Phone::new(), photograph());
    let of = DraftOf::Reply { request_id: id(1), text: None };
    let draft = Draft { of, income: None, guarantors: Vec::new(), collateral: None };
    old.command(&request(1, vec![what]));
    old.command(&request(2, vec![what]));
    old.store
        .write(|tx| {
            draft::save(tx, &id(3), &draft, at(5))?;
            add(tx, &id(3), &what, &bytes)?;
            // One part of the second is another than it was.
            tx.execute("UPDATE attachment_part SET bytes = x'00' WHERE attachment = 2 AND place = 1", [])?;
            Ok(())
        })
        .unwrap();
    let path = old.folder.path().join("store.db");
    let salvaged = salvage::read(&path, &key());
    let new = Phone::new();
    let nothing_lost = new.store.write(|tx| salvage::restore(tx, &salvaged)).unwrap();
    assert!(!nothing_lost, "one document is gone");
    assert_eq!(new.store.read(draft::all).unwrap(), old.store.read(draft::all).unwrap());
    assert_eq!((new.of(1), new.of(3)), (old.of(1), old.of(3)));
    assert_eq!((new.of(2).len(), new.parts()), (1, 6), "what a command named is told, though its bytes are gone");
}
