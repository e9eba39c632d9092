//! Names and numbers that come from outside, each checked once, where it enters.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use super::Invalid;

/// A text with a rule: construction is the check, so that a value that exists is a good one.
macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $rule:expr, $sentence:literal) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Box<str>);

        impl $name {
            /// Checks the rule of this kind of text.
            pub fn new(text: &str) -> Result<Self, Invalid> {
                let rule: fn(&str) -> bool = $rule;
                if rule(text) { Ok(Self(text.into())) } else { Err(Invalid($sentence)) }
            }

            /// The text as given.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = Invalid;
            fn from_str(text: &str) -> Result<Self, Invalid> {
                Self::new(text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        // These may name a person: a debug print, and so a log, shows the kind only.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    };
}

/// Between `min` and `max` characters, none of them a control character, no space at either end.
fn plain(text: &str, min: usize, max: usize) -> bool {
    let count = text.chars().take(max + 1).count();
    (min..=max).contains(&count) && text.trim() == text && !text.chars().any(char::is_control)
}

/// Free text of an entry: as written in the books, at most `max` characters, no control characters.
fn free(text: &str, max: usize) -> bool {
    // Nearly every text is plain ASCII, where bytes are characters; a fold has no early end and so is done many at a time.
    let is_plain = |byte: u8| (b' '..=b'~').contains(&byte);
    if text.len() <= max && text.bytes().fold(true, |all, byte| all & is_plain(byte)) {
        return true;
    }
    text.chars().take(max + 1).count() <= max && !text.chars().any(char::is_control)
}

text!(
    /// A cooperative's id in its federation: 1 to 16 of `a-z 0-9 -`.
    CooperativeId,
    |t| (1..=16).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'),
    "a cooperative's id has 1 to 16 characters of a-z, 0-9 and -"
);
text!(
    /// A member's number in the cooperative's register: 1 to 32 characters.
    MemberNo,
    |t| plain(t, 1, 32),
    "a member number has 1 to 32 characters, without a space at either end"
);
text!(
    /// The number of a savings account or a loan; both share one number space: 1 to 32 of `A-Z a-z 0-9 . -`.
    AccountNo,
    |t| (1..=32).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-'),
    "an account number has 1 to 32 characters of A-Z, a-z, 0-9, point and -"
);
text!(
    /// A savings or loan product's code: 1 to 32 characters.
    ProductCode,
    |t| plain(t, 1, 32),
    "a product code has 1 to 32 characters, without a space at either end"
);
text!(
    /// The name of a person, a cooperative or a product: 1 to 100 characters.
    Name,
    |t| plain(t, 1, 100),
    "a name has 1 to 100 characters, without a space at either end"
);
text!(
    /// What the books say an entry is: at most 200 characters, may be empty.
    Description,
    |t| free(t, 200),
    "a description has at most 200 characters and no control characters"
);
text!(
    /// The voucher or counterparty of an entry: at most 100 characters, may be empty.
    Reference,
    |t| free(t, 100),
    "a reference has at most 100 characters and no control characters"
);
text!(
    /// What a member wants a loan for: 1 to 200 characters.
    Purpose,
    |t| plain(t, 1, 200),
    "a purpose has 1 to 200 characters, without a space at either end"
);
text!(
    /// What a member pledges for a loan, in own words: 1 to 500 characters.
    Collateral,
    |t| plain(t, 1, 500),
    "collateral is told in 1 to 500 characters, without a space at either end"
);
text!(
    /// What a member says when the office asked for more: 1 to 500 characters.
    ReplyText,
    |t| plain(t, 1, 500),
    "a reply has 1 to 500 characters, without a space at either end"
);
text!(
    /// Why an officer decided as he did, in words for the member: 1 to 200 characters.
    Reason,
    |t| plain(t, 1, 200),
    "a reason has 1 to 200 characters, without a space at either end"
);

macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id: a version 7 UUID (RFC 9562) of this millisecond and these random bytes.
            pub fn new(unix_millis: u64, random: [u8; 10]) -> Self {
                Self(uuid::Builder::from_unix_timestamp_millis(unix_millis, &random).into_uuid())
            }

            /// From its 16 bytes.
            pub fn from_bytes(bytes: &[u8]) -> Result<Self, Invalid> {
                Uuid::from_slice(bytes).map(Self).map_err(|_| Invalid("an id is a UUID of 16 bytes"))
            }

            /// Its 16 bytes.
            pub fn as_bytes(&self) -> &[u8; 16] {
                self.0.as_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.as_hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = Invalid;
            fn from_str(text: &str) -> Result<Self, Invalid> {
                Uuid::try_parse(text).map(Self).map_err(|_| Invalid("an id is written as a UUID"))
            }
        }
    };
}

uuid_id!(
    /// An operation of the outbox; a loan request carries the same id on the phone and at the office.
    OperationId
);
uuid_id!(
    /// One enrolment of one phone. Every enrolment makes a new one.
    DeviceId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_holds_its_rule() {
        assert!(CooperativeId::new("handayani-1").is_ok());
        for bad in ["", "Handayani", "a b", "abcdefghijklmnopq", "é"] {
            assert!(CooperativeId::new(bad).is_err(), "{bad}");
        }
        assert!(AccountNo::new("SS-00001.a").is_ok());
        for bad in ["", "a/b", "a b", &"x".repeat(33)] {
            assert!(AccountNo::new(bad).is_err(), "{bad}");
        }
        assert!(MemberNo::new("001/KSP/2019").is_ok());
        for bad in ["", " 1", "1\n", "1\u{0}2"] {
            assert!(MemberNo::new(bad).is_err());
        }
        assert!(Description::new("").is_ok());
        assert!(Description::new("a\tb").is_err());
        assert!(Description::new(&"é".repeat(200)).is_ok());
        assert!(Description::new(&"é".repeat(201)).is_err());
    }

    #[test]
    fn a_debug_print_names_nobody() {
        assert_eq!(format!("{:?}", Name::new("Siti").unwrap()), "Name(..)");
    }

    #[test]
    fn an_operation_id_is_a_version_7_uuid() {
        let id = OperationId::new(1_700_000_000_000, [0xff; 10]);
        assert_eq!(id.to_string().as_bytes()[14], b'7');
        assert_eq!(id.to_string().parse(), Ok(id));
        assert!(OperationId::new(1, [0; 10]) < OperationId::new(2, [0; 10]));
    }
}
