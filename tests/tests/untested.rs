//! What no test here can run is said in docs/untested.md: no file with code for a phone's system alone is missing there, and
//! none that it names is gone.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use std::fs;
use std::path::Path;

/// How code for one of the phones' systems is told apart, in Rust and in Cargo.toml.
const SYSTEMS: [&str; 2] = ["android", "ios"];

#[test]
fn code_for_phones_alone_is_listed_as_untested() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."));
    let page = fs::read_to_string(root.join("docs/untested.md")).unwrap();
    let listed: Vec<_> = page.lines().filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0)).collect();
    let mut found = Vec::new();
    for folder in ["bindings", "cli", "core", "server"] {
        for_phones(root, Path::new(folder), &mut found);
    }
    found.sort();
    assert_eq!(listed, found, "docs/untested.md has one row for each file with code for a phone's system, by path");
}

fn for_phones(root: &Path, folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(root.join(folder)) else { return };
    for name in entries.map(|entry| entry.unwrap().file_name()) {
        let inside = folder.join(name);
        let is_source = inside.extension().is_some_and(|extension| extension == "rs" || extension == "toml");
        if root.join(&inside).is_dir() {
            for_phones(root, &inside, found);
        } else if is_source && names_a_phone(&fs::read_to_string(root.join(&inside)).unwrap()) {
            found.push(inside.to_str().unwrap().to_owned());
        }
    }
}

fn names_a_phone(source: &str) -> bool {
    let names = |system| source.contains(&format!("target_os = \"{system}\""));
    SYSTEMS.into_iter().any(names) || source.contains("target_vendor = \"apple\"")
}

#[test]
fn code_for_phones_is_seen_in_every_form() {
    assert!(names_a_phone("#[cfg(any(target_os = \"linux\", target_os = \"android\"))]"));
    assert!(names_a_phone("[target.'cfg(target_os = \"ios\")'.dependencies]"));
    assert!(names_a_phone("if cfg!(target_vendor = \"apple\") {}"));
    assert!(!names_a_phone("#[cfg(target_os = \"linux\")]"));
}
