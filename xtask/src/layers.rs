//! Who may name whom: dependencies of the core's modules point one way, pure modules do no I/O, and the
//! server sees only the core's pure part. The rules are the two tables below.
//! It reads paths in the source, so it never sees a name that another module hands on by `pub use`:
//! that is why a path must name a module of the table and not something at the crate's root.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::checkout::Checkout;
use crate::reference::{Reference, module_path, references};

/// One top module of the core.
struct Layer {
    module: &'static str,
    /// The core's other modules it may name.
    may_use: &'static [&'static str],
    /// Outside names it may not.
    never: &'static [&'static str],
}

/// What a module that takes `now`, randomness and bytes as arguments has no use for; money has none for floats.
#[rustfmt::skip]
const PURE: &[&str] = &[
    "f32", "f64", "reqwest", "rusqlite", "tokio", "uniffi",
    "std::env", "std::fs", "std::net", "std::process", "std::thread",
];

/// What the store and the transport bring in, and the engine carries between them; and what only the bindings name.
const OTHERS: &[&str] = &["reqwest", "rusqlite", "uniffi"];

/// The core, from the bottom up. A module that is not here fails the check.
#[rustfmt::skip]
const LAYERS: &[Layer] = &[
    Layer { module: "domain", may_use: &[], never: PURE },
    Layer { module: "cose", may_use: &[], never: PURE },
    Layer { module: "card", may_use: &["cose", "domain"], never: PURE },
    Layer { module: "protocol", may_use: &["cose", "domain"], never: PURE },
    Layer { module: "sync", may_use: &["card", "cose", "domain", "protocol"], never: PURE },
    Layer { module: "views", may_use: &["domain"], never: PURE },
    Layer { module: "words", may_use: &["domain", "protocol", "views"], never: PURE },
    Layer { module: "error", may_use: &["cose", "domain", "protocol"], never: OTHERS },
    Layer { module: "clock", may_use: &["domain"], never: OTHERS },
    Layer { module: "entropy", may_use: &[], never: OTHERS },
    Layer { module: "failpoint", may_use: &[], never: OTHERS },
    Layer { module: "keys", may_use: &["cose", "entropy", "error", "protocol"], never: OTHERS },
    Layer {
        module: "store",
        may_use: &["cose", "domain", "error", "failpoint", "protocol", "sync"],
        never: &["f32", "f64", "reqwest", "uniffi"],
    },
    Layer { module: "transport", may_use: &["cose", "domain", "error", "protocol"], never: &["rusqlite", "uniffi"] },
    Layer {
        module: "engine",
        may_use: &[
            "card",
            "clock",
            "cose",
            "domain",
            "entropy",
            "error",
            "failpoint",
            "keys",
            "protocol",
            "store",
            "sync",
            "transport",
        ],
        never: &["uniffi"],
    },
    Layer {
        module: "client",
        may_use: &[
            "card",
            "clock",
            "cose",
            "domain",
            "engine",
            "entropy",
            "error",
            "failpoint",
            "keys",
            "protocol",
            "store",
            "sync",
            "transport",
            "views",
            "words",
        ],
        never: OTHERS,
    },
];

/// The core's modules that the server may name.
const SERVER_MAY_USE: &[&str] = &["card", "clock", "cose", "domain", "entropy", "failpoint", "protocol"];

/// Hold the core's and the server's sources to the tables.
pub(crate) fn check(checkout: &Checkout) -> Outcome {
    let mut broken = Vec::new();
    let core = sources(&checkout.path("core/src"))?;
    let server = sources(&checkout.path("server/src"))?;
    for (folder, files) in [("core/src", &core), ("server/src", &server)] {
        for (file, text) in files {
            let found = if folder == "core/src" { core_file(file, text) } else { server_file(text) };
            let found = found.map_err(|error| format!("{folder}/{}: {error}", file.display()))?;
            broken.extend(found.into_iter().map(|(line, rule)| format!("{folder}/{}:{line}: {rule}", file.display())));
        }
    }
    if broken.is_empty() {
        println!("{} files keep to their layers", core.len() + server.len());
        return Ok(());
    }
    Err(format!("the layers are in xtask/src/layers.rs\n{}", broken.join("\n")))
}

/// Every Rust file under a folder, by its path inside it.
pub(crate) fn sources(folder: &Path) -> Outcome<Vec<(PathBuf, String)>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(current) = folders.pop() {
        let told = |error: std::io::Error| format!("{}: {error}", current.display());
        for entry in fs::read_dir(&current).map_err(told)? {
            let path = entry.map_err(told)?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).map_err(told)?;
                files.push((path.strip_prefix(folder).unwrap_or(&path).to_owned(), text));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// What a file of the core breaks: line and rule.
fn core_file(file: &Path, text: &str) -> Outcome<Vec<(usize, String)>> {
    let path = module_path(file);
    let Some(module) = path.first() else {
        return Ok(Vec::new()); // lib.rs says what there is
    };
    let Some(layer) = LAYERS.iter().find(|layer| layer.module == module) else {
        return Ok(vec![(1, format!("the module {module} has no row in the table of layers"))]);
    };
    let broken = |Reference { line, name }| {
        if layer.never.contains(&name.as_str()) {
            return Some((line, format!("{module} must not name {name}")));
        }
        let other = name.strip_prefix("crate::")?;
        let allowed = other == module || layer.may_use.contains(&other);
        let known = LAYERS.iter().any(|layer| layer.module == other);
        match (allowed, known) {
            (true, _) => None,
            (false, true) => Some((line, format!("{module} must not use {other}"))),
            (false, false) => Some((line, format!("name the module that {name} comes from"))),
        }
    };
    Ok(references(&path, text)?.into_iter().filter_map(broken).collect())
}

/// What a file of the server breaks: line and rule.
fn server_file(text: &str) -> Outcome<Vec<(usize, String)>> {
    let broken = |Reference { line, name }| {
        let module = name.strip_prefix("anggota::")?;
        (!SERVER_MAY_USE.contains(&module)).then(|| (line, format!("the server must not use {name}")))
    };
    // Only paths from `anggota` count here, so where the file stands does not matter.
    Ok(references(&[], text)?.into_iter().filter_map(broken).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn core(file: &str, text: &str) -> Vec<String> {
        let broken = core_file(Path::new(file), text).expect("the sample is Rust");
        broken.into_iter().map(|(line, rule)| format!("{line}: {rule}")).collect()
    }

    #[test]
    fn a_path_to_a_lower_layer_is_kept() {
        assert!(core("store/entries.rs", "use crate::{domain::Money, sync};\nuse super::schema;").is_empty());
        assert!(core("domain/money.rs", "pub(crate) struct Money(i64);\nuse crate::domain::Sen;").is_empty());
        assert!(core("lib.rs", "pub mod client;\npub use crate::client::Client;").is_empty());
    }

    #[test]
    fn a_path_to_a_higher_layer_is_told_with_its_line() {
        assert_eq!(core("domain/money.rs", "\nuse crate::store::Store;"), ["2: domain must not use store"]);
        assert_eq!(core("store.rs", "fn f() { crate::transport::send() }"), ["1: store must not use transport"]);
        assert_eq!(
            core("cose.rs", "use crate::{\n  cose::Key,\n  domain::{self, Money},\n};"),
            ["3: cose must not use domain"]
        );
    }

    #[test]
    fn a_way_round_by_super_is_seen() {
        assert_eq!(core("transport/mod.rs", "use super::store;"), ["1: transport must not use store"]);
        assert_eq!(core("store/a/b.rs", "use super::super::super::engine::X;"), ["1: store must not use engine"]);
        assert_eq!(core("store/a.rs", "use super::{schema, super::transport};"), ["1: store must not use transport"]);
        assert_eq!(core("store.rs", "mod inner { use super::super::client; }"), ["1: store must not use client"]);
        assert!(core("store.rs", "mod inner { use super::*; use super::client; }").is_empty());
    }

    #[test]
    fn tests_may_use_what_they_need() {
        assert!(core("domain.rs", "mod tests { use crate::entropy; }").is_empty());
        assert!(core("domain/tests.rs", "use crate::entropy;").is_empty());
        assert_eq!(core("domain.rs", "mod tests {} use crate::entropy;"), ["1: domain must not use entropy"]);
    }

    #[test]
    fn the_root_hides_no_module() {
        assert_eq!(core("store.rs", "use crate::Client;"), ["1: name the module that crate::Client comes from"]);
        assert_eq!(core("store.rs", "use crate::*;"), ["1: name the module that crate::* comes from"]);
        assert_eq!(core("store.rs", "use super::*;"), ["1: name the module that crate::* comes from"]);
        assert_eq!(core("store.rs", "use crate as whole;"), ["1: name the module that crate::self comes from"]);
    }

    #[test]
    fn what_only_looks_like_a_path_is_left_alone() {
        let text = r#"//! [`crate::store`]
            /// crate::client, "tokio"
            const TEXT: &str = "use crate::engine;"; // crate::engine
            fn f<'a>(x: &'a X) -> Y { x.tokio() + my::std::fs() }"#;
        assert!(core("domain/text.rs", text).is_empty());
    }

    #[test]
    fn a_pure_module_names_neither_a_database_nor_the_machine() {
        assert_eq!(core("domain.rs", "fn f(c: &rusqlite::Connection) {}"), ["1: domain must not name rusqlite"]);
        assert_eq!(core("sync.rs", "use std::{fmt, fs::File};"), ["1: sync must not name std::fs"]);
        assert_eq!(core("domain.rs", "fn f(rate: f64) {}"), ["1: domain must not name f64"]);
        assert_eq!(core("store.rs", "use reqwest::Url;"), ["1: store must not name reqwest"]);
        assert!(core("store.rs", "use rusqlite::Connection; use std::fs;").is_empty());
    }

    #[test]
    fn a_module_without_a_row_fails() {
        assert_eq!(core("helpers/mod.rs", ""), ["1: the module helpers has no row in the table of layers"]);
    }

    #[test]
    fn the_server_sees_only_the_pure_part() {
        let text = "use anggota::{domain::Money, protocol};\nfn f() { anggota::client::Client::open() }";
        let broken = server_file(text).expect("the sample is Rust");
        assert_eq!(broken, [(2, "the server must not use anggota::client".to_owned())]);
    }

    #[test]
    fn the_table_has_no_circle() {
        for (at, layer) in LAYERS.iter().enumerate() {
            for used in layer.may_use {
                let place = LAYERS.iter().position(|other| other.module == *used);
                assert!(place.is_some_and(|place| place < at), "{} uses {used}, which stands above it", layer.module);
            }
        }
    }
}
