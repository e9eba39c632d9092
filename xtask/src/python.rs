//! The Python environment of the independent judges, with the packages that
//! tests/interop/requirements.txt pins. It never touches the machine's own Python.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::cache;
use crate::checkout::Checkout;
use crate::command;

const REQUIREMENTS: &str = "tests/interop/requirements.txt";

/// The environment's interpreter; made once for each set of packages and each Python.
pub(crate) fn interpreter(checkout: &Checkout) -> Outcome<PathBuf> {
    let pinned = fs::read_to_string(checkout.path(REQUIREMENTS)).map_err(|error| format!("{REQUIREMENTS}: {error}"))?;
    let base = command::read(Command::new("python3").args(["-c", "import sys; print(sys.executable, sys.version)"]))?;
    let folder = checkout.cache.entry("python", &cache::key(&[&pinned, &base]), |folder| make(checkout, folder))?;
    Ok(python_in(&folder))
}

fn make(checkout: &Checkout, folder: &Path) -> Outcome {
    println!("making the Python environment in {}", folder.display());
    command::run(Command::new("python3").args(["-m", "venv"]).arg(folder))?;
    command::run(
        Command::new(python_in(folder))
            .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"])
            .arg(checkout.path(REQUIREMENTS)),
    )
}

fn python_in(folder: &Path) -> PathBuf {
    folder.join("bin/python")
}
