//! A folder of a test's own. Gone when the test ends, unless `ANGGOTA_KEEP` is set: then its place is printed.

use std::path::{Path, PathBuf};

/// A folder of a test's own.
pub struct Scratch {
    folder: Option<tempfile::TempDir>,
    path: PathBuf,
}

impl Scratch {
    /// A new, empty folder, with `name` in its name.
    pub fn new(name: &str) -> Self {
        let folder = tempfile::Builder::new().prefix(&format!("anggota-{name}-")).tempdir().unwrap();
        Self { path: folder.path().to_owned(), folder: Some(folder) }
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A place in the folder; nothing is made there.
    pub fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if std::env::var_os("ANGGOTA_KEEP").is_some()
            && let Some(folder) = self.folder.take()
        {
            println!("kept: {}", folder.keep().display());
        }
    }
}
