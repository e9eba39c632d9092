//! cargo-deny, and the checks of deny.toml: which crates, licences and sources may be in the tree.
//! It never decides a rule itself: they all stand in deny.toml.

use std::env::consts::ARCH;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::checkout::Checkout;
use crate::command;

const VERSION: &str = "0.20.2";

/// The checks that need no network.
pub(crate) fn check(checkout: &Checkout) -> Outcome {
    println!("advisories are left out, their database is on the network: cargo xtask deny --advisories");
    command::run(deny(checkout)?.args(["check", "--hide-inclusion-graph", "bans", "licenses", "sources"]))
}

/// Known vulnerabilities, from the advisory database.
pub(crate) fn advisories(checkout: &Checkout) -> Outcome {
    command::run(deny(checkout)?.args(["check", "advisories"]))
}

fn deny(checkout: &Checkout) -> Outcome<Command> {
    let mut command = checkout.command(program(checkout)?);
    command.arg("--locked");
    Ok(command)
}

fn program(checkout: &Checkout) -> Outcome<PathBuf> {
    let key = format!("{VERSION}-{ARCH}");
    let folder = checkout.cache.entry("cargo-deny", &key, |folder| install(checkout, folder))?;
    Ok(folder.join("bin/cargo-deny"))
}

fn install(checkout: &Checkout, folder: &Path) -> Outcome {
    println!("building cargo-deny {VERSION}, once; it takes some minutes");
    let scratch = checkout.cache.scratch(&format!("cargo-deny-{VERSION}"));
    command::run(
        checkout
            .cargo()
            .args(["install", "--locked", "--no-track", "--root"])
            .arg(folder)
            .arg("--target-dir")
            .arg(&scratch)
            .arg(format!("cargo-deny@{VERSION}"))
            // Built once and run for seconds: the time to build it is what counts.
            .envs([
                ("CARGO_PROFILE_RELEASE_LTO", "off"),
                ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
                ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
            ]),
    )?;
    fs::remove_dir_all(&scratch).map_err(|error| format!("{}: {error}", scratch.display()))
}
