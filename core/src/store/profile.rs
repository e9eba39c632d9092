//! Who is enrolled here, how the server is reached, and what the server's time was.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::rows;
use crate::cose::PublicKey;
use crate::domain::{CooperativeId, DeviceId, MemberNo, Name, TimeZone, Timestamp};
use crate::error::{Error, Result};
use crate::protocol::problem::Code;

/// The enrolment.
pub(crate) struct Profile {
    pub(crate) cooperative: CooperativeId,
    pub(crate) member: MemberNo,
    pub(crate) server: String,
    pub(crate) device: DeviceId,
    pub(crate) cooperative_name: Name,
    pub(crate) member_name: Name,
    pub(crate) zone: TimeZone,
    pub(crate) federation: bool,
}

/// Access to the server.
#[derive(Clone)]
pub(crate) struct Access {
    pub(crate) access: String,
    pub(crate) expires_at: Timestamp,
    pub(crate) refresh: String,
}

/// The server's time at a moment of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TimeMark {
    pub(crate) server: Timestamp,
    pub(crate) boot: String,
    pub(crate) boot_seconds: i64,
}

pub(crate) fn create(tx: &Transaction<'_>, profile: &Profile, access: &Access, mark: &TimeMark) -> Result<()> {
    tx.execute(
        "INSERT INTO profile VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        params![
            profile.cooperative.as_str(),
            profile.member.as_str(),
            profile.server,
            profile.device.as_bytes(),
            profile.cooperative_name.as_str(),
            profile.member_name.as_str(),
            profile.zone.as_str(),
            profile.federation,
            access.access,
            access.expires_at.seconds(),
            access.refresh,
            mark.server.seconds(),
            mark.boot,
            mark.boot_seconds,
        ],
    )?;
    Ok(())
}

/// The same member on a new enrolment: another device, and another server or other keys if need be.
pub(crate) fn replace(tx: &Transaction<'_>, profile: &Profile, access: &Access, mark: &TimeMark) -> Result<()> {
    tx.execute("DELETE FROM profile", [])?;
    tx.execute("DELETE FROM checkpoint_key", [])?;
    forget_card(tx)?;
    create(tx, profile, access, mark)
}

pub(crate) fn load(db: &Connection) -> Result<Profile> {
    let mut select = db.prepare_cached(
        "SELECT cooperative, member, server, device, cooperative_name, member_name, time_zone, federation FROM profile",
    )?;
    let profile = rows::one(&mut select, [], |row| {
        Ok(Profile {
            cooperative: rows::text(row, 0, CooperativeId::new)?,
            member: rows::text(row, 1, MemberNo::new)?,
            server: row.get(2)?,
            device: rows::checked(row, 3, |bytes: Vec<u8>| DeviceId::from_bytes(&bytes))?,
            cooperative_name: rows::text(row, 4, Name::new)?,
            member_name: rows::text(row, 5, Name::new)?,
            zone: rows::text(row, 6, str::parse::<TimeZone>)?,
            federation: row.get(7)?,
        })
    })?;
    profile.ok_or_else(|| Error::new(Code::NotEnrolled))
}

pub(crate) fn access(db: &Connection) -> Result<Access> {
    let mut select = db.prepare_cached("SELECT access_token, access_expires_at, refresh_token FROM profile")?;
    let access = rows::one(&mut select, [], |row| {
        Ok(Access { access: row.get(0)?, expires_at: rows::instant(row, 1)?, refresh: row.get(2)? })
    })?;
    access.ok_or_else(|| Error::new(Code::NotEnrolled))
}

pub(crate) fn set_access(tx: &Transaction<'_>, access: &str, expires_at: Timestamp) -> Result<()> {
    tx.execute("UPDATE profile SET access_token = ?1, access_expires_at = ?2", params![access, expires_at.seconds()])?;
    Ok(())
}

pub(crate) fn time_mark(db: &Connection) -> Result<TimeMark> {
    let mut select = db.prepare_cached("SELECT server_time, boot, boot_seconds FROM profile")?;
    let mark = rows::one(&mut select, [], |row| {
        Ok(TimeMark { server: rows::instant(row, 0)?, boot: row.get(1)?, boot_seconds: row.get(2)? })
    })?;
    mark.ok_or_else(|| Error::new(Code::NotEnrolled))
}

pub(crate) fn set_time_mark(tx: &Transaction<'_>, mark: &TimeMark) -> Result<()> {
    tx.execute(
        "UPDATE profile SET server_time = ?1, boot = ?2, boot_seconds = ?3",
        params![mark.server.seconds(), mark.boot, mark.boot_seconds],
    )?;
    Ok(())
}

/// The names that the register gives now.
pub(crate) fn set_names(tx: &Transaction<'_>, cooperative: &Name, member: &Name, zone: TimeZone) -> Result<()> {
    tx.execute(
        "UPDATE profile SET cooperative_name = ?1, member_name = ?2, time_zone = ?3",
        params![cooperative.as_str(), member.as_str(), zone.as_str()],
    )?;
    Ok(())
}

pub(crate) fn pin(tx: &Transaction<'_>, kid: u8, key: &PublicKey) -> Result<()> {
    tx.execute("INSERT INTO checkpoint_key VALUES (?1, ?2)", params![kid, key.as_bytes()])?;
    Ok(())
}

pub(crate) fn forget_keys_before(tx: &Transaction<'_>, kid: u8) -> Result<()> {
    let forgotten = tx.prepare_cached("DELETE FROM checkpoint_key WHERE kid < ?1")?.execute([kid])?;
    // The spare still believes them; the next opening makes a new one.
    if forgotten > 0
        && let Some(path) = tx.path()
        && let Err(fault) = std::fs::remove_file(super::spare(path.as_ref()))
        && fault.kind() != std::io::ErrorKind::NotFound
    {
        return Err(Error::because(Code::StoreWrite, fault));
    }
    Ok(())
}

pub(crate) fn pinned(db: &Connection) -> Result<Vec<(u8, PublicKey)>> {
    let mut select = db.prepare_cached("SELECT kid, public_key FROM checkpoint_key")?;
    rows::all(&mut select, [], |row| {
        Ok((row.get(0)?, rows::checked(row, 1, |bytes: Vec<u8>| PublicKey::from_sec1(&bytes))?))
    })
}

/// The federation's newest trust list, as signed.
pub(crate) fn trust_list(db: &Connection) -> Result<Option<Vec<u8>>> {
    Ok(db.prepare_cached("SELECT bytes FROM trust_list")?.query_row([], |row| row.get(0)).optional()?)
}

/// The same with its sequence number.
pub(crate) fn trust_list_seq(db: &Connection) -> Result<Option<(Vec<u8>, u64)>> {
    let mut select = db.prepare_cached("SELECT bytes, seq FROM trust_list")?;
    rows::one(&mut select, [], |row| Ok((row.get(0)?, row.get(1)?)))
}

pub(crate) fn set_trust_list(tx: &Transaction<'_>, bytes: &[u8], seq: u64) -> Result<()> {
    tx.execute("INSERT OR REPLACE INTO trust_list VALUES (1, ?1, ?2)", params![bytes, seq])?;
    Ok(())
}

/// The member's card and when it expires.
pub(crate) fn card(db: &Connection) -> Result<Option<(Vec<u8>, Timestamp)>> {
    let mut select = db.prepare_cached("SELECT bytes, expires_at FROM card")?;
    rows::one(&mut select, [], |row| Ok((row.get(0)?, rows::instant(row, 1)?)))
}

/// The next sync fetches a new one.
pub(crate) fn forget_card(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM card", [])?;
    Ok(())
}

pub(crate) fn set_card(tx: &Transaction<'_>, bytes: &[u8], expires_at: Timestamp) -> Result<()> {
    tx.execute("INSERT OR REPLACE INTO card VALUES (1, ?1, ?2)", params![bytes, expires_at.seconds()])?;
    Ok(())
}
