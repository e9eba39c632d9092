//! What a payment pays first: the product's allocation order.

use std::fmt;
use std::str::FromStr;

use crate::domain::product::words;
use crate::domain::{Invalid, Money};

words!(
    /// A part of what a member owes on a loan.
    Component, "an allocation order names denda, jasa, biaya and pokok", {
        /// Denda: charges for paying late.
        LateCharge = 0 "denda",
        /// Jasa: interest.
        Interest = 1 "jasa",
        /// Biaya: other charges.
        Fee = 2 "biaya",
        /// Pokok: principal.
        Principal = 3 "pokok",
    }
);

/// The order in which a payment pays the parts of an instalment. The default is denda, jasa, biaya, pokok.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AllocationOrder([Component; 4]);

impl Default for AllocationOrder {
    fn default() -> Self {
        Self([Component::LateCharge, Component::Interest, Component::Fee, Component::Principal])
    }
}

impl AllocationOrder {
    /// The order that names these first; what is not named follows in the default order.
    pub fn new(first: &[Component]) -> Result<Self, Invalid> {
        let mut order = Vec::with_capacity(4);
        for component in first {
            if order.contains(component) {
                return Err(Invalid("an allocation order names each part once"));
            }
            order.push(*component);
        }
        let rest = Component::ALL.iter().filter(|component| !first.contains(component));
        order.extend(rest);
        // Four different parts of four.
        order.try_into().map(Self).map_err(|_| Invalid("an allocation order names each part once"))
    }

    /// The parts, first to last.
    pub fn components(&self) -> [Component; 4] {
        self.0
    }

    /// Divides a payment among what is owed, the oldest instalment first and each in this order.
    pub fn allot(&self, payment: Money, owed: &[Owed]) -> Allotment {
        let mut rest = payment.max(Money::ZERO);
        let mut paid = Vec::with_capacity(owed.len());
        for owed in owed {
            let mut part = Owed::default();
            for component in self.0 {
                let amount = owed.of(component).max(Money::ZERO).min(rest);
                *part.of_mut(component) = amount;
                rest = rest.checked_sub(amount).unwrap_or_default();
            }
            paid.push(part);
        }
        Allotment { paid, rest }
    }
}

impl FromStr for AllocationOrder {
    type Err = Invalid;

    /// Reads `denda jasa biaya pokok`: words (or the ledger's `late_charge`, `interest`, `fee`, `principal`) between
    /// spaces, commas, semicolons or `>`. An empty text is the default.
    fn from_str(text: &str) -> Result<Self, Invalid> {
        let words = text.split([' ', ',', ';', '>']).filter(|word| !word.is_empty());
        let components = words.map(|word| match word {
            "late_charge" => Ok(Component::LateCharge),
            "interest" => Ok(Component::Interest),
            "fee" => Ok(Component::Fee),
            "principal" => Ok(Component::Principal),
            word => word.parse(),
        });
        Self::new(&components.collect::<Result<Vec<_>, _>>()?)
    }
}

impl fmt::Display for AllocationOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c, d] = self.0.map(Component::as_str);
        write!(f, "{a} {b} {c} {d}")
    }
}

/// What is owed on an instalment, or what of it a payment pays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Owed {
    /// Denda.
    pub late_charge: Money,
    /// Jasa.
    pub interest: Money,
    /// Biaya.
    pub fee: Money,
    /// Pokok.
    pub principal: Money,
}

impl Owed {
    fn of(&self, component: Component) -> Money {
        match component {
            Component::LateCharge => self.late_charge,
            Component::Interest => self.interest,
            Component::Fee => self.fee,
            Component::Principal => self.principal,
        }
    }

    fn of_mut(&mut self, component: Component) -> &mut Money {
        match component {
            Component::LateCharge => &mut self.late_charge,
            Component::Interest => &mut self.interest,
            Component::Fee => &mut self.fee,
            Component::Principal => &mut self.principal,
        }
    }
}

/// How a payment is divided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allotment {
    /// What it pays of each, in the order given.
    pub paid: Vec<Owed>,
    /// What is left of it.
    pub rest: Money,
}
