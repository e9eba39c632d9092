//! What a cooperative offers: kinds of savings and loans, with the terms that only it sets.

use super::loan::{LoanDates, LoanPlan, RepaymentTerms};
use super::{Invalid, Money, Name, ProductCode, Rate};

/// A word of a closed list: parsed from the books, shown in JSON, numbered in the protocol.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $sentence:literal, { $($(#[$vdoc:meta])* $variant:ident = $number:literal $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        pub enum $name { $($(#[$vdoc])* $variant = $number),+ }

        impl $name {
            /// All of them, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its word in the books and in JSON.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The one with that number in the protocol.
            pub fn from_number(number: u8) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| *v as u8 == number)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::domain::Invalid;
            fn from_str(word: &str) -> Result<Self, Self::Err> {
                Self::ALL.iter().copied().find(|v| v.as_str() == word).ok_or($crate::domain::Invalid($sentence))
            }
        }
    };
}
pub(super) use words;

words!(
    /// The legal kinds of savings.
    SavingsType, "a savings type is pokok, wajib, sukarela or berjangka", {
        /// Simpanan pokok: paid once on joining, returned on leaving.
        Pokok = 0 "pokok",
        /// Simpanan wajib: paid every month.
        Wajib = 1 "wajib",
        /// Simpanan sukarela: free to withdraw.
        Sukarela = 2 "sukarela",
        /// Simpanan berjangka: a term deposit.
        Berjangka = 3 "berjangka",
    }
);
words!(
    /// How a loan's interest is reckoned.
    LoanMethod, "a loan method is flat, menurun, anuitas or harian", {
        /// Interest on the first principal, every period the same.
        Flat = 0 "flat",
        /// Equal principal, interest on what is left.
        Menurun = 1 "menurun",
        /// Equal instalments.
        Anuitas = 2 "anuitas",
        /// Interest by the day.
        Harian = 3 "harian",
    }
);

/// A savings product, as a phone knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavingsProduct {
    /// Its code in the books.
    pub code: ProductCode,
    /// Its name on the screen.
    pub name: Name,
    /// Its legal kind.
    pub savings_type: SavingsType,
    /// Interest a year.
    pub yearly_rate: Rate,
}

/// A loan product, as a phone knows it: what may be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoanProduct {
    /// Its code in the books.
    pub code: ProductCode,
    /// Its name on the screen.
    pub name: Name,
    /// How interest is reckoned.
    pub method: LoanMethod,
    /// Interest a month (harian uses a thirtieth a day).
    pub rate_per_period: Rate,
    /// Grows with every change of terms.
    pub version: u32,
    /// The least that is lent.
    pub min_principal: Option<Money>,
    /// The most that is lent.
    pub max_principal: Option<Money>,
    /// The most months.
    pub max_periods: Option<u32>,
    /// How it is repaid.
    pub repayment: RepaymentTerms,
}

impl LoanProduct {
    /// Whether this much for this long may be asked for; the sentence names the limit that is passed.
    pub fn accepts(&self, principal: Money, periods: u32) -> Result<(), Invalid> {
        if self.min_principal.is_some_and(|min| principal < min) {
            return Err(Invalid("the amount is below the product's smallest loan"));
        }
        if self.max_principal.is_some_and(|max| principal > max) {
            return Err(Invalid("the amount is above the product's largest loan"));
        }
        if self.max_periods.is_some_and(|max| periods > max) {
            return Err(Invalid("the term is longer than the product allows"));
        }
        Ok(())
    }

    /// A loan of this product as a plan; the limits are not asked.
    pub fn plan(&self, principal: Money, periods: u32, dates: Option<LoanDates>) -> Result<LoanPlan, Invalid> {
        LoanPlan::new(self.method, principal, self.rate_per_period, periods, self.repayment, dates)
    }
}
