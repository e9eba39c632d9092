//! What happened and what to do: one sentence for each code of the table of problems, and a closer one where a rule was
//! named.

use super::language::Language;
use super::messages::word;
use crate::protocol::problem::Code;
use crate::protocol::rule::ServerRule;

/// The core's rules that a member can run into, each with its message.
pub(super) const RULES: &[(&str, &str)] = &[
    ("the amount is below the product's smallest loan", "rule-below-smallest"),
    ("the amount is above the product's largest loan", "rule-above-largest"),
    ("the term is longer than the product allows", "rule-too-long"),
    ("the amount asked for is more than 0", "rule-nothing-asked"),
    ("a loan is repaid in 1 to 600 months", "rule-periods"),
    ("the amount lent is more than 0", "rule-nothing-lent"),
    ("the periods free of principal are fewer than all periods", "rule-all-grace"),
    ("interest by the day needs the dates of the loan", "rule-needs-dates"),
    ("a late payment needs the dates of the loan", "rule-needs-dates"),
    ("a day to pay off needs the dates of the loan", "rule-needs-dates"),
    ("the rounding unit is more than 0", "rule-rounding-unit"),
    ("the first instalment falls due after the loan is paid out", "rule-due-before"),
    ("a date lies between 1900-01-01 and 2199-12-31", "rule-date-range"),
    ("an amount of the schedule has more than 15 digits of rupiah", "rule-too-much"),
    ("there are fewer instalments than were said to be paid", "rule-paid-beyond"),
    ("the day to pay off is not before the last paid instalment", "rule-pay-off-early"),
    ("the schedule has no instalment of this number", "rule-all-paid"),
    ("savings are projected over 1 to 600 months", "rule-projection-months"),
    ("the amount deposited is more than 0", "rule-nothing-deposited"),
    ("a term deposit is for 1 to 600 months", "rule-deposit-months"),
    ("a year without a surplus has no SHU to share", "rule-no-surplus"),
    ("jasa usaha and jasa modal together are at most the whole SHU", "rule-shares-beyond"),
    ("a member's figure is a part of all members'", "rule-part-of-all"),
    ("an amount has at most 15 digits of rupiah", "rule-money-too-much"),
    ("not all entries of this loan are held and proven", "rule-loan-unproven"),
    ("this loan has more entries than are matched with a schedule", "rule-loan-too-long"),
    ("this loan has a movement that this version does not know", "rule-loan-other-movement"),
    ("the amount paid is more than 0", "rule-nothing-paid"),
    ("only an active member may ask for a loan", "rule-not-active"),
    ("the instalments are more than the declared income", "rule-above-income"),
    ("a declared income is more than 0", "rule-no-income"),
    ("no loan product has this code", "rule-no-product"),
    ("the products come with the first sync", "rule-products-unknown"),
    ("the request is decided", "rule-decided"),
    ("only an approved loan can be accepted", "rule-not-approved"),
    ("the card comes with the next sync", "rule-card-later"),
    ("the activation code is digits only", "rule-code-digits"),
    ("only https is safe outside of this machine", "rule-https"),
    ("the checkpoint is not this cooperative's", "rule-not-ours"),
    ("the checkpoint is another member's", "rule-another-member"),
    ("a checkpoint comes with the first sync", "rule-no-checkpoint"),
    ("a checkpoint to compare begins with KTB1:", "rule-no-checkpoint-text"),
    ("a member does not guarantee the own loan", "rule-own-guarantor"),
    ("a loan has at most 5 guarantors", "rule-too-many-guarantors"),
    ("a guarantor is named once", "rule-guarantor-twice"),
    ("at most 5 documents are attached", "rule-too-many-documents"),
    ("a document is attached once", "rule-document-twice"),
    ("a document is not empty", "rule-document-empty"),
    ("a document has at most 4 MiB", "rule-document-too-large"),
    ("a document is a JPEG or PNG picture or a PDF file", "rule-document-kind"),
    ("a loan product is chosen first", "rule-no-product-chosen"),
    ("a request says what the loan is for", "rule-no-purpose"),
    ("a purpose has 1 to 200 characters, without a space at either end", "rule-purpose"),
    ("collateral is told in 1 to 500 characters, without a space at either end", "rule-collateral"),
    ("a reply has 1 to 500 characters, without a space at either end", "rule-reply"),
    ("a reply says something to the office", "rule-no-reply"),
    ("a phone keeps at most 20 drafts", "rule-too-many-drafts"),
    ("the draft was sent already", "rule-draft-sent"),
    ("the draft was changed meanwhile", "rule-draft-changed"),
    ("the office has not asked for more", "rule-nothing-asked-back"),
];

/// The sentence of a code; in Indonesian it is [`Code::advice`].
pub fn advice(language: Language, code: Code) -> String {
    word(language, &format!("problem-{}", code.as_str()))
}

/// A reason that stands with a request, in the reader's language where it is this device's own or a rule of the server (the
/// Indonesian sentence of either, as [`crate::views::RequestView`] has it); what an officer wrote stays as it is.
pub fn reason(language: Language, told: &str) -> String {
    let own = Code::ALL.iter().find(|code| code.advice() == told).map(|code| advice(language, *code));
    let rule = || ServerRule::ALL.iter().find(|rule| rule.sentence() == told).map(|rule| server_rule(language, *rule));
    own.or_else(rule).unwrap_or_else(|| told.to_owned())
}

/// The sentence of a rule of the server; in Indonesian it is [`ServerRule::sentence`].
pub(super) fn server_rule(language: Language, rule: ServerRule) -> String {
    word(language, &format!("server-rule-{}", rule.as_str()))
}

/// Why something failed, in a sentence that says what to do: the rule's where one was named that a member can run into
/// (`Error::rule`), otherwise the code's.
pub fn refusal(language: Language, code: Code, rule: Option<&str>) -> String {
    let named = rule.and_then(|rule| RULES.iter().find(|(known, _)| *known == rule));
    named.map_or_else(|| advice(language, code), |(_, id)| word(language, id))
}
