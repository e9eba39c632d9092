//! The QR code of a card text: error correction L, alphanumeric, in the smallest version that holds it.
//!
//! Gives modules, never pixels: whoever draws them adds a quiet zone of 4 modules and scales by a whole number.

use fast_qr::{ECL, QRBuilder};

use super::CardError;

/// Modules across the widest code of a shown card (version 12).
pub const SHOW_WIDTH: usize = 65;
/// Modules across the widest code of an answer to a challenge (version 14).
pub const ANSWER_WIDTH: usize = 73;
/// Light modules that belong around the code on every side (ISO/IEC 18004).
pub const QUIET_ZONE: usize = 4;

/// A QR code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Qr {
    width: usize,
    dark: Vec<bool>,
}

impl Qr {
    /// Modules across and down, without a quiet zone.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Whether the module in this column and row is dark. Outside of the code everything is light.
    pub fn is_dark(&self, column: usize, row: usize) -> bool {
        column < self.width && row < self.width && self.dark[row * self.width + column]
    }

    /// The rows from top to bottom, each from left to right; true is dark.
    pub fn rows(&self) -> impl Iterator<Item = &[bool]> {
        self.dark.chunks_exact(self.width)
    }
}

/// The code of a text, if it is at most `max_width` modules wide: [`SHOW_WIDTH`] or [`ANSWER_WIDTH`].
pub fn qr(text: &str, max_width: usize) -> Result<Qr, CardError> {
    let code = QRBuilder::new(text).ecl(ECL::L).build().map_err(|_| CardError::QrTooWide)?;
    if code.size > max_width {
        return Err(CardError::QrTooWide);
    }
    let dark = (0..code.size).flat_map(|row| code[row].iter().map(|module| module.value())).collect();
    Ok(Qr { width: code.size, dark })
}
