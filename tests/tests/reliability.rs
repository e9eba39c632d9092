//! docs/reliability.md promises nothing that no test holds: every test that it names exists.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test")]

use std::path::Path;

/// Every Rust file under a folder, as one text.
fn sources(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text += &sources(&path);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            text += &std::fs::read_to_string(&path).unwrap();
        }
    }
    text
}

#[test]
fn every_test_that_the_page_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let page = std::fs::read_to_string(root.join("docs/reliability.md")).unwrap();
    let code: String = ["core", "server", "tests"].iter().map(|folder| sources(&root.join(folder))).collect();
    let is_test = |name: &&str| name.contains('_') && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let named: Vec<_> =
        page.split('`').skip(1).step_by(2).filter(is_test).filter(|name| *name != "quick_check").collect();
    assert!(named.len() > 50, "{named:?}");
    let program = std::fs::read_to_string(root.join("xtask/src/main.rs")).unwrap();
    let tasks = program.split("enum Task {").nth(1).unwrap().split("\n}").next().unwrap().to_lowercase();
    let is_task = |name: &str| tasks.lines().any(|line| line.trim_start().starts_with(name));
    for command in page.split('`').skip(1).step_by(2).filter_map(|text| text.strip_prefix("cargo xtask ")) {
        assert!(is_task(command.split(' ').next().unwrap()), "there is no cargo xtask {command}");
    }
    let held_by = |row: &&str| row.matches('|').count() == 3 && !row.starts_with("|---");
    let tables = page.split("| held by |").skip(1).map(|table| table.split("\n\n").next().unwrap());
    for row in tables.flat_map(|table| table.lines().skip(2)).filter(held_by) {
        let holder = row.split('|').nth(2).unwrap();
        let names = holder.split('`').skip(1).step_by(2);
        let is_held = names.clone().any(|name| is_test(&name) || name.starts_with("cargo xtask "));
        assert!(is_held, "nothing holds: {row}");
    }
    let missing: Vec<_> = named.iter().filter(|name| !code.contains(&format!("fn {name}("))).collect();
    assert!(missing.is_empty(), "docs/reliability.md names tests that do not exist: {missing:?}");
}
