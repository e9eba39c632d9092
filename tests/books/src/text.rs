//! What tellers, collectors and banks write beside an entry: patterns filled with names, places and
//! numbers, so that the text of a big book compresses like that of a real one. Never decides an amount.

use crate::calendar::{self, Day, Month};
use crate::product::{Loan, Savings};
use crate::random::Random;
use crate::words::{
    BANKS, DEPOSITS, EMPLOYERS, FEES, FIRST, GOODS, LAST, MARKETS, MISTAKES, NEEDS, PLACES, REPAYMENTS,
    REPAYMENTS_DAILY, REVERSALS, TRANSFERS_IN, TRANSFERS_OUT, WAJIB, WITHDRAWALS,
};
use crate::{loan, savings};

/// How money moves, which decides what the reference looks like.
#[derive(Clone, Copy)]
pub(crate) enum Way {
    Teller,
    Collector,
    Bank,
    Qris,
    Machine,
}

impl Way {
    /// Numbers as the counter, the collector's device, a bank, a QR payment and the system print them.
    fn reference(self) -> &'static str {
        match self {
            Self::Teller => "TL#-#####-*************************",
            Self::Collector => "JP##/#######/***********************",
            Self::Bank => "{day}############.********************",
            Self::Qris => "QR########*************************",
            Self::Machine => "SYS{day}-*************************",
        }
    }
}

/// What a pattern may name beside random words.
struct Facts<'a> {
    at: Day,
    number: u64,
    product: &'a str,
}

/// Fills a pattern: `#` is a digit, `*` a letter or digit, `{word}` one of the words or a fact.
fn fill(random: &mut Random, pattern: &str, facts: &Facts<'_>) -> String {
    const SIGNS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut filled = String::with_capacity(pattern.len() + 16);
    let mut rest = pattern.chars();
    while let Some(sign) = rest.next() {
        match sign {
            '#' => filled.push(char::from(SIGNS[random.below(10) as usize])),
            '*' => filled.push(char::from(SIGNS[random.below(62) as usize])),
            '{' => {
                let word: String = rest.by_ref().take_while(|&c| c != '}').collect();
                filled.push_str(&expand(random, &word, facts));
            }
            _ => filled.push(sign),
        }
    }
    filled
}

fn expand(random: &mut Random, word: &str, facts: &Facts<'_>) -> String {
    let date = facts.at.date;
    match word {
        "person" => return person(random),
        "stall" => {
            let row = char::from(b'A' + random.below(12) as u8);
            return format!("{row}{}", 1 + random.below(90));
        }
        "few" => return (1 + random.below(9)).to_string(),
        "month" => return month_of(facts.at.month),
        "year" => return date.year().to_string(),
        "day" => return date.strftime("%y%m%d").to_string(),
        "number" => return facts.number.to_string(),
        "first" => random.pick(&FIRST),
        "last" => random.pick(&LAST),
        "bank" => random.pick(&BANKS),
        "market" => random.pick(&MARKETS),
        "goods" => random.pick(&GOODS),
        "need" => random.pick(&NEEDS),
        "employer" => random.pick(&EMPLOYERS),
        "mistake" => random.pick(&MISTAKES),
        "place" => place(random).0,
        "product" => facts.product,
        // A pattern with an unknown word shows it, and the test below finds it.
        _ => return format!("{{{word}}}"),
    }
    .to_owned()
}

fn write(random: &mut Random, from: &[(Way, &str)], facts: &Facts<'_>) -> (String, String) {
    let (way, pattern) = from[random.below(from.len() as u64) as usize];
    let description = fill(random, pattern, facts);
    (description, fill(random, way.reference(), facts))
}

pub(crate) fn person(random: &mut Random) -> String {
    format!("{} {}", random.pick(&FIRST), random.pick(&LAST))
}

/// A kelurahan and its kecamatan.
pub(crate) fn place(random: &mut Random) -> (&'static str, &'static str) {
    PLACES[random.below(PLACES.len() as u64) as usize]
}

pub(crate) fn phone(random: &mut Random) -> String {
    let digit = |_| char::from(b'0' + random.below(10) as u8);
    "08".chars().chain((0..10).map(digit)).collect()
}

/// A month's name and year, as in "Maret 2024".
fn month_of(month: Month) -> String {
    format!("{} {}", calendar::name(month), calendar::year(month))
}

/// Description and reference of a savings entry; `reverses` is the reversed row.
pub(crate) fn savings(
    random: &mut Random,
    product: Savings,
    kind: savings::Kind,
    at: Day,
    reverses: Option<u64>,
) -> (String, String) {
    use Savings::{Berjangka, Pokok, Wajib};
    use savings::Kind;
    let patterns: &[(Way, &str)] = match (kind, product) {
        (Kind::Deposit, Pokok) => &[(Way::Teller, "Setoran simpanan pokok")],
        (Kind::Deposit, Wajib) => &WAJIB,
        (Kind::Deposit, Berjangka) => &[(Way::Bank, "Tambah simpanan berjangka, bilyet ######")],
        (Kind::Deposit, _) => &DEPOSITS,
        (Kind::Withdrawal, _) => &WITHDRAWALS,
        (Kind::Interest, _) => &[(Way::Machine, "Bunga {product} {month}")],
        (Kind::Tax, _) => &[(Way::Machine, "Pajak bunga 10% {month}")],
        (Kind::Fee, _) => &FEES,
        (Kind::TransferIn, _) => &TRANSFERS_IN,
        (Kind::TransferOut, Berjangka) => &[(Way::Machine, "Pindah bunga ke SS-######")],
        (Kind::TransferOut, _) => &TRANSFERS_OUT,
        (Kind::Reversal, _) => &REVERSALS,
    };
    let number = reverses.unwrap_or_default();
    write(random, patterns, &Facts { at, number, product: product.kind() })
}

/// Description and reference of an account's first or last entry.
pub(crate) fn ends_of_account(random: &mut Random, what: &str, product: Savings, at: Day) -> (String, String) {
    let pattern = format!("{what} simpanan {{product}}");
    let facts = Facts { at, number: 0, product: product.kind() };
    write(random, &[(Way::Teller, &pattern)], &facts)
}

/// Description and reference of a loan's entry; `number` is the part of a disbursement (0 when there
/// are no parts), counts repayments or overdue days, or is the reversed row.
pub(crate) fn loan(random: &mut Random, product: Loan, kind: loan::Kind, at: Day, number: u64) -> (String, String) {
    use loan::Kind;
    let patterns: &[(Way, &str)] = match kind {
        Kind::Disbursement if number == 0 => &[(Way::Bank, "Pencairan untuk {need}, SPK #####")],
        Kind::Disbursement => &[(Way::Bank, "Pencairan tahap {number} untuk {need}, SPK #####")],
        Kind::Repayment if product == Loan::Harian => &REPAYMENTS_DAILY,
        Kind::Repayment => &REPAYMENTS,
        Kind::LateCharge => &[(Way::Machine, "Denda terlambat {number} hari")],
        Kind::Waiver => &[(Way::Teller, "Denda dihapus, keputusan pengurus ###/{year}")],
        Kind::Reversal => &REVERSALS,
    };
    write(random, patterns, &Facts { at, number, product: product.method() })
}

#[cfg(test)]
mod tests {
    use super::{Facts, Way, fill};
    use crate::calendar::{LAST_MONTH, day};
    use crate::random::Random;
    use crate::words;

    #[test]
    fn every_pattern_fills_without_a_rest() {
        let random = &mut Random::new(1);
        let facts = Facts { at: day(LAST_MONTH, 31), number: 7, product: "wajib" };
        let all: [&[(Way, &str)]; 9] = [
            &words::REVERSALS,
            &words::WAJIB,
            &words::DEPOSITS,
            &words::WITHDRAWALS,
            &words::TRANSFERS_IN,
            &words::TRANSFERS_OUT,
            &words::FEES,
            &words::REPAYMENTS,
            &words::REPAYMENTS_DAILY,
        ];
        for &(way, pattern) in all.into_iter().flatten() {
            for pattern in [pattern, way.reference()] {
                let filled = fill(random, pattern, &facts);
                assert!(!filled.contains(['#', '*', '{', '}']), "{pattern}: {filled}");
            }
        }
    }
}
