//! Every command that the continuous integration runs: `cargo xtask <command>`.

use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("test") => test(),
        _ => {
            eprintln!("usage: cargo xtask test");
            ExitCode::from(2)
        }
    }
}

fn test() -> ExitCode {
    let stages: [&[&str]; 2] = [&["fmt", "--all", "--check"], &["test", "--workspace", "--profile", "ci"]];
    for stage in stages {
        eprintln!("== cargo {}", stage.join(" "));
        match Command::new(env!("CARGO")).args(stage).status() {
            Ok(status) if status.success() => {}
            _ => return ExitCode::FAILURE,
        }
    }
    ExitCode::SUCCESS
}
