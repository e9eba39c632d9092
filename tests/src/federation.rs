//! A federation of cooperatives: a folder with its root keys, away from every server.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Office, Scratch};

/// A federation's folder.
pub struct Federation(PathBuf);

impl Federation {
    /// A federation with new root keys, in the folder `name` of the scratch folder.
    #[track_caller]
    pub fn new(scratch: &Scratch, office: &Office, name: &str) -> Self {
        let folder = scratch.join(name);
        office.json(&["federation", "keygen", folder.to_str().unwrap()]);
        Self(folder)
    }

    /// One of its files: `root-0.key`, `root-0.pub`, `root-1.key`, `root-1.pub`.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// Signs a trust list of one cooperative.
    #[track_caller]
    pub fn sign(&self, office: &Office, root: &str, issuer: &Path, out: &Path) {
        let root = self.file(root);
        let [root, issuer, out] = [&root, issuer, out].map(|path| path.to_str().unwrap());
        let signed = office.json(&["federation", "sign", "--root", root, "--issuer", issuer, out]);
        assert_eq!(signed["bytes"], fs::metadata(out).unwrap().len());
    }
}
