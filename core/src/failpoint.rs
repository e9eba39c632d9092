//! Named points at which a test ends the process, and rules that it breaks on purpose, to see that this is noticed.
//!
//! Only with the feature `torture`, which no program that is shipped has: without it every call here is nothing, and with
//! it an optimised build does not compile. `cargo xtask torture` builds and drives it.

#[cfg(all(feature = "torture", not(debug_assertions)))]
compile_error!("the feature `torture` is for tests; build the release without it");

/// Whether the points are there.
pub const ENABLED: bool = cfg!(feature = "torture");

/// A named point: traced, and the end of the process when it is the one that was asked for.
#[cfg(feature = "torture")]
pub fn here(name: &'static str) {
    plan::passed(name);
}

/// Nothing.
#[cfg(not(feature = "torture"))]
#[inline(always)]
pub fn here(_name: &'static str) {}

/// Whether that rule is to be broken.
#[cfg(feature = "torture")]
pub fn is_broken(rule: &'static str) -> bool {
    plan::is_broken(rule)
}

/// Never.
#[cfg(not(feature = "torture"))]
#[inline(always)]
pub fn is_broken(_rule: &'static str) -> bool {
    false
}

#[cfg(feature = "torture")]
mod plan {
    use std::fs::{File, OpenOptions};
    use std::io::Write;
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Duration;

    use rustix::process::{Signal, getpid, kill_process};

    /// What the environment asks for.
    struct Plan {
        /// `NAME:N`: the N-th time that the point is passed is the last.
        kill: Option<(String, AtomicU32)>,
        /// Where the names of passed points are written, one a line.
        trace: Option<File>,
        /// The rule that is broken.
        broken: Option<String>,
    }

    fn plan() -> &'static Plan {
        static PLAN: OnceLock<Plan> = OnceLock::new();
        PLAN.get_or_init(|| {
            let named = |variable: &str| std::env::var(variable).ok();
            let kill = named("ANGGOTA_TORTURE_KILL").and_then(|text| {
                let (name, count) = text.rsplit_once(':')?;
                Some((name.to_owned(), AtomicU32::new(count.parse().ok()?)))
            });
            let trace = named("ANGGOTA_TORTURE_TRACE")
                .and_then(|file| OpenOptions::new().create(true).append(true).open(file).ok());
            Plan { kill, trace, broken: named("ANGGOTA_TORTURE_BREAK") }
        })
    }

    pub(super) fn passed(name: &'static str) {
        let plan = plan();
        if let Some(mut trace) = plan.trace.as_ref() {
            // A trace that cannot be written shows as a kill without a place.
            let _lost = trace.write_all(format!("{name}\n").as_bytes());
        }
        if let Some((last, left)) = &plan.kill
            && last == name
            && left.fetch_sub(1, Ordering::SeqCst) == 1
        {
            let _killed = kill_process(getpid(), Signal::KILL);
            loop {
                std::thread::sleep(Duration::from_secs(1));
            }
        }
    }

    pub(super) fn is_broken(rule: &'static str) -> bool {
        plan().broken.as_deref() == Some(rule)
    }
}
