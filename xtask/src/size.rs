//! `cargo xtask size`: how large the library is that phones get, what in it is large, and whether that is too much.
//! It builds the profile `dist` for this machine; a phone's own build differs by a few percent.

use std::collections::{BTreeMap, HashMap};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use object::read::archive::ArchiveFile;
use object::{Object, ObjectSection, ObjectSymbol, SectionKind, SymbolKind};
use serde_json::json;

use crate::Outcome;
use crate::bindings;
use crate::checkout::Checkout;
use crate::command;

/// What an app may grow by, in bytes.
const LIMIT: u64 = 10_000_000;
/// How many crates are shown.
const SHOWN: usize = 15;
/// Compiled from C, with a name that no archive of the build knows.
const UNKNOWN: &str = "(other)";

/// What is in a library.
struct Sizes {
    /// Bytes of the file, stripped.
    total: u64,
    /// Bytes of machine code by the crate that wrote it, largest first. A generic function counts for the crate that
    /// wrote it, not for the one that uses it.
    code: Vec<(String, u64)>,
    /// Bytes of constants, tables and all else.
    rest: u64,
}

/// The stage: figures for people.
pub(crate) fn check(checkout: &Checkout) -> Outcome {
    run(checkout, false)
}

/// Builds, measures and prints; fails when the library is larger than [`LIMIT`].
pub(crate) fn run(checkout: &Checkout, as_json: bool) -> Outcome {
    let sizes = measure(&build(checkout)?)?;
    if as_json {
        let code: serde_json::Map<_, _> = sizes.code.iter().map(|(name, bytes)| (name.clone(), json!(bytes))).collect();
        println!(
            "{}",
            json!({ "size_bytes": sizes.total, "limit_bytes": LIMIT, "code_bytes": code, "other_bytes": sizes.rest })
        );
    } else {
        print!("{}", table(&sizes));
    }
    if sizes.total > LIMIT {
        return Err(format!("the library has {} bytes; {LIMIT} are allowed", sizes.total));
    }
    Ok(())
}

/// Builds the library with its symbols, which the profile alone would strip.
fn build(checkout: &Checkout) -> Outcome<PathBuf> {
    let library = ["rustc", "--locked", "--package", "anggota-ffi", "--lib", "--crate-type", "cdylib"];
    let mut cargo = checkout.cargo();
    // OpenSSL's build does not know Rust's profiles: for it alone this says what `opt-level` says to all the others.
    cargo.env("CFLAGS", format!("{} -Os", env::var("CFLAGS").unwrap_or_default()));
    command::run(cargo.args(library).args(["--profile", "dist", "--", "-C", "strip=none"]))?;
    Ok(checkout.built("dist")?.join(bindings::library_name()))
}

fn measure(library: &Path) -> Outcome<Sizes> {
    let bytes = read(library)?;
    let told = |error: object::Error| format!("{}: {error}", library.display());
    let file = object::File::parse(&*bytes).map_err(told)?;
    let archives = archives(library.parent().unwrap_or(library))?;
    let mut code: BTreeMap<String, u64> = BTreeMap::new();
    for symbol in file.symbols().filter(|symbol| symbol.kind() == SymbolKind::Text) {
        let name = symbol.name().map_err(told)?;
        *code.entry(owner(name, &archives)).or_default() += symbol.size();
    }
    let mut code: Vec<_> = code.into_iter().collect();
    code.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let total = stripped(library)?;
    let text: u64 = file.sections().filter(|section| section.kind() == SectionKind::Text).map(|s| s.size()).sum();
    Ok(Sizes { total, code, rest: total.saturating_sub(text) })
}

/// The size without symbols: that is how it is shipped.
fn stripped(library: &Path) -> Outcome<u64> {
    let shipped = library.with_extension("stripped");
    command::run(Command::new("strip").arg("--strip-all").arg("-o").arg(&shipped).arg(library))?;
    fs::metadata(&shipped).map(|file| file.len()).map_err(|error| format!("{}: {error}", shipped.display()))
}

/// The crate that wrote a function: Rust's names say so, C's are those of the archives that build scripts made.
fn owner(symbol: &str, archives: &HashMap<String, String>) -> String {
    match rustc_demangle::try_demangle(symbol) {
        Ok(name) => crate_of(&format!("{name:#}")),
        Err(_) => archives.get(symbol).cloned().unwrap_or_else(|| UNKNOWN.to_owned()),
    }
}

/// `<alloc::vec::Vec<T> as core::clone::Clone>::clone` is alloc's.
fn crate_of(path: &str) -> String {
    let path = path.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '_');
    let path = ["mut ", "dyn ", "const "].iter().fold(path, |path, word| path.trim_start_matches(word));
    match path.split_once("::") {
        Some((name, _)) if name.chars().all(|c| c.is_alphanumeric() || c == '_') => name.to_owned(),
        _ => UNKNOWN.to_owned(),
    }
}

/// Which package's build script compiled which function, from the archives of this build.
fn archives(folder: &Path) -> Outcome<HashMap<String, String>> {
    let mut names = HashMap::new();
    let builds = folder.join("build");
    let told = |error: std::io::Error| format!("{}: {error}", builds.display());
    for build in fs::read_dir(&builds).map_err(told)? {
        let build = build.map_err(told)?.path();
        let package =
            build.file_name().and_then(|name| name.to_str()?.rsplit_once('-')).map(|(name, _)| name.to_owned());
        let mut found = Vec::new();
        files(&build.join("out"), &mut found);
        for archive in found.iter().filter(|path| path.extension().is_some_and(|extension| extension == "a")) {
            for symbol in symbols(&read(archive)?) {
                names.entry(symbol).or_insert_with(|| package.clone().unwrap_or_default());
            }
        }
    }
    Ok(names)
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

/// The functions of an archive. What is no object file in it has none.
fn symbols(archive: &[u8]) -> Vec<String> {
    let Ok(archive_file) = ArchiveFile::parse(archive) else { return Vec::new() };
    let members = archive_file.members().flatten().filter_map(|member| member.data(archive).ok());
    let objects = members.filter_map(|data| object::File::parse(data).ok());
    let named = |object: object::File<'_>| -> Vec<String> {
        object.symbols().filter(|s| s.is_definition()).filter_map(|s| s.name().ok().map(str::to_owned)).collect()
    };
    objects.flat_map(named).collect()
}

fn read(path: &Path) -> Outcome<Vec<u8>> {
    fs::read(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// For people, and for docs/size.md.
fn table(sizes: &Sizes) -> String {
    let mut rows = vec![("the library".to_owned(), sizes.total)];
    rows.extend(sizes.code.iter().take(SHOWN).map(|(name, bytes)| (format!("  code of {name}"), *bytes)));
    rows.push(("  code of all others".to_owned(), sizes.code.iter().skip(SHOWN).map(|(_, bytes)| bytes).sum()));
    rows.push(("  constants, tables".to_owned(), sizes.rest));
    rows.iter().map(|(name, bytes)| format!("{name:<32}{:>8} kB\n", bytes.div_ceil(1_000))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_is_its_crates() {
        assert_eq!(crate_of("anggota::sync::Pull::feed"), "anggota");
        assert_eq!(crate_of("<alloc::vec::Vec<T> as core::clone::Clone>::clone"), "alloc");
        assert_eq!(crate_of("<&mut dyn tokio::task::Raw as core::fmt::Debug>::fmt"), "tokio");
        assert_eq!(crate_of("main"), UNKNOWN);
        let archives = HashMap::from([("sqlite3_step".to_owned(), "libsqlite3-sys".to_owned())]);
        assert_eq!(owner("sqlite3_step", &archives), "libsqlite3-sys");
        assert_eq!(owner("_ZN3std2io5Write9write_all17h0123456789abcdefE", &archives), "std");
        assert_eq!(owner("memcpy_of_nobody", &archives), UNKNOWN);
    }

    #[test]
    fn the_table_leaves_nothing_out() {
        let code: Vec<_> = (0..20).map(|number| (format!("crate{number}"), 1_000)).collect();
        let shown = table(&Sizes { total: 30_000, code, rest: 10_000 });
        assert_eq!(shown.lines().count(), SHOWN + 3);
        assert!(shown.contains("  code of all others                   5 kB\n"), "{shown}");
    }
}
