//! The texts and small numbers of a card, each checked where it is made.
//!
//! They are short on purpose: every byte makes the QR code coarser to read. None of them may identify a person to the state.

use std::fmt;
use std::str::FromStr;

use unicode_normalization::{UnicodeNormalization, is_nfc};

use super::CardError;

/// Bytes of UTF-8 that a name on a card may have.
pub const MAX_NAME: usize = 24;
/// Sector codes on one card.
const MAX_SECTORS: usize = 3;
/// The highest sector code.
const MAX_SECTOR: u8 = 23;

/// A debug print, and so a log, shows the kind of a text that may name somebody, never the text.
macro_rules! hidden {
    ($name:ident) => {
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $rule:expr, $sentence:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Checks the rule of this kind of text.
            pub fn new(text: &str) -> Result<Self, CardError> {
                let rule: fn(&str) -> bool = $rule;
                if rule(text) { Ok(Self(text.into())) } else { Err(CardError::Invalid($sentence)) }
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = CardError;
            fn from_str(text: &str) -> Result<Self, CardError> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        hidden!($name);
    };
}

fn lower_id(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'
}

text!(
    /// Whom the card is about, in a way that only its issuer can resolve: 1 to 16 printable ASCII characters. Never a state
    /// identity number or a member number. Eight characters leave room for the longest name.
    Subject,
    |t| (1..=16).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_graphic()),
    "a card's subject has 1 to 16 printable characters without spaces"
);
text!(
    /// A shop's terminal: an id of 1 to 16 of `a-z 0-9 -`, a hyphen and 2 to 4 digits, such as `mart-handayani-01`.
    VerifierId,
    |t| t.rsplit_once('-').is_some_and(|(id, number)| {
        (1..=16).contains(&id.len())
            && id.bytes().all(lower_id)
            && (2..=4).contains(&number.len())
            && number.bytes().all(|b| b.is_ascii_digit())
    }),
    "a verifier's id is 1 to 16 of a-z, 0-9 and -, then a hyphen and 2 to 4 digits"
);

/// The member's name as a shop reads it: NFC, at most 24 bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct CardName(Box<str>);

hidden!(CardName);

impl CardName {
    /// Composes the name (NFC) and cuts it after the last character that ends within 24 bytes.
    pub fn cut(name: &str) -> Result<Self, CardError> {
        Self::cut_to(name, MAX_NAME)
    }

    /// The same within fewer bytes, for a card that would be too long.
    pub fn cut_to(name: &str, bytes: usize) -> Result<Self, CardError> {
        let composed: String = name.trim().nfc().collect();
        let end = composed.floor_char_boundary(bytes.min(MAX_NAME));
        Self::new(composed[..end].trim_end())
    }

    /// A name that already has the form: NFC, 1 to 24 bytes, nothing that could disturb a cashier's screen.
    pub fn new(name: &str) -> Result<Self, CardError> {
        let shown = |c: char| {
            !c.is_control() && !matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        if (1..=MAX_NAME).contains(&name.len()) && is_nfc(name) && name.chars().all(shown) {
            Ok(Self(name.into()))
        } else {
            Err(CardError::Invalid("a name on a card has 1 to 24 bytes in NFC and no control characters"))
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The membership class, a number on the card. Its Display is what a cashier reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberClass(pub u8);

impl MemberClass {
    /// A full member (anggota), UU 25/1992 article 17.
    pub const MEMBER: Self = Self(1);
    /// A candidate member (calon anggota), Permenkop UKM 8/2023.
    pub const CANDIDATE: Self = Self(2);
    /// An extraordinary member (anggota luar biasa), UU 25/1992 article 18.
    pub const EXTRAORDINARY: Self = Self(3);
}

impl fmt::Display for MemberClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::MEMBER => f.write_str("anggota"),
            Self::CANDIDATE => f.write_str("calon anggota"),
            Self::EXTRAORDINARY => f.write_str("anggota luar biasa"),
            // A newer issuer's class: still a member's card, so it is said by its number.
            Self(other) => write!(f, "kelas {other}"),
        }
    }
}

/// At most three sector codes of 0 to 23, what a member works in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sectors(Vec<u8>);

impl Sectors {
    /// Checks number and range of the codes.
    pub fn new(codes: &[u8]) -> Result<Self, CardError> {
        if codes.len() <= MAX_SECTORS && codes.iter().all(|&code| code <= MAX_SECTOR) {
            Ok(Self(codes.to_vec()))
        } else {
            Err(CardError::Invalid("a card has at most 3 sector codes from 0 to 23"))
        }
    }

    /// The codes.
    pub fn codes(&self) -> &[u8] {
        &self.0
    }
}
