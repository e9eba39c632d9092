//! The stages of `cargo xtask test`, in the order they run, and how long each took.
//! It stops at the first that fails: what comes after would only hide it.

use std::time::{Duration, Instant};

use crate::Outcome;
use crate::checkout::Checkout;
use crate::{
    bench, command, deny, fuzz, interop, kotlin, layers, machine, names, npm, python, size, swift, thirdparty, torture,
};

/// One check: a name for `--only`, and what it does.
struct Stage {
    name: &'static str,
    run: fn(&Checkout) -> Outcome,
}

/// All stages. A new one is one row here.
const STAGES: &[Stage] = &[
    Stage { name: "setup", run: machine::prepare },
    Stage { name: "fmt", run: fmt },
    Stage { name: "layers", run: layers::check },
    Stage { name: "lint", run: lint },
    Stage { name: "rust", run: rust },
    Stage { name: "fuzz", run: fuzz::short },
    Stage { name: "torture", run: torture::short },
    Stage { name: "instructions", run: bench::guard },
    Stage { name: "interop", run: interop::run },
    Stage { name: "names", run: names::check },
    Stage { name: "kotlin", run: kotlin::test },
    Stage { name: "swift", run: swift::test },
    Stage { name: "deny", run: deny::check },
    Stage { name: "thirdparty", run: thirdparty::check },
    Stage { name: "doc", run: doc },
    Stage { name: "size", run: size::check },
];

/// The names of all stages, in order.
pub(crate) fn names() -> Vec<&'static str> {
    STAGES.iter().map(|stage| stage.name).collect()
}

/// Run the named stages, or all of them when none is named.
pub(crate) fn run(checkout: &Checkout, only: &[String]) -> Outcome {
    let wanted = |stage: &&Stage| only.is_empty() || only.iter().any(|name| name == stage.name);
    let mut times = Vec::new();
    let mut result = Ok(());
    for stage in STAGES.iter().filter(wanted) {
        println!("\n== {}", stage.name);
        let start = now();
        let done = (stage.run)(checkout);
        times.push((stage.name, start.elapsed()));
        if let Err(sentence) = done {
            let name = stage.name;
            result = Err(format!("stage {name} failed: {sentence}\nto repeat it: cargo xtask test --only {name}"));
            break;
        }
    }
    print!("\n{}", table(&times));
    result
}

#[allow(clippy::disallowed_methods, reason = "how long a stage took is for the reader, no check depends on it")]
fn now() -> Instant {
    Instant::now()
}

fn table(times: &[(&str, Duration)]) -> String {
    let total = times.iter().map(|(_, time)| *time).sum();
    let rows = times.iter().copied().chain([("total", total)]);
    rows.map(|(name, time)| {
        let tenths = time.as_millis() / 100;
        format!("{name:<12}{:>6}.{} s\n", tenths / 10, tenths % 10)
    })
    .collect()
}

fn fmt(checkout: &Checkout) -> Outcome {
    command::run(checkout.cargo().args(["fmt", "--all", "--check"]))
}

fn lint(checkout: &Checkout) -> Outcome {
    let clippy = ["clippy", "--locked", "--workspace", "--all-targets", "--profile", "ci", "--", "-D", "warnings"];
    command::run(checkout.cargo().args(clippy))?;
    // What the feature adds to core and server, which no build of the workspace has.
    let clippy = ["clippy", "--locked", "-p", "anggota-torture", "--features", "torture", "--profile", "ci"];
    command::run(checkout.cargo().args(clippy).args(["--", "-D", "warnings"]))
}

fn rust(checkout: &Checkout) -> Outcome {
    let mut cargo = checkout.cargo();
    cargo.args(["test", "--locked", "--workspace", "--profile", "ci"]);
    cargo.env("ANGGOTA_PYTHON", python::interpreter(checkout)?);
    match npm::ready() {
        Ok(()) => drop(cargo.env("ANGGOTA_NODE_MODULES", npm::modules(checkout, "tests/interop/npm")?)),
        Err(reason) => println!("skipped: what a package from npm judges, and {reason}"),
    }
    // Without them the test says itself that it was skipped.
    if let Some(folder) = checkout.real_books() {
        cargo.env("ANGGOTA_PKDD99", folder);
    }
    command::run(&mut cargo)
}

fn doc(checkout: &Checkout) -> Outcome {
    let doc = ["doc", "--locked", "--workspace", "--no-deps", "--profile", "ci"];
    command::run(checkout.cargo().args(doc).env("RUSTDOCFLAGS", "-D warnings"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_ends_with_the_sum() {
        let times = [("fmt", Duration::from_millis(450)), ("rust", Duration::from_secs(75))];
        assert_eq!(table(&times), "fmt              0.4 s\nrust            75.0 s\ntotal           75.4 s\n");
    }

    #[test]
    fn every_stage_has_a_name_of_its_own() {
        let mut names = names();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STAGES.len());
    }
}
