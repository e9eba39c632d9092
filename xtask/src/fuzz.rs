//! `fuzz`: LLVM's libFuzzer on everything that reads foreign bytes (tests/fuzz), guided by coverage of the workspace's own
//! crates, on the stable toolchain. It never keeps an input by itself: what it finds is moved to the regressions by hand.

use std::path::Path;

use crate::Outcome;
use crate::checkout::Checkout;
use crate::command;

/// Seconds for each target in the continuous integration.
const SHORT: u32 = 2;
/// Seconds after which an input is a finding.
const MOST_SECONDS: u32 = 2;
const PACKAGE: &str = "anggota-fuzz";

/// How long, and on what.
#[derive(Debug, clap::Args)]
pub(crate) struct Options {
    /// Seconds for each target
    #[arg(long, default_value_t = 60)]
    seconds: u32,
    /// Decides which changes are tried; the same seed tries the same until the time is over. 0 takes another each time
    #[arg(long, default_value_t = 0)]
    seed: u32,
    /// This target alone; may be given more than once
    #[arg(long = "only", value_name = "TARGET")]
    only: Vec<String>,
}

/// The short form, which tries the same each time.
pub(crate) fn short(checkout: &Checkout) -> Outcome {
    run(checkout, &Options { seconds: SHORT, seed: 1, only: Vec::new() })
}

/// Builds the programs and runs every target.
pub(crate) fn run(checkout: &Checkout, options: &Options) -> Outcome {
    let build = ["build", "--quiet", "--locked", "--profile", "ci", "--package", PACKAGE, "--bin"];
    command::run(checkout.cargo().args(build).arg("anggota-fuzz-seeds"))?;
    // The workspace's own crates alone: SQLite, OpenSSL and the rest are not built again for it.
    let instrument = checkout.path("tests/fuzz/instrument.sh");
    let mut instrumented = checkout.cargo();
    instrumented.args(build).args(["anggota-fuzz-run", "--features", "libfuzzer"]);
    command::run(instrumented.env("RUSTC_WORKSPACE_WRAPPER", instrument))?;
    let programs = checkout.built("ci")?;
    let names = command::read(&mut checkout.command(programs.join("anggota-fuzz-seeds")))?;
    let known = names.lines().filter(|name| options.only.is_empty() || options.only.iter().any(|only| only == name));
    let mut any = false;
    for name in known {
        any = true;
        fuzz(checkout, &programs, name, options)?;
    }
    if any { Ok(()) } else { Err(format!("the targets are {}", names.lines().collect::<Vec<_>>().join(", "))) }
}

fn fuzz(checkout: &Checkout, programs: &Path, name: &str, options: &Options) -> Outcome {
    let folder = programs.join("fuzz").join(name);
    let corpus = folder.join("corpus");
    command::run(checkout.command(programs.join("anggota-fuzz-seeds")).arg(name).arg(&corpus))?;
    let mut fuzzer = checkout.command(programs.join("anggota-fuzz-run"));
    fuzzer.env("ANGGOTA_FUZZ_TARGET", name).arg(&corpus).args(["-verbosity=0", "-print_final_stats=1"]);
    fuzzer.arg(format!("-artifact_prefix={}/", folder.display()));
    for (option, value) in [("max_total_time", options.seconds), ("seed", options.seed), ("timeout", MOST_SECONDS)] {
        fuzzer.arg(format!("-{option}={value}"));
    }
    let output = fuzzer.output().map_err(|error| format!("the fuzzer does not run: {error}"))?;
    let told = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        eprintln!("{told}");
        return Err(format!(
            "{name}: the input is in {}; fix it and keep it in tests/fuzz/regressions/{name}",
            folder.display()
        ));
    }
    let tried = told.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:"));
    println!("{name:<14}{:>10} inputs", tried.unwrap_or_default().trim());
    Ok(())
}
