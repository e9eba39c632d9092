//! What a change notice is about.

/// What changed; a shell asks again for what it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Topic {
    /// Balances and heads.
    Balances,
    /// Entries.
    Transactions,
    /// Requests.
    Requests,
    /// The card.
    Card,
    /// The member's register and what the cooperative offers.
    Register,
    /// A warning was added.
    Warnings,
    /// A sync began, ended or failed.
    Sync,
}

impl Topic {
    /// Its word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Balances => "balances",
            Self::Transactions => "transactions",
            Self::Requests => "requests",
            Self::Card => "card",
            Self::Register => "register",
            Self::Warnings => "warnings",
            Self::Sync => "sync",
        }
    }
}
