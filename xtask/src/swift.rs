//! Swift's toolchain and its suite: the machine's own `swift`, or else, as root on a Debian, the one of Debian 13 in a
//! root folder in the cache, run in a mount namespace of its own. It never changes the machine outside the cache.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Outcome;
use crate::cache;
use crate::checkout::Checkout;
use crate::stand::Stand;
use crate::{bindings, command, machine};

/// The Debian that has Swift 6.
const SUITE: &str = "trixie";
/// OpenSSL is what the tests' software key signs with; Foundation brings the rest.
const PACKAGES: &[&str] = &["swiftlang", "libc6-dev", "libstdc++-14-dev", "libssl-dev"];
/// Where Debian is, when the machine's own sources name no mirror of it.
const MIRROR: &str = "http://deb.debian.org/debian/";

/// Mounts what a program needs under `$1`, then the folders up to `--` at their own paths, and runs the rest in there.
/// Nothing of it is seen outside the namespace, and all of it ends with the program.
const ENTER: &str = r#"
root=$1; shift
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
mount -t tmpfs tmpfs "$root/tmp"
while [ "$1" != -- ]; do mkdir -p "$root$1"; mount --bind "$1" "$root$1"; shift; done
shift
exec chroot "$root" "$@"
"#;

/// The package's suite, on the real library and a live stand.
pub(crate) fn test(checkout: &Checkout) -> Outcome {
    let swift = Swift::ready(checkout)?;
    let library = bindings::generate(checkout)?;
    let stand = Stand::start(checkout)?;
    let mut suite = swift.package(checkout, &library, "test");
    // The older of Swift's two test libraries holds no test of ours, and says so at length.
    let verdict = command::last_line(suite.arg("--disable-xctest").env("ANGGOTA_STAND", stand.url()))
        .map_err(|_| "the Swift suite does not build or pass; why stands above")?;
    let passed = passed(&verdict).ok_or("the suite must end with how many tests passed, at least 1")?;
    println!("swift: {passed} passed, 0 failed");
    Ok(())
}

/// What crossing to the library in `library` costs: one line of JSON.
pub(crate) fn bench(checkout: &Checkout, library: &Path, stand: &Stand) -> Outcome<String> {
    let swift = Swift::ready(checkout)?;
    let mut bench = swift.package(checkout, library, "run");
    command::last_line(bench.args(["--configuration", "release", "anggota-bench"]).env("ANGGOTA_STAND", stand.url()))
}

/// How many tests the last line says passed; none if it says anything else.
fn passed(verdict: &str) -> Option<u32> {
    let (_, counted) = verdict.split_once("Test run with ")?;
    let passed = counted.split_once(" tests passed").or_else(|| counted.split_once(" test passed"))?.0.parse().ok()?;
    (passed > 0).then_some(passed)
}

/// A Swift that runs here.
pub(crate) enum Swift {
    /// The one on `PATH`.
    Machine,
    /// The one in this root folder.
    Root(PathBuf),
}

impl Swift {
    /// Finds it or makes it, or says how to install it.
    pub(crate) fn ready(checkout: &Checkout) -> Outcome<Self> {
        if command::succeeds(Command::new("swift").arg("--version")) {
            return Ok(Self::Machine);
        }
        if !machine::can_install() {
            return Err(format!(
                "Swift 6 is missing; on Debian 13 this installs it: sudo apt-get install --yes {} (elsewhere: \
                 https://www.swift.org/install; as root on another Debian, this task makes it ready by itself)",
                PACKAGES.join(" ")
            ));
        }
        let key = cache::key(&[SUITE, &PACKAGES.join(" "), std::env::consts::ARCH]);
        checkout.cache.entry("swift", &key, make).map(Self::Root)
    }

    /// `swift test` or the like on our package, linked with the library in a folder of the target folder.
    fn package(&self, checkout: &Checkout, library: &Path, subcommand: &str) -> Command {
        let (package, built) = (checkout.path("ios"), library.with_file_name("swift"));
        let mut command = match self {
            Self::Machine => checkout.command("swift"),
            Self::Root(root) => {
                let mut command = enter(root, &[&package, library.parent().unwrap_or(library)]);
                command.arg("swift").env("HOME", "/tmp");
                command
            }
        };
        let folder = library.display().to_string();
        command.arg(subcommand).arg("--package-path").arg(package).arg("--scratch-path").arg(built);
        command.args(["-Xlinker", &format!("-L{folder}"), "-Xlinker", "-rpath", "-Xlinker", &folder]);
        command
    }
}

fn enter(root: &Path, folders: &[&Path]) -> Command {
    let mut command = Command::new("unshare");
    command.args(["--mount", "--propagation", "private", "sh", "-ec", ENTER, "sh"]);
    command.arg(root).args(folders).arg("--").env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    command
}

/// A Debian with Swift in it: about two minutes, half a gigabyte of downloads and 2.7 on the disk.
fn make(folder: &Path) -> Outcome {
    machine::install(&[machine::Need { packages: &["debootstrap"], probe: &["debootstrap", "--version"] }])?;
    println!("making Debian's Swift ready in {}", folder.display());
    bootstrap(folder)?;
    let apt = |arguments: &[&str]| {
        let mut apt = enter(folder, &[]);
        apt.args(["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]).args(arguments);
        command::run(apt.env("DEBIAN_FRONTEND", "noninteractive"))
    };
    apt(&["update"])?;
    apt(&[&["install", "--yes", "--no-install-recommends"], PACKAGES].concat())?;
    apt(&["clean"])?;
    let lists = folder.join("var/lib/apt/lists");
    fs::remove_dir_all(&lists).map_err(|error| format!("{}: {error}", lists.display()))
}

fn bootstrap(folder: &Path) -> Outcome {
    let mut last = Ok(());
    for mirror in mirrors() {
        // debootstrap mounts things as well: in a namespace they are gone when it is.
        let mut debootstrap = Command::new("unshare");
        debootstrap.args(["--mount", "--propagation", "private", "debootstrap", "--variant=minbase"]);
        debootstrap.args(["--include=ca-certificates", SUITE]).arg(folder).arg(&mirror);
        last = command::run(&mut debootstrap);
        if last.is_ok() {
            break;
        }
        let told = |error: std::io::Error| format!("{}: {error}", folder.display());
        fs::remove_dir_all(folder).and_then(|()| fs::create_dir(folder)).map_err(told)?;
    }
    last
}

/// The mirror that this machine's own packages come from, then Debian's.
fn mirrors() -> Vec<String> {
    let targets = command::read(Command::new("apt-get").args(["indextargets", "--format", "$(REPO_URI)"]));
    let mut mirrors = debian_mirrors(&targets.unwrap_or_default());
    mirrors.push(MIRROR.to_owned());
    mirrors.dedup();
    mirrors
}

/// The first of apt's sources that is a mirror of Debian itself.
fn debian_mirrors(targets: &str) -> Vec<String> {
    targets.lines().filter(|uri| uri.ends_with("/debian/")).take(1).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_count_of_passed_tests_is_taken() {
        assert_eq!(passed("✔ Test run with 24 tests passed after 61.2 seconds."), Some(24));
        assert_eq!(passed("✔ Test run with 1 test passed after 0.1 seconds."), Some(1));
        assert_eq!(passed("✘ Test run with 24 tests failed after 61.2 seconds with 1 issue."), None);
        assert_eq!(passed("✔ Test run with 0 tests passed after 0.0 seconds."), None);
        assert_eq!(passed(""), None);
    }

    #[test]
    fn the_machines_own_mirror_comes_first_and_others_are_no_mirrors() {
        let targets = "https://deb.nodesource.com/node_20.x/\nhttp://mirror.example/debian-security/\n\
                       http://mirror.example/debian/\nhttp://mirror.example/debian/\n";
        assert_eq!(debian_mirrors(targets), ["http://mirror.example/debian/"]);
        assert!(debian_mirrors("").is_empty());
    }
}
