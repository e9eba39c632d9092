//! The phones of members: their keys, their tokens' hashes, and whether they still may come in.

use anggota::cose::PublicKey;
use anggota::domain::{DeviceId, Invalid, MemberNo, Timestamp};
use anggota::protocol::Hash;
use anggota::protocol::problem::Code;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::changes::{self, Change};
use crate::cooperative::Cooperative;
use crate::refusal::Refusal;
use crate::token::{ACCESS_SECONDS, Token};

/// A device as access knows it.
pub(crate) struct Device {
    pub(crate) id: DeviceId,
    pub(crate) member: i64,
    pub(crate) key: PublicKey,
    pub(crate) is_revoked: bool,
    pub(crate) access: Hash,
    pub(crate) access_expires_at: Timestamp,
    pub(crate) refresh: Hash,
}

/// The device of that id, if it is of this cooperative.
pub(crate) fn find(
    connection: &Connection,
    cooperative: &Cooperative,
    id: &DeviceId,
) -> Result<Option<Device>, Refusal> {
    let mut statement = connection.prepare_cached(
        "SELECT device, member, public_key, revoked_at IS NOT NULL, access_hash, access_expires_at, refresh_hash FROM device
         WHERE cooperative = ?1 AND device = ?2",
    )?;
    let mut rows = statement.query(params![cooperative.number, id.as_bytes()])?;
    rows.next()?.map(of).transpose()
}

/// Refuses a device that was revoked since its request was let in.
pub(crate) fn hold(connection: &Connection, cooperative: &Cooperative, id: &DeviceId) -> Result<(), Refusal> {
    let is_good: bool = connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM device WHERE cooperative = ?1 AND device = ?2 AND revoked_at IS NULL)",
        )?
        .query_row(params![cooperative.number, id.as_bytes()], |row| row.get(0))?;
    if is_good { Ok(()) } else { Err(Code::DeviceRevoked.into()) }
}

fn of(row: &Row<'_>) -> Result<Device, Refusal> {
    let (id, key): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(2)?);
    Ok(Device {
        id: DeviceId::from_bytes(&id)?,
        member: row.get(1)?,
        key: PublicKey::from_sec1(&key).map_err(|_| Invalid("a device's key is a point of P-256"))?,
        is_revoked: row.get(3)?,
        access: row.get(4)?,
        access_expires_at: Timestamp::from_seconds(row.get(5)?)?,
        refresh: row.get(6)?,
    })
}

/// A new device of a member.
pub(crate) fn add(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    member: i64,
    id: &DeviceId,
    key: &PublicKey,
    now: Timestamp,
) -> Result<(), Refusal> {
    // Its tokens are set in the same transaction; a hash of nothing lets nobody in.
    transaction.execute(
        "INSERT INTO device (cooperative, device, member, public_key, enrolled_at, access_hash, access_expires_at, refresh_hash)
         VALUES (?1, ?2, ?3, ?4, ?5, x'', 0, x'')",
        params![cooperative.number, id.as_bytes(), member, key.as_bytes().as_slice(), now.seconds()],
    )?;
    Ok(())
}

/// Makes this the device's access token from now on.
pub(crate) fn set_access(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    id: &DeviceId,
    access: &Token,
    now: Timestamp,
) -> Result<(), Refusal> {
    let expires_at = now.plus(ACCESS_SECONDS.into()).seconds();
    transaction.execute(
        "UPDATE device SET access_hash = ?3, access_expires_at = ?4 WHERE cooperative = ?1 AND device = ?2",
        params![cooperative.number, id.as_bytes(), access.hash(), expires_at],
    )?;
    Ok(())
}

/// Makes this the token that renews the device's access.
pub(crate) fn set_refresh(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    id: &DeviceId,
    refresh: &Token,
) -> Result<(), Refusal> {
    transaction.execute(
        "UPDATE device SET refresh_hash = ?3 WHERE cooperative = ?1 AND device = ?2",
        params![cooperative.number, id.as_bytes(), refresh.hash()],
    )?;
    Ok(())
}

/// A device as the office sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: DeviceId,
    /// Whose it is.
    pub member: MemberNo,
    /// When it was enrolled.
    pub enrolled_at: Timestamp,
    /// Whether it was revoked.
    pub is_revoked: bool,
}

/// All devices, the oldest first.
pub fn list(connection: &Connection, cooperative: &Cooperative) -> Result<Vec<Listed>, Refusal> {
    let mut statement = connection.prepare(
        "SELECT d.device, m.member_no, d.enrolled_at, d.revoked_at IS NOT NULL FROM device d
         JOIN member m ON m.cooperative = d.cooperative AND m.member = d.member
         WHERE d.cooperative = ?1 ORDER BY d.enrolled_at, d.device",
    )?;
    let mut rows = statement.query([cooperative.number])?;
    let mut devices = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, member): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
        devices.push(Listed {
            id: DeviceId::from_bytes(&id)?,
            member: MemberNo::new(&member)?,
            enrolled_at: Timestamp::from_seconds(row.get(2)?)?,
            is_revoked: row.get(3)?,
        });
    }
    Ok(devices)
}

/// Shuts a device out for ever and sets its cards invalid. Doing so twice changes nothing.
pub fn revoke(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    id: &DeviceId,
    officer: Option<&str>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let key = params![cooperative.number, id.as_bytes()];
    let revoked: Option<bool> = transaction
        .query_row("SELECT revoked_at IS NOT NULL FROM device WHERE cooperative = ?1 AND device = ?2", key, |row| {
            row.get(0)
        })
        .optional()?;
    match revoked {
        None => Err(Refusal::because(
            Code::Unknown,
            "Perangkat itu tidak ada; lihat daftarnya dengan anggota-server device list.",
        )),
        Some(true) => Ok(()),
        Some(false) => {
            let now_seconds = now.seconds();
            transaction.execute(
                "UPDATE device SET revoked_at = ?3 WHERE cooperative = ?1 AND device = ?2",
                params![cooperative.number, id.as_bytes(), now_seconds],
            )?;
            transaction.execute("UPDATE card SET invalid = 1 WHERE cooperative = ?1 AND device = ?2", key)?;
            let subject = format!("device:{id}");
            let (officer, after) = (Some(officer.unwrap_or(changes::OFFICE)), now_seconds.to_string());
            let change = Change { officer, subject: &subject, field: "revoked_at", before: "", after: &after };
            changes::append(transaction, cooperative.number, now, &change)?;
            Ok(())
        }
    }
}
