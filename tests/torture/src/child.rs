//! A child process and its death: at a named point by its own hand, or at a moment by ours. SIGKILL either way.

use std::io::Read;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::Duration;

use anggota_tests::Stopwatch;

use crate::trace::Trace;

const SIGKILL: i32 = 9;
/// No child needs nearly as long.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_micros(200);

/// The mark that every process has passed once it runs.
pub(crate) const START: &str = "";

/// When a process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment {
    /// The n-th time that it passes the point.
    Point(&'static str, u32),
    /// After that many thousandths of the usual time from the n-th passing of a mark `X.begin`, or from [`START`], to its end.
    Random(&'static str, usize, u32),
}

/// Lets a command see its trace and, if it is to die at a point, the point.
pub(crate) fn instruct(command: &mut Command, trace: &Trace, moment: Option<Moment>, broken: Option<&str>) {
    command.env("ANGGOTA_TORTURE_TRACE", trace.file());
    if let Some(Moment::Point(name, count)) = moment {
        command.env("ANGGOTA_TORTURE_KILL", format!("{name}:{count}"));
    }
    if let Some(rule) = broken {
        command.env("ANGGOTA_TORTURE_BREAK", rule);
    }
}

/// A running child, killed when dropped.
pub(crate) struct Running(Child);

impl Running {
    pub(crate) fn spawn(command: &mut Command) -> Self {
        Self(command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap())
    }

    pub(crate) fn stdout(&mut self) -> Option<std::process::ChildStdout> {
        self.0.stdout.take()
    }

    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.0.try_wait().unwrap()
    }

    /// Whether it still ran when the signal came.
    pub(crate) fn kill(&mut self) -> bool {
        self.ended().is_none() && {
            let _gone = self.0.kill();
            self.0.wait().unwrap().signal() == Some(SIGKILL)
        }
    }

    /// Waits for its end.
    pub(crate) fn wait(&mut self) -> ExitStatus {
        let watch = Stopwatch::start();
        loop {
            if let Some(status) = self.ended() {
                return status;
            }
            assert!(watch.elapsed() < PATIENCE, "a child did not end");
            sleep(PAUSE);
        }
    }

    /// What it printed that nobody read yet.
    pub(crate) fn printed(&mut self) -> String {
        let mut text = String::new();
        if let Some(mut stdout) = self.0.stdout.take() {
            let _half = stdout.read_to_string(&mut text);
        }
        text
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _gone = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// The usual time from a mark `X.begin` to `X.end`, or to the process's end: too long at first, then as last measured.
#[derive(Debug)]
pub(crate) struct Usual(pub(crate) Duration);

impl Usual {
    /// Waits until `child` has passed the mark and then a part of the usual time; false when it ended before.
    pub(crate) fn wait(&mut self, child: &mut Running, trace: &Trace, moment: Moment) -> bool {
        let Moment::Random(mark, nth, thousandths) = moment else { return false };
        let patience = Stopwatch::start();
        while mark != START && trace.count(mark) < nth {
            if child.ended().is_some() {
                return false;
            }
            assert!(patience.elapsed() < PATIENCE, "{mark} was not passed");
            sleep(PAUSE);
        }
        let end = mark.replace(".begin", ".end");
        let watch = Stopwatch::start();
        let until = self.0 * thousandths / 1000;
        while watch.elapsed() < until {
            if child.ended().is_some() || (mark != START && trace.count(&end) >= nth) {
                self.0 = watch.elapsed();
                return false;
            }
            sleep(PAUSE);
        }
        true
    }
}

/// What became of a child that was to die.
pub(crate) struct Fate {
    pub(crate) is_killed: bool,
    pub(crate) stdout: String,
}

/// Runs a child to its death, or to its end when that came first.
pub(crate) fn run_to_death(child: &mut Running, trace: &Trace, moment: Moment, usual: &mut Usual) -> Fate {
    let is_killed = match moment {
        Moment::Point(..) => child.wait().signal() == Some(SIGKILL),
        Moment::Random(..) => usual.wait(child, trace, moment) && child.kill(),
    };
    child.wait();
    Fate { is_killed, stdout: child.printed() }
}
