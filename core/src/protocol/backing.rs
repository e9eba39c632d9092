//! How what stands behind a request for a loan, and a draft of one, are written in CBOR.

use minicbor::Decoder;

use super::codec::{self, EncodeError, Encoder, Item, WireFault};
use crate::domain::{Attachment, Backing, Draft, DraftOf, MAX_ATTACHMENTS, MAX_GUARANTORS};

impl Item for Attachment {
    fn write(&self, e: &mut Encoder<'_>) -> Result<(), EncodeError> {
        e.array(3)?.bytes(self.hash())?.u32(self.size())?;
        self.media_type().write(e)
    }

    fn read(d: &mut Decoder<'_>) -> Result<Self, WireFault> {
        codec::exact(d, 3)?;
        Ok(Self::new(codec::hash(d)?, d.u32()?, Item::read(d)?)?)
    }
}

impl Item for Backing {
    fn write(&self, e: &mut Encoder<'_>) -> Result<(), EncodeError> {
        e.array(4)?;
        codec::write_optional(e, self.income().as_ref(), Item::write)?;
        write_list(e, self.guarantors())?;
        codec::write_optional(e, self.collateral(), Item::write)?;
        write_list(e, self.attachments())
    }

    fn read(d: &mut Decoder<'_>) -> Result<Self, WireFault> {
        codec::exact(d, 4)?;
        let income = codec::optional(d, Item::read)?;
        let guarantors = codec::list(d, MAX_GUARANTORS as u64, Item::read)?;
        let collateral = codec::optional(d, Item::read)?;
        Ok(Self::new(income, guarantors, collateral, codec::list(d, MAX_ATTACHMENTS as u64, Item::read)?)?)
    }
}

fn write_list<T: Item>(e: &mut Encoder<'_>, items: &[T]) -> Result<(), EncodeError> {
    e.array(items.len() as u64)?;
    items.iter().try_for_each(|item| item.write(e))
}

/// A draft as the phone's store keeps it: `[kind of the operation that it will be, what is said of it so far, ...]`.
pub(crate) fn encode_draft(draft: &Draft) -> Vec<u8> {
    codec::to_vec(|e| {
        e.array(8)?;
        match &draft.of {
            DraftOf::Request { product, principal, periods, purpose } => {
                e.u8(1)?;
                codec::write_optional(e, product.as_ref(), Item::write)?;
                codec::write_optional(e, principal.as_ref(), Item::write)?;
                codec::write_optional(e, periods.as_ref(), |periods, e| e.u32(*periods).map(drop))?;
                codec::write_optional(e, purpose.as_ref(), Item::write)?;
            }
            DraftOf::Reply { request_id, text } => {
                e.u8(4)?;
                request_id.write(e)?;
                codec::write_optional(e, text.as_ref(), Item::write)?;
                e.null()?.null()?;
            }
        }
        codec::write_optional(e, draft.income.as_ref(), Item::write)?;
        write_list(e, &draft.guarantors)?;
        codec::write_optional(e, draft.collateral.as_ref(), Item::write)
    })
}

/// Reads a draft that this phone kept.
pub(crate) fn decode_draft(bytes: &[u8]) -> Result<Draft, WireFault> {
    let d = &mut Decoder::new(bytes);
    codec::exact(d, 8)?;
    let of = match d.u8()? {
        1 => DraftOf::Request {
            product: codec::optional(d, Item::read)?,
            principal: codec::optional(d, Item::read)?,
            periods: codec::optional(d, |d| Ok(d.u32()?))?,
            purpose: codec::optional(d, Item::read)?,
        },
        4 => {
            let reply = DraftOf::Reply { request_id: Item::read(d)?, text: codec::optional(d, Item::read)? };
            d.null()?;
            d.null()?;
            reply
        }
        _ => return Err(WireFault::Newer),
    };
    let income = codec::optional(d, Item::read)?;
    let guarantors = codec::list(d, MAX_GUARANTORS as u64, Item::read)?;
    let collateral = codec::optional(d, Item::read)?;
    codec::end(d)?;
    Ok(Draft { of, income, guarantors, collateral })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Collateral, MemberNo, Money, OperationId, ProductCode, Purpose, ReplyText};

    #[test]
    fn a_draft_is_read_as_it_was_written_however_unfinished() {
        let purpose = Purpose::new("Pupuk dan bibit").unwrap();
        let product = Some(ProductCode::new("PB").unwrap());
        let principal = Some(Money::from_sen(100).unwrap());
        let request_id = OperationId::new(1, [2; 10]);
        let kinds = [
            DraftOf::Request { product: None, principal: None, periods: None, purpose: None },
            DraftOf::Request { product, principal, periods: Some(12), purpose: Some(purpose) },
            DraftOf::Reply { request_id, text: None },
            DraftOf::Reply { request_id, text: Some(ReplyText::new("Sudah saya lampirkan").unwrap()) },
        ];
        for of in kinds {
            for collateral in [None, Some(Collateral::new("BPKB motor").unwrap())] {
                let guarantors = vec![MemberNo::new("A1").unwrap(); usize::from(collateral.is_some())];
                let draft = Draft { of: of.clone(), income: principal, guarantors, collateral };
                assert_eq!(decode_draft(&encode_draft(&draft)).unwrap(), draft);
            }
        }
        assert!(decode_draft(&[0x88, 9, 0, 0, 0, 0, 0, 0, 0]).is_err());
    }
}
