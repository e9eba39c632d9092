//! Members as the server's rules see them: who they are and how they stand. Never changes the books' own status.

use anggota::domain::{MemberNo, MemberStatus, Name};
use anggota::protocol::problem::Code;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use anggota::domain::Timestamp;

use crate::changes::{self, Change};
use crate::cooperative::Cooperative;
use crate::database::DatabaseError;
use crate::refusal::Refusal;

/// A member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The member's number in this database.
    pub number: i64,
    /// The member's number in the register.
    pub no: MemberNo,
    /// The member's name.
    pub name: Name,
    /// How the member stands: as the books say, unless the office has suspended the member.
    pub status: MemberStatus,
    /// The membership class, as the cooperative calls it; empty for the common one.
    pub class: String,
    /// What the member works in, as the books say it.
    pub sectors: String,
}

const COLUMNS: &str = "SELECT member, member_no, name, status, office_suspended, class, sectors FROM member";

/// The member of that number in the register.
pub fn find(connection: &Connection, cooperative: &Cooperative, no: &MemberNo) -> Result<Option<Member>, Refusal> {
    let sql = format!("{COLUMNS} WHERE cooperative = ?1 AND member_no = ?2");
    one(connection, &sql, params![cooperative.number, no.as_str()])
}

/// The member of that number in this database.
pub(crate) fn get(connection: &Connection, cooperative: &Cooperative, number: i64) -> Result<Member, Refusal> {
    let sql = format!("{COLUMNS} WHERE cooperative = ?1 AND member = ?2");
    one(connection, &sql, params![cooperative.number, number])?
        .ok_or_else(|| rusqlite::Error::QueryReturnedNoRows.into())
}

fn one(connection: &Connection, sql: &str, key: impl rusqlite::Params) -> Result<Option<Member>, Refusal> {
    let mut statement = connection.prepare_cached(sql)?;
    let mut rows = statement.query(key)?;
    rows.next()?.map(of).transpose()
}

fn of(row: &Row<'_>) -> Result<Member, Refusal> {
    let (no, name): (String, String) = (row.get(1)?, row.get(2)?);
    Ok(Member {
        number: row.get(0)?,
        no: MemberNo::new(&no)?,
        name: Name::new(&name)?,
        status: standing(row.get(3)?, row.get(4)?)?,
        class: row.get(5)?,
        sectors: row.get(6)?,
    })
}

/// How a member stands, from the books' status and the office's.
pub(crate) fn standing(books: u8, office_suspended: bool) -> Result<MemberStatus, DatabaseError> {
    const UNKNOWN: anggota::domain::Invalid = anggota::domain::Invalid("a member's status is one of the known numbers");
    Ok(match MemberStatus::from_number(books).ok_or(UNKNOWN)? {
        MemberStatus::Left => MemberStatus::Left,
        _ if office_suspended => MemberStatus::Suspended,
        status => status,
    })
}

/// There is no such member.
pub(crate) fn unknown() -> Refusal {
    Refusal::because(Code::Unknown, "Anggota itu tidak ada di buku anggota; periksa nomornya.")
}

/// Suspends a member, whatever the books say, or ends that; gives how the member stands now. Doing what is done already
/// changes nothing.
pub fn suspend(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    no: &MemberNo,
    suspended: bool,
    officer: &Name,
    now: Timestamp,
) -> Result<MemberStatus, Refusal> {
    let row: Option<(i64, u8, bool)> = transaction
        .query_row(
            "SELECT member, status, office_suspended FROM member WHERE cooperative = ?1 AND member_no = ?2",
            params![cooperative.number, no.as_str()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .optional()?;
    let (member, books, before) = row.ok_or_else(unknown)?;
    if suspended && standing(books, before)? == MemberStatus::Left {
        return Err(Refusal::because(Code::NotPossible, "Anggota ini sudah keluar; tidak ada yang dapat dibekukan."));
    }
    if before != suspended {
        transaction.execute(
            "UPDATE member SET office_suspended = ?3 WHERE cooperative = ?1 AND member = ?2",
            params![cooperative.number, member, suspended],
        )?;
        let word = |on: bool| if on { "1" } else { "0" };
        changes::append(
            transaction,
            cooperative.number,
            now,
            &Change {
                officer: Some(officer.as_str()),
                subject: &format!("member:{no}"),
                field: "office_suspended",
                before: word(before),
                after: word(suspended),
            },
        )?;
    }
    Ok(standing(books, suspended)?)
}
