//! Passbooks: the entries of a savings account or a loan, newest first.

use super::{Action, ActionKind, Block, Figure, Line, Role, Screen, figures_age, joined, line};
use crate::domain::{CivilDate, LoanKind, Money, SavingsKind, Timestamp};
use crate::views::{LoanEntryView, PageView, SavingsEntryView};
use crate::words::reader::{Reader, Wording};

/// Whose passbook it is and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Book {
    /// The product's name.
    pub product: String,
    /// When the server last vouched for it.
    pub as_of: Timestamp,
    /// Every entry held chains to the signed head.
    pub verified: bool,
}

/// A page of a savings passbook.
pub fn passbook(page: &PageView<SavingsEntryView>, book: &Book, reader: &Reader) -> Screen {
    let entry = |entry: &SavingsEntryView| {
        let line = Entry {
            posted_on: entry.posted_on,
            kind: savings_kind(entry.kind),
            seq: entry.seq,
            words: [&entry.description, &entry.reference],
            reverses: entry.reverses,
        };
        let moved = moved(reader, entry.amount, ["moved-in", "moved-out"]);
        let balance = reader.amount(entry.balance);
        let lines = vec![super::line(reader, "label-balance", balance.shown.clone())];
        let said = [
            ("date", reader.date(entry.posted_on).into()),
            ("kind", reader.wording(line.kind, []).into()),
            ("moved", moved.clone().into()),
            ("balance", balance.into()),
        ];
        let figure = ("label-amount", Wording { spoken: moved.spoken, shown: signed(entry.amount) });
        line.block(figure, lines, reader.spoken("entry-said", said), book, reader)
    };
    screen(page, book, reader, page.entries.iter().map(entry).collect(), page.entries.last().map(|entry| entry.seq))
}

/// A page of a loan's passbook.
pub fn loan_passbook(page: &PageView<LoanEntryView>, book: &Book, reader: &Reader) -> Screen {
    let entry = |entry: &LoanEntryView| {
        let parts = [
            ("part-principal", entry.principal),
            ("part-interest", entry.interest),
            ("part-late-charge", entry.late_charge),
        ];
        let parts: Vec<_> = parts.into_iter().filter(|(_, amount)| !amount.is_zero()).collect();
        let lines = parts.iter().map(|(label, amount)| super::line(reader, label, signed(*amount))).collect();
        let line = Entry {
            posted_on: entry.posted_on,
            kind: loan_kind(entry.kind),
            seq: entry.seq,
            words: [&entry.description, &entry.reference],
            reverses: entry.reverses,
        };
        let outstanding = reader.amount(entry.outstanding);
        let mut said = vec![reader.spoken(
            "loan-entry-said",
            [("date", reader.date(entry.posted_on).into()), ("kind", reader.wording(line.kind, []).into())],
        )];
        said.extend(parts.iter().map(|(label, amount)| {
            let moved = moved(reader, *amount, ["moved-up", "moved-down"]);
            reader.spoken("part-said", [("part", reader.wording(label, []).into()), ("moved", moved.into())])
        }));
        said.push(reader.spoken("outstanding-said", [("amount", outstanding.clone().into())]));
        line.block(("label-outstanding", outstanding), lines, joined(&said), book, reader)
    };
    screen(page, book, reader, page.entries.iter().map(entry).collect(), page.entries.last().map(|entry| entry.seq))
}

fn screen<E>(page: &PageView<E>, book: &Book, reader: &Reader, mut blocks: Vec<Block>, last: Option<u32>) -> Screen {
    if blocks.is_empty() {
        blocks.push(Block::sentence(reader, Role::Hint, "", reader.wording("no-entries", [])));
    }
    if !book.verified {
        blocks.insert(0, Block::sentence(reader, Role::Notice, "", reader.wording("proof-none-said", [])));
    }
    let older = last.filter(|_| page.more);
    let older = older.map(|last| Action::plain(reader, ActionKind::ShowOlder(last), "action-older"));
    let title = [
        ("product", Wording::same(&book.product).into()),
        ("account", reader.name_of(page.account_no.as_str()).into()),
    ];
    let title = reader.wording(if reader.is_full() { "passbook-title-full" } else { "passbook-title" }, title);
    let actions = older.into_iter().chain([Action::sync(reader)]).collect();
    Screen { title, age: Some(figures_age(reader, book.as_of)), blocks, actions }
}

/// What an entry of either passbook has.
struct Entry<'a> {
    posted_on: CivilDate,
    kind: &'static str,
    seq: u32,
    /// Description and reference.
    words: [&'a str; 2],
    reverses: Option<u32>,
}

impl Entry<'_> {
    fn block(
        &self,
        (label, amount): (&str, Wording),
        mut lines: Vec<Line>,
        spoken: String,
        book: &Book,
        reader: &Reader,
    ) -> Block {
        let date = reader.date(self.posted_on);
        if reader.is_full() {
            let [description, reference] = self.words;
            let mut add = |label, value: String| lines.push(line(reader, label, value));
            if !description.is_empty() {
                add("label-description", description.to_owned());
            }
            if !reference.is_empty() {
                add("label-reference", reference.to_owned());
            }
            if let Some(earlier) = self.reverses {
                add("label-reverses", earlier.to_string());
            }
            add("label-seq", self.seq.to_string());
        }
        let kind = reader.wording(self.kind, []);
        Block {
            role: Role::Entry,
            heading: reader.shown("entry-heading", [("date", date.clone().into()), ("kind", kind.into())]),
            figure: Some(Figure {
                label: reader.shown(label, []),
                amount: amount.shown,
                in_words: amount.spoken,
                // An entry is as old as its day, whenever the book was fetched.
                age: date,
                verified: book.verified,
            }),
            text: String::new(),
            lines,
            spoken,
            actions: Vec::new(),
        }
    }
}

/// With its sign said either way: what came and what went.
fn signed(amount: Money) -> String {
    let plus = if amount.is_negative() { "" } else { "+" };
    format!("{plus}{}", amount.to_rupiah_text())
}

/// A movement in words: what is above nothing by the first message, what is below by the second.
fn moved(reader: &Reader, amount: Money, [up, down]: [&'static str; 2]) -> Wording {
    let size = if amount.is_negative() { -amount } else { amount };
    reader.wording(if amount.is_negative() { down } else { up }, [("amount", reader.amount(size).into())])
}

fn savings_kind(kind: SavingsKind) -> &'static str {
    match kind {
        SavingsKind::Deposit => "kind-deposit",
        SavingsKind::Withdrawal => "kind-withdrawal",
        SavingsKind::Interest => "kind-interest",
        SavingsKind::Tax => "kind-tax",
        SavingsKind::Fee => "kind-fee",
        SavingsKind::TransferIn => "kind-transfer-in",
        SavingsKind::TransferOut => "kind-transfer-out",
        SavingsKind::Reversal => "kind-reversal",
        SavingsKind::Other(_) => "kind-other",
    }
}

fn loan_kind(kind: LoanKind) -> &'static str {
    match kind {
        LoanKind::Disbursement => "kind-disbursement",
        LoanKind::Repayment => "kind-repayment",
        LoanKind::LateCharge => "kind-late-charge",
        LoanKind::Waiver => "kind-waiver",
        LoanKind::Reversal => "kind-reversal",
        LoanKind::Other(_) => "kind-other",
    }
}
