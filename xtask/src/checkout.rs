//! The checkout the tasks work on: its root, the tools' cache, and what stands beside it.
//! It never writes into the checkout.

use std::cell::OnceCell;
use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::Outcome;
use crate::cache::Cache;
use crate::command;

/// Real books for the largest test, relative to the folder that holds the checkout.
const REAL_BOOKS: &str = "shared/data/pkdd99";

/// One checkout and the tools' cache beside it. What a run has built is not built again by its later stages.
pub(crate) struct Checkout {
    root: PathBuf,
    pub(crate) cache: Cache,
    programs: OnceCell<PathBuf>,
    /// Where `bindings::generate` left the library.
    pub(crate) library: OnceCell<PathBuf>,
}

impl Checkout {
    /// The checkout that `cargo xtask` was called in.
    pub(crate) fn open() -> Outcome<Self> {
        // Asked at run time: two checkouts may share one target folder, and so one xtask.
        let manifest = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).parent().ok_or("call it as `cargo xtask`, inside a checkout")?;
        let (programs, library) = (OnceCell::new(), OnceCell::new());
        Ok(Self { root: root.to_owned(), cache: Cache::open()?, programs, library })
    }

    /// A path inside the checkout.
    pub(crate) fn path(&self, inside: &str) -> PathBuf {
        self.root.join(inside)
    }

    /// Cargo, called at the root.
    pub(crate) fn cargo(&self) -> Command {
        self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }

    /// Any program, called at the root.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.root);
        command::forget_own_package(&mut command);
        command
    }

    /// Builds every program of the workspace and gives the folder they are in.
    pub(crate) fn programs(&self) -> Outcome<PathBuf> {
        once(&self.programs, || {
            let build = ["build", "--locked", "--workspace", "--bins", "--profile", "ci"];
            command::run(self.cargo().args(build))?;
            self.built("ci")
        })
    }

    /// The folder of what is built in that profile.
    pub(crate) fn built(&self, profile: &str) -> Outcome<PathBuf> {
        let metadata = command::read(self.cargo().args(["metadata", "--format-version", "1", "--no-deps"]))?;
        let metadata: Value = serde_json::from_str(&metadata).map_err(|error| error.to_string())?;
        let target = metadata["target_directory"].as_str().ok_or("cargo metadata names no target directory")?;
        Ok(Path::new(target).join(profile))
    }

    /// The folder of real books, if there is one: where `ANGGOTA_PKDD99` says, or beside the checkout.
    pub(crate) fn real_books(&self) -> Option<PathBuf> {
        let told = env::var_os("ANGGOTA_PKDD99").map(PathBuf::from);
        told.or_else(|| Some(self.root.parent()?.join(REAL_BOOKS))).filter(|folder| folder.is_dir())
    }
}

/// What is kept there or, the first time, is made; what could not be made is tried again.
pub(crate) fn once(kept: &OnceCell<PathBuf>, make: impl FnOnce() -> Outcome<PathBuf>) -> Outcome<PathBuf> {
    if let Some(found) = kept.get() {
        return Ok(found.clone());
    }
    let made = make()?;
    Ok(kept.get_or_init(|| made).clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_built_is_not_built_again_and_what_failed_is() {
        let kept = OnceCell::new();
        assert!(once(&kept, || Err("no room".to_owned())).is_err());
        assert_eq!(once(&kept, || Ok("first".into())), Ok("first".into()));
        assert_eq!(once(&kept, || Ok("second".into())), Ok("first".into()));
    }
}
