//! What takes bytes from outside, each as a function over any bytes: fuzzed by `cargo xtask fuzz`, and held to the recorded
//! seeds, their cuts and their flips by a test. A panic, more memory than [`Target::most_bytes`] or more time than
//! [`MOST_TIME`] is a finding; its input then stays in `regressions/NAME/`.
//!
//! Nothing here judges what a parser accepts: that is what the vectors and the tests of the core do.

#![allow(clippy::unwrap_used, clippy::missing_panics_doc, reason = "a panic is what a fuzzer looks for")]

mod card;
mod messages;
mod seeds;
mod server;
mod signed;
mod stream;
mod typed;

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use peak_alloc::PeakAlloc;

/// Counts what every target takes.
#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// The longest that any input may keep a parser.
pub const MOST_TIME: Duration = Duration::from_secs(2);

/// The most that the parsers of single messages may take, whatever they are told: several times the largest message.
const MESSAGE_BYTES: usize = 8 << 20;
/// The most that a stream may take: a window of 4 MiB, a frame of 1 MiB and what is read from it.
const STREAM_BYTES: usize = 32 << 20;

/// One parser, or several that take the same bytes.
pub struct Target {
    /// As it is called on the command line.
    pub name: &'static str,
    /// The most memory that one input may take.
    pub most_bytes: usize,
    /// Takes the bytes; must come back.
    pub run: fn(&[u8]),
    /// Inputs to begin with: what the vectors record.
    pub seeds: fn() -> Vec<Vec<u8>>,
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target { name: "stream", most_bytes: STREAM_BYTES, run: stream::packed, seeds: stream::packed_seeds },
    Target { name: "pull", most_bytes: STREAM_BYTES, run: stream::frames, seeds: stream::frames_seeds },
    Target { name: "frame", most_bytes: MESSAGE_BYTES, run: messages::frame, seeds: messages::frame_seeds },
    Target { name: "register", most_bytes: MESSAGE_BYTES, run: messages::register, seeds: messages::register_seeds },
    Target { name: "heads", most_bytes: MESSAGE_BYTES, run: messages::heads, seeds: messages::heads_seeds },
    Target { name: "request", most_bytes: MESSAGE_BYTES, run: messages::request, seeds: messages::request_seeds },
    Target { name: "operations", most_bytes: MESSAGE_BYTES, run: signed::operations, seeds: signed::operations_seeds },
    Target { name: "answers", most_bytes: MESSAGE_BYTES, run: messages::answers, seeds: messages::answers_seeds },
    Target { name: "held", most_bytes: MESSAGE_BYTES, run: messages::held, seeds: messages::held_seeds },
    Target { name: "problem", most_bytes: MESSAGE_BYTES, run: messages::problem, seeds: messages::problem_seeds },
    Target { name: "access", most_bytes: MESSAGE_BYTES, run: messages::access, seeds: messages::access_seeds },
    Target { name: "code", most_bytes: MESSAGE_BYTES, run: messages::code, seeds: messages::code_seeds },
    Target { name: "proof", most_bytes: MESSAGE_BYTES, run: messages::proof, seeds: messages::proof_seeds },
    Target { name: "checkpoint", most_bytes: MESSAGE_BYTES, run: signed::statements, seeds: signed::statements_seeds },
    Target { name: "card", most_bytes: MESSAGE_BYTES, run: card::card, seeds: card::card_seeds },
    Target { name: "trust-list", most_bytes: MESSAGE_BYTES, run: card::trust_list, seeds: card::trust_list_seeds },
    Target { name: "status-list", most_bytes: MESSAGE_BYTES, run: card::status_list, seeds: card::status_list_seeds },
    Target { name: "address", most_bytes: MESSAGE_BYTES, run: typed::address, seeds: typed::address_seeds },
    Target { name: "compared", most_bytes: MESSAGE_BYTES, run: typed::compared, seeds: typed::compared_seeds },
    Target { name: "values", most_bytes: MESSAGE_BYTES, run: typed::values, seeds: typed::values_seeds },
    Target { name: "books", most_bytes: MESSAGE_BYTES, run: server::books, seeds: server::books_seeds },
    Target { name: "head", most_bytes: MESSAGE_BYTES, run: server::head, seeds: server::head_seeds },
    Target { name: "renewal", most_bytes: MESSAGE_BYTES, run: server::renewal, seeds: server::renewal_seeds },
    Target { name: "push", most_bytes: MESSAGE_BYTES, run: server::push, seeds: server::push_seeds },
    Target { name: "upload", most_bytes: MESSAGE_BYTES, run: server::upload, seeds: server::upload_seeds },
    Target { name: "ranges", most_bytes: STREAM_BYTES, run: server::ranges, seeds: server::ranges_seeds },
];

/// The target of that name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

impl Target {
    /// Runs it on one input and holds it to its memory.
    pub fn check(&self, input: &[u8]) {
        // Memory is counted for the whole process: one input at a time.
        static TURN: Mutex<()> = Mutex::new(());
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        MEMORY.reset_peak_usage();
        let before = MEMORY.current_usage();
        (self.run)(input);
        let taken = MEMORY.peak_usage().saturating_sub(before);
        assert!(taken <= self.most_bytes, "{}: {} bytes of input took {taken} bytes", self.name, input.len());
    }

    /// Inputs that were findings once.
    pub fn regressions(&self) -> Vec<Vec<u8>> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("regressions").join(self.name);
        let files = std::fs::read_dir(folder).into_iter().flatten();
        files.map(|file| std::fs::read(file.unwrap().path()).unwrap()).collect()
    }
}
