//! The Kotlin library (android/) on a plain JVM: Maven compiles generated and written code, and runs its tests against the
//! native library and a live test stand. It never takes Maven's word without a count of the tests that ran.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::Outcome;
use crate::bindings;
use crate::checkout::Checkout;
use crate::command;
use crate::stand::Stand;

const POM: &str = "android/pom.xml";
const REPORTS: &str = "android/target/surefire-reports";

/// Generate, build, test and count.
pub(crate) fn test(checkout: &Checkout) -> Outcome {
    let reports = checkout.path(REPORTS);
    if reports.exists() {
        fs::remove_dir_all(&reports).map_err(|error| format!("{}: {error}", reports.display()))?;
    }
    let library = bindings::generate(checkout)?;
    let stand = Stand::start(checkout)?;
    command::run(maven(checkout, &library, &stand).arg("test"))?;
    println!("kotlin: {} passed, 0 failed", passed(&reports)?);
    Ok(())
}

/// What crossing to the library in `library` costs: one line of JSON.
pub(crate) fn bench(checkout: &Checkout, library: &Path, stand: &Stand) -> Outcome<String> {
    let printed = command::read(maven(checkout, library, stand).args(["test-compile", "exec:java"]))?;
    // Maven resets the terminal's colours around it, come what may.
    let line = printed.find('{').and_then(|start| printed[start..].lines().next());
    line.map(str::to_owned).ok_or_else(|| "the measurement in Kotlin printed no figures".to_owned())
}

/// Maven, which hands what it is told on to the JVM that runs the tests. Its repository stays the user's own.
fn maven(checkout: &Checkout, library: &Path, stand: &Stand) -> Command {
    let mut maven = checkout.command("mvn");
    // No progress: what is printed is what failed.
    maven.args(["--quiet", "--batch-mode", "--no-transfer-progress", "--file"]);
    maven.arg(checkout.path(POM)).arg(format!("-Djna.library.path={}", library.display()));
    // Rust panics on purpose in a test, and need not say from where.
    maven.env("ANGGOTA_STAND", stand.url()).env("RUST_BACKTRACE", "0");
    maven
}

/// How many tests the reports say passed. Any that did not run is an error: nothing here may be skipped.
fn passed(reports: &Path) -> Outcome<u32> {
    let told = |error: std::io::Error| format!("{}: {error}", reports.display());
    let mut total = 0;
    for entry in fs::read_dir(reports).map_err(told)? {
        let path = entry.map_err(told)?.path();
        if path.extension().is_some_and(|extension| extension == "xml") {
            let report = fs::read_to_string(&path).map_err(told)?;
            total += count(&report).ok_or_else(|| format!("{} does not say that all tests passed", path.display()))?;
        }
    }
    if total == 0 { Err("no test in Kotlin ran".to_owned()) } else { Ok(total) }
}

/// The tests of one report, if all of them passed.
fn count(report: &str) -> Option<u32> {
    let suite = report.split_once("<testsuite ")?.1.split_once('>')?.0;
    let value = |name: &str| suite.split_once(&format!(" {name}=\""))?.1.split_once('"')?.0.parse::<u32>().ok();
    let clean = ["errors", "skipped", "failures"].iter().all(|name| value(name) == Some(0));
    if clean { value("tests") } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(attributes: &str) -> String {
        format!("<?xml version=\"1.0\"?>\n<testsuite version=\"3.0\" name=\"a\" {attributes}>\n<testcase/></testsuite>")
    }

    #[test]
    fn only_tests_that_all_passed_count() {
        assert_eq!(count(&report("tests=\"6\" errors=\"0\" skipped=\"0\" failures=\"0\"")), Some(6));
        assert_eq!(count(&report("tests=\"6\" errors=\"0\" skipped=\"1\" failures=\"0\"")), None);
        assert_eq!(count(&report("tests=\"6\" errors=\"0\" skipped=\"0\" failures=\"2\"")), None);
        assert_eq!(count(&report("tests=\"6\"")), None);
        assert_eq!(count(""), None);
    }
}
