//! THIRD-PARTY.md: whose work is in the programs, under which licence, with the notices that must travel.
//! Everything in it is read from the crates themselves; it never carries a text of its own making.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::Outcome;
use crate::checkout::Checkout;
use crate::command;

const FILE: &str = "THIRD-PARTY.md";

/// The packages that people get.
const PROGRAMS: &[&str] = &["anggota", "anggota-cli", "anggota-server"];

/// What they run on: a crate for other platforms alone is in none of them.
const TARGETS: &[&str] = &[
    "aarch64-linux-android",
    "armv7-linux-androideabi",
    "x86_64-linux-android",
    "aarch64-apple-ios",
    "aarch64-apple-darwin",
    "aarch64-unknown-linux-gnu",
    "x86_64-unknown-linux-gnu",
];

/// C libraries that stand inside a crate: the crate, the library, its licence's file there.
const INSIDE: &[(&str, &str, &str)] = &[
    ("sqlcipher-src", "SQLCipher (with SQLite, which is in the public domain)", "sqlcipher/LICENSE-sqlcipher"),
    ("openssl-src", "OpenSSL", "openssl/LICENSE.txt"),
    ("zstd-sys", "Zstandard", "zstd/LICENSE"),
];

const HEAD: &str = "\
# Third-party software

What Anggota's library, terminal shell and server are built from. Written by `cargo xtask thirdparty`.
Where a crate gives a choice that includes Apache-2.0, that is the licence taken; its text is in LICENSE.
";

/// One crate that is built into a program.
struct Crate {
    name: String,
    version: String,
    licence: String,
    origin: String,
    authors: String,
    folder: PathBuf,
}

/// A text that must travel, and the crates it is from.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Notice {
    crates: Vec<String>,
    text: String,
}

/// Write the file.
pub(crate) fn write(checkout: &Checkout) -> Outcome {
    fs::write(checkout.path(FILE), text(checkout)?).map_err(|error| format!("{FILE}: {error}"))
}

/// Compare the file with what would be written.
pub(crate) fn check(checkout: &Checkout) -> Outcome {
    let stands = fs::read_to_string(checkout.path(FILE)).unwrap_or_default();
    if stands == text(checkout)? {
        return Ok(());
    }
    Err(format!("{FILE} is not what the tree of crates gives; write it with: cargo xtask thirdparty"))
}

fn text(checkout: &Checkout) -> Outcome<String> {
    let crates = crates(&metadata(checkout)?)?;
    let mut text = HEAD.to_owned();
    for (name, library, inside) in INSIDE {
        let carrier = crates.iter().find(|one| one.name == *name);
        let carrier = carrier.ok_or_else(|| format!("{name} is no longer in the tree: take {library} out of xtask"))?;
        let notice = read(&carrier.folder.join(inside))?;
        text += &format!("\n## {library}\n\nIn {} {}.\n{}", carrier.name, carrier.version, block(&notice));
    }
    text += "\n## Crates\n\n| crate | version | licence | from |\n|---|---|---|---|\n";
    for Crate { name, version, licence, origin, .. } in &crates {
        text += &format!("| {name} | {version} | {licence} | {origin} |\n");
    }
    text += "\n## Notices\n";
    let (notices, bare) = notices(&crates)?;
    for Notice { crates, text: notice } in notices {
        text += &format!("\n### {}\n{}", crates.join(", "), block(&notice));
    }
    for one in bare {
        let Crate { name, version, licence, authors, .. } = one;
        text += &format!("\n### {name} {version}\n\nThe package carries no notice: {licence}, by {authors}.\n");
    }
    Ok(text)
}

fn metadata(checkout: &Checkout) -> Outcome<Value> {
    let mut cargo = checkout.cargo();
    cargo.args(["metadata", "--locked", "--format-version", "1"]);
    for target in TARGETS {
        cargo.args(["--filter-platform", target]);
    }
    serde_json::from_str(&command::read(&mut cargo)?).map_err(|error| format!("cargo metadata: {error}"))
}

/// Everything that the programs are built from, by name and version; what only tests use is left out.
fn crates(metadata: &Value) -> Outcome<Vec<Crate>> {
    let nodes = by_id(&metadata["resolve"]["nodes"]);
    let packages = by_id(&metadata["packages"]);
    let mut waiting: Vec<&str> = Vec::new();
    for program in PROGRAMS {
        let own = packages.iter().find(|(_, package)| package["name"] == *program && package["source"].is_null());
        waiting.push(own.ok_or_else(|| format!("there is no package {program}"))?.0);
    }
    let mut seen = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        let used = items(&nodes.get(id).ok_or_else(|| format!("cargo metadata lost {id}"))?["deps"]);
        let built = used.filter(|one| items(&one["dep_kinds"]).any(|kind| kind["kind"] != "dev"));
        waiting.extend(built.filter_map(|one| one["pkg"].as_str()));
    }
    let outside = seen.into_iter().filter_map(|id| packages.get(id)).filter(|package| !package["source"].is_null());
    let mut crates = outside.map(|package| one_crate(package)).collect::<Outcome<Vec<_>>>()?;
    crates.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    Ok(crates)
}

fn one_crate(package: &Value) -> Outcome<Crate> {
    let field = |name: &str| package[name].as_str().unwrap_or_default().to_owned();
    let (name, licence) = (field("name"), field("license"));
    if licence.is_empty() {
        return Err(format!("{name} names no licence: find out whether it may be used"));
    }
    let folder = Path::new(&field("manifest_path")).parent().unwrap_or(Path::new("")).to_owned();
    let authors = match items(&package["authors"]).filter_map(Value::as_str).collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => "its authors".to_owned(),
        some => some,
    };
    Ok(Crate {
        version: field("version"),
        licence: licence.replace('/', " OR "),
        origin: field("repository"),
        name,
        authors,
        folder,
    })
}

fn by_id(list: &Value) -> BTreeMap<&str, &Value> {
    items(list).filter_map(|item| Some((item["id"].as_str()?, item))).collect()
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

/// Each notice once, with the crates that carry it; and the crates that ought to carry one and do not.
fn notices(crates: &[Crate]) -> Outcome<(Vec<Notice>, Vec<&Crate>)> {
    let mut whose = BTreeMap::<String, Vec<String>>::new();
    let mut bare = Vec::new();
    for one in crates {
        let files = notice_files(one)?;
        if files.is_empty() && !apache_may_be_taken(&one.licence) {
            bare.push(one);
        }
        let texts = files.iter().map(|file| read(file)).collect::<Outcome<BTreeSet<_>>>()?;
        for text in texts {
            let name = format!("{} {}", one.name, one.version);
            whose.entry(text).or_default().push(name);
        }
    }
    let mut notices: Vec<_> = whose.into_iter().map(|(text, crates)| Notice { crates, text }).collect();
    notices.sort();
    Ok((notices, bare))
}

/// The files of a crate whose texts must travel: NOTICE always, the licences unless Apache-2.0 may be taken.
fn notice_files(one: &Crate) -> Outcome<Vec<PathBuf>> {
    let told = |error: std::io::Error| format!("{}: {error}", one.folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(&one.folder).map_err(told)? {
        let path = entry.map_err(told)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_uppercase();
        let licence = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT"].iter().any(|word| name.starts_with(word));
        let travels =
            name.starts_with("NOTICE") || (licence && !name.contains("APACHE") && !apache_may_be_taken(&one.licence));
        if travels && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Whether one alternative of the licence expression is Apache-2.0 alone.
fn apache_may_be_taken(licence: &str) -> bool {
    !licence.contains(" AND ") && licence.split(" OR ").any(|one| one.trim().starts_with("Apache-2.0"))
}

fn read(file: &Path) -> Outcome<String> {
    let bytes = fs::read(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let text = String::from_utf8_lossy(&bytes);
    // Line ends and empty edges differ between copies of one text.
    Ok(text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_matches('\n').to_owned())
}

fn block(notice: &str) -> String {
    format!("\n````text\n{notice}\n````\n")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn apache_is_taken_only_where_it_stands_for_the_whole_crate() {
        assert!(apache_may_be_taken("MIT OR Apache-2.0"));
        assert!(apache_may_be_taken("Apache-2.0 WITH LLVM-exception OR MIT"));
        assert!(!apache_may_be_taken("Apache-2.0 AND ISC"));
        assert!(!apache_may_be_taken("(MIT OR Apache-2.0) AND Unicode-3.0"));
        assert!(!apache_may_be_taken("MIT"));
    }

    #[test]
    fn what_only_tests_and_other_packages_use_is_left_out() {
        let package = |id: &str, source: Value| {
            json!({ "id": id, "name": id, "version": "1.0.0", "license": "MIT/Apache-2.0", "source": source,
                    "manifest_path": "/crates/Cargo.toml" })
        };
        let dep = |id: &str, kind: Value| json!({ "pkg": id, "dep_kinds": [{ "kind": kind }] });
        let node = |id: &str, deps: Vec<Value>| json!({ "id": id, "deps": deps });
        let own = ["anggota", "anggota-cli", "anggota-server", "xtask"];
        let others = ["used", "built", "tested", "tool"];
        let mut packages: Vec<_> = own.iter().map(|id| package(id, Value::Null)).collect();
        packages.extend(others.iter().map(|id| package(id, json!("registry"))));
        let nodes = [
            node("anggota", vec![dep("used", Value::Null), dep("tested", json!("dev"))]),
            node("anggota-cli", vec![dep("anggota", Value::Null)]),
            node("anggota-server", vec![]),
            node("xtask", vec![dep("tool", Value::Null)]),
            node("used", vec![dep("built", json!("build"))]),
            node("built", vec![]),
            node("tested", vec![]),
            node("tool", vec![]),
        ];
        let found = crates(&json!({ "packages": packages, "resolve": { "nodes": nodes } })).expect("a whole tree");
        let names: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.licence.as_str())).collect();
        assert_eq!(names, [("built", "MIT OR Apache-2.0"), ("used", "MIT OR Apache-2.0")]);
    }
}
