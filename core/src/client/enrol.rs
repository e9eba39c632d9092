//! Becoming a member's device. The store comes into being whole, once the server has said yes and its key is believed.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::{Client, OpenOptions, ProfileId, folder::Folder, rescue};
use crate::card::TrustList;
use crate::clock::Clock;
use crate::cose::{PublicKey, Signer};
use crate::domain::{CooperativeId, MemberNo};
use crate::engine::{self, OpenStore, blocking};
use crate::entropy;
use crate::error::{Error, Result};
use crate::failpoint;
use crate::keys::{KeyVault, ProfileSigner};
use crate::protocol::enrolment::{Enrol, Enrolled, code_digits};
use crate::protocol::problem::Code;
use crate::store::profile::{self, Access, Profile, TimeMark};
use crate::store::salvage::{self, Salvaged};
use crate::store::{Store, StoreKey, Transaction, outbox};
use crate::transport::{Transport, split_address};

/// Why the phone believes that the server's checkpoint key is the cooperative's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// The SHA-256 printed with the activation code.
    ServerKey([u8; 32]),
    /// The first key the server shows, with the member's consent.
    FirstUse,
    /// The federation's trust list, under the roots given to open.
    Federation,
}

/// What a member brings from the office.
#[derive(Clone)]
pub struct Enrolment {
    /// The server's address and the cooperative: `https://server.example/handayani`.
    pub server_url: String,
    /// The member's number.
    pub member: MemberNo,
    /// The activation code, as typed.
    pub code: String,
    /// Why the server's key is believed.
    pub trust: Trust,
}

/// The server's base address and the cooperative, of an address as a member types or scans it: for a shell that says what is
/// wrong with it before the code is asked for.
pub fn read_address(address: &str) -> Result<(String, CooperativeId)> {
    let (server, cooperative) = split_address(address)?;
    Ok((server, CooperativeId::new(cooperative)?))
}

impl Client {
    /// Enrols this device and opens the profile. Safe to repeat with the same code when the answer was lost. A member who is
    /// enrolled here already (a revoked device, a lost access) becomes a new device: what is held stays and must still be
    /// in the books, and everything in the outbox is signed again under the same ids.
    pub async fn enrol(options: OpenOptions, enrolment: Enrolment) -> Result<Self> {
        let (server, cooperative) = read_address(&enrolment.server_url)?;
        let code = code_digits(&enrolment.code)
            .ok_or_else(|| Error::new(Code::InvalidInput).detail("the activation code is digits only"))?;
        let id = ProfileId { cooperative, member_no: enrolment.member.clone() };
        let folder = Folder::of(&options.data_dir, &id);
        let (for_lock, vault) = (folder.clone(), options.vault.clone());
        let (lock, held, least) = blocking(move || {
            for_lock.create()?;
            let lock = for_lock.lock()?;
            let held = if for_lock.exists() { held(&for_lock, &vault)? } else { Held::Nothing };
            let least = held.trust_list_seq(&for_lock)?;
            Ok((lock, held, least))
        })
        .await?;
        let (keys, alias) = (options.device_key.clone(), folder.alias());
        let signer = Arc::new(blocking(move || ProfileSigner::new(keys, &alias)).await?);
        failpoint::here("enrol.keyed");
        let transport = Transport::new(&options.tls_roots)?;
        let list = match enrolment.trust {
            Trust::Federation => Some(engine::trust_list(&transport, &server, &options.trust_roots, least).await?),
            Trust::ServerKey(_) | Trust::FirstUse => None,
        };
        let key = *signer.public_key();
        let request = Enrol { member: enrolment.member, code, key };
        let enrolled =
            engine::enrol(&transport, &server, &id.cooperative, &request, signer.clone(), &options.clock, random)
                .await?;
        failpoint::here("enrol.answered");
        let pinned = believed(&enrolled, enrolment.trust, list.as_ref().map(|(_, list)| list), &id.cooperative)?;
        let draft = Draft { server, id, enrolled, pinned, list, clock: options.clock.clone() };
        let (for_store, vault) = (folder.clone(), options.vault.clone());
        let store = blocking(move || {
            rescue::forget_spare(&for_store);
            let (store, key) = match held {
                Held::Store(store, key) => {
                    draft.renew_store(&store, &*signer)?;
                    failpoint::here("enrol.renewed");
                    (*store, key)
                }
                Held::Nothing => draft.make_store(&for_store, &vault, &*signer, None, None)?,
                Held::Damaged(key) => {
                    let salvaged = rescue::take_apart(&for_store, key.as_ref())?;
                    failpoint::here("enrol.salvaged");
                    draft.make_store(&for_store, &vault, &*signer, key, Some(&salvaged))?
                }
            };
            rescue::clear_suspicion(&for_store);
            rescue::ensure_spare(&for_store, &key, &store);
            Ok(store)
        })
        .await?;
        Self::with_store(options, folder, OpenStore { store, lock })
    }
}

/// What this device holds of the member already.
enum Held {
    Nothing,
    Store(Box<Store>, StoreKey),
    /// A store that cannot be used, and its key if that is known: the new enrolment takes its place.
    Damaged(Option<StoreKey>),
}

impl Held {
    /// Of the trust list held: an older one is not taken, in which a key may still count that was withdrawn since.
    fn trust_list_seq(&self, folder: &Folder) -> Result<u64> {
        let list = match self {
            Self::Store(store, _) => store.read(profile::trust_list_seq)?,
            Self::Damaged(Some(key)) => salvage::read(&folder.store(), key).trust_list,
            Self::Nothing | Self::Damaged(None) => None,
        };
        Ok(list.map_or(0, |(_, seq)| seq))
    }
}

fn held(folder: &Folder, vault: &Arc<dyn KeyVault>) -> Result<Held> {
    let key = match folder.key(vault) {
        Err(fault) if fault.code() == Code::StoreUnreadable => return Ok(Held::Damaged(None)),
        key => key?,
    };
    Ok(match rescue::usable(folder, &key)? {
        Some(store) => Held::Store(Box::new(store), key),
        None => Held::Damaged(Some(key)),
    })
}

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    ring::rand::SecureRandom::fill(&entropy::system(), &mut bytes).map_err(|_| Error::new(Code::Internal))?;
    Ok(bytes)
}

/// The checkpoint keys to pin; none under a trust list, which names them itself.
fn believed(
    enrolled: &Enrolled,
    trust: Trust,
    list: Option<&TrustList>,
    cooperative: &CooperativeId,
) -> Result<Vec<(u8, PublicKey)>> {
    let keys = &enrolled.checkpoint_keys;
    let pinned: Vec<_> = match trust {
        Trust::FirstUse => keys.clone(),
        Trust::ServerKey(digest) => keys.iter().filter(|(_, key)| key.thumbprint() == digest).cloned().collect(),
        Trust::Federation => {
            let named = list.is_some_and(|list| list.checkpoint_keys(cooperative).next().is_some());
            return if named { Ok(Vec::new()) } else { Err(Error::new(Code::TrustMismatch)) };
        }
    };
    if pinned.is_empty() { Err(Error::new(Code::TrustMismatch)) } else { Ok(pinned) }
}

/// Everything a new store begins with.
struct Draft {
    server: String,
    id: ProfileId,
    enrolled: Enrolled,
    pinned: Vec<(u8, PublicKey)>,
    list: Option<(Vec<u8>, TrustList)>,
    clock: Clock,
}

impl Draft {
    fn parts(&self) -> (Profile, Access, TimeMark) {
        let now = self.clock.wall();
        let Enrolled { device, tokens, cooperative, zone, name, .. } = &self.enrolled;
        let profile = Profile {
            cooperative: self.id.cooperative.clone(),
            member: self.id.member_no.clone(),
            server: self.server.clone(),
            device: *device,
            cooperative_name: cooperative.clone(),
            member_name: name.clone(),
            zone: *zone,
            federation: self.list.is_some(),
        };
        let access = Access {
            access: tokens.access.clone(),
            expires_at: now.plus(i64::from(tokens.expires_in)),
            refresh: tokens.refresh.clone(),
        };
        (profile, access, engine::time_mark(now, &self.clock))
    }

    fn trust(&self, tx: &Transaction<'_>) -> Result<()> {
        self.pinned.iter().try_for_each(|(kid, key)| profile::pin(tx, *kid, key))?;
        self.list.as_ref().map_or(Ok(()), |(bytes, list)| profile::set_trust_list(tx, bytes, list.seq()))
    }

    /// The same member as a new device: all of it in one transaction, signed before it begins.
    fn renew_store(&self, store: &Store, signer: &dyn Signer) -> Result<()> {
        self.sign_again(store, signer, |tx| {
            let (profile, access, mark) = self.parts();
            profile::replace(tx, &profile, &access, &mark)?;
            self.trust(tx)
        })
    }

    /// The outbox signed by the new device, and whatever belongs to the same step.
    fn sign_again(
        &self,
        store: &Store,
        signer: &dyn Signer,
        also: impl FnOnce(&Transaction<'_>) -> Result<()>,
    ) -> Result<()> {
        let commands = store.read(outbox::all)?;
        let sign = |command: &outbox::Queued| {
            let operation = &command.operation;
            let signed = operation.sign(&self.id.cooperative, &self.id.member_no, &self.enrolled.device, signer);
            signed.map(|bytes| (operation.id, bytes)).map_err(|fault| Error::because(Code::KeyFailed, fault))
        };
        let signed = commands.iter().map(sign).collect::<Result<Vec<_>>>()?;
        store.write(|tx| {
            also(tx)?;
            outbox::change_device(tx, &signed)
        })
    }

    /// Makes the store beside its place and moves it there when it is whole, so that a crash leaves no half profile.
    fn make_store(
        &self,
        folder: &Folder,
        vault: &Arc<dyn KeyVault>,
        signer: &dyn Signer,
        key: Option<StoreKey>,
        salvaged: Option<&Salvaged>,
    ) -> Result<(Store, StoreKey)> {
        // The key of a store that is set aside stays the key: a crash before the new store stands must leave it readable.
        let key = match key {
            Some(key) => key,
            None => {
                let key: StoreKey = Zeroizing::new(random()?);
                folder.keep_key(&key, vault)?;
                key
            }
        };
        failpoint::here("enrol.locked");
        let draft = folder.path().join("store.new");
        folder.clear_draft(&draft);
        let store = Store::create(&draft, &key)?;
        store.write(|tx| {
            let (profile, access, mark) = self.parts();
            profile::create(tx, &profile, &access, &mark)?;
            self.trust(tx)?;
            salvaged.map_or(Ok(()), |salvaged| rescue::carry_over(tx, salvaged, self.clock.wall()).map(drop))
        })?;
        // Before it takes its place: a crash must not leave commands that the device of before signed.
        self.sign_again(&store, signer, |_| Ok(()))?;
        store.close()?;
        failpoint::here("enrol.made");
        folder.move_in(&draft, &folder.store())?;
        failpoint::here("enrol.moved");
        Ok((Store::open(&folder.store(), &key)?, key))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::keys::SoftwareKeys;

    #[tokio::test]
    async fn an_enrolment_that_waits_for_another_process_keeps_no_task_waiting() {
        let data = tempfile::tempdir().unwrap();
        let keys = SoftwareKeys::open(&data.path().join("device.keys")).unwrap();
        let options = OpenOptions {
            data_dir: data.path().to_owned(),
            vault: keys.clone(),
            device_key: keys,
            trust_roots: Vec::new(),
            tls_roots: Vec::new(),
            clock: Clock::system(),
        };
        let member = MemberNo::new("A-1").unwrap();
        let enrolment = Enrolment {
            server_url: "http://127.0.0.1:1/contoh".to_owned(),
            member: member.clone(),
            code: "12345678".to_owned(),
            trust: Trust::FirstUse,
        };
        let id = ProfileId { cooperative: CooperativeId::new("contoh").unwrap(), member_no: member };
        let folder = Folder::of(data.path(), &id);
        folder.create().unwrap();
        let _lock = folder.lock().unwrap();
        tokio::select! {
            biased;
            ended = Client::enrol(options, enrolment) => panic!("nothing else ran meanwhile: {:?}", ended.err()),
            () = tokio::time::sleep(Duration::from_millis(1)) => {}
        }
    }
}
