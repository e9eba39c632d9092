//! Membership cards and what is known of each: issued to a device, withdrawn with it, listed for the shops.
//!
//! A card's place in the status list is never used again. Never issues a card to a member who is suspended or has left.

use std::sync::Arc;

use anggota::card::{
    self, Card, CardClaims, CardName, CardNotIssued, MemberClass, Sectors, Status, StatusList, Subject,
};
use anggota::domain::{CooperativeId, MemberStatus, Timestamp};
use anggota::protocol::problem::Code;
use anggota::protocol::{CBOR, enrolment};
use axum::response::Response;
use ring::rand::SecureRandom;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::access::Caller;
use crate::cooperative::Cooperative;
use crate::devices;
use crate::keys::{IssuerKey, IssuerKeys};
use crate::members::{self, Member};
use crate::refusal::Refusal;
use crate::routes::with_type;
use crate::service::Service;

/// New cards of one device in a day; more of them come from a phone gone wrong, and their places are never used again.
const MAX_A_DAY: u32 = 4;
const DAY_SECONDS: i64 = 86_400;
/// Random bytes of a card's subject: eight characters.
const SUBJECT_BYTES: usize = 5;

/// POST card: the device's card, or a new one when it has none, the one it has grows old, or the member changed.
pub(crate) fn answer(service: &Arc<Service>, caller: &Caller, _: &[u8]) -> Result<Response, Refusal> {
    let keys = service.keys(&caller.cooperative)?;
    let find = |connection: &Connection| current(connection, caller);
    let bytes = match service.read(find)? {
        Some(card) => card.bytes().to_vec(),
        None => service.write(|transaction| issue(transaction, caller, &keys.card, &*service.rng))?,
    };
    Ok(with_type(CBOR, enrolment::encode_card(&bytes)))
}

/// The device's newest card, if it is good for a while and says what the register says.
fn current(connection: &Connection, caller: &Caller) -> Result<Option<Card>, Refusal> {
    let member = standing(connection, caller)?;
    let Some(card) = newest(connection, caller)? else { return Ok(None) };
    let claims = card.claims();
    let said =
        CardClaims { status_index: claims.status_index, ..self::claims(&member, caller, claims.subject.clone())? };
    // Sectors may have been left out for want of room.
    let is_same = *claims == said || *claims == CardClaims { sectors: Sectors::default(), ..said };
    Ok(Some(card).filter(|card| is_same && !card.should_renew(caller.now.seconds())))
}

/// The device's newest card that was not withdrawn.
fn newest(connection: &Connection, caller: &Caller) -> Result<Option<Card>, Refusal> {
    let bytes: Option<Vec<u8>> = connection
        .prepare_cached(
            "SELECT bytes FROM card WHERE cooperative = ?1 AND device = ?2 AND invalid = 0
             ORDER BY status_index DESC LIMIT 1",
        )?
        .query_row(params![caller.cooperative.number, caller.device.as_bytes()], |row| row.get(0))
        .optional()?;
    Ok(bytes.map(|bytes| Card::from_bytes(&bytes)).transpose()?)
}

fn count_of_day(connection: &Connection, caller: &Caller, member: &Member) -> Result<u32, Refusal> {
    let since = caller.now.seconds() - DAY_SECONDS;
    let count = connection
        .prepare_cached(
            "SELECT count(*) FROM card WHERE cooperative = ?1 AND member = ?2 AND device = ?3 AND issued_at > ?4",
        )?
        .query_row(params![caller.cooperative.number, member.number, caller.device.as_bytes(), since], |row| {
            row.get(0)
        })?;
    Ok(count)
}

/// The member, if he may have a card on this device.
fn standing(connection: &Connection, caller: &Caller) -> Result<Member, Refusal> {
    devices::hold(connection, &caller.cooperative, &caller.device)?;
    let member = members::get(connection, &caller.cooperative, caller.member.number)?;
    match member.status {
        MemberStatus::Active | MemberStatus::Candidate => Ok(member),
        MemberStatus::Suspended | MemberStatus::Left => Err(Code::CardRefused.into()),
    }
}

/// Signs a new card. The member's cards on other devices end with it; an older one of this device runs out by itself, in
/// case the answer is lost.
fn issue(
    transaction: &Transaction<'_>,
    caller: &Caller,
    key: &IssuerKey,
    rng: &dyn SecureRandom,
) -> Result<Vec<u8>, Refusal> {
    // Two requests of one device may come at once.
    if let Some(card) = current(transaction, caller)? {
        return Ok(card.bytes().to_vec());
    }
    let cooperative = &caller.cooperative;
    let member = standing(transaction, caller)?;
    if count_of_day(transaction, caller, &member)? >= MAX_A_DAY {
        let card = newest(transaction, caller)?.ok_or(Code::TooManyAttempts)?;
        return Ok(card.bytes().to_vec());
    }
    let index: u32 = transaction.query_row(
        "SELECT coalesce(max(status_index) + 1, 0) FROM card WHERE cooperative = ?1",
        [cooperative.number],
        |row| row.get(0),
    )?;
    let subject = match subject(transaction, cooperative, member.number)? {
        Some(subject) => subject,
        None => new_subject(rng)?,
    };
    let claims = CardClaims { status_index: index, ..claims(&member, caller, subject)? };
    let sign = |claims: &CardClaims| card::issue(claims, caller.now.seconds(), key.kid, &key.signer);
    let card = match sign(&claims) {
        // A long name goes before what the member works in.
        Err(CardNotIssued::TooLong { .. }) => sign(&CardClaims { sectors: Sectors::default(), ..claims })?,
        signed => signed?,
    };
    transaction.execute(
        "UPDATE card SET invalid = 1 WHERE cooperative = ?1 AND member = ?2 AND device <> ?3",
        params![cooperative.number, member.number, caller.device.as_bytes()],
    )?;
    transaction.execute(
        "INSERT INTO card (cooperative, status_index, device, member, issued_at, expires_at, bytes)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![
            cooperative.number,
            index,
            caller.device.as_bytes(),
            member.number,
            card.issued_at(),
            card.expires_at(),
            card.bytes()
        ],
    )?;
    Ok(card.bytes().to_vec())
}

/// What the register has to say; its place in the status list is not known here.
fn claims(member: &Member, caller: &Caller, subject: Subject) -> Result<CardClaims, Refusal> {
    Ok(CardClaims {
        issuer: caller.cooperative.id.clone(),
        subject,
        holder: caller.key,
        name: Some(CardName::cut(member.name.as_str())?),
        class: class_of(member),
        status_index: 0,
        sectors: sectors_of(member),
        approval: false,
    })
}

/// The class on the card. A class the cooperative made up is no other kind of membership.
fn class_of(member: &Member) -> MemberClass {
    match (member.status, member.class.to_lowercase().as_str()) {
        (MemberStatus::Candidate, _) => MemberClass::CANDIDATE,
        (_, "luar biasa" | "anggota luar biasa") => MemberClass::EXTRAORDINARY,
        _ => MemberClass::MEMBER,
    }
}

/// The sectors on the card: the numbers in the books' text, or none when they are not three codes.
fn sectors_of(member: &Member) -> Sectors {
    let words = member.sectors.split(|c: char| !c.is_ascii_digit()).filter(|word| !word.is_empty());
    let codes: Option<Vec<u8>> = words.map(|word| word.parse().ok()).collect();
    codes.and_then(|codes| Sectors::new(&codes).ok()).unwrap_or_default()
}

/// What the member is called on earlier cards.
fn subject(connection: &Connection, cooperative: &Cooperative, member: i64) -> Result<Option<Subject>, Refusal> {
    let bytes: Option<Vec<u8>> = connection
        .query_row(
            "SELECT bytes FROM card WHERE cooperative = ?1 AND member = ?2 ORDER BY status_index DESC LIMIT 1",
            (cooperative.number, member),
            |row| row.get(0),
        )
        .optional()?;
    Ok(bytes.map(|bytes| Card::from_bytes(&bytes)).transpose()?.map(|card| card.claims().subject.clone()))
}

/// A name for the member that only this database can resolve.
fn new_subject(rng: &dyn SecureRandom) -> Result<Subject, Refusal> {
    let mut random = [0; SUBJECT_BYTES];
    rng.fill(&mut random)?;
    Ok(Subject::new(&data_encoding::BASE32_NOPAD.encode(&random))?)
}

/// The name of a cooperative's status list, as its entry in the trust list and the list itself say it. No address: a shop
/// holds the two against each other, and the list comes to it by many ways.
pub fn status_uri(cooperative: &CooperativeId) -> String {
    format!("urn:anggota:status-list:{cooperative}")
}

/// Signs the list of the status of every card the cooperative ever issued. It is never dated before an earlier one,
/// whatever the clock says: shops keep the list with the latest date.
pub fn status_list(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    keys: &IssuerKeys,
    now: Timestamp,
) -> Result<Vec<u8>, Refusal> {
    let at: i64 = transaction.query_row(
        "UPDATE cooperative SET status_list_at = max(status_list_at, ?2) WHERE cooperative = ?1 RETURNING status_list_at",
        (cooperative.number, now.seconds()),
        |row| row.get(0),
    )?;
    let mut statement = transaction.prepare(
        "SELECT c.status_index, c.invalid OR d.revoked_at IS NOT NULL, m.status, m.office_suspended FROM card c
         JOIN member m ON m.cooperative = c.cooperative AND m.member = c.member
         LEFT JOIN device d ON d.cooperative = c.cooperative AND d.device = c.device
         WHERE c.cooperative = ?1 ORDER BY c.status_index",
    )?;
    let mut rows = statement.query([cooperative.number])?;
    let mut statuses = Vec::new();
    while let Some(row) = rows.next()? {
        let (index, is_invalid): (u32, bool) = (row.get(0)?, row.get(1)?);
        // A place without a card: it was issued after the backup that this database was restored from, if ever.
        statuses.resize(index as usize, Status::Invalid);
        statuses.push(match members::standing(row.get(2)?, row.get(3)?)? {
            _ if is_invalid => Status::Invalid,
            MemberStatus::Left => Status::Invalid,
            MemberStatus::Suspended => Status::Suspended,
            MemberStatus::Active | MemberStatus::Candidate => Status::Valid,
        });
    }
    Ok(StatusList::sign(&status_uri(&cooperative.id), statuses, at, keys.status.kid, &keys.status.signer)?)
}
