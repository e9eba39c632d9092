//! Files for the federation and for shops, and the federation's own commands.

use std::path::Path;

use anggota::card::Issuer;
use serde::Serialize;

use super::args::{Global, Sign};
use super::output::Answer;
use super::{Desk, now, rng};
use crate::federation::{self, Signing};
use crate::refusal::Refusal;
use crate::{cards, files};

#[derive(Serialize)]
struct Written {
    file: String,
    bytes: usize,
}

fn written(file: &Path, bytes: usize) -> Result<Answer, Refusal> {
    let file = file.display().to_string();
    let text = format!("{bytes} bita ditulis ke {file}.");
    Answer::new(&Written { file, bytes }, text)
}

fn write(file: &Path, bytes: &[u8]) -> Result<Answer, Refusal> {
    files::replace(file, bytes)?;
    written(file, bytes.len())
}

pub(super) fn issuer(global: &Global, file: &Path) -> Result<Answer, Refusal> {
    let issuer = Desk::open(global)?.read(federation::issuer)?;
    write(file, &issuer.to_bytes())
}

pub(super) fn status_list(global: &Global, file: &Path) -> Result<Answer, Refusal> {
    let desk = Desk::open(global)?;
    let keys = desk.keys()?;
    let list = desk.write(|transaction, cooperative| cards::status_list(transaction, cooperative, &keys, desk.now))?;
    write(file, &list)
}

#[derive(Serialize)]
struct Keys {
    file: String,
    bytes: usize,
    files: Vec<String>,
}

pub(super) fn keygen(folder: &Path) -> Result<Answer, Refusal> {
    let roots = federation::keygen(folder, &rng())?;
    let files: Vec<String> = roots.files.iter().map(|file| file.display().to_string()).collect();
    let text = format!(
        "Kunci induk federasi ditulis:\n{}\nSimpan root-1.key terpisah dan terkunci; bagikan hanya berkas .pub.",
        files.join("\n")
    );
    Answer::new(&Keys { file: folder.display().to_string(), bytes: roots.bytes, files }, text)
}

pub(super) fn sign(given: &Sign) -> Result<Answer, Refusal> {
    let (now, rng) = (now(), rng());
    let signer = federation::read_root(&given.root, &rng)?;
    let issuers = given.issuer.iter().map(|file| federation::read_issuer(file)).collect::<Result<Vec<Issuer>, _>>()?;
    let signing = Signing {
        federation: &given.federation,
        // Grows by itself, as long as the clock does.
        seq: given.seq.unwrap_or(now.seconds().unsigned_abs()),
        root: root_number(&given.root),
        issuers: &issuers,
    };
    write(&given.out, &federation::sign(&signing, &signer, now)?)
}

/// The number in the root's file name, `root-1.key`: a label for people.
fn root_number(path: &Path) -> u8 {
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    stem.strip_prefix("root-").and_then(|number| number.parse().ok()).unwrap_or(0)
}
