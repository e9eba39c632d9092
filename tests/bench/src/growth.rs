//! How the costs of one member grow with the member's entries, and the picture of it.

use std::path::PathBuf;

use serde_json::{Map, Value, json};

use crate::chart::{Chart, Line, draw};
use crate::probe::median;
use crate::report::{object, print, round};
use crate::world::{Measured, World};

const SIZES: [u64; 2] = [10_000, 100_000];
const MILLION: u64 = 1_000_000;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Print one JSON document
    #[arg(long)]
    pub(crate) json: bool,
    /// A member with a million entries too
    #[arg(long)]
    pub(crate) million: bool,
    /// How often everything is measured; the median counts
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=101))]
    pub(crate) rounds: u32,
    /// Draw it into this file
    #[arg(long)]
    pub(crate) svg: Option<PathBuf>,
}

/// Medians of one size.
struct Point {
    entries: u64,
    sync: Measured,
    floor: Measured,
    usable: Measured,
    open: Measured,
    disk: u64,
}

pub(crate) fn run(options: &Options) {
    let (figures, picture) = measure(options);
    print(&figures, options.json);
    if let Some(file) = &options.svg {
        std::fs::write(file, picture).unwrap();
    }
}

/// The figures and their picture.
pub(crate) fn measure(options: &Options) -> (Map<String, Value>, String) {
    let sizes = SIZES.into_iter().chain(options.million.then_some(MILLION));
    let points: Vec<Point> = sizes.map(|entries| point(entries, options.rounds)).collect();
    let rows = points.iter().map(Point::figures).collect::<Vec<_>>();
    (object(json!({ "rounds": options.rounds, "growth": rows })), picture(&points))
}

fn point(entries: u64, rounds: u32) -> Point {
    eprintln!("{entries} entries");
    let world = World::new(entries);
    let (mut syncs, mut floors, mut usables, mut opens, mut disk) = (vec![], vec![], vec![], vec![], 0);
    for number in 0..rounds {
        let phone = world.phone(&format!("phone-{number}"));
        let [for_floor, for_usable] = ["floor", "usable"].map(|name| world.copy(&phone, &format!("{name}-{number}")));
        syncs.push(world.measure("sync", &phone, &[]));
        floors.push(world.measure("floor", &for_floor, &[&phone.data_dir.to_string_lossy()]));
        usables.push(world.measure("usable", &for_usable, &[]));
        opens.push(world.measure("open", &phone, &[&world.account]));
        disk = std::fs::metadata(world.store(&phone)).unwrap().len();
    }
    let [sync, floor, usable, open] = [syncs, floors, usables, opens].map(|rounds| middle(&rounds));
    Point { entries, sync, floor, usable, open, disk }
}

/// The median of each figure by itself.
fn middle(rounds: &[Measured]) -> Measured {
    let of = |field: fn(&Measured) -> u64| median(&rounds.iter().map(field).collect::<Vec<_>>());
    Measured { cpu: of(|m| m.cpu), wall: of(|m| m.wall), peak: of(|m| m.peak), bytes: of(|m| m.bytes), commits: 0 }
}

impl Point {
    fn figures(&self) -> Value {
        let each = |total: u64| round(total as f64 / self.entries as f64, 2);
        json!({
            "entries": self.entries,
            "first_sync_cpu_ms": millis(self.sync.cpu),
            "floor_cpu_ms": millis(self.floor.cpu),
            "first_sync_cpu_ratio": round(self.sync.cpu as f64 / self.floor.cpu as f64, 3),
            "first_sync_cpu_us_per_entry": each(self.sync.cpu),
            "usable_cpu_ms": millis(self.usable.cpu),
            "open_cpu_ms": millis(self.open.cpu),
            "peak_rss_mb": megabytes(self.sync.peak),
            "disk_bytes_per_entry": each(self.disk),
            "wire_bytes_per_entry": each(self.sync.bytes),
        })
    }
}

fn millis(micros: u64) -> f64 {
    round(micros as f64 / 1e3, 2)
}

fn megabytes(kib: u64) -> f64 {
    round(kib as f64 * 1024.0 / 1e6, 2)
}

fn picture(points: &[Point]) -> String {
    let line = |name: &'static str, of: fn(&Point) -> f64| Line { name, points: points.iter().map(of).collect() };
    draw(
        &points.iter().map(|point| point.entries).collect::<Vec<_>>(),
        &[
            Chart {
                title: "CPU of a first sync, microseconds an entry",
                lines: vec![
                    line("first sync", |p| p.sync.cpu as f64 / p.entries as f64),
                    line("the floor: bare inserts", |p| p.floor.cpu as f64 / p.entries as f64),
                ],
            },
            Chart {
                title: "CPU before something is shown, milliseconds",
                lines: vec![
                    line("balances of a first sync", |p| millis(p.usable.cpu)),
                    line("opening the app", |p| millis(p.open.cpu)),
                ],
            },
            Chart {
                title: "Most memory of a first sync, MB",
                lines: vec![line("whole process", |p| megabytes(p.sync.peak))],
            },
        ],
    )
}
