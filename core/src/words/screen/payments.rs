//! Payments of loans: the days on which to remind of an instalment, and how a payment would be divided.

use super::{Action, Block, Role, Screen, figure_of, joined, line};
use crate::domain::Money;
use crate::domain::loan::{Owed, Payment, PaymentPart};
use crate::views::LoanReminderView;
use crate::words::reader::{Reader, Wording};

/// Reminders: a block for each, in the order given, whose text is what an alarm says.
pub fn reminders(reminders: &[LoanReminderView], reader: &Reader) -> Screen {
    let mut blocks: Vec<Block> = reminders.iter().map(|view| remind(view, reader)).collect();
    if blocks.is_empty() {
        blocks.push(Block::sentence(reader, Role::Hint, "", reader.wording("no-reminders", [])));
    }
    let title = reader.wording("reminders-title", []);
    Screen { title, age: None, blocks, actions: vec![Action::sync(reader)] }
}

fn remind(LoanReminderView { product, reminder, .. }: &LoanReminderView, reader: &Reader) -> Block {
    let (amount, due_on) = (reader.amount(reminder.amount), reader.date(reminder.due_on));
    let days = u32::try_from(reminder.on.days_until(reminder.due_on)).unwrap_or(0);
    let args = || {
        [
            ("of", reader.plain(reminder.number.into()).into()),
            ("product", Wording::same(product).into()),
            ("amount", amount.clone().into()),
            ("date", due_on.clone().into()),
        ]
    };
    let said = match days {
        0 => reader.wording("remind-today", args()),
        1 => reader.wording("remind-tomorrow", args()),
        days => {
            let [of, product, amount, date] = args();
            let days = reader.wording("days", [("count", days.into())]);
            reader.wording("remind-days", [of, product, amount, date, ("days", days.into())])
        }
    };
    let mut block = Block::sentence(reader, Role::Due, "", said);
    block.heading = product.clone();
    block.lines.push(line(reader, "label-remind-on", reader.date(reminder.on).shown));
    block
}

/// How a payment would be divided, instalment by instalment, in the product's order.
pub fn payment(payment: &Payment, reader: &Reader) -> Screen {
    let amount = || reader.amount(payment.amount).into();
    let title = reader.wording("payment-title", [("amount", amount())]);
    let mut blocks: Vec<Block> = payment.parts.iter().map(|paid| part(paid, reader)).collect();
    if blocks.is_empty() {
        blocks.push(Block::sentence(reader, Role::Hint, "", reader.wording("payment-nothing", [])));
    } else if !payment.rest.is_zero() {
        let rest = reader.wording("payment-rest", [("amount", reader.amount(payment.rest).into())]);
        blocks.push(Block::sentence(reader, Role::Hint, "", rest));
    }
    Screen { title, age: None, blocks, actions: Vec::new() }
}

fn part(part: &PaymentPart, reader: &Reader) -> Block {
    let Owed { late_charge, interest, fee, principal } = part.paid;
    let heading = reader.wording("payment-for", [("of", reader.plain(part.number.into()).into())]);
    let components = [
        ("part-late-charge", late_charge),
        ("part-interest", interest),
        ("label-fee", fee),
        ("part-principal", principal),
    ];
    let paid: Vec<_> = components.into_iter().filter(|(_, amount)| !amount.is_zero()).collect();
    let (mut lines, mut said) = (Vec::new(), vec![heading.spoken]);
    for &(label, amount) in &paid {
        let amount = reader.amount(amount);
        lines.push(line(reader, label, amount.shown.clone()));
        let name = reader.wording(label, []).into();
        said.push(reader.spoken("payment-part-said", [("part", name), ("amount", amount.into())]));
    }
    // Parts of what was given: they cannot sum to more.
    let sum = Money::sum(paid.iter().map(|(_, amount)| *amount)).unwrap_or_default();
    Block {
        role: Role::Due,
        heading: heading.shown,
        figure: Some(figure_of(reader, "label-for-this", sum, reader.wording("age-reckoned", []))),
        text: String::new(),
        lines,
        spoken: joined(&said),
        actions: Vec::new(),
    }
}
