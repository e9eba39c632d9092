//! The Kotlin and Swift of the FFI crate, generated where each build expects them. Git ignores them.
//! It writes a file only when it is another one, so that a build that has it does not begin anew.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::checkout::{self, Checkout};
use crate::command;

/// The Kotlin that is generated.
pub(crate) const KOTLIN: &str = "android/target/generated/kotlin/id/anggota/anggota_ffi.kt";
/// The Swift that is generated.
pub(crate) const SWIFT: &str = "ios/Sources/AnggotaCore/AnggotaCore.swift";
/// Where the generator writes, and where each of its files belongs.
const DRAFT: &str = "bindings-draft";
const PLACES: &[(&str, &str)] = &[
    ("id/anggota/anggota_ffi.kt", KOTLIN),
    ("AnggotaCore.swift", SWIFT),
    ("AnggotaFFI.h", "ios/Sources/AnggotaFFI/AnggotaFFI.h"),
];

/// Builds the library with what tests of the shells need, writes its Kotlin and Swift, and gives the library's folder.
pub(crate) fn generate(checkout: &Checkout) -> Outcome<PathBuf> {
    checkout::once(&checkout.library, || build(checkout))
}

fn build(checkout: &Checkout) -> Outcome<PathBuf> {
    let programs = checkout.programs()?;
    let library = ["build", "--locked", "--workspace", "--lib", "--features", "anggota-ffi/test-faults"];
    command::run(checkout.cargo().args(library).args(["--profile", "ci"]))?;
    let draft = programs.join(DRAFT);
    let mut generator = checkout.command(programs.join(program("uniffi-bindgen")));
    generator.arg("generate").arg(programs.join(library_name())).args(["-l", "kotlin", "-l", "swift", "--no-format"]);
    command::run(generator.arg("--config").arg(checkout.path("uniffi.toml")).arg("-o").arg(&draft))?;
    for (from, to) in PLACES {
        place(&draft.join(from), &checkout.path(to))?;
    }
    Ok(programs)
}

fn program(name: &str) -> String {
    format!("{name}{}", std::env::consts::EXE_SUFFIX)
}

pub(crate) fn library_name() -> String {
    format!("{}anggota_ffi{}", std::env::consts::DLL_PREFIX, std::env::consts::DLL_SUFFIX)
}

fn place(from: &Path, to: &Path) -> Outcome {
    let told = |path: &Path| {
        let path = path.display().to_string();
        move |error: std::io::Error| format!("{path}: {error}")
    };
    let text = fs::read(from).map_err(told(from))?;
    if fs::read(to).is_ok_and(|held| held == text) {
        return Ok(());
    }
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder).map_err(told(folder))?;
    }
    fs::write(to, text).map_err(told(to))?;
    println!("{}", to.display());
    Ok(())
}
