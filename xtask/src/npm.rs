//! Packages from npm: a folder of the checkout pins them, with the hash of every one, in its package-lock.json. They are
//! kept outside the checkout, and none of their scripts is ever run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::cache;
use crate::checkout::Checkout;
use crate::command;
use crate::machine::{self, Need};

const NODE: &[Need] = &[
    Need { packages: &["nodejs"], probe: &["node", "--version"] },
    Need { packages: &["npm"], probe: &["npm", "--version"] },
];

/// Makes sure that this machine has Node and npm, or says how it gets them.
pub(crate) fn ready() -> Outcome {
    machine::install(NODE)
}

/// The `node_modules` of what that folder of the checkout pins; fetched once for each set of packages.
pub(crate) fn modules(checkout: &Checkout, folder: &str) -> Outcome<PathBuf> {
    let pinned = ["package.json", "package-lock.json"].map(|name| checkout.path(folder).join(name));
    let [package, lock] =
        pinned.each_ref().map(|file| fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display())));
    let entry = checkout.cache.entry("npm", &cache::key(&[&package?, &lock?]), |made| fetch(&pinned, made))?;
    Ok(entry.join("node_modules"))
}

fn fetch(pinned: &[PathBuf], made: &Path) -> Outcome {
    println!("fetching packages from npm into {}", made.display());
    for file in pinned {
        let copy = made.join(file.file_name().unwrap_or_default());
        fs::copy(file, copy).map_err(|error| format!("{}: {error}", file.display()))?;
    }
    let quiet = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    command::run(Command::new("npm").args(quiet).current_dir(made))
}
