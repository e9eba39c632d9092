//! One file of vectors: its keys, how it is written, and how its signatures are made again.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anggota::cose::{CoseError, PublicKey, Signature, Signer, SoftwareSigner};
use data_encoding::{BASE64URL_NOPAD, HEXLOWER};
use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
use serde_json::{Map, Value as Json, json};

const THROW_AWAY: &str = "The private keys are throw-away keys made for this file and protect nothing.";

/// The signers of a file, by role.
pub(crate) struct Keys(Vec<(&'static str, Box<dyn Signer>)>);

impl Keys {
    pub(crate) fn of(&self, role: &str) -> &dyn Signer {
        &*self.0.iter().find(|(name, _)| *name == role).unwrap().1
    }

    pub(crate) fn public(&self, role: &str) -> PublicKey {
        *self.of(role).public_key()
    }
}

/// A key that signs what has no recorded signature yet.
struct Kept {
    recorded: Recorded,
    fresh: SoftwareSigner,
}

impl Signer for Kept {
    fn public_key(&self) -> &PublicKey {
        self.fresh.public_key()
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, CoseError> {
        self.recorded.sign(message).or_else(|_| self.fresh.sign(message))
    }
}

/// A key that signs nothing new: it gives the recorded signature that fits the message.
struct Recorded {
    public: PublicKey,
    signatures: Arc<Vec<Signature>>,
}

impl Signer for Recorded {
    fn public_key(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> Result<Signature, CoseError> {
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, self.public.as_bytes());
        let fits = |signature: &&Signature| key.verify(message, *signature).is_ok();
        self.signatures.iter().find(fits).copied().ok_or(CoseError::SigningFailed)
    }
}

/// Builds the file anew from its own keys and signatures, and holds the two together; gives the file.
pub(crate) fn hold(name: &str, roles: &[&'static str], build: fn(&Keys) -> Json) -> Json {
    let path = path(name);
    if std::env::var_os("ANGGOTA_WRITE_VECTORS").is_some() {
        write(&path, roles, build);
    }
    let file: Json = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let signatures = recorded_signatures(&file);
    let recorded = |role: &&'static str| -> (&'static str, Box<dyn Signer>) {
        let public = PublicKey::from_sec1(&unhex(&file["keys"][*role]["public"])).unwrap();
        (*role, Box::new(Recorded { public, signatures: signatures.clone() }))
    };
    let made = build(&Keys(roles.iter().map(recorded).collect()));
    for (part, content) in file.as_object().unwrap() {
        // Another version of the compressor may pack another way; what it packs is compared.
        if !matches!(part.as_str(), "about" | "keys" | "zstd") {
            assert!(made[part] == *content, "{part} of {name}.json differs from what this code makes");
        }
    }
    assert!(made.as_object().unwrap().keys().all(|part| file.get(part).is_some()), "{name}.json lacks a part");
    file
}

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../tests/vectors/{name}.json"))
}

/// What stands in the file already keeps its key and its signature.
fn write(path: &Path, roles: &[&'static str], build: fn(&Keys) -> Json) {
    let rng = Arc::new(anggota::entropy::system());
    let before: Json = std::fs::read(path).map_or(Json::Null, |text| serde_json::from_slice(&text).unwrap());
    let signatures = recorded_signatures(&before);
    let (mut listed, mut signers) = (Map::new(), Vec::new());
    for role in roles {
        let known = &before["keys"][*role]["pkcs8"];
        let pkcs8 =
            if known.is_null() { SoftwareSigner::generate_pkcs8(&*rng).unwrap().to_vec() } else { unhex(known) };
        let fresh = SoftwareSigner::from_pkcs8(&pkcs8, rng.clone()).unwrap();
        let public = *fresh.public_key();
        listed.insert((*role).to_owned(), json!({ "pkcs8": hex(&pkcs8), "public": hex(public.as_bytes()) }));
        let recorded = Recorded { public, signatures: signatures.clone() };
        signers.push((*role, Box::new(Kept { recorded, fresh }) as Box<dyn Signer>));
    }
    let mut file = build(&Keys(signers));
    let about = "Test vectors of the passbook protocol, version 1: docs/protocol.md and README.md beside this file.";
    if listed.is_empty() {
        file["about"] = about.into();
    } else {
        file["about"] = format!("{about} {THROW_AWAY}").into();
        file["keys"] = listed.into();
    }
    std::fs::write(path, serde_json::to_string_pretty(&file).unwrap() + "\n").unwrap();
}

/// What is judged may hold the other form of a signature that was made: the one that was made is found first.
fn recorded_signatures(file: &Json) -> Arc<Vec<Signature>> {
    let mut found = Vec::new();
    let mut made = file.clone();
    let judged = made.get_mut("judged").map(Json::take).unwrap_or_default();
    signatures(&made, &mut found);
    signatures(&judged, &mut found);
    Arc::new(found)
}

/// Whatever may be a signature: the last 64 bytes of everything in hex, and the last part of every proof.
fn signatures(json: &Json, found: &mut Vec<Signature>) {
    match json {
        Json::String(text) => {
            let bytes = match text.rsplit_once('.') {
                Some((_, last)) => BASE64URL_NOPAD.decode(last.as_bytes()).ok(),
                None => HEXLOWER.decode(text.as_bytes()).ok(),
            };
            found.extend(bytes.as_ref().and_then(|bytes| bytes.last_chunk::<64>()));
        }
        Json::Array(items) => items.iter().for_each(|item| signatures(item, found)),
        Json::Object(fields) => fields.values().for_each(|field| signatures(field, found)),
        _ => {}
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

pub(crate) fn unhex(json: &Json) -> Vec<u8> {
    HEXLOWER.decode(json.as_str().unwrap().as_bytes()).unwrap()
}
