//! The hash chain of a ledger: what makes an entry impossible to change, drop or reorder unnoticed.
//!
//! `h[0]` is 32 zero bytes; `h[n]` = SHA-256 of the CBOR array
//! `["anggota/entry/1", cooperative, kind, account, h[n-1], entry]`.

use minicbor::Decoder;
use minicbor::encode::Write;
use minicbor::encode::write::Cursor;

use super::codec::{self, EncodeError, Encoder, Item, WireFault};
use super::{Hash, sha256};
use crate::domain::{AccountKey, CooperativeId, EntryFault, LedgerKind, LoanAmounts, LoanEntry, Money, SavingsEntry};

/// Before the first entry.
pub const START: Hash = [0; 32];

const DOMAIN: &str = "anggota/entry/1";
const VERSION: u64 = 1;

/// An entry of either ledger, as far as the chain needs to know it.
pub trait ChainEntry {
    /// Its place in the account.
    fn seq(&self) -> u32;
    /// Balance or outstanding after it.
    fn figure(&self) -> Money;
    /// Balance or outstanding right before it, if in range.
    fn figure_before(&self) -> Option<Money>;
    /// Holds that it stands right after one with `seq` and `figure`.
    fn follows(&self, seq: u32, figure: Money) -> Result<(), EntryFault>;
    /// Writes its canonical CBOR array.
    fn write<W: Write>(&self, e: &mut minicbor::Encoder<W>) -> Result<(), minicbor::encode::Error<W::Error>>;
}

/// More than is ever hashed for an entry: 200 characters of description and 100 of reference take 1,200 bytes, the ids
/// before them 160, all numbers and hashes 160.
const MAX_HASHED_BYTES: usize = 2_048;

/// Computes the hashes of one account's chain.
pub struct Chain {
    /// What is hashed; its beginning is the same for all entries.
    buffer: Cursor<[u8; MAX_HASHED_BYTES]>,
    prefix: usize,
}

impl Chain {
    /// For that account of that cooperative.
    pub fn new(cooperative: &CooperativeId, key: &AccountKey) -> Self {
        let prefix = codec::to_vec(|e| {
            e.array(6)?.str(DOMAIN)?.str(cooperative.as_str())?;
            key.kind.write(e)?;
            key.account.write(e)
        });
        let mut buffer = Cursor::new([0; MAX_HASHED_BYTES]);
        let _fits = buffer.write_all(&prefix);
        Self { buffer, prefix: prefix.len() }
    }

    /// `h[n]` of `entry`, from `h[n-1]`.
    pub fn next(&mut self, before: &Hash, entry: &impl ChainEntry) -> Hash {
        self.buffer.set_position(self.prefix);
        // An array on the stack, where the encoder writes without asking for room: half of what a hash costs otherwise.
        let e = &mut minicbor::Encoder::new(&mut self.buffer);
        let _fits = e.bytes(before).map(drop).and_then(|()| entry.write(e));
        sha256(&self.buffer.get_ref()[..self.buffer.position()])
    }
}

/// Entries of one ledger, all of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entries {
    /// Of a savings account.
    Savings(Vec<SavingsEntry>),
    /// Of a loan.
    Loan(Vec<LoanEntry>),
}

impl Entries {
    /// How many.
    pub fn len(&self) -> usize {
        match self {
            Self::Savings(entries) => entries.len(),
            Self::Loan(entries) => entries.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Which ledger they are of.
    pub fn kind(&self) -> LedgerKind {
        match self {
            Self::Savings(_) => LedgerKind::Savings,
            Self::Loan(_) => LedgerKind::Loan,
        }
    }

    pub(crate) fn write(&self, e: &mut Encoder<'_>) -> Result<(), EncodeError> {
        match self {
            Self::Savings(entries) => {
                e.array(entries.len() as u64)?;
                entries.iter().try_for_each(|entry| ChainEntry::write(entry, e))?;
            }
            Self::Loan(entries) => {
                e.array(entries.len() as u64)?;
                entries.iter().try_for_each(|entry| ChainEntry::write(entry, e))?;
            }
        }
        Ok(())
    }

    pub(crate) fn read(kind: LedgerKind, d: &mut Decoder<'_>, most: u64) -> Result<Self, WireFault> {
        Ok(match kind {
            LedgerKind::Savings => Self::Savings(codec::list(d, most, read_savings)?),
            LedgerKind::Loan => Self::Loan(codec::list(d, most, read_loan)?),
        })
    }
}

impl ChainEntry for SavingsEntry {
    fn seq(&self) -> u32 {
        self.seq()
    }
    fn figure(&self) -> Money {
        self.balance_after()
    }
    fn figure_before(&self) -> Option<Money> {
        self.balance_after().checked_add(-self.amount())
    }
    fn follows(&self, seq: u32, figure: Money) -> Result<(), EntryFault> {
        self.follows(seq, figure)
    }
    #[inline]
    fn write<W: Write>(&self, e: &mut minicbor::Encoder<W>) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(9)?.u64(VERSION)?.u32(self.seq())?.i32(self.posted_on().days())?.u8(self.kind().number())?;
        e.i64(self.amount().sen())?.i64(self.balance_after().sen())?;
        write_words(self.description().as_str(), self.reference().as_str(), self.reverses(), e)
    }
}

impl ChainEntry for LoanEntry {
    fn seq(&self) -> u32 {
        self.seq()
    }
    fn figure(&self) -> Money {
        self.outstanding_after()
    }
    fn figure_before(&self) -> Option<Money> {
        self.outstanding_after().checked_add(-self.amounts().principal)
    }
    fn follows(&self, seq: u32, figure: Money) -> Result<(), EntryFault> {
        self.follows(seq, figure)
    }
    #[inline]
    fn write<W: Write>(&self, e: &mut minicbor::Encoder<W>) -> Result<(), minicbor::encode::Error<W::Error>> {
        let LoanAmounts { principal, interest, late_charge } = self.amounts();
        e.array(11)?.u64(VERSION)?.u32(self.seq())?.i32(self.posted_on().days())?.u8(self.kind().number())?;
        e.i64(principal.sen())?.i64(interest.sen())?.i64(late_charge.sen())?.i64(self.outstanding_after().sen())?;
        write_words(self.description().as_str(), self.reference().as_str(), self.reverses(), e)
    }
}

#[inline]
fn write_words<W: Write>(
    description: &str,
    reference: &str,
    reverses: Option<u32>,
    e: &mut minicbor::Encoder<W>,
) -> Result<(), minicbor::encode::Error<W::Error>> {
    e.str(description)?.str(reference)?;
    match reverses {
        Some(seq) => e.u32(seq).map(drop),
        None => e.null().map(drop),
    }
}

fn read_savings(d: &mut Decoder<'_>) -> Result<SavingsEntry, WireFault> {
    codec::exact(d, 9)?;
    codec::version(d, VERSION)?;
    let entry = SavingsEntry::new(
        d.u32()?,
        Item::read(d)?,
        Item::read(d)?,
        Item::read(d)?,
        Item::read(d)?,
        Item::read(d)?,
        Item::read(d)?,
        codec::optional(d, |d| Ok(d.u32()?))?,
    )?;
    Ok(entry)
}

fn read_loan(d: &mut Decoder<'_>) -> Result<LoanEntry, WireFault> {
    codec::exact(d, 11)?;
    codec::version(d, VERSION)?;
    let (seq, posted_on, kind) = (d.u32()?, Item::read(d)?, Item::read(d)?);
    let amounts = LoanAmounts { principal: Item::read(d)?, interest: Item::read(d)?, late_charge: Item::read(d)? };
    let entry = LoanEntry::new(
        seq,
        posted_on,
        kind,
        amounts,
        Item::read(d)?,
        Item::read(d)?,
        Item::read(d)?,
        codec::optional(d, |d| Ok(d.u32()?))?,
    )?;
    Ok(entry)
}

/// A point of a chain: after entry `seq`, the hash and the figure are these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link {
    /// The entry it stands after; 0 before the first.
    pub seq: u32,
    /// `h[seq]`.
    pub hash: Hash,
    /// Balance or outstanding there.
    pub figure: Money,
}

impl Link {
    /// Before the first entry.
    pub const START: Self = Self { seq: 0, hash: START, figure: Money::ZERO };

    /// Right before `first`, whose preceding hash is said to be `hash`; `None` if its figures are out of range.
    pub fn before(first: &impl ChainEntry, hash: Hash) -> Option<Self> {
        Some(Self { seq: first.seq().checked_sub(1)?, hash, figure: first.figure_before()? })
    }
}

/// Why a walk along a chain stopped: a rule does not hold at this entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken {
    /// The first entry at which a rule does not hold.
    pub seq: u32,
}

/// Walks `entries` from `from`: dense seq, figures that add up, and the chain's hash at the end.
/// `watch` sees every link on the way and may stop the walk (at a known hash that must be met).
pub fn walk<E: ChainEntry>(
    chain: &mut Chain,
    from: Link,
    entries: &[E],
    mut watch: impl FnMut(&Link) -> bool,
) -> Result<Link, Broken> {
    let mut link = from;
    for entry in entries {
        let broken = Broken { seq: link.seq.saturating_add(1) };
        entry.follows(link.seq, link.figure).map_err(|_| broken)?;
        link = Link { seq: entry.seq(), hash: chain.next(&link.hash, entry), figure: entry.figure() };
        if !watch(&link) {
            return Err(broken);
        }
    }
    Ok(link)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{AccountNo, CivilDate, Description, LoanKind, Reference, SavingsKind};

    fn entry(seq: u32, amount: i64, balance: i64) -> SavingsEntry {
        SavingsEntry::new(
            seq,
            CivilDate::from_days(20_000).unwrap(),
            if amount > 0 { SavingsKind::Deposit } else { SavingsKind::Withdrawal },
            Money::from_sen(amount).unwrap(),
            Money::from_sen(balance).unwrap(),
            Description::new("Setoran").unwrap(),
            Reference::new("R1").unwrap(),
            None,
        )
        .unwrap()
    }

    fn chain() -> Chain {
        Chain::new(
            &CooperativeId::new("handayani").unwrap(),
            &AccountKey { kind: LedgerKind::Savings, account: AccountNo::new("SS-1").unwrap() },
        )
    }

    #[test]
    fn the_hash_is_of_the_documented_bytes() {
        let mut expected = vec![0x86, 0x6f];
        expected.extend(b"anggota/entry/1");
        expected.push(0x69);
        expected.extend(b"handayani");
        expected.push(0x00);
        expected.push(0x64);
        expected.extend(b"SS-1");
        expected.extend([0x58, 0x20]);
        expected.extend([0; 32]);
        // [1, 1, 20000, 0, 100, 100, "Setoran", "R1", null]
        expected.extend([0x89, 0x01, 0x01, 0x19, 0x4e, 0x20, 0x00, 0x18, 0x64, 0x18, 0x64, 0x67]);
        expected.extend(b"Setoran");
        expected.push(0x62);
        expected.extend(b"R1");
        expected.push(0xf6);
        assert_eq!(chain().next(&START, &entry(1, 100, 100)), sha256(&expected));
    }

    #[test]
    fn the_longest_entry_is_hashed_whole() {
        let key = AccountKey { kind: LedgerKind::Loan, account: AccountNo::new(&"9".repeat(32)).unwrap() };
        let mut chain = Chain::new(&CooperativeId::new(&"z".repeat(16)).unwrap(), &key);
        let most = |sign: i64| Money::from_sen(sign * Money::MAX.sen()).unwrap();
        let entry = LoanEntry::new(
            crate::domain::MAX_SEQ,
            CivilDate::from_days(20_000).unwrap(),
            LoanKind::Repayment,
            LoanAmounts { principal: most(-1), interest: most(-1), late_charge: most(-1) },
            most(1),
            Description::new(&"\u{10348}".repeat(200)).unwrap(),
            Reference::new(&"\u{10348}".repeat(100)).unwrap(),
            None,
        )
        .unwrap();
        let mut bytes = chain.buffer.get_ref()[..chain.prefix].to_vec();
        let mut e = minicbor::Encoder::new(&mut bytes);
        e.bytes(&START).unwrap();
        ChainEntry::write(&entry, &mut e).unwrap();
        assert!(bytes.len() > 1_200 && bytes.len() + 100 < MAX_HASHED_BYTES, "{}", bytes.len());
        assert_eq!(chain.next(&START, &entry), sha256(&bytes));
    }

    #[test]
    fn a_walk_stops_at_the_first_entry_that_does_not_add_up() {
        let from = Link::START;
        let good = [entry(1, 100, 100), entry(2, -30, 70), entry(3, 5, 75)];
        assert!(walk(&mut chain(), from, &good, |_| true).is_ok());
        let bad = [entry(1, 100, 100), entry(2, -31, 70), entry(3, 5, 75)];
        assert_eq!(walk(&mut chain(), from, &bad, |_| true), Err(Broken { seq: 2 }));
        let gap = [entry(1, 100, 100), entry(3, 5, 105)];
        assert_eq!(walk(&mut chain(), from, &gap, |_| true), Err(Broken { seq: 2 }));
        let late = [entry(2, 100, 100)];
        assert_eq!(walk(&mut chain(), from, &late, |_| true), Err(Broken { seq: 1 }));
        let not_from_zero = [entry(1, 100, 150)];
        assert_eq!(walk(&mut chain(), from, &not_from_zero, |_| true), Err(Broken { seq: 1 }));
    }

    /// From 128 on a kind is kept as it came, to the byte; below it must be understood.
    #[test]
    fn an_unknown_kind_is_read_or_asks_for_a_newer_version_by_its_number_alone() {
        let read = |kind: u8, amount: i64| {
            // [1, 2, 20000, kind, amount, 70, "", "", null]
            let mut bytes = vec![0x81, 0x89, 0x01, 0x02, 0x19, 0x4e, 0x20];
            minicbor::Encoder::new(&mut bytes).u8(kind).unwrap().i64(amount).unwrap().i64(70).unwrap();
            bytes.extend([0x60, 0x60, 0xf6]);
            (Entries::read(LedgerKind::Savings, &mut Decoder::new(&bytes), 10), bytes)
        };
        for kind in 8..128 {
            assert_eq!(read(kind, -30).0, Err(WireFault::Newer), "{kind}");
        }
        for kind in 128..=255 {
            let (entries, bytes) = read(kind, -30);
            let entries = entries.unwrap();
            assert_eq!(codec::to_vec(|e| entries.write(e)), bytes, "{kind}");
            let Entries::Savings(entries) = entries else { panic!("savings") };
            let before = Link { seq: 1, hash: START, figure: Money::from_sen(100).unwrap() };
            assert!(walk(&mut chain(), before, &entries, |_| true).is_ok(), "{kind}");
            assert_eq!(walk(&mut chain(), Link::START, &entries, |_| true), Err(Broken { seq: 1 }), "{kind}");
        }
        assert_eq!(read(200, 0).0, Err(WireFault::Entry(EntryFault::Zero)));
    }

    #[test]
    fn entries_read_back_as_written() {
        let entries = Entries::Savings(vec![entry(1, 100, 100), entry(2, -30, 70)]);
        let bytes = codec::to_vec(|e| entries.write(e));
        assert_eq!(Entries::read(LedgerKind::Savings, &mut Decoder::new(&bytes), 10), Ok(entries.clone()));
        assert_eq!(Entries::read(LedgerKind::Savings, &mut Decoder::new(&bytes), 1), Err(WireFault::TooLarge));
    }
}
