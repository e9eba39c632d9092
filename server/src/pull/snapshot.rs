//! What a pull tells before the first entry: one consistent view of a member.

use anggota::domain::{AccountKey, Head, Invalid, Name, ProductCode, Rate, SavingsProduct, SavingsType};
use anggota::protocol::frame::{MAX_RESULTS, Register};
use anggota::protocol::operation::OperationResult;
use anggota::protocol::pull::{PullRequest, Range};
use rusqlite::Connection;

use super::gaps;
use super::stream::Account;
use crate::access::Caller;
use crate::checkpoints;
use crate::cooperative::Cooperative;
use crate::devices;
use crate::keys::rotation;
use crate::loan_products;
use crate::members::{self, Member};
use crate::refusal::Refusal;
use crate::results;
use crate::service::Service;

pub(super) struct Snapshot {
    /// The statements by which checkpoint keys handed over.
    pub(super) successions: Vec<Vec<u8>>,
    pub(super) checkpoint: Vec<u8>,
    /// Sorted by key, as their numbers in the database are.
    pub(super) heads: Vec<Head>,
    numbers: Vec<i64>,
    pub(super) register: Vec<u8>,
    pub(super) results: Vec<OperationResult>,
    /// Whether the request acknowledges results that were not acknowledged yet.
    pub(super) is_news: bool,
}

/// Reads it. Every member has a checkpoint: the import that brings one, with or without an account, makes it.
pub(super) fn take(service: &Service, caller: &Caller, request: &PullRequest) -> Result<Snapshot, Refusal> {
    service.read(|connection| read(connection, caller, request))
}

fn read(connection: &Connection, caller: &Caller, request: &PullRequest) -> Result<Snapshot, Refusal> {
    let (cooperative, number) = (&caller.cooperative, caller.member.number);
    devices::hold(connection, cooperative, &caller.device)?;
    let latest = checkpoints::latest(connection, cooperative, number)?;
    let (_, _, checkpoint) = latest.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let member = members::get(connection, cooperative, number)?;
    let (results, is_news) = results(connection, caller, request.results_after)?;
    Ok(Snapshot {
        successions: rotation::rotations(connection, cooperative)?,
        checkpoint,
        heads: checkpoints::heads(connection, cooperative, number)?,
        numbers: numbers(connection, cooperative, number)?,
        register: register(connection, cooperative, member)?.encode(),
        results,
        is_news,
    })
}

/// The results that the phone lacks, and whether its request acknowledges some that were not yet.
///
/// A phone that has more than this database gave got them from one that was lost, and passes over the numbers of those that
/// come next. So nothing counts as acknowledged, and it is told the newest there are: it takes over what it is told of each
/// operation unless it knows a later number of that one.
fn results(connection: &Connection, caller: &Caller, after: u64) -> Result<(Vec<OperationResult>, bool), Refusal> {
    let (cooperative, device) = (&caller.cooperative, &caller.device);
    let next = results::next(connection, cooperative, device)?;
    if after >= next {
        tracing::error!(
            "a phone has results that this database never gave: it was restored, or copied without its -wal; \
             run anggota-server epoch new --reason TEXT"
        );
        let newest = next.saturating_sub(1 + MAX_RESULTS);
        return Ok((results::after(connection, cooperative, device, newest)?, false));
    }
    let is_news = results::is_news(connection, cooperative, device, after)?;
    Ok((results::after(connection, cooperative, device, after)?, is_news))
}

/// The accounts' numbers in this database, in the order of the heads.
fn numbers(connection: &Connection, cooperative: &Cooperative, member: i64) -> Result<Vec<i64>, Refusal> {
    let mut statement = connection.prepare_cached(
        "SELECT account FROM account WHERE cooperative = ?1 AND member = ?2 ORDER BY kind, account_no",
    )?;
    let numbers = statement.query_map((cooperative.number, member), |row| row.get(0))?;
    Ok(numbers.collect::<Result<_, _>>()?)
}

fn register(connection: &Connection, cooperative: &Cooperative, member: Member) -> Result<Register, Refusal> {
    Ok(Register {
        cooperative: cooperative.name.clone(),
        zone: cooperative.zone,
        member: member.name,
        status: member.status,
        // None, or one that the books hold and no screen has room for.
        class: Name::new(&member.class).ok(),
        savings_products: savings_products(connection, cooperative)?,
        loan_products: loan_products::list(connection, cooperative)?,
    })
}

fn savings_products(connection: &Connection, cooperative: &Cooperative) -> Result<Vec<SavingsProduct>, Refusal> {
    let mut statement = connection.prepare_cached(
        "SELECT code, name, type, yearly_rate FROM savings_product WHERE cooperative = ?1 ORDER BY code",
    )?;
    let mut rows = statement.query([cooperative.number])?;
    let mut products = Vec::new();
    while let Some(row) = rows.next()? {
        let (code, name): (String, String) = (row.get(0)?, row.get(1)?);
        let savings_type = SavingsType::from_number(row.get(2)?);
        products.push(SavingsProduct {
            code: ProductCode::new(&code)?,
            name: Name::new(&name)?,
            savings_type: savings_type.ok_or(Invalid("a savings type is one of the known numbers"))?,
            yearly_rate: Rate::from_e8(row.get(3)?)?,
        });
    }
    Ok(products)
}

impl Snapshot {
    /// The accounts and what the phone lacks of each, in the order of their keys.
    pub(super) fn accounts_for(&self, ranges: &[(AccountKey, Range)]) -> Vec<Account> {
        let mut sorted: Vec<&(AccountKey, Range)> = ranges.iter().collect();
        sorted.sort_by(|a, b| a.0.cmp(&b.0));
        let of = |key: &AccountKey| -> Vec<Range> {
            let start = sorted.partition_point(|(other, _)| other < key);
            sorted[start..].iter().take_while(|(other, _)| other == key).map(|(_, range)| *range).collect()
        };
        let accounts = self.heads.iter().zip(&self.numbers);
        accounts
            .map(|(head, number)| {
                let key = head.key();
                let gaps = gaps::gaps(head.seq(), &of(&key));
                Account { number: *number, key, head: head.seq(), gaps }
            })
            .collect()
    }
}
