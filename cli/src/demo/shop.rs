//! The shop: this program in a process of its own, with nothing but the files that the federation and the cooperative
//! published. It has no enrolment and no network.

use std::path::{Path, PathBuf};
use std::process::Command;

use anggota::domain::Timestamp;
use serde_json::Value;

use super::Broken;

/// A shop and its files.
pub(super) struct Shop {
    /// The federation's trust list.
    pub(super) trust: PathBuf,
    /// The federation's root keys.
    pub(super) roots: Vec<PathBuf>,
    /// What the till remembers.
    pub(super) state: PathBuf,
}

impl Shop {
    /// Checks a card against a status list, now or at a time; gives the document and the exit status.
    pub(super) fn examine(&self, card: &str, status: &Path, at: Option<Timestamp>) -> Result<(Value, i32), Broken> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["card", "verify", "--json", "--text", card]);
        command.arg("--trust").arg(&self.trust).arg("--status").arg(status).arg("--state").arg(&self.state);
        for root in &self.roots {
            command.arg("--root").arg(root);
        }
        if let Some(at) = at {
            command.args(["--at", &at.to_string()]);
        }
        let ended = command.output()?;
        let document = serde_json::from_slice(&ended.stdout)?;
        Ok((document, ended.status.code().ok_or("pemeriksa kartu dihentikan")?))
    }
}
