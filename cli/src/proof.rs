//! What proves the books beyond this device: the evidence of broken promises, and the checkpoint that two devices of one
//! member hold side by side. None of it needs a network.

use std::io::Write;
use std::path::Path;

use anggota::client::CheckpointComparison;
use anggota::protocol::problem::Code;

use crate::args::{Checkpoint, Global};
use crate::card::draw;
use crate::failure::Failure;
use crate::output::{Ending, Output};
use crate::text::Reader;
use crate::{json, phone, text};

pub(crate) fn evidence(global: &Global, file: Option<&Path>, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let kept = client.evidence()?;
    if let Some(file) = file {
        write(file, client.export_evidence()?.as_bytes())?;
    }
    let reader = Reader::of(&client)?;
    out.print(|| json::Evidence::new(&kept, file), || text::evidence(&kept, file, &reader))
}

/// For its owner alone: it holds the member's figures.
fn write(file: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).and_then(|mut file| file.write_all(bytes)).map_err(|_| {
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
            out.print(|| json::Checkpoint::from(&view), || format!("{}\n{}", code(), text::checkpoint(&view)))
        }
        Checkpoint::Compare { text: other } => {
            let found = client.compare_checkpoint(other)?;
            out.print(|| json::Compared::from(found), || text::compared(found).to_owned())?;
            Ok(if found == CheckpointComparison::Different { Ending::Refused } else { Ending::Done })
        }
    }
}
