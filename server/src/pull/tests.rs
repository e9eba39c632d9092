use anggota::domain::loan::{RepaymentTerms, Rounding, RoundingMode, RoundingPlace};
use anggota::domain::{
    LoanMethod, LoanProduct, MemberStatus, Money, Name, OperationId, ProductCode, Rate, Reason, RequestState,
    SavingsProduct, SavingsType, TimeZone, Timestamp,
};
use anggota::protocol::frame::{Frame, MAX_FRAME_BYTES, MAX_PRODUCTS, MAX_RESULTS, Register};
use anggota::protocol::operation::OperationResult;

use super::packer::Form;
use super::stream::Producer;
use crate::service::tests::Shop;

const LARGEST_RATE: Rate = match Rate::from_e8(1_000_000_000) {
    Ok(rate) => rate,
    Err(_) => panic!("the rate is in range"),
};

/// Four bytes each: the longest texts.
fn long(count: usize) -> String {
    "\u{1f4b0}".repeat(count)
}

fn largest_register() -> Register {
    let (code, name) = (ProductCode::new(&long(32)).unwrap(), Name::new(&long(100)).unwrap());
    let savings = SavingsProduct {
        code: code.clone(),
        name: name.clone(),
        savings_type: SavingsType::Pokok,
        yearly_rate: LARGEST_RATE,
    };
    let loan = LoanProduct {
        code,
        name: name.clone(),
        method: LoanMethod::Flat,
        rate_per_period: LARGEST_RATE,
        version: u32::MAX,
        min_principal: Some(Money::MAX),
        max_principal: Some(Money::MAX),
        max_periods: Some(u32::MAX),
        repayment: RepaymentTerms {
            grace_periods: u32::MAX,
            rounding: Rounding::new(Money::MAX, RoundingMode::Down, RoundingPlace::Instalment).unwrap(),
            late_charge_rate: LARGEST_RATE,
            ..RepaymentTerms::default()
        },
    };
    Register {
        cooperative: name.clone(),
        zone: TimeZone::default(),
        member: name.clone(),
        status: MemberStatus::Active,
        class: Some(name),
        savings_products: vec![savings; MAX_PRODUCTS as usize],
        loan_products: vec![loan; MAX_PRODUCTS as usize],
    }
}

#[test]
fn the_largest_register_and_the_most_results_fit_a_frame() {
    let result = OperationResult {
        number: i64::MAX as u64,
        operation: OperationId::new(0, [0xff; 10]),
        body_hash: [0xff; 32],
        state: RequestState::Rejected,
        reason: Some(Reason::new(&long(200)).unwrap()),
        at: Timestamp::MAX,
    };
    for frame in [Frame::Register(largest_register().encode()), Frame::Results(vec![result; MAX_RESULTS as usize])] {
        assert!(frame.encode().len() <= MAX_FRAME_BYTES);
    }
}

#[test]
fn a_frame_that_no_phone_takes_is_not_sent() {
    let shop = Shop::new();
    let produce = |bytes| {
        let opening = [Frame::Register(vec![0; bytes])];
        Producer::new(shop.service.clone(), shop.cooperative.clone(), Form::Packed, &opening, vec![])
    };
    assert!(produce(MAX_FRAME_BYTES - 7).is_ok());
    assert!(produce(MAX_FRAME_BYTES - 6).is_err());
}
