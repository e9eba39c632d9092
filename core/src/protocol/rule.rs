//! The server's own rules: why it refuses a member's command without an officer. The result's reason says the rule twice:
//! by its sentence, for a reader that can only show it, and by its name, for one that has the sentence in the member's
//! language: `SENTENCE (urn:anggota:rule:NAME)`.

use crate::domain::{Invalid, Reason};

/// Before a rule's name.
pub const URN: &str = "urn:anggota:rule:";

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident $word:tt;)+) => {
        /// A rule of the server.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ServerRule { $($(#[$doc])* $name),+ }

        impl ServerRule {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// Its name in a result's reason.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $word),+ }
            }

            /// What it says to the member and what to do, in Indonesian: `core/locales/id/server-rules.ftl`.
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => sentence!(server_rule $word)),+ }
            }
        }
    };
}

rules! {
    /// Only an active member may borrow.
    NotActive "not-active";
    /// The product is not lent any more.
    ProductGone "product-gone";
    /// The product's terms are no longer those that the member saw.
    TermsChanged "terms-changed";
    /// The amount or the term is outside of what the product allows.
    BeyondLimits "beyond-limits";
    /// The member has as many requests waiting as one may have.
    TooManyOpen "too-many-open";
    /// The request to take back or to reply to is taken back.
    AlreadyCancelled "already-cancelled";
    /// The request to take back or to reply to is decided.
    AlreadyDecided "already-decided";
    /// The loan to take is taken.
    AlreadyAccepted "already-accepted";
    /// The request whose loan is to be taken is not approved, or is over.
    NotApproved "not-approved";
    /// The member has no such request.
    NoSuchRequest "no-such-request";
    /// A member does not guarantee the own loan.
    OwnGuarantor "own-guarantor";
    /// A guarantor is an active member of this cooperative.
    GuarantorNotActive "guarantor-not-active";
    /// The member's open requests name as much as one may attach.
    TooMuchAttached "too-much-attached";
    /// The instalments are more than the declared income.
    AboveIncome "above-income";
    /// The product's terms give this loan no instalments to hold an income against.
    NotReckoned "not-reckoned";
    /// The request has as many replies as one may have.
    TooManyReplies "too-many-replies";
}

impl ServerRule {
    /// The rule of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|rule| rule.as_str() == name)
    }

    /// The reason of a result that says it.
    pub fn reason(self) -> Result<Reason, Invalid> {
        Reason::new(&format!("{} ({URN}{})", self.sentence(), self.as_str()))
    }
}

/// The sentence of a result's reason: this version's own of a rule that it knows, the server's of one that it does not know,
/// and an officer's words as they are.
pub fn sentence_of(reason: &str) -> &str {
    let named = reason.strip_suffix(')').and_then(|reason| reason.rsplit_once(" ("));
    let named = named.and_then(|(sentence, urn)| Some((sentence, urn.strip_prefix(URN)?)));
    match named {
        Some((sentence, name)) => match ServerRule::from_name(name) {
            Some(rule) => rule.sentence(),
            None => sentence,
        },
        None => reason,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_says_its_rule_to_old_new_and_foreign_readers() {
        for &rule in ServerRule::ALL {
            let reason = rule.reason().unwrap();
            assert!(rule.sentence().ends_with('.') && reason.as_str().starts_with(rule.sentence()), "{rule:?}");
            assert!(reason.as_str().ends_with(&format!("({URN}{})", rule.as_str())), "{rule:?}");
            assert_eq!(sentence_of(reason.as_str()), rule.sentence());
            assert_eq!(ServerRule::from_name(rule.as_str()), Some(rule));
        }
        // The sentence is put better here than at the server, or the rule is a later version's.
        assert_eq!(sentence_of("Dulu. (urn:anggota:rule:not-active)"), ServerRule::NotActive.sentence());
        assert_eq!(sentence_of("Wajib tanda tangan. (urn:anggota:rule:no-ink)"), "Wajib tanda tangan.");
    }

    #[test]
    fn an_officers_words_stay_as_they_are() {
        for words in
            ["Bawa KTP (asli)", "urn:anggota:rule:not-active", "not-active", "", ")", " (urn:anggota:problem:busy)"]
        {
            assert_eq!(sentence_of(words), words);
        }
    }
}
