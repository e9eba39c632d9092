//! The names that a Rust file's paths begin with: `crate::store`, `std::fs`, `anggota::card`, `tokio`.
//! It reads tokens, so a comment or a text is never taken for a path; it follows groups and `super`, but
//! never what a macro would make.

use std::collections::BTreeSet;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

use crate::Outcome;

/// A module of this name holds tests, which may use whatever shows that the rest of the file is right.
const TESTS: &str = "tests";

/// A name in a source file: `crate::store`, `std::fs`, `anggota::card`, or a path's first word alone.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Reference {
    pub(crate) line: usize,
    pub(crate) name: String,
}

/// `store/schema.rs` is `store::schema`, `store/mod.rs` and `store.rs` are `store`, `lib.rs` is the root.
pub(crate) fn module_path(file: &Path) -> Vec<String> {
    let words = file.with_extension("");
    let mut path: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    if path.last().is_some_and(|last| last == "mod" || last == "lib") {
        path.pop();
    }
    path
}

/// Every name that a file's paths begin with, seen from the crate's root.
pub(crate) fn references(module: &[String], text: &str) -> Outcome<BTreeSet<Reference>> {
    let tokens: TokenStream = text.parse().map_err(|error| format!("{error}"))?;
    let mut found = BTreeSet::new();
    if module.iter().any(|name| name == TESTS) {
        return Ok(found);
    }
    walk(tokens, module, &mut found);
    Ok(found)
}

fn walk(tokens: TokenStream, module: &[String], found: &mut BTreeSet<Reference>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Group(group) => {
                let inner = at.checked_sub(2).filter(|&before| word(tokens.get(before)).as_deref() == Some("mod"));
                let name = inner.and_then(|before| word(tokens.get(before + 1)));
                if name.as_deref() == Some(TESTS) {
                    continue;
                }
                let path: Vec<String> = module.iter().cloned().chain(name).collect();
                walk(group.stream(), &path, found);
            }
            TokenTree::Ident(first) if !continues(&tokens, at) => {
                let (name, line) = (first.to_string(), first.span().start().line);
                let goes_on = colons(&tokens, at + 1);
                match name.as_str() {
                    "crate" if goes_on => follow("crate", &tokens[at + 3..], Vec::new(), found),
                    "super" | "self" if goes_on => follow("crate", &tokens[at..], module.to_vec(), found),
                    "std" | "anggota" if goes_on => follow(&name, &tokens[at + 3..], Vec::new(), found),
                    "crate" if word(tokens.get(at + 1)).as_deref() == Some("as") => {
                        found.insert(Reference { line, name: "crate::self".to_owned() });
                    }
                    _ => {
                        found.insert(Reference { line, name });
                    }
                }
            }
            _ => {}
        }
    }
}

/// Follow a path, or each path of a group, until its first name under the root is known.
fn follow(root: &str, tokens: &[TokenTree], mut module: Vec<String>, found: &mut BTreeSet<Reference>) {
    let Some(first) = tokens.first() else { return };
    if let TokenTree::Group(group) = first
        && group.delimiter() == Delimiter::Brace
    {
        let parts: Vec<TokenTree> = group.stream().into_iter().collect();
        for part in parts.split(|token| matches!(token, TokenTree::Punct(mark) if mark.as_char() == ',')) {
            follow(root, part, module.clone(), found);
        }
        return;
    }
    let name = first.to_string();
    let goes_on = colons(tokens, 1);
    match name.as_str() {
        "super" if goes_on => {
            module.pop();
            follow(root, &tokens[3..], module, found);
        }
        "self" if goes_on => follow(root, &tokens[3..], module, found),
        _ if module.is_empty() => {
            let line = first.span().start().line;
            found.insert(Reference { line, name: format!("{root}::{name}") });
        }
        _ => {}
    }
}

fn word(token: Option<&TokenTree>) -> Option<String> {
    match token {
        Some(TokenTree::Ident(word)) => Some(word.to_string()),
        _ => None,
    }
}

/// Whether `::` stands here.
fn colons(tokens: &[TokenTree], at: usize) -> bool {
    let colon = |token: Option<&TokenTree>| matches!(token, Some(TokenTree::Punct(mark)) if mark.as_char() == ':');
    colon(tokens.get(at)) && colon(tokens.get(at + 1))
}

/// Whether the word here is a field, a method or a later part of a path, and so no path's beginning.
fn continues(tokens: &[TokenTree], at: usize) -> bool {
    let dot = at.checked_sub(1).and_then(|before| tokens.get(before));
    let dot = matches!(dot, Some(TokenTree::Punct(mark)) if mark.as_char() == '.');
    let path = at.checked_sub(3).is_some_and(|before| colons(tokens, before + 1) && word(tokens.get(before)).is_some());
    dot || path
}
