//! The home screen, and the loans by themselves: what the member has and owes.

use super::loans::due_said;
use super::notices::{ended, warning};
use super::requests::request;
use super::todo::{is_todo, todos};
use super::{Action, ActionKind, Block, Role, Screen, figure, figures_age, joined, line};
use crate::domain::{AccountNo, Money, Timestamp};
use crate::views::{BalancesView, LoanView, SavingsView};
use crate::words::reader::{Reader, Wording};

/// What the member can do as things stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Possible {
    /// Ask for a loan: a full member, and the products are known.
    pub request_loan: bool,
    /// Show the card: it is on this phone.
    pub show_card: bool,
    /// Look at drafts: there are some.
    pub open_drafts: bool,
}

/// The home screen, what waits for the member first. Plainly it is the sum of the savings and what is owed; an account by itself only if its figure is not
/// proven.
pub fn home(view: &BalancesView, possible: Possible, reader: &Reader) -> Screen {
    let title = reader.wording("home-title", []);
    let Some(as_of) = view.as_of else { return nothing_yet(title, reader) };
    let mut blocks: Vec<Block> = view.warnings.iter().map(|about| warning(about, reader)).collect();
    blocks.extend(view.ended.iter().map(|about| ended(about, reader)));
    blocks.extend(todos(view, reader));
    blocks.push(total(view, as_of, reader));
    let shown = view.savings.iter().filter(|savings| reader.is_full() || !savings.verified);
    blocks.extend(shown.map(|view| savings(view, as_of, reader)));
    blocks.extend(view.loans.iter().map(|view| loan(view, as_of, reader)));
    let others = view.pending.iter().filter(|view| !is_todo(view));
    blocks.extend(others.map(|view| request(view, reader)));
    Screen { title, age: Some(figures_age(reader, as_of)), blocks, actions: actions(view, possible, reader) }
}

/// The loans.
pub fn loans(view: &BalancesView, possible: Possible, reader: &Reader) -> Screen {
    let title = reader.wording("loans-title", []);
    let Some(as_of) = view.as_of else { return nothing_yet(title, reader) };
    let mut blocks: Vec<Block> = view.loans.iter().map(|view| loan(view, as_of, reader)).collect();
    if blocks.is_empty() {
        blocks.push(Block::sentence(reader, Role::Hint, "", reader.wording("no-loans", [])));
    }
    let mut actions: Vec<Action> = view.loans.iter().map(|loan| open_loan(loan, reader)).collect();
    actions.push(Action::plain(reader, ActionKind::SimulateLoan, "action-simulate"));
    actions.extend(request_loan(possible, reader));
    actions.push(Action::sync(reader));
    Screen { title, age: Some(figures_age(reader, as_of)), blocks, actions }
}

/// Before the first sync.
fn nothing_yet(title: Wording, reader: &Reader) -> Screen {
    let blocks = vec![Block::sentence(reader, Role::Hint, "", reader.wording("no-figures", []))];
    Screen { title, age: None, blocks, actions: vec![Action::sync(reader)] }
}

fn actions(view: &BalancesView, possible: Possible, reader: &Reader) -> Vec<Action> {
    let open = |savings: &SavingsView| Action {
        kind: ActionKind::OpenPassbook(savings.account_no.clone()),
        label: reader.wording("action-open", [("product", Wording::same(&savings.product).into())]),
    };
    let mut actions: Vec<Action> = view.savings.iter().map(open).collect();
    actions.extend(view.loans.iter().map(|loan| open_loan(loan, reader)));
    actions.extend(request_loan(possible, reader));
    let mut add = |wanted: bool, kind, id| actions.extend(wanted.then(|| Action::plain(reader, kind, id)));
    add(!view.pending.is_empty() || !view.approved.is_empty(), ActionKind::OpenRequests, "action-requests");
    add(possible.show_card, ActionKind::ShowCard, "action-card");
    add(!view.warnings.is_empty() || !view.ended.is_empty(), ActionKind::OpenNotices, "action-notices");
    add(true, ActionKind::Sync, "action-sync");
    actions
}

fn open_loan(loan: &LoanView, reader: &Reader) -> Action {
    let product = Wording::same(&loan.product).into();
    Action {
        kind: ActionKind::OpenLoanPassbook(loan.loan_no.clone()),
        label: reader.wording("action-open", [("product", product)]),
    }
}

fn request_loan(possible: Possible, reader: &Reader) -> Option<Action> {
    possible.request_loan.then(|| Action::plain(reader, ActionKind::RequestLoan, "action-request-loan"))
}

fn total(view: &BalancesView, as_of: Timestamp, reader: &Reader) -> Block {
    let verified = view.savings.iter().all(|savings| savings.verified);
    let amount = reader.amount(view.total_savings);
    let doubt = if verified { Wording::default() } else { reader.wording("proof-none-said", []) };
    Block {
        role: Role::Total,
        heading: reader.shown("total-savings", []),
        figure: Some(figure(reader, "total-savings", view.total_savings, as_of, verified)),
        text: doubt.shown,
        lines: Vec::new(),
        spoken: joined(&[reader.spoken("total-savings-said", [("amount", amount.into())]), doubt.spoken]),
        actions: Vec::new(),
    }
}

fn savings(view: &SavingsView, screen: Timestamp, reader: &Reader) -> Block {
    let account = Account {
        role: Role::Savings,
        number: ("label-account", &view.account_no),
        product: &view.product,
        figure: ("label-balance", view.balance),
        said: "savings-said",
        as_of: view.as_of,
        proof: (view.verified, view.complete),
    };
    account.block(screen, reader)
}

fn loan(view: &LoanView, screen: Timestamp, reader: &Reader) -> Block {
    let account = Account {
        role: Role::Loan,
        number: ("label-loan", &view.loan_no),
        product: &view.product,
        figure: ("label-outstanding", view.outstanding),
        said: "loan-said",
        as_of: view.as_of,
        proof: (view.verified, view.complete),
    };
    let mut block = account.block(screen, reader);
    if let Some(due) = view.next_due {
        let words = due_said(due, reader.now.day_in(reader.zone), reader);
        block.text = words.shown;
        block.spoken = joined(&[block.spoken, words.spoken]);
        let product = Wording::same(&view.product).into();
        block.actions.push(Action {
            kind: ActionKind::OpenSchedule(view.loan_no.clone()),
            label: reader.wording("action-schedule", [("product", product)]),
        });
    }
    block
}

/// What a savings account and a loan have in common on a screen.
struct Account<'a> {
    role: Role,
    number: (&'static str, &'a AccountNo),
    product: &'a str,
    figure: (&'static str, Money),
    said: &'static str,
    as_of: Timestamp,
    /// Verified and complete.
    proof: (bool, bool),
}

impl Account<'_> {
    fn block(&self, screen: Timestamp, reader: &Reader) -> Block {
        let (verified, _) = self.proof;
        let figure = figure(reader, self.figure.0, self.figure.1, self.as_of, verified);
        let mut lines = Vec::new();
        if reader.is_full() {
            lines.push(line(reader, self.number.0, self.number.1.as_str()));
        }
        if reader.is_full() || !verified {
            lines.push(line(reader, "label-proof", self.proof_words(reader)));
        }
        // The screen says its own age; a figure that has another one says it too.
        let own_age = (self.as_of != screen).then(|| figures_age(reader, self.as_of));
        if own_age.is_some() {
            lines.push(line(reader, "label-age", figure.age.shown.clone()));
        }
        let args = [("product", Wording::same(self.product).into()), ("amount", reader.amount(self.figure.1).into())];
        let spoken = joined(&[
            reader.spoken(self.said, args),
            own_age.map(|age| age.spoken).unwrap_or_default(),
            if verified { String::new() } else { reader.spoken("proof-none-said", []) },
        ]);
        Block {
            role: self.role,
            heading: self.product.to_owned(),
            figure: Some(figure),
            text: String::new(),
            lines,
            spoken,
            actions: Vec::new(),
        }
    }

    fn proof_words(&self, reader: &Reader) -> String {
        let id = match self.proof {
            (true, true) => "proof-whole",
            (true, false) => "proof-partly",
            (false, _) => "proof-none",
        };
        reader.shown(id, [])
    }
}
