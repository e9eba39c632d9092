//! What a process has cost so far: its own processor time and memory, and those of another by its id.
//! Linux tells; never guesses where it does not.

use std::path::Path;
use std::time::Duration;

use anggota_tests::Stopwatch;
use rustix::time::{ClockId, clock_gettime};

/// In which the kernel tells the time of others (USER_HZ is 100).
const TICK_MILLIS: u64 = 10;
/// Bytes of a WAL's header and of the header of each of its frames (SQLite's file format, section 4).
const WAL_HEADER: usize = 32;
const FRAME_HEADER: usize = 24;

/// User and system time of all threads of this process since its start.
pub(crate) fn cpu() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

/// A moment to count from.
pub(crate) struct Moment {
    cpu: Duration,
    watch: Stopwatch,
}

impl Moment {
    pub(crate) fn now() -> Self {
        Self { cpu: cpu(), watch: Stopwatch::start() }
    }

    /// Processor time and wall time since then.
    pub(crate) fn spent(&self) -> (Duration, Duration) {
        (cpu() - self.cpu, self.watch.elapsed())
    }
}

/// User and system time of all threads of another process, ended threads too; to a clock tick.
pub(crate) fn cpu_of(process: u32) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // The program's name stands in brackets and may hold anything; user and system time are the 12th and 13th after it.
    let fields: Vec<&str> = stat[stat.rfind(')').unwrap() + 1..].split_ascii_whitespace().collect();
    let ticks = |at: usize| fields[at].parse::<u64>().unwrap();
    Duration::from_millis((ticks(11) + ticks(12)) * TICK_MILLIS)
}

/// The most memory this process ever had in RAM (VmHWM), KiB.
pub(crate) fn peak_kib() -> u64 {
    peak_of(std::process::id())
}

/// The same of another.
pub(crate) fn peak_of(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Transactions in a WAL since it began: its frames that carry the size of a committed database.
pub(crate) fn commits(wal: &Path) -> usize {
    let bytes = std::fs::read(wal).unwrap_or_default();
    let Some(header) = bytes.get(..WAL_HEADER) else { return 0 };
    let page = u32::from_be_bytes(header[8..12].try_into().unwrap()) as usize;
    let frames = bytes[WAL_HEADER..].chunks_exact(FRAME_HEADER + page);
    // Frames of an earlier turn of the file have another salt.
    frames.take_while(|frame| frame[8..16] == header[16..24]).filter(|frame| frame[4..8] != [0; 4]).count()
}

/// The middle one; of an even number the lower of the two.
pub(crate) fn median<T: Ord + Copy>(values: &[T]) -> T {
    let mut sorted = values.to_vec();
    sorted.sort_unstable();
    sorted[(sorted.len() - 1) / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_one_does_not_care_for_the_order() {
        assert_eq!(median(&[9, 1, 5]), 5);
        assert_eq!(median(&[4, 9, 1, 5]), 4);
    }

    #[test]
    fn work_costs_processor_time_here_and_seen_from_outside() {
        let start = Moment::now();
        let before = cpu_of(std::process::id());
        while start.spent().0 < Duration::from_millis(60) {
            std::hint::black_box(vec![0_u8; 4096]);
        }
        assert!(cpu_of(std::process::id()) - before >= Duration::from_millis(30));
        assert!(peak_kib() > 1_000);
    }

    #[test]
    fn each_transaction_is_a_commit_of_the_wal() {
        let scratch = anggota_tests::Scratch::new("commits");
        let file = scratch.join("x.db");
        let db = rusqlite::Connection::open(&file).unwrap();
        db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
        db.execute_batch("CREATE TABLE t (x); BEGIN; INSERT INTO t VALUES (1); INSERT INTO t VALUES (2); COMMIT")
            .unwrap();
        assert_eq!(commits(&scratch.join("x.db-wal")), 2);
    }
}
