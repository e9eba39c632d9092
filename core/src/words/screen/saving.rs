//! What savings will bring: interest less tax, a term deposit on its day, a member's part of the SHU. Reckoned ahead, not
//! in the books, and said so.

use super::{Block, Line, Role, Screen, figure_of, joined, line};
use crate::domain::saving::{Maturity, MonthOfInterest, Projection, ShuShare, TAX_FREE_MONTH, TermDeposit};
use crate::domain::{Money, Rate};
use crate::words::reader::Reader;

/// What a balance grows to. Plainly it is the end; month by month when everything is said.
pub fn projection(projection: &Projection, reader: &Reader) -> Screen {
    let (interest, tax) = (reader.amount(projection.interest()), reader.amount(projection.tax()));
    let months = reader.wording("months", [("count", (projection.months().len() as u32).into())]);
    let (balance, until) = (projection.balance(), reader.date(projection.until()));
    let mut lines =
        vec![line(reader, "label-interest", interest.shown.clone()), line(reader, "label-tax", tax.shown.clone())];
    if reader.is_full() {
        lines.insert(0, line(reader, "label-yearly-rate", reader.percent(projection.yearly_rate().to_decimal()).shown));
        lines.insert(0, line(reader, "label-start", reader.amount(projection.start()).shown));
    }
    let heading = [("months", months.clone().into()), ("date", until.clone().into())];
    let whole = Reckoned {
        heading: reader.shown("projection-heading", heading),
        figure: ("label-balance", balance),
        lines,
        spoken: reader.spoken(
            "projection-said",
            [
                ("months", months.into()),
                ("balance", reader.amount(balance).into()),
                ("interest", interest.into()),
                ("tax", tax.into()),
            ],
        ),
    };
    let mut blocks = vec![whole.block(reader)];
    if reader.is_full() {
        blocks.extend(projection.months().iter().map(|month| month_of_interest(month, reader)));
    }
    blocks.push(assumptions(reader));
    screen(reader, "projection-title", blocks)
}

/// What interest and tax are reckoned by.
fn assumptions(reader: &Reader) -> Block {
    let words = reader.wording("projection-assumes", [("free", reader.amount(TAX_FREE_MONTH).into())]);
    Block::sentence(reader, Role::Hint, "", words)
}

fn month_of_interest(month: &MonthOfInterest, reader: &Reader) -> Block {
    let (interest, tax) = (reader.amount(month.interest), reader.amount(month.tax));
    let date = reader.date(month.on);
    let reckoned = Reckoned {
        heading: date.shown.clone(),
        figure: ("label-balance", month.balance),
        lines: vec![
            line(reader, "label-interest", interest.shown.clone()),
            line(reader, "label-tax", tax.shown.clone()),
        ],
        spoken: reader.spoken(
            "projection-month-said",
            [
                ("date", date.into()),
                ("interest", interest.into()),
                ("tax", tax.into()),
                ("balance", reader.amount(month.balance).into()),
            ],
        ),
    };
    reckoned.block(reader)
}

/// What a term deposit comes to.
pub fn maturity(deposit: &TermDeposit, maturity: &Maturity, reader: &Reader) -> Screen {
    let principal = reader.amount(deposit.principal());
    let months = reader.wording("months", [("count", deposit.months().into())]);
    let (interest, tax) = (reader.amount(maturity.interest), reader.amount(maturity.tax));
    let date = reader.date(maturity.on);
    let mut lines = vec![
        line(reader, "label-deposit", principal.shown.clone()),
        line(reader, "label-interest", interest.shown.clone()),
        line(reader, "label-tax", tax.shown.clone()),
    ];
    if reader.is_full() {
        lines.insert(1, line(reader, "label-yearly-rate", reader.percent(deposit.yearly_rate().to_decimal()).shown));
        lines.insert(2, line(reader, "label-opened-on", reader.date(deposit.opened_on()).shown));
    }
    let reckoned = Reckoned {
        heading: reader.shown("maturity-heading", [("date", date.clone().into())]),
        figure: ("label-to-take", maturity.amount),
        lines,
        spoken: reader.spoken(
            "maturity-said",
            [
                ("principal", principal.into()),
                ("months", months.into()),
                ("date", date.into()),
                ("amount", reader.amount(maturity.amount).into()),
                ("interest", interest.into()),
                ("tax", tax.into()),
            ],
        ),
    };
    screen(reader, "maturity-title", vec![reckoned.block(reader), assumptions(reader)])
}

/// A member's part of the year's SHU, with every figure it was reckoned from, at either level.
pub fn shu(share: &ShuShare, reader: &Reader) -> Screen {
    let figures = &share.figures;
    let amount = |label, amount: Money| line(reader, label, reader.amount(amount).shown);
    let percent = |label, share: Rate| line(reader, label, reader.percent(share.to_decimal()).shown);
    let whole = Reckoned {
        heading: reader.shown("shu-heading", []),
        figure: ("label-shu-part", share.total),
        lines: vec![amount("label-for-business", share.for_business), amount("label-for-capital", share.for_capital)],
        spoken: reader.spoken(
            "shu-said",
            [
                ("total", reader.amount(share.total).into()),
                ("business", reader.amount(share.for_business).into()),
                ("capital", reader.amount(share.for_capital).into()),
            ],
        ),
    };
    let inputs = Block {
        role: Role::Projected,
        heading: reader.shown("shu-figures", []),
        figure: None,
        text: String::new(),
        lines: vec![
            amount("label-surplus", figures.surplus),
            percent("label-business-share", figures.business_share),
            amount("label-total-business", figures.total_business),
            amount("label-member-business", figures.member_business),
            percent("label-capital-share", figures.capital_share),
            amount("label-total-capital", figures.total_capital),
            amount("label-member-capital", figures.member_capital),
        ],
        spoken: shu_figures_said(share, reader),
        actions: Vec::new(),
    };
    screen(reader, "shu-title", vec![whole.block(reader), inputs])
}

fn shu_figures_said(share: &ShuShare, reader: &Reader) -> String {
    let figures = &share.figures;
    let amount = |amount: Money| reader.amount(amount).into();
    let percent = |share: Rate| reader.percent(share.to_decimal()).into();
    joined(&[
        reader.spoken("shu-surplus-said", [("amount", amount(figures.surplus))]),
        reader.spoken(
            "shu-business-said",
            [
                ("share", percent(figures.business_share)),
                ("all", amount(figures.total_business)),
                ("own", amount(figures.member_business)),
            ],
        ),
        reader.spoken(
            "shu-capital-said",
            [
                ("share", percent(figures.capital_share)),
                ("all", amount(figures.total_capital)),
                ("own", amount(figures.member_capital)),
            ],
        ),
    ])
}

/// A figure that is reckoned ahead.
struct Reckoned {
    heading: String,
    figure: (&'static str, Money),
    lines: Vec<Line>,
    spoken: String,
}

impl Reckoned {
    fn block(self, reader: &Reader) -> Block {
        let (label, amount) = self.figure;
        Block {
            role: Role::Projected,
            heading: self.heading,
            figure: Some(figure_of(reader, label, amount, reader.wording("age-reckoned", []))),
            text: String::new(),
            lines: self.lines,
            spoken: self.spoken,
            actions: Vec::new(),
        }
    }
}

fn screen(reader: &Reader, title: &str, blocks: Vec<Block>) -> Screen {
    Screen { title: reader.wording(title, []), age: None, blocks, actions: Vec::new() }
}
