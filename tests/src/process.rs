//! Programs of the workspace as child processes: each with a limit of time, and ended by its own handle only.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{JoinHandle, sleep, spawn};
use std::time::Duration;

use serde_json::Value;

use crate::Stopwatch;

/// How long a program may take before the test fails: far more than any of them needs.
pub const PATIENCE: Duration = Duration::from_secs(240);
/// Between two looks at whether a program has ended.
const PAUSE: Duration = Duration::from_millis(5);

/// A built program of the workspace.
pub fn program(name: &str) -> PathBuf {
    // A test's own executable is target/PROFILE/deps/TEST-HASH, a program's is target/PROFILE/PROGRAM.
    let own = std::env::current_exe().unwrap();
    let folder = own.parent().unwrap();
    let folder = if folder.ends_with("deps") { folder.parent().unwrap() } else { folder };
    let path = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let advice = "run `cargo test --workspace --profile ci`, or `cargo build --workspace --bins --profile ci` first";
    assert!(path.is_file(), "{} is not built: {advice}", path.display());
    path
}

/// A command for one of the programs that sees nothing of the data or settings of whoever runs the test.
pub(crate) fn command(name: &str, wrapper: &[String], env: &[(String, String)], home: &Path) -> Command {
    let program = program(name).into_os_string();
    let words: Vec<&OsStr> = wrapper.iter().map(OsStr::new).chain([program.as_os_str()]).collect();
    let mut command = Command::new(words[0]);
    command.args(&words[1..]).env_clear().env("HOME", home).env("XDG_DATA_HOME", home.join("xdg"));
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.envs(env.iter().map(|(name, value)| (name, value)));
    command
}

/// What a program printed and how it ended.
#[derive(Debug, Clone)]
pub struct Output {
    /// The exit status; minus the signal's number if one ended it.
    pub status: i32,
    /// All of stdout (of a [`Process`]: all that was not read by lines before).
    pub stdout: String,
    /// All of stderr.
    pub stderr: String,
}

impl Output {
    /// The output, if the program ended with 0.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.status, 0, "{self:?}");
        self
    }

    /// The one JSON document on stdout; nothing else may stand there or on stderr.
    #[track_caller]
    pub fn document(&self) -> Value {
        assert_eq!(self.stderr, "", "a script's stderr stays empty: {self:?}");
        assert_eq!(self.stdout.lines().count(), 1, "one document in one line: {self:?}");
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The code of the error document, which has a sentence for people too.
    #[track_caller]
    pub fn code(&self) -> String {
        let document = self.document();
        let error = &document["error"];
        let sentence = error["message"].as_str().unwrap_or_else(|| panic!("no error document: {self:?}"));
        assert!(sentence.ends_with('.') && !sentence.contains('\n'), "one sentence: {sentence}");
        error["code"].as_str().unwrap_or_else(|| panic!("no code: {self:?}")).to_owned()
    }
}

/// Runs a command to its end.
#[track_caller]
pub fn run(command: &mut Command) -> Output {
    Process::spawn(command).wait(PATIENCE)
}

/// A running program. Killed when dropped.
pub struct Process {
    child: Child,
    what: String,
    lines: Mutex<Receiver<String>>,
    stdout: Option<JoinHandle<()>>,
    stderr: Option<JoinHandle<String>>,
}

impl Process {
    /// Starts it, with nothing on stdin.
    #[track_caller]
    pub fn spawn(command: &mut Command) -> Self {
        let what = format!("{command:?}");
        let piped = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap_or_else(|error| panic!("{what} does not run: {error}"));
        let (sender, lines) = channel();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let stdout = spawn(move || {
            loop {
                let mut line = Vec::new();
                let read = out.read_until(b'\n', &mut line).unwrap_or(0);
                let line = String::from_utf8_lossy(&line).into_owned();
                if read == 0 || sender.send(line).is_err() {
                    break;
                }
            }
        });
        let mut err = child.stderr.take().unwrap();
        let stderr = spawn(move || {
            let mut bytes = Vec::new();
            let _half = err.read_to_end(&mut bytes);
            String::from_utf8_lossy(&bytes).into_owned()
        });
        Self { child, what, lines: Mutex::new(lines), stdout: Some(stdout), stderr: Some(stderr) }
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next line of stdout without its end; `None` when there is none within `limit` or stdout has ended.
    pub fn next_line(&self, limit: Duration) -> Option<String> {
        match self.lines.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(limit) {
            Ok(line) => Some(line.trim_end_matches(['\r', '\n']).to_owned()),
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => None,
        }
    }

    /// Whether it has not ended yet.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// The most memory it ever had in RAM so far (VmHWM), KiB; 0 where the system does not tell or it has ended.
    pub fn peak_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
    }

    /// Waits for its end; the test fails if it takes longer than `limit`.
    #[track_caller]
    pub fn wait(self, limit: Duration) -> Output {
        self.wait_measured(limit).0
    }

    /// As [`Process::wait`], with [`Process::peak_kib`] as last seen before the end.
    #[track_caller]
    pub fn wait_measured(mut self, limit: Duration) -> (Output, u64) {
        let watch = Stopwatch::start();
        let mut peak = 0;
        loop {
            peak = peak.max(self.peak_kib());
            if let Some(status) = self.child.try_wait().unwrap() {
                return (self.ended(status), peak);
            }
            if watch.elapsed() > limit {
                let what = self.what.clone();
                panic!("{what} did not end within {limit:?}: {:?}", self.kill());
            }
            sleep(PAUSE);
        }
    }

    /// Ends it at once (SIGKILL) and gives what it had printed.
    pub fn kill(mut self) -> Output {
        let _gone_already = self.child.kill();
        let status = self.child.wait().unwrap();
        self.ended(status)
    }

    fn ended(&mut self, status: ExitStatus) -> Output {
        if let Some(reader) = self.stdout.take() {
            reader.join().unwrap();
        }
        let stdout = self.lines.get_mut().unwrap_or_else(PoisonError::into_inner).try_iter().collect();
        let stderr = self.stderr.take().map(|reader| reader.join().unwrap()).unwrap_or_default();
        let status = status.code().unwrap_or_else(|| -status.signal().unwrap_or_default());
        Output { status, stdout, stderr }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        let _gone_already = self.child.kill();
        let _reaped = self.child.wait();
    }
}
