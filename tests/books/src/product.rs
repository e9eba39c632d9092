//! The products the generated cooperative offers. Never a rate above the caps of Permenkop UKM 8/2023
//! (loans 24% a year, art. 27; savings 9%, art. 26).

/// A savings product; the order is the order of the type column in the format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Savings {
    Pokok,
    Wajib,
    Sukarela,
    Berjangka,
}

impl Savings {
    pub(crate) const ALL: [Self; 4] = [Self::Pokok, Self::Wajib, Self::Sukarela, Self::Berjangka];

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Pokok => "SP",
            Self::Wajib => "SW",
            Self::Sukarela => "SS",
            Self::Berjangka => "SB",
        }
    }

    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Pokok => "pokok",
            Self::Wajib => "wajib",
            Self::Sukarela => "sukarela",
            Self::Berjangka => "berjangka",
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Pokok => "Simpanan Pokok",
            Self::Wajib => "Simpanan Wajib",
            Self::Sukarela => "Simpanan Sukarela",
            Self::Berjangka => "Simpanan Berjangka",
        }
    }

    /// Thousandths a year.
    pub(crate) fn yearly_rate(self) -> i64 {
        match self {
            Self::Pokok | Self::Wajib => 0,
            Self::Sukarela => 30,
            Self::Berjangka => 60,
        }
    }
}

/// A loan product, named by how its interest is reckoned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Loan {
    Harian,
    Flat,
    Menurun,
    Anuitas,
}

impl Loan {
    pub(crate) const ALL: [Self; 4] = [Self::Harian, Self::Flat, Self::Menurun, Self::Anuitas];

    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::Harian => "PH",
            Self::Flat => "PF",
            Self::Menurun => "PM",
            Self::Anuitas => "PA",
        }
    }

    pub(crate) fn method(self) -> &'static str {
        match self {
            Self::Harian => "harian",
            Self::Flat => "flat",
            Self::Menurun => "menurun",
            Self::Anuitas => "anuitas",
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Harian => "Pinjaman Harian Pasar",
            Self::Flat => "Pinjaman Konsumtif",
            Self::Menurun => "Pinjaman Usaha",
            Self::Anuitas => "Pinjaman Renovasi Rumah",
        }
    }

    /// Thousandths a month.
    pub(crate) fn monthly_rate(self) -> i64 {
        match self {
            Self::Harian => 20,
            Self::Flat => 12,
            Self::Menurun => 18,
            Self::Anuitas => 15,
        }
    }

    /// The longest term, in months.
    pub(crate) fn max_periods(self) -> u32 {
        match self {
            Self::Harian => 180,
            _ => 120,
        }
    }
}

/// A rate in thousandths as the format wants it.
pub(crate) fn thousandths(rate: i64) -> String {
    if rate == 0 { "0".to_owned() } else { format!("0.{rate:03}") }
}
