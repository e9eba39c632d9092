//! One peer beside the phone: PowerSync's core extension takes the same rows into its SQLite, in the same interleaved run as
//! a first sync and the floor. What is not compared stands in [`NOT_COMPARED`] and goes wherever a figure goes.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anggota_tests::{Process, program};
use serde_json::{Map, Value, json};

use crate::floor::Rows;
use crate::powersync;
use crate::probe::median;
use crate::report::{Asked, object, print, round};
use crate::world::{Measured, PATIENCE, Running, World};

const PROGRAM: &str = "anggota-bench-peer";

/// Makes BSON of the lines.
const LINES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/peer/lines.js");

/// What a reader must know before comparing anything.
pub(crate) const NOT_COMPARED: &[&str] = &[
    "PowerSync's half begins with its lines in memory: no network, no HTTP, no unpacking. The phone's is the whole of a first \
     sync: HTTP over loopback, zstd, SQLCipher, every entry's hash and every signature verified.",
    "PowerSync does not encrypt, and its file is plain SQLite. It holds the sums of what came against those that its service \
     sent, and verifies no hash and no signature.",
    "PowerSync keeps each row as it came and once more as JSON behind a view, so that it can take part of it back, sync any \
     table and upload changes; none of that is asked of it here, and an app would add indexes, which are left out.",
    "Rows have the same columns and the same numbers in all three, and PowerSync's ids are as short as they can be. \
     All three write with synchronous=FULL and a WAL, which each leaves empty.",
];

#[derive(clap::Args)]
pub(crate) struct Options {
    #[command(flatten)]
    pub(crate) asked: Asked,
    /// Entries of the member
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u64).range(1_000..=2_000_000))]
    pub(crate) entries: u64,
    /// Where npm put the packages that peer/package.json names
    #[arg(long)]
    pub(crate) modules: PathBuf,
}

#[derive(Default)]
struct Rounds {
    sync: Vec<Measured>,
    floor: Vec<Measured>,
    peer: Vec<Measured>,
}

pub(crate) fn run(options: &Options) {
    print(&measure(options), options.asked.json);
}

pub(crate) fn measure(options: &Options) -> Map<String, Value> {
    let package = options.modules.join("@powersync/node");
    let extension = package.join("lib").join(extension_name());
    assert!(extension.is_file(), "there is no {}", extension.display());
    let world = World::new(options.entries);
    let mut rounds = Rounds::default();
    let mut lines: Option<PathBuf> = None;
    let (mut disk, mut peer_disk) = (0, 0);
    for round in 0..options.asked.rounds {
        eprintln!("round {} of {}", round + 1, options.asked.rounds);
        let phone = world.phone(&format!("phone-{round}"));
        let for_floor = world.copy(&phone, &format!("floor-{round}"));
        rounds.sync.push(world.measure("sync", &phone, &[]));
        rounds.floor.push(world.measure("floor", &for_floor, &[&phone.data_dir.to_string_lossy()]));
        let lines =
            lines.get_or_insert_with(|| write_lines(&Rows::of(&phone, &world.member), &world, &options.modules));
        let file = world.path(&format!("peer-{round}.db"));
        rounds.peer.push(peer(&extension, lines, &file, world.entries()));
        disk = fs::metadata(world.store(&phone)).unwrap().len();
        peer_disk = fs::metadata(&file).unwrap().len();
    }
    figures(&world, &rounds, [disk, peer_disk], &version(&package))
}

/// As the package names it.
fn extension_name() -> String {
    let processor = if cfg!(target_arch = "aarch64") { "aarch64" } else { "x64" };
    let system = if cfg!(target_os = "macos") { "macos.dylib" } else { "linux.so" };
    format!("libpowersync_{processor}.{system}")
}

fn version(package: &Path) -> String {
    let manifest: Value = serde_json::from_slice(&fs::read(package.join("package.json")).unwrap()).unwrap();
    manifest["version"].as_str().unwrap().to_owned()
}

/// The rows as sync lines in BSON, which its client asks for first.
fn write_lines(rows: &Rows, world: &World, modules: &Path) -> PathBuf {
    let [text, binary] = ["lines.ndjson", "lines.bson"].map(|name| world.path(name));
    let mut out = BufWriter::new(File::create(&text).unwrap());
    powersync::lines(rows).iter().for_each(|line| writeln!(out, "{line}").unwrap());
    out.into_inner().unwrap();
    let mut node = Command::new("node");
    node.arg(LINES).arg(modules).args([&text, &binary]);
    Process::spawn(&mut node).wait(PATIENCE).ok();
    binary
}

fn peer(extension: &Path, lines: &Path, file: &Path, count: u64) -> Measured {
    let mut command = Command::new(program(PROGRAM));
    command.args([extension, lines, file]).arg(count.to_string());
    Running::of(&mut command).finish()
}

fn figures(world: &World, rounds: &Rounds, [disk, peer_disk]: [u64; 2], version: &str) -> Map<String, Value> {
    let cpu = |of: &[Measured]| median(&of.iter().map(|m| m.cpu).collect::<Vec<_>>());
    let wall = |of: &[Measured]| median(&of.iter().map(|m| m.wall).collect::<Vec<_>>());
    let ms = |us: u64| round(us as f64 / 1e3, 2);
    let ratio = |a: u64, b: u64| round(a as f64 / b as f64, 3);
    let each = |bytes: u64| round(bytes as f64 / world.entries() as f64, 2);
    object(json!({
        "entries": world.entries(),
        "rounds": rounds.sync.len(),
        "books_sha256": world.summary.sha256,
        "peer": format!("@powersync/node {version}"),
        "peer_licence": "Apache-2.0",
        "peer_cpu_ms": ms(cpu(&rounds.peer)),
        "first_sync_cpu_ms": ms(cpu(&rounds.sync)),
        "floor_cpu_ms": ms(cpu(&rounds.floor)),
        "peer_wall_ms": ms(wall(&rounds.peer)),
        "first_sync_wall_ms": ms(wall(&rounds.sync)),
        "floor_wall_ms": ms(wall(&rounds.floor)),
        "peer_cpu_to_floor": ratio(cpu(&rounds.peer), cpu(&rounds.floor)),
        "first_sync_cpu_to_floor": ratio(cpu(&rounds.sync), cpu(&rounds.floor)),
        "peer_cpu_to_first_sync": ratio(cpu(&rounds.peer), cpu(&rounds.sync)),
        "peer_wall_to_first_sync": ratio(wall(&rounds.peer), wall(&rounds.sync)),
        "peer_disk_bytes_per_entry": each(peer_disk),
        "disk_bytes_per_entry": each(disk),
        "not_compared": NOT_COMPARED,
    }))
}
