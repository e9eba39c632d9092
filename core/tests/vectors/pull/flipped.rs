//! One byte changed anywhere in a recorded pull: nothing that was not signed is let through, and nothing is missed in
//! silence. The register and the results are not signed; a changed one changes itself alone.

use anggota::protocol::frame::{Page, Splitter};
use anggota::sync::Step;

use super::NAMES;
use super::phone::Phone;

/// What an answer brought.
#[derive(Default)]
struct Brought {
    /// Checkpoint, heads and time, as they were let through.
    ready: Option<String>,
    pages: Vec<Page>,
    refused: usize,
    fault: bool,
    complete: bool,
}

fn bring(phone: &Phone, place: usize, stream: &[u8]) -> Brought {
    let mut pull = phone.pull(place);
    let (mut brought, mut splitter) = (Brought::default(), Splitter::default());
    splitter.push(stream);
    loop {
        let steps = match splitter.next_frame().map(|frame| frame.map(|frame| pull.frame(frame))) {
            Ok(None) => break,
            Ok(Some(Ok(steps))) => steps,
            Ok(Some(Err(_))) | Err(_) => {
                brought.fault = true;
                break;
            }
        };
        for step in steps {
            match step {
                Step::Ready(ready) => {
                    brought.ready =
                        Some(format!("{:?} {:?} {:?} {:?}", ready.checkpoint, ready.leaves, ready.heads, ready.as_of));
                }
                Step::Entries(page, _) => brought.pages.push(page),
                Step::Refused(_) | Step::Superseded(_) => brought.refused += 1,
                _ => {}
            }
        }
    }
    brought.complete = !brought.fault && pull.is_complete();
    brought
}

/// Of which frame each byte of the stream is.
fn frame_of(frames: &[Vec<u8>], at: usize) -> usize {
    let ends = frames.iter().scan(0, |end, frame| {
        *end += frame.len();
        Some(*end)
    });
    ends.take_while(|end| *end <= at).count()
}

pub(super) fn check(phone: &Phone, place: usize, frames: &[Vec<u8>]) {
    let stream = frames.concat();
    let honest = bring(phone, place, &stream);
    assert!(honest.complete && honest.refused == 0 && honest.ready.is_some());
    for at in 0..stream.len() {
        let mut changed = stream.clone();
        changed[at] ^= 1 << (at % 8);
        let name = NAMES[place][frame_of(frames, at)];
        let brought = bring(phone, place, &changed);
        let what = format!("byte {at} of pull {place}, in the {name} frame");
        if matches!(name, "succession" | "checkpoint" | "heads" | "freshness") {
            assert!(brought.ready.is_none() && brought.pages.is_empty(), "{what}: something was let through");
        }
        assert!(brought.ready.is_none() || brought.ready == honest.ready, "{what}: another head was let through");
        let is_known = |page: &Page| honest.pages.contains(page);
        assert!(brought.pages.iter().all(is_known), "{what}: an entry was let through that nobody signed");
        let is_unsigned = matches!(name, "register" | "results" | "unknown");
        assert!(is_unsigned || !brought.complete, "{what}: nobody noticed");
        assert!(!brought.complete || brought.pages.len() == honest.pages.len(), "{what}: a page went missing");
    }
}
