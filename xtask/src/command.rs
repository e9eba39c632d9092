//! Running other programs: their output goes to the terminal or comes back as text.
//! It never hides a failure: what does not exit with 0 is an error that shows the command.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitStatus, Stdio};

use crate::Outcome;

/// Run it with its output on the terminal.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| broken(command, error))?;
    passed(command, status)
}

/// Run it and read what it prints; its errors go to the terminal.
pub(crate) fn read(command: &mut Command) -> Outcome<String> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| broken(command, error))?;
    passed(command, output.status)?;
    String::from_utf8(output.stdout).map_err(|error| broken(command, error))
}

/// What it prints or, where it refuses, what it says of that: a picture shows both.
pub(crate) fn said(command: &mut Command) -> Outcome<String> {
    let output = command.output().map_err(|error| broken(command, error))?;
    let said = if output.status.success() { output.stdout } else { output.stderr };
    String::from_utf8(said).map_err(|error| broken(command, error))
}

/// Run it with its output on the terminal, and read the last line of it.
pub(crate) fn last_line(command: &mut Command) -> Outcome<String> {
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(|error| broken(command, error))?;
    let mut last = String::new();
    for line in child.stdout.take().into_iter().flat_map(|output| BufReader::new(output).lines()) {
        last = line.map_err(|error| broken(command, error))?;
        println!("{last}");
    }
    let status = child.wait().map_err(|error| broken(command, error))?;
    passed(command, status).map(|()| last)
}

/// Whether it runs and exits with 0, in silence.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Take out what `cargo run` tells xtask about xtask. Build scripts watch some of these variables (ring's
/// does), so a cargo called from here would build them, and all that stands on them, anew.
pub(crate) fn forget_own_package(command: &mut Command) {
    for (name, _) in env::vars_os() {
        let own = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "CARGO_BIN_NAME"
        });
        if own {
            command.env_remove(name);
        }
    }
}

fn passed(command: &Command, status: ExitStatus) -> Outcome {
    if status.success() { Ok(()) } else { Err(format!("`{}` failed ({status})", text(command))) }
}

fn broken(command: &Command, error: impl std::fmt::Display) -> String {
    format!("`{}` does not run: {error}", text(command))
}

/// The command as one would type it, without its environment.
fn text(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn a_failing_command_is_an_error_that_shows_it() {
        assert_eq!(run(&mut shell("exit 3")), Err("`sh -c exit 3` failed (exit status: 3)".to_owned()));
        assert!(read(&mut shell("echo half; exit 1")).is_err());
        assert!(last_line(&mut shell("echo half; exit 1")).is_err());
        assert!(!succeeds(&mut shell("exit 1")));
        assert!(!succeeds(&mut Command::new("no-such-program-anywhere")));
    }

    #[test]
    fn what_a_command_prints_comes_back() {
        assert_eq!(read(&mut shell("echo whole")), Ok("whole\n".to_owned()));
        assert_eq!(last_line(&mut shell("echo first; echo last")), Ok("last".to_owned()));
        assert_eq!(said(&mut shell("echo whole; echo more >&2")), Ok("whole\n".to_owned()));
        assert_eq!(said(&mut shell("echo half; echo refused >&2; exit 1")), Ok("refused\n".to_owned()));
    }
}
