//! Numbers, amounts, identity numbers and payment codes in words. Needs no enrolment, no store and no network.

use anggota::client;
use anggota::domain::{Money, Nik, NikFault, Qris, QrisFault};
use anggota::protocol::problem::Code;
use anggota::words::{self, Reader};

use crate::args::Global;
use crate::failure::Failure;
use crate::json;
use crate::output::{Ending, Output};

pub(crate) fn terbilang(global: &Global, number: Money, out: Output) -> Result<Ending, Failure> {
    let text = words::terbilang(global.lang, number);
    out.print(|| json::Text { text: &text }, || text.clone())
}

pub(crate) fn rupiah(amount: Money, out: Output) -> Result<Ending, Failure> {
    let text = amount.to_rupiah_text();
    out.print(|| json::Text { text: &text }, || text.clone())
}

/// The parts of a NIK; what is wrong with one that is none.
pub(crate) fn nik(global: &Global, digits: &str, out: Output) -> Result<Ending, Failure> {
    let refused =
        |fault: NikFault| Failure::saying(Code::InvalidInput, words::nik_fault(global.lang, fault)).field("nik");
    let nik = Nik::new(digits).map_err(refused)?;
    let reader = global.stranger();
    let born_on = nik.born_on(reader.now.day_in(reader.zone));
    let document = || json::Nik { region: nik.region(), born_on: born_on.to_string(), woman: nik.is_woman() };
    out.print(document, || words::nik_said(&reader, &nik, born_on))
}

/// Whom a payment code pays, and how much; what is wrong with one that is none.
pub(crate) fn qris(global: &Global, code: &str, out: Output) -> Result<Ending, Failure> {
    let refused =
        |fault: QrisFault| Failure::saying(Code::InvalidInput, words::qris_fault(global.lang, fault)).field("code");
    let code = Qris::new(code).map_err(refused)?;
    out.print(|| json::Qris::from(&code), || words::qris_said(&global.stranger(), &code))
}

impl Global {
    /// Who reads without being enrolled: somebody in the west of Indonesia, now.
    pub(crate) fn stranger(&self) -> Reader {
        client::stranger(self.lang, self.level)
    }
}
