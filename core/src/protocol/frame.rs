//! The frames of a pull's answer, in their order: successions of the checkpoint key (where there were any), checkpoint, heads, freshness, register (when changed), results,
//! then pages, then the end. Each is a CBOR array behind its length (4 bytes, big endian); the whole is one zstd stream.

use minicbor::Decoder;

use super::chain::Entries;
use super::codec::{self, EncodeError, Encoder, Item, WireFault};
use super::operation::OperationResult;
use super::{Hash, checkpoint, head};
use crate::domain::loan::{AllocationOrder, Component, RepaymentTerms, Rounding};
use crate::domain::{AccountKey, LoanProduct, MemberStatus, Name, ProductCode, Rate, SavingsProduct, TimeZone};

/// The largest frame.
pub const MAX_FRAME_BYTES: usize = 1024 * 1024;
/// The most entries in a page.
pub const MAX_PAGE_ENTRIES: u64 = 1_000;
/// How many of the newest entries of each account come before anything older.
pub const NEWEST: u32 = 50;
/// The most results in a frame.
pub const MAX_RESULTS: u64 = 500;
/// The most products of a cooperative.
pub const MAX_PRODUCTS: u64 = 500;

/// A run of an account's entries and the hash it starts from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Whose entries.
    pub key: AccountKey,
    /// The first entry's seq.
    pub first: u32,
    /// `h[first - 1]`.
    pub start: Hash,
    /// The entries, ascending.
    pub entries: Entries,
}

/// What the register says of the member and what the cooperative offers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Register {
    /// The cooperative's name.
    pub cooperative: Name,
    /// Its time zone.
    pub zone: TimeZone,
    /// The member's name.
    pub member: Name,
    /// How the member stands.
    pub status: MemberStatus,
    /// Membership class, as the cooperative calls it.
    pub class: Option<Name>,
    /// What can be saved in.
    pub savings_products: Vec<SavingsProduct>,
    /// What can be borrowed.
    pub loan_products: Vec<LoanProduct>,
}

/// One frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// The signed checkpoint.
    Checkpoint(Vec<u8>),
    /// The canonical heads, sorted by (kind, account).
    Heads(Vec<Vec<u8>>),
    /// The signed freshness statement.
    Freshness(Vec<u8>),
    /// The register, encoded by [`Register::encode`]: its hash is what the phone names in its next pull.
    Register(Vec<u8>),
    /// Results of operations, for this device.
    Results(Vec<OperationResult>),
    /// Entries.
    Page(Page),
    /// A page of that account whose entries break their own rules.
    SpoiledPage(AccountKey),
    /// Nothing more comes.
    End,
    /// A new checkpoint key, as signed by the one before. Before the checkpoint, the oldest first.
    Succession(Vec<u8>),
    /// A kind of frame that this build does not know and may skip (its number is 128 or more).
    Unknown,
}

impl Frame {
    /// Length and CBOR.
    pub fn encode(&self) -> Vec<u8> {
        let mut bytes = codec::to_vec(|e| self.write(e));
        let length = (bytes.len() as u32).to_be_bytes();
        bytes.splice(0..0, length);
        bytes
    }

    fn write(&self, e: &mut Encoder<'_>) -> Result<(), EncodeError> {
        match self {
            Self::Checkpoint(bytes) => e.array(2)?.u8(0)?.bytes(bytes).map(drop),
            Self::Heads(heads) => {
                e.array(2)?.u8(1)?;
                head::write_leaves(heads, e)
            }
            Self::Freshness(bytes) => e.array(2)?.u8(2)?.bytes(bytes).map(drop),
            Self::Register(bytes) => e.array(2)?.u8(3)?.bytes(bytes).map(drop),
            Self::Results(results) => {
                e.array(2)?.u8(4)?.array(results.len() as u64)?;
                results.iter().try_for_each(|result| result.write(e))
            }
            Self::Page(page) => {
                e.array(6)?.u8(5)?;
                page.key.kind.write(e)?;
                page.key.account.write(e)?;
                e.u32(page.first)?.bytes(&page.start)?;
                page.entries.write(e)
            }
            Self::End => e.array(1)?.u8(6).map(drop),
            Self::Succession(bytes) => e.array(2)?.u8(7)?.bytes(bytes).map(drop),
            // Only ever read.
            Self::SpoiledPage(_) | Self::Unknown => e.array(1)?.u8(128).map(drop),
        }
    }

    /// Reads the CBOR of one frame, without its length.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireFault> {
        if bytes.len() > MAX_FRAME_BYTES {
            return Err(WireFault::TooLarge);
        }
        let d = &mut Decoder::new(bytes);
        let items = d.array()?.ok_or(WireFault::Malformed)?;
        let number = d.u8()?;
        let expect = |count: u64| if items == count { Ok(()) } else { Err(WireFault::Malformed) };
        let frame = match number {
            0 => expect(2).and_then(|()| signed(d)).map(Self::Checkpoint)?,
            1 => {
                expect(2)?;
                Self::Heads(head::read_leaves(d)?)
            }
            2 => expect(2).and_then(|()| signed(d)).map(Self::Freshness)?,
            3 => {
                expect(2)?;
                Self::Register(codec::bounded(d, MAX_FRAME_BYTES)?)
            }
            4 => {
                expect(2)?;
                Self::Results(codec::list(d, MAX_RESULTS, OperationResult::read)?)
            }
            5 => {
                expect(6)?;
                let key = AccountKey { kind: Item::read(d)?, account: Item::read(d)? };
                match read_page(key.clone(), d).and_then(|page| codec::end(d).map(|()| page)) {
                    Ok(page) => return Ok(Self::Page(page)),
                    Err(WireFault::Newer) => return Err(WireFault::Newer),
                    // What is wrong is this account's: the others go on.
                    Err(_) => return Ok(Self::SpoiledPage(key)),
                }
            }
            6 => expect(1).map(|()| Self::End)?,
            7 => expect(2).and_then(|()| signed(d)).map(Self::Succession)?,
            128.. => return Ok(Self::Unknown),
            _ => return Err(WireFault::Newer),
        };
        codec::end(d)?;
        Ok(frame)
    }
}

fn signed(d: &mut Decoder<'_>) -> Result<Vec<u8>, WireFault> {
    codec::bounded(d, checkpoint::MAX_BYTES)
}

fn read_page(key: AccountKey, d: &mut Decoder<'_>) -> Result<Page, WireFault> {
    let (first, start) = (d.u32()?, codec::hash(d)?);
    let entries = Entries::read(key.kind, d, MAX_PAGE_ENTRIES)?;
    if first == 0 || entries.is_empty() {
        return Err(WireFault::Malformed);
    }
    Ok(Page { key, first, start, entries })
}

impl Register {
    /// Its canonical bytes.
    pub fn encode(&self) -> Vec<u8> {
        codec::to_vec(|e| {
            e.array(8)?.u8(1)?;
            self.cooperative.write(e)?;
            self.zone.write(e)?;
            self.member.write(e)?;
            self.status.write(e)?;
            codec::write_optional(e, self.class.as_ref(), Item::write)?;
            e.array(self.savings_products.len() as u64)?;
            self.savings_products.iter().try_for_each(|product| write_savings_product(product, e))?;
            e.array(self.loan_products.len() as u64)?;
            self.loan_products.iter().try_for_each(|product| write_loan_product(product, e))
        })
    }

    /// Reads it.
    pub fn decode(bytes: &[u8]) -> Result<Self, WireFault> {
        let d = &mut Decoder::new(bytes);
        let unknown = codec::array(d, 8)?;
        codec::version(d, 1)?;
        let register = Self {
            cooperative: Item::read(d)?,
            zone: Item::read(d)?,
            member: Item::read(d)?,
            status: Item::read(d)?,
            class: codec::optional(d, Item::read)?,
            savings_products: codec::list(d, MAX_PRODUCTS, read_savings_product)?,
            loan_products: codec::list(d, MAX_PRODUCTS, read_loan_product)?,
        };
        codec::skip(d, unknown)?;
        codec::end(d)?;
        Ok(register)
    }

    /// The savings product with that code.
    pub fn savings_product(&self, code: &ProductCode) -> Option<&SavingsProduct> {
        self.savings_products.iter().find(|product| product.code == *code)
    }

    /// The loan product with that code.
    pub fn loan_product(&self, code: &ProductCode) -> Option<&LoanProduct> {
        self.loan_products.iter().find(|product| product.code == *code)
    }

    /// The name of the product with that code, savings or loan.
    pub fn product_name(&self, code: &ProductCode) -> Option<&Name> {
        let savings = self.savings_product(code).map(|product| &product.name);
        savings.or_else(|| self.loan_product(code).map(|product| &product.name))
    }
}

fn write_savings_product(product: &SavingsProduct, e: &mut Encoder<'_>) -> Result<(), EncodeError> {
    e.array(4)?;
    product.code.write(e)?;
    product.name.write(e)?;
    product.savings_type.write(e)?;
    product.yearly_rate.write(e)
}

fn read_savings_product(d: &mut Decoder<'_>) -> Result<SavingsProduct, WireFault> {
    let mut more = codec::array(d, 3)?;
    let product = SavingsProduct {
        code: Item::read(d)?,
        name: Item::read(d)?,
        savings_type: Item::read(d)?,
        yearly_rate: added(d, &mut more, Item::read)?.unwrap_or(Rate::ZERO),
    };
    codec::skip(d, more)?;
    Ok(product)
}

/// An item that an earlier writer of this version does not have.
fn added<T>(
    d: &mut Decoder<'_>,
    more: &mut u64,
    read: impl FnOnce(&mut Decoder<'_>) -> Result<T, WireFault>,
) -> Result<Option<T>, WireFault> {
    let Some(left) = more.checked_sub(1) else { return Ok(None) };
    *more = left;
    read(d).map(Some)
}

fn write_loan_product(product: &LoanProduct, e: &mut Encoder<'_>) -> Result<(), EncodeError> {
    e.array(9)?;
    product.code.write(e)?;
    product.name.write(e)?;
    product.method.write(e)?;
    product.rate_per_period.write(e)?;
    e.u32(product.version)?;
    codec::write_optional(e, product.min_principal.as_ref(), Item::write)?;
    codec::write_optional(e, product.max_principal.as_ref(), Item::write)?;
    codec::write_optional(e, product.max_periods.as_ref(), |periods, e| e.u32(*periods).map(drop))?;
    write_repayment(&product.repayment, e)
}

fn write_repayment(terms: &RepaymentTerms, e: &mut Encoder<'_>) -> Result<(), EncodeError> {
    e.array(7)?.u32(terms.grace_periods)?;
    terms.rounding.unit().write(e)?;
    terms.rounding.mode().write(e)?;
    terms.rounding.applies_to().write(e)?;
    terms.day_count.write(e)?;
    e.array(Component::ALL.len() as u64)?;
    terms.allocation.components().iter().try_for_each(|component| component.write(e))?;
    terms.late_charge_rate.write(e)
}

fn read_repayment(d: &mut Decoder<'_>) -> Result<RepaymentTerms, WireFault> {
    let unknown = codec::array(d, 7)?;
    let terms = RepaymentTerms {
        grace_periods: d.u32()?,
        rounding: Rounding::new(Item::read(d)?, Item::read(d)?, Item::read(d)?)?,
        day_count: Item::read(d)?,
        allocation: AllocationOrder::new(&codec::list(d, Component::ALL.len() as u64, Component::read)?)?,
        late_charge_rate: Item::read(d)?,
    };
    codec::skip(d, unknown)?;
    Ok(terms)
}

fn read_loan_product(d: &mut Decoder<'_>) -> Result<LoanProduct, WireFault> {
    let mut more = codec::array(d, 8)?;
    let product = LoanProduct {
        code: Item::read(d)?,
        name: Item::read(d)?,
        method: Item::read(d)?,
        rate_per_period: Item::read(d)?,
        version: d.u32()?,
        min_principal: codec::optional(d, Item::read)?,
        max_principal: codec::optional(d, Item::read)?,
        max_periods: codec::optional(d, |d| Ok(d.u32()?))?,
        repayment: added(d, &mut more, read_repayment)?.unwrap_or_default(),
    };
    codec::skip(d, more)?;
    Ok(product)
}

/// Cuts a stream of bytes into frames.
#[derive(Debug, Default)]
pub struct Splitter {
    buffer: Vec<u8>,
    read: usize,
}

impl Splitter {
    /// Takes more bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.read);
        self.read = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// The next whole frame; `None` asks for more bytes. A length beyond [`MAX_FRAME_BYTES`] is refused before
    /// anything of that size is held.
    pub fn next_frame(&mut self) -> Result<Option<Frame>, WireFault> {
        let rest = &self.buffer[self.read..];
        let Some((length, rest)) = rest.split_first_chunk::<4>() else {
            return Ok(None);
        };
        let length = u32::from_be_bytes(*length) as usize;
        if length > MAX_FRAME_BYTES {
            return Err(WireFault::TooLarge);
        }
        let Some(bytes) = rest.get(..length) else {
            return Ok(None);
        };
        let frame = Frame::decode(bytes)?;
        self.read += 4 + length;
        Ok(Some(frame))
    }

    /// Whether all bytes so far were taken.
    pub fn is_empty(&self) -> bool {
        self.read == self.buffer.len()
    }
}
