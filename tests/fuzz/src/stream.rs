//! The answer to a pull: unpacked, cut into frames, and given to the sync machine as a phone that holds nothing would.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::OnceLock;

use anggota::cose::PublicKey;
use anggota::domain::{CooperativeId, MemberNo, Timestamp};
use anggota::protocol::frame::Splitter;
use anggota::sync::{Held, Pull};
use serde_json::Value;

use crate::messages::recorded_frames;
use crate::seeds::{bytes, hex, text, vectors};

/// As the phone reads an answer.
const MAX_WINDOW_LOG: u32 = 22;
const BUFFER_BYTES: usize = 64 * 1024;
/// What is looked at of an answer that never ends.
const MOST_UNPACKED: usize = 16 << 20;

/// The phone that the recorded answers are for.
struct Recorded {
    cooperative: CooperativeId,
    member: MemberNo,
    key: PublicKey,
    nonce: [u8; 16],
}

fn recorded() -> &'static Recorded {
    static RECORDED: OnceLock<Recorded> = OnceLock::new();
    RECORDED.get_or_init(|| {
        let file = vectors("pull");
        Recorded {
            cooperative: CooperativeId::new(&text(&file, "/cooperative")).unwrap(),
            member: MemberNo::new(&text(&file, "/member")).unwrap(),
            key: PublicKey::from_sec1(&bytes(&file, "/keys/checkpoint/public")).unwrap(),
            nonce: bytes(&file, "/pulls/0/nonce").try_into().unwrap(),
        }
    })
}

/// A first pull of it.
fn pull() -> Pull<impl Fn(u8, Timestamp) -> Option<PublicKey>> {
    let Recorded { cooperative, member, key, nonce } = recorded();
    let held = Held {
        cooperative: cooperative.clone(),
        member: member.clone(),
        checkpoint: None,
        accounts: BTreeMap::new(),
        register: None,
        results_after: 0,
    };
    Pull::new(held, *nonce, Timestamp::EPOCH, Vec::new(), |_, _| Some(*key))
}

/// Frames that came unpacked.
pub(crate) fn frames(input: &[u8]) {
    let (mut pull, mut splitter) = (pull(), Splitter::default());
    for chunk in input.chunks(BUFFER_BYTES) {
        splitter.push(chunk);
        if take(&mut pull, &mut splitter).is_none() {
            return;
        }
    }
    pull.is_complete();
}

/// Gives the machine every whole frame; `None` once nothing more is believed.
fn take(pull: &mut Pull<impl Fn(u8, Timestamp) -> Option<PublicKey>>, splitter: &mut Splitter) -> Option<()> {
    while let Some(frame) = splitter.next_frame().ok()? {
        pull.frame(frame).ok()?;
    }
    Some(())
}

pub(crate) fn frames_seeds() -> Vec<Vec<u8>> {
    vec![recorded_frames(0), recorded_frames(1)]
}

/// The same as it comes from the network.
pub(crate) fn packed(input: &[u8]) {
    let Ok(mut decoder) = zstd::stream::read::Decoder::new(input) else { return };
    decoder.window_log_max(MAX_WINDOW_LOG).unwrap();
    let (mut pull, mut splitter) = (pull(), Splitter::default());
    let (mut buffer, mut unpacked) = (vec![0; BUFFER_BYTES], 0);
    while let Ok(count @ 1..) = decoder.read(&mut buffer) {
        unpacked += count;
        splitter.push(&buffer[..count]);
        if take(&mut pull, &mut splitter).is_none() {
            return;
        }
        if unpacked > MOST_UNPACKED {
            return;
        }
    }
}

pub(crate) fn packed_seeds() -> Vec<Vec<u8>> {
    let file = vectors("pull");
    file["zstd"].as_array().unwrap().iter().map(|stream: &Value| hex(stream)).collect()
}
