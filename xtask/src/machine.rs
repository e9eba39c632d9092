//! What the checks need of the machine: a C toolchain for SQLCipher and OpenSSL, Python for the
//! independent judges, Java and Maven for Kotlin, Swift, and Rust's own formatter and linter.
//! It installs only what is missing, only as root on a Debian, and else says how.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::process::Command;

use crate::Outcome;
use crate::checkout::Checkout;
use crate::command;
use crate::swift::Swift;

/// One thing a machine must have.
pub(crate) struct Need {
    /// The Debian packages that bring it.
    pub(crate) packages: &'static [&'static str],
    /// A command that succeeds where it is there.
    pub(crate) probe: &'static [&'static str],
}

const NEEDS: &[Need] = &[
    Need { packages: &["gcc", "libc6-dev"], probe: &["cc", "--version"] },
    // For libFuzzer.
    Need { packages: &["g++"], probe: &["c++", "--version"] },
    Need { packages: &["make"], probe: &["make", "--version"] },
    // Modules that OpenSSL's Configure uses and Debian's perl-base leaves out.
    Need {
        packages: &["perl"],
        probe: &["perl", "-MFindBin", "-MIPC::Cmd", "-MFile::Compare", "-MTime::Piece", "-e", "1"],
    },
    Need { packages: &["python3", "python3-venv"], probe: &["python3", "-c", "import ensurepip, venv"] },
    // An option that Java knows from 17 on.
    Need { packages: &["default-jdk-headless"], probe: &["java", "--enable-native-access=ALL-UNNAMED", "--version"] },
    Need { packages: &["maven"], probe: &["mvn", "--version"] },
    #[cfg(target_os = "linux")]
    Need { packages: &["util-linux"], probe: &["unshare", "--version"] },
];

const COMPONENTS: &[(&str, &str)] = &[("rustfmt", "fmt"), ("clippy", "clippy")];

/// Make the machine ready, or say how to.
pub(crate) fn prepare(checkout: &Checkout) -> Outcome {
    install(NEEDS)?;
    components(checkout)?;
    Swift::ready(checkout).map(drop)
}

/// Whether this is a Debian that we may install on.
pub(crate) fn can_install() -> bool {
    let root = fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    root && command::succeeds(Command::new("apt-get").arg("--version"))
}

/// Installs what is missing of these, or says how to.
pub(crate) fn install(needs: &[Need]) -> Outcome {
    let missing = missing(needs);
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    if !can_install() {
        return Err(format!(
            "something is missing; on Debian this installs it: sudo apt-get update && sudo apt-get install --yes {list}"
        ));
    }
    println!("installing {list}");
    command::run(apt_get().arg("update"))?;
    command::run(apt_get().args(["install", "--yes", "--no-install-recommends"]).args(missing))?;
    match self::missing(needs).join(" ") {
        still if still.is_empty() => Ok(()),
        still => Err(format!("{still} installed, and yet not usable; is another one earlier in PATH?")),
    }
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.args(["-qq", "-o", "Dpkg::Use-Pty=0"]).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn missing(needs: &[Need]) -> Vec<&'static str> {
    let absent = needs.iter().filter(|need| match need.probe {
        [program, arguments @ ..] => !command::succeeds(Command::new(program).args(arguments)),
        [] => false,
    });
    absent.flat_map(|need| need.packages).copied().collect()
}

fn components(checkout: &Checkout) -> Outcome {
    for (component, subcommand) in COMPONENTS {
        if command::succeeds(checkout.cargo().args([subcommand, "--version"])) {
            continue;
        }
        command::run(Command::new("rustup").args(["component", "add", component]))
            .map_err(|error| format!("{error}; install {component} beside this Rust toolchain"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_machine_lacks_is_named_by_its_packages() {
        let needs = [
            Need { packages: &["there"], probe: &["true"] },
            Need { packages: &["lost", "lost-dev"], probe: &["no-such-program-anywhere"] },
            Need { packages: &["broken"], probe: &["false"] },
        ];
        assert_eq!(missing(&needs), ["lost", "lost-dev", "broken"]);
    }
}
