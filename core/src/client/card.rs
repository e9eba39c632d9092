//! The membership card on the screen.

use super::{CardView, Client};
use crate::card::SHOW_RENEWAL;
use crate::card::qr::{SHOW_WIDTH, qr};
use crate::error::{Error, Result};
use crate::protocol::problem::Code;

impl Client {
    /// A card to show: signed now, good for two minutes, to be renewed every 30 seconds. Needs no network.
    pub async fn show_card(&self) -> Result<CardView> {
        let text = self.engine.present().await?;
        let code = qr(&text, SHOW_WIDTH).map_err(|fault| Error::because(Code::CardRefused, fault))?;
        let bits = code.rows().flatten().copied().collect();
        Ok(CardView { text, modules: code.width() as u16, bits, expires_in: SHOW_RENEWAL as u32 })
    }
}
