//! The Python of the independent judges in `tests/interop`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A Python that has these modules (as `import` takes them): the one that `ANGGOTA_PYTHON` names, or the system's. `None`
/// is printed with its reason, for the test to be skipped.
pub fn python(modules: &str) -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("ANGGOTA_PYTHON") {
        let named = PathBuf::from(named);
        assert!(has(&named, modules), "ANGGOTA_PYTHON names a Python without {modules}: {}", named.display());
        return Some(named);
    }
    let system = PathBuf::from("python3");
    if has(&system, modules) {
        return Some(system);
    }
    crate::skipped(&format!(
        "what an independent script judges, because no Python with {modules} is here; set ANGGOTA_PYTHON"
    ));
    None
}

/// A script of `tests/interop`.
pub fn interop_script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("interop").join(name)
}

fn has(python: &Path, modules: &str) -> bool {
    let mut command = Command::new(python);
    command.args(["-c", &format!("import {modules}")]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
