//! The Python of the independent judges in `tests/interop`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A Python that has cbor2: the one that `ANGGOTA_PYTHON` names, or the system's. `None` is printed with its reason, for the
/// test to be skipped.
pub fn python() -> Option<PathBuf> {
    if let Some(named) = std::env::var_os("ANGGOTA_PYTHON") {
        let named = PathBuf::from(named);
        assert!(has_cbor2(&named), "ANGGOTA_PYTHON names a Python without cbor2: {}", named.display());
        return Some(named);
    }
    let system = PathBuf::from("python3");
    if has_cbor2(&system) {
        return Some(system);
    }
    println!("skipped: what an independent script judges, because no Python with cbor2 is here; set ANGGOTA_PYTHON");
    None
}

/// A script of `tests/interop`.
pub fn interop_script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("interop").join(name)
}

fn has_cbor2(python: &Path) -> bool {
    let mut command = Command::new(python);
    command.args(["-c", "import cbor2"]).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}
