//! SHU (sisa hasil usaha): what a member's part of the year's surplus would be by the published figures.

use crate::domain::loan::{Ratio, TO_THE_SEN};
use crate::domain::{Invalid, Money, Rate, TOO_MUCH};

/// The year's figures as published to the members' meeting, and the member's own. All are kept in the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShuFigures {
    /// The surplus to be shared.
    pub surplus: Money,
    /// The part of it for jasa usaha (0.25 is 25%).
    pub business_share: Rate,
    /// The part of it for jasa modal.
    pub capital_share: Rate,
    /// The business of all members: their loans, or what they bought.
    pub total_business: Money,
    /// Simpanan pokok and wajib of all members.
    pub total_capital: Money,
    /// The member's business.
    pub member_business: Money,
    /// The member's simpanan pokok and wajib.
    pub member_capital: Money,
}

/// A member's part, with every figure it was reckoned from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShuShare {
    /// What it was reckoned from.
    pub figures: ShuFigures,
    /// For business done: jasa usaha.
    pub for_business: Money,
    /// For savings: jasa modal.
    pub for_capital: Money,
    /// Both.
    pub total: Money,
}

impl ShuFigures {
    /// The member's part, each of the two to the nearest sen. Refused where a member's figure is above all members', or the
    /// two parts are more than the whole.
    pub fn share(self) -> Result<ShuShare, Invalid> {
        if self.surplus.is_negative() {
            return Err(Invalid("a year without a surplus has no SHU to share"));
        }
        if self.business_share.e8() + self.capital_share.e8() > 100_000_000 {
            return Err(Invalid("jasa usaha and jasa modal together are at most the whole SHU"));
        }
        let for_business = self.part(self.business_share, self.member_business, self.total_business)?;
        let for_capital = self.part(self.capital_share, self.member_capital, self.total_capital)?;
        let total = for_business.checked_add(for_capital).ok_or(TOO_MUCH)?;
        Ok(ShuShare { figures: self, for_business, for_capital, total })
    }

    fn part(&self, share: Rate, member: Money, total: Money) -> Result<Money, Invalid> {
        if member.is_negative() || member > total || total <= Money::ZERO {
            return Err(Invalid("a member's figure is a part of all members'"));
        }
        // Surplus and share first, to the sen over 10^8: with the member's figure they would not fit together.
        let pool = i128::from(self.surplus.sen()) * i128::from(share.e8());
        let (whole, rest) = (pool / i128::from(total.sen()), pool % i128::from(total.sen()));
        let member = i128::from(member.sen());
        let value = (whole * member).checked_add(rest * member / i128::from(total.sen())).ok_or(TOO_MUCH)?;
        TO_THE_SEN.round(Ratio::new(value, 100_000_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// beritaharianku.com/2900, Koperasi Alis Jaya.
    fn alis_jaya() -> ShuFigures {
        let rp = |rupiah| Money::from_rupiah(rupiah).unwrap();
        ShuFigures {
            surplus: rp(60_000_000),
            business_share: "0.25".parse().unwrap(),
            capital_share: "0.20".parse().unwrap(),
            total_business: rp(75_000_000),
            total_capital: rp(100_000_000),
            member_business: rp(5_000_000),
            member_capital: rp(2_000_000),
        }
    }

    #[test]
    fn a_published_share_is_the_same_here_and_names_its_figures() {
        let share = alis_jaya().share().unwrap();
        assert_eq!(share.for_business, Money::from_rupiah(1_000_000).unwrap());
        assert_eq!(share.for_capital, Money::from_rupiah(240_000).unwrap());
        assert_eq!(share.total, Money::from_rupiah(1_240_000).unwrap());
        assert_eq!(share.figures, alis_jaya());
    }

    #[test]
    fn the_largest_figures_are_reckoned() {
        let figures = ShuFigures {
            surplus: Money::MAX,
            total_business: Money::MAX,
            member_business: Money::MAX,
            total_capital: Money::MAX,
            member_capital: Money::from_sen(1).unwrap(),
            ..alis_jaya()
        };
        let share = figures.share().unwrap();
        assert_eq!(share.for_business.sen(), 25_000_000_000_000_000);
        assert_eq!(share.for_capital, Money::ZERO);
    }

    #[test]
    fn figures_that_contradict_each_other_are_refused() {
        let all = alis_jaya();
        assert!(ShuFigures { member_business: all.surplus, total_business: Money::ZERO, ..all }.share().is_err());
        assert!(ShuFigures { member_capital: Money::MAX, ..all }.share().is_err());
        assert!(ShuFigures { business_share: "0.9".parse().unwrap(), ..all }.share().is_err());
        assert!(ShuFigures { surplus: Money::from_sen(-1).unwrap(), ..all }.share().is_err());
    }
}
