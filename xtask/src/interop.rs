//! The independent judges: Python scripts that read tests/vectors with other people's libraries and
//! reckon everything again. It never takes a script's word without a count of what it checked.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Outcome;
use crate::checkout::Checkout;
use crate::command;
use crate::python;

const SCRIPTS: &str = "tests/interop";
const VECTORS: &str = "tests/vectors";

/// Run every `check_*.py`; each gets the folder of vectors as its argument.
pub(crate) fn run(checkout: &Checkout) -> Outcome {
    let scripts = scripts(&checkout.path(SCRIPTS))?;
    if scripts.is_empty() {
        return Err(format!("there is no check_*.py in {SCRIPTS}: nothing was judged"));
    }
    let python = python::interpreter(checkout)?;
    let mut passed = 0;
    for script in &scripts {
        println!("{}", script.file_name().unwrap_or_default().display());
        let mut judge = checkout.command(&python);
        judge.arg(script).arg(checkout.path(VECTORS)).env("PYTHONDONTWRITEBYTECODE", "1");
        let verdict = command::last_line(&mut judge)?;
        passed += count(&verdict)
            .ok_or_else(|| format!("{} must end with `N passed, 0 failed`, N at least 1", script.display()))?;
    }
    println!("interop: {passed} passed, 0 failed");
    Ok(())
}

fn scripts(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let told = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut scripts = Vec::new();
    for entry in fs::read_dir(folder).map_err(told)? {
        let entry = entry.map_err(told)?;
        let name = entry.file_name();
        if name.to_str().is_some_and(|name| name.starts_with("check_") && name.ends_with(".py")) {
            scripts.push(entry.path());
        }
    }
    scripts.sort();
    Ok(scripts)
}

/// How many checks the verdict says passed; none if it says anything else, or that nothing was checked.
fn count(verdict: &str) -> Option<u32> {
    let passed: u32 = verdict.strip_suffix(" passed, 0 failed")?.parse().ok()?;
    (passed > 0).then_some(passed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_count_of_passed_checks_is_taken() {
        assert_eq!(count("12 passed, 0 failed"), Some(12));
        assert_eq!(count("12 passed, 1 failed"), None);
        assert_eq!(count("0 passed, 0 failed"), None);
        assert_eq!(count("all is well"), None);
        assert_eq!(count(""), None);
    }
}
