//! Checkpoints: what the cooperative signs about the state of all of a member's accounts, made in the transaction that
//! changed a head.
//!
//! Exactly one for each (member, epoch, generation). Never changes or deletes one, never signs on top of one that does
//! not verify.

use anggota::cose::{CoseError, Signer, sha256};
use anggota::domain::{
    AccountNo, AccountStatus, CivilDate, Head, Invalid, LedgerKind, LoanHead, LoanMethod, LoanStatus, LoanTerms,
    MemberNo, Money, ProductCode, Rate, Reason, SavingsHead, Timestamp,
};
use anggota::protocol::checkpoint::{Checkpoint, Reset, SignedCheckpoint, StatementFault};
use anggota::protocol::{Hash, head, merkle};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::cooperative::Cooperative;
use crate::database::DatabaseError;
use crate::keys::{self, KeyError};

/// Why a checkpoint cannot be made or read.
#[derive(Debug, thiserror::Error)]
pub enum CheckpointError {
    /// The key refused.
    #[error(transparent)]
    Sign(#[from] CoseError),
    /// The stored checkpoint before is not one of the cooperative's.
    #[error("a stored checkpoint does not verify; restore the last backup of the database")]
    Stored(#[from] StatementFault),
    /// The keys in the database.
    #[error(transparent)]
    Keys(#[from] KeyError),
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl From<rusqlite::Error> for CheckpointError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Database(error.into())
    }
}

impl From<Invalid> for CheckpointError {
    fn from(invalid: Invalid) -> Self {
        Self::Database(invalid.into())
    }
}

const HEADS: &str = "SELECT kind, account_no, product, status, opened_on, seq, figure, hash, principal, periods, first_due_on, \
     rate_per_period, method, product_version FROM account WHERE cooperative = ?1 AND member = ?2 ORDER BY kind, account_no";

/// The heads of all of a member's accounts, sorted by kind, then by the bytes of the number: the leaves of the
/// checkpoint's tree.
pub fn heads(connection: &Connection, cooperative: &Cooperative, member: i64) -> Result<Vec<Head>, DatabaseError> {
    let mut statement = connection.prepare_cached(HEADS)?;
    let mut rows = statement.query((cooperative.number, member))?;
    let mut heads = Vec::new();
    while let Some(row) = rows.next()? {
        heads.push(head_of(row)?);
    }
    Ok(heads)
}

fn head_of(row: &Row<'_>) -> Result<Head, DatabaseError> {
    const UNKNOWN: Invalid = Invalid("a kind, status or method is one of the known numbers");
    let account = AccountNo::new(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?)?;
    let product = ProductCode::new(row.get_ref(2)?.as_str().map_err(rusqlite::Error::from)?)?;
    let (status, seq, hash): (u8, u32, Hash) = (row.get(3)?, row.get(5)?, row.get(7)?);
    let figure = Money::from_sen(row.get(6)?)?;
    Ok(match LedgerKind::from_number(row.get(0)?).ok_or(UNKNOWN)? {
        LedgerKind::Savings => {
            let status = AccountStatus::from_number(status).ok_or(UNKNOWN)?;
            Head::Savings(SavingsHead { account, seq, balance: figure, hash, product, status })
        }
        LedgerKind::Loan => {
            let terms = LoanTerms {
                product,
                product_version: row.get(13)?,
                method: LoanMethod::from_number(row.get(12)?).ok_or(UNKNOWN)?,
                principal: Money::from_sen(row.get(8)?)?,
                rate_per_period: Rate::from_e8(row.get(11)?)?,
                periods: row.get(9)?,
                disbursed_on: CivilDate::from_days(row.get(4)?)?,
                first_due_on: CivilDate::from_days(row.get(10)?)?,
            };
            let status = LoanStatus::from_number(status).ok_or(UNKNOWN)?;
            Head::Loan(LoanHead { account, seq, outstanding: figure, hash, terms, status })
        }
    })
}

/// The member's newest checkpoint: epoch, generation and the signed bytes. `None` before the first import of the member.
pub fn latest(
    connection: &Connection,
    cooperative: &Cooperative,
    member: i64,
) -> Result<Option<(u64, u64, Vec<u8>)>, DatabaseError> {
    let mut statement = connection.prepare_cached(
        "SELECT epoch, generation, bytes FROM checkpoint WHERE cooperative = ?1 AND member = ?2
         ORDER BY epoch DESC, generation DESC LIMIT 1",
    )?;
    let row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    Ok(statement.query_row((cooperative.number, member), row).optional()?)
}

/// Makes the next checkpoint of a member whose heads changed, the first in this epoch or by this key, and gives its
/// generation.
/// `None`: nothing changed.
pub fn renew(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    member: i64,
    now: Timestamp,
    kid: u8,
    signer: &dyn Signer,
) -> Result<Option<u64>, CheckpointError> {
    let leaves: Vec<_> = heads(transaction, cooperative, member)?.iter().map(head::encode).collect();
    let root = merkle::root(&leaves);
    let newest = latest(transaction, cooperative, member)?;
    let (generation, prev) = match newest {
        Some((epoch, generation, bytes)) if epoch == cooperative.epoch => {
            let is_by_this_key = SignedCheckpoint::parse(&bytes).is_ok_and(|signed| signed.kid() == Some(kid));
            if verify(transaction, cooperative, &bytes)?.root == root && is_by_this_key {
                return Ok(None);
            }
            (generation + 1, sha256(&bytes))
        }
        _ => (1, Hash::default()),
    };
    let checkpoint = Checkpoint {
        cooperative: cooperative.id.clone(),
        member: member_no(transaction, cooperative, member)?,
        epoch: cooperative.epoch,
        generation,
        issued_at: now,
        root,
        prev,
        reset: reset(transaction, cooperative, member)?,
    };
    let bytes = checkpoint.sign(kid, signer)?;
    transaction
        .prepare_cached(
            "INSERT INTO checkpoint (cooperative, member, epoch, generation, bytes) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![cooperative.number, member, cooperative.epoch, generation, bytes])?;
    transaction
        .prepare_cached("UPDATE member SET generation = ?3 WHERE cooperative = ?1 AND member = ?2")?
        .execute(params![cooperative.number, member, generation])?;
    Ok(Some(generation))
}

/// Begins a new epoch, after a restore from a backup: a first checkpoint for every member, whether or not a head changed.
/// Gives the new epoch; `cooperative` is of the old one.
pub fn new_epoch(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    reason: &Reason,
    now: Timestamp,
    kid: u8,
    signer: &dyn Signer,
) -> Result<u64, CheckpointError> {
    let next = Cooperative { epoch: cooperative.epoch + 1, ..cooperative.clone() };
    transaction.execute(
        "UPDATE cooperative SET epoch = ?2, epoch_reason = ?3 WHERE cooperative = ?1",
        params![next.number, next.epoch, reason.as_str()],
    )?;
    renew_all(transaction, &next, now, kid, signer)?;
    Ok(next.epoch)
}

/// As [`renew`], for every member.
pub(crate) fn renew_all(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    now: Timestamp,
    kid: u8,
    signer: &dyn Signer,
) -> Result<(), CheckpointError> {
    let mut statement = transaction.prepare("SELECT member FROM member WHERE cooperative = ?1 ORDER BY member")?;
    let members = statement.query_map([cooperative.number], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
    for member in members {
        renew(transaction, cooperative, member, now, kid, signer)?;
    }
    Ok(())
}

fn verify(connection: &Connection, cooperative: &Cooperative, bytes: &[u8]) -> Result<Checkpoint, CheckpointError> {
    let mut failed = None;
    let signed = SignedCheckpoint::parse(bytes).map_err(StatementFault::from)?;
    let checkpoint = signed.verify(|kid, _| {
        keys::public_key(connection, cooperative, kid).unwrap_or_else(|error| {
            failed = Some(error);
            None
        })
    });
    match failed {
        Some(error) => Err(error.into()),
        None => Ok(checkpoint?),
    }
}

fn member_no(connection: &Connection, cooperative: &Cooperative, member: i64) -> Result<MemberNo, CheckpointError> {
    let mut statement =
        connection.prepare_cached("SELECT member_no FROM member WHERE cooperative = ?1 AND member = ?2")?;
    let text: String = statement.query_row((cooperative.number, member), |row| row.get(0))?;
    Ok(MemberNo::new(&text)?)
}

/// What every checkpoint of an epoch that replaced another says about the one before: how far this member's had come.
fn reset(connection: &Connection, cooperative: &Cooperative, member: i64) -> Result<Option<Reset>, CheckpointError> {
    if cooperative.epoch == 1 {
        return Ok(None);
    }
    let epoch = cooperative.epoch - 1;
    let last_generation = connection
        .prepare_cached(
            "SELECT coalesce(max(generation), 0) FROM checkpoint WHERE cooperative = ?1 AND member = ?2 AND epoch = ?3",
        )?
        .query_row(params![cooperative.number, member, epoch], |row| row.get(0))?;
    let reason: Option<String> = connection
        .prepare_cached("SELECT epoch_reason FROM cooperative WHERE cooperative = ?1")?
        .query_row([cooperative.number], |row| row.get(0))?;
    let reason = Reason::new(reason.as_deref().unwrap_or_default())?;
    Ok(Some(Reset { epoch, last_generation, reason }))
}

#[cfg(test)]
mod tests;
