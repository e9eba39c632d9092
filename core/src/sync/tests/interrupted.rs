//! Pulls that break off anywhere.

use proptest::prelude::*;

use super::*;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Cut anywhere, any number of times, with entries posted in between: the phone ends with the server's books, and
    /// never fetches an entry that it holds.
    #[test]
    fn interrupted_pulls_end_in_the_same_books(
        counts in proptest::collection::vec(0_u32..200, 1..4),
        page in 5_usize..60,
        rounds in proptest::collection::vec((0_usize..30, 0_u32..90), 0..8),
    ) {
        let mut server = Server::new(&counts, page);
        let mut phone = Phone::default();
        for (cut, posted) in rounds {
            let held = phone.entries.clone();
            let faultless = phone.pull(&server, |frames| {
                for frame in frames.iter() {
                    let Frame::Page(Page { key, entries: Entries::Savings(entries), .. }) = frame else { continue };
                    assert!(entries.iter().all(|e| !held.contains_key(&(key.clone(), e.seq()))), "fetched again");
                }
                frames.truncate(cut);
            });
            prop_assert!(faultless.is_ok());
            prop_assert!(phone.refused.is_empty());
            if posted > 0 {
                server.post(posted % counts.len() as u32, posted);
                server.seal();
            }
        }
        prop_assert_eq!(phone.pull(&server, honest), Ok(true));
        prop_assert!(phone.agrees_with(&server));
    }
}
