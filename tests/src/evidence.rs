//! Evidence that a member wrote out, read as the office does: with the cooperative's public key and without the phone.

use anggota::cose::PublicKey;
use anggota::protocol::checkpoint::{Checkpoint, SignedCheckpoint};
use anggota::protocol::merkle;
use data_encoding::BASE64;
use rusqlite::Connection;
use serde_json::Value;

use crate::Phone;
use crate::village::Village;

/// What a phone writes out of its evidence, newest first: what it shows too.
#[track_caller]
pub fn written_out(village: &Village, phone: &Phone) -> Vec<Value> {
    let file = village.scratch.join("written-out.json");
    let shown = phone.json(&["evidence", "--out", file.to_str().unwrap()]);
    let written: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    let told = |list: &Value| -> Vec<[Value; 3]> {
        let pieces = list["evidence"].as_array().unwrap().iter();
        pieces.map(|piece| ["kind", "at", "account_no"].map(|field| piece[field].clone())).collect()
    };
    assert_eq!(told(&shown), told(&written));
    written["evidence"].as_array().unwrap().clone()
}

/// The checkpoint of one side of a piece, `held` or `received`: signed by the cooperative, over the heads beside it. Of an
/// answer that was not believed there are no heads.
#[track_caller]
pub fn proven(village: &Village, piece: &Value, side: &str) -> Checkpoint {
    let bytes = |text: &Value| BASE64.decode(text.as_str().unwrap().as_bytes()).unwrap();
    let signed = SignedCheckpoint::parse(&bytes(&piece[side]["signed"])).unwrap();
    let issuer = checkpoint_key(village);
    let content = signed.verify(|_, _| Some(issuer)).unwrap();
    let heads: Vec<_> = piece[side]["heads"].as_array().unwrap().iter().map(bytes).collect();
    assert!(side == "received" || !heads.is_empty(), "what was held was believed");
    assert!(heads.is_empty() || merkle::root(&heads) == content.root, "{side}");
    let says = ["epoch", "generation"].map(|field| piece[side][field].as_u64().unwrap());
    assert_eq!(says, [content.epoch, content.generation], "{side}");
    content
}

/// The public half of the key that the cooperative signs checkpoints with.
fn checkpoint_key(village: &Village) -> PublicKey {
    let database = Connection::open(village.office.database()).unwrap();
    let point: Vec<u8> =
        database.query_row("SELECT public_key FROM issuer_key WHERE use = 3", [], |row| row.get(0)).unwrap();
    PublicKey::from_sec1(&point).unwrap()
}
