//! The run itself: every round measures everything once, so that what disturbs the machine disturbs all of it.

use std::io::Write;
use std::thread::sleep;
use std::time::Duration;

use anggota_tests::Phone;
use flate2::{Compression, write::GzEncoder};
use serde_json::{Map, Value, json};

use crate::device::{Connection, Device};
use crate::floor::{self, Rows};
use crate::probe::median;
use crate::report::{Asked, object, print, round};
use crate::server::empty_pull;
use crate::world::{COOPERATIVE, DELTA, Measured, World};

/// The member that the larger one is compared with.
const SMALL: u64 = 10_000;
/// What gzip takes when nobody asks for more.
const GZIP_LEVEL: u32 = 6;
/// Between two looks at the WAL.
const PAUSE: Duration = Duration::from_millis(2);
/// Openings of a round: one takes milliseconds, and five of those are too few for a steady middle.
const OPENINGS: u32 = 5;
/// Empty pulls of a round.
const PULLS: u32 = 500;

#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Entries of the big member
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(20_000..=2_000_000))]
    pub(crate) entries: u64,
}

/// What the rounds gave, each list in the order of the rounds.
#[derive(Default)]
struct Rounds {
    sync: Vec<Measured>,
    small_sync: Vec<Measured>,
    floor: Vec<Measured>,
    usable: Vec<Measured>,
    small_usable: Vec<Measured>,
    open: Vec<Measured>,
    plain: Vec<Measured>,
    delta: Vec<Measured>,
    /// The server's, for a pull that brings nothing.
    empty_pull: Vec<Duration>,
    wal: Vec<u64>,
}

pub(crate) fn run(options: &Options) {
    print(&measure(options), options.asked.json);
}

pub(crate) fn measure(options: &Options) -> Map<String, Value> {
    let (big, small) = (World::new(options.entries), World::new(SMALL));
    let mut rounds = Rounds::default();
    let mut full = Vec::new();
    for round in 0..options.asked.rounds {
        eprintln!("round {} of {}", round + 1, options.asked.rounds);
        full.push(one_round(&big, &small, round, &mut rounds));
        // Another each round: a server remembers so many proofs of a device, and no more.
        let code = big.activate().code;
        let device = Device::enrol(&mut Connection::open(big.serving.address), COOPERATIVE, &big.member, &code);
        let (cpu, _, _) = empty_pull(big.serving.id(), big.serving.address, &device, PULLS);
        rounds.empty_pull.push(cpu);
    }
    let disk = std::fs::metadata(big.store(&full[0])).unwrap().len();
    let gzip = gzip_json(&Rows::of(&full[0], &big.member));
    big.book_more();
    for phone in &full {
        let delta = big.measure("delta", phone, &[]);
        assert_eq!(delta.bytes, DELTA as u64);
        rounds.delta.push(delta);
    }
    figures(&big, &rounds, disk, gzip)
}

/// Measures everything once and gives the phone that holds it all.
fn one_round(big: &World, small: &World, round: u32, rounds: &mut Rounds) -> Phone {
    let phone = big.phone(&format!("phone-{round}"));
    // The same enrolment in other files: what is measured begins with the same.
    let others = ["floor", "usable"].map(|name| big.copy(&phone, &format!("{name}-{round}")));
    let [for_floor, for_usable] = &others;
    let (sync, wal) = watched_sync(big, &phone);
    rounds.sync.push(sync);
    rounds.wal.push(wal);
    rounds.floor.push(big.measure("floor", for_floor, &[&phone.data_dir.to_string_lossy()]));
    rounds.usable.push(big.measure("usable", for_usable, &[]));
    let small_phone = small.phone(&format!("phone-{round}"));
    let small_usable = small.copy(&small_phone, &format!("usable-{round}"));
    rounds.small_usable.push(small.measure("usable", &small_usable, &[]));
    rounds.small_sync.push(small.measure("sync", &small_phone, &[]));
    let plain = big.path(&format!("plain-{round}.db"));
    floor::write_plain(&phone, &big.member, &plain);
    for _ in 0..OPENINGS {
        rounds.plain.push(big.measure("open-plain", &phone, &[&plain.to_string_lossy(), &big.account]));
        rounds.open.push(big.measure("open", &phone, &[&big.account]));
    }
    phone
}

/// A first sync, and how large its WAL was at most.
fn watched_sync(world: &World, phone: &Phone) -> (Measured, u64) {
    let mut wal = world.store(phone).into_os_string();
    wal.push("-wal");
    let mut running = world.start("sync", phone, &[]);
    let mut most = 0;
    while running.is_running() {
        most = most.max(std::fs::metadata(&wal).map_or(0, |file| file.len()));
        sleep(PAUSE);
    }
    (running.finish(), most)
}

fn gzip_json(rows: &Rows) -> u64 {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::new(GZIP_LEVEL));
    gzip.write_all(&rows.json()).unwrap();
    gzip.finish().unwrap().len() as u64
}

fn figures(world: &World, rounds: &Rounds, disk: u64, gzip: u64) -> Map<String, Value> {
    let entries = world.entries();
    let cpu = |of: &[Measured]| median(&of.iter().map(|m| m.cpu).collect::<Vec<_>>());
    let wall = |of: &[Measured]| median(&of.iter().map(|m| m.wall).collect::<Vec<_>>());
    let peak = |of: &[Measured]| median(&of.iter().map(|m| m.peak).collect::<Vec<_>>());
    let ratio = |a: u64, b: u64| round(a as f64 / b as f64, 3);
    let each = |bytes: u64| round(bytes as f64 / entries as f64, 2);
    let mb = |kib: u64| round(kib as f64 * 1024.0 / 1e6, 2);
    let ms = |us: u64| round(us as f64 / 1e3, 2);
    let summary = &world.summary;
    // The two of a pair ran one after the other, so that both met the same machine: the middle of their ratios is steadier than
    // the ratio of their middles.
    let pairs = |of: &[Measured], floor: &[Measured]| -> Vec<u64> {
        of.iter().zip(floor).map(|(one, floor)| one.cpu * 1_000 / floor.cpu).collect()
    };
    let thousandths = |of: u64| round(of as f64 / 1e3, 3);
    let syncs = pairs(&rounds.sync, &rounds.floor);
    object(json!({
        "entries": entries,
        "rounds": rounds.sync.len(),
        "books_sha256": summary.sha256,
        "description_entropy_bits": round(summary.description_entropy, 3),
        "description_bytes_per_entry": each(summary.description_bytes),
        "reference_entropy_bits": round(summary.reference_entropy, 3),
        "reference_bytes_per_entry": each(summary.reference_bytes),
        "first_sync_cpu_ratio": thousandths(median(&syncs)),
        "first_sync_cpu_ratio_least": syncs.iter().min().copied().map(thousandths),
        "first_sync_cpu_ratio_most": syncs.iter().max().copied().map(thousandths),
        "first_sync_wall_ratio": ratio(wall(&rounds.sync), wall(&rounds.floor)),
        "first_sync_cpu_ms": ms(cpu(&rounds.sync)),
        "floor_cpu_ms": ms(cpu(&rounds.floor)),
        "disk_bytes_per_entry": each(disk),
        "wire_bytes_per_entry": each(rounds.sync[0].bytes),
        "gzip_json_bytes_per_entry": each(gzip),
        "wire_to_gzip_json": ratio(rounds.sync[0].bytes, gzip),
        "peak_rss_mb_100k": mb(peak(&rounds.sync)),
        "peak_rss_mb_10k": mb(peak(&rounds.small_sync)),
        "wal_peak_mb": round(*rounds.wal.iter().max().unwrap() as f64 / 1e6, 2),
        "usable_cpu_ms": ms(cpu(&rounds.usable)),
        "usable_growth": ratio(cpu(&rounds.usable), cpu(&rounds.small_usable)),
        "open_ratio": thousandths(median(&pairs(&rounds.open, &rounds.plain))),
        "open_cpu_ms": ms(cpu(&rounds.open)),
        "delta_cpu_ms": ms(cpu(&rounds.delta)),
        "delta_commits": rounds.delta.iter().map(|m| m.commits).max(),
        "empty_pull_cpu_us": median(&rounds.empty_pull).as_micros() as u64,
    }))
}
