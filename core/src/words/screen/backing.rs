//! What stands behind a request, as details of it: income, guarantors, collateral, documents and how far they have come.

use super::{Line, line};
use crate::views::{AttachmentView, BackingView};
use crate::words::reader::{Reader, Wording};

/// The details, those that there are, with how far the documents have come while the office still takes them.
pub(super) fn lines(backing: &BackingView, is_awaited: bool, reader: &Reader) -> Vec<Line> {
    let mut lines = told(backing, reader);
    let where_they_are = if is_awaited { documents } else { counted };
    let documents = where_they_are(&backing.attachments, reader);
    lines.extend(documents.map(|documents| line(reader, "label-documents", documents.shown)));
    lines
}

/// What the member told, without the documents.
pub(super) fn told(backing: &BackingView, reader: &Reader) -> Vec<Line> {
    let mut lines = Vec::new();
    if let Some(income) = backing.income {
        lines.push(line(reader, "label-income", reader.amount(income).shown));
    }
    if !backing.guarantors.is_empty() {
        let guarantors: Vec<_> = backing.guarantors.iter().map(|member| member.as_str()).collect();
        lines.push(line(reader, "label-guarantors", guarantors.join(", ")));
    }
    if let Some(collateral) = &backing.collateral {
        lines.push(line(reader, "label-collateral", collateral.as_str()));
    }
    lines
}

/// How many documents there are, and where they are.
pub(super) fn documents(attachments: &[AttachmentView], reader: &Reader) -> Option<Wording> {
    let count = |is: fn(&AttachmentView) -> bool| attachments.iter().map(|it| u32::from(is(it))).sum::<u32>();
    let all = u32::try_from(attachments.len()).unwrap_or(u32::MAX);
    let (whole, refused) = (count(|a| a.whole), count(|a| a.refused));
    let id = match (all, whole, refused) {
        (0, ..) => return None,
        (_, _, 1..) => "documents-refused",
        (all, whole, _) if whole == all => "documents-whole",
        (_, 0, _) => "documents-waiting",
        _ => "documents-on-the-way",
    };
    let number = |count| reader.number(count).into();
    Some(reader.wording(id, [("count", all.into()), ("whole", number(whole)), ("refused", number(refused))]))
}

/// The same for a draft, whose documents wait with it.
pub(super) fn documents_of_draft(attachments: &[AttachmentView], reader: &Reader) -> Option<Wording> {
    count_as("documents-here", attachments, reader)
}

/// How many there are, where nobody waits for them any more.
fn counted(attachments: &[AttachmentView], reader: &Reader) -> Option<Wording> {
    count_as("documents-count", attachments, reader)
}

fn count_as(id: &str, attachments: &[AttachmentView], reader: &Reader) -> Option<Wording> {
    let count = u32::try_from(attachments.len()).unwrap_or(u32::MAX);
    (count > 0).then(|| reader.wording(id, [("count", count.into())]))
}
