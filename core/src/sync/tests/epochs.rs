//! New epochs: books that agree go on, books that lost something are fetched beside what was shown, and replace it whole.

use proptest::prelude::*;

use super::*;

/// Pulls until nothing more is superseded; at most as often as a sync does.
fn pull_through(phone: &mut Phone, server: &Server) -> bool {
    let mut complete = false;
    for _ in 0..3 {
        complete = phone.pull(server, honest).unwrap();
        if phone.superseded.is_empty() {
            break;
        }
    }
    complete
}

#[test]
fn a_new_epoch_must_name_the_old_one() {
    let mut server = Server::new(&[80], 30);
    let mut phone = Phone::default();
    phone.pull(&server, honest).unwrap();
    (server.epoch, server.generation) = (2, 1);
    server.signed = server.checkpoint([0; 32]);
    assert!(matches!(phone.pull(&server, honest), Err(Fault::Fork(_))), "no word about the old epoch");
}

#[test]
fn books_that_a_new_epoch_still_contains_go_on_without_being_fetched_again() {
    let mut server = Server::new(&[80, 5], 30);
    let mut phone = Phone::default();
    phone.pull(&server, honest).unwrap();
    server.post(0, 3);
    server.new_epoch();
    let counted = phone.pull(&server, |frames| {
        let pages = frames.iter().filter_map(|f| if let Frame::Page(p) = f { Some(p.entries.len()) } else { None });
        assert_eq!(pages.sum::<usize>(), 3);
    });
    assert_eq!(counted, Ok(true));
    assert!(phone.agrees_with(&server) && phone.superseded.is_empty());
    assert!(phone.accounts.values().all(|account| account.epoch == 2));
}

#[test]
fn books_that_a_new_epoch_lost_stay_shown_until_the_new_ones_are_whole() {
    let mut server = Server::new(&[80, 60], 20);
    let mut phone = Phone::default();
    phone.pull(&server, honest).unwrap();
    let shown = phone.entries.clone();
    server.forget_after(0, 70);
    server.post_otherwise(0);
    server.new_epoch();
    assert_eq!(phone.pull(&server, honest), Ok(false));
    assert_eq!((&phone.superseded, &phone.entries), (&vec![key(0)], &shown));
    assert!(phone.refused.is_empty());
    // The new books come in pieces; nothing of them is shown.
    phone.pull(&server, |frames| frames.truncate(5)).unwrap();
    assert_eq!(phone.entries, shown);
    assert!(!phone.shadows.is_empty());
    assert_eq!(phone.pull(&server, honest), Ok(true));
    assert_eq!(phone.replaced, [key(0)]);
    assert!(phone.agrees_with(&server));
}

#[test]
fn a_past_found_changed_only_where_the_old_entries_begin_is_superseded_too() {
    let mut server = Server::new(&[80], 20);
    let mut phone = Phone::default();
    phone.pull(&server, honest).unwrap();
    // Longer than before, so that the head alone tells nothing.
    server.forget_after(0, 70);
    server.post_otherwise(0);
    server.post(0, 100);
    server.new_epoch();
    // The news of the epoch arrive, and the answer breaks off before the changed place.
    phone.pull(&server, |frames| frames.truncate(4)).unwrap();
    assert!(phone.superseded.is_empty());
    assert_eq!(phone.accounts[&key(0)].epoch, 1, "not all that is held agrees with the new epoch yet");
    assert_eq!(phone.pull(&server, honest), Ok(false));
    assert_eq!(phone.superseded, [key(0)]);
    assert_eq!(phone.pull(&server, honest), Ok(true));
    assert!(phone.agrees_with(&server));
}

#[test]
fn within_an_epoch_a_changed_past_replaces_nothing() {
    let mut server = Server::new(&[80], 20);
    let mut phone = Phone::default();
    phone.pull(&server, honest).unwrap();
    server.new_epoch();
    assert_eq!(phone.pull(&server, honest), Ok(true));
    server.forget_after(0, 70);
    server.seal();
    assert_eq!(phone.pull(&server, honest), Ok(false));
    assert_eq!(phone.refused, [(key(0), PageFault::PastChanged)]);
    assert!(phone.superseded.is_empty());
    assert_eq!(phone.entries.len(), 80);
}

#[test]
fn new_books_that_do_not_verify_replace_nothing() {
    let mut server = Server::new(&[80], 20);
    let mut phone = Phone::default();
    phone.pull(&server, honest).unwrap();
    let shown = phone.entries.clone();
    server.forget_after(0, 70);
    server.new_epoch();
    phone.pull(&server, honest).unwrap();
    let spoil = |frames: &mut Vec<Frame>| {
        let at = page_of(frames, &key(0), 1);
        edit(frames, at, |page, _| page.start[3] ^= 1);
    };
    assert_eq!(phone.pull(&server, spoil), Ok(false));
    assert_eq!((&phone.refused, &phone.entries), (&vec![(key(0), PageFault::Mismatch)], &shown));
    assert!(phone.shadows.is_empty() && phone.replaced.is_empty());
    assert_eq!(phone.pull(&server, honest), Ok(true));
    assert!(phone.agrees_with(&server));
}

#[test]
fn books_that_a_new_epoch_has_no_entry_of_are_replaced_by_none() {
    let mut server = Server::new(&[80], 20);
    let mut phone = Phone::default();
    phone.pull(&server, honest).unwrap();
    server.forget_after(0, 0);
    server.new_epoch();
    assert!(pull_through(&mut phone, &server));
    assert_eq!((phone.replaced.len(), phone.entries.len()), (1, 0));
}

#[test]
fn a_new_epoch_ends_the_rest_of_an_account_that_did_not_verify() {
    let mut server = Server::new(&[80], 20);
    let mut phone = Phone::default();
    phone.pull(&server, honest).unwrap();
    phone.accounts.get_mut(&key(0)).unwrap().standing = Standing::Mismatch(now());
    server.forget_after(0, 70);
    server.new_epoch();
    assert!(pull_through(&mut phone, &server));
    assert!(phone.agrees_with(&server));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever a restore lost and wherever answers break off, before or after the next restore: the phone ends with the
    /// server's books, and shows nothing that is a mixture of two.
    #[test]
    fn interrupted_epochs_end_in_the_same_books(
        count in 1_u32..200,
        page in 5_usize..60,
        lost in proptest::collection::vec((0_u32..100, 0_u32..90, 0_usize..20), 1..4),
    ) {
        let mut server = Server::new(&[count, 30], page);
        let mut phone = Phone::default();
        phone.pull(&server, honest).unwrap();
        for (back, posted, cut) in lost {
            let length = server.accounts[&key(0)].0.len();
            server.forget_after(0, length.saturating_sub(back as usize));
            server.post_otherwise(0);
            server.post(0, posted);
            server.new_epoch();
            for cut in [cut, cut / 2] {
                prop_assert!(phone.pull(&server, |frames| frames.truncate(cut)).is_ok());
                prop_assert!(phone.refused.is_empty(), "an honest server's books were refused");
            }
        }
        prop_assert!(pull_through(&mut phone, &server));
        prop_assert!(phone.agrees_with(&server) && phone.shadows.is_empty());
    }
}
