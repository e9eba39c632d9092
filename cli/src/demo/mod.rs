//! `demo`: the whole story in one folder, on sample books: from the cooperative's spreadsheets to a loan approved on a phone
//! that was without a network, and a card that a shop refused.
//!
//! A step is done only when what it did was read back and is as it must be. Nothing here is make-believe: it is the server's
//! own library, the phone's own client and this program as the shop, over a real connection on this machine.

mod books;
mod office;
mod phone;
mod shop;
mod step;
mod story;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use anggota::protocol::problem::Code;

use crate::args::Demo;
use crate::failure::Failure;
use crate::output::{Ending, Output};
use crate::watch::Interruption;
use crate::{json, text};

pub(crate) use step::{Done, Step};

/// Why a step is not done, in words.
type Broken = Box<dyn std::error::Error + Send + Sync>;

pub(crate) async fn demo(given: &Demo, out: Output) -> Result<Ending, Failure> {
    let folder = Folder::new(given.dir.as_deref())?;
    let mut told = step::Told::new(out);
    let mut interruption = Interruption::new()?;
    // What went wrong stands in the last of the steps; a story that is interrupted has too few of them.
    tokio::select! {
        _stopped = story::tell(&folder.path, given.breaks, &mut told) => {}
        () = interruption.came() => {}
    }
    let steps = told.into_steps();
    let kept = folder.kept.then_some(folder.path.as_path());
    out.print(|| json::Story::from(steps.as_slice()), || text::story_told(&steps, kept))?;
    Ok(if is_whole(&steps) { Ending::Done } else { Ending::Refused })
}

/// Whether every step of the story was done.
pub(crate) fn is_whole(steps: &[Done]) -> bool {
    steps.len() == Step::ALL.len() && steps.iter().all(|done| done.ok)
}

/// Where the story plays: a new folder, thrown away afterwards unless it was named.
struct Folder {
    path: PathBuf,
    kept: bool,
}

impl Folder {
    fn new(given: Option<&Path>) -> Result<Self, Failure> {
        let unfit = |sentence: &str| Failure::saying(Code::InvalidInput, sentence).field("dir");
        let path = match given {
            None => unused().map_err(Failure::machine)?,
            Some(given) => {
                let sentence = "Folder --dir tidak dapat dibuat; sebutkan folder yang lain.";
                fs::create_dir_all(given).map_err(|_| unfit(sentence))?;
                if fs::read_dir(given).map_or(true, |mut entries| entries.next().is_some()) {
                    let sentence = "Folder --dir tidak kosong dan tidak diubah; sebutkan folder baru atau kosong.";
                    return Err(unfit(sentence));
                }
                given.to_owned()
            }
        };
        // The shop opens its files from a process of its own.
        let path = path.canonicalize().map_err(Failure::machine)?;
        Ok(Self { path, kept: given.is_some() })
    }
}

/// Makes a folder that nobody has made before.
fn unused() -> io::Result<PathBuf> {
    let mut number = 0_u32;
    loop {
        let path = std::env::temp_dir().join(format!("anggota-demo-{}-{number}", std::process::id()));
        match fs::create_dir(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => number += 1,
            made => return made.map(|()| path),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.kept {
            // What the system cannot remove now it removes with its other temporary files.
            let _left = fs::remove_dir_all(&self.path);
        }
    }
}
