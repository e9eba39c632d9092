//! The member's card: fetched when it is missing or grows old, shown without a network.

use std::sync::Arc;

use super::{Engine, blocking};
use crate::card::{Card, CardError, KeyUse, TrustList};
use crate::cose::Signer;
use crate::domain::{Timestamp, Topic};
use crate::error::{Error, Result};
use crate::failpoint;
use crate::protocol::problem::Code;
use crate::protocol::{CBOR, enrolment};
use crate::store::profile;
use crate::transport;

impl Engine {
    /// Fetches a card when there is none, or one with fewer than 60 days left.
    pub(crate) async fn renew_card(self: &Arc<Self>) -> Result<()> {
        let (now, held) = (self.now()?, self.store.read(profile::card)?);
        if held.is_some_and(|(bytes, _)| Card::from_bytes(&bytes).is_ok_and(|card| !card.should_renew(now.seconds()))) {
            return Ok(());
        }
        let response = self.call("card", Vec::new(), CBOR).await?;
        let body = transport::body(response, enrolment::MAX_BYTES).await?;
        let engine = self.clone();
        blocking(move || engine.take_card(&body)).await?;
        failpoint::here("card.kept");
        self.tell(Topic::Card);
        Ok(())
    }

    fn take_card(&self, body: &[u8]) -> Result<()> {
        let bytes = enrolment::decode_card(body).map_err(|fault| Error::because(Code::NotAServer, fault))?;
        let card = Card::from_bytes(&bytes).map_err(|fault| Error::because(Code::NotVerified, fault))?;
        let signer = self.signer()?;
        let ours = card.claims().holder == *signer.public_key();
        if !ours || card.claims().issuer != self.identity.cooperative {
            return Err(Error::new(Code::NotVerified).detail("the card is not this device's"));
        }
        self.check_issuer(&card)?;
        let expires_at = Timestamp::from_seconds(card.expires_at())?;
        self.store.write(|tx| profile::set_card(tx, &bytes, expires_at))
    }

    /// Under a trust list the phone checks its own card as a shop would; without one only the shop can.
    fn check_issuer(&self, card: &Card) -> Result<()> {
        let Some(list) = self.store.read(profile::trust_list)? else { return Ok(()) };
        let not_verified = |fault| Error::because(Code::NotVerified, fault);
        let list = TrustList::read(&list, &self.roots, 0).map_err(not_verified)?;
        let issuer = list.issuer(&self.identity.cooperative);
        let key = issuer.and_then(|issuer| issuer.key(card.kid(), KeyUse::Card));
        let key = key.ok_or_else(|| Error::new(Code::NotVerified).detail("the card's key is not in the trust list"))?;
        card.verify(&key.key).map_err(|fault| Error::because(Code::NotVerified, fault))
    }

    /// Brings the federation's trust list up to date, where the phone follows one.
    pub(crate) async fn renew_trust_list(self: &Arc<Self>) -> Result<()> {
        if !self.identity.federation {
            return Ok(());
        }
        let held = self.store.read(profile::trust_list)?;
        let least = held.as_ref().and_then(|bytes| TrustList::read(bytes, &self.roots, 0).ok()).map_or(0, |l| l.seq());
        let (bytes, list) = super::trust_list(&self.transport, &self.identity.server, &self.roots, least).await?;
        if held.as_ref() == Some(&bytes) {
            return Ok(());
        }
        let engine = self.clone();
        blocking(move || engine.store.write(|tx| profile::set_trust_list(tx, &bytes, list.seq()))).await
    }

    /// The text to show: signed now by the device's key. Needs no network.
    pub(crate) async fn present(self: &Arc<Self>) -> Result<String> {
        let engine = self.clone();
        blocking(move || {
            let held = engine.store.read(profile::card)?;
            let none = || Error::new(Code::CardRefused).detail("the card comes with the next sync");
            let (bytes, _) = held.ok_or_else(none)?;
            let card = Card::from_bytes(&bytes).map_err(|fault| Error::because(Code::StoreUnreadable, fault))?;
            let (nonce, signer) = (engine.random()?, engine.signer()?);
            // The card was issued after the last freshness statement, and clocks are read in whole seconds: it is at least
            // as late as the card says.
            let now = engine.now()?.seconds().max(card.issued_at());
            card.show(now, nonce, &*signer).map_err(|fault| {
                // The card was read before: what can go wrong with COSE now is the key's signature.
                let code = if matches!(fault, CardError::Cose(_)) { Code::KeyFailed } else { Code::CardRefused };
                Error::because(code, fault)
            })
        })
        .await
    }
}
