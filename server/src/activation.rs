//! Activation codes: what the office prints for a member, and what it takes to use one.
//!
//! The database keeps PBKDF2 of a code, never the code. Five wrong ones lock it for ten minutes, and every further one
//! again. Eight digits bear no more guesses than that, whoever makes them; the price is that a stranger who knows a member's
//! number and never stops guessing can keep that member from enrolling (docs/reliability.md). An attempt is written before
//! it is checked, so that cutting the power does not give another.

use std::num::NonZeroU32;

use anggota::cose::Signer;
use anggota::domain::{DeviceId, MemberNo, MemberStatus, Timestamp};
use anggota::protocol::problem::Code;
use ring::pbkdf2;
use ring::rand::SecureRandom;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::changes::{self, Change};
use crate::cooperative::Cooperative;
use crate::keys::IssuerKeys;
use crate::members;
use crate::refusal::Refusal;

/// How long a code is good: 7 days, in seconds.
pub const LIFE_SECONDS: i64 = 7 * 86_400;
/// Wrong codes until it is locked.
pub const MAX_ATTEMPTS: u32 = 5;
/// How long it is locked, in seconds.
pub const LOCK_SECONDS: i64 = 600;

/// Reckoned when compiled: a zero here would not build.
const ITERATIONS: NonZeroU32 = NonZeroU32::new(10_000).unwrap();
const SALT_BYTES: usize = 16;
const VERIFIER_BYTES: usize = 32;
/// A code has 8 digits.
const CODES: u32 = 100_000_000;

/// A new code, for the eyes of the member and nobody else.
pub struct Activation {
    /// Eight digits, shown as 4-4.
    pub code: String,
    /// When it runs out.
    pub expires_at: Timestamp,
    /// SHA-256 of the cooperative's checkpoint key, in hex: what the phone pins without a trust list.
    pub server_key: String,
}

/// Makes a code for a member, in place of any earlier one.
pub fn activate(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    member: &MemberNo,
    keys: &IssuerKeys,
    officer: Option<&str>,
    now: Timestamp,
    rng: &dyn SecureRandom,
) -> Result<Activation, Refusal> {
    let member = members::find(transaction, cooperative, member)?.ok_or_else(members::unknown)?;
    if member.status == MemberStatus::Left {
        return Err(Refusal::because(Code::NotPossible, "Anggota ini sudah keluar; kode aktivasi tidak dibuat."));
    }
    let code = new_code(rng)?;
    let mut salt = [0; SALT_BYTES];
    rng.fill(&mut salt)?;
    let expires_at = now.plus(LIFE_SECONDS);
    transaction.execute(
        "INSERT INTO activation (cooperative, member, verifier, salt, expires_at) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET verifier = ?3, salt = ?4, expires_at = ?5, attempts = 0, locked_until = 0,
           device = NULL",
        params![cooperative.number, member.number, verifier(&code, &salt), salt, expires_at.seconds()],
    )?;
    let (subject, after) = (format!("member:{}", member.no), expires_at.to_string());
    let officer = Some(officer.unwrap_or(changes::OFFICE));
    let change = Change { officer, subject: &subject, field: "activation", before: "", after: &after };
    changes::append(transaction, cooperative.number, now, &change)?;
    let (left, right) = code.split_at(4);
    let server_key = data_encoding::HEXLOWER.encode(&keys.checkpoint.signer.public_key().thumbprint());
    Ok(Activation { code: format!("{left}-{right}"), expires_at, server_key })
}

/// Eight random digits, each code as likely as any other.
fn new_code(rng: &dyn SecureRandom) -> Result<String, ring::error::Unspecified> {
    loop {
        let mut bytes = [0; 4];
        rng.fill(&mut bytes)?;
        let number = u32::from_be_bytes(bytes);
        // Beyond the last whole multiple some codes would come up more often.
        if number < u32::MAX / CODES * CODES {
            return Ok(format!("{:08}", number % CODES));
        }
    }
}

fn verifier(code: &str, salt: &[u8]) -> [u8; VERIFIER_BYTES] {
    let mut verifier = [0; VERIFIER_BYTES];
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, ITERATIONS, salt, code.as_bytes(), &mut verifier);
    verifier
}

/// An attempt that was written down and may now be checked.
pub(crate) struct Attempt {
    pub(crate) member: i64,
    pub(crate) expires_at: Timestamp,
    verifier: Vec<u8>,
    salt: Vec<u8>,
}

/// Wrong codes so far, and until when no more are looked at, in seconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tries {
    count: u32,
    locked_until: i64,
}

impl Tries {
    /// After one more; `None` while it is locked.
    pub(crate) fn one_more(self, now: Timestamp) -> Option<Self> {
        if now.seconds() < self.locked_until {
            return None;
        }
        let count = self.count.saturating_add(1).min(MAX_ATTEMPTS);
        let locked_until = if count < MAX_ATTEMPTS { 0 } else { now.plus(LOCK_SECONDS).seconds() };
        Some(Self { count, locked_until })
    }
}

/// Counts an attempt against the member's code. `None`: there is no such member, no code for the member, or it is locked.
pub(crate) fn attempt(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    member: &MemberNo,
    now: Timestamp,
) -> Result<Option<Attempt>, Refusal> {
    let found = transaction
        .prepare_cached(
            "SELECT a.member, a.expires_at, a.verifier, a.salt, a.attempts, a.locked_until
             FROM activation a
             JOIN member m ON m.cooperative = a.cooperative AND m.member = a.member
             WHERE m.cooperative = ?1 AND m.member_no = ?2",
        )?
        .query_row(params![cooperative.number, member.as_str()], |row| {
            let tries = Tries { count: row.get(4)?, locked_until: row.get(5)? };
            Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, tries))
        })
        .optional()?;
    let Some((member, expires_at, verifier, salt, tries)) = found else { return Ok(None) };
    let Some(tries) = tries.one_more(now) else { return Ok(None) };
    set_tries(transaction, cooperative, member, tries)?;
    Ok(Some(Attempt { member, expires_at: Timestamp::from_seconds(expires_at)?, verifier, salt }))
}

/// Whether the code is the one of the attempt. Without an attempt it takes as long and the answer is no.
pub(crate) fn check(attempt: Option<&Attempt>, code: &str) -> bool {
    let nobody = ([0; VERIFIER_BYTES], [0; SALT_BYTES]);
    let (verifier, salt) = attempt.map_or((&nobody.0[..], &nobody.1[..]), |a| (&a.verifier, &a.salt));
    let is_same = pbkdf2::verify(pbkdf2::PBKDF2_HMAC_SHA256, ITERATIONS, salt, code.as_bytes(), verifier).is_ok();
    is_same && attempt.is_some()
}

/// How the code that an attempt was made for stands now.
pub(crate) enum Standing {
    /// The member has another code in the meantime.
    Replaced,
    /// No device used it yet.
    Unused,
    /// This device used it, maybe by the same request that was sent a moment before and whose answer was lost.
    UsedBy(DeviceId),
}

/// How the code of the attempt stands now.
pub(crate) fn standing(
    connection: &Connection,
    cooperative: &Cooperative,
    attempt: &Attempt,
) -> Result<Standing, Refusal> {
    let found: Option<(Vec<u8>, Option<Vec<u8>>)> = connection
        .prepare_cached("SELECT salt, device FROM activation WHERE cooperative = ?1 AND member = ?2")?
        .query_row((cooperative.number, attempt.member), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    Ok(match found {
        Some((salt, None)) if salt == attempt.salt => Standing::Unused,
        Some((salt, Some(device))) if salt == attempt.salt => Standing::UsedBy(DeviceId::from_bytes(&device)?),
        _ => Standing::Replaced,
    })
}

/// The right code came: notes the device that used it and forgets the wrong ones.
pub(crate) fn used_by(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    attempt: &Attempt,
    device: &DeviceId,
) -> Result<(), Refusal> {
    transaction.execute(
        "UPDATE activation SET device = ?3 WHERE cooperative = ?1 AND member = ?2",
        params![cooperative.number, attempt.member, device.as_bytes()],
    )?;
    set_tries(transaction, cooperative, attempt.member, Tries::default())
}

fn set_tries(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    member: i64,
    tries: Tries,
) -> Result<(), Refusal> {
    transaction
        .prepare_cached(
            "UPDATE activation SET attempts = ?3, locked_until = ?4 WHERE cooperative = ?1 AND member = ?2",
        )?
        .execute((cooperative.number, member, tries.count, tries.locked_until))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_eight_digits_and_no_two_are_alike() {
        let rng = anggota::entropy::system();
        let mut codes: Vec<_> = (0..50).map(|_| new_code(&rng).unwrap()).collect();
        assert!(codes.iter().all(|code| code.len() == 8 && code.bytes().all(|b| b.is_ascii_digit())));
        codes.sort();
        codes.dedup();
        assert_eq!(codes.len(), 50);
    }

    #[test]
    fn only_the_code_itself_passes_and_nobody_has_none() {
        let salt = vec![1; SALT_BYTES];
        let verifier = verifier("12345678", &salt).to_vec();
        let attempt = Attempt { member: 1, expires_at: Timestamp::EPOCH, verifier, salt };
        assert!(check(Some(&attempt), "12345678"));
        assert!(!check(Some(&attempt), "12345679"));
        assert!(!check(Some(&attempt), ""));
        assert!(!check(None, "12345678"));
    }
}
