//! Operations: what a member commands, signed on the phone, and what became of each.

use minicbor::Decoder;

use super::codec::{self, EncodeError, Encoder, Item, WireFault};
use super::{Hash, sha256};
use crate::cose::{self, CoseError, Headers, PublicKey, Signer, Typ};
use crate::domain::{
    Backing, CooperativeId, DeviceId, LoanRequest, MemberNo, OperationId, Reason, Reply, RequestState, Timestamp,
};

const OPERATION: Typ = Typ::text("application/vnd.anggota.operation+cose");
const VERSION: u64 = 1;

/// The largest signed operation.
pub const MAX_BYTES: usize = 16 * 1024;
/// The most operations in one push.
pub const MAX_PUSH: u64 = 100;
/// The largest push.
pub const MAX_PUSH_BYTES: usize = MAX_PUSH as usize * (MAX_BYTES + 8);

/// What is commanded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Ask for a loan.
    RequestLoan(LoanRequest),
    /// Take back a request that is not decided yet.
    CancelRequest(OperationId),
    /// Take a loan that was approved.
    AcceptLoan(OperationId),
    /// Give the office what it asked for.
    Reply(Reply),
}

impl Command {
    /// Its number in the protocol.
    pub const fn kind(&self) -> u16 {
        match self {
            Self::RequestLoan(_) => 1,
            Self::CancelRequest(_) => 2,
            Self::AcceptLoan(_) => 3,
            Self::Reply(_) => 4,
        }
    }

    /// The version of its body: the lowest that can say it, so that a server that knows no backing understands a request
    /// without one.
    pub fn version(&self) -> u16 {
        match self {
            Self::RequestLoan(request) if !request.backing().is_empty() => 2,
            _ => 1,
        }
    }

    /// What stands behind a request, or is given in a reply.
    pub fn backing(&self) -> Option<&Backing> {
        match self {
            Self::RequestLoan(request) => Some(request.backing()),
            Self::Reply(reply) => Some(&reply.backing),
            Self::CancelRequest(_) | Self::AcceptLoan(_) => None,
        }
    }

    fn write(&self, e: &mut Encoder<'_>) -> Result<(), EncodeError> {
        match self {
            Self::RequestLoan(request) => {
                let has_backing = self.version() == 2;
                e.array(if has_backing { 6 } else { 5 })?;
                request.product().write(e)?;
                e.u32(request.product_version())?;
                request.principal().write(e)?;
                e.u32(request.periods())?;
                request.purpose().write(e)?;
                if has_backing { request.backing().write(e) } else { Ok(()) }
            }
            Self::Reply(reply) => {
                e.array(3)?;
                reply.request.write(e)?;
                reply.text.write(e)?;
                reply.backing.write(e)
            }
            Self::CancelRequest(id) | Self::AcceptLoan(id) => {
                e.array(1)?;
                id.write(e)
            }
        }
    }

    /// The body alone, for an outbox that signs it again later.
    pub fn encode(&self) -> Vec<u8> {
        codec::to_vec(|e| self.write(e))
    }

    /// Reads a body of that kind, in whichever version it was written.
    pub fn decode(kind: u16, bytes: &[u8]) -> Result<Self, WireFault> {
        let d = &mut Decoder::new(bytes);
        let version = if kind == 1 && Decoder::new(bytes).array()? == Some(6) { 2 } else { 1 };
        let command = Self::read(kind, version, d)?;
        codec::end(d)?;
        Ok(command)
    }

    fn read(kind: u16, version: u16, d: &mut Decoder<'_>) -> Result<Self, WireFault> {
        match (kind, version) {
            (1, 1) => {
                codec::exact(d, 5)?;
                Ok(Self::RequestLoan(request(d)?))
            }
            (1, 2) => {
                codec::exact(d, 6)?;
                let request = request(d)?.with_backing(Item::read(d)?);
                // Without a backing it is version 1: a request is written in one way.
                if request.backing().is_empty() { Err(WireFault::Malformed) } else { Ok(Self::RequestLoan(request)) }
            }
            (2, 1) => {
                codec::exact(d, 1)?;
                Ok(Self::CancelRequest(Item::read(d)?))
            }
            (3, 1) => {
                codec::exact(d, 1)?;
                Ok(Self::AcceptLoan(Item::read(d)?))
            }
            (4, 1) => {
                codec::exact(d, 3)?;
                Ok(Self::Reply(Reply { request: Item::read(d)?, text: Item::read(d)?, backing: Item::read(d)? }))
            }
            _ => Err(WireFault::Newer),
        }
    }
}

fn request(d: &mut Decoder<'_>) -> Result<LoanRequest, WireFault> {
    let (product, version) = (Item::read(d)?, d.u32()?);
    Ok(LoanRequest::new(product, version, Item::read(d)?, d.u32()?, Item::read(d)?)?)
}

/// A command with its place in the order of its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Its id, made on the phone; for a loan request also the request's id.
    pub id: OperationId,
    /// What it is about: order holds within a subject. A request and its cancel share the request's id.
    pub subject: OperationId,
    /// The operation of the same subject before it.
    pub after: Option<OperationId>,
    /// What is commanded.
    pub command: Command,
}

impl Operation {
    /// SHA-256 of CBOR `[kind, version, subject, after, body]`: the same id with another hash is another operation.
    pub fn body_hash(&self) -> Hash {
        sha256(&codec::to_vec(|e| {
            e.array(5)?.u16(self.command.kind())?.u16(self.command.version())?;
            self.write_place(e)?;
            self.command.write(e)
        }))
    }

    fn write_place(&self, e: &mut Encoder<'_>) -> Result<(), EncodeError> {
        self.subject.write(e)?;
        codec::write_optional(e, self.after.as_ref(), Item::write)
    }

    /// The signed bytes: COSE_Sign1 by the device key over
    /// `[1, cooperative, member, id, subject, after, kind, version, body]`.
    pub fn sign(
        &self,
        cooperative: &CooperativeId,
        member: &MemberNo,
        device: &DeviceId,
        signer: &dyn Signer,
    ) -> Result<Vec<u8>, CoseError> {
        let payload = codec::to_vec(|e| {
            e.array(9)?.u64(VERSION)?;
            cooperative.write(e)?;
            member.write(e)?;
            self.id.write(e)?;
            self.write_place(e)?;
            e.u16(self.command.kind())?.u16(self.command.version())?;
            self.command.write(e)
        });
        cose::sign1(&Headers { typ: &OPERATION, kid: Some(device.as_bytes()), kcwt: None }, &payload, signer)
    }

    /// Verifies an operation of that member of that cooperative, signed by that device, whose key is `key`.
    pub fn verify(
        bytes: &[u8],
        cooperative: &CooperativeId,
        member: &MemberNo,
        device: &DeviceId,
        key: &PublicKey,
    ) -> Result<Self, OperationFault> {
        let sign1 = cose::parse1(bytes, &OPERATION, MAX_BYTES)?;
        sign1.verify(key)?;
        if sign1.kid() != Some(device.as_bytes()) {
            return Err(OperationFault::NotYours);
        }
        let d = &mut Decoder::new(sign1.payload());
        codec::exact(d, 9)?;
        codec::version(d, VERSION)?;
        if CooperativeId::read(d)? != *cooperative || MemberNo::read(d)? != *member {
            return Err(OperationFault::NotYours);
        }
        let (id, subject) = (Item::read(d)?, Item::read(d)?);
        let after = codec::optional(d, Item::read)?;
        let (kind, version) = (d.u16()?, d.u16()?);
        let command = Command::read(kind, version, d)?;
        codec::end(d)?;
        Ok(Self { id, subject, after, command })
    }
}

/// Why an operation is not accepted as one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OperationFault {
    /// Not of the agreed form, or a bad signature.
    #[error(transparent)]
    Cose(#[from] CoseError),
    /// The signed content is not of the agreed form.
    #[error(transparent)]
    Wire(#[from] WireFault),
    /// Signed for another member or cooperative, or in the name of another device.
    #[error("the operation is another member's or device's")]
    NotYours,
}

impl From<minicbor::decode::Error> for OperationFault {
    fn from(fault: minicbor::decode::Error) -> Self {
        Self::Wire(fault.into())
    }
}

/// What became of an operation, as the server stored it in the transaction of its effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationResult {
    /// Grows with every result for this device.
    pub number: u64,
    /// Which operation.
    pub operation: OperationId,
    /// Its body hash, as the server has it.
    pub body_hash: Hash,
    /// As the server has it: never queued, sending or stuck. A cancel that came too late is itself rejected.
    pub state: RequestState,
    /// Why, when rejected.
    pub reason: Option<Reason>,
    /// When.
    pub at: Timestamp,
}

impl OperationResult {
    pub(crate) fn write(&self, e: &mut Encoder<'_>) -> Result<(), EncodeError> {
        e.array(6)?.u64(self.number)?;
        self.operation.write(e)?;
        e.bytes(&self.body_hash)?;
        self.state.write(e)?;
        codec::write_optional(e, self.reason.as_ref(), Item::write)?;
        self.at.write(e)
    }

    pub(crate) fn read(d: &mut Decoder<'_>) -> Result<Self, WireFault> {
        codec::exact(d, 6)?;
        let result = Self {
            number: codec::count(d)?,
            operation: Item::read(d)?,
            body_hash: codec::hash(d)?,
            state: Item::read(d)?,
            reason: codec::optional(d, Item::read)?,
            at: Item::read(d)?,
        };
        // What only a phone says of its own command is no result; and numbers begin at 1.
        let is_said_by_servers =
            !matches!(result.state, RequestState::Queued | RequestState::Sending | RequestState::Stuck);
        if is_said_by_servers && result.number > 0 { Ok(result) } else { Err(WireFault::Malformed) }
    }
}

/// A push: signed operations, in the order they were given.
pub fn encode_push<T: AsRef<[u8]>>(operations: &[T]) -> Vec<u8> {
    codec::to_vec(|e| {
        e.array(2)?.u64(VERSION)?.array(operations.len() as u64)?;
        operations.iter().try_for_each(|bytes| e.bytes(bytes.as_ref()).map(drop))
    })
}

/// Reads a push.
pub fn decode_push(bytes: &[u8]) -> Result<Vec<Vec<u8>>, WireFault> {
    if bytes.len() > MAX_PUSH_BYTES {
        return Err(WireFault::TooLarge);
    }
    let d = &mut Decoder::new(bytes);
    codec::exact(d, 2)?;
    codec::version(d, VERSION)?;
    let operations = codec::list(d, MAX_PUSH, |d| {
        let operation = d.bytes()?;
        if operation.len() > MAX_BYTES { Err(WireFault::TooLarge) } else { Ok(operation.to_vec()) }
    })?;
    codec::end(d)?;
    Ok(operations)
}

/// The answer to one operation of a push.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Stored, now or earlier, with this result.
    Result(OperationResult),
    /// The id is known with another body: it stays on the phone and is shown as stuck.
    Conflict(OperationId),
    /// The operation it stands after has not arrived: to be sent again after it.
    Waiting(OperationId),
    /// Not a valid operation (its place in the push).
    Invalid(u32),
}

impl Answer {
    /// The operation that it is about, where it names one.
    pub fn operation(&self) -> Option<&OperationId> {
        match self {
            Self::Result(result) => Some(&result.operation),
            Self::Conflict(id) | Self::Waiting(id) => Some(id),
            Self::Invalid(_) => None,
        }
    }
}

/// The answer to a push: one for each operation, in order.
pub fn encode_answers(answers: &[Answer]) -> Vec<u8> {
    codec::to_vec(|e| {
        e.array(2)?.u64(VERSION)?.array(answers.len() as u64)?;
        answers.iter().try_for_each(|answer| match answer {
            Answer::Result(result) => {
                e.array(2)?.u8(0)?;
                result.write(e)
            }
            Answer::Conflict(id) => {
                e.array(2)?.u8(1)?;
                id.write(e)
            }
            Answer::Waiting(id) => {
                e.array(2)?.u8(2)?;
                id.write(e)
            }
            Answer::Invalid(place) => e.array(2)?.u8(3)?.u32(*place).map(drop),
        })
    })
}

/// Reads the answer to a push.
pub fn decode_answers(bytes: &[u8]) -> Result<Vec<Answer>, WireFault> {
    let d = &mut Decoder::new(bytes);
    codec::exact(d, 2)?;
    codec::version(d, VERSION)?;
    let answers = codec::list(d, MAX_PUSH, |d| {
        codec::exact(d, 2)?;
        Ok(match d.u8()? {
            0 => Answer::Result(OperationResult::read(d)?),
            1 => Answer::Conflict(Item::read(d)?),
            2 => Answer::Waiting(Item::read(d)?),
            3 => Answer::Invalid(d.u32()?),
            _ => return Err(WireFault::Newer),
        })
    })?;
    codec::end(d)?;
    Ok(answers)
}
