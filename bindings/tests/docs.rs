//! What a Kotlin or Swift developer reads of a record is what a Rust developer reads of the core's own.

use std::fs;
use std::path::Path;

/// Where the core says what the bindings repeat.
const CORE: &[&str] = &[
    "views.rs",
    "views/requests.rs",
    "client/rescue.rs",
    "words/language.rs",
    "words/reader.rs",
    "words/screen/mod.rs",
    "words/screen/requests.rs",
    "domain/account.rs",
    "domain/backing.rs",
    "domain/date.rs",
    "domain/draft.rs",
    "domain/evidence.rs",
    "domain/kind.rs",
    "domain/loan/progress.rs",
    "domain/product.rs",
    "domain/request.rs",
    "domain/topic.rs",
    "keys/mod.rs",
];

#[test]
fn every_doc_comment_of_a_view_is_the_cores_own() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let read = |path: &str| fs::read_to_string(here.join(path)).unwrap();
    let core: String = CORE.iter().map(|file| read(&format!("../core/src/{file}"))).collect();
    let views = ["views", "kinds", "screens", "drafts"].map(|file| read(&format!("src/{file}.rs"))).concat();
    let names: Vec<_> =
        views.split("#[uniffi::remote(").skip(1).map(|item| name(item.lines().nth(1).unwrap())).collect();
    assert!(names.len() > 20, "{names:?}");
    for name in names {
        let ours = docs(&views, name);
        assert!(ours.len() > 1, "{name} says nothing of its parts");
        assert_eq!(ours, docs(&core, name), "{name}");
    }
}

fn name(line: &str) -> &str {
    line.trim_start_matches("pub struct ").trim_start_matches("pub enum ").trim_end_matches(" {")
}

/// The doc lines above an item and inside it.
fn docs<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    let opens =
        [format!("pub struct {name} {{"), format!("pub enum {name} {{"), format!("{name}, \""), format!("{name}, {{")];
    let at = lines.iter().position(|line| opens.iter().any(|open| line.starts_with(open.as_str())));
    let at = at.unwrap_or_else(|| panic!("the core has no {name}"));
    let is_doc = |line: &&&str| line.starts_with("///");
    let above = lines[..at].iter().rev().take_while(|line| line.starts_with("///") || line.starts_with("#["));
    let mut found: Vec<_> = above.filter(is_doc).copied().collect();
    found.reverse();
    found.extend(lines[at..].iter().take_while(|line| !line.starts_with('}')).filter(is_doc));
    found
}
