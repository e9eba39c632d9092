//! Loan requests: what the server accepts from a phone, and how an officer decides. Never decides by itself that a loan is
//! given, only that a request cannot be taken.

use anggota::domain::loan::{AllocationOrder, RepaymentTerms, Rounding};
use anggota::domain::{
    Invalid, LoanMethod, LoanProduct, LoanRequest, MemberNo, MemberStatus, Money, Name, OperationId, ProductCode,
    Purpose, Rate, Reason, RequestState, Timestamp,
};
use anggota::protocol::problem::Code;
use anggota::protocol::rule::ServerRule;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::changes::{self, Change};
use crate::cooperative::Cooperative;
use crate::members::Member;
use crate::operations;
use crate::refusal::Refusal;
use crate::results::{self, Outcome};

/// Requests a member may have waiting for a decision.
pub const MAX_OPEN: u32 = 20;

/// Whether a command is taken, or the rule by which it is not.
pub(crate) type Taken = Result<(), ServerRule>;

/// Stores a request, or says why not.
pub(crate) fn take(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    member: &Member,
    id: &OperationId,
    request: &LoanRequest,
    now: Timestamp,
) -> Result<Taken, Refusal> {
    if let Err(rule) = check(transaction, cooperative, member, request)? {
        return Ok(Err(rule));
    }
    transaction.execute(
        "INSERT INTO loan_request (cooperative, request, member, product, product_version, principal, periods, purpose,
           state, submitted_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            cooperative.number,
            id.as_bytes(),
            member.number,
            request.product().as_str(),
            request.product_version(),
            request.principal().sen(),
            request.periods(),
            request.purpose().as_str(),
            RequestState::Received as u8,
            now.seconds()
        ],
    )?;
    Ok(Ok(()))
}

/// Whether anybody's request has that id.
pub(crate) fn exists(connection: &Connection, cooperative: &Cooperative, id: &OperationId) -> Result<bool, Refusal> {
    let exists = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM loan_request WHERE cooperative = ?1 AND request = ?2)")?
        .query_row(params![cooperative.number, id.as_bytes()], |row| row.get(0))?;
    Ok(exists)
}

fn check(
    connection: &Connection,
    cooperative: &Cooperative,
    member: &Member,
    request: &LoanRequest,
) -> Result<Taken, Refusal> {
    if member.status != MemberStatus::Active {
        return Ok(Err(ServerRule::NotActive));
    }
    let Some(product) = product(connection, cooperative, request.product())? else {
        return Ok(Err(ServerRule::ProductGone));
    };
    if product.version != request.product_version() {
        return Ok(Err(ServerRule::TermsChanged));
    }
    if product.accepts(request.principal(), request.periods()).is_err() {
        return Ok(Err(ServerRule::BeyondLimits));
    }
    if count_open(connection, cooperative, member)? >= MAX_OPEN {
        return Ok(Err(ServerRule::TooManyOpen));
    }
    Ok(Ok(()))
}

fn count_open(connection: &Connection, cooperative: &Cooperative, member: &Member) -> Result<u32, Refusal> {
    let count = connection
        .prepare_cached(
            "SELECT count(*) FROM loan_request WHERE cooperative = ?1 AND member = ?2 AND state IN (?3, ?4, ?5)",
        )?
        .query_row(
            params![
                cooperative.number,
                member.number,
                RequestState::Received as u8,
                RequestState::InReview as u8,
                RequestState::MoreAsked as u8
            ],
            |row| row.get(0),
        )?;
    Ok(count)
}

const PRODUCTS: &str = "SELECT code, name, method, rate_per_period, version, min_principal, max_principal, max_periods, \
     grace_periods, rounding_unit, rounding_mode, rounding_applies_to, day_count, allocation_order, late_charge_rate \
     FROM loan_product WHERE cooperative = ?1";

fn product(
    connection: &Connection,
    cooperative: &Cooperative,
    code: &ProductCode,
) -> Result<Option<LoanProduct>, Refusal> {
    let mut statement = connection.prepare_cached(&format!("{PRODUCTS} AND code = ?2"))?;
    let mut rows = statement.query(params![cooperative.number, code.as_str()])?;
    rows.next()?.map(product_of).transpose()
}

/// What the cooperative lends, by code.
pub(crate) fn products(connection: &Connection, cooperative: &Cooperative) -> Result<Vec<LoanProduct>, Refusal> {
    let mut statement = connection.prepare_cached(&format!("{PRODUCTS} ORDER BY code"))?;
    let mut rows = statement.query([cooperative.number])?;
    let mut products = Vec::new();
    while let Some(row) = rows.next()? {
        products.push(product_of(row)?);
    }
    Ok(products)
}

fn product_of(row: &Row<'_>) -> Result<LoanProduct, Refusal> {
    let (code, name): (String, String) = (row.get(0)?, row.get(1)?);
    let money = |sen: Option<i64>| sen.map(Money::from_sen).transpose();
    Ok(LoanProduct {
        code: ProductCode::new(&code)?,
        name: Name::new(&name)?,
        method: LoanMethod::from_number(row.get(2)?).ok_or(Invalid("a loan method is one of the known numbers"))?,
        rate_per_period: Rate::from_e8(row.get(3)?)?,
        version: row.get(4)?,
        min_principal: money(row.get(5)?)?,
        max_principal: money(row.get(6)?)?,
        max_periods: row.get(7)?,
        repayment: repayment_of(row)?,
    })
}

fn repayment_of(row: &Row<'_>) -> Result<RepaymentTerms, Refusal> {
    let text = |index| row.get_ref(index)?.as_str().map_err(rusqlite::Error::from);
    let unit = Money::from_sen(row.get(9)?)?;
    Ok(RepaymentTerms {
        grace_periods: row.get(8)?,
        rounding: Rounding::new(unit, text(10)?.parse()?, text(11)?.parse()?)?,
        day_count: text(12)?.parse()?,
        allocation: text(13)?.parse().unwrap_or_else(|_| {
            // Of books from before the import held it to its words. To fail here would keep everybody from their books.
            tracing::warn!("an allocation_order cannot be read, the usual order is told; import the books again");
            AllocationOrder::default()
        }),
        late_charge_rate: Rate::from_e8(row.get(14)?)?,
    })
}

/// Takes a member's request back while it waits, or says why not. The request's own result goes to the device that gave it.
pub(crate) fn cancel(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    member: &Member,
    id: &OperationId,
    now: Timestamp,
) -> Result<Taken, Refusal> {
    match state_of(transaction, cooperative, member, id)? {
        Some(state) if state.may_become(RequestState::Cancelled) => {
            settle(transaction, cooperative, id, RequestState::Cancelled, None, None, now)?;
            Ok(Ok(()))
        }
        Some(RequestState::Cancelled) => Ok(Err(ServerRule::AlreadyCancelled)),
        Some(_) => Ok(Err(ServerRule::AlreadyDecided)),
        None => Ok(Err(ServerRule::NoSuchRequest)),
    }
}

/// The member takes a loan that was approved, or the reason why there is none to take.
pub(crate) fn accept(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    member: &Member,
    id: &OperationId,
    now: Timestamp,
) -> Result<Taken, Refusal> {
    match state_of(transaction, cooperative, member, id)? {
        Some(state) if state.may_become(RequestState::Accepted) => {
            settle(transaction, cooperative, id, RequestState::Accepted, None, None, now)?;
            Ok(Ok(()))
        }
        Some(RequestState::Accepted | RequestState::Disbursed) => Ok(Err(ServerRule::AlreadyAccepted)),
        Some(_) => Ok(Err(ServerRule::NotApproved)),
        None => Ok(Err(ServerRule::NoSuchRequest)),
    }
}

fn state_of(
    connection: &Connection,
    cooperative: &Cooperative,
    member: &Member,
    id: &OperationId,
) -> Result<Option<RequestState>, Refusal> {
    let state = connection
        .prepare_cached("SELECT state FROM loan_request WHERE cooperative = ?1 AND request = ?2 AND member = ?3")?
        .query_row(params![cooperative.number, id.as_bytes(), member.number], |row| row.get(0))
        .optional()?;
    Ok(state.and_then(RequestState::from_number))
}

/// Moves a request on and tells the device that gave it.
fn settle(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    id: &OperationId,
    state: RequestState,
    reason: Option<Reason>,
    officer: Option<&Name>,
    now: Timestamp,
) -> Result<(), Refusal> {
    let member: i64 = transaction.query_row(
        "UPDATE loan_request SET state = ?3, reason = ?4, decided_at = ?5, officer = ?6
         WHERE cooperative = ?1 AND request = ?2 RETURNING member",
        params![
            cooperative.number,
            id.as_bytes(),
            state as u8,
            reason.as_ref().map(Reason::as_str),
            now.seconds(),
            officer.map(Name::as_str)
        ],
        |row| row.get(0),
    )?;
    let stored =
        operations::stored(transaction, cooperative, member, id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
    let outcome = Outcome { operation: *id, body_hash: stored.body_hash, state, reason };
    results::deliver(transaction, cooperative, &stored.device, outcome, now)?;
    Ok(())
}

/// An officer's answer.
#[derive(Debug, Clone)]
pub enum Decision {
    /// Yes, with a word to the member if there is one.
    Approve(Option<Reason>),
    /// No, and why.
    Reject(Reason),
    /// It is being looked at.
    Review,
    /// More is asked of the member: what.
    Ask(Reason),
    /// The money is paid out.
    Disburse,
}

impl Decision {
    fn next(self) -> (RequestState, Option<Reason>) {
        match self {
            Self::Approve(reason) => (RequestState::Approved, reason),
            Self::Reject(reason) => (RequestState::Rejected, Some(reason)),
            Self::Review => (RequestState::InReview, None),
            Self::Ask(reason) => (RequestState::MoreAsked, Some(reason)),
            Self::Disburse => (RequestState::Disbursed, None),
        }
    }
}

/// Moves a request on, as far as [`RequestState::may_become`] lets it: it is decided once, and what was said stays said.
pub fn decide(
    transaction: &Transaction<'_>,
    cooperative: &Cooperative,
    id: &OperationId,
    decision: Decision,
    officer: &Name,
    now: Timestamp,
) -> Result<RequestState, Refusal> {
    let state: Option<u8> = transaction
        .query_row(
            "SELECT state FROM loan_request WHERE cooperative = ?1 AND request = ?2",
            params![cooperative.number, id.as_bytes()],
            |row| row.get(0),
        )
        .optional()?;
    let (next, reason) = decision.next();
    let before = match state.map(RequestState::from_number) {
        None => {
            return Err(Refusal::because(
                Code::Unknown,
                "Pengajuan itu tidak ada; lihat daftarnya dengan anggota-server requests list.",
            ));
        }
        Some(Some(state)) if state.may_become(next) => state,
        Some(Some(state)) if state.is_open() => {
            return Err(Refusal::because(
                Code::NotPossible,
                "Langkah itu belum dapat diambil pada pengajuan ini; lihat keadaannya dengan anggota-server requests list.",
            ));
        }
        Some(_) => {
            return Err(Refusal::because(
                Code::NotPossible,
                "Pengajuan ini sudah diputuskan atau dibatalkan; keputusannya tidak diubah.",
            ));
        }
    };
    settle(transaction, cooperative, id, next, reason, Some(officer), now)?;
    let subject = format!("loan_request:{id}");
    let change = Change {
        officer: Some(officer.as_str()),
        subject: &subject,
        field: "state",
        before: before.as_str(),
        after: next.as_str(),
    };
    changes::append(transaction, cooperative.number, now, &change)?;
    Ok(next)
}

/// A request as the office sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its id, the same on the phone.
    pub id: OperationId,
    /// Who asks.
    pub member: MemberNo,
    /// For which product.
    pub product: ProductCode,
    /// How much.
    pub principal: Money,
    /// Over how many months.
    pub periods: u32,
    /// What for.
    pub purpose: Purpose,
    /// How it stands.
    pub state: RequestState,
    /// When it arrived.
    pub submitted_at: Timestamp,
}

/// All requests, the oldest first.
pub fn list(connection: &Connection, cooperative: &Cooperative) -> Result<Vec<Listed>, Refusal> {
    let mut statement = connection.prepare(
        "SELECT r.request, m.member_no, r.product, r.principal, r.periods, r.purpose, r.state, r.submitted_at
         FROM loan_request r JOIN member m ON m.cooperative = r.cooperative AND m.member = r.member
         WHERE r.cooperative = ?1 ORDER BY r.submitted_at, r.request",
    )?;
    let mut rows = statement.query([cooperative.number])?;
    let mut requests = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, member, product): (Vec<u8>, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (purpose, state): (String, u8) = (row.get(5)?, row.get(6)?);
        requests.push(Listed {
            id: OperationId::from_bytes(&id)?,
            member: MemberNo::new(&member)?,
            product: ProductCode::new(&product)?,
            principal: Money::from_sen(row.get(3)?)?,
            periods: row.get(4)?,
            purpose: Purpose::new(&purpose)?,
            state: RequestState::from_number(state).ok_or(Invalid("a request's state is one of the known numbers"))?,
            submitted_at: Timestamp::from_seconds(row.get(7)?)?,
        });
    }
    Ok(requests)
}
