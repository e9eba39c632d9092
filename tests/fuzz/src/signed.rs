//! Signed messages, twice: as they come, and with the input as the content of one that the right key signed, because whoever
//! holds a key may send anything.

use std::sync::{Arc, OnceLock};

use anggota::cose::{Headers, PublicKey, Signer, SoftwareSigner, Typ, sign1};
use anggota::domain::{Backing, CooperativeId, DeviceId, MAX_ATTACHMENT_BYTES, MAX_ATTACHMENTS, MemberNo};
use anggota::protocol::checkpoint::{Freshness, SignedCheckpoint};
use anggota::protocol::operation::{Command, Operation, decode_push};
use anggota::protocol::succession::Succession;

use crate::seeds::{bytes, each, text, vectors};

pub(crate) const OPERATION: Typ = Typ::text("application/vnd.anggota.operation+cose");
const CHECKPOINT: Typ = Typ::text("application/vnd.anggota.checkpoint+cose");
const FRESHNESS: Typ = Typ::text("application/vnd.anggota.freshness+cose");
const SUCCESSION: Typ = Typ::text("application/vnd.anggota.succession+cose");
/// The kinds of operations that there are.
const KINDS: [u16; 4] = [1, 2, 3, 4];

/// The key that signs what the fuzzer makes up: one of the vectors, so that every run has the same.
pub(crate) fn signer() -> &'static SoftwareSigner {
    static SIGNER: OnceLock<SoftwareSigner> = OnceLock::new();
    SIGNER.get_or_init(|| {
        let pkcs8 = bytes(&vectors("operations"), "/keys/device/pkcs8");
        SoftwareSigner::from_pkcs8(&pkcs8, Arc::new(anggota::entropy::system())).unwrap()
    })
}

/// The input as content under that key; `None` where it is no content that is ever signed.
pub(crate) fn wrapped(typ: &Typ, kid: &[u8], input: &[u8]) -> Option<Vec<u8>> {
    sign1(&Headers { typ, kid: Some(kid), kcwt: None }, input, signer()).ok()
}

fn member() -> &'static (CooperativeId, MemberNo) {
    static MEMBER: OnceLock<(CooperativeId, MemberNo)> = OnceLock::new();
    MEMBER.get_or_init(|| {
        let file = vectors("operations");
        let cooperative = CooperativeId::new(&text(&file, "/cooperative")).unwrap();
        (cooperative, MemberNo::new(&text(&file, "/member")).unwrap())
    })
}

/// The device whose key signs.
pub(crate) fn device() -> &'static DeviceId {
    static DEVICE: OnceLock<DeviceId> = OnceLock::new();
    DEVICE.get_or_init(|| text(&vectors("operations"), "/device").parse().unwrap())
}

pub(crate) fn operations(input: &[u8]) {
    let ((cooperative, member), key) = (member(), signer().public_key());
    let single = [input.to_vec()].into_iter().chain(wrapped(&OPERATION, device().as_bytes(), input));
    for bytes in single.chain(decode_push(input).into_iter().flatten()) {
        let _verified = Operation::verify(&bytes, cooperative, member, device(), key);
    }
    for kind in KINDS {
        if let Ok(command) = Command::decode(kind, input) {
            let named = command.backing().map_or(0, Backing::attached_bytes);
            assert!(named <= MAX_ATTACHMENTS as u64 * u64::from(MAX_ATTACHMENT_BYTES));
            assert_eq!(Command::decode(kind, &command.encode()), Ok(command));
        }
    }
}

pub(crate) fn operations_seeds() -> Vec<Vec<u8>> {
    let file = vectors("operations");
    let fields = ["bytes", "payload", "body_cbor"].map(|field| each(&file, "/operations", field));
    let judged = ["/good_bodies", "/refused_bodies"].map(|list| each(&file, list, "bytes"));
    [fields.concat(), judged.concat(), vec![bytes(&file, "/push")]].concat()
}

pub(crate) fn statements(input: &[u8]) {
    let key_of = |_, _| Some::<PublicKey>(*signer().public_key());
    let checkpoint = [Some(input.to_vec()), wrapped(&CHECKPOINT, &[3], input)];
    for bytes in checkpoint.into_iter().flatten() {
        if let Ok(signed) = SignedCheckpoint::parse(&bytes) {
            let _read = (signed.unverified(), signed.verify(key_of));
        }
    }
    let freshness = [Some(input.to_vec()), wrapped(&FRESHNESS, &[3], input)];
    for bytes in freshness.into_iter().flatten() {
        let _read = Freshness::verify(&bytes, key_of);
    }
    let succession = [Some(input.to_vec()), wrapped(&SUCCESSION, &[3], input)];
    for bytes in succession.into_iter().flatten() {
        let _read = Succession::verify(&bytes, key_of);
    }
}

pub(crate) fn statements_seeds() -> Vec<Vec<u8>> {
    let file = vectors("statements");
    let signed = ["bytes", "payload"].map(|field| each(&file, "/checkpoints", field)).concat();
    let others = ["/freshness/bytes", "/freshness/payload", "/succession/bytes", "/succession/payload"];
    [signed, others.map(|pointer| bytes(&file, pointer)).to_vec()].concat()
}
