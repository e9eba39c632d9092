//! What is going on while a sync runs, on stderr and only where somebody looks at it: one line that is written over.

use std::io::{self, IsTerminal, Write};
use std::pin::pin;

use anggota::client::{Subscription, SyncReport};
use anggota::domain::Topic;
use anggota::error::Result;

/// Goes to the line's beginning and clears it (ECMA-48 EL).
const OVER: &str = "\r\u{1b}[K";

/// Runs a sync and tells of it by the client's change notices.
pub(crate) async fn shown(
    mut changes: Subscription,
    sync: impl Future<Output = Result<SyncReport>>,
) -> Result<SyncReport> {
    if !io::stderr().is_terminal() {
        return sync.await;
    }
    let mut sync = pin!(sync);
    let mut batches = 0;
    say("Menghubungi server koperasi...");
    let report = loop {
        tokio::select! {
            report = &mut sync => break report,
            Some(topic) = changes.next() => match topic {
                Topic::Balances => say("Saldo sudah diterima, mengambil catatan..."),
                Topic::Transactions => {
                    batches += 1;
                    say(&format!("Mengambil catatan {}", ".".repeat(batches % 40 + 1)));
                }
                _ => {}
            },
        }
    };
    say("");
    report
}

fn say(text: &str) {
    // Nobody is worse off for a line that could not be written.
    let _unsaid = write!(io::stderr(), "{OVER}{text}").and_then(|()| io::stderr().flush());
}
