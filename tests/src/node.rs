//! The Node packages of the independent judges in `tests/interop`.

use std::path::PathBuf;

/// The folder of installed packages that `ANGGOTA_NODE_MODULES` names, if it has this one. `None` is printed with its
/// reason, for the test to be skipped.
pub fn node_modules(package: &str) -> Option<PathBuf> {
    let Some(named) = std::env::var_os("ANGGOTA_NODE_MODULES").map(PathBuf::from) else {
        crate::skipped(&format!("what {package} from npm judges, because ANGGOTA_NODE_MODULES names no folder of it"));
        return None;
    };
    assert!(named.join(package).is_dir(), "ANGGOTA_NODE_MODULES names a folder without {package}: {}", named.display());
    Some(named)
}
