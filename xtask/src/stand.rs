//! The test stand (tests/src/stand): a live cooperative for the test suites of other languages, started for as long as they
//! run. It never leaves it running: the stand ends when its stdin does, and so with whoever started it.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::Outcome;
use crate::checkout::Checkout;

/// A running stand; ended when dropped.
pub(crate) struct Stand {
    child: Child,
    url: String,
}

impl Stand {
    /// Builds the programs it consists of and starts it.
    pub(crate) fn start(checkout: &Checkout) -> Outcome<Self> {
        let program = checkout.programs()?.join(format!("stand{}", std::env::consts::EXE_SUFFIX));
        let mut command = checkout.command(&program);
        let spawned = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = spawned.map_err(|error| format!("{} does not start: {error}", program.display()))?;
        let mut line = String::new();
        if let Some(output) = child.stdout.take() {
            BufReader::new(output).read_line(&mut line).map_err(|error| error.to_string())?;
        }
        // Ends the child also when its first line is not what it should be.
        let mut stand = Self { child, url: String::new() };
        let first: Option<Value> = serde_json::from_str(&line).ok();
        let url = first.as_ref().and_then(|first| first["url"].as_str());
        stand.url = url.ok_or("the test stand did not say where it listens: see what it printed above")?.to_owned();
        Ok(stand)
    }

    /// Where it listens: what the suites get as `ANGGOTA_STAND`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Prints where it listens and waits until it ends.
    pub(crate) fn attend(mut self) -> Outcome {
        println!("ANGGOTA_STAND={}", self.url());
        // Waiting would close it, and so end the stand.
        let _stdin = self.child.stdin.take();
        self.child.wait().map(drop).map_err(|error| error.to_string())
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _reaped = self.child.wait();
    }
}
