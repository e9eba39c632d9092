//! The requests as the office reads them: what is asked, what stands behind it, and what was said since.

use std::collections::HashMap;

use anggota::domain::{
    Collateral, Invalid, MemberNo, Money, OperationId, ProductCode, Purpose, Reason, ReplyText, RequestState, Timestamp,
};
use rusqlite::Connection;

use crate::attachments::{self, Named};
use crate::cooperative::Cooperative;
use crate::refusal::Refusal;

/// What one operation gave: a request or a reply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Given {
    /// What the member says to earn in a month.
    pub income: Option<Money>,
    /// Who vouches.
    pub guarantors: Vec<MemberNo>,
    /// What is pledged.
    pub collateral: Option<Collateral>,
    /// The documents, and how much of each is here.
    pub attachments: Vec<Named>,
}

/// What the member said when more was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedReply {
    /// In the member's words.
    pub text: ReplyText,
    /// When it arrived.
    pub replied_at: Timestamp,
    /// What was given with it.
    pub given: Given,
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
    /// What an officer last said: why not, or what is asked for.
    pub reason: Option<Reason>,
    /// When it arrived.
    pub submitted_at: Timestamp,
    /// What stands behind it since it was made.
    pub given: Given,
    /// What was said since, the oldest first.
    pub replies: Vec<ListedReply>,
}

/// All requests, the oldest first.
pub fn list(connection: &Connection, cooperative: &Cooperative) -> Result<Vec<Listed>, Refusal> {
    let mut given = Givens::of(connection, cooperative)?;
    let mut replies = replies(connection, cooperative, &mut given)?;
    let mut statement = connection.prepare(
        "SELECT r.request, m.member_no, r.product, r.principal, r.periods, r.purpose, r.state, r.submitted_at, r.income,
           r.collateral, r.reason
         FROM loan_request r JOIN member m ON m.cooperative = r.cooperative AND m.member = r.member
         WHERE r.cooperative = ?1 ORDER BY r.submitted_at, r.request",
    )?;
    let mut rows = statement.query([cooperative.number])?;
    let mut requests = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, member, product): (Vec<u8>, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let (purpose, state, reason): (String, u8, Option<String>) = (row.get(5)?, row.get(6)?, row.get(10)?);
        let id = OperationId::from_bytes(&id)?;
        requests.push(Listed {
            id,
            member: MemberNo::new(&member)?,
            product: ProductCode::new(&product)?,
            principal: Money::from_sen(row.get(3)?)?,
            periods: row.get(4)?,
            purpose: Purpose::new(&purpose)?,
            state: RequestState::from_number(state).ok_or(Invalid("a request's state is one of the known numbers"))?,
            reason: reason.as_deref().map(Reason::new).transpose()?,
            submitted_at: Timestamp::from_seconds(row.get(7)?)?,
            given: given.take(&id, row.get(8)?, row.get(9)?)?,
            replies: replies.remove(&id).unwrap_or_default(),
        });
    }
    Ok(requests)
}

/// All replies, by request, the oldest first.
fn replies(
    connection: &Connection,
    cooperative: &Cooperative,
    given: &mut Givens,
) -> Result<HashMap<OperationId, Vec<ListedReply>>, Refusal> {
    let mut statement = connection.prepare(
        "SELECT request, operation, text, replied_at, income, collateral FROM loan_reply WHERE cooperative = ?1
         ORDER BY replied_at, operation",
    )?;
    let mut rows = statement.query([cooperative.number])?;
    let mut replies: HashMap<OperationId, Vec<ListedReply>> = HashMap::new();
    while let Some(row) = rows.next()? {
        let (request, operation, text): (Vec<u8>, Vec<u8>, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        replies.entry(OperationId::from_bytes(&request)?).or_default().push(ListedReply {
            text: ReplyText::new(&text)?,
            replied_at: Timestamp::from_seconds(row.get(3)?)?,
            given: given.take(&OperationId::from_bytes(&operation)?, row.get(4)?, row.get(5)?)?,
        });
    }
    Ok(replies)
}

/// Guarantors and documents, by the operation that named them.
struct Givens(HashMap<OperationId, Given>);

impl Givens {
    fn of(connection: &Connection, cooperative: &Cooperative) -> Result<Self, Refusal> {
        let mut all: HashMap<OperationId, Given> = HashMap::new();
        let mut statement = connection.prepare(
            "SELECT g.operation, m.member_no FROM loan_guarantor g
             JOIN member m ON m.cooperative = g.cooperative AND m.member = g.member
             WHERE g.cooperative = ?1 ORDER BY m.member_no",
        )?;
        let mut rows = statement.query([cooperative.number])?;
        while let Some(row) = rows.next()? {
            let (operation, guarantor): (Vec<u8>, String) = (row.get(0)?, row.get(1)?);
            let given = all.entry(OperationId::from_bytes(&operation)?).or_default();
            given.guarantors.push(MemberNo::new(&guarantor)?);
        }
        for named in attachments::list(connection, cooperative)? {
            all.entry(named.operation).or_default().attachments.push(named);
        }
        Ok(Self(all))
    }

    /// What that operation gave, with what its own row says.
    fn take(
        &mut self,
        operation: &OperationId,
        income: Option<i64>,
        collateral: Option<String>,
    ) -> Result<Given, Refusal> {
        let given = self.0.remove(operation).unwrap_or_default();
        let income = income.map(Money::from_sen).transpose()?;
        Ok(Given { income, collateral: collateral.as_deref().map(Collateral::new).transpose()?, ..given })
    }
}
