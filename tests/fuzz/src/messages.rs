//! Messages that are read by themselves: what is read must come out again as it was, where it can be written.

use anggota::domain::Timestamp;
use anggota::protocol::frame::{Frame, Register};
use anggota::protocol::operation::{self, decode_answers};
use anggota::protocol::problem::Problem;
use anggota::protocol::pull::PullRequest;
use anggota::protocol::upload::Held;
use anggota::protocol::{common_version, dpop, enrolment, head, merkle};

use crate::seeds::{bytes, each, hex, text, vectors};

/// Bytes of a frame before its CBOR.
const LENGTH_BYTES: usize = 4;

pub(crate) fn frame(input: &[u8]) {
    let Ok(frame) = Frame::decode(input) else { return };
    if !matches!(frame, Frame::Unknown | Frame::SpoiledPage(_)) {
        assert_eq!(Frame::decode(&frame.encode()[LENGTH_BYTES..]), Ok(frame));
    }
}

pub(crate) fn frame_seeds() -> Vec<Vec<u8>> {
    let file = vectors("pull");
    let frames =
        ["/pulls/0/frames", "/pulls/1/frames", "/pulls/2/frames"].map(|list| each(&file, list, "bytes")).concat();
    let succession = Frame::Succession(bytes(&vectors("statements"), "/succession/bytes")).encode();
    frames.into_iter().chain([succession]).map(|frame| frame[LENGTH_BYTES..].to_vec()).collect()
}

pub(crate) fn register(input: &[u8]) {
    if let Ok(register) = Register::decode(input) {
        assert_eq!(Register::decode(&register.encode()), Ok(register));
    }
}

pub(crate) fn register_seeds() -> Vec<Vec<u8>> {
    vec![bytes(&vectors("pull"), "/register/cbor")]
}

pub(crate) fn heads(input: &[u8]) {
    if let Ok(head) = head::decode(input) {
        assert_eq!(head::decode(&head::encode(&head)), Ok(head));
    }
    if let Ok(leaves) = head::decode_leaves(input) {
        merkle::root(&leaves);
        assert_eq!(head::decode_leaves(&head::encode_leaves(&leaves)), Ok(leaves));
    }
}

pub(crate) fn heads_seeds() -> Vec<Vec<u8>> {
    let heads = each(&vectors("heads"), "/heads", "cbor");
    let leaves = head::encode_leaves(&heads);
    [heads, vec![leaves]].concat()
}

pub(crate) fn request(input: &[u8]) {
    if let Ok(request) = PullRequest::decode(input) {
        assert_eq!(PullRequest::decode(&request.encode()), Ok(request));
    }
}

pub(crate) fn request_seeds() -> Vec<Vec<u8>> {
    let file = vectors("pull");
    ["/pulls/0/request/cbor", "/pulls/1/request/cbor"].map(|pointer| bytes(&file, pointer)).to_vec()
}

pub(crate) fn answers(input: &[u8]) {
    if let Ok(answers) = decode_answers(input) {
        assert_eq!(decode_answers(&operation::encode_answers(&answers)), Ok(answers));
    }
}

pub(crate) fn answers_seeds() -> Vec<Vec<u8>> {
    vec![bytes(&vectors("operations"), "/answers/cbor")]
}

pub(crate) fn held(input: &[u8]) {
    if let Ok(held) = Held::decode(input) {
        assert_eq!(Held::decode(&held.encode()), Ok(held));
    }
}

pub(crate) fn held_seeds() -> Vec<Vec<u8>> {
    let file = vectors("uploads");
    ["/held", "/refused_held"].map(|list| each(&file, list, "cbor")).concat()
}

pub(crate) fn problem(input: &[u8]) {
    if let Ok(problem) = serde_json::from_slice::<Problem>(input) {
        problem.code();
    }
}

pub(crate) fn problem_seeds() -> Vec<Vec<u8>> {
    let problem = Problem::new(anggota::protocol::problem::Code::ClockOff);
    vec![serde_json::to_vec(&problem).unwrap()]
}

pub(crate) fn access(input: &[u8]) {
    let _read = enrolment::Enrol::decode(input).map(|enrol| enrol.encode());
    let _read = enrolment::Enrolled::decode(input).map(|enrolled| enrolled.encode());
    let _read = enrolment::decode_renewal(input);
    let _read = enrolment::decode_renewed(input);
    let _read = enrolment::decode_card(input);
}

pub(crate) fn access_seeds() -> Vec<Vec<u8>> {
    let file = vectors("access");
    ["/enrol/cbor", "/enrolled/cbor", "/renewal/cbor", "/renewed/cbor", "/card/cbor"]
        .map(|pointer| bytes(&file, pointer))
        .to_vec()
}

pub(crate) fn code(input: &[u8]) {
    let Ok(typed) = std::str::from_utf8(input) else { return };
    if let Some(digits) = enrolment::code_digits(typed) {
        assert_eq!(enrolment::code_digits(&digits), Some(digits));
    }
    common_version(typed);
}

pub(crate) fn code_seeds() -> Vec<Vec<u8>> {
    ["1234-5678", " 12 34 56 78 ", "1-9", "0-65535"].map(|typed| typed.as_bytes().to_vec()).to_vec()
}

pub(crate) fn proof(input: &[u8]) {
    let Ok(proof) = std::str::from_utf8(input) else { return };
    let file = "https://koperasi.example/anggota/v1/handayani/pull";
    let request = dpop::Request { method: "POST", url: file, token: None };
    let _checked = dpop::check(proof, &request, Timestamp::EPOCH);
}

pub(crate) fn proof_seeds() -> Vec<Vec<u8>> {
    let file = vectors("access");
    ["/proofs/0/proof", "/proofs/1/proof"].map(|pointer| text(&file, pointer).into_bytes()).to_vec()
}

/// The stream of a recorded pull, not packed.
pub(crate) fn recorded_frames(pull: usize) -> Vec<u8> {
    let file = vectors("pull");
    let frames = file["pulls"][pull]["frames"].as_array().unwrap();
    frames.iter().flat_map(|frame| hex(&frame["bytes"])).collect()
}
