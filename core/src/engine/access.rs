//! How a request is let in: the token, its proof of possession, and what to do when the server says they will not do.

use std::sync::{Arc, PoisonError};

use reqwest::Method;

use super::{Engine, blocking};
use crate::card::TrustList;
use crate::clock::Clock;
use crate::cose::{PublicKey, Signer};
use crate::domain::{CooperativeId, Timestamp};
use crate::error::{Error, Result};
use crate::keys::ProfileSigner;
use crate::protocol::CBOR;
use crate::protocol::dpop::{self, Request};
use crate::protocol::enrolment::{self, Enrol, Enrolled};
use crate::protocol::problem::Code;
use crate::store::profile;
use crate::transport::{Outgoing, Refusal, Transport};

/// A request is sent at most this often: for a renewed token, for a corrected clock, for a proof used twice on the way.
const TRIES: u32 = 4;
/// A token is renewed this many seconds before it runs out.
const RENEW_BEFORE_SECONDS: i64 = 60;
/// The media type of a trust list.
const TRUST_LIST: &str = "application/kop-trust+cwt";

impl Engine {
    /// Sends a request to the cooperative's server as this device, and gives the answer with its body still to come.
    pub(super) async fn call(
        self: &Arc<Self>,
        route: &str,
        body: Vec<u8>,
        accept: &'static str,
    ) -> std::result::Result<reqwest::Response, Refusal> {
        let url = format!("{}/v1/{}/{route}", self.identity.server, self.identity.cooperative);
        let mut refused = None;
        for _ in 0..TRIES {
            let token = self.token(refused.take()).await?;
            let proof = self.prove(&url, Some(token.clone())).await.map_err(Refusal::Fault)?;
            let outgoing = Outgoing {
                method: Method::POST,
                url: &url,
                token: Some(&token),
                proof: Some(&proof),
                body: Some(body.clone()),
                accept,
            };
            match self.transport.send(outgoing).await {
                Err(Refusal::Problem { code: Code::TokenExpired, .. }) => refused = Some(token),
                Err(Refusal::Problem { code: Code::ClockOff, server_time: Some(time), .. }) => {
                    self.set_proof_time(time)?;
                }
                Err(Refusal::Problem { code: Code::ProofInvalid, .. }) => {}
                answer => return answer,
            }
        }
        Err(Refusal::Fault(Error::new(Code::ProofInvalid)))
    }

    /// A token that is good for now. Of many callers with the same `refused` token one renews it, the others take over
    /// what it got.
    async fn token(self: &Arc<Self>, refused: Option<String>) -> std::result::Result<String, Refusal> {
        let now = self.now().map_err(Refusal::Fault)?;
        let good = |access: profile::Access| {
            let refused = refused.as_ref() == Some(&access.access);
            (!refused && now.plus(RENEW_BEFORE_SECONDS) < access.expires_at).then_some(access.access)
        };
        let stored = || self.store.read(profile::access).map_err(Refusal::Fault);
        if let Some(token) = good(stored()?) {
            return Ok(token);
        }
        let _turn = self.renewing.lock().await;
        match good(stored()?) {
            Some(token) => Ok(token),
            None => self.renew(stored()?.refresh).await,
        }
    }

    async fn renew(self: &Arc<Self>, refresh: String) -> std::result::Result<String, Refusal> {
        let url = format!("{}/v1/{}/tokens", self.identity.server, self.identity.cooperative);
        let mut last = Refusal::Fault(Error::new(Code::ProofInvalid));
        for _ in 0..TRIES {
            let proof = self.prove(&url, None).await.map_err(Refusal::Fault)?;
            let outgoing = Outgoing {
                method: Method::POST,
                url: &url,
                token: None,
                proof: Some(&proof),
                body: Some(enrolment::encode_renewal(&refresh)),
                accept: CBOR,
            };
            match self.transport.fetch(outgoing, enrolment::MAX_BYTES).await {
                Ok(body) => return self.renewed(&body).await.map_err(Refusal::Fault),
                Err(Refusal::Problem { code: Code::ClockOff, server_time: Some(time), .. }) => {
                    self.set_proof_time(time)?;
                }
                Err(refusal @ Refusal::Problem { code: Code::ProofInvalid, .. }) => last = refusal,
                Err(refusal) => return Err(refusal),
            }
        }
        Err(last)
    }

    async fn renewed(self: &Arc<Self>, body: &[u8]) -> Result<String> {
        let not_ours = |fault| Error::because(Code::NotAServer, fault);
        let (access, seconds) = enrolment::decode_renewed(body).map_err(not_ours)?;
        let expires_at = self.now()?.plus(i64::from(seconds));
        let (engine, token) = (self.clone(), access.clone());
        blocking(move || engine.store.write(|tx| profile::set_access(tx, &token, expires_at))).await?;
        Ok(access)
    }

    async fn prove(self: &Arc<Self>, url: &str, token: Option<String>) -> Result<String> {
        let (engine, url) = (self.clone(), url.to_owned());
        blocking(move || {
            let request = Request { method: "POST", url: &url, token: token.as_deref() };
            prove(&request, engine.proof_now()?, &engine.random()?, &*engine.signer()?)
        })
        .await
    }

    /// The server says what time it is; believed for proofs only, where a wrong time makes them useless and no more.
    fn set_proof_time(&self, seconds: i64) -> std::result::Result<(), Refusal> {
        let server = Timestamp::from_seconds(seconds);
        let server = server.map_err(|fault| Refusal::Fault(Error::because(Code::NotAServer, fault)))?;
        *self.proof_time.lock().unwrap_or_else(PoisonError::into_inner) =
            Some((self.time_mark(server), self.clock.wall()));
        Ok(())
    }
}

fn prove(request: &Request<'_>, now: Timestamp, id: &[u8; 16], signer: &dyn Signer) -> Result<String> {
    dpop::prove(request, now, id, signer).map_err(|fault| Error::because(Code::KeyFailed, fault))
}

/// Makes this phone a device of the member: one request, which may be repeated with the same key and code.
pub(crate) async fn enrol(
    transport: &Transport,
    server: &str,
    cooperative: &CooperativeId,
    request: &Enrol,
    signer: Arc<ProfileSigner>,
    clock: &Clock,
    mut random: impl FnMut() -> Result<[u8; 16]>,
) -> Result<Enrolled> {
    let url = format!("{server}/v1/{cooperative}/enrolments");
    let mut now = clock.wall();
    for _ in 0..TRIES {
        let (signer, for_proof, id) = (signer.clone(), url.clone(), random()?);
        let proof =
            blocking(move || prove(&Request { method: "POST", url: &for_proof, token: None }, now, &id, &*signer))
                .await?;
        let outgoing = Outgoing {
            method: Method::POST,
            url: &url,
            token: None,
            proof: Some(&proof),
            body: Some(request.encode()),
            accept: CBOR,
        };
        match transport.fetch(outgoing, enrolment::MAX_BYTES).await {
            Ok(body) => return Enrolled::decode(&body).map_err(|fault| Error::because(Code::NotAServer, fault)),
            Err(Refusal::Problem { code: Code::ClockOff, server_time: Some(time), .. }) => {
                now = Timestamp::from_seconds(time).map_err(|fault| Error::because(Code::NotAServer, fault))?;
            }
            Err(Refusal::Problem { code: Code::ProofInvalid, .. }) => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    Err(Error::new(Code::ProofInvalid))
}

/// Fetches the federation's trust list and verifies it by one of its roots.
pub(crate) async fn trust_list(
    transport: &Transport,
    server: &str,
    roots: &[PublicKey],
    least_seq: u64,
) -> Result<(Vec<u8>, TrustList)> {
    let url = format!("{server}/v1/trust-list");
    let outgoing =
        Outgoing { method: Method::GET, url: &url, token: None, proof: None, body: None, accept: TRUST_LIST };
    let bytes = transport.fetch(outgoing, crate::card::MAX_TRUST_LIST).await.map_err(Error::from)?;
    let list = TrustList::read(&bytes, roots, least_seq).map_err(|fault| Error::because(Code::NotVerified, fault))?;
    Ok((bytes, list))
}
