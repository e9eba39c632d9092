//! What stands behind a request or is given in a reply: the rules that need the cooperative's books, and where it is kept.

use anggota::domain::loan::Burden;
use anggota::domain::{Backing, Head, LoanProduct, MemberStatus, Money, OperationId, Timestamp};
use anggota::protocol::rule::ServerRule;
use rusqlite::{Connection, Transaction, params};

use super::Taken;
use crate::cooperative::Cooperative;
use crate::members::{self, Member};
use crate::refusal::Refusal;
use crate::{attachments, checkpoints, loan_products};

/// The documents of a member's open requests together, in bytes.
pub const MAX_ATTACHED_BYTES: u64 = 20 * 1024 * 1024;

/// What is asked for, as far as an income is held against it.
pub(super) struct Asked<'a> {
    pub(super) product: &'a LoanProduct,
    pub(super) principal: Money,
    pub(super) periods: u32,
}

/// Holds a backing to the books; `asked` is `None` where the terms that were asked for are no longer lent.
pub(super) fn check(
    connection: &Connection,
    cooperative: &Cooperative,
    member: &Member,
    asked: Option<&Asked<'_>>,
    backing: &Backing,
    now: Timestamp,
) -> Result<Taken, Refusal> {
    if backing.check_for(&member.no).is_err() {
        return Ok(Err(ServerRule::OwnGuarantor));
    }
    for guarantor in backing.guarantors() {
        let is_active = |member: &Member| member.status == MemberStatus::Active;
        if !members::find(connection, cooperative, guarantor)?.as_ref().is_some_and(is_active) {
            return Ok(Err(ServerRule::GuarantorNotActive));
        }
    }
    let attached = backing.attached_bytes();
    if attached > 0 && attached + attachments::named_bytes(connection, cooperative, member.number)? > MAX_ATTACHED_BYTES
    {
        return Ok(Err(ServerRule::TooMuchAttached));
    }
    match (asked, backing.income()) {
        (Some(asked), Some(income)) => check_income(connection, cooperative, member, asked, income, now),
        _ => Ok(Ok(())),
    }
}

/// As the phone reckons it before the request is made.
fn check_income(
    connection: &Connection,
    cooperative: &Cooperative,
    member: &Member,
    asked: &Asked<'_>,
    income: Money,
    now: Timestamp,
) -> Result<Taken, Refusal> {
    let heads = checkpoints::heads(connection, cooperative, member.number)?;
    let loans = heads.iter().filter_map(|head| match head {
        Head::Loan(loan) => Some(loan),
        Head::Savings(_) => None,
    });
    let products = loan_products::list(connection, cooperative)?;
    let today = now.day_in(cooperative.zone);
    // What was asked for is to blame, not the books: a sum that no amount can hold.
    let Ok(burden) = Burden::of(asked.product, asked.principal, asked.periods, today, loans, &products) else {
        return Ok(Err(ServerRule::NotReckoned));
    };
    Ok(burden.check(income).map_err(|_| ServerRule::AboveIncome))
}

/// Keeps who vouches and what is attached, by the operation that named them.
pub(super) fn store(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    request: &OperationId,
    operation: &OperationId,
    backing: &Backing,
) -> Result<(), Refusal> {
    let mut insert = transaction.prepare_cached(
        "INSERT INTO loan_guarantor (cooperative, operation, member, request)
         SELECT cooperative, ?2, member, ?4 FROM member WHERE cooperative = ?1 AND member_no = ?3",
    )?;
    for guarantor in backing.guarantors() {
        insert.execute(params![cooperative.number, operation.as_bytes(), guarantor.as_str(), request.as_bytes()])?;
    }
    attachments::name(transaction, cooperative, request, operation, backing.attachments())
}
