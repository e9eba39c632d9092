//! Follows what changes while the client keeps in step by itself, until somebody interrupts.

use anggota::clock;
use anggota::words::screen;
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::args::Global;
use crate::failure::Failure;
use crate::output::{Ending, Output};
use crate::{json, phone};

pub(crate) async fn watch(global: &Global, out: Output) -> Result<Ending, Failure> {
    let client = phone::open(global)?;
    let reader = global.reader(&client)?;
    let mut interruption = Interruption::new()?;
    let mut changes = client.subscribe();
    client.run_in_background();
    let ended = loop {
        let topic = tokio::select! {
            topic = changes.next() => topic,
            () = interruption.came() => None,
        };
        let Some(topic) = topic else { break Ok(Ending::Done) };
        let at = clock::wall();
        if let Err(failure) = out.print(|| json::Notice::new(topic, at), || screen::changed(topic, at, &reader).shown) {
            break Err(failure);
        }
    };
    phone::close(client).await;
    ended
}

/// Ctrl-C, or a polite request to end: how a command that goes on by itself is ended.
pub(crate) struct Interruption([Signal; 2]);

impl Interruption {
    /// Listens from now on.
    pub(crate) fn new() -> Result<Self, Failure> {
        let listen = |kind| signal(kind).map_err(Failure::machine);
        Ok(Self([listen(SignalKind::interrupt())?, listen(SignalKind::terminate())?]))
    }

    /// Waits for it.
    pub(crate) async fn came(&mut self) {
        let [interrupt, terminate] = &mut self.0;
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    }
}
