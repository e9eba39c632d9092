//! The steps of the story by name, how each is told while it runs, and the means to break each on purpose.

use std::io::{self, IsTerminal, Write};

use super::Broken;
use crate::output::{self, Output};

macro_rules! steps {
    ($($variant:ident $name:literal $doing:literal;)+) => {
        /// A step of the story.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Step { $($variant),+ }

        impl Step {
            /// All of them, in the story's order.
            pub(crate) const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name in JSON and for `--break`.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What goes on while it runs.
            const fn doing(self) -> &'static str {
                match self { $(Self::$variant => $doing),+ }
            }
        }
    };
}

steps! {
    Federation "federation" "Federasi membuat kunci induk";
    Import "import" "Koperasi memasukkan pembukuan";
    TrustList "trust_list" "Federasi menandatangani daftar kepercayaan";
    Serve "serve" "Server koperasi mulai melayani";
    Enrol "enrol" "Dua anggota mendaftarkan ponsel";
    Sync "sync" "Ponsel mengambil catatan";
    Balances "balances" "Saldo dibandingkan dengan pembukuan";
    NetworkOff "network_off" "Server dimatikan";
    OfflineBalance "offline_balance" "Saldo dilihat tanpa jaringan";
    OfflineTransactions "offline_transactions" "Catatan dilihat tanpa jaringan";
    OfflineVerify "offline_verify" "Bukti dihitung ulang tanpa jaringan";
    OfflineRequest "offline_request" "Pinjaman diminta tanpa jaringan";
    OfflineCard "offline_card" "Kartu ditunjukkan tanpa jaringan";
    CardVerified "card_verified" "Toko memeriksa kartu";
    CardReplayed "card_replayed" "Kartu yang sama ditunjukkan lagi";
    NetworkOn "network_on" "Server dinyalakan lagi";
    RequestArrived "request_arrived" "Permintaan dikirim";
    RequestApproved "request_approved" "Petugas menyetujui permintaan";
    CardSuspended "card_suspended" "Anggota ditangguhkan, kartu diperiksa lagi";
    Tampering "tampering" "Satu angka di salinan ponsel diubah";
}

/// Which step is to fail, by real damage to what it works on: the proof that a step can.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sabotage(pub(super) Option<Step>);

impl Sabotage {
    pub(super) fn hits(self, step: Step) -> bool {
        self.0 == Some(step)
    }
}

/// A step that ran.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) step: Step,
    pub(crate) ok: bool,
    pub(crate) detail: String,
}

/// The story so far.
pub(super) struct Told {
    steps: Vec<Done>,
    out: Output,
}

/// The story cannot go on: its last step is not done.
pub(super) struct Stopped;

impl Told {
    pub(super) fn new(out: Output) -> Self {
        Self { steps: vec![], out }
    }

    /// Runs a step, which gives a sentence on what was read back and what the next steps need.
    pub(super) async fn step<T>(
        &mut self,
        step: Step,
        work: impl Future<Output = Result<(String, T), Broken>>,
    ) -> Result<T, Stopped> {
        say(step.doing());
        let (ok, detail, value) = match work.await {
            Ok((detail, value)) => (true, detail, Ok(value)),
            Err(broken) => (false, broken.to_string(), Err(Stopped)),
        };
        say("");
        if !self.out.is_json() {
            let mark = if ok { "✓" } else { "✗" };
            // A reader who has gone away is noticed when the story is printed.
            let _unread = output::write_line(&format!("{mark} {}: {detail}", step.doing()));
        }
        self.steps.push(Done { step, ok, detail });
        value
    }

    pub(super) fn into_steps(self) -> Vec<Done> {
        self.steps
    }
}

/// A line on stderr that is written over, where somebody looks at it.
fn say(doing: &str) {
    let dots = if doing.is_empty() { "" } else { "..." };
    if io::stderr().is_terminal() {
        // Nobody is worse off for a line that could not be written.
        let _unsaid = write!(io::stderr(), "\r\u{1b}[K{doing}{dots}").and_then(|()| io::stderr().flush());
    }
}
