//! Servers that go back, or tell another story than before.

use super::*;

#[test]
fn a_server_that_goes_back_or_shows_another_history_is_caught() {
    let mut server = Server::new(&[60], 30);
    let (first, first_accounts) = (server.signed.clone(), server.accounts.clone());
    server.post(0, 5);
    server.seal();
    let mut phone = Phone::default();
    phone.pull(&server, honest).unwrap();
    let (second, second_accounts) = (server.signed.clone(), server.accounts.clone());

    // An earlier generation.
    (server.generation, server.signed, server.accounts) = (1, first, first_accounts.clone());
    let bytes = server.signed.clone();
    assert_eq!(phone.pull(&server, honest), Err(Fault::Rollback(bytes)));
    // Other bytes for the same generation.
    server.generation = 2;
    server.signed = server.checkpoint([0; 32]);
    assert!(matches!(phone.pull(&server, honest), Err(Fault::Fork(_))));
    // A next generation that does not follow the one held.
    (server.accounts, server.generation) = (second_accounts.clone(), 3);
    server.signed = server.checkpoint([9; 32]);
    assert!(matches!(phone.pull(&server, honest), Err(Fault::Fork(_))));
    // One that does, but whose books forgot what was shown.
    server.accounts = first_accounts;
    server.signed = server.checkpoint(sha256(&second));
    assert_eq!(phone.pull(&server, honest), Ok(false));
    assert_eq!(phone.refused, [(key(0), PageFault::PastChanged)]);
    assert_eq!(phone.entries.len(), 65, "what was shown is kept");
    // And a past that was rewritten, with more after it.
    server.forget_after(0, 50);
    server.post_otherwise(0);
    server.post(0, 40);
    server.seal();
    assert_eq!(phone.pull(&server, honest), Ok(false));
    assert_eq!(phone.refused, [(key(0), PageFault::PastChanged)]);
    assert_eq!(phone.entries.len(), 65);
}

/// Anybody on the way can give a signature its other form; what the cooperative said is the same.
#[test]
fn the_other_form_of_a_signature_is_no_other_history() {
    let mut server = Server::new(&[60], 30);
    let mut phone = Phone::default();
    phone.pull(&server, honest).unwrap();
    let (honest_bytes, other) = (server.signed.clone(), malleate(&server.signed));
    // Put in on the way, under the freshness of the server's own bytes: not believed, and no evidence against the server.
    let meddled = phone.pull(&server, |frames| frames[0] = Frame::Checkpoint(other.clone()));
    assert_eq!(meddled, Err(Fault::Disorder));
    // By the server itself it is the same checkpoint.
    server.signed = other;
    assert_eq!(phone.pull(&server, honest), Ok(true));
    // Another content is another history, whatever its signature.
    server.signed = server.checkpoint([9; 32]);
    assert!(matches!(phone.pull(&server, honest), Err(Fault::Fork(_))));
    assert_ne!(server.signed, honest_bytes);
}

#[test]
fn a_head_that_was_signed_once_must_stay_in_the_chain() {
    let mut server = Server::new(&[200], 30);
    let mut phone = Phone::default();
    // Only the heads arrive.
    phone.pull(&server, |frames| frames.truncate(3)).unwrap();
    server.forget_after(0, 150);
    server.seal();
    phone.pull(&server, honest).unwrap();
    assert_eq!(phone.refused, [(key(0), PageFault::PastChanged)]);
}

/// A server that cuts every answer short after its heads, and another story with the last one.
#[test]
fn no_number_of_answers_that_break_off_makes_a_signed_head_forgotten() {
    let mut server = Server::new(&[200], 30);
    let mut phone = Phone::default();
    phone.pull(&server, |frames| frames.truncate(3)).unwrap();
    // The head that was signed before is not in these books; nothing of them has come yet.
    server.forget_after(0, 150);
    server.post_otherwise(0);
    server.post(0, 60);
    for _ in 0..3 {
        server.post(0, 1);
        server.seal();
        phone.pull(&server, |frames| frames.truncate(3)).unwrap();
        assert_eq!(phone.refused, []);
    }
    assert_eq!(phone.pull(&server, honest), Ok(false));
    assert_eq!(phone.refused, [(key(0), PageFault::PastChanged)]);
    assert!(phone.entries.is_empty());
}
