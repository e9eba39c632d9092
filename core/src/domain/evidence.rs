//! The promises a server can break, by name.

/// Which promise the server broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum EvidenceKind {
    /// An earlier generation or epoch than one already shown.
    Rollback = 0,
    /// Another content for the same generation, or a generation that does not follow the one held.
    Fork = 1,
    /// An account whose entries do not reach its signed head.
    Mismatch = 2,
    /// Entries that were shown before are missing or differ.
    PastChanged = 3,
    /// No broken promise: the store on this device was damaged, set aside and built anew from the server.
    Rebuilt = 4,
}

impl EvidenceKind {
    /// The kind of that number.
    pub fn from_number(number: u8) -> Option<Self> {
        [Self::Rollback, Self::Fork, Self::Mismatch, Self::PastChanged, Self::Rebuilt]
            .into_iter()
            .find(|kind| *kind as u8 == number)
    }

    /// Its word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rollback => "rollback",
            Self::Fork => "fork",
            Self::Mismatch => "mismatch",
            Self::PastChanged => "past_changed",
            Self::Rebuilt => "rebuilt",
        }
    }
}
