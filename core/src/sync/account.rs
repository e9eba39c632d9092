//! One account within a pull: which entries are held, and which page must come next.

use crate::domain::{AccountKey, CooperativeId, Head};
use crate::protocol::chain::{self, Chain, ChainEntry, Entries, Link};
use crate::protocol::frame::Page;
use crate::protocol::pull::Range;

/// A run of entries that is held and verified: from right before its first to its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Right before the first entry held.
    pub before: Link,
    /// At the last entry held.
    pub last: Link,
}

impl Span {
    /// The first seq held.
    pub fn low(&self) -> u32 {
        self.before.seq + 1
    }

    /// As it is named to the server.
    pub fn range(&self) -> Range {
        Range { low: self.low(), before: self.before.hash, high: self.last.seq, after: self.last.hash }
    }
}

/// Why a page is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageFault {
    /// The page does not reach the hash it must end in, or breaks a rule on the way.
    Mismatch,
    /// The page meets entries that are held, with another hash: the past was changed.
    PastChanged,
}

/// An account whose head is signed, filling downwards.
#[derive(Debug, Clone)]
pub struct Account {
    head: Link,
    /// Held runs, newest first, never touching each other.
    spans: Vec<Span>,
    /// What was held before this pull: every later page must agree with it.
    known: Vec<Link>,
}

impl Account {
    /// An account with a newly signed head, the heads `signed` before, and the runs held so far (newest first). `afresh`
    /// fetches everything again, and still holds it against what was known.
    pub fn new(
        head: &Head,
        signed: impl IntoIterator<Item = Link>,
        held: &[Span],
        afresh: bool,
    ) -> Result<Self, PageFault> {
        let head = Link { seq: head.seq(), hash: head.hash(), figure: head.figure() };
        let known: Vec<Link> =
            held.iter().flat_map(|span| [span.last, span.before]).chain(signed).filter(|link| link.seq > 0).collect();
        // Entries beyond the signed head: what was shown is gone.
        if known.iter().any(|link| link.seq > head.seq || (link.seq == head.seq && *link != head)) {
            return Err(PageFault::PastChanged);
        }
        if head.seq == 0 && head != Link::START {
            return Err(PageFault::Mismatch);
        }
        let spans = if afresh { Vec::new() } else { held.to_vec() };
        let mut account = Self { head, spans, known };
        account.settle()?;
        Ok(account)
    }

    /// Runs held, newest first.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Where the next page must end; `None` when entry 1 is held and everything chains.
    pub fn next_end(&self) -> Option<Link> {
        let end = match self.spans.first() {
            Some(top) if top.last.seq == self.head.seq => top.before,
            _ => self.head,
        };
        (end.seq > 0).then_some(end)
    }

    /// Every entry held chains to the head.
    pub fn is_verified(&self) -> bool {
        match self.spans.as_slice() {
            [] => true,
            [top] => top.last == self.head,
            _ => false,
        }
    }

    /// Entry 1 is held and everything chains.
    pub fn is_complete(&self) -> bool {
        self.next_end().is_none()
    }

    /// Checks a page and adds it to what is held.
    pub fn accept(&mut self, cooperative: &CooperativeId, key: &AccountKey, page: &Page) -> Result<(), PageFault> {
        let end = self.next_end().ok_or(PageFault::Mismatch)?;
        let chain = &mut Chain::new(cooperative, key);
        let (span, agrees) = match &page.entries {
            Entries::Savings(entries) => self.walk(chain, page, entries),
            Entries::Loan(entries) => self.walk(chain, page, entries),
        }
        .ok_or(PageFault::Mismatch)?;
        if span.last != end {
            return Err(PageFault::Mismatch);
        }
        // Only a page that does reach its signed end says anything about the past.
        if !agrees {
            return Err(PageFault::PastChanged);
        }
        match self.spans.first_mut() {
            // It ends right below the run that hangs from the head.
            Some(top) if top.last.seq == self.head.seq => top.before = span.before,
            _ => self.spans.insert(0, span),
        }
        self.settle()
    }

    /// The run that the page is, and whether it agrees with all that was known; `None` if its own rules are broken.
    fn walk<E: ChainEntry>(&self, chain: &mut Chain, page: &Page, entries: &[E]) -> Option<(Span, bool)> {
        let first = entries.first().filter(|first| first.seq() == page.first)?;
        let before = Link::before(first, page.start)?;
        let mut agrees = self.agrees(&before);
        let last = chain::walk(chain, before, entries, |link| {
            agrees &= self.agrees(link);
            true
        })
        .ok()?;
        Some((Span { before, last }, agrees))
    }

    fn agrees(&self, link: &Link) -> bool {
        self.known.iter().all(|known| known.seq != link.seq || known == link)
    }

    /// Joins the run that hangs from the head with the one right below it; unequal hashes there are a fork.
    fn settle(&mut self) -> Result<(), PageFault> {
        while let [top, below, ..] = self.spans.as_slice() {
            if top.last.seq != self.head.seq || below.last.seq < top.before.seq {
                break;
            }
            if below.last.seq > top.before.seq {
                // A page that reaches into what is held says nothing about it, and was not asked for.
                return Err(PageFault::Mismatch);
            }
            if below.last != top.before {
                return Err(PageFault::PastChanged);
            }
            self.spans[0].before = below.before;
            self.spans.remove(1);
        }
        // The run that reaches entry 1 must start from nothing.
        match self.spans.last() {
            Some(lowest) if lowest.before.seq == 0 && lowest.before != Link::START => Err(PageFault::Mismatch),
            _ => Ok(()),
        }
    }
}
