//! The stream of a pull, taken apart and put together again: for a man in the middle who changes it.

use anggota::domain::AccountKey;
use anggota::protocol::frame::{Frame, Page, Splitter};

use crate::middleman::Reply;

/// The frames of a whole answer.
#[track_caller]
pub fn frames(reply: &Reply) -> Vec<Frame> {
    let mut splitter = Splitter::default();
    splitter.push(&zstd::decode_all(reply.body.as_slice()).unwrap());
    let frames = std::iter::from_fn(|| splitter.next_frame().unwrap()).collect();
    assert!(splitter.is_empty(), "half a frame");
    frames
}

/// Frames as the body of an answer.
pub fn packed(frames: &[Frame]) -> Vec<u8> {
    zstd::encode_all(frames.iter().flat_map(Frame::encode).collect::<Vec<_>>().as_slice(), 1).unwrap()
}

/// The pages of an account, with their places among the frames.
pub fn pages(frames: &[Frame], account: &str) -> Vec<(usize, Page)> {
    let of_account = |(place, frame): (usize, &Frame)| match frame {
        Frame::Page(page) if page.key.account.as_str() == account => Some((place, page.clone())),
        _ => None,
    };
    frames.iter().enumerate().filter_map(of_account).collect()
}

/// The accounts that have pages, each once.
pub fn accounts(frames: &[Frame]) -> Vec<AccountKey> {
    let mut keys: Vec<_> = frames
        .iter()
        .filter_map(|frame| match frame {
            Frame::Page(page) => Some(page.key.clone()),
            _ => None,
        })
        .collect();
    keys.sort();
    keys.dedup();
    keys
}
