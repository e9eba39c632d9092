//! The mirror: checkpoint, register, accounts and their verified runs, as the server last proved them.

use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::{outbox, passbook, place, profile, rows, shadow};
use crate::domain::{AccountKey, AccountNo, Head, LedgerKind, Money, Timestamp};
use crate::error::{Error, Result};
use crate::protocol::chain::Link;
use crate::protocol::frame::{Page, Register};
use crate::protocol::problem::Code;
use crate::protocol::{Hash, head};
use crate::sync::{Ready, Span, Standing};

/// The checkpoint held, as signed, and the leaves its root is over.
pub(crate) struct StoredCheckpoint {
    pub(crate) epoch: u64,
    pub(crate) generation: u64,
    pub(crate) bytes: Vec<u8>,
    pub(crate) leaves: Vec<Vec<u8>>,
    pub(crate) as_of: Timestamp,
}

/// An account as it is shown.
pub(crate) struct StoredAccount {
    pub(crate) account: i64,
    pub(crate) head: Head,
    pub(crate) as_of: Timestamp,
    pub(crate) standing: Standing,
    /// The epoch whose books all that is held agrees with.
    pub(crate) epoch: u64,
    pub(crate) spans: Vec<Span>,
}

impl StoredAccount {
    /// Every entry held chains to the head, and the head is a signed one.
    pub(crate) fn is_verified(&self) -> bool {
        self.standing == Standing::Good
            && match self.spans.as_slice() {
                [] => true,
                [only] => only.last.seq == self.head.seq() && only.last.hash == self.head.hash(),
                _ => false,
            }
    }

    /// Entry 1 is held too.
    pub(crate) fn is_complete(&self) -> bool {
        self.is_verified()
            && match self.spans.as_slice() {
                [only] => only.before.seq == 0,
                _ => self.head.seq() == 0,
            }
    }
}

pub(crate) fn checkpoint(db: &Connection) -> Result<Option<StoredCheckpoint>> {
    let mut select = db.prepare_cached("SELECT epoch, generation, bytes, heads, as_of FROM checkpoint")?;
    rows::one(&mut select, [], |row| {
        Ok(StoredCheckpoint {
            epoch: row.get(0)?,
            generation: row.get(1)?,
            bytes: row.get(2)?,
            leaves: rows::checked(row, 3, |bytes: Vec<u8>| head::decode_leaves(&bytes))?,
            as_of: rows::instant(row, 4)?,
        })
    })
}

pub(crate) fn register(db: &Connection) -> Result<Option<Register>> {
    let bytes: Option<Vec<u8>> =
        db.prepare_cached("SELECT bytes FROM register")?.query_row([], |row| row.get(0)).optional()?;
    bytes.map(|bytes| Register::decode(&bytes)).transpose().map_err(rows::unreadable)
}

/// All accounts, by kind and number; ended ones too.
pub(crate) fn accounts(db: &Connection) -> Result<Vec<StoredAccount>> {
    let mut select = db.prepare_cached(
        "SELECT account, head, as_of, standing, standing_at, epoch FROM account ORDER BY kind, account_no",
    )?;
    let mut accounts = rows::all(&mut select, [], stored_account)?;
    for account in &mut accounts {
        account.spans = spans(db, account.account)?;
    }
    Ok(accounts)
}

/// The account with that number, unless it ended.
pub(crate) fn account(db: &Connection, kind: LedgerKind, account: &AccountNo) -> Result<Option<StoredAccount>> {
    let mut select = db.prepare_cached(
        "SELECT account, head, as_of, standing, standing_at, epoch FROM account
         WHERE kind = ?1 AND account_no = ?2 AND standing != 2",
    )?;
    let found = rows::one(&mut select, params![kind as u8, account.as_str()], stored_account)?;
    found
        .map(|mut account| {
            account.spans = spans(db, account.account)?;
            Ok(account)
        })
        .transpose()
}

fn stored_account(row: &Row<'_>) -> Result<StoredAccount> {
    let at = rows::instant(row, 4)?;
    Ok(StoredAccount {
        account: row.get(0)?,
        head: rows::checked(row, 1, |bytes: Vec<u8>| head::decode(&bytes))?,
        as_of: rows::instant(row, 2)?,
        standing: rows::word(row, 3, |number| match number {
            0 => Some(Standing::Good),
            1 => Some(Standing::Mismatch(at)),
            2 => Some(Standing::Ended(at)),
            3 => Some(Standing::Damaged),
            _ => None,
        })?,
        epoch: row.get(5)?,
        spans: Vec::new(),
    })
}

/// The runs under a number, newest first.
pub(super) fn spans(db: &Connection, account: i64) -> Result<Vec<Span>> {
    let mut select = db.prepare_cached(
        "SELECT before_seq, before_hash, before_figure, last_seq, last_hash, last_figure
         FROM span WHERE account = ?1 ORDER BY before_seq DESC",
    )?;
    rows::all(&mut select, [account], |row| Ok(Span { before: link(row, 0)?, last: link(row, 3)? }))
}

pub(super) fn link(row: &Row<'_>, at: usize) -> Result<Link> {
    let hash: Hash = rows::checked(row, at + 1, |bytes: Vec<u8>| {
        Hash::try_from(bytes).map_err(|_| "a hash in the store has another length")
    })?;
    Ok(Link { seq: row.get(at)?, hash, figure: rows::money(row, at + 2)? })
}

/// The heads that the checkpoint signs.
pub(crate) fn signed_heads(checkpoint: Option<&StoredCheckpoint>) -> Result<Vec<Head>> {
    let leaves = checkpoint.map_or(&[][..], |held| &held.leaves);
    leaves.iter().map(|leaf| head::decode(leaf)).collect::<std::result::Result<_, _>>().map_err(rows::unreadable)
}

/// Where a head stands.
pub(super) fn link_of(head: &Head) -> Link {
    Link { seq: head.seq(), hash: head.hash(), figure: head.figure() }
}

/// Takes over proven heads: from now on they are what is shown. Says whether they are the first of a new epoch.
pub(crate) fn take_over(tx: &Transaction<'_>, ready: &Ready) -> Result<bool> {
    let (as_of, epoch) = (ready.as_of.seconds(), ready.content.epoch);
    let former = checkpoint(tx)?.filter(|held| epoch > held.epoch);
    if let Some(former) = &former {
        tx.execute(
            "INSERT OR REPLACE INTO former_checkpoint VALUES (?1, ?2, ?3)",
            params![former.epoch, former.bytes, head::encode_leaves(&former.leaves)],
        )?;
        // Of the others no account is left that agrees with them.
        tx.execute(
            "DELETE FROM former_checkpoint WHERE epoch != ?1 AND epoch NOT IN (SELECT epoch FROM account)",
            [former.epoch],
        )?;
        outbox::begin_epoch(tx)?;
        // What was issued after the backup is no card there any more.
        profile::forget_card(tx)?;
    }
    tx.execute(
        "INSERT OR REPLACE INTO checkpoint VALUES (1, ?1, ?2, ?3, ?4, ?5)",
        params![epoch, ready.content.generation, ready.checkpoint, head::encode_leaves(&ready.leaves), as_of],
    )?;
    for new in &ready.heads {
        take_head(tx, new, ready.as_of, epoch)?;
    }
    ready.shadows.iter().try_for_each(|new| shadow::set_head(tx, new))?;
    for key in &ready.ended {
        stand(tx, key, 2, ready.as_of)?;
    }
    Ok(former.is_some())
}

fn take_head(tx: &Transaction<'_>, new: &Head, as_of: Timestamp, epoch: u64) -> Result<()> {
    let (key, bytes) = (new.key(), head::encode(new));
    let known = tx
        .prepare_cached(
            "UPDATE account SET head = ?3, as_of = ?4, standing = 0, standing_at = ?4 WHERE kind = ?1 AND account_no = ?2",
        )?
        .execute(params![key.kind as u8, key.account.as_str(), bytes, as_of.seconds()])?;
    if known == 0 {
        tx.prepare_cached(
            "INSERT INTO account (account, kind, account_no, head, as_of, standing, standing_at, epoch)
             VALUES (?1, ?2, ?3, ?4, ?5, 0, ?5, ?6)",
        )?
        .execute(params![
            next_number(tx)?,
            key.kind as u8,
            key.account.as_str(),
            bytes,
            as_of.seconds(),
            epoch
        ])?;
    }
    settle(tx, &key, epoch)
}

/// Notes that an account agrees with an epoch's books, if everything held of it chains to its head.
pub(crate) fn settle(tx: &Transaction<'_>, key: &AccountKey, epoch: u64) -> Result<()> {
    let mut select =
        tx.prepare_cached("SELECT account, head FROM account WHERE kind = ?1 AND account_no = ?2 AND epoch != ?3")?;
    let found = rows::one(&mut select, params![key.kind as u8, key.account.as_str(), epoch], |row| {
        Ok((row.get::<_, i64>(0)?, rows::checked(row, 1, |bytes: Vec<u8>| head::decode(&bytes))?))
    })?;
    let Some((account, head)) = found else { return Ok(()) };
    let spans = spans(tx, account)?;
    if spans.len() <= 1 && spans.iter().all(|only| only.last == link_of(&head)) {
        tx.prepare_cached("UPDATE account SET epoch = ?2 WHERE account = ?1")?.execute(params![account, epoch])?;
    }
    Ok(())
}

/// A number that no run, entry or piece of evidence has.
pub(super) fn next_number(db: &Connection) -> Result<i64> {
    Ok(db
        .prepare_cached(
            "SELECT 1 + max((SELECT coalesce(max(account), 0) FROM account), (SELECT coalesce(max(account), 0) FROM shadow),
               (SELECT coalesce(max(old_account), 0) FROM evidence))",
        )?
        .query_row([], |row| row.get(0))?)
}

/// Stores the register.
pub(crate) fn take_register(tx: &Transaction<'_>, bytes: &[u8]) -> Result<()> {
    tx.execute("INSERT OR REPLACE INTO register VALUES (1, ?1)", [bytes])?;
    Ok(())
}

/// Stores a verified page. Its account's runs follow in the same transaction.
pub(crate) fn take_page(tx: &Transaction<'_>, page: &Page) -> Result<()> {
    let account = place::for_page(tx, number(tx, &page.key)?, &page.entries)?;
    passbook::insert(tx, account, &page.entries)
}

/// Stores the runs of an account whose pages were stored.
pub(crate) fn take_spans(tx: &Transaction<'_>, key: &AccountKey, spans: &[Span]) -> Result<()> {
    set_spans(tx, number(tx, key)?, spans)
}

/// Takes back what a pull stored of an account: as it was before, or gone if it was not there.
pub(crate) fn take_back(tx: &Transaction<'_>, key: &AccountKey, before: Option<&StoredAccount>) -> Result<()> {
    let Some(account) = find(tx, key)? else { return Ok(()) };
    let spans = before.map_or(&[][..], |before| &before.spans);
    passbook::keep_only(tx, account, key.kind, spans)?;
    set_spans(tx, account, spans)?;
    match before {
        Some(before) => {
            let (standing, standing_at) = match before.standing {
                Standing::Good => (0, before.as_of),
                Standing::Mismatch(at) => (1, at),
                Standing::Ended(at) => (2, at),
                Standing::Damaged => (3, before.as_of),
            };
            tx.prepare_cached(
                "UPDATE account SET head = ?2, as_of = ?3, standing = ?4, standing_at = ?5, epoch = ?6 WHERE account = ?1",
            )?
            .execute(params![
                account,
                head::encode(&before.head),
                before.as_of.seconds(),
                standing,
                standing_at.seconds(),
                before.epoch,
            ])?;
        }
        None => {
            tx.prepare_cached("DELETE FROM account WHERE account = ?1")?.execute([account])?;
        }
    }
    Ok(())
}

/// Marks an account whose entries do not verify: its last verified figure stays, with its own time.
pub(crate) fn mark_mismatch(tx: &Transaction<'_>, key: &AccountKey, now: Timestamp) -> Result<()> {
    stand(tx, key, 1, now)
}

/// Marks an account whose rows were found changed on this device: the next pull fetches it again.
pub(crate) fn mark_damaged(tx: &Transaction<'_>, account: i64) -> Result<()> {
    tx.execute("UPDATE account SET standing = 3 WHERE account = ?1 AND standing = 0", [account])?;
    Ok(())
}

/// Forgets a checkpoint that was changed on this device: the next pull takes the server's, and compares it with nothing.
/// What stood under it is proven by nothing until then.
pub(crate) fn forget_checkpoint(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM checkpoint", [])?;
    tx.execute("UPDATE account SET standing = 3 WHERE standing = 0", [])?;
    Ok(())
}

/// Throws away what is held of an account: it is about to be fetched again.
pub(crate) fn clear(tx: &Transaction<'_>, account: &StoredAccount) -> Result<()> {
    passbook::keep_only(tx, account.account, account.head.key().kind, &[])?;
    set_spans(tx, account.account, &[])
}

/// Deletes the entries of accounts that ended before `until`. Their heads stay: should such an account come back, its
/// books must still contain what was signed.
pub(crate) fn forget_ended(tx: &Transaction<'_>, until: Timestamp) -> Result<()> {
    let mut select = tx.prepare_cached(
        "SELECT account, kind FROM account WHERE standing = 2 AND standing_at < ?1
           AND account NOT IN (SELECT old_account FROM evidence WHERE old_account IS NOT NULL)",
    )?;
    let ended = rows::all(&mut select, [until.seconds()], |row| {
        Ok((row.get::<_, i64>(0)?, rows::word(row, 1, LedgerKind::from_number)?))
    })?;
    for (account, kind) in ended {
        passbook::keep_only(tx, account, kind, &[])?;
        set_spans(tx, account, &[])?;
    }
    Ok(())
}

fn stand(tx: &Transaction<'_>, key: &AccountKey, standing: u8, at: Timestamp) -> Result<()> {
    // An account that ended keeps the day on which it ended.
    tx.prepare_cached(
        "UPDATE account SET standing = ?3, standing_at = ?4
         WHERE kind = ?1 AND account_no = ?2 AND NOT (standing = 2 AND ?3 = 2)",
    )?
    .execute(params![key.kind as u8, key.account.as_str(), standing, at.seconds()])?;
    Ok(())
}

/// Puts runs in the place of those under a number.
pub(super) fn set_spans(tx: &Transaction<'_>, account: i64, spans: &[Span]) -> Result<()> {
    tx.prepare_cached("DELETE FROM span WHERE account = ?1")?.execute([account])?;
    let mut insert = tx.prepare_cached("INSERT INTO span VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)")?;
    for Span { before, last } in spans {
        insert.execute(params![
            account,
            before.seq,
            before.hash,
            before.figure.sen(),
            last.seq,
            last.hash,
            last.figure.sen()
        ])?;
    }
    Ok(())
}

fn find(db: &Connection, key: &AccountKey) -> Result<Option<i64>> {
    Ok(db
        .prepare_cached("SELECT account FROM account WHERE kind = ?1 AND account_no = ?2")?
        .query_row(params![key.kind as u8, key.account.as_str()], |row| row.get(0))
        .optional()?)
}

/// The number under which an account's runs and entries stand.
pub(super) fn number(db: &Connection, key: &AccountKey) -> Result<i64> {
    find(db, key)?.ok_or_else(|| rows::unreadable("an account of the checkpoint is missing"))
}

/// The sum over savings accounts that did not end.
pub(crate) fn total_savings(accounts: &[StoredAccount]) -> Result<Money> {
    accounts
        .iter()
        .filter(|a| matches!(a.head, Head::Savings(_)) && !matches!(a.standing, Standing::Ended(_)))
        .try_fold(Money::ZERO, |sum, a| sum.checked_add(a.head.figure()))
        // As a server signed them: nothing is wrong with the store.
        .ok_or_else(|| Error::new(Code::NotVerified).detail("the balances are too large to sum"))
}
