//! A pull: everything a phone does not hold yet, in one stream.
//!
//! Checkpoint, heads, register and results are one snapshot; entries never change, so that pages are read one by one and no
//! transaction lives as long as a slow phone takes. Never sends what the phone says it holds.

mod gaps;
mod packer;
mod pages;
mod snapshot;
mod stream;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use anggota::protocol::checkpoint::Freshness;
use anggota::protocol::frame::Frame;
use anggota::protocol::problem::Code;
use anggota::protocol::pull::PullRequest;
use anggota::protocol::{CBOR, STREAM, head, sha256};
use axum::body::Body;
use axum::response::Response;

use crate::access::Caller;
use crate::keys::IssuerKeys;
use crate::refusal::Refusal;
use crate::routes::with_type;
use crate::service::Service;

use packer::Form;
use snapshot::Snapshot;
use stream::{Acknowledgement, Producer};

/// Pulls at once: each holds a compressor of a few megabytes.
pub(crate) const MAX_PULLS: usize = 64;
/// More than one, because a pull whose phone lost its network is noticed late.
pub(crate) const MAX_PULLS_OF_A_DEVICE: usize = 4;
/// The length before each frame.
const LENGTH_BYTES: usize = 4;

/// POST pull.
pub(crate) fn answer(service: &Arc<Service>, caller: &Caller, body: &[u8]) -> Result<Response, Refusal> {
    let request = PullRequest::decode(body).map_err(|_| Code::BadRequest)?;
    let place = service.pulls.take(&caller.device).ok_or(Code::Busy)?;
    // Before the snapshot: a key that is newer than its statements would be one that no phone can know.
    let keys = service.keys(&caller.cooperative)?;
    let snapshot = snapshot::take(service, caller, &request)?;
    let opening = opening(&keys, caller, &request, &snapshot)?;
    let acknowledgement = snapshot.is_news.then(|| Acknowledgement {
        cooperative: caller.cooperative.clone(),
        device: caller.device,
        number: request.results_after,
    });
    let accounts = snapshot.accounts_for(&request.ranges);
    // Who names CBOR takes frames of it.
    let is_json = [STREAM, CBOR].iter().all(|own| caller.accept.prefers_json(own));
    let form = if is_json { Form::Json } else { Form::Packed };
    let producer = Producer::new(Arc::clone(service), caller.cooperative.clone(), form, &opening, accounts)?;
    let chunks = stream::start(producer, acknowledgement, place)?;
    Ok(with_type(form.media_type(), Body::from_stream(chunks)))
}

/// The frames before the first page.
fn opening(
    keys: &IssuerKeys,
    caller: &Caller,
    request: &PullRequest,
    snapshot: &Snapshot,
) -> Result<Vec<Frame>, Refusal> {
    let freshness = Freshness { checkpoint: sha256(&snapshot.checkpoint), at: caller.now, nonce: request.nonce };
    let register =
        (request.register != Some(sha256(&snapshot.register))).then(|| Frame::Register(snapshot.register.clone()));
    let frames = [
        Some(Frame::Checkpoint(snapshot.checkpoint.clone())),
        Some(Frame::Heads(snapshot.heads.iter().map(head::encode).collect())),
        Some(Frame::Freshness(freshness.sign(keys.checkpoint.kid, &keys.checkpoint.signer)?)),
        register,
        Some(Frame::Results(snapshot.results.clone())),
    ];
    let successions = snapshot.successions.iter().cloned().map(Frame::Succession);
    Ok(successions.chain(frames.into_iter().flatten()).collect())
}
