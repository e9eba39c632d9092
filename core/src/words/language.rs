//! In which language and with how much detail a member reads.

use std::fmt;
use std::str::FromStr;

use crate::domain::Invalid;

/// The languages of what a member reads and hears.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Language {
    /// Bahasa Indonesia.
    #[default]
    Indonesian,
    /// Basa Jawa, in its polite register (krama).
    Javanese,
    /// English.
    English,
}

impl Language {
    /// All of them, Indonesian first.
    pub const ALL: [Self; 3] = [Self::Indonesian, Self::Javanese, Self::English];

    /// Its ISO 639-1 code: `id`, `jv`, `en`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Indonesian => "id",
            Self::Javanese => "jv",
            Self::English => "en",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Language {
    type Err = Invalid;
    fn from_str(code: &str) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|language| language.as_str() == code).ok_or(Invalid("a language is id, jv or en"))
    }
}

/// How much a screen says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Level {
    /// Few things, in whole words, for large type.
    Plain,
    /// Everything that is known, with numbers and proof.
    #[default]
    Full,
}

impl Level {
    /// Both, the plainer first.
    pub const ALL: [Self; 2] = [Self::Plain, Self::Full];

    /// `plain` or `full`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Full => "full",
        }
    }
}

impl FromStr for Level {
    type Err = Invalid;
    fn from_str(word: &str) -> Result<Self, Invalid> {
        Self::ALL.into_iter().find(|level| level.as_str() == word).ok_or(Invalid("a level is plain or full"))
    }
}
