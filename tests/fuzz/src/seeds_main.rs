//! Writes the seeds of a target, and the findings that were kept, into a folder: where the fuzzer begins.

#![allow(clippy::unwrap_used, reason = "a tool of the tests")]

use std::path::PathBuf;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some((name, folder)) = arguments.next().zip(arguments.next()) else {
        for target in anggota_fuzz::TARGETS {
            println!("{}", target.name);
        }
        return;
    };
    let target = anggota_fuzz::target(&name).unwrap_or_else(|| panic!("no target {name}"));
    let folder = PathBuf::from(folder);
    std::fs::create_dir_all(&folder).unwrap();
    for (number, seed) in (target.seeds)().into_iter().chain(target.regressions()).enumerate() {
        std::fs::write(folder.join(format!("seed-{number}")), seed).unwrap();
    }
}
