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
use std::path::{Path, PathBuf};

use anggota::protocol::problem::Code;

use crate::args::Demo;
use crate::failure::Failure;
use crate::output::{Ending, Output};
use crate::{json, text};

pub(crate) use step::{Done, Step};

/// Why a step is not done, in words.
type Broken = Box<dyn std::error::Error + Send + Sync>;

pub(crate) async fn demo(given: &Demo, out: Output) -> Result<Ending, Failure> {
    let folder = Folder::new(given.dir.as_deref())?;
    let mut told = step::Told::new(out);
    // What went wrong stands in the last of the steps.
    let _stopped = story::tell(&folder.path, given.breaks, &mut told).await;
    let steps = told.into_steps();
    let is_whole = steps.len() == Step::ALL.len() && steps.iter().all(|done| done.ok);
    let kept = folder.kept.then_some(folder.path.as_path());
    out.print(|| json::Story::from(steps.as_slice()), || text::story_told(is_whole, kept))?;
    Ok(if is_whole { Ending::Done } else { Ending::Refused })
}

/// Where the story plays: a new folder, thrown away afterwards unless it was named.
struct Folder {
    path: PathBuf,
    kept: bool,
}

impl Folder {
    fn new(given: Option<&Path>) -> Result<Self, Failure> {
        let kept = given.is_some();
        let path = given.map_or_else(|| std::env::temp_dir().join(unused_name()), Path::to_owned);
        let unfit = |sentence: &str| Failure::saying(Code::InvalidInput, sentence).field("dir");
        fs::create_dir_all(&path).map_err(|_| unfit("Folder --dir tidak dapat dibuat; sebutkan folder yang lain."))?;
        let is_empty = fs::read_dir(&path).is_ok_and(|mut entries| entries.next().is_none());
        if !is_empty {
            return Err(unfit("Folder --dir tidak kosong dan tidak diubah; sebutkan folder baru atau kosong."));
        }
        // The phones and the shop open these paths from processes of their own.
        let path = fs::canonicalize(path).map_err(|_| unfit("Folder --dir tidak dapat dibuka; sebutkan yang lain."))?;
        Ok(Self { path, kept })
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

fn unused_name() -> String {
    format!("anggota-demo-{}", std::process::id())
}
