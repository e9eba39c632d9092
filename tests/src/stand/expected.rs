//! What a member must see, reckoned from the books that were imported and from nothing else.

use std::path::Path;

use serde_json::{Map, Value, json};

use crate::passbook::{each, rupiah, sen};
use crate::{Line, Passbook, passbooks};

/// The figures of one member; `None` for one who is not in the books.
#[track_caller]
pub(super) fn of_member(books: &Path, member_no: &str) -> Option<Value> {
    let mut name = None;
    each(&books.join("members.csv"), |row| {
        if row["member_no"] == member_no {
            name = Some(row["name"].to_owned());
        }
    });
    let name = name?;
    let passbooks = passbooks(books, |member| member == member_no);
    let (loans, savings): (Vec<_>, Vec<_>) = passbooks.iter().partition(|(_, passbook)| passbook.is_loan);
    let total: i64 = savings.iter().map(|(_, passbook)| sen(&passbook.figure())).sum();
    let row = |(account_no, passbook): &(&String, &Passbook), figure: &str| json!({ "account_no": account_no, figure: passbook.figure(), "seq": passbook.lines.len() });
    let entries: Map<_, _> = passbooks
        .iter()
        .map(|(account_no, passbook)| {
            (account_no.clone(), passbook.lines.iter().map(|line| entry(line, passbook.is_loan)).collect())
        })
        .collect();
    Some(json!({
        "member_no": member_no,
        "name": name,
        "total_savings": rupiah(total),
        "savings": savings.iter().map(|account| row(account, "balance")).collect::<Vec<_>>(),
        "loans": loans.iter().map(|loan| row(loan, "outstanding")).collect::<Vec<_>>(),
        "entries": entries,
    }))
}

fn entry(line: &Line, is_loan: bool) -> Value {
    let mut entry = json!({
        "seq": line.seq,
        "posted_on": line.posted_on,
        "kind": line.kind,
        "description": line.description,
        "reference": line.reference,
    });
    let (amounts, figure): (&[&str], _) =
        if is_loan { (&["principal", "interest", "late_charge"], "outstanding") } else { (&["amount"], "balance") };
    for (field, amount) in amounts.iter().zip(&line.amounts) {
        entry[field] = amount.as_str().into();
    }
    entry[figure] = line.figure.as_str().into();
    if let Some(reversed) = line.reverses {
        entry["reverses"] = reversed.into();
    }
    entry
}
