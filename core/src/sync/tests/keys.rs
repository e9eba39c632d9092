//! A new checkpoint key: believed by the word of the one before, and by nothing else.

use super::*;
use crate::protocol::checkpoint::StatementFault;
use crate::protocol::succession::Succession;

/// The keys of a cooperative that changed its key twice: numbers 3, 4 and 5.
struct Office {
    server: Server,
    keys: [SoftwareSigner; 3],
}

impl Office {
    fn new() -> Self {
        Self { server: Server::new(&[7], 40), keys: [signer(), signer(), signer()] }
    }

    fn public(&self, kid: u8) -> PublicKey {
        *self.signer(kid).public_key()
    }

    fn signer(&self, kid: u8) -> &SoftwareSigner {
        &self.keys[usize::from(kid) - 3]
    }

    /// The key before hands over to number `kid`.
    fn succession(&self, kid: u8) -> Frame {
        self.signed(&self.statement(kid), kid - 1)
    }

    fn statement(&self, kid: u8) -> Succession {
        Succession { cooperative: cooperative(), kid, key: self.public(kid), at: now() }
    }

    fn signed(&self, succession: &Succession, by: u8) -> Frame {
        Frame::Succession(succession.sign(by, self.signer(by)).unwrap())
    }

    /// Checkpoint, heads and freshness, signed by number `kid`.
    fn opening(&self, kid: u8) -> Vec<Frame> {
        let leaves: Vec<_> = self.server.heads().iter().map(head::encode).collect();
        let checkpoint = Checkpoint {
            cooperative: cooperative(),
            member: MemberNo::new("A1").unwrap(),
            epoch: 1,
            generation: 1,
            issued_at: now(),
            root: merkle::root(&leaves),
            prev: [0; 32],
            reset: None,
        };
        let signed = checkpoint.sign(kid, self.signer(kid)).unwrap();
        let freshness = Freshness { checkpoint: sha256(&signed), at: now(), nonce: NONCE };
        let freshness = freshness.sign(kid, self.signer(kid)).unwrap();
        vec![Frame::Checkpoint(signed), Frame::Heads(leaves), Frame::Freshness(freshness)]
    }

    /// A phone that pinned that key takes an answer.
    fn answer(&self, pinned: u8, frames: Vec<Frame>) -> Result<Box<Ready>, Fault> {
        self.answer_to(pinned, frames, Pull::pinning)
    }

    fn answer_to(
        &self,
        pinned: u8,
        frames: Vec<Frame>,
        phone: fn(Pull<KeyOf>) -> Pull<KeyOf>,
    ) -> Result<Box<Ready>, Fault> {
        let key = self.public(pinned);
        let key_of: KeyOf = Box::new(move |kid, _| (kid == pinned).then_some(key));
        let mut pull = phone(Pull::new(Phone::default().held(), NONCE, now(), Vec::new(), key_of));
        let mut ready = None;
        for frame in frames {
            ready = pull.frame(frame)?.into_iter().find_map(|step| match step {
                Step::Ready(ready) => Some(ready),
                _ => None,
            });
        }
        Ok(ready.unwrap())
    }
}

type KeyOf = Box<dyn Fn(u8, Timestamp) -> Option<PublicKey>>;

#[test]
fn a_pinned_key_hands_over_to_the_next_and_that_one_to_the_one_after() {
    let office = Office::new();
    let frames = [vec![office.succession(4), office.succession(5)], office.opening(5)].concat();
    let ready = office.answer(3, frames.clone()).unwrap();
    assert_eq!(ready.successors, [(4, office.public(4)), (5, office.public(5))]);
    assert_eq!(ready.kid, Some(5));
    // To who pinned a later key the earlier statements say nothing.
    let ready = office.answer(4, frames.clone()).unwrap();
    assert_eq!(ready.successors, [(5, office.public(5))]);
    assert_eq!(office.answer(5, frames).unwrap().successors, []);
    // A phone without a change hears of none.
    assert_eq!(office.answer(3, office.opening(3)).unwrap().successors, []);
}

#[test]
fn nothing_but_the_statement_of_a_believed_key_makes_another_believed() {
    let office = Office::new();
    let unknown = || Fault::Statement(StatementFault::UnknownKey);
    let fault = |frames: Vec<Frame>| office.answer(3, [frames, office.opening(4)].concat()).unwrap_err();
    assert_eq!(fault(vec![]), unknown(), "no statement");
    assert_eq!(fault(vec![office.signed(&office.statement(4), 5)]), unknown(), "by a key that nobody believes");
    let forged = Frame::Succession(office.statement(4).sign(3, office.signer(5)).unwrap());
    assert!(matches!(fault(vec![forged]), Fault::Statement(StatementFault::Cose(_))), "in the name of the pinned key");
    let Frame::Succession(mut bytes) = office.succession(4) else { panic!() };
    *bytes.last_mut().unwrap() ^= 1;
    assert!(matches!(fault(vec![Frame::Succession(bytes)]), Fault::Statement(StatementFault::Cose(_))), "one bit");
    let elsewhere = Succession { cooperative: CooperativeId::new("lain").unwrap(), ..office.statement(4) };
    assert_eq!(fault(vec![office.signed(&elsewhere, 3)]), Fault::Disorder, "of another cooperative");
    let lower = Succession { kid: 3, ..office.statement(4) };
    assert!(matches!(fault(vec![office.signed(&lower, 3)]), Fault::Statement(StatementFault::Wire(_))), "no higher");
    let rival = Succession { key: office.public(5), ..office.statement(4) };
    let two = vec![office.succession(4), office.signed(&rival, 3)];
    assert_eq!(fault(two), Fault::Disorder, "two keys of one number");
    let late = [office.opening(3), vec![office.succession(4)]].concat();
    assert_eq!(office.answer(3, late).unwrap_err(), Fault::Disorder, "behind the checkpoint");
    let again = vec![office.succession(4); 16];
    assert!(office.answer(3, [again, office.opening(4)].concat()).is_ok(), "the same again says nothing new");
    assert_eq!(fault(vec![office.succession(4); 17]), Fault::Disorder, "a flood of them");
    // Under a trust list only the list names keys.
    let listed = [vec![office.succession(4)], office.opening(4)].concat();
    assert_eq!(office.answer_to(3, listed, |pull| pull).unwrap_err(), unknown());
}
