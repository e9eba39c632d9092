//! The membership card: what stands around its QR code.

use super::{Action, Block, Role, Screen, line};
use crate::views::{CardView, ProfileView};
use crate::words::reader::{Reader, Wording};

/// The card of this moment; a shell shows [`CardView::bits`] with it and asks again in [`CardView::expires_in`] seconds.
pub fn card(profile: &ProfileView, card: &CardView, reader: &Reader) -> Screen {
    let name = || Wording::same(profile.name.as_str());
    let cooperative = || Wording::same(profile.cooperative_name.as_str());
    let mut lines = vec![line(reader, "label-name", profile.name.as_str())];
    if reader.is_full() {
        lines.push(line(reader, "label-member", profile.member_no.as_str()));
    }
    let hint = reader.wording("card-hint", [("count", card.expires_in.into())]);
    let whose = reader.spoken("card-said", [("name", name().into()), ("cooperative", cooperative().into())]);
    let block = Block {
        role: Role::Card,
        heading: cooperative().shown,
        figure: None,
        text: hint.shown,
        lines,
        spoken: super::joined(&[whose, hint.spoken]),
        actions: Vec::new(),
    };
    Screen {
        title: reader.wording("card-title", []),
        age: None,
        blocks: vec![block],
        actions: vec![Action::sync(reader)],
    }
}
