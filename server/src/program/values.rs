//! Each kind of value on the command line, with the sentence for one that is none.
//!
//! The rules are the domain's; only the sentences are here, because people read them.

use std::net::SocketAddr;

use anggota::domain::{CooperativeId, DeviceId, MemberNo, Name, OperationId, Reason};

type Parsed<T> = Result<T, &'static str>;

pub(super) fn cooperative(text: &str) -> Parsed<CooperativeId> {
    text.parse().map_err(|_| "tulis 1 sampai 16 huruf kecil, angka, atau tanda -")
}

pub(super) fn member(text: &str) -> Parsed<MemberNo> {
    text.parse().map_err(|_| "nomor anggota terdiri dari 1 sampai 32 huruf atau angka, tanpa spasi di tepi")
}

pub(super) fn officer(text: &str) -> Parsed<Name> {
    text.parse().map_err(|_| "nama terdiri dari 1 sampai 100 huruf, tanpa spasi di tepi")
}

pub(super) fn reason(text: &str) -> Parsed<Reason> {
    text.parse().map_err(|_| "alasan ditulis dalam satu baris, 1 sampai 200 huruf, tanpa spasi di tepi")
}

pub(super) fn request(text: &str) -> Parsed<OperationId> {
    text.parse().map_err(|_| "salin nomor pengajuan seperti yang tampil di requests list")
}

pub(super) fn device(text: &str) -> Parsed<DeviceId> {
    text.parse().map_err(|_| "salin nomor perangkat seperti yang tampil di device list")
}

pub(super) fn address(text: &str) -> Parsed<SocketAddr> {
    text.parse().map_err(|_| "tulis alamat IP dan porta, misalnya 127.0.0.1:8080")
}

pub(super) fn seq(text: &str) -> Parsed<u64> {
    const RULE: &str = "tulis angka bulat mulai dari 1";
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    // CBOR would hold more; nobody signs that many lists.
    let number: i64 = is_number.then(|| text.parse().ok()).flatten().ok_or(RULE)?;
    u64::try_from(number).ok().filter(|&number| number > 0).ok_or(RULE)
}
