//! Tools that are made once and kept outside the checkout, in `$ANGGOTA_CACHE`, else
//! `$XDG_CACHE_HOME/anggota`, else `~/.cache/anggota`. All of it may be deleted at any time.
//! It never gives out an entry that was not finished: the manifest is written last.

use std::env;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::Outcome;

/// Written into an entry when everything else of it is there.
const MANIFEST: &str = "manifest.json";

/// The folder of made tools.
pub(crate) struct Cache {
    root: PathBuf,
}

impl Cache {
    /// The cache that the environment names.
    pub(crate) fn open() -> Outcome<Self> {
        let named = |variable: &str, inside: &str| {
            let value = env::var_os(variable).filter(|value| !value.is_empty())?;
            Some(Path::new(&value).join(inside))
        };
        let root = named("ANGGOTA_CACHE", "")
            .or_else(|| named("XDG_CACHE_HOME", "anggota"))
            .or_else(|| named("HOME", ".cache/anggota"))
            .ok_or("set ANGGOTA_CACHE to a folder for downloaded tools: there is no HOME")?;
        std::path::absolute(root).map(|root| Self { root }).map_err(|error| format!("ANGGOTA_CACHE: {error}"))
    }

    /// A folder for unfinished work that may go on after an interruption.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        self.root.join("build").join(name)
    }

    /// The finished folder `name-key`; `make` fills it the first time.
    pub(crate) fn entry(&self, name: &str, key: &str, make: impl FnOnce(&Path) -> Outcome) -> Outcome<PathBuf> {
        let folder = self.root.join(format!("{name}-{key}"));
        let manifest = folder.join(MANIFEST);
        if manifest.is_file() {
            return Ok(folder);
        }
        let told = |error: std::io::Error| format!("{} cannot be written: {error}", folder.display());
        fs::create_dir_all(&self.root).map_err(told)?;
        // Two runs at once: the second waits here and then finds the first one's work.
        let lock = File::create(self.root.join(format!("{name}-{key}.lock"))).map_err(told)?;
        lock.lock().map_err(told)?;
        if !manifest.is_file() {
            if folder.exists() {
                fs::remove_dir_all(&folder).map_err(told)?;
            }
            fs::create_dir(&folder).map_err(told)?;
            make(&folder)?;
            let content = json!({ "name": name, "key": key });
            fs::write(&manifest, format!("{content}\n")).map_err(told)?;
        }
        Ok(folder)
    }
}

/// A short key for contents. Another release of Rust may give another one: then the entry is made again.
pub(crate) fn key(contents: &[&str]) -> String {
    let mut hasher = DefaultHasher::new();
    contents.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A cache in a folder of its own, removed at the end.
    struct Scratch(Cache);

    impl Scratch {
        fn new(test: &str) -> Self {
            let root = env::temp_dir().join(format!("anggota-cache-{test}-{}", std::process::id()));
            Self(Cache { root })
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0.root);
        }
    }

    #[test]
    fn a_key_changes_with_every_content_and_with_where_it_is_cut() {
        assert_eq!(key(&["cbor2==5.9.0", "3.11"]), key(&["cbor2==5.9.0", "3.11"]));
        assert_ne!(key(&["cbor2==5.9.0", "3.11"]), key(&["cbor2==5.9.1", "3.11"]));
        assert_ne!(key(&["cbor2==5.9.0", "3.11"]), key(&["cbor2==5.9.0", "3.12"]));
        assert_ne!(key(&["ab", "c"]), key(&["a", "bc"]));
    }

    #[test]
    fn a_finished_entry_is_made_once() {
        let scratch = Scratch::new("once");
        let make = |folder: &Path| fs::write(folder.join("tool"), "made").map_err(|error| error.to_string());
        let first = scratch.0.entry("tool", "1", make).expect("the first time makes it");
        let again = scratch.0.entry("tool", "1", |_| Err("made twice".to_owned())).expect("the second finds it");
        assert_eq!(first, again);
        assert_eq!(fs::read_to_string(again.join("tool")).expect("it is there"), "made");
        assert!(scratch.0.entry("tool", "2", |_| Err("another key".to_owned())).is_err());
    }

    #[test]
    fn an_entry_that_was_interrupted_is_made_again_from_nothing() {
        let scratch = Scratch::new("interrupted");
        let half = |folder: &Path| {
            fs::write(folder.join("half"), "").map_err(|error| error.to_string())?;
            Err("the power failed".to_owned())
        };
        assert_eq!(scratch.0.entry("tool", "1", half), Err("the power failed".to_owned()));
        let whole = scratch.0.entry("tool", "1", |_| Ok(())).expect("it is made again");
        assert!(!whole.join("half").exists());
        assert!(whole.join(MANIFEST).is_file());
    }
}
