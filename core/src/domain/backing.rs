//! What a member gives so that a loan can be judged: income, guarantors, collateral, attached documents.
//!
//! Holds what can be checked without the books; whether a guarantor is a member is the cooperative's to say. Never holds a
//! document's bytes, only what names them.

use std::collections::HashSet;

use super::product::words;
use super::{Collateral, Invalid, MemberNo, Money};

/// The most guarantors that one request or reply names.
pub const MAX_GUARANTORS: usize = 5;
/// The most documents of one request or reply.
pub const MAX_ATTACHMENTS: usize = 5;
/// The largest document, in bytes.
pub const MAX_ATTACHMENT_BYTES: u32 = 4 * 1024 * 1024;

/// The rule of [`Backing::check_for`].
const OWN_GUARANTOR: Invalid = Invalid("a member does not guarantee the own loan");

words!(
    /// What kind of document is attached.
    MediaType, "a document is image/jpeg, image/png or application/pdf", {
        /// A photograph.
        Jpeg = 0 "image/jpeg",
        /// A picture of a screen or a scan.
        Png = 1 "image/png",
        /// A document of pages.
        Pdf = 2 "application/pdf",
    }
);

impl MediaType {
    /// The kind of a document, by the bytes that every file of it begins with.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xd8, 0xff, ..] => Some(Self::Jpeg),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(Self::Png),
            [b'%', b'P', b'D', b'F', b'-', ..] => Some(Self::Pdf),
            _ => None,
        }
    }

    /// The usual ending of a file of this kind.
    pub const fn file_ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Pdf => "pdf",
        }
    }
}

/// A document, named by what it is: its bytes come later and must be these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Attachment {
    hash: [u8; 32],
    size: u32,
    media_type: MediaType,
}

impl Attachment {
    /// A document of 1 byte to 4 MiB with that SHA-256.
    pub fn new(hash: [u8; 32], size: u32, media_type: MediaType) -> Result<Self, Invalid> {
        match size {
            0 => Err(Invalid("a document is not empty")),
            1..=MAX_ATTACHMENT_BYTES => Ok(Self { hash, size, media_type }),
            _ => Err(Invalid("a document has at most 4 MiB")),
        }
    }

    /// The SHA-256 of its bytes.
    pub fn hash(&self) -> &[u8; 32] {
        &self.hash
    }
    /// How many bytes it has.
    pub fn size(&self) -> u32 {
        self.size
    }
    /// What kind it is.
    pub fn media_type(&self) -> MediaType {
        self.media_type
    }
}

/// What stands behind a request for a loan; by default nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Backing {
    income: Option<Money>,
    guarantors: Vec<MemberNo>,
    collateral: Option<Collateral>,
    attachments: Vec<Attachment>,
}

impl Backing {
    /// Checks what can be checked without the books: an income is more than 0, nothing stands twice, and nothing is too
    /// much.
    pub fn new(
        income: Option<Money>,
        guarantors: Vec<MemberNo>,
        collateral: Option<Collateral>,
        attachments: Vec<Attachment>,
    ) -> Result<Self, Invalid> {
        if income.is_some_and(|income| income <= Money::ZERO) {
            return Err(Invalid("a declared income is more than 0"));
        }
        if guarantors.len() > MAX_GUARANTORS {
            return Err(Invalid("a loan has at most 5 guarantors"));
        }
        if guarantors.iter().collect::<HashSet<_>>().len() < guarantors.len() {
            return Err(Invalid("a guarantor is named once"));
        }
        if attachments.len() > MAX_ATTACHMENTS {
            return Err(Invalid("at most 5 documents are attached"));
        }
        if attachments.iter().map(Attachment::hash).collect::<HashSet<_>>().len() < attachments.len() {
            return Err(Invalid("a document is attached once"));
        }
        Ok(Self { income, guarantors, collateral, attachments })
    }

    /// Whether nothing is given.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// A borrower is not among the own guarantors.
    pub fn check_for(&self, borrower: &MemberNo) -> Result<(), Invalid> {
        if self.guarantors.contains(borrower) { Err(OWN_GUARANTOR) } else { Ok(()) }
    }

    /// What the member says to earn in a month.
    pub fn income(&self) -> Option<Money> {
        self.income
    }
    /// The members who vouch for the loan.
    pub fn guarantors(&self) -> &[MemberNo] {
        &self.guarantors
    }
    /// What is pledged, in the member's words.
    pub fn collateral(&self) -> Option<&Collateral> {
        self.collateral.as_ref()
    }
    /// The documents.
    pub fn attachments(&self) -> &[Attachment] {
        &self.attachments
    }
    /// The bytes of all documents together.
    pub fn attached_bytes(&self) -> u64 {
        self.attachments.iter().map(|attachment| u64::from(attachment.size)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(no: &str) -> MemberNo {
        MemberNo::new(no).unwrap()
    }

    fn document(first: u8) -> Attachment {
        Attachment::new([first; 32], 10, MediaType::Jpeg).unwrap()
    }

    #[test]
    fn what_is_too_much_twice_or_nothing_is_refused() {
        let of = |income: Option<i64>, guarantors: &[&str], documents: &[u8]| {
            let income = income.map(|sen| Money::from_sen(sen).unwrap());
            let guarantors = guarantors.iter().map(|no| member(no)).collect();
            Backing::new(income, guarantors, None, documents.iter().map(|first| document(*first)).collect())
        };
        assert!(of(Some(1), &["1", "2", "3", "4", "5"], &[1, 2, 3, 4, 5]).is_ok());
        for bad in [
            of(Some(0), &[], &[]),
            of(None, &["1", "2", "1"], &[]),
            of(None, &["1", "2", "3", "4", "5", "6"], &[]),
            of(None, &[], &[1, 1]),
            of(None, &[], &[1, 2, 3, 4, 5, 6]),
        ] {
            assert!(bad.is_err());
        }
        assert!(of(None, &[], &[]).unwrap().is_empty());
        assert!(!of(Some(1), &[], &[]).unwrap().is_empty());
        let backing = of(None, &["A1", "A2"], &[1, 2]).unwrap();
        assert_eq!(backing.attached_bytes(), 20);
        assert_eq!(backing.check_for(&member("A2")), Err(OWN_GUARANTOR));
        assert_eq!(backing.check_for(&member("A3")), Ok(()));
    }

    #[test]
    fn a_document_has_a_size_and_is_known_by_its_first_bytes() {
        assert!(Attachment::new([0; 32], 0, MediaType::Pdf).is_err());
        assert!(Attachment::new([0; 32], MAX_ATTACHMENT_BYTES, MediaType::Pdf).is_ok());
        assert!(Attachment::new([0; 32], MAX_ATTACHMENT_BYTES + 1, MediaType::Pdf).is_err());
        for (bytes, expected) in [
            (&b"\xff\xd8\xff\xe0..."[..], Some(MediaType::Jpeg)),
            (b"\x89PNG\r\n\x1a\n...", Some(MediaType::Png)),
            (b"%PDF-1.7", Some(MediaType::Pdf)),
            (b"<html>", None),
            (b"\xff\xd8", None),
            (b"", None),
        ] {
            assert_eq!(MediaType::of(bytes), expected);
        }
    }
}
