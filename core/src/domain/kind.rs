//! What an entry of a ledger is: the kinds that this version knows, by the numbers of the protocol, and those of a newer
//! one that it may pass over.
//!
//! A number says by itself which it is: 0 to 127 must be understood, 128 to 255 may be passed over. An entry of such a kind
//! is kept as it came and counted; only its name is not known here.

use super::{LoanAmounts, Money};

/// The first number of a kind that a reader may pass over.
const FIRST_OPTIONAL: u8 = 128;

/// The number of a kind that this version does not know and may pass over: 128 to 255. It survives the store, and is
/// hashed again as it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OtherKind(u8);

impl OtherKind {
    /// The kind of that number; `None` for one that must be understood.
    pub const fn new(number: u8) -> Option<Self> {
        if number < FIRST_OPTIONAL { None } else { Some(Self(number)) }
    }

    /// Its number in the protocol.
    pub const fn number(self) -> u8 {
        self.0
    }
}

/// The kinds of a ledger's entries: each with its number and word, and beside them those that only a newer version names.
macro_rules! kinds {
    (
        $(#[$doc:meta])*
        $name:ident, {
            [$($(#[$vdoc:meta])* $variant:ident = $number:literal $word:literal),+ $(,)?]
            $(#[$odoc:meta])* $other:ident $other_word:literal
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$vdoc])* $variant,)+
            $(#[$odoc])*
            $other(OtherKind),
        }

        impl $name {
            /// All that have a name, in the order of their numbers. Books and server write no others.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The kind with that number; `None` for one that must be understood and is not known.
            pub fn from_number(number: u8) -> Option<Self> {
                match number {
                    $($number => Some(Self::$variant),)+
                    _ => OtherKind::new(number).map(Self::$other),
                }
            }

            /// Its number in the protocol.
            pub const fn number(self) -> u8 {
                match self {
                    $(Self::$variant => $number,)+
                    Self::$other(kind) => kind.number(),
                }
            }

            /// Its word in the books and in JSON; one that no book says where only its number is known.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                    Self::$other(_) => $other_word,
                }
            }

            /// The kind of that word of the books.
            pub fn from_word(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.as_str() == word)
            }

            /// The number of a kind that this version does not know.
            pub const fn other(self) -> Option<OtherKind> {
                match self {
                    Self::$other(kind) => Some(kind),
                    _ => None,
                }
            }
        }
    };
}

kinds!(
    /// The kinds of entries of a savings account. The numbers are the protocol's.
    SavingsKind, {
        [
            /// Setoran: money paid in.
            Deposit = 0 "deposit",
            /// Penarikan: money taken out.
            Withdrawal = 1 "withdrawal",
            /// Jasa simpanan: interest credited.
            Interest = 2 "interest",
            /// Pajak: tax on interest (PP 15/2009).
            Tax = 3 "tax",
            /// Biaya: a charge.
            Fee = 4 "fee",
            /// Money from another account.
            TransferIn = 5 "transfer_in",
            /// Money to another account.
            TransferOut = 6 "transfer_out",
            /// The exact negative of an earlier entry.
            Reversal = 7 "reversal",
        ]
        /// Of a newer version: a movement like any other, whose name is not known here.
        Other "other"
    }
);

kinds!(
    /// The kinds of entries of a loan. The numbers are the protocol's.
    LoanKind, {
        [
            /// Pencairan: money paid out to the member.
            Disbursement = 0 "disbursement",
            /// Angsuran: an instalment paid.
            Repayment = 1 "repayment",
            /// Denda: a charge for paying late.
            LateCharge = 2 "late_charge",
            /// Keringanan: interest or a late charge forgiven.
            Waiver = 3 "waiver",
            /// The exact negative of an earlier entry.
            Reversal = 4 "reversal",
        ]
        /// Of a newer version: a movement like any other, whose name is not known here.
        Other "other"
    }
);

impl SavingsKind {
    /// Whether an entry of this kind may move so much.
    pub(super) fn allows(self, amount: Money) -> bool {
        match self {
            Self::Deposit | Self::Interest | Self::TransferIn => !amount.is_negative(),
            Self::Withdrawal | Self::Tax | Self::Fee | Self::TransferOut => amount.is_negative(),
            Self::Reversal | Self::Other(_) => true,
        }
    }
}

impl LoanKind {
    /// Whether an entry of this kind may move so much.
    pub(super) fn allows(self, amounts: LoanAmounts) -> bool {
        let LoanAmounts { principal, interest, late_charge } = amounts;
        match self {
            Self::Disbursement => !principal.is_negative() && !principal.is_zero(),
            Self::Repayment => {
                let up = |m: Money| !m.is_negative() && !m.is_zero();
                !up(principal) && !up(interest) && !up(late_charge)
            }
            Self::LateCharge => principal.is_zero() && !late_charge.is_negative() && !late_charge.is_zero(),
            Self::Waiver | Self::Reversal | Self::Other(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number alone says whether a kind that is not known stops the reader.
    #[test]
    fn an_unknown_kind_is_kept_from_128_on_and_stops_below() {
        for number in 0..=u8::MAX {
            let (savings, loan) = (SavingsKind::from_number(number), LoanKind::from_number(number));
            assert_eq!(savings.is_some(), !(8..128).contains(&number), "{number}");
            assert_eq!(loan.is_some(), !(5..128).contains(&number), "{number}");
            assert!(savings.is_none_or(|kind| kind.number() == number && kind.other().is_some() == (number >= 128)));
            assert!(loan.is_none_or(|kind| kind.number() == number && kind.other().is_some() == (number >= 128)));
        }
        assert_eq!((SavingsKind::ALL.len(), LoanKind::ALL.len()), (8, 5));
    }

    #[test]
    fn the_books_have_a_word_for_every_known_kind_and_for_no_other() {
        for &kind in SavingsKind::ALL {
            assert_eq!(SavingsKind::from_word(kind.as_str()), Some(kind));
        }
        for &kind in LoanKind::ALL {
            assert_eq!(LoanKind::from_word(kind.as_str()), Some(kind));
        }
        assert_eq!(SavingsKind::from_number(200).map(SavingsKind::as_str), Some("other"));
        assert_eq!((SavingsKind::from_word("other"), LoanKind::from_word("other")), (None, None));
    }
}
