//! The membership card on this computer: shown as the member, checked as the shop.

pub(crate) mod draw;
mod verify;

use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use anggota::client::CardView;
use anggota::protocol::problem::Code;

use crate::args::{CardShow, Global};
use crate::failure::Failure;
use crate::output::{Ending, Output};
use crate::watch::Interruption;
use crate::{json, phone, text};

pub(crate) use verify::verify;

/// Clears the screen and goes to its corner (ECMA-48 ED and CUP).
const CLEAR: &str = "\u{1b}[2J\u{1b}[H";

pub(crate) async fn show(global: &Global, given: &CardShow, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let mut interruption = Interruption::new()?;
    let once = given.once || out.is_json();
    let ended = loop {
        let shown = client.show_card().await.map_err(Failure::from).and_then(|card| {
            write_pictures(given, &card)?;
            print(&card, out, !once)?;
            Ok(card)
        });
        match shown {
            Ok(card) if !once => tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(card.expires_in.max(1).into())) => {}
                () = interruption.came() => break Ok(Ending::Done),
            },
            other => break other.map(|_| Ending::Done),
        }
    };
    phone::close(client).await;
    ended
}

fn print(card: &CardView, out: Output, renewed: bool) -> Result<Ending, Failure> {
    if renewed && out.is_screen() {
        io::stdout().write_all(CLEAR.as_bytes()).map_err(Failure::output)?;
    }
    let code = || draw::terminal(card, out.is_screen());
    out.print(|| json::Card::from(card), || format!("{}\n{}", code(), text::card_shown(card)))
}

fn write_pictures(given: &CardShow, card: &CardView) -> Result<(), Failure> {
    if let Some(file) = &given.png {
        write(file, &draw::png(card).map_err(Failure::machine)?, "png")?;
    }
    if let Some(file) = &given.svg {
        write(file, draw::svg(card).as_bytes(), "svg")?;
    }
    Ok(())
}

fn write(file: &Path, bytes: &[u8], option: &str) -> Result<(), Failure> {
    std::fs::write(file, bytes).map_err(|_| {
        let sentence = format!("Gambar kartu tidak dapat ditulis; periksa folder dan nama berkas --{option}.");
        Failure::saying(Code::InvalidInput, sentence).field(option)
    })
}
