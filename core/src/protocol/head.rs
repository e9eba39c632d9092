//! Heads on the wire: the leaves of a checkpoint's tree, in one canonical form.
//!
//! Savings: `[1, 0, account, seq, balance, h, product, status]`. Loan: `[1, 1, account, seq, outstanding, h, product,
//! product version, method, principal, rate, periods, disbursed on, first due on, status]`. A newer writer may add
//! items at the end; the bytes as received are what is hashed.

use minicbor::Decoder;

use super::codec::{self, Item, WireFault};
use crate::domain::{Head, LedgerKind, LoanHead, LoanTerms, SavingsHead};

const VERSION: u64 = 1;

/// The most accounts and loans a member may have.
pub const MAX_ACCOUNTS: u64 = 1_000;
/// The largest encoded head.
pub const MAX_HEAD_BYTES: usize = 512;

/// The canonical bytes of a head.
pub fn encode(head: &Head) -> Vec<u8> {
    codec::to_vec(|e| match head {
        Head::Savings(head) => {
            e.array(8)?.u64(VERSION)?;
            LedgerKind::Savings.write(e)?;
            head.account.write(e)?;
            e.u32(head.seq)?;
            head.balance.write(e)?;
            e.bytes(&head.hash)?;
            head.product.write(e)?;
            head.status.write(e)
        }
        Head::Loan(head) => {
            e.array(15)?.u64(VERSION)?;
            LedgerKind::Loan.write(e)?;
            head.account.write(e)?;
            e.u32(head.seq)?;
            head.outstanding.write(e)?;
            e.bytes(&head.hash)?;
            let terms = &head.terms;
            terms.product.write(e)?;
            e.u32(terms.product_version)?;
            terms.method.write(e)?;
            terms.principal.write(e)?;
            terms.rate_per_period.write(e)?;
            e.u32(terms.periods)?;
            terms.disbursed_on.write(e)?;
            terms.first_due_on.write(e)?;
            head.status.write(e)
        }
    })
}

/// Reads a head.
pub fn decode(bytes: &[u8]) -> Result<Head, WireFault> {
    if bytes.len() > MAX_HEAD_BYTES {
        return Err(WireFault::TooLarge);
    }
    let d = &mut Decoder::new(bytes);
    let items = d.array()?.ok_or(WireFault::Malformed)?;
    codec::version(d, VERSION)?;
    let kind = LedgerKind::read(d)?;
    let known = match kind {
        LedgerKind::Savings => 8,
        LedgerKind::Loan => 15,
    };
    let unknown = items.checked_sub(known).ok_or(WireFault::Malformed)?;
    let (account, seq, figure) = (Item::read(d)?, d.u32()?, Item::read(d)?);
    let hash = codec::hash(d)?;
    let head = match kind {
        LedgerKind::Savings => Head::Savings(SavingsHead {
            account,
            seq,
            balance: figure,
            hash,
            product: Item::read(d)?,
            status: Item::read(d)?,
        }),
        LedgerKind::Loan => Head::Loan(LoanHead {
            account,
            seq,
            outstanding: figure,
            hash,
            terms: LoanTerms {
                product: Item::read(d)?,
                product_version: d.u32()?,
                method: Item::read(d)?,
                principal: Item::read(d)?,
                rate_per_period: Item::read(d)?,
                periods: d.u32()?,
                disbursed_on: Item::read(d)?,
                first_due_on: Item::read(d)?,
            },
            status: Item::read(d)?,
        }),
    };
    codec::skip(d, unknown)?;
    codec::end(d)?;
    Ok(head)
}

/// Encoded heads as one CBOR array of byte strings.
pub fn encode_leaves(leaves: &[Vec<u8>]) -> Vec<u8> {
    codec::to_vec(|e| write_leaves(leaves, e))
}

/// Reads encoded heads.
pub fn decode_leaves(bytes: &[u8]) -> Result<Vec<Vec<u8>>, WireFault> {
    let d = &mut Decoder::new(bytes);
    let leaves = read_leaves(d)?;
    codec::end(d)?;
    Ok(leaves)
}

pub(crate) fn write_leaves(leaves: &[Vec<u8>], e: &mut codec::Encoder<'_>) -> Result<(), codec::EncodeError> {
    e.array(leaves.len() as u64)?;
    leaves.iter().try_for_each(|leaf| e.bytes(leaf).map(drop))
}

pub(crate) fn read_leaves(d: &mut Decoder<'_>) -> Result<Vec<Vec<u8>>, WireFault> {
    codec::list(d, MAX_ACCOUNTS, |d| codec::bounded(d, MAX_HEAD_BYTES))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AccountNo, AccountStatus, CivilDate, LoanMethod, LoanStatus, Money, ProductCode, Rate};

    fn heads() -> [Head; 2] {
        let sen = |v| Money::from_sen(v).unwrap();
        let day = |v| CivilDate::from_days(v).unwrap();
        [
            Head::Savings(SavingsHead {
                account: AccountNo::new("SS-1").unwrap(),
                seq: 3,
                balance: sen(150),
                hash: [7; 32],
                product: ProductCode::new("SS").unwrap(),
                status: AccountStatus::Open,
            }),
            Head::Loan(LoanHead {
                account: AccountNo::new("PB-1").unwrap(),
                seq: 9,
                outstanding: sen(1_000_000),
                hash: [9; 32],
                terms: LoanTerms {
                    product: ProductCode::new("PB").unwrap(),
                    product_version: 2,
                    method: LoanMethod::Menurun,
                    principal: sen(2_000_000),
                    rate_per_period: Rate::from_e8(1_500_000).unwrap(),
                    periods: 12,
                    disbursed_on: day(20_000),
                    first_due_on: day(20_031),
                },
                status: LoanStatus::Active,
            }),
        ]
    }

    #[test]
    fn a_head_reads_back_as_written_and_tolerates_items_added_later() {
        for head in heads() {
            let mut bytes = encode(&head);
            assert_eq!(decode(&bytes), Ok(head.clone()));
            bytes[0] += 1;
            assert_eq!(decode(&bytes), Err(WireFault::Malformed), "a promised item is missing");
            bytes.push(0xf6);
            assert_eq!(decode(&bytes), Ok(head));
            bytes.push(0xf6);
            assert_eq!(decode(&bytes), Err(WireFault::Malformed), "bytes follow");
        }
    }

    #[test]
    fn a_cut_head_is_refused() {
        for head in heads() {
            let bytes = encode(&head);
            for cut in 0..bytes.len() {
                assert!(decode(&bytes[..cut]).is_err());
            }
        }
    }
}
