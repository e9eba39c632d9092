//! What happened and what to do: one sentence for each code of the table of problems, and a closer one where a rule was
//! named.

use super::language::Language;
use super::messages::word;
use crate::protocol::problem::Code;

/// The core's rules that a member can run into, each with its message.
pub(super) const RULES: &[(&str, &str)] = &[
    ("the amount is below the product's smallest loan", "rule-below-smallest"),
    ("the amount is above the product's largest loan", "rule-above-largest"),
    ("the term is longer than the product allows", "rule-too-long"),
    ("the amount asked for is more than 0", "rule-nothing-asked"),
    ("a loan is repaid in 1 to 600 months", "rule-periods"),
    ("no loan product has this code", "rule-no-product"),
    ("the products come with the first sync", "rule-products-unknown"),
    ("the request is decided", "rule-decided"),
    ("the card comes with the next sync", "rule-card-later"),
    ("the activation code is digits only", "rule-code-digits"),
    ("only https is safe outside of this machine", "rule-https"),
];

/// The sentence of a code. The Indonesian one is the table's own, [`Code::advice`].
pub fn advice(language: Language, code: Code) -> String {
    word(language, &format!("problem-{}", code.as_str()))
}

/// Why something failed, in a sentence that says what to do: the rule's where one was named that a member can run into
/// (`Error::rule`), otherwise the code's.
pub fn refusal(language: Language, code: Code, rule: Option<&str>) -> String {
    let named = rule.and_then(|rule| RULES.iter().find(|(known, _)| *known == rule));
    named.map_or_else(|| advice(language, code), |(_, id)| word(language, id))
}
