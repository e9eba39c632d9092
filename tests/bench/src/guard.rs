//! Instructions of the paths that every member waits for, counted by callgrind, held to a recorded bound: time on a shared
//! machine says nothing, instructions say the same every time. Sees nothing of the disk and of the network.

use std::path::{Path, PathBuf};

use crate::world::World;

/// Enough that the entries outweigh the process's start.
const ENTRIES: u64 = 2_000;

/// A task and the most instructions that it may take.
struct Bound {
    task: &'static str,
    what: &'static str,
    most: u64,
}

/// Recorded with the profile `ci` on x86-64, with a tenth on top for other compilers and processors. Who makes a path
/// cheaper lowers its bound; who raises one says why in the commit.
const BOUNDS: [Bound; 2] = [
    Bound { task: "sync", what: "a first sync of 2,000 entries", most: 76_000_000 },
    Bound { task: "open", what: "opening, balances and the latest 50", most: 22_500_000 },
];

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Other than for the bounds: count only, and say what there was
    #[arg(long)]
    pub(crate) entries: Option<u64>,
    /// Keep what callgrind wrote in this folder, for callgrind_annotate
    #[arg(long)]
    pub(crate) keep: Option<PathBuf>,
}

/// Counts, and says whether every bound was kept.
pub(crate) fn run(options: &Options) -> bool {
    let world = World::new(options.entries.unwrap_or(ENTRIES));
    let folder = options.keep.clone().unwrap_or_else(|| world.path("counts"));
    std::fs::create_dir_all(&folder).unwrap();
    let phone = world.phone("phone");
    let mut all_kept = true;
    // In this order: what is opened was synced.
    for Bound { task, what, most } in BOUNDS {
        let file = folder.join(format!("callgrind.out.{task}"));
        let more = if task == "open" { vec![world.account.as_str()] } else { Vec::new() };
        world.under_callgrind(task, &phone, &more, &file);
        let count = counted(&file);
        let kept = count <= most || options.entries.is_some();
        let judged = if kept { "" } else { "  MORE THAN THE BOUND" };
        println!("{what:<40}{count:>14} instructions, at most {most}{judged}");
        all_kept &= kept;
    }
    all_kept
}

/// The sum that callgrind writes at the end of its file.
fn counted(file: &Path) -> u64 {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let totals = text.lines().rev().find_map(|line| line.strip_prefix("totals: "));
    totals.and_then(|totals| totals.trim().parse().ok()).unwrap_or_else(|| panic!("{} has no totals", file.display()))
}
