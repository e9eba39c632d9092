//! Before a loan is asked for: what it would take, and what speaks against it.

use super::{Action, ActionKind, Block, Role, Screen, figure_of, joined, line};
use crate::protocol::problem::Code;
use crate::views::{LoanCheckView, TermsView};
use crate::words::advice::refusal;
use crate::words::reader::{Reader, Wording};

/// A loan as it would be asked for. It can be asked for from here where nothing speaks against it.
pub fn loan_check(view: &LoanCheckView, reader: &Reader) -> Screen {
    let mut blocks = vec![cost(view, reader)];
    blocks.extend(view.obstacles.iter().map(|rule| {
        let sentence = Wording::same(&refusal(reader.language, Code::InvalidInput, Some(rule)));
        Block::sentence(reader, Role::Notice, "obstacle-heading", sentence)
    }));
    let hint = |id| Block::sentence(reader, Role::Hint, "", reader.wording(id, []));
    let is_free = view.obstacles.is_empty();
    blocks.extend(is_free.then(|| hint("check-free")));
    blocks.extend(view.income.map(|_| hint("check-income-stays")));
    let ask = is_free.then(|| Action::plain(reader, ActionKind::RequestLoan, "action-request-loan"));
    Screen { title: reader.wording("check-title", []), age: None, blocks, actions: ask.into_iter().collect() }
}

fn cost(view: &LoanCheckView, reader: &Reader) -> Block {
    let months = || reader.wording("months", [("count", view.periods.into())]).into();
    let product = || Wording::same(&view.product).into();
    let amount = reader.amount(view.principal);
    let heading = [("product", product()), ("amount", amount.clone().into()), ("months", months())];
    let mut said = vec![reader.spoken(
        "check-said",
        [
            ("product", product()),
            ("amount", amount.into()),
            ("months", months()),
            ("instalment", reader.amount(view.instalment).into()),
        ],
    )];
    let mut lines = Vec::new();
    if !view.running_instalments.is_zero() {
        let running = reader.amount(view.running_instalments);
        lines.push(line(reader, "label-running", running.shown.clone()));
        said.push(reader.spoken("check-running-said", [("amount", running.into())]));
    }
    if let (Some(income), Some(share)) = (view.income, view.share_of_income) {
        let (income, share) = (reader.amount(income), reader.percent(share));
        lines.push(line(reader, "label-income", income.shown.clone()));
        lines.push(line(reader, "label-share", share.shown.clone()));
        said.push(reader.spoken("check-share-said", [("share", share.into()), ("income", income.into())]));
    }
    Block {
        role: Role::Cost,
        heading: reader.shown("check-heading", heading),
        figure: Some(figure_of(
            reader,
            "label-largest-instalment",
            view.instalment,
            reader.wording("age-reckoned", []),
        )),
        text: String::new(),
        lines,
        spoken: joined(&said),
        actions: Vec::new(),
    }
}

/// A product's new terms, for a request that was made by old ones.
pub(super) fn new_terms(terms: &TermsView, reader: &Reader) -> Wording {
    let rate = reader.percent(terms.rate_per_period.to_decimal());
    let limits: Vec<Wording> = [
        terms.min_principal.map(|least| reader.wording("terms-from", [("amount", reader.amount(least).into())])),
        terms.max_principal.map(|most| reader.wording("terms-to", [("amount", reader.amount(most).into())])),
        terms.max_periods.map(|most| {
            let months = reader.wording("months", [("count", most.into())]);
            reader.wording("terms-months", [("months", months.into())])
        }),
    ]
    .into_iter()
    .flatten()
    .collect();
    let changed = reader.wording("new-terms", [("rate", rate.into())]);
    if limits.is_empty() {
        return changed;
    }
    let list = |of: fn(&Wording) -> &str| limits.iter().map(of).collect::<Vec<_>>().join(", ");
    let limits = Wording { shown: list(|words| &words.shown), spoken: list(|words| &words.spoken) };
    let limits = reader.wording("new-terms-limits", [("limits", limits.into())]);
    Wording { shown: joined(&[changed.shown, limits.shown]), spoken: joined(&[changed.spoken, limits.spoken]) }
}
