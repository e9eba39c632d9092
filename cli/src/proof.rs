//! What proves the books beyond this device: the evidence of broken promises, and the checkpoint that two devices of one
//! member hold side by side. None of it needs a network.

use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;

use anggota::client::CheckpointComparison;
use anggota::protocol::problem::Code;
use anggota::words::screen;

use crate::args::{Checkpoint, Global};
use crate::card::draw;
use crate::failure::Failure;
use crate::output::{Ending, Output};
use crate::{json, phone};

pub(crate) fn evidence(global: &Global, file: Option<&Path>, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let kept = client.evidence()?;
    if let Some(file) = file {
        write(file, client.export_evidence()?.as_bytes())?;
    }
    let reader = global.reader(&client)?;
    let screen = || if file.is_some() { screen::evidence_written(&reader) } else { screen::evidence(&kept, &reader) };
    out.print(|| json::Evidence::new(&kept, file), || global.screen(&screen()))
}

/// For its owner alone: it holds the member's figures.
fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    options.mode(0o600);
    let written = options.open(file).and_then(|mut file| {
        // A file that was there before keeps the mode it had; a pipe or a terminal is not ours to change.
        if file.metadata()?.is_file() {
            file.set_permissions(PermissionsExt::from_mode(0o600))?;
        }
        file.write_all(bytes)
    });
    written.map_err(|_| {
        let sentence = "Bukti tidak dapat ditulis; periksa folder dan nama berkas --out.";
        Failure::saying(Code::InvalidInput, sentence).field("out")
    })
}

pub(crate) fn checkpoint(global: &Global, given: &Checkpoint, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    match given {
        Checkpoint::Show => {
            let view = client.show_checkpoint()?;
            let code = || draw::checkpoint(&view, out.is_screen());
            let around = global.screen(&screen::checkpoint(&view, &global.reader(&client)?));
            out.print(|| json::Checkpoint::from(&view), || format!("{}\n{around}\n\n{}", code(), view.text))
        }
        Checkpoint::Compare { text: other } => {
            let found = client.compare_checkpoint(other)?;
            let reader = global.reader(&client)?;
            out.print(|| json::Compared::from(found), || global.screen(&screen::compared(found, &reader)))?;
            Ok(if found == CheckpointComparison::Different { Ending::Refused } else { Ending::Done })
        }
    }
}
