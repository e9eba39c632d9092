//! The Fluent files: complete, alike in every language, and nothing in them that nobody says.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, VariantKey};
use fluent_syntax::parser::parse;

use crate::protocol::problem::Code;
use crate::protocol::rule::ServerRule;
use crate::words::advice::{RULES, server_rule};
use crate::words::messages::sources;
use crate::words::{Language, advice, reason, refusal};

/// The variables that a pattern takes, and the plural forms by which it chooses.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
struct Shape {
    variables: BTreeSet<String>,
    /// Each selector's variants; the star's own among them.
    choices: Vec<BTreeSet<String>>,
}

impl Shape {
    fn of(pattern: &Pattern<String>) -> Self {
        let mut shape = Self::default();
        shape.pattern(pattern);
        shape
    }

    fn pattern(&mut self, pattern: &Pattern<String>) {
        for element in &pattern.elements {
            if let PatternElement::Placeable { expression } = element {
                self.expression(expression);
            }
        }
    }

    fn expression(&mut self, expression: &Expression<String>) {
        match expression {
            Expression::Inline(inline) => self.inline(inline),
            Expression::Select { selector, variants } => {
                self.inline(selector);
                let key = |key: &VariantKey<String>| match key {
                    VariantKey::Identifier { name } | VariantKey::NumberLiteral { value: name } => name.clone(),
                };
                self.choices.push(variants.iter().map(|variant| key(&variant.key)).collect());
                variants.iter().for_each(|variant| self.pattern(&variant.value));
            }
        }
    }

    fn inline(&mut self, inline: &InlineExpression<String>) {
        match inline {
            InlineExpression::VariableReference { id } => {
                self.variables.insert(id.name.clone());
            }
            InlineExpression::StringLiteral { .. } => {}
            other => panic!("only variables and texts in quotation marks are used in these files: {other:?}"),
        }
    }
}

/// Every message of a language: what its value takes, and what its attribute `spoken` takes.
fn messages(language: Language) -> BTreeMap<String, (Shape, Option<Shape>)> {
    let mut all = BTreeMap::new();
    for (file, text) in sources(language) {
        let resource = parse((*text).to_owned()).unwrap_or_else(|(_, faults)| panic!("{language}/{file}: {faults:?}"));
        for entry in resource.body {
            match entry {
                Entry::Message(message) => {
                    let id = message.id.name;
                    let value = Shape::of(message.value.as_ref().unwrap_or_else(|| panic!("{id} says nothing")));
                    assert!(message.attributes.iter().all(|found| found.id.name == "spoken"), "{id}");
                    let spoken = message.attributes.first().map(|found| Shape::of(&found.value));
                    assert!(all.insert(id.clone(), (value, spoken)).is_none(), "{language} has {id} twice");
                }
                Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => {}
                Entry::Term(_) | Entry::Junk { .. } => panic!("{language}/{file}: {entry:?}"),
            }
        }
    }
    all
}

#[test]
fn every_message_is_in_every_language_with_the_same_arguments() {
    let indonesian = messages(Language::Indonesian);
    let variables = |shape: &Shape| shape.variables.clone();
    for language in [Language::Javanese, Language::English] {
        let theirs = messages(language);
        let names = |all: &BTreeMap<String, _>| all.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&indonesian), names(&theirs), "{language}");
        for (id, (value, spoken)) in &indonesian {
            let (their_value, their_spoken) = &theirs[id];
            // A choice names its variable; where a language has none to make, it may say the number alone.
            let counted = |mut variables: BTreeSet<String>| {
                if variables.contains("number") {
                    variables.remove("count");
                }
                variables
            };
            assert_eq!(counted(variables(value)), counted(variables(their_value)), "{id} in {language}");
            let spoken = spoken.as_ref().map(variables);
            assert_eq!(spoken, their_spoken.as_ref().map(variables), "{id}.spoken in {language}");
        }
    }
}

/// Unicode's plural rules: English tells one from other, Indonesian and Javanese have a single form.
#[test]
fn every_choice_has_exactly_its_languages_plural_forms() {
    for language in Language::ALL {
        let forms: BTreeSet<String> = match language {
            Language::English => ["one", "other"].map(str::to_owned).into(),
            Language::Indonesian | Language::Javanese => ["other"].map(str::to_owned).into(),
        };
        let choices = messages(language).into_iter().flat_map(|(id, (value, spoken))| {
            let spoken = spoken.into_iter().flat_map(|shape| shape.choices);
            value.choices.into_iter().chain(spoken).map(move |found| (id.clone(), found)).collect::<Vec<_>>()
        });
        for (id, found) in choices {
            assert_eq!(found, forms, "{id} in {language}");
        }
    }
}

/// Every Rust source of this module but its tests, as one text.
fn code(folder: &Path) -> String {
    let mut text = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("tests") {
            text += &code(&path);
        } else if path.extension().is_some_and(|found| found == "rs") {
            text += &std::fs::read_to_string(&path).unwrap();
        }
    }
    text
}

/// The ids that code puts together from a word and a number or a code.
fn is_numbered(id: &str) -> bool {
    let code = id.strip_prefix("problem-").is_some_and(|code| Code::from_name(code).is_some());
    let rule = id.strip_prefix("server-rule-").is_some_and(|rule| ServerRule::from_name(rule).is_some());
    code || rule || id.starts_with("number-") || id.starts_with("month-")
}

#[test]
fn no_message_is_left_over() {
    let code = code(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/words"));
    let unused: Vec<_> = messages(Language::Indonesian)
        .into_keys()
        .filter(|id| !is_numbered(id) && !code.contains(&format!("\"{id}\"")))
        .collect();
    assert!(unused.is_empty(), "nobody says {unused:?}");
}

#[test]
fn every_code_has_one_sentence_in_every_language() {
    for language in Language::ALL {
        for &code in Code::ALL {
            let sentence = advice(language, code);
            assert!(sentence.ends_with('.') && !sentence.contains('\n'), "{code:?} in {language}: {sentence}");
            if language == Language::Indonesian {
                assert_eq!(sentence, code.advice());
            } else {
                assert_ne!(sentence, code.advice(), "{code:?} in {language}");
            }
        }
    }
}

#[test]
fn every_rule_of_the_server_has_one_sentence_in_every_language() {
    for language in Language::ALL {
        for &rule in ServerRule::ALL {
            let sentence = server_rule(language, rule);
            assert!(sentence.ends_with('.') && !sentence.contains('\n'), "{rule:?} in {language}: {sentence}");
            let is_indonesian = language == Language::Indonesian;
            assert_eq!(sentence == rule.sentence(), is_indonesian, "{rule:?} in {language}");
        }
    }
}

#[test]
fn a_reason_is_told_in_the_readers_language_unless_an_officer_wrote_it() {
    let told = |said: &str| reason(Language::English, said);
    assert_eq!(told(Code::NoNetwork.advice()), advice(Language::English, Code::NoNetwork));
    assert_eq!(told(ServerRule::NotActive.sentence()), server_rule(Language::English, ServerRule::NotActive));
    assert_eq!(told("Bawa fotokopi KTP."), "Bawa fotokopi KTP.");
}

#[test]
fn a_named_rule_has_a_closer_sentence_than_its_code() {
    for language in Language::ALL {
        for (rule, _) in RULES {
            let sentence = refusal(language, Code::InvalidInput, Some(rule));
            assert_ne!(sentence, advice(language, Code::InvalidInput), "{rule}");
            assert!(sentence.ends_with('.'), "{sentence}");
        }
        let unknown = refusal(language, Code::Unknown, Some("a rule that nobody worded"));
        assert_eq!(unknown, advice(language, Code::Unknown));
    }
}

/// What a member cannot act on is not said: the rules are those that the core has.
#[test]
fn every_worded_rule_is_one_of_the_cores() {
    let core = code(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    for (rule, _) in RULES {
        assert!(core.matches(&format!("\"{rule}\"")).count() > 1, "no rule says {rule}");
    }
}

#[test]
fn javanese_marks_what_needs_a_native_reader() {
    for (file, text) in sources(Language::Javanese) {
        assert!(text.contains("### NATIVE READER:"), "{file}");
    }
}
